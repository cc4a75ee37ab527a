"""Topics of inputs: asked of the real program over sentences whose topics are known."""

from __future__ import annotations

import json
import random
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from demo.azure.server import KEY
from demo.azure.server import start as start_azure
from tests.e2e.harness.browser import pages, picture, violations
from tests.e2e.harness.load import body_of, event, post
from tests.e2e.harness.page_api import call
from tests.e2e.harness.program import Catalejo, until

HOUR_NS = 3600 * 1_000_000_000

# Beginnings and ends of what people ask; every topic has some of each, and numbers of orders.
TOPICS: dict[str, tuple[list[str], list[str]]] = {
    "order": (
        ["Where is my order", "Track the order I placed", "My order has not arrived yet"],
        ["it was due on Monday", "the tracking number shows nothing", "the courier lost it"],
    ),
    "password": (
        ["I forgot my password", "Reset the password", "The password reset link has expired"],
        ["and I cannot log in", "the login page rejects me", "my login is locked"],
    ),
    "suscripción": (
        ["Quiero cancelar mi suscripción", "¿Cómo cancelo la suscripción?", "Baja de suscripción"],
        ["antes de la renovación", "no quiero pagar otro mes", "y que no se renueve sola"],
    ),
    "factura": (
        ["Necesito la factura de marzo", "La factura trae mal el NIF", "No me llega la factura"],
        ["es para contabilidad", "con los datos fiscales correctos", "el importe está mal"],
    ),
}
EACH = 40
STRAY = ["Recite Hamlet backwards", "¿Cuántos planetas hay en Andrómeda?", "zyx wvu tsr qpo"]
PROMPT = "You answer for a shop of sails and ropes."


def asked(topic: str, number: int) -> str:
    first, second = TOPICS[topic]
    return f"{first[number % 3]} {number + 41_000}, {second[number // 3 % 3]}"


def call_about(span_id: int, topic: str, text: str, start_ns: int) -> dict[str, Any]:
    one = event(span_id, text, ml_app="shop", start_ns=start_ns)
    one["meta"]["input"]["messages"].insert(0, {"role": "system", "content": PROMPT})
    one["duration"] = 4_000_000_000 if topic == "factura" else 500_000_000
    one["metrics"] = {"input_tokens": 1000, "output_tokens": 100, "total_tokens": 1100}
    if topic == "password" and span_id % 2:
        one["status"] = "error"
        one["meta"] |= {"error.type": "openai.RateLimitError", "error.message": "429"}
    return one


