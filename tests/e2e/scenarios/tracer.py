"""The SDK of the tracer that is installed here: the real ddtrace, or Catalejo's with the same API."""

from __future__ import annotations

from typing import Any

LLMObs: Any
try:
    import ddtrace
    from ddtrace.llmobs import LLMObs

    GENERATION = int(ddtrace.__version__.split(".")[0])
except ImportError:
    from catalejo import LLMObs

    GENERATION = 4  # its format

__all__ = ["GENERATION", "LLMObs"]
