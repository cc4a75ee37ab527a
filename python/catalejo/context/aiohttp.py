"""aiohttp: headers of what its clients send, and each request of its server in its context."""

from __future__ import annotations

from catalejo import hooks
from catalejo.context import propagation, requests_in, requests_out, threads
from catalejo.span import current, runtime

TYPE_CHECKING = False  # `typing` is not needed to run this
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any


def patch(module: ModuleType) -> None:
    threads.arm()
    hooks.on_import("aiohttp.client", _patch_client)
    hooks.on_import("aiohttp.web_protocol", _patch_server)


def _patch_client(module: ModuleType) -> None:
    """ClientSession._request is what all of its methods call, also for WebSockets."""
    session: Any = module.ClientSession
    original = session._request
    if getattr(original, "_catalejo", False):
        return

    async def _request(self: Any, method: str, str_or_url: Any, **kwargs: Any) -> Any:
        if requests_out.has_context():
            _add(self, str_or_url, kwargs)
        return await original(self, method, str_or_url, **kwargs)

    _request._catalejo = True  # type: ignore[attr-defined]
    session._request = _request


def _add(session: Any, url: Any, kwargs: dict[str, Any]) -> None:
    """Puts a copy of the request's headers, with ours added, in their place."""
    try:
        host = _host(session, url)
        if not host or not requests_out.is_told(host):
            return
        given = kwargs.get("headers")
        from multidict import CIMultiDict

        headers: Any = CIMultiDict(given or ())
        propagation.inject(headers)
        kwargs["headers"] = headers
    except Exception as error:
        hooks.failed("could not write the headers of a request", error)


def _host(session: Any, url: Any) -> str | None:
    host = getattr(url, "host", None)
    if host is None and isinstance(url, str) and "://" in url:
        from yarl import URL

        host = URL(url).host
    if host is None:
        base = getattr(session, "_base_url", None)
        host = getattr(base, "host", None)
    return host


def _patch_server(module: ModuleType) -> None:
    """RequestHandler._handle_request calls the application and sends what it answers."""
    handler: Any = module.RequestHandler
    original = getattr(handler, "_handle_request", None)
    if original is None or getattr(original, "_catalejo", False):
        return

    async def _handle_request(self: Any, request: Any, *args: Any, **kwargs: Any) -> Any:
        if not runtime.enabled:
            return await original(self, request, *args, **kwargs)
        try:
            before = current.get()
            names = propagation.NAMES
            given = request.headers
            found = {name: ",".join(given.getall(name)) for name in names if name in given}
            is_socket = given.get("upgrade", "").lower() == "websocket"
            current.set(requests_in.remote_of(found, is_socket))
        except Exception as error:
            hooks.failed("could not read the headers of a request", error)
            return await original(self, request, *args, **kwargs)
        try:
            return await original(self, request, *args, **kwargs)
        finally:
            current.set(before)

    _handle_request._catalejo = True  # type: ignore[attr-defined]
    handler._handle_request = _handle_request
