"""CPU seconds of one round of many monitors: must be less than the minute that it has.

python -m bench.monitors --monitors 2000 --rounds 3
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.statsd import counter, cpu_seconds
from tests.e2e.harness.page_api import call
from tests.e2e.harness.program import Catalejo, until

METRICS, HOSTS = 200, 5


def ask(program: Catalejo, path: str, body: Any) -> Any:
    headers = {"DD-API-KEY": program.key, "Content-Type": "application/json"}
    answer = call(program.http_port, "POST", path, json.dumps(body).encode(), headers)
    assert answer.status < 300, answer.body
    return answer.json()


def send_points(program: Catalejo, hours: int) -> None:
    """A point a minute of each metric and host."""
    now = int(time.time())
    for metric in range(METRICS):
        series = [
            {
                "metric": f"bench.{metric}", "type": 3,
                "tags": [f"host:h{host}", f"env:e{host % 4}"],
                "points": [{"timestamp": now - ago * 60, "value": float(host)}
                           for ago in range(hours * 60)],
            }
            for host in range(HOSTS)
        ]  # fmt: skip
        ask(program, "/api/v2/series", {"series": series})


def query_of(number: int) -> str:
    """No two ask the same. Most of a few minutes, some by group, one in ten of hours."""
    metric, kind = f"bench.{number // 10 % METRICS}", number % 10
    if kind < 4:
        return f"avg(last_5m):avg:{metric}{{host:h{kind}}} > 1000"
    if kind < 6:
        return f"avg(last_10m):avg:{metric}{{env:e{kind - 4}}} by {{host}} > 1000"
    if kind == 6:
        return f"change(avg(last_5m),last_1h):avg:{metric}{{env:e2}} > 1000"
    if kind == 7:
        return f"max(last_15m):max:{metric}{{host:h4}} > 1000"
    if kind == 8:
        return f"avg(last_5m):min:{metric}{{*}} / max:{metric}{{*}} > 100000"
    return f"avg(last_4h):anomalies(avg:{metric}{{env:e3}}, 'basic', 2) >= 1"


def children_of(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    tasks = Path(f"/proc/{pid}/task")
    found: list[int] = []
    for task in tasks.iterdir() if path.exists() else []:
        found += [int(one) for one in (task / "children").read_text().split()]
    return found


def spent(program: Catalejo) -> tuple[float, float]:
    assert program.process is not None
    pid = program.process.pid
    return cpu_seconds(pid), sum(cpu_seconds(child) for child in children_of(pid))


def measure(program: Catalejo, monitors: int, rounds: int) -> None:
    send_points(program, 6)
    before = spent(program)
    time.sleep(20)
    after = spent(program)
    idle = [(late - early) * 3 for early, late in zip(before, after, strict=True)]
    print(f"without monitors: {idle[0]:.1f} + {idle[1]:.1f} CPU-s a minute")
    for number in range(monitors):
        body = {"name": f"m{number}", "type": "query alert", "query": query_of(number)}
        ask(program, "/api/v1/monitor", body)

    def looks() -> float:
        return counter(program, "catalejo_monitor_looks_total", "looked")

    until(lambda: looks() >= monitors, "all are looked at once", 600)
    for turn in range(rounds):
        wanted = looks() + monitors
        before, began = spent(program), time.monotonic()
        until(lambda wanted=wanted: looks() >= wanted, "a round", 600)  # type: ignore[misc]
        after = spent(program)
        program_s, store_s = (late - early for early, late in zip(before, after, strict=True))
        print(
            f"round {turn + 1}: {program_s:.1f} CPU-s of the program + {store_s:.1f} of the store"
            f" for {monitors} looks, {time.monotonic() - began:.0f} s after the one before"
        )
    print("failed:", counter(program, "catalejo_monitor_looks_total", "failed"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--monitors", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix=f"catalejo-monitors-{os.getpid()}-"))
    try:
        with Catalejo(folder / "data") as program:
            program.create_key("bench")
            measure(program, asked.monitors, asked.rounds)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
