"""Evaluators of all kinds behind one face: a name, and a call that awaits the answer."""

from __future__ import annotations

import inspect
from typing import Any, Awaitable, Callable

from catalejo.experiments.evaluators import (
    BaseAsyncEvaluator,
    BaseAsyncSummaryEvaluator,
    BaseEvaluator,
    BaseSummaryEvaluator,
)
from catalejo.experiments.results import EvaluatorContext, SummaryEvaluatorContext

TASK = ("input_data", "config")
ROW = ("input_data", "output_data", "expected_output")
SUMMARY = ("inputs", "outputs", "expected_outputs", "evaluators_results")

InThread = Callable[..., Awaitable[Any]]  # (function, *arguments)


async def called(function: Callable[..., Any], in_thread: InThread, *given: Any) -> Any:
    """In the event loop when it is asynchronous, else in a thread."""
    if inspect.iscoroutinefunction(function):
        return await function(*given)
    answer = await in_thread(function, *given)
    return await answer if inspect.isawaitable(answer) else answer


def _has(function: Any, wanted: tuple[str, ...]) -> bool:
    return all(name in inspect.signature(function).parameters for name in wanted)


def check_task(task: Any, *, asynchronous: bool) -> None:
    if not callable(task):
        raise TypeError("task must be a function of input_data and config")
    if asynchronous and not inspect.iscoroutinefunction(task):
        raise TypeError("task must be an async function; LLMObs.experiment takes plain ones")
    if not _has(task, TASK):
        raise TypeError(f"task must have the parameters {', '.join(TASK)}")


def _check(evaluator: Any, classes: tuple[type, ...], wanted: tuple[str, ...], what: str) -> None:
    if isinstance(evaluator, classes):
        return
    if not callable(evaluator):
        raise TypeError(
            f"{what} {evaluator!r} must be a function of {', '.join(wanted)} or derive from "
            f"{classes[0].__name__}; put a metric of another library into one of them"
        )
    if _has(evaluator, wanted):
        return
    if wanted is SUMMARY and len(inspect.signature(evaluator).parameters) == 1:
        return
    raise TypeError(f"{what} {name_of(evaluator)} must have the parameters {', '.join(wanted)}")


def check_evaluators(evaluators: Any, *, asynchronous: bool) -> list[Any]:
    if not evaluators:
        raise TypeError("evaluators must be a list of functions or of BaseEvaluators")
    classes = (BaseEvaluator, BaseAsyncEvaluator) if asynchronous else (BaseEvaluator,)
    checked = list(evaluators)
    for evaluator in checked:
        _check(evaluator, classes, ROW, "evaluator")
    return checked


def check_summaries(evaluators: Any, *, asynchronous: bool) -> list[Any]:
    classes: tuple[type, ...] = (BaseSummaryEvaluator,)
    if asynchronous:
        classes = (BaseSummaryEvaluator, BaseAsyncSummaryEvaluator)
    checked = list(evaluators or ())
    for evaluator in checked:
        _check(evaluator, classes, SUMMARY, "summary evaluator")
    return checked


def name_of(evaluator: Any) -> str:
    """The label of its scores."""
    named = getattr(evaluator, "name", None) or getattr(evaluator, "__name__", None)
    return str(named or type(evaluator).__name__)


def is_remote(evaluator: Any) -> bool:
    return bool(getattr(evaluator, "_is_remote_evaluator", False))


async def ask(evaluator: Any, in_thread: InThread, context: EvaluatorContext) -> Any:
    if isinstance(evaluator, (BaseEvaluator, BaseAsyncEvaluator)):
        return await called(evaluator.evaluate, in_thread, context)
    return await called(
        evaluator, in_thread, context.input_data, context.output_data, context.expected_output
    )


async def ask_summary(evaluator: Any, in_thread: InThread, context: SummaryEvaluatorContext) -> Any:
    if isinstance(evaluator, (BaseSummaryEvaluator, BaseAsyncSummaryEvaluator)):
        return await called(evaluator.evaluate, in_thread, context)
    if len(inspect.signature(evaluator).parameters) == 1:
        return await called(evaluator, in_thread, context)
    return await called(
        evaluator, in_thread, context.inputs, context.outputs, context.expected_outputs,
        context.evaluation_results,
    )  # fmt: skip
