"""The page of channels: one is made on it, tried, changed and removed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.harness.browser import fits, look, picture, violations
from tests.e2e.harness.program import Catalejo
from tests.e2e.harness.receiver import Receiver


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalejo]:
    with Catalejo(tmp_path_factory.mktemp("page_channels") / "data") as server:
        yield server


@pytest.mark.parametrize(
    ("language", "theme", "width"), [("en", "light", 1280), ("es", "dark", 360)]
)
def test_a_channel_is_made_tried_and_removed(
    browser: Browser, shown: Catalejo, language: str, theme: str, width: int
) -> None:
    page = browser.new_page(base_url=shown.http_url)
    with Receiver() as receiver:
        look(page, "/monitors/channels", language, theme, width)
        page.locator("button.primary").click()
        form = page.get_by_test_id("channel-form")
        form.locator("[name=name]").fill(f"ops-{language}")
        form.locator("[name=url]").fill(f"{receiver.url}/services/secret")
        assert violations(page) == []
        form.locator("button[type=submit]").click()
        row = page.get_by_test_id("channel-row")
        expect(row).to_contain_text(f"@slack-ops-{language}")
        row.get_by_role("button").nth(0).click()
        expect(page.get_by_test_id("channel-said")).to_contain_text(
            {"en": "has taken it", "es": "la ha recibido"}[language]
        )
        assert [one.path for one in receiver.taken] == ["/services/secret"]
    assert "services/secret" not in page.content()
    assert violations(page) == []
    assert fits(page)
    assert page.get_by_test_id("channels").evaluate(
        "(table) => table.parentElement.scrollWidth <= table.parentElement.clientWidth"
    )
    page.screenshot(path=str(picture(f"channels-{language}-{width}")), full_page=True)
    row.get_by_role("button").nth(2).click()
    expect(row).to_have_count(0)
    page.close()
