#!/usr/bin/env python3
"""Measures Catalejo as a whole: real binaries, real sockets, real fsync, on loopback.

Usage: bench/run.py [--spans 1000000] [--out FILE]
                    [--only ingest,query,latency,apm,idle,soak]

CPU seconds are user + system of every process of ours (server and store child), from the first
byte sent until the database is quiet again, merges included. Prints a Markdown table and writes
every figure as JSON beside it. Takes about five minutes; stops by itself.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TICKS = os.sysconf("SC_CLK_TCK")
# A dead part goes after 30 s, looked for every 30 s (and up to 10 more).
DEAD_PARTS_SECONDS = 75


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Usage:
    """CPU seconds and resident bytes of the server and its children at one moment."""

    cpu_s: float
    rss_bytes: int
    server_rss_bytes: int


@dataclass
class Catalejo:
    """One running `catalejo up` with a data folder of its own."""

    build: Path
    data: Path
    apm_port: int = field(default_factory=free_port)
    http_port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        environment = dict(os.environ)
        environment.update(
            CATALEJO_DATA=str(self.data),
            CATALEJO_APM_PORT=str(self.apm_port),
            CATALEJO_HTTP_PORT=str(self.http_port),
            CATALEJO_HTTPS_PORT="0",
            CATALEJO_STATSD_PORT="0",
            CATALEJO_RETENTION_DAYS="3650",
        )
        log = (self.data.parent / "catalejo.log").open("ab")
        self.process = subprocess.Popen(
            [self.build / "catalejo", "up"], env=environment, stdout=log, stderr=log
        )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                sys.exit(f"catalejo ended at start; see {log.name}")
            try:
                self.get("/api/health")
                return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.1)
        sys.exit(f"catalejo is not ready after 60 s; see {log.name}")

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(60)

    def read(self, path: str) -> bytes:
        url = f"http://127.0.0.1:{self.http_port}{path}"
        with urllib.request.urlopen(url, timeout=60) as answer:
            return bytes(answer.read())

    def get(self, path: str) -> Any:
        return json.loads(self.read(path))

    def pids(self) -> list[int]:
        assert self.process
        found, queue = [], [self.process.pid]
        while queue:
            pid = queue.pop()
            found.append(pid)
            for task in Path(f"/proc/{pid}/task").glob("*/children"):
                queue += [int(child) for child in task.read_text().split()]
        return found

    def usage(self) -> Usage:
        cpu, rss, server_rss = 0.0, 0, 0
        for pid in self.pids():
            stat = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            cpu += (int(stat[11]) + int(stat[12])) / TICKS
            resident = int(stat[21]) * os.sysconf("SC_PAGE_SIZE")
            rss += resident
            if self.process and pid == self.process.pid:
                server_rss = resident
        return Usage(cpu, rss, server_rss)

    def rows_waiting(self) -> int:
        return int(self.get("/api/v1/ledger")["store"]["rows_waiting"])

    def wait_drained(self, deadline_s: float = 120) -> None:
        end = time.monotonic() + deadline_s
        while time.monotonic() < end:
            if self.rows_waiting() == 0:
                return
            time.sleep(0.2)
        sys.exit("the database did not catch up with the log")

    def wait_quiet(self, deadline_s: float = 90) -> None:
        """Until less than 5 % of a core is used for three seconds: merges have ended."""
        calm, end = 0, time.monotonic() + deadline_s
        while calm < 3 and time.monotonic() < end:
            before = self.usage().cpu_s
            time.sleep(1)
            calm = calm + 1 if self.usage().cpu_s - before < 0.05 else 0

    def load(
        self,
        encoding: str,
        spans: int,
        first: int,
        rate: int = 0,
        connections: int = 4,
        spans_per_body: int = 100,
        spread: int = 0,
    ) -> dict[str, Any]:
        command = self.load_command(
            encoding, spans, first, rate, connections, spans_per_body, spread
        )
        return dict(json.loads(subprocess.run(command, check=True, capture_output=True).stdout))

    def load_command(
        self,
        encoding: str,
        spans: int,
        first: int,
        rate: int,
        connections: int,
        spans_per_body: int,
        spread: int,
    ) -> list[str]:
        return [
            str(self.build / "bench" / "catalejo-loadgen"),
            "--port",
            str(self.apm_port),
            "--encoding",
            encoding,
            "--spans",
            str(spans),
            "--first",
            str(first),
            "--rate",
            str(rate),
            "--connections",
            str(connections),
            "--spans-per-body",
            str(spans_per_body),
            "--spread",
            str(spread),
        ]

    def wait_settled(self) -> None:
        """Until merges have ended and the parts they replaced are deleted."""
        self.wait_quiet()
        time.sleep(DEAD_PARTS_SECONDS)

    def disk_bytes(self) -> int:
        total = 0
        for path in (self.data / "chdb").rglob("*"):
            if path.is_file():
                total += path.stat().st_size
        return total


def measure_ingest(catalejo: Catalejo, encoding: str, spans: int, first: int) -> dict[str, Any]:
    catalejo.wait_settled()
    disk_before = catalejo.disk_bytes()
    before = catalejo.usage()
    sent = catalejo.load(encoding, spans, first)
    full_speed = catalejo.usage()
    catalejo.wait_drained()
    catalejo.wait_quiet()
    after = catalejo.usage()
    if sent["acknowledged"] != spans:
        sys.exit(f"only {sent['acknowledged']} of {spans} spans were acknowledged")
    catalejo.wait_settled()
    return {
        "cpu_s_per_million": round((after.cpu_s - before.cpu_s) * 1e6 / spans, 1),
        "spans_per_s": round(spans / sent["seconds"]),
        "bytes_per_span_sent": sent["bytes_per_span"],
        "ack_p99_ms": sent["ack_p99_ms"],
        "rss_mb_at_end_of_load": round(full_speed.rss_bytes / 2**20),
        "disk_bytes_per_span": round((catalejo.disk_bytes() - disk_before) / spans),
        "last_trace": sent["last_trace"],
    }


def times_ms(catalejo: Catalejo, path: str, runs: int) -> list[float]:
    catalejo.read(path)
    catalejo.read(path)
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        catalejo.read(path)
        times.append((time.perf_counter() - began) * 1e3)
    return times


def p50_ms(catalejo: Catalejo, path: str, runs: int = 25) -> float:
    return round(statistics.median(times_ms(catalejo, path, runs)), 1)


def percentile(times: list[float], percent: int) -> float:
    ordered = sorted(times)
    return round(ordered[max(0, (len(ordered) * percent + 99) // 100 - 1)], 1)


def measure_queries(catalejo: Catalejo, trace: str) -> dict[str, Any]:
    window = "from=now-24h&to=now"
    return {
        "trace_by_id_ms": p50_ms(catalejo, f"/api/v1/traces/{trace}"),
        "latest_50_three_filters_ms": p50_ms(
            catalejo,
            f"/api/v1/spans?{window}&service=chat-api&model=gpt-4o-2024-11-20&status=ok&limit=50",
        ),
        "latest_50_traces_ms": p50_ms(catalejo, f"/api/v1/traces?{window}&limit=50"),
        "facets_ms": p50_ms(catalejo, f"/api/v1/facets?{window}"),
        "series_ms": p50_ms(catalejo, f"/api/v1/series?{window}"),
    }


def measure_latency(catalejo: Catalejo, first: int, seconds: int = 20) -> dict[str, Any]:
    sent = catalejo.load(
        "llmobs_json", 2_000 * seconds, first, rate=2_000, connections=4, spans_per_body=20
    )
    ages = []
    for round_number in range(5):
        at = first + 10_000_000 + round_number * 1_000
        result = catalejo.load("llmobs_json", 20, at, spans_per_body=20, connections=1)
        acknowledged = time.monotonic()
        while True:
            try:
                catalejo.get(f"/api/v1/traces/{result['last_trace']}")
                break
            except urllib.error.HTTPError as error:
                if error.code != 404 or time.monotonic() - acknowledged > 20:
                    raise
                time.sleep(0.02)
        ages.append(time.monotonic() - acknowledged)
    return {
        "ack_p50_ms_at_2000": sent["ack_p50_ms"],
        "ack_p99_ms_at_2000": sent["ack_p99_ms"],
        "queryable_after_ack_s_max": round(max(ages), 2),
    }


def measure_idle(catalejo: Catalejo, seconds: int = 20) -> dict[str, Any]:
    catalejo.wait_quiet()
    before = catalejo.usage()
    time.sleep(seconds)
    after = catalejo.usage()
    return {
        "idle_cpu_percent": round((after.cpu_s - before.cpu_s) / seconds * 100, 2),
        "idle_rss_mb": round(after.rss_bytes / 2**20),
        "idle_server_rss_mb": round(after.server_rss_bytes / 2**20),
    }


def measure_soak(catalejo: Catalejo, first: int, minutes: float) -> dict[str, Any]:
    """Full speed for `minutes`; the highest resident memory, and the slope of its second half."""
    samples: list[tuple[float, int]] = []
    began, at = time.monotonic(), first
    while time.monotonic() - began < minutes * 60:
        catalejo.load("llmobs_json", 100_000, at)
        at += 100_000
        samples.append((time.monotonic() - began, catalejo.usage().rss_bytes))
    half = [rss for second, rss in samples if second > minutes * 30]
    return {
        "soak_minutes": minutes,
        "soak_spans": at - first,
        "soak_rss_max_mb": round(max(rss for _, rss in samples) / 2**20),
        "soak_rss_second_half_growth_mb": round((half[-1] - half[0]) / 2**20) if half else 0,
    }


def table(figures: dict[str, Any]) -> str:
    rows = ["| figure | value |", "|---|---|"]
    for section, values in figures.items():
        rows += [f"| {section}: {name} | {value} |" for name, value in values.items()]
    return "\n".join(rows)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--spans", type=int, default=1_000_000)
    parser.add_argument("--only", default="idle,ingest,query,latency,apm")
    parser.add_argument("--soak-minutes", type=float, default=30)
    parser.add_argument("--build", type=Path, default=ROOT / "build" / "release")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "bench.json")
    options = parser.parse_args()
    wanted = set(options.only.split(","))
    folder = Path(tempfile.mkdtemp(prefix="catalejo-bench-"))
    catalejo = Catalejo(options.build, folder / "data")
    figures: dict[str, Any] = {}
    try:
        catalejo.start()
        if "idle" in wanted:
            figures["idle at start"] = measure_idle(catalejo)
        if wanted & {"ingest", "query"}:
            figures["LLMObs JSON"] = measure_ingest(catalejo, "llmobs_json", options.spans, 0)
        if "query" in wanted:
            figures["queries"] = measure_queries(catalejo, figures["LLMObs JSON"]["last_trace"])
        if "latency" in wanted:
            figures["latency"] = measure_latency(catalejo, 100_000_000)
        if "apm" in wanted:
            figures["v0.4 with meta_struct"] = measure_ingest(
                catalejo, "apm_v04", options.spans, 200_000_000
            )
        if "soak" in wanted:
            figures["soak"] = measure_soak(catalejo, 300_000_000, options.soak_minutes)
        if "idle" in wanted:
            figures["idle after load"] = measure_idle(catalejo)
    finally:
        catalejo.stop()
        shutil.rmtree(folder, ignore_errors=True)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(figures, indent=2) + "\n")
    print(table(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
