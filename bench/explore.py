#!/usr/bin/env python3
"""Measures what the explorer and the home page ask, over a million spans of one day.

Usage: python3 -m bench.explore [--spans 1000000] [--out FILE] [--data FOLDER]

Warm p50 and CPU of the API's answers, then p95 alone and with one writer and eight readers.
--data: a folder that is filled already, as this does it, and kept.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

from bench.run import ROOT, Catalejo, p50_ms, percentile, table, times_ms

# A day of spans ends a little before its oldest ones leave the time that is asked about.
SPREAD_SECONDS = 84_600
RARE_WORD = "zarzaparrilla"
WINDOW = "from=now-24h&to=now"
TRACE_OF_100 = 1_000_000
RARE_TAG = "request:r-1"
RARE_LABEL = "tone"


def post(port: int, path: str, body: Any) -> None:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}",
        json.dumps(body).encode(),
        {"content-type": "application/json", "x-datadog-evp-subdomain": "llmobs-intake"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        answer.read()


def judge(catalejo: Catalejo, spans: list[dict[str, Any]]) -> None:
    metrics = [
        {
            "join_on": {"span": {"span_id": span["span_id"], "trace_id": span["trace_id"]}},
            "label": RARE_LABEL, "metric_type": "categorical", "categorical_value": "bad",
            "timestamp_ms": time.time_ns() // 10**6, "ml_app": "bench",
        }
        for span in spans
    ]  # fmt: skip
    body = {"data": {"type": "evaluation_metric", "attributes": {"metrics": metrics}}}
    post(catalejo.apm_port, "/evp_proxy/v2/api/intake/llm-obs/v2/eval-metric", body)


def event(number: int, start_ns: int, trace: int, parent: str, text: str) -> dict[str, Any]:
    span = {
        "trace_id": f"{start_ns // 10**9:08x}00000000{trace:016x}",
        "span_id": str(number),
        "parent_id": parent,
        "name": "call",
        "start_ns": start_ns,
        "duration": 5_000_000,
        "status": "ok",
        "meta": {
            "span": {"kind": "llm"},
            "model_name": "gpt-4o-2024-11-20",
            "input": {"messages": [{"role": "user", "content": text}]},
            "output": {"messages": [{"role": "assistant", "content": "x" * 500}]},
        },
        "metrics": {"input_tokens": 3, "output_tokens": 3, "total_tokens": 6},
        "tags": ["service:chat-api", "ml_app:bench", "env:prod"],
    }
    return {"_dd.stage": "raw", "event_type": "span", "spans": [span]}


def fill_for_explore(catalejo: Catalejo, spans: int) -> dict[str, str]:
    """Spans over a day, five with a rare word, tag and evaluation, and one trace of 100 spans."""
    catalejo.load("llmobs_json", spans, 0, spread=SPREAD_SECONDS)
    return add_for_explore(catalejo)


def add_for_explore(catalejo: Catalejo) -> dict[str, str]:
    now = time.time_ns()
    ages_h = (0.5, 5, 10, 15, 23)
    rare = [
        event(100 + i, now - int(age * 3600e9), 100 + i, "undefined", f"una {RARE_WORD} fría")
        for i, age in enumerate(ages_h)
    ]
    start = now - 3600 * 10**9
    root = str(TRACE_OF_100)
    trace = [event(TRACE_OF_100, start, TRACE_OF_100, "undefined", "w" * 1000)] + [
        event(TRACE_OF_100 + i, start + i, TRACE_OF_100, root, "w" * 1000) for i in range(1, 100)
    ]
    for at, item in enumerate(trace):
        item["spans"][0]["trace_id"] = trace[0]["spans"][0]["trace_id"]
        item["spans"][0]["start_ns"] = start + at
    for item in rare:
        item["spans"][0]["tags"].append(RARE_TAG)
    for events in (rare, trace):
        post(catalejo.apm_port, "/evp_proxy/v2/api/v2/llmobs", events)
    judge(catalejo, [item["spans"][0] for item in rare])
    catalejo.wait_drained()
    catalejo.wait_settled()
    search = f"/api/v1/spans?limit=50&query={RARE_WORD}"
    return {
        "latest_50_three_filters": f"/api/v1/spans?{WINDOW}&service=chat-api"
        "&model=gpt-4o-2024-11-20&status=ok&limit=50",
        "latest_50_traces": f"/api/v1/traces?{WINDOW}&limit=50",
        "facets_of_8_fields": f"/api/v1/facets?{WINDOW}",
        "series_by_model_per_minute": f"/api/v1/series?{WINDOW}&view=spans&by=model&interval=60",
        "rare_word_24_h": f"{search}&{WINDOW}",
        "rare_word_all": f"{search}&from=now-90d&to=now",
        "trace_of_100": f"/api/v1/traces/{trace[0]['spans'][0]['trace_id']}",
    }


# What else the page asks; nothing is required of these.
MORE_PATHS = {
    "rare_tag": f"/api/v1/spans?{WINDOW}&limit=50&query={urllib.parse.quote(RARE_TAG)}",
    "tag_that_is_nowhere": f"/api/v1/spans?{WINDOW}&limit=50&query=request%3Anone",
    "rare_evaluation": f"/api/v1/spans?{WINDOW}&limit=50&query="
    f"%40evaluation.{RARE_LABEL}.value%3Abad",
    "spans_by_duration": f"/api/v1/spans?{WINDOW}&limit=50&sort=-duration",
    "spans_by_tokens": f"/api/v1/spans?{WINDOW}&limit=50&sort=-tokens",
    "spans_by_cost": f"/api/v1/spans?{WINDOW}&limit=50&sort=-cost",
    "traces_by_cost": f"/api/v1/traces?{WINDOW}&limit=50&sort=-cost",
    "cost_above": f"/api/v1/spans?{WINDOW}&limit=50&query=%40cost%3A%3E1000",
    "cost_of_trace_above": f"/api/v1/traces?{WINDOW}&limit=50&query=%40trace.cost%3A%3E1000",
    "sessions": f"/api/v1/sessions?{WINDOW}&limit=50",
    "sessions_by_cost": f"/api/v1/sessions?{WINDOW}&limit=50&sort=-cost",
    "home_12_h_and_12_h": "/api/v1/insights?from=now-12h&to=now",
    "outliers_12_h_and_12_h": "/api/v1/outliers?from=now-12h&to=now",
    "errors_12_h_and_12_h": "/api/v1/errors?from=now-12h&to=now",
}


def measure_readers(
    catalejo: Catalejo, paths: dict[str, str], first: int, seconds: int = 60
) -> dict[str, Any]:
    """One writer at 1 000 spans/s and eight readers who go through the questions in turn."""
    idle = {name: times_ms(catalejo, path, 25) for name, path in paths.items()}
    busy: dict[str, list[float]] = {name: [] for name in paths}
    ends = time.monotonic() + seconds
    command = catalejo.load_command("llmobs_json", 1_000 * seconds, first, 1_000, 4, 20, 0)
    writer = subprocess.Popen(command, stdout=subprocess.PIPE)

    def read(number: int) -> None:
        names = list(paths)
        turn = number
        while time.monotonic() < ends:
            name = names[turn % len(names)]
            turn += 1
            began = time.perf_counter()
            catalejo.read(paths[name])
            busy[name].append((time.perf_counter() - began) * 1e3)
            time.sleep(1)  # a person looks at the answer

    readers = [threading.Thread(target=read, args=(number,)) for number in range(8)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert writer.stdout
    sent = json.loads(writer.stdout.read())
    writer.wait()
    figures: dict[str, Any] = {
        "writer_spans_per_s": round(sent["acknowledged"] / sent["seconds"]),
        "writer_ack_p99_ms": sent["ack_p99_ms"],
        "load_average": os.getloadavg()[0],
    }
    for name in paths:
        figures[f"{name}_p95_idle_ms"] = percentile(idle[name], 95)
        figures[f"{name}_p95_busy_ms"] = percentile(busy[name], 95)
    return figures


def asked(catalejo: Catalejo, name: str, path: str, runs: int = 25) -> dict[str, float]:
    """The p50, and the CPU of an answer: what a busy machine leaves as it is."""
    times_ms(catalejo, path, 0)
    before = catalejo.usage().cpu_s
    p50 = p50_ms(catalejo, path, runs)
    spent = catalejo.usage().cpu_s - before
    return {f"{name}_ms": p50, f"{name}_cpu_ms": round(spent / (runs + 2) * 1e3, 1)}


def measure_explore(catalejo: Catalejo, paths: dict[str, str]) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    for name, path in paths.items():
        figures |= asked(catalejo, name, path)
    return {**figures, "load_average": os.getloadavg()[0]}


def measure_more(catalejo: Catalejo) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    for name, path in MORE_PATHS.items():
        figures |= asked(catalejo, name, path, 7)
    # The same with the hour of a provisioned deployment shared over the calls of each day.
    units = {"deployment": "gpt-4o-2024-11-20", "model": "gpt-4o", "type": "provisioned"}
    post(catalejo.http_port, "/api/v1/deployments", {**units, "monthly_usd": 15_000})
    for name in ("spans_by_cost", "traces_by_cost", "sessions_by_cost"):
        figures |= asked(catalejo, f"{name}_with_provisioned", MORE_PATHS[name], 7)
    return {**figures, "load_average": os.getloadavg()[0]}


def measure_parquet(catalejo: Catalejo) -> dict[str, Any]:
    """All spans as one Parquet file, read as fast as it comes and thrown away: time and memory."""
    idle = catalejo.usage().rss_bytes
    most, done = idle, threading.Event()

    def watch() -> None:
        nonlocal most
        while not done.wait(0.05):
            most = max(most, catalejo.usage().rss_bytes)

    watcher = threading.Thread(target=watch)
    watcher.start()
    url = f"http://127.0.0.1:{catalejo.http_port}/api/v1/export?format=parquet&view=spans"
    began = time.monotonic()
    size = 0
    with urllib.request.urlopen(f"{url}&from=now-2d&to=now", timeout=600) as answer:
        while piece := answer.read(1 << 20):
            size += len(piece)
    seconds = time.monotonic() - began
    done.set()
    watcher.join()
    return {
        "file_mb": round(size / 1e6),
        "seconds": round(seconds, 1),
        "memory_before_mb": round(idle / 1e6),
        "memory_at_most_mb": round(most / 1e6),
        "load_average": os.getloadavg()[0],
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--spans", type=int, default=1_000_000)
    parser.add_argument("--build", type=Path, default=ROOT / "build" / "release")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "explore.json")
    parser.add_argument("--data", type=Path)
    options = parser.parse_args()
    folder = options.data or Path(tempfile.mkdtemp(prefix="catalejo-explore-")) / "data"
    catalejo = Catalejo(options.build, folder)
    figures: dict[str, Any] = {}
    try:
        catalejo.start()
        if options.data is None:
            paths = fill_for_explore(catalejo, options.spans)
        else:
            paths = add_for_explore(catalejo)
        figures["explore"] = measure_explore(catalejo, paths)
        figures["more questions"] = measure_more(catalejo)
        figures["parquet"] = measure_parquet(catalejo)
        if options.data is None:
            figures["one writer, eight readers"] = measure_readers(catalejo, paths, 500_000_000)
    finally:
        catalejo.stop()
        if options.data is None:
            shutil.rmtree(folder.parent, ignore_errors=True)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(figures, indent=2) + "\n")
    print(table(figures))


if __name__ == "__main__":
    main()
