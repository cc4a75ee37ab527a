"""Collectors: what a stream's chunks said, one per kind of stream.

`see(data)` runs for the JSON of each chunk before openai makes its model of it, so it only looks
into dicts and keeps references to texts; they are joined in `finish`. Of what came only because we
had asked for token counts it takes the rest out of `data`, and it returns True for the one chunk
that the application must not see at all. A chat's chunks that hold nothing but more text, which
nearly all do, are read by the native base class, and `see` is not called.
"""

from __future__ import annotations

from time import perf_counter_ns

from catalejo import _core
from catalejo.openai import answer, items, messages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from catalejo.openai.call import Call


ENDS = frozenset(("response.completed", "response.incomplete", "response.failed"))


class Nothing(_core.Collector):
    """A stream whose chunks are not read, and what all collectors share."""

    __slots__ = ("call", "usage")

    def __init__(self, call: Call) -> None:
        self.call = call
        self.injected = bool(call.injected)
        self.usage: Any = None

    def see(self, data: dict[str, Any]) -> bool:
        self.last_ns = perf_counter_ns()
        return False

    def finish(self) -> bool:
        """Puts what was seen into the span. False when the model had not ended."""
        return True

    def read_common(self) -> None:
        """What every kind of stream has: model, token counts, times."""
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

    def see_end(self, data: dict[str, Any]) -> bool:
        """A chunk without choices: Azure's filter of the prompt, or the token counts."""
        prompt = data.get("prompt_filter_results")
        if prompt:
            answer.read_prompt_filters(self.call, prompt)
        if "usage" not in data:
            return False
        usage = data.pop("usage") if self.injected else data["usage"]
        if not usage:
            return False
        self.usage, self.last = usage, data
        return self.injected and not prompt

    def see_usage(self, data: dict[str, Any]) -> None:
        """The counts in a chunk with choices: empty as a rule, but some servers give them so."""
        usage = data.pop("usage") if self.injected else data["usage"]
        if usage:
            self.usage = usage


