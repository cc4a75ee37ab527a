"""Ready-made evaluators, where ddtrace.llmobs has them."""

from catalejo.experiments.ready_made import (
    JSONEvaluator,
    LengthEvaluator,
    RegexMatchEvaluator,
    SemanticSimilarityEvaluator,
    StringCheckEvaluator,
)

__all__ = [
    "JSONEvaluator", "LengthEvaluator", "RegexMatchEvaluator", "SemanticSimilarityEvaluator",
    "StringCheckEvaluator",
]  # fmt: skip
