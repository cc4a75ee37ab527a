"""One call of the application, from its arguments to its span.

A `Call` is made by the wrapper of a traced method (patching.py), learns from the HTTP client what
is really sent and received, and ends in exactly one span: at once for a whole answer, when the
stream ends for a streamed one. It belongs to the thread or task that made it.
"""

from __future__ import annotations

from contextvars import ContextVar

from catalejo import _core, hooks
from catalejo.openai import answer, place, request
from catalejo.span import ModelCall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

RAW_HEADER = "X-Stainless-Raw-Response"
REFUSED_MAX = 1_000

# (base URL, api-version, model) that answered 400 to stream_options: never asked again.
_refused: set[tuple[str, str, str]] = set()


class Operation:
    """One traced operation of the API, and the functions that read its request and answer."""

    __slots__ = ("collector", "kind", "name", "path", "read", "read_input", "wants_usage")

    def __init__(
        self,
        name: str,
        kind: str,
        path: str,
        read_input: Callable[[_core.CallBase, dict[str, Any]], None],
        read: Callable[[_core.CallBase, Any], None],
        collector: Any,
        wants_usage: bool = False,
    ) -> None:
        self.name = name  # as ddtrace has it: createChatCompletion
        self.kind = kind
        self.path = path  # the URL's end, by which its request is recognised
        self.read_input = read_input  # call, body → span.input, metadata, tool definitions
        self.read = read  # call, the parsed answer → span.output, metrics, metadata
        self.collector = collector  # class that reads a stream's chunks
        self.wants_usage = wants_usage  # streams give token counts only when asked


class Call(_core.CallBase):
    """What is known of one call (_core.pyi). `span` is current only while the method runs."""

    __slots__ = ()

    def retrying(self, response: Any) -> None:
        """The client will try again, because of this answer."""
        if response.request.url.path.endswith(self.operation.path):
            self.retry_status = response.status_code

    def _usage_key(self) -> tuple[str, str, str]:
        return str(self.place.base_url), self.place.api_version, self.deployment

    def may_ask(self) -> bool:
        """Whether a stream's token counts may be asked for, where its body does not forbid it."""
        return not self.raw() and not (_refused and self._usage_key() in _refused)

    def raw(self) -> str:
        """ "true" for with_raw_response, "stream" for with_streaming_response, or ""."""
        headers = self.kwargs.get("extra_headers")
        return (headers.get(RAW_HEADER) or "") if headers else ""

    def refused_usage(self, error: BaseException) -> bool:
        """Whether the server refused what we added, so the call must be made again without it."""
        try:
            if not self.injected or getattr(error, "status_code", 0) not in (400, 422):
                return False
            text = str(error)
            if "stream_options" not in text and "include_usage" not in text:
                return False
            # A generator of messages was used up by the first request.
            for name in ("messages", "prompt"):
                if not isinstance(self.kwargs.get(name), (list, tuple, str, type(None))):
                    return False
            if len(_refused) < REFUSED_MAX:
                _refused.add(self._usage_key())
            self.injected = False
            self.attempts = self.retry_status = 0
            return True
        except Exception as own:
            hooks.failed("openai usage", own)
            return False

    def failed(self, error: BaseException) -> None:
        """The method raises `error`; never raises itself."""
        try:
            self.leave()
            self.fail(error)
        except Exception as own:
            hooks.failed("openai error", own)
            self.give_up()

    def fail(self, error: BaseException) -> None:
        """Ends the span with `error`."""
        span = self.span
        span.set_error(error)
        if not self.body_seen:  # no request was made of the arguments
            given = {key: value for key, value in self.kwargs.items() if request.is_given(value)}
            self.read_request("", given)
        response = getattr(error, "response", None)
        if response is not None:
            self.response = response
        answer.read_refusal(self, getattr(error, "body", None))
        self.end()

    def give_up(self) -> None:
        """Ends the span as it is, after a failure of our own."""
        try:
            self.span.deactivate()
            self.span.duration_ns = self.duration_ns
            self.span.finish()
        except Exception as own:
            hooks.failed("openai span", own)


running: ContextVar[Call | None] = ContextVar("catalejo_openai_call", default=None)
_core.use_calls(running, ModelCall, place.known, place.learn, place.RATE_LIMIT, place.read_times)


def begin(operation: Operation, resource: Any, kwargs: dict[str, Any]) -> Call | None:
    """The call that a wrapper is about to make, or None when it cannot be recorded."""
    try:
        return _core.begin_call(Call, operation, place.of(resource._client), kwargs)
    except Exception as error:
        hooks.failed("openai call", error)
        return None
