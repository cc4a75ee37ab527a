"""What must not harm the program: wrong keys, huge, broken and hostile requests, slow clients."""

from __future__ import annotations

import contextlib
import gzip
import resource
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import zstandard

from tests.e2e.harness.load import assert_balanced, body_of, event, post
from tests.e2e.harness.page_api import Answer, call
from tests.e2e.harness.program import Catalejo, until

BODY_BYTES_MAX = 25 << 20
CONNECTIONS = 10_000


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalejo]:
    """One program for all hostile requests: it has to survive each of them."""
    program = Catalejo(tmp_path_factory.mktemp("input") / "data")
    program.create_key("input")
    with program:
        yield program
        assert post(program, body_of(event(999, "the last"))).status == 202
        assert_balanced(program)


def code_of(answer: Answer) -> str:
    error = answer.json()["errors"][0]
    assert error["detail"] and error["number"]
    return str(error["code"])


def resident_bytes(server: Catalejo) -> int:
    assert server.process is not None
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) << 10


@pytest.mark.parametrize("key", ["", "wrong", "DD-API-KEY", "0" * 32, "é" * 9])
def test_a_wrong_or_missing_key_is_refused_and_counted(server: Catalejo, key: str) -> None:
    before = server.api.ledger()["requests_rejected"].get("forbidden", 0)
    answer = post(server, body_of(event(1, "x")), **{"dd-api-key": key.encode().decode("latin-1")})
    assert (answer.status, code_of(answer)) == (403, "forbidden")
    assert server.api.ledger()["requests_rejected"]["forbidden"] == before + 1


def test_reading_without_the_key_is_refused(server: Catalejo) -> None:
    answer = call(server.http_port, "GET", "/api/v1/traces")
    assert (answer.status, code_of(answer)) == (401, "unauthorized")


def test_25_mebibytes_are_taken_and_one_byte_more_is_not(server: Catalejo) -> None:
    frame = len(body_of(event(10, "", ml_app="huge")))
    # The start time has the same number of digits in both, so the sizes differ by the text alone.
    fits = body_of(event(10, "a" * (BODY_BYTES_MAX - frame), ml_app="huge"))
    assert len(fits) == BODY_BYTES_MAX
    assert post(server, fits).status == 202
    rows = until(lambda: server.api.spans(view="spans", ml_app="huge"), "the huge span is stored")
    assert [row["span_id"] for row in rows] == ["10"]

    answer = post(server, body_of(event(11, "a" * (BODY_BYTES_MAX - frame + 1), ml_app="huge")))
    assert (answer.status, code_of(answer)) == (413, "body_too_large")


def bombs() -> dict[str, bytes]:
    zeros = bytes(1 << 20)
    deflated = gzip.compress(zeros * 300, 9)
    zipped = zstandard.ZstdCompressor().compressobj()
    packed = b"".join(zipped.compress(zeros) for _ in range(2_000)) + zipped.flush()
    return {"gzip": deflated, "zstd": packed}


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_a_bomb_is_refused_and_bounded_in_memory(server: Catalejo, encoding: str) -> None:
    answer = post(server, bombs()[encoding], **{"content-encoding": encoding})
    assert (answer.status, code_of(answer)) == (413, "body_too_large")
    assert resident_bytes(server) < 700 << 20


def spans_with(**fields: Any) -> bytes:
    return body_of(event(20, "x") | fields)


BROKEN: dict[str, bytes] = {
    "empty": b"",
    "cut off": body_of(event(21, "x"))[:-20],
    "no JSON": b"{]",
    "a number": b"42",
    "too deep": b"[" * 100_000 + b"]" * 100_000,
    "a long number": b"[{" + b'"a":' + b"9" * 1_000_000 + b"}]",
    "cut MessagePack": b"\xdd\xff\xff\xff\xff",
    "deep MessagePack": b"\x91" * 100_000,
}


