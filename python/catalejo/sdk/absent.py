"""What ddtrace.llmobs has and this version has not: prompt registry, data sets, experiments."""

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
    def get_prompt(cls, prompt_id: str, **options: Any) -> Any:
        """The fallback, as if the registry could not be reached; without one, not implemented."""
        if options.get("fallback") is None:
            refuse("LLMObs.get_prompt without a fallback")
        from catalejo.sdk.managed import ManagedPrompt

        return ManagedPrompt.from_fallback(prompt_id, options["fallback"])

    @classmethod
    def clear_prompt_cache(cls, hot: bool = True, warm: bool = True) -> None:
        """There is nothing in it."""

    @classmethod
    def refresh_prompt(cls, prompt_id: str, label: str | None = None) -> Any:
        return refuse("LLMObs.refresh_prompt")

    @classmethod
    def create_prompt(cls, *_: Any, **__: Any) -> Any:
        return refuse("LLMObs.create_prompt")

    @classmethod
    def create_prompt_version(cls, *_: Any, **__: Any) -> Any:
        return refuse("LLMObs.create_prompt_version")

    @classmethod
    def update_prompt(cls, *_: Any, **__: Any) -> Any:
        return refuse("LLMObs.update_prompt")

    @classmethod
    def update_prompt_version(cls, *_: Any, **__: Any) -> Any:
        return refuse("LLMObs.update_prompt_version")

    @classmethod
    def delete_prompt(cls, *_: Any, **__: Any) -> Any:
        return refuse("LLMObs.delete_prompt")

    @classmethod
    def list_prompts(cls) -> Any:
        return refuse("LLMObs.list_prompts")

    @classmethod
    def list_prompt_versions(cls, prompt_id: str) -> Any:
        return refuse("LLMObs.list_prompt_versions")

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
