"""Catalejo's tracer for Python: `catalejo run python app.py`, or `from catalejo import LLMObs`.

Importing this package costs next to nothing; what is used is loaded when it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["LLMObs", "__version__"]

if TYPE_CHECKING:
    from catalejo.sdk.llmobs import LLMObs


def __getattr__(name: str) -> Any:
    if name == "LLMObs":
        from catalejo.sdk.llmobs import LLMObs

        return LLMObs
    raise AttributeError(f"module 'catalejo' has no attribute {name!r}")
