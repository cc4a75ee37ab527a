"""Formulas over several searches for spans, and over spans and metrics: dashboards and monitors."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.harness.program import Catalejo, until
from tests.e2e.harness.receiver import Receiver
from tests.e2e.test_monitor_kinds import calls, made
from tests.e2e.test_monitors import ask, asked, hook, started

PATH = "/api/v2/query/"
LLM, APM = "llm_observability", "spans"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalejo]:
    with started(tmp_path_factory.mktemp("span_formulas") / "data") as server:
        calls(server, 100, 6, "shop", ago=40)
        calls(server, 200, 2, "shop", ago=40, status="error")
        calls(server, 300, 4, "help", ago=40, duration=1_500_000_000)
        until(lambda: ratio(server, "calls") == [12.0], "all spans are there")
        yield server


def search(name: str, query: str = "", **more: Any) -> dict[str, Any]:
    return {"data_source": LLM, "name": name, "search": {"query": query},
            "compute": {"aggregation": "count"}, "indexes": ["*"], **more}  # fmt: skip


CALLS, FAILED = search("calls"), search("failed", "@status:error")
BY_APP = [{"facet": "@ml_app", "limit": 10, "sort": {"aggregation": "count", "order": "desc"}}]


def body(formula: str, *queries: dict[str, Any]) -> dict[str, Any]:
    now = int(time.time()) * 1_000
    return {"data": {"type": "scalar_request", "attributes": {
        "from": now - 600_000, "to": now + 1_000,
        "queries": list(queries or (CALLS, FAILED)),
        "formulas": [{"formula": formula}]}}}  # fmt: skip


def columns(server: Catalejo, formula: str, *queries: dict[str, Any]) -> list[list[Any]]:
    answer = ask(server, "POST", PATH + "scalar", body(formula, *queries))
    return [column["values"] for column in answer["data"]["attributes"]["columns"]]


def ratio(server: Catalejo, formula: str, *queries: dict[str, Any]) -> list[float]:
    values: list[float] = columns(server, formula, *queries)[-1]
    return values


def test_a_share_of_spans_is_one_formula_over_two_searches(server: Catalejo) -> None:
    assert ratio(server, "failed / calls * 100") == [pytest.approx(100 * 2 / 12)]
    nobody = search("failed", "@ml_app:nobody")
    assert ratio(server, "failed / calls", CALLS, nobody) == [0.0]
    by_app = [one | {"group_by": BY_APP} for one in (CALLS, FAILED)]
    apps, shares = columns(server, "failed / calls", *by_app)
    # The application without a failure has a share of zero, not none.
    assert dict(zip((app for (app,) in apps), shares, strict=True)) == {"shop": 0.25, "help": 0.0}


def test_figures_are_of_all_of_the_time_at_once(server: Catalejo) -> None:
    slow = search("slow", compute={"aggregation": "pc95", "metric": "@duration"})
    assert ratio(server, "slow / 1e9", slow) == [pytest.approx(1.5, rel=0.02)]
    usual = search("usual", compute={"aggregation": "avg", "metric": "@duration"})
    assert ratio(server, "usual / 1e9", usual) == [pytest.approx((8 * 0.5 + 4 * 1.5) / 12)]
    tokens = search("tokens", compute={"aggregation": "sum", "metric": "@metrics.input_tokens"})
    assert ratio(server, "tokens / calls", tokens, CALLS) == [1_000.0]
    first = [BY_APP[0] | {"limit": 1}]
    apps, counts = columns(server, "calls", CALLS | {"group_by": first})
    assert (apps, counts) == ([["shop"]], [8.0])


def test_spans_and_metrics_are_one_formula(server: Catalejo) -> None:
    counted = {"data_source": "metrics", "name": "counted", "aggregator": "sum",
               "query": "sum:ml_obs.span{*}.as_count()"}  # fmt: skip
    until(lambda: ratio(server, "calls / counted", CALLS, counted) == [1.0], "metrics of spans", 40)


def test_lines_say_how_many_ended_when(server: Catalejo) -> None:
    sent = body("calls - failed", CALLS | {"compute": {"aggregation": "count", "interval": 60_000}},
                FAILED | {"compute": {"aggregation": "count", "interval": 60_000}})  # fmt: skip
    attributes = ask(server, "POST", PATH + "timeseries", sent)["data"]["attributes"]
    (values,) = attributes["values"]
    assert sum(values) == 10 and values.count(0) >= 8
    assert attributes["times"][1] - attributes["times"][0] == 60_000


@pytest.mark.parametrize(
    ("query", "where", "why"),
    [
        (search("a", "@no_such_thing:1"), "queries[0].search.query", "no_such_thing"),
        (search("a", compute={"aggregation": "mode"}), "queries[0].compute.aggregation", "count"),
        (search("a", compute={"aggregation": "avg", "metric": "@ml_app"}),
         "queries[0].compute.metric", "cannot be had"),
        (search("a", group_by=[{"facet": "@duration"}]), "queries[0].group_by", "told apart"),
        (search("a", compute={"aggregation": "count", "interval": 1}),
         "queries[0].compute.interval", "milliseconds"),
        (search("a", data_source="logs"), "queries[0].data_source", "llm_observability"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_said(
    server: Catalejo, query: dict[str, Any], where: str, why: str
) -> None:
    refused = asked(server, "POST", PATH + "scalar", body("a", query))
    assert refused.status == 400
    assert where in refused.body.decode() and why in refused.body.decode()


def test_a_monitor_watches_a_share(server: Catalejo) -> None:
    with Receiver() as receiver:
        hook(server, "share", receiver)
        by_app = [one | {"group_by": BY_APP} for one in (CALLS, FAILED)]
        monitor = made(
            server, "llm-observability alert",
            'formula("failed / calls * 100").last("1m") > 50',
            "{{#is_alert}}{{value}} % in {{[@ml_app].name}}{{/is_alert}} @webhook-share",
            variables=by_app,
        )  # fmt: skip
        kept = ask(server, "GET", f"/api/v1/monitor/{monitor}")
        assert kept["options"]["variables"] == by_app
        assert kept["catalejo"]["unsupported"] == []
        calls(server, 400, 1, "bad")
        calls(server, 500, 3, "bad", status="error")
        told = until(lambda: receiver.taken, "the alert comes")[0]
        assert told.json["text"] == "75 % in bad"


def test_a_formula_that_cannot_be_watched_is_refused_or_kept(server: Catalejo) -> None:
    logs = [{"data_source": "logs", "name": "a", "compute": {"aggregation": "count"}}]
    for query, variables, why in (
        ('formula("a + nothing").last("5m") > 1', [search("a")], "no query is called nothing"),
        ('formula("cumsum(a)").last("5m") > 1', [search("a")], "reckons with values"),
        ('formula("a").last("5m") > 1', logs, "options.variables[0].data_source"),
        ('formula("a") > 1', [search("a")], "'.' belongs here"),
    ):
        sent = {"name": "n", "type": "trace-analytics alert", "query": query,
                "options": {"variables": variables}}  # fmt: skip
        refused = asked(server, "POST", "/api/v1/monitor", sent)
        assert refused.status == 400, query
        assert why in refused.body.decode(), refused.body.decode()
        imported = ask(server, "POST", "/api/v1/monitors/import", sent)
        assert imported["catalejo"]["unsupported"], query
