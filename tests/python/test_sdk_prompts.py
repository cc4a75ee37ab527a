"""What is kept of the registry of prompts, and what is given out while it cannot be asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from catalejo.sdk import prompt_registry, registry
from catalejo.sdk.llmobs import LLMObs


class Registry:
    """Answers as the server does; counts what it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.version = 1
        self.refusal: registry.RegistryError | None = None

    def request(self, method: str, path: str, body: Any = None, query: Any = None) -> Any:
        self.asked.append(path)
        if self.refusal:
            raise self.refusal
        return {"prompt_id": "p", "version": str(self.version), "template": f"v{self.version}"}


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    answering = Registry()
    monkeypatch.setattr(registry, "request", answering.request)
    # In the test's own thread, so that nothing is waited for.
    monkeypatch.setattr(threading, "Thread", AtOnce)
    prompt_registry.clear()
    yield answering
    prompt_registry.clear()


class AtOnce:
    def __init__(self, target: Any, args: Any, daemon: bool) -> None:
        self.run: Callable[[], object] = lambda: target(*args)

    def start(self) -> None:
        self.run()


def test_what_was_asked_for_is_kept_by_what_was_asked(answers: Registry) -> None:
    assert LLMObs.get_prompt("p", label="a").source == "registry"
    assert LLMObs.get_prompt("p", label="a").source == "cache"
    LLMObs.get_prompt("p", label="b")
    LLMObs.get_prompt("p", version=1)
    assert len(answers.asked) == 3
    LLMObs.clear_prompt_cache()
    LLMObs.get_prompt("p", label="a")
    assert len(answers.asked) == 4


def test_an_old_one_is_given_out_and_asked_for_anew(
    answers: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    LLMObs.get_prompt("p", label="a")
    answers.version = 2
    monkeypatch.setattr(prompt_registry, "_ttl", lambda: 1e-9)
    assert LLMObs.get_prompt("p", label="a").template == "v1"
    monkeypatch.setattr(prompt_registry, "_ttl", lambda: 60.0)
    assert LLMObs.get_prompt("p", label="a").template == "v2"
    answers.refusal = registry.RegistryError(0, "away")
    monkeypatch.setattr(prompt_registry, "_ttl", lambda: 1e-9)
    assert LLMObs.get_prompt("p", label="a").template == "v2"
    assert LLMObs.get_prompt("p", label="a").template == "v2", "kept while nobody answers"
    answers.refusal = registry.RegistryError(404, "gone")
    LLMObs.get_prompt("p", label="a")
    with pytest.raises(ValueError, match="gone"):
        LLMObs.get_prompt("p", label="a")


def test_a_fallback_is_not_kept(answers: Registry) -> None:
    answers.refusal = registry.RegistryError(0, "away")
    assert LLMObs.get_prompt("p", fallback=lambda: "Hi {{name}}").format(name="Ana") == "Hi Ana"
    with pytest.raises(ValueError, match="away"):
        LLMObs.get_prompt("p")
    answers.refusal = None
    assert LLMObs.get_prompt("p", fallback="x").template == "v1"


def test_nothing_is_kept_when_that_is_wished(
    answers: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DD_LLMOBS_PROMPTS_CACHE_TTL", "0")
    LLMObs.get_prompt("p")
    LLMObs.get_prompt("p")
    assert len(answers.asked) == 2


def test_a_change_forgets_what_was_kept(answers: Registry) -> None:
    LLMObs.get_prompt("p", label="a")
    LLMObs.update_prompt_version("p", 1, labels=[])
    assert LLMObs.get_prompt("p", label="a").source == "registry"
