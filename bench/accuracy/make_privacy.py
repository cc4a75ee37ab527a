#!/usr/bin/env python3
"""Writes bench/accuracy/data/privacy/{tuned,test}.jsonl: texts with the places of personal data and
of secrets in them, and texts without. make_privacy.py [--templates FILE]

Templates of sentences and documents are split between the two files, so that what rules were tuned
on is not what they are tested on. `--templates` is `raw_data/templates.txt` of Microsoft's
presidio-research (MIT); its sentences go into the test file only. Long texts without anything to
find are parts of this repository's documentation and code. In the files a mark stands inside each
secret, so that no scanner of the repository takes it for a real one; privacy.py takes it out.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.accuracy import privacy_values as values
from bench.accuracy.privacy_texts import ASSIGNMENTS, CLEAN, CODE_KEYS, PII, TOKEN_PLACES

ROOT = Path(__file__).resolve().parents[2]
OUT = Path(__file__).resolve().parent / "data" / "privacy"
MARK = "\u2063"
SEED = 20261126
# Without a check digit another last one is as good.
UNCHECKED = {
    "phone", "phone_home", "email", "ip_address", "us_ssn", "us_itin", "ar_dni", "uk_nino",
}  # fmt: skip
Case = dict[str, Any]


def case(kind: str, lang: str, text: str, value: str, label: str) -> Case:
    at = text.index("{}")
    place = [at, at + len(value), label]
    return {"kind": kind, "lang": lang, "text": text.replace("{}", value, 1), "spans": [place]}


def personal(rng: random.Random, part: int) -> Iterator[Case]:
    for label, (make, templates) in PII.items():
        for lang, texts in templates.items():
            for text in texts[part::2]:
                for _ in range(4):
                    yield case("pii", lang, text, make(rng), label)
                near = values.broken(make)
                if label in UNCHECKED:
                    continue
                yield {
                    "kind": "near",
                    "lang": lang,
                    "text": text.replace("{}", near(rng), 1),
                    "spans": [],
                }


def secrets(rng: random.Random, part: int) -> Iterator[Case]:
    for label, make in values.TOKENS.items():
        for lang, text in TOKEN_PLACES[part::2] * 2:
            yield case("secret", lang, text, make(rng), label)
    for label, (names, make) in values.ASSIGNED.items():
        for lang, text in ASSIGNMENTS[part::2] * 2:
            yield case("secret", lang, text.replace("NAME", rng.choice(names)), make(rng), label)


def clean(rng: random.Random, part: int) -> Iterator[Case]:
    """Lines without anything to find, alone and as long documents."""
    lines = [(lang, text) for lang, texts in CLEAN.items() for text in texts[part::2]]
    for lang, text in lines:
        for _ in range(12):
            yield {"kind": "clean", "lang": lang, "text": noisy(rng, text), "spans": []}
    for number in range(60):
        lang = "en" if number % 2 else "es"
        own = [text for of, text in lines if of in {lang, "any"}]
        text = "\n".join(noisy(rng, rng.choice(own)) for _ in range(40))
        yield {"kind": "document", "lang": lang, "text": text, "spans": []}
    for name in rng.sample(CODE_KEYS[part::2], len(CODE_KEYS[part::2])):
        yield {"kind": "code", "lang": "any", "text": name, "spans": []}


def noisy(rng: random.Random, text: str) -> str:
    """<n5> five digits, <hex32>, <uuid>, <ts> a time, <date>, <ver>, <amount>."""

    def made(found: re.Match[str]) -> str:
        kind, size = found[1], int(found[2] or 0)
        if kind == "n":
            return str(rng.randrange(10 ** (size - 1), 10**size))
        if kind == "hex":
            return values.pick(rng, values.HEX, size)
        if kind == "uuid":
            return "-".join(values.pick(rng, values.HEX, n) for n in (8, 4, 4, 4, 12))
        if kind == "ts":
            moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=rng.randrange(28_000_000))
            return f"{moment:%Y-%m-%dT%H:%M:%S}.{rng.randrange(1000):03d}Z"
        if kind == "date":
            return (
                f"{rng.randrange(1, 29):02d}/{rng.randrange(1, 13):02d}/20{rng.randrange(10, 27)}"
            )
        if kind == "ver":
            return f"{rng.randrange(20)}.{rng.randrange(40)}.{rng.randrange(90)}"
        thousands = f"{rng.randrange(1000):03d}.{rng.randrange(1000):03d}"
        return f"{rng.randrange(1, 999)}.{thousands},{rng.randrange(100):02d}"

    return re.sub(r"<(n|hex|uuid|ts|date|ver|amount)(\d*)>", made, text)


def own_texts(part: int) -> Iterator[Case]:
    """Prose and code of this repository, in pieces of about 1.5 KB."""
    listed = subprocess.run(
        ["git", "ls-files", "docs/en", "docs/es", "src/query", "src/net", "ui/src/parts", "demo"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout.split()  # fmt: skip
    number = 0
    for name in sorted(listed):
        if not name.endswith((".md", ".cpp", ".tsx", ".py")):
            continue
        text = (ROOT / name).read_text()
        lang = "es" if name.startswith("docs/es") else "en"
        for at in range(0, len(text) - 750, 1500):
            number += 1
            if number % 4 == part:
                yield {"kind": "own", "lang": lang, "text": text[at : at + 1500], "spans": []}


SLOTS = {
    "credit_card_number": ("card_number", values.card),
    "phone_number": ("phone", values.phone_abroad),
    "iban": ("iban", values.iban),
    "email": ("email", values.email),
    "ip_address": ("ip_address", values.ip_address),
    "ssn": ("us_ssn", values.us_ssn),
}

OTHER_SLOTS = {
    "year": "1987", "age": "41", "zipcode": "28001", "postcode": "SW1A 1AA",
    "building_number": "12", "url": "https://www.example.org/x",
}  # fmt: skip


def presidio(rng: random.Random, templates: Path) -> Iterator[Case]:
    for line in templates.read_text().splitlines():
        text, spans = "", []
        for piece in re.split(r"(\{\{\w+\}\})", line.strip()):
            slot = piece[2:-2] if piece.startswith("{{") else ""
            value = piece
            if slot in SLOTS:
                value = SLOTS[slot][1](rng)
                spans.append([len(text), len(text) + len(value), SLOTS[slot][0]])
            elif slot:
                value = OTHER_SLOTS.get(slot, "Robin")
            text += value
        if text:
            yield {"kind": "presidio-research", "lang": "en", "text": text, "spans": spans}


def marked(one: Case) -> Case:
    """With a mark in the middle of each secret."""
    if one["kind"] != "secret":
        return one
    (begin, end, label), text = one["spans"][0], one["text"]
    middle = (begin + end) // 2
    return {**one, "text": text[:middle] + MARK + text[middle:], "spans": [[begin, end + 1, label]]}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--templates", type=Path)
    templates = arguments.parse_args().templates
    OUT.mkdir(parents=True, exist_ok=True)
    for part, name in enumerate(["tuned", "test"]):
        rng = random.Random(SEED + part)
        cases = [*personal(rng, part), *secrets(rng, part), *clean(rng, part), *own_texts(part)]
        if part == 1 and templates:
            cases += presidio(rng, templates)
        lines = [json.dumps(marked(one), ensure_ascii=False) for one in cases]
        (OUT / f"{name}.jsonl").write_text("\n".join(lines) + "\n")
        hits = sum(bool(one["spans"]) for one in cases)
        print(f"{name}: {hits} texts with something to find, {len(cases) - hits} without")


if __name__ == "__main__":
    main()
