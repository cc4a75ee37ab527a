"""A card number on its way into the store: after a rule it is nowhere on the disk, however the
program ends, and how often it was taken out is known."""

from __future__ import annotations

import json
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgpack
import pytest

from tests.e2e.harness.client import venv
from tests.e2e.harness.load import body_of, event, post
from tests.e2e.harness.page_api import call
from tests.e2e.harness.program import Catalejo, plain_environment, until

CARD = "4929 1234 5678 9015"
BARE = CARD.replace(" ", "")
SPELLINGS = [CARD, BARE, CARD.replace(" ", "-"), CARD.replace(" ", "\u00a0")]
NEEDLES = [spelling.encode() for spelling in SPELLINGS] + [rb"4929\u00a01234"]


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Catalejo]:
    with Catalejo(tmp_path / "data") as running:
        yield running


def ask(program: Catalejo, method: str, path: str, body: Any = None) -> Any:
    sent = json.dumps(body).encode() if body is not None else b""
    answer = call(program.http_port, method, f"/api/v1/redaction{path}", sent)
    assert answer.status == 200, answer.body
    return answer.json()


def send_everywhere(program: Catalejo, app: str) -> None:
    """The number in every text that a span has, by both ways in."""
    span = event(7, f"cobra {CARD}", ml_app=app, session_id=CARD, name=f"pago {CARD}")
    span["meta"] = {
        "span": {"kind": "llm"},
        "input": {"messages": [{"role": "user", "content": spelling} for spelling in SPELLINGS]},
        "output": {
            "messages": [
                {
                    "role": "assistant",
                    "content": "",
                    "tool_calls": [{"name": "pay", "arguments": {"card": int(BARE), "n": CARD}}],
                }
            ]
        },
        "metadata": {"note": CARD, CARD: 1, "deep": [{"number": int(BARE)}]},
        "error.message": f"declined: {CARD}",
        "error.stack": f"Traceback\n  pay({BARE})\n",
        "error.type": CARD,
        "odd_field": [CARD],
    }
    span["tags"] = [f"ml_app:{app}", f"card:{CARD}"]
    assert post(program, body_of(span)).status == 202
    apm = {
        "service": "shop",
        "name": "http.request",
        "resource": f"GET /pay?card={BARE}",
        "trace_id": 901,
        "span_id": 902,
        "parent_id": 0,
        "start": int(span["start_ns"]),
        "duration": 1_000,
        "error": 1,
        "meta": {"ml_app": app, "error.message": CARD, "http.url": f"https://x.test/?c={BARE}"},
        "metrics": {},
        "type": "web",
    }
    headers = {"content-type": "application/msgpack", "x-datadog-trace-count": "1"}
    sent = call(program.apm_port, "PUT", "/v0.4/traces", msgpack.packb([[apm]]), headers)
    assert sent.status == 200, sent.body
    send_events(program)


def send_events(program: Catalejo) -> None:
    """The same of events, over HTTP and by DogStatsD, which is read when it is kept."""
    happened = {"title": f"paid with {CARD}", "text": f"by {BARE}", "aggregation_key": CARD,
                "tags": [f"card:{CARD}", "service:shop"]}  # fmt: skip
    sent = call(program.http_port, "POST", "/api/v1/events", json.dumps(happened).encode())
    assert sent.status == 202, sent.body
    check = f"_sc|pay|2|#card:{CARD}|m:declined {CARD}"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(check.encode(), ("127.0.0.1", program.statsd_port))
    until(lambda: program.api.get("/api/v1/ledger")["events"]["stored"] == 2, "both are kept")


def files_with(folder: Path, needles: list[bytes]) -> list[str]:
    return [
        str(path.relative_to(folder))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and any(needle in path.read_bytes() for needle in needles)
    ]


