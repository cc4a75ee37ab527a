"""The span that `LLMObs.workflow(...)` and its sisters return."""

from __future__ import annotations

import time
from typing import Any

from catalejo.span import Remote, Span, annotators, current, runtime

ERROR_FIELDS = {
    "error.type": "type",
    "error.message": "message",
    "error.msg": "message",
    "error.stack": "stack",
}


class LLMSpan(Span):
    """A Span with what applications call on the spans of ddtrace: tags, metrics, errors, times.

    Tags and metrics set on it become those of the LLM span: there is no second span, as ddtrace
    has, that they could belong to. `trace_id` is the one of LLM Observability.
    """

    __slots__ = ("session_of_trace",)

    def __init__(self, kind: str, name: str, parent: Span | Remote | None) -> None:
        super().__init__(kind, name, parent)
        # The first session named anywhere in this trace, and so the one of later spans below a
        # parent that has none. Kept at the topmost span.
        self.session_of_trace = ""
        if not self.session_id:
            self.session_id = _topmost(self).session_of_trace

    def take_session(self, session_id: str) -> None:
        self.session_id = session_id
        top = _topmost(self)
        if not top.session_of_trace:
            top.session_of_trace = session_id

    def finish(self, finish_time: float | None = None) -> None:
        """Ends and submits the span, once. `finish_time` in seconds since 1970."""
        if finish_time is not None and not self.finished:
            self.duration_ns = max(1, int(finish_time * 1e9) - self.start_ns)
        if self.error is not None and not isinstance(self.error, dict):  # span.error = 1
            self.error = {"type": "", "message": "", "stack": ""} if self.error else None
        if self.kind == "tool" and not self.finished:
            _take_tool_version(self)
        super().finish()

    def __enter__(self) -> LLMSpan:
        return self

    @property
    def span_type(self) -> str:
        return "llm"

    @property
    def resource(self) -> str:
        return self.kind

    @property
    def service(self) -> str | None:
        return runtime.settings.service or None

    @property
    def start(self) -> float:
        """Seconds since 1970."""
        return self.start_ns / 1e9

    @property
    def duration(self) -> float | None:
        """Seconds; None before the end."""
        return self.duration_ns / 1e9 if self.finished else None

    def set_tag(self, key: str, value: Any = None) -> None:
        field = ERROR_FIELDS.get(key)
        if field is not None:
            self.error = {
                **(self.error or {"type": "", "message": "", "stack": ""}),
                field: str(value),
            }
        else:
            self.tags[str(key)] = str(value)

    set_tag_str = set_tag

    def set_tags(self, tags: dict[str, Any]) -> None:
        for key, value in tags.items():
            self.set_tag(key, value)

    def get_tag(self, key: str) -> str | None:
        field = ERROR_FIELDS.get(key)
        if field is not None:
            return (self.error or {}).get(field)
        return self.tags.get(key)

    def get_tags(self) -> dict[str, str]:
        return dict(self.tags)

    def remove_tag(self, key: str) -> None:
        self.tags.pop(key, None)

    def set_metric(self, key: str, value: Any) -> None:
        if isinstance(value, (int, float)):
            self.metrics[str(key).replace(".", "_")] = value

    def set_metrics(self, metrics: dict[str, Any]) -> None:
        for key, value in metrics.items():
            self.set_metric(key, value)

    def get_metric(self, key: str) -> int | float | None:
        return self.metrics.get(key.replace(".", "_"))

    def get_metrics(self) -> dict[str, int | float]:
        return dict(self.metrics)

    def set_exc_info(self, kind: Any, exception: BaseException | None, stack: Any) -> None:
        """As sys.exc_info() has it."""
        if exception is not None:
            self.set_error(exception)

    def set_traceback(self, limit: int | None = None) -> None:
        """Records the exception that is being handled, if any."""
        import sys

        exception = sys.exc_info()[1]
        if exception is not None:
            self.set_error(exception)

    def record_exception(self, exception: BaseException, *_: Any, **__: Any) -> None:
        self.set_error(exception)

    def __repr__(self) -> str:
        return f"LLMSpan(kind={self.kind!r}, name={self.name!r}, span_id={self.span_id})"


def _topmost(span: LLMSpan) -> LLMSpan:
    """The highest span of the SDK's in this process that `span` is below of, or itself."""
    top: LLMSpan = span
    above: Span | Remote | None = span.parent
    while isinstance(above, Span):
        if isinstance(above, LLMSpan):
            top = above
        above = above.parent
    return top


def _ids_of(span: Span) -> Remote:
    """Stands for a span that has finished, so that work which starts further work of its own, for
    ever (a timer), does not hold on to all that went before."""
    remote = Remote(span.trace_id, span.apm_trace_id, span.span_id, span.span_id)
    remote.ml_app, remote.session_id = span.ml_app, span.session_id
    remote.sampling = span.sampling
    remote.agent = (span.name, str(span.span_id)) if span.kind == "agent" else span.agent
    above: Span | Remote | None = span
    while isinstance(above, Span):
        above = above.parent
    if above is not None:
        remote.priority, remote.tracestate = above.priority, above.tracestate
        remote.tags = above.tags
    return remote


def _take_tool_version(span: Span) -> None:
    """A tool called below the model call that defined it is of the version defined there."""
    if not isinstance(span.parent, Span) or span.parent.kind != "llm":
        return
    definitions = span.parent.meta.get("tool_definitions")
    for definition in definitions if isinstance(definitions, list) else ():
        if definition.get("name") == span.name and definition.get("version"):
            span.meta["tool"] = {"version": definition["version"]}
            return


def start(kind: str, name: str, parent: Span | Remote | None) -> LLMSpan:
    """A span below `parent`, which it replaces as the current one until it finishes."""
    if isinstance(parent, Span) and parent.finished:
        parent = _ids_of(parent)
    span = LLMSpan(kind, name, parent)
    current.set(span)
    for annotate in annotators.get():
        annotate(span)
    return span


def now_ms() -> int:
    return time.time_ns() // 1_000_000
