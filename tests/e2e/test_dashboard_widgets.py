"""Widgets of every kind that is drawn, of real metrics and spans; and that a dashboard of all of
them comes back from an import, an edit and an export as it went."""

from __future__ import annotations

import base64
import csv
import json
import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.harness.browser import fits, look, picture, violations
from tests.e2e.harness.load import body_of, event, post
from tests.e2e.harness.program import Catalejo, until
from tests.e2e.test_dashboards import ask, made, widget

# A red point.
PIXEL = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAF"
    "AAH/iZk9HQAAAABJRU5ErkJggg=="
)


def scalar(kind: str, title: str, query: str, **more: Any) -> dict[str, Any]:
    queries = [{"name": "q", "data_source": "metrics", "query": query, "aggregator": "sum"}]
    request = {
        "response_format": "scalar",
        "queries": queries,
        "formulas": [{"formula": "q"}],
        **more,
    }
    return {"type": kind, "title": title, "requests": [request]}


def stream(title: str, source: str, query: str, *fields: str) -> dict[str, Any]:
    columns = [{"field": field, "width": "auto"} for field in fields]
    asked = {"data_source": source, "query_string": query, "indexes": []}
    request = {"response_format": "event_list", "columns": columns, "query": asked}
    return {"type": "list_stream", "title": title, "requests": [request]}


def histogram(kind: str, title: str, query: str) -> dict[str, Any]:
    asked = {"data_source": "metrics", "name": "q", "query": query}
    return {"type": kind, "title": title,
            "requests": [{"request_type": "histogram", "query": asked}]}  # fmt: skip


