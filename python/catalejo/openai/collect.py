"""Collectors: what a stream's chunks said, one per kind of stream.

The reading is done by the native base class (python/native/collector.cpp), for the JSON of each
chunk before openai makes its model of it: it keeps references to texts, which are joined in
`finish`. Of what came only because we had asked for token counts it takes the rest out.
"""

from __future__ import annotations

from catalejo import _core
from catalejo.openai import answer, items, messages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Nothing(_core.Collector):
    """A stream whose chunks are not read, and what all collectors share."""

    __slots__ = ()
    FORM = 0  # of its chunks, see _core.Collector

    def read_filter(self, side: str, results: Any) -> None:
        answer.read_filter(self.call, side, results)

    def read_prompt_filters(self, found: Any) -> None:
        answer.read_prompt_filters(self.call, found)

    def finish(self) -> bool:
        """Puts what was seen into the span. False when the model had not ended."""
        return True

    def read_common(self) -> None:
        """What every kind of stream has: model, token counts, times."""
        self.tell_filters()
        call = self.call
        if self.last is not None:
            answer.read_head(call, self.last)
        if self.usage is not None:
            answer.read_usage(call, self.usage)
        metrics = call.span.metrics
        if self.first_ns:
            metrics["time_to_first_token"] = (self.first_ns - call.begun_ns) / 1e9
            tokens = metrics.get("output_tokens", 0)
            if tokens > 1:
                span_ns = self.last_ns - self.first_ns
                metrics["time_per_output_token"] = span_ns / 1e9 / (tokens - 1)


class Chat(Nothing):
    """Chunks of a chat completion."""

    __slots__ = ()
    FORM = 1

    def finish(self) -> bool:
        self.read_common()
        span = self.call.span
        choices = [choice for _, choice in sorted(self.choices.items())]
        found = [message for choice in choices for message in _messages(choice)]
        span.output = {"messages": found or [{"content": "", "role": ""}]}
        reasons = [choice.reason for choice in choices if choice.reason]
        if reasons:
            span.metadata["finish_reason"] = ",".join(reasons)
        return bool(choices) and len(reasons) == len(choices)


class Completion(Chat):
    """Chunks of a text completion."""

    __slots__ = ()
    FORM = 2


def _messages(choice: _core.Choice) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if choice.reasoning:
        found.append({"content": "".join(choice.reasoning), "role": "reasoning"})
    text = "".join(choice.texts or choice.refusals or ())
    said: dict[str, Any] = {"content": text, "role": choice.role}
    if choice.calls:
        said["tool_calls"] = [
            {
                "name": call["name"],
                "arguments": messages.arguments_of("".join(call["arguments"])),
                "tool_id": call["id"],
                "type": call["type"],
            }
            for _, call in sorted(choice.calls.items())
        ]
    found.append(said)
    return found


class Response(Nothing):
    """Events of the Responses API. The last carries the whole answer; without it, the deltas."""

    __slots__ = ()
    FORM = 3

    def finish(self) -> bool:
        span = self.call.span
        if self.error:
            code = f"openai.response.{self.error.get('code') or 'error'}"
            text = str(self.error.get("message") or "")
            span.error = {"type": code, "message": text, "stack": ""}
        if self.response:
            self.usage, self.last = self.response.get("usage"), None
            answer.read_response(self.call, self.response)
            self.read_common()
            return True
        self.read_common()
        indices = sorted({*(self.added or ()), *(self.parts or ())})
        found = [self._partial(index) for index in indices]
        span.output = {"messages": found or [{"content": "", "role": ""}]}
        return span.error is not None

    def _partial(self, index: int) -> dict[str, Any]:
        """The message of an item whose end was not seen."""
        text = "".join((self.parts or {}).get(index, ()))
        item = (self.added or {}).get(index) or {}
        kind = item.get("type")
        if kind in items.CALLS:
            return items.tool_call(kind, item.get("name"), item.get("call_id"), text)
        return {"content": text, "role": "reasoning" if kind == "reasoning" else "assistant"}
