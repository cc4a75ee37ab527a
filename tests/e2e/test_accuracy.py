"""What the pages say of the evaluators' accuracy is what the program does."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.accuracy import make_sessions, make_sets, report
from bench.accuracy.make_security import as_lines
from tests.e2e.harness.program import build_dir


def test_the_pages_tell_what_is_measured() -> None:
    assert not report.stale_pages(build_dir()), "run ./dev accuracy"


def test_a_wrong_figure_is_seen_and_mended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = {language: report.page(language).read_text() for language in report.LANGUAGES}
    places = {language: tmp_path / f"{language}.md" for language in report.LANGUAGES}
    places["en"].write_text(pages["en"].replace("| Catalejo, `pii` | 3", "| Catalejo, `pii` | 4"))
    places["es"].write_text(pages["es"])
    monkeypatch.setattr(report, "page", places.__getitem__)
    assert report.stale_pages(build_dir(), write=True) == [places["en"]]
    assert places["en"].read_text() == pages["en"]


@pytest.mark.parametrize("half", make_sessions.HALVES)
def test_the_sessions_are_what_their_script_makes(half: str) -> None:
    kept = (make_sessions.DATA / f"{half}.jsonl").read_text()
    assert kept == make_sessions.text_of(half), "run python -m bench.accuracy.make_sessions"


def test_no_session_of_one_half_ends_as_one_of_the_other() -> None:
    def endings(half: str) -> set[str]:
        cases = make_sessions.sessions(half)
        return {case["turns"][-1]["user"] for case in cases if case["kind"] != "answered"}

    assert not endings("tuned") & endings("test")


@pytest.mark.parametrize("half", make_sets.HALVES)
@pytest.mark.parametrize("name", make_sets.SETS)
def test_the_sets_are_what_their_script_makes(name: str, half: str) -> None:
    kept = (make_sets.DATA / name / f"{half}.jsonl").read_text()
    made = as_lines(make_sets.SETS[name](half))
    assert kept == made, "run python -m bench.accuracy.make_sets"


@pytest.mark.parametrize("name", make_sets.SETS)
def test_no_case_is_in_both_halves(name: str) -> None:
    tuned, test = (set(as_lines(make_sets.SETS[name](half)).splitlines())
                   for half in make_sets.HALVES)  # fmt: skip
    assert not tuned & test
