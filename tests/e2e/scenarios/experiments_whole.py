"""One script of experiments that uses all of the SDK's forms, under Datadog's client or ours: the
module that is named. Run under a client's environment; prints what the client itself was told, as
JSON."""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
import threading
from pathlib import Path
from typing import Any

llmobs = importlib.import_module(sys.argv[1])
evaluators = importlib.import_module(sys.argv[1] + ".evaluators")
LLMObs = llmobs.LLMObs

CSV = (
    'id,question,answer,lang\n1,"¿Dónde,\nexactamente?",Aquí,es\n2,Where?\n'
    "3,Why?,Because,en,and more\n"
)
RECORDS = [
    {"id": f"r{n}", "input_data": {"n": n, "text": f"número {n} 🔭"}, "expected_output": n * n,
     "metadata": {"half": n / 2}, "tags": [f"odd:{n % 2}"]}
    for n in range(6)
]  # fmt: skip


def square(input_data: Any, config: Any, metadata: Any) -> Any:
    if input_data["n"] == 4:
        raise KeyError("four")
    with LLMObs.tool(name="multiply") as span:
        found = {"square": input_data["n"] ** 2 + config["off"], "half": metadata["half"]}
        LLMObs.annotate(span, input_data=input_data, output_data=found)
    return found


def right(input_data: Any, output_data: Any, expected_output: Any) -> Any:
    if input_data["n"] == 2:
        raise ValueError("two cannot be judged")
    good = bool(output_data and output_data["square"] == expected_output)
    return llmobs.EvaluatorResult(
        good, "as multiplied", "pass" if good else "fail", {"by": "hand"}, {"kind": "exact"}
    )


class Parts(llmobs.BaseEvaluator):  # type: ignore[misc,name-defined,unused-ignore]
    def evaluate(self, context: Any) -> Any:
        assert context.metadata["experiment_config"]["off"] == 0
        return llmobs.MultiEvaluatorResult(
            {
                "half": context.metadata["half"],
                "said": llmobs.EvaluatorResult(str(context.output_data), reasoning="its text"),
            }
        )


class Ends(llmobs.BaseSummaryEvaluator):  # type: ignore[misc,name-defined,unused-ignore]
    def __init__(self) -> None:
        super().__init__(name="ends")

    def evaluate(self, context: Any) -> Any:
        return {"first": context.inputs[0]["n"], "last": context.inputs[-1]["n"]}


def wrong(inputs: Any, outputs: Any, expected_outputs: Any, evaluators_results: Any) -> Any:
    raise RuntimeError(f"of {len(inputs)}")


def mean(inputs: Any, outputs: Any, expected_outputs: Any, evaluators_results: Any) -> Any:
    return sum(evaluators_results["Parts-half"]) / len(inputs)


def shown(result: Any) -> Any:
    return [
        [
            sorted(
                [row["idx"], row["record_id"], row["input"], row["output"], row["expected_output"],
                 row["error"]["type"], row["error"]["message"],
                 {
                     label: {key: said.get(key) for key in
                             ("value", "reasoning", "assessment", "metadata", "tags", "status")}
                     | {"error": (said.get("error") or {}).get("message")}
                     for label, said in row["evaluations"].items()
                 }]
                for row in run.rows
            ),
            run.run_iteration,
            {label: [said["value"], (said.get("error") or {}).get("message")]
             for label, said in run.summary_evaluations.items()},
        ]
        for run in result["runs"]
    ]  # fmt: skip


def squares(runs: int) -> Any:
    return LLMObs.experiment(
        "squares", square, LLMObs.pull_dataset("squares"),
        [right, Parts(), evaluators.JSONEvaluator(["square"])], description="of six numbers",
        tags={"team": "sea"}, config={"off": 0}, summary_evaluators=[Ends(), mean, wrong],
        runs=runs,
    )  # fmt: skip


def three_runs(told: dict[str, Any]) -> None:
    experiment = squares(3)
    told["three"] = shown(experiment.run(jobs=4))
    told["three_id"] = experiment._id


