#!/usr/bin/env python3
"""Writes the sets that are put together from phrases: data/*/{tuned,test}.jsonl.

    python -m bench.accuracy.make_sets

Always the same; a test holds that the files are what this makes. make_sessions.py and
make_privacy.py write theirs themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from bench.accuracy import make_security, make_tone
from bench.accuracy.make_security import Case, as_lines

DATA = Path(__file__).resolve().parent / "data"
HALVES = ("tuned", "test")
SETS: dict[str, Callable[[str], Iterator[Case]]] = {
    "system_prompt_leak": make_security.system_prompt_leak,
    "exfiltration": make_security.exfiltration,
    "code_injection": make_security.code_injection,
    "toxicity": make_tone.toxicity,
    "sentiment": make_tone.sentiment,
}


def main() -> None:
    for name, make in SETS.items():
        (DATA / name).mkdir(exist_ok=True)
        for half in HALVES:
            lines = as_lines(make(half))
            (DATA / name / f"{half}.jsonl").write_text(lines)
            print(name, half, lines.count("\n"))


if __name__ == "__main__":
    main()
