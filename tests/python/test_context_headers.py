"""The headers between processes: what is written, what is read, and what is put up with."""

from __future__ import annotations

import json
import os
import random
import string
import subprocess
from pathlib import Path
from typing import Any

import pytest
from catalejo.context import propagation, requests_out
from catalejo.sdk.llmobs import LLMObs
from catalejo.settings import Settings
from catalejo.span import ModelCall, Remote, current, runtime, start

from tests.e2e.harness.client import venv
from tests.python.in_process import Sent, recorder, sent, tags_of

__all__ = ["recorder", "sent"]

# Sent by ddtrace 4.16.0: an agent, and below it a workflow, with a session.
OF_DDTRACE = {
    "x-datadog-trace-id": "2061206516421856804",
    "x-datadog-parent-id": "1705142718123467532",
    "x-datadog-sampling-priority": "1",
    "x-datadog-tags": "_dd.p.dm=-0,_dd.p.tid=6b0726da00000000,_dd.p.llmobs_sid=s-5,"
    "_dd.p.llmobs_parent_id=1705142718123467532,"
    "_dd.p.llmobs_trace_id=142245061943214120478712131346938503000,"
    "_dd.p.llmobs_ml_app=client-app,_dd.p.llmobs_sr=1,_dd.p.llmobs_sd=1,"
    "_dd.p.llmobs_pagent_span_id=11,_dd.p.llmobs_pagent_name=an agent",
    "traceparent": "00-6b0726da000000001c9ad5a19d2a5f24-17a9e1a3f0cf8f4c-01",
    "tracestate": "dd=p:17a9e1a3f0cf8f4c;s:1;t.dm:-0;t.llmobs_sid:s-5,ot=rv:1;th:0, other=x",
}
TRACE_ID = 142245061943214120478712131346938503000
W3C = {"traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}


def test_reads_what_ddtrace_sends() -> None:
    remote = propagation.extract(OF_DDTRACE)
    assert remote is not None
    assert remote.trace_id == TRACE_ID
    assert remote.apm_trace_id >> 64 == 0x6B0726DA00000000
    assert remote.apm_trace_id & (1 << 64) - 1 == 2061206516421856804
    assert remote.span_id == remote.apm_span_id == 1705142718123467532
    assert (remote.ml_app, remote.session_id) == ("client-app", "s-5")
    assert remote.sampling == ("1", "1")
    assert remote.agent == ("an agent", "11")
    assert remote.priority == 1
    assert remote.tags == {"_dd.p.dm": "-0"}


@pytest.mark.parametrize("spelling", ["title", "upper", "wsgi"])
def test_names_of_headers_in_any_spelling(spelling: str) -> None:
    def spelt(name: str) -> str:
        if spelling == "wsgi":
            return "HTTP_" + name.upper().replace("-", "_")
        return name.title() if spelling == "title" else name.upper()

    remote = propagation.extract({spelt(name): value for name, value in OF_DDTRACE.items()})
    assert remote is not None and remote.trace_id == TRACE_ID


def test_a_trace_of_another_maker_is_ours_too() -> None:
    remote = propagation.extract({**W3C, "tracestate": "vendor=1,\tother=2"})
    assert remote is not None
    assert remote.trace_id == remote.apm_trace_id == 0x4BF92F3577B34DA6A3CE929D0E0E4736
    assert remote.span_id == 0, "an LLM span of ours below it has no LLM span above"
    assert remote.apm_span_id == 0x00F067AA0BA902B7
    assert remote.tracestate == "vendor=1,other=2"


def test_the_member_of_tracestate_serves_alone() -> None:
    state = f"a=b,dd=s:2;t.dm:-4;t.llmobs_trace_id:{TRACE_ID};t.llmobs_parent_id:7;t.llmobs_sid:a~b"
    remote = propagation.extract({**W3C, "tracestate": state})
    assert remote is not None
    assert (remote.trace_id, remote.span_id, remote.session_id) == (TRACE_ID, 7, "a=b")
    assert (remote.priority, remote.tracestate) == (2, "a=b")


def test_different_traces_in_the_two_forms() -> None:
    remote = propagation.extract({**OF_DDTRACE, **W3C})
    assert remote is not None and remote.trace_id == TRACE_ID
    assert remote.tracestate == "", "that of another trace is not carried on"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"accept": "*/*"},
        {"traceparent": ""},
        {"traceparent": "00-00000000000000000000000000000000-00f067aa0ba902b7-01"},
        {"traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01"},
        {"traceparent": "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"},
        {"traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x"},
        {"traceparent": "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01"},
        {"traceparent": "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01"},
        {"x-datadog-trace-id": "0"},
        {"x-datadog-trace-id": "-1"},
        {"x-datadog-trace-id": "٣"},
        {"x-datadog-trace-id": "1e3"},
        {"x-datadog-trace-id": str(1 << 64)},
        {"x-datadog-trace-id": "9" * 100_000},
        {"x-datadog-parent-id": "5", "x-datadog-tags": "_dd.p.llmobs_parent_id=5"},
    ],
)  # fmt: skip
def test_headers_that_name_no_trace(headers: dict[str, str]) -> None:
    assert propagation.extract(headers) is None


