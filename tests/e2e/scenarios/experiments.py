"""Experiments of Datadog's client or of ours, the module that is named, run as an application runs
them; run under a client's environment. Prints what the client itself was told, as JSON."""

from __future__ import annotations

import importlib
import json
import sys
import time
from typing import Any

LLMObs = importlib.import_module(sys.argv[1]).LLMObs

RECORDS = [
    {"input_data": {"q": "2+2"}, "expected_output": "4"},
    {"input_data": {"q": "¿3+3? 🔭"}, "expected_output": "6", "tags": ["level:hard"]},
    {"input_data": {"q": "1/0"}, "expected_output": "none"},
]


def answer(input_data: dict[str, Any], config: dict[str, Any]) -> str:
    if input_data["q"] == "1/0":
        raise ZeroDivisionError("there is no answer")
    with LLMObs.llm(model_name="gpt-4o", name="ask", model_provider="azure_openai") as span:
        told = {"2+2": "4", "¿3+3? 🔭": config["three"]}[input_data["q"]]
        LLMObs.annotate(
            span,
            input_data=input_data["q"],
            output_data=told,
            metrics={"input_tokens": 3, "output_tokens": 1, "total_tokens": 4},
        )
    return str(told)


def right(input_data: Any, output_data: Any, expected_output: Any) -> bool:
    return bool(output_data == expected_output)


def length(input_data: Any, output_data: Any, expected_output: Any) -> float:
    return len(output_data) / 2


def tone(input_data: Any, output_data: Any, expected_output: Any) -> str:
    return "Terse" if output_data else "Silent"


def share(
    inputs: Any, outputs: Any, expected_outputs: Any, evaluators_results: dict[str, list[Any]]
) -> float:
    return sum(1 for one in evaluators_results["right"] if one) / len(inputs)


def newest() -> bool:
    return hasattr(LLMObs, "pull_experiment")


def run(name: str, three: str) -> Any:
    dataset = LLMObs.pull_dataset("sums")
    experiment = LLMObs.experiment(
        name, answer, dataset, [right, length, tone], description="sums, by hand",
        tags={"team": "sea"}, config={"three": three}, summary_evaluators=[share],
    )  # fmt: skip
    return experiment, experiment.run(jobs=2)


def pulled(identity: str, rows: int) -> Any:
    """What Datadog's client makes of it, once all of its rows are there."""
    for _ in range(100):
        again = LLMObs.pull_experiment(identity)
        if len(again.result["rows"]) == rows:
            return again
        time.sleep(0.1)
    raise AssertionError(f"{identity} has {len(again.result['rows'])} rows")


def seen(result: Any) -> Any:
    return sorted(
        [
            row["input"]["q"],
            row["output"],
            row["expected_output"],
            row["error"]["type"],
            {name: one["value"] for name, one in sorted(row["evaluations"].items())},
        ]
        for row in result["rows"]
    )


def main() -> dict[str, Any]:
    told: dict[str, Any] = {}
    LLMObs.create_dataset("sums", records=RECORDS)
    first, result = run("sums by hand", "seven")
    told["ran"] = [len(result["rows"]), result["summary_evaluations"]["share"]["value"]]
    told["first"] = first._experiment._id if newest() else first._id
    second, _ = run("sums by hand", "6")
    told["second"] = second._experiment._id if newest() else second._id
    if not newest():
        return told
    again = pulled(told["first"], 3)
    told["pulled"] = seen(again.result)
    told["summary"] = again.result["summary_evaluations"]["share"]["value"]
    told["listed"] = [
        [one["id"], one["experiment"], one["status"], one["run_count"]]
        for one in LLMObs.list_experiments(experiment_name="sums by hand")
    ]
    told["tagged"] = [
        len(LLMObs.list_experiments(metadata_filter={"tags": [tag]}))
        for tag in ("team:sea", "team:land")
    ]
    scored = again.rerun_evaluators([tone], missing_task_strategy="skip")
    told["again"] = [scored._id, seen(pulled(scored._id, 2).result)]
    children = LLMObs.list_experiments(parent_experiment_ids=[told["first"]])
    told["children"] = [one["id"] for one in children]
    return told


if __name__ == "__main__":
    LLMObs.enable(ml_app="experiments", project_name=sys.argv[2])
    print(json.dumps(main()))
    LLMObs.disable()
