"""Where a client's calls go, and what the answers' headers tell: Azure's side of a span."""

from __future__ import annotations

import sys

from catalejo import _core

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from catalejo.openai.call import Call

AZURE_HOSTS = (".openai.azure.com", ".cognitiveservices.azure.com", ".services.ai.azure.com")
# The first api-version of Azure whose chats take stream_options.
USAGE_SINCE = "2024-09-01"
ATTRIBUTE = "_catalejo_place"

NAMES = {
    b"apim-request-id": "request_id",
    b"x-ms-region": "region",
    b"x-ms-deployment-name": "deployment",
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
_known: dict[bytes, str | None] = {}


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


def _read_headers(facts: dict[str, Any], response: Any) -> dict[str, str]:
    """Puts numbers and ids of the headers into `facts`; the rest of what tells something back."""
    limits: dict[str, int | str] = {}
    found: dict[str, str] = {}
    headers = response.headers
    # httpx's own list, (name, name in lower case, value), where it still has it: no copy is made.
    entries = getattr(headers, "_list", None) or headers.raw
    all_read = _core.read_headers(entries, _known, RATE_LIMIT, limits, found)
    for entry in () if all_read else entries:
        ours = _known.get(entry[0], "")
        if ours == "":  # as this server writes it
            ours = NAMES.get(entry[0].lower())
            if len(_known) < KNOWN_MAX:
                _known[entry[0]] = ours
        if ours is None:
            continue
        value = entry[-1]
        if ours in RATE_LIMIT:
            limits[ours] = int(value) if value.isdigit() else value.decode("latin-1")
        else:
            found[ours] = value.decode("latin-1")
    request_id = found.get("request_id") or found.get("x_request_id")
    if request_id:
        facts["request_id"] = request_id
    if limits:
        facts["rate_limit"] = limits
    return found


def describe(call: Call) -> None:
    """Tags and metadata of `call`'s span about where it went and how the connection went."""
    span, place, response = call.span, call.place, call.response
    facts: dict[str, Any] = {}
    span.tags.update(place.tags)
    deployment = call.deployment
    if response is not None:
        facts["status"] = response.status_code
        headers = _read_headers(facts, response)
        deployment = deployment or headers.get("deployment", "")
        region = headers.get("region")
        if region:
            span.tags["azure.region"] = region
        if "retry_after_ms" in headers or "retry_after" in headers or "processing_ms" in headers:
            _read_times(facts, headers)
    if call.attempts > 1:
        facts["retries"] = call.attempts - 1
        facts["retry_ms"] = call.retry_ns // 1000 / 1000
        if call.retry_status:  # else it was the connection
            facts["retry_status"] = call.retry_status
    if call.filters:
        facts["content_filter"] = call.filters
    if call.inner_error:
        facts["inner_error"] = call.inner_error
    if place.azure and deployment:
        span.tags["deployment"] = deployment
    if facts:
        span.metadata["azure" if place.azure else "openai"] = facts


def _read_times(facts: dict[str, Any], headers: dict[str, str]) -> None:
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
