"""LLMObs: the interface of ddtrace.llmobs 4, on the spans of this tracer.

All methods may be called from any thread. What ddtrace raises for a mistake of the application's
is raised here, too; that a span cannot be sent never is.
"""

from __future__ import annotations

from typing import Any, Callable, Optional

from catalejo.sdk import annotate as notes
from catalejo.sdk.absent import Absent
from catalejo.sdk.dataset_methods import DatasetMethods
from catalejo.sdk.errors import (
    LLMObsActivateDistributedHeadersError,
    LLMObsExportSpanError,
    LLMObsInjectDistributedHeadersError,
)
from catalejo.sdk.experiment_methods import ExperimentMethods
from catalejo.sdk.log import debug, warn
from catalejo.sdk.prompt_methods import PromptMethods
from catalejo.sdk.spans import LLMSpan, start
from catalejo.span import Span, current, runtime

FLUSH_MS_MAX = 5_000
UNKNOWN = "unknown"
_DISABLED = "LLMObs is not enabled: spans are not recorded, and nothing is sent"


class _State:
    configured = False  # by an enable() of the application's


class _Switch(type):
    """`LLMObs.enabled` follows the tracer, which `catalejo run` may have started long before."""

    @property
    def enabled(cls) -> bool:
        return runtime.enabled


def _start(
    kind: str, name: str | None, session_id: str | None, agent_service: str | None,
    decorator: bool,
) -> LLMSpan:  # fmt: skip
    if not runtime.enabled:
        warn(_DISABLED)
    span = start(kind, name or kind, current.get())
    if agent_service:
        span.ml_app = str(agent_service)
    if session_id:
        span.take_session(str(session_id))
    if decorator:
        span.tags["decorator"] = "1"
    return span


def _start_model(
    kind: str, name: str | None, session_id: str | None, agent_service: str | None,
    decorator: bool, model_name: str | None, model_provider: str | None,
) -> LLMSpan:  # fmt: skip
    span = _start(kind, name, session_id, agent_service, decorator)
    span.model_name = model_name or UNKNOWN
    span.model_provider = (model_provider or UNKNOWN).lower()
    return span


