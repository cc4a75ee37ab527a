"""python -m demo.azure [--port N] [--latency S] [--limit DEPLOYMENT=CALLS [--limit-after S]]:
serves until it is told to stop."""

from __future__ import annotations

import argparse
import signal
import threading

from demo.azure.faults import Limit
from demo.azure.server import start


def limit_of(text: str) -> tuple[str, int]:
    deployment, _, calls = text.partition("=")
    return deployment, int(calls)


def main() -> None:
    parser = argparse.ArgumentParser(description="A fake Azure OpenAI resource on loopback.")
    parser.add_argument("--port", type=int, default=0, help="0 picks a free one")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds a call takes")
    parser.add_argument(
        "--limit", type=limit_of, action="append", default=[], metavar="DEPLOYMENT=CALLS",
        help="calls a second it answers; those beyond get 429",
    )  # fmt: skip
    parser.add_argument(
        "--limit-after", type=float, default=0.0, metavar="S",
        help="seconds from the first call to a limited deployment until its limit holds",
    )  # fmt: skip
    arguments = parser.parse_args()
    limits = {name: Limit(calls, arguments.limit_after) for name, calls in arguments.limit}
    server = start(arguments.port, arguments.latency, limits)
    print(server.url(), flush=True)
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    stopped.wait()
    server.shutdown()


if __name__ == "__main__":
    main()
