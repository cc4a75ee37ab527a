"""An application in JavaScript with npm's hot-shots: what it sent is what queries see. By UDP: for
Unix sockets hot-shots needs the native module unix-dgram, which npm only has as sources that want
Node's own headers; those ways are seen with Datadog's package (test_metrics.py, test_events.py)."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator

import pytest

from tests.e2e.harness.client import node_clients
from tests.e2e.harness.program import ROOT, Catalejo, until


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalejo]:
    """One that has been stopped and started since: what came in is kept by a stop."""
    with Catalejo(tmp_path_factory.mktemp("hot-shots") / "data") as server:
        sent = subprocess.run(
            ["node", "tests/e2e/scenarios/send_hot_shots.js", str(node_clients()), "127.0.0.1",
             str(server.statsd_port)],
            cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert sent.returncode == 0, sent.stdout + sent.stderr
        server.stop()
        server.start()
        yield server


def total(server: Catalejo, query: str) -> float:
    now = int(time.time())
    asked = {"from": now - 600, "to": now + 60}
    series = server.api.get("/api/v1/query", query=query, **asked)["series"]
    return float(sum(value for line in series for _, value in line["pointlist"]))


def test_every_type_adds_up_to_what_was_sent(server: Catalejo) -> None:
    def seen(query: str) -> float:
        return total(server, f"{query}.rollup(3600)")

    until(lambda: seen("sum:shop.hits{way:hot-shots}.as_count()") == 200, "all hits are there")
    assert seen("sum:shop.many{*}.as_count()") == 5
    assert seen("count:shop.took{*}") == 200
    assert seen("sum:shop.took{*}") == 200 * 201 / 2
    assert seen("p50:shop.took{*}") == pytest.approx(100, rel=0.02)
    for name in ("size", "answer"):
        assert seen(f"sum:shop.{name}.count{{*}}.as_count()") == 200
        assert seen(f"max:shop.{name}.max{{*}}") == 200
    assert seen("max:shop.depth{*}") == 9
    assert seen("sum:shop.users{*}") == 2


def test_tags_are_those_that_datadog_would_keep(server: Catalejo) -> None:
    now = int(time.time())
    asked = {"from": now - 600, "to": now + 60}
    path = "/api/v2/metrics/shop.hits/all-tags"
    tags = set(server.api.get(path)["data"]["attributes"]["tags"])
    # hot-shots itself writes '_' for a colon within a value, '|', ',' and the like.
    assert {"env:prod", "region:españa", "way:hot-shots", "path:/a_b_c_d_e"} <= tags
    assert any(tag.startswith("who:Ñandú".lower()) or tag.startswith("who:") for tag in tags)
    assert "日本" in tags
    assert server.api.get("/api/v1/query", query="sum:shop.hits{region:españa}", **asked)["series"]


def test_events_and_checks_are_whole(server: Catalejo) -> None:
    now = int(time.time())
    [event] = until(
        lambda: server.api.get(
            "/api/v1/events", start=now - 3600, end=now + 60, tags="way:hot-shots"
        )["events"],
        "the event is there",
    )
    assert event["title"] == "shop.Despliegue ⚡ 🔭"
    assert event["text"] == "versión 2\nde la tienda"
    assert event["host"] == "web-9"
    assert (event["alert_type"], event["priority"]) == ("warning", "low")
    assert event["source_type_name"] == "node"
    assert {"env:prod", "region:españa", "日本"} <= set(event["tags"])
    [check] = server.api.get("/api/v1/service_checks", query="way:hot-shots")["checks"]
    assert (check["check"], check["state"], check["host_name"]) == ("shop.db", "critical", "db-9")
    assert check["message"] == "no answer"


def test_nothing_was_lost(server: Catalejo) -> None:
    told = server.api.get("/api/v1/ledger")
    for account in ("metric_points", "events"):
        assert told[account]["received"] == told[account]["accounted"]
        assert told[account]["rejected"] == {}
