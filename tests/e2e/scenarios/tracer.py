"""The SDK of the tracer that is installed here: the real ddtrace, or ours with the same API."""

from __future__ import annotations

import importlib
from typing import Any

try:
    GENERATION = int(importlib.import_module("ddtrace").__version__.split(".")[0])
    LLMObs: Any = importlib.import_module("ddtrace.llmobs").LLMObs
except ImportError:
    GENERATION = 4  # the format that ours writes
    LLMObs = importlib.import_module("catalejo").LLMObs
