"""Ids of spans and traces, as the wire wants them.

A trace id is 128 bits: Unix seconds, 32 zero bits, 64 random ones, as Datadog's tracers make it.
The random numbers do not come from `random`'s shared generator: an application that seeds it must
not get the same ids twice.
"""

from __future__ import annotations

import os
import random
import time

TYPE_CHECKING = False  # `typing` is not needed to run this
if TYPE_CHECKING:
    from typing import Callable

MASK = (1 << 64) - 1

_generator = random.Random()
_getrandbits = _generator.getrandbits


def _reseed() -> None:
    _generator.seed(os.urandom(16))


_reseed()
os.register_at_fork(after_in_child=_reseed)


def span_id() -> int:
    """64 random bits, never zero."""
    return _getrandbits(64) or 1


def of_root() -> tuple[int, int, int]:
    """Span id and the two trace ids of a span without a parent, in one step."""
    if trace_of_others is not None:
        return span_id(), trace_id(), apm_trace_id()
    seconds = int(time.time()) << 96
    bits = _getrandbits(192)
    return (
        bits & MASK or 1,
        seconds | (bits >> 64 & MASK or 1),
        seconds | (bits >> 128 or 1),
    )


def trace_id() -> int:
    """128 bits: seconds since 1970 in the highest 32, the lowest 64 random."""
    return int(time.time()) << 96 | span_id()


def trace_hex(value: int) -> str:
    return f"{value:032x}"


# The trace that another tracer in this process is in, 0 for none (set by beside.py).
trace_of_others: Callable[[], int] | None = None


def apm_trace_id() -> int:
    """Of a trace that begins here: one request is one trace, whoever else traces it."""
    return (trace_of_others() if trace_of_others is not None else 0) or trace_id()
