"""CATALEJO_CLICKHOUSE_URL: the same program on a ClickHouse server over the network."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.harness.clickhouse import DATABASE, PASSWORD, ClickHouseServer
from tests.e2e.harness.load import Load, assert_stored_once, body_of, event, post
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
