#!/usr/bin/env python3
"""Measures the evaluators on the labelled sets; writes the tables of docs/*/reference/accuracy.md.

    python -m bench.accuracy.report [--build FOLDER] [--check]
                                    [--presidio PYTHON] [--gitleaks PROGRAM]
                                    [--openlit FOLDER] [--llm-guard FOLDER]

`--check` writes nothing and fails when a page tells other figures. A peer is measured when it is
named; else its counts are those of data/peers.json, where they were written when it was. What the
four options name is told by privacy.py and texts.py.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

from bench.accuracy import harmless, privacy, texts, usual
from bench.accuracy.figures import Figures, Rate

ROOT = Path(__file__).resolve().parents[2]
PEERS = Path(__file__).resolve().parent / "data" / "peers.json"
LANGUAGES = ("en", "es")
Peers = dict[str, Figures]
Tables = dict[str, list[str]]

HEAD = {
    "en": "| | with | without | precision | recall | F1 | false positives |",
    "es": "| | con | sin | precisión | exhaustividad | F1 | falsos positivos |",
}
KINDS_HEAD = {
    "en": "| evaluator | kind | cases | | share |",
    "es": "| evaluador | clase | casos | | proporción |",
}
SHARED_HEAD = {  # as harmless.KINDS
    "en": "| false alarms | " + " | ".join(harmless.KINDS) + " |",
    "es": "| falsas alarmas | párrafo | código | documento largo | respuesta corta | correo | "
    "pregunta | prompt de sistema | registro |",
}
SPANISH = {
    "found": "encontrados",
    "false alarms": "falsas alarmas",
    "rules only": "solo reglas",
    "half for tuning": "mitad de ajuste",
    "another author, for tuning": "otro autor, para ajustar",
    "direct": "directo",
    "behind a long text": "tras un texto largo",
    "in a document": "en un documento",
    "near miss": "caso parecido",
    "another author": "otro autor",
    "long document": "documento largo",
    "code": "código",
    "mail": "correo",
    "question": "pregunta",
    "paragraph": "párrafo",
    "system prompt": "prompt de sistema",
    "written": "escrito",
    "with a closing": "con una despedida",
    "short answer": "respuesta corta",
    "short": "corto",
    "JSON": "JSON",
    "asked for": "pedido",
    "complaint": "queja",
    "gives up": "se rinde",
    "not answered": "sin respuesta",
    "asked again": "pregunta repetida",
    "error": "error",
    "thanks": "gracias",
    "complaint, then solved": "queja y después arreglo",
    "answered": "respondido",
    "goes on": "sigue con otra cosa",
    "whole prompt": "prompt entero",
    "orders only": "solo las órdenes",
    "two orders": "dos órdenes",
    "one order": "una orden",
    "reworded": "con otras palabras",
    "translated": "traducido",
    "encoded": "codificado",
    "facts of the prompt": "datos del prompt",
    "orders obeyed": "cumple las órdenes",
    "refuses to tell": "no lo cuenta",
    "greeting": "saludo",
    "plain words": "palabras a la vista",
    "base64": "base64",
    "base64 in the path": "base64 en la ruta",
    "hexadecimal": "hexadecimal",
    "words in the path": "palabras en la ruta",
    "in the host name": "en el nombre del servidor",
    "after the number sign": "tras la almohadilla",
    "ordinary address": "dirección corriente",
    "shell": "órdenes de shell",
    "SQL": "SQL",
    "path": "ruta",
    "template": "plantilla",
    "script": "script",
    "dangerous command": "orden peligrosa",
    "in an answer": "en una respuesta",
    "argument": "argumento",
    "program": "programa",
    "talk of code": "habla de código",
    "insult": "insulto",
    "threat": "amenaza",
    "hate": "odio",
    "sexual": "sexual",
    "profanity": "palabrota",
    "self_harm": "autolesión",
    "negative": "negativo",
    "positive": "positivo",
    "neutral": "neutro",
    "a sentence": "una frase",
    "two sentences": "dos frases",
    "a word": "una palabra",
    "two words": "dos palabras",
    "a line": "una línea",
    "characters": "caracteres",
    "with a counter": "con un contador",
    "cut off": "cortado",
    "taken over": "tomado del documento",
    "made up": "inventado",
    "other figures": "otras cifras",
    "of another document": "de otro documento",
    "sentences of it": "frases suyas",
    "sentences of another": "frases de otro",
    "of a topic": "de un tema",
    "of no topic": "de ningún tema",
    "4 times": "4 veces",
    "6 times": "6 veces",
    "10 times": "10 veces",
    "20 times": "20 veces",
    "steady": "estable",
    "spread": "dispersa",
    "two kinds": "de dos clases",
    "drift": "con deriva",
    "waves": "con ondas",
    "second author, direct": "segunda autoría, directo",
    "second author, in a document": "segunda autoría, en un documento",
    "second author, hidden spelling": "segunda autoría, escritura oculta",
    "second author, harmless": "segunda autoría, inofensivos",
}


def say(language: str, words: str) -> str:
    return words if language == "en" else SPANISH[words]


def head(names: str) -> list[str]:
    return [names, "|" + "---|" * (names.count("|") - 1)]


def page(language: str) -> Path:
    return ROOT / "docs" / language / "reference" / "accuracy.md"


def peers_of(given: argparse.Namespace) -> Peers:
    """Each peer's counts, measured anew where it is at hand."""
    kept = kept_peers()
    tests = privacy.load("test")
    attacks, answers = texts.load("prompt_injection"), texts.load("failure_to_answer")

    def of_places(places: list[privacy.Places], secrets: bool) -> Figures:
        return privacy.judge(tests, places, secrets)[0]

    measured: dict[str, tuple[Path | None, Callable[[Path], Figures]]] = {
        "presidio": (given.presidio, lambda at: of_places(privacy.presidio(at, tests), False)),
        "gitleaks": (given.gitleaks, lambda at: of_places(privacy.gitleaks(at, tests), True)),
        "openlit": (
            given.openlit, lambda at: texts.figures_of(attacks, texts.openlit(at, attacks))
        ),
        "llm_guard": (
            given.llm_guard, lambda at: texts.figures_of(answers, texts.llm_guard(at, answers))
        ),
    }  # fmt: skip
    for name, (place, measure) in measured.items():
        if place:
            kept[name] = measure(place)
    return kept


