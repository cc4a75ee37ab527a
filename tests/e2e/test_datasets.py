"""Datasets: Datadog's unmodified client against ours, files in and out, records from spans."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from datadog_api_client.exceptions import ForbiddenException, NotFoundException
from datadog_api_client.v2.api import agent_observability_api as datadog
from datadog_api_client.v2.model.llm_obs_dataset_clone_data_attributes_request import (
    LLMObsDatasetCloneDataAttributesRequest,
)
from datadog_api_client.v2.model.llm_obs_dataset_clone_data_request import (
    LLMObsDatasetCloneDataRequest,
)
from datadog_api_client.v2.model.llm_obs_dataset_clone_request import LLMObsDatasetCloneRequest
from datadog_api_client.v2.model.llm_obs_dataset_restore_version_data_attributes_request import (
    LLMObsDatasetRestoreVersionDataAttributesRequest,
)
from datadog_api_client.v2.model.llm_obs_dataset_restore_version_data_request import (
    LLMObsDatasetRestoreVersionDataRequest,
)
from datadog_api_client.v2.model.llm_obs_dataset_restore_version_request import (
    LLMObsDatasetRestoreVersionRequest,
)
from datadog_api_client.v2.model.llm_obs_dataset_type import LLMObsDatasetType

from demo.azure.server import Azure
from tests.e2e.harness.client import client_environment, mode_named, python
from tests.e2e.harness.datadog_client import client_of
from tests.e2e.harness.load import body_of, event, post
from tests.e2e.harness.page_api import Answer, call
from tests.e2e.harness.program import ROOT, Catalejo, until

JSON = "application/json"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalejo]:
    with Catalejo(tmp_path_factory.mktemp("datasets") / "data") as program:
        yield program


@pytest.mark.parametrize(
    ("mode", "module"),
    [
        ("v4-override", "ddtrace.llmobs"),
        ("v4-agent", "ddtrace.llmobs"),
        ("tracer-override", "catalejo.llmobs"),
        ("tracer-agent", "catalejo.llmobs"),
    ],
)
def test_clients_make_and_read_datasets(
    fresh: Catalejo, azure: Azure, mode: str, module: str, tmp_path: Path
) -> None:
    fresh.key = "any key will do"
    with fresh:
        done = subprocess.run(
            [python(mode_named(mode)), "-m", "tests.e2e.scenarios.datasets", module, str(tmp_path)],
            cwd=ROOT, env=client_environment(mode_named(mode), fresh, azure), capture_output=True,
            text=True, timeout=150, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-4000:]
    told = json.loads(done.stdout.strip().splitlines()[-1])
    one = [{"q": "uno 🔭"}, "1", {"n": 1}, []]
    two = [{"q": "dos"}, {"a": [2, 2.5, None]}, {}, ["k:v"]]
    three: list[Any] = ["tres", None, {}, []]
    assert told["made"] == [1, 1, 4]
    assert told["pulled"] == [1, "uno, dos", [one, two, three]], "the repeated one is kept once"
    changed = [
        [one[0], "one", one[2], []], [two[0], two[1], {}, ["k:v", "x:y"]], three,
        [{"q": "cuatro"}, None, {}, []],
    ]  # fmt: skip
    assert told["changed"] == [2, changed]
    assert told["deleted"] == [3, 3]
    assert told["old"] == [one, two, three], "an old version stays as it was"
    assert told["tagged"] == 1
    assert told["csv"] == [
        [{"question": '¿Dónde, "exactamente"?'}, {"answer": "Aquí"}, {"lang": "es"}, []],
        [{"question": "Where?"}, {"answer": "Here"}, {"lang": "en"}, []],
    ]
    assert told["many"] == [1, True], "three requests of one change are one version, in order"
    assert "not found" in told["missing"] and "not found" in told["gone"]


def send(served: Catalejo, method: str, path: str, body: Any = b"", kind: str = JSON) -> Answer:
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    return call(served.http_port, method, path, sent, {"Content-Type": kind})


def make(served: Catalejo, name: str) -> str:
    body = {"data": {"type": "datasets", "attributes": {"name": name}}}
    answer = send(served, "POST", "/api/v1/datasets", body)
    assert answer.status == 200, answer.body
    return str(answer.json()["data"]["id"])


def exported(served: Catalejo, dataset: str, kind: str, version: int = 0) -> bytes:
    path = f"/api/v1/datasets/{dataset}/export?format={kind}&version={version}"
    answer = send(served, "GET", path)
    assert answer.status == 200, answer.body
    return answer.body


ODD: list[Any] = [
    "plain", "", " padded ", "42", "true", "null", 42, 4.50, 1e-7, True, None, [], {},
    {"a": ["ñ 🔭", "l1\nl2\r\nl3", 'say "hi", twice', {"deep": [None, {}]}]}, "\u202eright to left",
    "=cmd|' /C calc'!A0", "-1", "x" * 100_000, 123456789012, "NaN", "{not json", "\x01\x1f",
]  # fmt: skip


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_what_goes_out_comes_back_the_same(served: Catalejo, kind: str) -> None:
    first = make(served, f"odd {kind}")
    lines = "\n".join(
        json.dumps({"id": f"r{i}", "input": value, "expected_output": value, "tags": ["a:b,c"],
                    "metadata": {"n": i, "v": value}})
        for i, value in enumerate(ODD)
    )  # fmt: skip
    answer = send(served, "POST", f"/api/v1/datasets/{first}/import?format=jsonl", lines.encode())
    assert answer.status == 200, answer.body
    assert answer.json()["inserted"] == len(ODD)
    out = exported(served, first, kind)
    second = make(served, f"odd {kind} again")
    again = send(served, "POST", f"/api/v1/datasets/{second}/import?format={kind}", out)
    assert again.status == 200 and again.json()["inserted"] == len(ODD), again.body
    assert exported(served, second, kind) == out, "byte for byte"
    if kind == "csv":
        csv.field_size_limit(1 << 24)
        rows = list(csv.DictReader(io.StringIO(out.decode(), newline="")))
        assert [json.loads(row["input"]) for row in rows] == ODD
    else:
        assert [json.loads(line)["input"] for line in out.decode().splitlines()] == ODD


def test_bad_rows_are_told_by_line_and_nothing_is_imported(served: Catalejo) -> None:
    dataset = make(served, "bad rows")
    text = b'input,expected_output\r\na,1\r\n"b\r\nb",2,3\r\n,x\r\nc"c,4\r\nd,5\r\n'
    path = f"/api/v1/datasets/{dataset}/import?format=csv"
    refused = send(served, "POST", path, text, "text/csv")
    assert refused.status == 400
    assert [row["line"] for row in refused.json()["bad"]] == [3, 5, 6]
    assert "line 3" in refused.json()["errors"][0]["detail"]
    assert exported(served, dataset, "jsonl") == b""
    taken = send(served, "POST", path + "&skip_bad=true", text, "text/csv").json()
    assert (taken["inserted"], taken["bad_rows"], taken["version"]) == (2, 3, 1)
    lines = b'{"input":1}\nnot json\n{"expected_output":2}\n\n[1]\n{"input":2}\n'
    told = send(served, "POST", path.replace("csv", "jsonl"), lines).json()
    assert [row["line"] for row in told["bad"]] == [2, 3, 5]
    no_input = send(served, "POST", path, b"question,answer\nq,a\n")
    assert no_input.status == 400 and "question, answer" in no_input.json()["errors"][0]["detail"]
    mapped = send(
        served, "POST", path + "&input_column=question&expected_column=answer",
        b"question,answer\nq,a\n",
    )  # fmt: skip
    assert mapped.status == 200, mapped.body
    last = exported(served, dataset, "jsonl").decode().splitlines()[-1]
    assert json.loads(last)["input"] == {"question": "q"}
    latin = send(served, "POST", path, b"input\n\xf1\n")
    assert latin.status == 400 and "UTF-8" in latin.json()["errors"][0]["detail"]


def test_records_are_made_of_spans_and_versions_differ(served: Catalejo) -> None:
    for number in (1, 2, 3):
        assert post(served, body_of(event(number, f"q {number}", ml_app="sets"))).status == 202
    until(lambda: len(served.api.traces()) == 3, "stored")
    dataset = make(served, "of spans")
    path = f"/api/v1/datasets/{dataset}/spans"
    one = {"spans": [{"trace_id": f"{1:032x}", "span_id": "1"}], "author": "Ana"}
    first = send(served, "POST", path, one)
    assert first.status == 200, first.body
    assert first.json()["inserted"] == 1
    whole = send(served, "POST", path, {"filter": "view=traces&ml_app=sets"}).json()
    assert (whole["spans"], whole["inserted"], whole["duplicates"]) == (3, 2, 1)
    assert whole["version"] == 2 and whole["more"] is False
    records = [json.loads(line) for line in exported(served, dataset, "jsonl").splitlines()]
    assert {r["input"]["messages"][0]["content"] for r in records} == {"q 1", "q 2", "q 3"}
    assert records[0]["source"] == {"trace_id": f"{1:032x}", "span_id": "1"}
    assert len(exported(served, dataset, "jsonl", 1).splitlines()) == 1
    diff = send(served, "GET", f"/api/v1/datasets/{dataset}/diff?from=1&to=2").json()
    assert [pair["before"] for pair in diff["records"]] == [None, None]
    versions = send(served, "GET", f"/api/v2/llm-obs/v1/-/datasets/{dataset}/versions").json()
    assert [v["attributes"]["author"] for v in versions["data"]] == [None, "Ana"]
    lost = send(served, "POST", path, {"spans": [{"trace_id": "77", "span_id": "7"}]})
    assert lost.status == 404


def test_a_dataset_survives_a_kill_and_comes_back_when_restored(fresh: Catalejo) -> None:
    with fresh:
        dataset = make(fresh, "kept")
        path = f"/api/v1/datasets/{dataset}"
        assert send(fresh, "POST", path + "/import?format=jsonl", b'{"input":1}').status == 200
        fresh.kill()
    with fresh:
        assert b'"input":1' in exported(fresh, dataset, "jsonl")
        assert send(fresh, "DELETE", path).status == 200
        assert send(fresh, "GET", path).status == 404
        named = send(fresh, "GET", "/api/v1/datasets?filter[name]=" + quote("kept")).json()
        assert named["data"] == []
        assert send(fresh, "POST", path + "/restore").status == 200
        assert send(fresh, "GET", path).json()["data"]["attributes"]["records_count"] == 1


OPERATIONS = (
    "clone_llm_obs_dataset", "restore_llm_obs_dataset_version", "get_llm_obs_dataset_draft_state",
    "lock_llm_obs_dataset_draft_state", "unlock_llm_obs_dataset_draft_state",
    "list_llm_obs_datasets",
)  # fmt: skip


def typed(served: Catalejo, key: str) -> Any:
    client = client_of(served, key, OPERATIONS)
    return datadog.AgentObservabilityApi(client)  # type: ignore[no-untyped-call]


def test_datadogs_typed_client_copies_restores_and_locks_a_dataset(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    program = Catalejo(tmp_path_factory.mktemp("typed sets") / "data")
    ana, bea = program.create_key("Ana"), program.create_key("Bea")
    program.key = ana
    head = {"Content-Type": JSON, "DD-API-KEY": ana}
    with program:

        def asked(method: str, path: str, body: bytes = b"", key: str = ana) -> Answer:
            return call(program.http_port, method, path, body, head | {"DD-API-KEY": key})

        named = json.dumps({"data": {"type": "datasets", "attributes": {"name": "source"}}})
        made = asked("POST", "/api/v1/datasets", named.encode()).json()["data"]
        first, project = made["id"], made["attributes"]["project_id"]
        records = f"/api/v1/datasets/{first}/import?format=jsonl"
        assert asked("POST", records, b'{"id":"a","input":1}\n{"id":"b","input":2}').status == 200
        assert asked("POST", records, b'{"id":"a","input":"changed"}').status == 200
        one, other = typed(program, ana), typed(program, bea)

        kind = LLMObsDatasetType.DATASETS
        wanted = LLMObsDatasetCloneDataAttributesRequest(name="copy", description="¿y ahora?")
        copy = one.clone_llm_obs_dataset(
            project, first, body=LLMObsDatasetCloneRequest(
                data=LLMObsDatasetCloneDataRequest(attributes=wanted, id=first, type=kind)
            ),
        ).data  # fmt: skip
        assert (copy.attributes.current_version, copy.attributes.name) == (1, "copy")

        def restore(api: Any) -> None:
            version = LLMObsDatasetRestoreVersionDataAttributesRequest(dataset_version=1)
            data = LLMObsDatasetRestoreVersionDataRequest(attributes=version, id=first, type=kind)
            body = LLMObsDatasetRestoreVersionRequest(data=data)
            api.restore_llm_obs_dataset_version(project, first, body=body)

        with pytest.raises(NotFoundException):
            one.get_llm_obs_dataset_draft_state(project, first)
        lock = one.lock_llm_obs_dataset_draft_state(project, first).data
        assert lock.id == first and "Ana" in lock.attributes.user.name
        seen = other.get_llm_obs_dataset_draft_state(project, first).data.attributes
        assert seen.drafting_since == lock.attributes.drafting_since
        for refused in (
            lambda: restore(other),
            lambda: other.lock_llm_obs_dataset_draft_state(project, first),
            lambda: other.unlock_llm_obs_dataset_draft_state(project, first),
        ):
            with pytest.raises(ForbiddenException, match="Ana"):
                refused()
        assert asked("POST", records, b'{"input":3}', key=bea).status == 403
        restore(one)
        one.unlock_llm_obs_dataset_draft_state(project, first)
        assert asked("POST", records, b'{"input":3}', key=bea).status == 200

        def inputs(dataset: str) -> list[Any]:
            path = f"/api/v1/datasets/{dataset}/export?format=jsonl"
            return [json.loads(line)["input"] for line in asked("GET", path).body.splitlines()]

        assert inputs(first) == [1, 2, 3] and inputs(copy.id) == ["changed", 2]
        listed = one.list_llm_obs_datasets(project).data
        assert {d.attributes.name: d.attributes.current_version for d in listed} == {
            "source": 4, "copy": 1,
        }  # fmt: skip
