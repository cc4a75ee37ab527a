"""What is said on standard error when a process ends: losses always, everything under --debug."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # `typing` is not needed to run this
if TYPE_CHECKING:
    from typing import Any

    from catalejo._core import Counts
    from catalejo.settings import Settings
    from catalejo.span import Runtime

REASONS = {
    "queue_full": "the queue was full",
    "refused": "refused by the receiver",
    "unreachable": "nothing answered",
    "too_large": "larger than a request may be",
    "shutdown": "the process ended first",
    "no_core": "no native core for this Python",
}


def say(text: str) -> None:
    try:
        print(f"catalejo: {text}", file=sys.stderr)
    except (OSError, ValueError, AttributeError):  # standard error is closed or there is none
        return


def print_idle() -> None:
    say(f"process {os.getpid()}: nothing that is traced was imported")


def lost_of(counts: Counts) -> dict[str, int]:
    """By reason, without the reasons that have none."""
    return {reason: count for reason, count in counts["lost"].items() if count}


def in_words(lost: dict[str, int]) -> str:
    return ", ".join(f"{count} {REASONS.get(reason, reason)}" for reason, count in lost.items())


def summary(counts: Counts, dropped_by_processor: int, failures: int) -> str:
    lost = lost_of(counts)
    text = (
        f"process {os.getpid()}: traced {counts['submitted']}, sent {counts['sent']}, "
        f"acknowledged {counts['acknowledged']}, lost {sum(lost.values())}"
    )
    if lost:
        text += f" ({in_words(lost)})"
    text += f", dropped by processors {dropped_by_processor}"
    if counts["redacted"]:
        struck = (f"{rule} {times}" for rule, times in sorted(counts["redacted"].items()))
        text += f", redacted {', '.join(struck)}"
    if counts["queued"]:
        text += f", still queued {counts['queued']}"
    if counts["spooled"]:
        text += f", on disk for the next start {counts['spooled']}"
    return f"{text}; requests {counts['requests']}, retries {counts['retries']}, " + (
        f"faults of the tracer {failures}"
    )


def at_exit(settings: Settings, runtime: Runtime, core: Any) -> None:
    from catalejo import hooks

    counts: Counts = core.counts()
    if settings.debug:
        for text in hooks.failure_texts:
            say(text)
        say(summary(counts, runtime.dropped_by_processor,
                    hooks.failures + runtime.processor_failures))  # fmt: skip
    lost = lost_of(counts)
    if lost.keys() - {"no_core"}:
        why = core.last_error()
        say(
            f"{sum(lost.values())} of {counts['submitted']} spans and evaluations were lost: "
            f"{in_words(lost)}" + (f" ({why})" if why else "")
            + "; see: catalejo run --info"
        )  # fmt: skip
