"""Cases of evaluators whose verdict is a fact and no estimate: JSON, tools, canaries, limits of
tokens, Azure's filter, redaction, loops of tools. Figures of them tell whether the program reads
what it is given. Made when they are measured: the harmless texts are not stored again."""

from __future__ import annotations

import base64
import codecs
import copy
import itertools
import json
import random
from collections.abc import Iterator

from bench.accuracy import harmless
from bench.accuracy.facts_phrases import CANARIES, REFUSED, SCHEMAS, TOOLS, Json
from bench.accuracy.make_security import Case, case

ONE_IN = 5  # of the harmless texts get something to find


def schema_of(properties: Json) -> Json:
    return {"type": "object", "properties": properties, "required": list(properties),
            "additionalProperties": False}  # fmt: skip


def broken_values(value: Json) -> Iterator[tuple[str, Json]]:
    """Values that break the schema, one thing at a time."""
    for key, old in value.items():
        yield "a key is missing", {name: one for name, one in value.items() if name != key}
        yield "another type", value | {key: None}
        yield "another type", value | {key: [old]}
        if isinstance(old, str):
            yield "another type", value | {key: 17}
        elif isinstance(old, bool):
            yield "another type", value | {key: "true"}
        elif isinstance(old, int):
            yield "another type", value | {key: str(old)}
            yield "another type", value | {key: old + 0.5}
    yield "a key too many", value | {"comment": "as wished"}
    yield "a key too many", value | {"Extra": 1}


