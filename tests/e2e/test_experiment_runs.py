"""Experiments that the server runs against the fake Azure OpenAI: rows as they come, scores of
checks and judges, everything that a deployment can do instead of answering, a kill -9 half way."""

from __future__ import annotations

import contextlib
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from demo.azure.faults import Faults
from demo.azure.server import Azure
from tests.e2e.harness.judging import FAULTS, azure_with, settings_with_faults
from tests.e2e.harness.page_api import Answer, call
from tests.e2e.harness.program import Catalejo, until

RUNS = "/api/v1/experiment-runs"
# The fake says what it is asked to say.
ECHO = [
    {"role": "system", "content": "Answer in {{metadata.language}}."},
    {"role": "user", "content": "say exactly: {{input.word}}"},
]


@pytest.fixture(scope="module")
def azure() -> Iterator[Azure]:
    yield from azure_with(FAULTS)


@pytest.fixture(scope="module")
def slow() -> Iterator[Azure]:
    yield from azure_with({}, latency_s=0.2)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory, azure: Azure) -> Iterator[Catalejo]:
    data = tmp_path_factory.mktemp("runs") / "data"
    with Catalejo(data, settings_with_faults(azure)) as running:
        yield running


def ask(program: Catalejo, method: str, path: str, body: Any = None) -> Answer:
    sent = json.dumps(body).encode() if body is not None else b""
    return call(program.http_port, method, path, sent, timeout_s=60)


def told(program: Catalejo, method: str, path: str, body: Any = None) -> Any:
    answer = ask(program, method, path, body)
    assert answer.status == 200, answer.body
    return answer.json()


def attributes(**fields: Any) -> dict[str, Any]:
    return {"data": {"type": "datasets", "attributes": fields}}


def record(word: str, expected: Any = None, language: str = "Spanish", **more: Any) -> Any:
    said = {"metadata": {"language": language}, "input": {"word": word, **more}}
    return said if expected is None else {**said, "expected_output": expected}


def dataset(program: Catalejo, name: str, records: list[Any]) -> str:
    root = "/api/v2/llm-obs/v1"
    project = told(program, "POST", f"{root}/projects", attributes(name="runs"))["data"]["id"]
    path = f"{root}/{project}/datasets"
    made = str(told(program, "POST", path, attributes(name=name))["data"]["id"])
    told(program, "POST", f"{path}/{made}/records", attributes(records=records, deduplicate=False))
    return made


def words(program: Catalejo, name: str, count: int, **more: Any) -> str:
    return dataset(program, name, [record(f"word {i} of {name}", **more) for i in range(count)])


def begin(program: Catalejo, made: str, **plan: Any) -> str:
    plan = {"messages": ECHO, "deployment": "chat-prod", **plan}
    return str(told(program, "POST", RUNS, {"dataset_id": made, **plan})["experiment_id"])


def run_of(program: Catalejo, run: str) -> Any:
    return program.api.get(f"{RUNS}/{run}")


def ended(program: Catalejo, run: str, state: str, seconds_max: float = 60) -> Any:
    return until(
        lambda: (found := run_of(program, run))["state"] == state and found,
        f"it is {state}", seconds_max,
    )  # fmt: skip


def experiment_of(program: Catalejo, run: str) -> Any:
    path = "/api/v2/llm-obs/v1/experiments"
    found = program.api.get(
        path, **{"filter[id]": run, "include[aggregate_data]": "true", "page[limit]": "1"}
    )
    return found["data"][0]["attributes"]


def rows_of(program: Catalejo, run: str) -> list[Any]:
    return list(program.api.get(f"/api/v1/experiments/{run}/rows")["rows"])


def asked_of(azure: Azure, part: str) -> Counter[str]:
    """How often each question with that text was put to the fake."""
    texts = [request.body["messages"][-1]["content"] for request in azure.asked]
    return Counter(text for text in texts if part in text)


