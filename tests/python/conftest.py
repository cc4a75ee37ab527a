"""What the suites of the Python tracer share. `catalejo` is importable in their environment (see
python/build.sh)."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from .intake import Intake


@pytest.fixture
def intake() -> Iterator[Intake]:
    server = Intake()
    yield server
    server.close()


@pytest.fixture
def intakes() -> Iterator[Callable[..., Intake]]:
    made: list[Intake] = []

    def make(**options: Any) -> Intake:
        made.append(Intake(**options))
        return made[-1]

    yield make
    for server in made:
        server.close()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A private authority's certificate, and a server's for localhost, in one folder."""
    folder = tmp_path_factory.mktemp("tls")
    run = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "2",
    ]
    subprocess.run(
        [*run, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Test CA"],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    subprocess.run(
        [
            *run,
            "-keyout",
            "server.key",
            "-out",
            "server.pem",
            "-subj",
            "/CN=localhost",
            "-addext",
            "subjectAltName=DNS:localhost",
            "-CA",
            "ca.pem",
            "-CAkey",
            "ca.key",
        ],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    return folder
