"""Experiments and prompts in a real browser: a list, one of them against a baseline, versions and
labels of a prompt; both languages, dark, on a telephone, without a mouse."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.harness.browser import fits, look, pages, picture, violations
from tests.e2e.harness.page_api import call
from tests.e2e.harness.program import Catalejo

ROOT = "/api/v2/llm-obs/v1"
ANSWERS = {
    "good": ["Madrid", "París", "Lisboa", "Roma"],
    "better": ["Madrid", "París, sur le Seine", "Lisbon", "Rome"],
}
RIGHT = {"good": [True, False, True, True], "better": [False, True, True, True]}
GRADE = {"good": [0.5, 0.25, 1.0, 0.75], "better": [0.5, 0.75, 1.0, 0.75]}


def ask(program: Catalejo, method: str, path: str, body: Any = None) -> Any:
    sent = b"" if body is None else json.dumps(body).encode()
    answer = call(program.http_port, method, path, sent, {"Content-Type": "application/json"})
    assert answer.status in (200, 202), answer.body
    return answer.json()


def made(program: Catalejo, path: str, **attributes: Any) -> str:
    answer = ask(program, "POST", f"{ROOT}/{path}", {"data": {"attributes": attributes}})
    return str(answer["data"]["id"])


def run(program: Catalejo, project: str, dataset: str, name: str) -> str:
    """An experiment as a client sends one whose outputs it has already."""
    identity = made(program, "experiments", name=name, project_id=project, dataset_id=dataset)
    spans, metrics = [], []
    for number, output in enumerate(ANSWERS[name]):
        span = f"{identity[:6]}{number}"
        spans.append({
            "span_id": span, "trace_id": f"{number + 1:032x}", "name": "capital",
            "start_ns": 1, "duration": 250_000_000, "status": "ok",
            "meta": {"input": f"¿Capital {number}? 🔭", "output": output, "expected_output": "x"},
            "tags": [f"dataset_record_id:r{number}"],
        })  # fmt: skip
        common = {"span_id": span, "timestamp_ms": 1, "reasoning": "because <b>it</b> is"}
        metrics.append({**common, "label": "right", "metric_type": "boolean",
                        "boolean_value": RIGHT[name][number]})  # fmt: skip
        metrics.append({**common, "label": "grade", "metric_type": "score",
                        "score_value": GRADE[name][number]})  # fmt: skip
    body = {"data": {"attributes": {"spans": spans, "metrics": metrics}}}
    ask(program, "POST", f"{ROOT}/experiments/{identity}/events", body)
    ask(program, "PATCH", f"{ROOT}/experiments/{identity}",
        {"data": {"attributes": {"status": "completed"}}})  # fmt: skip
    return identity


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalejo]:
    with Catalejo(tmp_path_factory.mktemp("experiments") / "data") as program:
        project = made(program, "projects", name="capitals")
        dataset = made(program, f"{project}/datasets", name="capitals of Europe")
        run(program, project, dataset, "good")
        run(program, project, dataset, "better")
        yield program


@pytest.fixture
def page(browser: Browser, shown: Catalejo, request: pytest.FixtureRequest) -> Iterator[Page]:
    yield from pages(browser, shown.http_url, request.node.name)


def test_an_experiment_against_its_baseline(page: Page) -> None:
    page.goto("/experiments")
    table = page.get_by_test_id("experiments")
    expect(table.locator("tbody tr")).to_have_count(2)
    expect(table).to_contain_text("capitals of Europe")
    table.get_by_role("link", name="better").click()
    expect(page).to_have_url(re.compile(r"/experiments/\w+"))
    expect(page.get_by_test_id("experiment-summary")).to_contain_text("75%")
    rows = page.get_by_test_id("experiment-rows").locator("tbody tr")
    expect(rows).to_have_count(4)
    page.get_by_test_id("baseline").select_option(label="good")
    expect(page).to_have_url(re.compile("baseline="))
    expect(page.get_by_test_id("compared")).to_contain_text(
        "1 got better, 1 got worse, 2 stayed the same")  # fmt: skip
    expect(rows.nth(0)).to_have_attribute("data-turn", "worse")
    expect(rows.nth(0)).to_contain_text("yes → no")
    expect(rows.nth(1)).to_have_attribute("data-turn", "better")
    page.get_by_role("checkbox", name="grade").check()
    expect(page).to_have_url(re.compile("lower=grade"))
    expect(page.get_by_test_id("compared")).to_contain_text("worse in another")
    page.get_by_test_id("which-rows").select_option("changed")
    expect(rows).to_have_count(2)
    page.reload()
    expect(rows.nth(0)).to_have_attribute("data-turn", "worse")
    rows.nth(1).get_by_role("button", name="Whole row").click()
    whole = page.get_by_test_id("whole-row")
    expect(whole.locator("ins")).to_contain_text("sur le Seine")
    expect(whole).to_contain_text("because <b>it</b> is")


def test_a_removed_experiment_comes_back(page: Page, shown: Catalejo) -> None:
    project = made(shown, "projects", name="another")
    made(shown, "experiments", name="to be removed", project_id=project)
    page.goto("/experiments")
    page.get_by_role("button", name="Remove: to be removed").click()
    expect(page.get_by_test_id("experiments")).not_to_contain_text("to be removed")
    page.get_by_test_id("undo-experiment").click()
    expect(page.get_by_test_id("experiments")).to_contain_text("to be removed")
    page.get_by_role("button", name="Remove: to be removed").click()
    expect(page.get_by_test_id("undo-experiment")).to_be_visible()


def test_a_prompt_is_made_changed_compared_and_deployed(page: Page, shown: Catalejo) -> None:
    page.goto("/prompts")
    form = page.get_by_test_id("make-prompt")
    form.get_by_role("textbox", name="Name", exact=True).fill("greeting.es")
    form.get_by_role("textbox", name="Template").fill('[{"role":"user"}]')
    form.get_by_role("button", name="Make a prompt").click()
    expect(form).to_contain_text("must be messages")
    form.get_by_role("textbox", name="Template").fill("Di hola a {{name}}.")
    form.get_by_role("button", name="Make a prompt").click()
    expect(page).to_have_url(re.compile("/prompts/greeting.es"))
    expect(page.get_by_test_id("template")).to_have_text("Di hola a {{name}}.")
    page.get_by_text("New version").click()
    version = page.get_by_test_id("new-version")
    version.get_by_role("textbox", name="Template").fill("Di buenos días a {{name}}.")
    version.get_by_role("textbox", name="What changed").fill("más formal")
    version.get_by_role("button", name="Save version").click()
    versions = page.get_by_test_id("prompt-versions").locator("li")
    expect(versions).to_have_count(2)
    expect(versions.nth(0)).to_contain_text("más formal")
    page.get_by_test_id("compare-version").select_option("1")
    expect(page.locator("ins")).to_contain_text("buenos días")
    label = page.get_by_test_id("put-label")
    label.get_by_role("combobox").fill("production")
    label.get_by_role("button", name="Put").press("Enter")
    expect(versions.nth(0)).to_contain_text("production")
    asked = ask(shown, "GET", "/api/v1/prompts/greeting.es?label=production")
    assert (asked["version"], asked["template"]) == ("2", "Di buenos días a {{name}}.")
    versions.nth(1).get_by_role("button").click()
    label.get_by_role("combobox").fill("production")
    label.get_by_role("button", name="Put").click()
    expect(versions.nth(1)).to_contain_text("production")
    expect(versions.nth(0)).not_to_contain_text("production")
    page.get_by_role("button", name="Remove label production").click()
    expect(versions.nth(1)).not_to_contain_text("production")


@pytest.mark.parametrize(
    ("language", "theme", "width"),
    [
        ("en", "light", 1440),
        ("es", "dark", 1440),
        ("es", "light", 360),
        ("en", "dark", 360),
        ("es", "dark", 3840),
    ],
)
def test_every_reader_can_read_them(
    page: Page, shown: Catalejo, language: str, theme: str, width: int
) -> None:
    identity, other = (
        ask(shown, "GET", f"{ROOT}/experiments?filter[experiment]={name}")["data"][0]["id"]
        for name in ("better", "good")
    )
    prompts = ask(shown, "GET", "/api/v1/prompts")
    if not any(one["prompt_id"] == "read" for one in prompts):
        ask(shown, "POST", "/api/v1/prompts", {
            "prompt_id": "read", "template": [{"role": "system", "content": "Sé breve."}],
            "labels": ["production"],
        })  # fmt: skip
    for name, path in {
        "list": "/experiments", "one": f"/experiments/{identity}?baseline={other}",
        "prompts": "/prompts", "prompt": "/prompts/read",
    }.items():  # fmt: skip
        look(page, path, language, theme, width)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.locator(".skeleton")).to_have_count(0)
        assert fits(page), f"{path} at {width}"
        assert violations(page) == []
        page.screenshot(path=str(picture(f"experiments-{name}-{language}-{theme}-{width}")))
