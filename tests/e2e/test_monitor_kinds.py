"""Monitors of others and of spans, told by webhook; what they would have said of the past."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from datadog_api_client.exceptions import ApiException
from datadog_api_client.v1.api.monitors_api import MonitorsApi

from tests.e2e.harness.datadog_client import client_of
from tests.e2e.harness.load import body_of, event, post
from tests.e2e.harness.program import Catalejo, until
from tests.e2e.harness.receiver import Receiver
from tests.e2e.test_monitors import ask, asked, hook, send, started, state, when


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalejo]:
    with started(tmp_path_factory.mktemp("monitor_kinds") / "data") as server:
        yield server


def made(server: Catalejo, kind: str, query: str, message: str = "", **options: Any) -> int:
    body = {"name": query[:40], "type": kind, "query": query, "message": message}
    return int(ask(server, "POST", "/api/v1/monitor", body | {"options": options})["id"])


def test_a_composite_tells_of_the_groups_its_members_have_in_common(server: Catalejo) -> None:
    with Receiver() as receiver:
        hook(server, "both", receiver)
        hot = made(server, "query alert", "avg(last_1m):avg:heat{*} by {room} > 50")
        loud = made(server, "query alert", "avg(last_1m):avg:noise{*} by {place} > 50")
        both = made(
            server, "composite", f"{hot} && {loud}",
            "{{#is_alert}}{{room.name}}: {{a.value}} and {{b.value}}{{/is_alert}} @webhook-both",
        )  # fmt: skip
        send(server, "heat", [(10, 60.0)], "room:a")
        send(server, "heat", [(10, 61.0)], "room:b")
        send(server, "noise", [(10, 20.0)], "place:a")
        until(lambda: state(server, both) == "OK", "the common group is there")
        assert state(server, hot) == "Alert"
        kept = ask(server, "GET", f"/api/v1/monitor/{both}")
        assert (set(kept["state"]["groups"]), kept["multi"]) == ({"room:a"}, True)
        send(server, "noise", [(5, 140.0)], "place:a")
        told = until(lambda: receiver.taken, "the alert comes")[0]
        assert (told.json["what"], told.json["text"]) == ("Triggered", "a: 60 and 80")
        send(server, "noise", [(0, 0.0)], "place:a")
        send(server, "noise", [(1, -140.0)], "place:a")
        until(lambda: receiver.taken[1:], "the recovery comes")
        assert receiver.taken[1].json["what"] == "Recovered"
    found = ask(server, "GET", "/api/v1/monitor/search?query=type:composite")["monitors"]
    assert [one["id"] for one in found] == [both]


def test_a_member_is_not_removed_by_mistake_and_named_when_it_is_missing(server: Catalejo) -> None:
    one = made(server, "query alert", "avg(last_1m):avg:one{*} > 50")
    not_one = made(server, "composite", f"!{one}")
    send(server, "one", [(10, 20.0)])
    until(lambda: state(server, not_one) == "Alert", "the opposite of OK")
    for query, says in (
        ("1 && 999999", "there is no monitor 999999"), (f"!{not_one}", "composite itself"),
        ("1 &&", "the number of a monitor belongs here"),
    ):  # fmt: skip
        body = {"name": "n", "type": "composite", "query": query}
        for path in ("/api/v1/monitor", "/api/v1/monitor/validate"):
            refused = asked(server, "POST", path, body)
            assert refused.status == 400, path
            assert says in refused.body.decode(), path
    assert asked(server, "DELETE", f"/api/v1/monitor/{one}").status == 400
    with client_of(server) as client:
        api = MonitorsApi(client)  # type: ignore[no-untyped-call]
        with pytest.raises(ApiException) as refused_by_client:
            api.check_can_delete_monitor([one, not_one])
        assert refused_by_client.value.status == 409
        assert api.delete_monitor(one, force="true").deleted_monitor_id == one
    path = f"/api/v1/monitor/{not_one}"
    kept = until(
        lambda: when(found := ask(server, "GET", path), found["catalejo"]["problem"] != ""),
        "it is named",
    )
    assert kept["catalejo"]["problem"] == f"there is no monitor {one}"
    assert kept["overall_state"] == "Alert"
    imported = ask(
        server, "POST", "/api/v1/monitors/import",
        {"name": "elsewhere", "type": "composite", "query": "5 || 6"},
    )  # fmt: skip
    assert imported["overall_state"] == "Unknown"


def calls(
    server: Catalejo, first: int, count: int, app: str, ago: int = 2, **more: Any
) -> list[dict[str, Any]]:
    """So many calls of an application that ended some seconds ago."""
    start_ns = time.time_ns() - ago * 1_000_000_000
    spans = []
    for number in range(first, first + count):
        span = event(number, f"call {number}", ml_app=app, start_ns=start_ns)
        span |= {"duration": 500_000_000, "session_id": f"s{number % 2}"} | more
        span["metrics"] = {"input_tokens": 1_000, "output_tokens": 10, "total_tokens": 1_010}
        span["tags"] += ["team:sea", f"session_id:s{number % 2}"]
        spans.append(span)
    assert post(server, body_of(*spans)).status == 202
    return spans


def test_a_search_is_watched_by_groups(server: Catalejo) -> None:
    with Receiver() as receiver:
        hook(server, "search", receiver)
        monitor = made(
            server, "llm-observability alert",
            'llm-observability("status:error -@ml_app:other").rollup("count").by("ml_app")'
            '.last("1m") >= 3',
            "{{#is_alert}}{{value}} errors in {{ml_app.name}}{{/is_alert}} @webhook-search",
        )  # fmt: skip
        calls(server, 100, 3, "shop", status="error")
        calls(server, 200, 2, "blog", status="error")
        calls(server, 300, 9, "other", status="error")
        calls(server, 400, 9, "shop")
        told = until(lambda: receiver.taken, "the alert comes")[0]
        assert told.json["text"] == "3 errors in shop"
        kept = ask(server, "GET", f"/api/v1/monitor/{monitor}")
        states = {name: one["status"] for name, one in kept["state"]["groups"].items()}
        assert states == {"ml_app:shop": "Alert", "ml_app:blog": "OK"}
        found = ask(server, "GET", "/api/v1/monitor/search?query=type:llm-observability")
        assert [one["id"] for one in found["monitors"]] == [monitor]


@pytest.fixture(scope="module")
def measured(server: Catalejo) -> Catalejo:
    """Four calls of 1 000 and 10 tokens of a model of the catalogue, half of them judged fine."""
    spans = calls(server, 500, 4, "measured", ago=90)
    metrics = [
        {
            "join_on": {"span": {"trace_id": span["trace_id"], "span_id": span["span_id"]}},
            "label": "tone", "metric_type": "score", "score_value": score, "ml_app": "measured",
            "timestamp_ms": time.time_ns() // 1_000_000,
        }
        for span, score in zip(spans, (0.0, 1.0, 0.0, 0.0), strict=True)
    ]  # fmt: skip
    body = {"data": {"type": "evaluation_metric", "attributes": {"metrics": metrics}}}
    answer = asked(server, "POST", "/api/intake/llm-obs/v2/eval-metric", body)
    assert answer.status == 202, answer.body
    return server


@pytest.mark.parametrize(
    ("rollup", "group", "value"),
    [
        ('.rollup("avg", "@duration")', "*", 500_000_000.0),
        ('.rollup("p95", "@duration")', "*", 500_000_000.0),
        ('.rollup("sum", "@metrics.total_tokens")', "*", 4_040.0),
        ('.rollup("max", "@metrics.input_tokens").by("@meta.model_name")',
         "@meta.model_name:gpt-4o-2024-11-20", 1_000.0),
        ('.rollup("cardinality", "@session_id")', "*", 2.0),
        ('.rollup("sum", "@cost")', "*", 4_000 * 2.5e-6 + 40 * 1e-5),
        ('.rollup("sum", "@metrics.estimated_total_cost")', "*", 4_000 * 2.5e3 + 40 * 1e4),
        ('.rollup("avg", "@evaluation.tone.value")', "*", 0.25),
        ('.rollup("count").by("team,env")', "team:sea,env:e2e", 4.0),
    ],
)  # fmt: skip
def test_figures_of_spans(measured: Catalejo, rollup: str, group: str, value: float) -> None:
    query = f'llm-observability("@ml_app:measured"){rollup}.last("1h") > 1e15'
    monitor = {"name": "n", "type": "llm-observability alert", "query": query}

    def seen() -> Any:
        minute = int(time.time()) // 60 * 60
        body = {"monitor": monitor, "from": minute, "to": minute, "points": True}
        lines = ask(measured, "POST", "/api/v1/monitors/replay", body)["lines"]
        return [(line["group"], line["values"][-1][1]) for line in lines]

    [(name, figure)] = until(seen, "the spans are seen")
    assert (name, figure) == (group, pytest.approx(value))


def tried_on(server: Catalejo, *arguments: str) -> subprocess.CompletedProcess[str]:
    return server.command("monitor", "test", *arguments, "--key", server.key)


def test_the_past_says_when_it_would_have_gone_off(server: Catalejo, tmp_path: Path) -> None:
    # An hour ago it was too warm for ten minutes.
    points = [(ago * 60, 80.0 if 50 <= ago < 60 else 20.0) for ago in range(90)]
    send(server, "past", points, "room:a")

    # A replay looks minute by minute: it is asked for when nothing more comes in meanwhile.
    def stored() -> bool:
        now = int(time.time())
        window = {"from": now - 7_200, "to": now + 60}
        lines = server.api.get("/api/v1/query", query="sum:past{*}.rollup(sum, 60)", **window)
        values = [float(v) for line in lines["series"] for _, v in line["pointlist"]]
        return sum(values) == 80 * 20 + 10 * 80

    until(stored, "the points are stored")
    file = tmp_path / "monitor.json"
    definition = {
        "name": "Past of {{room.name}}", "type": "query alert",
        "query": "avg(last_1m):avg:past{*} by {room} > 50", "message": "{{value}} now",
    }  # fmt: skip
    file.write_text(json.dumps({"version": 2, "definition": definition}))

    def replayed() -> Any:
        done = tried_on(server, str(file), "--from", "85m", "--json")
        return when(json.loads(done.stdout), done.returncode == 1)

    said = until(replayed, "it has gone off")
    assert said["fired"] is True
    assert 84 <= said["looks"] <= 86
    changes = said["changes"]
    assert [(one["from"], one["to"], one["told"]) for one in changes] == [
        ("Unknown", "OK", False), ("OK", "Alert", True), ("Alert", "OK", True),
    ]  # fmt: skip
    assert changes[1]["title"] == "[Triggered on {room:a}] Past of a"
    assert changes[1]["message"] == "80 now"
    assert changes[2]["at"] - changes[1]["at"] == 600
    # In two requests it is the same.
    middle = changes[1]["at"] + 300
    halves: list[Any] = []
    state: Any = None
    start = changes[1]["at"] - 600
    for begin, end in ((start, middle), (middle + 60, middle + 900)):
        body = {"monitor": definition, "from": begin, "to": end}
        part = ask(server, "POST", "/api/v1/monitors/replay",
                   body | ({"state": state} if state else {}))  # fmt: skip
        state = part["state"]
        halves += part["changes"]
    assert halves[1:] == changes[1:]
    text = tried_on(server, str(file), "--from", "85m")
    assert text.returncode == 1
    assert "OK → Alert  room:a  80  [Triggered on {room:a}] Past of a" in text.stdout
    assert "it would have gone off" in text.stdout
    quiet = tried_on(server, str(file), "--from", "40m")
    assert quiet.returncode == 0, quiet.stdout
    for arguments, says in (
        ((str(tmp_path / "none.json"),), "none.json"), (("999999",), "no such monitor"),
        ((str(file), "--from", "soon"), "'soon' is no time"),
    ):  # fmt: skip
        wrong = tried_on(server, *arguments)
        assert wrong.returncode == 2, wrong.stderr
        assert says in wrong.stderr
    # Nothing was kept of it.
    names = [one["name"] for one in ask(server, "GET", "/api/v1/monitor")]
    assert definition["name"] not in names
