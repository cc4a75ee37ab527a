"""What the fake model says, and how many tokens that is. The same prompt gets the same answer."""

from __future__ import annotations

import functools
import hashlib
import json
import random
import re
from typing import Any

TOKEN = re.compile(r"\w{1,6}|[^\w\s]")

ANSWERS_EN = (
    "A spyglass is a small telescope: two lenses in a tube that draw far things near.",
    "The invoice is due on the 14th. I have sent a copy to the address on file. ✅",
    "Restart the router, wait thirty seconds, then try again. If the light stays red, call us.",
    "Three points stand out:\n1. costs fell by 4 %\n2. delays rose\n3. nobody was surprised",
    "Your order left the warehouse this morning and should arrive on Thursday. 📦",
)
ANSWERS_ES = (
    "Un catalejo es un telescopio pequeño: dos lentes en un tubo que acercan lo lejano.",
    "La factura vence el día 14. He enviado una copia a la dirección registrada. ✅",
    "Reinicie el rúter, espere treinta segundos y vuelva a probar. ¿Sigue en rojo? Llámenos.",
    "El señor Muñoz pidió la devolución el lunes; el reembolso tarda cinco días. 🇪🇸",
    "Su pedido salió esta mañana del almacén y debería llegar el jueves. 📦",
)
SPANISH = re.compile(r"[¿¡áéíóúñ]|\b(que|cómo|dónde|una?|los|las|del|por|hola|mi)\b", re.IGNORECASE)


def count_tokens(text: str) -> int:
    """An approximation that is stable: the real tokeniser is not needed to test a tracer."""
    return len(TOKEN.findall(text))


def digest_of(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def text_of(content: Any) -> str:
    """The text of a message's content, which is a string or a list of parts."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        parts = [part.get("text", "") for part in content if isinstance(part, dict)]
        return "\n".join(part for part in parts if part)
    return ""


def repeated(prompt: str) -> str | None:
    """What the model is asked to say word for word."""
    asked = re.search(r"say exactly: (.*)", prompt, re.DOTALL)
    return asked[1] if asked else None


def answer_to(prompt: str, choice: int = 0) -> str:
    asked = repeated(prompt)
    if asked is not None:
        return asked
    answers = ANSWERS_ES if SPANISH.search(prompt) else ANSWERS_EN
    return answers[(int(digest_of(prompt), 16) + choice) % len(answers)]


def pieces(text: str) -> list[str]:
    """As a stream would carry it: words with the blank before them."""
    return re.findall(r"\s*\S+|\s+$", text)


@functools.lru_cache(maxsize=4096)
def _direction_of(word: str, size: int) -> list[float]:
    chance = random.Random(word)
    return [chance.uniform(-1, 1) for _ in range(size)]


def embedding_of(text: str, size: int) -> list[float]:
    """Texts that share words are near to each other, as far as words can tell."""
    words = re.findall(r"[^\W\d_]{3,}", text.lower()) or [text]
    raw = [sum(parts) for parts in zip(*(_direction_of(word, size) for word in words))]
    norm = sum(value * value for value in raw) ** 0.5
    return [round(value / norm, 8) for value in raw]
