"""What people keep and judge, in a real browser against the real program: views, feedback."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.harness.browser import fits, pages, picture, violations
from tests.e2e.harness.load import body_of, event, post
from tests.e2e.harness.page_api import Unanswered, call
from tests.e2e.harness.program import Catalejo, until


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalejo]:
    with Catalejo(tmp_path_factory.mktemp("annotate") / "data") as program:
        for number in (1, 2, 3):
            one = event(number, f"question {number}", ml_app="judged", session_id="talk")
            one["tags"].append("session_id:talk")
            assert post(program, body_of(one)).status == 202
        until(lambda: len(program.api.traces()) == 3, "the traces are stored")
        yield program


@pytest.fixture
def page(browser: Browser, shown: Catalejo, request: pytest.FixtureRequest) -> Iterator[Page]:
    yield from pages(browser, shown.http_url, request.node.name)


def ask(program: Catalejo, method: str, path: str, body: Any = None) -> Any:
    sent = b"" if body is None else json.dumps(body).encode()
    answer = call(program.http_port, method, path, sent, {"Content-Type": "application/json"})
    assert answer.status == 200, answer.body
    return answer.json()


def views(program: Catalejo) -> dict[str, str]:
    return {v["name"]: v["query"] for v in ask(program, "GET", "/api/v1/views")["views"]}


def test_views_are_on_the_server_with_undo_and_in_the_palette(
    page: Page, browser: Browser, shown: Catalejo
) -> None:
    page.goto("/traces?lang=en&ml_app=judged")
    page.get_by_test_id("saved-views").click()
    page.get_by_test_id("saved-name").fill("Juzgadas")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Juzgadas", exact=True)).to_be_visible()
    assert "ml_app=judged" in views(shown)["Juzgadas"]
    page.get_by_role("button", name="Rename the view Juzgadas").click()
    page.get_by_role("textbox", name="Rename the view Juzgadas").fill("Revisadas")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Revisadas", exact=True)).to_be_visible()
    assert list(views(shown)) == ["Revisadas"]
    page.get_by_role("button", name="Remove the view Revisadas").click()
    expect(page.get_by_test_id("undo-view")).to_be_visible()
    assert views(shown) == {}
    assert violations(page) == []
    page.get_by_test_id("undo-view").click()
    expect(page.get_by_role("button", name="Revisadas", exact=True)).to_be_visible()
    for other in pages(browser, shown.http_url, "another reader"):
        other.goto("/loss?lang=es")
        other.keyboard.press("Control+k")
        other.get_by_test_id("palette").get_by_role("combobox").fill("revisadas")
        other.get_by_role("option", name="Abrir la vista Revisadas").click()
        expect(other).to_have_url(re.compile("/traces.*ml_app=judged"))


def test_views_of_this_browser_are_moved_to_the_server(page: Page, shown: Catalejo) -> None:
    page.goto("/traces?lang=es")
    page.evaluate(
        "localStorage.setItem('catalejo.views', JSON.stringify("
        "[{name: 'De antes', path: '/traces', query: 'status=error'}]))"
    )
    page.get_by_test_id("saved-views").click()
    page.get_by_test_id("move-views").click()
    expect(page.get_by_role("button", name="De antes", exact=True)).to_be_visible()
    expect(page.get_by_test_id("move-views")).to_have_count(0)
    assert views(shown)["De antes"] == "status=error"
    page.screenshot(path=str(picture("saved-views-es")))


def search(program: Catalejo, query: str, path: str = "spans") -> set[str]:
    answer = program.api.answer(f"/api/v1/{path}", query=query)
    if answer.status == 503:
        raise Unanswered(str(answer.body))
    assert answer.status == 200, answer.body
    return {row["span_id"] for row in answer.json()["rows"]}


@pytest.mark.parametrize("language", ["en", "es"])
def test_feedback_is_given_searched_replaced_and_withdrawn(
    page: Page, shown: Catalejo, language: str
) -> None:
    page.goto(f"/traces?lang={language}&ml_app=judged")
    page.evaluate(f"localStorage.setItem('catalejo.author', 'Ana {language}')")
    page.evaluate(f"localStorage.setItem('catalejo.language', '{language}')")
    page.reload()
    page.get_by_test_id("trace-row").filter(has_text="question 1").click()
    up, down = page.get_by_test_id("thumb-up"), page.get_by_test_id("thumb-down")
    up.click()
    expect(up).to_have_attribute("aria-pressed", "true")
    until(lambda: search(shown, "@evaluation.thumbs.value:true") == {"1"}, "found by its value")
    down.click()
    expect(down).to_have_attribute("aria-pressed", "true")
    until(lambda: search(shown, "@evaluation.thumbs.value:false") == {"1"}, "the later one counts")
    assert search(shown, "@evaluation.thumbs.value:true") == set()
    pane = page.get_by_test_id("span-pane")
    expect(pane.get_by_text(f"Ana {language}")).to_be_visible()
    assert violations(page) == []
    page.get_by_test_id("feedback").scroll_into_view_if_needed()
    page.screenshot(path=str(picture(f"feedback-{language}")))
    page.get_by_test_id("withdraw").click()
    until(lambda: search(shown, "_exists_:@evaluation.thumbs") == set(), "taken back")
    page.reload()
    expect(pane.locator(".evaluations li").filter(has_text=f"Ana {language}")).to_contain_text(
        {"en": "withdrawn", "es": "retirada"}[language]
    )


def test_a_score_with_a_comment_about_the_whole_conversation(page: Page, shown: Catalejo) -> None:
    page.goto("/sessions/talk?lang=es")
    page.get_by_test_id("feedback").locator("summary").click()
    form = page.get_by_test_id("feedback-form")
    form.locator("[name=name]").fill("csat")
    form.locator("[name=value]").fill("4")
    form.locator("[name=comment]").fill("Tardó, pero acertó.")
    form.locator("[name=author]").fill("Blanca")
    form.get_by_role("button", name="Guardar").click()
    listed = page.locator(".session-feedback .evaluations")
    expect(listed).to_contain_text("csat", timeout=15_000)
    expect(listed).to_contain_text("Tardó, pero acertó.")
    assert violations(page) == []
    page.set_viewport_size({"width": 360, "height": 900})
    page.screenshot(path=str(picture("feedback-session-360")))
    until(lambda: len(search(shown, "@evaluation.csat.value:>=4", "traces")) == 3, "every turn")


def test_feedback_of_two_people_stands_side_by_side(shown: Catalejo) -> None:
    trace = f"{3:032x}"
    for author, value in (("Ana", True), ("Blanca", False), ("Ana", False), ("Ana", True)):
        ask(
            shown, "POST", "/api/v1/feedback",
            {"trace_id": trace, "name": "helpful", "value": value, "author": author},
        )  # fmt: skip

    def judged() -> list[tuple[str, bool]]:
        found = ask(shown, "GET", f"/api/v1/evaluations?trace_id={trace}")["evaluations"]
        return [(one["submitter"]["id"], one["value"]) for one in found if one["submitter"]]

    until(lambda: judged() == [("Blanca", False), ("Ana", True)], "the newest of each")
    assert search(shown, "@evaluation.helpful.value:true") == {"3"}
    assert search(shown, "@evaluation.helpful.value:false") == {"3"}


def test_feedback_is_durable_when_it_is_answered(fresh: Catalejo) -> None:
    with fresh:
        assert post(fresh, body_of(event(9, "q"))).status == 202
        ask(
            fresh, "POST", "/api/v1/feedback",
            {"trace_id": f"{9:032x}", "span_id": "9", "name": "thumbs", "value": True},
        )  # fmt: skip
        fresh.kill()
    with fresh:
        until(lambda: search(fresh, "@evaluation.thumbs.value:true") == {"9"}, "kept", 60)


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_dataset_is_made_of_a_list_edited_and_compared(
    page: Page, shown: Catalejo, language: str
) -> None:
    page.goto(f"/traces?lang={language}&ml_app=judged")
    expect(page.get_by_test_id("trace-row")).to_have_count(3)
    page.get_by_test_id("add-to-dataset").click()
    form = page.locator(".menu form")
    form.locator("[name=dataset]").fill(f"golden {language}")
    form.locator("button[type=submit]").click()
    form.get_by_role("link").click()
    records = page.get_by_test_id("record")
    expect(records).to_have_count(3)
    expect(records.first).to_contain_text("question")
    records.first.get_by_role("button").first.click()
    records.first.locator("[name=expected_output]").fill('{"answer": "42"}')
    records.first.locator("button[type=submit]").click()
    expect(records.first).to_contain_text('"answer": "42"')
    page.locator(".dataset-versions button").first.click()
    expect(page.get_by_test_id("diff")).to_contain_text('"answer": "42"')
    assert violations(page) == []
    page.screenshot(path=str(picture(f"dataset-{language}")), full_page=True)
    page.get_by_test_id("version").select_option("1")
    expect(records).to_have_count(3)
    expect(page.get_by_text('"answer": "42"')).to_have_count(1)
    page.get_by_test_id("version").select_option("0")
    submit = page.get_by_test_id("import-form").locator("button[type=submit]")
    page.get_by_test_id("import-form").locator("[name=file]").set_input_files(
        {"name": "more.jsonl", "mimeType": "text/plain", "buffer": b'{"input": "one more"}\n'}
    )
    submit.click()
    expect(records).to_have_count(4)
    page.set_viewport_size({"width": 360, "height": 900})
    assert violations(page) == []
    assert fits(page)
    page.screenshot(path=str(picture(f"dataset-{language}-360")))
    page.goto("/datasets")
    expect(page.get_by_test_id("datasets")).to_contain_text(f"golden {language}")
    assert violations(page) == []
