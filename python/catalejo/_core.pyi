"""The native core (python/native): capture, encoding, queue, sending. All calls are thread-safe,
none raises into the application for anything that happens on the wire. Only `configure`, `submit`
and `probe` raise, ValueError, when what they are given cannot be meant."""

from contextvars import ContextVar
from typing import Any, Awaitable, Callable, Literal, TypedDict, TypeVar

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
    redact: str  # as CATALEJO_REDACT; empty: nothing is redacted
    redact_patterns: str  # "name=RE2" a line
    redact_key: str  # 64 hex digits
    redact_library: str  # path of libcatalejo_redact.so

def configure(target: Target) -> None:
    """Sets where to send; may be called again. The native thread starts with the first submit, or
    now when there is a spool that may hold what an earlier process could not send."""

def submit(kind: Literal["span", "evaluation"], event: object) -> bool:
    """Captures `event` (an LLMObs event as api/v2/llmobs takes it, or one metric of
    eval-metric: a dict or a Tape of one; values may be Tapes) and queues it. False, and counted,
    when it is lost."""

def span_id() -> int:
    """64 random bits, never zero."""

def trace_id() -> int:
    """128 bits: seconds since 1970 in the highest 32, the lowest 64 random."""

def apm_trace_id() -> int:
    """Of a trace that begins here: one request is one trace, whoever else traces it."""

def follow(trace_of_others: Callable[[], int] | None) -> None:
    """`trace_of_others()` is the trace that another tracer in this process is in, 0 for none."""

class SpanBase:
    """The fields of catalejo.span.Span, and how they begin.

    `input` and `output` are what `meta.input` and `meta.output` of the event become: a dict
    ({"value": str}, {"messages": [...]}, {"documents": [...]}) or a Tape of one."""

    agent: tuple[str, str] | None  # name and span id of the agent above
    apm_trace_id: int
    duration_ns: int  # 0: not known yet
    error: dict[str, str] | None  # type, message, stack
    finished: bool
    input: Any
    kind: str
    meta: dict[str, Any]  # further fields of `meta`: tool_definitions, intent, ...
    metadata: dict[str, Any]
    metrics: dict[str, int | float]
    ml_app: str
    model_name: str
    model_provider: str
    name: str
    output: Any
    parent: Any  # Span, Remote or None
    parent_id: int
    sampling: tuple[str, str] | None  # rate and decision
    session_id: str
    span_id: int
    start_ns: int
    tags: dict[str, str]
    trace_id: int
    def __init__(self, kind: str, name: str, parent: Any) -> None: ...
    def deactivate(self) -> None:
        """Makes the nearest open parent the current one again; the span itself stays open (a
        stream). Does nothing in a context where this span is not the current one, so spans may
        end in any order, and elsewhere than they began."""

def use_context(current: ContextVar[Any], annotators: ContextVar[Any]) -> None:
    """The variables of catalejo.span: the current span, and what is called with each new one."""

S = TypeVar("S", bound=SpanBase)

def start_span(kind: str, name: str, make: type[S]) -> S:
    """A span below the current one, which it replaces until it finishes."""

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

def read_parameters(
    body: dict[str, Any],
    keys: frozenset[str],
    into: dict[str, Any],
    copy: Callable[[Any], Any],
) -> None:
    """Puts what `body` has under `keys` into `into`: str, int, float, bool and None as they are,
    all else as copy(it)."""

def read_chat_request(
    span: SpanBase,
    body: dict[str, Any],
    keys: frozenset[str],
    copy: Callable[[Any], Any],
    of_message: Callable[[Any], object],
) -> bool:
    """`read_parameters` into the span's metadata, and into its input a Tape of
    {"messages": [...]}: each of the list as it is, when it is a dict of a role and a text, else as
    of_message(it). True when the body has tools."""

C = TypeVar("C")

def read_chat(
    span: SpanBase,
    answer: object,
    call: C,
    read_message: Callable[[C, Any, list[dict[str, Any]]], None],
    read_filter: Callable[[C, str, Any], None],
    read_prompt_filters: Callable[[C, Any], None],
) -> None:
    """The answer of a chat (openai's model, or the JSON of one) into `span`. Of what is seldom
    there one of the functions is told: a message that is more than text, which adds itself to the
    list, and results of Azure's content filter."""

def read_usage(metrics: dict[str, int | float], usage: object) -> None:
    """Token counts of any of openai's operations, under ddtrace's names."""

class CallBase:
    """The fields of catalejo.openai.call.Call. It begins with a span below the current one."""

    operation: Any  # Operation
    place: Any  # Place
    kwargs: dict[str, Any]  # the application's arguments
    span: Any  # ModelCall
    filters: dict[str, Any]  # "prompt", "completion": Azure's content filter
    injected: bool | None  # include_usage is ours; None: not decided yet
    deployment: str
    model: str
    response: Any  # httpx.Response, for its headers
    inner_error: dict[str, Any] | None
    token: Any  # of the context variable
    begun_ns: int  # of perf_counter_ns
    duration_ns: int
    retry_ns: int  # from the first request to the last one
    attempts: int
    retry_status: int  # of the last refusal that was answered with another try; 0: none
    body_seen: bool
    streamed: bool
    def __init__(self, operation: Any, place: Any, kwargs: dict[str, Any]) -> None: ...
    def sending(self, options: Any) -> None:
        """An attempt is about to be sent, the first or one after a failure: reads its body, and
        asks for the token counts of a stream where `self.may_ask()`, of the class above, lets it.
        """

    def read_request(self, url: str, body: dict[str, Any]) -> None:
        """What the call sends, for its span; by `operation.read_input`."""

    def receiving(self, arguments: dict[str, Any]) -> None:
        """A good answer has arrived, at least its headers."""

    def leave(self) -> None:
        """The method returns: later spans are not children of this one."""

    def end(self) -> None:
        """Ends the span with what is known of the connection: tags, metadata.azure."""

