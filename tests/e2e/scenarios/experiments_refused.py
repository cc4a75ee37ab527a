"""An experiment whose server refuses or is away, at first or while it runs: what the application is
told, and what it has in the end. Run under a client's environment; prints it as JSON."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from catalejo import LLMObs


def told(call: Any) -> str:
    try:
        call()
    except ValueError as error:
        return str(error)
    return "nothing"


def whole_but_for_the_server(folder: Path) -> list[Any]:
    """The server is stopped by the test when it sees the file, and does not come back."""
    made = LLMObs.create_dataset("stays", records=[{"input_data": n} for n in range(4)])

    def task(input_data: Any, config: Any) -> Any:
        if input_data == 0:
            (folder / "started").touch()
            while not (folder / "stopped").exists():
                time.sleep(0.01)
        return input_data + 1

    def judge(input_data: Any, output_data: Any, expected_output: Any) -> Any:
        return output_data > input_data

    result = LLMObs.experiment("stays", task, made, [judge]).run()
    return [[row["output"], row["evaluations"]["judge"]["value"]] for row in result["rows"]]


if __name__ == "__main__":
    LLMObs.enable(ml_app="refused", project_name="refused")
    if sys.argv[1] == "refused":
        print(json.dumps([
            told(lambda: LLMObs.create_dataset("d", records=[{"input_data": 1}])),
            told(lambda: LLMObs.pull_dataset("d")),
            told(lambda: LLMObs.pull_experiment("e")),
            told(LLMObs.list_experiments),
            told(LLMObs.get_spans),
        ]))  # fmt: skip
    else:
        print(json.dumps(whole_but_for_the_server(Path(sys.argv[1]))))
