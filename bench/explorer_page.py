#!/usr/bin/env python3
"""Measures what a person waits for in the explorer over a million spans, in Chromium.

Usage: python3 -m bench.explorer_page [--spans 1000000] [--windows 60] [--data FOLDER]

The spans of explore.py, over a day. From the address to the first rows and to
everything (histogram, facets), then End and PageDown through many windows, and pages of the API at
places far down the list, by the cursor. --data: a folder that is filled already, and kept.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, sync_playwright

from bench.explore import SPREAD_SECONDS, fill_for_explore
from bench.run import ROOT, Catalejo, percentile
from tests.e2e.harness.browser import CHROMIUM

DAY = "from=now-24h&to=now"
RUNS = 7
STEPS = 120


def summary(times_ms: list[float]) -> dict[str, float]:
    return {"p50_ms": round(statistics.median(times_ms), 1), "p95_ms": percentile(times_ms, 95)}


def rows_of(page: Page) -> int:
    return int(page.get_by_role("grid").get_attribute("aria-rowcount") or 0) - 1


def opened(page: Page, address: str) -> dict[str, Any]:
    """From the address to the first row, and to the facets too, which come last."""
    first, whole = [], []
    for _ in range(RUNS):
        page.goto("about:blank")
        began = time.perf_counter()
        page.goto(address, wait_until="commit")
        page.get_by_test_id("trace-row").first.wait_for()
        first.append((time.perf_counter() - began) * 1e3)
        page.get_by_test_id("facet-model").wait_for()
        whole.append((time.perf_counter() - began) * 1e3)
    return {"first_rows": summary(first), "interactive": summary(whole)}


def active(grid: Locator) -> str:
    return grid.get_attribute("aria-activedescendant") or ""


def walk(page: Page, windows: int) -> dict[str, Any]:
    """End again and again: each fetches the next window. Then by pages through what is there."""
    grid = page.get_by_role("grid")
    grid.focus()
    ends: list[float] = []
    for _ in range(windows):
        before = rows_of(page)
        began = time.perf_counter()
        page.keyboard.press("End")
        page.wait_for_function(
            "before => +document.querySelector('[role=grid]').ariaRowCount - 1 > before",
            arg=before, timeout=60_000, polling="raf",
        )  # fmt: skip
        ends.append((time.perf_counter() - began) * 1e3)
    steps: list[float] = []
    for number in range(STEPS):
        before_id = active(grid)
        began = time.perf_counter()
        page.keyboard.press("PageUp" if number < STEPS // 2 else "PageDown")
        page.wait_for_function(
            "before => document.querySelector('[role=grid]')"
            ".getAttribute('aria-activedescendant') !== before",
            arg=before_id, polling="raf",
        )  # fmt: skip
        steps.append((time.perf_counter() - began) * 1e3)
    return {
        "end": summary(ends),
        "last_ends": summary(ends[-10:]),
        "page_up_and_down": summary(steps),
        "rows_held": rows_of(page),
        "rows_drawn": page.get_by_test_id("trace-row").count(),
        "heap_mb": round(page.evaluate("performance.memory.usedJSHeapSize") / 2**20),
    }


def jumps(catalejo: Catalejo) -> dict[str, Any]:
    """A page of 100 rows at shares of the day, by the cursor of a row that stands there."""
    figures: dict[str, Any] = {}
    for percent in (0, 10, 50, 90, 99):
        at = int(time.time()) - SPREAD_SECONDS * percent // 100
        there = catalejo.get(f"/api/v1/spans?from=now-24h&to={at}000&limit=1")
        cursor = there["next"]
        times = []
        for _ in range(15):
            began = time.perf_counter()
            page = catalejo.get(f"/api/v1/spans?{DAY}&limit=100&cursor={cursor}")
            times.append((time.perf_counter() - began) * 1e3)
        assert len(page["rows"]) == 100 or percent > 90
        figures[f"at_{percent}_percent"] = summary(times)
    return figures


def measure(catalejo: Catalejo, windows: int) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--enable-precise-memory-info"],
        )
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        for view in ("traces", "spans"):
            address = f"http://127.0.0.1:{catalejo.http_port}/traces?view={view}&from=now-24h"
            figures[view] = opened(page, address)
            figures[view] |= walk(page, windows)
        browser.close()
    figures["cursor"] = jumps(catalejo)
    figures["load_average"] = os.getloadavg()[0]
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--spans", type=int, default=1_000_000)
    parser.add_argument("--windows", type=int, default=60)
    parser.add_argument("--build", type=Path, default=ROOT / "build" / "release")
    parser.add_argument("--data", type=Path)
    options = parser.parse_args()
    folder = options.data or Path(tempfile.mkdtemp(prefix="catalejo-explorer-")) / "data"
    catalejo = Catalejo(options.build, folder)
    try:
        catalejo.start()
        if options.data is None:
            fill_for_explore(catalejo, options.spans)
        print(json.dumps(measure(catalejo, options.windows), indent=2))
    finally:
        catalejo.stop()
        if options.data is None:
            shutil.rmtree(folder.parent, ignore_errors=True)


if __name__ == "__main__":
    main()
