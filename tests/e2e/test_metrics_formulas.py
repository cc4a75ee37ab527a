"""Formulas and functions over metrics, asked by Datadog's typed API client for its dashboards."""

from __future__ import annotations

import json
import time
import urllib.parse
from collections.abc import Iterator
from typing import Any

import pytest
from datadog_api_client.exceptions import ApiException
from datadog_api_client.v2.api.metrics_api import MetricsApi
from datadog_api_client.v2.model.formula_limit import FormulaLimit
from datadog_api_client.v2.model.metrics_aggregator import MetricsAggregator
from datadog_api_client.v2.model.metrics_data_source import MetricsDataSource
from datadog_api_client.v2.model.metrics_scalar_query import MetricsScalarQuery
from datadog_api_client.v2.model.metrics_timeseries_query import MetricsTimeseriesQuery
from datadog_api_client.v2.model.query_formula import QueryFormula
from datadog_api_client.v2.model.query_sort_order import QuerySortOrder
from datadog_api_client.v2.model.scalar_formula_query_request import ScalarFormulaQueryRequest
from datadog_api_client.v2.model.scalar_formula_request import ScalarFormulaRequest
from datadog_api_client.v2.model.scalar_formula_request_attributes import (
    ScalarFormulaRequestAttributes,
)
from datadog_api_client.v2.model.scalar_formula_request_queries import ScalarFormulaRequestQueries
from datadog_api_client.v2.model.scalar_formula_request_type import ScalarFormulaRequestType
from datadog_api_client.v2.model.timeseries_formula_query_request import (
    TimeseriesFormulaQueryRequest,
)
from datadog_api_client.v2.model.timeseries_formula_request import TimeseriesFormulaRequest
from datadog_api_client.v2.model.timeseries_formula_request_attributes import (
    TimeseriesFormulaRequestAttributes,
)
from datadog_api_client.v2.model.timeseries_formula_request_queries import (
    TimeseriesFormulaRequestQueries,
)
from datadog_api_client.v2.model.timeseries_formula_request_type import (
    TimeseriesFormulaRequestType,
)

from tests.e2e.harness.datadog_client import client_of
from tests.e2e.harness.page_api import call
from tests.e2e.harness.program import Catalejo, until
from tests.e2e.test_metrics import ask, total, values

MINUTE = 60
# A whole minute some minutes ago: five points a minute apart.
START = int(time.time()) // MINUTE * MINUTE - 8 * MINUTE
# Datadog's example of counts in monitors.
ERRORS, REQUESTS = (1, 2, 3, 4, 5), (5, 5, 5, 5, 5)
WEEK = 7 * 86_400


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalejo]:
    server = Catalejo(tmp_path_factory.mktemp("formulas") / "data")
    server.create_key()
    with server:
        send(server, "web.errors", "count", ERRORS, ["env:prod"])
        send(server, "web.requests", "count", REQUESTS, ["env:prod"])
        send(server, "web.load", "gauge", (1, 2, 3, 4, 5), ["host_name:a"])
        send(server, "web.load", "gauge", (10, 10, 10, 10, 10), ["host_name:b"])
        send(server, "web.load", "gauge", (3, 3, 3, 3, 3), [])
        send(server, "web.load", "gauge", (7, 7, 7, 7, 7), ["host_name:a"], START - WEEK)
        until(lambda: len(load_lines(server)) == 3, "all points are there")
        yield server


def ask_then(server: Catalejo, query: str) -> list[Any]:
    """Of the time of the points, however long ago this file was read."""
    return ask(server, query, START - 2 * MINUTE)


def load_lines(server: Catalejo) -> list[Any]:
    return ask_then(server, "avg:web.load{*} by {host_name}.rollup(60)")


def send(
    server: Catalejo,
    name: str,
    kind: str,
    points: tuple[int, ...],
    tags: list[str],
    start: int = START,
) -> None:
    series = {
        "metric": name, "type": kind, "interval": MINUTE, "tags": tags,
        "points": [[start + i * MINUTE, value] for i, value in enumerate(points)],
    }  # fmt: skip
    headers = {"dd-api-key": server.key, "content-type": "application/json"}
    body = json.dumps({"series": [series]}).encode()
    assert call(server.http_port, "POST", "/api/v1/series", body, headers).status == 202


