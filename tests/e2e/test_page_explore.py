"""The explorer, the trace page and sessions in a real browser, against the real program."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from playwright.sync_api import Browser, Page, expect

from demo.azure.server import Azure
from tests.e2e.harness.browser import fits, pages, picture, violations
from tests.e2e.harness.client import MODES, run_scenarios
from tests.e2e.harness.load import body_of, event, post
from tests.e2e.harness.page_api import call as call_of
from tests.e2e.harness.program import Catalejo, until

SCENARIOS = ("chat", "chat_tool_call", "error_content_filter", "sdk")
MARKDOWN = "## Plan\n\n| a | b |\n|-|-|\n| 1 | 2 |\n\n<b>bold?</b> ![x](https://evil.example/p.png)"
SECOND_NS = 1_000_000_000


def turn(number: int, session: str, **more: Any) -> dict[str, Any]:
    """One trace of a conversation; `more` goes into meta."""
    start = time.time_ns() - (60 - number) * SECOND_NS
    text = f"turn {number} of {session}"
    one = event(90_000 + number, text, ml_app="talks", session_id=session, start_ns=start)
    one["meta"].update(more)
    one["tags"].append(f"session_id:{session}")
    return one


@pytest.fixture(scope="module")
def shown(azure: Azure, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalejo]:
    folder = tmp_path_factory.mktemp("explore")
    with Catalejo(folder / "data") as program:
        run_scenarios(MODES[0], program, azure, folder, only=SCENARIOS)
        reply = {"messages": [{"role": "assistant", "content": MARKDOWN}]}
        kept = {
            "request_id": "req-1", "retries": 2, "retry_ms": 1500.0,
            "content_filter": {"prompt": {"hate": {"filtered": False, "severity": "low"}}},
        }  # fmt: skip
        failed = turn(3, "talk-1") | {"status": "error"}
        failed["meta"] |= {"error.type": "openai.RateLimitError", "error.message": "429"}
        events = [
            turn(1, "talk-1", output=reply, metadata={"azure": kept, "temperature": 0.2}),
            turn(2, "talk-1", metadata={"temperature": 0.9}),
            failed,
            turn(4, "talk-2"),
        ]
        for one in events:
            assert post(program, body_of(one)).status == 202
        until(lambda: len(program.api.traces()) >= len(SCENARIOS) + 4, "the traces are stored")
        yield program


@pytest.fixture(scope="module")
def stumbling(shown: Catalejo) -> str:
    """The id of a trace in which two calls failed, another was slow and a fourth was dear."""
    trace, begin = f"{77_000:032x}", time.time_ns() - 60 * SECOND_NS

    def call(number: int, at: int, length: int, **more: Any) -> dict[str, Any]:
        one = event(
            number, f"step {number}", ml_app="stumbling", trace_id=trace, parent_id="77000",
            start_ns=begin + at * SECOND_NS, duration=length * SECOND_NS, **more,
        )  # fmt: skip
        if one["status"] == "error":
            one["meta"] |= {"error.type": "openai.RateLimitError", "error.message": "429"}
        return one

    root = call(77_000, 0, 10, name="answer_ticket") | {"parent_id": "undefined"}
    root["meta"] |= {"span": {"kind": "workflow"}}
    dear = {"input_tokens": 90_000, "output_tokens": 9_000, "total_tokens": 99_000}
    spans = [
        root, call(77_001, 0, 1, status="error"), call(77_002, 1, 6),
        call(77_003, 7, 1, metrics=dear), call(77_004, 8, 1, status="error"),
    ]  # fmt: skip
    judged = {
        "join_on": {"span": {"trace_id": trace, "span_id": "77003"}}, "ml_app": "stumbling",
        "timestamp_ms": time.time_ns() // 1_000_000, "metric_type": "score", "label": "tone",
        "score_value": 0.1, "assessment": "fail",
    }  # fmt: skip
    assert post(shown, body_of(*spans)).status == 202
    body = {"data": {"type": "evaluation_metric", "attributes": {"metrics": [judged]}}}
    sent = call_of(
        shown.http_port, "POST", "/api/intake/llm-obs/v2/eval-metric", json.dumps(body).encode(),
        {"content-type": "application/json"},
    )  # fmt: skip
    assert sent.status == 202, sent.body
    until(
        lambda: (
            shown.api.rows("/api/v1/spans", query="@evaluation.tone.assessment:fail")
            and len(shown.api.rows("/api/v1/spans", query="@ml_app:stumbling")) == len(spans)
        ),
        "the trace and its evaluation are stored",
    )
    return trace


def open_trace(page: Page, text: str, query: str = "") -> None:
    page.goto(f"/traces?lang=en{query}")
    page.get_by_test_id("trace-row").filter(has_text=text).first.click()
    expect(page.get_by_test_id("verdict")).to_be_visible()


def test_the_palette_goes_everywhere(page: Page) -> None:
    page.goto("/loss?lang=en")
    page.keyboard.press("Control+k")
    palette = page.get_by_test_id("palette")
    palette.get_by_role("combobox").fill("sessi")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/sessions"))
    page.keyboard.press("Control+k")
    palette.get_by_role("combobox").fill("talks")
    palette.get_by_role("option", name="Application: talks").click()
    expect(page).to_have_url(re.compile("ml_app=talks"))
    row = page.get_by_test_id("trace-row").first
    expect(row).to_contain_text("turn")
    trace_id = row.get_attribute("data-trace-id") or ""
    page.keyboard.press("Control+k")
    palette.get_by_role("combobox").fill(trace_id.upper())
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/traces/{trace_id}"))
    expect(page.get_by_test_id("verdict")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "es"])
def test_own_prices_are_said_removed_and_put_back(page: Page, language: str) -> None:
    words = {"en": ("Remove", "Undo"), "es": ("Quitar", "Deshacer")}[language]
    model = f"house-{language}"
    page.goto(f"/costs?lang={language}")
    form = page.get_by_test_id("price-form")
    form.locator("[name=model]").fill(model)
    form.locator("[name=input]").fill("-1")
    form.get_by_role("button").click()
    assert form.locator("[name=input]:invalid").count() == 1
    form.locator("[name=input]").fill("2.5")
    form.locator("[name=output]").fill("10")
    form.locator("[name=note]").fill("EA 2026")
    form.get_by_role("button").click()
    row = page.get_by_test_id("own-prices").get_by_role("row").filter(has_text=model)
    expect(row).to_contain_text("EA 2026")
    expect(row).to_contain_text("$2.50" if language == "en" else "2,50")
    assert violations(page) == []
    row.get_by_role("button", name=f"{words[0]} {model}").click()
    expect(row).to_have_count(0)
    page.get_by_test_id("undo-cost").click()
    expect(row).to_contain_text("EA 2026")
    page.screenshot(path=str(picture(f"own-prices-{language}")), full_page=True)
    row.get_by_role("button", name=f"{words[0]} {model}").click()
    expect(row).to_have_count(0)


def test_lists_are_sorted_by_cost_on_the_page(page: Page) -> None:
    page.goto("/traces?lang=en&from=now-24h")
    page.get_by_test_id("sort-cost").click()
    expect(page).to_have_url(re.compile("sort=-cost"))
    expect(page.get_by_test_id("trace-row").first).to_contain_text("$")
    page.goto("/sessions?lang=en&from=now-24h")
    page.get_by_test_id("sort-tokens").click()
    expect(page).to_have_url(re.compile("sort=-tokens"))
    expect(page.get_by_test_id("session-row").first).to_be_visible()
    assert violations(page) == []
    page.screenshot(path=str(picture("sessions-sorted")))


def test_keys_move_through_pages_and_traces_but_rest_while_typing(page: Page) -> None:
    page.goto("/traces?lang=en&ml_app=talks")
    expect(page.get_by_test_id("trace-row")).to_have_count(4)
    page.keyboard.press("/")
    page.keyboard.type("gsj?[")
    expect(page.get_by_test_id("search-box")).to_have_value("gsj?[")
    expect(page).to_have_url(re.compile("/traces"))
    page.get_by_test_id("search-box").fill("")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("trace-row")).to_have_count(4)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("verdict")).to_be_visible()
    first = page.url
    page.keyboard.press("]")
    page.wait_for_url(lambda url: url != first)
    page.keyboard.press("[")
    page.wait_for_url(first)
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("trace-drawer")).to_have_count(0)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("slowest span")
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("l")
    expect(page).to_have_url(re.compile("/loss"))


def test_one_jumps_to_errors_the_slowest_the_dearest_and_failed_evaluations(
    page: Page, stumbling: str
) -> None:
    page.goto(f"/traces/{stumbling}?lang=en&full=1")
    expect(page.get_by_test_id("span-row")).to_have_count(5)
    by_key = (("e", 77_001), ("e", 77_004), ("e", 77_001), ("s", 77_002), ("t", 77_003))
    for key, number in (*by_key, ("s", 77_002), ("v", 77_003)):
        page.keyboard.press(key)
        expect(page).to_have_url(re.compile(f"span={number}"))
        expect(page.locator(f"#span-{number}")).to_have_attribute("aria-selected", "true")
    for name, number in (("slowest", 77_002), ("cost", 77_003), ("error", 77_004)):
        page.get_by_test_id(f"jump-{name}").click()
        expect(page).to_have_url(re.compile(f"span={number}"))


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_trace_is_looked_at_in_four_ways(page: Page, language: str) -> None:
    open_trace(page, "serve")
    page.get_by_test_id("lang-switch").select_option(language)
    for name, seen in (
        ("waterfall", "span-row"), ("messages", "thread"), ("graph", "graph-box"),
        ("tree", "span-row"),
    ):  # fmt: skip
        page.get_by_test_id(f"show-{name}").click()
        expect(page.get_by_test_id(seen).first).to_be_visible()
        page.screenshot(path=str(picture(f"trace-{name}-{language}")))
        assert violations(page) == []
    page.keyboard.press("4")
    page.get_by_test_id("graph-box").filter(has_text="look_up").first.click()
    expect(page.get_by_test_id("span-pane")).to_contain_text("look_up")
    page.reload()
    expect(page.get_by_test_id("graph-box").first).to_be_visible()


def test_a_tool_call_and_its_result_stand_together_in_the_conversation(page: Page) -> None:
    open_trace(page, "[chat_tool_call]", "&show=messages")
    page.get_by_test_id("show-messages").click()
    expect(page.get_by_test_id("thread")).to_contain_text("get_weather")


def test_azure_is_told_in_words(page: Page) -> None:
    open_trace(page, "turn 1 of talk-1")
    facts = page.get_by_test_id("azure-facts")
    expect(facts).to_contain_text("2 retries; 1.5")
    expect(facts).to_contain_text("Hate")
    open_trace(page, "[error_content_filter]")
    expect(page.get_by_test_id("azure-facts")).to_contain_text("The content filter stopped")


def test_markdown_is_laid_out_without_html_and_pictures_and_the_choice_is_kept(page: Page) -> None:
    open_trace(page, "turn 1 of talk-1")
    message = page.get_by_test_id("message").last
    expect(message.locator("table td").first).to_have_text("1")
    expect(message).to_contain_text("<b>bold?</b>")
    assert message.locator("img, b").count() == 0
    page.get_by_test_id("text-mode").first.get_by_text("Plain").click()
    expect(message.locator("table")).to_have_count(0)
    page.reload()
    expect(page.get_by_test_id("message").last).to_contain_text("## Plan")
    assert page.get_by_test_id("message").last.locator("table").count() == 0


def test_two_spans_of_two_traces_are_compared(page: Page) -> None:
    open_trace(page, "turn 1 of talk-1")
    page.get_by_test_id("compare-pick").click()
    open_trace(page, "turn 2 of talk-1")
    page.get_by_test_id("compare-with").click()
    compared = page.get_by_test_id("compare")
    expect(compared.locator("ins").first).to_have_text("2")
    expect(page.get_by_test_id("compare-parameters")).to_contain_text("0.9")
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(compared).to_have_count(0)
    expect(page.get_by_test_id("span-pane")).to_be_visible()


def test_columns_order_and_saved_views_are_in_the_address(page: Page) -> None:
    page.goto("/traces?lang=en&ml_app=talks")
    expect(page.get_by_test_id("trace-row")).to_have_count(4)
    page.get_by_test_id("columns").click()
    page.get_by_test_id("column-session").click()
    expect(page).to_have_url(re.compile("cols=.*session"))
    expect(page.get_by_test_id("trace-row").first.locator(".cell-session")).to_contain_text("talk-")
    page.keyboard.press("Escape")
    page.get_by_test_id("sort-time").click()
    expect(page).to_have_url(re.compile("sort=start"))
    expect(page.get_by_test_id("trace-row").first).to_contain_text("turn 1")
    page.get_by_test_id("saved-views").click()
    page.get_by_test_id("saved-name").fill("Charlas")
    page.keyboard.press("Enter")
    page.goto("/traces?lang=en")
    page.get_by_test_id("saved-views").click()
    page.get_by_role("button", name="Charlas", exact=True).click()
    expect(page).to_have_url(re.compile("sort=start.*cols="))


def test_the_list_is_sorted_by_header_key_and_address(page: Page) -> None:
    page.goto("/traces?lang=en&ml_app=talks")
    expect(page.get_by_test_id("trace-row")).to_have_count(4)
    duration = page.get_by_test_id("sort-duration")
    duration.click()
    expect(page).to_have_url(re.compile("sort=-duration"))
    column = page.get_by_role("columnheader").filter(has=duration)
    expect(column).to_have_attribute("aria-sort", "descending")
    duration.click()
    expect(page).to_have_url(re.compile("sort=duration"))
    expect(column).to_have_attribute("aria-sort", "ascending")
    page.goto("/traces?lang=en&ml_app=talks&sort=-errors")
    expect(page.get_by_test_id("trace-row").first).to_contain_text("turn 3")
    expect(page.get_by_test_id("trace-row")).to_have_count(4)
    page.keyboard.press("O")
    expect(page).to_have_url(re.compile("sort=errors"))
    expect(page.get_by_test_id("trace-row").last).to_contain_text("turn 3")
    page.keyboard.press("o")
    expect(page).not_to_have_url(re.compile("sort="))


def test_the_result_is_exported_as_parquet(page: Page, tmp_path: Path) -> None:
    page.goto("/traces?lang=es&ml_app=talks")
    expect(page.get_by_test_id("trace-row")).to_have_count(4)
    page.get_by_test_id("export").click()
    with page.expect_download() as started:
        page.get_by_test_id("export-parquet").click()
    assert re.fullmatch(r"catalejo-traces-\d{8}T\d{6}Z\.parquet", started.value.suggested_filename)
    target = tmp_path / "out.parquet"
    started.value.save_as(target)
    read = duckdb.sql(
        f"SELECT span, status, duration_ns, tokens_total, application, input, tag, start "
        f"FROM '{target}' ORDER BY start"
    )
    assert read is not None
    rows = read.fetchall()
    assert [row[1] for row in rows] == ["ok", "ok", "error", "ok"]
    assert {row[4] for row in rows} == {"talks"}
    assert [json.loads(row[5])["messages"][0]["content"] for row in rows[:2]] == [
        "turn 1 of talk-1", "turn 2 of talk-1",
    ]  # fmt: skip
    assert rows[0][2:4] == (1_000_000, 4)
    assert rows[0][6]["session_id"] == "talk-1"


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_the_result_is_exported(page: Page, kind: str, tmp_path: Path) -> None:
    page.goto("/traces?lang=en&ml_app=talks")
    expect(page.get_by_test_id("trace-row")).to_have_count(4)
    page.get_by_test_id("export").click()
    with page.expect_download() as started:
        page.get_by_test_id(f"export-{kind}").click()
    target = tmp_path / "out"
    started.value.save_as(target)
    lines = target.read_text(encoding="utf-8-sig").strip().splitlines()
    assert len(lines) == (5 if kind == "csv" else 4)
    if kind == "jsonl":
        assert {json.loads(line)["ml_app"] for line in lines} == {"talks"}


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_session_is_listed_and_read_in_order(page: Page, language: str) -> None:
    page.goto(f"/sessions?lang={language}&ml_app=talks")
    rows = page.get_by_test_id("session-row")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("talk-2")
    expect(rows.nth(1)).to_contain_text("turn 1 of talk-1")
    page.screenshot(path=str(picture(f"sessions-{language}")))
    assert violations(page) == []
    rows.nth(1).click()
    turns = page.get_by_test_id("session-turn")
    expect(turns).to_have_count(3)
    for number in (1, 2, 3):
        expect(turns.nth(number - 1)).to_contain_text(f"turn {number} of talk-1")
    expect(page.get_by_test_id("session-verdict")).to_have_class(re.compile("error"))
    assert violations(page) == []


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("width", [360, 1440, 3840])
def test_every_page_is_accessible_and_fits(
    browser: Browser, shown: Catalejo, theme: Any, width: int
) -> None:
    # Every page in both languages: one with the dark pages, one with the light ones.
    language = {"dark": "es", "light": "en"}[theme]
    trace = shown.api.traces(ml_app="talks")[0]["trace_id"]
    for page in pages(browser, shown.http_url, f"fits-{theme}-{width}", color_scheme=theme):
        page.set_viewport_size({"width": width, "height": 900})
        for path, seen in (
            ("/", "changes"), ("/datasets", "make-dataset"), ("/traces", "trace-row"),
            ("/sessions", "session-row"), ("/loss", "loss-sentence"), ("/connect", "connect-guide"),
            ("/costs", "costs"), ("/sessions/talk-1", "session-turn"),
            ("/users", "users-sentence"), ("/patterns", "topic-sort"), ("/queues", "make-queue"),
            ("/evaluations", "evaluators"), ("/judges", "judge-begin"),
            ("/redaction", "redaction-test"), (f"/traces/{trace}", "verdict"),
        ):  # fmt: skip
            full = "&full=1" if seen == "verdict" else ""
            page.goto(f"{path}?lang={language}{full}")
            expect(page.get_by_test_id(seen).first).to_be_visible()
            expect(page.locator(".skeleton")).to_have_count(0, timeout=60_000)
            assert violations(page) == [], path
            assert fits(page), f"{path} scrolls sideways"
            name = path.removesuffix(trace).strip("/").replace("/", "-") or "list"
            name = "trace" if path.endswith(trace) else name
            page.screenshot(path=str(picture(f"{name}-{theme}-{width}")))
