"""What comes in is judged while it comes, once each, however the program ends."""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.e2e.harness.clickhouse import ENGINE_SOCKET, EngineConnection
from tests.e2e.harness.load import body_of, event, post
from tests.e2e.harness.page_api import call
from tests.e2e.harness.program import Catalejo, until

CARD = "4929 1234 5678 9015"
BATCH = 20


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Catalejo]:
    with Catalejo(tmp_path / "data") as running:
        yield running


def rows(program: Catalejo, sql: str) -> list[list[str]]:
    """What the database itself has."""
    connection = EngineConnection(str(program.data / ENGINE_SOCKET))
    try:
        connection.request("POST", f"/?{urlencode({'query': f'{sql} FORMAT TSV'})}")
        answer = connection.getresponse()
        body = answer.read().decode()
    finally:
        connection.close()
    assert answer.status == 200, body
    return [line.split("\t") for line in body.splitlines()]


def send(program: Catalejo, *events: dict[str, Any]) -> None:
    assert post(program, body_of(*events)).status == 202


def failed_pii(program: Catalejo, app: str) -> list[dict[str, Any]]:
    return program.api.spans(ml_app=app, view="spans", query="@evaluation.pii.assessment:fail")


def test_a_leaked_card_number_is_an_evaluation(program: Catalejo) -> None:
    app = "evaluators-card"
    send(
        program,
        event(1, f"cobra {CARD}", ml_app=app),
        event(2, "what is the weather like in Burgos today?", ml_app=app),
    )
    (row,) = until(lambda: failed_pii(program, app), "the card number is found")
    assert row["span_id"] == "1"
    trace = program.api.trace(row["trace_id"])
    (found,) = [each for each in trace["evaluations"] if each["label"] == "pii"]
    assert found["assessment"] == "fail"
    assert found["span_id"] == "1"
    assert "card_number" in found["reasoning"]
    # What was found is said, never repeated.
    assert "4929" not in str(found)
    (finding,) = found["metadata"]["findings"]
    assert finding["rule"] == "card_number"
    assert finding["end"] - finding["begin"] == len(CARD)
    # That all was well is counted, and no evaluation of its own.
    counts = "SELECT sum(judged), sum(failed) FROM evaluation_counts WHERE evaluator = 'pii'"
    until(
        lambda: rows(program, f"{counts} AND ml_app = '{app}'") == [["2", "1"]],
        "both spans are counted",
    )


def test_a_span_is_judged_once_whenever_the_program_ends(tmp_path: Path) -> None:
    app = "evaluators-kill"
    chance = random.Random(7)
    program = Catalejo(tmp_path / "data")
    sent = 0
    with program:
        for _ in range(5):
            for _ in range(chance.randrange(5, 15)):
                send(
                    program,
                    *(
                        event(sent + i + 1, f"{sent + i}: write to ana@example.com", ml_app=app)
                        for i in range(BATCH)
                    ),
                )
                sent += BATCH
                time.sleep(chance.uniform(0, 0.4))
            program.kill()
            program.start()
        where = f"label = 'pii' AND ml_app = '{app}'"
        until(
            lambda: (
                rows(program, f"SELECT uniqExact(span_id) FROM evaluations WHERE {where}")
                == [[str(sent)]]
            ),
            "every span is judged",
            90,
        )
        counts = f"SELECT sum(judged), sum(failed) FROM evaluation_counts WHERE ml_app = '{app}'"
        until(
            lambda: rows(program, f"{counts} AND evaluator = 'pii'") == [[str(sent), str(sent)]],
            "every span is counted once",
            90,
        )
        spans = rows(program, f"SELECT span_id FROM evaluations WHERE {where}")
        twice = {
            span: times for span, times in Counter(row[0] for row in spans).items() if times > 1
        }
        assert not twice, f"{len(twice)} of {sent} judged more than once"


def test_nothing_is_judged_when_it_is_switched_off(tmp_path: Path) -> None:
    settings = {"CATALEJO_EVALUATOR_PERCENT": "0"}
    with Catalejo(tmp_path / "data", settings) as program:
        send(program, event(1, f"cobra {CARD}", ml_app="evaluators-off"))
        until(lambda: program.api.spans(ml_app="evaluators-off"), "the span is stored")
        assert not (program.data / "log" / "read").exists()
    # What came meanwhile stays unjudged: a pass over the past is for that.
    program.settings = {}
    with program:
        send(program, event(2, f"cobra {CARD}", ml_app="evaluators-off"))
        found = until(lambda: failed_pii(program, "evaluators-off"), "the new span is judged")
        assert [row["span_id"] for row in found] == ["2"]


