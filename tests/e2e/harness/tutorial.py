"""A tutorial's commands as a reader types them: what keeps running in shells of their own, the rest
in one shell, in an empty folder."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.docs.check_docs import page_of, prose_and_code
from tests.e2e.harness.program import ROOT, Catalejo, build_dir, free_port, until

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


@contextlib.contextmanager
def followed(
    page: str, server: Catalejo, folder: Path, path: str = "", language: str = "en"
) -> Iterator[subprocess.CompletedProcess[str]]:
    """The page `page` in one language, done; what keeps running does so until the end of the block.
    `path` is put before PATH, in place of an environment that another page made."""
    folder.mkdir()
    environment = server.environment()
    environment |= {"REPOSITORY": str(ROOT), "PATH": f"{path}:{build_dir()}:{environment['PATH']}"}
    azure_port = free_port()
    script: list[str] = []
    with contextlib.ExitStack() as shells:
        for kind, lines in prose_and_code(page_of(language, page))[1]:
            text = as_here("\n".join(lines), azure_port)
            if kind == "python":
                (folder / lines[0].removeprefix("# ")).write_text(text)
            elif kind != "sh":
                continue
            elif any(each in text for each in LASTING):
                shells.enter_context(shell(text, folder, environment))
            else:
                script.append(text)
        until(lambda: server.api.status("/api/health") == 200, "catalejo up is ready", 60)
        until(lambda: answers(azure_port), "the fake Azure listens")
        done = subprocess.run(
            ["bash", "-euc", "\n".join(script)], cwd=folder, env=environment, text=True,
            capture_output=True, timeout=500, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        yield done
