"""A server of events that a test controls: what it answers, how slowly, whether at all."""

from __future__ import annotations

import gzip
import json
import socket
import socketserver
import ssl
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any


@dataclass
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    answer: int | str = 0

    @property
    def json(self) -> Any:
        zipped = self.headers.get("content-encoding") == "gzip"
        return json.loads(gzip.decompress(self.body) if zipped else self.body)


@dataclass
class Intake:
    """`answers` are used up one a request, then `status`. An answer is an HTTP status, "reset"
    (read, then the connection is cut), "drop" (closed with nothing said), "garbage" or "hang"."""

    unix_path: Path | None = None
    tls: ssl.SSLContext | None = None
    status: int | str = 202
    answers: list[int | str] = field(default_factory=list)
    answer_headers: dict[str, str] = field(default_factory=dict)
    answer_body: bytes = b""
    info: bytes | None = None
    delay_s: float = 0.0
    refuse: list[bytes] = field(default_factory=list)  # 400 for a body that has one of them
    keep_alive: bool = True
    requests: list[Request] = field(default_factory=list)
    connections: int = 0

    def __post_init__(self) -> None:
        self.lock = threading.Lock()
        self.closing = threading.Event()
        unix = self.unix_path is not None
        family: Any = (
            socketserver.ThreadingUnixStreamServer if unix else socketserver.ThreadingTCPServer
        )
        address = str(self.unix_path) if unix else ("127.0.0.1", 0)
        self.server: Any = family(address, _handler(self), bind_and_activate=False)
        self.server.daemon_threads = True
        self.server.request_queue_size = 128
        self.server.server_bind()
        self.server.server_activate()
        if self.tls is not None:
            self.server.socket = self.tls.wrap_socket(
                self.server.socket, server_side=True, do_handshake_on_connect=False
            )
        self.server.handle_error = lambda *_: None
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.server.server_address[1])

    @property
    def url(self) -> str:
        if self.unix_path is not None:
            return f"unix://{self.unix_path}"
        return f"{'https' if self.tls else 'http'}://localhost:{self.port}"

    def close(self) -> None:
        self.closing.set()
        self.server.shutdown()
        self.server.server_close()

    def answer(self) -> int | str:
        with self.lock:
            return self.answers.pop(0) if self.answers else self.status

    def spans(self) -> list[Any]:
        """Of all requests, in order."""
        return [
            span
            for request in list(self.requests)
            if request.path.endswith("/llmobs")
            for wrapper in request.json
            for span in wrapper["spans"]
        ]

    def accepted(self) -> list[Any]:
        """The spans of the requests that were answered with 202."""
        return [
            span
            for request in list(self.requests)
            if request.answer == 202
            for wrapper in request.json
            for span in wrapper["spans"]
        ]

    def evaluations(self) -> list[Any]:
        return [
            metric
            for request in list(self.requests)
            if request.path.endswith("/eval-metric")
            for metric in request.json["data"]["attributes"]["metrics"]
        ]

    def wait(self, count: int, timeout_s: float = 5.0) -> None:
        """Until so many requests have arrived."""
        deadline = time.monotonic() + timeout_s
        while len(self.requests) < count:
            assert time.monotonic() < deadline, f"{len(self.requests)} of {count} requests came"
            time.sleep(0.005)


def _handler(intake: Intake) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = intake.unix_path is None

        def setup(self) -> None:
            with intake.lock:
                intake.connections += 1
            super().setup()

        def do_GET(self) -> None:
            self.note(b"")
            if intake.info is None:
                self.reply(404, b"")
            else:
                self.reply(200, intake.info)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            answer = intake.answer()
            if any(part in body for part in intake.refuse):
                answer = 400
            time.sleep(intake.delay_s)
            self.note(body, answer)
            if answer == "hang":
                intake.closing.wait(30)
                self.close_connection = True
            elif answer == "reset":
                self.connection.setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
                )
                self.connection.close()
                self.close_connection = True
            elif answer == "drop":
                self.close_connection = True
            elif answer == "garbage":
                self.wfile.write(b"\x00\x01 not http at all\r\n\r\n")
                self.close_connection = True
            else:
                self.reply(int(answer), intake.answer_body)

        def note(self, body: bytes, answer: int | str = 200) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            intake.requests.append(Request(self.command, self.path, headers, body, answer))

        def reply(self, status: int, body: bytes) -> None:
            self.send_response(status)
            for name, value in intake.answer_headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            if not intake.keep_alive:
                self.send_header("connection", "close")
                self.close_connection = True
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


def tls_server(make: Callable[..., Intake], certificate: Path) -> Intake:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "server.pem", certificate / "server.key")
    return make(tls=context)


def ids(intake: Intake) -> list[int]:
    return sorted(int(span["span_id"]) for span in intake.spans())
