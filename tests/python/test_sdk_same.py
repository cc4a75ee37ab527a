"""One application under the real ddtrace and, with only its import changed, under Catalejo: what is
sent is the same, field by field, but for what ALLOWED lists with its reason."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.harness.client import venv
from tests.python.recorder import Recorder

Json = dict[str, Any]
SCRIPTS = ("sdk_script.py", "sdk_mistakes.py")
PYTHON = Path(__file__).parents[2] / "python"
MISSING = "(missing)"

# (name of the span or *, field or the start of one, reason)
ALLOWED = (
    ("*", "tags.ddtrace.version", "we are not ddtrace"),
    ("*", "tags.source", "ddtrace says source:integration of its own SDK's spans, too"),
    ("*", "tags.agent_service", "always the same as ml_app, which is sent"),
    ("*", "ml_app", "ours beside the tag: what every view groups by, without reading tags"),
    ("*", "service", "likewise"),
    ("processed*", "tags.span.kind", "ddtrace adds a tag to spans only while a processor looks"),
    ("kinds", "meta.output.value", "a dataclass is recorded by its fields, not by its repr"),
    ("fails", "meta.error.message", "the error of the call itself, not of ddtrace's look at it"),
)  # fmt: skip
# What the application itself notices; the reason why it may differ.
NOTICED_ALLOWED = {
    "annotate when disabled": "with ddtrace, switching it off makes annotate() raise",
}


class Outcome:
    def __init__(self, recorder: Recorder, done: subprocess.CompletedProcess[str]) -> None:
        assert done.returncode == 0, done.stderr[-4000:]
        self.noticed: Json = json.loads(done.stdout.splitlines()[-1])
        self.stderr = done.stderr
        self.evaluations = sorted(recorder.evaluations, key=lambda one: int(one["timestamp_ms"]))
        names = {span["span_id"]: str(span["name"]) for span in recorder.spans}
        roots: dict[str, str] = {}
        in_order = sorted(recorder.spans, key=lambda span: int(span["start_ns"]))
        for span in in_order:
            roots.setdefault(span["trace_id"], span["name"])
        self.trace_ids = {span["span_id"]: span["trace_id"] for span in in_order}
        self.names = names
        self.spans: dict[str, list[Json]] = defaultdict(list)
        for span in in_order:
            self.spans[str(span["name"])].append(comparable(span, names, roots))


def comparable(span: Json, names: dict[str, str], roots: dict[str, str]) -> Json:
    """Without ids and times, which are checked for what they mean instead."""
    span = json.loads(json.dumps(span))
    assert int(span.pop("start_ns")) > 1e18
    assert int(span.pop("duration")) > 0
    span_id = span.pop("span_id")
    assert span["_dd"].pop("span_id") == span_id
    assert len(span["_dd"].pop("trace_id")) == len(span["_dd"].pop("apm_trace_id")) == 32
    span["trace_id"] = roots[span["trace_id"]]
    # Of a span that was dropped only the number is left.
    parent = span["parent_id"]
    span["parent_id"] = names.get(parent, parent if parent == "undefined" else "dropped")
    tags = [tag.partition(":") for tag in span["tags"]]
    span["tags"] = {key: value for key, _, value in tags}
    assert len(span["tags"]) == len(tags), f"a tag twice: {tags}"
    meta = span["meta"]
    for side in ("input", "output"):
        held = meta.get(side, {})
        if "value" in held:
            held["value"] = maybe_json(held["value"])
    if "error" in meta:
        stack = meta["error"].pop("stack")
        assert stack.startswith("Traceback (most recent call last):")
        assert meta["error"]["type"].split(".")[-1] in stack.splitlines()[-1]
    if "agent_attribution" in meta:
        of = meta["agent_attribution"]
        of["pagent_span_id"] = names[of["pagent_span_id"]]
    return dict(span)


def maybe_json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def flat(value: Any, path: str = "") -> dict[str, Any]:
    if not isinstance(value, dict) or not value:
        return {path: value}
    fields: dict[str, Any] = {}
    for key, item in value.items():
        fields.update(flat(item, f"{path}.{key}" if path else str(key)))
    return fields


def is_allowed(name: str, path: str) -> bool:
    return any(
        (name == which or (which.endswith("*") and name.startswith(which[:-1])))
        and (path == field or path.startswith(field + "."))
        for which, field, _reason in ALLOWED
    )


def run_script(folder: Path, python: Path, module: str, **variables: str) -> Outcome:
    copies = folder / "tests/python"
    copies.mkdir(parents=True)
    for name in SCRIPTS:
        text = Path(__file__).with_name(name).read_text()
        (copies / name).write_text(text.replace("ddtrace.llmobs", f"{module}.llmobs"))
    plain = {
        name: value for name, value in os.environ.items()
        if not name.startswith(("DD_", "CATALEJO_", "OTEL_"))
    }  # fmt: skip
    with Recorder() as recorder:
        environment = {**plain, **recorder.environment(), **variables}
        environment["DD_TRACE_AGENT_URL"] = recorder.url
        done = subprocess.run(
            [str(python), "-m", "tests.python.sdk_script"], env=environment, cwd=folder,
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        return Outcome(recorder, done)


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return run_script(
        tmp_path_factory.mktemp("theirs"), venv("v4") / "bin/python", "ddtrace",
        DD_INSTRUMENTATION_TELEMETRY_ENABLED="0", DD_REMOTE_CONFIGURATION_ENABLED="0",
        DD_TRACE_GIT_METADATA_ENABLED="0",
    )  # fmt: skip


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    path = os.pathsep.join([str(PYTHON), os.environ.get("PYTHONPATH", "")])
    return run_script(
        tmp_path_factory.mktemp("ours"), Path(sys.executable), "catalejo", PYTHONPATH=path
    )


def test_sends_the_same_spans(theirs: Outcome, ours: Outcome) -> None:
    counts = {name: len(spans) for name, spans in theirs.spans.items()}
    assert {name: len(spans) for name, spans in ours.spans.items()} == counts
    assert sum(counts.values()) > 95


def pairs(theirs: list[Any], ours: list[Any]) -> Iterator[tuple[Any, Any]]:
    assert len(theirs) == len(ours)
    return zip(theirs, ours)


def test_sends_the_same_fields(theirs: Outcome, ours: Outcome) -> None:
    differences = []
    for name, spans in theirs.spans.items():
        for one, other in pairs(spans, ours.spans[name]):
            expected, found = flat(one), flat(other)
            differences += [
                f"{name} {path}: {expected.get(path, MISSING)!r}, ours {found.get(path, MISSING)!r}"
                for path in sorted({*expected, *found})
                if expected.get(path, MISSING) != found.get(path, MISSING)
                and not is_allowed(name, path)
            ]
    assert not differences, "\n".join(differences)


def test_the_application_notices_nothing(theirs: Outcome, ours: Outcome) -> None:
    differences = {
        name: (value, ours.noticed.get(name))
        for name, value in theirs.noticed.items()
        if value != ours.noticed.get(name) and name not in NOTICED_ALLOWED
    }
    assert not differences
    assert [*theirs.noticed] == [*ours.noticed]
    assert len(theirs.noticed) > 60


def test_submits_the_same_evaluations(theirs: Outcome, ours: Outcome) -> None:
    def of(outcome: Outcome) -> list[Json]:
        made = []
        for one in outcome.evaluations:
            one = dict(one)
            one["tags"] = [tag for tag in one["tags"] if not tag.startswith("ddtrace.version:")]
            span = one.get("join_on", {}).get("span")
            if span:
                assert outcome.trace_ids[span["span_id"]] == span["trace_id"]
                one["join_on"] = {"span": outcome.names[span["span_id"]]}
            if "span_id" in one:
                one["span_id"] = outcome.names[one["span_id"]]
            made.append(one)
        return made

    assert of(ours) == of(theirs)
    assert len(ours.evaluations) == 9


def test_every_allowance_is_needed(theirs: Outcome, ours: Outcome) -> None:
    needed = set()
    for name, spans in theirs.spans.items():
        for one, other in pairs(spans, ours.spans[name]):
            expected, found = flat(one), flat(other)
            for path in {*expected, *found}:
                if expected.get(path, MISSING) != found.get(path, MISSING):
                    needed |= {
                        rule for rule in ALLOWED
                        if is_allowed(name, path)
                        and rule[0].rstrip("*") in name
                        and path.startswith(rule[1])
                    }  # fmt: skip
    assert needed == set(ALLOWED)
