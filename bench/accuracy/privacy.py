#!/usr/bin/env python3
"""How well personal data and secrets are found, beside open peers on the same texts.

    python -m bench.accuracy.privacy [--build FOLDER] [--presidio PYTHON] [--gitleaks PROGRAM]

`--presidio` is a Python with presidio-analyzer, `--gitleaks` the program. A place counts as found
when something of its class overlaps it; what overlaps none is wrong, wherever it stands. Texts
without anything to find that stay without are the true negatives.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from bench.accuracy.figures import Figures

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(__file__).resolve().parent / "data" / "privacy"
MARK = "\u2063"
# The last two are by an author who had not seen the rules.
SETS = ("test", "tuned", "test_outside", "tuned_outside")
Case = dict[str, Any]
Places = list[tuple[int, int, str]]
SECRET_KINDS = {"secret"}


def load(name: str) -> list[Case]:
    cases = [json.loads(line) for line in (DATA / f"{name}.jsonl").read_text().splitlines()]
    for one in cases:
        marked = one["text"]
        one["spans"] = [
            [begin - marked.count(MARK, 0, begin), end - marked.count(MARK, 0, end), label]
            for begin, end, label in one["spans"]
        ]
        one["text"] = marked.replace(MARK, "")
    return cases


def ours(build: Path, cases: list[Case], kind: str) -> list[Places]:
    lines = "\n".join(json.dumps(one["text"]) for one in cases) + "\n"
    answer = subprocess.run(
        [str(build / "bench" / "privacy-scan")],
        input=lines,
        check=True,
        capture_output=True,
        text=True,
    )
    found = []
    for one, line in zip(cases, answer.stdout.splitlines(), strict=True):
        raw = one["text"].encode()
        found.append([
            (len(raw[:begin].decode()), len(raw[:end].decode()), rule)
            for begin, end, rule, of in json.loads(line) if of == kind
        ])  # fmt: skip
    return found


def presidio(python: Path, cases: list[Case]) -> list[Places]:
    """Its rule recognisers, without a language model."""
    peer = Path(__file__).resolve().parent / "peer_presidio.py"
    lines = "\n".join(json.dumps(one["text"]) for one in cases) + "\n"
    answer = subprocess.run(
        [str(python), str(peer)], input=lines, check=True, capture_output=True, text=True
    )
    return [[tuple(place) for place in json.loads(line)] for line in answer.stdout.splitlines()]


def gitleaks(program: Path, cases: list[Case]) -> list[Places]:
    with tempfile.TemporaryDirectory() as folder:
        for number, one in enumerate(cases):
            (Path(folder) / f"{number:06d}.txt").write_text(one["text"])
        report = Path(folder) / "report.json"
        subprocess.run(
            [str(program), "dir", folder, "--no-banner", "--exit-code", "0", "-f", "json",
             "-r", str(report)],
            check=True, capture_output=True,
        )  # fmt: skip
        found: list[Places] = [[] for _ in cases]
        for leak in json.loads(report.read_text()):
            number = int(Path(leak["File"]).stem)
            at = cases[number]["text"].find(leak["Secret"])
            found[number].append((at, at + len(leak["Secret"]), leak["RuleID"]))
        return found


def judge(
    cases: list[Case], found: list[Places], secrets: bool
) -> tuple[Figures, Counter[str], Counter[str]]:
    hit = wrong = missed = left = 0
    misses: Counter[str] = Counter()
    alarms: Counter[str] = Counter()
    for one, places in zip(cases, found, strict=True):
        expected = one["spans"] if (one["kind"] in SECRET_KINDS) == secrets else []
        for begin, end, label in expected:
            if any(b < end and begin < e for b, e, _ in places):
                hit += 1
            else:
                missed += 1
                misses[label] += 1
        for begin, end, rule in places:
            if not any(b < end and begin < e for b, e, _ in expected):
                wrong += 1
                alarms[rule] += 1
        left += not expected and not places
    return Figures(hit, wrong, missed, left), misses, alarms


def measure(
    name: str, cases: list[Case], found: list[Places], secrets: bool, details: bool
) -> None:
    figures, misses, alarms = judge(cases, found, secrets)
    print(figures.row(name))
    if details:
        print(f"<!-- missed {dict(misses)}; wrong {dict(alarms)} -->")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--build", type=Path, default=ROOT / "build" / "release")
    arguments.add_argument("--presidio", type=Path)
    arguments.add_argument("--gitleaks", type=Path)
    arguments.add_argument("--details", action="store_true")
    given = arguments.parse_args()
    for name in SETS:
        cases = load(name)
        peers: dict[tuple[str, bool], Callable[[], list[Places]]] = {
            (f"Catalejo, pii, {name}", False): partial(ours, given.build, cases, "pii"),
            (f"Catalejo, secrets, {name}", True): partial(ours, given.build, cases, "secrets"),
        }
        if given.presidio:
            peers[f"Presidio's rules, pii, {name}", False] = partial(
                presidio, given.presidio, cases
            )
        if given.gitleaks:
            peers[f"gitleaks, secrets, {name}", True] = partial(gitleaks, given.gitleaks, cases)
        for (title, secrets), find in peers.items():
            measure(title, cases, find(), secrets, given.details)


if __name__ == "__main__":
    main()
