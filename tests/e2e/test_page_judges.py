"""The judge editor in a real browser: a template becomes a draft, is tried on a span, published and
taken back; both languages, dark, on a telephone, without a mouse."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from demo.azure.server import Azure
from tests.e2e.harness.browser import fits, look, pages, picture, violations
from tests.e2e.harness.judging import azure_with_one_away, judge_settings
from tests.e2e.harness.load import body_of, event, post
from tests.e2e.harness.program import Catalejo, until


@pytest.fixture(scope="module")
def azure() -> Iterator[Azure]:
    yield from azure_with_one_away()


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory, azure: Azure) -> Iterator[Catalejo]:
    with Catalejo(tmp_path_factory.mktemp("judges") / "data", judge_settings(azure)) as program:
        assert post(program, body_of(event(1, "¿Cuánto cuesta?", ml_app="shop"))).status == 202
        until(lambda: program.api.spans(ml_app="shop"), "the span is stored")
        yield program


@pytest.fixture
def page(browser: Browser, shown: Catalejo, request: pytest.FixtureRequest) -> Iterator[Page]:
    yield from pages(browser, shown.http_url, request.node.name)


def test_from_a_template_to_a_published_judge(page: Page, shown: Catalejo) -> None:
    page.goto("/judges")
    begin = page.get_by_test_id("judge-begin")
    begin.get_by_role("combobox").select_option("sentiment")
    begin.get_by_role("button", name="New judge").click()
    form, trial = page.get_by_test_id("judge-form"), page.get_by_test_id("judge-trial")
    expect(form.get_by_role("textbox", name="Evaluation")).to_have_value("sentiment")
    # Tried before it is saved; the choice of the span is in the address.
    trial.get_by_role("combobox").select_option(index=1)
    expect(page).to_have_url(re.compile("span=1"))
    trial.get_by_role("button", name="Ask").click()
    answer = page.get_by_test_id("judge-trial-answer")
    expect(answer).to_contain_text(re.compile("positive|neutral|negative"))
    expect(answer).to_contain_text("gpt-4o-2024-11-20")
    answer.get_by_text("What was sent").click()
    expect(answer).to_contain_text("¿Cuánto cuesta?")
    # A deployment that fails is told in words.
    form.get_by_role("combobox", name="Deployment").select_option("gpt-4o")
    trial.get_by_role("button", name="Ask").click()
    expect(answer).to_contain_text("HTTP 500")
    form.get_by_role("combobox", name="Deployment").select_option("chat-prod")
    # Saved, published, changed, taken back, removed.
    form.get_by_role("textbox", name="Name").fill("Mood")
    form.get_by_role("button", name="Save draft").click()
    judges = page.get_by_test_id("judges")
    expect(judges).to_contain_text("draft")
    judges.get_by_role("button", name="Publish Mood").click()
    expect(judges).to_contain_text("version 1 judges")
    # The chosen trace came before it was published.
    judges.get_by_role("button", name="Judge the chosen trace Mood").click()
    expect(page.get_by_text("1 span waits for its answer.")).to_be_visible()
    until(
        lambda: "sentiment" in {
            each["label"] for each in shown.api.trace(f"{1:032x}")["evaluations"]
        },
        "the chosen trace is judged",
    )  # fmt: skip
    form.get_by_role("button", name="span_output").click()
    form.get_by_role("button", name="Save draft").click()
    expect(judges).to_contain_text("the draft differs")
    assert shown.api.get("/api/v1/judges")["judges"][0]["published"]["label"] == "sentiment"
    judges.get_by_role("button", name="Take back Mood").click()
    expect(page.get_by_text("It judges no more.")).to_be_visible()
    judges.get_by_role("button", name="Remove Mood").click()
    judges.get_by_role("button", name="Remove for good? Mood").click()
    expect(judges).to_have_count(0)


def test_a_variable_that_is_none_is_refused_in_words(browser: Browser, shown: Catalejo) -> None:
    # The browser itself writes the refused request to the console, which `pages` would not allow.
    page = browser.new_page(locale="en-GB", base_url=shown.http_url)
    page.goto("/judges")
    page.get_by_test_id("judge-begin").get_by_role("button").click()
    form = page.get_by_test_id("judge-form")
    form.get_by_role("textbox", name="Name").fill("Odd")
    form.get_by_role("textbox", name="Evaluation").fill("odd")
    form.get_by_role("textbox", name="Message 2").fill("{{ouput}}")
    form.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("there is no variable {{ouput}}")).to_be_visible()
    page.close()


def test_by_keyboard_alone(page: Page, shown: Catalejo) -> None:
    page.goto("/traces?lang=en&from=now-1h")
    expect(page.get_by_test_id("trace-row").first).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("j")
    expect(page).to_have_url(re.compile("/judges"))
    begin = page.get_by_test_id("judge-begin")
    begin.get_by_role("combobox").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    form = page.get_by_test_id("judge-form")
    form.get_by_role("textbox", name="Name").focus()
    page.keyboard.type("Typed")
    page.keyboard.press("Tab")
    page.keyboard.type("typed")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("judges")).to_contain_text("Typed")


def test_without_a_deployment_it_says_so(browser: Browser, tmp_path_factory: pytest.TempPathFactory
                                         ) -> None:  # fmt: skip
    with Catalejo(tmp_path_factory.mktemp("judges-none") / "data") as program:
        page = browser.new_page(locale="en-GB", base_url=program.http_url)
        page.goto("/judges")
        expect(page.get_by_test_id("no-deployment")).to_contain_text("judge_endpoint")
        page.close()


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_it_reads_well(page: Page, language: str, theme: str, width: int) -> None:
    look(page, "/judges", language, theme, width)
    begin = page.get_by_test_id("judge-begin")
    begin.get_by_role("combobox").select_option("hallucination")
    begin.get_by_role("button").click()
    form, trial = page.get_by_test_id("judge-form"), page.get_by_test_id("judge-trial")
    form.locator("input[name=name]").fill(f"Grounded {language} {theme} {width}")
    form.locator("button[type=submit]").click()
    expect(page.get_by_test_id("judges")).to_contain_text(f"{language} {theme} {width}")
    trial.get_by_role("combobox").select_option(index=1)
    trial.locator("button[type=submit]").click()
    expect(page.get_by_test_id("judge-trial-answer")).to_be_visible()
    page.get_by_test_id("judge-trial-answer").locator("summary").first.click()
    page.screenshot(path=picture(f"judges-{language}-{theme}-{width}"), full_page=True)
    page.get_by_role("heading", level=1).scroll_into_view_if_needed()
    page.screenshot(path=picture(f"judges-top-{language}-{theme}-{width}"))
    assert violations(page) == []
    assert fits(page)
