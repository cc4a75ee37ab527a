"""One application under the real ddtrace 4 and under `catalejo run`, both with the same openai: the
real server stores the same spans, field by field, but for what ALLOWED lists with its reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.e2e.harness.client import Mode, mode_named
from tests.e2e.harness.page_api import Json
from tests.e2e.harness.stored import SDK_SPANS, Stored
from tests.e2e.scenarios.names import NAMES

MISSING = "(missing)"
# Of one run alone, or of its fake service's answer.
CHANGING = re.compile(
    r"(^|\.)(span_id|parent_id|pagent_span_id|trace_id|apm_trace_id|apm_id|start_ns|end_ns|duration_ns|received_ns"
    r"|ingested_ns|stack|tool_id|created)$"
)

ESTIMATED = "completion_stream|async_chat_stream|chat_stream_abandoned|stream_cut_by_server"
# (names of scenarios or spans, as a pattern; the field's path, as a pattern; the reason). The page
# docs/en/reference/tracer.md has the same list in words.
ALLOWED = (
    (".*", r"apm_name|apm_type|resource|halves|source",
     "no APM span, which ddtrace's LLM span is a part of"),
    (".*",
     r"tags\.(_dd\..*|gen_ai\..*|openai\..*|component|runtime-id|git\..*|llmobs_parent_id|llmobs_trace_id)",
     "tags of that APM span"),
    (".*", r"metrics\.(_dd\..*|gen_ai\..*|openai\..*|process_id|_sampling_priority_v1)",
     "numbers of that APM span"),
    (".*", r"tags\.(error|error_type)",
     "ddtrace leaves these two tags of the JSON form out of the APM form"),
    (".*", r"metrics", "the JSON form has an empty object where the APM form has nothing"),
    (".*", r"tags\.ddtrace\.version", "we are not ddtrace"),
    (".*", r"tags\.agent_service", "always the same as ml_app, which is sent"),
    ("|".join(SDK_SPANS), r"tags\.source",
     "ddtrace says source:integration of its own SDK's spans, too"),
    (".*", r"metadata\.azure\..*", "what Azure said of the call: ddtrace does not record it"),
    (".*", r"metadata\.(system_fingerprint|service_tier)", "likewise"),
    (".*", r"tags\.(deployment|azure\..*)", "likewise"),
    (".*", r"metrics\.time_(to_first|per_output)_token",
     "times of a stream: ddtrace does not record them"),
    (".*", r"metadata\.stream_end", "how a stream ended that was not read to its end"),
    (".*", r"metadata\.stream_options\.include_usage",
     "asked for by the tracer, not by the application"),
    (".*response.*", r"metadata\.status", "of a response: ddtrace does not record it"),
    ("response_tool_call", r"output\.messages\.0\.content", "one form for all messages"),
    (".*error_.*", r"metadata(\..*)?", "the parameters of a failed call may be its cause"),
    (ESTIMATED, r"(metrics\.)?(input|output|total)_tokens",
     "counted by the service, or not at all; ddtrace estimates"),
    (ESTIMATED, r"metrics\.(cache_read_input|reasoning_output)_tokens", "likewise"),
    (ESTIMATED, r"cost_usd|cost\..*", "follows from the tokens"),
)  # fmt: skip


def flat(value: Any, path: str = "") -> dict[str, Any]:
    """Every leaf by its path."""
    items: Iterator[tuple[Any, Any]] | None = None
    if isinstance(value, dict) and value:
        items = iter(value.items())
    elif isinstance(value, list) and value:
        items = iter(enumerate(value))
    if items is None:
        return {path: value}
    fields: dict[str, Any] = {}
    for key, item in items:
        fields.update(flat(item, f"{path}.{key}" if path else str(key)))
    return fields


def same_name(value: Any, stored: Stored) -> Any:
    """What says which mode a run was is no difference."""
    return value.replace(stored.mode.name, "MODE") if isinstance(value, str) else value


def differences(name: str, theirs: Json, ours: Json, runs: tuple[Stored, Stored]) -> Iterator[str]:
    expected, found = flat(theirs), flat(ours)
    for path in sorted({*expected, *found}):
        if CHANGING.search(path):
            continue
        one, other = expected.get(path, MISSING), found.get(path, MISSING)
        one, other = same_name(one, runs[0]), same_name(other, runs[1])
        if one != other:
            yield f"{name} {path}: {one!r}, ours {other!r}"


def rule_for(difference: str) -> tuple[str, str, str] | None:
    name, _, rest = difference.partition(" ")
    path = rest.partition(": ")[0]
    for rule in ALLOWED:
        if re.fullmatch(rule[0], name) and re.fullmatch(rule[1], path):
            return rule
    return None


@pytest.fixture(scope="module")
def runs(run_in: Callable[[Mode], Stored]) -> tuple[Stored, Stored]:
    return run_in(mode_named("v4-agent")), run_in(mode_named("tracer-agent"))


@pytest.fixture(scope="module")
def found(runs: tuple[Stored, Stored]) -> list[str]:
    theirs, ours = runs
    pairs = {name: (theirs.of(name), ours.of(name)) for name in NAMES}
    by_name = [{span["name"]: span for span in run.sdk_trace()["spans"]} for run in runs]
    pairs |= {name: (by_name[0][name], by_name[1][name]) for name in SDK_SPANS}
    assert len(pairs) == len(NAMES) + len(SDK_SPANS)
    return [
        each for name, (one, other) in pairs.items() for each in differences(name, one, other, runs)
    ]


def test_the_same_spans_field_by_field(found: list[str]) -> None:
    unexplained = [each for each in found if rule_for(each) is None]
    assert not unexplained, "\n".join(unexplained)


def test_every_exception_is_needed(found: list[str]) -> None:
    assert {rule_for(each) for each in found} == set(ALLOWED)
