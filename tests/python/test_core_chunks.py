"""The native half of streams: what it reads by itself, what it leaves to Python, how it ends."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator, Iterator
from json.scanner import make_scanner
from typing import Any

import pytest
from catalejo import _core

SAFE = {"hate": {"filtered": False, "severity": "safe"}}
CHAT, COMPLETION, RESPONSE = 1, 2, 3
_core.use_json(make_scanner(json.JSONDecoder()))  # type: ignore[arg-type]


class Collector(_core.Collector):
    """Remembers what it was told of the content filter."""

    def __init__(self, form: int = CHAT, injected: bool = False) -> None:
        self.form, self.injected = form, injected
        self.told: list[Any] = []

    def read_filter(self, side: str, results: Any) -> None:
        self.told.append((side, results))

    def read_prompt_filters(self, found: Any) -> None:
        self.told.append(("prompt", found))


def chunk(text: Any = " word", **more: Any) -> dict[str, Any]:
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": None}
    choice.update(more.pop("choice", {}))
    return {"id": "x", "choices": [choice], **more}


class Sent:
    """An event as openai has it."""

    event, id, retry = "message", "7", None

    def __init__(self, data: str) -> None:
        self._data = data

    @property
    def data(self) -> str:
        return self._data

    def json(self) -> Any:
        return json.loads(self._data)


def watched(collector: Collector, *given: Any) -> list[Any]:
    """What openai gets of these events."""

    def failed(error: BaseException) -> None:
        pytest.fail(str(error))

    texts = [one if isinstance(one, str) else json.dumps(one) for one in given]
    return list(_core.watch(iter([Sent(text) for text in texts]), collector, failed))


def test_a_chat_is_read_on_its_way() -> None:
    collector = Collector()
    given = [
        chunk("a", choice={"delta": {"content": "a", "role": "assistant"}}),
        *(chunk(text) for text in ("b", "é", "漢")),
        chunk("", choice={"delta": {}, "finish_reason": "stop"}),
    ]
    got = watched(collector, *given)
    assert [event.json() for event in got] == given
    assert [json.loads(event.data) for event in got] == given
    assert got[0].event == "message" and got[0].id == "7" and got[0].retry is None
    with pytest.raises(AttributeError):
        _ = got[0].nothing
    (choice,) = collector.choices.values()
    assert choice.texts == ["a", "b", "é", "漢"]
    assert (choice.role, choice.reason) == ("assistant", "stop")
    assert 0 < collector.first_ns < collector.last_ns
    assert collector.last == given[-1] and collector.told == []


def test_tool_calls_come_in_parts_and_answers_side_by_side() -> None:
    collector = Collector()

    def part(index: int, **function: Any) -> dict[str, Any]:
        return {"index": index, "function": function}

    def said(index: int, **delta: Any) -> dict[str, Any]:
        return {"choices": [{"index": index, "delta": delta}]}

    first = {**part(0, name="add", arguments=""), "id": "call_1", "type": "function"}
    watched(
        collector,
        said(0, role="assistant", tool_calls=[first]),
        said(0, tool_calls=[part(0, arguments='{"a":'), part(1, name="sub", arguments="{}")]),
        said(0, tool_calls=[part(0, arguments=" 1}")]),
        said(1, content=None, refusal="no"),
        said(1, reasoning_content="since"),
        said(2, function_call={"name": "old", "arguments": "{}"}),
    )
    calls = collector.choices[0].calls or {}
    assert calls[0] == {
        "id": "call_1",
        "type": "function",
        "name": "add",
        "arguments": ['{"a":', " 1}"],
    }
    assert calls[1]["name"] == "sub" and calls[1]["arguments"] == ["{}"]
    assert collector.choices[1].refusals == ["no"]
    assert collector.choices[1].reasoning == ["since"]
    assert (collector.choices[2].calls or {})[0]["name"] == "old"
    assert collector.first_ns > 0


@pytest.mark.parametrize(
    "odd",
    [
        chunk(3),
        chunk(choice={"index": 1 << 80}),
        chunk(choice={"index": "0"}),
        chunk(choice={"delta": None}),
        chunk(choice={"delta": {"tool_calls": {"0": 1}, "function_call": "x"}}),
        chunk(choice={"delta": {"tool_calls": [1, {"function": 2, "id": 3, "index": "x"}]}}),
        chunk(choice={"content_filter_results": [1], "finish_reason": 7}),
        {"choices": ["text", None]},
        {"choices": {"0": 1}},
        {"choices": [], "usage": 3, "prompt_filter_results": {"x": 1}},
        {"type": 3, "delta": 4},
        {"type": "response.output_text.delta", "output_index": "x", "delta": ["y"]},
        {"type": "response.output_item.added", "item": 3},
        {"type": "response.completed"},
        {},
    ],
)
@pytest.mark.parametrize("form", [0, CHAT, COMPLETION, RESPONSE])
def test_what_no_server_sends_goes_through(odd: dict[str, Any], form: int) -> None:
    (event,) = watched(Collector(form), odd)
    assert event.json() == odd


@pytest.mark.parametrize("text", ["[DONE]", "", " ", "[1]", '"x"', "{", '{"a":1} x', "{'a': 1}"])
def test_what_is_no_object_is_left_to_openai(text: str) -> None:
    (event,) = watched(Collector(), text)
    assert isinstance(event, Sent) and event.data == text


def test_blanks_around_the_object_do_no_harm() -> None:
    (event,) = watched(Collector(), ' {"a": 1}\r\n')
    assert event.json() == {"a": 1}


def test_the_filter_is_told_of_once_for_the_same_results() -> None:
    collector = Collector()
    low = {"hate": {"filtered": False, "severity": "low"}}
    for results in (SAFE, SAFE, {}, low, low, {**low, "violence": {"filtered": True}}, SAFE):
        watched(collector, chunk(choice={"content_filter_results": results}))
    collector.tell_filters()
    assert [results for _, results in collector.told] == [
        SAFE,
        low,
        {**low, "violence": {"filtered": True}},
        SAFE,
    ]
    watched(collector, {"choices": [], "prompt_filter_results": [{"prompt_index": 0}]})
    collector.tell_filters()
    assert collector.told[-1] == ("prompt", [{"prompt_index": 0}])


@pytest.mark.parametrize("injected", [True, False])
@pytest.mark.parametrize(
    "head", [{"usage": None, "id": "x"}, {"id": "x", "object": {"usage": None}, "usage": None}]
)
def test_an_empty_usage_goes_only_when_we_had_asked_for_it(
    injected: bool, head: dict[str, Any]
) -> None:
    collector = Collector(injected=injected)
    given = {**head, "choices": chunk()["choices"], "system_fingerprint": "é漢"}
    (event,) = watched(collector, json.dumps(given, ensure_ascii=False))
    expected = {key: value for key, value in given.items() if key != "usage" or not injected}
    assert event.json() == expected
    assert collector.choices[0].texts == [" word"]


@pytest.mark.parametrize("injected", [True, False])
def test_token_counts_are_kept_and_shown_only_to_who_asked(injected: bool) -> None:
    collector = Collector(injected=injected)
    counts = {"choices": [], "usage": {"prompt_tokens": 1}}
    got = watched(collector, chunk(), counts, "[DONE]")
    assert len(got) == 2 + (not injected)
    assert collector.usage == {"prompt_tokens": 1}
    with_prompt = {**counts, "prompt_filter_results": [{"prompt_index": 0}]}
    (event,) = watched(collector, with_prompt)
    assert ("usage" in event.json()) is not injected


@pytest.mark.parametrize(
    ("text", "shorter"),
    [
        ('{"usage":null,"a":1}', '{"a":1}'),
        ('{"a":1,"usage":null}', '{"a":1}'),
        ('{"a":1, "usage" : null , "b":2}', '{"a":1,  "b":2}'),
        ('{"a":{"b":1},"usage":null}', '{"a":{"b":1}}'),
        ('{"a":{"b":1},"usage":null,"c":"x"}', '{"a":{"b":1},"c":"x"}'),
        ('{"a":"é","usage":null}', '{"a":"é"}'),
        # Deeper, or not to be told apart from it at once.
        ('{"a":{"usage":null},"b":{}}', None),
        ('{"a":{"usage":null}}', None),
        ('{"a":{},"usage":null,"b":{}}', None),
        ('{"a":"漢","usage":null}', None),
        # Another value, or none.
        ('{"usage":{"total_tokens":1}}', None),
        ('{"usage":nul', None),
        ('{"usage"', None),
        ('"usage":null', None),
        ('{"usage":null}', None),
        ('{"a":"\\"usage\\":null,"}', None),
        ('{"a":"usage"}', None),
    ],
)
def test_usage_is_cut_out_of_the_text_only_where_it_is_at_the_top(
    text: str, shorter: str | None
) -> None:
    assert _core.without_usage(text) == (text if shorter is None else shorter)


def test_no_other_value_is_ever_cut_out() -> None:
    """Objects drawn at random, whose texts look like what is looked for."""
    draw = random.Random(7)
    words = ["usage", '"usage":null', "{", "}", ",", '\\"', "é", "a", "", "choices"]

    def value(depth: int) -> Any:
        kind = draw.randrange(6 if depth else 3)
        if kind < 3:
            return (None, draw.choice(words), draw.randrange(9))[kind]
        if kind == 3:
            return [value(depth - 1) for _ in range(draw.randrange(3))]
        return {draw.choice(words): value(depth - 1) for _ in range(draw.randrange(4))}

    cut = 0
    for _ in range(20_000):
        whole = {draw.choice(words): value(3) for _ in range(draw.randrange(1, 5))}
        text = json.dumps(whole, separators=draw.choice([(",", ":"), (" , ", " : ")]))
        found = json.loads(_core.without_usage(text))
        if found != whole:
            assert whole["usage"] is None
            assert found == {key: one for key, one in whole.items() if key != "usage"}
            cut += 1
    assert cut > 500


def test_completions_and_responses_are_read_on_their_way() -> None:
    completion = Collector(COMPLETION)
    watched(
        completion,
        {"choices": [{"index": 0, "text": "a"}, {"index": 1, "text": "b"}]},
        {"choices": [{"index": 0, "text": "c", "finish_reason": "length"}]},
    )
    assert {at: choice.texts for at, choice in completion.choices.items()} == {
        0: ["a", "c"],
        1: ["b"],
    }
    assert completion.choices[0].reason == "length" and completion.first_ns > 0
    response = Collector(RESPONSE)
    created, whole = {"model": "m", "status": "queued"}, {"model": "m", "output": []}
    item = {"type": "function_call", "name": "add"}
    events = [
        {"type": "response.created", "response": created},
        {"type": "response.output_item.added", "output_index": 1, "item": item},
        {"type": "response.function_call_arguments.delta", "output_index": 1, "delta": "{"},
        {"type": "response.function_call_arguments.delta", "output_index": 1, "delta": "}"},
        {"type": "response.audio.delta", "delta": "AAAA"},
        {"type": "error", "code": "busy"},
    ]
    assert [event.json() for event in watched(response, *events)] == events
    assert response.last == created and response.added == {1: item}
    assert response.parts == {1: ["{", "}"]}
    assert response.error == events[-1] and response.response is None
    watched(response, {"type": "response.incomplete", "response": whole})
    assert response.response == whole


def test_a_collector_that_fails_is_told_of_once_and_asked_no_more() -> None:
    class Broken(Collector):
        def read_filter(self, side: str, results: Any) -> None:
            super().read_filter(side, results)
            raise RuntimeError("ours")

    collector, failures = Broken(injected=True), list[BaseException]()
    given = [chunk(usage=None, choice={"content_filter_results": {"x": {"at": at}}}) for at in "ab"]
    counts = {"choices": [], "usage": {"prompt_tokens": 1}}
    events = [Sent(json.dumps(one)) for one in (*given, counts)]
    got = list(_core.watch(iter(events), collector, failures.append))
    assert [event.json()["choices"] for event in got] == [one["choices"] for one in given]
    assert not any("usage" in event.json() for event in got)
    assert len(collector.told) == 1
    assert [str(error) for error in failures] == ["ours"]


def test_async_events_are_read_on_their_way() -> None:
    collector, failures = Collector(injected=True), list[BaseException]()

    async def events() -> AsyncIterator[Any]:
        for one in (chunk("a"), {"choices": [], "usage": {"prompt_tokens": 1}}, chunk("b")):
            await asyncio.sleep(0)
            yield Sent(json.dumps(one))

    async def read() -> list[Any]:
        return [event.json() async for event in _core.watch(events(), collector, failures.append)]

    assert asyncio.run(read()) == [chunk("a"), chunk("b")]
    assert collector.choices[0].texts == ["a", "b"] and collector.usage and not failures


class Ends:
    """Who is told how the iteration ended."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner
        self.ends: list[str] = []

    def stopped(self, error: BaseException) -> None:
        self.ends.append(type(error).__name__)


