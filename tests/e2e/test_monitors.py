"""Monitors at Datadog's paths: kept by its own client, looked at, told by webhook, across kills."""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from datadog_api_client.exceptions import ApiException
from datadog_api_client.v1.api.monitors_api import MonitorsApi
from datadog_api_client.v1.api.webhooks_integration_api import WebhooksIntegrationApi
from datadog_api_client.v1.model.monitor import Monitor
from datadog_api_client.v1.model.monitor_options import MonitorOptions
from datadog_api_client.v1.model.monitor_thresholds import MonitorThresholds
from datadog_api_client.v1.model.monitor_type import MonitorType
from datadog_api_client.v1.model.monitor_update_request import MonitorUpdateRequest
from datadog_api_client.v1.model.webhooks_integration import WebhooksIntegration
from datadog_api_client.v1.model.webhooks_integration_encoding import WebhooksIntegrationEncoding
from datadog_api_client.v1.model.webhooks_integration_update_request import (
    WebhooksIntegrationUpdateRequest,
)

from tests.e2e.harness.datadog_client import client_of
from tests.e2e.harness.page_api import Answer, call
from tests.e2e.harness.program import Catalejo, until
from tests.e2e.harness.receiver import Receiver

METRIC = MonitorType("metric alert")  # type: ignore[no-untyped-call]
JSON = WebhooksIntegrationEncoding("json")  # type: ignore[no-untyped-call]
TOKENS_HIGH = {
    "version": 2,
    "created_at": "2023-08-09",
    "title": "Token usage",
    "tags": ["integration:openai"],
    "description": "…",
    "definition": {
        "message": "{{#is_alert}}Tokens {{value}}{{/is_alert}}",
        "name": "Token usage is abnormally high",
        "options": {
            "thresholds": {"critical": 1, "critical_recovery": 0},
            "threshold_windows": {"trigger_window": "last_30m", "recovery_window": "last_15m"},
            "on_missing_data": "show_no_data",
            "renotify_interval": 0,
            "require_full_window": False,
            "include_tags": False,
            "notify_audit": False,
            "notify_by": ["service"],
        },
        "query": "avg(last_12h):anomalies(sum:openai.completions.input_tokens{*}.as_count() + "
        "sum:openai.completions.output_tokens{*}.as_count(), 'basic', 2, direction='both', "
        "interval=120, alert_window='last_30m', count_default_zero='true', seasonality='hourly') "
        ">= 1",
        "tags": ["integration:openai"],
        "type": "query alert",
    },
}


def started(data: Path, **settings: str) -> Catalejo:
    server = Catalejo(data, {"CATALEJO_MONITOR_SECONDS": "2", **settings})
    server.create_key("monitors")
    return server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalejo]:
    with started(tmp_path_factory.mktemp("monitors") / "data") as server:
        yield server


def asked(server: Catalejo, method: str, path: str, body: Any = None) -> Answer:
    sent = b"" if body is None else json.dumps(body).encode()
    headers = {"DD-API-KEY": server.key, "Content-Type": "application/json"}
    return call(server.http_port, method, path, sent, headers)


def ask(server: Catalejo, method: str, path: str, body: Any = None) -> Any:
    answer = asked(server, method, path, body)
    assert answer.status < 300, answer.body
    return answer.json()


def send(server: Catalejo, metric: str, points: list[tuple[int, float]], *tags: str) -> None:
    """Points as (seconds ago, value) of a gauge."""
    now = int(time.time())
    series = {
        "metric": metric, "type": 3, "tags": list(tags),
        "points": [{"timestamp": now - ago, "value": value} for ago, value in points],
    }  # fmt: skip
    answer = asked(server, "POST", "/api/v2/series", {"series": [series]})
    assert answer.status == 202, answer.body


def hook(server: Catalejo, name: str, receiver: Receiver) -> None:
    ask(
        server, "POST", "/api/v1/integration/webhooks/configuration/webhooks",
        {
            "name": name, "url": f"{receiver.url}/{name}",
            "payload": '{"what":"$ALERT_TRANSITION","title":"$EVENT_TITLE","text":"$EVENT_MSG",'
            '"scope":"$ALERT_SCOPE","cycle":"$ALERT_CYCLE_KEY","room":"$TAGS[room]"}',
        },
    )  # fmt: skip


