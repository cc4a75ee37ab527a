"""A trace is found whole, wherever its spans lie and whatever its id says about the time."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.harness.load import body_of, event, post
from tests.e2e.harness.page_api import call
from tests.e2e.harness.program import Catalejo, until

HOUR_NS = 3600 * 10**9
NOW_NS = time.time_ns()


def trace_id(number: int, seconds: int | None) -> str:
    """As Datadog's clients make one (the time above), or at random (no time)."""
    return f"{seconds:08x}{0:08x}{number:016x}" if seconds else f"{1:016x}{number:016x}"


def span(number: int, trace: str, hours_ago: float, **more: Any) -> dict[str, Any]:
    start = NOW_NS - int(hours_ago * HOUR_NS)
    return event(number, "hola", ml_app="found", trace_id=trace, start_ns=start, **more)


SECONDS = NOW_NS // 10**9
TRACES = {
    "short": trace_id(1, SECONDS - 3600),
    "spread": trace_id(2, SECONDS - 20 * 3600),
    "other time": trace_id(3, SECONDS - 20 * 3600),
    "no time": trace_id(4, None),
    "feedback": trace_id(5, SECONDS - 3600),
}
SPANS = [
    span(11, TRACES["short"], 1), span(12, TRACES["short"], 1, parent_id="11"),
    # From 50 minutes before the time of its id to 15 hours after.
    span(21, TRACES["spread"], 20), span(22, TRACES["spread"], 20 + 5 / 6, parent_id="21"),
    span(23, TRACES["spread"], 15, parent_id="21"), span(24, TRACES["spread"], 10, parent_id="21"),
    span(25, TRACES["spread"], 5, parent_id="21"),
    span(31, TRACES["other time"], 60), span(32, TRACES["other time"], 60, parent_id="31"),
    span(41, TRACES["no time"], 30), span(42, TRACES["no time"], 1, parent_id="41"),
    span(51, TRACES["feedback"], 1, session_id="talk"),
]  # fmt: skip


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalejo]:
    program = Catalejo(tmp_path_factory.mktemp("found") / "data")
    with program:
        assert post(program, body_of(*SPANS)).status == 202

        def stored() -> bool:
            return len(program.api.rows("/api/v1/spans", **{"from": "now-5d"})) == len(SPANS)

        until(stored, "all are stored")
        yield program


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("short", {"11", "12"}),
        ("spread", {"21", "22", "23", "24", "25"}),
        ("other time", {"31", "32"}),
        ("no time", {"41", "42"}),
    ],
)
def test_all_spans_of_a_trace(server: Catalejo, name: str, ids: set[str]) -> None:
    trace = server.api.trace(TRACES[name])
    assert {each["span_id"] for each in trace["spans"]} == ids


def test_a_trace_that_is_not_here(server: Catalejo) -> None:
    for missing in (trace_id(9, SECONDS), trace_id(9, None)):
        assert server.api.answer(f"/api/v1/traces/{missing}").status == 404


def judge(server: Catalejo, label: str, **target: Any) -> None:
    metric = {
        "label": label, "ml_app": "found", "timestamp_ms": NOW_NS // 10**6,
        "metric_type": "score", "score_value": 1.0, **target,
    }  # fmt: skip
    body = {"data": {"type": "evaluation_metric", "attributes": {"metrics": [metric]}}}
    answer = call(
        server.http_port, "POST", "/api/intake/llm-obs/v2/eval-metric",
        json.dumps(body).encode(), {"content-type": "application/json", "dd-api-key": "x"},
    )  # fmt: skip
    assert answer.status == 202, answer.body


def test_evaluations_of_the_trace_and_of_its_session(server: Catalejo) -> None:
    """One that names the trace alone, then beside others that name none."""

    def labels() -> set[str]:
        found = server.api.trace(TRACES["feedback"])["evaluations"]
        # The program's own evaluators judge, too.
        return {each["label"] for each in found if "evaluator_version" not in each["tags"]}

    judge(server, "own", join_on={"span": {"trace_id": TRACES["feedback"], "span_id": "51"}})
    judge(server, "other", join_on={"span": {"trace_id": TRACES["short"], "span_id": "11"}})
    until(lambda: labels() == {"own"}, "the evaluation of the trace")
    judge(server, "app", join_on={"tag": {"key": "service", "value": "load"}})
    until(lambda: labels() == {"own", "app"}, "one that joins by a tag")


# Spans as (span id, parent, seconds after the first), what is said of the trace, and its tree as
# (span id, parent that was found, depth).
BROKEN = {
    "a clock that is behind": (
        [("1", "undefined", 10.0), ("2", "1", 5.0), ("3", "2", 0.0)],
        ["clock_skew"], [("1", None, 0), ("2", "1", 1), ("3", "2", 2)],
    ),
    "an orphan": (
        [("1", "undefined", 0.0), ("2", "77", 1.0), ("3", "2", 2.0)],
        ["missing_parent"], [("1", None, 0), ("2", None, 0), ("3", "2", 1)],
    ),
    "a cycle": (
        [("1", "3", 0.0), ("2", "1", 1.0), ("3", "2", 2.0)],
        ["cycle_in_parents"], [("1", None, 0), ("2", "1", 1), ("3", "2", 2)],
    ),
    "its own parent": (
        [("1", "1", 0.0), ("2", "1", 1.0)],
        ["cycle_in_parents"], [("1", None, 0), ("2", "1", 1)],
    ),
    "no root": (
        [("2", "1", 0.0), ("3", "1", 1.0), ("4", "3", 2.0)],
        ["missing_parent"], [("2", None, 0), ("3", None, 0), ("4", "3", 1)],
    ),
    "all at once": (
        [("1", "9", 5.0), ("2", "3", 1.0), ("3", "2", 2.0), ("4", "1", 0.0)],
        ["clock_skew", "cycle_in_parents", "missing_parent"],
        [("2", None, 0), ("3", "2", 1), ("1", None, 0), ("4", "1", 1)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_trace_is_shown_whole_and_said_to_be(server: Catalejo, name: str) -> None:
    """Clock skew, orphans, cycles, missing roots: no span is lost and what is wrong is named."""
    spans, notes, tree = BROKEN[name]
    trace = trace_id(100 + list(BROKEN).index(name), SECONDS - 7200)
    first = NOW_NS - 2 * HOUR_NS
    events = [
        event(int(span_id), "hola", ml_app="broken", trace_id=trace, parent_id=parent,
              start_ns=first + int(after * 1e9))
        for span_id, parent, after in spans
    ]  # fmt: skip
    assert post(server, body_of(*events)).status == 202

    def found() -> dict[str, Any]:
        answer = server.api.answer(f"/api/v1/traces/{trace}")
        return dict(answer.json()) if answer.status == 200 else {"spans": []}

    until(lambda: len(found()["spans"]) == len(spans), "all spans are shown")
    told = found()
    assert sorted(told["notes"]) == notes
    assert [(each["span_id"], each["parent_id"]) for each in told["spans"]] == [
        (span_id, parent) for span_id, parent, _ in tree
    ]
    lines = server.api.get(f"/api/v1/traces/{trace}/lines")["rows"]
    shown = [(line["span_id"], line["parent_id"], line["depth"]) for line in lines]
    assert shown == tree, "windows show the same tree"
