"""Evaluators of ours say what ddtrace's say; judges ask the user's own deployment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from catalejo import llmobs
from catalejo.sdk.registry import RegistryError

from demo.azure.server import KEY, Azure
from demo.azure.server import start as start_azure
from tests.e2e.harness.client import venv
from tests.python.in_process import Sent, recorder, sent
from tests.python.kept import Kept, kept

__all__ = ["kept", "recorder", "sent"]  # fixtures

SCRIPT = Path(__file__).parent / "evaluators_script.py"
PARTS = {"ready_made": 0, "judges": 1, "mistakes": 2}


def run_by(python: str, module: str) -> Any:
    env = {name: value for name, value in os.environ.items() if "OPENAI" not in name}
    done = subprocess.run(
        [python, str(SCRIPT), module], capture_output=True, text=True, check=False, env=env
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def both() -> tuple[Any, Any]:
    theirs = run_by(str(venv("v4") / "bin/python"), "ddtrace.llmobs")
    return theirs, run_by(sys.executable, "catalejo.llmobs")


@pytest.mark.parametrize("part", PARTS)
def test_the_same_as_ddtrace(both: tuple[Any, Any], part: str) -> None:
    theirs, ours = (one[PARTS[part]] for one in both)
    assert len(theirs) == len(ours) > 10
    differences = [pair for pair in zip(theirs, ours) if pair[0] != pair[1]]
    assert not differences, differences[:5]


@pytest.fixture(scope="module")
def azure() -> Iterator[Azure]:
    server = start_azure()
    yield server
    server.shutdown()


def context(output: str) -> llmobs.EvaluatorContext:
    return llmobs.EvaluatorContext(input_data="2+2", output_data=output)


@pytest.mark.parametrize("where", ["options", "environment"])
def test_a_judge_on_the_users_deployment(
    sent: Sent, azure: Azure, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    options = {"api_key": KEY, "azure_endpoint": azure.url(), "azure_deployment": "gpt-4o"}
    if where == "environment":
        for name, value in (("API_KEY", KEY), ("ENDPOINT", azure.url()), ("DEPLOYMENT", "gpt-4o")):
            monkeypatch.setenv(f"AZURE_OPENAI_{name}", value)
        options = {}
    judge = llmobs.LLMJudge(
        "Is {{output_data}} right?", provider="azure_openai", model="gpt-4o",
        structured_output=llmobs.BooleanStructuredOutput("d", reasoning=True, pass_when=True),
        client_options=options,
    )  # fmt: skip
    found = judge.evaluate(context("4"))
    assert isinstance(found, llmobs.EvaluatorResult)
    assert found.assessment == ("pass" if found.value else "fail") and found.reasoning
    assert len(sent.spans()) == 1, "a judge's call is traced as any other"


def test_a_judge_without_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("API_KEY", "ENDPOINT"):
        monkeypatch.delenv(f"AZURE_OPENAI_{name}", raising=False)
    with pytest.raises(ValueError, match="AZURE_OPENAI_API_KEY"):
        llmobs.LLMJudge("x", provider="azure_openai")
    with pytest.raises(ValueError, match="AZURE_OPENAI_ENDPOINT"):
        llmobs.LLMJudge("x", provider="azure_openai", client_options={"api_key": "k"})
    for provider in ("anthropic", "bedrock", "vertexai", None):
        with pytest.raises(ValueError, match="give client="):
            llmobs.LLMJudge("x", provider=provider)
    monkeypatch.setitem(sys.modules, "openai", None)
    with pytest.raises(ImportError, match="pip install openai"):
        llmobs.LLMJudge("x", provider="openai")


def test_a_judge_that_the_server_has(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    answers: list[Any] = [{"value": True}, {"value": 3, "reasoning": "so", "status": "OK"}]

    def request(method: str, path: str, body: Any, *_: Any) -> Any:
        asked.append((path, body["data"]["attributes"]["context"]))
        return {"data": {"attributes": answers.pop(0)}}

    asked: list[Any] = []
    monkeypatch.setattr("catalejo.sdk.registry.request", request)
    judge = llmobs.RemoteEvaluator("my judge")
    row = llmobs.EvaluatorContext("in", "out", "expected", {"a": 1}, "7", "ab")
    assert judge.evaluate(row) is True
    told: Any = judge.evaluate(row)
    assert (told.value, told.reasoning, told.status) == (3, "so", "OK")
    assert asked[0] == ("/api/unstable/llm-obs/v1/evaluators/my%20judge/infer", {
        "span_input": "in", "span_output": "out", "span_id": "7", "trace_id": "ab",
        "meta": {"expected_output": "expected", "metadata": {"a": 1}},
    })  # fmt: skip


def test_a_judge_that_the_server_has_not(kept: Kept) -> None:
    kept.refusals.append(("/infer", RegistryError(404, "404: there is no judge of that name")))
    with pytest.raises(llmobs.RemoteEvaluatorError, match="'mine': 404: there is no") as error:
        llmobs.RemoteEvaluator("mine").evaluate(context("x"))
    assert error.value.status == "ERROR" and error.value.backend_error["type"] == "http_404"