def watch(server: Catalejo, metric: str, name: str, **options: Any) -> int:
    made = ask(
        server, "POST", "/api/v1/monitor",
        {
            "name": "Warm in {{room.name}}", "type": "query alert", "options": options,
            "query": f"avg(last_1m):avg:{metric}{{*}} by {{room}} > 50",
            "message": "{{#is_alert}}It has {{value}} degrees, more than {{threshold}}{{/is_alert}}"
            f"{{{{#is_recovery}}}}Fine again{{{{/is_recovery}}}} @webhook-{name}",
        },
    )  # fmt: skip
    return int(made["id"])


def when(value: Any, holds: bool) -> Any:
    """For until(): the value once it is as it should be."""
    return value if holds else None


def all_told(server: Catalejo, state: str, path: str = "/api/v1/monitors/notices") -> Any:
    notices = ask(server, "GET", path)["notices"]
    return when(notices, all(one["state"] == state for one in notices))


def state(server: Catalejo, monitor: int) -> str:
    return str(ask(server, "GET", f"/api/v1/monitor/{monitor}")["overall_state"])


def test_a_monitor_alerts_tells_and_recovers(server: Catalejo) -> None:
    with Receiver() as receiver:
        hook(server, "warm", receiver)
        monitor = watch(server, "warm", "warm")
        send(server, "warm", [(20, 20.0)], "room:a")
        until(lambda: state(server, monitor) == "OK", "it is looked at")
        send(server, "warm", [(10, 100.0)], "room:a")
        alert = until(lambda: receiver.taken, "the alert comes")[0]
        assert alert.path == "/warm"
        assert alert.json == {
            "what": "Triggered", "title": "[Triggered on {room:a}] Warm in a",
            "text": "It has 60 degrees, more than 50", "scope": "room:a",
            "cycle": alert.json["cycle"], "room": "a",
        }  # fmt: skip
        assert state(server, monitor) == "Alert"
        send(server, "warm", [(0, 0.0)], "room:a")
        recovery = until(lambda: receiver.taken[1:], "the recovery comes")[0]
        assert recovery.json["what"] == "Recovered"
        assert recovery.json["text"] == "Fine again"
        assert recovery.json["cycle"] == alert.json["cycle"]
        assert recovery.key != alert.key
    events = ask(server, "GET", f"/api/v1/monitors/{monitor}/events")["events"]
    assert [(event["from"], event["to"]) for event in events] == [
        ("Alert", "OK"), ("OK", "Alert"), ("Unknown", "OK"),
    ]  # fmt: skip
    notices = ask(server, "GET", f"/api/v1/monitors/notices?monitor={monitor}")["notices"]
    assert [(one["state"], one["http_status"], one["attempts"]) for one in notices] == [
        ("delivered", 200, 1)
    ] * 2
    assert notices[1]["title"] == "[Triggered on {room:a}] Warm in a"


def test_what_is_muted_is_told_when_that_ends_if_it_still_holds(server: Catalejo) -> None:
    with Receiver() as receiver:
        hook(server, "quiet", receiver)
        monitor = watch(server, "quiet", "quiet")
        muted = ask(server, "POST", f"/api/v1/monitor/{monitor}/mute?scope=room:a")
        assert muted["options"]["silenced"] == {"room:a": None}
        send(server, "quiet", [(10, 100.0)], "room:a")
        send(server, "quiet", [(10, 100.0)], "room:b")
        until(lambda: receiver.taken, "the alert of the other room comes")
        until(
            lambda: {
                event["what"]
                for event in ask(server, "GET", f"/api/v1/monitors/{monitor}/events")["events"]
            } == {"changed", "muted"},
            "the muted one is noted",
        )  # fmt: skip
        assert [one.json["room"] for one in receiver.taken] == ["b"]
        ask(server, "POST", f"/api/v1/monitor/{monitor}/unmute?scope=room:a")
        until(lambda: receiver.taken[1:], "the alert of the muted room comes")
        assert receiver.taken[1].json["room"] == "a"


