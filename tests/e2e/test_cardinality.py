"""A metric whose tags have too many values: what is left out is counted, named and explained."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.harness.browser import fits, look, pages, picture, violations
from tests.e2e.harness.page_api import call
from tests.e2e.harness.program import Catalejo, until

MOST = 20


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalejo]:
    settings = {"CATALEJO_METRIC_SERIES_MAX": str(MOST)}
    server = Catalejo(tmp_path_factory.mktemp("cardinality") / "data", settings)
    with server:
        now = int(time.time()) - 5
        series = [
            {"metric": "shop.orders", "type": 1, "points": [{"timestamp": now, "value": 1}],
             "tags": [f"pod:p{i}", f"env:{i % 2}", "team:sea"]}
            for i in range(3 * MOST)
        ]  # fmt: skip
        usual = {"metric": "shop.usual", "type": 1, "points": [{"timestamp": now, "value": 1}]}
        body = json.dumps({"series": [*series, usual]}).encode()
        headers = {"Content-Type": "application/json"}
        assert call(server.http_port, "POST", "/api/v2/series", body, headers).status == 202
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            for i in range(MOST + 5):
                line = f"shop.clicks:1|c|#user:u{i}".encode()
                sender.sendto(line, ("127.0.0.1", server.statsd_port))
        until(lambda: len(metrics(server)) == 2, "both are told", 60)
        yield server


def metrics(server: Catalejo) -> list[Any]:
    found = server.api.get("/api/v1/metrics/cardinality")
    return [one for one in found["metrics"] if one["tags"]]


def test_what_is_left_out_is_counted_and_the_tag_is_named(server: Catalejo) -> None:
    orders, clicks = metrics(server)
    assert server.api.get("/api/v1/metrics/cardinality")["series_max"] == MOST
    assert (orders["metric"], clicks["metric"]) == ("shop.orders", "shop.clicks")
    assert (orders["points_refused"], orders["values_merged"]) == (2 * MOST, 0)
    assert (clicks["points_refused"], clicks["values_merged"]) == (0, 5)
    assert orders["series"] == clicks["series"] == MOST
    assert orders["tags"] == [
        {"key": "pod", "values": MOST}, {"key": "env", "values": 2}, {"key": "team", "values": 1},
    ]  # fmt: skip
    assert {"key": "user", "values": MOST} in clicks["tags"]
    account = server.api.ledger()["metric_points"]
    assert account["rejected"]["too_many_series"] == 2 * MOST
    assert account["received"] == account["accounted"]


def test_sums_stay_right_where_series_are_put_together(server: Catalejo) -> None:
    now = int(time.time())
    path = f"/api/v1/query?query=sum:shop.clicks{{*}}&from={now - 300}&to={now + 10}"
    (line,) = server.api.get(path)["series"]
    assert sum(value for _, value in line["pointlist"]) == MOST + 5


@pytest.fixture
def page(browser: Browser, server: Catalejo) -> Iterator[Page]:
    yield from pages(browser, server.http_url, "cardinality")


@pytest.mark.parametrize(
    ("language", "theme", "width", "says"),
    [
        ("en", "light", 1_200, "The tag pod has 20 values"),
        ("es", "dark", 360, "La etiqueta pod tiene 20 valores"),
    ],
)
def test_the_loss_ledger_says_what_to_do(
    page: Page, language: str, theme: str, width: int, says: str
) -> None:
    look(page, "/loss", language, theme, width)
    told = page.get_by_test_id("loss-crowded")
    expect(told).to_contain_text("shop.orders")
    expect(told).to_contain_text(says)
    assert violations(page) == []
    assert fits(page)
    page.screenshot(path=picture(f"cardinality-{language}-{width}"), full_page=True)