def test_every_record_becomes_a_row_with_its_scores(program: Catalejo, azure: Azure) -> None:
    made = dataset(
        program, "capitals",
        [
            record("Madrid", "Madrid"), record("París", "Paris", "French"),
            record('{"a": 1.0}', {"a": 1}),
        ],
    )  # fmt: skip
    plan = {
        "dataset_id": made, "name": "capitals by hand", "messages": ECHO, "deployment": "chat-prod",
        "times": 2, "parameters": {"temperature": 0.25, "max_completion_tokens": 40},
        "evaluators": [{"type": one} for one in ("exact_match", "contains", "json_equal")],
    }  # fmt: skip
    estimate = told(program, "POST", f"{RUNS}/estimate", plan)
    assert (estimate["records"], estimate["rows"], estimate["deployment"]) == (3, 6, "chat-prod")
    assert estimate["calls_left"] is not None and estimate["tokens_left"] is None
    assert [message["content"] for message in estimate["first"]] == [
        "Answer in Spanish.", "say exactly: Madrid",
    ]  # fmt: skip
    assert asked_of(azure, "Madrid") == {}, "an estimate asks nobody"
    run = told(program, "POST", RUNS, plan)["experiment_id"]
    done = ended(program, run, "completed")
    assert (done["total"], done["done"], done["failed"], done["problem"]) == (6, 6, 0, None)
    (spent,) = done["spent"]
    assert spent["calls"] == 6 and spent["input_tokens"] > 0 and spent["cost"]["usd"] > 0
    assert spent["model"] == "gpt-4o-2024-11-20" and spent["judge"] is None
    rows = rows_of(program, run)
    assert [(row["output"], row["run"]) for row in rows] == [
        (word, time) for time in (1, 2) for word in ("Madrid", "París", '{"a": 1.0}')
    ]
    scores = [{each["label"]: each["boolean_value"] for each in row["scores"]} for row in rows[:3]]
    assert scores == [
        {"exact_match": True, "contains": True, "json_equal": False},
        {"exact_match": False, "contains": False, "json_equal": False},
        {"exact_match": False, "contains": False, "json_equal": True},
    ]
    sent = azure.asked[-1].body
    assert sent["temperature"] == 0.25 and sent["max_completion_tokens"] == 40
    experiment = experiment_of(program, run)
    assert experiment["status"] == "completed" and experiment["name"] == "capitals by hand"
    assert experiment["run_count"] == 2 and experiment["config"]["deployment"] == "chat-prod"
    means = {one["label"]: one["mean"] for one in experiment["aggregate_data"]["labels"]}
    assert means["exact_match"] == pytest.approx(1 / 3)
    # Each call is a span of its own, which the row names.
    until(lambda: program.api.status(f"/api/v1/traces/{rows[0]['trace_id']}") == 200, "stored")
    (span,) = program.api.trace(rows[0]["trace_id"])["spans"]
    assert span["ml_app"] == "catalejo-playground" and span["span_id"] == rows[0]["span_id"]
    assert span["tags"]["experiment_id"] == run and span["cost"]["usd"] > 0
    assert span["tags"]["dataset_record_id"] == rows[0]["record_id"]


def test_a_prompt_of_the_registry_is_copied_when_the_run_begins(
    program: Catalejo, azure: Azure
) -> None:
    template = [{"role": "user", "content": "say exactly: {{word}}!"}]
    told(program, "POST", "/api/v1/prompts", {"prompt_id": "shout", "template": template})
    made = words(program, "shouted", 2)
    run = begin(program, made, messages=None, prompt={"id": "shout"}, records_max=1)
    done = ended(program, run, "completed")
    assert done["settings"]["prompt"] == {"id": "shout", "version": 1}
    assert done["settings"]["messages"] == template
    assert [row["output"] for row in rows_of(program, run)] == ["word 0 of shouted!"]
    assert experiment_of(program, run)["config"]["prompt"] == {"id": "shout", "version": 1}


def test_a_chat_that_was_recorded_is_asked_again(program: Catalejo, azure: Azure) -> None:
    chat = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "say exactly: ¡ya!"},
    ]
    expected = {"messages": [{"role": "assistant", "content": "¡ya!"}]}
    made = dataset(program, "chats", [{"input": {"messages": chat}, "expected_output": expected}])
    run = begin(
        program, made, messages=[{"role": "user", "content": "{{input}}"}],
        evaluators=[{"type": "exact_match"}],
    )  # fmt: skip
    ended(program, run, "completed")
    assert azure.asked[-1].body["messages"] == chat
    (row,) = rows_of(program, run)
    assert row["output"] == "¡ya!" and row["scores"][0]["boolean_value"] is True


