"""Facets and series of a day, of which most is answered from what was asked before."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.harness.load import body_of, event, post
from tests.e2e.harness.program import Catalejo, until

HOUR_NS = 3_600 * 10**9
MODELS = ("gpt-4o", "o3-mini")


def one(number: int, hours_ago: float, model: str) -> dict[str, Any]:
    made = event(
        number, f"question {number}", ml_app="figures", duration=number * 1_000_000,
        start_ns=time.time_ns() - int(hours_ago * HOUR_NS), status="ok" if number % 3 else "error",
    )  # fmt: skip
    made["meta"]["model_name"] = model
    return made


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalejo]:
    program = Catalejo(tmp_path_factory.mktemp("figures") / "data")
    with program:
        yield program


def stored(server: Catalejo) -> list[Any]:
    return server.api.spans(view="spans", **{"from": "now-25h"})


def send(server: Catalejo, *events: dict[str, Any]) -> None:
    before = len(stored(server))
    assert post(server, body_of(*events)).status == 202
    until(lambda: len(stored(server)) == before + len(events), "all are stored")


def figures(server: Catalejo, **more: str) -> tuple[Any, Any]:
    asked = {"view": "spans", "from": "now-24h", "to": "now", **more}
    facets = server.api.get("/api/v1/facets", fields="model,status,ml_app", **asked)
    series = server.api.get("/api/v1/series", by="model", interval="60", **asked)
    return facets, series["buckets"]


def check(server: Catalejo, sent: list[tuple[int, float, str]]) -> None:
    # Twice: as the database says it, and as it is known; and of spans that were asked for by id.
    for _ in range(2):
        facets, buckets = figures(server)
        assert facets["total"] == len(sent)
        counts = {one["value"]: one["count"] for one in facets["facets"]["model"]}
        assert counts == {
            model: number
            for model in MODELS
            if (number := sum(each[2] == model for each in sent)) > 0
        }
        errors = [one for one in facets["facets"]["status"] if one["value"] == "error"]
        assert errors[0]["count"] == sum(number % 3 == 0 for number, _, _ in sent)
        assert sum(bucket["count"] for bucket in buckets) == len(sent)
        assert [(b["t"], b["group"]) for b in buckets] == sorted(
            (b["t"], b["group"]) for b in buckets
        )
        assert max(bucket["p99_ns"] for bucket in buckets) == max(sent)[0] * 1_000_000
        assert figures(server, query="@status:error")[0]["total"] == errors[0]["count"]


def test_of_nothing_there_are_figures_too(server: Catalejo) -> None:
    for _ in range(2):
        facets, buckets = figures(server)
        assert (facets["total"], facets["facets"]["model"], buckets) == (0, [], [])


def test_what_comes_late_is_counted(server: Catalejo) -> None:
    sent: list[tuple[int, float, str]] = []
    number = 0
    # Now, hours ago, the same hours again, and the last minutes.
    for hours in ((0.0, 5.0, 10.0), (5.0, 23.5), (5.0, 10.0, 10.0), (0.0, 0.02, 1.0)):
        fresh = []
        for ago in hours:
            number += 1
            fresh.append((number, ago, MODELS[number % 2]))
        send(server, *(one(*each) for each in fresh))
        sent += fresh
        check(server, sent)
