"""An Azure OpenAI for judges, of which one deployment is away, and a server that knows it."""

from __future__ import annotations

from collections.abc import Iterator

from demo.azure.server import KEY, Azure
from demo.azure.server import start as start_azure

DEPLOYMENTS = "chat-prod, gpt-4o"


def azure_with_one_away() -> Iterator[Azure]:
    server = start_azure(faults={"gpt-4o": "500"})
    yield server
    server.shutdown()
    server.server_close()


def judge_settings(azure: Azure) -> dict[str, str]:
    return {
        "CATALEJO_JUDGE_ENDPOINT": azure.url(),
        "CATALEJO_JUDGE_DEPLOYMENTS": DEPLOYMENTS,
        "CATALEJO_JUDGE_KEY": KEY,
    }
