"""DogStatsD on loopback: CPU seconds a million packets, and what is lost at a rate.

python -m bench.statsd --rate 400000 --packets 4000000 --series 2000
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from tests.e2e.harness.program import Catalejo, build_dir, until


def counter(program: Catalejo, name: str, labels: str = "") -> float:
    for sample in program.api.get("/api/v1/info")["counters"]:
        if sample["name"] == name and labels in sample["labels"]:
            return float(sample["value"])
    return 0


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(program: Catalejo, packets: int, rate: int, series: int) -> None:
    assert program.process is not None
    pid = program.process.pid
    before = cpu_seconds(pid)
    sender = [str(build_dir() / "bench/catalejo-statsd-load"), str(program.statsd_port)]
    began = time.monotonic()
    done = subprocess.run(
        [*sender, str(packets), str(rate), str(series)], check=True, capture_output=True, text=True
    )
    took = time.monotonic() - began
    sent, reached = (float(word) for word in done.stdout.split())

    def settled() -> float:
        first = counter(program, "catalejo_dogstatsd_values_total")
        time.sleep(2)
        return first if first == counter(program, "catalejo_dogstatsd_values_total") else 0

    got = until(settled, "nothing more comes", 60)
    spent = cpu_seconds(pid) - before
    account = program.api.get("/api/v1/ledger")["metric_points"]
    print(
        f"{sent:.0f} packets of {series} series in {took:.1f} s ({reached:.0f}/s): "
        f"{spent / sent * 1e6:.2f} CPU-s a million, {(1 - got / sent) * 100:.3f} % lost "
        f"(kernel: {account['rejected'].get('socket_buffer_full', 0)})"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--packets", type=int, default=2_000_000)
    parser.add_argument("--rate", type=int, default=400_000)
    parser.add_argument("--series", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="catalejo-bench-"))
    try:
        for _ in range(options.rounds):
            data = Path(tempfile.mkdtemp(dir=folder)) / "data"
            with Catalejo(data) as program:
                measure(program, options.packets, options.rate, options.series)
    finally:
        shutil.rmtree(folder)
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
