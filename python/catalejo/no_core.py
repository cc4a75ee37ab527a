"""Stands in for the native core where that cannot be loaded: the application runs, untraced."""

from __future__ import annotations

import sys

TYPE_CHECKING = False  # `typing` is not needed to run this
if TYPE_CHECKING:
    from typing import Any

MISSING = True  # the native core has no such name
reason = ""


def explain(error: BaseException) -> None:
    """One line on standard error, once in a process."""
    global reason
    if reason:
        return
    version = ".".join(str(part) for part in sys.version_info[:2])
    reason = f"no native core for {sys.implementation.name} {version} here ({error})"
    text = f"catalejo: {reason}; the application runs untraced: install catalejo with this Python"
    try:
        print(text, file=sys.stderr)
    except (OSError, ValueError, AttributeError):  # no standard error
        return


class Tape:
    def __init__(self, value: object = None) -> None:
        self._value = value

    def text(self) -> str:
        import json

        return json.dumps(self._value, default=str)


def capture(value: object) -> Tape:
    return Tape(value)


class SpanBase:
    """The fields alone: nothing is sent, and so ids say nothing."""

    told = True

    def __init__(self, kind: str, name: str, parent: Any) -> None:
        self.kind, self.name, self.parent = kind, name, parent
        self.span_id = self.trace_id = self.apm_trace_id = 1
        self.parent_id = self.start_ns = self.duration_ns = 0
        self.session_id = self.ml_app = self.model_name = self.model_provider = ""
        self.agent = self.sampling = self.error = self.input = self.output = None
        self.metadata: dict[str, Any] = {}
        self.metrics: dict[str, Any] = {}
        self.tags: dict[str, str] = {}
        self.meta: dict[str, Any] = {}
        self.finished = False

    def deactivate(self) -> None:
        if _context is not None and _context.get() is self:
            _context.set(self.parent)


_context: Any = None


def use_context(current: Any, annotators: Any) -> None:
    global _context
    _context = current


def start_span(kind: str, name: str, make: Any) -> Any:
    span = make(kind, name, _context.get())
    _context.set(span)
    return span


def span_id() -> int:
    return 1


trace_id = apm_trace_id = span_id


def follow(trace_of_others: object) -> None:
    pass


_lost = 0


def configure(target: dict[str, Any]) -> None:
    pass


def submit(kind: str, event: dict[str, Any]) -> bool:
    global _lost
    _lost += 1
    return False


def submit_span(span: object, *facts: object) -> bool:
    return submit("span", {})


def counts() -> dict[str, Any]:
    return {
        "submitted": _lost, "sent": 0, "acknowledged": 0, "queued": 0, "spooled": 0,
        "lost": {"no_core": _lost} if _lost else {}, "requests": 0, "retries": 0, "redacted": {},
    }  # fmt: skip


def flush(timeout_ms: int) -> bool:
    return not _lost


def shutdown(timeout_ms: int) -> bool:
    return not _lost


def after_fork_in_child() -> None:
    global _lost
    _lost = 0


def last_error() -> str:
    return reason
