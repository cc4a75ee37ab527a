"""A receiver of webhooks on loopback: keeps what comes, and answers as the test wants it to."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.e2e.harness.served import Served


@dataclass
class Received:
    path: str
    headers: dict[str, str]
    body: bytes
    status: int

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def key(self) -> str:
        return self.headers.get("idempotency-key", "")


@dataclass
class Receiver(Served):
    """`status` is what it answers; what it answered is kept with what came. `answers` are said
    first, one a try: status, body, headers."""

    status: int = 200
    answer: bytes = b"ok"
    answers: list[tuple[int, bytes, dict[str, str]]] = field(default_factory=list)
    all: list[Received] = field(default_factory=list)

    def __post_init__(self) -> None:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                headers = {name.lower(): value for name, value in self.headers.items()}
                status, answer, more = receiver.status, receiver.answer, dict[str, str]()
                if receiver.answers:
                    status, answer, more = receiver.answers.pop(0)
                receiver.all.append(Received(self.path, headers, body, status))
                self.send_response(status)
                for name, value in more.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"http://{self.address}"

    @property
    def taken(self) -> list[Received]:
        return [one for one in self.all if one.status < 300]
