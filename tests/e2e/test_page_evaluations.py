"""What evaluators find in a real browser: a leaked card number that is masked and still told of,
settings with their history, a text tried, the past judged; both languages, dark, on a telephone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.harness.browser import fits, look, pages, picture, violations
from tests.e2e.harness.load import body_of, event, post
from tests.e2e.harness.page_api import call
from tests.e2e.harness.program import Catalejo, until
from tests.e2e.test_redaction import BARE, CARD, NEEDLES, files_with

PAST = 600
LONG = "please tell me more about the weather in Burgos and its fair. " * 300


def send(program: Catalejo, *events: dict[str, Any]) -> None:
    assert post(program, body_of(*events)).status == 202


def failed(program: Catalejo, evaluator: str, app: str) -> list[dict[str, Any]]:
    query = f"@evaluation.{evaluator}.assessment:fail"
    return program.api.spans(ml_app=app, view="spans", query=query)


def counted(program: Catalejo, app: str) -> dict[str, tuple[int, int]]:
    path = f"/api/v1/evaluators/counts?ml_app={app}"
    lines = call(program.http_port, "GET", path).json()["lines"]
    return {line["evaluator"]: (line["judged"], line["failed"]) for line in lines}


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalejo]:
    with Catalejo(tmp_path_factory.mktemp("evaluations") / "data") as program:
        send(
            program,
            event(1, "write to ana@example.com", ml_app="shop"),
            event(2, "what is the weather like in Burgos today?", ml_app="shop"),
            event(3, "write to ben@example.com", ml_app="help desk"),
        )
        until(lambda: counted(program, "shop").get("pii") == (2, 1), "the first two are counted")
        until(lambda: counted(program, "help%20desk").get("pii") == (1, 1), "the third is, too")
        yield program


def row_of(page: Page, table: str, *words: str) -> Any:
    rows = page.get_by_test_id(table).locator("tbody tr")
    for word in words:
        rows = rows.filter(has_text=word)
    return rows


def test_a_card_number_is_masked_and_its_evaluation_is_shown(page: Page, shown: Catalejo) -> None:
    """Issue 6: found, masked in storage, and there to be monitored."""
    app = "shop-card"
    rule = {"app": app, "target": "pii", "action": "mask"}
    made = call(shown.http_port, "POST", "/api/v1/redaction/rules", json.dumps(rule).encode())
    assert made.status == 200, made.body
    send(
        shown,
        event(11, f"charge it to {CARD}, please", ml_app=app),
        event(12, "and what did I buy?", ml_app=app),
    )
    until(lambda: failed(shown, "redacted", app), "what redaction took out is an evaluation")
    until(lambda: counted(shown, app).get("redacted") == (2, 1), "both spans are counted")
    # In every file of the program, the log in front of the database among them.
    assert files_with(shown.data.parent, NEEDLES) == []
    page.goto("/evaluations?ml_app=shop-card")
    row = row_of(page, "evaluation-counts", "redacted")
    expect(row).to_have_count(1)
    expect(row.locator("td").nth(0)).to_have_text(app)
    expect(row.locator("td").nth(1)).to_have_text("2")
    expect(row.locator("td").nth(3)).to_have_text("50%")
    expect(row.locator("svg rect")).to_have_count(1)
    # The mask itself is nothing to object to.
    expect(row_of(page, "evaluation-counts", "pii").locator("td").nth(2)).to_have_text("0")
    row.get_by_role("link").click()
    expect(page).to_have_url(re.compile(r"query=%40evaluation\.redacted\.assessment%3Afail"))
    expect(page).to_have_url(re.compile(f"ml_app={app}"))
    found = page.get_by_test_id("trace-row")
    expect(found).to_have_count(1)
    expect(found).to_contain_text("charge it to [card number], please")
    page.goto(f"/traces/{11:032x}")
    told = page.locator(".evaluations li").filter(has_text="redacted").first
    expect(told).to_contain_text("Taken out: card_number")
    for part in (CARD, BARE):
        assert part not in page.content()
    # A monitor asks for the same by the API.
    assert [one["span_id"] for one in failed(shown, "redacted", app)] == ["11"]


def test_the_overview_leads_to_the_spans(page: Page) -> None:
    page.goto("/evaluations")
    expect(page.get_by_test_id("evaluations-sentence")).to_contain_text("failed")
    row = row_of(page, "evaluation-counts", "pii", "help desk")
    expect(row).to_have_count(1)
    page.get_by_label("Application").select_option("help desk")
    expect(page).to_have_url(re.compile("ml_app=help"))
    expect(row_of(page, "evaluation-counts", "shop")).to_have_count(0)
    # The others are still there to be chosen, also after a reload.
    page.reload()
    expect(page.get_by_label("Application").locator("option")).to_contain_text(
        ["All applications", "help desk", "shop"]
    )
    row.get_by_role("link").click()
    expect(page).to_have_url(re.compile(r"query=%40evaluation\.pii\.assessment%3Afail"))
    expect(page.get_by_test_id("trace-row")).to_have_count(1)
    expect(page.get_by_test_id("trace-row")).to_contain_text("ben@example.com")
    page.go_back()
    expect(row).to_have_count(1)
    # Where there is nothing, it says so and what to do.
    page.goto("/evaluations?from=1000&to=2000")
    empty = page.get_by_test_id("evaluations-empty")
    expect(empty).to_contain_text("Nothing was judged in this time.")
    expect(empty.get_by_role("link")).to_have_attribute("href", "/connect")


def test_settings_are_changed_by_keys_and_remembered(page: Page, shown: Catalejo) -> None:
    page.goto("/traces")
    page.keyboard.press("g")
    page.keyboard.press("e")
    expect(page).to_have_url(re.compile("/evaluations"))
    row = row_of(page, "evaluators", "groundedness_lexical")
    change = row.get_by_role("button", name="Change groundedness_lexical")
    change.focus()
    page.keyboard.press("Enter")
    form = page.get_by_test_id("evaluator-form")
    expect(form).to_contain_text("Nobody has changed it yet.")
    expect(form.locator("[name=sampling]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(form).to_have_count(0)
    expect(change).to_be_focused()
    # What is asked for again every few seconds does not take the focus away.
    with page.expect_response(lambda answer: answer.url.endswith("/api/v1/evaluators")):
        pass
    expect(change).to_be_focused()
    page.keyboard.press("Enter")
    form.locator("[name=sampling]").fill("7")
    form.locator("[name=query]").fill("@ml_app:shop")
    form.locator("[name=threshold]").fill("0.25")
    form.get_by_role("checkbox").check()
    form.locator("[name=query]").press("Enter")
    expect(page.get_by_test_id("settings-said")).to_contain_text("Saved")
    expect(form).to_have_count(0)
    expect(row).to_contain_text("on · 7% · < 0.25 · passes are kept")
    expect(row).to_contain_text("@ml_app:shop")
    row.get_by_role("button", name="Switch off groundedness_lexical").click()
    expect(row).to_contain_text("off · 7%")
    change.click()
    history = page.get_by_test_id("evaluator-history").locator("tbody tr")
    expect(history).to_have_count(2)
    expect(history.nth(0)).to_contain_text("off · 7%")
    expect(history.nth(1)).to_contain_text("on · 7%")
    assert violations(page) == []
    every = call(shown.http_port, "GET", "/api/v1/evaluators").json()["evaluators"]
    (kept,) = [each["settings"] for each in every if each["id"] == "groundedness_lexical"]
    assert (kept["enabled"], kept["sampling"], kept["threshold"]) == (False, 0.07, 0.25)
    assert (kept["query"], kept["keep_passes"]) == ("@ml_app:shop", True)


def test_a_list_is_written_and_kept(page: Page, shown: Catalejo) -> None:
    page.goto("/evaluations")
    row = row_of(page, "evaluators", "topic_relevance")
    expect(row).to_contain_text("waits for its list")
    row.get_by_role("button", name="Change topic_relevance").click()
    form = page.get_by_test_id("evaluator-form")
    form.locator("[name=list]").fill("returns: refund, send back\nprices")
    form.get_by_role("button", name="Save").click()
    expect(page.get_by_test_id("settings-said")).to_contain_text("Saved")
    # Switching off keeps it.
    row.get_by_role("button", name="Switch off topic_relevance").click()
    expect(row.get_by_role("button", name="Switch on topic_relevance")).to_be_visible()
    every = call(shown.http_port, "GET", "/api/v1/evaluators").json()["evaluators"]
    (kept,) = [each["settings"] for each in every if each["id"] == "topic_relevance"]
    topics = [
        {"name": "returns", "words": ["refund", "send back"]},
        {"name": "prices", "words": []},
    ]
    assert (kept["enabled"], kept["options"]) == (False, {"topics": topics})


def test_what_makes_no_sense_is_said_in_words(browser: Browser, shown: Catalejo) -> None:
    # The browser itself writes the refused request to the console, which `pages` would not allow.
    page = browser.new_page(locale="en-GB", base_url=shown.http_url)
    page.goto("/evaluations")
    page.get_by_role("button", name="Change toxicity_input").click()
    form = page.get_by_test_id("evaluator-form")
    form.locator("[name=query]").fill("@nothing.of.that:1")
    form.get_by_role("button", name="Save").click()
    said = page.get_by_test_id("settings-said")
    expect(said).to_contain_text("nothing.of.that")
    # The form stays, with what was written.
    expect(form.locator("[name=query]")).to_have_value("@nothing.of.that:1")
    # What the page already has stays when the program cannot be asked.
    table = page.get_by_test_id("evaluation-counts")
    expect(table).to_be_visible()
    page.route("**/api/v1/evaluators**", lambda route: route.abort())
    alert = page.get_by_role("alert")
    expect(alert).to_be_visible(timeout=20_000)
    expect(table).to_be_visible()
    page.unroute("**/api/v1/evaluators**")
    alert.get_by_role("button").click()
    expect(alert).to_have_count(0)
    page.close()


def test_a_text_is_tried(page: Page) -> None:
    page.goto("/evaluations")
    trial = page.get_by_test_id("evaluator-test")
    trial.get_by_role("button", name="Try").click()
    expect(trial.get_by_role("status")).to_contain_text("Write a question or an answer first.")
    trial.locator("[name=input]").fill(f"my card is {CARD}")
    trial.locator("[name=output]").fill("I'm sorry, I can't help with that.")
    trial.get_by_role("button", name="Try").click()
    said = page.get_by_test_id("verdicts")
    expect(said).to_contain_text("pii personal data fails: Found in the input: card_number (1).")
    expect(said).to_contain_text("failure_to_answer")
    expect(trial).to_contain_text("have no objection")
    # What was tried is nowhere.
    trial.locator("[name=input]").fill("")
    trial.locator("[name=output]").fill("")
    expect(trial.locator("[name=input]")).to_have_value("")


def begin(page: Page, evaluator: str) -> Any:
    """A pass begun on the page; its row."""
    page.goto("/evaluations")
    runs = page.get_by_test_id("evaluator-runs")
    runs.locator("[name=evaluator]").select_option(evaluator)
    runs.get_by_role("button", name="Start").click()
    return row_of(page, "evaluator-passes", evaluator)


def test_the_past_is_judged_and_a_pass_is_cancelled(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    off = {"CATALEJO_EVALUATOR_PERCENT": "0"}
    program = Catalejo(tmp_path_factory.mktemp("evaluations-past") / "data", off)
    with program:
        for first in range(1, PAST, 100):
            numbers = range(first, first + 100)
            send(program, *(event(n, f"ana@example.com {LONG}", ml_app="past") for n in numbers))
        until(lambda: len(program.api.spans(ml_app="past")) == PAST, "the spans are stored")
        page = browser.new_page(locale="en-GB", base_url=program.http_url)
        page.goto("/evaluations")
        expect(page.get_by_test_id("engine")).to_contain_text("switched off")
        expect(page.get_by_test_id("evaluations-empty")).to_be_visible()
        runs = page.get_by_test_id("evaluator-runs")
        runs.get_by_role("button", name="Start").click()
        expect(runs.get_by_role("status")).to_have_class(re.compile("bad"))
        page.close()
    # With a hundredth of a core it takes its time, and there is time to cancel it.
    program.settings = {"CATALEJO_EVALUATOR_PERCENT": "1"}
    with program:
        for page in pages(browser, program.http_url, "evaluations-cancelled"):
            row = begin(page, "prompt_injection")
            row.get_by_role("button", name="Cancel").click()
            expect(row).to_contain_text("cancelled")
            expect(row.get_by_role("button")).to_have_count(0)
            runs = page.get_by_test_id("evaluator-runs")
            expect(runs.get_by_role("status")).to_contain_text("what it found stays")
    program.settings = {}
    with program:
        for page in pages(browser, program.http_url, "evaluations-past"):
            row = begin(page, "pii")
            expect(row).to_contain_text("done", timeout=60_000)
            expect(row).to_contain_text(f"{PAST} of {PAST} spans")
            assert row.locator("progress").evaluate("(bar) => bar.value / bar.max") == 1
            line = row_of(page, "evaluation-counts", "pii")
            expect(line.locator("td").nth(2)).to_have_text(str(PAST), timeout=30_000)
            assert violations(page) == []


def agreement(program: Catalejo, app: str) -> tuple[int, int, int]:
    """Both fail it, only the evaluator fails it, all that was judged by both."""
    path = f"/api/v1/evaluators/agreement?ml_app={app}"
    lines = call(program.http_port, "GET", path).json()["lines"]
    kinds = ("both_fail", "only_evaluator", "only_people", "both_pass")
    figures = [tuple(line[kind] for kind in kinds) for line in lines if line["evaluator"] == "pii"]
    return (figures[0][0], figures[0][1], sum(figures[0])) if figures else (0, 0, 0)


def test_a_verdict_is_said_to_be_right_or_wrong(page: Page, shown: Catalejo) -> None:
    """From the overview to the span, one click or key, and the comparison with people has it."""
    app = "debated"
    asked = [event(21, "write to ana@example.com", ml_app=app)]
    asked.append(event(22, "write to ben@example.com", ml_app=app))
    for one in asked:  # nothing but the address is there to be objected to
        one["meta"]["output"]["messages"][0]["content"] = "I have written the mail and sent it."
    send(shown, *asked)
    until(lambda: len(failed(shown, "pii", app)) == 2, "both are found")
    page.goto(f"/evaluations?ml_app={app}")
    row_of(page, "evaluation-counts", "pii").get_by_role("link").click()
    page.get_by_test_id("trace-row").filter(has_text="ana@example.com").click()
    opinion = page.get_by_test_id("opinion-pii")
    right, wrong = opinion.get_by_test_id("right"), opinion.get_by_test_id("wrong")
    expect(opinion.get_by_test_id("undo-opinion")).to_have_count(0)
    right.click()
    expect(right).to_have_attribute("aria-pressed", "true")
    until(lambda: agreement(shown, app) == (1, 0, 1), "the reader agrees")
    # What was said is asked for again; neither the choice nor the focus is lost by that.
    own = page.get_by_test_id("span-pane").locator(".evaluations li").filter(has_text="by somebody")
    expect(own).to_have_count(1)
    expect(right).to_be_focused()
    expect(own.get_by_test_id("right")).to_have_count(0)
    page.keyboard.press("n")  # nothing is left to be answered here
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(wrong).to_have_attribute("aria-pressed", "true")
    expect(right).to_have_attribute("aria-pressed", "false")
    until(lambda: agreement(shown, app) == (0, 1, 1), "the later one counts")
    assert violations(page) == []
    page.reload()
    expect(wrong).to_have_attribute("aria-pressed", "true")
    opinion.get_by_test_id("undo-opinion").click()
    expect(wrong).to_have_attribute("aria-pressed", "false")
    until(lambda: agreement(shown, app) == (0, 0, 0), "taken back")
    # By keys alone: y and n answer for the verdict that waits.
    page.goto(f"/traces/{22:032x}?full=1")
    expect(opinion).to_be_visible()
    page.keyboard.press("n")
    expect(wrong).to_have_attribute("aria-pressed", "true")
    until(lambda: agreement(shown, app) == (0, 1, 1), "by a key")
    page.goto(f"/evaluations?ml_app={app}")
    page.get_by_test_id("people-differ").locator("summary").click()
    page.get_by_test_id("people-differ").get_by_role("link").click()
    expect(page).to_have_url(re.compile(f"{22:032x}.*span=22"))
    expect(wrong).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_right_and_wrong_read_well(page: Page, language: str, theme: str, width: int) -> None:
    look(page, f"/traces/{3:032x}?full=1", language, theme, width, 1200)
    page.evaluate(f"localStorage.setItem('catalejo.author', 'Ana {language} {theme} {width}')")
    page.reload()
    opinion = page.get_by_test_id("opinion-pii")
    opinion.get_by_test_id("right").click()
    expect(opinion.get_by_test_id("undo-opinion")).to_be_visible()
    opinion.scroll_into_view_if_needed()
    page.screenshot(path=picture(f"opinion-{language}-{theme}-{width}"))
    assert violations(page) == []
    assert fits(page)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_it_reads_well(page: Page, language: str, theme: str, width: int) -> None:
    look(page, "/evaluations", language, theme, width, 3000)
    expect(page.get_by_test_id("evaluation-counts")).to_be_visible()
    trial = page.get_by_test_id("evaluator-test")
    trial.locator("[name=input]").fill(f"mi tarjeta es {CARD}")
    trial.locator("button[type=submit]").click()
    expect(page.get_by_test_id("verdicts")).to_contain_text("pii")
    page.get_by_test_id("evaluators").locator("tbody tr").first.locator("button").nth(1).click()
    expect(page.get_by_test_id("evaluator-form")).to_be_visible()
    runs = page.get_by_test_id("evaluator-runs")
    runs.locator("button[type=submit]").click()
    expect(page.get_by_test_id("evaluator-passes")).to_be_visible()
    page.screenshot(path=picture(f"evaluations-{language}-{theme}-{width}"), full_page=True)
    assert violations(page) == []
    assert fits(page)
