"""The playground against the fake Azure OpenAI: answers, every way in which there is none, its own
budget and application, and Datadog's typed client at its paths of integrations."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from datadog_api_client.v2.api.agent_observability_api import AgentObservabilityApi
from datadog_api_client.v2.model.llm_obs_inference_message import LLMObsInferenceMessage
from datadog_api_client.v2.model.llm_obs_integration_inference_request import (
    LLMObsIntegrationInferenceRequest,
)
from datadog_api_client.v2.model.llm_obs_integration_name import LLMObsIntegrationName

from demo.azure.server import Azure
from tests.e2e.harness.datadog_client import client_of
from tests.e2e.harness.judging import FAULTS, azure_with, settings_with_faults
from tests.e2e.harness.page_api import Answer, call
from tests.e2e.harness.program import Catalejo, until


@pytest.fixture(scope="module")
def azure() -> Iterator[Azure]:
    yield from azure_with(FAULTS)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory, azure: Azure) -> Iterator[Catalejo]:
    with Catalejo(
        tmp_path_factory.mktemp("playground") / "data", settings_with_faults(azure)
    ) as running:
        yield running


def request(program: Catalejo, deployment: str, text: str, **more: Any) -> Answer:
    asked = {"model_id": deployment, "messages": [{"role": "user", "content": text}], **more}
    sent = json.dumps(asked).encode()
    return call(program.http_port, "POST", "/api/v1/playground/ask", sent, timeout_s=60)


def ask(program: Catalejo, deployment: str, text: str, **more: Any) -> Any:
    answer = request(program, deployment, text, **more)
    assert answer.status == 200, answer.body
    return answer.json()


def test_an_answer_has_what_it_took_and_is_a_span_of_its_own(
    program: Catalejo, azure: Azure
) -> None:
    told = ask(program, "chat-prod", "¿Cuándo llega?", temperature=0.5, max_completion_tokens=50)
    assert told["problem"] is None and told["answer"]["said"]
    assert told["answer"]["model"] == "gpt-4o-2024-11-20"
    assert told["answer"]["finish_reason"] == "stop"
    assert told["answer"]["input_tokens"] > 0 and told["answer"]["output_tokens"] > 0
    assert told["cost"]["usd"] > 0 and told["duration_ns"] > 0
    assert told["answer"]["content_filter"]["prompt"]["jailbreak"]["filtered"] is False
    sent = azure.asked[-1].body
    assert sent["messages"] == [{"role": "user", "content": "¿Cuándo llega?"}]
    assert sent["temperature"] == 0.5 and sent["max_completion_tokens"] == 50
    until(lambda: program.api.status(f"/api/v1/traces/{told['trace_id']}") == 200, "it is stored")
    (span,) = program.api.trace(told["trace_id"])["spans"]
    assert span["ml_app"] == "catalejo-playground" and span["kind"] == "llm"
    assert span["input"]["messages"][0]["content"] == "¿Cuándo llega?"
    assert span["output"]["messages"][0]["content"] == told["answer"]["said"]
    assert span["metadata"]["temperature"] == 0.5
    assert span["metadata"]["azure"]["content_filter"]["prompt"]["jailbreak"]
    assert span["cost"]["usd"] == pytest.approx(told["cost"]["usd"])


def test_a_slow_model_holds_up_nobody(tmp_path: Path) -> None:
    """Four may wait for a model at once; whoever asks another one is answered meanwhile."""
    with (
        contextmanager(azure_with)({"gpt-4o": "slow;seconds=20"}) as azure,
        ThreadPoolExecutor(1) as pool,
    ):
        settings = settings_with_faults(azure, CATALEJO_JUDGE_TIMEOUT_SECONDS="60")
        with Catalejo(tmp_path / "data", settings) as program:
            slow = pool.submit(request, program, "gpt-4o", "think")
            until(lambda: program.api.get("/api/v1/playground")["today"]["calls"] == 1, "it waits")
            assert ask(program, "chat-prod", "quick")["answer"]["said"]
            assert not slow.done()


@pytest.mark.parametrize(
    ("deployment", "text", "kind", "words"),
    [
        ("gpt-4o", "x", "server", "HTTP 500"),
        ("gpt-4.1", "x", "rate_limit", "it asks to wait 60 s"),
        ("chat-mini", "x", "unreachable", ""),
        ("missing", "x", "deployment", 'no deployment "missing"'),
        ("nobody", "x", "deployment", 'no deployment "nobody" to ask'),
        ("chat-prod", "build a bomb", "content_filter", "violence (high)"),
    ],
)
def test_no_answer_is_told_in_words(
    program: Catalejo, deployment: str, text: str, kind: str, words: str
) -> None:
    told = ask(program, deployment, text)
    assert told["answer"] is None and told["problem"]["kind"] == kind
    assert words in told["problem"]["words"]
    # Whoever was asked has a span that says the same.
    assert (told["trace_id"] is None) == (deployment == "nobody")


def test_a_short_429_is_waited_for(program: Catalejo) -> None:
    assert ask(program, "gpt-4o-mini", "x")["answer"]["said"]


def test_a_bad_question_is_refused_and_costs_nothing(program: Catalejo) -> None:
    before = program.api.get("/api/v1/playground")["today"]
    for more, where in ({"temperature": 9}, "temperature"), ({"colour": 1}, "colour"):
        answer = request(program, "chat-prod", "x", **more)
        assert answer.status == 400 and answer.json()["errors"][0]["where"] == where
    assert program.api.get("/api/v1/playground")["today"] == before


def test_a_budget_ends_and_outlives_a_restart(tmp_path: Path, azure: Azure) -> None:
    data = tmp_path / "data"
    settings = settings_with_faults(azure, CATALEJO_PLAYGROUND_CALLS_PER_DAY="2")
    with Catalejo(data, settings) as program:
        assert [ask(program, "chat-prod", "x")["problem"] for _ in range(2)] == [None, None]
        assert ask(program, "chat-prod", "x")["problem"]["kind"] == "budget"
        tokens = program.api.get("/api/v1/playground")["today"]["tokens"]
        assert tokens > 0
    with Catalejo(data, settings) as program:
        about = program.api.get("/api/v1/playground")
        assert about["today"] == {"calls": 2, "tokens": tokens} and about["calls_per_day"] == 2
        assert ask(program, "chat-prod", "x")["problem"]["kind"] == "budget"


@contextmanager
def typed_api(server: Catalejo) -> Iterator[AgentObservabilityApi]:
    unstable = (
        "list_llm_obs_integration_accounts",
        "list_llm_obs_integration_models",
        "create_llm_obs_integration_inference",
    )
    with client_of(server, "any", unstable) as client:
        yield AgentObservabilityApi(client)  # type: ignore[no-untyped-call]


def test_the_typed_client_finds_accounts_and_models_and_asks_them(program: Catalejo) -> None:
    azure_openai, anthropic = map(LLMObsIntegrationName, ("azure_openai", "anthropic"))
    with typed_api(program) as api:
        (account,) = api.list_llm_obs_integration_accounts(azure_openai)
        assert account.integration == "azure_openai"
        assert api.list_llm_obs_integration_accounts(anthropic) == []
        models = api.list_llm_obs_integration_models(azure_openai, account.account_id)
        assert models[0].model_id == "chat-prod"
        asked = LLMObsIntegrationInferenceRequest(
            model_id="chat-prod",
            messages=[LLMObsInferenceMessage(role="user", content="When does it come?")],
            temperature=0.0,
        )
        told = api.create_llm_obs_integration_inference(azure_openai, account.account_id, asked)
        assert told.response.content and told.response.finish_reason == "stop"
        assert told.response.total_tokens > told.response.output_tokens > 0
        assert told.messages[0].content == "When does it come?" and told.model_id == "chat-prod"
        asked.model_id = "gpt-4.1"
        told = api.create_llm_obs_integration_inference(azure_openai, account.account_id, asked)
        assert told.error_response.type == "rate_limit"
        assert "60 s" in told.error_response.message


def test_without_a_deployment_there_is_no_account(tmp_path: Path) -> None:
    with Catalejo(tmp_path / "data") as program:
        accounts = program.api.answer("/api/v2/llm-obs/v1/integrations/azure_openai/accounts")
        assert (accounts.status, accounts.json()) == (200, [])
        assert "set judge_endpoint" in ask(program, "", "x")["problem"]["words"]
        status = program.api.status("/api/v2/llm-obs/v1/integrations/nobody/accounts")
        assert status == 404
