"""What evaluators are given, and what they may answer with."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Optional, Union

from catalejo.sdk.types import JSONType

NAME = re.compile(r"[a-zA-Z0-9_-]+")


def check_name(name: Any) -> str:
    """A name of an evaluator, which becomes the label of its scores."""
    if not isinstance(name, str):
        raise TypeError("the name of an evaluator must be a text")
    if not NAME.fullmatch(name):
        raise ValueError(
            f"the name {name!r} of an evaluator must have letters, digits, _ and - alone"
        )
    return name


class EvaluatorResult:
    """A value, and what is to be known of it."""

    def __init__(
        self,
        value: JSONType,
        reasoning: Optional[str] = None,
        assessment: Optional[str] = None,
        metadata: Optional[dict[str, JSONType]] = None,
        tags: Optional[dict[str, JSONType]] = None,
    ) -> None:
        self.value = value
        self.reasoning = reasoning
        self.assessment = assessment
        self.metadata = metadata
        self.tags = tags


class RemoteEvaluatorResult(EvaluatorResult):
    """Of a judge that the server asked; `status` as the server tells it."""

    def __init__(
        self,
        value: JSONType,
        reasoning: Optional[str] = None,
        assessment: Optional[str] = None,
        status: Optional[str] = None,
    ) -> None:
        super().__init__(value, reasoning, assessment)
        self.status = status


class MultiEvaluatorResult:
    """Several values of one evaluator by name, each a score of its own: "EVALUATOR-NAME", or the
    bare name when `prefix` is False."""

    def __init__(
        self, values: dict[str, Union[JSONType, EvaluatorResult]], prefix: bool = True
    ) -> None:
        if not isinstance(values, dict):
            raise TypeError("values of a MultiEvaluatorResult must be a dict")
        if not values:
            raise ValueError("a MultiEvaluatorResult needs at least one value")
        for name in values:
            check_name(name)
        self.values = values
        self.prefix = prefix


class RemoteEvaluatorError(Exception):
    """The server could not judge. `backend_error`: {type, message, recommended_resolution}."""

    def __init__(
        self, message: str, status: str, backend_error: Optional[dict[str, Any]] = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.backend_error = backend_error or {}


@dataclass(frozen=True)
class EvaluatorContext:
    """One row: what the task was given and made of it. `metadata` has that of the record, and the
    configuration of the experiment as `experiment_config`."""

    input_data: JSONType
    output_data: Any
    expected_output: Optional[JSONType] = None
    metadata: dict[str, Any] = field(default_factory=dict)
    span_id: Optional[str] = None
    trace_id: Optional[str] = None


@dataclass(frozen=True)
class SummaryEvaluatorContext:
    """All rows of a run, in the order of the dataset; `evaluation_results` by name."""

    inputs: list[JSONType]
    outputs: list[JSONType]
    expected_outputs: list[JSONType]
    evaluation_results: dict[str, list[JSONType]]
    metadata: list[dict[str, Any]] = field(default_factory=list)


Answer = Union[JSONType, EvaluatorResult, MultiEvaluatorResult]