def test_what_is_wrong_with_one_record_is_a_row_that_says_so(program: Catalejo) -> None:
    made = dataset(
        program, "odd",
        [
            record("build a bomb"), {"input": {"other": 1}, "metadata": {"language": "x"}},
            record("fine"),
        ],
    )  # fmt: skip
    run = begin(program, made, evaluators=[{"type": "exact_match"}])
    done = ended(program, run, "completed")
    assert (done["done"], done["failed"]) == (3, 2)
    refused, lacking, fine = rows_of(program, run)
    assert refused["failed"] and "violence (high)" in refused["error"] and not refused["scores"]
    assert lacking["failed"] and 'no "input.word"' in lacking["error"]
    assert lacking["trace_id"] == ""
    assert fine["output"] == "fine" and fine["scores"][0]["error"]["type"] == "expected_output"
    assert experiment_of(program, run)["aggregate_data"]["errors"] == 2


def judge(program: Catalejo, name: str, **draft: Any) -> None:
    text = "{{span_input}} {{span_output}} {{metadata.expected_output}}"
    draft = {
        "label": name, "apps": ["nobody's"], "prompt": [{"role": "user", "text": text}],
        "criteria": {"pass_values": ["true"]}, **draft,
    }  # fmt: skip
    made = told(program, "POST", "/api/v1/judges", {"name": name, "draft": draft})["id"]
    told(program, "POST", f"/api/v1/judges/{made}/publish")


def test_published_judges_say_what_they_think_of_each_row(program: Catalejo, azure: Azure) -> None:
    judge(program, "likes it")
    judge(program, "is away", deployment="gpt-4o")
    made = words(program, "judged", 2, expected="this was expected")
    run = begin(
        program, made,
        evaluators=[{"type": "judge", "judge": name} for name in ("likes it", "is away")],
    )  # fmt: skip
    done = ended(program, run, "completed")
    assert [spent["judge"] for spent in done["spent"]] == [None, "likes it", "is away"]
    assert all(spent["calls"] == 2 for spent in done["spent"])
    for row in rows_of(program, run):
        away, likes = row["scores"]
        assert away["label"] == "is away" and away["error"]["type"] == "server"
        assert likes["boolean_value"] in (True, False) and likes["reasoning"]
        assert likes["assessment"] == ("pass" if likes["boolean_value"] else "fail")
    judged = [
        json.dumps(asked.body["messages"])
        for asked in azure.asked
        if "response_format" in asked.body
    ]
    assert any("word 1 of judged" in text and "this was expected" in text for text in judged)


def test_the_budget_of_a_judge_stops_the_run_before_it_pays_for_more(program: Catalejo) -> None:
    judge(program, "dear", calls_per_day=1)
    made = words(program, "dear", 3)
    dear = [{"type": "judge", "judge": "dear"}]
    run = begin(program, made, evaluators=dear)
    stopped = ended(program, run, "stopped")
    assert stopped["problem"]["kind"] == "budget" and "dear" in stopped["problem"]["words"]
    assert stopped["done"] == 1 and stopped["spent"][0]["calls"] == 1
    plan = {"dataset_id": made, "messages": ECHO, "evaluators": dear}
    assert told(program, "POST", f"{RUNS}/estimate", plan)["judges"] == [
        {"name": "dear", "calls_left": 0}
    ]


@pytest.mark.parametrize(
    ("deployment", "kind", "part"),
    [("missing", "deployment", 'no deployment "missing"'), ("gpt-4.1", "rate_limit", "wait 60 s"),
     ("chat-mini", "unreachable", "")],
)  # fmt: skip
def test_what_no_record_can_help_is_no_row(
    program: Catalejo, deployment: str, kind: str, part: str
) -> None:
    made = words(program, f"in vain by {deployment}", 2)
    run = begin(program, made, deployment=deployment)
    told_of = until(lambda: (found := run_of(program, run))["problem"] and found, "it is told")
    assert told_of["problem"]["kind"] == kind and part in told_of["problem"]["words"]
    assert told_of["done"] == 0
    # A limit and an outage pass: those are waited for.
    assert told_of["state"] == ("stopped" if kind == "deployment" else "running")
    cancelled = told(program, "POST", f"{RUNS}/{run}/cancel")
    assert cancelled["state"] == "cancelled" and cancelled["problem"] is None
    assert experiment_of(program, run)["status"] == "interrupted"
    assert ask(program, "POST", f"{RUNS}/{run}/cancel").status == 400


