"""What ddtrace.llmobs has and this version has not: data sets, experiments, reading of spans."""

from __future__ import annotations

from typing import Any

NAMES_OF_CLASSES = (
    "Dataset", "DatasetRecord", "BaseEvaluator", "BaseSummaryEvaluator", "BaseAsyncEvaluator",
    "BaseAsyncSummaryEvaluator", "BooleanStructuredOutput", "CategoricalStructuredOutput",
    "EvaluatorContext", "EvaluatorResult", "ExperimentSummary", "MultiEvaluatorResult",
    "LLMJudge", "RemoteEvaluator", "RemoteEvaluatorError", "ScoreStructuredOutput",
    "SummaryEvaluatorContext",
)  # fmt: skip


def refuse(what: str) -> Any:
    raise NotImplementedError(f"{what} is not part of this version of Catalejo's tracer")


def placeholder(name: str) -> type:
    """A class that may be imported and derived from, but not instantiated: scripts that import
    more than they use go on working."""

    def __init__(self: Any, *_: Any, **__: Any) -> None:
        refuse(name)

    return type(name, (), {"__init__": __init__, "__doc__": f"{name}: not part of this version."})


class Absent:
    """The methods of LLMObs that raise NotImplementedError."""

    @classmethod
    def get_spans(cls, *_: Any, **__: Any) -> Any:
        return refuse("LLMObs.get_spans")

    @classmethod
    def create_dataset(cls, *_: Any, **__: Any) -> Any:
        return refuse("LLMObs.create_dataset")

    @classmethod
    def create_dataset_from_csv(cls, *_: Any, **__: Any) -> Any:
        return refuse("LLMObs.create_dataset_from_csv")

    @classmethod
    def pull_dataset(cls, *_: Any, **__: Any) -> Any:
        return refuse("LLMObs.pull_dataset")

    @classmethod
    def experiment(cls, *_: Any, **__: Any) -> Any:
        return refuse("LLMObs.experiment")

    @classmethod
    def async_experiment(cls, *_: Any, **__: Any) -> Any:
        return refuse("LLMObs.async_experiment")

    @classmethod
    def pull_experiment(cls, *_: Any, **__: Any) -> Any:
        return refuse("LLMObs.pull_experiment")

    @classmethod
    def list_experiments(cls, *_: Any, **__: Any) -> Any:
        return refuse("LLMObs.list_experiments")

    @classmethod
    def publish_evaluator(cls, *_: Any, **__: Any) -> Any:
        return refuse("LLMObs.publish_evaluator")
