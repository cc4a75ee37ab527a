"""A tap on the bytes of an HTTP response: knows when it is closed, keeps the bytes on request.

It takes the place of httpx's `response.stream`, so it hears every way of closing there is. Bytes
are kept only for the raw variants of the API, where the application may read them itself; then
`replay` gives them to a collector, and `whole` as one answer.
"""

from __future__ import annotations

import sys
from json import loads

from catalejo import hooks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, AsyncIterator, Callable, Iterator

KEPT_BYTES_MAX = 4 << 20

_classes: dict[type, tuple[type, type]] = {}  # by the class of the response


class Tap:
    """What both kinds of tap share; `inner` is the stream of httpx that was there before."""

    inner: Any
    closed: Callable[[], None]
    owner: Any = None  # openai's Stream or APIResponse, which knows how to read the bytes
    kept: list[bytes]  # of a tap with an owner
    size = 0  # bytes of what is kept, and of what was too much

    def keep(self, part: bytes) -> None:
        if self.size <= KEPT_BYTES_MAX:
            self.size += len(part)
            self.kept.append(part)

    def was_closed(self) -> None:
        try:
            self.closed()
        except Exception as error:
            hooks.failed("openai stream", error)

    def text(self) -> str:
        """What was read, decoded; empty when it is too much or in an encoding unknown here."""
        if self.size > KEPT_BYTES_MAX or not self.kept:
            return ""
        raw = b"".join(self.kept)
        encoding = self.owner_response().headers.get("content-encoding", "").lower()
        if encoding in ("gzip", "deflate"):
            import zlib

            raw = zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(raw)
        elif encoding not in ("", "identity"):
            return ""
        return raw.decode("utf-8", "replace")

    def owner_response(self) -> Any:
        owner = self.owner
        return owner.response if hasattr(owner, "response") else owner.http_response

    def model(self, data: Any) -> Any:
        """`data`, parsed JSON, as the model that openai would make of it."""
        owner = self.owner
        return owner._client._process_response_data(
            data=data, cast_to=owner._cast_to, response=self.owner_response()
        )

    def replay(self, collector: Any) -> None:
        """Shows `collector` the events of the bytes that the application read by itself."""
        if self.owner is None:
            return
        text = self.text().replace("\r\n", "\n")
        for event in text.split("\n\n"):
            lines = [line[5:].strip() for line in event.split("\n") if line.startswith("data:")]
            data = "\n".join(lines)
            if data.startswith("{"):
                try:
                    value = loads(data)
                except ValueError:
                    return  # the application stopped within it
                collector.see(value)

    def whole(self) -> Any:
        """The answer that the bytes are; None when they are not all there."""
        try:
            return self.model(loads(self.text()))
        except ValueError:
            return None


def _make(httpx: Any) -> tuple[type, type]:
    """The classes for one of httpx and httpx2, which check that a stream is one of theirs."""

    class SyncTap(Tap, httpx.SyncByteStream):  # type: ignore[misc]
        def __iter__(self) -> Iterator[bytes]:
            return iter(self.inner) if self.owner is None else self._keeping()

        def _keeping(self) -> Iterator[bytes]:
            for part in self.inner:
                self.keep(part)
                yield part

        def close(self) -> None:
            try:
                self.inner.close()
            finally:
                self.was_closed()

    class AsyncTap(Tap, httpx.AsyncByteStream):  # type: ignore[misc]
        def __aiter__(self) -> AsyncIterator[bytes]:
            return self._keeping() if self.owner is not None else self.inner.__aiter__()

        async def _keeping(self) -> AsyncIterator[bytes]:
            async for part in self.inner:
                self.keep(part)
                yield part

        async def aclose(self) -> None:
            try:
                await self.inner.aclose()
            finally:
                self.was_closed()

    return SyncTap, AsyncTap


def put(response: Any, closed: Callable[[], None], owner: Any) -> Tap | None:
    """Puts a tap on `response`; None when it is not of httpx."""
    kind = type(response)
    classes = _classes.get(kind)
    if classes is None:
        httpx = sys.modules.get(kind.__module__.partition(".")[0])
        if not hasattr(httpx, "AsyncByteStream"):
            return None
        classes = _classes[kind] = _make(httpx)
    inner = response.stream
    tap: Tap = classes[hasattr(inner, "__aiter__") and not hasattr(inner, "__iter__")]()
    tap.inner, tap.closed = inner, closed
    if owner is not None:
        tap.owner, tap.kept = owner, []
    response.stream = tap
    return tap
