"""An experiment judged by a judge that the server has, under Datadog's client or ours: the module
that is named. Run under a client's environment; prints what the client was told, as JSON."""

from __future__ import annotations

import importlib
import json
import sys
from typing import Any

llmobs = importlib.import_module(sys.argv[1])
LLMObs = llmobs.LLMObs


def echo(input_data: Any, config: Any) -> Any:
    return {"said": input_data}


def main(names: list[str]) -> dict[str, Any]:
    records = [
        {"input_data": "¿uno? 🔭", "expected_output": "one", "metadata": {"tone": "grave"}},
        {"input_data": {"q": "dos"}, "expected_output": ["two"]},
    ]
    LLMObs.create_dataset("judged", records=records)
    judges = [llmobs.RemoteEvaluator(name) for name in names]
    dataset = LLMObs.pull_dataset("judged")
    rows = LLMObs.experiment("judged", echo, dataset, judges).run()["rows"]
    return {
        name: [
            [said["value"], said.get("assessment"), bool(said.get("reasoning")),
             said.get("status"), (said["error"] or {}).get("message")]
            for said in (row["evaluations"][name] for row in rows)
        ]
        for name in names
    }  # fmt: skip


if __name__ == "__main__":
    LLMObs.enable(ml_app="experiments", project_name=sys.argv[2])
    print(json.dumps(main(sys.argv[3:])))
    LLMObs.disable()
