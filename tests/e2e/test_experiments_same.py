"""One script of experiments under Datadog's client and, with only its import changed, under ours:
both are told the same, and the server has the same experiments, rows and scores."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from demo.azure.server import Azure
from tests.e2e.harness.program import Catalejo, until
from tests.e2e.test_experiments import ask, served, told_by

__all__ = ["served"]  # a fixture

# Of one run alone.
CHANGING = re.compile(
    r"(^|\.)(id|span_id|trace_id|start_ns|timestamp_ms|duration|duration_mean|stack|project_id|dataset_id"
    r"|dataset_record_canonical_id|experiment_id|run_id|created_at|updated_at)$"
)
# (the field's path, as a pattern; the reason why it may differ).
ALLOWED = (
    (r"tags\.(ddtrace|catalejo)\.version", "who ran it"),
    (r"tags\.(project_name|service)", "each has its own"),
    (r"tags\.(source|agent_service|error|error_type|_dd\..*)",
     "test_same_as_ddtrace.py compares the tags of spans"),
    (r"attributes\.error", "ddtrace names failures in no order, and none of summary evaluators"),
    (r"summary_metrics\.\d\.status", "ddtrace does not say that a summary evaluator failed"),
)  # fmt: skip


class Ran:
    """What a client was told, and what the server has of it."""

    def __init__(self, served: Catalejo, told: dict[str, Any]) -> None:
        self.served, self.told = served, told

    def rows(self, name: str, count: int) -> list[Any]:
        path = f"/api/unstable/llm-obs/v1/experiments/{self.told[name]}/events"
        found: list[Any] = []

        def whole() -> bool:
            found[:] = ask(self.served, "GET", path + "?include[eval_metrics]=true")["data"][
                "attributes"
            ]["spans"]
            return len(found) >= count

        until(whole, f"{name} has {count} rows")
        return sorted(found, key=lambda row: (row["run_iteration"], row["dataset_record_id"]))

    def experiment(self, name: str) -> Any:
        path = f"/api/v2/llm-obs/v1/experiments?filter[id]={self.told[name]}"
        return ask(self.served, "GET", path + "&include[aggregate_data]=true")["data"][0]


@pytest.fixture(scope="module")
def ran(
    served: Catalejo, azure: Azure, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Ran, Ran]:
    def of(mode: str, module: str) -> Ran:
        folder = str(tmp_path_factory.mktemp(mode))
        return Ran(served, told_by("experiments_whole", mode, served, azure, module, mode, folder))

    return of("v4-override", "ddtrace.llmobs"), of("tracer-override", "catalejo.llmobs")


def flat(value: Any, path: str = "") -> dict[str, Any]:
    """Every leaf by its path; tags by their keys, scores by their labels."""
    if isinstance(value, list) and path.rpartition(".")[2] == "tags":
        value = dict(tag.split(":", 1) for tag in value)
    if isinstance(value, list) and path.endswith("eval_metrics"):
        value = {one["label"]: one for one in value}
    if isinstance(value, list):
        value = dict(enumerate(value))
    if not isinstance(value, dict) or not value:
        return {path: value}
    fields: dict[str, Any] = {}
    for key, item in value.items():
        fields.update(flat(item, f"{path}.{key}" if path else str(key)))
    return fields


def differences(theirs: Any, ours: Any) -> Iterator[str]:
    one, other = flat(theirs), flat(ours)
    for path in sorted({*one, *other}):
        left, right = one.get(path, "(missing)"), other.get(path, "(missing)")
        if left != right and not CHANGING.search(path):
            yield f"{path}: {left!r}, ours {right!r}"


def rule_for(difference: str) -> tuple[str, str] | None:
    path = difference.partition(": ")[0]
    return next((rule for rule in ALLOWED if re.search(f"(^|\\.){rule[0]}$", path)), None)


@pytest.mark.parametrize(
    "what", ["three", "retried", "together", "judged", "thousand", "lines", "raised"]
)
def test_both_are_told_the_same(ran: tuple[Ran, Ran], what: str) -> None:
    theirs, ours = (one.told[what] for one in ran)
    assert ours == theirs


ROWS = {"three_id": 18, "retried_id": 2, "raised_id": 3, "thousand_id": 1_000}


@pytest.fixture(scope="module")
def found(ran: tuple[Ran, Ran]) -> list[str]:
    made: list[str] = []
    for name, count in ROWS.items():
        theirs, ours = (one.rows(name, count) for one in ran)
        assert len(theirs) == len(ours) == count
        made += [each for pair in zip(theirs, ours, strict=True) for each in differences(*pair)]
        made += differences(*(one.experiment(name) for one in ran))
    return made


def test_the_server_has_the_same(found: list[str]) -> None:
    unexplained = [each for each in found if rule_for(each) is None]
    assert not unexplained, "\n".join(unexplained[:40])


def test_every_exception_is_needed(found: list[str]) -> None:
    assert {rule_for(each) for each in found} == set(ALLOWED)


def test_what_it_comes_to(ran: tuple[Ran, Ran]) -> None:
    """Against numbers that no client made."""
    _, ours = ran
    assert ours.told["thousand"] == [True, True]
    rows, iteration, summary = ours.told["three"][2]
    assert iteration == 3 and len(rows) == 6
    assert [row[5] for row in rows] == [None] * 4 + ["builtins.KeyError"] + [None]
    assert summary["mean"] == [1.25, None] and summary["wrong"] == [None, "of 6"]
    values = [row[7]["right"]["value"] for row in rows]
    assert values == [True, True, None, True, False, True]
    assert rows[2][7]["right"]["error"] == "two cannot be judged"
    assert ours.experiment("three_id")["attributes"]["status"] == "failed"
    assert ours.experiment("thousand_id")["attributes"]["status"] == "completed"
    assert ours.experiment("raised_id")["attributes"]["status"] == "interrupted"
