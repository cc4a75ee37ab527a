"""Runs a function right after a module was imported, without importing it oneself.

One finder at the head of `sys.meta_path` looks at the name of each import (a dict look-up) and,
for the few that are waited for, puts a loader around the real one. The module itself never sees
that: its `__loader__` and `__spec__` are the real ones before its first line runs.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False  # `typing` is not needed to run this
if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec
    from types import ModuleType
    from typing import Any, Callable, Sequence

    Patch = Callable[[ModuleType], None]

failures = 0  # of patches, in this process; the application goes on without them
failure_texts: list[str] = []  # the first few, for the summary of --debug
FAILURE_TEXTS_MAX = 20
debug = False  # one line on standard error for each failure
quotes = True  # what an exception says may quote what is redacted

_patches: dict[str, list[Patch]] = {}


def words_of(error: BaseException) -> str:
    name = type(error).__name__
    return f"{name}: {error}" if quotes else name


def failed(what: str, error: BaseException) -> None:
    """Counts a failure of our own; never raises."""
    global failures
    failures += 1
    try:
        text = f"{what}: {words_of(error)}"
        if len(failure_texts) < FAILURE_TEXTS_MAX:
            failure_texts.append(text)
        if debug:
            print(f"catalejo: {text}", file=sys.stderr)
    except Exception:  # an exception whose str() fails, a closed standard error
        return


def on_import(name: str, patch: Patch) -> None:
    """Runs `patch(module)` right after each import of module `name`, and now if it is loaded.

    A patch must not mind running twice on the same module (importlib.reload).
    """
    if _Finder not in sys.meta_path:
        sys.meta_path.insert(0, _Finder)
    known = _patches.setdefault(name, [])
    if patch in known:
        return
    known.append(patch)
    module = sys.modules.get(name)
    if module is None:
        return
    spec = getattr(module, "__spec__", None)
    if getattr(spec, "_initializing", False):
        # Another thread is importing it: this waits until it has.
        __import__(name)
    _run(name, patch, sys.modules.get(name, module))


def _run(name: str, patch: Patch, module: ModuleType) -> None:
    try:
        patch(module)
    except Exception as error:
        failed(f"could not instrument {name}", error)


class _Loader:
    """The real loader, and the patches after it."""

    def __init__(self, name: str, loader: Any) -> None:
        self._name = name
        self._loader = loader

    def __getattr__(self, attribute: str) -> Any:
        return getattr(self._loader, attribute)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        create = getattr(self._loader, "create_module", None)
        module: ModuleType | None = create(spec) if create else None
        return module

    def exec_module(self, module: ModuleType) -> None:
        spec: Any = module.__spec__
        if spec is not None and spec.loader is self:
            spec.loader = self._loader
        if getattr(module, "__loader__", None) is self:
            module.__loader__ = self._loader
        self._loader.exec_module(module)
        for patch in tuple(_patches.get(self._name, ())):
            _run(self._name, patch, module)


class _Finder:
    @staticmethod
    def find_spec(
        name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name not in _patches:
            return None
        for finder in tuple(sys.meta_path):
            find = None if finder is _Finder else getattr(finder, "find_spec", None)
            spec: ModuleSpec | None = find(name, path, target) if find else None
            if spec is None:
                continue
            loader: Any = spec.loader
            if loader is not None and hasattr(loader, "exec_module"):
                spec.loader = _Loader(name, loader)  # type: ignore[assignment]
            return spec
        return None
