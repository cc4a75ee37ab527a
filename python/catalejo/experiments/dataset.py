"""A dataset as an application sees it: records in memory, changes sent by `push`."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Sequence
from typing import Any, Optional, TypedDict, Union, overload

from catalejo.experiments import place, tags, wire
from catalejo.experiments.frames import table
from catalejo.sdk.types import JSONType
from catalejo.sdk.values import plain

CHANGES_MAX = 1_000  # in one request
BYTES_MAX = 5 << 20  # likewise, about
FIELDS = ("input_data", "expected_output", "metadata")


class _Record(TypedDict, total=False):
    expected_output: JSONType
    metadata: dict[str, Any]
    tags: list[str]
    canonical_id: Optional[str]


class DatasetRecord(_Record):
    input_data: JSONType
    record_id: str


Change = tuple[str, str, Any]  # list of the request that it belongs to, id of the record, JSON


def _as_json(record: dict[str, Any]) -> dict[str, Any]:
    """null leaves a field as it is; what is None in the record is made empty."""
    made: dict[str, Any] = {
        "id": record["record_id"],
        "input": plain(record.get("input_data")),
        "expected_output": None,
        "metadata": None,
    }
    for field, empty in (("expected_output", ""), ("metadata", {})):
        if field in record:
            made[field] = empty if record[field] is None else plain(record[field])
    return made


class Dataset:
    """Made by LLMObs.create_dataset and pull_dataset. Reads as a list of records."""

    def __init__(
        self,
        name: str,
        project: wire.Project,
        dataset_id: str,
        records: list[DatasetRecord],
        description: str,
        latest_version: int,
        version: int,
        filter_tags: Optional[list[str]] = None,
    ) -> None:
        self.name = name
        self.project = project
        self.description = description
        self.filter_tags = filter_tags or []
        self._id = dataset_id
        self._latest_version = latest_version
        self._version = version
        self._records = records
        self._by_id: dict[str, Any] = {record["record_id"]: record for record in records}
        self._new: dict[str, Any] = {}
        self._updated: dict[str, dict[str, Any]] = {}
        self._tagged: dict[str, tags.TagChanges] = {}
        self._deleted: dict[str, None] = {}

    @property
    def url(self) -> str:
        return place.page(f"/datasets/{self._id}")

    @property
    def version(self) -> int:
        return self._version

    @property
    def latest_version(self) -> int:
        return self._latest_version

    def append(self, record: Any) -> None:
        """A dict with `input_data`, and as wished `expected_output`, `metadata`, `tags`, `id`."""
        if record.get("tags"):
            tags.check(record["tags"])
        identity: str = record.get("id") or uuid.uuid4().hex
        if identity in self._by_id:
            raise ValueError(f"there is a record with the id {identity!r} already")
        made: Any = {"record_id": identity, "input_data": record.get("input_data")}
        for field in ("expected_output", "metadata", "tags"):
            if field in record:
                made[field] = record[field]
        self._new[identity] = self._by_id[identity] = made
        self._records.append(made)

    def extend(self, records: Sequence[Any]) -> None:
        for record in records:
            self.append(record)

    def update(self, index: int, record: Any) -> None:
        """Puts the fields that are given in the place of those of the record."""
        given = {field: record[field] for field in FIELDS if field in record}
        if not given and "tags" not in record:
            raise ValueError(f"nothing to update: give one of {', '.join(FIELDS)} and tags")
        if record.get("tags") is not None:
            self.replace_tags(index, record["tags"])
        held: Any = self._records[index]
        held.update(given)
        if given and held["record_id"] not in self._new:
            self._updated.setdefault(held["record_id"], {}).update(given)

    def delete(self, index: int) -> None:
        identity = self._records.pop(index)["record_id"]
        del self._by_id[identity]
        self._updated.pop(identity, None)
        self._tagged.pop(identity, None)
        if self._new.pop(identity, None) is None:
            self._deleted[identity] = None

    def add_tags(self, index: int, tags: list[str]) -> None:
        held = self._records[index].get("tags") or []
        self._change_tags(index, "add", tags, sorted({*held, *tags}))

    def remove_tags(self, index: int, tags: list[str]) -> None:
        held = self._records[index].get("tags") or []
        self._change_tags(index, "remove", tags, sorted({*held} - {*tags}))

    def replace_tags(self, index: int, tags: list[str]) -> None:
        self._change_tags(index, "replace", tags, list(tags))

    def _change_tags(self, index: int, how: str, given: list[str], after: list[str]) -> None:
        tags.check(given)
        record = self._records[index]
        record["tags"] = after
        identity = record["record_id"]
        if identity not in self._new:
            getattr(self._tagged.setdefault(identity, tags.TagChanges()), how)(given)

    def push(
        self,
        deduplicate: bool = True,
        create_new_version: bool = True,
        bulk_upload: Optional[bool] = None,
    ) -> None:
        """Sends the changes, which together are one new version. `deduplicate`: a new record that
        says what another one says is not kept. When the server refuses, what it has not taken is
        still to be sent. `bulk_upload` is for ddtrace's scripts: batches serve any size."""
        batch: list[Change] = []
        size = 0
        for change in self._changes():
            bytes_of = len(json.dumps(change[2]))
            if batch and (len(batch) >= CHANGES_MAX or size + bytes_of > BYTES_MAX):
                create_new_version &= not self._send(batch, deduplicate, create_new_version)
                batch, size = [], 0
            batch.append(change)
            size += bytes_of
        if batch:
            self._send(batch, deduplicate, create_new_version)
        self._version = self._latest_version

    def _changes(self) -> list[Change]:
        made: list[Change] = []
        for identity, record in self._new.items():
            body = _as_json(record)
            if record.get("tags"):
                body["tags"] = record["tags"]
            made.append(("insert_records", identity, body))
        for identity in {**self._updated, **self._tagged}:
            body = _as_json({**self._updated.get(identity, {}), "record_id": identity})
            if identity in self._tagged:
                body["tag_operations"] = self._tagged[identity].as_json()
            made.append(("update_records", identity, body))
        made += [("delete_records", identity, identity) for identity in self._deleted]
        return made

    def _send(self, batch: list[Change], deduplicate: bool, new_version: bool) -> bool:
        """Whether the dataset has changed by it."""
        lists: dict[str, Any] = {"insert_records": [], "update_records": [], "delete_records": []}
        for name, _, body in batch:
            lists[name].append(body)
        lists.update(deduplicate=deduplicate, create_new_version=new_version)
        answered = wire.change_records(self.project["_id"], self._id, lists)
        for _, identity, _ in batch:
            for pending in (self._new, self._updated, self._tagged, self._deleted):
                pending.pop(identity, None)
        for record in answered:
            attributes = record["attributes"]
            self._latest_version = attributes["version"]
            if attributes.get("canonical_id") and record["id"] in self._by_id:
                self._by_id[record["id"]]["canonical_id"] = attributes["canonical_id"]
        return bool(answered) or bool(lists["delete_records"])

    @overload
    def __getitem__(self, index: int) -> DatasetRecord: ...

    @overload
    def __getitem__(self, index: slice) -> list[DatasetRecord]: ...

    def __getitem__(self, index: Union[int, slice]) -> Union[DatasetRecord, list[DatasetRecord]]:
        return self._records[index]

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[DatasetRecord]:
        return iter(self._records)

    def as_dataframe(self) -> Any:
        """A pandas.DataFrame, with a column for each field of inputs, outputs and metadata."""
        groups = ("input_data", "expected_output", "metadata", "tags")
        return table(
            {group: record.get(group, [] if group == "tags" else {}) for group in groups}
            for record in self._records
        )


