"""Experiments, as LLMObs.async_experiment returns them."""

from __future__ import annotations

from typing import Callable, Optional

from catalejo.experiments import rows
from catalejo.experiments.definition import Definition, require_enabled
from catalejo.experiments.progress import tell
from catalejo.experiments.rows import ExperimentResult, ExperimentRun, RunInfo
from catalejo.experiments.run import How, Run
from catalejo.sdk.log import warn


class Experiment(Definition):
    """`run` is to be awaited; plain functions among task and evaluators are called in threads."""

    async def run(
        self,
        jobs: int = 10,
        raise_errors: bool = False,
        sample_size: Optional[int] = None,
        max_retries: int = 0,
        retry_delay: Optional[Callable[[int], float]] = None,
    ) -> ExperimentResult:
        """Runs the task on each record (the first `sample_size`), `jobs` at a time, and the
        evaluators on what it made. A failure is told in its row; `raise_errors` raises it when all
        rows are done. Failures are tried again `max_retries` times, after `retry_delay(n)` s."""
        how = How(jobs, raise_errors, max_retries, retry_delay)
        if self.task is None or self.dataset is None:
            raise ValueError(
                "an experiment that was pulled has no task and no dataset: make one with "
                "LLMObs.experiment, or call rerun_evaluators"
            )
        require_enabled()
        self.create()
        self.say(status="running")
        records = list(self.dataset)[:sample_size]
        done: list[ExperimentRun] = []
        retries: list[str] = []
        try:
            for index in range(self.runs):
                run = Run(self, RunInfo(index), how)
                try:
                    made = await run.rows(records)
                    done.append(ExperimentRun(run.info, await run.summaries(made, records), made))
                finally:
                    retries += run.retries
                    run.threads.close()
        except BaseException:
            self.say(status="interrupted")
            warn(f"experiment {self.name} was interrupted after {len(done)} runs", once=False)
            raise
        finally:
            self.result = rows.result_of(done)
            tell(rows.sentences(self.name, self.result, self.runs, retries))
        self.tell_end(self.result)
        return self.result
