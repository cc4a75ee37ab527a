"""The native half of streams: what it reads by itself, what it leaves to Python, how it ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from catalejo import _core

SAFE = {"hate": {"filtered": False, "severity": "safe"}}


class Collector(_core.Collector):
    """Remembers what was not read by its base."""

    def __init__(self) -> None:
        self.seen: list[Any] = []

    def see(self, data: dict[str, Any]) -> bool:
        self.seen.append(data)
        return bool(data.get("hidden"))


def chunk(text: Any = " word", **more: Any) -> dict[str, Any]:
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": None}
    choice.update(more.pop("choice", {}))
    return {"id": "x", "choices": [choice], **more}


def watched(collector: Collector) -> Any:
    def parse(*, data: Any, cast_to: Any = None) -> Any:
        return ("parsed", data, cast_to)

    def failed(error: BaseException) -> None:
        pytest.fail(str(error))

    return _core.watch(parse, collector, failed)


def test_plain_text_is_read_by_the_core_once_it_knows_where_to() -> None:
    collector = Collector()
    process = watched(collector)
    first = chunk("a")
    assert process(data=first, cast_to=int) == ("parsed", first, int)
    assert collector.seen == [first] and collector.first_ns == 0
    collector.plain_texts = []
    for text in ("b", "é", "漢"):
        process(data=chunk(text))
    assert collector.plain_texts == ["b", "é", "漢"]
    assert collector.seen == [first]
    assert 0 < collector.first_ns < collector.last_ns
    assert collector.last == chunk("漢")


@pytest.mark.parametrize(
    "other",
    [
        chunk(""),
        chunk(None),
        chunk(3),
        chunk(choice={"index": 1}),
        chunk(choice={"index": 1 << 80}),
        chunk(choice={"index": "0"}),
        chunk(choice={"finish_reason": "stop"}),
        chunk(choice={"delta": {"content": "x", "role": "assistant"}}),
        chunk(choice={"delta": {"tool_calls": []}}),
        chunk(choice={"delta": None}),
        chunk(choice={"content_filter_results": {"hate": {"filtered": True}}}),
        chunk(usage={"prompt_tokens": 1}),
        {"choices": []},
        {"choices": [chunk()["choices"][0]] * 2},
        {"choices": ["text"]},
        {"choices": {"0": 1}},
        {},
    ],
)
def test_everything_else_is_left_to_python(other: dict[str, Any]) -> None:
    collector = Collector()
    collector.plain_texts, collector.plain_filters = [], SAFE
    watched(collector)(data=other)
    assert collector.seen == [other] and collector.plain_texts == []


@pytest.mark.parametrize("injected", [True, False])
def test_an_empty_usage_goes_only_when_we_had_asked_for_it(injected: bool) -> None:
    collector = Collector()
    collector.plain_texts, collector.plain_filters = [], SAFE
    collector.injected = injected
    data = chunk(usage=None, choice={"content_filter_results": dict(SAFE)})
    watched(collector)(data=data)
    assert collector.plain_texts == [" word"]
    assert ("usage" in data) is not injected


def test_a_collector_that_fails_is_told_of_once_and_asked_no_more() -> None:
    class Broken(Collector):
        def see(self, data: dict[str, Any]) -> bool:
            super().see(data)
            raise RuntimeError("ours")

    collector, failures = Broken(), list[BaseException]()
    process = _core.watch(lambda data: data, collector, failures.append)
    assert [process(data={"at": at}) for at in range(3)] == [{"at": at} for at in range(3)]
    assert len(collector.seen) == 1
    assert [str(error) for error in failures] == ["ours"]


class Ends:
    """Who is told how the iteration ended."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner
        self.ends: list[str] = []

    def stopped(self, error: BaseException) -> None:
        self.ends.append(type(error).__name__)


class Chunks(Ends, _core.Chunks):
    pass


class AsyncChunks(Ends, _core.AsyncChunks):
    pass


def test_an_iterator_leaves_out_what_is_skipped_and_hears_its_end() -> None:
    chunks = Chunks(iter([1, _core.SKIPPED, _core.SKIPPED, (2, 3), _core.SKIPPED]))
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


def test_an_async_iterator_waits_skips_and_hears_its_end() -> None:
    async def slow(*values: Any) -> AsyncIterator[Any]:
        for value in values:
            await asyncio.sleep(0)
            yield value
        if "broken" in values:
            raise KeyError("theirs")

    async def read() -> None:
        chunks = AsyncChunks(slow(1, _core.SKIPPED, (2, 3), StopIteration(4), _core.SKIPPED))
        found = [value async for value in chunks]
        assert found[:2] == [1, (2, 3)] and isinstance(found[2], StopIteration)
        assert chunks.ends == ["StopAsyncIteration"]
        chunks = AsyncChunks(slow("broken"))
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
        chunks = AsyncChunks(endless())

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
        step = AsyncChunks(one()).__anext__()
        assert await step == 1
        with pytest.raises(RuntimeError):
            await step

    asyncio.run(read())
