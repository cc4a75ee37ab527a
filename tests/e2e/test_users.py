"""Users: whole traces count for whoever their root names; figures, order, feedback; the pages."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.harness.browser import fits, pages, picture, violations
from tests.e2e.harness.load import body_of, event, post
from tests.e2e.harness.page_api import call
from tests.e2e.harness.program import Catalejo, until

PEOPLE = ("ana", "bo", "carla", "dani", "eva")


def trace(number: int, user: str, session: str) -> list[dict[str, Any]]:
    """A root that names its user, and two calls below it that name nobody."""
    start = time.time_ns() - number * 1_000_000_000
    root = event(number * 10, f"question {number}", ml_app="people", start_ns=start)
    root |= {"name": "answer", "session_id": session, "metrics": {}, "duration": number * 1_000}
    root["meta"]["span"]["kind"] = "workflow"
    root["tags"] += [f"user_id:{user}", f"session_id:{session}"]
    calls = []
    for n in (1, 2):
        one = event(number * 10 + n, f"call {n}", ml_app="people", start_ns=start + n)
        one |= {"trace_id": root["trace_id"], "parent_id": root["span_id"]}
        one |= {"session_id": session, "status": "error" if user == "bo" and n == 2 else "ok"}
        one["tags"].append(f"session_id:{session}")
        one["metrics"] = {"input_tokens": 1_000, "output_tokens": 10, "total_tokens": 1_010}
        calls.append(one)
    return [root, *calls]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalejo]:
    with Catalejo(tmp_path_factory.mktemp("users") / "data") as program:
        spans: list[dict[str, Any]] = []
        for at, user in enumerate(PEOPLE):
            # The n-th has n + 1 traces, in one session for each two of them.
            for n in range(at + 1):
                spans += trace(1 + at * 20 + n, user, f"{user}-{n // 2}")
        nobody = event(9_000, "nobody asks", ml_app="people")
        assert post(program, body_of(*spans, nobody)).status == 202
        count = len(spans) + 1
        until(lambda: len(program.api.spans(ml_app="people")) == count, "all are stored")
        yield program


def people(server: Catalejo, **asked: str | int) -> dict[str, dict[str, Any]]:
    rows = server.api.rows("/api/v1/users", ml_app="people", **asked)
    assert len({row["user_id"] for row in rows}) == len(rows)
    return {row["user_id"]: row for row in rows}


def test_whole_traces_count_for_the_user_of_their_root(server: Catalejo) -> None:
    found = people(server)
    assert set(found) == set(PEOPLE)
    bo = found["bo"]
    assert (bo["traces"], bo["sessions"], bo["spans"], bo["llm_calls"]) == (2, 1, 6, 4)
    assert (bo["errors"], bo["failed_traces"]) == (2, 0)
    assert bo["tokens"] == {"input": 4_000, "output": 40, "total": 4_040}
    # gpt-4o of November 2024 is in the catalogue: $2.50 and $10 a million.
    assert bo["cost_usd"] == pytest.approx(4_000 * 2.5e-6 + 40 * 1e-5)
    assert found["eva"]["sessions"] == 3
    assert found["ana"]["input"] == "question 1"
    # A filter of spans leaves the spans that match, and whose they are.
    failed = people(server, status="error")
    assert {name: row["spans"] for name, row in failed.items()} == {"bo": 2}
    assert set(people(server, user="-bo")) == set(PEOPLE) - {"bo"}
    assert set(people(server, query="call")) == set(PEOPLE)


def test_sessions_of_a_user_are_whole(server: Catalejo) -> None:
    rows = server.api.rows("/api/v1/sessions", ml_app="people", user="eva")
    assert [row["session_id"] for row in rows] == ["eva-0", "eva-1", "eva-2"]
    assert {row["user_id"] for row in rows} == {"eva"}
    assert sum(row["llm_calls"] for row in rows) == people(server)["eva"]["llm_calls"] == 10


@pytest.mark.parametrize("by", ["last", "cost", "duration", "tokens", "traces", "sessions"])
def test_pages_are_sorted_and_hold_everyone_once(server: Catalejo, by: str) -> None:
    names = {
        "last": "last_ns", "cost": "cost_usd", "duration": "busy_ns", "traces": "traces",
        "sessions": "sessions", "tokens": "tokens",
    }  # fmt: skip
    for sort in (by, f"-{by}"):
        rows = list(people(server, sort=sort, limit=2).values())
        found = [row[names[by]] for row in rows]
        values = [float(each["total"] if by == "tokens" else each) for each in found]
        assert len(values) == len(PEOPLE)
        assert values == sorted(values, reverse=sort.startswith("-")), sort
    assert server.api.answer("/api/v1/users", sort="name").status == 400


def judge(server: Catalejo, **said: Any) -> None:
    body = json.dumps(said).encode()
    kind = {"Content-Type": "application/json"}
    answer = call(server.http_port, "POST", "/api/v1/feedback", body, kind)
    assert answer.status == 200, answer.body


def test_what_people_said_is_counted_once_and_as_it_is_now(server: Catalejo) -> None:
    trace_id = f"{(1 + 2 * 20) * 10:032x}"  # a trace of carla's
    up = {"name": "thumbs", "value": True, "assessment": "pass"}
    down = {"name": "thumbs", "value": False, "assessment": "fail"}
    judge(server, trace_id=trace_id, author="one", **up)
    judge(server, trace_id=trace_id, author="one", **down)  # changed their mind
    judge(server, trace_id=trace_id, author="two", **up)
    judge(server, trace_id=trace_id, span_id=str((1 + 2 * 20) * 10 + 1), author="two", **up)
    judge(server, session_id="carla-1", author="two", **down)
    judge(server, session_id="carla-1", author="three", **down)
    judge(server, session_id="carla-1", author="three", name="thumbs", withdrawn=True)

    def told() -> bool:
        counts = people(server)["carla"]["feedback"]
        return bool(counts == {"count": 4, "good": 2, "bad": 2})

    until(told, "the feedback is counted")
    assert people(server)["ana"]["feedback"] == {"count": 0, "good": 0, "bad": 0}
    of_session = {
        row["session_id"]: row["feedback"]
        for row in server.api.rows("/api/v1/sessions", ml_app="people", user="carla")
    }
    assert of_session["carla-0"] == {"count": 3, "good": 2, "bad": 1}
    assert of_session["carla-1"] == {"count": 1, "good": 0, "bad": 1}


@pytest.fixture
def page(browser: Browser, server: Catalejo, request: pytest.FixtureRequest) -> Iterator[Page]:
    yield from pages(browser, server.http_url, request.node.name)


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_user_is_found_and_read_by_keys(page: Page, language: str) -> None:
    page.goto(f"/traces?lang={language}&ml_app=people&from=now-24h")
    expect(page.get_by_test_id("trace-row").first).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("u")
    expect(page).to_have_url(re.compile(r"/users"))
    page.goto(f"/users?lang={language}&ml_app=people&from=now-24h&sort=-traces")
    rows = page.get_by_test_id("user-row")
    expect(rows).to_have_count(len(PEOPLE))
    expect(rows.first).to_contain_text("eva")
    expect(page.get_by_test_id("users-sentence")).to_contain_text("5")
    assert violations(page) == []
    page.screenshot(path=str(picture(f"users-{language}")))
    page.get_by_test_id("sort-talks").click()
    expect(page).to_have_url(re.compile("sort=-sessions"))
    page.get_by_role("grid").focus()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("user-verdict")).to_contain_text("5")
    expect(page.get_by_test_id("session-row")).to_have_count(3)
    assert violations(page) == []
    page.screenshot(path=str(picture(f"user-{language}")))
    page.keyboard.press("2")
    expect(page).to_have_url(re.compile("show=traces"))
    expect(page.get_by_test_id("trace-row")).to_have_count(5)
    page.get_by_test_id("sort-time").click()
    expect(page).to_have_url(re.compile("sort=start"))
    expect(page.get_by_test_id("trace-row").first).to_contain_text("question 85")
    assert violations(page) == []
    page.screenshot(path=str(picture(f"user-traces-{language}")))
    # All of it stands in the address.
    page.reload()
    expect(page.get_by_test_id("trace-row").first).to_contain_text("question 85")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("user-row").first).to_be_visible()


def items_of(server: Catalejo, name: str) -> set[tuple[str, str]]:
    queues = server.api.get("/api/v2/llm-obs/v1/annotation-queues")["data"]
    queue = next(one["id"] for one in queues if one["attributes"]["name"] == name)
    found = server.api.get(f"/api/v1/queues/{queue}/items", reviewer="x", limit=500)["items"]
    return {(item["type"], item["content_id"]) for item in found}


def put(page: Page, queue: str) -> None:
    bar = page.get_by_test_id("choice-bar")
    bar.get_by_test_id("add-to-queue").click()
    form = bar.get_by_test_id("queue-form")
    form.locator("[name=queue]").fill(queue)
    form.locator("[name=queue]").press("Enter")
    expect(form.get_by_role("link")).to_be_visible()
    page.keyboard.press("Escape")


def test_sessions_are_chosen_by_keys_and_mouse(page: Page, server: Catalejo) -> None:
    page.goto("/sessions?lang=en&ml_app=people&from=now-24h")
    rows = page.get_by_test_id("session-row")
    expect(rows).to_have_count(9)
    page.get_by_role("grid").focus()
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Shift+X")
    expect(page.get_by_test_id("chosen")).to_have_text("3 chosen")
    rows.nth(5).get_by_test_id("choose").click()
    expect(page.get_by_test_id("chosen")).to_have_text("4 chosen")
    rows.nth(7).get_by_test_id("choose").click(modifiers=["Shift"])
    expect(page.get_by_test_id("chosen")).to_have_text("6 chosen")
    assert violations(page) == []
    page.screenshot(path=str(picture("sessions-chosen")))
    put(page, "six talks")
    six = items_of(server, "six talks")
    assert len(six) == 6
    assert {kind for kind, _ in six} == {"session"}
    page.get_by_test_id("choose-everything").click()
    expect(page.get_by_test_id("chosen")).to_have_text("All 9 that match are chosen")
    put(page, "all talks")
    assert len(items_of(server, "all talks")) == 9


def test_chosen_users_bring_their_traces(page: Page, server: Catalejo, tmp_path: Any) -> None:
    page.goto("/users?lang=en&ml_app=people&from=now-24h&sort=traces")
    rows = page.get_by_test_id("user-row")
    expect(rows).to_have_count(len(PEOPLE))
    for at in (0, 1):  # ana has one trace, bo has two
        rows.nth(at).get_by_test_id("choose").click()
    put(page, "ana and bo")
    assert items_of(server, "ana and bo") == {
        ("trace", f"{number * 10:032x}") for number in (1, 21, 22)
    }
    page.get_by_test_id("choose-everything").click()
    with page.expect_download() as started:
        page.get_by_test_id("choice-csv").click()
    started.value.save_as(tmp_path / "users.csv")
    lines = (tmp_path / "users.csv").read_text(encoding="utf-8-sig").strip().splitlines()
    assert len(lines) == 1 + len(PEOPLE)
    assert lines[0].startswith("first,last,session_id,user_id")


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("width", [360, 3840])
def test_the_pages_fit(browser: Browser, server: Catalejo, theme: Any, width: int) -> None:
    language = {"dark": "es", "light": "en"}[theme]
    for page in pages(browser, server.http_url, f"users-{theme}-{width}", color_scheme=theme):
        page.set_viewport_size({"width": width, "height": 900})
        for path, seen in (
            ("/users?from=now-24h", "user-row"), ("/users/eva?from=now-24h", "session-row"),
            ("/users/eva?from=now-24h&show=traces", "trace-row"),
            ("/users?from=now-24h&user=nobody", "users-empty"),
            ("/users?from=1500000000000&to=1500000360000", "users-empty"),
        ):  # fmt: skip
            page.goto(f"{path}&lang={language}")
            expect(page.get_by_test_id(seen).first).to_be_visible()
            expect(page.locator(".skeleton")).to_have_count(0)
            assert violations(page) == [], path
            assert fits(page), f"{path} scrolls sideways"
            name = re.sub(r"\W+", "-", path).strip("-")
            page.screenshot(path=str(picture(f"{name}-{theme}-{width}")))