def create(name: str, project_name: str, description: str, records: Any) -> Dataset:
    project = wire.project(project_name)
    dataset_id, version = wire.create_dataset(project["_id"], name, description)
    made = Dataset(name, project, dataset_id, [], description, version, version)
    made.extend(records or [])
    return made


def pull(
    name: str, project_name: str, version: Optional[int], wanted: Optional[list[str]]
) -> Dataset:
    if wanted is not None and not isinstance(wanted, list):
        raise ValueError('tags must be a list of texts: tags=["key:value"]')
    project = wire.project(project_name)
    found = wire.find_dataset(project["_id"], name)
    if found is None:
        raise ValueError(f"dataset {name!r} not found in the project {project_name!r}")
    records: list[DatasetRecord] = []
    for item in wire.records(project["_id"], found["id"], version, wanted):
        held = item.get("attributes", {})
        records.append({
            "record_id": item["id"], "canonical_id": held.get("canonical_id"),
            "input_data": held.get("input"), "expected_output": held.get("expected_output"),
            "metadata": held.get("metadata") or {}, "tags": held.get("tags") or [],
        })  # fmt: skip
    attributes = found["attributes"]
    newest = attributes["current_version"]
    return Dataset(
        name, project, found["id"], records, attributes.get("description") or "", newest,
        version or newest, wanted,
    )  # fmt: skip
