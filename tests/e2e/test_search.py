"""The search language on the real engine: every tests/query/*.test (its README has the format)."""

from __future__ import annotations

import json
import shlex
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.harness.load import body_of, post
from tests.e2e.harness.page_api import call
from tests.e2e.harness.program import ROOT, Catalejo, until

UNIT_NS = {"ns": 1, "us": 1_000, "ms": 1_000_000, "s": 1_000_000_000}
FILES = sorted((ROOT / "tests/query").glob("*.test"))
ID_STEP = 1_000  # the ids of file n begin here times n


@dataclass
class Case:
    line: int
    view: str
    query: str
    rows: set[int] | None = None
    problem: list[str] = field(default_factory=list)


@dataclass
class Suite:
    name: str
    first_id: int
    spans: list[dict[str, Any]] = field(default_factory=list)
    evaluations: list[dict[str, Any]] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)


def nanoseconds(text: str) -> int:
    unit = next(unit for unit in ("ns", "us", "ms", "s") if text.endswith(unit))
    return int(float(text.removesuffix(unit)) * UNIT_NS[unit])


def pairs_of(words: list[str]) -> tuple[dict[str, str], list[str], dict[str, float]]:
    plain: dict[str, str] = {}
    tags: list[str] = []
    metrics: dict[str, float] = {}
    for word in words:
        name, _, value = word.partition("=")
        if name == "tag":
            tags.append(value)
        elif name == "metric":
            metric, _, number = value.partition(":")
            metrics[metric] = float(number)
        else:
            plain[name] = value
    return plain, tags, metrics


def hex_trace(suite: Suite, number: int) -> str:
    return f"{suite.first_id + number:032x}"


def span_of(suite: Suite, number: int, words: list[str]) -> dict[str, Any]:
    given, tags, metrics = pairs_of(words)
    parent = given.get("parent")
    meta: dict[str, Any] = {
        "span": {"kind": given.get("kind", "llm")},
        "model_name": given.get("model", "gpt-4o"),
        "input": {"messages": [{"role": "user", "content": given.get("input", "")}]},
        "output": {"messages": [{"role": "assistant", "content": given.get("output", "")}]},
        "metadata": json.loads(given.get("metadata", "{}")),
    }
    if meta["model_name"]:
        meta["model_provider"] = "azure_openai"
    else:
        del meta["model_name"]
    if "error" in given:
        meta["error"] = {"type": given["error"], "message": f"a {given['error']}", "stack": ""}
    if tokens := given.get("tokens", "1"):
        metrics["total_tokens"] = float(tokens)
    service, env = given.get("service", "web"), given.get("env", "prod")
    own = [f"ml_app:{suite.name}", f"service:{service}", f"env:{env}"]
    return {
        "span_id": str(suite.first_id + number),
        "trace_id": hex_trace(suite, int(given.get("trace", number))),
        "parent_id": str(suite.first_id + int(parent)) if parent else "undefined",
        "name": given.get("name", "chat"),
        "start_ns": time.time_ns() - nanoseconds(given.get("ago", "60s")),
        "duration": nanoseconds(given.get("duration", "1ms")),
        "status": given.get("status", "ok"),
        "tags": own + tags, "meta": meta, "metrics": metrics, "service": service,
    }  # fmt: skip


def evaluation_of(suite: Suite, words: list[str]) -> dict[str, Any]:
    number = words.pop(0) if words[0].isdigit() else ""
    given, tags, _ = pairs_of(words)
    metric: dict[str, Any] = {
        "label": given["label"], "ml_app": suite.name, "timestamp_ms": int(time.time() * 1000),
    }  # fmt: skip
    for name, kind in (("value", "categorical"), ("score", "score"), ("bool", "boolean")):
        if name in given:
            values = {"value": given[name], "bool": given[name] == "true"}
            value = values[name] if name in values else float(given[name])
            metric |= {"metric_type": kind, f"{kind}_value": value}
    metric |= {name: given[name] for name in ("assessment", "reasoning") if name in given}
    if tags:
        key, _, value = tags[0].partition(":")
        metric["join_on"] = {"tag": {"key": key, "value": value}}
    elif number:
        trace = next(
            span["trace_id"]
            for span in suite.spans
            if span["span_id"] == str(suite.first_id + int(number))
        )
        span_id = str(suite.first_id + int(number))
        metric["join_on"] = {"span": {"span_id": span_id, "trace_id": trace}}
    else:
        metric["eval_scope"] = "trace"
        trace = hex_trace(suite, int(given["trace"]))
        metric["join_on"] = {"span": {"span_id": "0", "trace_id": trace}}
    return metric