class Measured:
    """The lines of each table in each language."""

    def __init__(self, build: Path, peers: Peers) -> None:
        self.build, self.peers = build, peers
        self.made: dict[str, Tables] = {
            language: {
                "privacy": head(HEAD[language]),
                "texts": head(HEAD[language]),
                "shared": head(SHARED_HEAD[language]),
                "kinds": head(KINDS_HEAD[language]),
                "facts": head(HEAD[language]),
            }
            for language in LANGUAGES
        }

    def row(self, table: str, figures: Figures, name: str, note: str = "") -> None:
        for language in LANGUAGES:
            noted = f"{name}, {say(language, note)}" if note else name
            self.made[language][table].append(figures.row(noted))

    def kinds(self, evaluator: str, cases: list[texts.Case], alarms: list[bool]) -> None:
        for kind, what, rate in texts.by_kind(cases, alarms):
            for language in LANGUAGES:
                line = kind_row(language, evaluator, kind, what, rate)
                self.made[language]["kinds"].append(line)

    def shared(self, evaluator: str, cases: list[texts.Case], alarms: list[bool]) -> None:
        rates = {kind: rate for kind, _, rate in texts.by_kind(cases, alarms)}
        cells = " | ".join(str(rates.get(kind, "–")) for kind in harmless.KINDS)
        for language in LANGUAGES:
            self.made[language]["shared"].append(f"| `{evaluator}` | {cells} |")

    def add_privacy(self) -> None:
        notes = ("", "half for tuning", "another author", "another author, for tuning")
        for half, note in zip(privacy.SETS, notes, strict=True):
            cases = privacy.load(half)
            for kind in ("pii", "secrets"):
                found = privacy.ours(self.build, cases, kind)
                figures = privacy.judge(cases, found, kind == "secrets")[0]
                self.row("privacy", figures, f"Catalejo, `{kind}`", note)
        self.row("privacy", self.peers["presidio"], "Presidio", "rules only")
        self.row("privacy", self.peers["gitleaks"], "gitleaks")

    def judged(self, evaluator: str) -> texts.Judged:
        cases = texts.load(evaluator)
        return cases, texts.ours(self.build / "catalejo", evaluator, cases)

    def add_texts(self) -> None:
        after = {
            "prompt_injection": ("openlit", "OpenLIT", "rules only"),
            "failure_to_answer": ("llm_guard", "llm-guard, NoRefusalLight", ""),
        }
        for evaluator in texts.EVALUATORS:
            judged = self.judged(evaluator)
            self.row("texts", texts.figures_of(*judged), f"Catalejo, `{evaluator}`")
            if evaluator in after:
                peer, name, note = after[evaluator]
                self.row("texts", self.peers[peer], name, note)
            if evaluator.endswith("_output"):
                continue  # by the same rules on the same texts
            own, shared = texts.parted(*judged)
            self.kinds(evaluator, *own)
            if shared[0]:
                self.shared(evaluator, *shared)

    def add_usual(self) -> None:
        calls, by_evaluator = usual.ours(self.build, "test")
        for evaluator, alarms in by_evaluator.items():
            self.row("texts", texts.figures_of(calls, alarms), f"Catalejo, `{evaluator}`")
        self.kinds("latency_outlier", calls, by_evaluator["latency_outlier"])

    def add_facts(self) -> None:
        for evaluator in texts.OF_FACTS:
            figures = texts.figures_of(*self.judged(evaluator))
            self.row("facts", figures, f"Catalejo, `{evaluator}`")