DRAWN: list[dict[str, Any]] = [
    {"type": "change", "title": "Calls against an hour ago", "requests": [{
        "q": "sum:calls{$env} by {model}.as_count()", "aggregator": "sum",
        "compare_to": "hour_before", "increase_good": False, "change_type": "absolute"}]},
    {"type": "heatmap", "title": "Depth by host", "requests": [{"q": "avg:depth{*} by {host}"}]},
    histogram("heatmap", "How long answers take", "histogram:answer.seconds{$env}"),
    histogram("distribution", "Answers by length", "histogram:answer.seconds{*} by {model}"),
    {"type": "distribution", "title": "Depth of hosts", "requests": [{
        "q": "avg:depth{*} by {host}"}]},
    scalar("sunburst", "Calls by team and model", "sum:calls{*} by {team,model}.as_count()"),
    scalar("treemap", "Calls as boxes", "sum:calls{*} by {team,model}.as_count()"),
    scalar("query_value", "Share of mini", "sum:calls{model:gpt-4o-mini}.as_count()"),
    stream("Newest calls", "llm_observability_stream", "@ml_app:stream-shop $env",
           "timestamp", "@ml_app", "@meta.input", "@unknown.column", "duration"),
    stream("Logs", "logs_stream", "status:error", "timestamp"),
    {"type": "event_timeline", "title": "Deploys", "query": "sources:deploy $env"},
    {"type": "image", "title": "Logo", "url": PIXEL, "sizing": "fit"},
    {"type": "image", "title": "Elsewhere", "url": "https://example.com/logo.png"},
    {"type": "timeseries", "title": "Traced calls", "requests": [{
        "response_format": "timeseries", "display_type": "bars",
        "formulas": [{"formula": "traced * 2", "alias": "twice"}],
        "queries": [{"name": "traced", "data_source": "llm_observability",
                     "search": {"query": "@ml_app:stream-shop $env"},
                     "compute": {"aggregation": "count"}}]}]},
    {"type": "hostmap", "title": "Hosts", "requests": {"fill": {"q": "avg:cpu{*} by {host}"}}},
]  # fmt: skip
ALL: dict[str, Any] = {
    "title": "Every widget",
    "layout_type": "ordered",
    "template_variables": [{"name": "env", "prefix": "env", "defaults": ["*"]}],
    "template_variable_presets": [
        {"name": "Production", "template_variables": [{"name": "env", "values": ["prod"]}]},
        {"name": "Elsewhere", "template_variables": [{"name": "env", "value": "dev"}]},
    ],
    "widgets": [
        {
            "id": 7_000_000_000_000 + i,
            "definition": definition,
            "layout": {"x": 4 * (i % 3), "y": 3 * (i // 3), "width": 4, "height": 3},
        }
        for i, definition in enumerate(DRAWN)
    ],
}
WORDS = {
    "en": {"table": "Show as a table", "drawing": "Show as a drawing", "events": "Nothing happened",
           "elsewhere": "at another address", "columns": "Columns that are not kept here"},
    "es": {"table": "Ver como tabla", "drawing": "Ver como gráfico", "events": "No ocurrió nada",
           "elsewhere": "en otra dirección", "columns": "Columnas que aquí no se guardan"},
}  # fmt: skip


CALLS = [
    ("core", "gpt-4o", 70),
    ("core", "gpt-4o-mini", 20),
    ("web", "gpt-4o", 10),
    ("web", "o3", 5),
]


def lines() -> list[str]:
    sent = [f"calls:{n}|c|#env:prod,team:{team},model:{model}" for team, model, n in CALLS]
    sent += [f"depth:{7 * host}|g|#env:prod,host:web-{host}" for host in range(1, 6)]
    sent += [
        f"answer.seconds:{0.2 * step * step:.2f}|d|#env:prod,model:gpt-4o" for step in range(1, 12)
    ]
    hour = int(time.time()) - 3_600
    return [*sent, f"calls:30|c|#env:prod,team:core,model:gpt-4o|T{hour}"]


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalejo]:
    with Catalejo(tmp_path_factory.mktemp("widgets") / "data") as program:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            for line in lines():
                sender.sendto(line.encode(), ("127.0.0.1", program.statsd_port))
        tags = ["ml_app:stream-shop", "service:shop", "env:prod"]
        spans = [event(i, f"question {i}", ml_app="stream-shop", tags=tags) for i in range(1, 4)]
        assert post(program, body_of(*spans)).status == 202

        def stored() -> bool:
            now = int(time.time())
            asked: dict[str, Any] = {"from": now - 600, "to": now + 60}
            metrics = ("count:answer.seconds{*}", "sum:calls{*}.as_count()", "avg:depth{*}")
            return len(program.api.spans(ml_app="stream-shop")) == 3 and all(
                program.api.get("/api/v1/query", query=query, **asked)["series"]
                for query in metrics
            )

        until(stored, "points and spans are stored")
        yield program


def as_table(page: Page, title: str, words: dict[str, str]) -> Any:
    """The rows of a widget, read as a table by its own menu."""
    one = widget(page, title)
    one.get_by_test_id("widget-menu").click()
    one.get_by_role("button", name=words["table"]).click()
    return one.locator(".sheet tbody tr")


@pytest.mark.parametrize("language", ["en", "es"])
def test_each_kind_is_drawn_and_can_be_read_as_a_table(
    page: Page, shown: Catalejo, language: str
) -> None:
    words = WORDS[language]
    one = made(shown, ALL)
    page.goto(f"/dashboards/{one}?lang={language}")
    expect(page.locator(".skeleton")).to_have_count(0)
    change = widget(page, "Calls against an hour ago").locator("tbody tr")
    expect(change.filter(has=page.get_by_text("gpt-4o", exact=True))).to_contain_text("80")
    expect(widget(page, "Depth by host").locator("svg rect")).not_to_have_count(0)
    expect(widget(page, "How long answers take").locator("svg rect")).not_to_have_count(0)
    expect(widget(page, "Answers by length").locator("svg rect")).not_to_have_count(0)
    expect(widget(page, "Calls by team and model").get_by_role("img")).to_be_visible()
    expect(widget(page, "Calls by team and model").locator(".parts li").first).to_contain_text(
        "core"
    )
    boxes = widget(page, "Calls as boxes").get_by_role("listitem")
    expect(boxes).to_have_count(4)
    expect(boxes.first).to_contain_text("gpt-4o")
    calls = widget(page, "Newest calls")
    expect(calls.locator("tbody tr")).to_have_count(3)
    expect(calls).to_contain_text("question 1")
    expect(calls).to_contain_text(words["columns"])
    expect(calls).to_contain_text("@unknown.column")
    expect(widget(page, "Deploys")).to_contain_text(words["events"])
    expect(widget(page, "Logo").locator("img")).to_be_visible()
    expect(widget(page, "Elsewhere").locator("img")).to_have_count(0)
    expect(widget(page, "Elsewhere")).to_contain_text(words["elsewhere"])
    assert violations(page) == []
    page.screenshot(path=str(picture(f"widgets-{language}")), full_page=True)
    # What is drawn is told as rows, too: every value of the distribution is in one of them.
    rows = as_table(page, "Answers by length", words)
    counts = [int(row.split("\t")[-1]) for row in rows.all_inner_texts() if not row.endswith("\t0")]
    assert sum(counts) == 11
    expect(as_table(page, "Calls by team and model", words)).to_have_count(4)
    traced = as_table(page, "Traced calls", words)
    expect(traced).not_to_have_count(0)
    values = [row.split("\t")[-1] for row in traced.all_inner_texts()]
    assert sum(float(value) for value in values if value.strip() not in ("", "–")) == 6
    expect(as_table(page, "Depth by host", words)).not_to_have_count(0)
    assert violations(page) == []
    ask(shown, "DELETE", f"/api/v1/dashboard/{one}")


def test_a_row_of_a_stream_opens_its_trace(page: Page, shown: Catalejo) -> None:
    one = made(shown, ALL)
    page.goto(f"/dashboards/{one}?lang=en")
    widget(page, "Newest calls").get_by_role("link").first.click()
    expect(page).to_have_url(re.compile(r"/traces/[0-9a-f]{32}\?span="))
    expect(page.get_by_text("question").first).to_be_visible()
    ask(shown, "DELETE", f"/api/v1/dashboard/{one}")


def test_a_widget_is_kept_as_csv(page: Page, shown: Catalejo, tmp_path: Path) -> None:
    one = made(shown, ALL)
    page.goto(f"/dashboards/{one}?lang=en")
    boxes = widget(page, "Calls as boxes")
    boxes.get_by_test_id("widget-menu").click()
    with page.expect_download() as taken:
        boxes.get_by_role("button", name="Save as CSV").click()
    assert taken.value.suggested_filename == "calls-as-boxes.csv"
    file = tmp_path / "widget.csv"
    taken.value.save_as(file)
    rows = list(csv.reader(file.open(encoding="utf-8-sig", newline="")))
    assert rows[0][:2] == ["team", "model"]
    # Thirty more of the first came an hour ago.
    assert {(row[0], row[1], float(row[2])) for row in rows[1:]} == {
        ("core", "gpt-4o", 100), *CALLS[1:],
    }  # fmt: skip
    ask(shown, "DELETE", f"/api/v1/dashboard/{one}")


def test_every_widget_survives_import_edit_and_export(
    page: Page, shown: Catalejo, tmp_path: Path
) -> None:
    file = tmp_path / "all.json"
    file.write_text(json.dumps(ALL))
    page.goto("/dashboards?lang=en")
    page.get_by_test_id("import-dashboard").set_input_files(file)
    expect(page.get_by_role("heading", name="Every widget")).to_be_visible()
    page.get_by_role("button", name="Edit").click()
    form = page.get_by_test_id("add-widget")
    form.get_by_label("Kind").select_option("note")
    form.get_by_label("Text").fill("added")
    form.get_by_role("button", name="Add a widget").click()
    expect(page.locator(".widget-note")).to_contain_text("added")
    page.get_by_test_id("dashboard-export").click()
    with page.expect_download() as taken:
        page.get_by_role("button", name="Export as JSON").click()
    exported = json.loads(Path(taken.value.path()).read_text())
    assert exported["widgets"][:-1] == ALL["widgets"]
    assert exported["widgets"][-1]["definition"] == {"type": "note", "content": "added"}
    assert {key: exported[key] for key in ALL if key != "widgets"} == {
        key: value for key, value in ALL.items() if key != "widgets"
    }
    ask(shown, "DELETE", f"/api/v1/dashboard/{exported['id']}")


def test_a_choice_of_variables_is_kept_under_a_name(page: Page, shown: Catalejo) -> None:
    one = made(shown, ALL)
    page.goto(f"/dashboards/{one}?lang=en")
    views = page.get_by_role("combobox", name="Saved view")
    views.select_option("Production")
    expect(page).to_have_url(re.compile("tpl_var_env=prod"))
    expect(widget(page, "Newest calls").locator("tbody tr")).to_have_count(3)
    views.select_option("Elsewhere")
    expect(page).to_have_url(re.compile("tpl_var_env=dev"))
    expect(widget(page, "Newest calls").locator("tbody tr")).to_have_count(0)
    page.get_by_role("button", name="Edit").click()
    page.get_by_label("$env").fill("prod,staging")
    page.get_by_label("$env").press("Enter")
    page.get_by_label("Name of the view").fill("Both")
    page.get_by_role("button", name="Keep this choice as a view").click()
    expect(views).to_have_value("Both")
    # Several values are any of them, in queries and in searches.
    expect(widget(page, "Newest calls").locator("tbody tr")).to_have_count(3)
    expect(widget(page, "Calls against an hour ago")).to_contain_text("gpt-4o")
    kept = ask(shown, "GET", f"/api/v1/dashboard/{one}")[1]["template_variable_presets"]
    assert kept[:2] == ALL["template_variable_presets"]
    assert kept[2]["template_variables"] == [{"name": "env", "values": ["prod", "staging"]}]
    page.get_by_role("button", name="Remove the view Both").click()
    expect(views.locator("option", has_text="Both")).to_have_count(0)
    assert violations(page) == []
    ask(shown, "DELETE", f"/api/v1/dashboard/{one}")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_widget_is_read_on_a_narrow_screen(page: Page, shown: Catalejo, theme: str) -> None:
    one = made(shown, ALL)
    look(page, f"/dashboards/{one}", "es", theme, 360)
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".skeleton")).to_have_count(0)
    assert fits(page)
    assert violations(page) == []
    page.screenshot(path=str(picture(f"widgets-{theme}-360")), full_page=True)
    ask(shown, "DELETE", f"/api/v1/dashboard/{one}")