class LLMObs(PromptMethods, DatasetMethods, ExperimentMethods, Absent, metaclass=_Switch):
    """Spans of applications of language models. There are no instances: all methods are the
    class's. The kinds of span are to be used by `with`, or ended by `finish()`."""

    @classmethod
    def enable(
        cls,
        ml_app: str | None = None,
        integrations_enabled: bool = True,
        agentless_enabled: bool | None = None,
        instrumented_proxy_urls: set[str] | None = None,
        site: str | None = None,
        api_key: str | None = None,
        app_key: str | None = None,
        project_name: str | None = None,
        env: str | None = None,
        service: str | None = None,
        span_processor: Callable[..., Any] | None = None,
        sample_rate: float | None = None,
        agent_service: str | None = None,
        _tracer: Any = None,
        _auto: bool = False,
    ) -> None:
        """Starts the tracer; what is not given comes from the environment.

        Under `catalejo run` it runs already, and what is given here replaces what it started with.
        A second call changes nothing. ValueError when agentless without a key.
        """
        if _State.configured and runtime.enabled:
            debug("LLMObs.enable: enabled already")
            return
        from catalejo import start as launcher
        from catalejo.context import threads
        from catalejo.settings import UNNAMED, Settings

        settings = Settings.from_environment()
        if not settings.llmobs_enabled:
            debug("LLMObs.enable: switched off by DD_LLMOBS_ENABLED")
            return
        if service and settings.sources.get("ml_app", "").endswith("SERVICE"):
            settings.ml_app = service  # what is given here wins over DD_SERVICE
        named = settings.ml_app if settings.ml_app != UNNAMED else ""
        settings.ml_app = agent_service or ml_app or named or service or UNNAMED
        settings.env, settings.service = env or settings.env, service or settings.service
        settings.site, settings.api_key = site or settings.site, api_key or settings.api_key
        if agentless_enabled is not None:
            settings.agentless = agentless_enabled
        if settings.agentless and not settings.api_key:
            raise ValueError("agentless needs a key: DD_API_KEY or enable(api_key=...)")
        if sample_rate is not None and 0.0 <= sample_rate <= 1.0:
            settings.sample_rate = sample_rate
        elif sample_rate is not None:
            warn(f"sample_rate {sample_rate!r} is not between 0 and 1; ignored")
        if not integrations_enabled:
            launcher.INSTRUMENTED.pop("openai", None)
        launcher.start(settings)
        threads.arm()
        if span_processor is not None:
            cls.register_processor(span_processor)
        if project_name:
            from catalejo.experiments import place

            place.choose_project(project_name)
        _State.configured = True

    @classmethod
    def disable(cls, _auto: bool = False) -> None:
        """Sends what there is, and records nothing from now on."""
        if runtime.enabled:
            cls.flush()
            runtime.stop()
        _State.configured = False

    @classmethod
    def flush(cls) -> None:
        """Sends what there is, and returns when it has been taken or FLUSH_MS_MAX have passed."""
        if not runtime.enabled:
            warn(_DISABLED)
            return
        from catalejo import _core

        _core.flush(FLUSH_MS_MAX)

    @classmethod
    def register_processor(cls, processor: Callable[..., Any] | None = None) -> None:
        """`processor(LLMObsSpan)` sees every span before it is sent: it returns it, changed or
        not, or None to drop it. Takes the place of an earlier one; None: no processor."""
        from catalejo.sdk import processors

        processors.register(processor)

    @classmethod
    def workflow(
        cls,
        name: str | None = None,
        session_id: str | None = None,
        ml_app: str | None = None,
        agent_service: str | None = None,
        _decorator: bool = False,
    ) -> LLMSpan:
        """A fixed sequence of steps."""
        return _start("workflow", name, session_id, agent_service or ml_app, _decorator)

    @classmethod
    def agent(
        cls,
        name: str | None = None,
        session_id: str | None = None,
        ml_app: str | None = None,
        agent_service: str | None = None,
        version: str | None = None,
        _decorator: bool = False,
    ) -> LLMSpan:
        """Steps that a model decides on. `version`: of the agent."""
        span = _start("agent", name, session_id, agent_service or ml_app, _decorator)
        if version:
            span.tags["agent_version"] = str(version)
        return span

    @classmethod
    def task(
        cls,
        name: str | None = None,
        session_id: str | None = None,
        ml_app: str | None = None,
        agent_service: str | None = None,
        _decorator: bool = False,
    ) -> LLMSpan:
        """A step that asks nobody else."""
        return _start("task", name, session_id, agent_service or ml_app, _decorator)

    @classmethod
    def tool(
        cls,
        name: str | None = None,
        session_id: str | None = None,
        ml_app: str | None = None,
        agent_service: str | None = None,
        _decorator: bool = False,
    ) -> LLMSpan:
        """A call of something outside, usually asked for by a model."""
        return _start("tool", name, session_id, agent_service or ml_app, _decorator)

    @classmethod
    def retrieval(
        cls,
        name: str | None = None,
        session_id: str | None = None,
        ml_app: str | None = None,
        agent_service: str | None = None,
        _decorator: bool = False,
    ) -> LLMSpan:
        """A search that answers with documents."""
        return _start("retrieval", name, session_id, agent_service or ml_app, _decorator)

    @classmethod
    def llm(
        cls,
        model_name: str | None = None,
        name: str | None = None,
        model_provider: str | None = None,
        session_id: str | None = None,
        ml_app: str | None = None,
        agent_service: str | None = None,
        _decorator: bool = False,
    ) -> LLMSpan:
        """A call of a language model."""
        return _start_model(
            "llm", name, session_id, agent_service or ml_app, _decorator, model_name,
            model_provider,
        )  # fmt: skip

    @classmethod
    def embedding(
        cls,
        model_name: str | None = None,
        name: str | None = None,
        model_provider: str | None = None,
        session_id: str | None = None,
        ml_app: str | None = None,
        agent_service: str | None = None,
        _decorator: bool = False,
    ) -> LLMSpan:
        """A call of a model that makes vectors of texts."""
        return _start_model(
            "embedding", name, session_id, agent_service or ml_app, _decorator, model_name,
            model_provider,
        )  # fmt: skip

    @classmethod
    def annotate(
        cls,
        span: Span | None = None,
        prompt: Any = None,
        input_data: Any = None,
        output_data: Any = None,
        metadata: dict[str, Any] | None = None,
        metrics: dict[str, Any] | None = None,
        tags: dict[str, Any] | None = None,
        tool_definitions: list[dict[str, Any]] | None = None,
        cost_tags: list[str] | None = None,
        agent: Any = None,
        _name: str | None = None,
        _linked_spans: Any = None,
        _suppress_span_kind_error: bool = False,
        _telemetry_source: str = "",
        intent: str | None = None,
        parameters: dict[str, Any] | None = None,
    ) -> None:
        """Adds to `span`, or to the current one. Metadata, metrics and tags are merged with those
        that are there; input and output take the place of earlier ones.

        Input and output are messages (texts, or dicts with role and content) for llm, documents
        (texts, or dicts with text) for the input of embedding and the output of retrieval, and for
        everything else whatever can be written as JSON.
        LLMObsExportSpanError without a span, LLMObsAnnotateSpanError for a wrong type.
        """
        notes.annotate(notes.span_or_current(span), {
            "prompt": prompt, "input_data": input_data, "output_data": output_data,
            "metadata": parameters if metadata is None else metadata, "metrics": metrics,
            "tags": tags, "intent": intent, "tool_definitions": tool_definitions,
            "cost_tags": cost_tags, "agent": agent, "name": _name,
        })  # fmt: skip

    @classmethod
    def annotation_context(
        cls,
        tags: dict[str, Any] | None = None,
        prompt: Any = None,
        name: str | None = None,
        cost_tags: list[str] | None = None,
        agent: Any = None,
        _linked_spans: Any = None,
    ) -> notes.AnnotationContext:
        """Annotates all spans, also those of traced libraries, that start within the block."""
        return notes.AnnotationContext({
            "tags": tags, "prompt": prompt, "name": name, "cost_tags": cost_tags, "agent": agent,
        })  # fmt: skip

    @classmethod
    def export_span(cls, span: Span | None = None) -> Optional[dict[str, str]]:
        """{"span_id", "trace_id"} of `span` or of the current one, as evaluations want them."""
        if not runtime.enabled:
            warn(_DISABLED)
            return None
        span = notes.span_or_current(span)
        return {"span_id": str(span.span_id), "trace_id": f"{span.trace_id:032x}"}

    @classmethod
    def submit_evaluation(
        cls,
        label: str,
        metric_type: str,
        value: Any,
        span: Any = None,
        span_with_tag_value: Any = None,
        tags: dict[str, str] | None = None,
        ml_app: str | None = None,
        timestamp_ms: int | None = None,
        metadata: dict[str, Any] | None = None,
        assessment: str | None = None,
        reasoning: str | None = None,
        eval_scope: str = "span",
        agent_service: str | None = None,
    ) -> None:
        """Sends a value about a span: `span` as export_span returns it, or `span_with_tag_value`
        {"tag_key", "tag_value"}. `eval_scope` "trace": about all of its trace.
        `metric_type`: categorical, score, boolean or json."""
        if not runtime.enabled:
            return
        from catalejo import _core
        from catalejo.sdk import evaluations

        _core.submit("evaluation", evaluations.evaluation({
            "label": label, "metric_type": metric_type, "value": value, "span": span,
            "span_with_tag_value": span_with_tag_value, "tags": tags,
            "ml_app": agent_service or ml_app, "timestamp_ms": timestamp_ms,
            "metadata": metadata, "assessment": assessment, "reasoning": reasoning,
            "eval_scope": eval_scope,
        }))  # fmt: skip

    submit_evaluation_for = submit_evaluation  # its name until ddtrace 4

    @classmethod
    def submit_feedback(
        cls,
        label: str,
        metric_type: str,
        value: Any,
        submitter: Any,
        span: Any = None,
        span_id: str | None = None,
        trace_id: str | None = None,
        session_id: str | None = None,
        feedback_join_key: str | None = None,
        tags: dict[str, str] | None = None,
        ml_app: str | None = None,
        timestamp_ms: int | None = None,
        assessment: str | None = None,
        reasoning: str | None = None,
        agent_service: str | None = None,
    ) -> None:
        """Sends what somebody, `submitter` {"id", "type"}, thinks of exactly one span, trace,
        session or, by `feedback_join_key`, something of the application's own.
        `metric_type`: categorical, score, boolean, json or text."""
        if not runtime.enabled:
            return
        from catalejo import _core
        from catalejo.sdk import evaluations

        _core.submit("evaluation", evaluations.feedback({
            "label": label, "metric_type": metric_type, "value": value, "submitter": submitter,
            "span": span, "span_id": span_id, "trace_id": trace_id, "session_id": session_id,
            "feedback_join_key": feedback_join_key, "tags": tags,
            "ml_app": agent_service or ml_app, "timestamp_ms": timestamp_ms,
            "assessment": assessment, "reasoning": reasoning,
        }))  # fmt: skip

    @classmethod
    def inject_distributed_headers(
        cls, request_headers: dict[str, str], span: Span | None = None
    ) -> dict[str, str]:
        """Writes the context of `span`, or of the current one, into the headers, for a client
        library that is not traced."""
        if not runtime.enabled:
            warn(_DISABLED)
            return request_headers
        if not isinstance(request_headers, dict):
            raise LLMObsInjectDistributedHeadersError("request_headers must be a dict of texts")
        try:
            span = notes.span_or_current(span)
        except LLMObsExportSpanError as error:
            raise LLMObsInjectDistributedHeadersError(str(error)) from error
        from catalejo.context import propagation

        propagation.write(span, request_headers)
        return request_headers

    @classmethod
    def activate_distributed_headers(cls, request_headers: dict[str, str]) -> None:
        """Makes the span that the headers name the parent of those that start here, for a server
        library that is not traced. LLMObsActivateDistributedHeadersError if they name none."""
        if not runtime.enabled:
            warn(_DISABLED)
            return
        from catalejo.context import propagation

        remote = propagation.extract(request_headers)
        if remote is None:
            raise LLMObsActivateDistributedHeadersError("the headers name no trace")
        current.set(remote)


if runtime.enabled:  # by `catalejo run`, before this was imported
    from catalejo.context import threads

    threads.arm()
