"""The page of monitors: one is written on it, goes off, tells a webhook, and recovers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.harness.browser import fits, look, picture, violations
from tests.e2e.harness.program import Catalejo, until
from tests.e2e.harness.receiver import Receiver
from tests.e2e.test_monitors import ask, hook, send


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalejo]:
    data = tmp_path_factory.mktemp("page_monitors") / "data"
    with Catalejo(data, {"CATALEJO_MONITOR_SECONDS": "2"}) as server:
        yield server


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_monitor_goes_off_tells_and_recovers(
    browser: Browser, shown: Catalejo, language: str
) -> None:
    page = browser.new_page(base_url=shown.http_url)
    words = {"en": ("OK", "Alert"), "es": ("Bien", "Alerta")}[language]
    metric = f"page_{language}"
    with Receiver() as receiver:
        hook(shown, metric, receiver)
        send(shown, metric, [(30, 20.0)], "room:a")
        look(page, "/monitors/new", language, "light", 1280)
        form = page.get_by_test_id("monitor-form")
        form.locator("[name=name]").fill("Warm in {{room.name}}")
        form.locator("[name=query]").fill("avg(last_1m):avg:wrong{*} >")
        preview = page.get_by_test_id("monitor-preview")
        expect(preview.get_by_role("status")).to_contain_text("a number belongs here")
        form.locator("[name=query]").fill(f"avg(last_1m):avg:{metric}{{*}} by {{room}} > 50")
        form.locator("[name=warning]").fill("45")
        form.locator("[name=message]").fill(f"{{{{value}}}} @webhook-{metric}")
        expect(preview.locator(".monitor-chart")).to_have_attribute("data-marks", "2")
        assert violations(page) == []
        form.locator("button[type=submit]").click()
        expect(page).to_have_url(f"{shown.http_url}/monitors/1" if language == "en" else
                                 f"{shown.http_url}/monitors/2")  # fmt: skip
        state = page.get_by_test_id("monitor-state")
        expect(state).to_have_text(words[0], timeout=40_000)
        send(shown, metric, [(15, 100.0)], "room:a")
        until(lambda: receiver.taken, "the alert comes")
        expect(state).to_have_text(words[1], timeout=40_000)
        send(shown, metric, [(1, -100.0)], "room:a")
        until(lambda: receiver.taken[1:], "the recovery comes")
        expect(state).to_have_text(words[0], timeout=40_000)
        expect(page.get_by_test_id("monitor-events").locator("tbody tr")).to_have_count(3)
        expect(page.get_by_test_id("monitor-notices").locator("tbody tr")).to_have_count(2)
    page.get_by_test_id("mute").click()
    page.get_by_test_id("mute-forever").click()
    until(
        lambda: ask(shown, "GET", f"/api/v1/monitor/{page.url.rsplit('/', 1)[-1]}")["options"][
            "silenced"
        ],
        "it is muted",
    )
    assert violations(page) == []
    page.screenshot(path=str(picture(f"monitor-{language}")), full_page=True)
    page.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_narrow_screen_reads_it_without_scrolling_sideways(
    browser: Browser, shown: Catalejo, theme: str
) -> None:
    page = browser.new_page(base_url=shown.http_url)
    for path in ("/monitors", "/monitors/1", "/monitors/new"):
        look(page, path, "es", theme, 360)
        expect(page.locator("h1")).to_be_visible()
        assert fits(page), path
        assert violations(page) == [], path
        name = path.strip("/").replace("/", "-")
        page.screenshot(path=str(picture(f"{name}-{theme}-360")), full_page=True)
    page.close()
