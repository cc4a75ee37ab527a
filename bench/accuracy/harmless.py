"""Texts without anything to find, which the sets of several evaluators share: what the sets of
attacks, answers and personal data hold of harmless ones, mails and system prompts. Near misses are
left to the evaluator that they were written for."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from bench.accuracy import mail_phrases as phrases
from bench.accuracy.make_security import prompted

DATA = Path(__file__).resolve().parent / "data"
MAILS = 40  # of each language
KINDS = ("paragraph", "code", "long document", "short answer", "mail", "question", "system prompt",
         "log")  # fmt: skip
Text = tuple[str, str]  # kind, text


def read(folder: str, half: str) -> Iterator[dict[str, Any]]:
    for line in (DATA / folder / f"{half}.jsonl").read_text().splitlines():
        yield json.loads(line)


def mails(half: str) -> Iterator[Text]:
    for language in ("en", "es"):
        chance = random.Random(f"mails {half} {language}")
        said = phrases.MAILS[half][language]
        for _ in range(MAILS):
            body = chance.sample(said["bodies"], chance.choice((2, 3, 4)))
            lines = [chance.choice(said["greetings"]), *body, chance.choice(said["closings"])]
            if chance.random() < 0.3:
                quoted = "\n".join(f"> {line}" for line in chance.sample(said["bodies"], 2))
                lines.append(f"{chance.choice(said['before'])}\n{quoted}")
            yield "mail", "\n\n".join(lines)


def of_the_test() -> Iterator[Text]:
    for case in read("failure_to_answer", "test"):
        if case["expect"] == "answered" and case["kind"] not in ("near miss", "another author"):
            yield case["kind"], case["assistant"]
    for case in read("prompt_injection", "test"):
        if case["expect"] == "no" and case["kind"] not in ("near miss", "second author, harmless"):
            key = next(key for key in ("system", "document", "tool_result", "user") if key in case)
            yield case["kind"], case[key]
    # Every third: they are many, and much alike.
    logs = [case for case in read("privacy", "test") if case["kind"] in ("clean", "document")]
    for case in logs[::3]:
        yield "log", case["text"]


def of_the_tuning() -> Iterator[Text]:
    for case in read("failure_to_answer", "tuned"):
        if case["expect"] == "answered" and case["kind"] != "another author":
            yield "short answer", case["assistant"]
    for case in read("privacy", "tuned"):
        if case["kind"] in ("clean", "document"):
            yield "log", case["text"]
        elif case["kind"] == "code":
            yield "code", case["text"]


@cache
def texts(half: str) -> list[Text]:
    """Each once, in an order that is always the same."""
    found = of_the_test() if half == "test" else of_the_tuning()
    unique: dict[str, str] = {}
    own = [("system prompt", one.system) for one in prompted(half)]
    for kind, text in itertools.chain(found, mails(half), own):
        unique.setdefault(text, kind)
    return [(kind, text) for text, kind in unique.items()]
