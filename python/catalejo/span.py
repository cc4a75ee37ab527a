"""One operation, and the context it runs in.

`start()` makes a span the current one, `Span.finish()` hands it to the native core as one LLMObs
event, the JSON that POST api/v2/llmobs takes. A span belongs to the thread or task that started
it; `current` follows tasks and `contextvars.copy_context()`.
"""

from __future__ import annotations

import sys
import time
import traceback
from contextvars import ContextVar, Token
from typing import Any, Callable, Dict, List, Optional, Union

from catalejo import _core, ids
from catalejo.settings import Settings

STACK_CHARACTERS_MAX = 65_536


class Remote:
    """A parent in another process, as its headers told (catalejo/context/propagation.py), or the
    request of a web framework: spans below it share its trace."""

    __slots__ = ("apm_span_id", "apm_trace_id", "ml_app", "priority", "session_id", "span_id",
                 "trace_id", "tracestate")

    def __init__(self, trace_id: int, apm_trace_id: int, span_id: int = 0,
                 apm_span_id: int = 0) -> None:
        self.trace_id = trace_id  # of LLM Observability
        self.apm_trace_id = apm_trace_id
        self.span_id = span_id  # of the LLM span there; 0: spans here are roots
        self.apm_span_id = apm_span_id
        self.ml_app = ""
        self.session_id = ""
        self.priority = 1
        self.tracestate = ""


class Span:
    """An operation being recorded. All fields may be set until `finish`.

    `input` and `output` are what `meta.input` and `meta.output` of the event become: a dict
    ({"value": str}, {"messages": [...]}, {"documents": [...]}) or a `_core.Tape` of one.
    """

    __slots__ = ("apm_trace_id", "duration_ns", "error", "finished", "input", "kind", "meta",
                 "metadata", "metrics", "ml_app", "model_name", "model_provider", "name", "output",
                 "parent", "parent_id", "session_id", "span_id", "start_ns", "tags", "token",
                 "trace_id")

    def __init__(self, kind: str, name: str, parent: Optional[Union[Span, Remote]]) -> None:
        self.kind = kind
        self.name = name
        self.parent = parent
        self.span_id = ids.span_id()
        if parent is None:
            self.trace_id = ids.trace_id()
            self.apm_trace_id = ids.trace_id()
            self.parent_id = 0
            self.session_id = ""
            self.ml_app = ""
        else:
            self.trace_id = parent.trace_id
            self.apm_trace_id = parent.apm_trace_id
            self.parent_id = parent.span_id
            self.session_id = parent.session_id
            self.ml_app = parent.ml_app
        self.start_ns = time.time_ns()
        self.duration_ns = 0
        self.error: Optional[Dict[str, str]] = None
        self.input: Any = None
        self.output: Any = None
        self.metadata: Dict[str, Any] = {}
        self.metrics: Dict[str, Union[int, float]] = {}
        self.tags: Dict[str, str] = {}
        self.meta: Dict[str, Any] = {}  # further fields of `meta`: tool_definitions, intent, ...
        self.model_name = ""
        self.model_provider = ""
        self.token: Optional[Token[Optional[Union[Span, Remote]]]] = None
        self.finished = False

    def set_error(self, exception: BaseException) -> None:
        kind = type(exception)
        module = kind.__module__
        self.error = {
            "type": f"{module}.{kind.__qualname__}",
            "message": str(exception),
            "stack": "".join(traceback.format_exception(kind, exception, exception.__traceback__))
            [:STACK_CHARACTERS_MAX],
        }

    def deactivate(self) -> None:
        """Makes the parent the current one again; the span itself stays open (a stream)."""
        token, self.token = self.token, None
        if token is None:
            return
        try:
            current.reset(token)
        except ValueError:
            # Ended in another context than it began in (a generator, another task).
            if current.get() is self:
                current.set(self.parent)

    def finish(self) -> None:
        """Ends and submits the span, once."""
        if self.finished:
            return
        self.finished = True
        if not self.duration_ns:
            self.duration_ns = time.time_ns() - self.start_ns
        self.deactivate()
        runtime.submit(self)

    def __enter__(self) -> Span:
        return self

    def __exit__(self, kind: Any, exception: Optional[BaseException], stack: Any) -> None:
        if exception is not None:
            self.set_error(exception)
        self.finish()


