"""Flask: each request in its context."""

from __future__ import annotations

from catalejo import hooks
from catalejo.context import requests_in, threads

TYPE_CHECKING = False  # `typing` is not needed to run this
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any


def patch(module: ModuleType) -> None:
    threads.arm()
    hooks.on_import("flask.app", _patch_app)


def _patch_app(module: ModuleType) -> None:
    """Flask.wsgi_app is what middlewares are put around, too."""
    application: Any = module.Flask
    if "_catalejo" in application.__dict__:
        return
    application.wsgi_app = requests_in.wsgi(application.wsgi_app)
    application._catalejo = True
