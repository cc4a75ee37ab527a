"""The application that is measured: real openai, whole chats and streams, one JSON line of figures.

Started by overhead.py in a client's environment: app.py MODE PORT CALLS STREAMS. MODE is "none",
"catalejo", "paired" (catalejo switched on and off in turns, in this one process) or "ddtrace"
(under ddtrace-run).
"""

from __future__ import annotations

import time

BEGUN_CPU = time.process_time()

import json  # noqa: E402
import os  # noqa: E402
import statistics  # noqa: E402
import sys  # noqa: E402
import threading  # noqa: E402
from typing import Any, Callable  # noqa: E402, UP035

MODE, PORT, CALLS, STREAMS = sys.argv[1], *map(int, sys.argv[2:5])
BLOCK = 10  # calls that are timed together
STREAM_BLOCK = 5
THREADS = 8
MESSAGES = [
    {"role": "system", "content": "You are a careful assistant. " * 15},
    {"role": "user", "content": "Please answer the following question in detail. " * 13},
]


def resident_mb() -> float:
    with open("/proc/self/status") as status:  # noqa: PTH123
        for line in status:
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
    return 0.0


def start() -> Callable[[], Any]:
    """Starts the tracer of MODE; what flushes it."""
    if MODE in ("catalejo", "paired"):
        from catalejo import start as tracer

        tracer.arm()

        def flush() -> None:
            from catalejo import _core

            _core.flush(20_000)

        return flush
    if MODE == "ddtrace":
        from ddtrace.llmobs import LLMObs
        from ddtrace.trace import tracer as apm

        return lambda: (LLMObs.flush(), apm.flush())
    return lambda: None


flush = start()

import openai  # noqa: E402

client = openai.AzureOpenAI(
    azure_endpoint=f"http://127.0.0.1:{PORT}/azure",
    api_key="any",
    api_version="2024-10-21",
    max_retries=0,
)


def chat() -> None:
    client.chat.completions.create(
        model="gpt-4o", messages=MESSAGES, temperature=0.7, max_tokens=512
    )


first_token_us: list[float] = []
first_token_cpu_us: list[float] = []  # of this thread: others that want the processor do not count


def stream() -> None:
    begun, begun_cpu = time.perf_counter(), time.thread_time()
    first = first_cpu = 0.0
    for chunk in client.chat.completions.create(model="gpt-4o", messages=MESSAGES, stream=True):
        if not first and chunk.choices:
            first, first_cpu = time.perf_counter() - begun, time.thread_time() - begun_cpu
    first_token_us.append(first * 1e6)
    first_token_cpu_us.append(first_cpu * 1e6)


def blocks(call: Callable[[], None], count: int, size: int) -> list[float]:
    """CPU µs of one call on this thread, of each block."""
    found = []
    for _ in range(count):
        begun = time.thread_time()
        for _ in range(size):
            call()
        found.append((time.thread_time() - begun) / size * 1e6)
    return found


def measured(call: Callable[[], None], count: int, size: int) -> dict[str, float]:
    begun = time.process_time()
    found = blocks(call, count // size, size)
    flush()
    whole = (time.process_time() - begun) / (count // size * size) * 1e6
    return {"thread_us": statistics.median(found), "all_us": whole, "least_us": min(found)}


def at_once(count: int) -> float:
    """CPU µs of one call, all threads, when THREADS of them call at once."""
    share = count // THREADS
    begun = time.process_time()
    threads = [threading.Thread(target=blocks, args=(chat, 1, share)) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    flush()
    return (time.process_time() - begun) / (share * THREADS) * 1e6


def paired() -> dict[str, Any]:
    """Medians of the differences between neighbouring blocks, tracer on and off. A block is as a
    program runs: after the first of its calls our code is no colder than openai's."""
    from catalejo.span import runtime

    firsts = {"first_token": first_token_us, "first_token_cpu": first_token_cpu_us}
    differences: dict[str, list[float]] = {name: [] for name in firsts}
    for name, call, count, size in (
        ("chat", chat, CALLS, BLOCK), ("stream", stream, STREAMS, STREAM_BLOCK),
    ):  # fmt: skip
        differences |= {name: [], f"{name}_all": []}
        for number in range(count // size):
            cost, whole = {}, {}
            first: dict[str, dict[bool, float]] = {kind: {} for kind in firsts}
            for on in (True, False) if number % 2 else (False, True):
                runtime.enabled = on
                for taken in firsts.values():
                    taken.clear()
                begun = time.process_time()
                (cost[on],) = blocks(call, 1, size)
                flush()
                whole[on] = (time.process_time() - begun) / size * 1e6
                for kind, taken in firsts.items():
                    first[kind][on] = statistics.median(taken or [0.0])
            differences[name].append(cost[True] - cost[False])
            differences[f"{name}_all"].append(whole[True] - whole[False])
            if name == "stream":
                for kind, found in first.items():
                    differences[kind].append(found[True] - found[False])
    return {name: statistics.median(values) for name, values in differences.items()}


def main() -> None:
    chat()
    figures: dict[str, Any] = {
        "import_cpu_ms": (time.process_time() - BEGUN_CPU) * 1e3,
        "resident_mb": resident_mb(),
    }
    for _ in range(20):
        chat()
    stream()
    first_token_us.clear()
    if MODE == "paired":
        print(json.dumps(paired()))
        return
    figures["chat"] = measured(chat, CALLS, BLOCK)
    figures["at_once_us"] = at_once(CALLS)
    figures["stream"] = measured(stream, STREAMS, 1)
    figures["first_token_us"] = statistics.median(first_token_us)
    figures["resident_end_mb"] = resident_mb()
    figures["pid"] = os.getpid()
    print(json.dumps(figures))


main()
