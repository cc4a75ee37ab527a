#!/usr/bin/env python3
"""Measures how soon an evaluation is visible behind its span, and what judging costs.

Usage: python3 -m bench.evaluators [--spans 6000]

The spans come in by the real intake; each evaluator is on, as after an installation.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from tests.e2e.harness.load import body_of, event, post
from tests.e2e.harness.page_api import call
from tests.e2e.harness.program import Catalejo, build_dir, until

LEAK = "cobra 4929 1234 5678 9015"
ROUNDS = 8


def metric(program: Catalejo, name: str) -> float:
    lines = call(program.http_port, "GET", "/metrics").body.decode().splitlines()
    (line,) = [line for line in lines if line.startswith(f"{name} ")]
    return float(line.split()[-1])


def delay(program: Catalejo, number: int) -> float:
    """Seconds from when the span is visible to when its evaluation is."""
    app = f"delay-{number}"
    post(program, body_of(event(10_000_000 + number, LEAK, ml_app=app)))
    until(lambda: program.api.spans(ml_app=app), "the span is stored")
    seen = time.monotonic()
    until(
        lambda: program.api.spans(ml_app=app, query="@evaluation.pii.assessment:fail"),
        "its evaluation is stored",
    )
    return time.monotonic() - seen


def measure(program: Catalejo, spans: int) -> None:
    delays = [delay(program, number) for number in range(ROUNDS)]
    print(f"visible behind its span: median {statistics.median(delays):.1f} s, ", end="")
    print(f"at most {max(delays):.1f} s of {ROUNDS}")
    seconds = metric(program, "catalejo_evaluation_cpu_seconds")
    judged = metric(program, "catalejo_evaluation_spans")
    generator = [str(build_dir() / "bench/catalejo-loadgen"), "--encoding", "llmobs_json"]
    sent = [*generator, "--port", str(program.apm_port), "--spans", str(spans)]
    subprocess.run(sent, check=True, stdout=subprocess.DEVNULL)
    began = time.monotonic()
    wanted = judged + spans
    until(
        lambda: metric(program, "catalejo_evaluation_spans") >= wanted, "all are judged", spans / 50
    )
    seconds = metric(program, "catalejo_evaluation_cpu_seconds") - seconds
    print(
        f"{spans} spans judged with {seconds:.2f} CPU s: {seconds / spans * 1e6:.0f} per million; "
    )
    print(f"caught up {time.monotonic() - began:.1f} s after the last was sent")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--spans", type=int, default=6_000)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="catalejo-bench-"))
    try:
        with Catalejo(folder / "data") as program:
            measure(program, options.spans)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
