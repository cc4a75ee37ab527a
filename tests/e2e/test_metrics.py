"""Metrics of Datadog's clients, by every way in, asked for by Datadog's API client."""

from __future__ import annotations

import contextlib
import gzip
import json
import socket
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import zstandard
from datadog_api_client.exceptions import ApiException
from datadog_api_client.v1.api.metrics_api import MetricsApi
from datadog_api_client.v2.api.metrics_api import MetricsApi as MetricsApiV2
from datadog_api_client.v2.model.metric_content_encoding import MetricContentEncoding
from datadog_api_client.v2.model.metric_intake_type import MetricIntakeType
from datadog_api_client.v2.model.metric_payload import MetricPayload
from datadog_api_client.v2.model.metric_point import MetricPoint
from datadog_api_client.v2.model.metric_resource import MetricResource
from datadog_api_client.v2.model.metric_series import MetricSeries

from tests.e2e.harness.datadog_client import client_of, send_by
from tests.e2e.harness.program import Catalejo, until

WAYS = ("udp", "unixgram", "unixstream")

NON_LOCAL = "DD_DOGSTATSD_NON_LOCAL_TRAFFIC"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalejo]:
    """One that has been stopped and started since: what came in by DogStatsD is kept by a stop."""
    server = Catalejo(tmp_path_factory.mktemp("metrics") / "data")
    server.settings["CATALEJO_STATSD_STREAM_SOCKET"] = f"{server.statsd_socket}.stream"
    server.create_key()
    with server:
        send_by(server, "send_metrics")
        server.stop()
        server.start()
        yield server


@contextlib.contextmanager
def metrics_of(server: Catalejo) -> Iterator[MetricsApi]:
    with client_of(server) as client:
        yield MetricsApi(client)  # type: ignore[no-untyped-call]


def ask(server: Catalejo, query: str, from_s: int | None = None) -> list[Any]:
    """Lines of eleven minutes: those that end in a minute, unless it is said when they begin."""
    begin = int(time.time()) - 600 if from_s is None else from_s
    with metrics_of(server) as metrics:
        answer = metrics.query_metrics(_from=begin, to=begin + 660, query=query)
    assert answer.status == "ok"
    return list(answer.series)


def values(series: Any) -> list[float]:
    return [point.value[1] for point in series.pointlist]


def total(server: Catalejo, query: str, from_s: int | None = None) -> dict[str, float]:
    return {series.scope: sum(values(series)) for series in ask(server, query, from_s)}


def test_every_way_of_dogstatsd_brings_everything(server: Catalejo) -> None:
    def by_way(query: str) -> dict[str, float]:
        return total(server, f"{query} by {{way}}.rollup(3600)")

    each = {f"way:{way}" for way in WAYS}
    assert by_way("sum:app.hits{team:ia}") == dict.fromkeys(each, 100)
    assert by_way("sum:app.stamped{team:ia}") == dict.fromkeys(each, 5)
    assert by_way("max:app.load{*}") == dict.fromkeys(each, 7)
    assert by_way("count:app.latency{*}") == dict.fromkeys(each, 100)
    assert by_way("sum:app.latency{*}") == dict.fromkeys(each, 5050)
    assert by_way("avg:app.latency{*}") == dict.fromkeys(each, 50.5)
    for value in by_way("p95:app.latency{*}").values():
        assert value == pytest.approx(95, rel=0.01)
    assert by_way("max:app.size.max{*}") == dict.fromkeys(each, 100)
    assert by_way("sum:app.users{*}") == dict.fromkeys(each, 2)


def test_what_is_not_kept_is_counted(server: Catalejo) -> None:
    """The ledger is that of a process: what was sent to this one."""
    path = server.statsd_socket

    def rejected() -> dict[str, int]:
        account = server.api.get("/api/v1/ledger")["metric_points"]
        assert account["received"] == account["accounted"]
        return dict(account["rejected"])

    before = rejected()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.connect(str(path))
        sender.send(b"nonsense\nlost.x:1|q")
    reasons = ("no_value", "unknown_type")
    until(
        lambda: all(rejected().get(reason, 0) > before.get(reason, 0) for reason in reasons),
        "every line is counted by its reason",
    )


