"""A leaked card number in a real browser: a rule is tried, made, counted, undone; both languages,
dark, on a telephone, without a mouse."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.harness.browser import fits, look, pages, picture, violations
from tests.e2e.harness.load import body_of, event, post
from tests.e2e.harness.program import Catalejo, until

CARD = "4111 1111 1111 1111"


@pytest.fixture
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalejo]:
    with Catalejo(tmp_path_factory.mktemp("redaction") / "data") as program:
        one = event(1, f"cobra en {CARD}", ml_app="shop")
        assert post(program, body_of(one)).status == 202
        until(lambda: program.api.spans(ml_app="shop"), "the span is stored")
        yield program


@pytest.fixture
def page(browser: Browser, shown: Catalejo, request: pytest.FixtureRequest) -> Iterator[Page]:
    yield from pages(browser, shown.http_url, request.node.name)


def test_a_leak_is_tried_masked_counted_and_undone(page: Page, shown: Catalejo) -> None:
    page.goto("/redaction")
    form, trial = page.get_by_test_id("redaction-form"), page.get_by_test_id("redaction-test")
    expect(page.get_by_text("No rule holds")).to_be_visible()
    # Tried before it holds: without the rule it is only marked, with it the number is gone.
    trial.locator("textarea").fill(f"¿y la tarjeta {CARD}? 🔭")
    trial.get_by_role("button", name="Try").click()
    expect(trial.locator("mark")).to_contain_text(CARD)
    expect(page.get_by_test_id("redaction-left")).to_contain_text(CARD)
    trial.get_by_role("checkbox").check()
    trial.get_by_role("button", name="Try").click()
    expect(page.get_by_test_id("redaction-left")).to_have_text("¿y la tarjeta [card number]? 🔭")
    # On what is stored already.
    dry = page.get_by_test_id("redaction-dry")
    dry.get_by_role("checkbox").check()
    dry.get_by_role("button", name="Start").click()
    expect(dry).to_contain_text("All were read.")
    expect(dry.get_by_role("row", name="card_number")).to_be_visible()
    # Made; what comes now is masked, and its evaluation of the rule is the tag.
    form.get_by_role("button", name="Add rule").click()
    rules = page.get_by_test_id("redaction-rules")
    expect(rules).to_contain_text("Personal data, all")
    assert post(shown, body_of(event(2, f"cobra en {CARD}", ml_app="shop"))).status == 202
    until(lambda: shown.api.spans(query="redacted.card_number:*"), "the masked span is stored")
    page.reload()
    expect(page.get_by_test_id("redaction-report")).to_contain_text("card_number")
    page.goto(f"/traces/{2:032x}")
    expect(page.get_by_text("cobra en [card number]").first).to_be_visible()
    # Removed, and brought back.
    page.goto("/redaction")
    rules.get_by_role("button", name="Remove").click()
    expect(rules).to_have_count(0)
    page.get_by_test_id("undo-redaction").click()
    expect(rules).to_contain_text("mask")


def test_a_wrong_pattern_is_refused_in_words(browser: Browser, shown: Catalejo) -> None:
    # The browser itself writes the refused request to the console, which `pages` would not allow.
    page = browser.new_page(locale="en-GB", base_url=shown.http_url)
    page.goto("/redaction")
    form = page.get_by_test_id("redaction-form")
    form.get_by_label("What").select_option("pattern")
    form.get_by_role("textbox", name="Name").fill("badge")
    form.get_by_role("textbox", name="Pattern").fill("(unclosed")
    form.get_by_role("button", name="Add rule").click()
    expect(form.get_by_role("status")).to_contain_text("missing )")
    form.get_by_role("textbox", name="Pattern").fill("B-[0-9]{4}")
    form.get_by_role("button", name="Add rule").click()
    expect(page.get_by_test_id("redaction-rules")).to_contain_text("badge")
    page.close()


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_it_reads_well(page: Page, language: str, theme: str, width: int) -> None:
    look(page, "/redaction", language, theme, width)
    form = page.get_by_test_id("redaction-form")
    form.locator("button[type=submit]").click()
    expect(page.get_by_test_id("redaction-rules")).to_be_visible()
    trial = page.get_by_test_id("redaction-test")
    trial.locator("textarea").fill(f"{CARD}, ana@example.com")
    trial.locator("button[type=submit]").click()
    expect(page.get_by_test_id("redaction-left")).to_be_visible()
    page.screenshot(path=picture(f"redaction-{language}-{theme}-{width}"), full_page=True)
    assert violations(page) == []
    assert fits(page)
