"""All scenarios under `catalejo run`, sent to Datadog's own receiver: it takes what our server
takes, and loses and changes nothing. It listens as an agent does, by TCP and by a socket's path; an
intake without an agent it is not."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from demo.azure.server import Azure
from tests.e2e.harness.client import Mode, Run, mode_named, run_scenarios
from tests.e2e.harness.datadog_agent import DatadogAgent, Json
from tests.e2e.harness.program import Catalejo
from tests.e2e.harness.stored import SDK_SPANS, Stored, text_of
from tests.e2e.scenarios.names import NAMES

# A function app that has an agent sends to it, too, before each invocation returns.
OURS = ("tracer-agent", "tracer2-agent", "tracer1-agent", "tracer-socket", "tracer-functions")


@dataclasses.dataclass
class Received:
    run: Run
    spans: list[Json]
    evaluations: list[Json]

    def of(self, scenario: str) -> Json:
        found = [
            span for span in self.spans if f"[{scenario}]" in text_of(span["meta"].get("input"))
        ]
        assert len(found) == 1, f"{scenario}: {len(found)} spans"
        return found[0]


@pytest.fixture(scope="module", params=OURS)
def received(
    request: pytest.FixtureRequest, shared: Catalejo, azure: Azure,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Received]:  # fmt: skip
    folder: Path = tmp_path_factory.mktemp(f"datadog-{request.param}")
    with DatadogAgent(folder) as agent:
        mode = mode_named(request.param)
        url = f"unix://{agent.socket}" if mode.transport == "socket" else agent.url
        variables = {**mode.variables, "DD_TRACE_AGENT_URL": url, "DD_TRACE_DEBUG": "1"}
        run = run_scenarios(dataclasses.replace(mode, variables=variables), shared, azure, folder)
        yield Received(run, agent.spans(), agent.evaluations())


def test_it_took_all_that_was_sent(received: Received) -> None:
    spans = len(NAMES) + len(SDK_SPANS) + 1
    sent = spans + len(received.evaluations)
    assert f"traced {sent}, sent {sent}, acknowledged {sent}, lost 0" in received.run.stderr
    assert len(received.spans) == len({span["span_id"] for span in received.spans}) == spans
    assert {each["label"] for each in received.evaluations} == {
        "helpful", "tone", "correct", "thumbs",
    }  # fmt: skip


def test_the_spans_are_those_that_our_server_stores(
    received: Received, run_in: Callable[[Mode], Stored]
) -> None:
    """Two runs of one application: what the wire has is what the page shows."""
    stored = run_in(mode_named(received.run.mode.name))
    for scenario in NAMES:
        span, ours = received.of(scenario), stored.of(scenario)
        heard = received.run.heard[scenario]
        said = {"name": span["name"], "kind": span["meta"]["span"]["kind"],
                "status": span["status"], "model": span["meta"].get("model_name")}  # fmt: skip
        kept = {key: ours[key] for key in said}
        if "model" in ours and ours["model"] in (None, ""):
            kept["model"] = said["model"]
        assert said == kept, scenario
        error = span["meta"].get("error", {})
        assert error.get("type", "") == heard["error_type"], scenario
        texts = [
            message.get("content") for message in span["meta"].get("output", {}).get("messages", [])
        ]
        if heard["kind"] == "llm" and not heard["tools"] and not error:
            assert texts == heard["texts"], scenario
        tokens = span["metrics"].get("input_tokens"), span["metrics"].get("output_tokens")
        assert tokens == (ours["input_tokens"], ours["output_tokens"]), scenario
    assert json.dumps(received.spans)  # plain JSON throughout