def tables(build: Path, peers: Peers) -> dict[str, Tables]:
    measured = Measured(build, peers)
    measured.add_privacy()
    measured.add_texts()
    measured.add_usual()
    measured.add_facts()
    return measured.made


def kind_row(language: str, evaluator: str, kind: str, what: str, rate: Rate) -> str:
    return f"| `{evaluator}` | {say(language, kind)} | {rate.of} | {say(language, what)} | {rate} |"


def with_tables(text: str, made: Tables) -> str:
    """A page with these tables between its marks."""
    for name, lines in made.items():
        mark = re.compile(rf"<!-- figures: {name} -->\n.*?<!-- end -->\n", re.DOTALL)
        if len(mark.findall(text)) != 1:
            raise SystemExit(f'a page has no place, or several, for the figures "{name}"')
        before, after = mark.split(text)
        body = "\n".join(lines)
        text = f"{before}<!-- figures: {name} -->\n{body}\n<!-- end -->\n{after}"
    return text


def kept_peers() -> Peers:
    return {name: Figures(*counts) for name, counts in json.loads(PEERS.read_text()).items()}


def stale_pages(made: dict[str, Tables], write: bool = False) -> list[Path]:
    """The pages that tell other figures than those measured; `write` mends them."""
    stale = []
    for language, lines in made.items():
        place = page(language)
        mended = with_tables(place.read_text(), lines)
        if mended == place.read_text():
            continue
        stale.append(place)
        if write:
            place.write_text(mended)
    return stale


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--build", type=Path, default=ROOT / "build" / "release")
    arguments.add_argument("--check", action="store_true")
    for peer in ("--presidio", "--gitleaks", "--openlit", "--llm-guard"):
        arguments.add_argument(peer, type=Path)
    given = arguments.parse_args()
    peers = peers_of(given)
    if not given.check:
        counts = {name: list(dataclasses.astuple(figures)) for name, figures in peers.items()}
        lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(of)}" for name, of in counts.items())
        PEERS.write_text("{\n" + lines + "\n}\n")
    stale = stale_pages(tables(given.build, peers), write=not given.check)
    for place in stale:
        print(f"{place.relative_to(ROOT)}: " + ("stale" if given.check else "written anew"))
    if given.check and stale:
        sys.exit(1)
    if not stale:
        print("the pages tell what was measured")


if __name__ == "__main__":
    main()
