"""Lists sorted by a value: every row once over all pages, in order, also where values are equal."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.e2e.harness.load import body_of, event, post
from tests.e2e.harness.program import Catalejo, until

COUNT = 60
SESSIONS = 7


def one(number: int) -> dict[str, Any]:
    made = event(
        number, f"question {number}", ml_app="sorted", session_id=f"talk-{number % SESSIONS}",
        duration=(number * 7 % 10) * 1_000_000,
        start_ns=time.time_ns() - number * 1_000_000, status="error" if number % 6 == 0 else "ok",
    )  # fmt: skip
    made["meta"]["model_name"] = "gpt-4o"
    used = number * 3 % 20
    made["metrics"] = {"total_tokens": used, "input_tokens": used, "output_tokens": 1}
    if number % 5 == 0:
        made["metrics"] = {}
    return made


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalejo]:
    program = Catalejo(tmp_path_factory.mktemp("sorted") / "data")
    with program:
        assert post(program, body_of(*map(one, range(1, COUNT + 1)))).status == 202
        # One trace whose second call has most of its tokens.
        call = one(900) | {"trace_id": f"{7:032x}", "parent_id": "7"}
        call["metrics"] = {"total_tokens": 10_000}
        assert post(program, body_of(call)).status == 202
        until(lambda: len(program.api.spans(view="spans")) == COUNT + 1, "all are stored")
        yield program


def value(row: dict[str, Any], by: str, of_trace: bool) -> int:
    if by == "duration":
        return int(row["duration_ns"])
    if by == "errors":
        return int(row["trace"]["errors"]) if of_trace else int(row["status"] == "error")
    if by == "cost":
        cost = (row["trace"] if of_trace else row)["cost"]["usd"]
        return -1 if cost is None else round(cost * 1e9)
    tokens = row["trace"]["tokens_total"] if of_trace else row["tokens"]["total"]
    return -1 if tokens is None else int(tokens)


@pytest.mark.parametrize(
    "sort", ["-duration", "duration", "-tokens", "tokens", "-errors", "-cost", "cost"]
)
@pytest.mark.parametrize("view", ["spans", "traces"])
def test_pages_are_sorted_and_hold_every_row_once(server: Catalejo, view: str, sort: str) -> None:
    rows = server.api.rows(f"/api/v1/{view}", sort=sort, limit=7)
    assert len({row["span_id"] for row in rows}) == len(rows) == COUNT + (view == "spans")
    values = [value(row, sort.lstrip("-"), view == "traces") for row in rows]
    assert values == sorted(values, reverse=sort.startswith("-"))
    assert len(set(values)) > 1
    if (view, sort) == ("traces", "-tokens"):
        assert rows[0]["span_id"] == "7"


@pytest.mark.parametrize("by", ["last", "cost", "duration", "tokens", "errors"])
def test_sessions_are_sorted_and_come_once(server: Catalejo, by: str) -> None:
    names: dict[str, Callable[[dict[str, Any]], int | float | None]] = {
        "last": lambda row: int(row["last_ns"]), "duration": lambda row: row["busy_ns"],
        "tokens": lambda row: row["tokens"]["total"], "errors": lambda row: row["errors"],
        "cost": lambda row: row["cost_usd"],
    }  # fmt: skip
    for sort in (by, f"-{by}"):
        rows = server.api.rows("/api/v1/sessions", sort=sort, limit=2)
        assert len({row["session_id"] for row in rows}) == len(rows) == SESSIONS
        found = [names[by](row) for row in rows]
        values = [-1 if each is None else each for each in found]
        assert values == sorted(values, reverse=sort.startswith("-")), sort
        assert len(set(values)) > 1
    assert server.api.answer("/api/v1/sessions", sort="name").status == 400


def test_a_cursor_belongs_to_its_order(server: Catalejo) -> None:
    by_time = server.api.get("/api/v1/spans", view="spans", limit=5)["next"]
    by_value = server.api.get("/api/v1/spans", view="spans", limit=5, sort="-tokens")["next"]
    for cursor, sort in ((by_time, "-tokens"), (by_value, "-start")):
        answer = server.api.answer("/api/v1/spans", view="spans", cursor=cursor, sort=sort)
        assert answer.status == 400
    assert server.api.answer("/api/v1/spans", sort="name").status == 400


def test_an_export_says_what_it_can_write(server: Catalejo) -> None:
    assert server.api.answer("/api/v1/export", format="xml").status == 400
    assert server.api.answer("/api/v1/export").status == 400
    answer = server.api.answer("/api/v1/export", format="parquet", view="spans")
    assert answer.headers["content-type"] == "application/vnd.apache.parquet"
    assert answer.body[:4] == answer.body[-4:] == b"PAR1"
