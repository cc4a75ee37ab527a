"""Starts the tracer in this process: settings, native core, import hooks, what happens at the end.

`arm()` is what `catalejo run` does in every Python process it starts, and costs next to nothing:
the rest is loaded when the application imports something that is traced, or uses the SDK.
"""

from __future__ import annotations

import os
import sys

from catalejo import exits, hooks
from catalejo.settings import Settings

TYPE_CHECKING = False  # `typing` is not needed to run this
if TYPE_CHECKING:
    from types import ModuleType

    from catalejo._core import Target

SPANS = "/api/v2/llmobs"
EVALUATIONS = "/api/intake/llm-obs/v2/eval-metric"
PROXY = "/evp_proxy/v2"
SITE = "datadoghq.com"
REDACT_LIBRARY = "libcatalejo_redact.so"

# Module that is waited for, and ours that patches it.
INSTRUMENTED = {
    "openai": "catalejo.openai",
    "httpx": "catalejo.context.httpx",
    "httpx2": "catalejo.context.httpx2",
    "requests": "catalejo.context.requests",
    "aiohttp": "catalejo.context.aiohttp",
    "starlette": "catalejo.context.starlette",
    "fastapi": "catalejo.context.fastapi",
    "flask": "catalejo.context.flask",
    "django": "catalejo.context.django",
    "azure.functions": "catalejo.functions",
}

# Other tracers, and ours (catalejo.beside) that gets on with them.
BESIDE = {
    "opentelemetry.instrumentation.auto_instrumentation": "patch_launcher",
    "opentelemetry.trace": "patch_trace",
}


class _State:
    armed = False
    started = False
    stopped = False
    settings: Settings | None = None


state = _State()


def arm(settings: Settings | None = None) -> None:
    """Waits for the modules that are traced; `start` follows with the first of them."""
    if state.armed:
        return
    state.armed = True
    state.settings = settings = settings or Settings.from_environment()
    hooks.debug = settings.debug
    hooks.quotes = not settings.redact
    exits.watch(stop)
    os.register_at_fork(after_in_child=_after_fork_in_child)
    for name in INSTRUMENTED:
        hooks.on_import(name, _patch)
    hooks.on_import("catalejo.span", _span_is_loaded)
    for name in BESIDE:
        hooks.on_import(name, _patch_beside)


def start(settings: Settings | None = None) -> None:
    """Starts the tracer. Once is enough; settings that are given replace those in force."""
    if state.started and not state.stopped and settings is None:
        return
    arm(settings)
    settings = settings or state.settings or Settings.from_environment()
    state.settings = settings
    state.started, state.stopped = True, False
    hooks.debug = settings.debug
    hooks.quotes = not settings.redact
    from catalejo import _core
    from catalejo.span import runtime

    runtime.start(settings)
    _core.configure(target_of(settings))


def stop(milliseconds: int = exits.EXIT_MS_MAX) -> None:
    """Sends what is left, within that time, and says what was lost. Never raises."""
    try:
        _stop(milliseconds)
    except Exception as error:
        hooks.failed("could not end in order", error)


def _stop(milliseconds: int) -> None:
    settings = state.settings
    if settings is None or state.stopped or not (state.started or settings.debug):
        return
    state.stopped = True
    from catalejo import report

    if not state.started:
        report.print_idle()
        return
    from catalejo import _core
    from catalejo.span import runtime

    if "catalejo.openai" in sys.modules:
        sys.modules["catalejo.openai"].finish_open()
    counts = _core.counts()
    if counts["submitted"]:
        if _core.last_error():
            milliseconds = min(milliseconds, exits.EXIT_MS_MAX_IN_TROUBLE)
        _core.shutdown(milliseconds)
    runtime.stop()
    report.at_exit(settings, runtime, _core)


def target_of(settings: Settings, agentless: bool | None = None) -> Target:
    """Where spans and evaluations go. While that is open (`is_open`) the native core asks the agent
    before its first request, and goes without one when there is none."""
    if agentless is None and is_open(settings):
        both = target_of(settings, agentless=True)
        both["url"] = settings.override_origin.rstrip("/") or settings.agent_url
        both["info_url"], both["probe"] = settings.agent_url, True
        return both
    if agentless is None:
        agentless = bool(settings.agentless)
    target: Target = {
        "api_key": settings.api_key if agentless else "",
        "ca_file": settings.ca_file,
        "debug": settings.debug,
        "flush_interval_ms": settings.flush_interval_ms,
        "queue_bytes_max": settings.queue_bytes_max,
        "spool_bytes_max": settings.spool_bytes_max,
        "spool_dir": settings.spool_dir,
        "timeout_ms": settings.timeout_ms,
        "tracer_version": _version(),
    }
    if settings.redact:
        target["redact"], target["redact_key"] = settings.redact, settings.redact_key
        # A line break in a pattern is written as RE2 writes it, for lines separate patterns.
        target["redact_patterns"] = "\n".join(
            name + "=" + pattern.replace("\n", "\\n")
            for name, pattern in settings.redact_patterns.items()
        )
        target["redact_library"] = os.path.join(os.path.dirname(__file__), REDACT_LIBRARY)
    override = settings.override_origin.rstrip("/")
    if agentless:
        site = settings.site or SITE
        target["spans_url"] = override or f"https://llmobs-intake.{site}"
        target["evaluations_url"] = override or f"https://api.{site}"
        target["url"] = target["spans_url"]
        target["spans_path"], target["evaluations_path"] = SPANS, EVALUATIONS
        return target
    target["url"] = override or settings.agent_url
    target["spans_path"] = PROXY + SPANS
    target["evaluations_path"] = PROXY + EVALUATIONS
    target["spans_headers"] = {"x-datadog-evp-subdomain": "llmobs-intake"}
    target["evaluations_headers"] = {"x-datadog-evp-subdomain": "api"}
    return target


def is_open(settings: Settings) -> bool:
    """Whether the agent must be asked first: nobody said which way, and both are possible."""
    return settings.agentless is None and bool(settings.api_key)


def _version() -> str:
    from catalejo import __version__

    return __version__


def _span_is_loaded(_module: ModuleType) -> None:
    settings = state.settings
    if settings is not None and settings.llmobs_enabled and not state.started:
        start()


def _patch(module: ModuleType) -> None:
    settings = state.settings
    if settings is None or not (settings.llmobs_enabled or state.started):
        return
    start()
    ours = INSTRUMENTED[module.__name__]
    __import__(ours)
    sys.modules[ours].patch(module)


def _patch_beside(module: ModuleType) -> None:
    from catalejo import beside

    getattr(beside, BESIDE[module.__name__])(module)


def _after_fork_in_child() -> None:
    if not state.started:
        return
    from catalejo import _core

    _core.after_fork_in_child()
