"""Experiments: rows, scores and spans of good and of bad tasks, evaluators and servers."""

from __future__ import annotations

import asyncio
import threading
from typing import Any, Callable

import pytest
from catalejo import llmobs, start
from catalejo.experiments import progress, run
from catalejo.experiments.dataset import Dataset
from catalejo.sdk.llmobs import LLMObs
from catalejo.sdk.registry import RegistryError
from catalejo.settings import Settings
from catalejo.span import runtime

from tests.python.in_process import Sent, recorder, sent, tags_of
from tests.python.kept import Kept, kept
from tests.python.recorder import Recorder

__all__ = ["kept", "recorder", "sent"]  # fixtures


def dataset(count: int, **more: Any) -> Dataset:
    return LLMObs.create_dataset(
        "numbers", records=[{"id": f"r{n}", "input_data": n, **more} for n in range(count)]
    )


def twice(input_data: Any, config: Any) -> Any:
    return input_data * 2


def large(input_data: Any, output_data: Any, expected_output: Any) -> Any:
    return output_data > 2


def large_text(input_data: Any, output_data: Any, expected_output: Any) -> Any:
    return len(output_data)


def test_what_is_made_of_a_run(sent: Sent, kept: Kept) -> None:
    def task(input_data: Any, config: Any, metadata: Any) -> Any:
        with LLMObs.tool(name=f"inside {input_data}"):
            pass
        return {"sum": input_data + config["plus"] + metadata["m"]}

    made = dataset(2, expected_output={"sum": 6}, metadata={"m": 2}, tags=["level:hard"])
    experiment = LLMObs.experiment(
        "sums", task, made, [lambda input_data, output_data, expected_output: None],
        description="d", tags={"team": "sea"}, config={"plus": 4}, project_name="own",
    )  # fmt: skip
    result = experiment.run()
    assert [row["output"] for row in result["rows"]] == [{"sum": 6}, {"sum": 7}]
    assert [row["record_id"] for row in result["rows"]] == ["r0", "r1"]
    assert experiment.url.endswith("/experiments/experiment")
    (child,) = (span for span in sent.spans() if span["name"] == "inside 1")
    assert child["parent_id"] == result["rows"][1]["span_id"]
    assert tags_of(child)["experiment_id"] == "experiment"
    assert tags_of(child)["dataset_id"] == "dataset"
    created = kept.told("/llm-obs/v1/experiments")[0]
    assert created["config"] == {"plus": 4} and created["project_id"] == "project-own"
    assert {"team:sea", "project_name:own", "dataset_name:numbers"} <= set(
        created["metadata"]["tags"]
    )
    assert kept.states() == ["running", "completed"]


def test_a_row_is_a_span(sent: Sent, kept: Kept) -> None:
    made = dataset(1, expected_output={"x": [1]}, metadata={"m": 2}, tags=["level:hard"])
    (row,) = LLMObs.experiment("one", twice, made, [large]).run()["rows"]
    (span,) = sent.spans()
    assert span["span_id"] == row["span_id"] and span["trace_id"] == row["trace_id"]
    assert span["name"] == "twice" and span["meta"]["span"]["kind"] == "experiment"
    assert span["meta"]["input"] == 0 and span["meta"]["output"] == 0
    assert span["meta"]["expected_output"] == {"x": [1]}
    assert span["meta"]["metadata"] == {"m": 2}
    tags = tags_of(span)
    assert tags["dataset_record_id"] == "r0" and tags["level"] == "hard"
    assert tags["run_iteration"] == "1"


def test_rows_are_sent_whatever_is_sampled(sent: Sent, kept: Kept) -> None:
    runtime.settings.sample_rate = 0.0

    def task(input_data: Any, config: Any) -> None:
        with LLMObs.task(name="inside"):
            pass

    LLMObs.experiment("all", task, dataset(1), [large]).run()
    decisions = {span["_dd"]["sampling_decision"] for span in sent.spans()}
    assert decisions == {"1"}


