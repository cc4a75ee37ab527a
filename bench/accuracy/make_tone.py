"""Cases of toxicity and of sentiment, from the sentences of tone_phrases.py, alone and amid
ordinary ones. Written out by make_sets.py; one file serves what users write and models answer."""

from __future__ import annotations

from collections.abc import Iterator

from bench.accuracy import tone_phrases as phrases
from bench.accuracy.make_security import Case, case

LANGUAGES = ("en", "es")


def placed(half: str, language: str, sentence: str) -> Iterator[str]:
    ended = sentence if sentence[-1] in "?!" else sentence + "."
    for around in phrases.AROUND[half][language]:
        yield around.replace("{}.", ended)


def toxicity(half: str) -> Iterator[Case]:
    for language in LANGUAGES:
        for category, sentences in phrases.TOXIC[half][language].items():
            for sentence in sentences:
                for text in placed(half, language, sentence):
                    yield case(category, "yes", text=text)
        for sentence in phrases.MEANT_WELL[half][language]:
            for text in placed(half, language, sentence):
                yield case("near miss", "no", text=text)


def sentiment(half: str) -> Iterator[Case]:
    for language in LANGUAGES:
        for feeling, sentences in phrases.FEELINGS[half][language].items():
            for sentence in sentences:
                for text in placed(half, language, sentence):
                    yield case(feeling, "yes" if feeling == "negative" else "no", text=text)
