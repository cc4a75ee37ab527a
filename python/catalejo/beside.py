"""Beside OpenTelemetry, in one process: one launcher under the other, and one trace id.

`catalejo run opentelemetry-instrument python app.py`: that launcher puts its own sitecustomize
before ours on PYTHONPATH, and hides it; here ours goes first again, and runs theirs. `ddtrace-run`
needs nothing of this: it runs what it hides.
"""

from __future__ import annotations

import os

from catalejo import hooks, ids, path

TYPE_CHECKING = False  # `typing` is not needed to run this
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any


def patch_launcher(module: ModuleType) -> None:
    """`module` becomes the application by its own `execl`."""
    launcher: Any = module
    original = getattr(launcher, "execl", None)
    if original is None:
        return

    def execl(program: str, *words: str) -> None:
        os.environ["PYTHONPATH"] = path.traced_environment(os.environ)["PYTHONPATH"]
        original(program, *words)

    launcher.execl = execl


def patch_trace(module: ModuleType) -> None:
    """A trace that begins here, within one of OpenTelemetry's, has the id of that one."""
    current = module.get_current_span

    def trace_of_others() -> int:
        try:
            return int(current().get_span_context().trace_id)
        except Exception as error:
            hooks.failed("could not ask OpenTelemetry for its trace", error)
            return 0

    ids.follow(trace_of_others)
