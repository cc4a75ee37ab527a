"""DD_LLMOBS_SAMPLING_RULES: the same rule as in ddtrace 4, and one decision for a whole trace."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest
from catalejo import sampling
from catalejo.context import propagation
from catalejo.sdk.llmobs import LLMObs
from catalejo.settings import Settings
from catalejo.span import runtime

from tests.e2e.harness.client import venv
from tests.python.in_process import Sent, recorder, sent

__all__ = ["recorder", "sent"]

RULES: list[Any] = [
    {"tags": {"env": "prod", "team": "a*"}, "sample_rate": 0.5},
    {"tags": {"env": "PROD"}, "sample_rate": 0.25},
    {"tags": {"note": "a?c [x]*"}, "sample_rate": 7},
    {"tags": {"count": 3}, "sample_rate": "0.125"},
    {"sample_rate": -1, "tags": {"env": "*test"}},
    {"tags": {"env": "never"}},
    "no rule",
    {"sample_rate": 0.3, "service": "x"},
    {"sample_rate": 0.3, "tags": ["a"]},
    {"sample_rate": 0.75, "tags": {"lines": "one*two"}},
]
TAGS: list[dict[str, str]] = [
    {"env": "prod", "team": "Alpha"}, {"env": "prod", "team": "b"}, {"env": "prod"}, {},
    {"note": "abc [x] and more"}, {"note": "abbc [x]"}, {"note": "abc x"}, {"count": "3"},
    {"env": "a test"}, {"env": "test"}, {"env": "never"}, {"lines": "one\ntwo"}, {"a": "1"},
]  # fmt: skip
ASK = """
import json, sys
from ddtrace.llmobs._sampler import LLMObsSampler
rules, tags = json.load(sys.stdin)
sampler = LLMObsSampler(0.9, json.dumps(rules))
found = [sampler.match(each) for each in tags]
print(json.dumps([None if rule is None else rule.sample_rate for rule in found]))
"""


def test_the_same_rule_as_in_ddtrace() -> None:
    done = subprocess.run(
        [venv("v4") / "bin/python", "-c", ASK], input=json.dumps([RULES, TAGS]), text=True,
        capture_output=True, check=True,
    )  # fmt: skip
    rules, wrong = sampling.parse(json.dumps(RULES))
    found = [sampling.rule_for(rules, tags) for tags in TAGS]
    assert [rule and rule.rate for rule in found] == json.loads(done.stdout)
    assert len(wrong) == 4 and len({rule.rate for rule in found if rule}) >= 5


def in_force(monkeypatch: pytest.MonkeyPatch, text: str) -> Settings:
    settings = Settings.from_environment({"DD_LLMOBS_SAMPLING_RULES": text, "DD_ENV": "prod"})
    monkeypatch.setattr(runtime.settings, "sampling_rules", settings.sampling_rules)
    return settings


def decisions(sent: Sent) -> set[tuple[str, str]]:
    return {
        (span["_dd"]["sample_rate"], span["_dd"]["sampling_decision"])
        for span in sent.by_name().values()
    }


@pytest.mark.parametrize(("team", "expected"), [("none", ("0", "0")), ("all", ("1", "1"))])
def test_tags_of_the_first_span_decide_for_all(
    sent: Sent, monkeypatch: pytest.MonkeyPatch, team: str, expected: tuple[str, str]
) -> None:
    """Those of the spans below do not count."""
    rules = [{"tags": {"team": "none"}, "sample_rate": 0}, {"sample_rate": 1}]
    in_force(monkeypatch, json.dumps(rules))
    with LLMObs.workflow("first") as first:
        LLMObs.annotate(first, tags={"team": team})
        with LLMObs.task("below") as below:
            LLMObs.annotate(below, tags={"team": "other"})
    assert decisions(sent) == {expected}


def test_once_told_it_stays(sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    in_force(monkeypatch, '[{"tags": {"team": "none"}, "sample_rate": 0}]')
    headers: dict[str, str] = {}
    with LLMObs.workflow("first") as first:
        propagation.inject(headers)
        LLMObs.annotate(first, tags={"team": "none"})
    assert "_dd.p.llmobs_sd=1" in headers["x-datadog-tags"]
    assert decisions(sent) == {("1", "1")}


def test_what_cannot_be_used_is_named() -> None:
    given = {"DD_LLMOBS_SAMPLING_RULES": '[{"tags": {}}, {"sample_rate": 0.5}]'}
    settings = Settings.from_environment(given)
    assert [rule.rate for rule in settings.sampling_rules] == [0.5]
    assert settings.complaints == [
        "DD_LLMOBS_SAMPLING_RULES: rule 1: KeyError: 'sample_rate'; not used"
    ]
    for text, said in (("{", "no JSON"), ("{}", "no list")):
        settings = Settings.from_environment({"CATALEJO_SAMPLING_RULES": text})
        assert settings.sampling_rules == []
        assert settings.complaints == [f"CATALEJO_SAMPLING_RULES: {said}; not used"]
