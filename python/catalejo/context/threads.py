"""Threads and executors carry what is current to the work that they do.

Tasks of asyncio, and asyncio.to_thread, do by themselves. Here: threading.Thread,
ThreadPoolExecutor.submit, which loop.run_in_executor calls, and multiprocessing's ThreadPool;
greenlets are in gevent.py.
"""

from __future__ import annotations

from catalejo import hooks
from catalejo.context.carry import NOTHING, carried, take

TYPE_CHECKING = False  # `typing` is not needed to run this
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any, Callable

    from catalejo.context.carry import Carried


def arm() -> None:
    """Patches what of this is imported, now or later. Once is enough."""
    hooks.on_import("threading", patch_threading)
    hooks.on_import("concurrent.futures.thread", patch_futures)
    hooks.on_import("multiprocessing.pool", patch_thread_pool)
    hooks.on_import("gevent", _patch_gevent)


def _patch_gevent(module: ModuleType) -> None:
    from catalejo.context import gevent

    gevent.patch(module)


def patch_threading(module: ModuleType) -> None:
    """Thread.start notes what is current, and the new thread begins with it."""
    thread: Any = module.Thread
    start, bootstrap = thread.start, getattr(thread, "_bootstrap_inner", None)
    if bootstrap is None or getattr(start, "_catalejo", False):
        return

    def _start(self: Any) -> None:
        here = carried()
        if here is not None:
            self._catalejo_carried = here
        start(self)

    def _bootstrap_inner(self: Any) -> None:
        there = self.__dict__.pop("_catalejo_carried", None)
        if there is not None:
            take(there)
        bootstrap(self)

    _start._catalejo = True  # type: ignore[attr-defined]
    _start.__name__ = _start.__qualname__ = "start"
    thread.start, thread._bootstrap_inner = _start, _bootstrap_inner


def patch_futures(module: ModuleType) -> None:
    """The work runs in the context that submitted it; a thread that the pool starts for it does
    not begin with that context, since it outlives the work."""
    executor: Any = module.ThreadPoolExecutor
    submit = executor.submit
    if getattr(submit, "_catalejo", False):
        return

    def _submit(self: Any, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        here = carried()
        if here is None or "Interpreter" in type(self).__name__:
            # An executor of subinterpreters pickles the work.
            return submit(self, fn, *args, **kwargs)
        take(NOTHING)
        try:
            return submit(self, _Work(fn, here), *args, **kwargs)
        finally:
            take(here)

    _submit._catalejo = True  # type: ignore[attr-defined]
    _submit.__name__ = _submit.__qualname__ = "submit"
    executor.submit = _submit


def patch_thread_pool(module: ModuleType) -> None:
    """As for executors. Its threads outlive the span that they were started in, so that also work
    without a context gets that: none."""
    pool: Any = module.ThreadPool
    if "apply_async" in vars(pool):
        return
    for name in ("apply_async", "_map_async", "imap", "imap_unordered"):
        setattr(pool, name, _carrying(getattr(pool, name)))


def _carrying(method: Callable[..., Any]) -> Callable[..., Any]:
    def call(self: Any, func: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return method(self, _Work(func, carried() or NOTHING), *args, **kwargs)

    call.__name__ = method.__name__
    return call


class _Work:
    """A function, and the context it is to run in."""

    __slots__ = ("carried", "function")

    def __init__(self, function: Callable[..., Any], carried: Carried) -> None:
        self.function = function
        self.carried = carried

    def __call__(self, /, *args: Any, **kwargs: Any) -> Any:
        before = take(self.carried)
        try:
            return self.function(*args, **kwargs)
        finally:
            take(before)
