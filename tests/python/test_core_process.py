"""The native core through the bad days of a process: forks, many threads, sudden ends."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from .core_child import run, start
from .intake import Intake, ids, tls_server

Make = Callable[..., Intake]


def test_exit_without_a_shutdown(intake: Intake) -> None:
    for flush in (True, False):
        run(
            """
_core.configure({"url": url, "flush_interval_ms": 1})
for at in range(200): _core.submit("span", {"span_id": str(at), "text": "é" * 1000 + str(at)})
if flush: assert _core.flush(5000)
""",
            url=intake.url,
            flush=flush,
        )
        if flush:
            assert ids(intake) == list(range(200))


@pytest.mark.parametrize("rounds", range(5))
def test_exit_in_the_middle_of_sending(intake: Intake, rounds: int) -> None:
    intake.delay_s = 0.01 * rounds
    run(
        """
_core.configure({"url": url, "flush_interval_ms": 1, "batch_bytes_max": 2000})
for at in range(300): _core.submit("span", {"span_id": str(at), "text": "漢" * 300 + str(at)})
time.sleep(0.02)
""",
        url=intake.url,
    )


def test_exit_while_the_server_hangs(intake: Intake) -> None:
    intake.status = "hang"
    begun = time.monotonic()
    (said,) = run(
        """
import atexit
def end():
    _core.flush(300); _core.shutdown(200); say(ok=adds_up(), lost=_core.counts()["lost"])
atexit.register(end)
_core.configure({"url": url})
_core.submit("span", {"span_id": "1"})
""",
        url=intake.url,
    )
    assert said["ok"]
    assert said["lost"]["shutdown"] + said["lost"]["unreachable"] == 1
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize("how", ["os._exit(0)", "raise SystemExit(0)", "os.kill(os.getpid(), 15)"])
def test_other_ends(intake: Intake, how: str) -> None:
    child = start(
        """
_core.configure({"url": url})
for at in range(10): _core.submit("span", {"span_id": str(at), "text": "x" * 1000})
assert _core.flush(5000)
_core.submit("span", {"span_id": "10", "text": "x" * 1000})
exec(how)
""",
        url=intake.url,
        how=how,
    )
    _, err = child.communicate(timeout=20)
    assert err == ""
    assert child.returncode in (0, -signal.SIGTERM)
    assert ids(intake)[:10] == list(range(10))


def test_exit_over_tls(intakes: Make, certificate: Path) -> None:
    server = tls_server(intakes, certificate)
    for wait_s in (0, 0.002, 0.01, 0.03, 0.1):
        run(
            """
_core.configure({"url": url, "flush_interval_ms": 1, "batch_bytes_max": 20000, "ca_file": ca})
for at in range(300): _core.submit("span", {"span_id": str(at), "text": "é" * 400})
time.sleep(wait_s)
""",
            url=server.url,
            ca=str(certificate / "ca.pem"),
            wait_s=wait_s,
        )


def test_exit_with_a_thread_in_a_flush(intake: Intake) -> None:
    intake.status = "hang"
    run(
        """
_core.configure({"url": url})
_core.submit("span", {"span_id": "1"})
for wait_ms in (20, 50, 100, 3000):
    threading.Thread(target=_core.flush, args=(wait_ms,), daemon=True).start()
class Slow:
    def __del__(self): time.sleep(0.15)
slow = Slow(); slow.itself = slow
""",
        url=intake.url,
    )


def test_submits_from_atexit_and_finalizers(intake: Intake) -> None:
    run(
        """
import atexit
class Late:
    def __del__(self): _core.submit("span", {"span_id": "7", "text": "x" * 5000})
late = Late(); late.self = late
atexit.register(lambda: _core.submit("span", {"span_id": "8", "text": "x" * 5000}))
keep = _core.capture({"text": "y" * 5000})
_core.configure({"url": url, "flush_interval_ms": 1})
_core.submit("span", {"span_id": "1", "text": "z" * 5000})
""",
        url=intake.url,
    )


def test_told_to_end_before_it_has_begun(intake: Intake, tmp_path: Path) -> None:
    (said,) = run(
        """
