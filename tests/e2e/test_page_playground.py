"""The playground in a real browser: a stored call and a prompt opened in it, two variants asked,
saved as a version; both languages, dark, on a telephone, without a mouse."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from demo.azure.server import Azure
from tests.e2e.harness.browser import fits, look, pages, picture, violations
from tests.e2e.harness.judging import azure_with_one_away, judge_settings
from tests.e2e.harness.load import body_of, event, post
from tests.e2e.harness.page_api import call
from tests.e2e.harness.program import Catalejo, until

PROMPT = {
    "prompt_id": "greeting",
    "template": [
        {"role": "system", "content": "Answer {{language}} only."},
        {"role": "user", "content": "{{question}}"},
    ],
}


@pytest.fixture(scope="module")
def azure() -> Iterator[Azure]:
    yield from azure_with_one_away()


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory, azure: Azure) -> Iterator[Catalejo]:
    data = tmp_path_factory.mktemp("playground") / "data"
    with Catalejo(data, judge_settings(azure)) as program:
        assert post(program, body_of(event(1, "¿Cuánto cuesta?", ml_app="shop"))).status == 202
        sent = json.dumps(PROMPT).encode()
        assert call(program.http_port, "POST", "/api/v1/prompts", sent).status == 200
        until(lambda: program.api.spans(ml_app="shop"), "the span is stored")
        yield program


@pytest.fixture
def page(browser: Browser, shown: Catalejo, request: pytest.FixtureRequest) -> Iterator[Page]:
    yield from pages(browser, shown.http_url, request.node.name)


def test_a_stored_call_is_opened_and_asked_again(page: Page) -> None:
    page.goto(f"/traces/{1:032x}")
    page.get_by_test_id("open-in-playground").click()
    expect(page).to_have_url(re.compile("/playground.*span=1"))
    variant = page.get_by_test_id("playground-variant")
    expect(variant.get_by_role("textbox", name="Message 1")).to_have_value("¿Cuánto cuesta?")
    page.get_by_role("button", name="Ask", exact=True).click()
    answer = page.get_by_test_id("playground-answer")
    expect(answer).to_contain_text("gpt-4o-2024-11-20")
    expect(answer.get_by_test_id("playground-said")).not_to_be_empty()
    expect(answer.get_by_test_id("playground-filter")).to_contain_text("found nothing")
    expect(page.get_by_test_id("playground-today")).to_contain_text("of 500")


def test_a_prompt_in_two_variants_becomes_a_version(
    page: Page, shown: Catalejo, azure: Azure
) -> None:
    page.goto("/prompts/greeting")
    page.get_by_role("link", name="Open in playground").click()
    page.get_by_role("textbox", name="language").fill("Spanish")
    page.get_by_role("textbox", name="question").fill("What is a spyglass?")
    page.get_by_role("button", name="Add a variant").click()
    first, second = (page.get_by_test_id("playground-variant").nth(at) for at in (0, 1))
    second.get_by_role("combobox", name="Deployment").select_option("gpt-4o")
    second.get_by_role("textbox", name="Message 1").fill("Answer {{language}}, and briefly.")
    page.get_by_role("button", name="Ask both").click()
    expect(first.get_by_test_id("playground-said")).not_to_be_empty()
    expect(second.get_by_test_id("playground-answer")).to_contain_text("HTTP 500")
    asked = [one.body["messages"] for one in azure.asked if one.deployment == "chat-prod"][-1]
    assert asked == [
        {"role": "system", "content": "Answer Spanish only."},
        {"role": "user", "content": "What is a spyglass?"},
    ]
    # The variables stay what they are.
    second.get_by_text("Save as a version of a prompt").click()
    save = second.get_by_test_id("playground-save")
    save.get_by_role("textbox", name="What changed").fill("briefly")
    save.get_by_role("button", name="Save").click()
    expect(second).to_contain_text("Saved as version 2 of greeting.")
    newest = shown.api.answer("/api/v1/prompts/greeting/versions").json()[0]
    assert newest["version"] == 2
    assert newest["template"][0]["content"] == "Answer {{language}}, and briefly."


def test_by_keyboard_alone(page: Page) -> None:
    page.goto("/traces?lang=en&from=now-1h")
    expect(page.get_by_test_id("trace-row").first).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("y")
    expect(page).to_have_url(re.compile("/playground"))
    page.get_by_role("textbox", name="Message 1").focus()
    page.keyboard.type("Hello")
    page.get_by_role("button", name="Ask", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("playground-said")).not_to_be_empty()


def test_without_a_deployment_it_says_so(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with Catalejo(tmp_path_factory.mktemp("playground-none") / "data") as program:
        page = browser.new_page(locale="en-GB", base_url=program.http_url)
        page.goto("/playground")
        expect(page.get_by_test_id("no-deployment")).to_contain_text("judge_endpoint")
        page.close()


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_it_reads_well(page: Page, language: str, theme: str, width: int) -> None:
    look(page, "/playground?prompt=greeting&version=1", language, theme, width)
    page.locator(".playground-variables textarea").first.fill("x")
    page.locator("#playground-ask button[type=button]").click()
    page.locator("#playground-ask button[type=submit]").click()
    expect(page.get_by_test_id("playground-said")).to_have_count(2)
    page.screenshot(path=picture(f"playground-{language}-{theme}-{width}"), full_page=True)
    assert violations(page) == []
    assert fits(page)
