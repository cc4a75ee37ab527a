"""Evaluators that need no model: texts, patterns, lengths, JSON, and likeness of embeddings."""

from __future__ import annotations

import json
import math
import re
from typing import Any, Callable, Optional

from catalejo.experiments.evaluators import BaseEvaluator
from catalejo.experiments.results import EvaluatorContext, EvaluatorResult

Extractor = Callable[[Any], Any]


def _verdict(right: bool) -> EvaluatorResult:
    return EvaluatorResult(right, assessment="pass" if right else "fail")


def _one_of(name: str, value: Any, choices: tuple[str, ...]) -> Any:
    if value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(choices)}, not {value!r}")
    return value


def _function(name: str, value: Any) -> Any:
    if value is not None and not callable(value):
        raise TypeError(f"{name} must be a function")
    return value


class _OfOutput(BaseEvaluator):
    """Judges the output, or what `output_extractor` takes out of it; None never passes."""

    def __init__(self, output_extractor: Optional[Extractor], name: Optional[str]) -> None:
        super().__init__(name)
        self.output_extractor: Optional[Extractor] = _function("output_extractor", output_extractor)

    def _output(self, context: EvaluatorContext) -> Any:
        extract = self.output_extractor
        return context.output_data if extract is None else extract(context.output_data)

    def evaluate(self, context: EvaluatorContext) -> EvaluatorResult:
        output = self._output(context)
        return _verdict(output is not None and self._is_right(output))

    def _is_right(self, output: Any) -> bool:
        raise NotImplementedError


class StringCheckEvaluator(_OfOutput):
    """Compares output and expected output as texts: "eq", "ne", "contains" (the output the
    expected one) or "icontains" (in any case)."""

    VALID_OPERATIONS = ("eq", "ne", "contains", "icontains")

    def __init__(
        self,
        operation: str = "eq",
        case_sensitive: bool = True,
        strip_whitespace: bool = False,
        output_extractor: Optional[Extractor] = None,
        expected_output_extractor: Optional[Extractor] = None,
        name: Optional[str] = None,
    ) -> None:
        super().__init__(output_extractor, name)
        self.operation = _one_of("operation", operation, self.VALID_OPERATIONS)
        self.case_sensitive = case_sensitive and operation != "icontains"
        self.strip_whitespace = strip_whitespace
        self.expected_output_extractor: Optional[Extractor] = _function(
            "expected_output_extractor", expected_output_extractor
        )

    def evaluate(self, context: EvaluatorContext) -> EvaluatorResult:
        output, expected = self._output(context), context.expected_output
        if self.expected_output_extractor is not None:
            expected = self.expected_output_extractor(expected)
        if output is None or expected is None:
            return _verdict((output is expected) == (self.operation == "eq")
                            and self.operation in ("eq", "ne"))  # fmt: skip
        one, other = self._comparable(output), self._comparable(expected)
        if self.operation in ("eq", "ne"):
            return _verdict((one == other) == (self.operation == "eq"))
        return _verdict(other in one)

    def _comparable(self, value: Any) -> str:
        text = str(value)
        text = text.strip() if self.strip_whitespace else text
        return text if self.case_sensitive else text.lower()


class RegexMatchEvaluator(_OfOutput):
    """A pattern is anywhere ("search"), at the beginning ("match"), or is all ("fullmatch")."""

    def __init__(
        self,
        pattern: str,
        match_mode: str = "search",
        flags: int = 0,
        output_extractor: Optional[Extractor] = None,
        name: Optional[str] = None,
    ) -> None:
        super().__init__(output_extractor, name)
        self.match_mode = _one_of("match_mode", match_mode, ("search", "match", "fullmatch"))
        try:
            self.pattern = re.compile(pattern, flags)
        except re.error as error:
            raise ValueError(f"the pattern {pattern!r} is not valid: {error}") from error

    def _is_right(self, output: Any) -> bool:
        return getattr(self.pattern, self.match_mode)(str(output)) is not None


class LengthEvaluator(_OfOutput):
    """From `min_length` to `max_length` characters, words or lines."""

    def __init__(
        self,
        min_length: Optional[int] = None,
        max_length: Optional[int] = None,
        count_type: str = "characters",
        output_extractor: Optional[Extractor] = None,
        name: Optional[str] = None,
    ) -> None:
        super().__init__(output_extractor, name)
        self.count_type = _one_of("count_type", count_type, ("characters", "words", "lines"))
        if min_length is None and max_length is None:
            raise ValueError("give min_length, max_length or both")
        self.min_length, self.max_length = min_length, max_length
        least, most = min_length or 0, math.inf if max_length is None else max_length
        if not 0 <= least <= most:
            raise ValueError(f"no text has from {min_length} to {max_length} {count_type}")
        self._bounds = (least, most)

    def _is_right(self, output: Any) -> bool:
        text = str(output)
        counted = {"characters": text, "words": text.split(), "lines": text.splitlines()}
        return self._bounds[0] <= len(counted[self.count_type]) <= self._bounds[1]


class JSONEvaluator(_OfOutput):
    """The output is JSON, and an object has all `required_keys`."""

    def __init__(
        self,
        required_keys: Optional[list[str]] = None,
        output_extractor: Optional[Extractor] = None,
        name: Optional[str] = None,
    ) -> None:
        super().__init__(output_extractor, name)
        self.required_keys = required_keys or []

    def _is_right(self, output: Any) -> bool:
        if not isinstance(output, (dict, list)):
            try:
                output = json.loads(str(output))
            except ValueError:
                return False
        return not isinstance(output, dict) or all(key in output for key in self.required_keys)


def _cosine(one: list[float], other: list[float]) -> float:
    if len(one) != len(other):
        raise ValueError(f"embeddings of {len(one)} and of {len(other)} numbers")
    size = math.sqrt(sum(a * a for a in one)) * math.sqrt(sum(b * b for b in other))
    return sum(a * b for a, b in zip(one, other)) / size if size else 0.0


class SemanticSimilarityEvaluator(BaseEvaluator):
    """How near the embeddings of output and expected output are, from 0 to 1; passes from
    `threshold` up. `embedding_fn` makes a list of numbers of a text."""

    def __init__(
        self,
        embedding_fn: Callable[[str], list[float]],
        threshold: float = 0.7,
        name: Optional[str] = None,
    ) -> None:
        super().__init__(name)
        if not callable(embedding_fn):
            raise TypeError("embedding_fn must be a function")
        if not 0 <= threshold <= 1:
            raise ValueError(f"threshold must be from 0 to 1, not {threshold}")
        self.embedding_fn, self.threshold = embedding_fn, threshold

    def evaluate(self, context: EvaluatorContext) -> EvaluatorResult:
        output, expected = context.output_data, context.expected_output
        if output is None or expected is None:
            near = 1.0 if output is expected else 0.0
        else:
            one, other = self.embedding_fn(str(output)), self.embedding_fn(str(expected))
            near = (_cosine(one, other) + 1) / 2
        return EvaluatorResult(near, assessment="pass" if near >= self.threshold else "fail")