def test_a_short_429_is_waited_for_within_the_call(program: Catalejo) -> None:
    run = begin(program, words(program, "briefly", 2), deployment="gpt-4o-mini")
    assert ended(program, run, "completed")["failed"] == 0


def test_many_failures_in_sequence_stop_the_run(program: Catalejo) -> None:
    run = begin(program, words(program, "failing", 14), deployment="gpt-4o")
    stopped = ended(program, run, "stopped")
    assert stopped["problem"]["kind"] == "failures" and "HTTP 500" in stopped["problem"]["words"]
    assert stopped["done"] == stopped["failed"] == 10


def test_failed_rows_are_asked_again_and_keep_their_places(tmp_path: Path) -> None:
    """The deployment is broken for a while, which the records cannot help: a fake of its own."""
    with (
        contextlib.contextmanager(azure_with)({"chat-prod": "500"}) as azure,
        Catalejo(tmp_path / "data", settings_with_faults(azure)) as program,
    ):
        made = words(program, "broken", 12, expected="word 1 of broken")
        run = begin(program, made, times=2, evaluators=[{"type": "exact_match"}])
        assert ended(program, run, "stopped")["failed"] == 10
        before = rows_of(program, run)
        azure.faults = Faults()
        assert told(program, "POST", f"{RUNS}/{run}/retry")["state"] == "running"
        done = ended(program, run, "completed")
        assert (done["done"], done["failed"], done["total"]) == (24, 0, 24)
        rows = rows_of(program, run)
        places = [(row["record_id"], row["run"]) for row in rows]
        assert places[:10] == [(row["record_id"], row["run"]) for row in before]
        assert len(set(places)) == 24
        assert {row["output"] for row in rows} == {f"word {i} of broken" for i in range(12)}
        assert all(len(row["scores"]) == 1 for row in rows)
        again = ask(program, "POST", f"{RUNS}/{run}/retry")
        assert again.status == 400 and "no row of this run failed" in again.body.decode()


def test_what_fails_once_more_keeps_its_row(program: Catalejo) -> None:
    made = dataset(program, "hopeless", [record("build a bomb"), record("fine")])
    run = begin(program, made)
    assert ended(program, run, "completed")["failed"] == 1
    refused = rows_of(program, run)[0]["trace_id"]
    told(program, "POST", f"{RUNS}/{run}/retry")
    done = ended(program, run, "completed")
    assert (done["done"], done["failed"]) == (2, 1)
    first, second = rows_of(program, run)
    assert first["failed"] and first["trace_id"] != refused and second["output"] == "fine"
    assert experiment_of(program, run)["status"] == "completed"


def test_a_budget_stops_a_run_that_goes_on_the_next_day(tmp_path: Path, azure: Azure) -> None:
    data = tmp_path / "data"
    scant = settings_with_faults(azure, CATALEJO_PLAYGROUND_CALLS_PER_DAY="2")
    with Catalejo(data, scant) as program:
        made = words(program, "dearly bought", 4)
        estimate = told(program, "POST", f"{RUNS}/estimate", {"dataset_id": made, "messages": ECHO})
        assert (estimate["rows"], estimate["calls_left"]) == (4, 2)
        run = begin(program, made)
        stopped = ended(program, run, "stopped")
        assert stopped["problem"]["kind"] == "budget" and stopped["done"] == 2
        again = told(program, "POST", f"{RUNS}/{run}/continue")
        assert again["state"] == "running"
        assert ended(program, run, "stopped")["done"] == 2, "there is no more of it today"
    with Catalejo(data, settings_with_faults(azure)) as program:
        assert run_of(program, run)["state"] == "stopped", "nothing is spent unasked"
        told(program, "POST", f"{RUNS}/{run}/continue")
        assert ended(program, run, "completed")["done"] == 4
        assert set(asked_of(azure, "dearly bought").values()) == {1}


