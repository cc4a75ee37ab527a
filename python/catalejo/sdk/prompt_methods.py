"""The methods of LLMObs about the registry of prompts."""

from __future__ import annotations

from typing import Any

from catalejo.sdk import prompt_registry
from catalejo.sdk.managed import ManagedPrompt


class PromptMethods:
    """RegistryError, a ValueError, says why a change was refused."""

    @classmethod
    def get_prompt(
        cls,
        prompt_id: str,
        *,
        version: int | None = None,
        label: str | None = None,
        fallback: Any = None,
        targeting_key: str | None = None,
        **attributes: Any,
    ) -> ManagedPrompt:
        """The version of this number or label; otherwise what is deployed in DD_ENV, or without
        one the newest. The fallback (a text, messages, a Prompt, or what gives one) when there is
        none; ValueError without one. `targeting_key` and attributes choose nothing here."""
        return prompt_registry.get(prompt_id, version, label, fallback)

    @classmethod
    def clear_prompt_cache(cls, hot: bool = True, warm: bool = True) -> None:
        """Prompts are kept in memory only, for DD_LLMOBS_PROMPTS_CACHE_TTL seconds."""
        if hot:
            prompt_registry.clear()

    @classmethod
    def refresh_prompt(cls, prompt_id: str, label: str | None = None) -> ManagedPrompt | None:
        return prompt_registry.refresh(prompt_id, label)

    @classmethod
    def create_prompt(
        cls,
        prompt_id: str,
        template: Any,
        *,
        title: str = "",
        description: str = "",
        user_version: str = "",
        labels: list[str] | None = None,
        env_ids: list[str] | None = None,
        config: dict[str, Any] | None = None,
    ) -> Any:
        return prompt_registry.change(
            "POST", None, prompt_id=prompt_id, template=template, title=title,
            description=description, user_version=user_version, labels=labels, env_ids=env_ids,
            config=config,
        )  # fmt: skip

    @classmethod
    def create_prompt_version(
        cls,
        prompt_id: str,
        template: Any,
        *,
        description: str = "",
        user_version: str = "",
        labels: list[str] | None = None,
        env_ids: list[str] | None = None,
        config: dict[str, Any] | None = None,
    ) -> Any:
        return prompt_registry.change(
            "POST", prompt_id, "/versions", template=template, description=description,
            user_version=user_version, labels=labels, env_ids=env_ids, config=config,
        )  # fmt: skip

    @classmethod
    def update_prompt(
        cls, prompt_id: str, *, title: str | None = None, description: str | None = None
    ) -> Any:
        return prompt_registry.change("PATCH", prompt_id, title=title, description=description)

    @classmethod
    def update_prompt_version(
        cls,
        prompt_id: str,
        version: int,
        *,
        labels: list[str] | None = None,
        description: str | None = None,
        env_ids: list[str] | None = None,
    ) -> Any:
        """`labels` are all that the version has from then on; other versions lose them."""
        return prompt_registry.change(
            "PATCH", prompt_id, f"/versions/{version}", labels=labels, description=description,
            env_ids=env_ids,
        )  # fmt: skip

    @classmethod
    def delete_prompt(cls, prompt_id: str) -> Any:
        return prompt_registry.change("DELETE", prompt_id)

    @classmethod
    def list_prompts(cls) -> Any:
        return prompt_registry.change("GET", None)

    @classmethod
    def list_prompt_versions(cls, prompt_id: str) -> Any:
        return prompt_registry.change("GET", prompt_id, "/versions")
