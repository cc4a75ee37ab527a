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
from functools import partial
from pathlib import Path

from bench.accuracy import harmless, privacy, texts
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
    "direct": "directo",
    "behind a long text": "tras un texto largo",
    "in a document": "en un documento",
    "near miss": "caso parecido",
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
}


def say(language: str, words: str) -> str:
    return words if language == "en" else SPANISH[words]


def head(names: str) -> list[str]:
    return [names, "|" + "---|" * (names.count("|") - 1)]


def page(language: str) -> Path:
    return ROOT / "docs" / language / "reference" / "accuracy.md"


def peers_of(given: argparse.Namespace) -> Peers:
    """Each peer's counts, measured anew where it is at hand."""
    kept: Peers = {name: Figures(*counts) for name, counts in json.loads(PEERS.read_text()).items()}
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


def tables(build: Path, peers: Peers) -> dict[str, Tables]:
    """The lines of each table in each language."""
    made: dict[str, Tables] = {
        language: {
            "privacy": head(HEAD[language]),
            "texts": head(HEAD[language]),
            "kinds": head(KINDS_HEAD[language]),
            "shared": head(SHARED_HEAD[language]),
        }
        for language in LANGUAGES
    }

    def row(table: str, figures: Figures, name: str, note: str = "") -> None:
        for language in LANGUAGES:
            noted = f"{name}, {say(language, note)}" if note else name
            made[language][table].append(figures.row(noted))

    for half, note in (("test", ""), ("tuned", "half for tuning")):
        cases = privacy.load(half)
        for kind in ("pii", "secrets"):
            found = privacy.ours(build, cases, kind)
            figures = privacy.judge(cases, found, kind == "secrets")[0]
            row("privacy", figures, f"Catalejo, `{kind}`", note)
    row("privacy", peers["presidio"], "Presidio", "rules only")
    row("privacy", peers["gitleaks"], "gitleaks")
    after = {
        "prompt_injection": partial(row, "texts", peers["openlit"], "OpenLIT", "rules only"),
        "failure_to_answer": partial(row, "texts", peers["llm_guard"], "llm-guard, NoRefusalLight"),
    }
    for evaluator in texts.EVALUATORS:
        cases = texts.load(evaluator)
        alarms = texts.ours(build / "catalejo", evaluator, cases)
        row("texts", texts.figures_of(cases, alarms), f"Catalejo, `{evaluator}`")
        after.get(evaluator, lambda: None)()
        if evaluator.endswith("_output"):
            continue  # by the same rules on the same texts
        own, shared = texts.parted(cases, alarms)
        for kind, what, rate in texts.by_kind(*own):
            for language in LANGUAGES:
                made[language]["kinds"].append(kind_row(language, evaluator, kind, what, rate))
        if shared[0]:
            rates = {kind: rate for kind, _, rate in texts.by_kind(*shared)}
            cells = " | ".join(str(rates.get(kind, "–")) for kind in harmless.KINDS)
            for language in LANGUAGES:
                made[language]["shared"].append(f"| `{evaluator}` | {cells} |")
    return made


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


def stale_pages(build: Path, peers: Peers | None = None, write: bool = False) -> list[Path]:
    """The pages that tell other figures than those measured; `write` mends them."""
    if peers is None:
        peers = {name: Figures(*counts) for name, counts in json.loads(PEERS.read_text()).items()}
    stale = []
    for language, made in tables(build, peers).items():
        place = page(language)
        mended = with_tables(place.read_text(), made)
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
    stale = stale_pages(given.build, peers, write=not given.check)
    for place in stale:
        print(f"{place.relative_to(ROOT)}: " + ("stale" if given.check else "written anew"))
    if given.check and stale:
        sys.exit(1)
    if not stale:
        print("the pages tell what was measured")


if __name__ == "__main__":
    main()
