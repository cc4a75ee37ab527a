"""What the pages say of the evaluators' accuracy is what the program does."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from bench.accuracy import make_sessions, make_sets, report, texts
from bench.accuracy.make_security import as_lines
from tests.e2e.harness.program import build_dir


@pytest.fixture(scope="module")
def made() -> dict[str, report.Tables]:
    return report.tables(build_dir(), report.kept_peers())


def test_the_pages_tell_what_is_measured(made: dict[str, report.Tables]) -> None:
    assert not report.stale_pages(made), "run ./dev accuracy"


def test_a_wrong_figure_is_seen_and_mended(
    made: dict[str, report.Tables], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = {language: report.page(language).read_text() for language in report.LANGUAGES}
    places = {language: tmp_path / f"{language}.md" for language in report.LANGUAGES}
    places["en"].write_text(pages["en"].replace("| Catalejo, `pii` | 3", "| Catalejo, `pii` | 4"))
    places["es"].write_text(pages["es"])
    monkeypatch.setattr(report, "page", places.__getitem__)
    assert report.stale_pages(made, write=True) == [places["en"]]
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


@pytest.mark.parametrize("name", texts.EVALUATORS + texts.OF_FACTS)
def test_the_test_half_is_large_enough(name: str) -> None:
    harmful = [case["expect"] not in texts.HARMLESS for case in texts.load(name)]
    # One set is a little smaller than it should be.
    harmless_min = 980 if name == "language_mismatch" else 1_000
    assert sum(harmful) >= 300 and len(harmful) - sum(harmful) >= harmless_min


@pytest.mark.parametrize("name", texts.MADE)
def test_a_set_is_always_the_same_and_its_halves_share_nothing(name: str) -> None:
    halves = [list(map(repr, texts.MADE[name](half))) for half in make_sets.HALVES]
    assert halves[0] == list(map(repr, texts.MADE[name]("tuned")))
    assert not set(halves[0]) & set(halves[1])


def test_options_are_those_of_one_evaluator_that_has_some() -> None:
    def refusal(*arguments: str) -> str:
        command = [str(build_dir() / "catalejo"), "evaluate", "-", *arguments]
        done = subprocess.run(command, input="", capture_output=True, text=True, check=False)
        assert done.returncode != 0
        return done.stderr

    tokens = '{"tokens": ["zebra-ferry"]}'
    assert "of one --evaluator" in refusal("--options", tokens)
    assert "has no options" in refusal("--evaluator", "pii", "--options", tokens)
    assert "is empty" in refusal("--evaluator", "canary", "--options", '{"tokens": []}')


@pytest.mark.parametrize("name", make_sets.SETS)
def test_no_case_is_in_both_halves(name: str) -> None:
    tuned, test = (set(as_lines(make_sets.SETS[name](half)).splitlines())
                   for half in make_sets.HALVES)  # fmt: skip
    assert not tuned & test
