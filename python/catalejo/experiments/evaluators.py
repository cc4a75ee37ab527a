"""Evaluators as classes: for one row or for all rows of a run, plain or asynchronous."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Callable, Optional

from catalejo.experiments import wire
from catalejo.experiments.results import (
    Answer,
    EvaluatorContext,
    RemoteEvaluatorResult,
    SummaryEvaluatorContext,
    check_name,
)


class _Named:
    """`name` is the label of its scores; that of the class where none is given."""

    def __init__(self, name: Optional[str] = None) -> None:
        self.name = check_name(type(self).__name__ if name is None else name.strip())


class BaseEvaluator(_Named, ABC):
    """Judges one row. `evaluate` may be called by several threads at a time."""

    @abstractmethod
    def evaluate(self, context: EvaluatorContext) -> Answer: ...


class BaseAsyncEvaluator(_Named, ABC):
    """Judges one row, in the event loop of the experiment."""

    @abstractmethod
    async def evaluate(self, context: EvaluatorContext) -> Answer: ...


class BaseSummaryEvaluator(_Named, ABC):
    """Judges a whole run, when all of its rows are there."""

    @abstractmethod
    def evaluate(self, context: SummaryEvaluatorContext) -> Answer: ...


class BaseAsyncSummaryEvaluator(_Named, ABC):
    """The same in the event loop of the experiment."""

    @abstractmethod
    async def evaluate(self, context: SummaryEvaluatorContext) -> Answer: ...


def _as_span(context: EvaluatorContext) -> dict[str, Any]:
    """What the variables of a judge are filled from."""
    meta: dict[str, Any] = {}
    if context.expected_output is not None:
        meta["expected_output"] = context.expected_output
    if context.metadata:
        meta["metadata"] = context.metadata
    made: dict[str, Any] = {"span_input": context.input_data, "span_output": context.output_data}
    for key, value in (
        ("meta", meta), ("span_id", context.span_id), ("trace_id", context.trace_id),
    ):  # fmt: skip
        if value:
            made[key] = value
    return made


class RemoteEvaluator(BaseEvaluator):
    """A judge that the server has, by its name. `transform_fn` makes of a row what the judge's
    variables are filled from."""

    _is_remote_evaluator = True

    def __init__(
        self,
        eval_name: str,
        transform_fn: Optional[Callable[[EvaluatorContext], dict[str, Any]]] = None,
    ) -> None:
        if not isinstance(eval_name, str) or not eval_name.strip():
            raise ValueError("eval_name must be the name of a judge")
        if transform_fn is not None and not callable(transform_fn):
            raise TypeError("transform_fn must be a function")
        self.name = eval_name.strip()  # as the server has it: not only letters and digits
        self._transform = transform_fn or _as_span

    def evaluate(self, context: EvaluatorContext) -> Answer:
        told = wire.infer(self.name, self._transform(context))
        value, reasoning, assessment = (
            told.get(key) for key in ("value", "reasoning", "assessment")
        )
        if reasoning or assessment:
            return RemoteEvaluatorResult(value, reasoning, assessment, told.get("status"))
        return value
