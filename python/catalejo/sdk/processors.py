"""Span processors of the application's: a function that sees each span before it is sent, changes
its texts (redaction), or returns None to drop it."""

from __future__ import annotations

import copy
from typing import Any, Callable, Optional

from catalejo.sdk.values import untaped
from catalejo.span import Span, runtime


class LLMObsSpan:
    """What a processor sees of a span: `input` and `output` as lists of messages (dicts with
    `content` and `role`), `metadata`, and tags by `get_tag` ("span.kind" tells the kind).

    A span that has no messages shows its text or its documents as the contents of messages.
    """

    def __init__(
        self,
        input: list[Any] | None = None,
        output: list[Any] | None = None,
        _tags: dict[str, str] | None = None,
        metadata: dict[str, Any] | None = None,
    ) -> None:
        self.input: list[Any] = [] if input is None else input
        self.output: list[Any] = [] if output is None else output
        self._tags: dict[str, str] = {} if _tags is None else _tags
        self.metadata: dict[str, Any] = {} if metadata is None else metadata

    def get_tag(self, key: str) -> str | None:
        return self._tags.get(key)

    def __repr__(self) -> str:
        return f"LLMObsSpan(input={self.input!r}, output={self.output!r})"


Processor = Callable[[LLMObsSpan], Optional[LLMObsSpan]]


def _as_dict(side: Any) -> dict[str, Any]:
    """Input or output with its Tapes read, copied so far that nobody else's objects change."""
    side = untaped(side)
    if not isinstance(side, dict):
        return {}
    return {
        key: copy.deepcopy(untaped(value)) if key in ("messages", "documents") else untaped(value)
        for key, value in side.items()
    }


def _shown(side: dict[str, Any]) -> list[Any]:
    messages = side.get("messages")
    if isinstance(messages, list):
        return messages
    documents = side.get("documents")
    if isinstance(documents, list):
        return [{"content": _text(document), "role": ""} for document in documents]
    value = side.get("value")
    return [] if value is None else [{"content": value, "role": ""}]


def _text(document: Any) -> Any:
    return document.get("text", "") if isinstance(document, dict) else ""


def _content(message: Any) -> Any:
    return message.get("content", "") if isinstance(message, dict) else str(message)


def _put_back(side: dict[str, Any], shown: Any) -> dict[str, Any] | None:
    """The side as the processor left it. An empty list removes messages, documents and texts."""
    shown = shown if isinstance(shown, list) else [shown]
    if isinstance(side.get("messages"), list):
        return {**side, "messages": shown}
    rest = {key: value for key, value in side.items() if key not in ("value", "documents")}
    documents = side.get("documents")
    if shown and isinstance(documents, list):
        rest["documents"] = [
            {**document, "text": _content(message)}
            for document, message in zip(documents, shown)
            if isinstance(document, dict)
        ]
    elif shown and side.get("value") is not None:
        rest["value"] = _content(shown[0])
    return rest or None


def _tags(span: Span) -> dict[str, str]:
    tags = dict(zip(runtime.common_keys, (text.partition(":")[2] for text in runtime.common_tags)))
    tags["ml_app"] = span.ml_app or runtime.settings.ml_app
    if span.session_id:
        tags["session_id"] = span.session_id
    tags.update((key, str(value)) for key, value in span.tags.items())
    tags["error"] = "0" if span.error is None else "1"
    if span.error is not None:
        tags["error_type"] = span.error.get("type", "")
    return {**tags, "span.kind": span.kind}


class Adapter:
    """An application's processor as one of the runtime's."""

    def __init__(self, processor: Processor) -> None:
        self.processor = processor

    def __call__(self, span: Span) -> Span | None:
        given, answered = _as_dict(span.input), _as_dict(span.output)
        reserved = span.metadata.get("_dd")
        view = LLMObsSpan(
            _shown(given),
            _shown(answered),
            _tags(span),
            {key: value for key, value in span.metadata.items() if key != "_dd"},
        )
        result: Any = None
        try:
            result = self.processor(view)
            if result is None:
                return None
            if not isinstance(result, LLMObsSpan):
                raise TypeError(f"a span processor returned {type(result).__name__}")
        except Exception as error:
            # What was changed before the failure stays changed: a redaction done is not undone.
            from catalejo.sdk.log import warn

            runtime.processor_failures += 1
            warn(f"the span processor failed: {error!r}")
            result = view
        if span.kind != "experiment":  # which has anything as input and output: no messages
            if span.input is not None:
                span.input = _put_back(given, result.input)
            if span.output is not None:
                span.output = _put_back(answered, result.output)
        if isinstance(result.metadata, dict):
            span.metadata = {key: item for key, item in result.metadata.items() if key != "_dd"}
            if reserved is not None:
                span.metadata["_dd"] = reserved
        return span


def register(processor: Processor | None) -> None:
    """Takes the place of the one registered before; None removes it."""
    kept = [one for one in runtime.processors if not isinstance(one, Adapter)]
    if processor is not None:
        kept.append(Adapter(processor))
    runtime.processors[:] = kept
