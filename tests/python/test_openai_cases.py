"""What is recorded of requests, failures and Azure's side of a call; and what must not happen."""

from __future__ import annotations

from typing import Any

import pytest

from tests.python.openai_run import Run, azure, messages, read, tags, text_of
from tests.python.test_openai import run

__all__ = ["run"]
TOKENS = ("input_tokens", "output_tokens", "total_tokens")


def need(run: Run, case: str) -> Any:
    if run.plain.get(case) is None:
        pytest.skip("not in this version of openai")
    return run.span(case)


def test_parameters(run: Run) -> None:
    metadata = run.span("parameters")["meta"]["metadata"]
    wanted = {
        "temperature": 0.2,
        "max_tokens": 300,
        "user": "user-17",
        "stop": ["\n\n", "END"],
        "n": 2,
        "seed": 7,
        "logit_bias": {"50256": -100},
        "response_format": {"type": "text"},
        "top_p": 0.5,
        "finish_reason": "stop,stop",
        "system_fingerprint": "fp_b705f0c291",
    }
    assert {name: metadata[name] for name in wanted} == wanted
    assert metadata.keys() - wanted.keys() == {"azure"}
    assert "not recorded" not in str(run.span("parameters"))


def test_the_request_is_recorded_as_it_was_sent(run: Run) -> None:
    assert messages(run.span("changed_afterwards"), "input") == [
        {"role": "user", "content": "hola"}
    ]
    several = messages(run.span("messages_of_a_generator"), "input")
    assert [message["content"] for message in several] == ["briefly", "hola"]


def test_several_choices(run: Run) -> None:
    span = run.span("several_choices_streamed")
    assert len({message["content"] for message in messages(span)}) == 3
    assert span["meta"]["metadata"]["finish_reason"] == "stop,stop,stop"
    assert len(messages(run.span("parameters"))) == 2


@pytest.mark.parametrize("case", ["tool_call", "tool_call_streamed"])
def test_tool_calls(run: Run, case: str) -> None:
    span = run.span(case)
    said = messages(span)[0]
    assert said["role"] == "assistant"
    assert said["content"] == ""
    (call,) = said["tool_calls"]
    assert call.pop("tool_id").startswith("call_")
    assert call == {"name": "get_weather", "arguments": {"city": "Málaga"}, "type": "function"}
    (tool,) = span["meta"]["tool_definitions"]
    assert (tool["name"], tool["description"]) == ("get_weather", "Weather of a city")
    assert tool["schema"]["required"] == ["city"]


def test_tool_results(run: Run) -> None:
    _, asked, result = messages(run.spans["tool_result"][1], "input")
    assert asked["tool_calls"][0]["arguments"] == {"city": "Málaga"}
    assert result["content"] == ""
    assert result["tool_results"][0]["result"] == '{"°C": 21}'
    assert result["tool_results"][0]["tool_id"] == asked["tool_calls"][0]["tool_id"]


def test_images_and_audio(run: Run) -> None:
    (message,) = messages(run.span("image_and_audio"), "input")
    assert message["content"] == "¿Qué es esto?\n[image]"
    assert message["image_parts"][0]["mime_type"] == "image/png"
    assert message["image_parts"][0]["content"].startswith("iVBOR")
    assert message["audio_parts"] == [{"mime_type": "audio/wav", "content": "UklGRg=="}]


def test_items_of_responses(run: Run) -> None:
    system, question, call, result = messages(need(run, "response_items"), "input")
    assert system == {"content": "Be brief", "role": "system"}
    assert question["content"] == "¿Qué tiempo hace?"
    assert question["image_parts"][0]["mime_type"] == "image/png"
    assert call["tool_calls"][0]["arguments"] == {"city": "Málaga"}
    assert result["tool_results"][0]["result"] == '{"°C": 21}'
    for case in ("response_tool_call", "response_tool_call_streamed"):
        (asked,) = messages(run.span(case))[0]["tool_calls"]
        assert (asked["name"], asked["type"]) == ("get_weather", "function_call")
    reasoning = messages(run.span("thinking-whole-sync"))[0]
    assert reasoning["role"] == "reasoning"
    assert "Thinking" in reasoning["content"]


def test_responses_that_end_otherwise(run: Run) -> None:
    cut = need(run, "response_incomplete")["meta"]["metadata"]
    assert (cut["status"], cut["finish_reason"]) == ("incomplete", "max_output_tokens")
    failed = run.span("response_failed")
    assert failed["status"] == "error"
    assert failed["meta"]["error"]["type"] == "openai.response.server_error"


@pytest.mark.parametrize("case", ["answer_filtered", "answer_filtered_streamed"])
def test_answers_that_the_content_filter_stopped(run: Run, case: str) -> None:
    span = run.span(case)
    assert span["status"] == "ok"
    assert span["meta"]["metadata"]["finish_reason"] == "content_filter"
    found = azure(span)["content_filter"]["completion"]
    assert found["violence"] == {"filtered": True, "severity": "medium"}
    assert found["hate"] == {"filtered": False, "severity": "safe"}


def test_prompts_that_the_content_filter_stopped(run: Run) -> None:
    jailbreak = azure(run.span("error_jailbreak"))
    assert jailbreak["status"] == 400
    assert jailbreak["inner_error"] == {
        "code": "ResponsibleAIPolicyViolation",
        "categories": ["jailbreak"],
        "jailbreak": True,
    }
    violence = azure(run.span("error_violence"))
    assert violence["inner_error"]["categories"] == ["violence"]
    assert violence["inner_error"]["jailbreak"] is False
    assert violence["content_filter"]["prompt"]["violence"]["severity"] == "high"