B = TypeVar("B", bound=CallBase)

def begin_call(make: type[B], operation: Any, place: Any, kwargs: dict[str, Any]) -> B | None:
    """The call that is made from here on, until it leaves; None within one of the same path that
    has not sent anything yet."""

def use_calls(
    running: ContextVar[Any],
    make_span: type[SpanBase],
    known: dict[bytes, str | None],
    learn: Callable[[bytes], str | None],
    numbers: frozenset[str],
    read_times: Callable[[dict[str, Any], dict[str, str]], None],
) -> None:
    """What calls need of Python: the variable of the call that is being made, the class of its
    span, the names of headers (and who learns further ones), which of them are numbers, and who
    reads the times among the others into metadata.azure."""

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
    redacted: dict[str, int]  # by rule; "everything": events all of whose texts were replaced

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

def redact_trouble(target: Target) -> str:
    """Why all texts would be replaced instead of redacted; empty when they would not. Loads the
    library, on this thread: for `catalejo run --info`."""

def route() -> str:
    """ "agent" (`url`) or "agentless" (`spans_url`), empty before the first request."""

def last_words(function: Callable[[], object]) -> None:
    """Called by the native thread when SIGTERM ends a process that has no handler for it, after
    what was queued has been sent; what it submits is sent, too. Not called when the thread that the
    signal stopped holds the interpreter's lock, nor in the first process of a container, which
    survives. The first one given is kept. Starts the native thread where it does not run."""

class Answer(TypedDict):
    status: int  # 0: none came
    body: bytes
    error: str  # in words, empty when an answer came

def probe(url: str, timeout_ms: int, ca_file: str = "") -> Answer:
    """One GET, by the client that the native thread uses; for `catalejo run --info`."""

class Choice:
    """One of the answers of a streamed chat or completion."""

    role: str
    texts: list[str] | None
    refusals: list[str] | None
    reasoning: list[str] | None
    calls: dict[int, dict[str, Any]] | None  # by index: id, type, name, arguments (parts)
    reason: str
    filters: Any  # the newest results of the content filter

class Collector:
    """What a stream's chunks have said. A class above has `read_filter("completion", results)`
    and `read_prompt_filters(found)`, which are told of what Azure's content filter says: when it
    says more, and by `tell_filters`."""

    call: Any  # CallBase; without __init__ None
    form: int  # 1: chunks of chats, 2: of completions, 3: events of responses; 0: not read
    injected: bool  # `usage` is there for us only, and taken out
    first_ns: int  # when the first of the answer arrived, of perf_counter_ns; 0: not yet
    last_ns: int  # when the newest chunk arrived
    last: dict[str, Any] | None  # the newest chunk, or response, that names its model
    usage: Any  # token counts
    choices: dict[int, Choice]
    parts: dict[int, list[str]] | None  # texts of responses, by output index
    added: dict[int, dict[str, Any]] | None  # their items as they were announced
    response: dict[str, Any] | None  # the whole one, from the event that ends it
    error: dict[str, Any] | None  # the event that says what went wrong
    def __init__(self, call: Any) -> None:
        """Of a class that has `FORM`."""

    def see(self, data: dict[str, Any]) -> bool:
        """Reads the JSON of a chunk. True when the application must not see it."""

    def tell_filters(self) -> None: ...

def use_json(scan_once: Callable[[str, int], tuple[Any, int]]) -> None:
    """The scanner that json.loads uses, by which the JSON of events is parsed."""

def without_usage(text: str) -> str:
    """The JSON `text` without `"usage":null` at its top, where that is seen at once."""

class Passage:
    """Iterates over `inner`, sync or async. Calls self.stopped(error), of the class above, when
    that has raised, also at its end, before the error goes on. The other fields are that class's,
    of a stream's chunks."""

    inner: Any
    call: Any  # Call
    collector: Any  # call.operation.collector(call)
    stream_tap: Any
    ended: bool
    def __init__(self, call: Any, inner: Any) -> None: ...
    def __iter__(self) -> Passage: ...
    def __next__(self) -> Any: ...
    def __aiter__(self) -> Passage: ...
    def __anext__(self) -> Awaitable[Any]: ...

def watch(inner: Any, collector: Collector, failed: Callable[[BaseException], None]) -> Passage:
    """Iterates over `inner`, the events of a stream (openai's ServerSentEvent). `collector` reads
    each first; what only came for us is left out. When that raises, `failed` is told, once, and
    nothing is read any more."""
