"""Stands for the server that keeps datasets and experiments: remembers what it is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from catalejo.experiments import wire
from catalejo.sdk import registry

Json = dict[str, Any]


class Kept:
    """`refusals` are raised one a request, for paths that end so."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, Any]] = []
        self.refusals: list[tuple[str, registry.RegistryError]] = []
        self.version = 0
        self.datasets: dict[str, list[Json]] = {}
        self.events: Json = {"spans": [], "summary_metrics": []}

    def request(
        self, method: str, path: str, body: Any = None, query: Any = None, timeout_s: float = 0
    ) -> Any:
        given = json.loads(json.dumps(body))["data"]["attributes"] if body else {}
        self.asked.append((method, path, given))
        for refusal in self.refusals:
            if path.endswith(refusal[0]):
                self.refusals.remove(refusal)
                raise refusal[1]
        if path.endswith("/projects"):
            return {"data": {"id": "project-" + given["name"]}}
        if path.endswith("/datasets"):
            return {"data": {"id": "dataset", "attributes": {"current_version": self.version}}}
        if path.endswith("/batch_update"):
            self.version += given["create_new_version"]
            changed = given["insert_records"] + given["update_records"]
            attributes = {"version": self.version}
            return {"data": [{"id": one["id"], "attributes": attributes} for one in changed]}
        if path.endswith("/experiments") and method == "POST":
            return {"data": {"id": "experiment", "attributes": {"name": given["name"]}}}
        if path.endswith("/experiments"):
            found = {"experiment": "old", "project_id": "p", "dataset_id": "d",
                     "dataset_version": 1, "metadata": {"tags": ["dataset_name:olds"]}}  # fmt: skip
            return {"data": [{"id": "experiment", "attributes": found}]}
        if path.endswith("/events") and method == "GET":
            return {"data": {"attributes": self.events}}
        return {"data": {"attributes": {}}}

    def told(self, ending: str) -> list[Json]:
        return [given for _, path, given in self.asked if path.endswith(ending)]

    def scores(self) -> list[Json]:
        return [one for given in self.told("/events") for one in given.get("metrics", ())]

    def states(self) -> list[Any]:
        return [given["status"] for given in self.told("/experiment") if "status" in given]


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[Kept]:
    made = Kept()
    monkeypatch.setattr(registry, "request", made.request)
    monkeypatch.setattr(wire, "FIRST_WAIT_S", 0.0)
    monkeypatch.setenv("DD_TRACE_GIT_METADATA_ENABLED", "false")
    yield made
