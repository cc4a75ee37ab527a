"""What changed, which errors, which outliers: asked of the real program over two made periods."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.harness.browser import pages, picture, violations
from tests.e2e.harness.load import body_of, event, post
from tests.e2e.harness.program import Catalejo, until

HOUR_NS = 3600 * 1_000_000_000
CALLS = 300


def call_of(number: int, start_ns: int, seconds: float, model: str) -> dict[str, Any]:
    now = start_ns > time.time_ns() - HOUR_NS
    one = event(number, f"question {number}", ml_app="chat-api", start_ns=start_ns)
    one["duration"] = int(seconds * 1e9)
    one["meta"]["model_name"] = model
    version = "2" if now and number % 2 else "1"
    one["meta"]["input"]["prompt"] = {"id": "support", "version": version, "template": "…"}
    one["metrics"] = {"input_tokens": 300, "output_tokens": 60, "total_tokens": 360}
    return one


def fail(one: dict[str, Any], message: str, kind: str) -> dict[str, Any]:
    one["status"] = "error"
    one["meta"] |= {"error.type": kind, "error.message": message}
    return one


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalejo]:
    """An hour and the one before: gpt-4o became four times as slow, and a new error came."""
    chance = random.Random(11)
    began = time.time_ns() - 2 * HOUR_NS + 30_000_000_000
    events = []
    for number in range(2 * CALLS):
        later = number >= CALLS
        start_ns = began + (HOUR_NS - 30_000_000_000) * (number % CALLS) // CALLS
        start_ns += HOUR_NS if later else 0
        slow = number % 3 == 0
        seconds = chance.lognormvariate(0.2, 0.3) * (4 if slow and later else 1)
        if number == 2 * CALLS - 50:
            seconds = 55
        one = call_of(number + 1, start_ns, seconds, "gpt-4o" if slow else "gpt-4o-mini")
        if later and number % 20 == 1:
            one = fail(one, f"Rate limit: retry after {number} seconds", "openai.RateLimitError")
        if number % 60 == 2:
            one = fail(one, f"Request req-{number} timed out", "openai.APITimeoutError")
        events.append(one)
    with Catalejo(tmp_path_factory.mktemp("insights") / "data") as program:
        for first in range(0, len(events), 100):
            assert post(program, body_of(*events[first : first + 100])).status == 202
        until(
            lambda: (
                program.api.get("/api/v1/ledger")["store"]["rows_waiting"] == 0
                and program.api.get("/api/v1/facets", view="spans", **{"from": "now-3h"})["total"]
                == 2 * CALLS
            ),
            "all calls are stored",
        )
        yield program


def test_the_change_is_named_with_its_place(served: Catalejo) -> None:
    found = served.api.get("/api/v1/insights", **{"from": "now-1h"})
    assert found["now"]["calls"] > 0.9 * CALLS and found["before"]["calls"] > 0.9 * CALLS
    slow = [change for change in found["changes"] if change["metric"] == "latency"]
    assert len(slow) == 1, found["changes"]
    assert slow[0]["where"]["model"] == "gpt-4o"
    assert slow[0]["where"]["ml_app"] == "chat-api"
    assert slow[0]["now"] > 2.5 * slow[0]["before"] and slow[0]["worse"]
    errors = [change for change in found["changes"] if change["metric"] == "errors"]
    assert errors and errors[0]["now"] > errors[0]["before"]
    # The query of a change shows the calls it is about.
    rows = served.api.rows("/api/v1/spans", view="spans", **slow[0]["query"], **{"from": "now-1h"})
    assert rows and {row["model"] for row in rows} == {"gpt-4o"}


def test_prompt_versions_stand_side_by_side(served: Catalejo) -> None:
    found = served.api.get("/api/v1/insights", **{"from": "now-1h"})
    prompts = {group["name"]: group for group in found["by"]["prompt"]}
    assert set(prompts) == {"support@1", "support@2"}
    assert prompts["support@2"]["before"]["calls"] == 0
    assert prompts["support@2"]["now"]["cost_usd"] is not None
    filtered = served.api.rows("/api/v1/spans", view="spans", prompt="support@2")
    assert 0.3 * CALLS < len(filtered) < 0.7 * CALLS


def test_errors_fall_together_and_the_new_one_is_marked(served: Catalejo) -> None:
    found = served.api.get("/api/v1/errors", **{"from": "now-1h"})
    by_type = {group["type"]: group for group in found["errors"]}
    assert len(found["errors"]) == 2 and found["complete"]
    limited = by_type["openai.RateLimitError"]
    assert limited["is_new"] and limited["before"] == 0 and limited["now"] >= 10
    assert limited["message"] == "Rate limit: retry after # seconds"
    known = by_type["openai.APITimeoutError"]
    assert not known["is_new"] and known["before"] > 0 and known["total"] >= known["now"]
    assert served.api.trace(known["trace_id"])["spans"]


def test_an_outlier_is_named(served: Catalejo) -> None:
    found = served.api.get("/api/v1/outliers", **{"from": "now-1h"})["outliers"]
    assert found[0]["duration_ns"] == 55_000_000_000
    assert found[0]["duration_ns"] > found[0]["fence_ns"] > found[0]["usual_ns"]


def test_the_same_hour_of_the_day_before_is_another_period(served: Catalejo) -> None:
    found = served.api.get("/api/v1/insights", against="day", **{"from": "now-1h"})
    assert found["before"]["calls"] == 0 and found["changes"] == []


@pytest.fixture
def page(browser: Browser, served: Catalejo, request: pytest.FixtureRequest) -> Iterator[Page]:
    yield from pages(browser, served.http_url, request.node.name)


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "gpt-4o in chat-api got slower"), ("es", "gpt-4o en chat-api va más lento")],
)
def test_home_says_what_changed_in_words(page: Page, language: str, said: str) -> None:
    page.goto(f"/?lang={language}")
    expect(page.get_by_test_id("change").first).to_be_visible()
    expect(page.get_by_test_id("changes")).to_contain_text(said)
    expect(page.get_by_test_id("error-group")).to_have_count(2)
    for theme in ("light", "dark"):
        page.get_by_test_id("theme-switch").select_option(theme)
        assert violations(page) == []
        page.screenshot(path=str(picture(f"home-{language}-{theme}")), full_page=True)
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.screenshot(path=str(picture(f"home-{language}-360")))


def test_from_home_to_the_trace_by_keyboard(page: Page) -> None:
    page.goto("/?lang=en")
    change = page.get_by_test_id("change").filter(has_text="got slower")
    change.get_by_role("link").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("trace-row").first).to_be_visible()
    expect(page).to_have_url(re.compile("model=gpt-4o"))
    page.go_back()
    page.get_by_test_id("outlier").first.get_by_role("link").first.click()
    expect(page.get_by_test_id("verdict")).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("h")
    expect(page.get_by_test_id("changes")).to_be_visible()


def test_nothing_stored_leads_to_connecting(browser: Browser, tmp_path: Any) -> None:
    with Catalejo(tmp_path / "data") as program:
        for page in pages(browser, program.http_url, "home-empty"):
            page.goto("/?lang=en")
            expect(page.get_by_test_id("home-empty")).to_be_visible()
            page.get_by_test_id("home-empty").get_by_role("link", name="Connect").click()
            expect(page).to_have_url(re.compile(r"/connect$"))