def scalar(
    server: Catalejo, queries: dict[str, tuple[str, str]], *formulas: QueryFormula
) -> dict[str, list[Any]]:
    """Columns by name; the query's name says how it is asked for."""
    body = ScalarFormulaQueryRequest(data=ScalarFormulaRequest(
        type=ScalarFormulaRequestType.SCALAR_REQUEST,
        attributes=ScalarFormulaRequestAttributes(
            _from=START * 1000, to=(START + 5 * MINUTE) * 1000, formulas=list(formulas),
            queries=ScalarFormulaRequestQueries([  # type: ignore[no-untyped-call]
                MetricsScalarQuery(
                    aggregator=MetricsAggregator(how),  # type: ignore[no-untyped-call]
                    query=query, name=name,
                    data_source=MetricsDataSource.METRICS,
                )
                for name, (query, how) in queries.items()
            ]),
        ),
    ))  # fmt: skip
    with client_of(server) as client:
        answer = MetricsApi(client).query_scalar_data(body)  # type: ignore[no-untyped-call]
    columns = answer.data.attributes.columns
    return {column.name: list(column["values"]) for column in columns}


def timeseries(
    server: Catalejo, queries: dict[str, str], *formulas: str, interval: int = 60_000
) -> Any:
    body = TimeseriesFormulaQueryRequest(data=TimeseriesFormulaRequest(
        type=TimeseriesFormulaRequestType.TIMESERIES_REQUEST,
        attributes=TimeseriesFormulaRequestAttributes(
            _from=START * 1000, to=(START + 5 * MINUTE) * 1000, interval=interval,
            formulas=[QueryFormula(formula=formula) for formula in formulas],
            queries=TimeseriesFormulaRequestQueries([  # type: ignore[no-untyped-call]
                MetricsTimeseriesQuery(
                    query=query, name=name, data_source=MetricsDataSource.METRICS
                )
                for name, query in queries.items()
            ]),
        ),
    ))  # fmt: skip
    with client_of(server) as client:
        answer = MetricsApi(client).query_timeseries_data(body)  # type: ignore[no-untyped-call]
    return answer.data.attributes


RATIO = {"errors": "sum:web.errors{*}.as_count()", "all": "sum:web.requests{*}.as_count()"}


def test_a_ratio_of_counts_is_that_of_their_sums(server: Catalejo) -> None:
    summed = {name: (query, "sum") for name, query in RATIO.items()}
    found = scalar(server, summed, QueryFormula(formula="errors / all"))
    assert found == {"errors / all": [0.6]}
    assert scalar(server, summed) == {"errors": [15], "all": [25]}
    within = scalar(server, {"q": ("sum:web.errors{*} / sum:web.requests{*}", "sum")})
    assert within["q"] == pytest.approx([0.6])
    # A sum over time needs the line, whose last value is that of all ratios of a minute so far.
    last = {name: (f"{query}.rollup(60)", "last") for name, query in RATIO.items()}
    lined = scalar(server, last, QueryFormula(formula="cumsum(errors) / all"))
    assert lined == {"cumsum(errors) / all": [3]}


def test_a_table_has_a_row_a_group(server: Catalejo) -> None:
    load = {"load": ("avg:web.load{*} by {host_name}", "last")}
    found = scalar(server, load)
    assert [tuple(key) for key in found["host_name"]] == [("b",), ("a",), ("N/A",)]
    assert found["load"] == [10, 5, 3]
    two = FormulaLimit(count=2, order=QuerySortOrder.ASC)
    least = scalar(server, load, QueryFormula(formula="exclude_null(load) * 2", limit=two))
    assert [tuple(key) for key in least["host_name"]] == [("a",), ("b",)]
    assert least["exclude_null(load) * 2"] == [10, 20]


@pytest.mark.parametrize(
    ("how", "value"),
    [("avg", 3), ("min", 1), ("max", 5), ("sum", 15), ("last", 5), ("area", 15 * 60)],
)
def test_a_figure_is_reduced_as_asked(server: Catalejo, how: str, value: float) -> None:
    query = "avg:web.load{host_name:a}.rollup(60)"
    assert scalar(server, {"q": (query, how)}) == {"q": [value]}


def test_lines_of_several_formulas_share_their_times(server: Catalejo) -> None:
    found = timeseries(server, RATIO, "errors / all", "cumsum(errors)")
    assert list(found.times.value) == [(START + i * MINUTE) * 1000 for i in range(5)]
    assert [list(line.value) for line in found["values"].value] == [
        [0.2, 0.4, 0.6, 0.8, 1.0], [1, 3, 6, 10, 15],
    ]  # fmt: skip
    assert [one.query_index for one in found.series.value] == [0, 1]


def test_what_was_a_week_ago(server: Catalejo) -> None:
    load = {"q": "avg:web.load{host_name:a}"}
    found = timeseries(server, load, "q - week_before(q)", f"timeshift(q, -{WEEK})")
    assert [list(line.value) for line in found["values"].value] == [
        [-6, -5, -4, -3, -2], [7, 7, 7, 7, 7],
    ]  # fmt: skip
    change = scalar(server, {"q": (load["q"], "avg")}, QueryFormula(formula="q - week_before(q)"))
    assert change == {"q - week_before(q)": [-4]}


