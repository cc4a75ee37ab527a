"""Cases of repetition, groundedness and topic relevance, from quality_phrases.py and the harmless
texts that sets share. Made when they are measured: the harmless texts are not stored again."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from bench.accuracy import harmless
from bench.accuracy import quality_phrases as phrases
from bench.accuracy.make_security import Case, case

SENTENCE = re.compile(r"(?<=[.!?])\s+")
NUMBER = re.compile(r"\d[\d.,]*\d|\d")


def sentences(text: str) -> list[str]:
    return [one for one in SENTENCE.split(text) if 30 <= len(one) <= 300 and "`" not in one]


def loops(chance: random.Random, said: list[str]) -> Iterator[tuple[str, str]]:
    """Ways to go in circles: their kind, and the loop."""
    sentence = chance.choice(said)
    words = sentence.split()
    two = " ".join(words[:2])
    yield "a sentence", " ".join([sentence] * chance.randint(5, 12))
    yield "two sentences", " ".join([sentence, chance.choice(said)] * chance.randint(4, 8))
    yield "a word", " ".join([words[-1].strip(".!?")] * chance.randint(12, 60))
    yield "two words", " ".join([two] * chance.randint(10, 40))
    yield "a line", "\n".join([f"- {sentence}"] * chance.randint(5, 12))
    yield "characters", chance.choice(("a", "ha", "no", "lo", ".a")) * chance.randint(80, 200)
    rounds = range(1, chance.randint(8, 14))
    yield "with a counter", "\n".join(f"{number}. {sentence}" for number in rounds)
    yield "cut off", " ".join([sentence] * 5) + " " + " ".join(words[: len(words) // 2])


def repetition(half: str) -> Iterator[Case]:
    chance = random.Random(f"repetition {half}")
    texts = [text for kind, text in harmless.texts(half) if kind in ("paragraph", "short answer")]
    said = [one for text in texts for one in sentences(text)]
    for _ in range(40):
        for kind, loop in loops(chance, said):
            yield case(kind, "yes", user="Go on", assistant=f"{chance.choice(said)} {loop}")
    for answer in phrases.REPEATS[half]:
        for before in ("", "Here it is:\n\n", "Claro:\n\n"):
            yield case("near miss", "no", user="Go on", assistant=before + answer)


def altered(chance: random.Random, text: str) -> str:
    """With other figures."""
    return NUMBER.sub(lambda found: str(int(float(chance.randint(3, 97)) * 13)), text)


def groundedness(half: str) -> Iterator[Case]:
    chance = random.Random(f"groundedness {half}")
    told = phrases.TOLD[half]
    for number, (document, taken, reworded, made_up) in enumerate(told):
        asked = {"document": document, "user": "What does it say?"}
        yield case("taken over", "no", **asked, assistant=taken)
        yield case("reworded", "no", **asked, assistant=reworded)
        yield case("made up", "yes", **asked, assistant=made_up)
        if NUMBER.search(taken):
            yield case("other figures", "yes", **asked, assistant=altered(chance, taken))
        others = [one[1] for at, one in enumerate(told) if at != number]
        for answer in chance.sample(others, min(8, len(others))):
            yield case("of another document", "yes", **asked, assistant=answer)
    yield from of_sentences(half, chance)


def of_sentences(half: str, chance: random.Random) -> Iterator[Case]:
    """Sentences of the text that is there, and of another one."""
    long = [found for kind, text in harmless.texts(half) if kind not in ("code", "log")
            if len(found := sentences(text)) >= 3]  # fmt: skip
    for said in (long * 6)[: 1_000 if half == "test" else 200]:
        answer = " ".join(chance.sample(said, 2))
        yield case("sentences of it", "no", document=" ".join(said), user="What does it say?",
                   assistant=answer)  # fmt: skip
    for _ in range(250 if half == "test" else 50):
        one, other = chance.sample(long, 2)
        foreign = " ".join(chance.sample(other, 2))
        if not set(one) & set(other):
            yield case("sentences of another", "yes", document=" ".join(one),
                       user="What does it say?", assistant=foreign)  # fmt: skip


def topic_relevance(half: str) -> Iterator[Case]:
    for language, asked in phrases.ASKED_ABOUT[half].items():
        for request in asked:
            for around in phrases.POLITE[language]:
                yield case("of a topic", "no", user=around.format(request))
    for request in phrases.OFF_TOPIC[half]:
        for around in phrases.POLITE["en" if request.isascii() else "es"]:
            yield case("of no topic", "yes", user=around.format(request))
    for kind, text in harmless.texts(half):
        if kind in ("question", "short answer"):
            yield case("of no topic", "yes", user=text)