def test_a_histogram_of_something_else_is_told_why(shown: Catalejo) -> None:
    for query, where in (("p50:answer.seconds{*}", 0), ("histogram:answer.seconds{*", None),
                         ("histogram:a{*} + 1", 0)):  # fmt: skip
        answer = shown.api.answer("/api/v1/histogram", query=query, **{"from": 1, "to": 1_000})
        assert answer.status == 400, answer
        if where is None:
            assert re.search(r"character (2[5-9]|3\d)", answer.body.decode()), answer.body


def test_tv_mode_leaves_the_dashboard_alone_until_escape(page: Page, shown: Catalejo) -> None:
    one = made(shown, ALL)
    page.goto(f"/dashboards/{one}?lang=en")
    page.get_by_role("button", name="TV mode").click()
    expect(page).to_have_url(re.compile("tv=1"))
    expect(page.locator("nav.side")).to_be_hidden()
    expect(page.get_by_role("button", name="Edit", exact=True)).to_have_count(0)
    expect(widget(page, "Calls as boxes").get_by_role("listitem")).to_have_count(4)
    assert violations(page) == []
    page.screenshot(path=str(picture("dashboard-tv")))
    page.keyboard.press("Escape")
    expect(page.locator("nav.side")).to_be_visible()
    expect(page).not_to_have_url(re.compile("tv=1"))
    # A screen opens it by its address, and nobody has to press anything.
    page.goto(f"/dashboards/{one}?lang=en&tv=1")
    expect(page.locator("nav.side")).to_be_hidden()
    page.get_by_role("button", name="Leave TV mode").click()
    expect(page.locator("nav.side")).to_be_visible()
    ask(shown, "DELETE", f"/api/v1/dashboard/{one}")


