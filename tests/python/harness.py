"""A receiver in this process that remembers what it got, and programs run under `catalejo run`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PROXY = "/evp_proxy/v2"
SPANS, EVALUATIONS = "/api/v2/llmobs", "/api/intake/llm-obs/v2/eval-metric"
KEY = "0123456789abcdef"


class Receiver(ThreadingHTTPServer):
    """Agent and intake in one, on a port of its own. Set `status` or `delay_s` for bad days."""

    daemon_threads = True

    def __init__(self, port: int = 0, *, agent: bool = True) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.agent = agent
        self.status = 202
        self.delay_s = 0.0
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.events: list[dict[str, Any]] = []
        self.metrics: list[dict[str, Any]] = []
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def names(self) -> list[str]:
        return sorted(event["name"] for event in self.events)

    def wait_for(self, count: int, seconds_max: float = 15.0) -> list[dict[str, Any]]:
        until(lambda: len(self.events) >= count, f"{count} spans, not {self.names()}", seconds_max)
        return self.events


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Receiver

    def do_GET(self) -> None:
        server = self.server
        time.sleep(server.delay_s)
        server.requests.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
        if self.path == "/info" and server.agent:
            self.answer(200, {"endpoints": ["/v0.4/traces", "/evp_proxy/v2/"]})
        elif self.path.endswith("/api/v1/validate"):
            valid = self.headers.get("dd-api-key") == KEY
            self.answer(200 if valid else 403, {"valid": valid})
        else:
            self.answer(404, {})

    def do_POST(self) -> None:
        server = self.server
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        time.sleep(server.delay_s)
        server.requests.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
        if server.status < 300:
            if self.path.endswith(SPANS):
                for wrapper in json.loads(body):
                    server.events += wrapper["spans"]
            elif self.path.endswith(EVALUATIONS):
                server.metrics += json.loads(body)["data"]["attributes"]["metrics"]
        self.answer(server.status, {})

    def answer(self, status: int, content: dict[str, Any]) -> None:
        text = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def receiver(**options: Any) -> Iterator[Receiver]:
    server = Receiver(**options)
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def until(condition: Callable[[], object], what: str, seconds_max: float = 15.0) -> None:
    deadline = time.monotonic() + seconds_max
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds_max} s: {what}"
        time.sleep(0.01)


def launcher() -> list[str]:
    """`catalejo` of this environment; from the sources where it is not installed."""
    script = Path(sys.executable).parent / "catalejo"
    return [str(script)] if script.exists() else [sys.executable, "-m", "catalejo"]


def environment(**variables: str) -> dict[str, str]:
    """Ours, without what would reach a tracer by accident."""
    plain = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DD_", "CATALEJO_", "OTEL_", "FUNCTIONS_", "SSL_CERT"))
    }
    plain.pop("PYTHONPATH", None)
    known = {**plain, "PYTHONUNBUFFERED": "1", **variables}
    if len(launcher()) > 1:
        known["PYTHONPATH"] = os.pathsep.join(
            [str(ROOT / "python"), *filter(None, [known.get("PYTHONPATH", "")])]
        )
    return known


def agent(server: Receiver, **variables: str) -> dict[str, str]:
    return environment(DD_TRACE_AGENT_URL=server.url, DD_LLMOBS_ML_APP="tests", **variables)


def run(
    *words: str, env: dict[str, str], cwd: Path | None = None, seconds_max: float = 60.0
) -> subprocess.CompletedProcess[str]:
    """`catalejo run WORDS…`, to its end."""
    return subprocess.run(
        [*launcher(), "run", *words], env=env, cwd=cwd or ROOT, capture_output=True, text=True,
        timeout=seconds_max, check=False,
    )  # fmt: skip


def traced(name: str = "work") -> str:
    """A program of one line that makes one span, for the tests that need no more."""
    return f"from catalejo import span; span.start('task', {name!r}).finish()"
