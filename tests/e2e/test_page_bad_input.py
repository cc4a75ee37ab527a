"""Bad input on the page: shown sensibly, what is wrong is said, and nothing of it ever runs."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.e2e.harness.browser import picture, violations
from tests.e2e.harness.hostile import TRACES, send_all, trace_of
from tests.e2e.harness.program import Catalejo

SAID = {
    "an orphan": {"en": "name a parent that is not here", "es": "un padre que no está aquí"},
    "a circle": {"en": "name each other as parents", "es": "padres entre sí"},
    "no root": {"en": "name a parent that is not here", "es": "un padre que no está aquí"},
    "two clocks": {
        "en": "The clocks of the machines disagree",
        "es": "Los relojes de las máquinas",
    },
    "from the future": {"en": "The clocks of the machines", "es": "Los relojes de las máquinas"},
}


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalejo]:
    program = Catalejo(tmp_path_factory.mktemp("hostile") / "data")
    with program:
        send_all(program)
        yield program


def open_trace(page: Page, name: str, language: str) -> None:
    dialogs: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", dismiss)
    page.goto(f"/traces/{trace_of(name)}?lang={language}&full=1")
    expect(page.get_by_test_id("verdict")).to_be_visible()
    expect(page.get_by_test_id("span-row").first).to_be_visible()
    assert dialogs == []


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("name", sorted(TRACES))
def test_it_is_shown_and_never_runs(page: Page, name: str, language: str) -> None:
    open_trace(page, name, language)
    for view in ("messages", "graph", "tree"):
        page.get_by_test_id(f"show-{view}").click()
    expect(page.get_by_test_id("span-pane")).to_be_visible()
    if name in SAID:
        expect(page.locator(".trace-head .caution").first).to_contain_text(SAID[name][language])
    assert page.title() != "owned"
    assert page.locator("bdi script, .turn script, .turn img[onerror], .turn b").count() == 0
    page.screenshot(path=str(picture(f"bad-input-{name}-{language}")))
    assert violations(page) == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_list_of_it_is_shown(page: Page, language: str) -> None:
    page.goto(f"/traces?lang={language}&ml_app=hostile&view=spans")
    expect(page.get_by_test_id("trace-row").filter(has_text="script tags")).to_be_visible()
    assert page.title() != "owned"
    page.screenshot(path=str(picture(f"bad-input-list-{language}")))
    assert violations(page) == []


def test_hidden_characters_are_made_visible(page: Page) -> None:
    open_trace(page, "escapes", "en")
    hidden = page.get_by_test_id("message").first.locator(".hidden-char")
    expect(hidden.first).to_have_text("U+001B")
    open_trace(page, "overrides", "en")
    hidden = page.get_by_test_id("message").first.locator(".hidden-char")
    expect(hidden.first).to_have_text("U+202E")
    expect(hidden).to_have_count(4)


def test_a_line_of_five_megabytes_is_folded_with_its_size(page: Page) -> None:
    open_trace(page, "one long line", "en")
    message = page.get_by_test_id("message").first
    fold = message.get_by_role("button", name=re.compile(r"Show more \(5\.?\d*\sM"))
    expect(fold).to_be_visible()
    shown_chars = message.evaluate("box => box.textContent.length")
    assert shown_chars < 20_000


def test_pictures_that_are_none_are_said_to_be(page: Page) -> None:
    open_trace(page, "broken pictures", "en")
    message = page.get_by_test_id("message").first
    expect(message).to_contain_text("https://evil.example/p.png")
    expect(message).to_contain_text("image/svg+xml")
    assert message.locator("svg[onload], object, embed, iframe").count() == 0


def test_fifty_levels_keep_room_for_their_names(page: Page) -> None:
    open_trace(page, "level 0", "en")
    tree = page.get_by_role("tree")
    tree.focus()
    page.keyboard.press("End")
    deepest = page.get_by_test_id("span-row").filter(has_text="span 8149")
    expect(deepest).to_be_visible()
    expect(deepest).to_have_attribute("aria-level", "50")
    room = deepest.locator(".span-title").evaluate("box => box.clientWidth || box.offsetWidth")
    assert room >= 30