def test_a_notice_outlives_a_kill_and_is_not_told_twice(tmp_path: Path) -> None:
    with Receiver(status=503) as receiver, started(tmp_path / "data") as server:
        hook(server, "kill", receiver)
        monitor = watch(server, "killed", "kill")
        send(server, "killed", [(10, 100.0)], "room:a")
        until(lambda: receiver.all, "it is tried")
        server.kill()
        receiver.status = 200
        server.start()
        until(lambda: receiver.taken, "it is delivered by the next process")
        until(lambda: state(server, monitor) == "Alert", "the state is there again")
        # Several looks later nothing more was said.
        looked = ask(server, "GET", f"/api/v1/monitor/{monitor}")["catalejo"]["looked_at"]
        until(
            lambda: (
                ask(server, "GET", f"/api/v1/monitor/{monitor}")["catalejo"]["looked_at"]
                >= looked + 8
            ),
            "it is looked at again",
        )
        assert len(receiver.taken) == 1
        assert {one.key for one in receiver.all} == {receiver.taken[0].key}
        [notice] = ask(server, "GET", "/api/v1/monitors/notices")["notices"]
        assert (notice["state"], notice["key"]) == ("delivered", receiver.taken[0].key)
        assert notice["attempts"] == len(receiver.all)


def test_killed_at_any_moment_each_change_is_told_once(tmp_path: Path) -> None:
    chance = random.Random(7)
    with Receiver() as receiver:
        server = started(tmp_path / "data", CATALEJO_MONITOR_SECONDS="1")
        with server:
            hook(server, "often", receiver)
            monitor = watch(server, "often", "often")
        for room in range(5):
            server.start()
            send(server, "often", [(10, 100.0)], f"room:{room}")
            time.sleep(chance.uniform(0.2, 2.5))
            server.kill()
        with server:
            path = f"/api/v1/monitor/{monitor}"
            groups = until(
                lambda: when(found := ask(server, "GET", path)["state"]["groups"], len(found) == 5),
                "all rooms are seen",
            )
            assert set(groups) == {f"room:{room}" for room in range(5)}
            notices = until(lambda: all_told(server, "delivered"), "all notices are delivered")
        triggered = [one for one in receiver.taken if one.json["what"] == "Triggered"]
        # A kill between the answer and its note makes one come again: with the same key.
        told = Counter(one.json["room"] for one in {one.key: one for one in triggered}.values())
        assert told == {str(room): 1 for room in range(5)}
        assert {one.key for one in receiver.taken} == {one["key"] for one in notices}


def test_what_nobody_takes_is_given_up_and_said(server: Catalejo) -> None:
    with Receiver(status=404, answer=b"no such hook") as receiver:
        hook(server, "refuses", receiver)
        monitor = watch(server, "refused", "refuses @webhook-missing")
        send(server, "refused", [(10, 100.0)], "room:a")
        path = f"/api/v1/monitors/notices?monitor={monitor}"
        notices = until(lambda: all_told(server, "given_up", path), "both are given up")
        assert len(notices) == 2
        problems = {one["channel"]: one["problem"] for one in notices}
        assert problems == {
            "webhook-refuses": "HTTP 404: no such hook",
            "webhook-missing": "there is no such channel",
        }
        tried = ask(server, "POST", "/api/v1/channels/webhook-refuses/try")
        assert (tried["delivered"], tried["http_status"]) == (False, 404)
        assert tried["problem"] == problems["webhook-refuses"]
        receiver.status = 200
        assert ask(server, "POST", "/api/v1/channels/webhook-refuses/try")["delivered"]
    assert asked(server, "POST", "/api/v1/channels/webhook-missing/try").status == 404


