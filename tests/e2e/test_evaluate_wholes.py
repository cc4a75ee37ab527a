"""Whole traces and sessions are judged once they are quiet, and again when they grow."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.harness.load import event
from tests.e2e.harness.page_api import call
from tests.e2e.harness.program import Catalejo, until
from tests.e2e.test_evaluators import ask, one, rows, send

SOON = {"CATALEJO_EVALUATOR_TRACE_SECONDS": "1", "CATALEJO_EVALUATOR_SESSION_SECONDS": "1"}
LATE = {"CATALEJO_EVALUATOR_TRACE_SECONDS": "60", "CATALEJO_EVALUATOR_SESSION_SECONDS": "60"}
SAID = (
    "SELECT session_id, lower(hex(trace_id)), span_id, scope, text, score, assessment "
    "FROM evaluations WHERE label = '{}' AND ml_app = '{}' ORDER BY timestamp, session_id"
)


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Catalejo]:
    with Catalejo(tmp_path / "data", SOON) as running:
        yield running


def turn(number: int, session: str, user: str, assistant: str, app: str) -> dict[str, Any]:
    one_turn = event(number, user, ml_app=app, session_id=session)
    one_turn["meta"]["output"]["messages"][0]["content"] = assistant
    return one_turn


def tool(number: int, trace: int, query: str, app: str) -> dict[str, Any]:
    """A call of a tool that always answers the same."""
    of_trace = {"trace_id": f"{trace:032x}", "parent_id": str(trace)}
    called = event(number, "", ml_app=app, name="search", **of_trace)
    called["meta"] = {
        "span": {"kind": "tool"}, "input": {"value": query}, "output": {"value": "nothing"},
    }  # fmt: skip
    return called


def sessions(program: Catalejo, app: str) -> list[tuple[str, str, str]]:
    """(session, what is said, assessment), in the order of their time."""
    said = rows(program, SAID.format("goal_completeness", app))
    assert all(row[1:4] == ["0" * 32, "0", "session"] for row in said), said
    return [(row[0], row[4], row[6]) for row in said]


def counted(program: Catalejo, app: str, evaluator: str) -> tuple[int, int]:
    lines = ask(program, "GET", f"/counts?ml_app={app}")["lines"]
    mine = [line for line in lines if line["evaluator"] == evaluator]
    return sum(line["judged"] for line in mine), sum(line["failed"] for line in mine)


def test_a_session_is_judged_when_it_is_quiet_and_again_when_it_grows(program: Catalejo) -> None:
    app = "wholes-session"
    send(
        program,
        turn(1, "s-1", "How do I reset the router?", "Hold the button.", app),
        turn(2, "s-1", "It still doesn't work", "Hold it for ten seconds.", app),
        turn(3, "s-2", "¿Cómo cambio mi clave?", "En Ajustes.", app),
        turn(4, "s-2", "Perfecto, muchas gracias", "De nada.", app),
        event(5, "no session at all", ml_app=app),
    )
    first = [("s-1", "incomplete", "fail"), ("s-2", "complete", "pass")]
    until(lambda: sorted(sessions(program, app)) == first, "both sessions are judged")
    assert one(program, "goal_completeness")["scope"] == "session"
    assert one(program, "goal_completeness")["skipped"] == {"no_session": 1}
    assert counted(program, app, "goal_completeness") == (2, 1)
    # It stands at the roots of its session, and a search finds it there.
    query = "@evaluation.goal_completeness.assessment:fail"
    found = program.api.spans(ml_app=app, view="traces", query=query)
    assert sorted(row["span_id"] for row in found) == ["1", "2"]

    send(program, turn(6, "s-1", "Great, that worked, thanks!", "You are welcome.", app))
    until(lambda: len(sessions(program, app)) == 3, "the session that grew is judged again")
    assert sessions(program, app)[-1] == ("s-1", "complete", "pass")
    # What is said now replaces what was said before: in searches, on the page, in what is counted.
    until(
        lambda: program.api.spans(ml_app=app, view="traces", query=query) == [],
        "the old verdict is found no more",
    )
    shown = program.api.trace(f"{1:032x}")["evaluations"]
    values = [each["value"] for each in shown if each["label"] == "goal_completeness"]
    assert values == ["complete"]
    assert counted(program, app, "goal_completeness") == (2, 0)
    until(lambda: ask(program, "GET")["engine"]["waiting"] == 0, "nothing waits any more")


def test_a_trace_that_goes_in_circles_is_found(program: Catalejo) -> None:
    app = "wholes-trace"
    send(
        program,
        event(1, "find it", ml_app=app),
        *(tool(10 + i, 1, "the same", app) for i in range(3)),
        event(2, "find both", ml_app=app),
        *(tool(20 + i, 2, f"query {i}", app) for i in range(3)),
        event(3, "no tool here", ml_app=app),
    )
    until(
        lambda: (
            sorted(row[1:] for row in rows(program, SAID.format("tool_loop", app)))
            == [
                [f"{1:032x}", "0", "trace", "", "3", "fail"],
                [f"{2:032x}", "0", "trace", "", "1", "pass"],
            ]
        ),
        "both traces with tools are judged",
    )
    query = "@evaluation.tool_loop.assessment:fail"
    found = program.api.spans(ml_app=app, view="traces", query=query)
    assert [row["span_id"] for row in found] == ["1"]
    assert counted(program, app, "tool_loop") == (2, 1)
    metrics = call(program.http_port, "GET", "/metrics").body.decode()
    assert "catalejo_evaluation_waiting 0" in metrics


def test_who_waits_is_judged_once_whenever_the_program_ends(tmp_path: Path) -> None:
    app = "wholes-kill"
    program = Catalejo(tmp_path / "data", LATE)
    with program:
        number = 0
        for _ in range(3):
            for session in range(40):
                number += 1
                send(program, turn(number, f"s-{session}", f"question {number}", "Hm.", app))
            time.sleep(0.3)
            program.kill()
            program.start()
        until(lambda: ask(program, "GET")["engine"]["waiting"] == 40, "all of them wait", 60)
        program.kill()
        # Those that wait already wait as long as it was set then: the spans that come set it anew.
        program.settings = SOON
        program.start()
        for session in range(40):
            number += 1
            send(program, turn(number, f"s-{session}", f"question {number}", "Hm.", app))
        for _ in range(4):
            time.sleep(0.5)
            program.kill()
            program.start()
        until(lambda: ask(program, "GET")["engine"]["waiting"] == 0, "none waits any more", 60)
        until(
            lambda: (
                rows(
                    program,
                    "SELECT uniqExact(session_id) FROM evaluations WHERE "
                    f"label = 'goal_completeness' AND ml_app = '{app}'",
                )
                == [["40"]]
            ),
            "every session is judged",
        )
        twice = rows(
            program,
            "SELECT session_id, count() FROM evaluations WHERE label = 'goal_completeness' "
            f"AND ml_app = '{app}' GROUP BY session_id, id HAVING count() > 1",
        )
        assert twice == []
        assert counted(program, app, "goal_completeness") == (40, 0)


def test_the_past_is_judged_by_whole_sessions(tmp_path: Path) -> None:
    app = "wholes-past"
    program = Catalejo(tmp_path / "data", {"CATALEJO_EVALUATOR_PERCENT": "0"})
    with program:
        # Sessions lie across the pages of a pass.
        for step in range(3):
            for first in range(0, 400, 100):
                send(
                    program,
                    *(
                        turn(
                            1 + step * 400 + first + i,
                            f"s-{first + i}",
                            ("How is it done?", "And then?", "That's not what I asked")[step],
                            "Like this.",
                            app,
                        )
                        for i in range(100)
                    ),
                )
        until(lambda: len(program.api.spans(ml_app=app)) == 1_200, "the spans are stored")
    program.settings = SOON
    with program:
        for judged in (400, 0):
            begun = ask(
                program, "POST", "/runs", {"evaluator": "goal_completeness", "from": "now-1d"}
            )["id"]

            def state(run: int = begun) -> dict[str, Any]:
                (found,) = [
                    each for each in ask(program, "GET", "/runs")["runs"] if each["id"] == run
                ]
                return dict(found)

            until(lambda: state()["state"] == "done", "the pass is over", 60)
            run = state()
            assert (run["spans"], run["seen"], run["judged"]) == (1_200, 1_200, judged)
            # What is stored already is not said twice.
            until(
                lambda: (
                    rows(
                        program,
                        "SELECT count(), uniqExact(session_id), countIf(assessment = 'fail') "
                        f"FROM evaluations WHERE label = 'goal_completeness' AND ml_app = '{app}'",
                    )
                    == [["400", "400", "400"]]
                ),
                "each session is judged once",
            )
        assert counted(program, app, "goal_completeness") == (400, 400)


def test_what_is_switched_off_or_out_of_scope_is_counted(program: Catalejo) -> None:
    app, other = "wholes-in", "wholes-out"
    ask(program, "PUT", "/goal_completeness", {"query": f"@ml_app:{app}"})
    send(
        program,
        turn(1, "in", "How?", "Sorry, I can't help with that.", app),
        turn(2, "out", "How?", "Sorry, I can't help with that.", other),
    )
    until(lambda: sessions(program, app) == [("in", "incomplete", "fail")], "one is judged")
    assert sessions(program, other) == []
    assert one(program, "goal_completeness")["skipped"] == {"out_of_scope": 1}
    send(program, turn(3, "in", "And now?", "Like this.", app))
    until(lambda: ask(program, "GET")["engine"]["spans"] == 3, "the span was seen")
    ask(program, "PUT", "/goal_completeness", {"enabled": False})
    until(lambda: ask(program, "GET")["engine"]["waiting"] == 0, "nothing waits")
    skipped = one(program, "goal_completeness")["skipped"]
    assert len(sessions(program, app)) + skipped.get("switched_off", 0) == 2
