"""What the server is asked about datasets and experiments, at Datadog's paths.

Everything is asked again when nobody answers or the server is busy: records and scores that come
twice are there once."""

from __future__ import annotations

import time
from typing import Any, Optional, TypedDict

from catalejo.experiments.results import RemoteEvaluatorError
from catalejo.sdk import registry

V2 = "/api/v2/llm-obs/v1"
EXPERIMENTS = registry.ROOT + "/experiments"
ATTEMPTS = 4
FIRST_WAIT_S = 0.2
TIMEOUT_S = 60.0  # of a batch of records
AGAIN = (0, 408, 429)

Params = list[tuple[str, Any]]


class Project(TypedDict):
    name: str
    _id: str


def ask(
    method: str, path: str, body: Any = None, query: Params | None = None, *, once: bool = False
) -> Any:
    for attempt in range(ATTEMPTS):
        try:
            return registry.request(method, path, body, query, TIMEOUT_S)
        except registry.RegistryError as error:
            passing = error.status in AGAIN or error.status >= 500
            if once or not passing or attempt == ATTEMPTS - 1:
                raise
        time.sleep(FIRST_WAIT_S * 2**attempt)
    return None


def project(name: str) -> Project:
    """The project of that name, which is made if there is none."""
    body = registry.attributes("projects", name=name, description="")
    found = ask("POST", registry.ROOT + "/projects", body)
    return Project(name=name, _id=found["data"]["id"])


def create_dataset(project_id: str, name: str, description: str) -> tuple[str, int]:
    """Its id, and its version."""
    body = registry.attributes("datasets", name=name, description=description)
    made = ask("POST", f"{registry.ROOT}/{project_id}/datasets", body)["data"]
    return made["id"], made["attributes"]["current_version"]


def delete_dataset(dataset_id: str) -> None:
    body = registry.attributes("datasets", type="soft", dataset_ids=[dataset_id])
    ask("POST", registry.ROOT + "/datasets/delete", body)


def find_dataset(project_id: str, name: str) -> Optional[dict[str, Any]]:
    found = ask("GET", f"{V2}/{project_id}/datasets", query=[("filter[name]", name)])["data"]
    return found[0] if found else None


def records(
    project_id: str, dataset_id: str, version: Optional[int], tags: Optional[list[str]]
) -> list[dict[str, Any]]:
    filters: Params = [("filter[version]", version)] if version else []
    filters += [("filter[tags]", tag) for tag in tags or ()]
    return _all_pages(f"{V2}/{project_id}/datasets/{dataset_id}/records", filters)


def _all_pages(path: str, filters: Params, most: Optional[int] = None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor = None
    while cursor is None or cursor:
        page = ask("GET", path, query=filters + ([("page[cursor]", cursor)] if cursor else []))
        found += page.get("data") or []
        if most is not None and len(found) >= most:
            return found[:most]
        meta = page.get("meta") or {}
        cursor = meta.get("after") or (meta.get("page") or {}).get("after") or ""
    return found


def change_records(
    project_id: str, dataset_id: str, changes: dict[str, Any]
) -> list[dict[str, Any]]:
    """The records as they are then."""
    body = registry.attributes("datasets", **changes)
    body["data"]["id"] = dataset_id
    path = f"{V2}/{project_id}/datasets/{dataset_id}/batch_update"
    return ask("POST", path, body)["data"] or []


def create_experiment(**given: Any) -> tuple[str, str]:
    """Its id, and the name of this run of it."""
    made = ask("POST", EXPERIMENTS, registry.attributes("experiments", **given))["data"]
    return made["id"], made["attributes"]["name"]


def update_experiment(experiment_id: str, **changes: Any) -> None:
    body = registry.attributes("experiments", **changes)
    ask("PATCH", f"{EXPERIMENTS}/{experiment_id}", body)


def find_experiment(experiment_id: str) -> dict[str, Any]:
    found = ask("GET", V2 + "/experiments", query=[("filter[id]", experiment_id)])["data"]
    if not found:
        raise ValueError(f"there is no experiment {experiment_id}")
    return dict(found[0]["attributes"])


def list_experiments(filters: Params, most: Optional[int]) -> list[dict[str, Any]]:
    return _all_pages(V2 + "/experiments", filters, most)


def events(experiment_id: str) -> dict[str, Any]:
    """Rows and scores of all of the experiment: {"spans": [...], "summary_metrics": [...]}."""
    found = ask(
        "GET", f"{EXPERIMENTS}/{experiment_id}/events", query=[("include[eval_metrics]", "true")]
    )
    return dict((found.get("data") or {}).get("attributes") or {})


def post_events(
    experiment_id: str,
    metrics: list[dict[str, Any]],
    tags: list[str],
    spans: Optional[list[dict[str, Any]]] = None,
) -> None:
    given: dict[str, Any] = {"scope": "experiments", "metrics": metrics, "tags": tags}
    if spans:
        given["spans"] = spans
    body = registry.attributes("experiments", **given)
    ask("POST", f"{EXPERIMENTS}/{experiment_id}/events", body)


def infer(name: str, context: dict[str, Any]) -> dict[str, Any]:
    """What the judge of that name says. RemoteEvaluatorError when it says nothing."""
    body = registry.attributes("evaluator_inference", context=context)
    path = f"{registry.ROOT}/evaluators/{registry.escaped(name)}/infer"
    try:
        found = ask("POST", path, body)
    except registry.RegistryError as error:
        told = {"type": f"http_{error.status}", "message": str(error)}
        raise RemoteEvaluatorError(f"the judge {name!r}: {error}", "ERROR", told) from error
    return dict(found["data"]["attributes"])


def span_events(query: dict[str, Any]) -> list[dict[str, Any]]:
    found = _all_pages(V2 + "/spans/events", list(query.items()))
    return [item.get("attributes", {}) for item in found]