@pytest.mark.parametrize(
    "odd",
    [
        {"x-datadog-parent-id": "x"},
        {"x-datadog-sampling-priority": "many"},
        {"x-datadog-tags": "=,=,,_dd.p.tid,_dd.p.tid=,_dd.p.tid=zz,noise=1"},
        {"x-datadog-tags": "_dd.p.tid=" + "f" * 15},
        {"x-datadog-tags": "_dd.p.llmobs_parent_id=undefined,_dd.p.llmobs_trace_id=own"},
        {"x-datadog-tags": "_dd.p.llmobs_sd=maybe,_dd.p.llmobs_sr=x"},
        {"x-datadog-tags": "_dd.p.a=b," * 10_000},
        {"traceparent": "nonsense", "tracestate": "nonsense"},
        {**W3C, "tracestate": "dd=;;:;s:;t.:x;s:9,,=,dd"},
        {**W3C, "tracestate": "a=b\r\nset-cookie: x"},
        {**W3C, "tracestate": "a=" + "b" * 100_000},
    ],
)
def test_odd_values_do_not_cost_the_rest(odd: dict[str, str]) -> None:
    remote = propagation.extract({"x-datadog-trace-id": "5", "x-datadog-parent-id": "6", **odd})
    assert remote is not None
    assert remote.apm_trace_id == 5
    assert remote.span_id == 0
    assert remote.priority == 1
    assert remote.sampling is None
    assert remote.tracestate == ""


def test_random_headers_never_raise() -> None:
    generator = random.Random(4)
    alphabet = string.digits + "abcdef-=,;:._~ \t\r\nñ" + "0" * 10
    parts = [*OF_DDTRACE.values(), "_dd.p.tid=", "00-", "dd=", "t.llmobs_trace_id:"]
    for _ in range(20_000):
        headers = {
            name: "".join(generator.choices(alphabet, k=generator.randrange(20)))
            + generator.choice(parts)[: generator.randrange(200)]
            for name in generator.sample(sorted(propagation.NAMES), k=3)
        }
        remote = propagation.extract(headers)
        if remote is not None:
            assert 0 < remote.apm_trace_id < 1 << 128
            assert 0 <= remote.span_id < 1 << 64
            written: dict[str, str] = {}
            propagation.write(remote, written)
            again = propagation.extract(written)
            assert again is not None and again.apm_trace_id == remote.apm_trace_id
            assert all(text.isprintable() and text.isascii() for text in written.values())


def test_what_is_written_is_read_again(sent: Sent) -> None:
    with LLMObs.agent("an agent", session_id="s=1", ml_app="app") as agent, LLMObs.task() as task:
        headers = LLMObs.inject_distributed_headers({"own": "1"})
    assert headers["own"] == "1"
    assert headers["traceparent"] == f"00-{task.apm_trace_id:032x}-{task.span_id:016x}-01"
    assert headers["x-datadog-trace-id"] == str(task.apm_trace_id & (1 << 64) - 1)
    remote = propagation.extract(headers)
    assert remote is not None
    assert (remote.trace_id, remote.span_id) == (task.trace_id, task.span_id)
    assert remote.apm_trace_id == task.apm_trace_id
    assert (remote.ml_app, remote.session_id) == ("app", "s=1")
    assert remote.agent == ("an agent", str(agent.span_id))
    only_w3c = propagation.extract({name: headers[name] for name in ("traceparent", "tracestate")})
    assert only_w3c is not None
    assert (only_w3c.trace_id, only_w3c.span_id) == (task.trace_id, task.span_id)


