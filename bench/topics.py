#!/usr/bin/env python3
"""Measures the topics of inputs: how well they fit labels, and how long they take.

Usage: bench/topics.py [--clinc data_full.json] [--build build/release]

Without a file: sentences put together here from fragments, in English and Spanish. They are easier
than what people write, for each topic has only some words. `--clinc` takes the file of that name of
github.com/clinc/oos-eval (CC BY 3.0), 150 intents as people wrote them, with 1 200 queries that are
about something else; of it some intents are picked with a fixed seed. Prints a Markdown table.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
Line = tuple[str, str]  # label, text

OPENINGS = ["Hi,", "Hello,", "Please,", "Quick question:", "Hola,", "Buenas,", "Una duda:", ""]
THANKS = ["thanks", "as soon as possible", "gracias", "lo antes posible", "", "", ""]
# What is asked, about what, and why: of each topic any combination.
FRAGMENTS: dict[str, tuple[list[str], list[str], list[str]]] = {
    "order": (
        ["where is", "track", "when will I get", "I am still waiting for"],
        ["my order", "the parcel", "the package I ordered"],
        ["the courier shows nothing", "it was due yesterday", "the tracking number is dead"],
    ),
    "refund": (
        ["I want a refund for", "give me back the money for", "how do I return"],
        ["the shoes I bought", "a broken lamp", "the wrong size"],
        ["the refund never came", "I have the receipt", "I was charged twice"],
    ),
    "password": (
        ["I forgot", "reset", "I cannot change"],
        ["my password", "the password of my account", "my login"],
        ["the link expired", "it says my account is locked", "no mail arrives"],
    ),
    "invoice": (
        ["send me", "correct", "I need a copy of"],
        ["the invoice", "my last bill", "the invoice of March"],
        ["the VAT number is wrong", "for my accountant", "with the company address"],
    ),
    "translate": (
        ["translate", "put into French", "write in German"],
        ["this letter", "the following paragraph", "the sentence below"],
        ["keep the tone formal", "keep the names", "as a native would"],
    ),
    "code": (
        ["write a Python function that parses", "fix the bug in", "add unit tests for"],
        ["this script", "the JSON parser", "a CSV reader"],
        ["it raises an exception", "with type hints", "the loop never ends"],
    ),
    "suscripción": (
        ["quiero cancelar", "cómo doy de baja", "anula"],
        ["mi suscripción", "la suscripción anual", "mi plan"],
        ["antes de la renovación", "no quiero pagar otro mes", "que no se renueve sola"],
    ),
    "cita": (
        ["quiero pedir", "necesito cambiar", "cancela"],
        ["una cita con el médico", "la cita del dentista", "mi consulta del jueves"],
        ["por la tarde", "para la semana que viene", "en otra clínica"],
    ),
    "viaje": (
        ["búscame", "reserva", "cuánto cuesta"],
        ["un vuelo a Lisboa", "un hotel en Oporto", "un billete de tren a Sevilla"],
        ["con salida el viernes", "para dos personas", "que incluya equipaje"],
    ),
    "receta": (
        ["dame una receta de", "cómo se prepara", "qué ingredientes lleva"],
        ["una paella", "el gazpacho", "una tortilla de patatas"],
        ["sin gluten", "para cuatro comensales", "que se haga en media hora"],
    ),
    "seguro": (
        ["qué cubre", "quiero dar un parte de", "renueva"],
        ["el seguro del coche", "mi póliza de hogar", "el seguro de viaje"],
        ["tuve un accidente", "se rompió una tubería", "me robaron la maleta"],
    ),
    "resumen": (
        ["resume", "hazme un resumen de", "saca las ideas principales de"],
        ["este artículo", "el acta de la reunión", "el informe adjunto"],
        ["en cinco puntos", "para la dirección", "en menos de cien palabras"],
    ),
}
SYLLABLES = ["ka", "lo", "mi", "tre", "sun", "ver", "do", "pla", "qui", "zor", "ne", "bal"]


def made(count: int, seed: int = 1) -> Iterator[Line]:
    chance = random.Random(seed)
    topics = list(FRAGMENTS)
    for _ in range(count):
        if chance.random() < 0.04:
            words = ("".join(chance.choices(SYLLABLES, k=3)) for _ in range(7))
            yield "-", " ".join(words)
            continue
        topic = chance.choice(topics)
        asks, what, why = map(chance.choice, FRAGMENTS[topic])
        parts = [chance.choice(OPENINGS), asks, what, str(chance.randrange(10**6)) + ",", why]
        yield topic, " ".join([*parts, chance.choice(THANKS)]).strip()


def clinc(path: Path, intents: int, limit: int) -> list[Line]:
    data = json.loads(path.read_text())
    rows = [(label, text) for part in ("train", "val", "test") for text, label in data[part]]
    strays = [text for part in ("oos_train", "oos_val", "oos_test") for text, _ in data[part]]
    chance = random.Random(3)
    picked = set(chance.sample(sorted({label for label, _ in rows}), intents))
    lines = [line for line in rows if line[0] in picked]
    lines += [("-", text) for text in chance.sample(strays, min(len(strays), len(lines) // 20))]
    chance.shuffle(lines)
    return lines[:limit]


def measure(program: Path, name: str, lines: list[Line]) -> str:
    text = "".join(f"{label}\t{text}\n" for label, text in lines)
    done = subprocess.run([program], input=text, capture_output=True, text=True, check=True)
    seen = json.loads(done.stdout)
    columns = [
        name, f"{seen['texts']:,}", str(seen["labels"]), str(seen["topics"]),
        f"{seen['nmi']:.2f}", f"{seen['purity']:.2f}", f"{seen['strays_left_out']:.0%}",
        f"{seen['labelled_left_out']:.0%}", f"{seen['seconds']:.2f} s",
    ]  # fmt: skip
    return f"| {' | '.join(columns)} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clinc", type=Path)
    parser.add_argument("--build", type=Path, default=ROOT / "build/release")
    options = parser.parse_args()
    program = options.build / "bench/topics-quality"
    columns = ["set", "texts", "labels", "topics", "NMI", "purity", "strays left out"]
    columns += ["others left out", "time"]
    print(f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}")
    for count in (1_000, 20_000):
        print(measure(program, "made", list(made(count))))
    if options.clinc:
        for intents, limit in ((12, 20_000), (30, 20_000), (150, 1_000), (150, 20_000)):
            lines = clinc(options.clinc, intents, limit)
            print(measure(program, f"CLINC150, {intents} intents", lines))


if __name__ == "__main__":
    main()
