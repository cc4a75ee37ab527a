"""httpx (and httpx2, which has the same interface): headers of what clients send."""

from __future__ import annotations

from catalejo.context import requests_out
from catalejo.context.requests_out import has_context

TYPE_CHECKING = False  # `typing` is not needed to run this
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any


def patch(module: ModuleType) -> None:
    """Wraps Client.send and AsyncClient.send, which each request passes once."""
    if getattr(module, "_catalejo", False):
        return
    _patch_client(module.Client)
    _patch_async_client(module.AsyncClient)
    module._catalejo = True  # type: ignore[attr-defined]


def _add(request: Any) -> None:
    url = getattr(request, "url", None)
    requests_out.add_headers(getattr(url, "host", None), request.headers)


def _patch_client(client: Any) -> None:
    original = client.send

    def send(self: Any, request: Any, *args: Any, **kwargs: Any) -> Any:
        if has_context():  # most requests are those of traced calls
            _add(request)
        return original(self, request, *args, **kwargs)

    client.send = send


def _patch_async_client(client: Any) -> None:
    original = client.send

    async def send(self: Any, request: Any, *args: Any, **kwargs: Any) -> Any:
        if has_context():  # most requests are those of traced calls
            _add(request)
        return await original(self, request, *args, **kwargs)

    client.send = send
