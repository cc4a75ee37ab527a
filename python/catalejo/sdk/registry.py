"""Requests to what the server keeps for applications: prompts, datasets, experiments.

They go where the spans go: to the intake when agentless, otherwise through the agent. Unlike spans
they are asked for, so what goes wrong is raised. What a request needs is imported by the first."""

from __future__ import annotations

from typing import Any

from catalejo.settings import Settings
from catalejo.span import runtime

ROOT = "/api/unstable/llm-obs/v1"
PROXY = "/evp_proxy/v2"
# What a Datadog agent between us and the server wants to know of a request.
PROXY_HEADERS = {"X-Datadog-EVP-Subdomain": "api", "X-Datadog-NeedsAppKey": "true"}
BODY_BYTES_MAX = 64 << 20


class RegistryError(ValueError):
    """The server refused, with its own words; status 0: it could not be reached."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status


def _detail(body: bytes) -> str:
    import json

    try:
        return str(json.loads(body)["errors"][0]["detail"])
    except (ValueError, KeyError, IndexError, TypeError):
        return body[:200].decode("utf-8", "replace")


def _target(settings: Settings) -> tuple[str, str]:
    """The origin, and what stands before every path."""
    if settings.override_origin:
        return settings.override_origin, ""
    if settings.agentless:
        return f"https://api.{settings.site or 'datadoghq.com'}", ""
    return settings.agent_url, PROXY


def request(
    method: str,
    path: str,
    body: Any = None,
    query: Any = None,
    timeout_s: float = 0.0,
) -> Any:
    """The answer's JSON. RegistryError when there is none. `query`: a dict, or a list of pairs;
    `timeout_s`: for what takes longer than a span to be taken."""
    import http.client
    import json
    from urllib.parse import urlencode

    from catalejo import probe

    settings = runtime.settings if runtime.enabled else Settings.from_environment()
    origin, prefix = _target(settings)
    headers = {"Content-Type": "application/json", **(PROXY_HEADERS if prefix else {})}
    if settings.api_key:
        headers["DD-API-KEY"] = settings.api_key
    if query:
        path += "?" + urlencode(query)
    try:
        status, answer = probe.exchange(
            method, origin, prefix + path, max(settings.timeout_ms / 1000, 1, timeout_s), headers,
            settings.ca_file, None if body is None else json.dumps(body).encode(), BODY_BYTES_MAX,
        )  # fmt: skip
    except (OSError, http.client.HTTPException) as error:
        raise RegistryError(0, f"{origin} could not be reached: {error}") from error
    if not 200 <= status < 300:
        raise RegistryError(status, f"{status}: {_detail(answer)}")
    try:
        return json.loads(answer) if answer else {}
    except ValueError as error:
        raise RegistryError(status, "the answer is no JSON") from error


def attributes(kind: str, **given: Any) -> dict[str, Any]:
    """A body as JSON:API has it."""
    return {"data": {"type": kind, "attributes": given}}


def escaped(text: str) -> str:
    from urllib.parse import quote

    return quote(text, safe="")
