"""Dashboards at Datadog's paths: kept whole, by its own client, and drawn from real metrics."""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from datadog_api_client import ApiClient, Configuration
from datadog_api_client.v1.api.dashboards_api import DashboardsApi
from datadog_api_client.v1.model.dashboard import Dashboard
from datadog_api_client.v1.model.dashboard_layout_type import DashboardLayoutType
from datadog_api_client.v1.model.note_widget_definition import NoteWidgetDefinition
from datadog_api_client.v1.model.note_widget_definition_type import NoteWidgetDefinitionType
from datadog_api_client.v1.model.widget import Widget
from playwright.sync_api import Browser, Page, expect

from tests.e2e.harness.browser import fits, look, picture, violations
from tests.e2e.harness.page_api import call
from tests.e2e.harness.program import Catalejo, until

# As an integration ships it: groups, formulas, variables with dots, widgets that are not drawn, and
# a number that a double does not hold.
SHIPPED: dict[str, Any] = {
    "title": "OpenAI calls ñ",
    "description": "What the calls take",
    "layout_type": "ordered",
    "reflow_type": "fixed",
    "notify_list": [],
    "template_variables": [
        {"name": "env", "prefix": "env", "default": "*", "available_values": ["prod", "dev"]},
        {"name": "app.team", "prefix": "team", "defaults": ["*"]},
    ],
    "unknown_to_all": {"kept": [1, 2.5, None, True], "large": 12345678901234567},
    "widgets": [
        {
            "id": 4717263751542750,
            "definition": {
                "type": "group", "title": "Calls", "layout_type": "ordered",
                "background_color": "vivid_blue",
                "widgets": [
                    {
                        "definition": {
                            "type": "timeseries", "title": "Calls by model",
                            "requests": [{
                                "response_format": "timeseries", "display_type": "bars",
                                "queries": [{
                                    "name": "query1", "data_source": "metrics",
                                    "query": "sum:calls{$env,$app.team} by {model}.as_count()",
                                }],
                                "formulas": [{"formula": "query1", "alias": "calls"}],
                            }],
                        },
                        "layout": {"x": 0, "y": 0, "width": 8, "height": 3},
                    },
                    {
                        "definition": {
                            "type": "query_value", "title": "Depth", "precision": 1,
                            "custom_unit": "jobs",
                            "requests": [{
                                "q": "max:depth{$env}", "aggregator": "max",
                                "conditional_formats": [
                                    {"comparator": ">", "value": 5, "palette": "white_on_red"}
                                ],
                            }],
                        },
                        "layout": {"x": 8, "y": 0, "width": 4, "height": 3},
                    },
                ],
            },
            "layout": {"x": 0, "y": 0, "width": 12, "height": 4},
        },
        {
            "definition": {
                "type": "toplist", "title": "Calls by model, most first",
                "requests": [{"q": "sum:calls{*} by {model}.as_count()", "aggregator": "sum"}],
            },
            "layout": {"x": 0, "y": 4, "width": 6, "height": 3},
        },
        {
            "definition": {"type": "note", "content": "Read the **runbook** <img src=x>"},
            "layout": {"x": 6, "y": 4, "width": 3, "height": 3},
        },
        {
            "definition": {"type": "hostmap", "requests": {"fill": {"q": "avg:cpu{*} by {host}"}}},
            "layout": {"x": 9, "y": 4, "width": 3, "height": 3},
        },
        {
            "definition": {
                "type": "timeseries", "title": "Logs",
                "requests": [{"queries": [{"name": "a", "data_source": "logs"}]}],
            },
            "layout": {"x": 0, "y": 7, "width": 6, "height": 2},
        },
    ],
}  # fmt: skip
SERVERS = {"id", "author_handle", "created_at", "modified_at", "url"}


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalejo]:
    with Catalejo(tmp_path_factory.mktemp("dashboards") / "data") as program:
        lines = [f"calls:{n}|c|#model:{model},env:prod" for model, n in (("gpt-4o", 7), ("o3", 2))]
        lines += ["calls:100|c|#model:gpt-4o,env:dev", "depth:9|g|#env:prod"]
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto("\n".join(lines).encode(), ("127.0.0.1", program.statsd_port))
        now = int(time.time())

        def stored() -> bool:
            asked: dict[str, Any] = {
                "query": "sum:calls{*}.as_count()",
                "from": now - 600,
                "to": now + 60,
            }
            return bool(program.api.get("/api/v1/query", **asked)["series"])

        until(stored, "the points are stored")
        yield program