def test_a_kill_asks_no_record_twice_that_has_its_row(tmp_path: Path, slow: Azure) -> None:
    program = Catalejo(tmp_path / "data", settings_with_faults(slow))
    count = 12
    with program:
        made = words(program, "killed", count)
        run = begin(program, made)
        before = until(lambda: (found := run_of(program, run))["done"] >= 3 and found, "some rows")
        program.kill()
    assert before["done"] < count
    with program:
        done = ended(program, run, "completed")
        assert (done["done"], done["failed"]) == (count, 0)
        rows = rows_of(program, run)
        assert sorted(row["output"] for row in rows) == sorted(
            f"word {i} of killed" for i in range(count)
        )
        asked = asked_of(slow, "killed")
        assert len(asked) == count and sum(asked.values()) <= count + 1


def test_cancelled_and_continued_it_goes_on_where_it_was(tmp_path: Path, slow: Azure) -> None:
    with Catalejo(tmp_path / "data", settings_with_faults(slow)) as program:
        run = begin(program, words(program, "patient", 8))
        until(lambda: run_of(program, run)["done"] >= 2, "some rows")
        told(program, "POST", f"{RUNS}/{run}/cancel")
        paused = run_of(program, run)
        assert paused["state"] == "cancelled" and paused["done"] < 8
        assert experiment_of(program, run)["status"] == "interrupted"
        told(program, "POST", f"{RUNS}/{run}/continue")
        assert ended(program, run, "completed")["done"] == 8
        assert len(rows_of(program, run)) == 8
        # The call that was cancelled may have reached the deployment.
        assert sum(asked_of(slow, "patient").values()) <= 9


def test_two_runs_take_turns(tmp_path: Path, slow: Azure) -> None:
    with Catalejo(tmp_path / "data", settings_with_faults(slow)) as program:
        long = begin(program, words(program, "long", 30))
        short = begin(program, words(program, "short", 2))
        ended(program, short, "completed")
        assert run_of(program, long)["state"] == "running"
        listed = [run["experiment_id"] for run in program.api.get(RUNS)["runs"]]
        assert listed == [short, long]
        one = program.api.get(RUNS, experiment_id=long)["runs"]
        assert [run["experiment_id"] for run in one] == [long]
        assert program.api.get(RUNS, experiment_id="nobody")["runs"] == []
        # A removed experiment is asked about no more, and is back when it is.
        removed = {"data": {"type": "experiments", "attributes": {"experiment_ids": [long]}}}
        told(program, "POST", "/api/v2/llm-obs/v1/experiments/delete", removed)
        assert ask(program, "GET", f"{RUNS}/{long}").status == 404


@pytest.mark.parametrize(
    ("plan", "where"),
    [
        ({"messages": []}, "messages"),
        ({"messages": [{"role": "user", "content": "the same for all"}]}, "messages"),
        ({"messages": [{"role": "user", "content": "{{expected_output}}"}]}, "messages"),
        ({"messages": [{"role": "user", "content": "{{expected_output.a}}"}]}, "messages"),
        ({"messages": [{"role": "user", "content": "{{#if x}}"}]}, "messages"),
        ({"messages": None}, "messages"),
        ({"parameters": {"temperature": 9}}, "temperature"),
        ({"deployment": "nobody"}, "deployment"),
        ({"times": 0}, "times"),
        ({"records_max": "3"}, "records_max"),
        ({"dataset_version": 99}, "dataset_version"),
        ({"evaluators": [{"type": "guess"}]}, "evaluators"),
        ({"evaluators": [{"type": "judge", "judge": "nobody"}]}, "evaluators"),
        ({"evaluators": [{"type": "contains"}, {"type": "contains"}]}, "evaluators"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_makes_no_sense_is_refused(program: Catalejo, plan: Any, where: str) -> None:
    made = words(program, "refused", 1)
    for path in (RUNS, f"{RUNS}/estimate"):
        answer = ask(program, "POST", path, {"dataset_id": made, "messages": ECHO, **plan})
        assert answer.status == 400, answer.body
        assert answer.json()["errors"][0]["where"] == where
    nowhere = ask(program, "POST", RUNS, {"dataset_id": "nobody", "messages": ECHO})
    assert nowhere.status == 404


def test_without_a_deployment_it_says_what_to_set(tmp_path: Path) -> None:
    with Catalejo(tmp_path / "data") as program:
        made = words(program, "nobody to ask", 1)
        answer = ask(program, "POST", RUNS, {"dataset_id": made, "messages": ECHO})
        assert answer.status == 400 and "set judge_endpoint" in answer.json()["errors"][0]["detail"]
