"""The HTTP side: routes, keys, headers, errors. `python -m demo.azure --port 0` prints its address.

One thread per connection, standard library only: it has to be easy to read and to trust, not fast.
"""

from __future__ import annotations

import json
import re
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from demo.azure import chat, older, responses
from demo.azure.contract import DEPLOYMENTS, REGION, Answer, Refused, Request
from demo.azure.faults import Fault, Faults, Limit, raise_for
from demo.azure.text import digest_of

KEY = "fake-azure-key"
BODY_BYTES_MAX = 64 << 20
ASKED_MAX = 200
# Tracers tell Azure from others by the word "azure" in the address; the real host name has it.
PREFIX = "/azure"

Operation = Callable[[Request], Answer]
# Path below the deployment (or below /openai/v1) → name in Azure's messages, what answers.
OPERATIONS: dict[str, tuple[str, Operation]] = {
    "chat/completions": ("ChatCompletions_Create", chat.create),
    "completions": ("Completions_Create", older.create_completion),
    "embeddings": ("Embeddings_Create", older.create_embedding),
    "responses": ("Responses_Create", responses.create),
}
DEPLOYMENT_PATH = re.compile(r"^/openai/deployments/([^/]+)/(.+)$")
VERSION_ONE_PATH = re.compile(r"^/openai/v1/(.+)$")
RESPONSES_PATH = re.compile(r"^/openai/(responses)$")
NOT_FOUND = {"code": "404", "message": "Resource not found"}


def route(request: Request) -> str:
    """Names the operation and fills in deployment and model; raises what Azure would answer."""
    if found := DEPLOYMENT_PATH.match(request.path):
        request.deployment, operation = unquote(found[1]), found[2]
        if "api-version" not in request.query:
            raise Refused(404, NOT_FOUND)
    elif found := VERSION_ONE_PATH.match(request.path) or RESPONSES_PATH.match(request.path):
        operation = found[1]
        request.deployment = str(request.body.get("model", ""))
    else:
        raise Refused(404, NOT_FOUND)
    if operation not in OPERATIONS:
        raise Refused(404, NOT_FOUND)
    if request.deployment not in DEPLOYMENTS:
        raise Refused(
            404,
            {
                "code": "DeploymentNotFound",
                "message": (
                    "The API deployment for this resource does not exist. If you created the "
                    "deployment within the last 5 minutes, please wait a moment and try again."
                ),
            },
        )
    request.model = DEPLOYMENTS[request.deployment]
    return operation


def spill_over(request: Request, refused: Refused) -> dict[str, str]:
    """The headers of an answer that another deployment gives in place of the refusal; raises it
    again when the caller named none (how-to/spillover-traffic-management)."""
    standard = request.headers.get("x-ms-spillover-deployment", "")
    if refused.answer.status not in (400, 429, 500, 503) or standard not in DEPLOYMENTS:
        raise refused
    headers = {
        "x-ms-spillover-from-deployment": request.deployment,
        "x-ms-spillover-error": str(refused.answer.status),
    }
    request.deployment, request.model = standard, DEPLOYMENTS[standard]
    return headers


def check_key(request: Request) -> None:
    bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
    if KEY in (request.headers.get("api-key"), bearer):
        return
    raise Refused(
        401,
        {
            "code": "401",
            "message": (
                "Access denied due to invalid subscription key or wrong API endpoint. Make sure "
                "to provide a valid key for an active subscription and use a correct regional API "
                "endpoint for your resource."
            ),
        },
    )


