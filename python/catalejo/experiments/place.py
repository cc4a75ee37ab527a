"""Where things are: the project of the application, the address of the server's page."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from catalejo.settings import names_of
from catalejo.span import runtime

DEFAULT_PROJECT = "default-project"
PAGE_PORT = 8127  # of a server that nobody told otherwise

_chosen: list[str] = []  # by LLMObs.enable


def choose_project(name: str) -> None:
    _chosen[:] = [name]


def project() -> str:
    if _chosen:
        return _chosen[0]
    named = (os.environ.get(name) for name in names_of("DD_LLMOBS_PROJECT_NAME"))
    return next(filter(None, named), DEFAULT_PROJECT)


def page(path: str) -> str:
    """CATALEJO_PAGE_URL, else where spans go, an agent's port replaced by that of the page."""
    settings = runtime.settings
    given = os.environ.get("CATALEJO_PAGE_URL") or settings.override_origin
    if given:
        return given.rstrip("/") + path
    if settings.agentless and settings.site:
        return f"https://{settings.site}{path}"
    host = urlsplit(settings.agent_url).hostname or "localhost"
    return f"http://{f'[{host}]' if ':' in host else host}:{PAGE_PORT}{path}"
