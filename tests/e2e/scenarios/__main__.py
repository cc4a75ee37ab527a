"""python -m tests.e2e.scenarios --out FILE [--only NAME…]: runs under ddtrace-run or catalejo run.

Writes what the application itself heard, so that a test need not believe the tracer.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
from pathlib import Path
from typing import Any

from tests.e2e.scenarios import calls, failures, sdk
from tests.e2e.scenarios.heard import SCENARIOS, Clients
from tests.e2e.scenarios.names import NAMES
from tests.e2e.scenarios.tracer import GENERATION, LLMObs

assert calls and failures  # imported for the scenarios they register
assert tuple(SCENARIOS) == NAMES


def prompt_of(name: str) -> str:
    return f"[{name}] ¿Qué ve el señor Muñoz por el catalejo? 🔭"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", nargs="*", help="names of scenarios; sdk is one of them")
    arguments = parser.parse_args()
    wanted: list[str] = arguments.only or [*SCENARIOS, "sdk"]
    clients = Clients()
    heard: dict[str, Any] = {}
    for name in wanted:
        if name == "sdk":
            heard[name] = sdk.run(clients, prompt_of(name), GENERATION)
        else:
            heard[name] = dataclasses.asdict(SCENARIOS[name](clients, prompt_of(name)))
    LLMObs.flush()
    arguments.out.write_text(json.dumps(heard, ensure_ascii=False))


if __name__ == "__main__":
    main()