def png_colours(page: Page, file: Path) -> dict[str, Any]:
    """Size and number of different colours of a picture, as a browser reads it."""
    data = base64.b64encode(file.read_bytes()).decode()
    found: dict[str, Any] = page.evaluate(
        """async (data) => {
          const image = new Image();
          image.src = `data:image/png;base64,${data}`;
          await image.decode();
          const canvas = document.createElement('canvas');
          canvas.width = image.width;
          canvas.height = image.height;
          const context = canvas.getContext('2d');
          context.drawImage(image, 0, 0);
          const pixels = context.getImageData(0, 0, image.width, image.height).data;
          const colours = new Set();
          for (let i = 0; i < pixels.length; i += 4)
            colours.add(`${pixels[i]},${pixels[i + 1]},${pixels[i + 2]}`);
          return {width: image.width, height: image.height, colours: colours.size,
                  first: [pixels[0], pixels[1], pixels[2]]};
        }""",
        data,
    )
    return found


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pictures_look_as_the_page_does(
    page: Page, shown: Catalejo, tmp_path: Path, theme: str
) -> None:
    one = made(shown, ALL)
    look(page, f"/dashboards/{one}", "en", theme, 1440)
    expect(page.locator(".skeleton")).to_have_count(0)
    rings = widget(page, "Calls by team and model")
    rings.get_by_test_id("widget-menu").click()
    with page.expect_download() as taken:
        rings.get_by_role("button", name="Save as PNG").click()
    assert taken.value.suggested_filename == "calls-by-team-and-model.png"
    file = picture(f"png-widget-{theme}")
    taken.value.save_as(file)
    seen = png_colours(page, file)
    box = rings.bounding_box()
    assert box and abs(seen["width"] - 2 * box["width"]) <= 4, (seen, box)
    assert abs(seen["height"] - 2 * box["height"]) <= 4, (seen, box)
    assert seen["colours"] > 20, seen
    page.get_by_test_id("dashboard-export").click()
    with page.expect_download() as taken:
        page.get_by_role("button", name="Save as PNG").click()
    file = picture(f"png-dashboard-{theme}")
    taken.value.save_as(file)
    whole = png_colours(page, file)
    assert whole["height"] > 900 and whole["colours"] > 40, whole
    assert (sum(whole["first"]) < 200) == (theme == "dark"), whole
    ask(shown, "DELETE", f"/api/v1/dashboard/{one}")


