"""Datadog's receiver for tests of tracers, `ddapm-test-agent` of PyPI, in its own process."""

from __future__ import annotations

import base64
import json
import subprocess
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.e2e.harness.client import venv
from tests.e2e.harness.program import free_port, plain_environment, until

SPANS = "/evp_proxy/v2/api/v2/llmobs"
EVALUATIONS = "/evp_proxy/v2/api/intake/llm-obs/v2/eval-metric"
Json = dict[str, Any]


class DatadogAgent:
    """Use by `with`. It keeps every request that it took."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.socket = folder / "agent.socket"
        self.folder = folder
        self.process: subprocess.Popen[bytes] | None = None

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(self.url + path, timeout=20) as answer:
            return json.load(answer)

    def requests(self, path: str) -> list[Any]:
        """The bodies of the requests to this path."""
        return [
            json.loads(base64.b64decode(each["body"]))
            for each in self.get("/test/session/requests")
            if each["url"].endswith(path)
        ]

    def spans(self) -> list[Json]:
        return [span for body in self.requests(SPANS) for part in body for span in part["spans"]]

    def evaluations(self) -> list[Json]:
        bodies = self.requests(EVALUATIONS)
        return [one for body in bodies for one in body["data"]["attributes"]["metrics"]]

    def __enter__(self) -> DatadogAgent:
        with (self.folder / "agent.log").open("ab") as log:
            self.process = subprocess.Popen(
                [
                    str(venv("agent") / "bin/ddapm-test-agent"), "--host", "127.0.0.1",
                    "--port", str(self.port), "--otlp-http-port", str(free_port()),
                    "--otlp-grpc-port", str(free_port()), "--disable-llmobs-data-forwarding",
                    "--trace-uds-socket", str(self.socket),
                ],
                env=plain_environment(), stdout=log, stderr=subprocess.STDOUT, cwd=self.folder,
            )  # fmt: skip
        until(lambda: self.get("/info"), "ddapm-test-agent answers /info", 60)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self.process is not None
        self.process.terminate()
        self.process.wait(20)