def test_the_evaluators_say_what_they_do(program: Catalejo) -> None:
    send(program, event(1, f"cobra {CARD}", ml_app="evaluators-metrics"))
    until(lambda: failed_pii(program, "evaluators-metrics"), "the span is judged")
    body = call(program.http_port, "GET", "/metrics").body.decode()
    metrics = {
        line.rpartition(" ")[0]: float(line.rpartition(" ")[2])
        for line in body.splitlines()
        if not line.startswith("#")
    }
    assert metrics["catalejo_evaluation_spans"] >= 1
    assert metrics["catalejo_evaluation_cpu_seconds"] > 0
    assert metrics["catalejo_evaluation_skipped_bytes"] == 0


def ask(program: Catalejo, method: str, path: str = "", body: Any = None, status: int = 200) -> Any:
    sent = json.dumps(body).encode() if body is not None else b""
    answer = call(program.http_port, method, f"/api/v1/evaluators{path}", sent)
    assert answer.status == status, answer.body
    return answer.json()


def one(program: Catalejo, evaluator: str) -> dict[str, Any]:
    evaluators = ask(program, "GET")["evaluators"]
    (found,) = [each for each in evaluators if each["id"] == evaluator]
    return dict(found)


def test_settings_hold_for_the_next_spans(program: Catalejo) -> None:
    """Only an application, then off: what is left out is counted with its reason."""
    app, other = "evaluators-set", "evaluators-other"
    query = f"@ml_app:{app}"
    done = ask(program, "PUT", "/pii", {"query": query, "keep_passes": True})
    assert done["query"] == query
    assert done["enabled"]
    send(program, event(1, f"cobra {CARD}", ml_app=app), event(2, f"cobra {CARD}", ml_app=other))
    send(program, event(3, "hola, ¿qué tal?", ml_app=app))
    until(lambda: failed_pii(program, app), "the span in scope is judged")
    until(lambda: one(program, "pii")["skipped"] == {"out_of_scope": 1}, "the other is left out")
    assert failed_pii(program, other) == []
    passed = f"SELECT span_id, assessment FROM evaluations WHERE label = 'pii' AND ml_app = '{app}'"
    until(
        lambda: sorted(rows(program, passed)) == [["1", "fail"], ["3", "pass"]],
        "a pass is an evaluation too",
    )
    ask(program, "PUT", "/pii", {"enabled": False})
    send(program, event(4, f"cobra {CARD}", ml_app=app))
    until(lambda: ask(program, "GET")["engine"]["spans"] == 4, "the last span is behind")
    assert [row["span_id"] for row in failed_pii(program, app)] == ["1"]
    history = ask(program, "GET", "/pii/history")["history"]
    assert [change["enabled"] for change in history] == [False, True]
    assert "evaluator pii set by" in program.log()
    # Kept over a restart.
    program.kill()
    program.start()
    assert not one(program, "pii")["settings"]["enabled"]


def test_settings_that_make_no_sense_are_refused(program: Catalejo) -> None:
    ask(program, "PUT", "/nobody", {}, 404)
    for body in ({"sampling": 2}, {"query": "@nothing.of.that:1"}, {"odd": 1}, {"enabled": "yes"}):
        ask(program, "PUT", "/pii", body, 400)
    ask(program, "POST", "/runs", {"evaluator": "nobody"}, 404)
    ask(program, "POST", "/runs", {"evaluator": "pii", "from": "now", "to": "now-1d"}, 400)
    ask(program, "DELETE", "/runs/99", None, 404)
    assert ask(program, "GET", "/pii/history")["history"] == []


def verdict_of(program: Catalejo, app: str, evaluator: str) -> dict[str, Any]:
    """The one evaluation of the one span of an application."""
    (row,) = program.api.spans(ml_app=app, view="spans")
    trace = program.api.trace(row["trace_id"])
    (found,) = [each for each in trace["evaluations"] if each["label"] == evaluator]
    return dict(found)


