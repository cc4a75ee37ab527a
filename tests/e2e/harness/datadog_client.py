"""Datadog's typed client of the program, and applications that send by its other packages."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable

from datadog_api_client import ApiClient, Configuration

from tests.e2e.harness.client import venv
from tests.e2e.harness.program import ROOT, Catalejo


def client_of(server: Catalejo, key: str = "", unstable: Iterable[str] = ()) -> ApiClient:
    """With a key of the server's; `unstable` are operations that the client has to be told of."""
    # Its constructors carry no types.
    configuration = Configuration(host=server.http_url)  # type: ignore[no-untyped-call]
    configuration.api_key = {"apiKeyAuth": key or server.key, "appKeyAuth": "any"}
    for name in unstable:
        configuration.unstable_operations[name] = True
    return ApiClient(configuration)


def send_by(server: Catalejo, scenario: str) -> str:
    """Runs an application of tests/e2e/scenarios to its end; what it printed."""
    sent = subprocess.run(
        [str(venv("metrics") / "bin/python"), f"tests/e2e/scenarios/{scenario}.py", "127.0.0.1",
         str(server.statsd_port), str(server.statsd_socket), server.http_url, server.key],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert sent.returncode == 0, sent.stdout + sent.stderr
    return sent.stdout
