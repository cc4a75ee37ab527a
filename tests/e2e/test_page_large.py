"""A trace too large to be sent whole: windows by the API, and a page that reads by them."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.harness.browser import picture, violations
from tests.e2e.harness.load import body_of, event, post
from tests.e2e.harness.program import Catalejo, until

SPANS = 6_000
TRACE = f"{7:032x}"
FAILED = (2_345, 4_321)
DEAREST, SLOWEST = 3_333, 5_002
MILLISECOND_NS = 1_000_000


def large(number: int, began_ns: int, ml_app: str = "large") -> dict[str, Any]:
    """The root, sixty workflows of a hundred spans each, and calls in them."""
    workflow = number - (number - 2) % 100
    is_workflow = number == 1 or number == workflow
    parent = "undefined" if number == 1 else "1" if is_workflow else str(workflow)
    kind = "workflow" if is_workflow else "llm"
    made = event(
        number, f"question {number}", ml_app=ml_app, trace_id=TRACE, parent_id=parent,
        start_ns=began_ns + number * MILLISECOND_NS,
        duration=(9_000 if number in (1, SLOWEST) else 99 if is_workflow else 1) * MILLISECOND_NS,
    )  # fmt: skip
    made["name"] = f"{kind} {number}"
    made["meta"]["span"]["kind"] = kind
    made["metrics"]["output_tokens"] = 90_000 if number == DEAREST else 1
    if number in FAILED:
        made["status"] = "error"
        made["meta"] |= {"error.type": "ValueError", "error.message": f"no {number}"}
    return made


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalejo]:
    program = Catalejo(tmp_path_factory.mktemp("large") / "data")
    with program:
        began_ns = time.time_ns() - 60_000 * MILLISECOND_NS
        for first in range(1, SPANS + 1, 500):
            spans = [large(number, began_ns) for number in range(first, first + 500)]
            assert post(program, body_of(*spans)).status == 202
        until(lambda: program.api.ledger()["store"]["rows_waiting"] == 0, "all are stored", 60)
        yield program


def lines(server: Catalejo, **parameters: str | int) -> dict[str, Any]:
    return server.api.get(f"/api/v1/traces/{TRACE}/lines", **parameters)


def found(server: Catalejo, what: str, after: int | None = None) -> int:
    more = {} if after is None else {"after": after}
    answer = server.api.get(f"/api/v1/traces/{TRACE}/find", what=what, **more)
    return int(answer["span_id"])


def test_the_head_tells_of_all_and_sends_a_part(shown: Catalejo) -> None:
    trace = shown.api.trace(TRACE)
    assert trace["total_spans"] == SPANS
    assert trace["shown_spans"] == len(trace["spans"]) <= 200
    assert trace["totals"]["errors"] == len(FAILED)
    assert trace["totals"]["output_tokens"] == 90_000 + (SPANS - 62)
    assert len(trace["windows"]["overview"]) == 192
    assert trace["services"] == ["load"]
    assert {str(number) for number in FAILED} <= {span["span_id"] for span in trace["spans"]}


def test_windows_come_in_the_order_of_the_tree(shown: Catalejo) -> None:
    window = lines(shown, **{"from": 5_990, "limit": 50})
    assert (window["lines"], window["from"], len(window["rows"])) == (SPANS, 5_990, 10)
    assert [row["span_id"] for row in window["rows"]] == [str(n) for n in range(5_991, 6_001)]
    around = lines(shown, around=4_321, limit=10)
    assert around["rows"][around["line"] - around["from"]]["span_id"] == "4321"
    assert lines(shown, **{"from": SPANS})["rows"] == []


def test_closed_spans_have_no_lines_below(shown: Catalejo) -> None:
    closed = lines(shown, open_depth=1)
    assert closed["lines"] == 61
    assert [row["inside"] for row in closed["rows"][:2]] == [SPANS - 1, 99]
    opened = lines(shown, open_depth=1, flipped="2")
    assert opened["lines"] == 160
    hidden = lines(shown, open_depth=1, around=4_321)
    assert (hidden["line"], hidden["closed"]) == (None, ["4302"])


def test_the_server_says_where_to_look_next(shown: Catalejo) -> None:
    assert found(shown, "error") == FAILED[0]
    assert found(shown, "error", FAILED[0]) == FAILED[1]
    assert found(shown, "error", FAILED[1]) == FAILED[0]
    assert found(shown, "slowest") == SLOWEST
    assert found(shown, "cost") == DEAREST


def test_a_part_is_a_span_with_its_ancestors_or_a_page_of_steps(shown: Catalejo) -> None:
    part = shown.api.get(f"/api/v1/traces/{TRACE}", span=4_321)
    assert [span["span_id"] for span in part["spans"]] == ["1", "4302", "4321"]
    steps = shown.api.get(f"/api/v1/traces/{TRACE}", steps=1_000)
    assert len(steps["spans"]) == 200
    assert {span["span_id"] for span in steps["spans"]} == {str(n) for n in range(1_001, 1_201)}


@pytest.mark.parametrize(
    "path",
    ["?span=x", "?steps=-1", "?span=1&steps=1", "?other=1", "/lines?from=x", "/lines?limit=501",
     "/lines?flipped=1,x", "/find?what=best", "/find"],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(shown: Catalejo, path: str) -> None:
    assert shown.api.status(f"/api/v1/traces/{TRACE}{path}") == 400


def test_what_is_not_here_is_said(shown: Catalejo) -> None:
    assert shown.api.status(f"/api/v1/traces/{TRACE}?span=99999") == 404
    assert shown.api.status(f"/api/v1/traces/{TRACE}/lines?around=99999") == 404
    assert shown.api.status(f"/api/v1/traces/{8:032x}/lines") == 404


def test_a_trace_that_grows_is_laid_out_again(shown: Catalejo) -> None:
    trace = f"{77:032x}"
    began_ns = time.time_ns() - 60_000 * MILLISECOND_NS

    def send(first: int, count: int) -> None:
        numbers = range(first, first + count)
        spans = [large(number, began_ns, "growing") | {"trace_id": trace} for number in numbers]
        assert post(shown, body_of(*spans)).status == 202

    def spans_seen() -> int:
        return int(shown.api.get(f"/api/v1/traces/{trace}/lines", limit=1)["spans"])

    send(1, 2_500)
    until(lambda: spans_seen() == 2_500, "the trace is there")
    send(2_501, 500)
    until(lambda: spans_seen() == 3_000, "it has grown")


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_tree_is_scrolled_and_walked_by_windows(page: Page, language: str) -> None:
    page.goto(f"/traces/{TRACE}?lang={language}&full=1")
    rows = page.get_by_test_id("span-row")
    # It opens on what explains the failure, wherever that is.
    expect(page.locator('[data-testid="span-row"][aria-selected="true"]')).to_be_visible()
    assert rows.count() < 100, "only what is on screen exists"
    tree = page.get_by_role("tree")
    tree.focus()
    page.keyboard.press("End")
    expect(rows.filter(has_text="llm 6000")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_test_id("span-pane")).to_contain_text("question 6000")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_test_id("span-pane")).to_contain_text("question 5999")
    page.keyboard.press("ArrowLeft")
    expect(rows.filter(has_text="workflow 5902")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowLeft")
    closed = rows.filter(has_text="workflow 5902")
    expect(closed).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("ArrowRight")
    expect(closed).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Home")
    expect(rows.filter(has_text="workflow 1").first).to_have_attribute("aria-selected", "true")
    page.screenshot(path=str(picture(f"large-tree-{language}")))
    assert violations(page) == []


def test_jumps_go_to_spans_that_are_not_here_yet(page: Page) -> None:
    page.goto(f"/traces/{TRACE}?lang=en&full=1&span=1")
    expect(page.get_by_test_id("span-row").first).to_be_visible()
    for key, number in (("e", FAILED[0]), ("e", FAILED[1]), ("t", DEAREST), ("s", SLOWEST)):
        page.keyboard.press(key)
        expect(page).to_have_url(re.compile(f"span={number}"))
        chosen = page.locator(f"#span-{number}")
        expect(chosen).to_be_visible()
        expect(chosen).to_have_attribute("aria-selected", "true")
    page.get_by_role("button", name="Fold all", exact=True).click()
    expect(page.get_by_test_id("span-row")).to_have_count(1)


@pytest.mark.parametrize("language", ["en", "es"])
def test_messages_are_paged_and_the_graph_says_what_it_shows(page: Page, language: str) -> None:
    page.goto(f"/traces/{TRACE}?lang={language}&full=1&show=messages")
    thread = page.get_by_test_id("thread")
    expect(thread).to_contain_text("question 3")
    pager = page.get_by_test_id("thread-pager")
    pager.get_by_role("button").last.click()
    expect(thread).to_contain_text("question 203")
    page.screenshot(path=str(picture(f"large-messages-{language}")))
    assert violations(page) == []
    page.get_by_test_id("show-graph").click()
    expect(page.get_by_test_id("graph-box").first).to_be_visible()
    expect(page.locator(".graph-page .caution")).to_contain_text(re.compile(r"6[.,\s]?000"))


def test_the_list_goes_on_while_it_is_scrolled_and_keeps_few_rows(page: Page) -> None:
    page.goto("/traces?lang=en&ml_app=large&view=spans")
    grid = page.get_by_role("grid")
    rows = page.get_by_test_id("trace-row")
    expect(rows.first).to_be_visible()
    grid.focus()
    for loaded in (200, 300, 400):
        page.keyboard.press("End")
        expect(grid).to_have_attribute("aria-rowcount", re.compile(rf"^{loaded + 1}$"))
        assert rows.count() < 100
    page.keyboard.press("Home")
    expect(rows.first).to_have_attribute("aria-rowindex", "2")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("verdict")).to_be_visible()


def test_the_list_is_scrolled_to_its_very_end(page: Page) -> None:
    """Six thousand rows, a hundred at a time: none twice, none left out, few at once."""
    page.goto("/traces?lang=en&ml_app=large&view=spans")
    grid = page.get_by_role("grid")
    rows = page.get_by_test_id("trace-row")
    expect(rows.first).to_contain_text(f"question {SPANS}")
    grid.focus()
    seen: dict[int, str] = {}
    for loaded in range(200, SPANS + 1, 100):
        page.keyboard.press("End")
        expect(grid).to_have_attribute("aria-rowcount", re.compile(rf"^{loaded + 1}$"))
    page.keyboard.press("End")
    expect(rows.last).to_have_attribute("aria-rowindex", str(SPANS + 1))
    assert rows.count() < 100
    grid.hover()
    read = "all => all.map(row => [row.ariaRowIndex, row.textContent])"
    while 2 not in seen:  # back up, less than a screen at a time
        found = rows.evaluate_all(read)
        seen |= {int(index): text for index, text in found}
        page.mouse.wheel(0, -400)
        if 2 not in seen:
            expect(rows.first).not_to_have_attribute("aria-rowindex", found[0][0])
    numbers = [
        re.search(rf"question {SPANS + 2 - index}(?!\d)", text) for index, text in seen.items()
    ]
    assert len(seen) == SPANS
    assert all(numbers)


def test_the_timeline_is_brushed_into_a_range(page: Page) -> None:
    page.goto("/traces?lang=en&ml_app=large&view=spans")
    expect(page.get_by_test_id("trace-row").first).to_be_visible()
    plot = page.locator(".histogram-plot")
    box = plot.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.999, box["y"] + 20, steps=5)
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"from=\d{13}.*to=\d{13}"))
    expect(page.get_by_test_id("trace-row").first).to_be_visible()
