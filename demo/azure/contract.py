"""Shapes every operation shares: requests, answers, errors, deployments, content filters."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

REGION = "Sweden Central"
# Deployment name (what the application asks for) → model that answers. They differ on purpose.
DEPLOYMENTS: dict[str, str] = {
    "chat-prod": "gpt-4o-2024-11-20",
    "chat-mini": "gpt-4o-mini-2024-07-18",
    "gpt-4o": "gpt-4o-2024-11-20",
    "gpt-4o-mini": "gpt-4o-mini-2024-07-18",
    "gpt-4.1": "gpt-4.1-2025-04-14",
    "o4-mini": "o4-mini-2025-04-16",
    "instruct": "gpt-35-turbo-instruct",
    "gpt-35-turbo-instruct": "gpt-35-turbo-instruct",
    "embed": "text-embedding-3-small",
    "text-embedding-3-small": "text-embedding-3-small",
    "text-embedding-3-large": "text-embedding-3-large",
}
EMBEDDING_SIZES = {"text-embedding-3-small": 1536, "text-embedding-3-large": 3072}
CATEGORIES = ("hate", "self_harm", "sexual", "violence")
JAILBREAKS = ("ignore all previous instructions", "ignora todas las instrucciones anteriores")
HARMS = {"build a bomb": "violence", "fabricar una bomba": "violence", "hurt myself": "self_harm"}


@dataclass
class Request:
    """One call, its body parsed; `deployment` comes from the path or, on /v1, from the body."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Json
    deployment: str = ""
    model: str = ""
    id: str = field(default_factory=lambda: str(uuid.uuid4()))


@dataclass
class Answer:
    """A whole JSON answer, or a stream of server-sent events."""

    status: int = 200
    body: Json = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    events: Iterator[bytes] | None = None


class Refused(Exception):
    """An error answer in the form Azure gives it."""

    def __init__(self, status: int, error: Json, headers: dict[str, str] | None = None) -> None:
        super().__init__(str(error.get("message", "")))
        self.answer = Answer(status, {"error": error}, headers or {})


def safe() -> Json:
    return {category: {"filtered": False, "severity": "safe"} for category in CATEGORIES}


def prompt_filters() -> Json:
    return {**safe(), "jailbreak": {"filtered": False, "detected": False}}


def answer_filters(*, filtered: bool = False) -> Json:
    found = {
        **safe(),
        "protected_material_text": {"filtered": False, "detected": False},
        "protected_material_code": {"filtered": False, "detected": False},
    }
    if filtered:
        found["violence"] = {"filtered": True, "severity": "medium"}
    return found


def check_prompt(prompt: str) -> None:
    """The content filter on the prompt: a 400 with an inner error that names the category."""
    lowered = prompt.lower()
    filters = prompt_filters()
    if any(phrase in lowered for phrase in JAILBREAKS):
        filters["jailbreak"] = {"filtered": True, "detected": True}
    for phrase, category in HARMS.items():
        if phrase in lowered:
            filters[category] = {"filtered": True, "severity": "high"}
    if not any(result["filtered"] for result in filters.values()):
        return
    raise Refused(
        400,
        {
            "message": (
                "The response was filtered due to the prompt triggering Azure OpenAI's content "
                "management policy. Please modify your prompt and retry. To learn more about our "
                "content filtering policies please read our documentation: "
                "https://go.microsoft.com/fwlink/?linkid=2198766"
            ),
            "type": None,
            "param": "prompt",
            "code": "content_filter",
            "status": 400,
            "innererror": {
                "code": "ResponsibleAIPolicyViolation",
                "content_filter_result": filters,
            },
        },
    )


def required(body: Json, name: str) -> Any:
    if name not in body:
        raise Refused(
            400,
            {
                "message": f"Missing required parameter: '{name}'.",
                "type": "invalid_request_error",
                "param": name,
                "code": "missing_required_parameter",
            },
        )
    return body[name]
