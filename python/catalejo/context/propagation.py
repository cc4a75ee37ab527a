"""Writes the current context into the headers of a request, and reads that of another process.

Two forms at once, as Datadog's tracers do: W3C `traceparent` and `tracestate`, and `x-datadog-*`.
The trace id of LLM Observability, the LLM span above, the application's name and the session are
in `x-datadog-tags` and in the `dd` member of tracestate. Headers that make no sense are ignored.
"""

from __future__ import annotations

from catalejo import ids
from catalejo.span import IDS_MASK, Remote, Span, current, runtime

TYPE_CHECKING = False  # `typing` is not needed to run this
if TYPE_CHECKING:
    from typing import Iterable, Mapping, MutableMapping

TRACEPARENT = "traceparent"
TRACESTATE = "tracestate"
TRACE_ID = "x-datadog-trace-id"
PARENT_ID = "x-datadog-parent-id"
PRIORITY = "x-datadog-sampling-priority"
TAGS = "x-datadog-tags"
NAMES = frozenset((TRACEPARENT, TRACESTATE, TRACE_ID, PARENT_ID, PRIORITY, TAGS))

TAGS_CHARACTERS_MAX = 512  # of x-datadog-tags
MEMBER_CHARACTERS_MAX = 256  # of our member of tracestate
MEMBERS_MAX = 32  # of tracestate, ours among them
HEADER_CHARACTERS_MAX = 4_096  # longer ones are not read
UNDEFINED = "undefined"  # the LLM parent of a root
KEPT = "-0"  # the decision to keep was nobody's in particular

_HEX = frozenset("0123456789abcdef")


# ---------------------------------------------------------------------------------- writing


def inject(headers: MutableMapping[str, str]) -> None:
    """Adds the context of what is current, if anything is. What the application, or another
    tracer, has put there stays, and is what our part then refers to."""
    context = current.get()
    if context is None or not runtime.enabled or TRACE_ID in headers:
        return
    theirs = parse_traceparent(headers[TRACEPARENT]) if TRACEPARENT in headers else None
    if theirs is None:
        write(context, headers)
    else:
        _write_datadog(context, headers, theirs[0], theirs[1])


def write(context: Span | Remote, headers: MutableMapping[str, str]) -> None:
    """Writes all headers, in place of those that are there."""
    apm_parent = context.span_id if isinstance(context, Span) else context.apm_span_id
    if not apm_parent:
        # A request without headers, or whose sender had no span: W3C wants some parent.
        apm_parent = ids.span_id()
    remote = _origin(context)
    priority = 1 if remote is None else remote.priority
    tags = _write_datadog(context, headers, context.apm_trace_id, apm_parent)
    headers[TRACEPARENT] = (
        f"00-{context.apm_trace_id:032x}-{apm_parent:016x}-{'01' if priority > 0 else '00'}"
    )
    member = _member(tags, apm_parent, priority)
    others = "" if remote is None else remote.tracestate
    headers[TRACESTATE] = f"{member},{others}" if others else member


def _write_datadog(
    context: Span | Remote, headers: MutableMapping[str, str], trace_id: int, parent_id: int
) -> dict[str, str]:
    remote = _origin(context)
    headers[TRACE_ID] = str(trace_id & IDS_MASK)
    headers[PARENT_ID] = str(parent_id)
    headers[PRIORITY] = str(1 if remote is None else remote.priority)
    tags = _tags(context, remote, trace_id)
    headers[TAGS] = _joined(f"{key}={value}" for key, value in tags.items())
    return tags


def _origin(context: Span | Remote) -> Remote | None:
    """The request that `context` is part of."""
    above: Span | Remote | None = context
    while isinstance(above, Span):
        above = above.parent
    return above


