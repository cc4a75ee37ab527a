"""Events and service checks on a dashboard: over time, as a list, beside a metric, by state."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.harness.browser import fits, look, picture, violations
from tests.e2e.harness.page_api import call
from tests.e2e.harness.program import Catalejo, until
from tests.e2e.test_dashboard_widgets import as_table
from tests.e2e.test_dashboards import ask, made, widget

LONG = "Rolled out to every region. " * 8
EVENTS = [
    ("error", 50, "Rollout failed", "exit code 1\nsee the log"),
    ("error", 40, "Rollout failed again", ""),
    ("warning", 30, "Quota is nearly used up", "92 %"),
    ("success", 20, "shop 2.1 deployed", LONG),
    ("info", 10, "Config changed: <b>not HTML</b>", ""),
]
BOARD: dict[str, Any] = {
    "title": "What happened",
    "layout_type": "ordered",
    "template_variables": [{"name": "env", "prefix": "env", "defaults": ["*"]}],
    "widgets": [{"definition": definition} for definition in (
        {"type": "event_timeline", "title": "Timeline", "query": "source:deploy $env"},
        {"type": "event_stream", "title": "Stream", "query": "source:deploy $env",
         "event_size": "l"},
        {"type": "list_stream", "title": "Failures", "requests": [{
            "response_format": "event_list", "columns": [{"field": "timestamp", "width": "auto"}],
            "query": {"data_source": "event_stream", "query_string": "status:error",
                      "event_size": "s"}}]},
        {"type": "timeseries", "title": "Orders", "requests": [{"q": "sum:orders{*}.as_count()"}],
         "events": [{"q": "source:deploy status:(error OR success)"}]},
        {"type": "check_status", "title": "Databases", "check": "app.db", "grouping": "cluster",
         "group_by": ["host"], "tags": ["$env"]},
        {"type": "event_stream", "title": "Nothing", "query": "source:nobody"},
    )],
}  # fmt: skip
WORDS = {
    "en": {"table": "Show as a table", "errors": "errors 2", "none": "Nothing happened",
           "marks": "3 events in this time", "critical": "critical"},
    "es": {"table": "Ver como tabla", "errors": "errores 2", "none": "No ocurrió nada",
           "marks": "3 eventos en este periodo", "critical": "crítico"},
}  # fmt: skip


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalejo]:
    with Catalejo(tmp_path_factory.mktemp("dashboard-events") / "data") as program:
        now = int(time.time())

        def post(path: str, body: Any) -> None:
            sent = json.dumps(body).encode()
            headers = {"Content-Type": "application/json"}
            assert call(program.http_port, "POST", path, sent, headers).status == 202

        for alert_type, minutes, title, text in EVENTS:
            post("/api/v1/events", {
                "title": title, "text": text, "alert_type": alert_type, "host": "ci-1",
                "date_happened": now - 60 * minutes, "source_type_name": "deploy",
                "tags": ["env:prod" if alert_type == "error" else "env:dev"]})  # fmt: skip
        post("/api/v1/check_run", [
            {"check": "app.db", "status": status, "host_name": f"db-{host}", "timestamp": now - 60,
             "tags": ["env:prod"], "message": message}
            for host, status, message in ((1, 0, ""), (2, 2, "no answer"), (3, 1, "slow"))
        ])  # fmt: skip
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            for minutes in range(1, 55):
                line = f"orders:{20 + minutes % 7}|c|T{now - 60 * minutes}"
                sender.sendto(line.encode(), ("127.0.0.1", program.statsd_port))

        def stored() -> bool:
            asked = {"start": now - 7200, "end": now}
            lines = program.api.get("/api/v1/query", query="sum:orders{*}.as_count()",
                                    **{"from": now - 3600, "to": now})["series"]  # fmt: skip
            return bool(
                len(program.api.get("/api/v1/events", **asked)["events"]) == len(EVENTS)
                and len(program.api.get("/api/v1/service_checks")["checks"]) == 3
                and lines
            )

        until(stored, "events, checks and points are stored")
        yield program


@pytest.mark.parametrize("language", ["en", "es"])
def test_they_are_drawn_and_can_be_read_as_a_table(
    page: Page, shown: Catalejo, language: str
) -> None:
    words = WORDS[language]
    one = made(shown, BOARD)
    page.goto(f"/dashboards/{one}?lang={language}&from=now-4h")
    expect(page.locator(".skeleton")).to_have_count(0)
    timeline = widget(page, "Timeline")
    expect(timeline.locator("svg rect")).not_to_have_count(0)
    expect(timeline.locator(".event-totals")).to_contain_text(words["errors"])
    stream = widget(page, "Stream").get_by_test_id("event")
    expect(stream).to_have_count(5)
    expect(stream.first).to_contain_text("<b>not HTML</b>")
    expect(widget(page, "Stream").get_by_test_id("event").nth(1)).to_contain_text("every region")
    expect(widget(page, "Failures").get_by_test_id("event")).to_have_count(2)
    expect(widget(page, "Orders").locator(".event-mark")).to_have_count(3)
    marks = widget(page, "Orders").locator("details.chart-events")
    expect(marks).to_contain_text(words["marks"])
    marks.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(marks.get_by_text("shop 2.1 deployed")).to_be_visible()
    checks = widget(page, "Databases")
    expect(checks.get_by_test_id("check")).to_have_count(3)
    expect(checks.get_by_test_id("check").first).to_contain_text(words["critical"])
    expect(checks.get_by_test_id("check").first).to_contain_text("no answer")
    expect(widget(page, "Nothing")).to_contain_text(words["none"])
    assert violations(page) == []
    page.screenshot(path=str(picture(f"events-{language}")), full_page=True)
    expect(as_table(page, "Timeline", words)).not_to_have_count(0)
    expect(as_table(page, "Stream", words)).to_have_count(5)
    assert violations(page) == []
    ask(shown, "DELETE", f"/api/v1/dashboard/{one}")


def test_a_variable_is_part_of_the_search(page: Page, shown: Catalejo) -> None:
    one = made(shown, BOARD)
    page.goto(f"/dashboards/{one}?lang=en&from=now-4h&tpl_var_env=prod")
    expect(widget(page, "Stream").get_by_test_id("event")).to_have_count(2)
    expect(widget(page, "Databases").get_by_test_id("check")).to_have_count(3)
    page.goto(f"/dashboards/{one}?lang=en&from=now-4h&tpl_var_env=dev")
    expect(widget(page, "Stream").get_by_test_id("event")).to_have_count(3)
    expect(widget(page, "Databases").get_by_test_id("check")).to_have_count(0)
    ask(shown, "DELETE", f"/api/v1/dashboard/{one}")


def test_a_search_that_is_wrong_says_where(browser: Browser, shown: Catalejo) -> None:
    wrong = {"type": "event_stream", "title": "Wrong", "query": "env:a ("}
    one = made(shown, {**BOARD, "widgets": [{"definition": wrong}]})
    page = browser.new_page(base_url=shown.http_url)
    page.goto(f"/dashboards/{one}?lang=en")
    expect(widget(page, "Wrong").get_by_role("alert")).to_contain_text("at character 8")
    page.close()
    ask(shown, "DELETE", f"/api/v1/dashboard/{one}")


def test_they_are_added_by_hand(page: Page, shown: Catalejo) -> None:
    one = made(shown, {"title": "By hand", "layout_type": "ordered", "widgets": []})
    page.goto(f"/dashboards/{one}?lang=en&from=now-4h")
    page.get_by_role("button", name="Edit").click()
    form = page.get_by_test_id("add-widget")
    form.get_by_label("Kind").select_option("event_stream")
    form.get_by_label("Title").fill("Mine")
    form.get_by_label("Search of events").fill("status:warning")
    form.get_by_role("button", name="Add a widget").click()
    expect(widget(page, "Mine").get_by_test_id("event")).to_have_count(1)
    ask(shown, "DELETE", f"/api/v1/dashboard/{one}")


@pytest.mark.parametrize(
    ("language", "theme", "width"), [("es", "dark", 360), ("en", "dark", 1280)]
)
def test_they_are_read_in_the_dark_and_on_a_telephone(
    page: Page, shown: Catalejo, language: str, theme: str, width: int
) -> None:
    one = made(shown, BOARD)
    look(page, f"/dashboards/{one}?from=now-4h", language, theme, width)
    expect(page.locator(".skeleton")).to_have_count(0)
    expect(widget(page, "Stream").get_by_test_id("event")).to_have_count(5)
    assert fits(page)
    assert violations(page) == []
    page.screenshot(path=str(picture(f"events-{theme}-{width}")), full_page=True)
    ask(shown, "DELETE", f"/api/v1/dashboard/{one}")
