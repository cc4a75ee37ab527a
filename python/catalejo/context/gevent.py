"""gevent: greenlets carry what is current to the work that they do.

A greenlet begins with an empty context of its own. `gevent.spawn`, `spawn_later` and pools get a
kind of Greenlet that begins with ours. `gevent.Greenlet` itself stays what it is, so that
isinstance() does, too; greenlets made of it by hand, and spawn_raw, carry nothing.
"""

from __future__ import annotations

from contextvars import Context

from catalejo import hooks
from catalejo.context import carry

TYPE_CHECKING = False  # `typing` is not needed to run this
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any


def patch(module: ModuleType) -> None:
    gevent: Any = module
    if getattr(gevent, "_catalejo", False):
        return
    greenlet = _carrying(gevent.Greenlet)
    gevent.spawn, gevent.spawn_later = greenlet.spawn, greenlet.spawn_later
    gevent._catalejo = True
    hooks.on_import("gevent.pool", _patch_pool)


def _patch_pool(module: ModuleType) -> None:
    pool: Any = module
    if getattr(pool, "_catalejo", False):
        return
    pool.Group.greenlet_class = _carrying(pool.Group.greenlet_class)
    for name in ("Greenlet", "IMap", "IMapUnordered"):
        if hasattr(pool, name):
            setattr(pool, name, _carrying(getattr(pool, name)))
    pool._catalejo = True


def _carrying(base: Any) -> Any:
    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        base.__init__(self, *args, **kwargs)
        carried = carry.carried()
        if carried is not None:
            context = Context()
            context.run(carry.take, carried)
            self.gr_context = context

    return type(base.__name__, (base,), {"__init__": __init__, "__module__": base.__module__})
