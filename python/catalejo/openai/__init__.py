"""Zero-code instrumentation of the `openai` package, versions 1 to 3, whole calls and streams.

`patch(openai)` puts wrappers around the methods that are traced and around two methods of the
HTTP client; the classes and what they return stay those of openai. Whatever fails in here is
counted (`catalejo.hooks.failures`) and never reaches the application.
"""

from __future__ import annotations

TYPE_CHECKING = False  # `typing` is not needed to run this
if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["finish_open", "patch"]


def patch(module: ModuleType) -> None:
    """Instruments `module`, the `openai` package; what it has not imported yet follows later."""
    from catalejo import _core

    if hasattr(_core, "MISSING"):
        return  # nothing could be recorded
    from catalejo.openai import patching

    patching.patch(module)


def finish_open() -> int:
    """Ends the spans of streams that nobody closed: before the process or an invocation ends."""
    from catalejo.openai import stream

    return stream.finish_open()
