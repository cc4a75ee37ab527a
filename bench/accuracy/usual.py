"""How right latency_outlier and cost_outlier are on made series of calls, in which some were made
longer and dearer by a factor. What is labelled is what was multiplied; no series is stored.

Series spread by chance (as logarithms do), have two kinds of answers, drift, or have waves like
those of a day. The first calls of a series only tell what is usual."""

from __future__ import annotations

import json
import math
import random
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

Case = dict[str, Any]
Call = tuple[int, int]  # nanoseconds, billionths of a dollar
EVALUATORS = ("latency_outlier", "cost_outlier")
CALLS, FIRST = 400, 80
ONE_IN = 16
FACTORS = (4, 6, 10, 20)
SHAPES: dict[str, Callable[[random.Random, int], float]] = {
    "steady": lambda chance, _: chance.lognormvariate(0, 0.25),
    "spread": lambda chance, _: chance.lognormvariate(0, 0.6),
    "two kinds": lambda chance, _: chance.lognormvariate(0 if chance.random() < 0.7 else 1, 0.2),
    "drift": lambda chance, at: chance.lognormvariate(at / CALLS, 0.25),
    "waves": lambda chance, at: chance.lognormvariate(0.5 * math.sin(at / 30), 0.25),
}


def series(half: str) -> Iterator[tuple[list[Call], list[Case]]]:
    """Calls, and what is expected of those behind the first ones."""
    for name, shape in SHAPES.items():
        for number in range(8 if half == "test" else 2):
            chance = random.Random(f"usual {half} {name} {number}")
            takes, costs = chance.uniform(0.8e9, 8e9), chance.uniform(5e6, 5e7)
            calls, cases = [], []
            for at in range(CALLS):
                factor = shape(chance, at)
                far = chance.choice(FACTORS) if at >= FIRST and chance.randrange(ONE_IN) == 0 else 1
                calls.append((int(takes * factor * far), int(costs * factor * far)))
                kind = name if far == 1 else f"{far} times"
                cases.append({"expect": "yes" if far > 1 else "no", "kind": kind})
            yield calls, cases[FIRST:]


def ours(build: Path, half: str) -> tuple[list[Case], dict[str, list[bool]]]:
    """The cases, and the alarms of each of the two."""
    parts = list(series(half))
    lines = "\n\n".join("\n".join(map(json.dumps, calls)) for calls, _ in parts) + "\n"
    answer = subprocess.run(
        [str(build / "bench" / "usual-scan")], input=lines, check=True, capture_output=True,
        text=True,
    ).stdout.split()  # fmt: skip
    cases, alarms = [], {name: list[bool]() for name in EVALUATORS}
    for number, (_, expected) in enumerate(parts):
        cases += expected
        for said in answer[number * CALLS + FIRST : (number + 1) * CALLS]:
            for name, verdict in zip(EVALUATORS, said, strict=True):
                alarms[name].append(verdict == "1")
    return cases, alarms