class Chunks(Ends, _core.Passage):
    pass


def test_an_iterator_hears_its_end() -> None:
    chunks = Chunks(iter([1, (2, 3)]))
    assert list(chunks) == [1, (2, 3)]
    assert chunks.ends == ["StopIteration"]

    def broken() -> Iterator[int]:
        yield 1
        raise KeyError("theirs")

    chunks = Chunks(broken())
    assert next(chunks) == 1
    with pytest.raises(KeyError, match="theirs"):
        next(chunks)
    assert chunks.ends == ["KeyError"]
    with pytest.raises(TypeError):
        next(Chunks([1]))


def test_an_async_iterator_waits_and_hears_its_end() -> None:
    async def slow(*values: Any) -> AsyncIterator[Any]:
        for value in values:
            await asyncio.sleep(0)
            yield value
        if "broken" in values:
            raise KeyError("theirs")

    async def read() -> None:
        chunks = Chunks(slow(1, (2, 3), StopIteration(4)))
        found = [value async for value in chunks]
        assert found[:2] == [1, (2, 3)] and isinstance(found[2], StopIteration)
        assert chunks.ends == ["StopAsyncIteration"]
        chunks = Chunks(slow("broken"))
        assert await chunks.__anext__() == "broken"
        with pytest.raises(KeyError, match="theirs"):
            await chunks.__anext__()
        assert chunks.ends == ["KeyError"]

    asyncio.run(read())


def test_a_cancelled_step_says_so() -> None:
    async def endless() -> AsyncIterator[int]:
        await asyncio.sleep(60)
        yield 1

    async def read() -> list[str]:
        chunks = Chunks(endless())

        async def one() -> int:
            found: int = await chunks.__anext__()
            return found

        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(one(), 0.01)
        return chunks.ends

    assert asyncio.run(read()) == ["CancelledError"]


def test_a_step_is_not_awaited_twice() -> None:
    async def one() -> AsyncIterator[int]:
        yield 1

    async def read() -> None:
        step = Chunks(one()).__anext__()
        assert await step == 1
        with pytest.raises(RuntimeError):
            await step

    asyncio.run(read())
