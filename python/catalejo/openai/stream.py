"""Streams: our iterator between the application and openai's, and how each stream ends.

The application keeps openai's own Stream object; only its private `_iterator` and `_iter_events`
are replaced by iterators of ours: the one to know how the stream ends, the other to read each event
before openai makes a model of it. A chunk goes through as soon as it arrives, and is never read
before the application asks for it.
A stream ends in one of these ways, and its span once:

* read to its end, or the server cut it (an exception, or the end without a finish reason);
* closed by the application: `close()`, `with`, the end of a `.stream()` block;
* dropped: garbage-collected, or still open when the process ends (`finish_open`), also by SIGTERM.
"""

from __future__ import annotations

from json import JSONDecoder
from json.scanner import make_scanner
from time import perf_counter_ns
from weakref import ref

from catalejo import _core, hooks
from catalejo.openai import tap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from catalejo.openai.call import Call

CLOSED, CUT, DROPPED = "closed", "cut", "dropped"  # metadata.stream_end; absent when all was read


_core.use_json(make_scanner(JSONDecoder()))  # type: ignore[arg-type]


class Reading(_core.Passage):
    """What a Stream or AsyncStream iterates over: openai's generator, and one stream's state. The
    native half does the iterating, and calls `stopped` when that comes to an end."""

    __slots__ = ("__weakref__",)

    async def aclose(self) -> None:
        await self.inner.aclose()

    def stopped(self, error: BaseException) -> None:
        """The inner iterator raised `error`, in the middle or at its end."""
        if self.ended:
            return
        inner = self.inner
        frame = getattr(inner, "gi_frame", None) or getattr(inner, "ag_frame", None)
        if frame is not None:
            return  # it goes on: a second consumer had asked at the same time
        if isinstance(error, (StopIteration, StopAsyncIteration)):
            self.end("")
        elif isinstance(error, GeneratorExit):
            self.end(CLOSED)
        else:
            self.end(CUT, error)

    def closed(self) -> None:
        """The HTTP response was closed; by openai itself when its generator runs."""
        inner = self.inner
        if getattr(inner, "gi_running", False) or getattr(inner, "ag_running", False):
            return
        self.end(CLOSED)

    def end(self, how: str, error: BaseException | None = None) -> None:
        """Ends the span, once; never raises."""
        if self.ended:
            return
        self.ended = True
        call, collector = self.call, self.collector
        try:
            _open.pop(id(self), None)
            until = collector.last_ns if how == DROPPED else perf_counter_ns()
            call.duration_ns = max(until - call.begun_ns, call.duration_ns)
            replayed = not collector.last_ns and self.stream_tap is not None
            if replayed:
                self.stream_tap.replay(collector)
            whole = collector.finish()
            if not how and not whole:
                how = CUT
            elif how == CLOSED and replayed and whole:
                how = ""  # the application read all of it by itself
            if how:
                call.span.metadata["stream_end"] = how
            if error is not None:
                call.fail(error)
            else:
                call.end()
        except Exception as own:
            hooks.failed("openai stream", own)
            call.give_up()
        self.stream_tap = None

    def __del__(self) -> None:
        if not self.ended:
            self.end(DROPPED)


def _failed(error: BaseException) -> None:
    """A collector failed: the application goes on, we look at that stream no more."""
    hooks.failed("openai stream", error)


# By id: each one is in it until its end, which its __del__ is at the latest.
_open: dict[int, ref[Reading]] = {}


def watch(call: Call, stream: Any, keep: bool = False) -> None:
    """Puts our iterator into `stream`; with `keep`, what is read of it as bytes is kept too."""
    reading = Reading(call, stream._iterator)
    stream._iterator = reading
    events, collector = stream._iter_events, reading.collector
    # Called when the first chunk is asked for.
    stream._iter_events = lambda: _core.watch(events(), collector, _failed)
    _open[id(reading)] = ref(reading)
    _core.last_words(finish_open)
    reading.stream_tap = tap.put(stream.response, reading.closed, stream if keep else None)


def finish_open() -> int:
    """Ends the spans of all streams that are still open; how many there were."""
    readings = [reading for found in list(_open.values()) if (reading := found())]
    for reading in readings:
        reading.end(DROPPED)
    return len(readings)
