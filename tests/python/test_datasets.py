"""Datasets: what is sent of changes, in how many requests, and what is read of files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from catalejo.experiments import dataset as datasets
from catalejo.experiments import frames
from catalejo.experiments.tags import TagChanges
from catalejo.sdk.llmobs import LLMObs
from catalejo.sdk.registry import RegistryError

from tests.python.in_process import recorder, sent
from tests.python.kept import Kept, kept

__all__ = ["kept", "recorder", "sent"]  # fixtures


def made(count: int = 3) -> datasets.Dataset:
    return LLMObs.create_dataset(
        "d", records=[{"id": f"r{n}", "input_data": n} for n in range(count)]
    )


def last(kept: Kept) -> dict[str, Any]:
    given: dict[str, Any] = kept.told("/batch_update")[-1]
    return {name: given[name] for name in given if name.endswith("_records") and given[name]}


def test_changes_are_sent_by_push_alone(kept: Kept) -> None:
    found = made()
    assert [found.version, found.latest_version, len(found)] == [1, 1, 3]
    found.update(0, {"expected_output": None, "metadata": {"a": 1}})
    found.update(0, {"metadata": {"a": 2}})
    found.delete(1)
    found.append({"id": "new", "input_data": (1, 2), "tags": ["a:b"]})
    found.update(2, {"input_data": "changed before it was sent"})
    assert len(kept.told("/batch_update")) == 1
    found.push()
    assert last(kept) == {
        "insert_records": [{
            "id": "new", "input": "changed before it was sent", "expected_output": None,
            "metadata": None, "tags": ["a:b"],
        }],
        "update_records": [{"id": "r0", "input": None, "expected_output": "",
                            "metadata": {"a": 2}}],
        "delete_records": ["r1"],
    }  # fmt: skip
    assert found.version == 2
    found.push()
    assert len(kept.told("/batch_update")) == 2, "nothing changed: nothing is sent"


def test_a_new_record_that_goes_at_once_is_never_sent(kept: Kept) -> None:
    found = made(1)
    found.append({"input_data": 1})
    found.delete(1)
    found.push()
    assert len(kept.told("/batch_update")) == 1


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([("add", ["a:1"]), ("add", ["b:1"])], {"add": ["a:1", "b:1"]}),
        ([("add", ["a:1"]), ("remove", ["a:1"])], {}),
        ([("remove", ["a:1"]), ("add", ["a:1"])], {}),
        ([("remove", ["a:1"]), ("add", ["c:1"])], {"add": ["c:1"], "remove": ["a:1"]}),
        ([("add", ["a:1"]), ("replace", ["z:1"])], {"set": ["z:1"]}),
        ([("replace", ["z:1"]), ("add", ["a:1"]), ("remove", ["z:1"])], {"set": ["a:1"]}),
    ],
)  # fmt: skip
def test_tags_come_to_one_change(steps: Any, expected: Any) -> None:
    changes = TagChanges()
    for how, tags in steps:
        getattr(changes, how)(tags)
    assert changes.as_json() == expected


def test_tags_of_a_record(kept: Kept) -> None:
    found = made(1)
    found.add_tags(0, ["b:1", "a:1"])
    found.remove_tags(0, ["b:1"])
    assert found[0]["tags"] == ["a:1"]
    found.push()
    assert last(kept)["update_records"][0]["tag_operations"] == {"add": ["a:1"]}
    found.update(0, {"tags": ["c:1"]})
    found.push()
    assert last(kept)["update_records"][0]["tag_operations"] == {"set": ["c:1"]}
    for wrong, error in ((["bare"], ValueError), ("a:1", TypeError), ([1], TypeError)):
        with pytest.raises(error):
            found.add_tags(0, wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("given", [{}, {"id": "r0", "input_data": 1}])
def test_what_cannot_be(kept: Kept, given: Any) -> None:
    found = made(1)
    with pytest.raises(ValueError, match=r"update|already"):
        found.append(given) if given else found.update(0, given)


def test_many_records_are_one_version(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datasets, "CHANGES_MAX", 4)
    found = made(10)
    sizes = [len(given["insert_records"]) for given in kept.told("/batch_update")]
    flags = [given["create_new_version"] for given in kept.told("/batch_update")]
    assert (sizes, flags, found.version) == ([4, 4, 2], [True, False, False], 1)


def test_large_records_go_by_their_bytes(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datasets, "BYTES_MAX", 10_000)
    LLMObs.create_dataset(
        "d", records=[{"input_data": "x" * size} for size in (6_000, 6_000, 20_000)]
    )
    assert [len(given["insert_records"]) for given in kept.told("/batch_update")] == [1, 1, 1]


def test_what_was_not_taken_is_still_to_be_sent(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(datasets, "CHANGES_MAX", 2)
    found = made(0)
    found.extend([{"id": f"r{n}", "input_data": n} for n in range(4)])
    first = found._send

    def refused_later(*given: Any) -> bool:
        if given[0][0][1] == "r2":
            raise RegistryError(400, "no")
        return first(*given)

    monkeypatch.setattr(found, "_send", refused_later)
    with pytest.raises(ValueError, match="no"):
        found.push()
    monkeypatch.setattr(found, "_send", first)
    found.push()
    assert [one["id"] for one in last(kept)["insert_records"]] == ["r2", "r3"]


def test_the_dataset_must_be_there(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "catalejo.sdk.registry.request",
        lambda method, path, *_: {"data": {"id": "p"} if path.endswith("/projects") else []},
    )
    with pytest.raises(ValueError, match="'none' not found in the project 'own'"):
        LLMObs.pull_dataset("none", project_name="own")
    with pytest.raises(ValueError, match="list of texts"):
        LLMObs.pull_dataset("none", tags="a:b")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"a,b\n1,2\n", "input columns .*: q"),
        (b"q,a\n1,2\n3,\xff\n", "after line"),
        (b"q,a\n" + b"x" * (11 << 20) + b",1\n", "after line"),
    ],
)
def test_files_that_cannot_be_read(kept: Kept, tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=said):
        LLMObs.create_dataset_from_csv(str(path), "d", ["q"])
    assert kept.asked == [], "nothing was made of it"


def test_lines_of_files(kept: Kept, tmp_path: Path) -> None:
    path = tmp_path / "lines.csv"
    path.write_bytes(
        '\ufeffid;q;a;m\n1;"two\nlines; ""said""";x;y\n2;short\n3;long;b;c;d\n\n'.encode()
    )
    found = LLMObs.create_dataset_from_csv(
        str(path), "d", ["q"], ["a"], ["m"], csv_delimiter=";", id_column="id"
    )
    assert [(record["record_id"], record["input_data"]) for record in found] == [
        ("1", {"q": 'two\nlines; "said"'}), ("2", {"q": "short"}), ("3", {"q": "long"}),
    ]  # fmt: skip
    assert [record["expected_output"] for record in found] == [{"a": "x"}, {"a": None}, {"a": "b"}]
    path.write_text("q,id\n1,same\n2,same\n")
    with pytest.raises(ValueError, match="'same' already"):
        LLMObs.create_dataset_from_csv(str(path), "d", ["q"], id_column="id")


class Pandas:
    """The two names that are used of pandas, with what they were given."""

    class MultiIndex:
        @staticmethod
        def from_tuples(columns: Any) -> list[Any]:
            return list(columns)

    class DataFrame:
        def __init__(self, data: Any = (), columns: Any = ()) -> None:
            self.data, self.columns = data, columns


def test_as_a_table(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    found = LLMObs.create_dataset("d", records=[
        {"input_data": {"q": 1, "r": 2}, "expected_output": "x", "tags": ["a:b"]},
        {"input_data": {"q": 3}, "metadata": {"m": 4}},
    ])  # fmt: skip
    monkeypatch.setitem(sys.modules, "pandas", Pandas)
    table = found.as_dataframe()
    assert table.columns == [
        ("input_data", "q"), ("input_data", "r"), ("expected_output", ""), ("tags", ""),
        ("metadata", "m"),
    ]  # fmt: skip
    assert table.data == [[1, 2, "x", ["a:b"], None], [3, None, None, [], 4]]
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match="pip install pandas"):
        frames.pandas()


def test_the_address_on_the_page(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CATALEJO_PAGE_URL", "https://page.test/")
    assert made(0).url == "https://page.test/datasets/dataset"
