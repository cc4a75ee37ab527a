"""python -m tests.python.openai_cases [--traced INTAKE] AZURE: runs all cases and prints.

The ml_app of a case's spans is its name, so the test can tell them apart.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
from typing import Any


def start_tracer(intake: str) -> Any:
    import catalejo.openai
    from catalejo import _core, hooks
    from catalejo.settings import Settings
    from catalejo.span import runtime

    runtime.start(Settings())
    _core.configure({"url": intake, "spans_path": "/api/v2/llmobs", "flush_interval_ms": 50})
    hooks.on_import("openai", catalejo.openai.patch)
    return runtime


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("azure")
    parser.add_argument("--traced", default="")
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    runtime = start_tracer(arguments.traced) if arguments.traced else None

    import openai

    from tests.python.openai_cases.clients import Clients
    from tests.python.openai_cases.grid import grid
    from tests.python.openai_cases.special import SPECIAL

    clients = Clients(arguments.azure, "traced" if runtime else "plain")
    cases = {**grid(clients), **SPECIAL}
    print(json.dumps({"case": "", "heard": {"version": openai.__version__}}))
    warm_up(cases, clients)
    for name, case in cases.items():
        if arguments.only not in name:
            continue
        if runtime is not None:
            runtime.settings.ml_app = name
        heard = case(clients)
        gc.collect()
        print(json.dumps({"case": name, "heard": heard}), flush=True)
    if runtime is not None:
        finish(runtime)


def warm_up(cases: dict[str, Any], clients: Any) -> None:
    """Imports what is imported late, so that collecting garbage need not look at it each time."""
    for name in ("chat-whole-async", "response-stream-all-sync", "parse-whole-sync"):
        if name in cases:
            cases[name](clients)
    gc.collect()
    gc.freeze()


def finish(runtime: Any) -> None:
    import catalejo.openai
    from catalejo import _core, hooks

    runtime.settings.ml_app = "still-open"
    left = catalejo.openai.finish_open()
    sent = _core.flush(20_000)
    made = getattr(hooks, "made_to_fail", 0)
    heard = {
        "left": left,
        "sent": sent,
        "failures": hooks.failures,
        "texts": hooks.failure_texts,
        "made_to_fail": made,
        "submit_failures": runtime.submit_failures,
    }
    print(json.dumps({"case": "end", "heard": heard}), flush=True)
    sys.stdout.flush()


if __name__ == "__main__":
    main()
