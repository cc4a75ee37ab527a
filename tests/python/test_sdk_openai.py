"""The SDK and the context around calls of the real `openai`: one tracer, not two."""

from __future__ import annotations

import json
from typing import Any

import pytest
from catalejo.llmobs import LLMObs, LLMObsSpan
from catalejo.span import current

from tests.python import web_apps
from tests.python.in_process import Sent, recorder, sent, tags_of

__all__ = ["recorder", "sent"]

ANSWER = {
    "id": "1", "object": "chat.completion", "created": 1, "model": "gpt-4o-2024-11-20",
    "choices": [{"index": 0, "finish_reason": "stop",
                 "message": {"role": "assistant", "content": "a secret answer"}}],
    "usage": {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5},
}  # fmt: skip
CHUNK = {
    "id": "1", "object": "chat.completion.chunk", "created": 1, "model": "gpt-4o-2024-11-20",
    "choices": [{"index": 0, "delta": {"role": "assistant", "content": "part"}}],
}  # fmt: skip


@pytest.fixture
def client(sent: Sent) -> Any:
    """An AzureOpenAI whose requests never leave the process; `seen` has their headers."""
    import openai

    module = __import__("httpx2" if int(openai.__version__.split(".")[0]) >= 3 else "httpx")
    seen: list[Any] = []

    def answer(request: Any) -> Any:
        seen.append(request.headers)
        if json.loads(request.content).get("stream"):
            body = f"data: {json.dumps(CHUNK)}\n\n" * 2 + "data: [DONE]\n\n"
            headers = {"content-type": "text/event-stream"}
            return module.Response(200, content=body.encode(), headers=headers)
        return module.Response(200, json=ANSWER)

    made = openai.AzureOpenAI(
        azure_endpoint="https://resource.openai.azure.com", api_key="k", api_version="2024-10-21",
        http_client=module.Client(transport=module.MockTransport(answer)),
    )  # fmt: skip
    made.__dict__["seen"] = seen
    return made


def ask(client: Any, text: str = "a secret", **options: Any) -> Any:
    messages = [{"role": "user", "content": text}]
    return client.chat.completions.create(model="chat-prod", messages=messages, **options)


def test_calls_belong_to_the_spans_around_them(client: Any, sent: Sent) -> None:
    with LLMObs.workflow("serve", session_id="s-1"), LLMObs.agent("assistant") as agent:
        ask(client)
        assert current.get() is agent
        for _ in ask(client, stream=True):
            assert current.get() is agent
    calls = [span for span in sent.spans() if span["meta"]["span"]["kind"] == "llm"]
    assert len(calls) == 2
    for call in calls:
        assert call["parent_id"] == str(agent.span_id)
        assert call["session_id"] == "s-1"
        assert call["meta"]["agent_attribution"]["pagent_name"] == "assistant"


def test_nothing_is_told_to_the_model(client: Any, sent: Sent) -> None:
    with LLMObs.workflow("serve", session_id="s-1"):
        ask(client)
    assert not [name for name in client.seen[0] if "datadog" in name or "trace" in name]


def test_annotation_context_around_calls(client: Any, sent: Sent) -> None:
    prompt = {"id": "p", "template": "a {{what}}", "variables": {"what": "secret"}}
    with LLMObs.annotation_context(tags={"team": "x"}, prompt=prompt, name="renamed"):
        ask(client)
    with LLMObs.workflow("parent"):
        LLMObs.annotate(prompt={"id": "of the parent"})
        ask(client)
    annotated, _, inherited = sent.spans()
    assert annotated["name"] == "renamed"
    assert tags_of(annotated)["team"] == "x"
    assert annotated["meta"]["input"]["prompt"]["variables"] == {"what": "secret"}
    assert annotated["meta"]["input"]["messages"][0]["content"] == "a secret"
    assert inherited["meta"]["input"]["prompt"]["id"] == "of the parent"


def test_processors_redact_calls(client: Any, sent: Sent) -> None:
    def redact(span: LLMObsSpan) -> LLMObsSpan:
        for message in [*span.input, *span.output]:
            message["content"] = message["content"].replace("secret", "***")
        return span

    LLMObs.register_processor(redact)
    assert ask(client).choices[0].message.content == "a secret answer"
    assert len(list(ask(client, stream=True))) == 2
    LLMObs.register_processor(None)
    assert "secret" not in json.dumps(sent.spans())
    assert sent.spans()[0]["meta"]["output"]["messages"][0]["content"] == "a *** answer"


def test_calls_of_one_request_are_one_trace(client: Any, sent: Sent) -> None:
    app = web_apps.application("flask")

    @app.get("/ask")  # type: ignore[untyped-decorator,unused-ignore]
    def asks() -> str:
        ask(client)
        for _ in ask(client, stream=True):
            pass
        return "done"

    for _ in range(2):
        app.test_client().get("/ask")
    traces = [span["trace_id"] for span in sent.spans()]
    assert len(traces) == 4
    assert traces[0] == traces[1] != traces[2] == traces[3]
