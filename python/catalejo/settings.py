"""Settings of the tracer, from the environment: ddtrace's names, and a CATALEJO_ twin that wins.

`CATALEJO_X` is the twin of `DD_X` (and of `DD_LLMOBS_X` for what only that product has:
`CATALEJO_ML_APP` of `DD_LLMOBS_ML_APP`). Read once at start, never later.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Mapping

TRUE = frozenset(("1", "true", "yes", "on"))


def _first(env: Mapping[str, str], *names: str) -> str:
    for name in names:
        value = env.get(name, "")
        if value:
            return value
    return ""


def _twin(env: Mapping[str, str], name: str) -> str:
    """`name` without its DD_ or DD_LLMOBS_ under CATALEJO_, then `name` itself."""
    short = name[3:] if name.startswith("DD_") else name
    twins = ["CATALEJO_" + short]
    if short.startswith("LLMOBS_"):
        twins.insert(0, "CATALEJO_" + short[len("LLMOBS_"):])
    return _first(env, *twins, name)


def _flag(text: str, fallback: bool) -> bool:
    return text.strip().lower() in TRUE if text else fallback


def parse_tags(text: str) -> dict[str, str]:
    """`k:v` pairs between commas or blanks, as DD_TAGS has them."""
    tags: dict[str, str] = {}
    for part in (text.split(",") if "," in text else text.split()):
        key, colon, value = part.strip().partition(":")
        if key and colon:
            tags[key] = value
    return tags


@dataclass
class Settings:
    enabled: bool = True
    llmobs_enabled: bool = True
    ml_app: str = ""
    service: str = ""
    env: str = ""
    version: str = ""
    tags: dict[str, str] = field(default_factory=dict)
    site: str = ""
    api_key: str = ""
    agentless: bool | None = None  # None: asks the agent first, as ddtrace does
    agent_url: str = "http://localhost:8126"
    override_origin: str = ""
    sample_rate: float = 1.0
    ca_file: str = ""
    debug: bool = False
    serverless: bool = False
    spool_dir: str = ""

    @staticmethod
    def from_environment(env: Mapping[str, str] = os.environ) -> Settings:
        service = _twin(env, "DD_SERVICE")
        agentless = _twin(env, "DD_LLMOBS_AGENTLESS_ENABLED")
        return Settings(
            enabled=_flag(_twin(env, "DD_TRACE_ENABLED"), True),
            llmobs_enabled=_flag(_twin(env, "DD_LLMOBS_ENABLED"), True),
            ml_app=_twin(env, "DD_LLMOBS_ML_APP") or service,
            service=service,
            env=_twin(env, "DD_ENV"),
            version=_twin(env, "DD_VERSION"),
            tags=parse_tags(_twin(env, "DD_TAGS")),
            site=_twin(env, "DD_SITE"),
            api_key=_twin(env, "DD_API_KEY"),
            agentless=_flag(agentless, False) if agentless else None,
            agent_url=_agent_url(env),
            override_origin=_twin(env, "DD_LLMOBS_OVERRIDE_ORIGIN"),
            sample_rate=_rate(_twin(env, "DD_LLMOBS_SAMPLE_RATE")),
            ca_file=env.get("SSL_CERT_FILE", ""),
            debug=_flag(_twin(env, "DD_TRACE_DEBUG"), False),
            serverless=bool(
                env.get("FUNCTIONS_WORKER_RUNTIME") and env.get("FUNCTIONS_EXTENSION_VERSION")
            ),
            spool_dir=env.get("CATALEJO_SPOOL_DIR", ""),
        )


def _rate(text: str) -> float:
    try:
        return min(1.0, max(0.0, float(text))) if text else 1.0
    except ValueError:
        return 1.0


SOCKET = "/var/run/datadog/apm.socket"


def _agent_url(env: Mapping[str, str]) -> str:
    """DD_TRACE_AGENT_URL, else DD_AGENT_HOST and _PORT, else the socket where the agent has one."""
    url = _twin(env, "DD_TRACE_AGENT_URL")
    if url:
        return url
    host, port = _twin(env, "DD_AGENT_HOST"), _twin(env, "DD_TRACE_AGENT_PORT")
    if not host and not port and os.path.exists(SOCKET):
        return "unix://" + SOCKET
    return f"http://{host or 'localhost'}:{port or '8126'}"
