"""What LLMObs has of datasets, and of the spans that are stored. All of it asks the server, and
raises what it answers: ValueError."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Optional

if TYPE_CHECKING:
    from catalejo.experiments.dataset import Dataset


class DatasetMethods:
    @classmethod
    def create_dataset(
        cls,
        dataset_name: str,
        project_name: Optional[str] = None,
        description: str = "",
        records: Optional[list[Any]] = None,
        bulk_upload: bool = False,
        deduplicate: bool = True,
    ) -> Dataset:
        """The dataset of that name, made if there is none, with `records` put into it: dicts with
        `input_data`, and as wished `expected_output`, `metadata`, `tags` and `id`."""
        from catalejo.experiments import dataset, place

        made = dataset.create(dataset_name, project_name or place.project(), description, records)
        made.push(deduplicate=deduplicate)
        return made

    @classmethod
    def create_dataset_from_csv(
        cls,
        csv_path: str,
        dataset_name: str,
        input_data_columns: list[str],
        expected_output_columns: Optional[list[str]] = None,
        metadata_columns: Optional[list[str]] = None,
        csv_delimiter: str = ",",
        description: str = "",
        project_name: Optional[str] = None,
        deduplicate: bool = True,
        id_column: Optional[str] = None,
    ) -> Dataset:
        """The same from a file whose first line names the columns. Read whole before anything is
        sent: ValueError names the line that cannot be read."""
        from catalejo.experiments import csv_file

        records = csv_file.read(
            csv_path, input_data_columns, expected_output_columns or [], metadata_columns or [],
            csv_delimiter, id_column,
        )  # fmt: skip
        return cls.create_dataset(
            dataset_name, project_name, description, records, deduplicate=deduplicate
        )

    @classmethod
    def pull_dataset(
        cls,
        dataset_name: str,
        project_name: Optional[str] = None,
        version: Optional[int] = None,
        tags: Optional[list[str]] = None,
    ) -> Dataset:
        """The dataset as it is, or as it was in `version`; of its records those with all `tags`."""
        from catalejo.experiments import dataset, place

        return dataset.pull(dataset_name, project_name or place.project(), version, tags)

    @classmethod
    def _delete_dataset(cls, dataset_id: str) -> None:
        from catalejo.experiments import wire

        wire.delete_dataset(dataset_id)

    @classmethod
    def get_spans(
        cls,
        trace_id: Optional[str] = None,
        span_id: Optional[str] = None,
        query: Optional[str] = None,
        span_kind: Optional[str] = None,
        span_name: Optional[str] = None,
        ml_app: Optional[str] = None,
        tags: Optional[dict[str, str]] = None,
        from_date: str = "now-7d",
        to_date: str = "now",
        sort: str = "timestamp",
        include_attachments: bool = True,
        limit: int = 10,
        agent_service: Optional[str] = None,
    ) -> list[dict[str, Any]]:
        """All spans that are so, asked for by pages of `limit`; the application's own unless
        `ml_app` names another one."""
        from catalejo.experiments import wire
        from catalejo.span import runtime

        asked = {
            "filter[from]": from_date, "filter[to]": to_date, "sort": sort,
            "include_attachments": str(include_attachments).lower(), "page[limit]": limit,
        }  # fmt: skip
        wanted = {
            "trace_id": trace_id, "span_id": span_id, "query": query, "span_kind": span_kind,
            "span_name": span_name, "ml_app": agent_service or ml_app or runtime.settings.ml_app,
            **{f"tag][{key}": value for key, value in (tags or {}).items()},
        }  # fmt: skip
        asked.update((f"filter[{key}]", value) for key, value in wanted.items() if value)
        return wire.span_events(asked)
