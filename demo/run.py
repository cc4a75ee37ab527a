"""What `./dev run` starts: Catalejo, the fake Azure OpenAI and the traced application.

Prints one address; Ctrl-C ends all three, the application first so that its last spans arrive.
Standard library only: it runs before any virtual environment is active.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
# Variable → default. Each is moved to a free port, and said so, when something else has it.
PORTS = {"CATALEJO_APM_PORT": 8126, "CATALEJO_HTTP_PORT": 8127, "CATALEJO_HTTPS_PORT": 8443}
START_SECONDS_MAX = 60
STOP_SECONDS_MAX = 4


class Stop(Exception):
    """Ctrl-C or SIGTERM."""


def on_signal(number: int, frame: FrameType | None) -> None:
    raise Stop


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def choose_ports() -> dict[str, str]:
    chosen: dict[str, str] = {}
    for variable, default in PORTS.items():
        port = int(os.environ.get(variable, default))
        if taken(port):
            other = free_port()
            print(f"Port {port} is in use; {variable}={other} instead.", flush=True)
            port = other
        chosen[variable] = str(port)
    # The demo sends no metrics; an agent of the machine's may have this one.
    chosen["CATALEJO_STATSD_PORT"] = "0"
    return chosen


class Children:
    """The processes started here, each with a log; ended in reverse order, by process id."""

    def __init__(self, logs: Path) -> None:
        self.logs = logs
        self.started: list[tuple[str, subprocess.Popen[bytes]]] = []
        logs.mkdir(parents=True, exist_ok=True)

    def start(self, name: str, command: list[str], environment: dict[str, str]) -> None:
        with (self.logs / f"{name}.log").open("wb") as log:
            # A session of its own: Ctrl-C reaches this process only, which ends them in order.
            process = subprocess.Popen(
                command, env=environment, stdout=log, stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL, start_new_session=True, cwd=ROOT,
            )  # fmt: skip
        self.started.append((name, process))

    def first_ended(self) -> str | None:
        for name, process in self.started:
            if process.poll() is not None:
                return f"{name} ended with code {process.returncode}"
        return None

    def tail(self, name: str) -> str:
        lines = (self.logs / f"{name}.log").read_text(errors="replace").splitlines()
        return "\n".join(lines[-15:])

    def stop(self) -> None:
        for _, process in reversed(self.started):
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(STOP_SECONDS_MAX)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()


def wait_ready(children: Children, url: str) -> None:
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline:
        if ended := children.first_ended():
            name = ended.split()[0]
            raise SystemExit(f"{ended}:\n{children.tail(name)}")
        try:
            with urllib.request.urlopen(f"{url}/api/health", timeout=2) as answer:
                if json.load(answer).get("status") == "ok":
                    return
        except (urllib.error.URLError, OSError, ValueError):
            pass
        time.sleep(0.1)
    raise SystemExit(f"Catalejo is not ready after {START_SECONDS_MAX} s; see {children.logs}/")


def plain_environment() -> dict[str, str]:
    """Ours without the variables of a tracer: the demo must not send to a person's real account."""
    return {name: value for name, value in os.environ.items() if not name.startswith("DD_")}


def run(arguments: argparse.Namespace, children: Children) -> None:
    ports = choose_ports()
    url = f"http://127.0.0.1:{ports['CATALEJO_HTTP_PORT']}"
    base = plain_environment() | ports
    data = str(arguments.data.resolve())
    children.start("catalejo", [str(arguments.build / "catalejo"), "up", "--data", data], base)
    wait_ready(children, url)

    python = str(arguments.venv / "bin" / "python")
    port = str(free_port())
    azure = [python, "-m", "demo.azure", "--port", port, "--latency", "0.25"]
    children.start("fake-azure", azure, base)
    application = base | {
        "AZURE_OPENAI_ENDPOINT": f"http://127.0.0.1:{port}/azure",
        "AZURE_OPENAI_API_KEY": "fake-azure-key",
        "DD_SERVICE": "support-assistant",
        "DD_ENV": "demo",
        "DD_VERSION": "1.4.0",
        "DD_LLMOBS_ENABLED": "1",
        "DD_LLMOBS_ML_APP": "support-bot",
        "DD_TRACE_AGENT_URL": f"http://127.0.0.1:{ports['CATALEJO_APM_PORT']}",
        "PYTHONUNBUFFERED": "1",
    }
    launcher = str(arguments.venv / "bin" / "ddtrace-run")
    children.start("demo-app", [launcher, python, "-m", "demo.app"], application)
    print(f"\n  Catalejo is ready: {url}\n", flush=True)
    print("  A demo application sends a few traces a second. Ctrl-C stops everything.", flush=True)
    print(f"  Data: {data}   Logs: {children.logs}\n", flush=True)
    while not (ended := children.first_ended()):
        time.sleep(0.5)
    raise SystemExit(f"{ended}:\n{children.tail(ended.split()[0])}")


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev run", description=__doc__)
    parser.add_argument("--build", type=Path, default=ROOT / "build/release", help="the programs")
    parser.add_argument("--venv", type=Path, required=True, help="has ddtrace and openai")
    parser.add_argument("--data", type=Path, default=ROOT / "build/run-data", help="kept there")
    arguments = parser.parse_args()
    children = Children(ROOT / "build" / "logs" / "run")
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, on_signal)
    try:
        run(arguments, children)
    except Stop:
        print("\nStopping.", flush=True)
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        children.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
