"""SIGTERM, as a container is stopped by it, in programs without a handler for it: what is queued is
delivered first, within a bound, and the program dies of the signal as it would have."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

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
# What arrives was sent because of the signal.
NEVER = {"CATALEJO_FLUSH_INTERVAL_MS": "600000"}
READY = "print('ready', flush=True)"
IMPORTS = "import os, signal, sys, threading, time"


@pytest.fixture
def server() -> Iterator[Receiver]:
    with receiver() as started:
        yield started


def is_asleep(process: int) -> bool:
    """Whether its main thread waits for something, and so has not the interpreter's lock."""
    stat = Path(f"/proc/{process}/task/{process}/stat")
    for _ in range(10):
        if stat.read_text().rpartition(") ")[2][0] != "S":
            return False
        time.sleep(0.01)
    return True


def told_to_stop(
    code: str, env: dict[str, str], number: int = signal.SIGTERM, before: tuple[str, ...] = (),
    asleep: bool = False,
) -> tuple[int, str, float]:  # fmt: skip
    """The exit code, what it printed, and the seconds from the signal to its end."""
    process = subprocess.Popen(
        [*before, *launcher(), "run", PYTHON, "-c", f"{IMPORTS}\n{code}"], cwd=ROOT, env=env,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    said = process.stdout.readline()
    assert said == "ready\n", said + process.stdout.read()
    if asleep:
        until(lambda: is_asleep(process.pid), "it sleeps")
    begun = time.monotonic()
    process.send_signal(number)
    rest = process.communicate(timeout=30)[0]
    return process.returncode, rest, time.monotonic() - begun


BUSY = {
    "asleep": "time.sleep(60)",
    "in Python": "while True: pass",
    "in C, with the interpreter's lock": "pow(3, 10**9, 10**400_000 + 1)",
    "waiting for a thread": "threading.Thread(target=time.sleep, args=(60,)).start()",
    "in an event loop": "import asyncio; asyncio.run(asyncio.sleep(60))",
    "another has the lock": """
threading.Thread(target=lambda: pow(3, 10**9, 10**400_000 + 1), daemon=True).start()
time.sleep(60)
""",
    "in gevent": "import gevent; gevent.sleep(60)",
    "while others trace": f"""
def on():
    while True:
        {traced("others")}
        time.sleep(0.001)
for _ in range(4): threading.Thread(target=on, daemon=True).start()
time.sleep(60)
""",
}


@pytest.mark.parametrize("busy", BUSY)
def test_what_is_queued_arrives_and_the_signal_ends_it(server: Receiver, busy: str) -> None:
    if "gevent" in busy:
        pytest.importorskip("gevent")
    code, said, _ = told_to_stop(f"{traced()}\n{READY}\n{BUSY[busy]}", agent(server, **NEVER))
    assert (code, said) == (-signal.SIGTERM, "")
    assert server.names().count("work") == 1


STREAMING = f"""
import openai
from demo.azure.server import KEY, start
client = openai.AzureOpenAI(azure_endpoint=start().url(), api_key=KEY, api_version="2024-10-21")
asked = dict(model="gpt-4o", messages=[{{"role": "user", "content": "hi"}}], stream=True)
streams = [client.chat.completions.create(**asked) for _ in range(2)]
for stream in streams:
    for chunk in stream:
        if chunk.choices and chunk.choices[0].delta.content: break
{READY}
"""


@pytest.mark.parametrize("before", ["", traced()], ids=["nothing queued", "one queued"])
@pytest.mark.parametrize("busy", ["asleep", "waiting for a thread", "in an event loop"])
def test_streams_that_are_open_end_with_what_was_received(
    server: Receiver, busy: str, before: str
) -> None:
    env = agent(server, **NEVER)
    env["PYTHONPATH"] = f"{ROOT}:{env.get('PYTHONPATH', '')}"
    code, said, seconds = told_to_stop(f"{before}\n{STREAMING}\n{BUSY[busy]}", env, asleep=True)
    assert (code, said) == (-signal.SIGTERM, "")
    assert seconds < 20
    streams = [span for span in server.events if span["name"] != "work"]
    assert [span["meta"]["metadata"]["stream_end"] for span in streams] == ["dropped"] * 2
    assert all(span["meta"]["output"]["messages"][0]["content"] for span in streams)
    assert server.names().count("work") == bool(before)


@pytest.mark.parametrize(
    "busy", ["in Python", "in C, with the interpreter's lock", "another has the lock"]
)
def test_streams_do_not_hold_up_a_thread_that_has_the_lock(server: Receiver, busy: str) -> None:
    env = agent(server, **NEVER)
    env["PYTHONPATH"] = f"{ROOT}:{env.get('PYTHONPATH', '')}"
    code, said, seconds = told_to_stop(f"{traced()}\n{STREAMING}\n{BUSY[busy]}", env)
    assert (code, said) == (-signal.SIGTERM, "")
    assert seconds < 20
    assert "work" in server.names()


# Sends the signal to the main thread in the middle of what the core does with its own lock held.
AT_THE_WORST = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <semaphore.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>
int armed;
int sem_post(sem_t *posts) {
  static int (*real)(sem_t *);
  if (!real) real = (int (*)(sem_t *))dlsym(RTLD_NEXT, "sem_post");
  int done = real(posts);
  Dl_info caller;
  if (armed && gettid() == getpid() && dladdr(__builtin_return_address(0), &caller) &&
      strstr(caller.dli_fname, "_core.")) {
    armed = 0;
    raise(SIGTERM);
  }
  return done;
}
"""


@pytest.mark.parametrize("doing", ["", "_core.flush(5000)"], ids=["its own exit", "a flush"])
def test_what_holds_the_lock_goes_on_and_is_told_again(
    server: Receiver, tmp_path: Path, doing: str
) -> None:
    if shutil.which("cc") is None:
        pytest.skip("no C compiler")
    (tmp_path / "worst.c").write_text(AT_THE_WORST)
    library = tmp_path / "worst.so"
    words = ["cc", "-shared", "-fPIC", "-o", str(library), str(tmp_path / "worst.c"), "-ldl"]
    subprocess.run(words, check=True)
    arm = f"import ctypes; ctypes.c_int.in_dll(ctypes.CDLL({str(library)!r}), 'armed').value = 1"
    code = f"from catalejo import _core\n{traced()}\n{arm}\n{doing}"
    done = run(PYTHON, "-c", code, env=agent(server, LD_PRELOAD=str(library), **NEVER))
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGTERM, "", "")
    assert server.names() == ["work"]


def test_python_sees_no_handler(server: Receiver) -> None:
    code = f"{traced()}\n{READY}\ntime.sleep(60)"
    is_default = "assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL"
    assert told_to_stop(f"{is_default}\n{code}\n", agent(server, **NEVER))[:2] == (-15, "")
    code = f"{traced()}\n{is_default}\n{READY}\ntime.sleep(60)"
    assert told_to_stop(code, agent(server, **NEVER))[:2] == (-15, "")


THEIRS = "signal.signal(signal.SIGTERM, lambda *_: (print('theirs'), sys.exit(7)))"
IGNORED = "signal.signal(signal.SIGTERM, signal.SIG_IGN)"


@pytest.mark.parametrize("order", ["before", "after", "put back"])
def test_the_applications_own_handler_is_the_one(server: Receiver, order: str) -> None:
    code = {
        "before": f"{THEIRS}\n{traced()}",
        "after": f"{traced()}\n{THEIRS}",
        "put back": "\n".join([traced(), THEIRS, IGNORED, THEIRS]),
    }[order]
    ended = told_to_stop(f"{code}\n{READY}\ntime.sleep(60)", agent(server, **NEVER))
    assert ended[:2] == (7, "theirs\n")
    assert server.names() == ["work"]


@pytest.mark.parametrize("order", ["before", "after"])
def test_a_program_that_ignores_it_goes_on(server: Receiver, order: str) -> None:
    lines = [IGNORED, traced()] if order == "before" else [traced(), IGNORED]
    code = "\n".join([*lines, READY, "time.sleep(0.5)", "print('went on')"])
    assert told_to_stop(code, agent(server, **NEVER))[:2] == (0, "went on\n")
    assert server.names() == ["work"]


def test_children_die_at_once_and_deliver_their_own(server: Receiver) -> None:
    """`Process.terminate()` of a fork's child: one that has recorded something, and one that has
    not. The parent's spans are the parent's."""
    code = f"""
{traced("parent")}
import multiprocessing
fork = multiprocessing.get_context("fork")
def child(name, ready):
    if name: exec({traced("child")!r})
    ready.set(); time.sleep(60)
for name in ("one", ""):
    ready = fork.Event()
    process = fork.Process(target=child, args=(name, ready)); process.start(); ready.wait()
    process.terminate(); process.join(); print(process.exitcode)
{READY}
time.sleep(60)
"""
    process = subprocess.Popen(
        [*launcher(), "run", PYTHON, "-c", f"{IMPORTS}\n{code}"], cwd=ROOT,
        env=agent(server, **NEVER), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert [process.stdout.readline() for _ in range(3)] == ["-15\n", "-15\n", "ready\n"]
    process.terminate()
    assert process.wait(30) == -signal.SIGTERM
    assert server.names() == ["child", "parent"]


def test_a_program_that_it_starts_has_the_default_again(server: Receiver) -> None:
    shell = (
        "import subprocess; p = subprocess.Popen(['sleep', '60']); p.terminate(); print(p.wait())"
    )
    code = f"{traced()}\n{READY}\n{shell}\ntime.sleep(60)"
    process = subprocess.Popen(
        [*launcher(), "run", PYTHON, "-c", f"{IMPORTS}\n{code}"], cwd=ROOT,
        env=agent(server, **NEVER), stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert [process.stdout.readline() for _ in range(2)] == ["ready\n", "-15\n"]
    process.terminate()
    assert process.wait(30) == -signal.SIGTERM


@pytest.mark.parametrize("how", ["refuses", "never answers"])
def test_a_receiver_that_is_not_there_holds_it_for_a_bounded_time(how: str) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        if how == "never answers":
            held.listen(8)
        env = environment(DD_TRACE_AGENT_URL=f"http://127.0.0.1:{held.getsockname()[1]}", **NEVER)
        code, _, seconds = told_to_stop(f"{traced()}\n{READY}\ntime.sleep(60)", env)
    assert code == -signal.SIGTERM
    # A second, and half of one more to be sure; not the sixty that it sleeps.
    assert seconds < 20


def test_what_cannot_be_delivered_is_spooled(tmp_path: Path) -> None:
    code = f"{traced()}\n{READY}\ntime.sleep(60)"
    env = environment(
        DD_TRACE_AGENT_URL="http://127.0.0.1:9", CATALEJO_SPOOL_DIR=str(tmp_path), **NEVER
    )
    assert told_to_stop(code, env)[0] == -signal.SIGTERM
    assert [path.suffix for path in tmp_path.glob("*.json")] == [".json"]


def test_the_first_process_of_a_container_survives_it_and_goes_on(server: Receiver) -> None:
    """The kernel keeps SIGTERM's default action from process 1; what is recorded later arrives."""
    inside = ["unshare", "--pid", "--fork", "--kill-child"]
    if os.geteuid() != 0:
        inside.insert(1, "--map-root-user")
    code = f"""
assert os.getpid() == 1
{traced("early")}
os.kill(1, signal.SIGTERM)
{traced("late")}
print("ready", flush=True)
"""
    done = subprocess.run(
        [*inside, *launcher(), "run", PYTHON, "-c", f"{IMPORTS}\n{code}"], cwd=ROOT,
        env=agent(server, **NEVER), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "ready\n", "")
    until(lambda: server.names() == ["early", "late"], "both arrive")
