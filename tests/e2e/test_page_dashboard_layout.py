"""Widgets of a dashboard, moved and resized on the page by mouse and by keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.harness.browser import look, picture, violations
from tests.e2e.harness.program import Catalejo, until
from tests.e2e.test_dashboards import ask, made, widget


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalejo]:
    with Catalejo(tmp_path_factory.mktemp("dashboard_layout") / "data") as program:
        yield program


def board(layouts: list[dict[str, int] | None], **fields: Any) -> dict[str, Any]:
    widgets: list[dict[str, Any]] = []
    for number, layout in enumerate(layouts):
        one = {"definition": {"type": "free_text", "text": f"text {number}", "title": f"W{number}",
                              "unknown": {"kept": number}}}  # fmt: skip
        widgets.append(one | ({"layout": layout} if layout else {}))
    return {"title": "Laid out", "layout_type": "ordered", "widgets": widgets, **fields}


def place(x: int, y: int, width: int, height: int) -> dict[str, int]:
    return {"x": x, "y": y, "width": width, "height": height}


def kept(program: Catalejo, one: str) -> list[Any]:
    _, answer = ask(program, "GET", f"/api/v1/dashboard/{one}")
    assert [each["definition"]["unknown"]["kept"] for each in answer["widgets"]] == [
        int(each["definition"]["title"][1:]) for each in answer["widgets"]
    ]
    return [each.get("layout", each["definition"]["title"]) for each in answer["widgets"]]


def drag(page: Page, handle: Locator, x: float, y: float) -> None:
    box = handle.bounding_box()
    assert box is not None
    at = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(*at)
    page.mouse.down()
    page.mouse.move(at[0] + x / 2, at[1] + y / 2)
    page.mouse.move(at[0] + x, at[1] + y)
    page.mouse.up()


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("es", "dark")])
def test_a_widget_is_moved_and_resized(
    browser: Browser, shown: Catalejo, language: str, theme: str
) -> None:
    before = [place(0, 0, 4, 2), place(4, 0, 4, 2), place(0, 2, 12, 2)]
    one = made(shown, board([*before], reflow_type="fixed"))
    page = browser.new_page(base_url=shown.http_url)
    look(page, f"/dashboards/{one}?edit=1", language, theme, 1280)
    words = {"en": ("Move the", "Resize", "Undo"), "es": ("Mover", "Cambiar", "Deshacer")}
    move, resize, undo = words[language]
    first = widget(page, "W0")
    cell = page.locator(".widget-grid").evaluate("(grid) => grid.clientWidth / 12")
    drag(page, first.get_by_role("button", name=re.compile(f"^{move}")), cell * 8, 0)
    until(lambda: kept(shown, one)[0] == place(8, 0, 4, 2), "it is moved by the mouse")
    assert kept(shown, one)[1:] == before[1:]
    page.get_by_role("button", name=undo).click()
    until(lambda: kept(shown, one) == before, "that is taken back")
    handle = widget(page, "W1").get_by_role("button", name=resize)
    handle.press("ArrowRight")
    handle.press("ArrowDown")
    assert violations(page) == []
    page.screenshot(path=str(picture(f"dashboard-layout-{language}")))
    assert kept(shown, one) == before
    handle.press("Escape")
    handle.press("ArrowDown")
    handle.press("Enter")
    resized = [before[0], place(4, 0, 4, 3), place(0, 3, 12, 2)]
    until(lambda: kept(shown, one) == resized, "it is resized by keys, what is below makes room")
    expect(handle).to_be_focused()
    page.get_by_role("button", name=undo).click()
    until(lambda: kept(shown, one) == before, "that is taken back, too")
    page.close()


def test_what_has_no_places_moves_in_its_order(browser: Browser, shown: Catalejo) -> None:
    one = made(shown, board([None, None, None], reflow_type="auto"))
    page = browser.new_page(base_url=shown.http_url)
    look(page, f"/dashboards/{one}?edit=1", "en", "dark", 1280)
    first = widget(page, "W0").bounding_box()
    last = widget(page, "W2").bounding_box()
    assert first is not None
    assert last is not None
    handle = widget(page, "W0").get_by_role("button", name="Move the widget W0", exact=True)
    drag(page, handle, last["x"] - first["x"], last["y"] - first["y"])
    until(lambda: kept(shown, one) == ["W1", "W2", "W0"], "it is dragged behind the others")
    handle.press("ArrowLeft")
    handle.press("Enter")
    until(lambda: kept(shown, one) == ["W1", "W0", "W2"], "it is moved by keys")
    expect(handle).to_be_focused()
    page.close()


def test_a_free_dashboard_stays_as_it_is(browser: Browser, shown: Catalejo) -> None:
    before = [place(0, 0, 47, 15), place(49, 0, 47, 15)]
    one = made(shown, board([*before], layout_type="free"))
    page = browser.new_page(base_url=shown.http_url)
    look(page, f"/dashboards/{one}?edit=1", "en", "light", 1280)
    handle = widget(page, "W0").get_by_role("button", name="Resize")
    handle.press("ArrowLeft")
    handle.press("Enter")
    until(lambda: kept(shown, one) == [place(0, 0, 46, 15), before[1]], "it is resized")
    _, answer = ask(shown, "GET", f"/api/v1/dashboard/{one}")
    assert answer["layout_type"] == "free"
    assert "reflow_type" not in answer
    page.close()
