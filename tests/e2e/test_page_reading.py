"""What a reader must be able to rely on, on any page: nothing hidden, nothing stuck, no mouse."""

from __future__ import annotations

import base64
import io
import re
import time
import wave
from collections.abc import Callable, Iterator
from typing import Any

import msgpack
import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from tests.e2e.harness.browser import fits, pages, picture, violations
from tests.e2e.harness.load import body_of, event, post
from tests.e2e.harness.page_api import call
from tests.e2e.harness.program import Catalejo, until

SECOND_NS = 1_000_000_000
REQUEST = 77_001
MEDIA, LONG, TALK, GROWING = 77_101, 77_201, 77_301, 77_401
LONG_PROMPT = "\n".join(f"line {n} of a long prompt about a shop" for n in range(1, 5_400))
# A red pixel.
PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJg"
    "gg=="
)


def sound() -> str:
    kept = io.BytesIO()
    with wave.open(kept, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(8_000)
        file.writeframes(bytes(range(256)) * 4)
    return base64.b64encode(kept.getvalue()).decode()


def heard_and_seen(number: int, **more: str) -> dict[str, Any]:
    made = event(number, "what do you see and hear?", **more)
    made["meta"]["input"]["messages"][0] |= {
        "image_parts": [{"mime_type": "image/png", "content": PNG}],
        "audio_parts": [{"mime_type": "audio/wav", "content": sound()}],
    }
    return made


def request_of_an_application() -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """A web request in whose middle the model is called, and the LLM half of that call."""
    start = time.time_ns() - 20 * SECOND_NS
    rows = [
        (REQUEST, 0, "web.request", "POST /answer", "web", 0, 4),
        (REQUEST + 1, REQUEST, "openai.request", "createChatCompletion", "", 1, 2),
        (REQUEST + 2, REQUEST + 1, "http.request", "POST /chat/completions", "http", 1, 2),
    ]
    apm = [
        {
            "service": "shop", "name": name, "resource": resource, "type": kind, "error": 0,
            "trace_id": REQUEST, "span_id": span, "parent_id": parent,
            "start": start + begin * SECOND_NS, "duration": seconds * SECOND_NS,
            "meta": {}, "metrics": {},
        }
        for span, parent, name, resource, kind, begin, seconds in rows
    ]  # fmt: skip
    llm = event(
        REQUEST + 1, "asked within a request", ml_app="reading", trace_id=f"{REQUEST:032x}",
        start_ns=start + SECOND_NS, duration=2 * SECOND_NS,
    )  # fmt: skip
    llm["_dd"] = {
        "span_id": str(REQUEST + 1),
        "trace_id": f"{REQUEST:032x}",
        "apm_trace_id": f"{REQUEST:032x}",
    }
    return apm, llm


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalejo]:
    with Catalejo(tmp_path_factory.mktemp("reading") / "data") as program:
        apm, llm = request_of_an_application()
        headers = {"content-type": "application/msgpack", "x-datadog-trace-count": "1"}
        sent = call(program.apm_port, "PUT", "/v0.4/traces", msgpack.packb([apm]), headers)
        assert sent.status == 200, sent.body
        talk = [
            event(TALK + n, f"turn {n}", ml_app="reading", session_id="read", user_id="u1")
            for n in range(3)
        ]
        for one in talk:
            one["tags"] += ["session_id:read", "user_id:u1"]
        for one in (
            llm,
            heard_and_seen(MEDIA, ml_app="reading", session_id="read"),
            event(LONG, LONG_PROMPT, ml_app="reading"),
            *talk,
        ):
            assert post(program, body_of(one)).status == 202
        until(lambda: len(program.api.traces()) == 6, "the traces are stored")
        until(
            lambda: program.api.trace(f"{REQUEST:032x}")["total_spans"] == 3, "all of the request"
        )
        yield program


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalejo]:
    """A program that nothing was sent to."""
    with Catalejo(tmp_path_factory.mktemp("bare") / "data") as program:
        yield program


