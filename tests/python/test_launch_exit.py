"""The ends of processes: what was recorded arrives, and a receiver that is down costs little."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from demo.azure.server import KEY
from demo.azure.server import start as start_azure
from tests.python.harness import (
    ROOT,
    Receiver,
    agent,
    environment,
    launcher,
    receiver,
    run,
    traced,
    until,
)

PYTHON = sys.executable
APPS = "tests.python.apps"
EXIT_SECONDS_MAX = 3.0


@pytest.fixture
def server() -> Iterator[Receiver]:
    with receiver() as started:
        yield started


ENDS = {
    "plain": "",
    "exit": "raise SystemExit(3)",
    "exception": "raise RuntimeError('theirs')",
    "hard exit": "import os; os._exit(4)",
    "own signal": "import signal; signal.raise_signal(signal.SIGTERM)",
    # What a shell starts in the background ignores it.
    "interrupt": "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "signal.raise_signal(signal.SIGINT)",
    "at exit": f"import atexit; atexit.register(lambda: exec({traced('late')!r}))",
    "daemon thread": "import threading, time\n"
    "threading.Thread(target=time.sleep, args=(60,), daemon=True).start()",
}


@pytest.mark.parametrize("end", ENDS)
def test_nothing_is_lost_at_the_end(server: Receiver, end: str) -> None:
    done = run(PYTHON, "-c", f"{traced()}\n{ENDS[end]}", env=agent(server))
    wanted = {"exit": 3, "exception": 1, "hard exit": 4, "own signal": -15, "interrupt": -2}
    assert done.returncode == wanted.get(end, 0), done.stderr
    assert "catalejo: " not in done.stderr
    assert server.names() == (["late", "work"] if end == "at exit" else ["work"])


FORKS = {
    "fork": f"""
import os
if os.fork() == 0:
    {traced("child")}
    os._exit(0)
os.wait()
""",
    "fork and exit": f"""
import os, sys
if os.fork() == 0:
    {traced("child")}
    sys.exit(0)
os.wait()
""",
    "process": f"""
import multiprocessing
def work(): {traced("child")}
p = multiprocessing.get_context("fork").Process(target=work); p.start(); p.join()
""",
    "pool": f"""
import multiprocessing
def work(_): {traced("child")}
with multiprocessing.get_context("fork").Pool(1) as pool:
    pool.map(work, [1]); pool.close(); pool.join()
""",
    "executor": f"""
import concurrent.futures
def work(): {traced("child")}
with concurrent.futures.ProcessPoolExecutor(1) as pool: pool.submit(work).result()
""",
}


@pytest.mark.parametrize("how", FORKS)
def test_children_send_their_own_spans_once(server: Receiver, tmp_path: Path, how: str) -> None:
    """Before the fork the parent has a span queued, which only the parent may send."""
    (tmp_path / "app.py").write_text(f"{traced('before')}\n{FORKS[how]}\n{traced('after')}\n")
    done = run(PYTHON, "app.py", env=agent(server), cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert server.names() == ["after", "before", "child"]


def test_a_spawned_child_is_traced_as_well(server: Receiver, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(f"""
import multiprocessing
def work(): {traced("child")}
if __name__ == "__main__":
    {traced("parent")}
    p = multiprocessing.get_context("spawn").Process(target=work); p.start(); p.join()