STATUSES = {"error_401": 401, "error_404": 404, "error_429": 429, "error_500": 500}
ERRORS = (
    *STATUSES,
    "error_jailbreak",
    "error_timeout",
    "error_reset",
    "error_refused",
    "error_of_arguments",
    "error_in_arguments",
)


@pytest.mark.parametrize("case", ERRORS)
def test_errors(run: Run, case: str) -> None:
    span, heard = run.span(case), run.traced[case]
    error = span["meta"]["error"]
    assert span["status"] == "error"
    assert (error["type"], error["message"]) == (heard["type"], heard["message"])
    assert error["stack"].startswith("Traceback") or "Traceback" in error["stack"]
    assert messages(span) == [{"content": "", "role": ""}]
    assert tags(span)["error_type"] == error["type"]
    asked = "no-such-deployment" if case == "error_404" else "chat-prod"
    assert span["meta"]["model_name"] == asked == tags(span)["deployment"]
    if case in STATUSES:
        assert azure(span)["status"] == STATUSES[case]
    if case != "error_of_arguments":
        assert messages(span, "input")[0]["role"] == "user"


def test_retries(run: Run) -> None:
    for case, retries, status in (
        ("retried", 2, 429), ("retried_async", 1, 500), ("error_429", 2, 429),
    ):  # fmt: skip
        facts = azure(run.span(case))
        assert (facts["retries"], facts["retry_status"]) == (retries, status), case
        assert facts["retry_ms"] >= 45 * retries, case
    assert azure(run.span("error_429"))["retry_after_ms"] == 50
    assert azure(run.span("retried"))["status"] == 200


def test_a_deployment_that_was_full_handed_on(run: Run) -> None:
    spans = run.spans["answered_elsewhere"]
    assert len(spans) == 2
    for span in spans:
        assert span["status"] == "ok"
        assert tags(span)["deployment"] == "chat-mini"
        assert tags(span)["azure.spilled_from"] == "chat-prod"
        assert azure(span)["spillover_status"] == "429"
        assert span["meta"]["model_name"] == "gpt-4o-mini-2024-07-18"
    assert "azure.spilled_from" not in tags(run.span("parameters"))


def test_token_counts_of_streams(run: Run) -> None:
    asked = run.span("usage_asked_for")
    assert asked["meta"]["metadata"]["stream_options"] == {"include_usage": True}
    last = read(run.traced["usage_asked_for"][-1])
    assert last["usage"]["total_tokens"] == asked["metrics"]["total_tokens"]
    for case in ("usage_declined", "usage_of_an_old_version", "usage_with_data_sources"):
        span = run.span(case)
        assert span["status"] == "ok"
        assert not any(name in span["metrics"] for name in TOKENS), case
        assert messages(span)[0]["content"] == text_of(run.traced[case])


def test_a_server_that_refuses_to_be_asked_for_counts(run: Run) -> None:
    first, second = run.spans["usage_refused"]
    for span in (first, second):
        assert span["status"] == "ok"
        assert "retries" not in azure(span)
        assert messages(span)[0]["content"] == text_of(run.traced["usage_refused"][0])


def test_clients_and_addresses(run: Run) -> None:
    azure_one = run.span("client_of_version_one")
    assert azure_one["name"] == "AzureOpenAI.createChatCompletion"
    assert tags(azure_one)["deployment"] == "chat-prod"
    assert "azure.api_version" not in tags(azure_one)
    elsewhere = run.span("client_elsewhere")
    assert elsewhere["name"] == "OpenAI.createChatCompletion"
    assert elsewhere["meta"]["model_provider"] == "openai"
    assert "azure.resource" not in tags(elsewhere)
    assert elsewhere["meta"]["metadata"]["openai"]["status"] == 200
    assert elsewhere["metrics"]["total_tokens"] > 0
    fixed = run.span("client_of_one_deployment")
    assert tags(fixed)["deployment"] == "chat-mini"
    assert fixed["meta"]["model_name"] == "gpt-4o-mini-2024-07-18"


def test_tasks_and_threads(run: Run) -> None:
    for case, count in (("two_streams_in_tasks", 2), ("in_threads", 4)):
        spans = run.spans[case]
        assert len(spans) == count
        for span in spans:
            said = messages(span, "input")[0]["content"]
            assert said == "say exactly: " + messages(span)[0]["content"]
        assert len({span["trace_id"] for span in spans}) == count
    both = run.span("one_stream_two_consumers")
    assert "stream_end" not in both["meta"]["metadata"]
    assert messages(both)[0]["content"] == text_of(run.traced["one_stream_two_consumers"])


def test_cancelled_tasks(run: Run) -> None:
    span = run.span("cancelled")
    assert span["meta"]["error"]["type"] == "asyncio.exceptions.CancelledError"
    left = run.span("cancelled_in_stream")
    _, chunks = run.traced["cancelled_in_stream"]
    assert messages(left)[0]["content"] == text_of(chunks)
    assert left["meta"]["metadata"]["stream_end"] in ("closed", "dropped", "cut")


def test_a_stream_is_not_the_parent_of_what_follows(run: Run) -> None:
    spans = run.spans["children"]
    parent = next(span for span in spans if span["name"] == "parent")
    others = [span for span in spans if span is not parent]
    assert len(others) == 2
    for span in others:
        assert span["parent_id"] == parent["span_id"]
        assert span["trace_id"] == parent["trace_id"]


def test_other_calls_are_left_alone(run: Run) -> None:
    assert run.spans["other_endpoints"] == []


def test_a_failure_of_ours_is_counted_and_stays_ours(run: Run) -> None:
    """What the application heard is compared in test_the_application_hears_the_same."""
    assert run.traced["end"]["made_to_fail"] >= 4
    spans = run.spans["our_capture_fails"]
    assert len(spans) == 4
    assert [span["status"] for span in spans].count("error") == 1