def test_limits_of_length(sent: Sent) -> None:
    top = LLMObs.workflow(session_id="s" * 300, ml_app="señor,app")
    with top, LLMObs.agent("n" * 400), LLMObs.task() as task:
        headers = LLMObs.inject_distributed_headers({})
    assert len(headers["x-datadog-tags"]) <= 512
    assert len(headers["tracestate"]) <= 256
    remote = propagation.extract(headers)
    assert remote is not None
    assert (remote.trace_id, remote.span_id) == (task.trace_id, task.span_id)
    assert remote.session_id == "s" * 300
    assert remote.ml_app == "", "not to be written in ASCII without a comma: left out, alone"


def test_passes_on_what_it_does_not_know() -> None:
    remote = propagation.extract({
        **W3C, "tracestate": "vendor=a:b;c,dd=s:-1;t.dm:-4;t.usr.id:baz64,other=2",
        "x-datadog-trace-id": str(0xA3CE929D0E0E4736), "x-datadog-sampling-priority": "-1",
        "x-datadog-tags": "_dd.p.tid=4bf92f3577b34da6,_dd.p.own=1",
    })  # fmt: skip
    assert remote is not None
    headers: dict[str, str] = {}
    propagation.write(remote, headers)
    assert headers["tracestate"].endswith(",vendor=a:b;c,other=2")
    assert "t.usr.id:baz64" in headers["tracestate"]
    assert "_dd.p.own=1" in headers["x-datadog-tags"]
    assert headers["x-datadog-sampling-priority"] == "-1"
    assert headers["traceparent"].endswith("00f067aa0ba902b7-00")


def test_other_tracers_headers_stay(sent: Sent) -> None:
    with LLMObs.task() as task:
        headers = dict(W3C)
        propagation.inject(headers)
        assert headers["traceparent"] == W3C["traceparent"]
        assert "tracestate" not in headers
        assert headers["x-datadog-trace-id"] == str(0xA3CE929D0E0E4736), "of the same trace"
        remote = propagation.extract(headers)
        assert remote is not None
        assert (remote.trace_id, remote.span_id) == (task.trace_id, task.span_id)
        assert remote.apm_trace_id == 0x4BF92F3577B34DA6A3CE929D0E0E4736
        theirs = {"x-datadog-trace-id": "5"}
        propagation.inject(theirs)
        assert theirs == {"x-datadog-trace-id": "5"}


def test_nothing_is_written_when_nothing_is_current(sent: Sent) -> None:
    headers: dict[str, str] = {}
    propagation.inject(headers)
    requests_out.add_headers("service.test", headers)
    assert headers == {}
    current.set(Remote(5, 6))
    propagation.inject(headers)
    assert "_dd.p.llmobs_parent_id=undefined" in headers["x-datadog-tags"]


@pytest.mark.parametrize(
    ("host", "told"),
    [
        ("resource.openai.azure.com", False),
        ("RESOURCE.OPENAI.AZURE.COM", False),
        ("resource.openai.azure.com.", False),
        ("resource.cognitiveservices.azure.com", False),
        ("resource.services.ai.azure.com", False),
        ("api.openai.com", False),
        ("eu.api.openai.com", False),
        ("notopenai.com", True),
        ("openai.com.test", True),
        ("localhost", True),
        ("10.0.0.1", True),
    ],
)
def test_models_are_not_told(sent: Sent, host: str, told: bool) -> None:
    with LLMObs.task():
        headers: dict[str, str] = {}
        requests_out.add_headers(host, headers)
    assert bool(headers) == told


