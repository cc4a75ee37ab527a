"""Every kind of call, by three generations of the real client, by every way to send.

What the application heard itself (tests/e2e/scenarios) is the truth; the stored span must say the
same. Where a generation of the client is known to record something else, the exception is named.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from demo.azure.text import count_tokens
from tests.e2e.harness.page_api import Json
from tests.e2e.harness.program import until
from tests.e2e.harness.stored import SDK_SPANS, Stored, settled, text_of
from tests.e2e.scenarios.names import NAMES

DEPLOYMENTS = {
    "chat": "chat-prod",
    "chat_stream": "chat-mini",
    "chat_tool_call": "gpt-4.1",
    "completion": "instruct",
    "embedding": "embed",
}
# The client estimates tokens of these (WIRE: streamed completions; async or broken streams).
ESTIMATED = {"completion_stream", "async_chat_stream", "chat_stream_abandoned",
             "stream_cut_by_server"}  # fmt: skip


def skip_untraced(stored: Stored, scenario: str) -> None:
    if scenario not in stored.expected():
        pytest.skip(f"ddtrace {stored.mode.generation} sends no LLM span for it")


def messages(half: Any) -> list[Json]:
    found: list[Json] = (half or {}).get("messages") or []
    return found


def contents(half: Any) -> list[str]:
    return [message.get("content") or "" for message in messages(half)]


def test_each_span_arrives_exactly_once(stored: Stored) -> None:
    wanted = len(stored.expected()) + len(SDK_SPANS) + 1
    ids = Counter(row["span_id"] for row in stored.rows)
    assert [span for span, count in ids.items() if count > 1] == []
    names = sorted(text_of(row["input"])[:40] for row in stored.rows)
    assert len(ids) == wanted, names
    assert len(stored.spans) == wanted


@pytest.mark.parametrize("scenario", NAMES)
def test_a_call_is_stored_as_its_caller_saw_it(stored: Stored, scenario: str) -> None:
    skip_untraced(stored, scenario)
    heard, span = stored.run.heard[scenario], stored.of(scenario)
    assert span["kind"] == heard["kind"]
    assert span["service"] == f"service-{stored.mode.name}"
    assert span["env"] == "e2e" and span["version"] == "7.8.9"
    assert span["tags"]["team"] == "óptica" and span["tags"]["cost-center"] == "42"
    assert span["flags"] == []
    if heard["error_type"]:
        check_error(heard, span)
    else:
        assert span["status"] == "ok" and span["error"] is None
        check_answer(stored, scenario, heard, span)


def check_error(heard: Json, span: Json) -> None:
    assert span["status"] == "error"
    assert span["error"]["type"] == heard["error_type"]
    assert span["error"]["message"] == heard["error_message"]
    assert "Traceback" in span["error"]["stack"]


def check_answer(stored: Stored, scenario: str, heard: Json, span: Json) -> None:
    if heard["kind"] == "llm" and not heard["tools"]:
        said, stored_texts = heard["texts"], contents(span["output"])
        if scenario == "chat_stream_abandoned" and not stored.mode.own:
            # The tracer may see a chunk less than the application, or one more.
            assert said[0].startswith(stored_texts[0]) or stored_texts[0].startswith(said[0])
        else:
            assert stored_texts == said
    for asked, kept in zip(heard["tools"], tool_calls(span), strict=True):
        assert kept["name"] == asked["name"] and kept["tool_id"] == asked["tool_id"]
        assert kept["arguments"] == json.loads(asked["arguments"])
    if heard["usage"] and (stored.mode.own or scenario not in ESTIMATED):
        assert [span["input_tokens"], span["output_tokens"] or 0] == heard["usage"]
    if not (stored.mode.generation == 2 and "stream" in scenario):
        assert span["model"] == heard["model"]


def tool_calls(span: Json) -> list[Json]:
    return [call for message in messages(span["output"]) for call in message.get("tool_calls", [])]


def test_the_prompt_keeps_every_byte(stored: Stored) -> None:
    sent = "say exactly: ¡Olé! 👩‍🚀\r\n\tñandú «été» 漢字 \\n"
    assert contents(stored.of("chat_emoji")["input"])[-1].endswith(sent)


def test_an_image_reaches_the_store(stored: Stored) -> None:
    span = stored.of("chat_image")
    if stored.mode.generation == 4:
        parts = messages(span["input"])[-1]["image_parts"]
        assert parts[0]["mime_type"] == "image/png" and parts[0]["content"].startswith("iVBOR")
    else:
        # Older clients write the parts of a message down as text.
        assert "iVBORw0KGgo" in text_of(span["input"])


def test_tokens_are_known_for_a_stream_that_did_not_ask_for_them(stored: Stored) -> None:
    heard = stored.run.heard["chat_stream"]
    span = stored.of("chat_stream")
    assert heard["usage"] is None  # the application was not bothered with the usage chunk
    assert span["input_tokens"] > 0 and span["output_tokens"] > 0


@pytest.mark.parametrize("scenario", ["chat_stream", "async_chat_stream", "completion_stream"])
def test_our_tracer_has_the_real_usage_of_every_stream(stored: Stored, scenario: str) -> None:
    if not stored.mode.own:
        pytest.skip("ddtrace estimates some of them")
    assert stored.of(scenario)["output_tokens"] == sum(
        count_tokens(text) for text in stored.run.heard[scenario]["texts"]
    )


@pytest.mark.parametrize("scenario", DEPLOYMENTS)
def test_the_deployment_is_kept_beside_the_model(stored: Stored, scenario: str) -> None:
    span = stored.of(scenario)
    assert span["deployment"] == DEPLOYMENTS[scenario]
    assert span["provider"] == "azure_openai"


def test_retries_of_one_call_are_seen_below_it(stored: Stored) -> None:
    span = stored.of("chat_throttled_then_answered")
    if stored.mode.own:
        azure = span["metadata"]["azure"]  # no span of its own: what is known of the retries
        assert azure["retries"] == 1 and azure["retry_ms"] > 0
        return
    shown = stored.server.api.trace(span["trace_id"])["spans"]
    below = [each for each in shown if each["parent_id"] == span["span_id"]]
    statuses = sorted(each["tags"].get("http.status_code", "") for each in below)
    if not below:
        pytest.skip("this client does not trace its HTTP calls")
    assert statuses == ["200", "429"]


def test_the_sdk_trace_is_one_tree(stored: Stored) -> None:
    trace = stored.sdk_trace()
    by_name = {span["name"]: span for span in trace["spans"] if span["halves"] != "apm"}
    assert set(by_name) == {*SDK_SPANS, "AzureOpenAI.createChatCompletion"}
    for child, parent in {
        "serve": None, "assistant": "serve", "check": "serve", "look_up": "assistant",
        "search": "assistant", "embed": "assistant", "own_model": "assistant",
        "AzureOpenAI.createChatCompletion": "assistant",
    }.items():  # fmt: skip
        assert by_name[child]["parent_id"] == (by_name[parent]["span_id"] if parent else None)
    kinds = {name: span["kind"] for name, span in by_name.items()}
    assert kinds == {
        "serve": "workflow", "assistant": "agent", "look_up": "tool", "search": "retrieval",
        "embed": "embedding", "own_model": "llm", "check": "task",
        "AzureOpenAI.createChatCompletion": "llm",
    }  # fmt: skip
    assert trace["notes"] == []


def test_the_sdk_annotations_are_kept(stored: Stored) -> None:
    trace, said = stored.sdk_trace(), stored.run.heard["sdk"]
    by_name = {span["name"]: span for span in trace["spans"]}
    serve = by_name["serve"]
    assert serve["output"]["value"] == said["text"]
    assert serve["metadata"]["channel"] == "web" and serve["metadata"]["attempt"] == 1
    assert serve["tags"]["team"] == "soporte" and serve["user_id"] == "user-17"
    assert {span["session_id"] for span in by_name.values() if span["kind"]} == {"session-42"}
    found = by_name["search"]["output"]["documents"]
    assert found[0] == {
        "text": "Un catalejo acerca lo lejano.", "name": "óptica.md", "id": "d1", "score": 0.91,
    }  # fmt: skip
    assert "catalejo" in by_name["look_up"]["input"]["value"]
    own = by_name["own_model"]
    assert (own["input_tokens"], own["output_tokens"]) == (11, 2)
    assert own["metadata"]["temperature"] == 0.5
    assert by_name["check"]["error"]["type"] == "builtins.ValueError"
    assert by_name["check"]["error"]["message"] == "no cuadra: 2 ≠ 3"


def test_both_ids_find_the_trace(stored: Stored) -> None:
    said = stored.run.heard["sdk"]
    by_llm_id = stored.server.api.trace(said["trace_id"])
    by_apm_id = stored.server.api.trace(said["apm_trace_id"])
    as_decimal = stored.server.api.trace(str(int(said["apm_trace_id"], 16)))
    ids = [
        {span["span_id"] for span in trace["spans"]} for trace in (by_llm_id, by_apm_id, as_decimal)
    ]
    assert said["span_id"] in ids[0]
    assert ids[0] == ids[1] == ids[2]


def test_ratings_are_joined_to_their_span(stored: Stored) -> None:
    if stored.mode.generation == 2:
        pytest.skip("ddtrace 2 sends evaluations to api.SITE:443 alone, whatever is configured")
    said = stored.run.heard["sdk"]
    wanted: dict[str, Any] = {"helpful": 0.75, "tone": "amable"}
    if stored.mode.generation == 4:
        wanted |= {"correct": True, "thumbs": False}

    def joined() -> list[Json]:
        found: list[Json] = stored.server.api.trace(said["trace_id"])["evaluations"]
        # Those of Catalejo's own evaluators aside.
        sent = [each for each in found if "evaluator_version" not in each["tags"]]
        return sent if len(sent) >= len(wanted) else []

    evaluations = until(joined, "evaluations joined to the trace")
    assert {each["label"]: each["value"] for each in evaluations} == wanted
    assert len(evaluations) == len(wanted)
    by_label = {each["label"]: each for each in evaluations}
    assert by_label["helpful"]["span_id"] == said["span_id"]
    assert by_label["helpful"]["tags"]["rater"] == "tests"
    if stored.mode.generation == 4:
        assert by_label["correct"]["assessment"] == "pass"
        assert by_label["correct"]["reasoning"] == "It is what it says."
        assert by_label["thumbs"]["event_kind"] == "feedback"


def test_everything_received_is_accounted_for(stored: Stored) -> None:
    until(lambda: settled(stored.server), "nothing is in flight")
    ledger = stored.server.api.ledger()
    for what in ("spans", "evaluations"):
        counts = ledger[what]
        assert counts["received"] == counts["accounted"]
        assert counts["rejected"] == {} and counts["cut"] == 0
    assert ledger["requests_rejected"] == {}


def test_the_client_has_nothing_to_complain_about(stored: Stored) -> None:
    words = ("catalejo:", "dropping", "failed to send", "Failed to send", "Agent empty",
             "not reachable")  # fmt: skip
    # ddtrace 2 sends metrics by UDP to port 8125 as well, where nothing listens yet.
    statsd = "Error submitting packet"
    complaints = [
        line
        for line in stored.run.stderr.splitlines()
        if any(word in line for word in words) and statsd not in line
    ]
    assert complaints == []
