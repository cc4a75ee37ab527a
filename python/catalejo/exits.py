"""The ends of a process: atexit, `os._exit` (multiprocessing, celery), and a signal that a program
sends itself when it is done (uvicorn). What is queued is sent first, within a bound.

SIGTERM in a process that has no handler for it is the native core's (native/terminate.hpp). A
process that SIGKILL ends loses what was not sent yet: at most what one interval
(CATALEJO_FLUSH_INTERVAL_MS) brought.
"""

from __future__ import annotations

import atexit
import os

from catalejo import hooks

TYPE_CHECKING = False  # `typing` is not needed to run this
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType
    from typing import Any, NoReturn

EXIT_MS_MAX = 3_000  # the most that the end of a process may take
EXIT_MS_MAX_IN_TROUBLE = 500  # when the last attempt to send failed
HARD_EXIT_MS_MAX = 1_000  # of os._exit, which a program calls to be gone


def watch(stop: Callable[[int], None]) -> None:
    """Calls `stop(milliseconds)` at each end. To be called once, before the application runs."""
    # Registered first, so it runs last: spans of the application's own handlers come along.
    atexit.register(stop, EXIT_MS_MAX)
    original = os._exit

    def _exit(status: int) -> NoReturn:
        try:
            stop(HARD_EXIT_MS_MAX)
        finally:
            original(status)

    os._exit = _exit

    def patch(signal: ModuleType) -> None:
        _patch_signal(signal, stop)

    hooks.on_import("signal", patch)


def _patch_signal(signal: Any, stop: Callable[[int], None]) -> None:
    original = signal.raise_signal
    if getattr(original, "__catalejo__", False):
        return
    deadly = (signal.SIGTERM, signal.SIGINT)

    def raise_signal(number: int) -> None:
        if number in deadly and signal.getsignal(number) is signal.SIG_DFL:
            stop(EXIT_MS_MAX)
        original(number)

    raise_signal.__catalejo__ = True  # type: ignore[attr-defined]
    signal.raise_signal = raise_signal
