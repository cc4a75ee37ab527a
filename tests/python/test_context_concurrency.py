"""Threads, executors, tasks, processes, greenlets: each span below the one that it belongs to."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextvars
import gc
import os
import random
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable
from multiprocessing.pool import ThreadPool
from pathlib import Path
from typing import Any

import pytest
from catalejo.sdk.llmobs import LLMObs
from catalejo.span import Remote, annotators, current

from tests.python.in_process import Json, Sent, recorder, sent, tags_of
from tests.python.recorder import Recorder

__all__ = ["recorder", "sent"]


def leaf(name: str) -> None:
    with LLMObs.task(name=name):
        pass


def below(spans: dict[str, Json], child: str, parent: str) -> bool:
    return bool(spans[child]["parent_id"] == spans[parent]["span_id"])


def test_a_thread_begins_with_what_is_current(sent: Sent) -> None:
    class Own(threading.Thread):
        def run(self) -> None:
            leaf("own run")

    with LLMObs.annotation_context(tags={"of": "context"}), LLMObs.workflow("top"):
        threads = [threading.Thread(target=leaf, args=("target",)), Own()]
        timer = threading.Timer(0.01, leaf, ["timer"])
        for thread in (*threads, timer):
            thread.start()
        for thread in (*threads, timer):
            thread.join()
    outside = threading.Thread(target=leaf, args=("outside",))
    outside.start()
    outside.join()
    spans = sent.by_name()
    for name in ("target", "own run", "timer"):
        assert below(spans, name, "top")
        assert tags_of(spans[name])["of"] == "context"
    assert spans["outside"]["parent_id"] == "undefined"
    assert "of" not in tags_of(spans["outside"])
    assert "_catalejo_carried" not in vars(threads[0])


def test_only_our_variables_are_carried(sent: Sent) -> None:
    other: contextvars.ContextVar[str] = contextvars.ContextVar("other", default="fresh")
    other.set("of this thread")
    seen: list[str] = []
    with LLMObs.workflow("top"), concurrent.futures.ThreadPoolExecutor(1) as pool:
        thread = threading.Thread(target=lambda: seen.append(other.get()))
        thread.start()
        thread.join()
        pool.submit(lambda: seen.append(other.get())).result()
    assert seen == ["fresh", "fresh"]


def test_an_executor_keeps_requests_apart(sent: Sent) -> None:
    """Its threads outlive the request that made them start, and must not keep its context."""
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        current.set(Remote(1, 2))
        seen = [pool.submit(current.get).result() for _ in range(4)]
        assert all(isinstance(one, Remote) and one.trace_id == 1 for one in seen)
        current.set(None)
        assert [pool.submit(current.get).result() for _ in range(4)] == [None] * 4
        with LLMObs.annotation_context(tags={"a": "1"}):
            assert len(pool.submit(annotators.get).result()) == 1
        assert pool.submit(annotators.get).result() == ()


def test_an_executor_passes_everything_on(sent: Sent) -> None:
    def work(*args: Any, **kwargs: Any) -> Any:
        return args, kwargs

    def fails() -> None:
        raise KeyError("own")

    with LLMObs.workflow("top") as top, concurrent.futures.ThreadPoolExecutor(1) as pool:
        assert pool.submit(work, 1, fn=2, self=3).result() == ((1,), {"fn": 2, "self": 3})
        assert isinstance(pool.submit(fails).exception(), KeyError)
        assert current.get() is top
        inner = pool.submit(lambda: pool.submit(current.get))
        assert inner.result().result() is top
    with pytest.raises(RuntimeError), LLMObs.workflow("after shutdown") as span:
        try:
            pool.submit(leaf, "never")
        finally:
            assert current.get() is span
    assert concurrent.futures.ThreadPoolExecutor.submit.__name__ == "submit"


@pytest.mark.parametrize("way", ["apply", "map", "starmap", "imap", "imap_unordered", "async"])
def test_a_pool_of_threads_keeps_requests_apart(sent: Sent, way: str) -> None:
    """multiprocessing's ThreadPool: its threads, too, outlive the request they were started in."""

    def ask(pool: ThreadPool) -> list[Any]:
        ways: dict[str, Callable[[], list[Any]]] = {
            "apply": lambda: [pool.apply(here), pool.apply(here, (1,))],
            "map": lambda: pool.map(here, [1, 2], chunksize=1),
            "starmap": lambda: pool.starmap(here, [(1,), (2,)]),
            "imap": lambda: list(pool.imap(here, [1, 2], chunksize=2)),
            "imap_unordered": lambda: list(pool.imap_unordered(here, [1, 2])),
            "async": lambda: [pool.apply_async(here, callback=len).get() for _ in range(2)],
        }
        return ways[way]()

    def here(*_: Any) -> list[Any]:
        return [current.get()]

    with LLMObs.workflow("starts it") as first:
        pool = ThreadPool(2)
        assert ask(pool) == [[first], [first]]
    assert ask(pool) == [[None], [None]]
    with LLMObs.workflow("another") as second:
        assert ask(pool) == [[second], [second]]
    with pytest.raises(KeyError):
        pool.apply({}.__getitem__, ("own",))
    pool.close()
    pool.join()


