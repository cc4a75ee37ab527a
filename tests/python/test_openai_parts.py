"""The parts of the instrumentation by themselves: places, messages, items, the filter's grades."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from catalejo.openai import answer, items, messages, place, request, tap
from catalejo.span import Span


class Client:
    """What `Place` reads of a client."""

    def __init__(self, url: str, **more: Any) -> None:
        self._base_url = url
        self.__dict__.update(more)


AZURE = "https://spyglass.openai.azure.com/openai"


@pytest.mark.parametrize(
    ("url", "provider", "resource", "deployment"),
    [
        (AZURE, "azure_openai", "spyglass", ""),
        ("https://spyglass.openai.azure.com/openai/v1/", "azure_openai", "spyglass", ""),
        ("https://eu.cognitiveservices.azure.com/openai/", "azure_openai", "eu", ""),
        ("https://hub.services.ai.azure.com/openai/v1", "azure_openai", "hub", ""),
        (f"{AZURE}/deployments/chat-prod/", "azure_openai", "spyglass", "chat-prod"),
        ("https://user:secret@gate.example:8443/azure/", "azure_openai", "gate.example", ""),
        ("https://api.openai.com/v1/", "openai", None, ""),
        ("https://api.deepseek.com/", "deepseek", None, ""),
        ("http://localhost:8000/v1", "unknown", None, ""),
    ],
)
def test_where_a_client_calls(
    url: str, provider: str, resource: str | None, deployment: str
) -> None:
    found = place.Place(Client(url))
    assert found.provider == provider
    assert found.tags.get("azure.resource") == resource
    assert found.deployment == deployment


@pytest.mark.parametrize(
    ("version", "takes"),
    [
        ("2023-05-15", False),
        ("2024-06-01", False),
        ("2024-08-01-preview", False),
        ("2024-09-01-preview", True),
        ("2024-10-21", True),
        ("preview", True),
        ("", True),
    ],
)
def test_which_versions_are_asked_for_token_counts(version: str, takes: bool) -> None:
    assert place.Place(Client(AZURE, _api_version=version)).usage is takes


def test_a_place_is_worked_out_once_and_again_when_the_address_changes() -> None:
    client = Client(AZURE)
    first = place.of(client)
    assert place.of(client) is first
    client._base_url = "https://other.openai.azure.com/openai"
    assert place.of(client).tags["azure.resource"] == "other"


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ('{"a": 1}', {"a": 1}),
        ("", {}),
        (None, {}),
        ('{"a": ', {"value": '{"a": '}),
        ("[1, 2]", {"value": [1, 2]}),
        ({"a": 1}, {"a": 1}),
    ],
)
def test_arguments_of_tool_calls(given: Any, read: Any) -> None:
    assert messages.arguments_of(given) == read


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("https://example.com/a.png", "[image]"),
        ("data:image/png,not-base64", "[image]"),
        ("data:text/html;base64,PGI+", "[image]"),
        ("data:image/png;base64," + "A" * (messages.PART_CHARACTERS_MAX + 1), "[image too large]"),
        (None, "[image]"),
        (7, "[image]"),
    ],
)
def test_images_that_stay_words(url: Any, text: str) -> None:
    assert messages.image(url) == text


def test_images_within_the_message() -> None:
    assert messages.image("DATA:image/PNG;charset=x;base64,iVBO") == {
        "mime_type": "image/png",
        "content": "iVBO",
    }


def captured(given: Any) -> Any:
    call: Any = SimpleNamespace(span=Span("llm", "chat", None))
    request.read_chat(call, {"messages": given})
    return json.loads(call.span.input.text())["messages"]


def test_messages_of_every_form() -> None:
    model = SimpleNamespace(
        role="assistant",
        content=None,
        refusal=None,
        function_call=None,
        tool_calls=[
            SimpleNamespace(
                id="c",
                type="function",
                custom=None,
                function=SimpleNamespace(name="f", arguments='{"x":1}'),
            )
        ],
    )
    found = captured(
        [
            {"role": "user", "content": "plain"},
            {"role": "user", "content": "named", "name": "Ana"},
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "a"},
                    {"type": "file", "file": {"filename": "b.pdf"}},
                    {"type": "strange"},
                ],
            },
            model,
            {"role": "function", "name": "f", "content": "1"},
            {
                "role": "assistant",
                "content": None,
                "function_call": {"name": "g", "arguments": "{}"},
            },
            {"role": "assistant", "content": [{"type": "refusal", "refusal": "no"}]},
            {"role": "tool", "tool_call_id": "c", "content": [{"type": "text", "text": "21"}]},
            {"role": None, "content": 12},
        ]
    )
    assert [message["content"] for message in found] == [
        "plain",
        "named",
        "a\nb.pdf\n[strange]",
        "",
        "1",
        "",
        "no",
        "",
        "12",
    ]
    assert found[3]["tool_calls"] == [
        {"name": "f", "arguments": {"x": 1}, "tool_id": "c", "type": "function"}
    ]
    assert found[5]["tool_calls"][0]["name"] == "g"
    assert found[7]["tool_results"][0]["result"] == "21"
    assert captured("not a list") == captured(None) == []


def test_items_of_every_form() -> None:
    assert items.of_input("hola") == [{"content": "hola", "role": "user"}]
    assert items.of_input(None) == []
    found = items.of_output(
        [
            {
                "type": "message",
                "role": "assistant",
                "content": [
                    {"type": "output_text", "text": "a"},
                    {"type": "refusal", "refusal": "b"},
                ],
            },
            {"type": "custom_tool_call", "name": "run", "call_id": "c", "input": "ls"},
            {"type": "mcp_list_tools", "tools": []},
            {"type": "mcp_call", "id": "m", "name": "look", "arguments": "{}", "output": "seen"},
            {"type": "image_generation_call", "result": "AAAA"},
            {"type": "web_search_call", "id": "w", "status": "completed"},
            {"type": "reasoning", "id": "r", "summary": [], "encrypted_content": None},
        ]
    )
    assert [message["content"] for message in found[:5]] == [
        "ab",
        "",
        "",
        "[image]",
        found[4]["content"],
    ]
    assert found[1]["tool_calls"][0]["arguments"] == {"value": "ls"}
    assert found[2]["tool_results"][0] == {
        "name": "look",
        "result": "seen",
        "tool_id": "m",
        "type": "mcp_tool_result",
    }
    assert "web_search_call" in found[4]["content"]
    assert found[5]["role"] == "reasoning"


def _call() -> Any:
    return SimpleNamespace(filters={}, inner_error={})


def test_the_gravest_result_of_the_filter_is_kept() -> None:
    call = _call()
    safe, high = {"filtered": False, "severity": "safe"}, {"filtered": True, "severity": "high"}
    low = {"filtered": False, "severity": "low"}
    given = {"hate": dict(safe), "violence": dict(low)}
    answer.read_filter(call, "completion", given)
    answer.read_filter(call, "completion", {"hate": high, "violence": safe, "sexual": safe})
    answer.read_filter(call, "completion", {"hate": low, "error": "not a dict"})
    assert call.filters["completion"] == {
        "hate": high,
        "violence": low,
        "sexual": safe,
        "error": "not a dict",
    }
    assert given == {"hate": safe, "violence": low}, "the application's own is left alone"
    nothings: tuple[Any, ...] = (None, {}, [], "text")
    for nothing in nothings:
        answer.read_filter(call, "prompt", nothing)
    assert "prompt" not in call.filters


@pytest.mark.parametrize("body", [None, "text", [], {}, {"innererror": "text"}])
def test_errors_without_an_inner_one(body: Any) -> None:
    call = _call()
    answer.read_refusal(call, body)
    assert not call.inner_error


def test_taps_give_up_on_what_is_too_much() -> None:
    kept = tap.Tap()
    kept.kept, kept.size, kept.owner = [], 0, None
    kept.keep(b"x" * (tap.KEPT_BYTES_MAX + 1))
    kept.keep(b"more")
    assert kept.text() == ""
    assert len(kept.kept) == 1
