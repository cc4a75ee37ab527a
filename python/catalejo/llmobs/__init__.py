"""`ddtrace.llmobs` under another name: a script changes its import, and nothing else.

from catalejo.llmobs import LLMObs
from catalejo.llmobs.decorators import workflow
"""

from __future__ import annotations

from typing import Any

from catalejo.sdk.absent import NAMES_OF_CLASSES, placeholder
from catalejo.sdk.llmobs import LLMObs

__all__ = [
    "Agent", "BaseAsyncEvaluator", "BaseAsyncSummaryEvaluator", "BaseEvaluator",
    "BaseSummaryEvaluator", "BooleanStructuredOutput", "CategoricalStructuredOutput", "Dataset",
    "DatasetRecord", "EvaluatorContext", "EvaluatorResult", "ExperimentSummary", "LLMJudge",
    "LLMObs", "LLMObsSpan", "MultiEvaluatorResult", "Prompt", "RemoteEvaluator",
    "RemoteEvaluatorError", "ScoreStructuredOutput", "SummaryEvaluatorContext",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    made: Any
    if name == "LLMObsSpan":
        from catalejo.sdk.processors import LLMObsSpan as made
    elif name in ("Agent", "Prompt"):
        from catalejo.sdk import types

        made = getattr(types, name)
    elif name in NAMES_OF_CLASSES:
        made = placeholder(name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = made
    return made
