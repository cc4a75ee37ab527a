#!/usr/bin/env python3
"""How often anomalies(), outliers() and forecast() are right, on series whose faults are known.

    python -m bench.metric_anomalies [--build FOLDER] [--seed N] [--check]

Series are made here: request rates with a daily and a weekly season, noise, a slow trend, gaps and
level shifts that stay; faults of known place are put in afterwards. Writes the tables of
docs/*/reference/metric-functions.md; `--check` fails when they say something else.
"""

from __future__ import annotations

import argparse
import math
import random
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGES = {
    language: ROOT / f"docs/{language}/reference/metric-functions.md" for language in ("en", "es")
}
STEP = 600
DAY = 86_400 // STEP
WEEK = 7 * DAY
# Widths as people set them for alarms; the same for every kind of series.
WIDTH = 4
NONE = float("nan")
SPANISH = {
    "daily season": "estación diaria",
    "weekly season": "estación semanal",
    "no season": "sin estación",
    "season and a level that moved": "estación y un nivel que cambió",
    "season, trend and gaps": "estación, tendencia y huecos",
    "one line apart": "una línea aparte",
    "none apart": "ninguna aparte",
    "trend": "tendencia",
    "season and trend": "estación y tendencia",
}


@dataclass
class Series:
    kind: str
    values: list[float]
    faults: set[int] = field(default_factory=set)
    season: str = "daily"
    shown: int = WEEK  # the last places are asked for, those before are history


def noise(random_: random.Random, level: float) -> float:
    return random_.gauss(0, level)


def day_shape(place: int) -> float:
    """Quiet nights, busy days, a dip at noon."""
    hour = place % DAY / DAY * 24
    return (
        1 + 0.6 * math.sin((hour - 9) / 24 * 2 * math.pi) + 0.15 * math.sin(hour / 12 * 2 * math.pi)
    )


