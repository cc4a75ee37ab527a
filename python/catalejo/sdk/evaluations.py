"""Evaluations and feedback: checked here, so that a mistake is heard by whoever made it, and sent
as metrics of POST api/intake/llm-obs/v2/eval-metric."""

from __future__ import annotations

from typing import Any

from catalejo.sdk import values
from catalejo.sdk.errors import LLMObsSubmitEvaluationError
from catalejo.sdk.spans import now_ms
from catalejo.span import runtime

_TYPES: dict[str, tuple[Any, str]] = {
    "categorical": (str, "a text"),
    "score": ((int, float), "a number"),
    "boolean": (bool, "a boolean"),
    "json": (dict, "a dict"),
    "text": (str, "a text"),
}
_SPAN_FORM = 'span must be {"span_id": text, "trace_id": text}, as LLMObs.export_span() returns it'
_TARGETS = ("span", "span_id", "trace_id", "session_id", "feedback_join_key")


def _checked_time(timestamp_ms: Any) -> int:
    timestamp_ms = timestamp_ms or now_ms()
    if not isinstance(timestamp_ms, int) or timestamp_ms < 0:
        raise ValueError("timestamp_ms must be milliseconds since 1970, and not negative")
    return timestamp_ms


def _checked_value(label: Any, metric_type: str, value: Any, types: tuple[str, ...]) -> str:
    """The type's name in lower case."""
    if not label:
        raise ValueError("label must name the evaluation")
    if "." in label:
        raise ValueError('label must have no "."')
    metric_type = metric_type.lower()
    if metric_type not in types:
        raise ValueError(f"metric_type must be one of {', '.join(types)}")
    kind, words = _TYPES[metric_type]
    if not isinstance(value, kind):
        raise TypeError(f"the value of a {metric_type} metric must be {words}")
    return metric_type


def _checked_tags(tags: Any, ml_app: str) -> list[str]:
    if tags is not None and not isinstance(tags, dict):
        raise LLMObsSubmitEvaluationError("tags must be a dict of texts")
    texts = {"ml_app": ml_app}
    for key, value in (tags or {}).items():
        if not isinstance(key, (str, bytes)) or not isinstance(value, (str, bytes)):
            raise LLMObsSubmitEvaluationError("tags must be a dict of texts")
        texts[_decoded(key)] = _decoded(value)
    return [f"{key}:{value}" for key, value in texts.items()]


def _decoded(text: str | bytes) -> str:
    return text if isinstance(text, str) else text.decode(errors="replace")


def _add_reasons(metric: dict[str, Any], assessment: Any, reasoning: Any) -> None:
    if assessment:
        if assessment not in ("pass", "fail"):
            raise LLMObsSubmitEvaluationError('assessment must be "pass" or "fail"')
        metric["assessment"] = assessment
    if reasoning:
        if not isinstance(reasoning, str):
            raise LLMObsSubmitEvaluationError("reasoning must be a text")
        metric["reasoning"] = reasoning


def _joined(span: Any, span_with_tag_value: Any) -> dict[str, Any]:
    if (span is None) == (span_with_tag_value is None):
        raise ValueError("give either span or span_with_tag_value")
    if span is not None:
        if (
            not isinstance(span, dict)
            or not isinstance(span.get("span_id"), str)
            or not isinstance(span.get("trace_id"), str)
        ):
            raise TypeError(_SPAN_FORM)
        return {"span": dict(span)}
    if (
        not isinstance(span_with_tag_value, dict)
        or not isinstance(span_with_tag_value.get("tag_key"), str)
        or not isinstance(span_with_tag_value.get("tag_value"), str)
    ):
        raise TypeError('span_with_tag_value must be {"tag_key": text, "tag_value": text}')
    return {
        "tag": {
            "key": span_with_tag_value["tag_key"],
            "value": span_with_tag_value["tag_value"],
        }
    }


def _metric(event_kind: str, given: dict[str, Any], types: tuple[str, ...]) -> dict[str, Any]:
    """What evaluations and feedback have in common, checked."""
    timestamp_ms = _checked_time(given["timestamp_ms"])
    metric_type = _checked_value(given["label"], given["metric_type"], given["value"], types)
    ml_app = given["ml_app"] or runtime.settings.ml_app
    metric: dict[str, Any] = {
        "event_kind": event_kind,
        "label": str(given["label"]),
        "metric_type": metric_type,
        "timestamp_ms": timestamp_ms,
        f"{metric_type}_value": values.plain(given["value"]),
        "ml_app": ml_app,
        "tags": _checked_tags(given["tags"], ml_app),
    }
    _add_reasons(metric, given["assessment"], given["reasoning"])
    return metric


def evaluation(given: dict[str, Any]) -> dict[str, Any]:
    """The metric that the arguments of LLMObs.submit_evaluation in `given` make."""
    join_on = _joined(given["span"], given["span_with_tag_value"])
    if given["eval_scope"] not in ("span", "trace"):
        raise ValueError('eval_scope must be "span" or "trace"')
    metric = _metric("evaluation", given, ("categorical", "score", "boolean", "json"))
    metric["join_on"], metric["eval_scope"] = join_on, given["eval_scope"]
    if given["metadata"]:
        if not isinstance(given["metadata"], dict):
            raise LLMObsSubmitEvaluationError("metadata must be a dict")
        metric["metadata"] = values.plain(given["metadata"])
    return metric


def _target(given: dict[str, Any]) -> tuple[str, str]:
    """Name and value of the one id that a feedback is about."""
    named = [name for name in _TARGETS if given[name] is not None]
    if len(named) != 1:
        raise ValueError(f"give exactly one of {', '.join(_TARGETS)}")
    name, value = named[0], given[named[0]]
    if name == "span":
        if not isinstance(value, dict) or not isinstance(value.get("span_id"), str):
            raise TypeError(_SPAN_FORM)
        name, value = "span_id", value["span_id"]
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a text")
    if not value:
        raise ValueError(f"{name} must not be empty")
    return name, value


def _checked_submitter(submitter: Any) -> dict[str, str]:
    if not isinstance(submitter, dict) or not isinstance(submitter.get("id"), str):
        raise TypeError('submitter must be a dict with a text as "id"')
    if not submitter["id"]:
        raise ValueError('the "id" of submitter must not be empty')
    if "type" not in submitter:
        return {"id": submitter["id"]}
    if not isinstance(submitter["type"], str):
        raise TypeError('the "type" of submitter must be a text')
    return {"id": submitter["id"], "type": submitter["type"]}


def feedback(given: dict[str, Any]) -> dict[str, Any]:
    """The metric that the arguments of LLMObs.submit_feedback in `given` make."""
    name, value = _target(given)
    submitter = _checked_submitter(given["submitter"])
    metric = _metric("feedback", given, tuple(_TYPES))
    metric["submitter"], metric[name] = submitter, value
    return metric