def test_a_card_number_is_nowhere_on_the_disk(program: Catalejo, tmp_path: Path) -> None:
    ask(program, "POST", "/rules", {"app": "*", "target": "pii", "action": "mask"})
    send_everywhere(program, "redaction-disk")
    # The log still holds the rows: nobody waited for the database.
    program.kill()
    assert files_with(tmp_path, NEEDLES) == []
    program.start()

    def counted() -> dict[str, int]:
        lines = ask(program, "GET", "/report?from=now-1d")["lines"]
        return {line["app"]: line["times"] for line in lines if line["rule"] == "card_number"}

    until(lambda: sum(counted().values()) > 10, "the report counts what was taken out")
    (row,) = program.api.spans(ml_app="redaction-disk")
    span = program.api.trace(row["trace_id"])["spans"][0]
    assert "redacted" in span["flags"]
    assert span["tags"]["card"] == "[card number]"
    assert int(span["tags"]["redacted.card_number"]) > 10
    found = program.api.spans(query="redacted.card_number:*", ml_app="redaction-disk")
    assert [one["span_id"] for one in found] == [row["span_id"]]
    assert [message["content"] for message in span["input"]["messages"]] == ["[card number]"] * 4
    now = int(time.time())
    [happened] = until(
        lambda: program.api.get("/api/v1/events", start=now - 600, end=now + 60)["events"],
        "the event is there",
    )
    assert happened["title"] == "paid with [card number]"
    assert happened["tags"] == ["card:_card_number_", "redacted.card_number:4", "service:shop"]
    [check] = program.api.get("/api/v1/service_checks")["checks"]
    assert check["message"] == "declined [card number]"
    assert files_with(tmp_path, NEEDLES) == []


def test_rules_are_tried_on_what_was_stored(program: Catalejo) -> None:
    send_everywhere(program, "redaction-past")
    # Without a rule it is there: the search of the other test can find something.
    assert files_with(program.data, NEEDLES) != []
    until(lambda: program.api.spans(ml_app="redaction-past"), "the span is stored")
    asked = {"app": "redaction-past", "rule": {"target": "card_number", "action": "mask"}}
    run = ask(program, "POST", "/dry-run", asked)
    assert run["spans"] == run["spans_hit"] == 1
    assert run["next"] is None
    (line,) = run["counts"]
    assert (line["app"], line["rule"]) == ("redaction-past", "card_number")
    assert line["times"] > 10
    # A trial changes nothing.
    assert ask(program, "GET", "")["rules"] == []
    assert ask(program, "POST", "/dry-run", {"app": "redaction-past"})["spans_hit"] == 0


def test_what_was_taken_out_is_in_the_metrics(program: Catalejo) -> None:
    ask(program, "POST", "/rules", {"app": "redaction-count", "target": "email", "action": "hash"})
    for span_id in (1, 2):
        assert (
            post(
                program,
                body_of(
                    event(span_id, "ana@example.com y ana@example.com", ml_app="redaction-count")
                ),
            ).status
            == 202
        )
    metrics = call(program.http_port, "GET", "/metrics").body.decode()
    wanted = 'catalejo_redacted_total{app="redaction-count",rule="email"}'
    (line,) = [line for line in metrics.splitlines() if line.startswith(wanted)]
    assert int(line.split()[-1]) >= 4


def test_the_tracer_lets_none_of_it_out(program: Catalejo) -> None:
    """CATALEJO_REDACT: no rule holds at the server, and it never sees the number."""
    code = f"""
from catalejo.sdk.llmobs import LLMObs
with LLMObs.llm(name="pay", model_name="gpt-4o"):
    LLMObs.annotate(input_data="cobra {CARD}", metadata={{"card": int("{BARE}")}})
"""
    home = venv("tracer") / "bin"
    done = subprocess.run(
        [home / "catalejo", "run", home / "python", "-c", code],
        env=plain_environment()
        | {
            "DD_TRACE_AGENT_URL": f"http://127.0.0.1:{program.apm_port}",
            "DD_LLMOBS_ML_APP": "redaction-tracer",
            "CATALEJO_REDACT": "pii,secrets",
        },
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    until(lambda: program.api.spans(ml_app="redaction-tracer"), "the span is stored")
    (row,) = program.api.spans(ml_app="redaction-tracer")
    span = program.api.trace(row["trace_id"])["spans"][0]
    assert span["input"]["messages"][0]["content"] == "cobra [card number]"
    assert span["tags"]["redacted.card_number"] == "2"
    assert files_with(program.data, NEEDLES) == []
