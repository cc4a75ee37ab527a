"""Ids of spans and traces, as the wire wants them.

A trace id is 128 bits: Unix seconds, 32 zero bits, 64 random ones, as Datadog's tracers make it.
The random numbers are the kernel's, not those of `random`'s shared generator: an application that
seeds that must not get the same ids twice.
"""

from __future__ import annotations

from catalejo._core import apm_trace_id, follow, span_id, trace_id

__all__ = ["apm_trace_id", "follow", "span_id", "trace_hex", "trace_id"]


def trace_hex(value: int) -> str:
    return f"{value:032x}"