def test_more_rows_than_the_queue_holds(
    sent: Sent, kept: Kept, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = {**recorder.environment(), "CATALEJO_QUEUE_BYTES_MAX": "400000"}
    start.start(Settings.from_environment(environment))
    monkeypatch.setattr(run, "UNSENT_BYTES_MAX", 100_000)

    def task(input_data: Any, config: Any) -> str:
        return "x" * 30_000

    LLMObs.experiment("large", task, dataset(60), [large_text]).run(jobs=2)
    assert len(sent.spans()) == 60


def test_a_processor_of_texts_leaves_rows_whole(sent: Sent, kept: Kept) -> None:
    LLMObs.register_processor(lambda span: span)
    try:
        LLMObs.experiment("whole", twice, dataset(1), [large]).run()
    finally:
        LLMObs.register_processor(None)
    assert sent.spans()[0]["meta"]["output"] == 0


def test_three_runs_are_three_times_all_rows(sent: Sent, kept: Kept) -> None:
    experiment = LLMObs.experiment("thrice", twice, dataset(2), [large], runs=3)
    result = experiment.run()
    assert [run.run_iteration for run in result["runs"]] == [1, 2, 3]
    assert len({run.run_id for run in result["runs"]}) == 3
    assert len(sent.spans()) == 6 and len(kept.scores()) == 6
    assert {tags_of(span)["run_iteration"] for span in sent.spans()} == {"1", "2", "3"}


@pytest.mark.parametrize("jobs", [1, 4, 40])
def test_so_many_at_a_time(sent: Sent, kept: Kept, jobs: int) -> None:
    together = threading.Barrier(jobs, timeout=30)
    lock, now, most = threading.Lock(), [0], [0]

    def task(input_data: Any, config: Any) -> None:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        together.wait()
        with lock:
            now[0] -= 1

    result = LLMObs.experiment("together", task, dataset(jobs * 2), [large]).run(jobs=jobs)
    assert most[0] == jobs
    assert not any(row["error"]["type"] for row in result["rows"])


def test_what_fails_is_told_in_its_row(sent: Sent, kept: Kept) -> None:
    def task(input_data: Any, config: Any) -> Any:
        if input_data == 1:
            raise KeyError("one")
        return input_data

    def judge(input_data: Any, output_data: Any, expected_output: Any) -> Any:
        return 6 / output_data

    rows = LLMObs.experiment("fails", task, dataset(3), [judge]).run()["rows"]
    assert [row["error"]["type"] for row in rows] == [None, "builtins.KeyError", None]
    errors = [row["evaluations"]["judge"]["error"] for row in rows]
    assert [error and error["type"] for error in errors] == ["ZeroDivisionError", "TypeError", None]
    assert "judge" in errors[0]["stack"]
    assert kept.states() == ["running", "failed"]
    assert "KeyError: 'one'" in kept.told("/experiment")[-1]["error"]
    metric = kept.scores()[0]
    assert metric["categorical_value"] is None and metric["error"]["type"] == "ZeroDivisionError"


@pytest.mark.parametrize("what", ["task", "evaluator", "summary"])
def test_what_fails_is_raised_when_wished(sent: Sent, kept: Kept, what: str) -> None:
    def task(input_data: Any, config: Any) -> Any:
        return input_data / (what != "task")

    def judge(input_data: Any, output_data: Any, expected_output: Any) -> Any:
        return 1 / (what != "evaluator")

    def all_of(inputs: Any, outputs: Any, expected_outputs: Any, evaluators_results: Any) -> Any:
        return 1 / (what != "summary")

    experiment = LLMObs.experiment("raises", task, dataset(2), [judge], summary_evaluators=[all_of])
    with pytest.raises(RuntimeError, match="failed"):
        experiment.run(raise_errors=True)
    assert kept.states() == ["running", "interrupted"]
    assert experiment.result is not None and experiment.result["runs"] == []


def test_failures_are_tried_again(sent: Sent, kept: Kept) -> None:
    calls: list[str] = []
    waited: list[int] = []

    def task(input_data: Any, config: Any) -> str:
        calls.append("task")
        if len(calls) < 3:
            raise TimeoutError("not yet")
        return "x"

    def judge(input_data: Any, output_data: Any, expected_output: Any) -> Any:
        calls.append("judge")
        raise ValueError("never")

    def delay(attempt: int) -> float:
        waited.append(attempt)
        return 0.0

    experiment = LLMObs.experiment("again", task, dataset(1), [judge])
    (row,) = experiment.run(max_retries=2, retry_delay=delay)["rows"]
    assert calls == ["task"] * 3 + ["judge"] * 3 and waited == [0, 1, 0, 1]
    assert row["output"] == "x" and row["evaluations"]["judge"]["error"]["message"] == "never"
    assert tags_of(sent.spans()[0])["retries"] == "2"


class Own(llmobs.BaseEvaluator):
    def evaluate(self, context: llmobs.EvaluatorContext) -> Any:
        return llmobs.MultiEvaluatorResult({
            "a": context.input_data, "b": llmobs.EvaluatorResult("Yes", tags={"k": "v"}),
        })  # fmt: skip


def test_scores_have_the_type_of_their_value(sent: Sent, kept: Kept) -> None:
    def judge(value: Any, name: str) -> Callable[..., Any]:
        def of(input_data: Any, output_data: Any, expected_output: Any) -> Any:
            return value

        of.__name__ = name
        return of

    values = {"none": None, "flag": True, "number": 1.5, "text": "Sí", "dict": {"a": 1},
              "list": [1]}  # fmt: skip
    evaluators = [judge(value, name) for name, value in values.items()]
    LLMObs.experiment("types", twice, dataset(1), [*evaluators, Own()]).run()
    found = {one["label"]: one for one in kept.scores()}
    typed = {label: one["metric_type"] for label, one in found.items()}
    assert typed == {
        "none": "categorical", "flag": "boolean", "number": "score", "text": "categorical",
        "dict": "json", "list": "categorical", "Own-a": "score", "Own-b": "categorical",
    }  # fmt: skip
    assert found["text"]["categorical_value"] == "sí"
    assert found["list"]["categorical_value"] == "[1]"
    assert found["dict"]["json_value"] == {"a": 1}
    assert found["Own-b"]["tags"] == ["k:v"] and found["Own-b"]["status"] == "OK"


def test_summaries_see_all_rows_in_order(sent: Sent, kept: Kept) -> None:
    seen: list[Any] = []

    class Whole(llmobs.BaseSummaryEvaluator):
        def evaluate(self, context: llmobs.SummaryEvaluatorContext) -> Any:
            seen.append(context)
            return llmobs.EvaluatorResult(1, "all", "pass")

    def of_context(context: Any) -> Any:
        return len(context.outputs)

    def of_lists(inputs: Any, outputs: Any, expected_outputs: Any, evaluators_results: Any) -> Any:
        return evaluators_results["large"].count(True)

    made = dataset(3, metadata={"m": 1})
    experiment = LLMObs.experiment(
        "summed", twice, made, [large], config={"c": 1},
        summary_evaluators=[Whole(), of_context, of_lists],
    )  # fmt: skip
    told = experiment.run(jobs=3)["summary_evaluations"]
    assert (told["Whole"]["reasoning"], told["of_context"]["value"]) == ("all", 3)
    assert told["of_lists"]["value"] == 1
    assert seen[0].inputs == [0, 1, 2] and seen[0].outputs == [0, 2, 4]
    assert seen[0].evaluation_results == {"large": [False, False, True]}
    assert seen[0].metadata[0] == {"m": 1, "experiment_config": {"c": 1}}
    of_all = [one for one in kept.scores() if one["metric_source"] == "summary"]
    assert len(of_all) == 3 and {one["span_id"] for one in of_all} == {""}


def test_one_label_of_two_evaluators(
    sent: Sent, kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    def again(input_data: Any, output_data: Any, expected_output: Any) -> Any:
        return "later"

    again.__name__ = "large"
    (row,) = LLMObs.experiment("twice", twice, dataset(1), [large, again]).run()["rows"]
    assert row["evaluations"]["large"]["value"] == "later"
    assert "the label 'large'" in caplog.text


def test_asynchronous_tasks_and_evaluators(sent: Sent, kept: Kept) -> None:
    async def task(input_data: Any, config: Any) -> Any:
        await asyncio.sleep(0)
        return input_data

    class Slow(llmobs.BaseAsyncEvaluator):
        async def evaluate(self, context: llmobs.EvaluatorContext) -> Any:
            await asyncio.sleep(0)
            return context.output_data + 0.5

    async def all_of(context: Any) -> Any:
        return len(context.inputs)

    async def whole() -> Any:
        made = dataset(3)
        experiment = LLMObs.async_experiment(
            "async", task, made, [Slow(), large], summary_evaluators=[all_of]
        )
        plain = LLMObs.experiment("within a loop", twice, made, [large])
        return await experiment.run(), plain.run()

    result, plain = asyncio.run(whole())
    assert [row["evaluations"]["Slow"]["value"] for row in result["rows"]] == [0.5, 1.5, 2.5]
    assert result["summary_evaluations"]["all_of"]["value"] == 3
    assert len(plain["rows"]) == 3


def test_only_so_many_records(sent: Sent, kept: Kept) -> None:
    experiment = LLMObs.experiment("some", twice, dataset(5), [large])
    assert len(experiment.run(sample_size=2)["rows"]) == 2
    assert len(experiment.run(sample_size=9)["rows"]) == 5


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"task": 7}, "task must be a function"),
        ({"task": lambda input_data: 1}, "input_data, config"),
        ({"dataset": [1]}, "create_dataset"),
        ({"evaluators": []}, "list of functions"),
        ({"evaluators": [7]}, "must be a function of"),
        ({"evaluators": [lambda output: 1]}, "input_data, output_data, expected_output"),
        ({"summary_evaluators": [lambda a, b: 1]}, "evaluators_results"),
    ],
)  # fmt: skip
def test_what_cannot_be_called_is_refused_first(kept: Kept, given: Any, said: str) -> None:
    whole = {"name": "n", "task": twice, "dataset": dataset(0), "evaluators": [large], **given}
    with pytest.raises(TypeError, match=said):
        LLMObs.experiment(**whole)
    with pytest.raises(TypeError):
        LLMObs.async_experiment("n", twice, dataset(0), [large])


