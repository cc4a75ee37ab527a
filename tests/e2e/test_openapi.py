"""The answers against the document the program serves, asked by what schemathesis makes of it."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    response_schema_conformance,
    status_code_conformance,
)

from tests.e2e.harness.load import body_of, event, post
from tests.e2e.harness.page_api import call
from tests.e2e.harness.program import ROOT, Catalejo, until

DOCUMENT: dict[str, Any] = json.loads((ROOT / "src/api/openapi.json").read_text())
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    ignored_auth,
]
TRACE_ID = f"{1:032x}"

# Server-Sent Events do not end: tests/e2e/test_page.py reads them.
schema = schemathesis.openapi.from_dict(DOCUMENT).exclude(path="/api/v1/live")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalejo]:
    """A program with a key that holds a chat with a failed tool call and two evaluations of it."""
    program = Catalejo(tmp_path_factory.mktemp("openapi") / "data")
    program.create_key("openapi")
    with program:
        chat = event(1, "¿Y ahora? 🔭", session_id="s-1")
        tool = event(2, "x", name="lookup", status="error", parent_id="1", trace_id=TRACE_ID)
        tool["meta"] = {
            "span": {"kind": "tool"},
            "input": {"value": "{}"},
            "error.message": "no such place",
            "error.type": "LookupError",
            "error.stack": "Traceback (most recent call last):\n",
        }
        assert post(program, body_of(chat, tool)).status == 202
        assert evaluate(program, "tone", "score", 0.5) == 202
        assert evaluate(program, "topic", "categorical", "sea") == 202
        until(
            lambda: (
                len(program.api.trace(TRACE_ID)["evaluations"]) == 2
                and len(program.api.trace(TRACE_ID)["spans"]) == 2
            ),
            "the trace and its evaluations are stored",
        )
        yield program


def evaluate(program: Catalejo, label: str, kind: str, value: float | str) -> int:
    metric = {
        "join_on": {"span": {"span_id": "1", "trace_id": TRACE_ID}},
        "label": label, "metric_type": kind, f"{kind}_value": value,
        "ml_app": "load", "timestamp_ms": int(time.time() * 1000),
    }  # fmt: skip
    body = {"data": {"type": "evaluation_metric", "attributes": {"metrics": [metric]}}}
    headers = {"content-type": "application/json", "dd-api-key": program.key}
    path = "/api/intake/llm-obs/v2/eval-metric"
    return call(program.http_port, "POST", path, json.dumps(body).encode(), headers).status


@schema.parametrize()
@settings(max_examples=25, deadline=None, derandomize=True,
          suppress_health_check=list(HealthCheck))  # fmt: skip
def test_answers_are_as_documented(case: Case[Any], served: Catalejo) -> None:
    headers = {"DD-API-KEY": served.key}
    response = heeding_retry_after(case, served, headers)
    case.validate_response(response, checks=CHECKS, headers=headers)


def heeding_retry_after(case: Case[Any], served: Catalejo, headers: dict[str, str]) -> Any:
    """The answer to a client that waits as it is told: topics are looked for one question after
    the other, and these questions come faster. One who is still told to wait has that answer."""
    for _ in range(10):
        response = case.call(base_url=served.http_url, headers=headers)
        waits = response.headers.get("retry-after")
        if response.status_code != 503 or not waits:
            break
        time.sleep(int(waits[0]))
    return response


def test_a_full_trace_is_as_documented(served: Catalejo) -> None:
    """What chance does not find: a trace that exists, with every part it can have."""
    operation = schema["/api/v1/traces/{id}"]["GET"]
    for path in (TRACE_ID, "1"):
        case = operation.Case(path_parameters={"id": path})
        response = case.call(base_url=served.http_url, headers={"DD-API-KEY": served.key})
        assert response.status_code == 200
        case.validate_response(response, checks=[response_schema_conformance])


@pytest.mark.parametrize("path", ["/api/v1/traces", "/api/v1/spans"])
def test_lists_and_details_agree(served: Catalejo, path: str) -> None:
    """A row says of its span what the detail says."""
    view = "traces" if path.endswith("traces") else "spans"
    rows = served.api.rows(path, view=view)
    assert rows
    spans = {span["span_id"]: span for span in served.api.trace(TRACE_ID)["spans"]}
    for row in rows:
        span = spans[row["span_id"]]
        for figure in ("name", "status", "duration_ns"):
            assert row[figure] == span[figure]


def test_every_route_is_documented_and_served() -> None:
    source = (ROOT / "src/api/api.cpp").read_text()
    served = set(re.findall(r'Route\{"([A-Z]+)", "([^"]+)"', source))
    documented = {
        (method.upper(), path)
        for path, methods in DOCUMENT["paths"].items()
        for method in methods
        if method in {"get", "post", "put", "patch", "delete"}
    }
    assert served == documented and served