def test_what_a_user_lists_is_judged_by(program: Catalejo) -> None:
    """A canary that is told, a request off topic: by the lists of now, also after a restart."""
    assert one(program, "canary")["asks_for"] == "tokens"
    assert one(program, "canary")["settings"]["options"] is None
    assert one(program, "pii")["asks_for"] is None
    canary = {"tokens": ["Zebra-2231-Oslo"]}
    topics = {"topics": [{"name": "returns", "words": ["refund", "send back"]}, {"name": "prices"}]}
    done = ask(program, "PUT", "/canary", {"options": canary})
    assert done["options"] == canary
    ask(program, "PUT", "/topic_relevance", {"options": topics, "keep_passes": True})
    told = event(1, "I want to send back these shoes", ml_app="lists-told")
    told["meta"]["output"]["messages"][0]["content"] = "The code is zebra 2231 oslo."
    send(program, told, event(2, "Who won the match in Lugo yesterday?", ml_app="lists-quiet"))
    for app, assessment in (("lists-told", "pass"), ("lists-quiet", "fail")):
        query = f"@evaluation.topic_relevance.assessment:{assessment}"
        until(
            partial(program.api.spans, ml_app=app, view="spans", query=query), "the span is judged"
        )
    assert verdict_of(program, "lists-told", "canary")["assessment"] == "fail"
    assert verdict_of(program, "lists-told", "topic_relevance")["value"] == "returns"
    assert verdict_of(program, "lists-quiet", "topic_relevance")["value"] == "irrelevant"
    quiet = {"ml_app": "lists-quiet", "query": "@evaluation.canary.assessment:fail"}
    assert program.api.spans(**quiet) == []
    program.kill()
    program.start()
    said = ask(program, "POST", "/test", {"input": "hi", "output": "zebra2231oslo"})["verdicts"]
    (canary_said,) = [verdict for verdict in said if verdict["evaluator"] == "canary"]
    assert canary_said["assessment"] == "fail"
    ask(program, "PUT", "/canary", {"enabled": True})
    assert one(program, "canary")["settings"]["options"] is None


def test_lists_that_cannot_be_judged_by_are_refused(program: Catalejo) -> None:
    for evaluator, options, where in (
        ("pii", {"tokens": ["zebra2231"]}, "options"),
        ("canary", {}, "options.tokens"),
        ("canary", ["zebra2231"], "options"),
        ("canary", {"tokens": []}, "options.tokens"),
        ("canary", {"tokens": ["short"]}, "options.tokens[0]"),
        ("canary", {"tokens": ["zebra2231", 5]}, "options.tokens[1]"),
        ("canary", {"tokens": ["-- -- --"]}, "options.tokens"),
        ("canary", {"tokens": [f"zebra{number:05}" for number in range(65)]}, "options.tokens"),
        ("canary", {"tokens": ["x" * 257]}, "options.tokens[0]"),
        ("canary", {"topics": []}, "options.topics"),
        ("topic_relevance", {"topics": [{"words": ["refund"]}]}, "options.topics[0].name"),
        ("topic_relevance", {"topics": [{"name": "a"}, {"name": "a"}]}, "options.topics[1].name"),
        ("topic_relevance", {"topics": [{"name": "a", "odd": 1}]}, "options.topics[0].odd"),
        ("topic_relevance", {"topics": [{"name": "the"}]}, "options.topics"),
    ):
        refused = ask(program, "PUT", f"/{evaluator}", {"options": options}, 400)
        assert where in str(refused), (options, refused)
        assert one(program, evaluator)["settings"]["changed"] is None


def test_a_text_is_tried_and_not_kept(program: Catalejo, tmp_path: Path) -> None:
    said = ask(program, "POST", "/test", {"input": f"cobra {CARD}", "output": "Claro."})["verdicts"]
    (pii,) = [verdict for verdict in said if verdict["evaluator"] == "pii"]
    assert pii["assessment"] == "fail"
    assert [finding["rule"] for finding in pii["findings"]] == ["card_number"]
    program.stop()
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert kept
    assert not [path for path in kept if CARD.encode() in path.read_bytes()]


def test_the_past_is_judged_once(tmp_path: Path) -> None:
    app = "evaluators-past"
    program = Catalejo(tmp_path / "data", {"CATALEJO_EVALUATOR_PERCENT": "0"})
    with program:
        ask(program, "POST", "/runs", {"evaluator": "pii"}, 400)
        for first in range(0, 1_200, 100):
            send(
                program,
                *(event(first + i + 1, f"{i}: ana@example.com", ml_app=app) for i in range(100)),
            )
        until(lambda: len(program.api.spans(ml_app=app)) == 1_200, "the spans are stored")
    program.settings = {}
    with program:
        for _ in range(2):
            begun = ask(program, "POST", "/runs", {"evaluator": "pii", "from": "now-1d"})["id"]

            def state(run: int = begun) -> dict[str, Any]:
                (found,) = [
                    each for each in ask(program, "GET", "/runs")["runs"] if each["id"] == run
                ]
                return dict(found)

            until(lambda: state()["state"] == "done", "the pass is over", 60)
            run = state()
            assert (run["spans"], run["seen"], run["failed"]) == (1_200, 1_200, 1_200)
        where = f"label = 'pii' AND ml_app = '{app}'"
        until(
            lambda: (
                rows(program, f"SELECT count(), uniqExact(id) FROM evaluations WHERE {where}")
                == [["1200", "1200"]]
            ),
            "each is found once",
        )
        lines = ask(program, "GET", f"/counts?ml_app={app}")["lines"]
        (line,) = [each for each in lines if each["evaluator"] == "pii"]
        assert (line["judged"], line["failed"]) == (1_200, 1_200)