def test_points_of_the_api_are_kept_once(server: Catalejo) -> None:
    assert total(server, "sum:api.queue{host:web-1}.as_count()") == {"*": 10}
    rates = ask(server, "sum:api.queue{*}.as_rate().rollup(10)")
    assert sorted(values(rates[0])) == [0.4, 0.6]
    assert total(server, "count:api.took{way:api}") == {"*": 3}
    assert total(server, "p50:api.took{way:api}")["*"] == pytest.approx(2, rel=0.01)


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "zstd1"])
def test_the_api_client_submits_in_every_encoding(server: Catalejo, encoding: str) -> None:
    name = f"client.{encoding}"
    payload = MetricPayload(series=[MetricSeries(
        metric=name, type=MetricIntakeType.COUNT, interval=10,
        points=[MetricPoint(timestamp=int(time.time()), value=float(value)) for value in (1, 2)],
        resources=[MetricResource(name="h9", type="host")], tags=["env:prod"],
    )])  # fmt: skip
    with client_of(server) as client:
        metrics = MetricsApiV2(client)  # type: ignore[no-untyped-call]
        chosen = MetricContentEncoding(encoding)  # type: ignore[no-untyped-call]
        answer = metrics.submit_metrics(body=payload, content_encoding=chosen)
    assert answer.errors == []
    until(lambda: total(server, f"sum:{name}{{env:prod,host:h9}}") == {"*": 3}, f"{name} is there")


def test_a_bad_body_is_refused_and_a_bad_point_alone(server: Catalejo) -> None:
    def post(path: str, body: bytes, **headers: str) -> int:
        request = urllib.request.Request(
            server.http_url + path, body, {"DD-API-KEY": server.key, **headers}
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    good = {"metric": "mixed.good", "points": [[int(time.time()), 1]], "type": "count"}
    bad = {"metric": "mixed.bad", "points": [["then", "much"]]}
    body = json.dumps({"series": [good, bad]}).encode()
    for encoded, name in ((body, "identity"), (gzip.compress(body), "gzip"),
                          (zlib.compress(body), "deflate"),
                          (zstandard.ZstdCompressor().compress(body), "zstd")):  # fmt: skip
        headers = {} if name == "identity" else {"Content-Encoding": name}
        assert post("/api/v1/series", encoded, **headers) == 202
    assert post("/api/v1/series", b"[]") == 400
    assert post("/api/v2/series", b"\xff\xff", **{"Content-Type": "application/x-protobuf"}) == 400
    assert post("/api/beta/sketches", b"\x0a\x05ab") == 400
    assert post("/api/v1/series", gzip.compress(body)[:20], **{"Content-Encoding": "gzip"}) == 400
    # Four times the same: once.
    until(lambda: total(server, "sum:mixed.good{*}") == {"*": 1}, "the good point is there")


def test_lines_are_reckoned_with(server: Catalejo) -> None:
    ratio = total(server, "100 * sum:app.stamped{*} by {way}.rollup(3600) "
                          "/ sum:app.hits{*} by {way}.rollup(3600)")  # fmt: skip
    assert ratio == {f"way:{way}": 5 for way in WAYS}
    assert total(server, "sum:app.hits{!way:udp,way:unix*}.rollup(3600)") == {"*": 200}
    assert total(server, "sum:app.hits{way IN (udp,unixgram)}.rollup(3600)") == {"*": 200}
    assert ask(server, "sum:app.hits{way:nowhere}") == []


def test_a_wrong_query_is_told_where(server: Catalejo) -> None:
    with pytest.raises(ApiException) as wrong:
        ask(server, "avg:app.load{*}.top()")
    assert wrong.value.status == 400
    assert "as_count()" in str(wrong.value.body)
    assert "at character 17" in str(wrong.value.body)


def test_names_are_found(server: Catalejo) -> None:
    with metrics_of(server) as metrics:
        active = metrics.list_active_metrics(_from=int(time.time()) - 600).metrics
        assert {"app.hits", "app.size.95percentile", "api.took"} <= set(active)
        of_host = metrics.list_active_metrics(_from=int(time.time()) - 600, host="web-1").metrics
        assert list(of_host) == ["api.queue"]
        found = metrics.list_metrics(q="metrics:app.l").results.metrics
        assert list(found) == ["app.latency", "app.load"]


def test_another_program_on_the_port_is_told(server: Catalejo, tmp_path: Path) -> None:
    other = Catalejo(tmp_path / "data", {"CATALEJO_STATSD_PORT": str(server.statsd_port)})
    ended = other.command("up")
    assert ended.returncode == 5
    assert f"127.0.0.1:{server.statsd_port}" in ended.stderr


@pytest.mark.parametrize(("asked", "taken"), [({}, 0), ({NON_LOCAL: "true"}, 1)])
def test_other_machines_are_heard_only_when_that_is_asked_for(
    fresh: Catalejo, asked: dict[str, str], taken: int
) -> None:
    """127.0.0.2 is another address of this machine, which only a socket for all of them has."""
    fresh.settings |= {"CATALEJO_LISTEN": "0.0.0.0"} | asked
    fresh.create_key()
    with fresh, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"from.afar:1|c", ("127.0.0.2", fresh.statsd_port))
        sender.sendto(b"from.here:1|c", ("127.0.0.1", fresh.statsd_port))

        def packets() -> float:
            counters = fresh.api.get("/api/v1/info")["counters"]
            name = "catalejo_dogstatsd_packets_total"
            return sum(float(one["value"]) for one in counters if one["name"] == name)

        until(lambda: packets() == 1 + taken, "what was sent is heard")