def raised(told: dict[str, Any]) -> None:
    experiment = squares(1)
    try:
        experiment.run(raise_errors=True, sample_size=3)
    except RuntimeError as error:
        told["raised"] = type(error).__name__
    told["raised_id"] = experiment._id


def retried(told: dict[str, Any]) -> None:
    lock, calls = threading.Lock(), {0: 0, 1: 0}

    def shaky(input_data: Any, config: Any) -> Any:
        with lock:
            calls[input_data["n"]] += 1
        if calls[input_data["n"]] < 3:
            raise TimeoutError("not yet")
        return calls[input_data["n"]]

    experiment = LLMObs.experiment(
        "retried", shaky, LLMObs.pull_dataset("squares"), [evaluators.LengthEvaluator(1)]
    )
    result = experiment.run(sample_size=2, max_retries=2, retry_delay=lambda attempt: 0.0)
    told["retried"] = shown(result)
    told["retried_id"] = experiment._id


async def asynchronous(told: dict[str, Any]) -> None:
    together = asyncio.Event()
    waiting = []

    async def task(input_data: Any, config: Any) -> Any:
        waiting.append(input_data["n"])
        if len(waiting) == 6:
            together.set()
        await asyncio.wait_for(together.wait(), 30)
        return input_data["n"]

    class Slow(llmobs.BaseAsyncEvaluator):  # type: ignore[misc,name-defined,unused-ignore]
        async def evaluate(self, context: Any) -> Any:
            await asyncio.sleep(0)
            return float(context.output_data)

    async def even(input_data: Any, output_data: Any, expected_output: Any) -> Any:
        return output_data % 2 == 0

    experiment = LLMObs.async_experiment(
        "together", task, LLMObs.pull_dataset("squares"), [Slow(), even]
    )
    told["together"] = shown(await experiment.run(jobs=6))


def judged(told: dict[str, Any]) -> None:
    def echo(input_data: Any, config: Any) -> Any:
        return f"SCORE 8 {input_data['text']}"

    judge = llmobs.LLMJudge(
        "Is this right? {{output_data}} of {{input_data.n}}, not {{expected_output}}{{nothing}}",
        system_prompt="You judge.", provider="azure_openai", model="gpt-4o", name="judge",
        structured_output=llmobs.ScoreStructuredOutput(
            "How right it is", 0, 10, reasoning=True, min_threshold=1
        ),
    )  # fmt: skip
    experiment = LLMObs.experiment("judged", echo, LLMObs.pull_dataset("squares"), [judge])
    told["judged"] = shown(experiment.run(sample_size=2))


def thousand(told: dict[str, Any]) -> None:
    records = [{"id": f"{n:04}", "input_data": n, "expected_output": -n} for n in range(1_000)]
    LLMObs.create_dataset("thousand", records=records)

    def negative(input_data: Any, config: Any) -> Any:
        return -input_data

    def same(input_data: Any, output_data: Any, expected_output: Any) -> Any:
        return output_data == expected_output

    dataset = LLMObs.pull_dataset("thousand")
    experiment = LLMObs.experiment("thousand", negative, dataset, [same])
    rows = experiment.run(jobs=8)["rows"]
    told["thousand"] = [
        [row["output"] for row in rows] == [-n for n in range(1_000)],
        all(row["evaluations"]["same"]["value"] for row in rows),
    ]
    told["thousand_id"] = experiment._id


def main(folder: Path) -> dict[str, Any]:
    told: dict[str, Any] = {}
    LLMObs.create_dataset("squares", records=RECORDS)
    three_runs(told)
    raised(told)
    retried(told)
    asyncio.run(asynchronous(told))
    judged(told)
    thousand(told)
    path = folder / "lines.csv"
    path.write_text(CSV, encoding="utf-8")
    made = LLMObs.create_dataset_from_csv(
        str(path), "lines", ["question"], ["answer"], ["lang"], id_column="id"
    )
    told["lines"] = [
        [r["record_id"], r["input_data"], r["expected_output"], r["metadata"]] for r in made
    ]
    return told


if __name__ == "__main__":
    LLMObs.enable(ml_app="experiments", project_name=sys.argv[2])
    print(json.dumps(main(Path(sys.argv[3]))))
    LLMObs.disable()