def test_a_call_far_from_the_usual_is_an_outlier(tmp_path: Path) -> None:
    """Slow and dear among calls of its kind; after a restart the stored calls say what is usual."""
    app, outliers = "evaluators-usual", ("latency_outlier", "cost_outlier")
    program = Catalejo(tmp_path / "data")

    def judged() -> dict[str, int]:
        lines = ask(program, "GET", f"/counts?ml_app={app}")["lines"]
        counted = {line["evaluator"]: line["judged"] for line in lines}
        return {label: counted.get(label, 0) for label in outliers}

    def failed(label: str) -> list[str]:
        query = f"@evaluation.{label}.assessment:fail"
        found = program.api.spans(ml_app=app, view="spans", query=query)
        return [row["span_id"] for row in found]

    usual = partial(event, text="hello", ml_app=app, duration=1_200_000_000)
    with program:
        send(program, *(usual(number) for number in range(1, 61)))
        # The first fifty only say what is usual.
        until(lambda: judged() == dict.fromkeys(outliers, 10), "ten calls are compared")
    with program:
        dear = {"input_tokens": 100_000, "output_tokens": 1, "total_tokens": 100_001}
        slow = usual(61, duration=12_000_000_000, metrics=dear)
        send(program, slow, usual(62))
        until(lambda: judged() == dict.fromkeys(outliers, 12), "both calls are compared")
        until(lambda: [failed(label) for label in outliers] == [["61"], ["61"]], "one is far off")
        trace = program.api.trace(f"{61:032x}")
        said = {each["label"]: each for each in trace["evaluations"]}
        assert [said[label]["assessment"] for label in outliers] == ["fail", "fail"]
        assert said["latency_outlier"]["value"] == pytest.approx(10)
        calls = f"the calls of gpt-4o-2024-11-20 by AzureOpenAI.createChatCompletion in {app}"
        wanted = f"12.0 s; half of {calls} take less than 1.2 s."
        assert said["latency_outlier"]["reasoning"] == wanted
        assert said["cost_outlier"]["value"] > 1_000


def test_people_and_an_evaluator_are_compared(program: Catalejo) -> None:
    app = "evaluators-people"
    texts = {1: f"cobra {CARD}", 2: f"paga {CARD}", 3: "what is the weather?", 4: "good morning"}
    send(program, *(event(number, text, ml_app=app) for number, text in texts.items()))
    until(lambda: len(failed_pii(program, app)) == 2, "both card numbers are found")

    def say(number: int, verdict: str, name: str = "pii", **more: Any) -> None:
        body = {
            "trace_id": f"{number:032x}", "span_id": str(number), "name": name,
            "value": verdict == "pass", "assessment": verdict, "author": "Ana", "ml_app": app,
            **more,
        }  # fmt: skip
        sent = json.dumps(body).encode()
        answer = call(program.http_port, "POST", "/api/v1/feedback", sent)
        assert answer.status == 200, answer.body

    def compared() -> list[dict[str, Any]]:
        return list(ask(program, "GET", f"/agreement?from=now-1h&ml_app={app}")["lines"])

    say(1, "pass")
    for number, verdict in ((1, "fail"), (2, "pass"), (3, "fail"), (4, "pass")):
        say(number, verdict)
    say(4, "pass", author="Luis")
    say(1, "fail", name="helpful")
    expected = {
        "both_fail": 1, "only_evaluator": 1, "only_people": 1, "both_pass": 2, "not_judged": 0,
    }  # fmt: skip

    def figures() -> dict[str, int]:
        lines = compared()
        return {key: lines[0][key] for key in expected} if lines else {}

    until(lambda: figures() == expected, "what people said is compared")
    (line,) = compared()
    assert line["evaluator"] == "pii" and line["precision"] == line["recall"] == 0.5
    assert line["kappa"] == pytest.approx(1 / 6)
    differences = {(each["span_id"], each["people"]) for each in line["differences"]}
    assert differences == {("2", "pass"), ("3", "fail")}

    # One that judges a part says nothing by its silence.
    ask(program, "PUT", "/pii", {"enabled": True, "sampling": 0.5})
    (line,) = compared()
    assert (line["not_judged"], line["both_pass"], line["only_people"]) == (3, 0, 0)


def test_nothing_is_compared_where_nobody_judged(program: Catalejo) -> None:
    assert ask(program, "GET", "/agreement")["lines"] == []
    assert "counts" in str(ask(program, "GET", "/agreement?query=x", status=400))
