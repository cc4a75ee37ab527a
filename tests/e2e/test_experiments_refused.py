"""Experiments of our own SDK when the server wants another key, is away, or goes away."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from demo.azure.server import Azure
from tests.e2e.harness.client import client_environment, mode_named, python
from tests.e2e.harness.program import ROOT, Catalejo, free_port, until

MODE = mode_named("tracer-override")
COMMAND = [python(MODE), "-m", "tests.e2e.scenarios.experiments_refused"]


def heard(env: dict[str, str]) -> list[str]:
    done = subprocess.run(
        [*COMMAND, "refused"], cwd=ROOT, env=env, capture_output=True, text=True, timeout=150,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]
    found: list[str] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def test_a_wrong_key_is_told_at_once(fresh: Catalejo, azure: Azure) -> None:
    fresh.create_key("another")
    with fresh:
        env = {**client_environment(MODE, fresh, azure), "DD_API_KEY": "wrong"}
        for said in heard(env):
            assert said.startswith(("401: ", "403: ")), said


def test_a_server_that_is_away_is_named(fresh: Catalejo, azure: Azure) -> None:
    fresh.key = "any key will do"
    with fresh:
        env = client_environment(MODE, fresh, azure)
    origin = f"http://127.0.0.1:{free_port()}"
    for said in heard({**env, "DD_LLMOBS_OVERRIDE_ORIGIN": origin}):
        assert said.startswith(f"{origin} could not be reached"), said


def test_the_application_has_its_result_when_the_server_goes(
    fresh: Catalejo, azure: Azure, tmp_path: Path
) -> None:
    fresh.key = "any key will do"
    with fresh:
        env = client_environment(MODE, fresh, azure)
        child = subprocess.Popen(
            [*COMMAND, str(tmp_path)], cwd=ROOT, env=env, text=True, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )  # fmt: skip
        until((tmp_path / "started").exists, "the experiment runs")
    (tmp_path / "stopped").touch()
    out, err = child.communicate(timeout=150)
    assert child.returncode == 0, err[-4000:]
    rows: Any = json.loads(out.strip().splitlines()[-1])
    assert rows == [[1, True], [2, True], [3, True], [4, True]]
    assert "experiment stays: 4 scores were not taken" in err
