"""Runs a piece of Python in a process of its own, with the native core in reach: counts start at
zero there, and it may fork, be killed, or end without a goodbye."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

BEGIN = """
import json, os, sys, threading, time
from catalejo import _core
def say(**what): print(json.dumps(what), flush=True)
def total(c): return c["acknowledged"] + c["queued"] + c["spooled"] + sum(c["lost"].values())
def adds_up(): c = _core.counts(); return c["submitted"] + c["recovered"] == total(c)
"""


def start(code: str, **variables: object) -> subprocess.Popen[str]:
    """`variables` are globals of the piece."""
    given = "".join(f"{name} = {value!r}\n" for name, value in variables.items())
    return subprocess.Popen(
        [sys.executable, "-X", "faulthandler", "-c", BEGIN + given + code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ},
    )


def finish(child: subprocess.Popen[str], timeout_s: float = 30) -> list[dict[str, Any]]:
    """What it said; it must end well and with nothing on its standard error."""
    out, err = child.communicate(timeout=timeout_s)
    assert (child.returncode, err) == (0, ""), f"exit {child.returncode}: {err[-2000:]}\n{out}"
    return [json.loads(line) for line in out.splitlines()]


def run(code: str, timeout_s: float = 30, **variables: object) -> list[dict[str, Any]]:
    return finish(start(code, **variables), timeout_s)
