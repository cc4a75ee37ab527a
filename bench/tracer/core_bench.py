"""What one event costs in the native core: CPU of the application's thread and of the native one.

    python bench/tracer/core_bench.py [--events 20000] [--json]

The event is a chat call of about 2.5 KB: a system prompt, three messages, an answer, metadata,
metrics and tags, as catalejo/span.py makes it. A server in a process of its own takes the requests.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import socket
import threading
import time
from pathlib import Path
from typing import Any

from catalejo import _core

SYSTEM = "You are the assistant of a travel agency. Answer briefly, in the user's language. " * 6
QUESTION = "¿Qué puedo ver en Cádiz en dos días, sin coche y con niños? " * 4
ANSWER = "El primer día, la Catedral y el barrio del Pópulo; de tarde, la playa de La Caleta. " * 8


def event(number: int) -> dict[str, Any]:
    """What a call leaves: every text a new object, as the openai package makes them."""
    stamp = str(number)
    return {
        "span_id": stamp,
        "trace_id": "6b04" + "0" * 28,
        "parent_id": "undefined",
        "name": "AzureOpenAI.createChatCompletion",
        "start_ns": 1_795_472_918_858_498_518,
        "duration": 17_381_879,
        "status": "ok",
        "ml_app": "demo-app",
        "service": "demo",
        "meta": {
            "span": {"kind": "llm"},
            "model_name": "gpt-4o-2024-11-20",
            "model_provider": "azure_openai",
            "input": {
                "messages": [
                    {"role": "system", "content": SYSTEM + stamp},
                    {"role": "user", "content": "hola"},
                    {"role": "assistant", "content": "¡Hola!"},
                    {"role": "user", "content": QUESTION + stamp},
                ]
            },
            "output": {"messages": [{"role": "assistant", "content": ANSWER + stamp}]},
            "metadata": {
                "temperature": 0.2,
                "max_tokens": 800,
                "finish_reason": "stop",
                "stream": False,
                "system_fingerprint": "fp_b705f0c291",
                "azure": {
                    "request_id": "a3d0b8ee-7a3a-4f0c-9d8b-" + stamp,
                    "status": 200,
                    "content_filter": {
                        "prompt": {
                            name: {"filtered": False, "severity": "safe"}
                            for name in ("hate", "self_harm", "sexual", "violence")
                        }
                    },
                    "rate_limit": {"remaining_requests": 99, "remaining_tokens": 98_000},
                },
            },
        },
        "metrics": {
            "input_tokens": 220,
            "output_tokens": 180,
            "total_tokens": 400,
            "time_to_first_token": 0.312,
        },
        "tags": [
            "env:prod",
            "language:python",
            "service:demo",
            "version:1.4.2",
            "error:0",
            "ml_app:demo-app",
            "deployment:gpt-4o-prod",
            "azure.region:westeurope",
        ],
        "_dd": {"span_id": stamp, "trace_id": "6b04" + "0" * 28, "apm_trace_id": "6b04" + "0" * 28},
    }


def serve(listener: socket.socket) -> None:
    """Reads each request whole and answers 202, with as little work as that takes."""
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=answer, args=(connection,), daemon=True).start()


def answer(connection: socket.socket) -> None:
    data = b""
    while True:
        head, end, data = data.partition(b"\r\n\r\n")
        while not end:
            received = connection.recv(1 << 20)
            if not received:
                return
            head, end, data = (head + received).partition(b"\r\n\r\n")
        left = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0]) - len(data)
        while left > 0:
            left -= len(connection.recv(min(left, 1 << 20)))
        data = b""
        connection.sendall(b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n")


def native_cpu_s() -> float:
    """CPU of the thread named "catalejo"."""
    for task in Path("/proc/self/task").iterdir():
        if (task / "comm").read_text() == "catalejo\n":
            return int((task / "schedstat").read_text().split()[0]) / 1e9
    return 0.0


def resident_kb() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1024


def measure(count: int, pause_every: int) -> dict[str, float]:
    json_bytes = len(_core.capture(event(1)).text().encode())
    native, own = native_cpu_s(), 0.0
    for at in range(count):
        one = event(at)
        begun = time.thread_time_ns()
        _core.submit("span", one)
        own += time.thread_time_ns() - begun
        if at % pause_every == 0:  # a real application waits for its model meanwhile
            time.sleep(0.001)
    begun = time.thread_time_ns()
    for _ in range(count):
        time.thread_time_ns()
    clock = time.thread_time_ns() - begun
    if not _core.flush(30_000):
        raise SystemExit(f"not everything arrived: {_core.last_error()}")
    return {
        "event_json_bytes": json_bytes,
        "submit_us": (own - clock) / count / 1e3,
        "native_us": (native_cpu_s() - native) / count * 1e6,
    }


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    arguments.add_argument("--events", type=int, default=20_000)
    arguments.add_argument("--json", action="store_true")
    given = arguments.parse_args()
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    server = multiprocessing.get_context("fork").Process(
        target=serve, args=(listener,), daemon=True
    )
    server.start()
    before = resident_kb()
    _core.configure(
        {"url": f"http://127.0.0.1:{port}", "flush_interval_ms": 100, "queue_bytes_max": 256 << 20}
    )
    measure(500, 10)
    result = measure(given.events, 50)
    result["resident_kb"] = resident_kb() - before
    if given.json:
        print(json.dumps(result))
    else:
        for name, value in result.items():
            print(f"{name:20} {value:10.1f}")
    _core.shutdown(1_000)
    server.terminate()


if __name__ == "__main__":
    main()
