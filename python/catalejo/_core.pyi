"""The native core (python/native): capture, encoding, queue, sending. All calls are thread-safe,
none raises into the application for anything that happens on the wire."""

from typing import Any, Literal, TypedDict

class Tape:
    """A Python value captured at one moment as JSON with holes: what is changed afterwards does
    not change it. Long texts are held by reference until the native thread has copied them."""

    def text(self) -> str:
        """The JSON, for tests and span processors."""

def capture(value: object) -> Tape:
    """Walks dict, list, tuple, str, int, float, bool, None and Tape; NaN and infinity become
    null; anything else, and what lies deeper than 32 levels, is written as str(value)."""

class Target(TypedDict, total=False):
    """Where to send. `url` is http(s)://host:port[/base] or unix:///path.socket."""

    url: str
    spans_path: str
    evaluations_path: str
    spans_url: str  # when spans and evaluations go to different origins (agentless, by DD_SITE)
    evaluations_url: str
    api_key: str  # sent as dd-api-key when not empty
    ca_file: str  # trusted beside the system's
    headers: dict[str, str]
    tracer_version: str
    flush_interval_ms: int  # 1000
    timeout_ms: int  # 5000, one attempt
    queue_bytes_max: int  # 32 MiB; above it the newest is lost, and counted
    batch_bytes_max: int  # 4 MiB of JSON a request
    spool_dir: str  # empty: none
    spool_bytes_max: int  # 64 MiB
    debug: bool  # transmission errors to standard error, one line each

def configure(target: Target) -> None:
    """Sets where to send; may be called again. The native thread starts with the first submit."""

def submit(kind: Literal["span", "evaluation"], event: dict[str, Any]) -> bool:
    """Captures `event` (an LLMObs event as api/v2/llmobs takes it, or one metric of
    eval-metric; values may be Tapes) and queues it. False, and counted, when it is lost."""

class Counts(TypedDict):
    submitted: int  # spans and evaluations
    sent: int  # in a request that was written, counted once
    acknowledged: int
    queued: int
    spooled: int  # on disk, waiting
    lost: dict[str, int]  # by reason: queue_full, refused (4xx), unreachable, too_large, shutdown
    requests: int
    retries: int

def counts() -> Counts: ...
def flush(timeout_ms: int) -> bool:
    """Sends what is queued; true when all of it was acknowledged in time. Releases the GIL."""

def shutdown(timeout_ms: int) -> bool:
    """flush, then the end of the native thread; what is left is spooled or counted as lost."""

def after_fork_in_child() -> None:
    """An empty queue, zero counts, no thread: what the parent had queued, the parent sends."""

def last_error() -> str:
    """The newest transmission error in words, empty when the last attempt went well."""
