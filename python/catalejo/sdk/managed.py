"""A prompt that LLMObs.get_prompt gave: filled in, and annotated to model calls."""

from __future__ import annotations

import re
from typing import Any, Dict, List, Union

_HOLE = re.compile(r"\{\{\s*(\w+)\s*\}\}|\{\s*(\w+)\s*\}")

Rendered = Union[str, List[Dict[str, Any]]]


def _filled(text: str, variables: dict[str, Any]) -> str:
    """{{name}} and {name} replaced by variables; those that have none stay as they are."""

    def value(match: re.Match[str]) -> str:
        name = match.group(1) or match.group(2)
        return str(variables[name]) if name in variables else match.group(0)

    return _HOLE.sub(value, text)


class ManagedPrompt:
    """`format(**variables)` fills the template in, `to_annotation_dict` describes it."""

    def __init__(
        self, id: str, version: str, template: Any, config: dict[str, Any] | None = None,
        label: str | None = None, source: str = "fallback", uuid: str | None = None,
        version_uuid: str | None = None,
    ) -> None:  # fmt: skip
        self.id = id
        self.version = version
        self.label = label
        self.source = source
        self.template = template
        self.config = dict(config or {})
        self.uuid = uuid
        self.version_uuid = version_uuid

    def sourced(self, source: str) -> ManagedPrompt:
        """The same, said to come from elsewhere."""
        return ManagedPrompt(
            self.id, self.version, self.template, self.config, self.label, source, self.uuid,
            self.version_uuid,
        )  # fmt: skip

    @staticmethod
    def from_fallback(prompt_id: str, fallback: Any) -> ManagedPrompt:
        """Of a text, a list of messages, a Prompt, or what a function returns of these."""
        value = fallback() if callable(fallback) else fallback
        if not isinstance(value, dict):
            return ManagedPrompt(prompt_id, "fallback", value)
        template = value.get("template") or value.get("chat_template") or ""
        version = value.get("version") or "fallback"
        return ManagedPrompt(prompt_id, version, template, value.get("config"))

    def format(self, **variables: Any) -> Rendered:
        if isinstance(self.template, str):
            return _filled(self.template, variables)
        messages: list[dict[str, Any]] = []
        for item in self.template:
            if item.get("type") == "placeholder":
                messages.extend(variables.get(item.get("name"), []))
            else:
                content = item.get("content", "")
                messages.append({**item, "content": _filled(content, variables)})
        return messages

    def to_annotation_dict(self, **variables: Any) -> dict[str, Any]:
        """What annotate(prompt=...) and annotation_context(prompt=...) take."""
        described: dict[str, Any] = {"id": self.id, "version": self.version}
        is_text = isinstance(self.template, str)
        described["template" if is_text else "chat_template"] = self.template
        holes = set() if is_text else {item.get("name") for item in self.template}
        scalars = {name: value for name, value in variables.items() if name not in holes - {None}}
        if scalars:
            described["variables"] = scalars
        for name, value in (
            ("label", self.label), ("prompt_uuid", self.uuid),
            ("prompt_version_uuid", self.version_uuid),
        ):  # fmt: skip
            if value:
                described[name] = value
        return described
