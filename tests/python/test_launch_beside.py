"""Next to other tracers: both record, and the application notices neither."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.azure.server import KEY as AZURE_KEY
from demo.azure.server import Azure
from demo.azure.server import start as start_azure
from tests.e2e.harness.client import venv
from tests.python.harness import Receiver, agent, receiver, run

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