def test_a_traced_call_tells_nobody(sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even a gateway on a host of one's own, unless that is wanted."""
    headers: dict[str, str] = {}
    with LLMObs.workflow(), start("llm", "call", ModelCall):
        requests_out.add_headers("gateway.test", headers)
        assert headers == {}
        monkeypatch.setattr(runtime.settings, "propagate_to_model", True)
        requests_out.add_headers("gateway.test", headers)
        assert "traceparent" in headers


def test_models_are_told_when_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not requests_out.is_told("resource.openai.azure.com")
    settings = Settings.from_environment({"CATALEJO_PROPAGATE_TO_MODEL": "1"})
    monkeypatch.setattr(runtime, "settings", settings)
    assert requests_out.is_told("resource.openai.azure.com")


def test_decision_and_rate_travel(sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    headers = {name: OF_DDTRACE[name] for name in OF_DDTRACE if name.startswith("x-")}
    headers["x-datadog-tags"] = headers["x-datadog-tags"].replace("sr=1", "sr=0.25")
    headers["x-datadog-tags"] = headers["x-datadog-tags"].replace("sd=1", "sd=0")
    LLMObs.activate_distributed_headers(headers)
    with LLMObs.workflow("below"):
        assert "llmobs_sd=0" in LLMObs.inject_distributed_headers({})["x-datadog-tags"]
    current.set(None)
    monkeypatch.setattr(runtime.settings, "sample_rate", 0.3)
    for number in range(300):
        with LLMObs.workflow(f"root {number}"), LLMObs.task(f"task {number}"):
            pass
    spans = sent.by_name()
    assert spans["below"]["_dd"]["sample_rate"] == "0.25"
    assert spans["below"]["_dd"]["sampling_decision"] == "0"
    assert spans["below"]["meta"]["agent_attribution"]["pagent_name"] == "an agent"
    assert tags_of(spans["below"])["session_id"] == "s-5"
    kept = 0
    for number in range(300):
        root, task = spans[f"root {number}"]["_dd"], spans[f"task {number}"]["_dd"]
        assert root["sampling_decision"] == task["sampling_decision"]
        assert root["sample_rate"] == "0.3"
        kept += root["sampling_decision"] == "1"
    assert 50 < kept < 130


DDTRACE_SIDE = """
import json, sys
from ddtrace.llmobs import LLMObs
LLMObs.enable(integrations_enabled=False)
given = json.loads(sys.argv[1])
if given:
    LLMObs.activate_distributed_headers(given)
with LLMObs.agent("theirs", session_id=None if given else "s-1") as span:
    headers = LLMObs.inject_distributed_headers({})
    exported = LLMObs.export_span(span)  # of a finished span ddtrace tells another trace id
print(json.dumps({"headers": headers, "exported": exported, "apm": f"{span.trace_id:032x}"}))
LLMObs.flush()
"""


def test_one_trace_with_the_real_ddtrace(sent: Sent, tmp_path: Path) -> None:
    """ddtrace calls us, and we call ddtrace: three processes, one trace."""

    def theirs(headers: dict[str, str]) -> dict[str, Any]:
        environment = {
            "PATH": os.environ["PATH"], **sent.recorder.environment(),
            "DD_TRACE_AGENT_URL": sent.recorder.url, "DD_REMOTE_CONFIGURATION_ENABLED": "0",
            "DD_INSTRUMENTATION_TELEMETRY_ENABLED": "0",
        }  # fmt: skip
        done = subprocess.run(
            [str(venv("v4") / "bin/python"), "-c", DDTRACE_SIDE, json.dumps(headers)],
            env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        answered: dict[str, Any] = json.loads(done.stdout)
        return answered

    first = theirs({})
    LLMObs.activate_distributed_headers(first["headers"])
    with LLMObs.workflow("ours") as span:
        last = theirs(LLMObs.inject_distributed_headers({}))
    assert f"{span.trace_id:032x}" == first["exported"]["trace_id"] == last["exported"]["trace_id"]
    assert f"{span.apm_trace_id:032x}" == first["apm"] == last["apm"]
    assert str(span.parent_id) == first["exported"]["span_id"]
    ours, last_of_theirs = sent.spans()[1:]
    assert last_of_theirs["parent_id"] == ours["span_id"] == str(span.span_id)
    assert last_of_theirs["session_id"] == ours["session_id"] == "s-1"
    assert last_of_theirs["meta"]["agent_attribution"] == ours["meta"]["agent_attribution"]