def _tags(context: Span | Remote, remote: Remote | None, trace_id: int) -> dict[str, str]:
    """Those of WIRE "Distributed headers", the ones that matter most first."""
    tags = {"_dd.p.tid": f"{trace_id >> 64:016x}"} if trace_id >> 64 else {}
    rate, decision = runtime.sampling_of(context)
    tags["_dd.p.llmobs_trace_id"] = str(context.trace_id)
    tags["_dd.p.llmobs_parent_id"] = str(context.span_id) if context.span_id else UNDEFINED
    tags["_dd.p.llmobs_ml_app"] = context.ml_app or runtime.settings.ml_app
    tags["_dd.p.llmobs_sid"] = context.session_id
    tags["_dd.p.llmobs_sr"] = rate
    tags["_dd.p.llmobs_sd"] = decision
    agent = context.agent
    if isinstance(context, Span) and context.kind == "agent":
        agent = (context.name, str(context.span_id))
    if agent is not None:
        tags["_dd.p.llmobs_pagent_span_id"] = agent[1]
        tags["_dd.p.llmobs_pagent_name"] = agent[0]
    tags["_dd.p.dm"] = KEPT
    if remote is not None:
        tags.update(remote.tags)
    return {key: value for key, value in tags.items() if value and _is_plain(value)}


def _is_plain(value: str) -> bool:
    """What x-datadog-tags can hold; anything else is left out, not the whole header."""
    return value.isascii() and value.isprintable() and "," not in value


def _joined(pairs: Iterable[str]) -> str:
    joined = ""
    for pair in pairs:
        longer = f"{joined},{pair}" if joined else pair
        if len(longer) <= TAGS_CHARACTERS_MAX:
            joined = longer
    return joined


def _member(tags: dict[str, str], parent_id: int, priority: int) -> str:
    """`dd=p:…;s:…;t.dm:…` of tracestate: the tags again, as many as there is room for."""
    member = f"dd=p:{parent_id:016x};s:{priority}"
    for key, value in tags.items():
        if key == "_dd.p.tid":  # traceparent has all of the trace id
            continue
        value = value.replace("~", "_").replace(";", "_").replace("=", "~")
        entry = f";t.{key[len('_dd.p.') :]}:{value}"
        if len(member) + len(entry) <= MEMBER_CHARACTERS_MAX:
            member += entry
    return member


# ---------------------------------------------------------------------------------- reading


def extract(headers: Mapping[str, str]) -> Remote | None:
    """What the headers of a request say of its sender; None when they name no trace. Names of
    headers in any case, also as WSGI has them (HTTP_X_DATADOG_TRACE_ID)."""
    found: dict[str, str] = {}
    for name, value in headers.items():
        if type(name) is not str:
            continue
        plain = name.lower()
        if plain not in NAMES:
            plain = plain.replace("_", "-")
            plain = plain[5:] if plain.startswith("http-") else plain
            if plain not in NAMES:
                continue
        if isinstance(value, str):
            found[plain] = value
    return read(found) if found else None


def read(headers: Mapping[str, str]) -> Remote | None:
    """`extract` of headers whose names are in lower case."""
    try:
        datadog = _read_datadog(headers)
        if datadog is not None and _is_complete(datadog, headers):
            return datadog
        w3c = _read_w3c(headers)
    except (ValueError, OverflowError):
        return None
    if datadog is None or w3c is None:
        return datadog or w3c
    if datadog.apm_trace_id & IDS_MASK == w3c.apm_trace_id & IDS_MASK:
        # The same trace in both forms: what one of them had no room for comes from the other.
        datadog.apm_trace_id = w3c.apm_trace_id
        datadog.tracestate = w3c.tracestate
        _complete(datadog, w3c)
    return datadog


def _is_complete(remote: Remote, headers: Mapping[str, str]) -> bool:
    """Whether the W3C form has nothing to add: no member of another vendor's, no missing half."""
    return bool(
        remote.span_id and remote.apm_trace_id >> 64 and "," not in headers.get(TRACESTATE, "")
    )


def _complete(remote: Remote, other: Remote) -> None:
    if not remote.span_id and other.span_id:
        remote.span_id, remote.trace_id = other.span_id, other.trace_id
    remote.apm_span_id = remote.apm_span_id or other.apm_span_id
    remote.ml_app = remote.ml_app or other.ml_app
    remote.session_id = remote.session_id or other.session_id
    remote.sampling = remote.sampling or other.sampling
    remote.agent = remote.agent or other.agent
    remote.tags = {**other.tags, **remote.tags}