def test_datadogs_client_keeps_changes_finds_and_removes(server: Catalejo) -> None:
    with client_of(server) as client:
        api = MonitorsApi(client)  # type: ignore[no-untyped-call]
        body = Monitor(
            name="CPU of {{host.name}} ñ",
            type=METRIC,
            query="avg(last_5m):avg:system.cpu.user{env:prod} by {host} > 90",
            message="{{#is_alert}}hot{{/is_alert}} @webhook-ops",
            tags=["team:sea", "env:prod"],
            priority=2,
            options=MonitorOptions(
                thresholds=MonitorThresholds(critical=90.0, warning=80.0),
                renotify_interval=60, include_tags=True, evaluation_delay=60,
            ),
        )  # fmt: skip
        assert api.validate_monitor(body=body) is not None
        made = api.create_monitor(body=body)
        assert made.name == "CPU of {{host.name}} ñ"
        assert made.multi is True
        assert made.options.thresholds.warning == 80.0
        got = api.get_monitor(made.id, group_states="all")
        assert (got.query, got.tags, got.priority) == (body.query, body.tags, 2)
        changed = api.update_monitor(made.id, body=MonitorUpdateRequest(name="CPU", priority=None))
        assert (changed.name, changed.message) == ("CPU", body.message)
        assert made.id in [one.id for one in api.list_monitors(monitor_tags="team:sea")]
        assert api.list_monitors(monitor_tags="team:land") == []
        found = api.search_monitors(query='tag:"team:sea" CPU')
        assert [one.id for one in found.monitors] == [made.id]
        assert found.metadata.total_count == 1
        assert api.search_monitor_groups(query=f"id:{made.id}").groups is not None
        assert api.check_can_delete_monitor([made.id]).data.ok == [made.id]
        assert api.delete_monitor(made.id).deleted_monitor_id == made.id
        for wrong in (made.id, 999_999):
            with pytest.raises(ApiException) as refused:
                api.get_monitor(wrong)
            assert refused.value.status == 404
        with pytest.raises(ApiException) as refused:
            api.validate_monitor(body=Monitor(type=METRIC, query="avg:a{*}"))
        assert refused.value.status == 400


def test_datadogs_client_keeps_webhooks(server: Catalejo) -> None:
    with client_of(server) as client:
        api = WebhooksIntegrationApi(client)  # type: ignore[no-untyped-call]
        made = api.create_webhooks_integration(
            body=WebhooksIntegration(
                name="client", url="https://hooks.example/x", custom_headers='{"X":"y"}',
                encode_as=JSON, payload='{"a":"$ALERT_ID"}',
            )
        )  # fmt: skip
        assert made.name == "client"
        changed = api.update_webhooks_integration(
            "client", body=WebhooksIntegrationUpdateRequest(url="https://hooks.example/y")
        )
        assert (changed.url, changed.payload) == ("https://hooks.example/y", '{"a":"$ALERT_ID"}')
        assert api.get_webhooks_integration("client").url == "https://hooks.example/y"
        api.delete_webhooks_integration("client")
        with pytest.raises(ApiException) as refused:
            api.get_webhooks_integration("client")
        assert refused.value.status == 404


def test_an_asset_is_imported_whole_and_what_is_not_acted_upon_is_named(server: Catalejo) -> None:
    made = ask(server, "POST", "/api/v1/monitors/import", TOKENS_HIGH)
    definition: dict[str, Any] = TOKENS_HIGH["definition"]  # type: ignore[assignment]
    assert {name: made[name] for name in definition} == definition
    assert made["catalejo"]["unsupported"] == ["options.notify_by"]
    log = {"name": "l", "type": "log alert", "query": 'logs("x").rollup("count").last("5m") > 1'}
    kept = ask(server, "POST", "/api/v1/monitors/import", log)
    assert kept["overall_state"] == "Ignored"
    assert kept["catalejo"]["unsupported"] == ["type: log alert"]
    until(
        lambda: ask(server, "GET", f"/api/v1/monitor/{made['id']}")["catalejo"]["looked_at"],
        "the anomaly monitor is looked at",
    )
    known = ask(server, "GET", f"/api/v1/monitor/{made['id']}")
    assert known["catalejo"]["problem"] == ""


def test_bad_input_is_refused_with_a_reason(server: Catalejo) -> None:
    path = "/api/v1/monitor"
    for body, where in (
        ("x", "body"), ({}, "type"), ({"name": "a", "type": "query alert"}, "query"),
        ({"name": "a", "type": "query alert", "query": "avg(last_5m):cpu > 1"}, "query"),
        ({"name": "a", "type": "query alert", "query": "avg(last_5m):avg:a{*} > 1",
          "options": {"thresholds": {"critical": 2}}}, "options.thresholds.critical"),
    ):  # fmt: skip
        answer = asked(server, "POST", path, body)
        assert (answer.status, answer.json()["errors"][0]["where"]) == (400, where), answer.body
    large = {"name": "a", "type": "log alert", "query": "x" * 300_000}
    assert asked(server, "POST", path, large).status == 413