def ask(program: Catalejo, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    text = b"" if body is None else json.dumps(body).encode()
    answer = call(program.http_port, method, path, text, {"content-type": "application/json"})
    return answer.status, json.loads(answer.body)


def made(program: Catalejo, body: Any) -> str:
    status, answer = ask(program, "POST", "/api/v1/dashboard", body)
    assert status == 200, answer
    return str(answer["id"])


def test_a_dashboard_comes_back_as_it_went(shown: Catalejo) -> None:
    status, first = ask(shown, "POST", "/api/v1/dashboard", {**SHIPPED, "id": "x", "url": "/y"})
    assert status == 200
    assert first["id"] != "x"
    assert {key: value for key, value in first.items() if key not in SERVERS} == SHIPPED
    path = f"/api/v1/dashboard/{first['id']}"
    assert ask(shown, "GET", path) == (200, first)
    status, second = ask(shown, "PUT", path, {**first, "title": "Other"})
    assert (status, second["title"], second["created_at"]) == (200, "Other", first["created_at"])
    listed = ask(shown, "GET", "/api/v1/dashboard")[1]["dashboards"]
    assert [one["title"] for one in listed if one["id"] == first["id"]] == ["Other"]
    assert ask(shown, "DELETE", path) == (200, {"deleted_dashboard_id": first["id"]})
    assert ask(shown, "GET", path)[0] == 404


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ({**SHIPPED, "title": ""}, "title"),
        ({**SHIPPED, "title": 5}, "title"),
        ({**SHIPPED, "layout_type": "round"}, "layout_type"),
        ({"title": "x", "layout_type": "free"}, "widgets"),
        ([], "body"),
    ],
)
def test_what_is_no_dashboard_is_told_why(shown: Catalejo, body: Any, names: str) -> None:
    status, answer = ask(shown, "POST", "/api/v1/dashboard", body)
    assert status == 400
    assert names in json.dumps(answer)


def test_dashboards_outlive_a_kill(fresh: Catalejo) -> None:
    with fresh:
        one = made(fresh, SHIPPED)
        fresh.kill()
        fresh.start()
        assert ask(fresh, "GET", f"/api/v1/dashboard/{one}")[1]["title"] == SHIPPED["title"]


def test_datadogs_typed_client_keeps_reads_and_removes(shown: Catalejo) -> None:
    settings = Configuration(host=shown.http_url)  # type: ignore[no-untyped-call]
    note = NoteWidgetDefinition(content="hello", type=NoteWidgetDefinitionType.NOTE)
    body = Dashboard(
        title="typed", layout_type=DashboardLayoutType.ORDERED, widgets=[Widget(definition=note)]
    )
    with ApiClient(settings) as client:
        api = DashboardsApi(client)  # type: ignore[no-untyped-call]
        kept = api.create_dashboard(body)
        assert api.get_dashboard(kept.id).widgets[0].definition.content == "hello"
        body.title = "typed again"
        assert api.update_dashboard(kept.id, body).title == "typed again"
        assert "typed again" in [one.title for one in api.list_dashboards().dashboards]
        assert api.delete_dashboard(kept.id).deleted_dashboard_id == kept.id


def widget(page: Page, name: str) -> Any:
    return (
        page.get_by_test_id("widget")
        .filter(has=page.get_by_role("heading", name=name, exact=True))
        .last
    )