@pytest.mark.parametrize("given", [{"jobs": 0}, {"max_retries": -1}])
def test_numbers_that_cannot_be(sent: Sent, kept: Kept, given: Any) -> None:
    with pytest.raises(ValueError, match="must"):
        LLMObs.experiment("n", twice, dataset(1), [large]).run(**given)
    assert kept.states() == []


def test_nothing_runs_when_the_tracer_does_not(kept: Kept) -> None:
    before, runtime.enabled = runtime.enabled, False
    try:
        with pytest.raises(ValueError, match="not enabled"):
            LLMObs.experiment("n", twice, dataset(1), [large]).run()
    finally:
        runtime.enabled = before


def test_scores_that_were_not_taken_are_sent_with_the_next(
    sent: Sent, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "SCORES_AT_ONCE", 2)
    kept.refusals.append(("/events", RegistryError(413, "too large")))
    LLMObs.experiment("late", twice, dataset(5), [large]).run()
    sizes = [len(given["metrics"]) for given in kept.told("/events")]
    assert sizes == [2, 3, 2], "the first two again with the third, then the rest"


def test_a_busy_server_is_asked_again(sent: Sent, kept: Kept) -> None:
    kept.refusals += [("/events", RegistryError(status, "busy")) for status in (429, 503, 0)]
    LLMObs.experiment("busy", twice, dataset(1), [large]).run()
    assert len(kept.told("/events")) == 4