""")
    done = run(PYTHON, "app.py", env=agent(server), cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert server.names() == ["child", "parent"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(words: list[str], port: int, env: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [*launcher(), "run", *words], cwd=ROOT, env=env, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        until(lambda: process.poll() is not None or listens(port), f"{words} listens", 30)
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def get(port: int) -> str:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        return connection.makefile("rb").read().decode()


# A worker of gunicorn that is told to stop while it boots does not hear it; it has no spans.
# The older one of Python 3.9 has no control socket to switch off.
NO_SOCKET = ["--no-control-socket"] if sys.version_info >= (3, 10) else []
GUNICORN = [f"{APPS}.web:wsgi", *NO_SOCKET, "--graceful-timeout", "3", "-b"]
UVICORN = [f"{APPS}.model:asgi", "--port"]
SERVERS = {
    "gunicorn": ["-w", "2", *GUNICORN],
    "gunicorn preload": ["-w", "2", "--preload", *GUNICORN],
    "gunicorn threads": ["--threads", "4", *GUNICORN],
    "uvicorn": UVICORN,
    "uvicorn workers": ["--workers", "2", *UVICORN],
}


@pytest.fixture(scope="module")
def model() -> Iterator[dict[str, str]]:
    """Variables of the applications that ask a model."""
    azure = start_azure()
    yield {"CATALEJO_TESTS_AZURE": azure.url(), "CATALEJO_TESTS_KEY": KEY}
    azure.shutdown()


def asked(events: list[dict[str, Any]]) -> int:
    """How many of the spans are calls to a model, with what it said; all others are none."""
    answered = [
        event["meta"]["output"]["messages"][0]["content"]
        for event in events
        if event["name"] == "AzureOpenAI.createChatCompletion"
    ]
    assert all(answered), events
    return len(answered)


@pytest.mark.parametrize("name", SERVERS)
def test_servers_deliver_when_they_are_told_to_stop(
    server: Receiver, model: dict[str, str], name: str
) -> None:
    pytest.importorskip("gunicorn")
    port, (program, *_) = free_port(), name.split()
    address = f"127.0.0.1:{port}" if program == "gunicorn" else str(port)
    script = str(Path(PYTHON).parent / program)
    # The interval is long: what arrives was sent because the process ended.
    env = agent(server, CATALEJO_FLUSH_INTERVAL_MS="60000", **model)
    with serving([script, *SERVERS[name], address], port, env) as process:
        for _ in range(6):
            assert "200 OK" in get(port)
        process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=30)[0]
    assert len(server.events) == 6, said
    assert asked(server.events) == (6 if program == "uvicorn" else 0)
    assert "catalejo:" not in said


def test_celery_workers_deliver(server: Receiver, model: dict[str, str], tmp_path: Path) -> None:
    """The children of its pool, which were forked when the tracer had started already."""
    pytest.importorskip("celery")
    env = agent(server, CATALEJO_TESTS_FOLDER=str(tmp_path), **model)
    for _ in range(3):
        subprocess.run([PYTHON, "-m", f"{APPS}.tasks"], cwd=ROOT, env=env, check=True)
    script = str(Path(PYTHON).parent / "celery")
    words = [script, "-A", f"{APPS}.tasks", "worker", "-c", "2", "--without-mingle"]
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(
            [*launcher(), "run", *words], cwd=ROOT, env=env, stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip
    try:
        until(lambda: len(server.events) >= 3, "spans of the tasks", 45)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert len(server.events) == asked(server.events) == 3
    assert "catalejo:" not in (tmp_path / "log").read_text()


def test_pytest_is_traced(server: Receiver, model: dict[str, str], tmp_path: Path) -> None:
    code = f"from {APPS}.model import ask\n\ndef test_it():\n    assert ask()\n"
    (tmp_path / "test_theirs.py").write_text(code)
    script = str(Path(PYTHON).parent / "pytest")
    done = run(script, "-q", "-p", "no:cacheprovider", str(tmp_path),
               env=agent(server, PYTHONPATH=str(ROOT), **model), cwd=tmp_path)  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert len(server.events) == asked(server.events) == 1


def seconds_of(code: str, env: dict[str, str]) -> tuple[float, str]:
    begun = time.monotonic()
    done = run(PYTHON, "-c", code, env=env)
    assert done.returncode == 0
    return time.monotonic() - begun, done.stderr


def test_a_receiver_that_is_down_costs_little_and_the_loss_is_counted() -> None:
    env = environment(DD_TRACE_AGENT_URL=f"http://127.0.0.1:{free_port()}")
    plain, _ = seconds_of("pass", env)
    many = f"for _ in range(50):\n    {traced()}"
    took, said = seconds_of(many, env)
    assert took - plain < EXIT_SECONDS_MAX + 0.5
    assert "50 of 50 spans and evaluations were lost" in said and said.count("\n") == 1
    assert "catalejo run --info" in said


def test_a_receiver_that_never_answers_does_not_hold_the_process() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(64)
        env = environment(DD_TRACE_AGENT_URL=f"http://127.0.0.1:{silent.getsockname()[1]}")
        took, said = seconds_of(traced(), env)
    assert took < EXIT_SECONDS_MAX + 1.5
    assert "1 of 1 spans and evaluations were lost" in said


def test_what_is_refused_is_counted(server: Receiver) -> None:
    server.status = 403
    _, said = seconds_of(traced(), agent(server))
    assert "1 of 1 spans and evaluations were lost: 1 refused by the receiver" in said


def test_debug_sums_up(server: Receiver) -> None:
    code = f"""
from catalejo.span import runtime
{traced("kept")}
runtime.processors.append(lambda span: None if span.name == "secret" else span)
{traced("secret")}
"""
    done = run("--debug", PYTHON, "-c", code, env=agent(server))
    assert "traced 1, sent 1, acknowledged 1, lost 0, dropped by processors 1" in done.stderr
    done = run("--debug", PYTHON, "-c", "pass", env=agent(server))
    assert "nothing that is traced was imported" in done.stderr
    down = environment(DD_TRACE_AGENT_URL=f"http://127.0.0.1:{free_port()}")
    done = run("--debug", PYTHON, "-c", traced(), env=down)
    assert "lost 1 (1 nothing answered)" in done.stderr
    assert "refused" in done.stderr.lower()
