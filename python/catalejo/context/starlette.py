"""Starlette, and FastAPI which is made of it: each request in its context."""

from __future__ import annotations

from catalejo import hooks
from catalejo.context import requests_in, threads

TYPE_CHECKING = False  # `typing` is not needed to run this
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any


def patch(module: ModuleType) -> None:
    """The package itself has no application; its module does, when it is imported."""
    threads.arm()
    hooks.on_import("starlette.applications", _patch_applications)


def _patch_applications(module: ModuleType) -> None:
    application: Any = module.Starlette
    if "_catalejo" in application.__dict__:
        return
    application.__call__ = requests_in.asgi(application.__call__)
    application._catalejo = True
