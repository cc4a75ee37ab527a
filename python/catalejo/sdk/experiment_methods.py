"""What LLMObs has of experiments. Everything behind it is imported by the first call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Optional

if TYPE_CHECKING:
    from catalejo.experiments.dataset import Dataset
    from catalejo.experiments.experiment import Experiment
    from catalejo.experiments.listing import ExperimentSummary
    from catalejo.experiments.plain import SyncExperiment


def _made(asynchronous: bool, given: dict[str, Any]) -> Experiment:
    """TypeError for a task or an evaluator that could not be called."""
    from catalejo.experiments import place, scorers
    from catalejo.experiments.dataset import Dataset
    from catalejo.experiments.experiment import Experiment

    scorers.check_task(given["task"], asynchronous=asynchronous)
    if not isinstance(given["dataset"], Dataset):
        raise TypeError("dataset must be what create_dataset or pull_dataset of LLMObs return")
    given["evaluators"] = scorers.check_evaluators(given["evaluators"], asynchronous=asynchronous)
    given["summary_evaluators"] = scorers.check_summaries(
        given["summary_evaluators"], asynchronous=asynchronous
    )
    given["project_name"] = given["project_name"] or place.project()
    return Experiment(**given)


class ExperimentMethods:
    @classmethod
    def experiment(
        cls,
        name: str,
        task: Any,
        dataset: Dataset,
        evaluators: Any,
        description: str = "",
        project_name: Optional[str] = None,
        tags: Optional[dict[str, str]] = None,
        config: Optional[dict[str, Any]] = None,
        summary_evaluators: Any = None,
        runs: Optional[int] = 1,
    ) -> SyncExperiment:
        """`run()` of it calls task(input_data, config) for every record, and each evaluator with
        (input_data, output_data, expected_output); `summary_evaluators` with lists of all of
        them. Evaluators may be BaseEvaluators, too."""
        from catalejo.experiments.plain import SyncExperiment

        return SyncExperiment(_made(False, {
            "name": name, "task": task, "dataset": dataset, "evaluators": evaluators,
            "description": description, "project_name": project_name, "tags": tags,
            "config": config, "summary_evaluators": summary_evaluators, "runs": runs,
        }))  # fmt: skip

    @classmethod
    def async_experiment(
        cls,
        name: str,
        task: Any,
        dataset: Dataset,
        evaluators: Any,
        description: str = "",
        project_name: Optional[str] = None,
        tags: Optional[dict[str, str]] = None,
        config: Optional[dict[str, Any]] = None,
        summary_evaluators: Any = None,
        runs: Optional[int] = 1,
    ) -> Experiment:
        """The same with an asynchronous task; `run()` is to be awaited."""
        return _made(True, {
            "name": name, "task": task, "dataset": dataset, "evaluators": evaluators,
            "description": description, "project_name": project_name, "tags": tags,
            "config": config, "summary_evaluators": summary_evaluators, "runs": runs,
        })  # fmt: skip

    @classmethod
    def pull_experiment(cls, experiment_id: str) -> SyncExperiment:
        """An experiment that ran, with its result: `rerun_evaluators` judges it anew."""
        from catalejo.experiments import place, rerun
        from catalejo.experiments.plain import SyncExperiment

        return SyncExperiment(rerun.pull(experiment_id, place.project()))

    @classmethod
    def list_experiments(
        cls,
        experiment_name: Optional[str] = None,
        metadata_filter: Optional[dict[str, Any]] = None,
        parent_experiment_ids: Optional[list[str]] = None,
        project_name: Optional[str] = None,
        page_limit: int = 100,
        max_results: Optional[int] = None,
    ) -> list[ExperimentSummary]:
        """Those of the project, the newest first. `metadata_filter`: {"tags": ["team:sea"]}."""
        from catalejo.experiments import listing, place

        return listing.experiments(
            project_name or place.project(), experiment_name, metadata_filter,
            parent_experiment_ids, page_limit, max_results,
        )  # fmt: skip
