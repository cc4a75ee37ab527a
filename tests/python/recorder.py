"""A loopback intake that remembers what it was sent, and the environment to send it there."""

from __future__ import annotations

import gzip
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.e2e.harness.served import Served

SPANS = "/api/v2/llmobs"
EVALUATIONS = "/api/intake/llm-obs/v2/eval-metric"


class Recorder(Served):
    """Use by `with`. `spans` and `evaluations` are those of all requests until now."""

    def __init__(self) -> None:
        self.spans: list[dict[str, Any]] = []
        self.evaluations: list[dict[str, Any]] = []
        self.lock = threading.Lock()
        recorder = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                if self.headers.get("content-encoding") == "gzip":
                    body = gzip.decompress(body)
                recorder.take(self.path, body)
                self.send_response(202)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://{self.address}"

    def take(self, path: str, body: bytes) -> None:
        with self.lock:
            if path.endswith(SPANS):
                payload = json.loads(body)
                for wrapper in payload if isinstance(payload, list) else [payload]:
                    self.spans += wrapper["spans"]
            elif path.endswith(EVALUATIONS):
                self.evaluations += json.loads(body)["data"]["attributes"]["metrics"]

    def clear(self) -> None:
        with self.lock:
            self.spans.clear()
            self.evaluations.clear()

    def environment(self) -> dict[str, str]:
        return {
            "DD_LLMOBS_OVERRIDE_ORIGIN": self.url,
            "DD_LLMOBS_AGENTLESS_ENABLED": "1",
            "DD_API_KEY": "0" * 32,
            "DD_SITE": "dd.test",
            "DD_LLMOBS_ML_APP": "sdk-app",
            "DD_SERVICE": "sdk-service",
            "DD_ENV": "tests",
            "DD_VERSION": "7.8.9",
            "DD_TAGS": "team:óptica,cost-center:42",
        }
