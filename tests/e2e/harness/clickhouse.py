"""A ClickHouse server for tests: the real engine of a `catalejo-store` of its own, behind a TCP
port that asks for a user, a password and a database by name, as a server does.

The engine is the one that is embedded; what is new on this way is the network, the names and the
password (docs/decisions/005-faithful-fakes.md). Errors carry ClickHouse's own codes.
"""

from __future__ import annotations

import http.client
import socket
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.e2e.harness.program import binary, plain_environment, until

USER, PASSWORD, DATABASE = "catalejo", "se:cret/ñ", "watch"
AUTHENTICATION_FAILED, UNKNOWN_DATABASE = 516, 81
ENGINE_SOCKET = "store.socket"


class EngineConnection(http.client.HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=60)
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.path)


class Gate(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: ClickHouseServer

    def do_GET(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        body = self.rfile.read(length)
        target = urlsplit(self.path)
        query = dict(parse_qsl(target.query, keep_blank_values=True))
        if target.path != "/ping":
            # A header is bytes; http.server reads them as latin-1.
            password = (self.headers.get("x-clickhouse-key") or "").encode("latin-1").decode()
            if (self.headers.get("x-clickhouse-user"), password) != (USER, PASSWORD):
                self.refuse(403, AUTHENTICATION_FAILED, "Authentication failed")
                return
            if query.get("database") != DATABASE:
                self.refuse(404, UNKNOWN_DATABASE, f"Database {query.get('database')} is unknown")
                return
            query["database"] = "default"
        self.server.requests += 1
        connection = EngineConnection(str(self.server.folder / ENGINE_SOCKET))
        try:
            connection.request(self.command, f"{target.path}?{urlencode(query)}", body)
            answer = connection.getresponse()
            self.answer(
                answer.status, answer.read(), answer.getheader("X-ClickHouse-Exception-Code")
            )
        except OSError as error:
            self.answer(500, f"the engine is away: {error}".encode())
        finally:
            connection.close()

    do_POST = do_GET

    def refuse(self, status: int, code: int, message: str) -> None:
        self.answer(status, f"Code: {code}. DB::Exception: {message}.".encode(), str(code))

    def answer(self, status: int, body: bytes, exception: str | None = None) -> None:
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        if exception:
            self.send_header("X-ClickHouse-Exception-Code", exception)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


class ClickHouseServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), Gate)
        self.folder = folder
        self.requests = 0
        self.engine: subprocess.Popen[bytes] | None = None

    def url(self, password: str = PASSWORD, database: str = DATABASE) -> str:
        encoded = urlencode({"": password})[1:]
        return f"http://{USER}:{encoded}@127.0.0.1:{self.server_address[1]}/{database}"

    def start_engine(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        program = binary().with_name("catalejo-store")
        self.engine = subprocess.Popen(
            [str(program), "--data-dir", str(self.folder)], env=plain_environment()
        )
        until(self.answers, "the engine answers", 60)

    def answers(self) -> bool:
        connection = EngineConnection(str(self.folder / ENGINE_SOCKET))
        try:
            connection.request("GET", "/ping")
            return connection.getresponse().status == 200
        finally:
            connection.close()

    def stop_engine(self) -> None:
        if self.engine is not None:
            self.engine.kill()
            self.engine.wait()

    def __enter__(self) -> Self:
        self.start_engine()
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        self.shutdown()
        self.stop_engine()
        self.server_close()