@pytest.mark.parametrize("path", ["/api/v2/llmobs", "/v1/input"])
@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_body_is_refused_with_a_reason(server: Catalejo, path: str, what: str) -> None:
    headers = {"dd-api-key": server.key, "content-type": "application/json"}
    answer = call(server.http_port, "POST", path, BROKEN[what], headers)
    assert answer.status == 400, (what, answer.body)
    assert code_of(answer) in ("malformed", "too_deep", "wrong_type", "missing_field")


@pytest.mark.parametrize("path", ["/v0.4/traces", "/v0.5/traces"])
@pytest.mark.parametrize(
    "body", [b"", b"\x91", b"\xdd\xff\xff\xff\xff", b"\x91" * 100_000, b"\x92\xdd\x7f\xff\xff\xff"]
)
def test_broken_traces_are_refused_with_a_reason(server: Catalejo, path: str, body: bytes) -> None:
    answer = call(server.apm_port, "POST", path, body, {"content-type": "application/msgpack"})
    assert answer.status == 400, answer.body
    assert code_of(answer) in ("malformed", "too_deep", "wrong_type")


@pytest.mark.parametrize(
    "fields",
    [
        {"meta": "text"},
        {"meta": None},
        {"metrics": [1, 2]},
        {"tags": "a:b"},
        {"duration": -5},
        {"start_ns": "yesterday"},
        {"start_ns": 10**30},
        {"span_id": ""},
        {"trace_id": {"a": 1}},
    ],
    ids=str,
)
def test_a_span_with_a_wrong_field_is_accounted_for(
    server: Catalejo, fields: dict[str, Any]
) -> None:
    before = server.api.ledger()["spans"]["received"]
    answer = post(server, spans_with(**fields))
    assert answer.status in (202, 400), answer.body
    if answer.status == 202:
        assert server.api.ledger()["spans"]["received"] == before + 1
    assert_balanced(server)


def test_a_bad_span_does_not_cost_its_neighbours(server: Catalejo) -> None:
    good = [event(number, "good", ml_app="neighbours") for number in (30, 31)]
    bad = {**event(32, "bad", ml_app="neighbours"), "span_id": None}
    assert post(server, body_of(good[0], bad, good[1])).status == 202
    rows = until(
        lambda: server.api.spans(view="spans", ml_app="neighbours"), "the good spans are stored"
    )
    assert {row["span_id"] for row in rows} == {"30", "31"}


def test_invalid_utf8_is_replaced_and_said(server: Catalejo) -> None:
    body = body_of(event(40, "MARK", ml_app="bytes")).replace(b"MARK", b"a\xff\xfeb\xc3")
    assert post(server, body).status == 202
    rows = until(lambda: server.api.spans(view="spans", ml_app="bytes"), "the span is stored")
    [span] = server.api.trace(rows[0]["trace_id"])["spans"]
    text = span["input"]["messages"][0]["content"]
    assert text.startswith("a�") and "b" in text
    assert "invalid_utf8" in span["flags"]


def test_the_same_span_twice_is_stored_once_and_counted(server: Catalejo) -> None:
    before = server.api.ledger()["spans"]["duplicate"]
    twice = body_of(event(50, "again", ml_app="twice"))
    assert [post(server, twice).status for _ in range(3)] == [202, 202, 202]
    rows = until(lambda: server.api.spans(view="spans", ml_app="twice"), "the span is stored")
    assert len(rows) == 1
    assert server.api.ledger()["spans"]["duplicate"] == before + 2


def test_a_span_that_the_client_sampled_out_is_dropped_and_counted(server: Catalejo) -> None:
    before = server.api.ledger()["spans"]["sampled_out"]
    out = event(60, "x", ml_app="sampled", _dd={"sampling_decision": "0", "sample_rate": "0.5"})
    kept = event(61, "x", ml_app="sampled", _dd={"sampling_decision": "1", "sample_rate": "0.5"})
    assert post(server, body_of(out, kept)).status == 202
    rows = until(lambda: server.api.spans(view="spans", ml_app="sampled"), "the span is stored")
    assert [row["span_id"] for row in rows] == ["61"]
    assert server.api.ledger()["spans"]["sampled_out"] == before + 1


