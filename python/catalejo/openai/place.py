"""Where a client's calls go, and what the answers' headers tell: Azure's side of a span."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

AZURE_HOSTS = (".openai.azure.com", ".cognitiveservices.azure.com", ".services.ai.azure.com")
# The first api-version of Azure whose chats take stream_options.
USAGE_SINCE = "2024-09-01"
ATTRIBUTE = "_catalejo_place"

NAMES = {
    b"apim-request-id": "request_id",
    b"x-ms-region": "region",
    b"x-ms-deployment-name": "deployment",
    # https://learn.microsoft.com/azure/foundry/openai/how-to/spillover-traffic-management
    b"x-ms-spillover-from-deployment": "spilled_from",
    b"x-ms-spillover-error": "spillover_status",
    b"x-request-id": "x_request_id",
    b"retry-after": "retry_after",
    b"retry-after-ms": "retry_after_ms",
    b"openai-processing-ms": "processing_ms",
    b"x-ratelimit-limit-requests": "limit_requests",
    b"x-ratelimit-limit-tokens": "limit_tokens",
    b"x-ratelimit-remaining-requests": "remaining_requests",
    b"x-ratelimit-remaining-tokens": "remaining_tokens",
    b"x-ratelimit-reset-requests": "reset_requests",
    b"x-ratelimit-reset-tokens": "reset_tokens",
}
RATE_LIMIT = frozenset(name for name in NAMES.values() if name.startswith(("lim", "rem", "res")))


KNOWN_MAX = 200
# Names of headers as they were seen on the wire → ours, or None.
known: dict[bytes, str | None] = {}


class Place:
    """What does not change between the calls of one client."""

    __slots__ = (
        "api_version",
        "azure",
        "base_url",
        "deployment",
        "prefix",
        "provider",
        "tags",
        "usage",
    )

    def __init__(self, client: Any) -> None:
        self.base_url = client._base_url
        text = str(self.base_url)
        url = text.lower()
        host = url.partition("://")[2].partition("/")[0].rpartition("@")[2].partition(":")[0]
        kinds = [kind.__name__ for kind in type(client).__mro__]
        self.azure = "azure" in url or "BaseAzureClient" in kinds
        if self.azure:
            self.provider, self.prefix = "azure_openai", "AzureOpenAI."
        elif "deepseek" in url:
            self.provider, self.prefix = "deepseek", "Deepseek."
        else:
            self.provider = "openai" if "openai" in url else "unknown"
            self.prefix = "OpenAI."
        # Of a client with azure_deployment; older versions keep it in the address only.
        self.deployment = text.partition("/openai/deployments/")[2].partition("/")[0]
        version = getattr(client, "_api_version", None)
        if not version:
            version = (getattr(client, "_custom_query", None) or {}).get("api-version")
        self.api_version = str(version or "")
        # https://NAME.openai.azure.com; a proxy or gateway is named by its whole host.
        resource = host.partition(".")[0] if host.endswith(AZURE_HOSTS) else host
        self.tags = {"integration": "openai", "source": "integration"}
        if self.azure:
            self.tags["azure.resource"] = resource
            if self.api_version:
                self.tags["azure.api_version"] = self.api_version
        self.usage = self._takes_stream_options()

    def _takes_stream_options(self) -> bool:
        pydantic = sys.modules.get("pydantic")
        if str(getattr(pydantic, "VERSION", "2")).startswith("1."):
            return False  # what we add to the answer could not be hidden there
        dated = self.api_version[:2] == "20"  # others are v1, preview, latest
        return not (self.azure and dated and self.api_version[:10] < USAGE_SINCE)


def of(client: Any) -> Place:
    """The place of `client`, worked out once."""
    attributes = client.__dict__
    place: Place | None = attributes.get(ATTRIBUTE)
    if place is None or place.base_url is not attributes.get("_base_url"):
        place = attributes[ATTRIBUTE] = Place(client)
    return place


def learn(name: bytes) -> str | None:
    """Ours of a header's name as a server writes it, from now on known."""
    ours = NAMES.get(name.lower())
    if len(known) < KNOWN_MAX:
        known[name] = ours
    return ours


def read_times(facts: dict[str, Any], headers: dict[str, str]) -> None:
    """How long the server took, and how long it wants to be left alone: milliseconds."""
    for ours, name, factor in (
        ("processing_ms", "processing_ms", 1.0),
        ("retry_after_ms", "retry_after", 1000.0),
        ("retry_after_ms", "retry_after_ms", 1.0),  # the finer one wins
    ):
        if name in headers:
            try:
                facts[ours] = int(float(headers[name]) * factor)
            except (ValueError, OverflowError):
                continue  # a date
