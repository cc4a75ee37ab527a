"""Catalejo's tracer for Python: `catalejo run python app.py`, or `from catalejo import LLMObs`.

Importing this package costs next to nothing; what is used is loaded when it is used.
"""

from __future__ import annotations

TYPE_CHECKING = False  # `typing` is not needed to run this
if TYPE_CHECKING:
    from typing import Any

    from catalejo.sdk.llmobs import LLMObs

__version__ = "0.1.0"
__all__ = ["LLMObs", "__version__"]


def __getattr__(name: str) -> Any:
    if name == "LLMObs":
        from catalejo.sdk.llmobs import LLMObs

        return LLMObs
    if name == "_core":
        return _load_core()
    raise AttributeError(f"module 'catalejo' has no attribute {name!r}")


def _load_core() -> Any:
    """The native core, or where there is none a stand-in that drops what it is given."""
    import sys

    core = "catalejo._core"
    try:
        __import__(core)
    except ImportError as error:
        from catalejo import no_core

        no_core.explain(error)
        sys.modules[core] = no_core
        globals()["_core"] = no_core
    return sys.modules[core]