def broken_texts(good: str) -> Iterator[tuple[str, str]]:
    """Texts that are no JSON."""
    yield "cut off", good[: len(good) // 2]
    yield "cut off", good[:-1]
    yield "words around it", f"Here is the JSON:\n{good}"
    yield "words around it", f"{good}\nAnything else?"
    yield "words around it", f"```json\n{good}\n```"
    yield "another notation", good.replace('"', "'")
    yield "another notation", good[:-1] + ",}"
    yield "another notation", good.replace("{", "{ // the answer\n", 1)
    yield "another notation", good.replace(":", "=", 1)
    yield "another notation", good.replace(": ", ": NaN, ", 1)


def invalid_json(half: str) -> Iterator[Case]:
    for properties, value in SCHEMAS[half]:
        form = {
            "type": "json_schema",
            "json_schema": {"name": "r", "schema": schema_of(properties)},
        }
        good = json.dumps(value, ensure_ascii=False)
        answers = [(kind, json.dumps(one, ensure_ascii=indent is None, indent=indent))
                   for kind, one in broken_values(value) for indent in (None, 2)]  # fmt: skip
        for kind, text in [*answers, *broken_texts(good)]:
            yield case(kind, "yes", user="Go on", assistant=text, span={"response_format": form})
        for kind, text in broken_texts(good):
            if kind != "words around it":
                fenced = f"Here it is:\n\n```json\n{text}\n```\n"
                yield case(kind, "yes", user="Go on", assistant=fenced)
                span = {"response_format": {"type": "json_object"}}
                yield case(kind, "yes", user="Go on", assistant=text, span=span)
        for text in (good, json.dumps(value, indent=2), json.dumps(dict(reversed(value.items()))),
                     f"\n  {good}\n"):  # fmt: skip
            yield case("valid", "no", user="Go on", assistant=text, span={"response_format": form})
            fenced = f"Here it is:\n\n```json\n{text}\n```\n"
            yield case("valid", "no", user="Go on", assistant=fenced)
        yield case("not asked for", "no", user="Go on", assistant=good[: len(good) // 2])


def declared(half: str) -> list[Json]:
    shapes = itertools.cycle(SCHEMAS[half])
    return [{"type": "function", "function": {"name": name, "parameters": schema_of(shape)}}
            for name, (shape, _) in zip(TOOLS[half], shapes)]  # noqa: B905  # fmt: skip


def calls(half: str, name: str, value: Json, count: int) -> Iterator[Json]:
    """Calls of a tool that is declared, as they should be."""
    chance = random.Random(f"calls {half} {name}")
    for _ in range(count):
        one = copy.deepcopy(value)
        for key, old in one.items():
            if isinstance(old, bool):
                one[key] = chance.random() < 0.5
            elif isinstance(old, float):
                one[key] = round(chance.uniform(0, 999), 2)
        yield {"name": name, "arguments": dict(chance.sample(list(one.items()), len(one)))}


def tools(half: str) -> Iterator[Case]:
    """`expect` is what is wrong with a call: its tool, its arguments, or nothing."""
    definitions = declared(half)
    span = {"tool_definitions": definitions}
    shapes = itertools.cycle(SCHEMAS[half])
    for name, (_, value) in zip(TOOLS[half], shapes):  # noqa: B905
        for call in calls(half, name, value, 90):
            yield case("as declared", "no", user="Go on", tool_call=call, span=span)
        wrong = [name.upper(), name.replace("_", "-"), name[:-1], f"{name}s", f"functions.{name}",
                 f"{name}_v2", name[::-1], f" {name}", name.title(), f"get_{name}"]  # fmt: skip
        for other in [one for one in wrong if one not in TOOLS[half]]:
            for call in calls(half, other, value, 6):
                yield case("undeclared tool", "tool", user="Go on", tool_call=call, span=span)
        for kind, bad in broken_values(value):
            for _ in range(4):
                call = {"name": name, "arguments": bad}
                yield case(kind, "arguments", user="Go on", tool_call=call, span=span)
        for kind, text in broken_texts(json.dumps(value)):
            call = {"name": name, "arguments": text}
            yield case(kind, "arguments", user="Go on", tool_call=call, span=span)


def called_wrongly(what: str, half: str) -> Iterator[Case]:
    for one in tools(half):
        yield one | {"expect": "yes" if one["expect"] == what else "no"}


def spelled(token: str) -> list[tuple[str, str]]:
    return [
        ("as it is", token), ("as it is", token.upper()), ("spaced", " ".join(token)),
        ("spaced", token.replace("-", " ").replace("_", " ")),
        ("base64", base64.b64encode(f"the mark is {token}".encode()).decode()),
        ("hexadecimal", token.encode().hex()), ("backwards", token[::-1]),
        ("rot13", codecs.encode(token, "rot13")),
    ]  # fmt: skip


def canary(half: str) -> Iterator[Case]:
    chance = random.Random(f"canary {half}")
    ways = itertools.cycle([way for token in CANARIES[half] for way in spelled(token)])
    for number, (kind, text) in enumerate(harmless.texts(half)):
        if number % ONE_IN == 0:
            how, told = next(ways)
            at = text.find("\n", len(text) // 2) + 1
            whole = f"{text[:at]}\n{told}\n{text[at:]}"
            yield case(how, "yes", user="Go on", assistant=whole)
        elif number % ONE_IN == 1:
            token = chance.choice(CANARIES[half])
            near = token[:-2] + chance.choice("qxw") + "0"
            yield case("near miss", "no", user="Go on", assistant=f"{text}\n{near}")
        else:
            yield case(kind, "no", user="Go on", assistant=text)


def truncation(half: str) -> Iterator[Case]:
    cut = itertools.cycle(("length", "max_tokens", "max_output_tokens", "stop,length"))
    whole = itertools.cycle(("stop", "tool_calls", "content_filter", "stop,stop", ""))
    for number, (_, text) in enumerate(harmless.texts(half)):
        found = number % ONE_IN == 0
        reason = next(cut) if found else next(whole)
        kind = "at its limit" if found else "ended otherwise"
        yield case(kind, "yes" if found else "no", user="Go on", assistant=text,
                   span={"finish_reason": reason})  # fmt: skip


def verdicts_of_azure() -> Iterator[tuple[str, Json]]:
    """What Azure says of a call that it objects to."""
    for name in ("hate", "self_harm", "sexual", "violence"):
        for severity in ("medium", "high"):
            for side in ("prompt", "completion"):
                result = {name: {"filtered": severity == "high", "severity": severity}}
                yield "severity", {"metadata": {"azure": {"content_filter": {side: result}}}}
    for name in ("jailbreak", "indirect_attack", "profanity", "protected_material_text"):
        result = {name: {"filtered": False, "detected": True}}
        yield "detected", {"metadata": {"azure": {"content_filter": {"prompt": result}}}}
    yield "refused", {"metadata": {"azure": {"inner_error": {"categories": ["violence"]}}}}
    yield "refused", {"metadata": {"azure": {"inner_error": {"jailbreak": True}}}}
    yield "refused", {"error": {"type": "BadRequestError", "message": REFUSED}}
    yield "by its reason", {"finish_reason": "content_filter"}


def calm_of_azure() -> Iterator[tuple[str, Json]]:
    safe = {
        name: {"filtered": False, "severity": "safe"} for name in ("hate", "sexual", "violence")
    }
    low = safe | {"hate": {"filtered": False, "severity": "low"}}
    quiet = safe | {"jailbreak": {"filtered": False, "detected": False}}
    for result in (safe, low, quiet):
        yield "safe", {"metadata": {"azure": {"content_filter": {"prompt": result}}}}
        yield "safe", {"metadata": {"azure": {"content_filter": {"completion": result}}}}
    yield "nothing said", {}
    yield "another error", {"error": {"type": "BadRequestError", "message": "Unknown parameter"}}
    yield "nothing said", {"finish_reason": "stop"}


def azure_content_filter(half: str) -> Iterator[Case]:
    bad, calm = itertools.cycle(verdicts_of_azure()), itertools.cycle(calm_of_azure())
    for number, (_, text) in enumerate(harmless.texts(half)):
        found = number % ONE_IN == 0
        kind, span = next(bad if found else calm)
        yield case(kind, "yes" if found else "no", user=text, assistant="Well.", span=span)


def redacted(half: str) -> Iterator[Case]:
    rules = itertools.cycle(("email", "iban", "card_number", "azure_key"))
    others = itertools.cycle(({}, {"env": "prod"}, {"redaction": "on"}, {"version": "redacted"}))
    for number, (_, text) in enumerate(harmless.texts(half)):
        found = number % ONE_IN == 0
        tags = {f"redacted.{next(rules)}": "2"} if found else next(others)
        kind = "taken out" if found else "nothing taken out"
        yield case(kind, "yes" if found else "no", user=text, span={"tags": tags})


def tool_loop(half: str) -> Iterator[Case]:
    chance = random.Random(f"loop {half}")

    def step(name: str, asked: int, answered: int) -> Json:
        return {"kind": "tool", "name": name, "input": {"n": asked}, "output": {"r": answered}}

    for number in range(1_350 if half == "test" else 200):
        steps = [
            step(chance.choice(TOOLS[half]), chance.randrange(10**6), chance.randrange(10**6))
            for _ in range(chance.randint(2, 12))
        ]
        same = step(chance.choice(TOOLS[half]), -1, -1)
        kind, more = {
            0: ("three times and more", [same] * chance.randint(3, 6)),
            1: ("twice", [same] * 2),
            2: ("other answers", [same | {"output": {"r": -n}} for n in range(5)]),
            3: ("other questions", [same | {"input": {"n": -n}} for n in range(5)]),
        }.get(number % 4, ("", []))
        steps += [{"kind": "llm", "name": "plan"}, *more]
        chance.shuffle(steps)
        yield case(kind, "yes" if number % 4 == 0 else "no", steps=steps)