def test_scores_that_nobody_takes_are_counted(
    sent: Sent, kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    kept.refusals += [("/events", RegistryError(400, "no")) for _ in range(2)]
    result = LLMObs.experiment("lost", twice, dataset(3), [large]).run()
    assert len(result["rows"]) == 3
    assert "3 scores were not taken: no" in caplog.text


class Terminal:
    def __init__(self) -> None:
        self.written: list[str] = []

    def write(self, text: str) -> None:
        self.written.append(text)

    def flush(self) -> None: ...

    def isatty(self) -> bool:
        return True


def test_a_terminal_sees_how_far_it_is(
    sent: Sent, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setattr(progress, "SECONDS_BETWEEN", 0.0)
    LLMObs.experiment("shown", twice, dataset(3), [large]).run()
    text = "".join(terminal.written)
    assert "shown: 2 of 3 rows, 0 failed" in text
    assert "experiment shown: 3 rows, 0 failed\n  large: 3 of 3 judged, 0 failed" in text


def rows_of(result: Any) -> list[Any]:
    assert result is not None
    return list(result["rows"])


def test_evaluators_anew_on_what_is_there(sent: Sent, kept: Kept) -> None:
    experiment = LLMObs.experiment("first", twice, dataset(3), [large])
    before = rows_of(experiment.run())
    again = experiment.rerun_evaluators([Own()], jobs=2)
    after = rows_of(again.result)
    assert again.name.startswith("first-rerun-")
    assert [row["output"] for row in after] == [row["output"] for row in before]
    assert not {row["span_id"] for row in after} & {row["span_id"] for row in before}
    assert [set(row["evaluations"]) for row in after] == [{"Own-a", "Own-b"}] * 3
    assert set(before[0]["evaluations"]) == {"large"}, "the first one stays as it was"
    assert kept.told("/llm-obs/v1/experiments")[-1]["parent_experiment_id"] == "experiment"
    copies = kept.told("/events")[1]["spans"]
    assert [copy["meta"]["parent_experiment_span_id"] for copy in copies] == [
        row["span_id"] for row in before
    ]


def test_rows_that_failed_when_judged_anew(sent: Sent, kept: Kept) -> None:
    good = [False]

    def task(input_data: Any, config: Any) -> Any:
        return 1 // (input_data if not good[0] else 1)

    experiment = LLMObs.experiment("shaky", task, dataset(2), [large])
    experiment.run()
    with pytest.raises(ValueError, match="row 0"):
        experiment.rerun_evaluators([large])
    with pytest.raises(ValueError, match="one of"):
        experiment.rerun_evaluators([large], missing_task_strategy="guess")
    skipped = experiment.rerun_evaluators([large], missing_task_strategy="skip")
    assert [row["idx"] for row in rows_of(skipped.result)] == [1]
    good[0] = True
    retried = experiment.rerun_evaluators([large], missing_task_strategy="retry")
    assert [row["output"] for row in rows_of(retried.result)] == [1, 1]


def test_an_experiment_that_was_pulled(sent: Sent, kept: Kept) -> None:
    def metric(value: Any, ms: int) -> Any:
        return {"label": "l", "metric_type": "score", "score_value": value, "timestamp_ms": ms}

    kept.events = {
        "spans": [
            {"span_id": "1", "trace_id": "a", "name": "t", "start_ns": 5, "duration": 7,
             "tags": ["dataset_record_id:r1"], "eval_metrics": [metric(2, 9), metric(1, 3)],
             "meta": {"input": 0, "output": "o", "expected_output": None, "error": {}}},
            {"span_id": "2", "trace_id": "b", "name": "t", "start_ns": 6, "duration": 7,
             "meta": {"input": 1, "error": {"type": "E", "message": "m"}}},
        ],
        "summary_metrics": [{"label": "s", "metric_type": "json", "json_value": {"a": 1}}],
    }  # fmt: skip
    pulled = LLMObs.pull_experiment("experiment")
    first, second = rows_of(pulled.result)
    assert first["evaluations"]["l"]["value"] == 2 and first["record_id"] == "r1"
    assert first["input"] == 0 and second["error"]["message"] == "m"
    assert pulled.result is not None
    assert pulled.result["summary_evaluations"]["s"]["value"] == {"a": 1}
    with pytest.raises(ValueError, match="rerun_evaluators"):
        pulled.run()
    with pytest.raises(ValueError, match="task=") as error:
        pulled.rerun_evaluators([large], missing_task_strategy="retry")
    assert kept.told("/llm-obs/v1/experiments")[0] == {}, "nothing was made for it: " + str(error)
    again = pulled.rerun_evaluators([large], task=twice, missing_task_strategy="retry")
    assert [row["output"] for row in rows_of(again.result)] == ["o", 2]