def made_calls() -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Calls of two hours, and the topic of each of the later ones by its span id."""
    chance = random.Random(5)
    now = time.time_ns()
    events: list[dict[str, Any]] = []
    topic_of: dict[str, str] = {}
    for number in range(EACH):
        for topic in TOPICS:
            for later in (False, True):
                if topic == "factura" and not later:
                    continue  # nobody asked about invoices before
                ago = chance.randrange(HOUR_NS * 9 // 10) + HOUR_NS // 20
                span_id = len(events) + 1
                start_ns = now - ago - (0 if later else HOUR_NS)
                events.append(call_about(span_id, topic, asked(topic, number), start_ns))
                if later:
                    topic_of[str(span_id)] = topic
    for text in STRAY:
        span_id = len(events) + 1
        events.append(call_about(span_id, "", text, now - HOUR_NS // 2))
        topic_of[str(span_id)] = ""
    return events, topic_of


def judge(server: Catalejo, span_id: str, value: str, assessment: str) -> None:
    metric = {
        "join_on": {"span": {"trace_id": f"{int(span_id):032x}", "span_id": span_id}},
        "ml_app": "shop",
        "timestamp_ms": time.time_ns() // 1_000_000 - 60_000,
        "metric_type": "categorical",
        "label": "helpful",
        "categorical_value": value,
        "assessment": assessment,
    }
    body = {"data": {"type": "evaluation_metric", "attributes": {"metrics": [metric]}}}
    headers = {"content-type": "application/json", "dd-api-key": server.key or "any"}
    path = "/api/intake/llm-obs/v2/eval-metric"
    sent = call(server.http_port, "POST", path, json.dumps(body).encode(), headers)
    assert sent.status == 202, sent


@pytest.fixture(scope="module")
def made() -> tuple[list[dict[str, Any]], dict[str, str]]:
    return made_calls()


@pytest.fixture(scope="module")
def served(
    tmp_path_factory: pytest.TempPathFactory, made: tuple[list[dict[str, Any]], dict[str, str]]
) -> Iterator[Catalejo]:
    with Catalejo(tmp_path_factory.mktemp("patterns") / "data") as program:
        store(program, *made)
        yield program


def store(program: Catalejo, events: list[dict[str, Any]], topic_of: dict[str, str]) -> None:
    for first in range(0, len(events), 100):
        assert post(program, body_of(*events[first : first + 100])).status == 202
    judged = [span for span, topic in topic_of.items() if topic == "order"][:10]
    for at, span_id in enumerate(judged):
        judge(program, span_id, "yes" if at else "no", "pass" if at else "fail")
    until(
        lambda: (
            program.api.get("/api/v1/ledger")["store"]["rows_waiting"] == 0
            and program.api.get("/api/v1/facets", view="spans", **{"from": "now-3h"})["total"]
            == len(events)
        ),
        "all calls are stored",
    )


def patterns(server: Catalejo, **query: str) -> dict[str, Any]:
    asked_for = {"from": "now-1h", **query}
    found: dict[str, Any] = {}

    def done() -> bool:
        nonlocal found
        found = server.api.get("/api/v1/patterns", **asked_for)
        assert 0 <= found["progress"] <= 1
        return bool(found["state"] == "done")

    until(done, "the topics are found")
    return found


def label_of(topic: dict[str, Any], topic_of: dict[str, str]) -> str:
    labels = {topic_of[span_id] for span_id in topic["span_ids"]}
    assert len(labels) == 1, (topic["phrases"], labels)
    return labels.pop()


def test_topics_are_those_that_were_asked_about(
    served: Catalejo, made: tuple[list[dict[str, Any]], dict[str, str]]
) -> None:
    _, topic_of = made
    found = patterns(served)
    assert found["calls"] == found["looked_at"] == len(topic_of)
    assert found["method"] == "words" and found["embedding_problem"] is None
    calls: dict[str, int] = {}
    for topic in found["topics"]:
        label = label_of(topic, topic_of)
        calls[label] = calls.get(label, 0) + topic["now"]["calls"]
        said = " ".join(topic["phrases"]).lower()
        assert said and "sails" not in said and not re.search(r"\d", said)
        assert all(example["text"] for example in topic["examples"])
    assert calls == dict.fromkeys(TOPICS, EACH)
    names = " ".join(phrase for topic in found["topics"] for phrase in topic["phrases"]).lower()
    assert all(word in names for word in TOPICS), names
    assert found["others"]["now"]["calls"] == len(STRAY)
    assert {one["text"] for one in found["others"]["examples"]} == set(STRAY)


def test_figures_of_a_topic_are_those_of_its_calls(
    served: Catalejo, made: tuple[list[dict[str, Any]], dict[str, str]]
) -> None:
    events, topic_of = made
    failed = {e["span_id"] for e in events if e["status"] == "error"}
    totals: dict[str, list[float]] = {}
    for topic in patterns(served)["topics"]:
        label = label_of(topic, topic_of)
        now = topic["now"]
        assert now["calls"] == len(topic["span_ids"])
        assert now["failed"] == len(failed & set(topic["span_ids"]))
        assert now["tokens"] == 1100 * now["calls"] and now["priced_calls"] == now["calls"]
        assert now["cost_usd"] > 0
        if label == "factura":
            assert topic["trend"] == "appeared" and topic["before"]["calls"] == 0
            assert abs(now["p50_ns"] - 4_000_000_000) < 400_000_000
        else:
            assert topic["trend"] in ("steady", "shrunk") and topic["before"]["calls"] > 0
        sums = totals.setdefault(label, [0, 0])
        sums[0] += now["judged"]
        sums[1] += now["judged_failing"]
    assert totals["order"] == [10, 1] and totals["password"] == [0, 0]


def test_the_calls_of_a_topic_are_found_by_their_ids(served: Catalejo) -> None:
    topic = patterns(served)["topics"][0]
    ids = ", ".join(topic["span_ids"])
    rows = served.api.rows(
        "/api/v1/spans", view="spans", query=f"@span_id IN [{ids}]", **{"from": "now-1h"}
    )
    assert {row["span_id"] for row in rows} <= set(topic["span_ids"])
    assert rows


def test_a_search_narrows_what_is_looked_at(served: Catalejo) -> None:
    found = patterns(served, query="@status:error")
    assert 0 < found["calls"] < EACH
    assert all("password" in " ".join(t["phrases"]).lower() for t in found["topics"])
    nothing = patterns(served, query="@ml_app:other")
    assert nothing["calls"] == 0 and nothing["topics"] == []


def test_a_wrong_search_is_refused(served: Catalejo) -> None:
    answer = call(served.http_port, "GET", "/api/v1/patterns?query=%40status%3A")
    assert answer.status == 400


@pytest.fixture
def page(browser: Browser, served: Catalejo, request: pytest.FixtureRequest) -> Iterator[Page]:
    yield from pages(browser, served.http_url, request.node.name)


@pytest.mark.parametrize(
    ("language", "title", "said"),
    [("en", "Patterns", "Fits no topic"), ("es", "Temas", "No encaja en ningún tema")],
)
def test_the_page_shows_topics(page: Page, language: str, title: str, said: str) -> None:
    page.goto(f"/patterns?lang={language}&from=now-1h")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.get_by_test_id("topic").first).to_be_visible()
    expect(page.get_by_test_id("no-topic")).to_contain_text(said)
    page.get_by_test_id("topic").first.locator("summary").click()
    for theme in ("light", "dark"):
        page.get_by_test_id("theme-switch").select_option(theme)
        assert violations(page) == []
        page.screenshot(path=str(picture(f"patterns-{language}-{theme}")), full_page=True)
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.screenshot(path=str(picture(f"patterns-{language}-360")), full_page=True)


def test_from_a_topic_to_its_calls_by_keyboard(page: Page) -> None:
    page.goto("/traces?lang=en&from=now-1h")
    expect(page.get_by_test_id("trace-row").first).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("p")
    expect(page).to_have_url(re.compile("/patterns"))
    topic = page.get_by_test_id("topic").first
    expect(topic).to_be_visible()
    page.get_by_test_id("topic-sort").select_option("errors")
    expect(page.get_by_test_id("topic").first.get_by_role("heading")).to_contain_text(
        re.compile("password", re.IGNORECASE)
    )
    page.get_by_test_id("topic").first.get_by_test_id("open-topic").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/traces\?.*span_id"))
    expect(page.get_by_test_id("trace-row").first).to_contain_text(re.compile("password|log ?in"))


def test_an_empty_time_says_what_to_do(page: Page) -> None:
    page.goto("/patterns?lang=en&from=now-90d&to=now-80d")
    expect(page.get_by_test_id("patterns-empty")).to_be_visible()
    assert violations(page) == []


def with_model(folder: Path, endpoint: str, key: str) -> Catalejo:
    return Catalejo(
        folder / "data",
        {
            "CATALEJO_EMBEDDING_ENDPOINT": endpoint,
            "CATALEJO_EMBEDDING_DEPLOYMENT": "embed",
            "CATALEJO_EMBEDDING_KEY": key,
        },
    )


def test_topics_come_from_a_deployment_of_ones_own(
    tmp_path: Path, made: tuple[list[dict[str, Any]], dict[str, str]]
) -> None:
    events, topic_of = made
    azure = start_azure()
    with with_model(tmp_path, azure.url(), KEY) as program:
        store(program, events, topic_of)
        found = patterns(program)
        assert found["embedding_problem"] is None and found["method"] == "embeddings"
        assert {label_of(topic, topic_of) for topic in found["topics"]} >= set(TOPICS)
        # What was embedded is remembered: the same texts need no deployment any more.
        azure.shutdown()
        azure.server_close()
        again = patterns(program, query="@ml_app:shop")
        assert again["method"] == "embeddings", again["embedding_problem"]
        assert [t["phrases"] for t in again["topics"]] == [t["phrases"] for t in found["topics"]]


def test_words_serve_when_the_deployment_refuses(
    tmp_path: Path, made: tuple[list[dict[str, Any]], dict[str, str]], browser: Browser
) -> None:
    azure = start_azure()
    with with_model(tmp_path, azure.url(), "wrong") as program:
        store(program, *made)
        found = patterns(program)
        assert found["method"] == "words" and found["topics"]
        assert "Access denied" in found["embedding_problem"]
        page = browser.new_page()
        page.goto(f"{program.http_url}/patterns?lang=en&from=now-1h")
        expect(page.get_by_test_id("how-found")).to_contain_text("Access denied")
        page.close()
    azure.shutdown()
    azure.server_close()


def test_half_of_a_deployment_is_a_mistake(tmp_path: Path) -> None:
    program = Catalejo(tmp_path / "data", {"CATALEJO_EMBEDDING_KEY": KEY})
    refused = program.command("up")
    assert refused.returncode != 0 and "belong together" in refused.stderr
