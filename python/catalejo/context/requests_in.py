"""The request that a server works on: its Remote is current until the body has been sent, so that
all LLM spans of one request are in one trace, whoever sent it and with what headers.

What servers and frameworks have in common; the modules beside this one know where to put it.
"""

from __future__ import annotations

from catalejo import hooks, ids
from catalejo.context import propagation
from catalejo.span import Remote, Span, current, runtime

TYPE_CHECKING = False  # `typing` is not needed to run this
if TYPE_CHECKING:
    from typing import Any, Awaitable, Callable, Iterator

    Receive = Callable[[], Awaitable[Any]]
    Send = Callable[[Any], Awaitable[None]]

_NAMES = {name.encode(): name for name in propagation.NAMES}
_KEYS = {"HTTP_" + name.upper().replace("-", "_"): name for name in propagation.NAMES}
IN_SCOPE = "catalejo.request"


def remote_of(headers: dict[str, str], is_socket: bool = False) -> Remote | None:
    """The sender's context, or a new trace of its own for this request. A WebSocket is no request:
    it may last for days, and what is done there for each message is a trace of its own."""
    remote = propagation.read(headers) if headers else None
    if remote is None and not is_socket:
        remote = Remote(ids.trace_id(), ids.apm_trace_id(), apm_span_id=ids.span_id())
    return remote


def asgi(original: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """`original` is an ASGI application's __call__(self, scope, receive, send). It returns after
    the last part of the body, and after background tasks."""

    async def call(self: Any, scope: Any, receive: Receive, send: Send) -> None:
        # An application mounted in another one is part of the same request.
        is_new = scope["type"] in ("http", "websocket") and IN_SCOPE not in scope
        if not is_new or not runtime.enabled:
            return await original(self, scope, receive, send)
        try:
            before = current.get()
            scope[IN_SCOPE] = True
            current.set(remote_of(_of_scope(scope), scope["type"] == "websocket"))
        except Exception as error:
            hooks.failed("could not read the headers of a request", error)
            return await original(self, scope, receive, send)
        try:
            await original(self, scope, receive, send)
        finally:
            current.set(before)

    call.__name__ = call.__qualname__ = "__call__"
    return call


def _of_scope(scope: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in scope.get("headers", ()):
        ours = _NAMES.get(name)
        if ours is not None:
            text = value.decode("latin-1")
            found[ours] = f"{found[ours]},{text}" if ours in found else text
    return found


def wsgi(original: Callable[..., Any]) -> Callable[..., Any]:
    """`original` is a WSGI application's method (self, environ, start_response). What it returns
    is read by the server afterwards, so the request's context goes with it."""

    def call(self: Any, environ: dict[str, Any], start_response: Any) -> Any:
        if not runtime.enabled or IN_SCOPE in environ:
            return original(self, environ, start_response)
        try:
            before = current.get()
            environ[IN_SCOPE] = True
            found = {name: environ[key] for key, name in _KEYS.items() if key in environ}
            current.set(remote_of(found))
        except Exception as error:
            hooks.failed("could not read the headers of a request", error)
            return original(self, environ, start_response)
        inside: Span | Remote | None = None
        try:
            body = original(self, environ, start_response)
            inside = current.get()
        finally:
            current.set(before)
        wrapper = environ.get("wsgi.file_wrapper")
        if isinstance(body, (list, tuple)) or (
            isinstance(wrapper, type) and isinstance(body, wrapper)
        ):
            return body
        return Body(body, inside)

    return call


class Body:
    """The parts of a WSGI answer, each made in its request's context, and each handed over in the
    server's own."""

    def __init__(self, body: Any, inside: Span | Remote | None) -> None:
        self._body = body
        self._parts: Iterator[Any] | None = None
        self._inside = inside

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # a __len__ that only hasattr() finds would mislead servers
            raise AttributeError(name)
        return getattr(self._body, name)

    def __iter__(self) -> Body:
        return self

    def _step(self, action: Callable[[], Any]) -> Any:
        before = current.get()
        current.set(self._inside)
        try:
            return action()
        finally:
            self._inside = current.get()
            current.set(before)

    def _next(self) -> Any:
        if self._parts is None:
            self._parts = iter(self._body)
        return next(self._parts)

    def __next__(self) -> Any:
        return self._step(self._next)

    def close(self) -> None:
        close = getattr(self._body, "close", None)
        if close is not None:
            self._step(close)
