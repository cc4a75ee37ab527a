"""The application of soak.py: `soak_app.py PORT RATE MINUTES`. It knows nothing of tracing."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import openai

PORT, RATE, MINUTES = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
STREAM_EVERY = 10
MESSAGES = [
    {"role": "system", "content": "You are a careful assistant. " * 15},
    {"role": "user", "content": "Please answer the following question in detail. " * 13},
]


def resident_mb() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def main() -> None:
    client = openai.AzureOpenAI(
        azure_endpoint=f"http://127.0.0.1:{PORT}/azure", api_key="any", api_version="2024-10-21",
        max_retries=0,
    )  # fmt: skip
    begun = time.monotonic()
    calls = 0
    for calls in range(1, int(RATE * 60 * MINUTES) + 1):
        whole = client.chat.completions.create(
            model="gpt-4o", messages=MESSAGES, stream=calls % STREAM_EVERY == 0
        )
        if calls % STREAM_EVERY == 0:
            for _ in whole:
                pass
        if calls % (RATE * 60) == 0:
            print(f"minute {calls // (RATE * 60)}: {calls} calls, {resident_mb():.1f} MB", end="")
            print(f", {time.process_time() / calls * 1e3:.2f} ms CPU a call", flush=True)
        # At its rate, whatever a call took.
        time.sleep(max(0.0, begun + calls / RATE - time.monotonic()))
    took = time.monotonic() - begun
    print(f"end: {calls} calls in {took:.0f} s, {resident_mb():.1f} MB", flush=True)


main()
