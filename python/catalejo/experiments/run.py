"""One run of an experiment: the task on every record, the evaluators on what it made."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Awaitable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Callable

from catalejo import _core
from catalejo.experiments import scorers, scores, wire
from catalejo.experiments.definition import Definition
from catalejo.experiments.progress import Progress
from catalejo.experiments.results import EvaluatorContext, SummaryEvaluatorContext
from catalejo.experiments.rows import Row, RunInfo, message_of
from catalejo.sdk import spans
from catalejo.sdk.log import warn
from catalejo.sdk.values import plain, to_text
from catalejo.span import ALL, Span, annotators, current

SCORES_AT_ONCE = 100
FLUSH_MS_MAX = 5_000
# Of inputs and outputs; spans below those of rows add to it, and what does not fit the tracer's
# queue (32 MiB) would be lost.
UNSENT_BYTES_MAX = 4 << 20
# What every span below an experiment's says of it, too.
INHERITED = (
    "experiment_id", "run_id", "run_iteration", "dataset_name", "dataset_id", "project_id",
    "project_name", "experiment_name",
)  # fmt: skip


class How:
    """How a run is to go; ValueError and TypeError for what cannot be."""

    def __init__(
        self, jobs: int, raise_errors: bool, max_retries: int, retry_delay: Any = None
    ) -> None:
        if retry_delay is not None and not callable(retry_delay):
            raise TypeError("retry_delay must be a function of the number of the attempt")
        if jobs < 1:
            raise ValueError("jobs must be at least 1")
        if max_retries < 0:
            raise ValueError("max_retries must not be negative")
        self.jobs, self.raise_errors, self.max_retries = jobs, raise_errors, max_retries
        self.retry_delay: Callable[[int], float] = retry_delay or (lambda n: 0.1 * (n + 1))


class Threads:
    """As many as rows at a time: asyncio's own are fewer, and are the application's."""

    def __init__(self, count: int) -> None:
        self._pool = ThreadPoolExecutor(count, thread_name_prefix="catalejo-experiment")

    async def call(self, function: Callable[..., Any], *given: Any) -> Any:
        context = contextvars.copy_context()
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, context.run, function, *given)

    def close(self) -> None:
        self._pool.shutdown(wait=False)


class Run:
    """Used in one event loop, once."""

    def __init__(self, experiment: Definition, info: RunInfo, how: How) -> None:
        self.experiment, self.info, self.how = experiment, info, how
        self.tags = {
            **experiment.tags,
            "run_id": str(info.run_id),
            "run_iteration": str(info.run_iteration),
        }
        self.threads = Threads(how.jobs)
        self.places = asyncio.Semaphore(how.jobs)
        self.retries: list[str] = []
        self._unsent: list[dict[str, Any]] = []
        self._refusal = ""
        self._unsent_bytes = 0

    async def rows(self, records: Iterable[Any]) -> list[Row]:
        """Of all records, in their order. What could be scored is sent, also when it raises."""
        numbered = list(enumerate(records))
        progress = Progress(self.experiment.name, len(numbered))
        try:
            results = await asyncio.gather(
                *(self._row(index, record, progress) for index, record in numbered),
                return_exceptions=True,
            )
        finally:
            progress.end()
            await self.finish()
        rows: list[Row] = []
        for result in results:
            if isinstance(result, BaseException):
                raise result
            rows.append(result)
        for row in rows:
            self._raise_for(row)
        return rows

    async def _row(self, index: int, record: Any, progress: Progress) -> Row:
        row = await self.task_row(index, record)
        await self.judge(row, record)
        progress.row(message_of(row) is not None)
        return row

    def _raise_for(self, row: Row) -> None:
        if self.how.raise_errors and message_of(row):
            error = row["error"]
            raise RuntimeError(
                f"the task failed on record {row['idx']}: {error['message']}\n{error['type']}\n"
                f"{error['stack']}"
            )

    async def task_row(self, index: int, record: Any) -> Row:
        """Calls the task, within a span that the server makes a row of."""
        task: Any = self.experiment.task
        given = [record["input_data"], self.experiment.config]
        if self.experiment.task_takes_metadata:
            given.append(record.get("metadata") or {})
        output = None
        async with self.places:
            with self._span(scorers.name_of(task), record) as span:
                within = annotators.set((*annotators.get(), self._inherit))
                said: list[str] = []
                try:
                    output = await self._tried(
                        lambda: scorers.called(task, self.threads.call, *given),
                        f"task, row {index}", said,
                    )  # fmt: skip
                except Exception as error:
                    span.set_error(error)
                finally:
                    annotators.reset(within)
                if said:
                    span.tags["retries"] = str(len(said))
                span.output = plain(output)
            self._unsent_bytes += len(to_text(span.input)) + len(to_text(span.output))
            if self._unsent_bytes > UNSENT_BYTES_MAX:
                await self._flush()
        return self._row_of(span, index, record, output)

    async def _flush(self) -> None:
        self._unsent_bytes = 0
        await self.threads.call(_core.flush, FLUSH_MS_MAX)

    def _span(self, name: str, record: Any) -> spans.LLMSpan:
        dataset_id = self.experiment.dataset_id
        span = spans.start("experiment", name, current.get())
        span.sampling = ALL  # an experiment has all of its rows
        span.input = plain(record["input_data"])
        span.metadata.update(plain(record.get("metadata") or {}))
        if record.get("expected_output") is not None:
            span.meta["expected_output"] = plain(record["expected_output"])
        span.tags.update(self.tags)
        span.tags.update(dataset_id=dataset_id, dataset_record_id=str(record.get("record_id", "")))
        span.tags.update(tag.split(":", 1) for tag in record.get("tags") or () if ":" in tag)
        if record.get("canonical_id"):
            span.tags["dataset_record_canonical_id"] = record["canonical_id"]
        return span

    def _inherit(self, span: Span) -> None:
        known = {**self.tags, "dataset_id": self.experiment.dataset_id}
        span.tags.update({key: known[key] for key in INHERITED if known.get(key)})
        span.sampling = ALL

    def _row_of(self, span: Span, index: int, record: Any, output: Any) -> Row:
        error: dict[str, Any] = span.error or dict.fromkeys(("message", "stack", "type"))
        return {
            "idx": index,
            "record_id": record.get("record_id", ""),
            "span_id": str(span.span_id),
            "trace_id": f"{span.trace_id:032x}",
            "timestamp": span.start_ns,
            "duration": span.duration_ns,
            "span_name": span.name,
            "input": record["input_data"],
            "output": output,
            "expected_output": record.get("expected_output"),
            "evaluations": {},
            "metadata": {
                "tags": scores.tag_list(self.tags),
                "dataset_record_index": index,
                "experiment_name": self.experiment.name,
                "dataset_name": self.tags["dataset_name"],
            },
            "error": {key: error[key] for key in ("message", "stack", "type")},
        }

    async def judge(self, row: Row, record: Any) -> None:
        """Fills the evaluations of a row, and sends them."""
        context = EvaluatorContext(
            input_data=record["input_data"],
            output_data=row["output"],
            expected_output=record.get("expected_output"),
            metadata={
                **(record.get("metadata") or {}), "experiment_config": self.experiment.config,
            },
            span_id=row["span_id"],
            trace_id=row["trace_id"],
        )  # fmt: skip
        told = await asyncio.gather(
            *(self._judged(each, context, row["idx"]) for each in self.experiment.evaluators)
        )
        row["evaluations"] = self._merged(told)
        await self._send(row)

    async def _judged(
        self, evaluator: Any, context: EvaluatorContext, index: int
    ) -> dict[str, scores.Said]:
        name = scorers.name_of(evaluator)
        async with self.places:
            try:
                answer = await self._tried(
                    lambda: scorers.ask(evaluator, self.threads.call, context),
                    f"{name}, row {index}", [],
                )  # fmt: skip
                return scores.of_answer(name, answer)
            except Exception as error:
                if self.how.raise_errors:
                    raise RuntimeError(f"evaluator {name} failed on row {index}") from error
                return scores.of_failure(name, error)

    async def summaries(self, rows: list[Row], records: list[Any]) -> dict[str, scores.Said]:
        """What the summary evaluators say of all rows together; sent, too."""
        evaluators = self.experiment.summary_evaluators
        if not evaluators:
            return {}
        by_name: dict[str, list[Any]] = {}
        for row in rows:
            for label, said in row["evaluations"].items():
                by_name.setdefault(label, []).append(said["value"])
        config = {"experiment_config": self.experiment.config}
        context = SummaryEvaluatorContext(
            inputs=[row["input"] for row in rows],
            outputs=[row["output"] for row in rows],
            expected_outputs=[row["expected_output"] for row in rows],
            evaluation_results=by_name,
            metadata=[{**(record.get("metadata") or {}), **config} for record in records],
        )
        told = await asyncio.gather(*(self._summed(each, context) for each in evaluators))
        merged = self._merged(told)
        newest = max((row["timestamp"] for row in rows), default=0)
        self._unsent += [
            scores.as_metric(label, said, self.experiment.id, newest)
            for label, said in merged.items()
        ]
        await self.finish()
        return merged

    async def _summed(
        self, evaluator: Any, context: SummaryEvaluatorContext
    ) -> dict[str, scores.Said]:
        name = scorers.name_of(evaluator)
        async with self.places:
            try:
                answer = await scorers.ask_summary(evaluator, self.threads.call, context)
                return scores.of_answer(name, answer)
            except Exception as error:
                if self.how.raise_errors:
                    raise RuntimeError(f"summary evaluator {name} failed") from error
                return scores.of_failure(name, error)

    @staticmethod
    def _merged(told: list[dict[str, scores.Said]]) -> dict[str, scores.Said]:
        merged: dict[str, scores.Said] = {}
        for each in told:
            for label, said in each.items():
                if label in merged:
                    warn(f"two evaluators have the label {label!r}: the later one's is kept")
                merged[label] = said
        return merged

    async def _tried(self, call: Callable[[], Awaitable[Any]], what: str, said: list[str]) -> Any:
        """The answer of call(), asked again as often as wished. Holds a place, but not while it
        waits."""
        while True:
            try:
                return await call()
            except Exception as error:
                if len(said) == self.how.max_retries:
                    raise
                said.append(f"{what}: attempt {len(said) + 1} failed: {error}")
                self.retries.append(said[-1])
            self.places.release()
            try:
                await asyncio.sleep(self.how.retry_delay(len(said) - 1))
            finally:
                await self.places.acquire()

    async def _send(self, row: Row) -> None:
        """Scores go by the hundred."""
        remote = self.experiment.remote_names
        self._unsent += [
            scores.as_metric(
                label, said, self.experiment.id, row["timestamp"], row, managed=label in remote
            )
            for label, said in row["evaluations"].items()
        ]
        if len(self._unsent) >= SCORES_AT_ONCE:
            await self._post()

    async def _post(self) -> bool:
        """Scores that the server does not take now are sent with the next ones."""
        going, self._unsent = self._unsent, []
        try:
            await self.threads.call(
                wire.post_events, self.experiment.id, going, scores.tag_list(self.tags)
            )
            return True
        except ValueError as error:  # RegistryError
            self._unsent, self._refusal = going + self._unsent, str(error)
            return False

    async def finish(self) -> None:
        """Sends what there is: scores, and the spans that are the rows."""
        if self._unsent and not await self._post():
            warn(
                f"experiment {self.experiment.name}: {len(self._unsent)} scores were not taken: "
                f"{self._refusal}", once=False,
            )  # fmt: skip
            self._unsent = []
        await self._flush()
