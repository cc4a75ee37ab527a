"""The registry of prompts: what `LLMObs.get_prompt` answers with, kept for a minute."""

from __future__ import annotations

import os
import time
from _thread import allocate_lock
from typing import Any

from catalejo.sdk import registry
from catalejo.sdk.log import debug
from catalejo.sdk.managed import ManagedPrompt
from catalejo.settings import names_of
from catalejo.span import runtime

PATH = registry.ROOT + "/prompts"
KEPT_MAX = 1_024
_SECONDS = 60.0

# By what was asked for: the prompt, and when it came. Old ones are given out while a thread asks.
_kept: dict[tuple[Any, ...], tuple[ManagedPrompt, float]] = {}
_asking: set[tuple[Any, ...]] = set()
_lock = allocate_lock()  # threading is for those who start one


def _ttl() -> float:
    named = (os.environ.get(name) for name in names_of("DD_LLMOBS_PROMPTS_CACHE_TTL"))
    try:
        return float(next(filter(None, named), _SECONDS))
    except ValueError:
        return _SECONDS


def _fetch(key: tuple[Any, ...]) -> ManagedPrompt:
    prompt_id, version, label, environment = key
    path = f"{PATH}/{registry.escaped(prompt_id)}"
    if version is not None:
        found = registry.request("GET", f"{path}/versions/{version}")
    elif label is not None:
        found = registry.request("GET", path, query={"label": label})
    elif environment:
        body = registry.attributes("prompt_resolve_requests", env=environment)
        found = registry.request("POST", path + "/resolve", body)
    else:
        found = registry.request("GET", path)
    if not isinstance(found, dict) or not found.get("prompt_id") or not found.get("version"):
        raise registry.RegistryError(200, "the answer has no prompt")
    return ManagedPrompt(
        found["prompt_id"], str(found.get("user_version") or found["version"]),
        found.get("template") or found.get("chat_template") or "", found.get("config"), label,
        "resolve" if environment else "registry", found.get("prompt_uuid"),
        found.get("prompt_version_uuid") or found.get("id"),
    )  # fmt: skip


def _keep(key: tuple[Any, ...], prompt: ManagedPrompt) -> None:
    with _lock:
        _kept.pop(key, None)
        _kept[key] = (prompt, time.monotonic())
        while len(_kept) > KEPT_MAX:
            del _kept[next(iter(_kept))]


def _refresh(key: tuple[Any, ...]) -> None:
    try:
        _keep(key, _fetch(key))
    except registry.RegistryError as error:
        debug(f"prompt {key[0]}: {error}; the one that was kept stays")
        if error.status == 404:
            with _lock:
                _kept.pop(key, None)
    finally:
        with _lock:
            _asking.discard(key)


def _of_cache(key: tuple[Any, ...], ttl: float) -> ManagedPrompt | None:
    with _lock:
        found = _kept.get(key)
        if found is None:
            return None
        old = time.monotonic() - found[1] > ttl and key not in _asking
        if old:
            _asking.add(key)
    if old:
        import threading

        threading.Thread(target=_refresh, args=(key,), daemon=True).start()
    return found[0].sourced("cache")


def clear(prompt_id: str | None = None) -> None:
    with _lock:
        for key in [key for key in _kept if prompt_id is None or key[0] == prompt_id]:
            del _kept[key]


def get(prompt_id: str, version: int | None, label: str | None, fallback: Any) -> ManagedPrompt:
    """By number, by label, by what is deployed in DD_ENV, or the newest: the first that is given.
    The fallback when the registry has none or cannot be asked; ValueError without one."""
    environment = "" if version is not None or label is not None else runtime.settings.env
    key = (prompt_id, version, None if version is not None else label, environment)
    ttl = _ttl()
    kept = _of_cache(key, ttl) if ttl > 0 else None
    if kept is not None:
        return kept
    try:
        prompt = _fetch(key)
    except registry.RegistryError as error:
        if fallback is None:
            raise ValueError(
                f"prompt {prompt_id!r} could not be fetched, and there is no fallback: {error}"
            ) from error
        debug(f"prompt {prompt_id}: {error}; the fallback is used")
        return ManagedPrompt.from_fallback(prompt_id, fallback)
    if ttl > 0:
        _keep(key, prompt)
    return prompt


def refresh(prompt_id: str, label: str | None) -> ManagedPrompt | None:
    """The prompt as the registry has it now, None when it has none."""
    key = (prompt_id, None, label, "" if label is not None else runtime.settings.env)
    clear(prompt_id)
    try:
        prompt = _fetch(key)
    except registry.RegistryError:
        return None
    _keep(key, prompt)
    return prompt


def change(method: str, prompt_id: str | None, path: str = "", /, **fields: Any) -> Any:
    """Without the fields that are None; what was kept of the prompt is asked for anew."""
    target = PATH if prompt_id is None else f"{PATH}/{registry.escaped(prompt_id)}{path}"
    body = {name: value for name, value in fields.items() if value is not None}
    answer = registry.request(method, target, body or None)
    if prompt_id or "prompt_id" in fields:
        clear(prompt_id or fields["prompt_id"])
    return answer
