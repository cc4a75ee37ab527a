"""Everything the program stored of one application run, found by what the run's prompts say."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from demo.azure.server import Azure
from tests.e2e.harness.client import Mode, Run, run_scenarios
from tests.e2e.harness.page_api import Json
from tests.e2e.harness.program import Catalejo, until

# Calls whose LLM span these generations never send; seen on the wire, not our loss.
UNTRACED: dict[int, set[str]] = {
    2: {"response", "response_of_version_one", "response_stream", "response_tool_call",
        "async_response", "stream_cut_by_server", "async_error_404"},
    3: {"stream_cut_by_server"},
    4: set(),
}  # fmt: skip
SDK_SPANS = ("serve", "assistant", "look_up", "search", "embed", "own_model", "check")


@dataclass
class Stored:
    run: Run
    server: Catalejo
    rows: list[Json]
    spans: list[Json] = field(default_factory=list)  # each as the trace page gets it

    @property
    def mode(self) -> Mode:
        return self.run.mode

    def expected(self) -> list[str]:
        """Names of the scenarios that make exactly one LLM span each."""
        untraced = UNTRACED[self.mode.generation]
        return [name for name in self.run.heard if name != "sdk" and name not in untraced]

    def of(self, scenario: str) -> Json:
        found = [span for span in self.spans if f"[{scenario}]" in text_of(span["input"])]
        assert len(found) == 1, f"{scenario}: {len(found)} spans"
        return found[0]

    def sdk_trace(self) -> Json:
        rows = [row for row in self.rows if row["name"] == "serve"]
        assert len(rows) == 1
        return self.server.api.trace(rows[0]["trace_id"])


def text_of(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def rows_of(server: Catalejo, mode: Mode) -> list[Json]:
    return server.api.spans(view="spans", ml_app=mode.ml_app)


def run_and_read(mode: Mode, server: Catalejo, azure: Azure, folder: Path) -> Stored:
    run = run_scenarios(mode, server, azure, folder)
    stored = Stored(run, server, [])
    count = len(stored.expected()) + len(SDK_SPANS) + 1  # the agent's own model call
    until(
        lambda: len(rows_of(server, mode)) >= count and settled(server),
        f"{mode.name}: {count} spans can be queried",
    )
    stored.rows = rows_of(server, mode)
    for trace_id in dict.fromkeys(row["trace_id"] for row in stored.rows):
        shown = server.api.trace(trace_id)["spans"]
        stored.spans += [span for span in shown if span["trace_id"] == trace_id]
    return stored


def settled(server: Catalejo) -> bool:
    """Nothing waits any more: what is not there now will not come."""
    ledger = server.api.ledger()
    return bool(
        ledger["spans"]["in_flight"] == 0
        and ledger["evaluations"]["in_flight"] == 0
        and ledger["store"]["rows_waiting"] == 0
    )