def test_a_hundred_tasks(sent: Sent) -> None:
    async def request(number: int) -> None:
        with LLMObs.workflow(f"request {number}"):
            await asyncio.sleep(random.random() / 100)
            await asyncio.gather(*(step(f"{number} gathered {one}") for one in range(2)))
            child = asyncio.create_task(step(f"{number} created"))
            await asyncio.to_thread(leaf, f"{number} to_thread")
            await asyncio.get_running_loop().run_in_executor(None, leaf, f"{number} executor")
            await child

    async def step(name: str) -> None:
        with LLMObs.task(name=name):
            await asyncio.sleep(random.random() / 100)
            with LLMObs.llm(name=f"{name} llm"):
                await asyncio.sleep(random.random() / 100)

    async def main() -> None:
        await asyncio.gather(*(request(number) for number in range(100)))
        assert current.get() is None

    asyncio.run(main())
    spans = sent.by_name()
    assert len(spans) == 900
    assert len(sent.trace_ids()) == 100
    for number in range(100):
        for name in ("gathered 0", "gathered 1", "created"):
            assert below(spans, f"{number} {name}", f"request {number}")
            assert below(spans, f"{number} {name} llm", f"{number} {name}")
        assert below(spans, f"{number} to_thread", f"request {number}")
        assert below(spans, f"{number} executor", f"request {number}")


def test_a_task_that_outlives_its_parent(sent: Sent) -> None:
    async def later() -> None:
        await asyncio.sleep(0.01)
        leaf("later")

    async def main() -> None:
        with LLMObs.workflow("top"):
            task = asyncio.create_task(later())
        await task

    asyncio.run(main())
    assert below(sent.by_name(), "later", "top")


def test_work_that_starts_work_holds_nothing(sent: Sent) -> None:
    """A timer that starts the next one from within its span: no chain of spans builds up."""
    seen: list[weakref.ref[Any]] = []

    class Marked(dict[str, str]):
        pass

    def tick(left: int) -> None:
        with LLMObs.task(f"tick {left}") as span:
            span.tags = Marked()
            seen.append(weakref.ref(span.tags))
            following = threading.Thread(target=tick_later, args=(left - 1,))
            following.start()
        threads.append(following)

    def tick_later(left: int) -> None:
        time.sleep(0.005)
        if left:
            tick(left)

    threads: list[threading.Thread] = []
    with LLMObs.agent("first", session_id="s-1"):
        tick(10)
    while len(seen) < 10 or threads[-1].is_alive():
        time.sleep(0.005)
    gc.collect()
    assert sum(one() is not None for one in seen) <= 2
    spans = sent.by_name()
    assert len(sent.trace_ids()) == 1
    for left in range(1, 10):
        assert below(spans, f"tick {left}", f"tick {left + 1}")
        assert spans[f"tick {left}"]["session_id"] == "s-1"
        assert spans[f"tick {left}"]["meta"]["agent_attribution"]["pagent_name"] == "first"


def test_spans_that_end_elsewhere(sent: Sent) -> None:
    """Begun in one thread, ended in another; in any order."""
    first = LLMObs.workflow("first")
    second = LLMObs.task("second")
    thread = threading.Thread(target=second.finish)
    thread.start()
    thread.join()
    leaf("below second")
    first.finish()
    assert sent.by_name()["below second"]["parent_id"] == str(second.span_id)


