"""Users: whole traces count for whoever their root names; figures, order, pages, feedback."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.harness.load import body_of, event, post
from tests.e2e.harness.page_api import call
from tests.e2e.harness.program import Catalejo, until

PEOPLE = ("ana", "bo", "carla", "dani", "eva")


def trace(number: int, user: str, session: str) -> list[dict[str, Any]]:
    """A root that names its user, and two calls below it that name nobody."""
    start = time.time_ns() - number * 1_000_000_000
    root = event(number * 10, f"question {number}", ml_app="people", start_ns=start)
    root |= {"name": "answer", "session_id": session, "metrics": {}, "duration": number * 1_000}
    root["meta"]["span"]["kind"] = "workflow"
    root["tags"] += [f"user_id:{user}", f"session_id:{session}"]
    calls = []
    for n in (1, 2):
        one = event(number * 10 + n, f"call {n}", ml_app="people", start_ns=start + n)
        one |= {"trace_id": root["trace_id"], "parent_id": root["span_id"]}
        one |= {"session_id": session, "status": "error" if user == "bo" and n == 2 else "ok"}
        one["tags"].append(f"session_id:{session}")
        one["metrics"] = {"input_tokens": 1_000, "output_tokens": 10, "total_tokens": 1_010}
        calls.append(one)
    return [root, *calls]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalejo]:
    with Catalejo(tmp_path_factory.mktemp("users") / "data") as program:
        spans: list[dict[str, Any]] = []
        for at, user in enumerate(PEOPLE):
            # The n-th has n + 1 traces, in one session for each two of them.
            for n in range(at + 1):
                spans += trace(1 + at * 20 + n, user, f"{user}-{n // 2}")
        nobody = event(9_000, "nobody asks", ml_app="people")
        assert post(program, body_of(*spans, nobody)).status == 202
        count = len(spans) + 1
        until(lambda: len(program.api.spans(ml_app="people")) == count, "all are stored")
        yield program


def people(server: Catalejo, **asked: str | int) -> dict[str, dict[str, Any]]:
    rows = server.api.rows("/api/v1/users", ml_app="people", **asked)
    assert len({row["user_id"] for row in rows}) == len(rows)
    return {row["user_id"]: row for row in rows}


def test_whole_traces_count_for_the_user_of_their_root(server: Catalejo) -> None:
    found = people(server)
    assert set(found) == set(PEOPLE)
    bo = found["bo"]
    assert (bo["traces"], bo["sessions"], bo["spans"], bo["llm_calls"]) == (2, 1, 6, 4)
    assert (bo["errors"], bo["failed_traces"]) == (2, 0)
    assert bo["tokens"] == {"input": 4_000, "output": 40, "total": 4_040}
    # gpt-4o of November 2024 is in the catalogue: $2.50 and $10 a million.
    assert bo["cost_usd"] == pytest.approx(4_000 * 2.5e-6 + 40 * 1e-5)
    assert found["eva"]["sessions"] == 3
    assert found["ana"]["input"] == "question 1"
    # A filter of spans leaves the spans that match, and whose they are.
    failed = people(server, status="error")
    assert {name: row["spans"] for name, row in failed.items()} == {"bo": 2}
    assert set(people(server, user="-bo")) == set(PEOPLE) - {"bo"}
    assert set(people(server, query="call")) == set(PEOPLE)


def test_sessions_of_a_user_are_whole(server: Catalejo) -> None:
    rows = server.api.rows("/api/v1/sessions", ml_app="people", user="eva")
    assert [row["session_id"] for row in rows] == ["eva-0", "eva-1", "eva-2"]
    assert {row["user_id"] for row in rows} == {"eva"}
    assert sum(row["llm_calls"] for row in rows) == people(server)["eva"]["llm_calls"] == 10


@pytest.mark.parametrize("by", ["last", "cost", "duration", "tokens", "traces", "sessions"])
def test_pages_are_sorted_and_hold_everyone_once(server: Catalejo, by: str) -> None:
    names = {
        "last": "last_ns", "cost": "cost_usd", "duration": "busy_ns", "traces": "traces",
        "sessions": "sessions", "tokens": "tokens",
    }  # fmt: skip
    for sort in (by, f"-{by}"):
        rows = list(people(server, sort=sort, limit=2).values())
        found = [row[names[by]] for row in rows]
        values = [float(each["total"] if by == "tokens" else each) for each in found]
        assert len(values) == len(PEOPLE)
        assert values == sorted(values, reverse=sort.startswith("-")), sort
    assert server.api.answer("/api/v1/users", sort="name").status == 400


def judge(server: Catalejo, **said: Any) -> None:
    body = json.dumps(said).encode()
    kind = {"Content-Type": "application/json"}
    answer = call(server.http_port, "POST", "/api/v1/feedback", body, kind)
    assert answer.status == 200, answer.body


def test_what_people_said_is_counted_once_and_as_it_is_now(server: Catalejo) -> None:
    trace_id = f"{(1 + 2 * 20) * 10:032x}"  # a trace of carla's
    up = {"name": "thumbs", "value": True, "assessment": "pass"}
    down = {"name": "thumbs", "value": False, "assessment": "fail"}
    judge(server, trace_id=trace_id, author="one", **up)
    judge(server, trace_id=trace_id, author="one", **down)  # changed their mind
    judge(server, trace_id=trace_id, author="two", **up)
    judge(server, trace_id=trace_id, span_id=str((1 + 2 * 20) * 10 + 1), author="two", **up)
    judge(server, session_id="carla-1", author="two", **down)
    judge(server, session_id="carla-1", author="three", **down)
    judge(server, session_id="carla-1", author="three", name="thumbs", withdrawn=True)

    def told() -> bool:
        counts = people(server)["carla"]["feedback"]
        return bool(counts == {"count": 4, "good": 2, "bad": 2})

    until(told, "the feedback is counted")
    assert people(server)["ana"]["feedback"] == {"count": 0, "good": 0, "bad": 0}
    of_session = {
        row["session_id"]: row["feedback"]
        for row in server.api.rows("/api/v1/sessions", ml_app="people", user="carla")
    }
    assert of_session["carla-0"] == {"count": 3, "good": 2, "bad": 1}
    assert of_session["carla-1"] == {"count": 1, "good": 0, "bad": 1}
