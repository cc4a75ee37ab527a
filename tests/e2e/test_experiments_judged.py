"""Rows of experiments judged by a judge of the server's: RemoteEvaluator, Datadog's and ours."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from demo.azure.server import Azure
from tests.e2e.harness.judging import azure_with_one_away, judge_settings
from tests.e2e.harness.page_api import call
from tests.e2e.harness.program import Catalejo, until
from tests.e2e.test_experiments import told_by

JUDGE = "rows"
PROMPT = "{{span_input}} / {{span_output}} / {{metadata.tone}} / {{metadata.expected_output}}"


@pytest.fixture(scope="module")
def azure() -> Iterator[Azure]:
    yield from azure_with_one_away()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, azure: Azure) -> Iterator[Catalejo]:
    program = Catalejo(tmp_path_factory.mktemp("judged") / "data", judge_settings(azure))
    program.key = "any key will do"
    with program:
        for name, deployment in ((JUDGE, "chat-prod"), ("away", "gpt-4o"), ("draft", "chat-prod")):
            draft = {
                "label": "fits", "apps": ["nobody's"], "deployment": deployment,
                "prompt": [{"role": "user", "text": PROMPT}], "criteria": {"pass_values": ["true"]},
            }  # fmt: skip
            made = ask(program, "", {"name": name, "draft": draft})["id"]
            if name != "draft":
                ask(program, f"/{made}/publish")
        yield program


def ask(program: Catalejo, path: str, body: Any = None) -> Any:
    sent = b"" if body is None else json.dumps(body).encode()
    answer = call(program.http_port, "POST", f"/api/v1/judges{path}", sent, timeout_s=60)
    assert answer.status == 200, answer.body
    return answer.json()


def infer(program: Catalejo, attributes: Any, judge: str = "away") -> Any:
    body = json.dumps({"data": {"attributes": attributes}}).encode()
    return call(
        program.http_port, "POST", f"/api/unstable/llm-obs/v1/evaluators/{judge}/infer", body
    )


@pytest.mark.parametrize(
    ("mode", "module"),
    [("v4-override", "ddtrace.llmobs"), ("tracer-override", "catalejo.llmobs")],
)
def test_rows_are_judged_by_the_name_of_a_judge(
    served: Catalejo, azure: Azure, mode: str, module: str
) -> None:
    told = told_by(
        "experiments_judged", mode, served, azure, module, mode, JUDGE, "away", "draft", "nobody",
    )  # fmt: skip
    for value, assessment, reasoning, status, message in told[JUDGE]:
        assert value in (True, False) and reasoning and status == "OK" and message is None
        assert assessment == ("pass" if value else "fail")
    for name, words in (
        ("away", "did not answer"), ("draft", "not published"), ("nobody", "no judge of that name"),
    ):  # fmt: skip
        for value, _, _, status, message in told[name]:
            assert value is None and status == "ERROR" and words in message


def test_a_judge_is_asked_about_all_of_a_row(served: Catalejo) -> None:
    context = {
        "span_input": {"q": "¿siete? 🌊"}, "span_output": "a text",
        "meta": {"expected_output": ["one"], "metadata": {"tone": "grave"}},
    }  # fmt: skip
    answer = infer(served, {"context": context}, JUDGE)
    assert answer.status == 200, answer.body
    said = answer.json()["data"]["attributes"]
    assert said["value"] in (True, False) and said["reasoning"] and said["status"] == "OK"
    assert said["assessment"] == ("pass" if said["value"] else "fail")

    asked = ""

    def was_asked() -> bool:
        nonlocal asked
        rows = served.api.spans(view="spans", ml_app="catalejo-judge")
        traces = [served.api.trace(row["trace_id"]) for row in rows]
        asked = json.dumps(traces, ensure_ascii=False)
        return "¿siete? 🌊" in asked

    until(was_asked, "the call of the judge is stored")
    for text in ("a text", "grave", "one"):
        assert text in asked


@pytest.mark.parametrize(
    "attributes", [{}, {"context": 7}, {"context": {}}, {"context": {"span_input": None}}]
)
def test_what_cannot_be_judged_is_refused(served: Catalejo, attributes: Any) -> None:
    answer = infer(served, attributes)
    assert answer.status == 400 and answer.json()["errors"][0]["where"] == "context"
