"""Span links. ddtrace links the span of a tool with the calls to the model around it only where the
integration of an agent framework says which call of a tool it ran. Of an application that runs its
tools by itself, as here, it records none, although it keeps the calls in mind (LinkTracker). There
is nothing to carry over: the same script sends none under both."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from demo.azure.server import start
from tests.e2e.harness.client import venv
from tests.python.recorder import Recorder

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = """
import json, sys
from MODULE.llmobs import LLMObs
LLMObs.enable(ml_app="links", agentless_enabled=True)
import openai
from demo.azure.server import KEY
client = openai.AzureOpenAI(azure_endpoint=sys.argv[1], api_key=KEY, api_version="2024-10-21")
tool = {"type": "function", "function": {"name": "look_up", "parameters": {"type": "object",
        "properties": {"word": {"type": "string"}}}}}
messages = [{"role": "user", "content": "look up catalejo"}]
asked = dict(model="gpt-4o", tools=[tool])
with LLMObs.workflow("conversation"):
    answer = client.chat.completions.create(messages=messages, **asked).choices[0].message
    call = answer.tool_calls[0]
    with LLMObs.tool(name=call.function.name):
        LLMObs.annotate(input_data=call.function.arguments, output_data="spyglass")
    messages += [answer, {"role": "tool", "tool_call_id": call.id, "content": "spyglass"}]
    print(client.chat.completions.create(messages=messages, **asked).choices[0].message.content)
LLMObs.flush()
"""


def spans_under(module: str) -> list[dict[str, Any]]:
    plain = {
        name: value for name, value in os.environ.items()
        if not name.startswith(("DD_", "CATALEJO_", "OTEL_"))
    }  # fmt: skip
    azure = start()
    try:
        with Recorder() as recorder:
            done = subprocess.run(
                [venv("v4") / "bin/python", "-c", SCRIPT.replace("MODULE", module), azure.url()],
                env={
                    **plain, **recorder.environment(), "PYTHONPATH": f"{ROOT / 'python'}:{ROOT}",
                    "DD_TRACE_AGENT_URL": recorder.url, "DD_REMOTE_CONFIGURATION_ENABLED": "0",
                    "DD_INSTRUMENTATION_TELEMETRY_ENABLED": "0",
                    "DD_TRACE_GIT_METADATA_ENABLED": "0",
                },
                cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
            )  # fmt: skip
            assert done.returncode == 0, done.stderr[-4000:]
            assert "spyglass" in done.stdout
            return sorted(recorder.spans, key=lambda span: int(span["start_ns"]))
    finally:
        azure.shutdown()


@pytest.mark.parametrize("module", ["ddtrace", "catalejo"])
def test_calls_of_tools_are_joined_by_their_ids_and_not_by_links(module: str) -> None:
    spans = spans_under(module)
    kinds = [span["meta"]["span"]["kind"] for span in spans]
    assert kinds == ["workflow", "llm", "tool", "llm"]
    assert not any("link" in json.dumps([*span, *span["_dd"]]) for span in spans)
    _, asking, _, answering = spans
    (call,) = asking["meta"]["output"]["messages"][0]["tool_calls"]
    (result,) = answering["meta"]["input"]["messages"][-1]["tool_results"]
    assert call["tool_id"] == result["tool_id"] != ""