def arrived(page: Page) -> None:
    """Nothing of the page is on its way any more, however slow the machine is."""
    expect(page.locator(".skeleton")).to_have_count(0, timeout=60_000)


def open_trace(page: Page, trace: int, language: str = "en") -> None:
    page.goto(f"/traces/{trace:032x}?lang={language}&full=1")
    expect(page.get_by_test_id("verdict")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "es"])
def test_pictures_and_recordings_are_blobs_of_the_conversation(page: Page, language: str) -> None:
    open_trace(page, MEDIA, language)
    message = page.get_by_test_id("message").filter(has_text="what do you see")
    shown_picture = message.locator("img")
    expect(shown_picture).to_have_attribute("src", re.compile("^blob:"))
    expect(shown_picture).to_have_js_property("naturalWidth", 1)
    player = message.locator("audio")
    expect(player).to_have_attribute("src", re.compile("^blob:"))
    player.evaluate("box => { box.preload = 'auto'; box.load(); }")
    page.wait_for_function("box => box.readyState >= 1", arg=player.element_handle())
    assert 0.1 < float(player.evaluate("box => box.duration")) < 0.2
    expect(player).to_have_accessible_name(re.compile("audio/wav"))
    assert violations(page) == []
    page.screenshot(path=str(picture(f"media-{language}")))


def test_what_plays_goes_on_while_the_trace_grows(page: Page, shown: Catalejo) -> None:
    trace = f"{GROWING:032x}"
    first = heard_and_seen(GROWING, ml_app="growing")
    assert post(shown, body_of(first)).status == 202
    until(lambda: shown.api.status(f"/api/v1/traces/{trace}") == 200, "its first span is stored")
    open_trace(page, GROWING)
    player = page.get_by_test_id("message").locator("audio")
    expect(player).to_have_attribute("src", re.compile("^blob:"))
    player.evaluate("box => { box.sameAsBefore = true; }")
    more = event(GROWING + 1, "one more", ml_app="growing", trace_id=trace,
                 start_ns=first["start_ns"] + SECOND_NS)  # fmt: skip
    more["parent_id"] = str(GROWING)
    assert post(shown, body_of(more)).status == 202
    expect(page.get_by_test_id("span-row")).to_have_count(2)
    assert player.evaluate("box => box.sameAsBefore === true")


@pytest.mark.parametrize("language", ["en", "es"])
def test_apm_spans_stand_around_the_llm_span_of_their_request(page: Page, language: str) -> None:
    open_trace(page, REQUEST, language)
    rows = page.get_by_test_id("span-row")
    expect(rows).to_have_count(3)
    expect(rows.nth(0)).to_contain_text("POST /answer")
    expect(rows.nth(1)).to_contain_text("createChatCompletion")
    expect(rows.nth(2)).to_contain_text("POST /chat/completions")
    for level, row in enumerate(("0", "1", "2"), 1):
        expect(rows.nth(int(row))).to_have_attribute("aria-level", str(level))
    pane = page.get_by_test_id("span-pane")
    expect(pane.get_by_test_id("message").first).to_contain_text("asked within a request")
    rows.nth(0).click()
    expect(pane).to_contain_text("web.request")
    expect(pane).to_contain_text({"en": "APM span", "es": "span APM"}[language])
    assert violations(page) == []
    page.screenshot(path=str(picture(f"apm-around-{language}")))


def test_a_prompt_of_200_000_characters_is_folded(page: Page) -> None:
    assert len(LONG_PROMPT) > 200_000
    open_trace(page, LONG)
    message = page.get_by_test_id("message").filter(has_text="line 1 of a long prompt")
    length = "box => box.textContent.length"
    folded = int(message.evaluate(length))
    assert folded < 20_000
    message.get_by_role("button", name=re.compile("Show more")).click()
    page.wait_for_function("([box, n]) => box.textContent.length > n",
                           arg=[message.element_handle(), folded])  # fmt: skip
    message.get_by_role("button", name="Show all").click()
    expect(message).to_contain_text("line 5399 of a long prompt")
    message.get_by_role("button", name="Show less").click()
    expect(message).not_to_contain_text("line 5399 of a long prompt")
    assert int(message.evaluate(length)) < 20_000


