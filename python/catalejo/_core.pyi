"""The native core (python/native): capture, encoding, queue, sending. All calls are thread-safe,
none raises into the application for anything that happens on the wire. Only `configure`, `submit`
and `probe` raise, ValueError, when what they are given cannot be meant."""

from typing import Any, Awaitable, Callable, Literal, TypedDict

class Tape:
    """A Python value captured at one moment as JSON with holes: what is changed afterwards does
    not change it. Long texts are held by reference until the native thread has copied them."""

    def text(self) -> str:
        """The JSON, for tests and span processors."""

def capture(value: object) -> Tape:
    """Walks dict, list, tuple, str, int, float, bool, None and Tape; NaN and infinity become
    null; anything else, and what lies deeper than 32 levels or inside itself, is written as
    str(value). Keys that are no str become one as in json.dumps."""

class Target(TypedDict, total=False):
    """Where to send. `url` is http(s)://host:port[/base] or unix:///path.socket.

    Events go to `url` + `spans_path` or `evaluations_path`, or, where they are given, to
    `spans_url` and `evaluations_url` + the same paths. With all three and `probe`, `url` is an
    agent: when its /info does not answer within 2 s, or does not offer /evp_proxy/v2, the other
    two are used instead, with the paths less /evp_proxy/v2."""

    url: str
    spans_path: str  # /api/v2/llmobs
    evaluations_path: str  # /api/intake/llm-obs/v2/eval-metric
    spans_url: str  # agentless, by DD_SITE; may have the path in it already
    evaluations_url: str
    info_url: str  # whose /info is asked; `url` when it is not given
    probe: bool  # asked by the native thread before the first request; adds /evp_proxy/v2 to paths
    api_key: str  # sent as dd-api-key, but not to a path under /evp_proxy/
    ca_file: str  # trusted beside the system's
    headers: dict[str, str]
    spans_headers: dict[str, str]  # for `url`; x-datadog-evp-subdomain is added under /evp_proxy/
    evaluations_headers: dict[str, str]
    tracer_version: str
    flush_interval_ms: int  # 1000
    timeout_ms: int  # 5000, one attempt
    queue_bytes_max: int  # 32 MiB; above it the newest is lost, and counted
    batch_bytes_max: int  # 1 MiB of JSON a request, about
    spool_dir: str  # empty: none
    spool_bytes_max: int  # 64 MiB
    debug: bool  # transmission errors to standard error, one line each

def configure(target: Target) -> None:
    """Sets where to send; may be called again. The native thread starts with the first submit, or
    now when there is a spool that may hold what an earlier process could not send."""

def submit(kind: Literal["span", "evaluation"], event: object) -> bool:
    """Captures `event` (an LLMObs event as api/v2/llmobs takes it, or one metric of
    eval-metric: a dict or a Tape of one; values may be Tapes) and queues it. False, and counted,
    when it is lost."""

def submit_span(
    span: object,
    common_keys: list[str],
    common_tags: list[str],
    service: str,
    ml_app: str,
    sample_rate: str,
    sampling_decision: str,
) -> bool:
    """`submit` of the event of a catalejo.span.Span (WIRE contract of ddtrace 4: ids as text, tags
    as "k:v"), without the dicts that it would be made of."""

def read_headers(
    entries: list[tuple[bytes, ...]],
    names: dict[bytes, str | None],
    numbers: frozenset[str],
    limits: dict[str, int | str],
    found: dict[str, str],
) -> bool:
    """Puts the last of each entry, whose first is a key of `names`, under that name into `found`,
    or into `limits` when the name is in `numbers`: a number then, when it is one. False when an
    entry's name is not in `names`, or `entries` is no list: not all was read."""

class Counts(TypedDict):
    """submitted + recovered = acknowledged + queued + spooled + all of lost."""

    submitted: int  # spans and evaluations
    recovered: int  # found in the spool, left there by an earlier process
    sent: int  # in a request that was written, counted once
    acknowledged: int
    queued: int
    spooled: int  # on disk, waiting
    # By reason, all present: queue_full, refused (4xx), unreachable, too_large, shutdown, failed.
    lost: dict[str, int]
    requests: int
    retries: int

def counts() -> Counts: ...
def flush(timeout_ms: int) -> bool:
    """Sends what is queued and spooled; true when all of it was acknowledged in time, false early
    when three attempts in a row failed. Releases the GIL."""

def shutdown(timeout_ms: int) -> bool:
    """flush, then the end of the native thread; what is left is spooled or counted as lost. Takes
    at most half a second more than `timeout_ms`. A later submit starts a thread again."""

def after_fork_in_child() -> None:
    """An empty queue, zero counts, no thread: what the parent had queued, the parent sends. (All
    but giving back the parent's objects has happened by itself in fork().)"""

def last_error() -> str:
    """The newest transmission error in words, empty when the last attempt went well."""

def route() -> str:
    """ "agent" (`url`) or "agentless" (`spans_url`), empty before the first request."""

class Answer(TypedDict):
    status: int  # 0: none came
    body: bytes
    error: str  # in words, empty when an answer came

def probe(url: str, timeout_ms: int, ca_file: str = "") -> Answer:
    """One GET, by the client that the native thread uses; for `catalejo run --info`."""

SKIPPED: object  # what `watch` returns in place of a chunk that the application must not see

class Collector:
    """Base of the classes that read a stream's chunks. A chunk that holds nothing but more text of
    the first answer is read by it alone, once `plain_texts` says where to put that; all others are
    given to `see(data)` of the class above, which returns True for one that is to be skipped."""

    first_ns: int  # when the first of the text arrived, of perf_counter_ns; 0: not yet
    last_ns: int  # when the newest chunk arrived
    last: dict[str, Any] | None  # the newest chunk that names its model
    plain_texts: list[str] | None  # the parts of the first answer's text
    plain_filters: Any  # the newest results of its content filter
    injected: bool  # `usage` is there for us only, and taken out

def watch(
    parse: Callable[..., Any], collector: Collector, failed: Callable[[BaseException], None]
) -> Callable[..., Any]:
    """`parse`, to be called with data=…, whose data `collector` has seen first. When that raises,
    `failed` is told, once, and nothing is looked at any more."""

class Chunks:
    """Iterates over `inner` without SKIPPED. Calls self.stopped(error) when that has raised, also
    at its end, before the error goes on."""

    inner: Any
    def __iter__(self) -> Chunks: ...
    def __next__(self) -> Any: ...

class AsyncChunks:
    inner: Any
    def __aiter__(self) -> AsyncChunks: ...
    def __anext__(self) -> Awaitable[Any]: ...
