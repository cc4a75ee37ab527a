"""Consumption of Azure deployments in a real browser: the sums of the API, links to the calls, what
is unknown, the table as a file. Both languages, dark, on a telephone, without a mouse."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.harness.browser import fits, look, pages, picture, violations
from tests.e2e.harness.page_api import Json
from tests.e2e.harness.program import Catalejo
from tests.e2e.test_economics import economics, filled, rows, send, serve

PAGE = "/azure/consumption?from=now-1h"


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalejo]:
    with (
        filled() as azure,
        serve(tmp_path_factory.mktemp("consumption") / "data", azure) as program,
    ):
        send(program, azure)
        yield program


@pytest.fixture
def page(browser: Browser, shown: Catalejo, request: pytest.FixtureRequest) -> Iterator[Page]:
    yield from pages(browser, shown.http_url, request.node.name)


def answer(program: Catalejo) -> dict[tuple[str | None, str], Json]:
    return rows(economics(program, **{"from": "now-1h"}))


def test_the_page_shows_the_sums_and_leads_to_the_calls(page: Page, shown: Catalejo) -> None:
    page.goto("/azure")
    page.get_by_role("link", name="Consumption").click()
    expect(page.get_by_role("heading", name="Azure: consumption")).to_be_visible()
    expect(page.get_by_role("link", name="Consumption")).to_have_attribute("aria-current", "page")
    page.goto(PAGE)
    tokens = page.get_by_test_id("economics-tokens")
    chat = answer(shown)["contoso-eu", "Chat"]
    line = tokens.get_by_role("row").filter(has_text="contoso-eu · gpt-4o · GlobalStandard")
    expect(line).to_contain_text(f"{chat['billed']['total']:,}")
    expect(line).to_contain_text(f"{chat['traced']['total']:,}")
    expect(tokens.get_by_role("row").filter(has_text="secret")).to_contain_text("unknown")
    notes = page.get_by_test_id("economics-notes")
    expect(notes).to_contain_text("Several accounts have a deployment of this name")
    expect(notes).to_contain_text("No account that the login sees has this deployment")
    expect(page.get_by_test_id("economics-throttled")).to_contain_text("apim-1")
    expect(page.get_by_test_id("economics-quota")).to_contain_text("100,000")
    expect(page.get_by_test_id("economics-provisioned")).to_contain_text(
        "Say what it costs a month"
    )
    filtered = page.get_by_test_id("economics-filter").get_by_role("row")
    expect(filtered.filter(has_text="filtered").filter(has_text="hate")).to_contain_text("high")
    line.get_by_role("link", name="Show calls of Chat").click()
    expect(page.get_by_test_id("trace-row").first).to_contain_text("gpt-4o")
    assert "query=" in page.url


def test_a_call_that_met_429_opens_its_trace(page: Page) -> None:
    page.goto(PAGE)
    page.get_by_test_id("economics-throttled").get_by_role("link").first.click()
    expect(page.get_by_test_id("azure-facts")).to_contain_text("apim-1")


def test_the_table_is_saved_as_csv(page: Page, shown: Catalejo, tmp_path: Path) -> None:
    page.goto(PAGE)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as CSV").click()
    download.value.save_as(tmp_path / "economics.csv")
    with (tmp_path / "economics.csv").open(encoding="utf-8-sig", newline="") as file:
        saved = {
            (line["account"] or None, line["deployment"]): line for line in csv.DictReader(file)
        }
    found = answer(shown)
    assert saved.keys() == found.keys()
    for key, row in found.items():
        line = saved[key]
        assert line["billed_tokens"] == (str(row["billed"]["total"]) if row["billed"] else "")
        assert line["traced_tokens"] == str(row["traced"]["total"])
        assert line["billed_unknown"] == (row["unknown"] or "")
        assert line["traced_throttled_failed"] == str(row["quota"]["traced"]["failed"])


def test_a_time_of_which_nothing_is_known_says_what_to_do(page: Page) -> None:
    page.goto("/azure/consumption?from=now-4m")
    expect(page.get_by_test_id("economics-empty")).to_contain_text("too recent")


def test_it_can_be_read_and_used_by_everybody(page: Page) -> None:
    for language, theme, width in (("en", "light", 1440), ("es", "dark", 1440), ("es", "dark", 360),
                                   ("en", "light", 360)):  # fmt: skip
        look(page, PAGE, language, theme, width, 2600)
        expect(page.get_by_test_id("economics-filter")).to_be_visible()
        page.get_by_test_id("time-range").focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Escape")
        assert fits(page), (language, width)
        assert violations(page) == [], (language, theme, width)
        page.screenshot(path=str(picture(f"economics-{language}-{theme}-{width}")), full_page=True)
