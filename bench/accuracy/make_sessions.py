#!/usr/bin/env python3
"""Writes data/goal_completeness: sessions put together from session_phrases.py.

    python -m bench.accuracy.make_sessions

Half by half, in an order that is always the same; a test holds that the files are what this makes.
"""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.accuracy import session_phrases as phrases

DATA = Path(__file__).resolve().parent / "data" / "goal_completeness"
HALVES = ("tuned", "test")
LANGUAGES = ("en", "es")
# What a bot says to a complaint; none of it refuses.
TRIES = {
    "en": (
        "Then try it from the second tab, please.",
        "Let us look at it from the start: which version is it?",
    ),
    "es": (
        "Entonces pruébalo desde la segunda pestaña.",
        "Veámoslo desde el principio: ¿qué versión es?",
    ),
}
WELCOME = {"en": "You are welcome.", "es": "De nada."}
Turn = dict[str, Any]
Case = dict[str, Any]


def turn(user: str, assistant: str, **more: Any) -> Turn:
    return {"user": user, "assistant": assistant, **more}


def opening(talk: phrases.Talk, turns: int) -> list[Turn]:
    return [turn(*talk[:2]), turn(*talk[2:])][:turns]


def case(kind: str, expect: str, turns: list[Turn]) -> Case:
    return {"turns": turns, "expect": expect, "kind": kind}


class Half:
    """The sessions of one half in one language."""

    def __init__(self, half: str, language: str) -> None:
        self.chance = random.Random(f"{half} {language}")
        self.half, self.language = half, language
        self.talks = phrases.TALKS[half][language]

    def some(self, count: int) -> list[list[Turn]]:
        """Beginnings of one turn or two, of as many different talks as there are."""
        talks = itertools.cycle(self.chance.sample(self.talks, len(self.talks)))
        return [opening(next(talks), self.chance.choice((1, 2))) for _ in range(count)]

    def reply(self) -> str:
        return self.chance.choice(TRIES[self.language])

    def incomplete(self) -> Iterator[Case]:
        for said, kind, times in (
            (phrases.COMPLAINTS, "complaint", 4), (phrases.GIVES_UP, "gives up", 3),
        ):  # fmt: skip
            for words in said[self.half][self.language]:
                for begun in self.some(times):
                    yield case(kind, "incomplete", [*begun, turn(words, self.reply())])
        for asked, answered in phrases.UNANSWERED[self.half][self.language]:
            for begun in self.some(3):
                yield case("not answered", "incomplete", [*begun, turn(asked, answered)])
        for talk in self.talks:
            for words in self.chance.sample(phrases.AGAIN[self.half][self.language], 2):
                question = talk[0].strip("¿?")
                again = turn(words.format(question=question), talk[1])
                yield case("asked again", "incomplete", [*opening(talk, 2), again])
            failed = turn(talk[2], "", error=True)
            yield case("error", "incomplete", [*opening(talk, 1), failed])

    def complete(self) -> Iterator[Case]:
        thanks = phrases.THANKS[self.half][self.language]
        for words in thanks:
            for begun in self.some(9):
                ended = turn(words, WELCOME[self.language])
                yield case("thanks", "complete", [*begun, ended])
        for words in phrases.COMPLAINTS[self.half][self.language]:
            for begun in self.some(6):
                complained = turn(words, self.reply())
                ended = turn(self.chance.choice(thanks), WELCOME[self.language])
                yield case("complaint, then solved", "complete", [*begun, complained, ended])

    def unclear(self) -> Iterator[Case]:
        for talk in self.talks:
            for turns in (1, 2):
                yield case("answered", "unclear", opening(talk, turns))
            for other in self.chance.sample([one for one in self.talks if one is not talk], 4):
                two = [*opening(talk, 2), *opening(other, 2)]
                yield case("answered", "unclear", two)
        for asked, answered in phrases.GOES_ON[self.half][self.language]:
            for begun in self.some(12):
                yield case("goes on", "unclear", [*begun, turn(asked, answered)])


def sessions(half: str) -> list[Case]:
    made = []
    for language in LANGUAGES:
        of_half = Half(half, language)
        made += [*of_half.incomplete(), *of_half.complete(), *of_half.unclear()]
    # Few talks are drawn twice with the same words.
    return [json.loads(text) for text in dict.fromkeys(json.dumps(one) for one in made)]


def text_of(half: str) -> str:
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in sessions(half))


def main() -> None:
    DATA.mkdir(exist_ok=True)
    for half in HALVES:
        (DATA / f"{half}.jsonl").write_text(text_of(half))
        print(half, len(sessions(half)))


if __name__ == "__main__":
    main()
