#!/usr/bin/env python3
"""Measures what a person waits for in a trace of 100 000 spans and in one of a million.

Usage: python3 -m bench.huge_trace [--spans 100000,1000000] [--build build/release] [--page]

The spans come in by the real intake: a batch job of workflows, agents, model calls and tools, each
with a prompt and an answer of some hundred bytes. First answer = cold; then the middle of some.
"""

from __future__ import annotations

import argparse
import http.client
import json
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.run import ROOT, Catalejo

PER_BODY = 1_000
TEXT = "the quick brown fox jumps over the lazy dog while somebody asks for the weather " * 3
NAMES = {"workflow": "batch", "agent": "worker", "llm": "createChatCompletion", "tool": "search"}


def kind_and_parent(number: int) -> tuple[str, int]:
    """Number 1 is the root; a hundred spans are a workflow, eleven agents and eight calls each."""
    if number == 1:
        return "workflow", 0
    in_workflow = (number - 2) % 100
    if in_workflow == 0:
        return "workflow", 1
    in_agent = (in_workflow - 1) % 9
    if in_agent == 0:
        return "agent", number - in_workflow
    return ("tool" if in_agent % 4 == 3 else "llm"), number - in_agent


def body(trace: str, first: int, count: int, began_ns: int) -> bytes:
    spans = []
    for number in range(first, first + count):
        kind, parent = kind_and_parent(number)
        parent_id = f'"{parent}"' if parent else '"undefined"'
        failed = number % 9_973 == 0
        duration = 10**12 if number == 1 else {"workflow": 90, "agent": 9}.get(kind, 1) * 10**6
        spans.append(
            f'{{"span_id":"{number}","trace_id":"{trace}","parent_id":{parent_id},'
            f'"name":"{NAMES[kind]}","start_ns":{began_ns + number * 1_000_000},'
            f'"duration":{duration},"status":"{"error" if failed else "ok"}",'
            f'"tags":["ml_app:huge","service:batch","env:bench"],'
            f'"meta":{{"span":{{"kind":"{kind}"}},"model_name":"gpt-4o-2024-11-20",'
            f'"model_provider":"azure_openai",'
            f'"input":{{"messages":[{{"role":"user","content":"{number} {TEXT}"}}]}},'
            f'"output":{{"messages":[{{"role":"assistant","content":"{TEXT}"}}]}},"metadata":{{}}}},'
            f'"metrics":{{"input_tokens":{number % 977},"output_tokens":40,'
            f'"total_tokens":{number % 977 + 40}}}}}'
        )
    joined = ",".join(spans)
    return (
        '[{"_dd.stage":"raw","_dd.tracer_version":"4.16.0","event_type":"span",'
        f'"spans":[{joined}]}}]'
    ).encode()


def send(catalejo: Catalejo, trace: str, spans: int) -> float:
    began_ns = time.time_ns() - 1_100 * 10**9
    connection = http.client.HTTPConnection("127.0.0.1", catalejo.http_port, timeout=60)
    began = time.monotonic()
    for first in range(1, spans + 1, PER_BODY):
        count = min(PER_BODY, spans + 1 - first)
        while True:
            connection.request(
                "POST", "/api/v2/llmobs", body(trace, first, count, began_ns),
                {"content-type": "application/json"},
            )  # fmt: skip
            answer = connection.getresponse()
            answer.read()
            if answer.status == 202:
                break
            time.sleep(0.2)
    catalejo.wait_drained(600)
    return time.monotonic() - began


def timed(catalejo: Catalejo, path: str) -> tuple[float, Any]:
    began = time.perf_counter()
    answer = catalejo.get(path)
    return (time.perf_counter() - began) * 1e3, answer


def middle(catalejo: Catalejo, path: str, runs: int = 15) -> float:
    return round(statistics.median(timed(catalejo, path)[0] for _ in range(runs)), 1)


def measure(catalejo: Catalejo, trace: str, spans: int) -> dict[str, Any]:
    at = f"/api/v1/traces/{trace}"
    cold, head = timed(catalejo, at)
    assert head["total_spans"] == spans, head["total_spans"]
    half = spans // 2
    figures: dict[str, Any] = {"head_cold_ms": round(cold, 1)}
    figures["head_ms"] = middle(catalejo, at)
    figures["first_lines_ms"] = middle(catalejo, f"{at}/lines?from=0&limit=200")
    figures["lines_in_the_middle_ms"] = middle(catalejo, f"{at}/lines?from={half}&limit=200")
    figures["lines_all_closed_ms"] = middle(catalejo, f"{at}/lines?open_depth=1&from=100&limit=200")
    figures["lines_around_a_span_ms"] = middle(catalejo, f"{at}/lines?around={half}&limit=200")
    figures["span_and_around_ms"] = middle(catalejo, f"{at}?span={half}")
    figures["page_of_messages_ms"] = middle(catalejo, f"{at}?steps={half}")
    for what in ("error", "slowest", "cost", "evaluation"):
        figures[f"find_{what}_ms"] = middle(catalejo, f"{at}/find?what={what}&after={half}")
    usage = catalejo.usage()
    figures["rss_mb"] = round(usage.rss_bytes / 2**20)
    figures["server_rss_mb"] = round(usage.server_rss_bytes / 2**20)
    return figures


def page_ms(catalejo: Catalejo, trace: str) -> dict[str, float]:
    """From the address to a tree with its chosen span, and from End to the last line."""
    from playwright.sync_api import sync_playwright

    from tests.e2e.harness.browser import CHROMIUM

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        opened, jumped = [], []
        for _ in range(5):
            page.goto("about:blank")
            began = time.perf_counter()
            page.goto(f"http://127.0.0.1:{catalejo.http_port}/traces/{trace}?full=1&span=1")
            page.locator('[data-testid="span-row"][aria-selected="true"]').wait_for()
            opened.append((time.perf_counter() - began) * 1e3)
            page.get_by_role("tree").focus()
            began = time.perf_counter()
            page.keyboard.press("End")
            page.locator('[data-testid="span-row"][aria-selected="true"]').wait_for()
            page.wait_for_url(lambda url: "span=1&" not in url and not url.endswith("span=1"))
            jumped.append((time.perf_counter() - began) * 1e3)
        browser.close()
    return {
        "page_interactive_ms": round(statistics.median(opened)),
        "page_to_the_last_line_ms": round(statistics.median(jumped)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--spans", default="100000,1000000")
    parser.add_argument("--build", type=Path, default=ROOT / "build" / "release")
    parser.add_argument("--keep", action="store_true", help="keep data and log")
    parser.add_argument("--page", action="store_true", help="in Chromium too; needs playwright")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="catalejo-huge-"))
    catalejo = Catalejo(options.build, folder / "data")
    try:
        catalejo.start()
        for number, spans in enumerate(map(int, options.spans.split(",")), start=1):
            trace = f"{int(time.time()) - 1_000:08x}{0:08x}{number:016x}"
            seconds = send(catalejo, trace, spans)
            figures = {"spans": spans, "sent_in_s": round(seconds, 1)}
            figures |= measure(catalejo, trace, spans)
            if options.page:
                figures |= page_ms(catalejo, trace)
            print(json.dumps(figures, indent=2), flush=True)
    finally:
        catalejo.stop()
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