@pytest.mark.parametrize("language", ["en", "es"])
def test_widgets_show_what_is_stored_and_say_what_is_not_drawn(
    page: Page, shown: Catalejo, language: str
) -> None:
    one = made(shown, SHIPPED)
    page.goto(f"/dashboards/{one}?lang={language}")
    expect(widget(page, "Depth").locator(".one-value")).to_have_text("9 jobs")
    expect(widget(page, "Depth").locator(".one-value")).to_have_class(re.compile("bad"))
    rows = widget(page, "Calls by model, most first").locator("tr")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("gpt-4o")
    expect(rows.first).to_contain_text("107")
    expect(widget(page, "Calls by model").locator("path")).not_to_have_count(0)
    other = {"en": "is not drawn by this version", "es": "Esta versión no dibuja"}[language]
    expect(page.get_by_text(re.compile(other))).to_have_count(1)
    expect(widget(page, "Logs")).to_contain_text(
        {"en": "else than metrics", "es": "no son"}[language]
    )
    expect(page.locator(".widget-note strong")).to_have_text("runbook")
    expect(page.locator(".widget-note img")).to_have_count(0)
    # The choice of a variable is in the address, and asks again.
    variable = page.get_by_label("$env")
    variable.fill("prod")
    variable.press("Enter")
    expect(page).to_have_url(re.compile("tpl_var_env=prod"))
    expect(widget(page, "Depth").locator(".one-value")).to_have_text("9 jobs")
    variable.fill("dev")
    variable.press("Enter")
    expect(widget(page, "Depth")).not_to_contain_text("9 jobs")
    assert violations(page) == []
    page.screenshot(path=str(picture(f"dashboard-{language}")), full_page=True)
    ask(shown, "DELETE", f"/api/v1/dashboard/{one}")


def test_a_widget_whose_query_is_wrong_says_where(browser: Browser, shown: Catalejo) -> None:
    wrong = {"type": "timeseries", "title": "Not a query", "requests": [{"q": "sum:calls{* by"}]}
    one = made(shown, {**SHIPPED, "widgets": [{"definition": wrong}]})
    page = browser.new_page(base_url=shown.http_url)
    page.goto(f"/dashboards/{one}?lang=en")
    expect(widget(page, "Not a query").get_by_role("alert")).to_contain_text("character")
    page.close()
    ask(shown, "DELETE", f"/api/v1/dashboard/{one}")


def test_a_dashboard_is_imported_edited_and_exported(
    page: Page, shown: Catalejo, tmp_path: Path
) -> None:
    file = tmp_path / "shipped.json"
    file.write_text(json.dumps(SHIPPED))
    page.goto("/dashboards?lang=en")
    page.get_by_test_id("import-dashboard").set_input_files(file)
    expect(page.get_by_role("heading", name="OpenAI calls ñ")).to_be_visible()
    page.get_by_role("button", name="Edit").click()
    form = page.get_by_test_id("add-widget")
    form.get_by_label("Kind").select_option("query_value")
    form.get_by_label("Title").fill("All calls")
    form.get_by_label("Query").fill("sum:calls{*}.as_count()")
    form.get_by_role("button", name="Add a widget").click()
    expect(widget(page, "All calls").locator(".one-value")).to_be_visible()
    page.get_by_role("button", name="Remove the widget Logs").click()
    expect(page.get_by_role("heading", name="Logs")).to_have_count(0)
    page.get_by_role("button", name="Undo the last change").click()
    expect(page.get_by_role("heading", name="Logs")).to_have_count(1)
    assert violations(page) == []
    page.get_by_test_id("dashboard-export").click()
    with page.expect_download() as taken:
        page.get_by_role("button", name="Export as JSON").click()
    exported = json.loads(Path(taken.value.path()).read_text())
    assert exported["widgets"][:-1] == SHIPPED["widgets"]
    assert exported["unknown_to_all"]["kept"] == SHIPPED["unknown_to_all"]["kept"]
    assert exported["widgets"][-1]["definition"]["title"] == "All calls"
    page.get_by_role("button", name="JSON of the dashboard").click()
    editor = page.get_by_role("textbox", name="JSON of the dashboard")
    editor.fill("{}")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("dialog")).to_contain_text("needs a title")
    page.keyboard.press("Escape")
    page.goto("/dashboards?lang=en")
    page.get_by_role("button", name="Remove the dashboard OpenAI calls ñ").click()
    expect(page.get_by_role("status").first).to_contain_text("was removed")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_test_id("dashboards")).to_contain_text("OpenAI calls ñ")
    assert violations(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_narrow_screen_reads_it_without_scrolling_sideways(
    page: Page, shown: Catalejo, theme: str
) -> None:
    one = made(shown, SHIPPED)
    for path in (f"/dashboards/{one}", "/dashboards"):
        look(page, path, "es", theme, 360)
        expect(page.locator("h1")).to_be_visible()
        expect(page.locator(".skeleton")).to_have_count(0)
        assert fits(page), path
        assert violations(page) == [], path
        page.screenshot(path=str(picture(f"dashboards-{len(path)}-{theme}-360")), full_page=True)
    ask(shown, "DELETE", f"/api/v1/dashboard/{one}")
