"""CATALEJO_CLICKHOUSE_URL: the same program on a ClickHouse server over the network."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.e2e.harness.clickhouse import DATABASE, PASSWORD, ClickHouseServer
from tests.e2e.harness.load import Load, assert_stored_once, body_of, event, post
from tests.e2e.harness.page_api import call
from tests.e2e.harness.program import Catalejo, until


@pytest.fixture
def clickhouse() -> Iterator[ClickHouseServer]:
    with (
        tempfile.TemporaryDirectory(prefix="ch-") as folder,
        ClickHouseServer(Path(folder)) as server,
    ):
        yield server


def on(clickhouse: ClickHouseServer, folder: Path, **url: str) -> Catalejo:
    return Catalejo(folder / "data", {"CATALEJO_CLICKHOUSE_URL": clickhouse.url(**url)})


def test_spans_are_kept_and_read_there(clickhouse: ClickHouseServer, tmp_path: Path) -> None:
    with on(clickhouse, tmp_path) as server:
        assert server.store_pids() == []  # no engine of its own
        assert post(server, body_of(event(1, "¿quién?"))).status == 202
        until(lambda: server.api.traces(), "the span can be queried")
        assert server.api.trace(f"{1:032x}")["spans"][0]["span_id"] == "1"
        said = server.command("info").stdout
        assert f"127.0.0.1:{clickhouse.server_address[1]} database {DATABASE}" in said
        assert PASSWORD not in said and PASSWORD not in server.log()
        assert server.stop() == 0
    assert clickhouse.requests > 0


def test_nothing_is_lost_or_doubled_while_it_is_away(
    clickhouse: ClickHouseServer, tmp_path: Path
) -> None:
    with on(clickhouse, tmp_path) as server, Load(server) as load:
        load.wait_for_more(100)
        clickhouse.stop_engine()
        load.wait_for_more(200)  # intake goes on
        until(lambda: server.api.status("/api/health") == 503, "it says that it is away", 60)
        assert server.api.ledger()["store"]["problem"] != ""
        clickhouse.start_engine()
        until(lambda: server.api.status("/api/health") == 200, "it is back", 60)
        load.wait_for_more(100)
        load.__exit__(None, None, None)
        assert_stored_once(server, load)
        assert load.refused.total() == 0


@pytest.mark.parametrize(
    ("wrong", "word"), [({"password": "other"}, "Authentication"), ({"database": "x"}, "unknown")]
)
def test_a_wrong_name_is_said_and_intake_goes_on(
    clickhouse: ClickHouseServer, tmp_path: Path, wrong: dict[str, str], word: str
) -> None:
    server = on(clickhouse, tmp_path, **wrong)
    try:
        server.start(wait_ready=False)
        until(lambda: post(server, body_of(event(1, "kept"))).status == 202, "intake answers")
        until(lambda: word in server.api.ledger()["store"]["problem"], "the reason is shown")
        assert server.api.status("/api/health") == 503
    finally:
        server.stop()


def test_an_older_server_makes_roll_ups_with_every_insert(
    clickhouse: ClickHouseServer, tmp_path: Path
) -> None:
    clickhouse.unknown_setting = "materialize_projections_on_merge"
    server = on(clickhouse, tmp_path)
    server.create_key()
    with server:
        assert "left out of 0051_metric_rollups.sql" in server.log()
        begin = int(time.time()) // 3_600 * 3_600 - 7_200
        series = {
            "metric": "older.load", "type": 3, "tags": ["env:prod"],
            "points": [{"timestamp": begin + 60 * i, "value": i} for i in range(60)],
        }  # fmt: skip
        headers = {"DD-API-KEY": server.key, "Content-Type": "application/json"}
        body = json.dumps({"series": [series]}).encode()
        sent = call(server.http_port, "POST", "/api/v2/series", body, headers)
        assert sent.status == 202, sent.body
        query = urlencode(
            {"query": "avg:older.load{*} by {env}.rollup(3600)", "from": begin,
             "to": begin + 3_600}
        )  # fmt: skip

        def points() -> list[list[float]]:
            lines = server.api.get(f"/api/v1/query?{query}")["series"]
            return lines[0]["pointlist"] if lines else []

        assert until(points, "the hour is rolled up") == [[begin * 1_000, 29.5]]
