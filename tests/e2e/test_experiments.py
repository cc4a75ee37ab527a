"""Experiments and prompts: Datadog's unmodified client against ours, and what the page reads."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest

from demo.azure.server import Azure
from tests.e2e.harness.client import client_environment, mode_named, python
from tests.e2e.harness.page_api import call
from tests.e2e.harness.program import ROOT, Catalejo


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Any:
    program = Catalejo(tmp_path_factory.mktemp("experiments") / "data")
    program.key = "any key will do"
    with program:
        yield program


def told_by(scenario: str, mode: str, served: Catalejo, azure: Azure, *more: str) -> Any:
    done = subprocess.run(
        [python(mode_named(mode)), "-m", f"tests.e2e.scenarios.{scenario}", *more],
        cwd=ROOT, env=client_environment(mode_named(mode), served, azure), capture_output=True,
        text=True, timeout=150, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout.strip().splitlines()[-1])


def ask(served: Catalejo, method: str, path: str, body: Any = None) -> Any:
    sent = b"" if body is None else json.dumps(body).encode()
    answer = call(served.http_port, method, path, sent, {"Content-Type": "application/json"})
    assert answer.status == 200, answer.body
    return answer.json()


GOT = [
    ["1/0", None, "none", "builtins.ZeroDivisionError", {
        "length": None, "right": False, "tone": "silent",
    }],
    ["2+2", "4", "4", None, {"length": 0.5, "right": True, "tone": "terse"}],
    ["¿3+3? 🔭", "seven", "6", None, {"length": 2.5, "right": False, "tone": "terse"}],
]  # fmt: skip


CLIENTS = [
    ("v4-override", "ddtrace.llmobs"),
    ("v4-agent", "ddtrace.llmobs"),
    ("tracer-override", "catalejo.llmobs"),
    ("tracer-agent", "catalejo.llmobs"),
]


@pytest.mark.parametrize(("mode", "module"), CLIENTS)
def test_clients_run_experiments_and_pull_them(
    served: Catalejo, azure: Azure, mode: str, module: str
) -> None:
    told = told_by("experiments", mode, served, azure, module, mode)
    assert told["ran"] == [3, 1 / 3]
    assert told["pulled"] == GOT
    assert told["summary"] == pytest.approx(1 / 3)
    name = "sums by hand"
    assert told["listed"] == [
        [told["second"], name, "failed", 1], [told["first"], name, "failed", 1],
    ]  # fmt: skip
    assert told["tagged"] == [2, 0], "of this project, by its tags"
    again, rows = told["again"]
    assert [row[0] for row in rows] == ["2+2", "¿3+3? 🔭"], "rows that failed are skipped"
    assert [row[4] for row in rows] == [{"tone": "terse"}] * 2
    assert told["children"] == [again]


def test_an_older_client_runs_experiments(served: Catalejo, azure: Azure) -> None:
    told = told_by("experiments", "v3-override", served, azure, "ddtrace.llmobs", "older")
    assert told["ran"] == [3, 1 / 3]
    first, second = told["first"], told["second"]
    shown = ask(served, "GET", f"/api/v2/llm-obs/v1/experiments?filter[id]={second}"
                "&include[aggregate_data]=true")["data"][0]["attributes"]  # fmt: skip
    assert shown["name"] == "sums by hand-2" and shown["dataset_name"] == "sums"
    labels = {one["label"]: one for one in shown["aggregate_data"]["labels"]}
    assert labels["right"]["mean"] == pytest.approx(2 / 3)
    assert (labels["length"]["count"], labels["length"]["failed"]) == (2, 1)
    assert first != second


def test_removed_experiments_come_back(served: Catalejo) -> None:
    project = ask(served, "POST", "/api/v2/llm-obs/v1/projects",
                  {"data": {"attributes": {"name": "removed"}}})["data"]["id"]  # fmt: skip
    root = "/api/v2/llm-obs/v1/experiments"
    made = ask(served, "POST", root, {
        "data": {"attributes": {"name": "gone", "project_id": project}},
    })["data"]["id"]  # fmt: skip
    asked = f"{root}?filter[project_id]={project}"
    ask(served, "POST", f"{root}/delete", {"data": {"attributes": {"experiment_ids": [made]}}})
    assert ask(served, "GET", asked)["data"] == []
    assert len(ask(served, "GET", asked + "&filter[is_deleted]=true")["data"]) == 1
    ask(served, "POST", f"/api/v1/experiments/{made}/restore")
    assert ask(served, "GET", asked)["data"][0]["id"] == made


def test_bad_scores_are_told_by_name(served: Catalejo) -> None:
    project = ask(served, "POST", "/api/v2/llm-obs/v1/projects",
                  {"data": {"attributes": {"name": "bad scores"}}})["data"]["id"]  # fmt: skip
    root = "/api/unstable/llm-obs/v1/experiments"
    made = ask(served, "POST", root, {
        "data": {"attributes": {"name": "bad", "project_id": project}},
    })["data"]["id"]  # fmt: skip
    for metric, where in (
        ({"metric_type": "score"}, "metrics[0].label"),
        ({"label": "x", "metric_type": "words"}, "metrics[0].metric_type"),
        ({"label": "x", "metric_type": "score", "score_value": "1"}, "metrics[0].score_value"),
        (7, "metrics[0]"),
    ):
        body = json.dumps({"data": {"attributes": {"metrics": [metric]}}}).encode()
        answer = call(served.http_port, "POST", f"{root}/{made}/events", body,
                      {"Content-Type": "application/json"})  # fmt: skip
        assert answer.status == 400 and answer.json()["errors"][0]["where"] == where, answer.body


@pytest.mark.parametrize(
    ("mode", "module", "conflict"),
    [
        ("v4-override", "ddtrace.llmobs", "PromptConflictError"),
        ("tracer-override", "catalejo.llmobs", "RegistryError"),
        ("tracer-agent", "catalejo.llmobs", "RegistryError"),
    ],
)
def test_clients_read_and_deploy_prompts(
    served: Catalejo, azure: Azure, mode: str, module: str, conflict: str
) -> None:
    told = told_by("prompts", mode, served, azure, module)
    assert told["made"] == ["greeting", 1, True]
    assert told["twice"] == conflict
    assert told["second"] == [2, ["e2e"]]
    chat = [
        {"role": "system", "content": "Answer in {{language}}."},
        {"role": "user", "content": "¿{{question}}? 🔭"},
    ]
    two = [{"role": "user", "content": "Two: {{question}}"}]
    assert told["production"] == ["1", "registry", chat, {"temperature": 0.2}]
    assert told["cached"] == "cache"
    assert told["deployed"] == ["v2-beta", "resolve", two, {}]
    assert told["exact"] == ["1", "registry", chat, {"temperature": 0.2}]
    assert told["filled"][1] == {"role": "user", "content": "¿qué? 🔭"}
    assert told["moved"] == ["production"]
    assert told["after"] == ["v2-beta", "registry", two, {}]
    assert told["undeployed"] == "Hi Ana", "no version has the label of the environment any more"
    assert told["missing"] == "ValueError"
    assert told["versions"] == [[2, ["production"]], [1, []]]
    assert told["titled"] == "Hola"
    assert told["listed"] == ["greeting"]
    assert told["deleted"] == "greeting" and told["gone"] == []
