"""Events and service checks by every way in, read back by Datadog's own clients."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from datadog_api_client.exceptions import ApiException, NotFoundException
from datadog_api_client.v1.api.events_api import EventsApi
from datadog_api_client.v1.api.service_checks_api import ServiceChecksApi
from datadog_api_client.v1.model.event_alert_type import EventAlertType
from datadog_api_client.v1.model.event_create_request import EventCreateRequest
from datadog_api_client.v1.model.event_priority import EventPriority
from datadog_api_client.v1.model.service_check import ServiceCheck
from datadog_api_client.v1.model.service_check_status import ServiceCheckStatus
from datadog_api_client.v1.model.service_checks import ServiceChecks
from datadog_api_client.v2.api.events_api import EventsApi as EventsApiV2
from datadog_api_client.v2.model.events_list_request import EventsListRequest
from datadog_api_client.v2.model.events_query_filter import EventsQueryFilter
from datadog_api_client.v2.model.events_request_page import EventsRequestPage
from datadog_api_client.v2.model.events_sort import EventsSort

from tests.e2e.harness.datadog_client import client_of, send_by
from tests.e2e.harness.page_api import Answer, call
from tests.e2e.harness.program import Catalejo, until

WAYS = ("udp", "unixgram", "unixstream")
ERROR = EventAlertType("error")  # type: ignore[no-untyped-call]
LOW = EventPriority("low")  # type: ignore[no-untyped-call]
OLDEST_FIRST = EventsSort("timestamp")  # type: ignore[no-untyped-call]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalejo]:
    server = Catalejo(tmp_path_factory.mktemp("events") / "data", {"CATALEJO_MONITOR_SECONDS": "2"})
    server.settings["CATALEJO_STATSD_STREAM_SOCKET"] = f"{server.statsd_socket}.stream"
    server.create_key()
    with server:
        yield server


@pytest.fixture(scope="module")
def answers(server: Catalejo) -> dict[str, Any]:
    """What the API answered to the `datadog` package, which has sent everything by now."""
    told: dict[str, Any] = json.loads(send_by(server, "send_events"))
    return told


def listed(server: Catalejo, **asked: Any) -> list[Any]:
    now = int(time.time())
    with client_of(server) as client:
        api = EventsApi(client)  # type: ignore[no-untyped-call]
        answer = api.list_events(start=now - 3600, end=now + 60, **asked)
    assert answer.status == "ok"
    return list(answer.events)


def expected(server: Catalejo, count: int, **asked: Any) -> list[Any]:
    """So many, once they are there."""

    def found() -> list[Any]:
        rows = listed(server, **asked)
        return rows if len(rows) >= count else []

    return until(found, f"{count} events of {asked} are there")


def post(server: Catalejo, path: str, body: Any) -> Answer:
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"DD-API-KEY": server.key, "Content-Type": "application/json"}
    return call(server.http_port, "POST", path, sent, headers)


def ledger(server: Catalejo) -> dict[str, Any]:
    account: dict[str, Any] = server.api.get("/api/v1/ledger")["events"]
    assert account["received"] == account["accounted"]
    return account


def test_every_way_of_dogstatsd_brings_everything(
    server: Catalejo, answers: dict[str, Any]
) -> None:
    for way in WAYS:
        plain, whole = expected(server, 2, tags=f"way:{way}")
        assert (whole.title, whole.text) == ("Despliegue ⚡", f"línea 1\nlínea 2 by {way}")
        assert (str(whole.alert_type), str(whole.priority)) == ("success", "low")
        assert whole.host == "web-1"
        assert whole.source_type_name == "jenkins"
        assert whole.tags == ["env:prod", f"way:{way}"]
        assert 55 < time.time() - whole.date_happened < 120
        assert whole.id_str == str(whole.id)
        assert (str(plain.alert_type), str(plain.priority)) == ("info", "normal")


def test_the_package_of_datadog_creates_finds_and_gets(answers: dict[str, Any]) -> None:
    first, retry = answers["created"]
    assert first["status"] == "ok"
    assert first["event"]["id"] == retry["event"]["id"]
    assert "older" in answers["refused"]["errors"][0]["detail"]
    [found] = answers["queried"]["events"]
    assert found["id"] == first["event"]["id"]
    assert found["title"] == "api event"
    assert answers["got"]["event"] == found
    assert answers["checked"]["status"] == "ok"
    assert "must be there" in answers["badly"]["errors"][0]["detail"]


def test_searches_find_what_they_say(server: Catalejo, answers: dict[str, Any]) -> None:
    made: list[tuple[str, dict[str, Any]]] = [
        ("a", {"alert_type": ERROR, "priority": LOW, "aggregation_key": "finding"}),
        ("b", {"alert_type": ERROR, "aggregation_key": "finding"}),
        ("c", {}),
    ]
    with client_of(server) as client:
        api = EventsApi(client)  # type: ignore[no-untyped-call]
        for name, more in made:
            body = EventCreateRequest(
                title=f"search {name}", text="cómo se busca", source_type_name="finder",
                tags=["find:me", f"name:{name}"], **more,
            )  # fmt: skip
            created = api.create_event(body=body).event
            assert created.title == f"search {name}"
            until(lambda number=created.id: has(api, number), "it is there")  # type: ignore[misc]

    def titles(**asked: Any) -> list[str]:
        return sorted(event.title[-1] for event in listed(server, tags="find:me", **asked))

    assert titles(unaggregated=True) == ["a", "b", "c"]
    assert len(titles()) == 2  # a and b have one key
    assert titles(unaggregated=True, priority=LOW) == ["a"]
    assert titles(unaggregated=True, sources="nobody,finder") == ["a", "b", "c"]
    assert titles(sources="nobody") == []
    assert titles(exclude_aggregate=True, page=1) == []

    def by_search(query: str) -> list[str]:
        now = int(time.time())
        answer = server.api.get(
            "/api/v1/events", start=now - 3600, end=now + 60, unaggregated="true", query=query
        )
        return sorted(event["title"][-1] for event in answer["events"])

    assert by_search("find:me status:error") == ["a", "b"]
    assert by_search("find:me -name:(a OR c)") == ["b"]
    assert by_search('"CÓMO SE BUSCA" name:*') == ["a", "b", "c"]
    assert by_search("source:finder priority:normal status:info") == ["c"]


def has(api: EventsApi, event: int) -> bool:
    try:
        return bool(api.get_event(event_id=event).event.id == event)
    except NotFoundException:
        return False


def test_the_newer_api_pages_through_them(server: Catalejo, answers: dict[str, Any]) -> None:
    now = int(time.time())
    for i in range(7):
        body = {"title": f"page {i}", "text": "x", "date_happened": now - 70 + 10 * i,
                "tags": ["paged:yes", "service:shop"]}  # fmt: skip
        assert post(server, "/api/v1/events", body).status == 202
    with client_of(server) as client:
        api = EventsApiV2(client)  # type: ignore[no-untyped-call]

        def found() -> list[Any]:
            begin = datetime.now(UTC) - timedelta(hours=1)
            return list(api.list_events_with_pagination(
                filter_query="paged:yes", filter_from=begin.isoformat(), page_limit=3))  # fmt: skip

        until(lambda: len(found()) == 7, "all seven are there")
        rows = found()
        assert [row.attributes.attributes.title for row in rows] == [
            f"page {i}" for i in reversed(range(7))
        ]
        assert rows[0].attributes.attributes.service == "shop"
        assert len({row.id for row in rows}) == 7
        search = EventsListRequest(
            filter=EventsQueryFilter(query="paged:yes", _from="now-1h", to="now"),
            page=EventsRequestPage(limit=5), sort=OLDEST_FIRST,
        )  # fmt: skip
        page = api.search_events(body=search)
        assert [row.attributes.attributes.title for row in page.data] == [
            f"page {i}" for i in range(5)
        ]
        search.page = EventsRequestPage(limit=5, cursor=page.meta.page.after)
        assert [row.attributes.attributes.title for row in api.search_events(body=search).data] == [
            "page 5", "page 6",
        ]  # fmt: skip
        assert api.get_event(event_id=rows[0].id).data.attributes.attributes.title == "page 6"


def test_the_newest_state_of_a_check_counts(server: Catalejo, answers: dict[str, Any]) -> None:
    now = int(time.time())
    ok, critical = (ServiceCheckStatus(status) for status in (0, 2))  # type: ignore[no-untyped-call]
    said = [("web", ok, 40), ("web", critical, 20), ("api", critical, 40), ("api", ok, 20)]
    with client_of(server) as client:
        api = ServiceChecksApi(client)  # type: ignore[no-untyped-call]
        checks = [
            ServiceCheck(check="app.up", host_name=host, status=status, timestamp=now - ago,
                         tags=["env:prod"], message=f"{ago} s ago")
            for host, status, ago in said
        ]  # fmt: skip
        body = ServiceChecks(checks)  # type: ignore[no-untyped-call]
        answer = api.submit_service_check(body=body)
        assert answer.status == "ok"

    def states(**asked: str) -> list[tuple[str, str, str]]:
        checks = server.api.get("/api/v1/service_checks", **asked)["checks"]
        return [(one["check"], one["host_name"], one["state"]) for one in checks]

    until(
        lambda: states(check="app.up") == [("app.up", "web", "critical"), ("app.up", "api", "ok")],
        "the newest of each is told, the worst first",
    )
    assert states(state="critical,unknown", tags="env:prod") == [("app.up", "web", "critical")]
    until(lambda: len(states(check="app.db")) == len(WAYS), "those of DogStatsD are there")
    [by_udp] = server.api.get("/api/v1/service_checks", check="app.db", tags="way:udp")["checks"]
    assert by_udp["message"] == "no answer\nm: since noon"
    assert by_udp["host_name"] == "db-1"
    assert states(check="app.queue") == [("app.queue", "q-1", "warning")]


def test_an_agent_is_understood(server: Catalejo) -> None:
    now = int(time.time())
    event = {"msg_title": "container started", "msg_text": "nginx", "timestamp": now,
             "host": "h-1", "tags": ["way:agent"]}  # fmt: skip
    body = {"apiKey": server.key, "internalHostname": "h-1", "events": {"docker": [event]}}
    assert post(server, "/intake/", body).status == 202
    [found] = until(lambda: listed(server, tags="way:agent"), "the agent's event is there")
    assert (found.title, found.source_type_name) == ("container started", "docker")


def test_bad_input_is_told_and_counted_and_the_rest_goes_on(server: Catalejo) -> None:
    before = ledger(server)["rejected"]
    now = int(time.time())
    for body, word in (
        ({"text": "no title"}, "title"),
        ({"title": "a", "text": "b", "priority": "urgent"}, "normal or low"),
        ({"title": "a", "text": "b", "date_happened": 4_102_444_800}, "ahead"),
        ({"title": "a", "text": "b", "date_happened": "noon"}, "Unix seconds"),
        ([], "object"), (b"\xff\xfe", ""), (b"{", ""),
    ):  # fmt: skip
        answer = post(server, "/api/v1/events", body)
        assert answer.status == 400, body
        assert word in answer.json()["errors"][0]["detail"], body
    good = {"check": "mixed.good", "status": 0, "timestamp": now}
    assert (
        post(server, "/api/v1/check_run", [good, {"check": "mixed.bad", "status": 9}]).status == 202
    )
    bomb = {"title": "bomb", "text": "x" * 100_000, "tags": [f"way:{i}" for i in range(10_000)]}
    assert post(server, "/api/v1/events", bomb).status == 202
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.connect(str(server.statsd_socket))
        sender.send(
            b"_e{9,9}:a|b\n_sc|db|7\n_e{\n_sc|\n\xff\xfe\x00\n_e{2,1}:\xff\xfe|b|#way:binary"
        )
    [found] = until(lambda: listed(server, tags="way:binary"), "the line among bad ones is there")
    assert found.title == "��"
    until(lambda: ledger(server)["rejected"].get("event_lengths", 0) >= 2, "bad lines are counted")
    rejected = ledger(server)["rejected"]
    for reason, least in (
        ("no_title", 1), ("priority", 1), ("in_the_future", 1), ("wrong_type", 1),
        ("check_status", 2), ("no_name", 1),
    ):  # fmt: skip
        assert rejected.get(reason, 0) - before.get(reason, 0) >= least, reason
    [bombed] = until(lambda: listed(server, tags="way:0"), "the bomb is there, cut")
    assert (len(bombed.tags), len(bombed.text)) == (100, 4000)
    assert ledger(server)["cut"] >= 1


def test_a_wrong_question_is_told_why(server: Catalejo) -> None:
    for asked, word in (
        ({"start": 1}, "end"), ({"start": 5, "end": 1}, "before"),
        ({"start": 1_700_000_000_000_000, "end": 1}, "Unix seconds"),
        ({"start": 1, "end": 2, "query": "env:a ("}, "at character"),
        ({"start": 1, "end": 2, "quary": "x"}, "no parameter"),
        ({"start": 1, "end": 2, "priority": "high"}, "normal, low or all"),
        ({"start": 1, "end": 2, "page": "-1"}, "number"),
        ({"start": 1, "end": 2, "state": "ok"}, "no parameter"),
    ):  # fmt: skip
        query = "&".join(f"{name}={value}" for name, value in asked.items()).replace(" ", "%20")
        answer = call(
            server.http_port, "GET", f"/api/v1/events?{query}", b"", {"DD-API-KEY": server.key}
        )
        assert answer.status == 400, asked
        assert word in json.dumps(answer.json()["errors"][0]), asked
    with client_of(server) as client, pytest.raises(ApiException) as unknown:
        EventsApi(client).get_event(event_id=42)  # type: ignore[no-untyped-call]
    assert unknown.value.status == 404


def test_counts_add_up(server: Catalejo, answers: dict[str, Any]) -> None:
    now = int(time.time())
    begin, end = now - 3600, now + 60
    counts = server.api.get("/api/v1/events/counts", start=begin, end=end, query="way:*")
    events = server.api.get(
        "/api/v1/events", start=begin, end=end, query="way:*", unaggregated="true"
    )["events"]
    assert sum(one["count"] for one in counts["counts"]) == len(events) > 0
    assert {one["begin"] % counts["step"] for one in counts["counts"]} == {0}


def test_an_acknowledged_event_survives_a_kill(tmp_path: Path) -> None:
    server = Catalejo(tmp_path / "data")
    server.create_key()
    with server:
        now = int(time.time())
        for i in range(50):
            body = {"title": f"kept {i}", "text": "x", "date_happened": now, "tags": ["kept:yes"]}
            assert post(server, "/api/v1/events", body).status == 202
        server.kill()
        server.start()
        # A client that did not hear the answer sends the last one again.
        assert post(server, "/api/v1/events", body).status == 202
        found = expected(server, 50, tags="kept:yes")
        assert sorted(event.title for event in found) == sorted(f"kept {i}" for i in range(50))
        assert ledger(server)["duplicate"] == 1


def test_a_monitor_that_changes_makes_events(server: Catalejo) -> None:
    def points(value: float) -> None:
        now = int(time.time())
        series = {"metric": "watched.depth", "type": 3, "tags": ["env:prod"],
                  "points": [{"timestamp": now - 5, "value": value}]}  # fmt: skip
        assert post(server, "/api/v2/series", {"series": [series]}).status == 202

    points(50)
    monitor = post(server, "/api/v1/monitor", {
        "name": "Depth", "type": "metric alert", "message": "deep", "tags": ["team:ia"],
        "query": "max(last_5m):max:watched.depth{*} by {env} > 10",
        "options": {"thresholds": {"critical": 10}, "require_full_window": False},
    }).json()  # fmt: skip
    [event] = until(
        lambda: listed(server, tags=f"monitor_id:{monitor['id']}"), "the alert is an event"
    )
    assert event.title == "[Triggered on {env:prod}] Depth"
    assert str(event.alert_type) == "error"
    assert event.source_type_name == "alert"
    assert {"env:prod", "team:ia", "monitor_status:alert", "source:catalejo"} <= set(event.tags)
    assert f"/monitors/{monitor['id']}" in event.text
