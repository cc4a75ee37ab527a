"""Many series: memory while they come in, and how soon a dashboard has its lines.

python -m bench.metric_series memory --series 1000000 --seconds 90
python -m bench.metric_series queries --series 1000
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import tempfile
import time
import urllib.parse
from dataclasses import dataclass
from pathlib import Path

from bench.monitors import children_of, spent
from bench.statsd import counter
from tests.e2e.harness.clickhouse import ENGINE_SOCKET, EngineConnection
from tests.e2e.harness.program import Catalejo, build_dir, until

DAY = 86_400
SERIES_OF_A_METRIC = 16_000
TAGS = """['deployment:d' || toString(s % 12), 'env:prod', 'model:m' || toString(s % 3),
    'pod:p' || toString(s), 'region:r' || toString(s % 5)]"""
MAKE = """INSERT INTO metrics (series, time, name, host, tags, kind, interval, value, count, sum,
    min, max, bin_keys, bin_counts, source)
SELECT cityHash64('{name}', s), toDateTime({begin} + {step} * intDiv(number, {series}), 'UTC'),
    '{name}', concat('host-', toString(s % 40)), {tags}, {kind}, {step}, x, {sketch}, 'bench'
FROM (SELECT number, number % {series} AS s, round(100 * randCanonical() * (1 + s % 7), 2) AS x,
    [toInt16(1300 + rand() % 40), toInt16(1345 + rand() % 20)] AS keys
    FROM numbers({first}, {count}))"""
GAUGE, DISTRIBUTION = 2, 4
SKETCH = {GAUGE: "0, 0, 0, 0, [], []", DISTRIBUTION: "5, 5 * x, 0.1, 900, keys, [3., 2.]"}


@dataclass
class Filled:
    """A metric of so many days, that end today at midnight."""

    name: str
    kind: int
    series: int
    step_s: int
    days: int


def run(program: Catalejo, sql: str) -> str:
    connection = EngineConnection(str(program.data / ENGINE_SOCKET))
    connection.timeout = 600
    connection.request("POST", "/", sql.encode())
    answer = connection.getresponse()
    said = answer.read().decode()
    assert answer.status == 200, said
    return said.strip()


def fill(program: Catalejo, metric: Filled) -> None:
    begin = int(time.time()) // DAY * DAY - metric.days * DAY
    points = metric.series * metric.days * DAY // metric.step_s
    # A chunk is of one partition, and as large as a few minutes of a busy batcher.
    chunk = max(metric.series * DAY // metric.step_s // 24, 200_000)
    for first in range(0, points, chunk):
        run(
            program,
            MAKE.format(
                name=metric.name, begin=begin, step=metric.step_s, series=metric.series,
                tags=TAGS, kind=metric.kind, first=first, count=min(chunk, points - first),
                sketch=SKETCH[metric.kind],
            ),
        )  # fmt: skip


def settle(program: Catalejo) -> None:
    """As the database leaves it once nothing comes in: merged, and rolled up."""
    for month in run(
        program,
        "SELECT DISTINCT partition FROM system.parts WHERE active AND table = 'metrics'",
    ).split():
        run(program, f"OPTIMIZE TABLE metrics PARTITION {month} FINAL")
    busy = "SELECT (SELECT count() FROM system.merges) + (SELECT count() FROM system.mutations"
    until(lambda: run(program, f"{busy} WHERE NOT is_done)") == "0", "nothing is merged", 600)


def ask(program: Catalejo, query: str, days: int, rounds: int = 7) -> str:
    to = int(time.time()) // DAY * DAY
    asked = urllib.parse.urlencode({"query": query, "from": to - days * DAY, "to": to})
    path = f"/api/v1/query?{asked}"
    lines = len(program.api.get(path)["series"])
    walls, before = [], spent(program)
    for _ in range(rounds):
        began = time.monotonic()
        program.api.get(path)
        walls.append((time.monotonic() - began) * 1_000)
    cpu = sum(late - early for early, late in zip(before, spent(program), strict=True)) * 1_000
    return (
        f"{lines} lines: median {sorted(walls)[rounds // 2]:.0f} ms, best {min(walls):.0f} ms,"
        f" {cpu / rounds:.0f} CPU-ms"
    )


def measure_queries(program: Catalejo, series: int, long: bool) -> None:
    day = Filled("bench.day", GAUGE, series, 10, 1)
    took = Filled("bench.took", DISTRIBUTION, max(series // 10, 12), 10, 1)
    month = Filled("bench.month", GAUGE, series, 300, 30)
    years = Filled("bench.years", GAUGE, series, 3_600, 457)
    few = Filled("bench.few", GAUGE, 12, 10, 1)
    for metric in (few, day, took, *([month, years] if long else [])):
        began = time.monotonic()
        fill(program, metric)
        print(f"{metric}: filled in {time.monotonic() - began:.0f} s", flush=True)
    settle(program)
    print(
        run(
            program,
            "SELECT sum(rows), sum(bytes_on_disk), count(), sum(length(projections) > 0) "
            "FROM system.parts WHERE active AND table = 'metrics'",
        ),
        "rows, bytes, parts, parts with roll-ups",
    )
    questions = [
        ("a day, a metric of 12 series", "avg:bench.few{*} by {deployment}", 1),
        ("a day, all series", "avg:bench.day{*} by {deployment}", 1),
        ("a day, all series, 1-minute rollup", "avg:bench.day{*} by {deployment}.rollup(60)", 1),
        ("a day, one of twelve", "avg:bench.day{deployment:d1} by {model}", 1),
        ("a day, one line", "sum:bench.day{*}", 1),
        ("a day, percentiles", "p95:bench.took{*} by {deployment}", 1),
        ("a day, percentiles, 1-minute", "p95:bench.took{*} by {deployment}.rollup(60)", 1),
    ]
    if long:
        questions += [
            ("a month", "avg:bench.month{*} by {deployment}", 30),
            ("15 months", "avg:bench.years{*} by {deployment}", 457),
        ]
    for what, query, days in questions:
        print(f"{what}: {query}: {ask(program, query, days)}", flush=True)


def resident_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1_000
    return 0


def measure_memory(program: Catalejo, series: int, seconds: int, every: int) -> None:
    assert program.process is not None
    pid = program.process.pid
    time.sleep(3)
    print(f"idle: {resident_mb(pid):.0f} + {sum(map(resident_mb, children_of(pid))):.0f} MB")
    before = spent(program)
    rate = series // every
    metrics = -(-series // SERIES_OF_A_METRIC)
    sender = [str(build_dir() / "bench/catalejo-statsd-load"), str(program.statsd_port)]
    load = subprocess.Popen([*sender, *map(str, (rate * seconds, rate, series, metrics))])
    most = (0.0, 0.0)
    until_end = time.monotonic() + seconds + 20
    while time.monotonic() < until_end:
        now = resident_mb(pid), sum(map(resident_mb, children_of(pid)))
        most = max(most, now, key=sum)
        time.sleep(0.2)
    load.wait()
    info = program.api.get("/api/v1/ledger")["metric_points"]
    cpu = [late - early for early, late in zip(before, spent(program), strict=True)]
    print(f"{series} series: {most[0]:.0f} + {most[1]:.0f} = {sum(most):.0f} MB at most")
    print(f"{cpu[0]:.0f} + {cpu[1]:.0f} CPU-s in {seconds + 20} s")
    print("values", counter(program, "catalejo_dogstatsd_values_total"), "points", info)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("what", choices=["memory", "queries"])
    parser.add_argument("--series", type=int, default=1_000)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--every", type=int, default=10, help="seconds between values of a series")
    parser.add_argument("--long", action="store_true", help="a month and 15 months, too")
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix=f"catalejo-series-{os.getpid()}-"))
    try:
        with Catalejo(folder / "data") as program:
            if asked.what == "memory":
                measure_memory(program, asked.series, asked.seconds, asked.every)
            else:
                measure_queries(program, asked.series, asked.long)
    finally:
        shutil.rmtree(folder)
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
