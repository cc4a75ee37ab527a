"""What the application itself got from a call: the truth that the stored span is held against."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import openai

API_VERSION = "2024-10-21"


@dataclass
class Heard:
    """One model call as its caller saw it. `usage` is None where the answer carried none."""

    kind: str = "llm"
    texts: list[str] = field(default_factory=list)
    tools: list[dict[str, str]] = field(default_factory=list)
    model: str = ""
    finish_reason: str = ""
    usage: tuple[int, int] | None = None
    error_type: str = ""
    error_message: str = ""


class Clients:
    """The clients an application keeps; `failing` ones never retry, so that a fault is one call."""

    def __init__(self) -> None:
        self.endpoint = os.environ["AZURE_OPENAI_ENDPOINT"]
        self.key = os.environ["AZURE_OPENAI_API_KEY"]
        self.azure = self.make()
        self.failing = self.make(max_retries=0)
        self.version_one = openai.OpenAI(base_url=f"{self.endpoint}/openai/v1/", api_key=self.key)

    def make(self, **options: Any) -> Any:
        return openai.AzureOpenAI(**self.options(options))

    def make_async(self, **options: Any) -> Any:
        return openai.AsyncAzureOpenAI(**self.options(options))

    def options(self, more: dict[str, Any]) -> dict[str, Any]:
        return {
            "azure_endpoint": self.endpoint,
            "api_key": self.key,
            "api_version": API_VERSION,
            "timeout": 20,
            **more,
        }


# A scenario makes one call with a prompt that names it, so that its span can be told from others.
Scenario = Callable[[Clients, str], Heard]
SCENARIOS: dict[str, Scenario] = {}


def scenario(function: Scenario) -> Scenario:
    SCENARIOS[getattr(function, "__name__", "")] = function
    return function


def user(prompt: Any) -> list[Any]:
    return [{"role": "user", "content": prompt}]


def fault(name: str, text: str) -> dict[str, str]:
    """The header that makes the fake service fail this call."""
    return {"x-fake-azure": f"{text};key={name}-{os.getpid()}"}


def usage_of(usage: Any) -> tuple[int, int] | None:
    if usage is None:
        return None
    if hasattr(usage, "input_tokens"):
        return usage.input_tokens, usage.output_tokens
    return usage.prompt_tokens, getattr(usage, "completion_tokens", 0) or 0


def heard_chat(reply: Any) -> Heard:
    calls = [call for choice in reply.choices for call in choice.message.tool_calls or []]
    return Heard(
        texts=[choice.message.content or "" for choice in reply.choices],
        tools=[
            {"name": call.function.name, "arguments": call.function.arguments, "tool_id": call.id}
            for call in calls
        ],
        model=reply.model,
        finish_reason=",".join(choice.finish_reason for choice in reply.choices),
        usage=usage_of(reply.usage),
    )


class Parts:
    """Gathers the chunks of a streamed chat."""

    def __init__(self) -> None:
        self.heard = Heard()
        self.texts: dict[int, str] = {}

    def add(self, chunk: Any) -> None:
        self.heard.model = chunk.model or self.heard.model
        self.heard.usage = usage_of(chunk.usage) or self.heard.usage
        for choice in chunk.choices:
            text = choice.delta.content or "" if choice.delta else ""
            self.texts[choice.index] = self.texts.get(choice.index, "") + text

    def result(self) -> Heard:
        self.heard.texts = [self.texts[index] for index in sorted(self.texts)]
        return self.heard
