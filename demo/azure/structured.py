"""Structured output: an answer of the form that `response_format` asks for."""

from __future__ import annotations

import json
import re
from typing import Any

from demo.azure.contract import Json, Refused
from demo.azure.text import answer_to, digest_of, repeated

# What the model writes whatever it was asked for, as one that was steered would.
STEERED = re.compile(r"\[the model writes: (.*?) :\]", re.DOTALL)


def schema_of(body: Json) -> Json | None:
    """The schema of the answer, checked as the service checks a strict one."""
    wanted = body.get("response_format") or {}
    if wanted.get("type") != "json_schema":
        return None
    named = wanted.get("json_schema") or {}
    schema: Json = named.get("schema") or {}
    if named.get("strict"):
        check_strict(schema, str(named.get("name", "")), ())
    return schema


def check_strict(schema: Json, name: str, place: tuple[str, ...]) -> None:
    if schema.get("type") == "object":
        properties: Json = schema.get("properties") or {}
        if schema.get("additionalProperties") is not False:
            reason = "'additionalProperties' is required to be supplied and to be false."
            raise refused(name, place, reason)
        if set(schema.get("required") or []) != set(properties):
            reason = "'required' is required to be supplied and to be an array including every key."
            raise refused(name, place, reason)
        for key, value in properties.items():
            check_strict(value, name, (*place, "properties", key))
    elif schema.get("type") == "array":
        check_strict(schema.get("items") or {}, name, (*place, "items"))


def refused(name: str, place: tuple[str, ...], reason: str) -> Refused:
    message = f"Invalid schema for response_format '{name}': In context={place}, {reason}"
    return Refused(
        400,
        {
            "message": message,
            "type": "invalid_request_error",
            "param": "response_format",
            "code": None,
        },
    )


def value_of(schema: Json, prompt: str) -> Any:
    """The same for the same prompt."""
    if choices := schema.get("enum"):
        return choices[int(digest_of(prompt), 16) % len(choices)]
    kind = schema.get("type")
    if kind == "object":
        properties: Json = schema.get("properties") or {}
        return {key: value_of(value, prompt + key) for key, value in properties.items()}
    if kind == "array":
        return [value_of(schema.get("items") or {}, prompt)]
    if kind == "boolean":
        return int(digest_of(prompt), 16) % 2 == 0
    if kind == "integer":
        return 3
    if kind == "number":
        return 0.75
    return answer_to(prompt)


def content_for(body: Json, whole: str) -> str | None:
    """The content of the answer when a form is asked for; `whole` is all that was said."""
    schema = schema_of(body)
    if schema is None:
        return None
    if steered := STEERED.search(whole):
        return steered[1]
    asked = repeated(whole)
    if asked is not None:
        return asked
    return json.dumps(value_of(schema, whole), ensure_ascii=False)
