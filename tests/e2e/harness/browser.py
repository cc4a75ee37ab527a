"""A real browser, and a page in it that fails its test on anything a reader would not forgive."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.e2e.harness.program import ROOT

PICTURES = ROOT / "build" / "artifacts"
CHROMIUM = os.environ.get("CATALEJO_CHROMIUM", "/usr/bin/chromium")
AXE = ROOT / "ui" / "node_modules" / "axe-core" / "axe.min.js"
EXPECT_MS = 20_000  # a browser beside other tests on two cores


def browsers() -> Iterator[Browser]:
    expect.set_options(timeout=EXPECT_MS)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield started
        started.close()


def pages(browser: Browser, url: str, name: str, **options: Any) -> Iterator[Page]:
    """One page; script errors, console errors and requests elsewhere fail at its end."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, locale="en-GB", base_url=url, **options
    )
    opened = context.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(f"script: {error}"))
    opened.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    opened.on(
        "request",
        lambda asked: (
            None
            if asked.url.startswith((url, "data:", "blob:"))
            else faults.append(f"elsewhere: {asked.url}")
        ),
    )
    yield opened
    opened.screenshot(path=str(picture(name)))
    context.close()
    assert faults == [], faults  # this module's own assertions are not rewritten


def picture(name: str) -> Path:
    PICTURES.mkdir(parents=True, exist_ok=True)
    plain = re.sub(r"[^\w-]+", "-", name)
    return PICTURES / f"{plain}.png"


def look(page: Page, path: str, language: str, theme: str, width: int, height: int = 900) -> None:
    """Opens the page as such a reader has it."""
    page.set_viewport_size({"width": width, "height": height})
    page.goto(path)
    page.evaluate(f"localStorage.setItem('catalejo.language', '{language}')")
    page.evaluate(f"localStorage.setItem('catalejo.theme', '{theme}')")
    page.reload()


# Half way from one colour to another no contrast is right, so all that ends is at its end at once;
# to wait for it would be to wait for the browser to draw, which it may not do beside other tests.
SETTLED = """document.getAnimations()
    .filter((each) => each.effect.getComputedTiming().endTime !== Infinity)
    .forEach((each) => each.finish())"""
# An answer that never comes is a fault with a name, and not the end of the test's time.
AXE_RUN = """Promise.race([axe.run().then((told) => told.violations),
    new Promise((_, refuse) => setTimeout(
        refuse, 60000, new Error('axe has not answered in 60 s')))])"""


def fits(page: Page) -> bool:
    """Whether it can be read without scrolling sideways."""
    wide, shows = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    return bool(wide <= shows)


def violations(page: Page) -> list[str]:
    """What axe finds wrong with the page as it is now. Not a script tag: the policy forbids it."""
    page.evaluate(AXE.read_text())
    page.evaluate(SETTLED)
    found: list[dict[str, Any]] = page.evaluate(AXE_RUN)
    return [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found]
