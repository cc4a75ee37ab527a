"""What a run of an experiment leaves: rows, the values of all of them together, and both as
tables."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any, Optional, TypedDict

from catalejo.experiments.frames import pandas, table
from catalejo.experiments.scores import Said

Row = dict[str, Any]
_GROUPS = (
    "input", "output", "expected_output", "metadata", "evaluations", "error", "span_id", "trace_id",
)  # fmt: skip


class RunInfo:
    """Which run of an experiment, from 1."""

    def __init__(self, index: int) -> None:
        self.run_id = uuid.uuid4()
        self.run_iteration = index + 1


class ExperimentRun:
    def __init__(self, info: RunInfo, summary_evaluations: dict[str, Said], rows: list[Row]):
        self.run_id = info.run_id
        self.run_iteration = info.run_iteration
        self.summary_evaluations = summary_evaluations
        self.rows = rows

    def as_dataframe(self) -> Any:
        """A pandas.DataFrame; a cell of `evaluations` has all that the evaluator said."""
        return table(
            ({group: row[group] for group in _GROUPS} for row in self.rows), whole=("error",)
        )


class ExperimentResult(TypedDict):
    """`summary_evaluations` and `rows` are those of the first run."""

    summary_evaluations: dict[str, Said]
    rows: list[Row]
    runs: list[ExperimentRun]


def result_of(runs: list[ExperimentRun]) -> ExperimentResult:
    return {
        "summary_evaluations": runs[0].summary_evaluations if runs else {},
        "rows": runs[0].rows if runs else [],
        "runs": runs,
    }


def message_of(row: Row) -> Optional[str]:
    """What went wrong in the task, if anything did."""
    return (row.get("error") or {}).get("message") or (row.get("error") or {}).get("type")


def all_runs(result: ExperimentResult) -> Any:
    """The rows of all runs in one table, with columns `run_id` and `run_iteration` before them."""
    frames = []
    for run in result["runs"]:
        frame = run.as_dataframe()
        frame.insert(0, ("run_id", ""), str(run.run_id))
        frame.insert(1, ("run_iteration", ""), run.run_iteration)
        frame.columns = pandas().MultiIndex.from_tuples(frame.columns)
        frames.append(frame)
    return pandas().concat(frames, ignore_index=True) if frames else pandas().DataFrame()


def sentences(name: str, result: ExperimentResult, runs: int, retries: list[str]) -> list[str]:
    """How an experiment went."""
    said = []
    for at, run in enumerate(result["runs"], 1):
        counts: dict[str, list[int]] = {}
        for row in run.rows:
            for label, told in row["evaluations"].items():
                count = counts.setdefault(label, [0, 0])
                count[0] += 1
                count[1] += 1 if told.get("error") else 0
        of = f", run {at} of {runs}" if runs > 1 else ""
        failed = sum(1 for row in run.rows if message_of(row))
        said.append(f"experiment {name}{of}: {len(run.rows)} rows, {failed} failed")
        said += [
            f"  {label}: {count} of {len(run.rows)} judged, {wrong} failed"
            for label, (count, wrong) in counts.items()
        ]
    if retries:
        said += [f"  {len(retries)} tried again:", *(f"    {each}" for each in retries)]
    return said


def _failed(evaluations: dict[str, Said]) -> Iterator[str]:
    for label, said in evaluations.items():
        error = said.get("error")
        if error:
            yield f"{label} ({error.get('type')}): {error.get('message')}"


def failures(result: ExperimentResult) -> str:
    """Each different one once, for the state of the experiment; nothing when all went well."""
    told: dict[str, None] = {}
    for run in result["runs"]:
        for row in run.rows:
            if message_of(row):
                told[f"{row['error']['type'] or 'Error'}: {row['error']['message']}"] = None
            told.update(dict.fromkeys(_failed(row["evaluations"])))
        told.update(dict.fromkeys(_failed(run.summary_evaluations)))
    return "; ".join(told)