_core.configure({"url": url})
for at in range(100):
    _core.submit("span", {"span_id": str(at)})
    _core.shutdown(0)
without = _core.counts()
_core.configure({"url": url, "spool_dir": folder})
for at in range(100):
    _core.submit("span", {"span_id": str(at)})
    _core.shutdown(0)
say(without=without, counts=_core.counts(), ok=adds_up())
""",
        url=intake.url,
        folder=str(tmp_path),
    )
    assert said["ok"]
    assert said["without"]["submitted"] == 100
    assert said["without"]["queued"] == 0
    # What is not sent is on the disk, where there is one.
    assert said["counts"]["lost"] == said["without"]["lost"]


FORK = """
import warnings
warnings.simplefilter("ignore", DeprecationWarning)  # of these threads here, from Python 3.12 on
_core.configure({"url": url, "flush_interval_ms": 5, "batch_bytes_max": 20000, "ca_file": ca})
os.register_at_fork(after_in_child=_core.after_fork_in_child)
stop = False
def load(base):
    at = 0
    while not stop:
        _core.submit("span", {"span_id": str(base + at), "text": "é" * 600}); at += 1
        if at % 20 == 0: time.sleep(0.001)
threads = [threading.Thread(target=load, args=(1000000 * (1 + at),)) for at in range(3)]
for thread in threads: thread.start()
children = []
for at in range(20):
    pid = os.fork()
    if pid == 0:
        clean = _core.counts()
        assert clean["submitted"] == clean["queued"] == 0, clean
        for number in range(50):
            _core.submit("span", {"span_id": str(at * 1000 + number), "text": "x" * 600})
        done = _core.flush(10000)
        good = done and adds_up() and _core.counts()["acknowledged"] == 50
        if not good: print(done, _core.counts(), _core.last_error(), file=sys.stderr, flush=True)
        os._exit(0 if good else 3)
    children.append(pid)
    time.sleep(0.01)
codes = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in children]
stop = True
for thread in threads: thread.join()
done = _core.flush(10000)
say(codes=codes, done=done, ok=adds_up(), submitted=_core.counts()["submitted"],
    acknowledged=_core.counts()["acknowledged"])
"""


@pytest.mark.parametrize("tls", [False, True])
def test_forks_in_the_middle_of_load(intakes: Make, certificate: Path, tls: bool) -> None:
    server = tls_server(intakes, certificate) if tls else intakes()
    ca = str(certificate / "ca.pem") if tls else ""
    (said,) = run(FORK, url=server.url, ca=ca, timeout_s=60)
    assert said["codes"] == [0] * 20
    assert said["done"]
    assert said["ok"]
    assert said["submitted"] == said["acknowledged"]
    children = [number for number in ids(server) if number < 1_000_000]
    assert children == sorted(at * 1000 + number for at in range(20) for number in range(50))
    assert len(set(ids(server))) == len(ids(server)), "nothing is sent twice, by nobody's child"


def test_a_child_that_is_not_told_of_the_fork(intake: Intake) -> None:
    (said,) = run(
        """
_core.configure({"url": url})
_core.submit("span", {"span_id": "1", "text": "x" * 1000})
pid = os.fork()
if pid == 0:
    _core.submit("span", {"span_id": "2"})
    os._exit(0 if _core.flush(5000) and _core.counts()["acknowledged"] == 1 else 3)
code = os.waitpid(pid, 0)[1]
say(code=code, done=_core.flush(5000))
""",
        url=intake.url,
    )
    assert said == {"code": 0, "done": True}
    assert ids(intake) == [1, 2]


def test_a_fork_finds_no_thread_and_forgets_nothing(intake: Intake) -> None:
    (said,) = run(
        """
