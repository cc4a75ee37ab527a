"""Runs tests/python/openai_cases in a client's environment, traced and not, and holds the two."""

from __future__ import annotations

import json
import os
import subprocess
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from demo.azure.server import start as start_azure
from tests.e2e.harness.client import venv
from tests.python.intake import Intake

ROOT = Path(__file__).resolve().parents[2]
SECONDS_MAX = 240
Heard = Any  # what a case returns: texts in lists and dicts
Span = dict[str, Any]


def environments() -> dict[str, Path]:
    """Name → virtual environment: openai 3, 2 and 1, or those of CATALEJO_OPENAI_VENVS (a:b:c)."""
    given = os.environ.get("CATALEJO_OPENAI_VENVS", "").split(":")
    found = {Path(folder).name: Path(folder) for folder in given if folder}
    return found or {name: venv(name) for name in ("v4", "tracer2", "v3")}


class Run:
    """What both runs heard, by case, and the spans that the traced one sent, by case."""

    def __init__(self, environment: Path) -> None:
        self.python = environment / "bin" / "python"
        azure, intake = start_azure(), Intake()
        try:
            self.plain = self._cases(azure.url())
            self.traced = self._cases(azure.url(), "--traced", intake.url)
            self.spans: Mapping[str, list[Span]] = defaultdict(list)
            for span in intake.spans():
                self.spans[span["ml_app"]].append(span)
        finally:
            intake.close()
            azure.shutdown()

    def _cases(self, *arguments: str) -> dict[str, Heard]:
        path = f"{ROOT / 'python'}:{ROOT}"
        run = subprocess.run(
            [self.python, "-W", "ignore", "-m", "tests.python.openai_cases", *arguments],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": path},
            text=True,
            capture_output=True,
            timeout=SECONDS_MAX,
            check=False,
        )
        assert run.returncode == 0, run.stderr[-4000:]
        lines = [json.loads(line) for line in run.stdout.splitlines()]
        return {line["case"]: line["heard"] for line in lines}

    def span(self, case: str) -> Span:
        """The one span of a case."""
        spans = self.spans[case]
        assert len(spans) == 1, f"{case}: {len(spans)} spans"
        return spans[0]


def read(said: str) -> Any:
    """What `clients.said` wrote of a model."""
    return json.loads(said.partition("\n")[0])


def text_of(chunks: list[str]) -> str:
    """The text that the application got of the chunks of any kind of stream."""
    parts = []
    for chunk in map(read, chunks):
        if chunk.get("type") == "response.output_text.delta":
            parts.append(chunk["delta"])
        for choice in chunk.get("choices", ()):
            parts.append(choice.get("text") or choice.get("delta", {}).get("content") or "")
    return "".join(parts)


def messages(span: Span, side: str = "output") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = span["meta"][side]["messages"]
    return found


def azure(span: Span) -> dict[str, Any]:
    found: dict[str, Any] = span["meta"]["metadata"]["azure"]
    return found


def tags(span: Span) -> dict[str, str]:
    return dict(tag.split(":", 1) for tag in span["tags"])
