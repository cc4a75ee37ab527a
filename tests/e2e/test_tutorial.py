"""The commands of the tutorial of `catalejo run`, as a newcomer types them, in an empty folder."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.check_docs import page_of, prose_and_code
from tests.e2e.harness.page_api import Json
from tests.e2e.harness.program import ROOT, Catalejo, build_dir, free_port, until

PAGE = "tutorial/catalejo-run.md"
# What keeps running, each in a shell of its own.
LASTING = ("catalejo up", "demo.azure")


def as_here(text: str, azure_port: int) -> str:
    """The page's text with this checkout, this build and a free port."""
    text = text.replace("$REPOSITORY/build/release", str(build_dir()))
    text = text.replace("REPOSITORY=~/catalejo", f"REPOSITORY={ROOT}")
    return re.sub(r"\b9900\b", str(azure_port), text)


@contextlib.contextmanager
def shell(script: str, folder: Path, environment: dict[str, str]) -> Iterator[None]:
    """A shell that runs something that does not end; ended with all that it started."""
    with (folder.parent / "lasting.log").open("a") as log:
        process = subprocess.Popen(
            ["bash", "-ec", script], cwd=folder, env=environment, stdout=log, stderr=log,
            stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def answers(port: int) -> bool:
    checked = f"exec 3<>/dev/tcp/127.0.0.1/{port}"
    return subprocess.run(["bash", "-c", checked], capture_output=True, check=False).returncode == 0


@pytest.mark.timeout(600)
def test_the_tutorial_leads_to_a_trace(tmp_path: Path) -> None:
    server = Catalejo(tmp_path / "data")
    folder = tmp_path / "empty"
    folder.mkdir()
    environment = server.environment()
    azure_port = free_port()
    script: list[str] = []
    with contextlib.ExitStack() as shells:
        for language, lines in prose_and_code(page_of("en", PAGE))[1]:
            text = as_here("\n".join(lines), azure_port)
            if language == "python":
                (folder / lines[0].removeprefix("# ")).write_text(text)
            elif any(each in text for each in LASTING):
                repository = f"export REPOSITORY={ROOT}\n"
                shells.enter_context(shell(repository + text, folder, environment))
            else:
                script.append(text)
        until(lambda: server.api.status("/api/health") == 200, "catalejo up is ready", 60)
        until(lambda: answers(azure_port), "the fake Azure listens")
        done = subprocess.run(
            ["bash", "-euc", "\n".join(script)], cwd=folder, env=environment, text=True,
            capture_output=True, timeout=500, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        assert "Agent error: None" in done.stdout
        assert "traced 1, sent 1, acknowledged 1, lost 0" in done.stderr

        def stored() -> list[Json]:
            found: list[Json] = server.api.spans(view="spans", ml_app="first-trace")
            return found if len(found) == 2 else []

        row = until(stored, "the two traced runs are on the page")[0]
        [span] = server.api.trace(row["trace_id"])["spans"]
        assert span["deployment"] == "gpt-4o-mini" and span["output_tokens"] > 0
