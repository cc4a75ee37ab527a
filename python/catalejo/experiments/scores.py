"""From what an evaluator answered to what a row keeps of it, and to the score that is sent."""

from __future__ import annotations

import traceback
from typing import Any, Optional

from catalejo.experiments.results import (
    EvaluatorResult,
    MultiEvaluatorResult,
    RemoteEvaluatorError,
    RemoteEvaluatorResult,
)
from catalejo.sdk.values import plain

Said = dict[str, Any]  # value, error, and reasoning, assessment, metadata, tags, status
TEXTS = ("reasoning", "assessment", "status")


def tag_list(tags: Optional[dict[str, Any]]) -> list[str]:
    return [f"{key}:{value}" for key, value in (tags or {}).items()]


def _said(answer: Any) -> Said:
    if not isinstance(answer, EvaluatorResult):
        return {"value": answer, "error": None}
    made: Said = {"value": answer.value, "error": None}
    for field in ("reasoning", "assessment", "metadata", "tags"):
        if getattr(answer, field):
            made[field] = getattr(answer, field)
    if isinstance(answer, RemoteEvaluatorResult) and answer.status:
        made["status"] = answer.status
    return made


def of_answer(name: str, answer: Any) -> dict[str, Said]:
    """By label."""
    if not isinstance(answer, MultiEvaluatorResult):
        return {name: _said(answer)}
    return {
        f"{name}-{key}" if answer.prefix else key: _said(value)
        for key, value in answer.values.items()
    }


def of_failure(name: str, error: Exception) -> dict[str, Said]:
    told: dict[str, Any] = {
        "message": str(error),
        "type": type(error).__name__,
        "stack": "".join(traceback.format_exception(type(error), error, error.__traceback__)),
    }
    status = "ERROR"
    if isinstance(error, RemoteEvaluatorError):
        told, status = error.backend_error or told, error.status
    return {name: {"value": None, "error": told, "status": status}}


def _typed(value: Any) -> tuple[str, Any]:
    if isinstance(value, bool):
        return "boolean", value
    if isinstance(value, (int, float)):
        return "score", value
    if isinstance(value, dict):
        return "json", plain(value)
    return "categorical", None if value is None else str(value).lower()


def as_metric(
    label: str,
    said: Said,
    experiment_id: str,
    timestamp_ns: int,
    row: Optional[dict[str, Any]] = None,
    *,
    managed: bool = False,
) -> dict[str, Any]:
    """Of `row`, or of the whole run without one."""
    kind, value = _typed(said.get("value"))
    metric: dict[str, Any] = {
        "metric_source": "custom" if row else "summary",
        "span_id": row["span_id"] if row else "",
        "trace_id": row["trace_id"] if row else "",
        "timestamp_ms": timestamp_ns // 1_000_000,
        "metric_type": kind,
        "label": label,
        f"{kind}_value": value,
        "error": said.get("error"),
        "tags": tag_list(said["tags"]) if isinstance(said.get("tags"), dict) else [],
        "experiment_id": experiment_id,
    }
    if row:
        metric["status"] = "OK"
    for field in TEXTS:
        if isinstance(said.get(field), str):
            metric[field] = said[field]
    if isinstance(said.get("metadata"), dict):
        metric["metadata"] = plain(said["metadata"])
    if managed:
        metric["eval_source_type"] = "managed"
    return metric


def of_metric(metric: dict[str, Any]) -> Said:
    """What `as_metric` was made of, as far as the server keeps it."""
    kind = metric.get("metric_type", "score")
    return {
        "value": metric.get(f"{kind}_value"),
        "type": kind,
        **{field: metric.get(field) for field in (*TEXTS, "error")},
    }
