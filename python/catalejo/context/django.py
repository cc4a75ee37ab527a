"""Django under WSGI and ASGI: each request in its context."""

from __future__ import annotations

from catalejo import hooks
from catalejo.context import requests_in, threads

TYPE_CHECKING = False  # `typing` is not needed to run this
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any


def patch(module: ModuleType) -> None:
    threads.arm()
    hooks.on_import("django.core.handlers.wsgi", _patch_wsgi)
    hooks.on_import("django.core.handlers.asgi", _patch_asgi)


def _patch_wsgi(module: ModuleType) -> None:
    handler: Any = module.WSGIHandler
    if "_catalejo" not in handler.__dict__:
        handler.__call__ = requests_in.wsgi(handler.__call__)
        handler._catalejo = True


def _patch_asgi(module: ModuleType) -> None:
    handler: Any = module.ASGIHandler
    if "_catalejo" not in handler.__dict__:
        handler.__call__ = requests_in.asgi(handler.__call__)
        handler._catalejo = True
