"""Collectors: what a stream's chunks said, one per kind of stream.

`see(chunk)` runs for each chunk before the application gets it, so it only reads attributes and
keeps references to texts; they are joined in `finish`. It returns True for the one chunk that
the application must not see: the token counts that only we had asked for.
"""

from __future__ import annotations

from time import perf_counter_ns

from catalejo.openai import answer, items, messages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from catalejo.openai.call import Call


class Nothing:
    """A stream whose chunks are not read, and what all collectors share."""

    __slots__ = ("call", "first_ns", "injected", "last", "last_ns", "usage")

    def __init__(self, call: Call) -> None:
        self.call = call
        self.injected = bool(call.injected)
        self.first_ns = 0  # when the first of the text arrived
        self.last_ns = 0  # when the newest chunk arrived
        self.last: Any = None  # the newest chunk that names its model
        self.usage: Any = None

    def see(self, chunk: Any) -> bool:
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

    def see_end(self, chunk: Any) -> bool:
        """A chunk without choices: Azure's filter of the prompt, or the token counts."""
        call = self.call
        more = getattr(chunk, "__pydantic_extra__", None)
        prompt = more.get("prompt_filter_results") if more else None
        if prompt:
            answer.read_prompt_filters(call, prompt)
        usage = getattr(chunk, "usage", None)
        if usage:
            self.usage = usage
            self.last = chunk
            if self.injected and not prompt:
                return True
        if self.injected:
            hide_usage(chunk)
        return False


def hide_usage(chunk: Any) -> None:
    """Takes from `chunk` the `usage` that it would not have, had we not asked for it."""
    given = chunk.__pydantic_fields_set__
    if "usage" in given:
        given.discard("usage")
        if chunk.__dict__["usage"] is not None:
            chunk.__dict__["usage"] = None
    more = chunk.__pydantic_extra__  # where openai before 1.26 has it
    if more and "usage" in more:
        del more["usage"]
        given.discard("usage")


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

    def see(self, chunk: Any) -> bool:
        self.last_ns = now = perf_counter_ns()
        choices = chunk.choices
        if not choices:
            return self.see_end(chunk)
        self.last = chunk
        for choice in choices:
            state = self.choices.get(choice.index)
            if state is None:
                state = self.choices[choice.index] = Choice()
            delta = choice.delta
            if delta is not None:
                content = delta.content
                if content:
                    state.texts.append(content)
                    if not self.first_ns:
                        self.first_ns = now
                else:
                    self._see_other(state, delta, now)
            if choice.finish_reason:
                state.reason = choice.finish_reason
            more = getattr(choice, "__pydantic_extra__", None)
            if more:
                found = more.get("content_filter_results")
                if found and found != state.filters:
                    state.filters = found
                    answer.read_filter(self.call, "completion", found)
        if self.injected:
            usage = getattr(chunk, "usage", None)
            if usage:
                self.usage = usage
            hide_usage(chunk)
        elif getattr(chunk, "usage", None):
            self.usage = chunk.usage
        return False

    def _see_other(self, state: Choice, delta: Any, now: int) -> None:
        """A delta without text: the role, a part of a tool call, a refusal, reasoning."""
        role = delta.role
        if role:
            state.role = role
        if delta.tool_calls:
            for part in delta.tool_calls:
                _see_tool(state, part)
        elif delta.function_call:
            _see_function(state, delta.function_call)
        elif getattr(delta, "refusal", None):
            state.refusals.append(delta.refusal)
        elif delta.__pydantic_extra__ and delta.__pydantic_extra__.get("reasoning_content"):
            state.reasoning.append(delta.__pydantic_extra__["reasoning_content"])
        else:
            return
        if not self.first_ns:
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


def _see_tool(state: Choice, part: Any) -> None:
    index = part.index or 0
    call = state.calls.get(index)
    if call is None:
        call = state.calls[index] = {"id": "", "type": "function", "name": "", "arguments": []}
    if part.id:
        call["id"] = part.id
    if part.type:
        call["type"] = part.type
    function = part.function
    if function is not None:
        if function.name:
            call["name"] = function.name
        if function.arguments:
            call["arguments"].append(function.arguments)


def _see_function(state: Choice, function: Any) -> None:
    call = state.calls.setdefault(
        0, {"id": "", "type": "function", "name": "", "arguments": []}
    )
    if function.name:
        call["name"] = function.name
    if function.arguments:
        call["arguments"].append(function.arguments)


class Completion(Nothing):
    """Chunks of a text completion."""

    __slots__ = ("reasons", "texts")

    def __init__(self, call: Call) -> None:
        super().__init__(call)
        self.texts: dict[int, list[str]] = {}
        self.reasons: dict[int, str] = {}

    def see(self, chunk: Any) -> bool:
        self.last_ns = now = perf_counter_ns()
        choices = chunk.choices
        if not choices:
            return self.see_end(chunk)
        self.last = chunk
        for choice in choices:
            texts = self.texts.get(choice.index)
            if texts is None:
                texts = self.texts[choice.index] = []
            if choice.text:
                texts.append(choice.text)
                if not self.first_ns:
                    self.first_ns = now
            if choice.finish_reason:
                self.reasons[choice.index] = choice.finish_reason
            more = getattr(choice, "__pydantic_extra__", None)
            if more:
                answer.read_filter(self.call, "completion", more.get("content_filter_results"))
        if getattr(chunk, "usage", None):
            self.usage = chunk.usage
        if self.injected:
            hide_usage(chunk)
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
        self.added: dict[int, Any] = {}  # items as they were announced

    def see(self, chunk: Any) -> bool:
        self.last_ns = now = perf_counter_ns()
        kind = chunk.type
        if kind[-6:] == ".delta":
            if not self.first_ns:
                self.first_ns = now
            delta = chunk.delta
            if type(delta) is str and type(chunk.output_index) is int:
                parts = self.parts.get(chunk.output_index)
                if parts is None:
                    parts = self.parts[chunk.output_index] = []
                parts.append(delta)
        elif kind == "response.output_item.added":
            self.added[chunk.output_index] = chunk.item
        elif kind in ("response.completed", "response.incomplete", "response.failed"):
            self.response = chunk.response
        elif kind == "response.created":
            self.last = chunk.response
        elif kind == "error":
            code = f"openai.response.{getattr(chunk, 'code', None) or 'error'}"
            text = str(getattr(chunk, "message", None) or "")
            self.call.span.error = {"type": code, "message": text, "stack": ""}
        return False

    def finish(self) -> bool:
        if self.response is not None:
            self.usage = getattr(self.response, "usage", None)
            answer.read_response(self.call, self.response)
            self.last = None
            self.read_common()
            return True
        self.read_common()
        found = [self._partial(index) for index in sorted({*self.added, *self.parts})]
        self.call.span.output = {"messages": found or [{"content": "", "role": ""}]}
        return self.call.span.error is not None

    def _partial(self, index: int) -> dict[str, Any]:
        """The message of an item whose end was not seen."""
        text = "".join(self.parts.get(index, ()))
        item = self.added.get(index)
        kind = getattr(item, "type", "message")
        if kind in items.CALLS:
            return items.tool_call(
                kind, getattr(item, "name", ""), getattr(item, "call_id", ""), text
            )
        return {"content": text, "role": "reasoning" if kind == "reasoning" else "assistant"}
