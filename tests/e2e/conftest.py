"""What many tests share: one fake Azure, one program with a key and certificates, client runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from demo.azure.server import Azure
from demo.azure.server import start as start_azure
from tests.e2e.harness.browser import browsers, pages
from tests.e2e.harness.client import MODES, SITE, Mode
from tests.e2e.harness.program import Catalejo, binary
from tests.e2e.harness.stored import Stored, run_and_read


@pytest.fixture(scope="session", autouse=True)
def built() -> None:
    assert binary().exists(), f"{binary()} is missing: run ./dev build"


@pytest.fixture(scope="session")
def azure() -> Iterator[Azure]:
    server = start_azure()
    yield server
    server.shutdown()


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalejo]:
    """One program for all client runs, as an operator sets it up: certificates, then a key."""
    server = Catalejo(tmp_path_factory.mktemp("shared") / "data")
    made = server.command("tls", "init", "--site", SITE)
    assert made.returncode == 0, made.stderr
    server.create_key("end to end")
    with server:
        yield server


@pytest.fixture(scope="session")
def run_in(
    shared: Catalejo, azure: Azure, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[Mode], Stored]:
    """All scenarios run once in a mode, and everything that was stored of them."""
    known: dict[str, Stored] = {}

    def run(mode: Mode) -> Stored:
        if mode.name not in known:
            folder = tmp_path_factory.mktemp(mode.name)
            known[mode.name] = run_and_read(mode, shared, azure, folder)
        return known[mode.name]

    return run


@pytest.fixture(scope="session", params=MODES, ids=lambda mode: mode.name)
def stored(request: pytest.FixtureRequest, run_in: Callable[[Mode], Stored]) -> Stored:
    mode: Mode = request.param
    return run_in(mode)


@pytest.fixture
def fresh(tmp_path: Path) -> Catalejo:
    """A program of the test's own, not started yet."""
    return Catalejo(tmp_path / "data")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    yield from browsers()


@pytest.fixture
def page(browser: Browser, shown: Catalejo, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page on the program that the test's own module calls `shown`."""
    yield from pages(browser, shown.http_url, request.node.name)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Where in our tests each failure was, as the last thing said: a log may be cut to its end."""
    for report in (*terminalreporter.getreports("failed"), *terminalreporter.getreports("error")):
        entries = getattr(getattr(report.longrepr, "reprtraceback", None), "reprentries", [])
        places = [entry.reprfileloc for entry in entries if getattr(entry, "reprfileloc", None)]
        for place in places:
            if "tests/" in str(place.path):
                terminalreporter.write_line(f"{report.nodeid}: {place.path}:{place.lineno}")
