"""The investigation of the tutorial "Why did it get slow?": its commands run, then each of its
steps done on the page, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.harness.browser import SETTLED, pages, picture, violations
from tests.e2e.harness.client import venv
from tests.e2e.harness.program import Catalejo, until
from tests.e2e.harness.tutorial import followed

TRACED_SPANS_MIN = 100


@dataclass
class Case:
    server: Catalejo
    times: str  # "?from=…&to=…", as the application printed it


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    folder = tmp_path_factory.mktemp("investigation")
    server = Catalejo(folder / "data")
    path = str(venv("tracer") / "bin")
    with followed("tutorial/investigation.md", server, folder / "empty", path) as done:
        times = done.stdout.split()[-1]
        assert re.fullmatch(r"\?from=\d+&to=\d+", times), done.stdout
        counted = {"view": "spans", "from": "now-1h"}
        until(
            lambda: (
                server.api.get("/api/v1/ledger")["store"]["rows_waiting"] == 0
                and server.api.get("/api/v1/facets", **counted)["total"] > TRACED_SPANS_MIN
            ),
            "the calls are stored",
        )
        yield Case(server, times)


@pytest.fixture
def page(browser: Browser, case: Case, request: pytest.FixtureRequest) -> Iterator[Page]:
    yield from pages(browser, case.server.http_url, request.node.name)


WORDS = {
    "en": {
        "slower": r"chat-prod \(gpt-4o-2024-11-20\) in support got slower: the median went from",
        "because": r"\d+% of its calls were refused with 429 \(rate limit\) and tried again, 0%",
        "verdict": r"Answered, but only after \d+ retr(y|ies) \(429 rate limit\) on deployment"
        r" chat-prod; .* of waiting, \d+% of the total",
        "azure": r"\d+ retr(y|ies) after 429; .* lost",
    },
    "es": {
        "slower": r"chat-prod \(gpt-4o-2024-11-20\) en support va más lento: la mediana pasó de",
        "because": r"El \d+.% de sus llamadas se rechazó con un 429 \(límite de peticiones\) y se",
        "verdict": r"Ha respondido, pero tras \d+ reintentos? \(429 límite de peticiones\) en la"
        r" implementación chat-prod: .* de espera",
        "azure": r"\d+ reintentos? tras un 429; .* perdid",
    },
}


def head_count(page: Page) -> int:
    """The number the head of the list says."""
    found = re.match(r"\d+", page.get_by_test_id("list-sentence").inner_text())
    assert found
    return int(found[0])


@pytest.mark.timeout(600)
@pytest.mark.parametrize("language", ["en", "es"])
def test_the_cause_is_found_as_the_tutorial_says(page: Page, case: Case, language: str) -> None:
    words = WORDS[language]

    def shot(step: str) -> None:
        page.evaluate(SETTLED)
        page.screenshot(path=str(picture(f"investigation-{step}-{language}")))

    # 2. Home
    page.goto(f"/{case.times}&lang={language}")
    change = page.get_by_test_id("change")
    expect(change).to_have_count(1)
    expect(change).to_contain_text(re.compile(words["slower"]))
    expect(page.get_by_test_id("because")).to_contain_text(re.compile(words["because"]))
    side = page.get_by_test_id("side-deployment")
    expect(side).to_contain_text("chat-mini")
    assert violations(page) == []
    shot("1-home")
    home = page.url

    # 3. Explorer
    change.get_by_role("link").first.click()
    expect(page).to_have_url(re.compile("deployment=chat-prod.*min_duration_ms="))
    expect(page.get_by_test_id("trace-row").first).to_be_visible()
    page.get_by_test_id("sort-duration").click()
    expect(page).to_have_url(re.compile("sort=-duration"))
    # What the page asks for: a call before this time, or without a model, may have been slower.
    asked = {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}
    slowest = case.server.api.rows("/api/v1/spans", **asked)[0]
    row = page.get_by_test_id("trace-row").first
    expect(row).to_have_attribute("data-trace-id", slowest["trace_id"])
    shot("2-explorer")

    # 4. and 5. Trace and span
    row.click()
    expect(page.get_by_test_id("verdict")).to_contain_text(re.compile(words["verdict"]))
    facts = page.get_by_test_id("azure-facts")
    expect(facts).to_contain_text(re.compile(words["azure"]))
    shot("3-trace")

    # 6. Only that
    page.goto(home)
    page.get_by_test_id("because").get_by_role("link").click()
    expect(page.get_by_test_id("search-box")).to_have_value("@meta.metadata.azure.retries:>0")
    expect(page.get_by_test_id("trace-row").first).to_be_visible()
    refused = head_count(page)
    assert refused > 5
    for value in ("chat-prod", "gpt-4o-2024-11-20"):
        page.locator(".chip").filter(has_text=value).get_by_role("button").click()
    expect(page).not_to_have_url(re.compile("deployment="))
    expect(page.locator(".chip")).to_have_count(1)
    expect(page.get_by_test_id("trace-row").first).to_be_visible()
    assert head_count(page) == refused
    shot("4-search")


def test_home_tells_it_on_a_telephone_and_in_the_dark(browser: Browser, case: Case) -> None:
    shown = pages(browser, case.server.http_url, "investigation-home-dark", color_scheme="dark")
    for opened in shown:
        opened.set_viewport_size({"width": 360, "height": 740})
        opened.goto(f"/{case.times}&lang=es")
        expect(opened.get_by_test_id("because")).to_be_visible()
        assert opened.evaluate("document.documentElement.scrollWidth") <= 360
        assert violations(opened) == []
