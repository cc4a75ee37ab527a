"""python -m demo.azure [--port N] [--latency S]: serves until it is told to stop."""

from __future__ import annotations

import argparse
import signal
import threading

from demo.azure.server import start


def main() -> None:
    parser = argparse.ArgumentParser(description="A fake Azure OpenAI resource on loopback.")
    parser.add_argument("--port", type=int, default=0, help="0 picks a free one")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds a call takes")
    arguments = parser.parse_args()
    server = start(arguments.port, arguments.latency)
    print(server.url(), flush=True)
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    stopped.wait()
    server.shutdown()


if __name__ == "__main__":
    main()