def run(code: str, recorder: Recorder, folder: Path, **variables: str) -> str:
    environment = {"PATH": os.environ["PATH"], **recorder.environment(), **variables}
    path = str(Path(__file__).parents[2] / "python")
    environment["PYTHONPATH"] = os.pathsep.join([path, os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=folder, capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


FORK = """
import os, sys
from catalejo.llmobs import LLMObs
LLMObs.enable()
with LLMObs.workflow("before"):
    pass
top = LLMObs.workflow("top")
children = []
for number in range(3):
    child = os.fork()
    if child == 0:
        for step in range(20):
            with LLMObs.task(f"child {number}.{step}"):
                pass
        LLMObs.flush()
        os._exit(0)
    children.append(child)
with LLMObs.task("parent"):
    pass
top.finish()
codes = [os.waitpid(child, 0)[1] for child in children]
assert codes == [0, 0, 0], codes
"""


def test_forked_processes(sent: Sent, tmp_path: Path) -> None:
    """What a child does is below what was current when it was made; nothing is sent twice."""
    run(FORK, sent.recorder, tmp_path)
    spans = sent.by_name()
    assert len(spans) == 63
    assert len({span["span_id"] for span in spans.values()}) == 63
    assert all(below(spans, name, "top") for name in spans if name.startswith(("child", "parent")))


POOL = """
import concurrent.futures, multiprocessing, sys
from catalejo.llmobs import LLMObs
LLMObs.enable()

def work(number):
    with LLMObs.task(f"task {number}"):
        pass
    LLMObs.flush()
    return number

if __name__ == "__main__":
    context = multiprocessing.get_context("fork")
    with LLMObs.workflow("top"):
        with concurrent.futures.ProcessPoolExecutor(2, mp_context=context) as pool:
            assert list(pool.map(work, range(4))) == [0, 1, 2, 3]
"""


def test_process_pools(sent: Sent, tmp_path: Path) -> None:
    run(POOL, sent.recorder, tmp_path)
    spans = sent.by_name()
    assert len(spans) == 5
    assert all(below(spans, f"task {number}", "top") for number in range(4))


GEVENT = """
from gevent import monkey
monkey.patch_all()
import random, sys, threading
from concurrent.futures import ThreadPoolExecutor
import gevent
from gevent.pool import Pool
from catalejo.llmobs import LLMObs
from catalejo.span import current
LLMObs.enable()

def step(name):
    with LLMObs.task(name):
        gevent.sleep(random.random() / 100)
        with LLMObs.llm(name=name + " llm"):
            gevent.sleep(random.random() / 100)

def request(number):
    assert current.get() is None
    with LLMObs.workflow(f"request {number}"):
        gevent.sleep(random.random() / 100)
        gevent.joinall([gevent.spawn(step, f"{number} spawned"),
                        gevent.spawn_later(0.001, step, f"{number} later"),
                        Pool(2).spawn(step, f"{number} pool")])
        list(Pool(2).imap_unordered(step, [f"{number} imap"]))
        Pool(2).map(step, [f"{number} map"])
        thread = threading.Thread(target=step, args=(f"{number} thread",))
        thread.start()
        thread.join()
        with ThreadPoolExecutor(1) as pool:
            pool.submit(step, f"{number} executor").result()

gevent.joinall([gevent.spawn(request, number) for number in range(30)], raise_error=True)
assert current.get() is None
assert isinstance(gevent.spawn(int), gevent.Greenlet)
LLMObs.flush()
"""


def test_greenlets(sent: Sent, tmp_path: Path) -> None:
    pytest.importorskip("gevent")
    run(GEVENT, sent.recorder, tmp_path)
    spans = sent.by_name()
    assert len(spans) == 30 * 15
    for number in range(30):
        for name in ("spawned", "later", "pool", "imap", "map", "thread", "executor"):
            assert below(spans, f"{number} {name}", f"request {number}"), name
            assert below(spans, f"{number} {name} llm", f"{number} {name}"), name


PYWSGI = """
from gevent import monkey
monkey.patch_all()
import gevent
from gevent.pywsgi import WSGIServer
from catalejo.llmobs import LLMObs
LLMObs.enable()
import requests
from tests.python.web_apps import application
server = WSGIServer(("127.0.0.1", 0), application("flask"), log=None)
server.start()

def ask(number):
    url = f"http://127.0.0.1:{server.server_port}/{'stream' if number % 2 else 'work'}"
    with LLMObs.workflow(f"client {number}"):
        requests.get(url, params={"name": f"n{number}"}, timeout=20)

gevent.joinall([gevent.spawn(ask, number) for number in range(40)], raise_error=True)
server.stop()
LLMObs.flush()
"""


def test_a_server_of_greenlets(sent: Sent, tmp_path: Path) -> None:
    pytest.importorskip("gevent")
    root = str(Path(__file__).parents[2])
    code = f"import sys; sys.path.insert(0, {root!r})\n{PYWSGI}"
    run(code, sent.recorder, tmp_path)
    spans = sent.by_name()
    assert len(spans) == 120
    assert all(
        below(spans, f"n{number}.{step}", f"client {number}")
        for number in range(40)
        for step in (1, 2)
    )


SUBINTERPRETER = """
import sys
try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters
from catalejo.llmobs import LLMObs
LLMObs.enable()
with LLMObs.workflow("main"):
    pass
other = interpreters.create()
code = '''
import sys
sys.stderr = open("/dev/null", "w")
try:
    from catalejo.llmobs import LLMObs
    LLMObs.enable()
    with LLMObs.workflow("other"):
        pass
except ImportError:
    pass
'''
try:
    interpreters.run_string(other, code)
finally:
    interpreters.destroy(other)
with LLMObs.workflow("main again"):
    pass
LLMObs.flush()
"""


def test_subinterpreters_are_off(sent: Sent, tmp_path: Path) -> None:
    """Stated, not supported: nothing is traced there, and nothing breaks."""
    run(SUBINTERPRETER, sent.recorder, tmp_path)
    spans = sent.by_name()
    assert {"main", "main again"} <= set(spans)