class Azure(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(
        self,
        port: int,
        latency_s: float,
        limits: dict[str, Limit] | None,
        faults: dict[str, str] | None,
    ) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.faults = Faults(limits, faults)
        self.latency_s = latency_s
        self.asked: list[Request] = []  # by whoever had a key and a deployment

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Quiet about clients that go away: tests make them do so."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)

    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}{PREFIX}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # A stream is many small writes; without this each waits for the last one's acknowledgement.
    disable_nagle_algorithm = True
    server: Azure

    def do_POST(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        raw = self.rfile.read(min(length, BODY_BYTES_MAX))
        target = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        query = dict(parse_qsl(target.query))
        request = Request(self.command, target.path.removeprefix(PREFIX), query, headers, {})
        fault = Fault()
        try:
            try:
                request.body = json.loads(raw or b"{}")
            except ValueError:
                message = "We could not parse the JSON body of your request."
                error = {"message": message, "type": "invalid_request_error"}
                raise Refused(400, {**error, "param": None, "code": None}) from None
            check_key(request)
            operation = route(request)
            self.server.asked.append(request)
            del self.server.asked[:-ASKED_MAX]
            fault = self.server.faults.take(request)
            if fault.kind == "reset":
                self.abandon()
                return
            name, create = OPERATIONS[operation]
            spilled: dict[str, str] = {}
            try:
                raise_for(fault, name, query.get("api-version", "v1"))
            except Refused as refused:
                spilled = spill_over(request, refused)
            answer = create(request)
            answer.headers |= spilled
            # From half to one and a half times the latency asked for, the same for the same body.
            share = int(digest_of(request.body)[:4], 16) / 0xFFFF
            time.sleep(self.server.latency_s * (0.5 + share))
        except Refused as refused:
            answer = refused.answer
        self.send(request, answer, fault)

    def do_GET(self) -> None:
        self.do_POST()

    def abandon(self) -> None:
        """Ends the connection without an answer, with a reset rather than an orderly close."""
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.close_connection = True

    def send_common_headers(self, request: Request, answer: Answer) -> None:
        headers = {
            "apim-request-id": request.id,
            "x-request-id": request.id,
            "x-ms-request-id": request.id,
            "x-ms-region": REGION,
            "x-ms-rai-invoked": "true",
            "x-ms-deployment-name": request.deployment,
            "x-ratelimit-limit-requests": "250",
            "x-ratelimit-limit-tokens": "250000",
            "x-ratelimit-remaining-requests": "249",
            "x-ratelimit-remaining-tokens": "249000",
            "azureml-model-session": "d011-20241120",
            "strict-transport-security": "max-age=31536000; includeSubDomains; preload",
            **answer.headers,
        }
        for name, value in headers.items():
            if value:
                self.send_header(name, value)

    def send(self, request: Request, answer: Answer, fault: Fault) -> None:
        self.send_response(answer.status)
        self.send_common_headers(request, answer)
        if answer.events is not None:
            self.send_stream(answer, fault)
            return
        body = json.dumps(answer.body, ensure_ascii=False).encode()
        self.send_header("content-type", "application/json; charset=utf-8")
        self.send_header("content-length", str(len(body)))
        try:
            self.end_headers()
            self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            # The application stopped waiting.
            self.close_connection = True

    def send_stream(self, answer: Answer, fault: Fault) -> None:
        assert answer.events is not None
        self.send_header("content-type", "text/event-stream; charset=utf-8")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        try:
            for number, event in enumerate(answer.events):
                if fault.kind == "cut" and number == 5:
                    self.close_connection = True
                    return
                self.wfile.write(b"%x\r\n%s\r\n" % (len(event), event))
                self.wfile.flush()
                time.sleep(self.server.latency_s / 20)
            self.wfile.write(b"0\r\n\r\n")
        except (BrokenPipeError, ConnectionResetError):
            # The application stopped reading its stream, as an aborted one does.
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: the application's own output is what a person watches."""


def start(
    port: int = 0,
    latency_s: float = 0.0,
    limits: dict[str, Limit] | None = None,
    faults: dict[str, str] | None = None,
) -> Azure:
    """Serves in a thread of this process; `shutdown()` ends it. `faults` are what each call to a
    deployment meets, by its name."""
    server = Azure(port, latency_s, limits, faults)
    threading.Thread(target=server.serve_forever, name="fake-azure", daemon=True).start()
    return server