current: ContextVar[Optional[Union[Span, Remote]]] = ContextVar("catalejo_current", default=None)


def start(kind: str, name: str) -> Span:
    """A span below the current one, which it replaces until it finishes."""
    span = Span(kind, name, current.get())
    span.token = current.set(span)
    return span


Processor = Callable[[Span], Optional[Span]]


class Runtime:
    """What the whole process shares: settings, processors, and the way to the native core."""

    def __init__(self) -> None:
        self.settings = Settings()
        self.enabled = False
        self.processors: List[Processor] = []  # redaction; None drops the span
        self.common_tags: List[str] = []
        self.processor_failures = 0
        self.dropped_by_processor = 0

    def start(self, settings: Settings) -> None:
        self.settings = settings
        self.enabled = True
        tags = {**settings.tags}
        for key, value in (("env", settings.env), ("version", settings.version),
                           ("service", settings.service)):
            if value:
                tags[key] = value
        tags["language"] = "python"
        self.common_tags = [f"{key}:{value}" for key, value in sorted(tags.items())]

    def stop(self) -> None:
        self.enabled = False

    def submit(self, span: Span) -> None:
        if not self.enabled:
            return
        for processor in self.processors:
            try:
                kept = processor(span)
            except Exception as error:  # the application's own code: never its caller's problem
                self.processor_failures += 1
                if self.settings.debug:
                    print(f"catalejo: a span processor failed: {error!r}", file=sys.stderr)
                continue
            if kept is None:
                self.dropped_by_processor += 1
                return
        _core.submit("span", self.event_of(span))

    def event_of(self, span: Span) -> Dict[str, Any]:
        """The LLMObs event (WIRE contract of ddtrace 4: ids as text, tags as "k:v")."""
        ml_app = span.ml_app or self.settings.ml_app
        trace = ids.trace_hex(span.trace_id)
        meta: Dict[str, Any] = {"span": {"kind": span.kind}, "metadata": span.metadata}
        if span.model_name:
            meta["model_name"] = span.model_name
        if span.model_provider:
            meta["model_provider"] = span.model_provider
        if span.input is not None:
            meta["input"] = span.input
        if span.output is not None:
            meta["output"] = span.output
        if span.meta:
            meta.update(span.meta)
        tags = list(self.common_tags)
        tags.append(f"ml_app:{ml_app}")
        if span.session_id:
            tags.append(f"session_id:{span.session_id}")
        for key, value in span.tags.items():
            tags.append(f"{key}:{value}")
        error = span.error
        if error is None:
            tags.append("error:0")
        else:
            meta["error"] = error
            tags.append("error:1")
            tags.append("error_type:" + error["type"])
        event: Dict[str, Any] = {
            "span_id": str(span.span_id),
            "trace_id": trace,
            "parent_id": str(span.parent_id) if span.parent_id else "undefined",
            "name": span.name,
            "start_ns": span.start_ns,
            "duration": span.duration_ns,
            "status": "ok" if error is None else "error",
            "ml_app": ml_app,
            "meta": meta,
            "metrics": span.metrics,
            "tags": tags,
            "_dd": {
                "span_id": str(span.span_id),
                "trace_id": ids.trace_hex(span.apm_trace_id),
                "apm_trace_id": ids.trace_hex(span.apm_trace_id),
            },
        }
        if self.settings.service:
            event["service"] = self.settings.service
        if span.session_id:
            event["session_id"] = span.session_id
        return event


runtime = Runtime()
