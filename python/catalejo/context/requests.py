"""requests: headers of what sessions send."""

from __future__ import annotations

from catalejo.context import requests_out

TYPE_CHECKING = False  # `typing` is not needed to run this
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any


def patch(module: ModuleType) -> None:
    """Wraps Session.send, which each request, and each redirection, passes."""
    session: Any = module.Session
    original = session.send
    if getattr(original, "_catalejo", False):
        return

    def send(self: Any, request: Any, **kwargs: Any) -> Any:
        requests_out.add_headers(_host(getattr(request, "url", None)), request.headers)
        return original(self, request, **kwargs)

    send._catalejo = True  # type: ignore[attr-defined]
    session.send = send


def _host(url: Any) -> str | None:
    """Of scheme://user@host:port/path, where requests has checked that it is one."""
    if not isinstance(url, str):
        return None
    authority = url.partition("://")[2].partition("/")[0].rpartition("@")[2]
    if authority.startswith("["):
        return authority.partition("]")[0][1:]
    return authority.partition("?")[0].partition("#")[0].partition(":")[0]