class Choice:
    """One of a stream's answers."""

    __slots__ = ("calls", "filters", "reason", "reasoning", "refusals", "role", "texts")

    def __init__(self) -> None:
        self.role = ""
        self.texts: list[str] = []
        self.refusals: list[str] = []
        self.reasoning: list[str] = []
        self.calls: dict[int, dict[str, Any]] = {}  # by index: id, type, name, arguments (parts)
        self.reason = ""
        self.filters: Any = None  # the newest results of the content filter

    def messages(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        if self.reasoning:
            found.append({"content": "".join(self.reasoning), "role": "reasoning"})
        text = "".join(self.texts) or "".join(self.refusals)
        said: dict[str, Any] = {"content": text, "role": self.role}
        if self.calls:
            said["tool_calls"] = [
                {
                    "name": call["name"],
                    "arguments": messages.arguments_of("".join(call["arguments"])),
                    "tool_id": call["id"],
                    "type": call["type"],
                }
                for _, call in sorted(self.calls.items())
            ]
        found.append(said)
        return found


class Chat(Nothing):
    """Chunks of a chat completion."""

    __slots__ = ("choices",)

    def __init__(self, call: Call) -> None:
        super().__init__(call)
        self.choices: dict[int, Choice] = {}

    def see(self, data: dict[str, Any]) -> bool:
        self.last_ns = now = perf_counter_ns()
        choices = data.get("choices")
        if not choices:
            return self.see_end(data)
        self.last = data
        for choice in choices:
            index = choice.get("index") or 0
            state = self.choices.get(index)
            if state is None:
                state = self.choices[index] = Choice()
            delta = choice.get("delta")
            if delta:
                content = delta.get("content")
                if content:
                    state.texts.append(content)
                    if not self.first_ns:
                        self.first_ns = now
                if not content or len(delta) > 1:
                    self._see_other(state, delta, now)
            reason = choice.get("finish_reason")
            if reason:
                state.reason = reason
            results = choice.get("content_filter_results")
            if results and results != state.filters:
                state.filters = results
                answer.read_filter(self.call, "completion", results)
            if index == 0:  # from now on plain chunks of it need not come here
                self.plain_texts, self.plain_filters = state.texts, state.filters
        if "usage" in data:
            self.see_usage(data)
        return False

    def _see_other(self, state: Choice, delta: dict[str, Any], now: int) -> None:
        """What is not text: the role, a part of a tool call, a refusal, reasoning."""
        role = delta.get("role")
        if role:
            state.role = role
        calls, function = delta.get("tool_calls"), delta.get("function_call")
        refusal, reasoning = delta.get("refusal"), delta.get("reasoning_content")
        for part in calls or ():
            _see_tool(state, part.get("index") or 0, part, part.get("function") or {})
        if function:
            _see_tool(state, 0, {}, function)
        if refusal:
            state.refusals.append(refusal)
        if reasoning:
            state.reasoning.append(reasoning)
        if not self.first_ns and (calls or function or refusal or reasoning):
            self.first_ns = now

    def finish(self) -> bool:
        self.read_common()
        span = self.call.span
        choices = [choice for _, choice in sorted(self.choices.items())]
        found = [message for choice in choices for message in choice.messages()]
        span.output = {"messages": found or [{"content": "", "role": ""}]}
        reasons = [choice.reason for choice in choices if choice.reason]
        if reasons:
            span.metadata["finish_reason"] = ",".join(reasons)
        return bool(choices) and len(reasons) == len(choices)


def _see_tool(state: Choice, index: int, part: dict[str, Any], function: dict[str, Any]) -> None:
    call = state.calls.get(index)
    if call is None:
        call = state.calls[index] = {"id": "", "type": "function", "name": "", "arguments": []}
    for name in ("id", "type"):
        if part.get(name):
            call[name] = part[name]
    if function.get("name"):
        call["name"] = function["name"]
    if function.get("arguments"):
        call["arguments"].append(function["arguments"])


class Completion(Nothing):
    """Chunks of a text completion."""

    __slots__ = ("reasons", "texts")

    def __init__(self, call: Call) -> None:
        super().__init__(call)
        self.texts: dict[int, list[str]] = {}
        self.reasons: dict[int, str] = {}

    def see(self, data: dict[str, Any]) -> bool:
        self.last_ns = now = perf_counter_ns()
        choices = data.get("choices")
        if not choices:
            return self.see_end(data)
        self.last = data
        for choice in choices:
            index = choice.get("index") or 0
            texts = self.texts.get(index)
            if texts is None:
                texts = self.texts[index] = []
            text = choice.get("text")
            if text:
                texts.append(text)
                if not self.first_ns:
                    self.first_ns = now
            if choice.get("finish_reason"):
                self.reasons[index] = choice["finish_reason"]
            answer.read_filter(self.call, "completion", choice.get("content_filter_results"))
        if "usage" in data:
            self.see_usage(data)
        return False

    def finish(self) -> bool:
        self.read_common()
        span = self.call.span
        found = [{"content": "".join(texts), "role": ""} for _, texts in sorted(self.texts.items())]
        span.output = {"messages": found or [{"content": "", "role": ""}]}
        if self.reasons:
            reasons = [reason for _, reason in sorted(self.reasons.items())]
            span.metadata["finish_reason"] = ",".join(reasons)
        return bool(self.texts) and len(self.reasons) == len(self.texts)


class Response(Nothing):
    """Events of the Responses API. The last carries the whole answer; without it, the deltas."""

    __slots__ = ("added", "parts", "response")

    def __init__(self, call: Call) -> None:
        super().__init__(call)
        self.response: Any = None
        self.parts: dict[int, list[str]] = {}  # by output index
        self.added: dict[int, dict[str, Any]] = {}  # items as they were announced

    def see(self, data: dict[str, Any]) -> bool:
        self.last_ns = now = perf_counter_ns()
        kind = data.get("type") or ""
        index = data.get("output_index")
        if kind[-6:] == ".delta":
            if not self.first_ns:
                self.first_ns = now
            delta = data.get("delta")
            if type(delta) is str and type(index) is int:
                parts = self.parts.get(index)
                if parts is None:
                    parts = self.parts[index] = []
                parts.append(delta)
        elif kind == "response.output_item.added":
            self.added[index or 0] = data.get("item") or {}
        elif kind in ENDS:
            self.response = data.get("response")
        elif kind == "response.created":
            self.last = data.get("response")
        elif kind == "error":
            code = f"openai.response.{data.get('code') or 'error'}"
            text = str(data.get("message") or "")
            self.call.span.error = {"type": code, "message": text, "stack": ""}
        return False

    def finish(self) -> bool:
        if self.response:
            self.usage, self.last = self.response.get("usage"), None
            answer.read_response(self.call, self.response)
            self.read_common()
            return True
        self.read_common()
        found = [self._partial(index) for index in sorted({*self.added, *self.parts})]
        self.call.span.output = {"messages": found or [{"content": "", "role": ""}]}
        return self.call.span.error is not None

    def _partial(self, index: int) -> dict[str, Any]:
        """The message of an item whose end was not seen."""
        text = "".join(self.parts.get(index, ()))
        item = self.added.get(index) or {}
        kind = item.get("type")
        if kind in items.CALLS:
            return items.tool_call(kind, item.get("name"), item.get("call_id"), text)
        return {"content": text, "role": "reasoning" if kind == "reasoning" else "assistant"}
