"""Rows chosen in the explorer, put into a queue and reviewed by keys, in a real browser."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.harness.browser import fits, pages, picture, violations
from tests.e2e.harness.load import body_of, event, post
from tests.e2e.harness.page_api import call
from tests.e2e.harness.program import Catalejo, until

COUNT = 5
ROOT = "/api/v2/llm-obs/v1/annotation-queues"


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalejo]:
    with Catalejo(tmp_path_factory.mktemp("review") / "data") as program:
        for number in range(1, COUNT + 1):
            one = event(number, f"question {number}", ml_app="reviewed", session_id="talk")
            one["tags"].append("session_id:talk")
            assert post(program, body_of(one)).status == 202
        until(lambda: len(program.api.traces()) == COUNT, "the traces are stored")
        yield program


@pytest.fixture
def page(browser: Browser, shown: Catalejo, request: pytest.FixtureRequest) -> Iterator[Page]:
    yield from pages(browser, shown.http_url, request.node.name)


def send(program: Catalejo, method: str, path: str, attributes: Any = None) -> Any:
    sent = b"" if attributes is None else json.dumps({"data": {"attributes": attributes}}).encode()
    answer = call(program.http_port, method, path, sent, {"Content-Type": "application/json"})
    assert answer.status == 200, answer.body
    return answer.json()


LABELS = [
    {"name": "good", "type": "boolean", "is_required": True, "description": "¿Sirve?"},
    {"name": "topics", "type": "categorical", "values": ["order", "price"], "multiple": True},
    {"name": "stars", "type": "score", "min": 1, "max": 5, "is_integer": True},
    {"name": "answer", "type": "text"},
]


def make(program: Catalejo, name: str, count: int = COUNT, **more: Any) -> str:
    attributes = {"name": name, "annotation_schema": {"label_schemas": LABELS}, **more}
    queue = str(send(program, "POST", ROOT, attributes)["data"]["id"])
    items = [{"type": "trace", "content_id": f"{n:032x}"} for n in range(1, count + 1)]
    if items:
        send(program, "POST", f"{ROOT}/{queue}/interactions", {"interactions": items})
    return queue


def progress(program: Catalejo, queue: str, who: str) -> tuple[int, int, int]:
    told = send(program, "GET", f"/api/v1/queues/{queue}/items?reviewer={who}")["progress"]
    return told["answered"], told["skipped"], told["open"]


def mine(program: Catalejo, queue: str, who: str) -> list[dict[str, Any]]:
    items = send(program, "GET", f"/api/v1/queues/{queue}/items?reviewer={who}")["items"]
    return [
        {one["name_when_saved"]: one["value"] for one in item["annotation"]["label_values"]}
        for item in items
        if item["annotation"]
    ]


def review_as(page: Page, queue: str, who: str, language: str) -> None:
    page.goto(f"/queues/{queue}/review?lang={language}")
    page.evaluate(f"localStorage.setItem('catalejo.language', '{language}')")
    page.evaluate(f"localStorage.setItem('catalejo.author', '{who}')")
    page.reload()
    expect(page.get_by_test_id("review-item")).to_contain_text("question 1")


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_queue_is_reviewed_by_keys_alone(page: Page, shown: Catalejo, language: str) -> None:
    queue = make(shown, f"keys {language}")
    who = f"Ana-{language}"
    review_as(page, queue, who, language)
    item, said = page.get_by_test_id("review-item"), page.get_by_test_id("review-said")
    page.keyboard.press("Enter")
    expect(said).to_contain_text("good")
    assert progress(shown, queue, who) == (0, 0, COUNT), "a required label has no answer"
    page.keyboard.press("1")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("1")
    page.keyboard.press("2")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("4")
    expect(page.get_by_test_id("label-stars").locator("[aria-pressed=true]")).to_contain_text("4")
    assert violations(page) == []
    page.screenshot(path=str(picture(f"review-{language}")))
    page.reload()
    expect(page.get_by_test_id("label-stars").locator("[aria-pressed=true]")).to_contain_text("4")
    page.keyboard.press("Enter")
    expect(item).to_contain_text("question 2")
    assert mine(shown, queue, who) == [{"good": True, "topics": ["order", "price"], "stars": 4}]
    page.keyboard.press("s")
    expect(item).to_contain_text("question 3")
    assert progress(shown, queue, who) == (1, 1, COUNT - 2)
    page.keyboard.press("u")
    expect(item).to_contain_text("question 2")
    page.keyboard.press("u")
    expect(item).to_contain_text("question 1")
    expect(page.get_by_test_id("label-stars").locator("[aria-pressed=true]")).to_contain_text("4")
    assert progress(shown, queue, who) == (0, 0, COUNT)
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    expect(item).to_contain_text("question 2")
    assert mine(shown, queue, who)[0]["good"] is False
    for key, number in (("n", 3), ("j", 4), ("p", 3), ("k", 2)):
        page.keyboard.press(key)
        expect(item).to_contain_text(f"question {number}")
    for number in range(2, COUNT + 1):
        expect(item).to_contain_text(f"question {number}")
        page.keyboard.press("1")
        page.keyboard.press("Enter")
    expect(page.get_by_test_id("review-finished")).to_be_visible()
    assert progress(shown, queue, who) == (COUNT, 0, 0)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text(
        {"en": "In a review", "es": "En una revisión"}[language]
    )


def test_two_people_answer_at_once_and_see_where_they_differ(
    page: Page, browser: Browser, shown: Catalejo
) -> None:
    queue = make(shown, "both", count=2, reviewers=2)
    review_as(page, queue, "Ana", "es")
    for other in pages(browser, shown.http_url, "the other reviewer"):
        review_as(other, queue, "Blanca", "en")
        page.keyboard.press("1")
        other.keyboard.press("2")
        page.keyboard.press("Enter")
        other.keyboard.press("Enter")
        for one in (page, other):
            expect(one.get_by_test_id("review-item")).to_contain_text("question 2")
    assert [one["good"] for one in mine(shown, queue, "Ana")] == [True]
    assert [one["good"] for one in mine(shown, queue, "Blanca")] == [False]
    page.goto(f"/queues/{queue}?lang=es")
    expect(page.get_by_test_id("agreement")).to_contain_text("Ana – Blanca")
    page.get_by_test_id("differences").locator("summary").click()
    expect(page.get_by_test_id("differences")).to_contain_text("Blanca: false")
    assert violations(page) == []
    page.screenshot(path=str(picture("queue-es")), full_page=True)
    page.emulate_media(color_scheme="dark")
    assert violations(page) == []
    page.screenshot(path=str(picture("queue-es-dark")), full_page=True)
    page.set_viewport_size({"width": 360, "height": 900})
    assert fits(page)
    assert violations(page) == []
    page.screenshot(path=str(picture("queue-es-360")))
    review = page.get_by_test_id("to-review")
    review.click()
    expect(page.get_by_test_id("review-item")).to_contain_text("question 2")
    assert fits(page)
    assert violations(page) == []
    page.screenshot(path=str(picture("review-es-360-dark")), full_page=True)


@pytest.mark.parametrize("language", ["en", "es"])
def test_chosen_rows_go_into_a_queue_that_is_made_and_removed(
    page: Page, shown: Catalejo, language: str
) -> None:
    page.goto(f"/traces?lang={language}&ml_app=reviewed")
    rows = page.get_by_test_id("trace-row")
    expect(rows).to_have_count(COUNT)
    page.keyboard.press("j")
    page.keyboard.press("x")
    chosen = page.get_by_test_id("chosen")
    expect(chosen).to_contain_text("1")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Shift+X")
    expect(chosen).to_contain_text("3")
    boxes = page.get_by_test_id("choose")
    boxes.nth(1).click()
    expect(chosen).to_contain_text("2")
    boxes.nth(4).click(modifiers=["Shift"])
    expect(chosen).to_contain_text("5")
    boxes.nth(4).click()
    boxes.nth(3).click()
    expect(chosen).to_contain_text("3")
    expect(boxes.nth(0)).to_be_checked()
    expect(boxes.nth(4)).not_to_be_checked()
    assert violations(page) == []
    page.screenshot(path=str(picture(f"chosen-{language}")))
    bar = page.get_by_test_id("choice-bar")
    with page.expect_download() as file:
        page.get_by_test_id("choice-jsonl").click()
    assert len(file.value.path().read_text().splitlines()) == 3
    bar.get_by_test_id("add-to-queue").click()
    form = page.get_by_test_id("queue-form")
    form.locator("[name=queue]").fill(f"chosen {language}")
    form.locator("button[type=submit]").click()
    expect(form).to_contain_text("3")
    form.get_by_role("link").click()
    expect(page).to_have_url(re.compile("/queues/[0-9a-f]+"))
    expect(page.get_by_test_id("queue-items").locator("tbody tr")).to_have_count(3)
    editor = page.get_by_test_id("label-editor")
    editor.locator("[name=name0]").fill("tone")
    editor.locator("[name=type0]").select_option("categorical")
    editor.locator("[name=options0]").fill("kind, rude")
    editor.locator("button[type=submit]").click()
    expect(editor.locator("[name=options0]")).to_have_value("kind, rude")
    page.get_by_test_id("queue-items").get_by_role("button").first.click()
    expect(page.get_by_test_id("queue-items").locator("tbody tr")).to_have_count(2)
    page.get_by_test_id("undo-item").click()
    expect(page.get_by_test_id("queue-items").locator("tbody tr")).to_have_count(3)
    assert violations(page) == []
    page.screenshot(path=str(picture(f"queue-new-{language}")), full_page=True)
    page.keyboard.press("g")
    page.keyboard.press("q")
    table = page.get_by_test_id("queues")
    row = table.locator("tr").filter(has_text=f"chosen {language}")
    expect(row).to_contain_text("tone")
    row.get_by_role("button").click()
    expect(row).to_have_count(0)
    page.get_by_test_id("undo-queue").click()
    expect(row).to_have_count(1)
    assert violations(page) == []
    page.screenshot(path=str(picture(f"queues-{language}")))


def test_everything_that_matches_goes_into_a_queue_and_a_dataset(
    page: Page, shown: Catalejo
) -> None:
    page.goto("/traces?lang=es&ml_app=reviewed")
    expect(page.get_by_test_id("trace-row")).to_have_count(COUNT)
    page.get_by_test_id("choose").first.click()
    page.get_by_test_id("choose-everything").click()
    expect(page.get_by_test_id("chosen")).to_have_text(f"Elegidas las {COUNT} que cumplen")
    bar = page.get_by_test_id("choice-bar")
    bar.get_by_test_id("add-to-queue").click()
    form = page.get_by_test_id("queue-form")
    form.locator("[name=queue]").fill("todo")
    form.locator("button[type=submit]").click()
    expect(form).to_contain_text(f"{COUNT} añadidos")
    form.locator("button[type=submit]").click()
    expect(form).to_contain_text(f"0 añadidos, {COUNT} ya estaban")
    page.keyboard.press("Escape")
    page.get_by_test_id("choose-none").click()
    expect(bar).to_have_count(0)
    page.get_by_test_id("choose").first.click()
    page.set_viewport_size({"width": 360, "height": 900})
    assert fits(page)
    assert violations(page) == []
    page.screenshot(path=str(picture("chosen-360")))


def test_what_was_said_of_a_turn_is_on_the_page_of_its_session(page: Page, shown: Catalejo) -> None:
    queue = make(shown, "turns", count=2)
    second = send(shown, "GET", f"/api/v1/queues/{queue}/items")["items"][1]["id"]
    said = {"interaction_id": second, "label_values": [{"name": "good", "value": False}]}
    body = {"author": "Dora", "annotations": [said]}
    send(shown, "POST", f"{ROOT}/{queue}/annotations", body)
    path = f"/api/v1/evaluations?trace_id={2:032x}&trace_id={1:032x}"

    def stored() -> bool:
        found = send(shown, "GET", path)["evaluations"]
        return any((one["submitter"] or {}).get("id") == "Dora" for one in found)

    until(stored, "the database has it")
    page.goto("/sessions/talk?lang=es")
    turns = page.get_by_test_id("session-turn")
    expect(turns).to_have_count(COUNT)
    judged = turns.nth(1).get_by_test_id("turn-judged")
    expect(judged).to_contain_text("good: false")
    judged.locator("summary").click()
    expect(judged).to_contain_text("Dora")
    assert violations(page) == []
    page.screenshot(path=str(picture("session-judged-es")))


def test_a_session_and_a_step_are_put_into_a_queue_from_their_pages(
    page: Page, shown: Catalejo
) -> None:
    queue = make(shown, "by hand", count=0)
    page.goto("/sessions/talk?lang=en")
    page.get_by_test_id("add-to-queue").click()
    form = page.get_by_test_id("queue-form")
    form.locator("[name=queue]").fill("by hand")
    form.locator("button[type=submit]").click()
    expect(form).to_contain_text("1 added")
    page.goto(f"/traces/{2:032x}?lang=en&from=now-1h&full=1")
    page.get_by_test_id("span-pane").get_by_test_id("add-to-queue").click()
    form.locator("[name=queue]").fill("by hand")
    form.locator("button[type=submit]").click()
    expect(form).to_contain_text("1 added")
    review_as(page, queue, "Carla", "en")
    expect(page.get_by_test_id("review-item")).to_contain_text("question 5")
    page.keyboard.press("n")
    expect(page.get_by_test_id("review-item")).to_contain_text("question 2")
    expect(page.get_by_test_id("review-item")).not_to_contain_text("question 5")
    items = send(shown, "GET", f"/api/v1/queues/{queue}/items")["items"]
    assert [one["type"] for one in items] == ["session", "span"]


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_rule_is_made_changed_and_removed_and_its_queue_fills(
    page: Page, shown: Catalejo, language: str
) -> None:
    app = f"ruled-{language}"
    queue = make(shown, f"by a rule {language}", count=0)
    page.goto(f"/queues/{queue}?lang={language}")
    rule, form = page.get_by_test_id("queue-rule"), page.get_by_test_id("rule-form")
    rule.get_by_test_id("make-rule").press("Enter")
    expect(form.locator("[name=query]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(form).to_have_count(0)
    rule.get_by_test_id("make-rule").press("Enter")
    page.keyboard.type(f"@ml_app:{app}")
    form.locator("[name=daily_max]").fill("2")
    page.keyboard.press("Enter")
    expect(form).to_have_count(0)
    expect(rule).to_contain_text({"en": "at most 2 a day", "es": "como mucho 2 al día"}[language])
    base = {"en": 100, "es": 200}[language]
    for number in range(base, base + 3):
        assert post(shown, body_of(event(number, f"ruled {number}", ml_app=app))).status == 202
    items, days = page.get_by_test_id("queue-items"), page.get_by_test_id("rule-days")
    expect(items.locator("tbody tr")).to_have_count(2, timeout=60_000)
    cells = days.locator("tbody tr").first.locator("td")
    # What was left out may be seen some looks later than what was added.
    expect(cells.nth(0)).to_have_text("2", timeout=60_000)
    expect(cells.nth(4)).to_have_text("1", timeout=60_000)
    rule.get_by_test_id("edit-rule").click()
    expect(form.locator("[name=query]")).to_have_value(f"@ml_app:{app}")
    assert violations(page) == []
    page.screenshot(path=str(picture(f"queue-rule-{language}")), full_page=True)
    form.locator("[name=sample]").fill("7")
    form.locator("[name=type]").select_option("span")
    form.locator("button[type=submit]").click()
    expect(rule).to_contain_text(re.compile("7\\s?%"))
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 360, "height": 900})
    rule.get_by_test_id("edit-rule").click()
    assert fits(page)
    assert violations(page) == []
    page.screenshot(path=str(picture(f"queue-rule-{language}-360-dark")), full_page=True)
    rule.get_by_test_id("remove-rule").click()
    expect(rule.get_by_test_id("make-rule")).to_be_visible()
    expect(days).to_be_visible()
    rule.get_by_test_id("undo-rule").click()
    expect(rule.get_by_test_id("remove-rule")).to_be_visible()
    rule.get_by_role("link").click()
    expect(page).to_have_url(re.compile(r"/traces\?.*query=%40ml_app"))


def test_a_rule_with_a_wrong_search_says_where(browser: Browser, shown: Catalejo) -> None:
    queue = make(shown, "wrong rule", count=0)
    # A context of its own: the browser writes the refused request to the console.
    context = browser.new_context(base_url=shown.http_url)
    page = context.new_page()
    page.goto(f"/queues/{queue}?lang=en")
    rule = page.get_by_test_id("queue-rule")
    rule.get_by_test_id("make-rule").click()
    page.get_by_test_id("rule-form").locator("[name=query]").fill("@status:error AND (")
    page.keyboard.press("Enter")
    expect(rule.get_by_role("status")).to_contain_text("character")
    expect(page.get_by_test_id("rule-form").locator("[name=query]")).to_have_value(
        "@status:error AND ("
    )
    assert send(shown, "GET", f"/api/v1/queues/{queue}/rule")["rule"] is None
    context.close()


def test_a_list_is_put_into_a_queue_with_what_comes_after_it(page: Page, shown: Catalejo) -> None:
    page.goto("/traces?lang=es&ml_app=reviewed")
    expect(page.get_by_test_id("trace-row")).to_have_count(COUNT)
    page.locator("main").get_by_test_id("add-to-queue").click()
    form = page.get_by_test_id("queue-form")
    form.locator("[name=queue]").fill("y lo que llegue")
    form.locator("[name=keep-on]").check()
    form.locator("button[type=submit]").click()
    expect(form).to_contain_text(f"{COUNT} añadidos")
    form.get_by_role("link").click()
    expect(page.get_by_test_id("queue-rule")).to_contain_text("ml_app=reviewed")
