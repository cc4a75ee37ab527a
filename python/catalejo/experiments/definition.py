"""What an experiment is made of, and what the server is told of it."""

from __future__ import annotations

import inspect
from typing import Any, Optional

from catalejo import __version__
from catalejo.experiments import git, place, rows, scorers, scores, wire
from catalejo.experiments.dataset import Dataset
from catalejo.experiments.rows import ExperimentResult
from catalejo.sdk.log import debug
from catalejo.sdk.values import plain
from catalejo.span import runtime

_NOT_ENABLED = "LLMObs is not enabled: call LLMObs.enable() first"


def require_enabled() -> None:
    if not runtime.enabled:
        raise ValueError(_NOT_ENABLED)


class Definition:
    """A task, a dataset and evaluators; without the first two when it was pulled."""

    def __init__(
        self,
        name: str,
        task: Any = None,
        dataset: Optional[Dataset] = None,
        evaluators: Any = (),
        project_name: str = "",
        description: str = "",
        tags: Optional[dict[str, str]] = None,
        config: Optional[dict[str, Any]] = None,
        summary_evaluators: Any = None,
        runs: Optional[int] = None,
    ) -> None:
        self.name = name
        self.task = task
        self.dataset = dataset
        self.evaluators = list(evaluators)
        self.summary_evaluators = list(summary_evaluators or ())
        self.project_name = project_name
        self.description = description
        self.config = dict(config or {})
        if dataset is not None and dataset.filter_tags:
            self.config["filtered_record_tags"] = dataset.filter_tags
        self.runs = runs or 1
        self.tags: dict[str, str] = {
            **git.tags(),
            **(tags or {}),
            "catalejo.version": __version__,
            "project_name": project_name,
            "dataset_name": dataset.name if dataset is not None else "",
            "experiment_name": name,
        }
        self.id = ""
        self.project_id = ""
        self.dataset_id = dataset._id if dataset is not None else ""
        self.dataset_version = dataset.version if dataset is not None else 0
        self.result: Optional[ExperimentResult] = None

    @property
    def _id(self) -> Optional[str]:  # what scripts for ddtrace ask for
        return self.id or None

    @property
    def url(self) -> str:
        return place.page(f"/experiments/{self.id}")

    @property
    def task_takes_metadata(self) -> bool:
        return "metadata" in inspect.signature(self.task).parameters

    @property
    def remote_names(self) -> set[str]:
        return {scorers.name_of(one) for one in self.evaluators if scorers.is_remote(one)}

    def create(self, **more: Any) -> str:
        """Makes it known to the server; the name of this run of it."""
        if not self.project_id:
            self.project_id = wire.project(self.project_name)["_id"]
        self.tags["project_id"] = self.project_id
        given: dict[str, Any] = {
            "name": self.name,
            "description": self.description,
            "dataset_id": self.dataset_id,
            "project_id": self.project_id,
            "dataset_version": self.dataset_version,
            "config": plain(self.config),
            "metadata": {"tags": scores.tag_list(self.tags)},
            "ensure_unique": True,
            "run_count": self.runs,
        }
        self.id, name = wire.create_experiment(**{**given, **more})
        self.tags["experiment_id"] = self.id
        return name

    def say(self, **changes: str) -> None:
        """Its state: the experiment goes on when the server does not take it."""
        try:
            wire.update_experiment(self.id, **changes)
        except ValueError as error:
            debug(f"experiment {self.name}: its state was not taken: {error}")

    def tell_end(self, result: ExperimentResult) -> None:
        wrong = rows.failures(result)
        if wrong:
            self.say(status="failed", error=wrong)
        else:
            self.say(status="completed")

    def as_dataframe(self) -> Any:
        """The rows of all runs in one pandas.DataFrame."""
        return rows.all_runs(self.known_result())

    def known_result(self) -> ExperimentResult:
        if self.result is None:
            raise ValueError("there is no result yet: call run() or LLMObs.pull_experiment()")
        return self.result
