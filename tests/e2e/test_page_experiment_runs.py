"""Experiments run from the page in a real browser: from a dataset, a prompt's version and the
playground; told what it takes, followed, cancelled, continued, compared; both languages, dark, on a
telephone, without a mouse."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from demo.azure.faults import Faults
from demo.azure.server import Azure
from tests.e2e.harness.browser import fits, look, pages, picture, violations
from tests.e2e.harness.judging import azure_with, settings_with_faults
from tests.e2e.harness.page_api import call
from tests.e2e.harness.program import Catalejo, until

RECORDS = [
    {
        "input": {"word": word},
        "expected_output": word if word != "París" else "Paris",
        "metadata": {"language": "Spanish"},
    }
    for word in ("Madrid", "París", "Lisboa", "Roma", "Berlín", "Viena")
]


FAULTS = {"gpt-4.1": "429;seconds=60"}


@pytest.fixture(scope="module")
def azure() -> Iterator[Azure]:
    yield from azure_with(FAULTS, latency_s=0.3)


def told(program: Catalejo, path: str, body: Any) -> Any:
    answer = call(program.http_port, "POST", path, json.dumps(body).encode())
    assert answer.status == 200, answer.body
    return answer.json()


def made(program: Catalejo) -> str:
    def attributes(**fields: Any) -> Any:
        return {"data": {"type": "datasets", "attributes": fields}}

    name = {"data": {"attributes": {"name": "capitals", "description": "of countries"}}}
    dataset = str(told(program, "/api/v1/datasets", name)["data"]["id"])
    path = f"/api/v2/llm-obs/v1/-/datasets/{dataset}/records"
    told(program, path, attributes(records=RECORDS))
    return dataset


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory, azure: Azure) -> Iterator[Catalejo]:
    data = tmp_path_factory.mktemp("page-runs") / "data"
    with Catalejo(data, settings_with_faults(azure)) as program:
        template = [{"role": "user", "content": "say exactly: {{word}}"}]
        told(program, "/api/v1/prompts", {"prompt_id": "capital", "template": template})
        made(program)
        yield program


@pytest.fixture
def page(browser: Browser, shown: Catalejo, request: pytest.FixtureRequest) -> Iterator[Page]:
    yield from pages(browser, shown.http_url, request.node.name)


def dataset_of(shown: Catalejo) -> str:
    return str(shown.api.get("/api/v1/datasets")["data"][0]["id"])


def finished(page: Page) -> None:
    run = page.get_by_test_id("experiment-run")
    expect(run.get_by_role("status").first).to_have_text("Done", timeout=60_000)


def test_from_a_dataset_to_rows_that_are_compared(page: Page, shown: Catalejo) -> None:
    page.goto(f"/datasets/{dataset_of(shown)}")
    page.get_by_role("link", name="Run an experiment").click()
    expect(page.get_by_role("combobox", name="Dataset")).to_have_value(dataset_of(shown))
    page.get_by_role("textbox", name="Message 1").fill("say exactly: {{input.word}}")
    page.get_by_role("textbox", name="Name", exact=True).fill("by hand")
    page.get_by_role("textbox", name="Records at most").fill("4")
    page.get_by_role("checkbox", name="Is exactly what was expected").check()
    page.get_by_role("button", name="See what it would take").click()
    estimate = page.get_by_test_id("estimate")
    expect(estimate).to_contain_text("4 rows: 4 calls to chat-prod (500 are left today)")
    expect(estimate).to_contain_text("say exactly: Madrid")
    # What was told holds for what was asked alone.
    page.get_by_role("textbox", name="Records at most").fill("5")
    expect(estimate).to_have_count(0)
    page.get_by_role("button", name="See what it would take").click()
    page.get_by_role("button", name="Run it: 5 calls").click()
    expect(page).to_have_url(re.compile("/experiments/[0-9a-f]{32}"))
    run = page.get_by_test_id("experiment-run")
    expect(run).to_contain_text("of 5 rows")
    finished(page)
    expect(run).to_contain_text(re.compile(r"5 of 5 rows · \d+ tokens · \$0\.\d+"))
    rows = page.get_by_test_id("experiment-rows").locator("tbody tr")
    expect(rows).to_have_count(5)
    expect(rows.nth(1)).to_contain_text("París")
    expect(page.get_by_test_id("experiment-summary")).to_contain_text("4 of 5 passed")


def test_a_prompt_is_named_by_its_version_until_its_words_change(
    page: Page, shown: Catalejo
) -> None:
    page.goto("/prompts/capital")
    page.get_by_role("link", name="Run an experiment").click()
    message = page.get_by_role("textbox", name="Message 1")
    expect(message).to_have_value("say exactly: {{word}}")
    page.get_by_role("combobox", name="Dataset").select_option(dataset_of(shown))
    page.get_by_role("textbox", name="Records at most").fill("2")
    page.get_by_role("button", name="See what it would take").click()
    page.get_by_role("button", name="Run it").click()
    finished(page)
    page.get_by_text("Configuration").click()
    expect(page.get_by_test_id("experiment-page")).to_contain_text('"id": "capital"')


def test_what_was_tried_in_the_playground_is_tried_on_a_dataset(page: Page) -> None:
    page.goto("/playground")
    page.get_by_role("textbox", name="Message 1").fill("say exactly: {{input.word}}, {{nothing}}")
    page.get_by_role("textbox", name="Temperature").fill("0.5")
    page.get_by_role("link", name="Try on a dataset").click()
    expect(page.get_by_role("textbox", name="Message 1")).to_have_value(
        "say exactly: {{input.word}}, {{nothing}}"
    )
    expect(page.get_by_role("textbox", name="Temperature")).to_have_value("0.5")
    page.get_by_role("combobox", name="Dataset").select_option(index=1)
    page.get_by_role("button", name="See what it would take").click()
    expect(page.get_by_test_id("estimate")).to_contain_text(
        'cannot be asked: it lacks what a variable names (the record has no "nothing")'
    )


def test_what_is_refused_is_told_at_the_form(browser: Browser, shown: Catalejo) -> None:
    # A refusal is an error of the console, which the shared page does not forgive.
    page = browser.new_page(locale="en-GB", base_url=shown.http_url)
    page.goto(f"/experiments/new?dataset={dataset_of(shown)}")
    page.get_by_role("textbox", name="Message 1").fill("{{expected_output}}")
    page.get_by_role("button", name="See what it would take").click()
    said = page.get_by_test_id("new-experiment").locator("form p.bad")
    expect(said).to_contain_text("would give the answer away; evaluators compare with it")
    page.close()


def test_a_run_waits_is_cancelled_and_continued_by_keyboard(page: Page, shown: Catalejo) -> None:
    page.goto(f"/experiments/new?lang=en&dataset={dataset_of(shown)}")
    page.get_by_role("textbox", name="Message 1").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("say exactly: {{word}}")
    page.get_by_role("combobox", name="Deployment").select_option("gpt-4.1")
    page.get_by_role("button", name="See what it would take").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Run it").focus()
    page.keyboard.press("Enter")
    waits = page.get_by_test_id("run-problem")
    expect(waits).to_contain_text("Waits, and goes on by itself")
    expect(waits).to_contain_text("it asks to wait 60 s")
    page.get_by_role("button", name="Cancel").focus()
    page.keyboard.press("Enter")
    status = page.get_by_test_id("experiment-run").get_by_role("status").first
    expect(status).to_have_text("Cancelled")
    page.get_by_role("button", name="Continue").focus()
    page.keyboard.press("Enter")
    expect(status).to_have_text("Running")
    page.get_by_role("button", name="Cancel").click()
    expect(status).to_have_text("Cancelled")


@pytest.mark.parametrize("language", ["en", "es"])
def test_failed_records_are_asked_again(
    page: Page, shown: Catalejo, azure: Azure, language: str
) -> None:
    azure.faults = Faults(by_deployment={"chat-prod": "500"})
    plan = {
        "dataset_id": dataset_of(shown), "records_max": 2, "deployment": "chat-prod",
        "messages": [{"role": "user", "content": "say exactly: {{word}}"}],
    }  # fmt: skip
    run = told(shown, "/api/v1/experiment-runs", plan)["experiment_id"]
    look(page, f"/experiments/{run}", language, "dark", 360)
    words = {
        "en": ("Ask the 2 failed records again", "2 of 2 rows, 2 errors", "2 of 2 rows ·"),
        "es": ("Repetir los 2 registros fallidos", "2 de 2 filas, 2 errores", "2 de 2 filas ·"),
    }[language]
    told_of = page.get_by_test_id("experiment-run")
    expect(told_of).to_contain_text(words[1], timeout=60_000)
    azure.faults = Faults(by_deployment=FAULTS)
    button = page.get_by_role("button", name=words[0])
    expect(button).to_be_visible()
    assert fits(page) and violations(page) == []
    page.screenshot(path=str(picture(f"experiment-failed-{language}")), full_page=True)
    button.press("Enter")
    expect(told_of).to_contain_text(words[2], timeout=60_000)
    expect(button).to_have_count(0)
    expect(page.get_by_test_id("experiment-rows").locator("tbody tr")).to_have_count(2)


def test_without_a_deployment_it_says_so(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with Catalejo(tmp_path_factory.mktemp("page-runs-none") / "data") as program:
        page = browser.new_page(locale="en-GB", base_url=program.http_url)
        page.goto("/experiments/new")
        expect(page.get_by_test_id("no-deployment")).to_contain_text("judge_endpoint")
        page.close()


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_it_reads_well(page: Page, shown: Catalejo, language: str, theme: str, width: int) -> None:
    name = f"experiment-runs-{language}-{theme}-{width}"
    look(page, f"/experiments/new?dataset={dataset_of(shown)}", language, theme, width)
    check = {"en": "See what it would take", "es": "Ver cuánto supondría"}[language]
    page.get_by_role("button", name=check).click()
    expect(page.get_by_test_id("estimate")).to_be_visible()
    assert fits(page) and violations(page) == []
    page.screenshot(path=str(picture(f"{name}-form")), full_page=True)
    runs = until(lambda: shown.api.get("/api/v1/experiment-runs")["runs"], "there is a run")
    stopped = next((run for run in runs if run["state"] == "cancelled"), runs[0])
    look(page, f"/experiments/{stopped['experiment_id']}", language, theme, width)
    expect(page.get_by_test_id("experiment-run")).to_be_visible()
    assert fits(page) and violations(page) == []
    page.screenshot(path=str(picture(f"{name}-run")), full_page=True)
