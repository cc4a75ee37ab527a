"""Azure Functions: delivered before the invocation returns, with a bound on what that adds."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.python.harness import KEY, ROOT, Receiver, environment, receiver, run

pytest.importorskip("azure.functions")

FUNCTION_APP = {
    "FUNCTIONS_WORKER_RUNTIME": "python",
    "FUNCTIONS_EXTENSION_VERSION": "~4",
    # What arrives was sent by the invocation, not by the thread in the background.
    "CATALEJO_FLUSH_INTERVAL_MS": "60000",
}
ANSWERS = {
    "chat": "how much?",
    "chat_async": "how much?",
    "tick": "None",
    "fails": "theirs",
    "printed": "printed says how much?",
    "main": "older",
}


@pytest.fixture
def server() -> Iterator[Receiver]:
    with receiver() as started:
        yield started


def invoke(
    name: str, how: str, url: str, **more: str
) -> tuple[subprocess.CompletedProcess[str], float, str]:
    """The finished host, the milliseconds of the invocation, and its answer."""
    env = environment(**FUNCTION_APP, DD_TRACE_AGENT_URL=url, DD_LLMOBS_ML_APP="fn", **more)
    done = run(sys.executable, "-m", "tests.python.apps.function_app", name, how, env=env)
    took, _, answer = done.stdout.strip().partition("\n")
    assert took, done.stderr
    return done, float(took), answer


@pytest.mark.parametrize("how", ["killed", "hard exit"])
@pytest.mark.parametrize("name", ANSWERS)
def test_delivered_when_the_process_is_gone_right_after(
    server: Receiver, name: str, how: str
) -> None:
    done, _, answer = invoke(name, how, server.url)
    assert answer == ANSWERS[name]
    assert done.returncode == (-signal.SIGKILL if how == "killed" else 5)
    assert server.names() == [name]
    assert done.stderr == ""


def test_the_callers_trace_goes_on(server: Receiver) -> None:
    invoke("chat", "killed", server.url)
    [event] = server.events
    assert event["_dd"]["apm_trace_id"] == "0123456789abcdef0123456789abcdef"


def test_each_invocation_without_a_parent_is_a_trace_of_its_own(server: Receiver) -> None:
    """Also one that is no HTTP request; what one invocation records is together."""
    for name in ("twice", "twice", "tick"):
        invoke(name, "killed", server.url, REQUEST_WITHOUT_PARENT="1")
    assert server.names() == ["first", "first", "second", "second", "tick"]
    traces = [event["trace_id"] for event in server.events]
    assert traces[0] == traces[1] and traces[2] == traces[3]
    assert len(set(traces)) == 3
    assert {event["parent_id"] for event in server.events} == {"undefined"}


def test_without_an_agent_it_goes_to_the_intake(server: Receiver) -> None:
    """With the variables of the public page alone: the agent is asked, and is not there."""
    more = {"DD_API_KEY": KEY, "DD_LLMOBS_OVERRIDE_ORIGIN": server.url}
    done, _, _ = invoke("chat", "killed", "http://127.0.0.1:9", **more)
    assert server.names() == ["chat"], done.stderr
    path, headers = server.requests[-1]
    assert path == "/api/v2/llmobs" and headers["dd-api-key"] == KEY


@pytest.mark.parametrize("name", ["chat", "chat_async"])
def test_a_receiver_that_is_slow_adds_no_more_than_the_bound(server: Receiver, name: str) -> None:
    server.delay_s = 20.0
    _, took_ms, answer = invoke(name, "killed", server.url, CATALEJO_FLUSH_MS_MAX="300")
    assert answer == ANSWERS[name]
    assert 250 <= took_ms < 700


def test_nothing_recorded_costs_nothing(server: Receiver) -> None:
    server.delay_s = 20.0
    done, took_ms, _ = invoke("chat", "killed", server.url, DD_LLMOBS_ENABLED="0")
    assert took_ms < 200 and done.stderr == ""


def test_without_the_launcher_the_sdk_does_the_same(server: Receiver) -> None:
    """As in Azure, where the worker has imported azure.functions before."""
    code = """
import os, runpy, signal, sys
import azure.functions
from catalejo import LLMObs
LLMObs.enable()
sys.argv[1:] = ["chat", "killed"]
runpy.run_module("tests.python.apps.function_app", run_name="__main__", alter_sys=True)
"""
    env = environment(**FUNCTION_APP, DD_TRACE_AGENT_URL=server.url, DD_LLMOBS_ML_APP="fn")
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (-signal.SIGKILL, "")
    assert server.names() == ["chat"]


def test_outside_of_a_function_app_handlers_are_left_alone(server: Receiver) -> None:
    code = """
import azure.functions as func
app = func.FunctionApp()
@app.route(route="x")
def x(req: func.HttpRequest) -> str: return ""
print(app.get_functions()[0].get_user_function() is x._function._func)
"""
    env = environment(DD_TRACE_AGENT_URL=server.url)
    assert run(sys.executable, "-c", code, env=env).stdout == "True\n"


def test_the_wait_shrinks_while_nothing_answers() -> None:
    code = """
import time
import azure.functions as func
from catalejo import span
from catalejo.functions import deliver
waits = []
for _ in range(8):
    span.start("task", "x").finish()
    begun = time.monotonic(); deliver(); waits.append(time.monotonic() - begun)
print(sum(waits))
"""
    env = environment(**FUNCTION_APP, DD_TRACE_AGENT_URL="http://127.0.0.1:9")
    done = run(sys.executable, "-c", code, env=env)
    assert float(done.stdout) < 3.0, done.stderr
