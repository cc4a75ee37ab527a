"""Next to other tracers: both record, and the application notices neither."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from demo.azure.server import KEY as AZURE_KEY
from demo.azure.server import Azure
from demo.azure.server import start as start_azure
from tests.e2e.harness.client import venv
from tests.python.harness import ROOT, Receiver, agent, launcher, receiver, run

# The launcher's package, with its native core, is also the application's.
HERE = "python{}.{}".format(*sys.version_info)
if not (venv("v4") / "lib" / HERE).exists():
    pytest.skip(f"the applications beside are not for {HERE}", allow_module_level=True)

ORDERS = {
    "ours first": ("{v4}/ddtrace-run", "{v4}/python"),
    "ours last": ("{v4}/ddtrace-run", "{launcher}", "run", "{v4}/python"),
}
NAME = "AzureOpenAI.createChatCompletion"


@pytest.fixture
def server() -> Iterator[Receiver]:
    with receiver() as started:
        yield started


@pytest.fixture(scope="module")
def azure() -> Iterator[Azure]:
    started = start_azure()
    yield started
    started.shutdown()


@pytest.mark.parametrize("order", ORDERS)
def test_beside_ddtrace(server: Receiver, azure: Azure, tmp_path: Path, order: str) -> None:
    """The launcher of this environment, and the Python of one that has ddtrace."""
    folder = venv("v4") / "bin"
    ours = str(Path(os.path.realpath(venv("tracer"))) / "bin/catalejo")
    words = [each.format(v4=folder, launcher=ours) for each in ORDERS[order]]
    env = agent(
        server, AZURE_OPENAI_ENDPOINT=azure.url(), AZURE_OPENAI_API_KEY=AZURE_KEY,
        DD_LLMOBS_ENABLED="1", DD_LLMOBS_OVERRIDE_ORIGIN=server.url, DD_APM_TRACING_ENABLED="0",
        DD_INSTRUMENTATION_TELEMETRY_ENABLED="0", DD_REMOTE_CONFIGURATION_ENABLED="0",
    )  # fmt: skip
    heard = tmp_path / "heard"
    names = ("chat", "chat_stream", "error_404", "async_chat_stream")
    done = run(*words, "-m", "tests.e2e.scenarios", "--out", str(heard), "--only", *names, env=env)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "catalejo: " not in done.stderr
    said = json.loads(heard.read_text())
    assert said["chat"]["texts"] and said["error_404"]["error_type"] == "openai.NotFoundError"
    assert said["chat_stream"]["usage"] is None
    by_tracer: dict[bool, list[str]] = {False: [], True: []}
    for event in server.events:
        by_tracer[any(tag.startswith("ddtrace.version") for tag in event["tags"])].append(
            event["name"]
        )
    assert len(by_tracer[True]) == len(by_tracer[False]) == 4, by_tracer


STARTS = {"its own code": [], "opentelemetry-instrument": ["opentelemetry-instrument"]}
# What differs between two runs of the same calls.
OF_A_RUN = ("gen_ai.response.id", "server.port", "http.url", "url.full", "net.peer.port")


def beside_otel(server: Receiver, azure: Azure, start: str, *, ours: bool) -> dict[str, Any]:
    folder = venv("otel") / "bin"
    words = [*(str(folder / each) for each in STARTS[start]), str(folder / "python")]
    env = agent(
        server, AZURE_OPENAI_ENDPOINT=azure.url(), AZURE_OPENAI_API_KEY=AZURE_KEY,
        OTEL_TRACES_EXPORTER="none", OTEL_METRICS_EXPORTER="none", OTEL_LOGS_EXPORTER="none",
    )  # fmt: skip
    before = [*launcher(), "run"] if ours else []
    done = subprocess.run(
        [*before, *words, "-m", "tests.python.apps.beside_otel"], cwd=ROOT, env=env,
        capture_output=True, text=True, timeout=90, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    assert "catalejo: " not in done.stderr
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said


def told(spans: list[dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (span["name"], {k: v for k, v in span["attributes"].items() if k not in OF_A_RUN})
        for span in spans
    ]


@pytest.mark.parametrize("start", STARTS)
def test_beside_opentelemetry(server: Receiver, azure: Azure, start: str) -> None:
    alone = beside_otel(server, azure, start, ours=False)
    assert server.events == []
    both = beside_otel(server, azure, start, ours=True)
    assert both["heard"] == alone["heard"]
    # Theirs: the same spans, with the same attributes.
    assert told(both["calls"]) == told(alone["calls"]) and len(alone["calls"]) >= 4
    # Ours: one of each call, the workflow, and the call of the other service.
    names = [event["name"].partition(".")[2] or event["name"] for event in server.events]
    assert names == [
        "createChatCompletion", "createChatCompletion", "createChatCompletion", "createEmbedding",
        "ours", "createEmbedding",
    ]  # fmt: skip
    # One trace: what OpenTelemetry wrote stays, ours refers to it, and the other service has both.
    headers = both["headers"][0]
    trace_id = next(span["trace"] for span in both["service"] if span["name"] == "handle")
    assert headers["traceparent"].split("-")[1] == trace_id
    assert f"_dd.p.tid={trace_id[:16]}" in headers["x-datadog-tags"]
    assert int(headers["x-datadog-trace-id"]) == int(trace_id[16:], 16)
    served = server.events[-1]
    assert served["_dd"]["apm_trace_id"] == trace_id
    assert served["trace_id"] == server.events[-2]["trace_id"]
    assert {span["trace"] for span in both["service"] if span["name"] != "handle"} == {trace_id}
