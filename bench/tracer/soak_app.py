"""The application of soak.py: `soak_app.py PORT RATE MINUTES`. It knows nothing of tracing."""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

import openai

PORT, RATE, MINUTES = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
STREAM_EVERY = 10
THREADS = 8
MESSAGES = [
    {"role": "system", "content": "You are a careful assistant. " * 15},
    {"role": "user", "content": "Please answer the following question in detail. " * 13},
]


def resident_mb() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


class Pace:
    """Gives out calls at RATE, whatever one takes: a slow one is made up by its neighbours."""

    def __init__(self) -> None:
        self.begun = time.monotonic()
        self.given = 0
        self.lock = threading.Lock()

    def next(self) -> int:
        """The number of the next call, when its time has come; 0 when all are given out."""
        with self.lock:
            if self.given >= int(RATE * 60 * MINUTES):
                return 0
            self.given += 1
            number = self.given
        time.sleep(max(0.0, self.begun + number / RATE - time.monotonic()))
        return number


def work(client: openai.AzureOpenAI, pace: Pace) -> None:
    while number := pace.next():
        stream = number % STREAM_EVERY == 0
        whole = client.chat.completions.create(model="gpt-4o", messages=MESSAGES, stream=stream)
        if stream:
            for _ in whole:
                pass
        if number % (RATE * 60) == 0:
            print(f"minute {number // (RATE * 60)}: {number} calls, {resident_mb():.1f} MB", end="")
            print(f", {time.process_time() / number * 1e3:.2f} ms CPU a call", flush=True)


def main() -> None:
    client = openai.AzureOpenAI(
        azure_endpoint=f"http://127.0.0.1:{PORT}/azure", api_key="any", api_version="2024-10-21",
        max_retries=0,
    )  # fmt: skip
    pace = Pace()
    threads = [threading.Thread(target=work, args=(client, pace)) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.monotonic() - pace.begun
    print(f"end: {pace.given} calls in {took:.0f} s, {resident_mb():.1f} MB", flush=True)


main()
