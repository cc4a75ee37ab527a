"""Rows of several groups of fields as a pandas.DataFrame."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def pandas() -> Any:
    try:
        import pandas as found
    except ImportError as error:
        raise ImportError("as_dataframe needs pandas: pip install pandas") from error
    return found


def table(rows: Iterable[dict[str, Any]], whole: tuple[str, ...] = ()) -> Any:
    """A column (group, field) for each field of a group that is a dict, and (group, "") for all
    else and for the groups in `whole`."""
    frames = pandas()
    columns: dict[tuple[str, str], None] = {}
    flat: list[dict[tuple[str, str], Any]] = []
    for row in rows:
        cells: dict[tuple[str, str], Any] = {}
        for group, value in row.items():
            if isinstance(value, dict) and group not in whole:
                cells.update({(group, str(key)): item for key, item in value.items()})
            else:
                cells[group, ""] = value
        columns.update(dict.fromkeys(cells))
        flat.append(cells)
    if not columns:
        return frames.DataFrame()
    return frames.DataFrame(
        data=[[cells.get(column) for column in columns] for cells in flat],
        columns=frames.MultiIndex.from_tuples(list(columns)),
    )
