"""One operation, and the context it runs in.

`start()` makes a span the current one, `Span.finish()` hands it to the native core, which makes one
LLMObs event of it, the JSON that POST api/v2/llmobs takes (python/native/span_event.cpp). A span
belongs to the thread or task that started it; `current` follows tasks and
`contextvars.copy_context()`.
"""

from __future__ import annotations

import sys
import time
from contextvars import ContextVar
from typing import Any, Callable, Dict, List, Optional, Tuple, Type, Union

from catalejo import _core, hooks
from catalejo.settings import Settings

STACK_CHARACTERS_MAX = 65_536
IDS_MASK = (1 << 64) - 1
SAMPLING_FACTOR = 1111111111111111111
ALL = ("1", "1")  # rate and decision


class Remote:
    """A parent in another process, as its headers told (catalejo/context/propagation.py), or the
    request of a web framework: spans below it share its trace."""

    __slots__ = (
        "agent",
        "apm_span_id",
        "apm_trace_id",
        "ml_app",
        "priority",
        "sampling",
        "session_id",
        "span_id",
        "tags",
        "trace_id",
        "tracestate",
    )
    kind = ""
    told = True

    def __init__(
        self, trace_id: int, apm_trace_id: int, span_id: int = 0, apm_span_id: int = 0
    ) -> None:
        self.trace_id = trace_id  # of LLM Observability
        self.apm_trace_id = apm_trace_id
        self.span_id = span_id  # of the LLM span there; 0: spans here are roots
        self.apm_span_id = apm_span_id
        self.ml_app = ""
        self.session_id = ""
        self.agent: Optional[Tuple[str, str]] = None  # name and span id of the agent above
        self.sampling: Optional[Tuple[str, str]] = None  # rate and decision made there
        self.priority = 1
        self.tracestate = ""  # of other vendors, passed on as it came
        self.tags: Dict[str, str] = {}  # further _dd.p.* tags, passed on


class Span(_core.SpanBase):
    """An operation being recorded. All fields (_core.pyi) may be set until `finish`."""

    __slots__ = ()
    told = True  # requests made inside of it carry the context in their headers

    def set_error(self, exception: BaseException) -> None:
        import traceback

        kind = type(exception)
        module = kind.__module__
        try:
            message = str(exception)
        except Exception:  # the application's own code
            message = ""
        self.error = {
            "type": f"{module}.{kind.__qualname__}",
            "message": message,
            "stack": "".join(traceback.format_exception(kind, exception, exception.__traceback__))[
                :STACK_CHARACTERS_MAX
            ],
        }

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
# What LLMObs.annotation_context does to each span that starts inside of it, outermost first.
annotators: ContextVar[Tuple[Callable[[Span], None], ...]] = ContextVar(
    "catalejo_annotators", default=()
)
_core.use_context(current, annotators)


class ModelCall(Span):
    """A call to a model that is traced by instrumentation: what it sends goes to the model's host,
    which is told nothing (catalejo/context/requests_out.py)."""

    __slots__ = ()
    told = False


def start(kind: str, name: str, make: Type[Span] = Span) -> Span:
    """A span below the current one, which it replaces until it finishes."""
    return _core.start_span(kind, name, make)


Processor = Callable[[Span], Optional[Span]]


class Runtime:
    """What the whole process shares: settings, processors, and the way to the native core."""

    def __init__(self) -> None:
        self.settings = Settings()
        self.enabled = False
        self.processors: List[Processor] = []  # redaction; None drops the span
        self.common_tags: List[str] = []
        self.common_keys: List[str] = []
        self.processor_failures = 0
        self.dropped_by_processor = 0
        self.submit_failures = 0

    def start(self, settings: Settings) -> None:
        self.settings = settings
        self.enabled = True
        tags = {**settings.tags}
        for key, value in (
            ("env", settings.env),
            ("version", settings.version),
            ("service", settings.service),
        ):
            if value:
                tags[key] = value
        tags["language"] = "python"
        self.common_keys = sorted(tags)
        self.common_tags = [f"{key}:{tags[key]}" for key in self.common_keys]

    def stop(self) -> None:
        self.enabled = False

    def submit(self, span: Span) -> None:
        if not self.enabled or (self.processors and self._is_dropped(span)):
            return
        try:
            settings = self.settings
            ml_app = span.ml_app or settings.ml_app
            rate, decision = self.sampling_of(span)
            _core.submit_span(
                span, self.common_keys, self.common_tags, settings.service, ml_app, rate, decision
            )
        except Exception as error:  # a value whose str() fails, say: the application goes on
            self.submit_failures += 1
            if self.settings.debug:
                text = f"a span could not be submitted: {hooks.words_of(error)}"
                print(f"catalejo: {text}", file=sys.stderr)

    def _is_dropped(self, span: Span) -> bool:
        """Shows the span to the processors, which may change it, or say that it is not sent."""
        for processor in self.processors:
            try:
                kept = processor(span)
            except Exception as error:  # the application's own code: never its caller's problem
                self.processor_failures += 1
                if self.settings.debug:
                    text = f"a span processor failed: {hooks.words_of(error)}"
                    print(f"catalejo: {text}", file=sys.stderr)
                continue
            if kept is None:
                self.dropped_by_processor += 1
                return True
        return False

    def sampling_of(self, span: Union[Span, Remote]) -> Tuple[str, str]:
        """Rate and decision ("1" keeps) of the span's trace, as it came with the request or by the
        hash of the trace id that Datadog's tracers use. Nothing is dropped here: the server does.
        """
        if span.sampling is not None:
            return span.sampling
        settings = self.settings
        if settings.sampling_rules:
            return self._by_rules(span)
        return ALL if settings.sample_rate >= 1.0 else self._decided(span, settings.sample_rate)

    def _by_rules(self, span: Union[Span, Remote]) -> Tuple[str, str]:
        """Of the trace's first span, whose tags decide; once, for all spans of the trace."""
        from catalejo import sampling

        first: Union[Span, Remote] = span
        above = first.parent if isinstance(first, Span) else None
        while isinstance(above, Span):
            first, above = above, above.parent
        keeper = first if above is None else above  # of a request that all of it belongs to
        if keeper.sampling is None:
            tags = dict(text.split(":", 1) for text in self.common_tags)
            tags["ml_app"] = first.ml_app or self.settings.ml_app
            if first.session_id:
                tags["session_id"] = first.session_id
            tags.update(first.tags)
            rule = sampling.rule_for(self.settings.sampling_rules, tags)
            rate = self.settings.sample_rate if rule is None else rule.rate
            keeper.sampling = self._decided(keeper, rate)
        return keeper.sampling

    @staticmethod
    def _decided(span: Union[Span, Remote], rate: float) -> Tuple[str, str]:
        if rate >= 1.0:
            return ALL
        kept = (span.apm_trace_id * SAMPLING_FACTOR & IDS_MASK) <= rate * IDS_MASK and rate > 0
        return (f"{rate:.6g}", "1" if kept else "0")


runtime = Runtime()