def test_names_and_tags_are_offered_while_one_writes(page: Page, shown: Catalejo) -> None:
    one = made(shown, ALL)
    page.goto(f"/dashboards/{one}?lang=en&edit=1")
    form = page.get_by_test_id("add-widget")
    box = form.get_by_role("combobox", name="Query")
    box.press_sequentially("p95:answer.s")
    offers = form.get_by_role("listbox", name="What can stand here").get_by_role("option")
    expect(offers.first).to_have_text("answer.seconds")
    assert violations(page) == []
    box.press("Enter")
    expect(box).to_have_value("p95:answer.seconds{*}")
    box.press("Backspace")
    box.press("Backspace")
    box.press_sequentially("mod")
    expect(offers.first).to_have_text("model:gpt-4o")
    box.press("Tab")
    box.press_sequentially("} by {mo")
    expect(offers.first).to_have_text("model")
    offers.first.click()
    box.press_sequentially("}")
    expect(box).to_have_value("p95:answer.seconds{model:gpt-4o} by {model}")
    form.get_by_label("Title").fill("Slow")
    form.get_by_role("button", name="Add a widget").click()
    expect(widget(page, "Slow").locator("path")).not_to_have_count(0)
    ask(shown, "DELETE", f"/api/v1/dashboard/{one}")


def test_a_removed_dashboard_comes_back_under_its_own_id(page: Page, shown: Catalejo) -> None:
    one = made(shown, {**ALL, "title": "To come back"})
    page.goto("/dashboards?lang=en")
    page.get_by_role("button", name="Remove the dashboard To come back").click()
    expect(page.get_by_role("status").first).to_contain_text("was removed")
    assert ask(shown, "GET", f"/api/v1/dashboard/{one}")[0] == 404
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("link", name="To come back")).to_have_attribute(
        "href", f"/dashboards/{one}"
    )
    assert ask(shown, "GET", f"/api/v1/dashboard/{one}")[1]["widgets"] == ALL["widgets"]
    ask(shown, "DELETE", f"/api/v1/dashboard/{one}")
