"""What comes in is judged while it comes, once each, however the program ends."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.e2e.harness.clickhouse import ENGINE_SOCKET, EngineConnection
from tests.e2e.harness.load import body_of, event, post
from tests.e2e.harness.page_api import call
from tests.e2e.harness.program import Catalejo, until

CARD = "4929 1234 5678 9015"
BATCH = 20


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Catalejo]:
    with Catalejo(tmp_path / "data") as running:
        yield running


def rows(program: Catalejo, sql: str) -> list[list[str]]:
    """What the database itself has."""
    connection = EngineConnection(str(program.data / ENGINE_SOCKET))
    try:
        connection.request("POST", f"/?{urlencode({'query': f'{sql} FORMAT TSV'})}")
        answer = connection.getresponse()
        body = answer.read().decode()
    finally:
        connection.close()
    assert answer.status == 200, body
    return [line.split("\t") for line in body.splitlines()]


def send(program: Catalejo, *events: dict[str, Any]) -> None:
    assert post(program, body_of(*events)).status == 202


def failed_pii(program: Catalejo, app: str) -> list[dict[str, Any]]:
    return program.api.spans(ml_app=app, view="spans", query="@evaluation.pii.assessment:fail")


def test_a_leaked_card_number_is_an_evaluation(program: Catalejo) -> None:
    app = "evaluators-card"
    send(
        program,
        event(1, f"cobra {CARD}", ml_app=app),
        event(2, "what is the weather like in Burgos today?", ml_app=app),
    )
    (row,) = until(lambda: failed_pii(program, app), "the card number is found")
    assert row["span_id"] == "1"
    trace = program.api.trace(row["trace_id"])
    (found,) = [each for each in trace["evaluations"] if each["label"] == "pii"]
    assert found["assessment"] == "fail"
    assert found["span_id"] == "1"
    assert found["source"] == "catalejo/pii"
    assert "card_number" in found["reasoning"]
    # What was found is said, never repeated.
    assert "4929" not in str(found)
    (finding,) = found["metadata"]["findings"]
    assert finding["rule"] == "card_number"
    assert finding["end"] - finding["begin"] == len(CARD)
    # That all was well is counted, and no evaluation of its own.
    counts = "SELECT sum(judged), sum(failed) FROM evaluation_counts WHERE evaluator = 'pii'"
    until(
        lambda: rows(program, f"{counts} AND ml_app = '{app}'") == [["2", "1"]],
        "both spans are counted",
    )


def test_a_span_is_judged_once_whenever_the_program_ends(tmp_path: Path) -> None:
    app = "evaluators-kill"
    chance = random.Random(7)
    program = Catalejo(tmp_path / "data")
    sent = 0
    with program:
        for _ in range(5):
            for _ in range(chance.randrange(5, 15)):
                send(
                    program,
                    *(
                        event(sent + i + 1, f"{sent + i}: write to ana@example.com", ml_app=app)
                        for i in range(BATCH)
                    ),
                )
                sent += BATCH
                time.sleep(chance.uniform(0, 0.4))
            program.kill()
            program.start()
        where = f"label = 'pii' AND ml_app = '{app}'"
        until(
            lambda: (
                rows(program, f"SELECT uniqExact(span_id) FROM evaluations WHERE {where}")
                == [[str(sent)]]
            ),
            "every span is judged",
            90,
        )
        counts = f"SELECT sum(judged), sum(failed) FROM evaluation_counts WHERE ml_app = '{app}'"
        until(
            lambda: rows(program, f"{counts} AND evaluator = 'pii'") == [[str(sent), str(sent)]],
            "every span is counted once",
            90,
        )
        spans = rows(program, f"SELECT span_id FROM evaluations WHERE {where}")
        twice = {
            span: times for span, times in Counter(row[0] for row in spans).items() if times > 1
        }
        assert not twice, f"{len(twice)} of {sent} judged more than once"


def test_nothing_is_judged_when_it_is_switched_off(tmp_path: Path) -> None:
    settings = {"CATALEJO_EVALUATOR_PERCENT": "0"}
    with Catalejo(tmp_path / "data", settings) as program:
        send(program, event(1, f"cobra {CARD}", ml_app="evaluators-off"))
        until(lambda: program.api.spans(ml_app="evaluators-off"), "the span is stored")
        assert not (program.data / "log" / "read").exists()
    # What came meanwhile stays unjudged: a pass over the past is for that.
    program.settings = {}
    with program:
        send(program, event(2, f"cobra {CARD}", ml_app="evaluators-off"))
        found = until(lambda: failed_pii(program, "evaluators-off"), "the new span is judged")
        assert [row["span_id"] for row in found] == ["2"]


def test_the_evaluators_say_what_they_do(program: Catalejo) -> None:
    send(program, event(1, f"cobra {CARD}", ml_app="evaluators-metrics"))
    until(lambda: failed_pii(program, "evaluators-metrics"), "the span is judged")
    body = call(program.http_port, "GET", "/metrics").body.decode()
    metrics = {
        line.rpartition(" ")[0]: float(line.rpartition(" ")[2])
        for line in body.splitlines()
        if not line.startswith("#")
    }
    assert metrics["catalejo_evaluation_spans"] >= 1
    assert metrics["catalejo_evaluation_cpu_seconds"] > 0
    assert metrics["catalejo_evaluation_skipped_bytes"] == 0
