"""Experiments of which the outputs are there: pulled from the server, and judged anew."""

from __future__ import annotations

import asyncio
import copy
import time
from typing import Any

from catalejo import ids
from catalejo.experiments import rows, scorers, scores, wire
from catalejo.experiments.definition import require_enabled
from catalejo.experiments.experiment import Experiment
from catalejo.experiments.progress import tell
from catalejo.experiments.rows import ExperimentResult, ExperimentRun, Row, RunInfo
from catalejo.experiments.run import How, Run

STRATEGIES = ("raise", "skip", "retry")
_RECORD = "dataset_record_id:"


def _row_of(index: int, span: dict[str, Any]) -> Row:
    meta = span.get("meta") or {}
    error = meta.get("error") or {}
    tags = [tag for tag in span.get("tags") or () if isinstance(tag, str)]
    newest: dict[str, Any] = {}
    for metric in span.get("eval_metrics") or ():
        known = newest.get(metric["label"])
        if known is None or (metric.get("timestamp_ms") or 0) >= (known.get("timestamp_ms") or 0):
            newest[metric["label"]] = metric
    return {
        "idx": index,
        "record_id": next((tag[len(_RECORD):] for tag in tags if tag.startswith(_RECORD)), None),
        "span_id": span.get("span_id", ""),
        "trace_id": span.get("trace_id", ""),
        "timestamp": span.get("start_ns", 0),
        "duration": span.get("duration") or 0,
        "span_name": span.get("name") or "experiment_record",
        "input": meta.get("input"),
        "output": meta.get("output"),
        "expected_output": meta.get("expected_output"),
        "evaluations": {label: scores.of_metric(metric) for label, metric in newest.items()},
        "metadata": meta.get("metadata") or {},
        "error": {key: error.get(key) or None for key in ("type", "message", "stack")},
    }  # fmt: skip


def pull(experiment_id: str, project_name: str) -> Experiment:
    """Has a result, and neither task nor dataset."""
    require_enabled()
    if not experiment_id:
        raise ValueError("experiment_id is missing")
    known = wire.find_experiment(str(experiment_id))
    texts = (known.get("metadata") or {}).get("tags") or []
    tags = dict(text.split(":", 1) for text in texts if ":" in text)
    made = Experiment(known["experiment"], project_name=tags.get("project_name") or project_name)
    made.id, made.project_id = str(experiment_id), known["project_id"]
    made.dataset_id, made.dataset_version = known["dataset_id"], known["dataset_version"]
    made.tags["dataset_name"] = tags.get("dataset_name") or known["dataset_id"]
    found = wire.events(made.id)
    summaries = {
        metric["label"]: scores.of_metric(metric) for metric in found.get("summary_metrics") or ()
    }
    pulled = [_row_of(index, span) for index, span in enumerate(found.get("spans") or ())]
    made.result = rows.result_of([ExperimentRun(RunInfo(0), summaries, pulled)])
    return made


def _record_of(experiment: Experiment, row: Row) -> Any:
    if experiment.dataset is not None:
        return experiment.dataset[row["idx"]]
    return {
        "record_id": row.get("record_id") or "",
        "input_data": row["input"],
        "expected_output": row["expected_output"],
        "metadata": row["metadata"],
    }


def _copied(row: Row, trace_id: str, moved_ns: int) -> Row:
    """A row of the new experiment with the output of the old one."""
    return {
        **row,
        "span_id": str(ids.span_id()),
        "trace_id": trace_id,
        "timestamp": row["timestamp"] + moved_ns,
        "evaluations": {},
    }


def _as_span(row: Row, parent: Row, tags: list[str]) -> dict[str, Any]:
    of = [f"parent_experiment_span_id:{parent['span_id']}"]
    if row.get("record_id"):
        of.append(_RECORD + row["record_id"])
    return {
        "span_id": row["span_id"],
        "trace_id": row["trace_id"],
        "name": row["span_name"],
        "start_ns": row["timestamp"],
        "duration": row["duration"] or 1,
        "meta": {
            "span.kind": "experiment",
            "input": row["input"],
            "output": row["output"],
            "expected_output": row["expected_output"],
            "metadata": row["metadata"],
            "parent_experiment_span_id": parent["span_id"],
        },
        "status": "ok",
        "tags": [*tags, *of],
    }


def _chosen(experiment: Experiment, strategy: str, task: Any) -> tuple[list[Row], list[Row]]:
    """Rows that are judged, and rows of which the task is called again before."""
    known = experiment.known_result()["rows"]
    failed = [row for row in known if rows.message_of(row)]
    whole = [row for row in known if not rows.message_of(row)]
    if strategy == "raise" and failed:
        raise ValueError(
            f"the task failed in row {failed[0]['idx']}: missing_task_strategy may be 'skip' or "
            f"'retry'"
        )
    if strategy != "retry":
        return whole, []
    if failed and task is None and experiment.task is None:
        raise ValueError("an experiment that was pulled has no task: give task=... to retry with")
    return whole, failed


def _child(parent: Experiment, evaluators: list[Any], task: Any, summaries: Any) -> Experiment:
    child = copy.copy(parent)
    child.tags = dict(parent.tags)
    child.evaluators, child.runs = evaluators, 1
    child.name = f"{parent.name}-rerun-{time.time_ns() // 1_000_000}"
    child.task = task or parent.task
    if summaries is not None:
        child.summary_evaluators = list(summaries)
    child.create(
        config={"evaluators": [scorers.name_of(one) for one in evaluators]},
        parent_experiment_id=parent.id,
    )
    return child


async def rerun(
    parent: Experiment, evaluators: Any, task: Any, strategy: str, how: How, summaries: Any
) -> Experiment:
    if strategy not in STRATEGIES:
        raise ValueError(f"missing_task_strategy must be one of {', '.join(STRATEGIES)}")
    checked = scorers.check_evaluators(evaluators, asynchronous=True)
    scorers.check_summaries(summaries, asynchronous=True)
    whole, failed = _chosen(parent, strategy, task)
    require_enabled()
    child = _child(parent, checked, task, summaries)
    run = Run(child, RunInfo(0), how)
    try:
        child.result = await _judge(run, parent, whole, failed)
    except BaseException:
        child.say(status="failed")
        raise
    finally:
        run.threads.close()
    child.tell_end(child.result)
    tell(rows.sentences(child.name, child.result, 1, run.retries))
    return child


async def _judge(
    run: Run, parent: Experiment, whole: list[Row], failed: list[Row]
) -> ExperimentResult:
    first = min((row["timestamp"] for row in whole), default=0)
    trace_id, moved_ns = ids.trace_hex(ids.trace_id()), time.time_ns() - first
    made = [(_copied(row, trace_id, moved_ns), row) for row in whole]
    tags = scores.tag_list(run.tags)
    spans = [_as_span(row, old, tags) for row, old in made]
    if spans:
        await run.threads.call(wire.post_events, run.experiment.id, [], tags, spans)
    again = (run.task_row(row["idx"], _record_of(parent, row)) for row in failed)
    judged = [*(row for row, _ in made), *await asyncio.gather(*again)]
    judged.sort(key=lambda row: row["idx"])
    records = [_record_of(parent, row) for row in judged]
    try:
        await asyncio.gather(*(run.judge(*pair) for pair in zip(judged, records)))
    finally:
        await run.finish()
    return rows.result_of([ExperimentRun(run.info, await run.summaries(judged, records), judged)])
