"""The page of downtimes, and muting: planned, looked at, changed, canceled and brought back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.harness.browser import fits, look, picture, violations
from tests.e2e.harness.program import Catalejo, until
from tests.e2e.test_monitors import ask, asked, send, watch

PATH = "/monitors/downtimes"


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalejo]:
    data = tmp_path_factory.mktemp("page_downtimes") / "data"
    with Catalejo(data, {"CATALEJO_MONITOR_SECONDS": "2"}) as server:
        yield server


@pytest.fixture(scope="module")
def monitor(shown: Catalejo) -> int:
    made = watch(shown, "quiet", "none")
    for room in ("a", "B (attic)"):
        send(shown, "quiet", [(10, 100.0)], f"room:{room}")
    until(
        lambda: len(ask(shown, "GET", f"/api/v1/monitor/{made}")["state"]["groups"]) == 2,
        "its groups are known",
    )
    return made


@pytest.mark.parametrize(
    ("language", "theme", "width"), [("en", "light", 1280), ("es", "dark", 360)]
)
def test_a_downtime_is_planned_changed_and_canceled(
    browser: Browser, shown: Catalejo, monitor: int, language: str, theme: str, width: int
) -> None:
    page = browser.new_page(base_url=shown.http_url, timezone_id="Europe/Madrid")
    for one in ask(shown, "GET", "/api/v2/downtime?current_only=true")["data"]:
        assert asked(shown, "DELETE", f"/api/v2/downtime/{one['id']}").status == 204
    look(page, PATH, language, theme, width)
    page.get_by_test_id("plan").click()
    form = page.get_by_test_id("downtime-form")
    form.locator("[name=monitor]").select_option(str(monitor))
    form.locator("[name=repeat]").select_option("weekly")
    form.locator("[name=start]").fill("2030-12-02T22:00")
    form.locator("[name=lasts]").fill("8")
    form.locator("[name=day-MO]").check()
    form.locator("[name=day-FR]").check()
    expect(form.locator("[name=rule]")).to_have_value("FREQ=WEEKLY;BYDAY=MO,FR")
    form.locator("[name=message]").fill("Backups")
    preview = page.get_by_test_id("downtime-preview")
    times = preview.get_by_test_id("next-times").locator("li")
    expect(times).to_have_count(5)
    expect(times.nth(1)).to_contain_text("22:00")
    expect(preview.get_by_test_id("affected")).to_contain_text("Warm in")
    form.locator("[name=rule]").fill("FREQ=HOURLY")
    expect(preview.get_by_role("status")).to_contain_text("must be of days")
    form.locator("[name=rule]").fill("FREQ=MONTHLY;BYDAY=1MO;COUNT=2")
    expect(times).to_have_count(2)
    assert violations(page) == []
    assert fits(page)
    page.screenshot(path=str(picture(f"downtime-form-{language}-{width}")), full_page=True)
    form.locator("button[type=submit]").click()
    row = page.get_by_test_id("downtimes-scheduled").get_by_test_id("downtime-row")
    expect(row).to_contain_text("Backups")
    expect(row).to_contain_text("FREQ=MONTHLY;BYDAY=1MO;COUNT=2")
    row.get_by_role("button").nth(0).click()
    expect(form.locator("[name=rule]")).to_have_value("FREQ=MONTHLY;BYDAY=1MO;COUNT=2")
    form.locator("[name=message]").fill("Backups and more")
    form.locator("button[type=submit]").click()
    expect(row).to_contain_text("Backups and more")
    assert violations(page) == []
    assert fits(page)
    page.screenshot(path=str(picture(f"downtimes-{language}-{width}")), full_page=True)
    row.get_by_role("button").nth(1).click()
    expect(row).to_have_count(0)
    page.get_by_test_id("downtime-said").get_by_role("button").click()
    expect(row).to_contain_text("Backups and more")
    page.close()


def muted(page: Page) -> None:
    expect(page.get_by_test_id("muted")).to_be_visible()


@pytest.mark.parametrize(
    ("language", "theme", "width"), [("es", "light", 1280), ("en", "dark", 360)]
)
def test_a_monitor_and_a_group_are_muted_and_unmuted(
    browser: Browser, shown: Catalejo, monitor: int, language: str, theme: str, width: int
) -> None:
    page = browser.new_page(base_url=shown.http_url)
    look(page, f"/monitors/{monitor}", language, theme, width)
    page.get_by_test_id("mute").press("Enter")
    dialog = page.get_by_test_id("mute-dialog")
    expect(dialog).to_be_visible()
    assert violations(page) == []
    assert fits(page)
    page.screenshot(path=str(picture(f"mute-{language}-{width}")))
    page.get_by_test_id("mute-hour").press("Enter")
    muted(page)
    expect(page.get_by_test_id("muted")).to_contain_text(
        {"en": "muted until", "es": "silenciado hasta"}[language]
    )
    kept = ask(shown, "GET", f"/api/v1/monitor/{monitor}")["catalejo"]
    assert kept["muted"]["alone"]
    page.get_by_test_id("mute").click()
    expect(page.get_by_test_id("muted")).to_have_count(0)
    # One group whose name has what a scope has not.
    page.get_by_test_id("mute").click()
    attic = dialog.locator("option", has_text="attic")
    dialog.locator("select").select_option(str(attic.get_attribute("value") or attic.inner_text()))
    page.get_by_test_id("mute-forever").click()
    group = page.get_by_test_id("monitor-groups").locator("tr", has_text="attic")
    expect(group.locator(".badge").nth(1)).to_be_visible()
    assert ask(shown, "GET", f"/api/v1/monitor/{monitor}")["catalejo"]["muted"] is None
    page.screenshot(path=str(picture(f"monitor-muted-{language}-{width}")), full_page=True)
    page.goto("/monitors")
    row = page.get_by_test_id("monitor-row")
    expect(row).to_contain_text({"en": "1 of 2 groups muted", "es": "1 de 2"}[language])
    row.get_by_role("button").click()
    dialog.locator("input").fill("2099-01-01T09:00")
    dialog.locator("form button").click()
    expect(row).to_contain_text({"en": "muted until", "es": "silenciado hasta"}[language])
    assert violations(page) == []
    assert fits(page)
    page.screenshot(path=str(picture(f"monitors-muted-{language}-{width}")), full_page=True)
    row.get_by_role("button").click()
    expect(row.get_by_role("button")).to_be_visible()
    expect(row).not_to_contain_text("2099")
    ask(shown, "POST", f"/api/v1/monitor/{monitor}/unmute?all_scopes=true")
    page.close()


def test_the_page_is_found_in_the_palette_and_says_what_to_do(
    browser: Browser, shown: Catalejo
) -> None:
    page = browser.new_page(base_url=shown.http_url)
    look(page, "/monitors", "en", "dark", 1280)
    page.keyboard.press("Control+k")
    page.get_by_test_id("palette").locator("input").fill("downtime")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{shown.http_url}{PATH}")
    expect(page.locator("h1")).to_have_text("Downtimes")
    page.route("**/api/v2/downtime?*", lambda route: route.fulfill(json={"data": []}))
    page.reload()
    expect(page.locator(".empty")).to_contain_text("Plan one before work")
    assert violations(page) == []
    page.close()