def week_shape(place: int) -> float:
    return day_shape(place) * (0.4 if place // DAY % 7 >= 5 else 1)


def made(kind: str, random_: random.Random) -> Series:
    weekly = kind == "weekly season"
    places = (5 * WEEK if weekly else 7 * DAY) + WEEK
    level = random_.uniform(50, 500)
    spread = level * random_.uniform(0.02, 0.08)
    values = []
    for place in range(places):
        shape = 1.0 if kind == "no season" else week_shape(place) if weekly else day_shape(place)
        values.append(level * shape + noise(random_, spread))
    if kind == "season and a level that moved":
        # Before the time that is asked about; it stays, and is no fault.
        moved = places - WEEK - 2 * DAY
        values = [v + (0.5 * level if i >= moved else 0) for i, v in enumerate(values)]
    if kind == "season, trend and gaps":
        values = [v * (1 + 0.2 * i / places) for i, v in enumerate(values)]
        for _ in range(5):
            begin = random_.randrange(places - 12)
            for place in range(begin, begin + random_.randrange(1, 12)):
                values[place] = NONE
    series = Series(kind, values, season="weekly" if weekly else "daily")
    put_faults(series, random_, level, spread)
    return series


def put_faults(series: Series, random_: random.Random, level: float, spread: float) -> None:
    """Spikes, dips and hours at a wrong level, 8 to 20 times the noise or a third of the level."""
    first = len(series.values) - series.shown
    for _ in range(random_.randrange(3, 7)):
        begin = first + random_.randrange(series.shown - 12)
        length = random_.choice((1, 1, 2, 6))
        size = max(spread * random_.uniform(8, 20), level / 3) * random_.choice((1, -1))
        for place in range(begin, begin + length):
            if not math.isnan(series.values[place]):
                series.values[place] += size
                series.faults.add(place)


@dataclass
class Rate:
    right: int = 0
    false: int = 0
    missed: int = 0
    quiet: int = 0  # places without a fault

    def row(self) -> str:
        told, there = self.right + self.false, self.right + self.missed
        precision = f"{self.right / told:.3f}" if told else "–"
        recall = f"{self.right / there:.3f}" if there else "–"
        return f"{precision} | {recall} | {self.false / max(self.quiet, 1):.4f}"


def answers(program: Path, lines: list[str]) -> list[list[list[str]]]:
    """For each question its lines: role, outlier, values."""
    text = "".join(line + "\n" for line in lines)
    done = subprocess.run([program], input=text, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(done.stderr)
    blocks = done.stdout.strip("\n").split("\n\n")
    return [[line.split(" ") for line in block.split("\n")] for block in blocks]


def question(query: str, before: int, *series: list[float]) -> str:
    return "\t".join([query, str(STEP), str(before), *(" ".join(map(repr, v)) for v in series)])


def measure_anomalies(program: Path, random_: random.Random) -> list[tuple[str, str, Rate]]:
    kinds = ("daily season", "weekly season", "no season", "season and a level that moved",
             "season, trend and gaps")  # fmt: skip
    every = {kind: [made(kind, random_) for _ in range(40)] for kind in kinds}
    found = []
    for kind, all_series in every.items():
        for method in ("basic", "agile", "robust"):
            asked = [
                question(
                    f"anomalies(avg:a{{*}}, '{method}', {WIDTH}, seasonality='{one.season}')",
                    len(one.values) - one.shown, one.values,
                )
                for one in all_series
            ]  # fmt: skip
            rate = Rate()
            for one, lines in zip(all_series, answers(program, asked), strict=True):
                judge(one, lines, rate)
            found.append((kind, method, rate))
    return found


def judge(series: Series, lines: list[list[str]], rate: Rate) -> None:
    values, lower, upper = ([float(text) for text in line[2:]] for line in lines)
    first = len(series.values) - series.shown
    for at, value in enumerate(values):
        if math.isnan(value):
            continue
        fault = first + at in series.faults
        outside = not lower[at] <= value <= upper[at]
        rate.right += fault and outside
        rate.missed += fault and not outside
        rate.false += outside and not fault
        rate.quiet += not fault


def measure_outliers(program: Path, random_: random.Random) -> list[tuple[str, str, Rate]]:
    found = []
    for kind in ("one line apart", "none apart"):
        groups = []
        for _ in range(60):
            level = random_.uniform(50, 500)
            lines = [
                [level * day_shape(place) + noise(random_, level * 0.05) for place in range(DAY)]
                for _ in range(random_.randrange(5, 15))
            ]
            if kind == "one line apart":
                lines[0] = [value * 1.6 for value in lines[0]]
            groups.append(lines)
        # Not the scaled ones: a line that is apart by its size is like the others then.
        for method in ("DBSCAN", "MAD"):
            asked = [question(f"outliers(avg:a{{*}} by {{n}}, '{method}', 3, 50)", 0, *lines)
                     for lines in groups]  # fmt: skip
            rate = Rate()
            for answered in answers(program, asked):
                for at, line in enumerate(answered):
                    fault, said = at == 0 and kind == "one line apart", line[1] == "1"
                    rate.right += fault and said
                    rate.missed += fault and not said
                    rate.false += said and not fault
                    rate.quiet += not fault
            found.append((kind, method, rate))
    return found


def measure_forecast(program: Path, random_: random.Random) -> list[tuple[str, str, float, float]]:
    """A day ahead: how far off in the middle, in parts of the level, and how much was inside."""
    found = []
    for kind in ("trend", "season and trend"):
        for method in ("linear", "seasonal"):
            off, inside, places = 0.0, 0, 0
            asked, truths = [], []
            for _ in range(40):
                level = random_.uniform(50, 500)
                slope = random_.uniform(-0.02, 0.05)
                values = [
                    level * ((day_shape(p) if kind != "trend" else 1) + slope * p / DAY)
                    + noise(random_, level * 0.03)
                    for p in range(7 * DAY)
                ]
                truths.append((level, values[6 * DAY :]))
                asked.append(question(f"forecast(avg:a{{*}}, '{method}', 2)", 6 * DAY,
                                      values[: 6 * DAY] + [NONE] * DAY))  # fmt: skip
            for (level, truth), lines in zip(truths, answers(program, asked), strict=True):
                _, middle, lower, upper = ([float(t) for t in line[2:]] for line in lines)
                for at, value in enumerate(truth):
                    off += abs(middle[at] - value) / level
                    inside += lower[at] <= value <= upper[at]
                    places += 1
            found.append((kind, method, off / places, inside / places))
    return found


def tables(program: Path, seed: int) -> dict[str, list[tuple[str, ...]]]:
    random_ = random.Random(seed)
    anomalies = measure_anomalies(program, random_)
    outliers = measure_outliers(program, random_)
    forecast = measure_forecast(program, random_)
    return {
        "anomalies": [(kind, f"`{method}`", rate.row()) for kind, method, rate in anomalies],
        "outliers": [(kind, f"`{method}`", rate.row()) for kind, method, rate in outliers],
        "forecast": [(kind, f"`{method}`", f"{off:.1%} | {inside:.1%}")
                     for kind, method, off, inside in forecast],
    }  # fmt: skip


def written(page: str, language: str, found: dict[str, list[tuple[str, ...]]]) -> str:
    for name, rows in found.items():
        body = "".join(
            f"| {SPANISH[kind] if language == 'es' else kind} | {method} | {figures} |\n"
            for kind, method, figures in rows
        )
        marked = rf"(<!-- figures: {name} -->\n\|.*\n\|.*\n)(?:\|.*\n)*(<!-- end -->)"
        page, count = re.subn(marked, rf"\g<1>{body}\g<2>", page)
        assert count == 1, f"{language}: no table {name}"
    return page


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=Path, default=ROOT / "build/release")
    parser.add_argument("--seed", type=int, default=41)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    found = tables(options.build / "bench/metric-bands", options.seed)
    for name, rows in found.items():
        print(name, *(" | ".join(row) for row in rows), sep="\n  ")
    for language, page in PAGES.items():
        old = page.read_text()
        new = written(old, language, found)
        if options.check and new != old:
            print(f"{page.relative_to(ROOT)} tells other figures")
            return 1
        if not options.check:
            page.write_text(new)
    return 0


if __name__ == "__main__":
    sys.exit(main())