import warnings
warnings.simplefilter("error")
_core.configure({"url": url, "flush_interval_ms": 60})
for at in range(10):
    _core.submit("span", {"span_id": str(at), "text": "x" * 1000})
    if os.fork() == 0: os._exit(len(os.listdir("/proc/self/task")) - 1)
    assert os.wait()[1] == 0
begun = time.monotonic()
while _core.counts()["queued"] and time.monotonic() - begun < 5: sum(range(1000))
say(acknowledged=_core.counts()["acknowledged"], ok=adds_up(), ended=_core.shutdown(1000))
""",
        url=intake.url,
    )
    assert said == {"acknowledged": 10, "ok": True, "ended": True}
    assert ids(intake) == list(range(10))


def test_a_fork_by_another_thread_while_the_first_sleeps(intake: Intake) -> None:
    (said,) = run(
        """
import warnings
warnings.simplefilter("ignore", DeprecationWarning)
_core.configure({"url": url, "flush_interval_ms": 30})
def work():
    _core.submit("span", {"span_id": "1"})
    if os.fork() == 0: os._exit(0)
    os.wait()
threading.Thread(target=work).start()
time.sleep(1.5)
say(acknowledged=_core.counts()["acknowledged"])
""",
        url=intake.url,
    )
    assert said == {"acknowledged": 1}


def test_multiprocessing_both_ways(intake: Intake) -> None:
    (said,) = run(
        """
import multiprocessing
_core.configure({"url": url})
def work(at):
    _core.submit("span", {"span_id": str(at)})
    return _core.flush(5000)
work(0)
with multiprocessing.get_context("fork").Pool(3) as pool: say(done=pool.map(work, range(1, 10)))
""",
        url=intake.url,
    )
    assert said["done"] == [True] * 9
    assert ids(intake) == list(range(10))


def test_many_threads(intake: Intake) -> None:
    intake.delay_s = 0.001
    (said,) = run(
        """
_core.configure({"url": url, "flush_interval_ms": 2, "batch_bytes_max": 50000})
def load(base):
    for at in range(500):
        _core.submit("span" if at % 2 else "evaluation",
                     {"span_id": str(base + at), "text": "é" * (at * 3)})
        if at % 100 == 0: _core.flush(2000)
threads = [threading.Thread(target=load, args=(1000 * at,)) for at in range(12)]
for thread in threads: thread.start()
for thread in threads: thread.join()
say(done=_core.flush(20000), ok=adds_up(), counts=_core.counts(), ended=_core.shutdown(2000))
""",
        url=intake.url,
        timeout_s=60,
    )
    assert said["done"]
    assert said["ok"]
    assert said["ended"]
    assert said["counts"]["acknowledged"] == 6000
    assert len(intake.spans()) + len(intake.evaluations()) == 6000


def test_counts_add_up_under_faults(intake: Intake) -> None:
    faults: list[int | str] = [202, 500, 202, "reset", 400, "drop", 202, 429, "garbage", 202, 202]
    intake.answers = faults * 30
    (said,) = run(
        """
_core.configure({"url": url, "flush_interval_ms": 1, "batch_bytes_max": 5000,
                 "queue_bytes_max": 60000, "timeout_ms": 500})
took = 0
sums = []
for at in range(1500):
    took += _core.submit("span", {"span_id": str(at), "text": "x" * 700})
    if at % 50 == 0: time.sleep(0.01); sums.append(adds_up())
for _ in range(50):
    if _core.flush(5000): break
say(took=took, ok=all(sums) and adds_up(), counts=_core.counts())
""",
        url=intake.url,
        timeout_s=90,
    )
    counts = said["counts"]
    assert said["ok"]
    assert counts["submitted"] == 1500
    assert counts["queued"] == 0
    assert said["took"] == counts["acknowledged"] + counts["lost"]["refused"]
    assert counts["lost"]["queue_full"] == 1500 - said["took"]
    arrived = {json.dumps(span) for span in intake.spans()}
    assert len(arrived) >= counts["acknowledged"]


def test_under_gevent(intake: Intake) -> None:
    pytest.importorskip("gevent")
    (said,) = run(
        """
