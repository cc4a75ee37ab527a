"""Whether the tracer lasts: `python -m bench.tracer.soak [--minutes 30] [--rate 100]`.

Real openai under `catalejo run` calls the fake so often (every tenth call a stream), and sends to
a real `catalejo up`. Prints the application's memory minute by minute, and in the end what the
tracer says it sent and what the program says it stored. Stops by itself.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.tracer.overhead import HERE, environment_of, fake
from tests.e2e.harness.program import ROOT, Catalejo, children_of, until


def resident_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def server_mb(server: Catalejo) -> float:
    assert server.process is not None
    pid = server.process.pid
    return sum(resident_mb(each) for each in (pid, *children_of(pid)))


def environment(server: Catalejo) -> dict[str, str]:
    plain = {
        name: value for name, value in os.environ.items()
        if not name.startswith(("DD_", "CATALEJO_", "OTEL_", "PYTHONPATH"))
    }  # fmt: skip
    return {**plain, "DD_TRACE_AGENT_URL": server.apm_url, "DD_LLMOBS_ML_APP": "soak"}


def run(arguments: argparse.Namespace, azure: int, server: Catalejo) -> None:
    folder = (arguments.venv or environment_of("tracer")) / "bin"
    numbers = [str(azure), str(arguments.rate), str(arguments.minutes)]
    command = [folder / "catalejo", "run", "--debug", folder / "python", HERE / "soak_app.py"]
    application = subprocess.Popen(
        [*command, *numbers], env=environment(server), cwd=ROOT, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert application.stdout is not None
    for line in application.stdout:
        print(f"{line.rstrip()}, the program {server_mb(server):.0f} MB", flush=True)
    _, said = application.communicate()
    print(said.strip())
    until(lambda: server.api.ledger()["spans"]["in_flight"] == 0, "nothing is in flight", 60)
    spans: dict[str, Any] = server.api.ledger()["spans"]
    print(json.dumps(spans))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--rate", type=int, default=100, help="calls per second")
    parser.add_argument("--venv", type=Path, help="with openai and the tracer's wheel in it")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="catalejo-soak-") as folder, fake() as azure:
        server = Catalejo(Path(folder) / "data")
        with server:
            run(arguments, azure, server)
    sys.stdout.flush()


if __name__ == "__main__":
    main()
