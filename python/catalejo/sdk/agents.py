"""What an application declares about its agents: a version tag and a manifest, on agent spans."""

from __future__ import annotations

from typing import Any

from catalejo.span import Span

# Settings of the model that are reported; others may hold secrets (headers, user ids).
REPORTED_SETTINGS = frozenset((
    "frequency_penalty", "logit_bias", "logprobs", "max_tokens", "parallel_tool_calls",
    "presence_penalty", "seed", "stop_sequences", "temperature", "timeout", "tool_choice", "top_k",
    "top_logprobs", "top_p",
))  # fmt: skip
_SCALARS = (str, int, float, bool)


def annotate(span: Span, agent: Any) -> None:
    """Adds what `agent` (catalejo.llmobs.Agent) declares; what has a wrong type is left out."""
    if span.kind != "agent" or not isinstance(agent, dict):
        return
    if agent.get("version"):
        span.tags["agent_version"] = str(agent["version"])
    declared = manifest(agent)
    if not declared:
        return
    reserved = span.metadata.get("_dd")
    if not isinstance(reserved, dict):
        reserved = {}
    earlier = reserved.get("agent_manifest") or {"name": span.name, "framework": "manual"}
    span.metadata["_dd"] = {**reserved, "agent_manifest": {**earlier, **declared}}


def manifest(agent: dict[str, Any]) -> dict[str, Any]:
    """Fields of the manifest that `agent` says something about."""
    made: dict[str, Any] = {}
    for key in ("name", "instructions", "model"):
        if agent.get(key) and isinstance(agent[key], str):
            made[key] = agent[key]
    settings = agent.get("model_settings")
    if isinstance(settings, dict):
        reported = {
            key: list(value) if isinstance(value, tuple) else value
            for key, value in settings.items()
            if key in REPORTED_SETTINGS and _is_flat(value)
        }
        if reported:
            made["model_settings"] = reported
    given = agent.get("tools")
    tools = [_tool(tool) for tool in given if _is_named(tool)] if isinstance(given, list) else []
    if tools:
        made["tools"] = tools
    return made


def _is_named(tool: Any) -> bool:
    return isinstance(tool, dict) and bool(tool.get("name")) and isinstance(tool["name"], str)


def _is_flat(value: Any) -> bool:
    """A scalar, a list of scalars, or a dict of numbers: what a model's settings are made of."""
    if isinstance(value, (list, tuple)):
        return bool(value) and all(isinstance(item, _SCALARS) for item in value)
    if isinstance(value, dict):
        return bool(value) and all(
            isinstance(item, (int, float)) and not isinstance(item, bool) for item in value.values()
        )
    return isinstance(value, _SCALARS) and value != ""


def _tool(tool: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {"name": tool["name"]}
    if tool.get("description") and isinstance(tool["description"], str):
        made["description"] = tool["description"]
    given = tool.get("parameters")
    parameters = _parameters(given) if isinstance(given, dict) else {}
    if parameters:
        made["parameters"] = parameters
    return made


def _parameters(given: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """{name: {"type"?, "required"?}} of such a dict, or of a JSON schema of an object."""
    described: dict[Any, Any] = given
    required: tuple[Any, ...] = ()
    listed = given.get("required")
    is_schema = given.get("type") == "object" or isinstance(listed, (list, tuple))
    if isinstance(given.get("properties"), dict) and is_schema:
        described = given["properties"]
        required = tuple(listed) if isinstance(listed, (list, tuple)) else ()
    made: dict[str, dict[str, Any]] = {}
    for name, about in described.items():
        if not isinstance(name, str):
            continue
        about = about if isinstance(about, dict) else {}
        entry: dict[str, Any] = {}
        if isinstance(about.get("type"), str):
            entry["type"] = about["type"]
        if about.get("required") is True or name in required:
            entry["required"] = True
        made[name] = entry
    return {name: entry for name, entry in made.items() if entry}
