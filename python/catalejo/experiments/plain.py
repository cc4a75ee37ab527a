"""Experiments for those who have no event loop, as LLMObs.experiment returns them."""

from __future__ import annotations

import asyncio
import contextvars
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Awaitable, Callable, Optional

from catalejo.experiments import rerun
from catalejo.experiments.experiment import Experiment
from catalejo.experiments.rows import ExperimentResult
from catalejo.experiments.run import How


def wait_for(work: Awaitable[Any]) -> Any:
    """The answer of a coroutine, also where an event loop is running already (a notebook)."""

    async def awaited() -> Any:
        return await work

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(awaited())
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(contextvars.copy_context().run, asyncio.run, awaited()).result()


class SyncExperiment:
    """An Experiment for those who have no event loop."""

    def __init__(self, experiment: Experiment) -> None:
        self._experiment = experiment

    @property
    def name(self) -> str:
        return self._experiment.name

    @property
    def url(self) -> str:
        return self._experiment.url

    @property
    def _id(self) -> Optional[str]:
        return self._experiment._id

    @property
    def result(self) -> Optional[ExperimentResult]:
        return self._experiment.result

    def run(
        self,
        jobs: int = 1,
        raise_errors: bool = False,
        sample_size: Optional[int] = None,
        max_retries: int = 0,
        retry_delay: Optional[Callable[[int], float]] = None,
    ) -> ExperimentResult:
        """As Experiment.run, one row at a time unless `jobs` says otherwise."""
        made: ExperimentResult = wait_for(
            self._experiment.run(jobs, raise_errors, sample_size, max_retries, retry_delay)
        )
        return made

    def as_dataframe(self) -> Any:
        return self._experiment.as_dataframe()

    def rerun_evaluators(
        self,
        evaluators: Any,
        task: Any = None,
        missing_task_strategy: str = "raise",
        jobs: int = 1,
        raise_errors: bool = False,
        max_retries: int = 0,
        retry_delay: Optional[Callable[[int], float]] = None,
        summary_evaluators: Any = None,
    ) -> SyncExperiment:
        """Judges the outputs of the first run anew: an experiment of its own whose parent this one
        is. Rows in which the task failed: "raise", "skip" them, or "retry" calls the task again."""
        how = How(jobs, raise_errors, max_retries, retry_delay)
        work = rerun.rerun(
            self._experiment, evaluators, task, missing_task_strategy, how, summary_evaluators
        )
        return SyncExperiment(wait_for(work))
