"""Experiments as lists of them show them."""

from __future__ import annotations

import json
from typing import Any, Optional, TypedDict

from catalejo.experiments import wire
from catalejo.experiments.definition import require_enabled

PAGE_MAX = 5_000


class _Rest(TypedDict, total=False):
    dataset_version: int
    description: str
    config: dict[str, Any]
    run_count: int
    tags: list[str]
    parent_experiment_id: Optional[str]
    aggregate_data: Optional[dict[str, Any]]
    status: Optional[str]
    error: Optional[str]
    created_at: Optional[str]
    updated_at: Optional[str]


class ExperimentSummary(_Rest):
    """`experiment` is what it was called, `name` that with the number of the time; `status` is
    running, completed, failed or interrupted."""

    id: str
    name: str
    experiment: str
    project_id: str
    dataset_id: str


_EMPTY: dict[str, Any] = {
    "name": "", "experiment": "", "project_id": "", "dataset_id": "", "dataset_version": 0,
    "description": "", "config": {}, "run_count": 0, "parent_experiment_id": None,
    "aggregate_data": None, "status": None, "error": None, "created_at": None, "updated_at": None,
}  # fmt: skip


def _summary(item: dict[str, Any]) -> Any:
    known = item.get("attributes") or {}
    return {
        "id": item["id"],
        **{key: known.get(key) or empty for key, empty in _EMPTY.items()},
        "tags": (known.get("metadata") or {}).get("tags") or [],
    }


def experiments(
    project_name: str,
    name: Optional[str],
    metadata: Optional[dict[str, Any]],
    parents: Optional[list[str]],
    page_limit: int,
    most: Optional[int],
) -> list[ExperimentSummary]:
    require_enabled()
    if most is not None and most < 1:
        raise ValueError("max_results must be at least 1")
    filters: wire.Params = [
        ("page[limit]", max(1, min(page_limit, PAGE_MAX))),
        ("filter[project_id]", wire.project(project_name)["_id"]),
        *(("filter[parent_experiment_id]", parent) for parent in parents or ()),
    ]
    if name:
        filters.append(("filter[experiment]", name))
    if metadata:
        filters.append(("filter[metadata]", json.dumps(metadata)))
    return [_summary(item) for item in wire.list_experiments(filters, most)]