# --- raw sockets ---

HEAD = b"POST /api/v2/llmobs HTTP/1.1\r\nHost: x\r\nDD-API-KEY: %s\r\n"
SMUGGLED = b"GET /api/v1/info HTTP/1.1\r\nHost: x\r\nDD-API-KEY: %s\r\n\r\n"
SMUGGLING = {
    "length and chunked": b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two lengths": b"Content-Length: 2\r\nContent-Length: 4\r\n\r\n[]",
    "a list of lengths": b"Content-Length: 2, 4\r\n\r\n[]",
    "a signed length": b"Content-Length: +2\r\n\r\n[]",
    "a hexadecimal length": b"Content-Length: 0x2\r\n\r\n[]",
    "a negative length": b"Content-Length: -2\r\n\r\n[]",
    "chunked twice": b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
    "chunked not last": b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "an unknown coding": b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "blank before the colon": b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    "a folded header": b"X: a\r\n Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n[]",
    "a bad chunk size": b"Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n",
    "a huge chunk size": b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff1\r\n\r\n",
}


def converse(port: int, data: bytes, *, seconds: float = 20) -> bytes:
    """Everything that is answered until the other side closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as connection:
        received = b""
        with contextlib.suppress(ConnectionResetError, BrokenPipeError):
            connection.sendall(data)
            while piece := connection.recv(65536):
                received += piece
        return received


@pytest.mark.parametrize("what", SMUGGLING)
def test_a_request_with_two_readings_is_refused_and_the_connection_ended(
    server: Catalejo, what: str
) -> None:
    key = server.key.encode()
    received = converse(server.http_port, HEAD % key + SMUGGLING[what] + SMUGGLED % key)
    assert received.startswith(b"HTTP/1.1 4"), received[:200]
    assert received.count(b"HTTP/1.1") == 1, "what was hidden behind it was answered"
    assert b"200 OK" not in received


@pytest.mark.timeout(120)
def test_slow_clients_are_cut_off_and_others_served_meanwhile(server: Catalejo) -> None:
    slow = [socket.create_connection(("127.0.0.1", server.http_port)) for _ in range(200)]
    for connection in slow:
        connection.sendall(b"POST /api/v2/llmobs HTTP/1.1\r\nX: ")
        connection.setblocking(False)
    open_ones = set(range(len(slow)))
    deadline = time.monotonic() + 60
    while open_ones and time.monotonic() < deadline:
        for number in list(open_ones):
            try:
                if not slow[number].recv(4096):
                    open_ones.discard(number)
                    continue
            except BlockingIOError:
                pass
            except ConnectionResetError:
                open_ones.discard(number)
                continue
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                slow[number].send(b"a")
        assert post(server, body_of(event(70, "served meanwhile"))).status == 202
        time.sleep(0.5)
    for connection in slow:
        connection.close()
    assert not open_ones, f"{len(open_ones)} slow clients were never cut off"


@pytest.fixture
def many_files() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + 1_000
    assert hard == resource.RLIM_INFINITY or hard >= wanted, f"ulimit -Hn is {hard}"
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.timeout(120)
def test_ten_thousand_connections_are_held_and_served(many_files: None, fresh: Catalejo) -> None:
    with fresh, contextlib.ExitStack() as stack:
        held = [
            stack.enter_context(socket.create_connection(("127.0.0.1", fresh.http_port)))
            for _ in range(CONNECTIONS)
        ]
        request = b"GET /api/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        for connection in held:
            connection.sendall(request)
        for number, connection in enumerate(held):
            connection.settimeout(30)
            assert connection.recv(4096).startswith(b"HTTP/1.1 200"), number
        assert post(fresh, body_of(event(80, "the crowd does not matter"))).status == 202
        assert fresh.api.ledger()["spans"]["stored"] == 1
