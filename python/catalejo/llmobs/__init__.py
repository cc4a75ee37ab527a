"""`ddtrace.llmobs` under another name: a script changes its import, and nothing else.

from catalejo.llmobs import LLMObs
from catalejo.llmobs.decorators import workflow
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from catalejo.sdk.llmobs import LLMObs

if TYPE_CHECKING:
    from catalejo.experiments.dataset import Dataset, DatasetRecord
    from catalejo.experiments.evaluators import (
        BaseAsyncEvaluator,
        BaseAsyncSummaryEvaluator,
        BaseEvaluator,
        BaseSummaryEvaluator,
        RemoteEvaluator,
    )
    from catalejo.experiments.judge import (
        BooleanStructuredOutput,
        CategoricalStructuredOutput,
        LLMJudge,
        ScoreStructuredOutput,
    )
    from catalejo.experiments.listing import ExperimentSummary
    from catalejo.experiments.results import (
        EvaluatorContext,
        EvaluatorResult,
        MultiEvaluatorResult,
        RemoteEvaluatorError,
        SummaryEvaluatorContext,
    )
    from catalejo.sdk.processors import LLMObsSpan
    from catalejo.sdk.types import Agent, Prompt

__all__ = [
    "Agent", "BaseAsyncEvaluator", "BaseAsyncSummaryEvaluator", "BaseEvaluator",
    "BaseSummaryEvaluator", "BooleanStructuredOutput", "CategoricalStructuredOutput", "Dataset",
    "DatasetRecord", "EvaluatorContext", "EvaluatorResult", "ExperimentSummary", "LLMJudge",
    "LLMObs", "LLMObsSpan", "MultiEvaluatorResult", "Prompt", "RemoteEvaluator",
    "RemoteEvaluatorError", "ScoreStructuredOutput", "SummaryEvaluatorContext",
]  # fmt: skip


# Where the names are that nobody needs who does not use them.
_HOMES = {
    "catalejo.sdk.processors": ("LLMObsSpan",),
    "catalejo.sdk.types": ("Agent", "Prompt"),
    "catalejo.experiments.dataset": ("Dataset", "DatasetRecord"),
    "catalejo.experiments.evaluators": (
        "BaseAsyncEvaluator", "BaseAsyncSummaryEvaluator", "BaseEvaluator", "BaseSummaryEvaluator",
        "RemoteEvaluator",
    ),
    "catalejo.experiments.judge": (
        "BooleanStructuredOutput", "CategoricalStructuredOutput", "LLMJudge",
        "ScoreStructuredOutput",
    ),
    "catalejo.experiments.listing": ("ExperimentSummary",),
    "catalejo.experiments.results": (
        "EvaluatorContext", "EvaluatorResult", "MultiEvaluatorResult", "RemoteEvaluatorError",
        "SummaryEvaluatorContext",
    ),
}  # fmt: skip


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            from importlib import import_module

            made = globals()[name] = getattr(import_module(home), name)
            return made
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
