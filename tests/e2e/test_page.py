"""The page in a real browser, against the real program, showing what a real client sent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Dialog, Page, expect

from demo.azure.server import Azure
from tests.e2e.harness.browser import PICTURES
from tests.e2e.harness.client import MODES, run_scenarios
from tests.e2e.harness.load import body_of, event, post
from tests.e2e.harness.program import Catalejo, until

SCENARIOS = ("chat", "chat_image", "chat_tool_call", "error_content_filter", "sdk")
WORDS = {
    "en": {"title": "Traces", "loss": "Loss ledger", "connect": "Connect an application"},
    "es": {"title": "Trazas", "loss": "Libro de pérdidas", "connect": "Conectar una aplicación"},
}


@pytest.fixture(scope="module")
def shown(azure: Azure, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalejo]:
    """A program without keys, as `catalejo up` starts it, with one run of a real application."""
    folder = tmp_path_factory.mktemp("page")
    with Catalejo(folder / "data") as program:
        run_scenarios(MODES[0], program, azure, folder, only=SCENARIOS)
        until(lambda: len(program.api.traces()) >= len(SCENARIOS), "the traces are stored")
        yield program


def row_with(page: Page, text: str) -> Any:
    return page.get_by_test_id("trace-row").filter(has_text=text).first


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_real_trace_is_listed_opened_and_read(page: Page, language: str) -> None:
    page.goto(f"/traces?lang={language}")
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page).to_have_title(re.compile(WORDS[language]["title"]))
    row = row_with(page, "[chat] ¿Qué ve el señor Muñoz por el catalejo? 🔭")
    row.click()
    drawer = page.get_by_test_id("trace-drawer")
    expect(drawer).to_be_visible()
    expect(drawer.get_by_test_id("span-row").first).to_be_visible()
    messages = drawer.get_by_test_id("message")
    expect(messages.filter(has_text="Answer briefly.")).to_have_count(1)
    expect(messages.filter(has_text="[chat] ¿Qué ve el señor Muñoz")).to_have_count(1)
    expect(drawer.get_by_text("gpt-4o-2024-11-20").first).to_be_visible()


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_failed_call_shows_what_the_service_said(page: Page, language: str) -> None:
    page.goto(f"/traces?lang={language}&status=error")
    row_with(page, "[error_content_filter]").click()
    drawer = page.get_by_test_id("trace-drawer")
    expect(drawer.get_by_text("openai.BadRequestError").first).to_be_visible()
    expect(drawer.get_by_text("content management policy").first).to_be_visible()


def test_the_tree_of_an_agent_is_walked_by_keyboard(page: Page) -> None:
    page.goto("/traces?lang=en")
    row_with(page, "serve").click()
    drawer = page.get_by_test_id("trace-drawer")
    for name in ("serve", "assistant", "look_up", "search", "embed", "own_model", "check"):
        expect(drawer.get_by_test_id("span-row").filter(has_text=name).first).to_be_visible()
    drawer.get_by_test_id("span-row").filter(has_text="serve").first.click()
    page.keyboard.press("ArrowDown")
    selected = drawer.locator('[data-testid="span-row"][aria-selected="true"]')
    expect(selected).to_have_count(1)
    expect(selected).not_to_contain_text("serve")
    page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)


def test_tool_calls_and_pictures_are_shown(page: Page) -> None:
    page.goto("/traces?lang=en")
    row_with(page, "[chat_tool_call]").click()
    expect(page.get_by_test_id("trace-drawer").get_by_text("get_weather").first).to_be_visible()
    page.goto("/traces?lang=en")
    row_with(page, "[chat_image]").click()
    expect(page.get_by_test_id("trace-drawer").locator("img").first).to_be_visible()


def test_the_language_is_switched_in_place_and_kept(page: Page) -> None:
    page.goto("/traces?lang=en")
    page.get_by_test_id("lang-switch").select_option("es")
    expect(page.locator("html")).to_have_attribute("lang", "es")
    page.goto("/loss")
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page).to_have_title(re.compile(WORDS["es"]["loss"]))


def test_the_search_and_a_facet_narrow_the_list(page: Page) -> None:
    page.goto("/traces?lang=en")
    expect(page.get_by_test_id("trace-row").first).to_be_visible()
    page.get_by_test_id("search-box").fill("chat_tool_call")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("trace-row")).to_have_count(1)
    page.get_by_test_id("search-box").fill("")
    page.keyboard.press("Enter")
    facet = page.get_by_test_id("facet-status")
    facet.get_by_text("failed").click()
    expect(row_with(page, "[error_content_filter]")).to_be_visible()
    expect(page.get_by_test_id("trace-row").filter(has_text="[chat_image]")).to_have_count(0)


def test_a_wrong_search_is_underlined_and_corrected(page: Page) -> None:
    page.goto("/traces?lang=es")
    rows = page.get_by_test_id("trace-row")
    expect(rows.first).to_be_visible()
    box = page.get_by_test_id("search-box")
    box.fill("nowhere🔭 OR @statsu:error")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("search-problem")).to_contain_text("No existe ese atributo")
    expect(page.get_by_test_id("search-mark")).to_have_text("@statsu")
    expect(box).to_have_attribute("aria-invalid", "true")
    # The list stays as it was.
    expect(rows.first).to_be_visible()
    page.get_by_test_id("search-correct").click()
    expect(box).to_have_value("nowhere🔭 OR @status:error")
    expect(page.get_by_test_id("search-problem")).to_have_count(0)
    expect(row_with(page, "[error_content_filter]")).to_be_visible()
    expect(rows.filter(has_text="[chat_image]")).to_have_count(0)


def test_a_search_is_completed_by_keyboard(page: Page) -> None:
    page.goto("/traces?lang=en")
    expect(page.get_by_test_id("trace-row").first).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("@statu")
    offers = page.get_by_test_id("search-offers").get_by_role("option")
    expect(offers.first).to_contain_text("@status")
    page.keyboard.press("ArrowDown")
    expect(offers.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    box = page.get_by_test_id("search-box")
    expect(box).to_have_value("@status:")
    expect(offers).to_have_count(2)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(box).to_have_value("@status:error ")
    expect(page.get_by_test_id("trace-row").filter(has_text="[chat_image]")).to_have_count(0)
    expect(row_with(page, "[error_content_filter]")).to_be_visible()


def test_a_new_trace_appears_by_itself(page: Page, shown: Catalejo) -> None:
    page.goto("/traces?lang=en")
    expect(page.get_by_test_id("trace-row").first).to_be_visible()
    text = "arrived while you watched 🔭"
    assert post(shown, body_of(event(7_001, text, ml_app="live"))).status == 202
    pill = page.get_by_test_id("live-pill")
    expect(pill.or_(row_with(page, text))).to_be_visible(timeout=15_000)
    if pill.is_visible():
        pill.click()
    expect(row_with(page, text)).to_be_visible()


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_loss_ledger_says_that_nothing_is_missing(page: Page, language: str) -> None:
    page.goto(f"/loss?lang={language}")
    sentence = page.get_by_test_id("loss-sentence")
    expect(sentence).to_be_visible()
    expect(sentence).to_have_class(re.compile(r"\bgood\b"))
    expect(page.get_by_test_id("loss-spans")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_way_in_is_explained(page: Page, language: str) -> None:
    page.goto(f"/connect?lang={language}")
    guide = page.get_by_test_id("connect-guide")
    expect(guide.get_by_text("DD_LLMOBS_ENABLED").first).to_be_visible()


def test_a_prompt_is_never_run_as_a_script(page: Page, shown: Catalejo) -> None:
    hostile = "<img src=x onerror=\"document.title='owned'\"><script>alert(1)</script> hostile"
    dialogs: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", dismiss)
    assert post(shown, body_of(event(7_002, hostile, ml_app="hostile"))).status == 202
    until(lambda: shown.api.traces(ml_app="hostile"), "the span is stored")
    page.goto("/traces?lang=en&ml_app=hostile")
    row_with(page, "hostile").click()
    message = page.get_by_test_id("message").filter(has_text="hostile").first
    expect(message).to_contain_text("<script>alert(1)</script>")
    assert dialogs == [] and page.title() != "owned"


def test_pictures_of_the_run_are_kept(page: Page) -> None:
    page.goto("/traces?lang=es")
    expect(page.get_by_test_id("trace-row").first).to_be_visible()
    target = PICTURES / "list-es.png"
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(target))
    assert Path(target).stat().st_size > 10_000