def test_a_4k_screen_is_used_and_lines_stay_readable(page: Page) -> None:
    page.set_viewport_size({"width": 3840, "height": 2160})
    page.goto("/traces?lang=en")
    row = page.get_by_test_id("trace-row").first
    expect(row).to_be_visible()
    assert row.evaluate("box => box.getBoundingClientRect().width") > 2_800
    open_trace(page, LONG)
    tree, pane = page.get_by_role("tree"), page.get_by_test_id("span-pane")
    for part in (tree, pane):
        assert part.evaluate("box => box.getBoundingClientRect().width") > 900
    # Prose keeps a measure that an eye can follow.
    turn = page.get_by_test_id("message").first
    assert turn.evaluate("box => box.getBoundingClientRect().width") < 1_400
    assert fits(page)
    page.screenshot(path=str(picture("trace-4k")))
    for path in ("/", "/costs"):
        page.goto(f"{path}?lang=en")
        arrived(page)
        used = page.locator("main > .page").evaluate("box => box.getBoundingClientRect().width")
        assert used > 900, path
        page.screenshot(path=str(picture(f"{path.strip('/') or 'home'}-4k")))


def hold(page: Page, pattern: re.Pattern[str]) -> Callable[[], None]:
    """Answers wait until what is returned is called."""
    held: list[Route] = []
    free: list[bool] = []
    page.route(pattern, lambda route: route.continue_() if free else held.append(route))

    def release() -> None:
        free.append(True)
        for route in held:
            route.continue_()

    return release


# What each page shows in the place of what is still on its way.
WAITING = (
    ("/", ".skeleton-page"), ("/traces", ".row-skeleton"), ("/sessions", ".row-skeleton"),
    ("/users", ".row-skeleton"), ("/patterns", ".skeleton-page"), ("/datasets", ".skeleton-page"),
    ("/queues", ".skeleton-page"), ("/costs", ".skeleton-page"),
    ("/evaluations", ".skeleton-page"), ("/judges", ".skeleton-page"),
    ("/redaction", ".skeleton-page"), ("/loss", ".skeleton-page"),
    ("/sessions/read", ".skeleton-page"), ("/users/u1", ".skeleton"),
    (f"/traces/{TALK:032x}?full=1", ".trace-skeleton"),
)  # fmt: skip


@pytest.mark.parametrize(("path", "skeleton"), WAITING, ids=[path for path, _ in WAITING])
def test_what_takes_long_shows_that_it_comes(page: Page, path: str, skeleton: str) -> None:
    release = hold(page, re.compile("/api/v"))
    page.goto(path)
    expect(page.locator(skeleton).first).to_be_visible()
    expect(page.get_by_test_id("progress-line")).to_have_css("opacity", "1")
    expect(page.locator("main")).to_have_attribute("aria-busy", "true")
    release()
    arrived(page)
    expect(page.get_by_test_id("progress-line")).to_have_css("opacity", "0")


def test_a_drawer_that_waits_keeps_its_list(page: Page) -> None:
    page.goto("/traces?lang=en&ml_app=reading")
    rows = page.get_by_test_id("trace-row")
    expect(rows).to_have_count(6)
    release = hold(page, re.compile("/api/v1/traces/"))
    rows.first.click()
    expect(page.locator(".trace-skeleton")).to_be_visible()
    expect(rows).to_have_count(6)
    release()
    expect(page.get_by_test_id("verdict")).to_be_visible()
    arrived(page)


