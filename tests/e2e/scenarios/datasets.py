"""Dataset functions of Datadog's client or of ours, the module that is named, called as an
application calls them; run under a client's environment. Prints what the client itself was told, as
JSON."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import Any

LLMObs = importlib.import_module(sys.argv[1]).LLMObs

CSV = 'question,answer,lang\n"¿Dónde, ""exactamente""?",Aquí,es\nWhere?,Here,en\n'


def contents(dataset: Any) -> list[Any]:
    return [
        [r["input_data"], r["expected_output"], r["metadata"], sorted(r["tags"])] for r in dataset
    ]


def main(folder: Path) -> dict[str, Any]:
    told: dict[str, Any] = {}
    records = [
        {"input_data": {"q": "uno 🔭"}, "expected_output": "1", "metadata": {"n": 1}},
        {"input_data": {"q": "dos"}, "expected_output": {"a": [2, 2.5, None]}, "tags": ["k:v"]},
        {"input_data": "tres"},
        {"input_data": {"q": "dos"}, "expected_output": {"a": [2, 2.5, None]}, "tags": ["k:v"]},
    ]
    made = LLMObs.create_dataset("first", description="uno, dos", records=records)
    told["made"] = [made.version, made.latest_version, len(made)]
    pulled = LLMObs.pull_dataset("first")
    told["pulled"] = [pulled.version, pulled.description, contents(pulled)]
    pulled.update(0, {"expected_output": "one"})
    pulled.add_tags(1, ["x:y"])
    pulled.append({"input_data": {"q": "cuatro"}})
    pulled.push()
    told["changed"] = [pulled.version, contents(LLMObs.pull_dataset("first"))]
    pulled.delete(2)
    pulled.push()
    told["deleted"] = [pulled.version, len(LLMObs.pull_dataset("first"))]
    told["old"] = contents(LLMObs.pull_dataset("first", version=1))
    told["tagged"] = len(LLMObs.pull_dataset("first", tags=["x:y"]))
    path = folder / "data.csv"
    path.write_text(CSV)
    LLMObs.create_dataset_from_csv(
        str(path), "from csv", ["question"], expected_output_columns=["answer"],
        metadata_columns=["lang"], project_name="another project",
    )  # fmt: skip
    told["csv"] = contents(LLMObs.pull_dataset("from csv", project_name="another project"))
    many = [{"input_data": {"n": n, "pad": "x" * 1000}} for n in range(2500)]
    LLMObs.create_dataset("many", records=many)
    whole = LLMObs.pull_dataset("many")
    told["many"] = [whole.version, [r["input_data"]["n"] for r in whole] == list(range(2500))]
    try:
        LLMObs.pull_dataset("nothing")
    except ValueError as error:
        told["missing"] = str(error)
    LLMObs._delete_dataset(whole._id)
    try:
        LLMObs.pull_dataset("many")
    except ValueError as error:
        told["gone"] = str(error)
    return told


if __name__ == "__main__":
    LLMObs.enable(ml_app="datasets", project_name="default-project")
    print(json.dumps(main(Path(sys.argv[2]))))
    LLMObs.disable()
