"""Requests that an application sends: which of them get the headers of propagation.py.

None go to the hosts of the models, nor with a call that the instrumentation of openai traces,
wherever it goes: their maker is not part of the application, and the names and session ids in these
headers are nobody else's business. CATALEJO_PROPAGATE_TO_MODEL=1 sends them there as well (as
ddtrace does), to a gateway of one's own, say.
"""

from __future__ import annotations

from catalejo import hooks
from catalejo.context import propagation
from catalejo.span import current, runtime

TYPE_CHECKING = False  # `typing` is not needed to run this
if TYPE_CHECKING:
    from typing import MutableMapping

MODEL_DOMAINS = (
    ".openai.azure.com", ".openai.azure.us", ".openai.azure.cn", ".cognitiveservices.azure.com",
    ".cognitiveservices.azure.us", ".cognitiveservices.azure.cn", ".services.ai.azure.com",
    ".inference.ai.azure.com", ".models.ai.azure.com", ".api.cognitive.microsoft.com",
    ".openai.com",
)  # fmt: skip
HOSTS_KNOWN_MAX = 1_000
_known: dict[str, bool] = {}


def is_told(host: str) -> bool:
    """Whether requests to this host get our headers."""
    if runtime.settings.propagate_to_model:
        return True
    told = _known.get(host)
    if told is None:
        told = not ("." + host.lower().rstrip(".")).endswith(MODEL_DOMAINS)
        if len(_known) < HOSTS_KNOWN_MAX:
            _known[host] = told
    return told


def has_context() -> bool:
    """Whether there is something to tell: a span or a request, but no call to a model."""
    context = current.get()
    return context is not None and (context.told or runtime.settings.propagate_to_model)


def add_headers(host: str | None, headers: MutableMapping[str, str]) -> None:
    """Writes the current context into the headers of a request to `host`. Never raises."""
    if not has_context():
        return
    try:
        if host and is_told(host):
            propagation.inject(headers)
    except Exception as error:
        hooks.failed("could not write the headers of a request", error)
