"""LLMObs.annotate and annotation_context: what may be said of a span, and how it is kept."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Callable

from catalejo.sdk import values
from catalejo.sdk.errors import LLMObsAnnotateSpanError, LLMObsExportSpanError
from catalejo.sdk.log import warn
from catalejo.sdk.spans import LLMSpan
from catalejo.span import Span, annotators, current, runtime


def span_or_current(span: Any) -> Span:
    """`span`, or the current one when it is None; LLMObsExportSpanError when there is none."""
    if span is None:
        span = current.get()
        if not isinstance(span, Span):
            raise LLMObsExportSpanError(
                "No span is current in this thread or task: give the span itself, span=..."
            )
    if not isinstance(span, Span):
        raise LLMObsExportSpanError(f"This is no span of LLMObs: {type(span).__name__}")
    return span


def annotate(span: Span, given: dict[str, Any]) -> None:
    """Applies the arguments of LLMObs.annotate in `given`, None meaning that nothing is said."""
    if span.finished:
        raise LLMObsAnnotateSpanError("The span has finished, and was sent: annotate it before.")
    _annotate_facts(span, given)
    if given.get("agent") is not None:
        from catalejo.sdk import agents

        agents.annotate(span, given["agent"])
    _annotate_cost_tags(span, given.get("cost_tags"))
    if given.get("tool_definitions") is not None:
        definitions = values.tool_definitions(given["tool_definitions"])
        if definitions and span.kind == "llm":
            span.meta["tool_definitions"] = definitions
    if given.get("name") is not None:
        span.name = str(given["name"])
    if given.get("prompt") is not None:
        _annotate_prompt(span, given["prompt"], given.get("tags"))
    if given.get("intent"):
        span.meta["intent"] = str(given["intent"])
    _annotate_io(span, given.get("input_data"), given.get("output_data"))


def _annotate_facts(span: Span, given: dict[str, Any]) -> None:
    metadata, metrics, tags = given.get("metadata"), given.get("metrics"), given.get("tags")
    if metadata is not None:
        if not isinstance(metadata, dict):
            raise LLMObsAnnotateSpanError("metadata must be a dict")
        span.metadata.update(values.plain(metadata))
    if metrics is not None:
        if not isinstance(metrics, dict) or not all(
            isinstance(value, (int, float)) for value in metrics.values()
        ):
            raise LLMObsAnnotateSpanError("metrics must be a dict of numbers")
        span.metrics.update({str(key).replace(".", "_"): metrics[key] for key in metrics})
    if tags is not None:
        if not isinstance(tags, dict):
            raise LLMObsAnnotateSpanError("tags must be a dict")
        texts = {str(key): str(value) for key, value in tags.items()}
        session_id = texts.pop("session_id", "")
        if session_id and tags["session_id"]:
            take_session(span, session_id)
        span.tags.update(texts)


def take_session(span: Span, session_id: str) -> None:
    if isinstance(span, LLMSpan):
        span.take_session(session_id)
    else:
        span.session_id = session_id


def _annotate_cost_tags(span: Span, cost_tags: Any) -> None:
    """Keys of tags that costs are to be split by; a key without its tag is left out."""
    if cost_tags is None:
        return
    if not isinstance(cost_tags, list):
        warn("cost_tags must be a list of texts; ignored")
        return
    known = {*span.tags, *runtime.common_keys, "ml_app"}
    kept = []
    for key in cost_tags:
        if isinstance(key, str) and key in known:
            kept.append(key)
        else:
            warn(f"cost tag {key!r} is no tag of the span; ignored")
    if kept:
        reserved = span.metadata.get("_dd")
        reserved = reserved if isinstance(reserved, dict) else {}
        merged = dict.fromkeys([*reserved.get("cost_tags", ()), *kept])
        span.metadata["_dd"] = {**reserved, "cost_tags": list(merged)}


def _annotate_prompt(span: Span, prompt: Any, tags: Any) -> None:
    from catalejo.sdk import prompts

    try:
        made = prompts.checked(prompt, span.ml_app or runtime.settings.ml_app)
    except (TypeError, ValueError) as error:
        raise LLMObsAnnotateSpanError(f"The prompt is not valid: {error}") from error
    prompts.annotate(span, made, tag=not (tags and prompts.TRACKING_TAG in tags))


def _annotate_io(span: Span, input_data: Any, output_data: Any) -> None:
    input_form, output_form = _FORMS.get(span.kind, (_value, _value))
    for side, form, data in (
        ("input", input_form, input_data),
        ("output", output_form, output_data),
    ):
        if data is None:
            continue
        try:
            made = form(data)
        except TypeError as error:
            raise LLMObsAnnotateSpanError(f"The {side} data is not valid: {error}") from error
        if made is not None:
            held = values.untaped(getattr(span, side))
            setattr(span, side, {**held, **made} if isinstance(held, dict) else made)


def _value(data: Any) -> dict[str, Any] | None:
    return {"value": values.to_text(data)}


def _plain_value(data: Any) -> dict[str, Any] | None:
    return {"value": str(data)}


def _messages(data: Any) -> dict[str, Any] | None:
    made = values.messages(data)
    return {"messages": made} if made else None


def _documents(data: Any) -> dict[str, Any] | None:
    made = values.documents(data)
    return {"documents": made} if made else None


_Form = Callable[[Any], "dict[str, Any] | None"]
# How input and output of a span of this kind are shown; {"value": text} for all other kinds.
_FORMS: dict[str, tuple[_Form, _Form]] = {
    "llm": (_messages, _messages),
    "embedding": (_documents, _plain_value),
    "retrieval": (_value, _documents),
}


class AnnotationContext:
    """Annotates every span that starts within the `with` (or `async with`) block, here and in the
    tasks and threads that are started in it."""

    def __init__(self, given: dict[str, Any]) -> None:
        self._given = given

    def _apply(self, span: Span) -> None:
        """Before the span's own arguments are set, so that those win, except for the name."""
        try:
            annotate(span, self._given)
        except LLMObsAnnotateSpanError as error:
            # Whoever starts a span here may be a library: it must not fail for this.
            warn(f"annotation_context: {error}")

    def __enter__(self) -> None:
        annotators.set((*annotators.get(), self._apply))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        stack: TracebackType | None,
    ) -> None:
        annotators.set(tuple(one for one in annotators.get() if one != self._apply))

    async def __aenter__(self) -> None:
        self.__enter__()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        stack: TracebackType | None,
    ) -> None:
        self.__exit__(kind, error, stack)