# What a page that has nothing says to do next: a command to copy, a form, or the way to go.
NEXT = {
    "/": {"en": "connect an application", "es": "conecta una aplicación"},
    "/traces": {"en": "pip install", "es": "pip install"},
    "/sessions": {"en": "session_id=", "es": "session_id="},
    "/users": {"en": "user_id", "es": "user_id"},
    "/patterns": {"en": "connect an application", "es": "conecta una aplicación"},
    "/datasets": {"en": "LLMObs.create_dataset()", "es": "LLMObs.create_dataset()"},
    "/queues": {"en": "Make one here", "es": "Crea una aquí"},
    "/costs": {"en": "connect an application", "es": "conecta una aplicación"},
    "/evaluations": {"en": "connect an application", "es": "conecta una aplicación"},
    "/judges": {"en": "Start from a template", "es": "Empieza"},
    "/redaction": {"en": "No rule holds", "es": "No hay ninguna regla"},
    "/loss": {"en": "Nothing has been received", "es": "No se ha recibido nada"},
    "/connect": {"en": "Waiting for the first span", "es": "Esperando el primer span"},
}


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_page_with_nothing_says_what_to_do(
    browser: Browser, bare: Catalejo, language: str
) -> None:
    for page in pages(browser, bare.http_url, f"bare-{language}"):
        for path, said in NEXT.items():
            page.goto(f"{path}?lang={language}")
            expect(page.locator("main")).to_contain_text(said[language])
            arrived(page)
            assert violations(page) == [], path
            name = path.strip("/") or "home"
            page.screenshot(path=str(picture(f"bare-{name}-{language}")))


def test_first_loads_are_small(browser: Browser, shown: Catalejo) -> None:
    """What a browser that has nothing fetches until a page is there, as it comes over the wire."""
    for path in ("/", "/traces", "/users/u1", f"/traces/{REQUEST:032x}?full=1"):
        for page in pages(browser, shown.http_url, "first-load"):
            scripts: list[Request] = []

            def note(request: Request, into: list[Request] = scripts) -> None:
                into.append(request)

            page.on("requestfinished", note)
            page.goto(path)
            expect(page.locator("main h1").first).to_be_attached()
            arrived(page)
            sent = sum(
                one.sizes()["responseBodySize"] for one in scripts if one.resource_type == "script"
            )
            assert 0 < sent <= 120 * 1024, f"{path}: {sent} bytes of script"


def test_the_mouse_is_never_needed(page: Page) -> None:
    page.goto("/traces?lang=en&ml_app=reading")
    rows = page.get_by_test_id("trace-row")
    expect(rows).to_have_count(6)
    page.keyboard.press("j")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("k")
    expect(page.locator("[data-testid=trace-row].active")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("verdict")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("trace-drawer")).to_have_count(0)
    page.keyboard.press("/")
    expect(page.get_by_test_id("search-box")).to_be_focused()
    page.keyboard.type("within a request")
    page.keyboard.press("Enter")
    expect(rows).to_have_count(1)
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("span-row")).to_have_count(3)
    page.get_by_role("tree").focus()
    chosen = page.locator('[data-testid="span-row"][aria-selected="true"]')
    page.keyboard.press("Home")
    expect(chosen).to_contain_text("POST /answer")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_test_id("span-row")).to_have_count(1)
    page.keyboard.press("ArrowRight")
    expect(page.get_by_test_id("span-row")).to_have_count(3)
    page.keyboard.press("End")
    expect(chosen).to_contain_text("POST /chat/completions")
    for key, view in (("2", "waterfall"), ("3", "messages"), ("4", "graph"), ("1", "tree")):
        page.keyboard.press(key)
        expect(page.get_by_test_id(f"show-{view}")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("unfold, fold")
    page.keyboard.press("Escape")
    page.keyboard.press("Meta+k")
    expect(page.get_by_test_id("palette")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("palette")).to_have_count(0)
    for letter, path in (("h", "/"), ("u", "/users"), ("q", "/queues"), ("t", "/traces")):
        page.keyboard.press("g")
        page.keyboard.press(letter)
        expect(page).to_have_url(re.compile(rf":\d+{path}(\?|$)"))