def test_functions_stand_in_the_old_queries_too(server: Catalejo) -> None:
    top = ask_then(server, "top(avg:web.load{*} by {host_name}.rollup(60), 1, 'mean', 'desc')")
    assert [series.scope for series in top] == ["host_name:b"]
    rates = ask_then(server, "per_minute(avg:web.load{host_name:a}.rollup(60))")
    assert values(rates[0]) == [1, 1, 1, 1]
    zero = ask_then(server, "default_zero(sum:web.nobody{*}.rollup(60))")
    assert set(values(zero[0])) == {0}
    query = "sum:web.errors{env:pr*,!env:dev} + 0 * sum:web.requests{*}"
    assert total(server, query, START - 2 * MINUTE) == {"*": 15}


@pytest.mark.parametrize("kind", ["json", "form"])
def test_a_long_query_is_posted(server: Catalejo, kind: str) -> None:
    asked = {"from": START, "to": START + 5 * MINUTE, "query": "sum:web.errors{*}.rollup(sum, 60)"}
    body = json.dumps(asked) if kind == "json" else urllib.parse.urlencode(asked)
    types = {"json": "application/json", "form": "application/x-www-form-urlencoded"}
    headers = {"dd-api-key": server.key, "content-type": types[kind]}
    answer = call(server.http_port, "POST", "/api/v1/query", body.encode(), headers)
    assert answer.status == 200
    assert [value for _, value in answer.json()["series"][0]["pointlist"]] == list(ERRORS)


@pytest.mark.parametrize(
    ("queries", "formula", "told"),
    [
        ({"q": "avg:a{"}, "q", "at character 7"),
        ({"q": "avg:a{*}"}, "q + other", "no query is called other (at character 5)"),
        ({"q": "avg:a{*}"}, "autosmooth(q)", "autosmooth() is not supported"),
        ({"q": "avg:a{*}, avg:b{*}"}, "q", "queries[0].query"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(
    server: Catalejo, queries: dict[str, str], formula: str, told: str
) -> None:
    with pytest.raises(ApiException) as wrong:
        timeseries(server, queries, formula)
    assert wrong.value.status == 400
    assert told in str(wrong.value.body)


def test_a_body_that_is_none_is_refused(server: Catalejo) -> None:
    headers = {"dd-api-key": server.key, "content-type": "application/json"}
    good = {"data_source": "metrics", "query": "avg:a{*}"}
    for attributes in (
        {}, {"from": 1, "to": 2, "queries": []}, {"from": 2, "to": 1, "queries": [good]},
        {"from": 1, "to": 2, "queries": [{**good, "data_source": "logs"}]},
        {"from": 1, "to": 2, "queries": [{**good, "aggregator": "percentile"}]},
        {"from": 1, "to": 2, "queries": [good] * 51},
        {"from": 1, "to": 2, "queries": "all"}, {"from": "now", "to": 2, "queries": [good]},
    ):  # fmt: skip
        body = json.dumps({"data": {"attributes": attributes}}).encode()
        for path in ("scalar", "timeseries"):
            answer = call(server.http_port, "POST", f"/api/v2/query/{path}", body, headers)
            assert answer.status == 400, (attributes, answer.body)
    assert call(server.http_port, "POST", "/api/v2/query/scalar", b"[", headers).status == 400


def test_without_a_key_nothing_is_told(server: Catalejo) -> None:
    for path in ("/api/v1/query", "/api/v2/query/scalar", "/api/v2/query/timeseries"):
        assert call(server.http_port, "POST", path, b"{}").status in (401, 403)


def test_bands_and_outliers_are_lines_that_say_what_they_are(server: Catalejo) -> None:
    band = ask_then(server, "anomalies(avg:web.load{host_name:a}, 'agile', 2)")
    assert [series["role"] for series in band] == ["value", "lower", "upper"]
    ahead = ask_then(server, "forecast(avg:web.load{host_name:a}, 'linear', 2, interval=60)")
    assert [series["role"] for series in ahead] == ["value", "forecast", "lower", "upper"]
    # The line goes up by one a minute.
    assert values(ahead[1])[0] == pytest.approx(6, abs=0.1)
    apart = ask_then(server, "outliers(avg:web.load{*} by {host_name}.rollup(60), 'MAD', 3)")
    assert {series.scope: series["outlier"] for series in apart} == {
        "host_name:a": False, "host_name:b": True, "host_name:N/A": False,
    }  # fmt: skip


def test_a_band_is_drawn_and_is_no_row(server: Catalejo) -> None:
    query = "anomalies(avg:web.load{host_name:a}.rollup(60), 'basic', 2)"
    drawn = timeseries(server, {"q": query}, "q")
    assert [one["role"] for one in drawn.series.value] == ["value", "lower", "upper"]
    assert scalar(server, {"q": (query, "max")}) == {"q": [5]}
