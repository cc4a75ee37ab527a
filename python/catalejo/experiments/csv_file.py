"""Records of a CSV file with a line of names."""

from __future__ import annotations

import csv
from typing import Any, Optional

FIELD_BYTES_MAX = 10 << 20


def _check_columns(header: Any, wanted: list[str], what: str) -> None:
    missing = [name for name in wanted if name not in header]
    if missing:
        raise ValueError(f"{what} columns that the CSV file does not have: {', '.join(missing)}")


def read(
    path: str,
    input_columns: list[str],
    expected_columns: list[str],
    metadata_columns: list[str],
    delimiter: str,
    id_column: Optional[str],
) -> list[dict[str, Any]]:
    """ValueError names the line that cannot be read. A line that ends early has None for what it
    lacks; what is beyond the last name is left out."""
    before = csv.field_size_limit(FIELD_BYTES_MAX)  # of the whole process
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            lines = csv.DictReader(file, delimiter=delimiter)
            try:
                header = lines.fieldnames
                if not header or not any(name.strip() for name in header):
                    raise ValueError(f"{path} is empty, or has no line of names")
                _check_columns(header, input_columns, "input")
                _check_columns(header, expected_columns, "expected output")
                _check_columns(header, metadata_columns, "metadata")
                _check_columns(header, [id_column] if id_column else [], "id")
                records = []
                for line in lines:
                    record: dict[str, Any] = {
                        "input_data": {name: line[name] for name in input_columns},
                        "expected_output": {name: line[name] for name in expected_columns},
                        "metadata": {name: line[name] for name in metadata_columns},
                        "tags": [],
                    }
                    if id_column:
                        record["id"] = line[id_column]
                    records.append(record)
            except (csv.Error, UnicodeDecodeError) as error:
                raise ValueError(
                    f"{path}, after line {lines.line_num}: {error}; nothing was imported"
                ) from error
    finally:
        csv.field_size_limit(before)
    return records
