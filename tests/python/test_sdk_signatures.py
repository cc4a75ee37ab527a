"""Every public method of ddtrace 4's LLMObs is there, with its parameters in the same order."""

from __future__ import annotations

import inspect
import json
import subprocess
from typing import Any

import pytest
from catalejo import LLMObs as OURS

from tests.e2e.harness.client import venv

# What prints the methods: run by the Python that has ddtrace.
ASK = """
import inspect, json
from ddtrace.llmobs import LLMObs
found = {}
for name in dir(LLMObs):
    method = getattr(LLMObs, name)
    if name.startswith("_") or not callable(method) or name in ("start", "stop", "join"):
        continue
    found[name] = [
        [each.name, each.default is each.empty, each.kind.name]
        for each in inspect.signature(method).parameters.values()
    ]
print(json.dumps(found))
"""
# Not there: methods of ddtrace's service class, which no application calls.
OF_ITS_SERVICE = {"start", "stop", "join"}
# Methods that are there and raise NotImplementedError, whatever they are given: judges are made on
# the page (catalejo/sdk/absent.py).
NOT_IMPLEMENTED = {"publish_evaluator"}


@pytest.fixture(scope="module")
def theirs() -> dict[str, list[list[Any]]]:
    python = venv("v4") / "bin/python"
    done = subprocess.run([python, "-c", ASK], capture_output=True, text=True, check=True)
    found: dict[str, list[list[Any]]] = json.loads(done.stdout)
    assert len(found) > 30
    return found


def test_every_method_is_there(theirs: dict[str, list[list[Any]]]) -> None:
    missing = [name for name in theirs if not callable(getattr(OURS, name, None))]
    assert missing == []


def test_every_parameter_is_there(theirs: dict[str, list[list[Any]]]) -> None:
    differences = []
    for name, wanted in theirs.items():
        if name in NOT_IMPLEMENTED:
            continue
        ours = inspect.signature(getattr(OURS, name)).parameters
        mine = [each for each in ours if ours[each].kind is not inspect.Parameter.VAR_KEYWORD]
        expected = [each[0] for each in wanted if each[2] != "VAR_KEYWORD"]
        # An application may give them by position: the same order, ours after theirs.
        if mine[: len(expected)] != expected:
            differences.append(f"{name}: {expected}, ours {mine}")
            continue
        for parameter, required, kind in wanted:
            if kind == "VAR_KEYWORD":
                continue
            if (ours[parameter].default is inspect.Parameter.empty) != required:
                differences.append(f"{name}({parameter}): required in one of the two")
    assert differences == []


def test_the_exceptions_are_needed(theirs: dict[str, list[list[Any]]]) -> None:
    assert set(theirs) >= NOT_IMPLEMENTED
    for name in NOT_IMPLEMENTED:
        with pytest.raises(NotImplementedError):
            getattr(OURS, name)("x")
    assert all(not hasattr(OURS, name) for name in OF_ITS_SERVICE)