from gevent import monkey; monkey.patch_all()
import gevent
_core.configure({"url": url, "flush_interval_ms": 5})
def work(at):
    for number in range(20):
        _core.submit("span", {"span_id": str(at * 100 + number), "text": "é" * 500})
        gevent.sleep(0)
gevent.joinall([gevent.spawn(work, at) for at in range(50)])
say(done=_core.flush(5000), ok=adds_up(), acknowledged=_core.counts()["acknowledged"])
""",
        url=intake.url,
    )
    assert said == {"done": True, "ok": True, "acknowledged": 1000}


def test_signals_go_to_the_application(intake: Intake) -> None:
    (said,) = run(
        """
import signal
seen = []
signal.signal(signal.SIGUSR1, lambda *_: seen.append(threading.current_thread().name))
_core.configure({"url": url})
_core.submit("span", {"span_id": "1"}); _core.flush(5000)
for _ in range(20): os.kill(os.getpid(), signal.SIGUSR1)
time.sleep(0.05)
tasks = os.listdir("/proc/self/task")
names = [open(f"/proc/self/task/{task}/comm").read().strip() for task in tasks]
say(seen=set(seen) == {"MainThread"}, named="catalejo" in names)
""",
        url=intake.url,
    )
    assert said == {"seen": True, "named": True}


def test_a_restart_after_a_shutdown(intake: Intake) -> None:
    (said,) = run(
        """
_core.configure({"url": url})
ended = []
for at in range(5):
    _core.submit("span", {"span_id": str(at)})
    ended.append(_core.shutdown(5000))
while len(os.listdir("/proc/self/task")) > 1: time.sleep(0.01)
say(ended=ended, counts=_core.counts())
""",
        url=intake.url,
    )
    assert said["ended"] == [True] * 5
    assert said["counts"]["acknowledged"] == 5


def test_nothing_starts_before_the_first_event(intake: Intake) -> None:
    (said,) = run(
        """
_core.configure({"url": url})
_core.flush(1000)
say(threads=len(os.listdir("/proc/self/task")), libraries=open("/proc/self/maps").read())
""",
        url=intake.url,
    )
    assert said["threads"] == 1
    assert "libssl" not in said["libraries"]
    assert "libcurl" not in said["libraries"]


def test_errors_are_told_only_when_asked(intake: Intake) -> None:
    intake.answers = [400]
    child = start(
        """
_core.configure({"url": url, "debug": True})
_core.submit("span", {"span_id": "1"}); _core.flush(1000)
""",
        url=intake.url,
    )
    _, err = child.communicate(timeout=20)
    assert child.returncode == 0
    assert err.startswith("catalejo: http://localhost:")
    assert err.endswith("HTTP 400\n")


def test_no_subinterpreter() -> None:
    (said,) = run("""
try:
    import _xxsubinterpreters as interpreters
except ImportError:
    import _interpreters as interpreters
other = interpreters.create()
code = '''
import sys
sys.path[:] = %r
try: import catalejo._core
except ImportError: pass
else: raise SystemError("loaded")
''' % sys.path
try:
    result = interpreters.run_string(other, code)
    say(refused=result is None)
except Exception as error:
    say(refused=False, error=str(error))
""")
    assert said["refused"], said


def test_memory_is_given_back(intake: Intake) -> None:
    (said,) = run(
        """
def resident(): return int(open("/proc/self/statm").read().split()[1]) * 4
_core.configure({"url": url, "flush_interval_ms": 5})
def rounds(count):
    for at in range(count):
        for number in range(20): _core.submit("span", {"text": "é" * 5000 + str(at)})
        assert _core.flush(5000)
rounds(50)
before = resident()
rounds(300)
say(grown_kb=resident() - before)
""",
        url=intake.url,
        timeout_s=60,
    )
    assert said["grown_kb"] < 2_000, said
