"""The commands of the tutorial of `catalejo run`, as a newcomer types them, in an empty folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.harness.page_api import Json
from tests.e2e.harness.program import Catalejo, until
from tests.e2e.harness.tutorial import followed


@pytest.mark.timeout(600)
@pytest.mark.parametrize("language", ["en", "es"])
def test_the_tutorial_leads_to_a_trace(tmp_path: Path, language: str) -> None:
    server, empty = Catalejo(tmp_path / "data"), tmp_path / "empty"
    with followed("tutorial/catalejo-run.md", server, empty, language=language) as done:
        assert "Agent error: None" in done.stdout
        assert "traced 1, sent 1, acknowledged 1, lost 0" in done.stderr

        def stored() -> list[Json]:
            found: list[Json] = server.api.spans(view="spans", ml_app="first-trace")
            return found if len(found) == 2 else []

        row = until(stored, "the two traced runs are on the page")[0]
        [span] = server.api.trace(row["trace_id"])["spans"]
        assert span["deployment"] == "gpt-4o-mini" and span["output_tokens"] > 0
