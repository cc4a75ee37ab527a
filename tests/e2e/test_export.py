"""A list as one Parquet file, joined out of windows while it is sent, read by another program."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.e2e.harness.load import body_of, event, post
from tests.e2e.harness.program import Catalejo, until

SPANS = 20_000
BATCH = 2_000
LONG = 4
NOW_NS = time.time_ns()
# Two spans share a start, at the places where windows may end too.
STEP_NS = 50_000


def start_of(number: int) -> int:
    return NOW_NS - (SPANS - number // 2) * STEP_NS


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalejo]:
    with Catalejo(tmp_path_factory.mktemp("export") / "data") as program:
        for first in range(1, SPANS + 1, BATCH):
            spans = [
                event(number, f"question {number} ñ", ml_app="many", start_ns=start_of(number))
                for number in range(first, first + BATCH)
            ]
            assert post(program, body_of(*spans)).status == 202
        for number in range(LONG):
            text = f"{number}" * 900_000
            span = event(SPANS + 1 + number, text, ml_app="long", tags=["ml_app:long", "k:v,w"])
            assert post(program, body_of(span)).status == 202

        def stored() -> bool:
            figures = program.api.get("/api/v1/facets", view="spans", fields="ml_app")
            return bool(figures["total"] == SPANS + LONG)

        until(stored, "all spans are stored")
        yield program


def exported(server: Catalejo, to: Path, **parameters: Any) -> duckdb.DuckDBPyConnection:
    answer = server.api.answer("/api/v1/export", format="parquet", view="spans", **parameters)
    assert answer.status == 200, answer.body[:500]
    assert answer.headers["content-type"] == "application/vnd.apache.parquet"
    assert "content-length" not in answer.headers, "its end is not known when it begins"
    (to / "out.parquet").write_bytes(answer.body)
    connection = duckdb.connect()
    connection.sql(f"CREATE VIEW out AS SELECT * FROM '{to / 'out.parquet'}'")
    connection.sql(f"CREATE VIEW meta AS SELECT * FROM parquet_metadata('{to / 'out.parquet'}')")
    return connection


def rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[Any]:
    found = connection.sql(query)
    assert found is not None
    return found.fetchall()


def test_windows_are_one_file_that_has_every_row_once(server: Catalejo, tmp_path: Path) -> None:
    out = exported(server, tmp_path, ml_app="many")
    assert rows(out, "SELECT count(DISTINCT row_group_id) FROM meta")[0][0] > 2
    found = rows(out, "SELECT span::UBIGINT, epoch_ns(start) FROM out")
    expected = sorted(((start_of(n), n) for n in range(1, SPANS + 1)), reverse=True)
    assert [(start, span) for span, start in found] == expected, "newest first, as in the list"
    texts = rows(out, "SELECT count(*) FROM out WHERE input LIKE '%question ' || span || ' ñ%'")
    assert texts[0][0] == SPANS
    assert rows(out, "SELECT DISTINCT tokens_total, status, application, tag['env'] FROM out") == [
        (4, "ok", "many", "e2e")
    ]


def test_long_texts_are_whole(server: Catalejo, tmp_path: Path) -> None:
    out = exported(server, tmp_path, ml_app="long")
    found = rows(out, "SELECT span, length(input) > 900000, tag['k'] FROM out ORDER BY span")
    assert found == [(str(SPANS + 1 + number), True, "v,w") for number in range(LONG)]


def test_a_search_narrows_it_and_nothing_is_an_empty_table(
    server: Catalejo, tmp_path: Path
) -> None:
    out = exported(server, tmp_path, query='"question 77 ñ"')
    assert rows(out, "SELECT span FROM out") == [("77",)]
    none = exported(server, tmp_path, ml_app="nowhere")
    assert rows(none, "SELECT count(*) FROM out") == [(0,)]
    assert "span" in [column[0] for column in rows(none, "DESCRIBE out")]


def test_what_is_wrong_is_answered_before_the_file_begins(server: Catalejo) -> None:
    for parameters in ({"format": "xml"}, {}, {"format": "parquet", "query": "((("}):
        answer = server.api.answer("/api/v1/export", **parameters)
        assert answer.status == 400 and answer.json()["errors"], parameters
