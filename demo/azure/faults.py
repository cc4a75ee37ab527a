"""Faults on request. A caller asks with the header `x-fake-azure`, such as `429;times=2`; who
starts the server may limit a deployment, as when somebody else has used up most of its quota, or
give it a fault that every call to it meets.

Real Azure fails by itself; a test and a demo need it to fail when told. The answers are those that
the service documents; only the trigger is ours. `key=` tells one caller's count from another's.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from demo.azure.contract import Refused, Request


@dataclass(frozen=True)
class Fault:
    kind: str = ""
    times: int = 1 << 30
    seconds: float = 0.0
    key: str = ""


def parse(text: str) -> Fault:
    """`429;times=1;key=abc`, `500`, `slow;seconds=5`, `cut`, `reset`."""
    kind, *rest = [part.strip() for part in text.split(";")]
    values = dict(part.split("=", 1) for part in rest if "=" in part)
    return Fault(
        kind,
        int(values.get("times", 1 << 30)),
        float(values.get("seconds", 0)),
        values.get("key", ""),
    )


@dataclass
class Limit:
    """Calls that a deployment answers in a second, `after` seconds from the first call to it."""

    calls: int
    after: float
    holds: float | None = None
    free: float = 0.0  # when the next call is answered
    refused: int = 0

    def wait(self, now: float) -> float:
        """Seconds to ask a caller to wait; 0 when it is answered."""
        if self.holds is None:
            self.holds = now + self.after
        if now < self.holds:
            return 0.0
        if now >= self.free:
            self.free = now + 1 / self.calls
            return 0.0
        self.refused += 1
        # Spread over a second, so that they do not all come back at once.
        return 0.5 + self.refused * 0.618 % 1


class Faults:
    """Counts how often each fault was given, so that `times=2` means the third call succeeds."""

    def __init__(
        self, limits: dict[str, Limit] | None = None, by_deployment: dict[str, str] | None = None
    ) -> None:
        self._lock = threading.Lock()
        self._given: dict[Fault, int] = {}
        self._limits = limits or {}
        self._by_deployment = by_deployment or {}

    def take(self, request: Request) -> Fault:
        given_with = self._by_deployment.get(request.deployment, "")
        fault = parse(request.headers.get("x-fake-azure", given_with))
        with self._lock:
            limit = self._limits.get(request.deployment)
            if limit is not None and (wait := limit.wait(time.monotonic())) > 0:
                return Fault("429", seconds=wait)
            if not fault.kind:
                return fault
            given = self._given.get(fault, 0)
            if given >= fault.times:
                return Fault()
            self._given[fault] = given + 1
        return fault


def raise_for(fault: Fault, operation: str, api_version: str) -> None:
    if fault.kind == "slow":
        time.sleep(min(fault.seconds, 30))
    elif fault.kind == "429":
        seconds = int(fault.seconds) or 1
        raise Refused(
            429,
            {
                "code": "429",
                "message": (
                    f"Requests to the {operation} Operation under Azure OpenAI API version "
                    f"{api_version} have exceeded token rate limit of your current OpenAI S0 "
                    f"pricing tier. Please retry after {seconds} seconds. Please go here: "
                    "https://aka.ms/oai/quotaincrease if you would like to further increase the "
                    "default rate limit."
                ),
            },
            {
                "retry-after": str(seconds),
                # The client honours this one first; a test does not want to wait whole seconds.
                "retry-after-ms": "50" if fault.seconds == 0 else str(int(fault.seconds * 1000)),
                "x-ratelimit-remaining-requests": "0",
                "x-ratelimit-remaining-tokens": "0",
            },
        )
    elif fault.kind in ("500", "503"):
        raise Refused(
            int(fault.kind),
            {
                "message": "The server had an error while processing your request. "
                "Sorry about that!",
                "type": "server_error",
                "param": None,
                "code": None,
            },
            {"retry-after-ms": "50"},
        )
