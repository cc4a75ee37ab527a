"""The raw variants: `with_raw_response` and `with_streaming_response`.

What they return is parsed when the application asks for it, if ever. `parse` keeps its result,
so where nothing has to be read for it, we ask first: the application's own call then costs
nothing. A body that is still to come is tapped instead.
"""

from __future__ import annotations

from time import perf_counter_ns

from catalejo import hooks
from catalejo.openai import stream, tap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from catalejo.openai.call import Call


def watch(call: Call, result: Any, mode: str) -> None:
    """`result` is openai's (Legacy)APIResponse; `mode` "true" or "stream", as its header says."""
    if call.streamed:
        parsed = _now(result.parse())
        if hasattr(parsed, "_iterator"):
            stream.watch(call, parsed, keep=True)
            return
    elif mode == "true":
        try:
            parsed = result.parse()
        except Exception:  # not the JSON that was expected: the application will see it too
            parsed = None
        if parsed is not None:
            call.operation.read(call, parsed)
    else:
        body = Body(call)
        body.tap = tap.put(result.http_response, body.closed, result)
        if body.tap is not None:
            return
    call.end()


def _now(parsed: Any) -> Any:
    """The result of a coroutine that has nothing to wait for, as it is for streams."""
    if not hasattr(parsed, "send"):
        return parsed
    try:
        parsed.send(None)
    except StopIteration as done:
        return done.value
    parsed.close()
    return None


class Body:
    """An answer that the application reads itself, of with_streaming_response."""

    __slots__ = ("call", "ended", "tap")

    def __init__(self, call: Call) -> None:
        self.call = call
        self.tap: tap.Tap | None = None
        self.ended = False

    def closed(self) -> None:
        """All was read, or the application wants no more."""
        if self.ended:
            return
        self.ended = True
        call = self.call
        try:
            call.duration_ns = perf_counter_ns() - call.begun_ns
            whole = self.tap.whole() if self.tap is not None else None
            if whole is None:
                call.span.metadata["stream_end"] = stream.CLOSED
            else:
                call.operation.read(call, whole)
            call.end()
        except Exception as error:
            hooks.failed("openai raw answer", error)
            call.give_up()
        self.tap = None

    def __del__(self) -> None:
        self.closed()