def _read_datadog(headers: Mapping[str, str]) -> Remote | None:
    trace_id = _number(headers.get(TRACE_ID, ""), 64)
    if not trace_id:
        return None
    tags: dict[str, str] = {}
    text = headers.get(TAGS, "")
    for pair in text.split(",") if len(text) <= HEADER_CHARACTERS_MAX else ():
        key, equals, value = pair.strip().partition("=")
        if equals and value and key.startswith("_dd.p."):
            tags[key] = value
    high = tags.pop("_dd.p.tid", "")
    if len(high) == 16 and _HEX.issuperset(high):
        trace_id |= int(high, 16) << 64
    remote = _made(trace_id, tags)
    remote.apm_span_id = _number(headers.get(PARENT_ID, ""), 64)
    remote.priority = _priority(headers.get(PRIORITY, ""))
    return remote


def _read_w3c(headers: Mapping[str, str]) -> Remote | None:
    parsed = parse_traceparent(headers.get(TRACEPARENT, ""))
    if parsed is None:
        return None
    trace_id, parent_id, sampled = parsed
    text = headers.get(TRACESTATE, "")
    text = text.replace("\t", " ")
    if len(text) > HEADER_CHARACTERS_MAX or not text.isascii() or not text.isprintable():
        text = ""
    ours, others = "", []
    for member in text.split(","):
        member = member.strip()
        if member.startswith("dd="):
            ours = member[3:]
        elif member:
            others.append(member)
    tags: dict[str, str] = {}
    priority = 1 if sampled else 0
    for entry in ours.split(";"):
        key, colon, value = entry.partition(":")
        if key == "s" and colon and (_priority(value) > 0) == sampled:
            priority = _priority(value)
        elif key.startswith("t.") and value:
            tags["_dd.p." + key[2:]] = value.replace("~", "=")
    remote = _made(trace_id, tags)
    remote.apm_span_id = parent_id
    remote.priority = priority
    remote.tracestate = ",".join(others[: MEMBERS_MAX - 1])
    return remote


def _made(apm_trace_id: int, tags: dict[str, str]) -> Remote:
    """Takes what is ours out of the tags. Without a trace id of LLM Observability the other one
    serves: LLM spans of all that belongs together are in one trace then, too."""
    trace_id = _llm_trace_id(tags.pop("_dd.p.llmobs_trace_id", "")) or apm_trace_id
    remote = Remote(trace_id, apm_trace_id)
    remote.span_id = _number(tags.pop("_dd.p.llmobs_parent_id", ""), 64)
    remote.ml_app = tags.pop("_dd.p.llmobs_ml_app", "")
    remote.session_id = tags.pop("_dd.p.llmobs_sid", "")
    rate, decision = tags.pop("_dd.p.llmobs_sr", ""), tags.pop("_dd.p.llmobs_sd", "")
    if decision in ("0", "1"):
        remote.sampling = (rate or "1", decision)
    agent_id = tags.pop("_dd.p.llmobs_pagent_span_id", "")
    agent_name = tags.pop("_dd.p.llmobs_pagent_name", "")
    if _number(agent_id, 64):
        remote.agent = (agent_name, agent_id)
    remote.tags = tags
    return remote


def _llm_trace_id(text: str) -> int:
    """In decimal, as the contract is, or 32 hex digits that cannot be decimal; 0: neither."""
    if len(text) == 32 and _HEX.issuperset(text) and (text[0] == "0" or not text.isdigit()):
        return int(text, 16)
    return _number(text, 128)


def _number(text: str, bits: int) -> int:
    """A decimal number of at most so many bits; 0 for anything else."""
    text = text.strip()
    if not text.isascii() or not text.isdigit() or len(text) > 39:
        return 0
    value = int(text)
    return value if value >> bits == 0 else 0


def _priority(text: str) -> int:
    return int(text) if text in ("-1", "0", "1", "2") else 1


def parse_traceparent(text: str) -> tuple[int, int, bool] | None:
    """Trace id, parent id, and whether it is sampled; None for what is no traceparent."""
    parts = text.strip().split("-")
    if len(parts) < 4:
        return None
    version, trace, parent, flags = parts[:4]
    if (len(version), len(trace), len(parent), len(flags)) != (2, 32, 16, 2):
        return None
    if not _HEX.issuperset(version + trace + parent + flags) or version == "ff":
        return None
    if version == "00" and len(parts) != 4:
        return None
    trace_id, parent_id = int(trace, 16), int(parent, 16)
    if not trace_id or not parent_id:
        return None
    return trace_id, parent_id, bool(int(flags, 16) & 1)