def read_suite(path: Path, index: int) -> Suite:
    suite = Suite(path.stem, ID_STEP * (index + 1))
    view = "spans"
    for number, line in enumerate(path.read_text().splitlines(), 1):
        word, _, rest = line.partition(" ")
        if word == "span":
            words = shlex.split(rest)
            suite.spans.append(span_of(suite, int(words[0]), words[1:]))
        elif word == "eval":
            suite.evaluations.append(evaluation_of(suite, shlex.split(rest)))
        elif word == "view":
            view = rest
        elif word == "?":
            suite.cases.append(Case(number, view, rest))
        elif word == "=":
            suite.cases[-1].rows = {int(row) for row in rest.split()}
        elif word == "!":
            suite.cases[-1].problem = rest.split(" ")
        else:
            assert not line or word.startswith("#"), f"{path.name}:{number}: {line}"
    return suite


SUITES = [read_suite(path, index) for index, path in enumerate(FILES)]
CASES = [
    pytest.param(suite, case, id=f"{suite.name}:{case.line}")
    for suite in SUITES
    for case in suite.cases
]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalejo]:
    with Catalejo(tmp_path_factory.mktemp("search") / "data") as program:
        spans = [span for suite in SUITES for span in suite.spans]
        assert post(program, body_of(*spans)).status == 202
        metrics = [metric for suite in SUITES for metric in suite.evaluations]
        body = {"data": {"type": "evaluation_metric", "attributes": {"metrics": metrics}}}
        sent = call(
            program.http_port, "POST", "/api/intake/llm-obs/v2/eval-metric",
            json.dumps(body).encode(), {"content-type": "application/json", "dd-api-key": "x"},
        )  # fmt: skip
        assert sent.status == 202

        def stored() -> bool:
            ledger = program.api.ledger()
            return bool(ledger["evaluations"]["in_flight"] + ledger["store"]["rows_waiting"] == 0)

        until(stored, "all spans and evaluations are in the database")
        ledger = program.api.ledger()
        kept = [ledger[kind]["stored"] for kind in ("spans", "evaluations")]
        assert kept == [len(spans), len(metrics)], ledger
        yield program


def ask(program: Catalejo, path: str, **parameters: str) -> tuple[int, Any]:
    answer = program.api.answer(path, **parameters)
    return answer.status, json.loads(answer.body)


@pytest.mark.parametrize(("suite", "case"), CASES)
def test_search(served: Catalejo, suite: Suite, case: Case) -> None:
    path = "/api/v1/traces" if case.view == "traces" else "/api/v1/spans"
    status, body = ask(served, path, view=case.view, query=case.query, ml_app=suite.name)
    if case.rows is None:
        assert status == 400
        problem = body["errors"][0]["query"]
        code, position, length, *suggestion = case.problem
        assert (problem["code"], problem["position"], problem["length"]) == (
            code, int(position), int(length))  # fmt: skip
        assert (problem["suggestion"] or "") == " ".join(suggestion)
        assert problem["message"]
        return
    assert status == 200, body
    assert {int(row["span_id"]) - suite.first_id for row in body["rows"]} == case.rows


@pytest.mark.parametrize("path", ["/api/v1/facets", "/api/v1/series"])
def test_figures_take_the_same_search(served: Catalejo, path: str) -> None:
    status, body = ask(served, path, view="spans", query="@trace.errors:>0", ml_app="traces")
    assert status == 200
    total = body.get("total", sum(bucket["count"] for bucket in body.get("buckets", [])))
    assert total == 3


def test_explain_shows_tree_and_plan(served: Catalejo) -> None:
    status, body = ask(served, "/api/v1/explain", query="🔭 -@service:web*")
    assert status == 200
    assert body["ast"]["kind"] == "and"
    word, negated = body["ast"]["children"]
    assert (word["kind"], word["position"], word["length"]) == ("word", 0, 1)
    assert (negated["kind"], negated["position"]) == ("not", 2)
    assert negated["children"][0]["key"] == "@service"
    assert "service LIKE" in body["sql"] and "web" not in body["sql"]
    assert "web%" in body["parameters"].values()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("@dura", "@duration"),
        ("tea", "team"),
        ("@service:w", "web"),
        ("@service:(web OR d", "db"),
        ("team:", "core"),
        ("@status:", "error"),
        ("@evaluation.to", "@evaluation.tone.value"),
        ("@metrics.tt", "@metrics.ttft"),
        ("@meta.metadata.te", "@meta.metadata.temperature"),
        ("path:", '"a b/c:d"'),
        ("emo", "emoji\\ 🔭"),
    ],
)
def test_suggestions_come_from_names_and_data(served: Catalejo, query: str, expected: str) -> None:
    status, body = ask(served, "/api/v1/suggest", query=query, view="spans")
    assert status == 200
    assert expected in [item["text"] for item in body["items"]]
    assert body["end"] == len(query)
