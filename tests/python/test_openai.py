"""Every traced method of openai: the application notices nothing, the span holds what it saw."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.python.openai_run import Run, azure, environments, messages, read, tags, text_of

RUNS: dict[str, Run] = {}
MODES = ("sync", "async")
WHOLE = ("chat", "completion", "embedding", "response", "thinking", "parse", "parse_response")
WAYS = ("whole", "raw-parsed", "raw-unparsed", "bare-parsed", "bare-bytes")
STREAMED = ("chat", "completion", "response", "thinking")
NAMES = {
    "chat": "createChatCompletion",
    "completion": "createCompletion",
    "embedding": "createEmbedding",
    "response": "createResponse",
    "thinking": "createResponse",
    "parse": "parseChatCompletion",
    "parse_response": "parseResponse",
    "chat_helper": "createChatCompletion",
    "response_helper": "createResponse",
}
DEPLOYMENTS = {"completion": "instruct", "embedding": "embed", "thinking": "o4-mini"}


@pytest.fixture(scope="module", params=environments())
def run(request: pytest.FixtureRequest) -> Run:
    name = request.param
    if name not in RUNS:
        RUNS[name] = Run(environments()[name])
    return RUNS[name]


def has(run: Run, case: str) -> bool:
    """Whether this version of openai has what the case uses."""
    return run.plain.get(case) is not None


def grid(run: Run) -> list[str]:
    return [case for case in run.plain if "-" in case]


def test_the_application_hears_the_same(run: Run) -> None:
    """Chunks, answers, events, bytes, exceptions with their messages and last frames."""
    assert run.plain.keys() <= run.traced.keys()
    different = {
        case: (heard, run.traced[case])
        for case, heard in run.plain.items()
        if heard != run.traced[case]
    }
    assert not different


def test_nothing_of_ours_fails(run: Run) -> None:
    end = run.traced["end"]
    assert end["failures"] == 0, end["texts"]
    assert end["submit_failures"] == 0
    assert end["sent"]


def test_one_span_for_each_call(run: Run) -> None:
    counts = {case: len(run.spans[case]) for case in grid(run)}
    assert {case: count for case, count in counts.items() if count != 1} == {}


def test_what_every_span_says_of_its_call(run: Run) -> None:
    for case in grid(run):
        method = case.partition("-")[0]
        span = run.span(case)
        meta = span["meta"]
        assert span["name"] == "AzureOpenAI." + NAMES[method], case
        assert meta["span"]["kind"] == ("embedding" if method == "embedding" else "llm"), case
        assert meta["model_provider"] == "azure_openai"
        assert span["parent_id"] == "undefined"
        assert 0 < span["duration"] < 60e9
        said = tags(span)
        deployment = DEPLOYMENTS.get(method, "chat-prod")
        if "response" in method:
            deployment = "gpt-4.1"
        assert said["deployment"] == deployment, case
        assert said["azure.api_version"] == "2024-10-21"
        assert said["azure.region"] == "Sweden Central"
        assert said["azure.resource"] == "127.0.0.1"
        facts = azure(span)
        assert facts["status"] == 200
        assert len(facts["request_id"]) == 36
        assert facts["rate_limit"]["remaining_tokens"] == 249000
        assert "retries" not in facts


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("method", WHOLE)
@pytest.mark.parametrize("way", WAYS)
def test_whole_answers(run: Run, method: str, way: str, mode: str) -> None:
    case, plain = f"{method}-{way}-{mode}", f"{method}-whole-{mode}"
    if not has(run, case):
        pytest.skip("not in this version of openai")
    span, answer = run.span(case), read(run.plain[plain]["answer"])
    meta, metrics, usage = span["meta"], span["metrics"], answer["usage"]
    assert span["status"] == "ok"
    assert meta["model_name"] == answer["model"]
    assert "stream_end" not in meta["metadata"]
    assert metrics["total_tokens"] == usage["total_tokens"]
    if method == "embedding":
        assert meta["output"] == {"value": "[2 embedding(s) returned with size 1536]"}
        assert [one["text"] for one in meta["input"]["documents"]][1] == "dos"
        assert meta["metadata"]["encoding_format"] == "float"
        return
    said = messages(span)[-1]
    if "choices" in answer:
        choice = answer["choices"][0]
        assert said["content"] == (choice.get("text") or choice["message"]["content"])
        assert meta["metadata"]["finish_reason"] == choice["finish_reason"] == "stop"
        assert metrics["input_tokens"] == usage["prompt_tokens"]
        assert metrics["output_tokens"] == usage["completion_tokens"]
    else:
        assert said["content"] == answer["output"][-1]["content"][0]["text"]
        details = usage["output_tokens_details"]
        assert metrics["reasoning_output_tokens"] == details["reasoning_tokens"]
    found = azure(span)["content_filter"]
    assert found["prompt"]["jailbreak"] == {"filtered": False, "detected": False}
    assert found["completion"]["violence"] == {"filtered": False, "severity": "safe"}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("method", STREAMED)
@pytest.mark.parametrize("end", ["all", "paused", "next"])
def test_streams_read_to_their_end(run: Run, method: str, end: str, mode: str) -> None:
    case = f"{method}-stream-{end}-{mode}"
    if not has(run, case):
        pytest.skip("not in this version of openai")
    span, heard = run.span(case), run.traced[case]
    assert span["status"] == "ok"
    assert "stream_end" not in span["meta"]["metadata"]
    assert messages(span)[-1]["content"] == text_of(heard["chunks"]) != ""
    assert span["meta"]["metadata"]["stream"] is True
    # Real token counts, the same as of the whole call; the application saw none of them.
    whole = run.span(f"{method}-whole-{mode}")["metrics"]
    metrics = span["metrics"]
    assert {name: metrics[name] for name in whole} == whole
    assert '"usage":{' not in "".join(heard["chunks"]) or "response" in NAMES[method].lower()
    assert 0 < metrics["time_to_first_token"] * 1e9 <= span["duration"]
    assert metrics["time_per_output_token"] >= 0
    if method in ("chat", "completion"):
        assert span["meta"]["metadata"]["finish_reason"] == "stop"
    found = azure(span)["content_filter"]
    assert set(found) == {"prompt", "completion"}


ENDS = {"closed": "closed", "block": "closed", "dropped": "dropped", "unread": "dropped"}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("method", STREAMED)
@pytest.mark.parametrize("end", ENDS)
def test_streams_that_the_application_leaves(run: Run, method: str, end: str, mode: str) -> None:
    case = f"{method}-stream-{end}-{mode}"
    if not has(run, case):
        pytest.skip("not in this version of openai")
    span, heard = run.span(case), run.traced[case]
    metadata = span["meta"]["metadata"]
    assert span["status"] == "ok"
    # asyncio may close what was dropped before it is collected.
    assert metadata["stream_end"] in {ENDS[end], "closed" if end == "dropped" else ENDS[end]}
    assert "".join(message["content"] for message in messages(span)) == text_of(heard["chunks"])
    assert "finish_reason" not in metadata
    assert "total_tokens" not in span["metrics"]
    assert ("time_to_first_token" in span["metrics"]) == bool(text_of(heard["chunks"]))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("method", STREAMED)
def test_streams_that_the_server_cuts(run: Run, method: str, mode: str) -> None:
    case = f"{method}-stream-cut-{mode}"
    if not has(run, case):
        pytest.skip("not in this version of openai")
    span, heard = run.span(case), run.traced[case]
    assert span["status"] == "error"
    assert span["meta"]["metadata"]["stream_end"] == "cut"
    error = span["meta"]["error"]
    assert (error["type"], error["message"]) == (heard["error"]["type"], heard["error"]["message"])
    assert "Traceback" in error["stack"]
    assert "".join(message["content"] for message in messages(span)) == text_of(heard["chunks"])


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("method", STREAMED)
@pytest.mark.parametrize("way", ["raw-stream", "bare-stream", "bare-lines"])
def test_streams_of_the_raw_variants(run: Run, method: str, way: str, mode: str) -> None:
    case = f"{method}-{way}-{mode}"
    if not has(run, case):
        pytest.skip("not in this version of openai")
    span = run.span(case)
    whole = run.span(f"{method}-stream-all-{mode}")
    assert messages(span)[-1] == messages(whole)[-1]
    assert "stream_end" not in span["meta"]["metadata"]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("method", WHOLE)
def test_raw_answers_that_nobody_reads(run: Run, method: str, mode: str) -> None:
    case = f"{method}-bare-unread-{mode}"
    if not has(run, case):
        pytest.skip("not in this version of openai")
    assert run.span(case)["meta"]["metadata"]["stream_end"] == "closed"


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("method", ["chat_helper", "response_helper"])
def test_stream_helpers(run: Run, method: str, mode: str) -> None:
    if not has(run, f"{method}-all-{mode}"):
        pytest.skip("not in this version of openai")
    span = run.span(f"{method}-all-{mode}")
    whole = run.span(f"{method.partition('_')[0]}-whole-{mode}")
    assert messages(span) == messages(whole)
    assert span["metrics"]["total_tokens"] == whole["metrics"]["total_tokens"]
    left = run.span(f"{method}-left-{mode}")
    assert left["meta"]["metadata"]["stream_end"] == "closed"
    assert messages(span)[0]["content"].startswith(messages(left)[0]["content"])


def test_structured_answers_say_their_schema(run: Run) -> None:
    if not has(run, "parse-whole-sync"):
        pytest.skip("not in this version of openai")
    span = run.span("parse-whole-sync")
    wanted = span["meta"]["metadata"]["response_format"]
    assert wanted["json_schema"]["schema"]["properties"].keys() == {"city"}
    assert json.loads(messages(span)[0]["content"]) == {"city": "Málaga"}


def test_a_stream_still_open_at_the_end(run: Run) -> None:
    assert run.traced["end"]["left"] == 1
    span: dict[str, Any] = run.span("still-open")
    assert span["meta"]["metadata"]["stream_end"] == "dropped"
    assert messages(span)[0]["content"] == text_of(run.traced["left_open"])
