"""An Azure OpenAI for judges, playground and experiments, of which some deployments fail, each in
its own way; and the settings of a server that knows it."""

from __future__ import annotations

from collections.abc import Iterator

from demo.azure.server import KEY, Azure
from demo.azure.server import start as start_azure

DEPLOYMENTS = "chat-prod, gpt-4o"
# What each deployment of the fake meets; the names are some that it knows.
FAULTS = {
    "gpt-4o": "500",
    "gpt-4o-mini": "429;times=2",
    "gpt-4.1": "429;seconds=60",
    "o4-mini": "slow;seconds=6",
    "chat-mini": "reset",
}


def azure_with(faults: dict[str, str], latency_s: float = 0.0) -> Iterator[Azure]:
    server = start_azure(faults=faults, latency_s=latency_s)
    yield server
    server.shutdown()
    server.server_close()


def azure_with_one_away() -> Iterator[Azure]:
    yield from azure_with({"gpt-4o": "500"})


def judge_settings(azure: Azure) -> dict[str, str]:
    return {
        "CATALEJO_JUDGE_ENDPOINT": azure.url(),
        "CATALEJO_JUDGE_DEPLOYMENTS": DEPLOYMENTS,
        "CATALEJO_JUDGE_KEY": KEY,
    }


def settings_with_faults(azure: Azure, **more: str) -> dict[str, str]:
    """Of a server that knows every deployment of FAULTS, one that answers and one that is not
    there, and whose own evaluators are silent."""
    return {
        **judge_settings(azure),
        "CATALEJO_JUDGE_DEPLOYMENTS": ", ".join(["chat-prod", "missing", *FAULTS]),
        "CATALEJO_JUDGE_TIMEOUT_SECONDS": "3",
        "CATALEJO_EVALUATOR_PERCENT": "0",
        **more,
    }
