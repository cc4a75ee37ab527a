"""Annotation queues: Datadog's typed client against ours, and what is only ours."""

from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from datadog_api_client.v2.api import agent_observability_api as datadog
from datadog_api_client.v2.models import (
    LLMObsAnnotationLabelValue,
    LLMObsAnnotationQueueDataAttributesRequest,
    LLMObsAnnotationQueueDataRequest,
    LLMObsAnnotationQueueInteractionsDataAttributesRequest,
    LLMObsAnnotationQueueInteractionsDataRequest,
    LLMObsAnnotationQueueInteractionsRequest,
    LLMObsAnnotationQueueInteractionsType,
    LLMObsAnnotationQueueRequest,
    LLMObsAnnotationQueueType,
    LLMObsAnnotationSchema,
    LLMObsAnnotationsDataAttributesRequest,
    LLMObsAnnotationsDataRequest,
    LLMObsAnnotationsRequest,
    LLMObsAnnotationsType,
    LLMObsLabelSchema,
    LLMObsLabelSchemaType,
    LLMObsTraceInteractionItem,
    LLMObsTraceInteractionType,
    LLMObsUpsertAnnotationItem,
)

from tests.e2e.harness.datadog_client import client_of
from tests.e2e.harness.load import body_of, event, post
from tests.e2e.harness.page_api import Answer, Unanswered, call
from tests.e2e.harness.program import Catalejo, until

ROOT = "/api/v2/llm-obs/v1/annotation-queues"
OPERATIONS = (
    "create_llm_obs_annotation_queue", "list_llm_obs_annotation_queues",
    "delete_llm_obs_annotation_queue", "get_llm_obs_annotation_queue_label_schema",
    "create_llm_obs_annotation_queue_interactions", "upsert_llm_obs_annotations",
    "get_llm_obs_annotated_interactions", "get_llm_obs_annotated_interactions_by_trace_i_ds",
)  # fmt: skip
COUNT = 6
LABELS = [
    {"name": "good", "type": "boolean", "is_required": True},
    {"name": "tone", "type": "categorical", "values": ["kind", "rude"], "evaluation": "auto_tone"},
    {"name": "stars", "type": "score", "min": 1, "max": 5, "is_integer": True},
    {"name": "answer", "type": "text"},
]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalejo]:
    with Catalejo(tmp_path_factory.mktemp("queues") / "data") as program:
        for number in range(1, COUNT + 1):
            one = event(number, f"question {number}", ml_app="asked")
            if number < 4:
                one["session_id"] = "talk"
                one["tags"].append("session_id:talk")
            assert post(program, body_of(one)).status == 202
        until(lambda: len(program.api.traces()) == COUNT, "the traces are stored")
        yield program


def send(program: Catalejo, method: str, path: str, attributes: Any = None) -> Answer:
    sent = json.dumps({"data": {"type": "x", "attributes": attributes}}).encode()
    return call(
        program.http_port, method, path, sent if attributes is not None else b"",
        {"Content-Type": "application/json"},
    )  # fmt: skip


def ok(answer: Answer) -> Any:
    assert answer.status == 200, answer.body
    return answer.json()


def plain(program: Catalejo, path: str, body: Any) -> Any:
    head = {"Content-Type": "application/json"}
    return ok(call(program.http_port, "POST", path, json.dumps(body).encode(), head))


def make(program: Catalejo, name: str, **more: Any) -> str:
    attributes = {"name": name, "annotation_schema": {"label_schemas": LABELS}, **more}
    return str(ok(send(program, "POST", ROOT, attributes))["data"]["id"])


def trace(number: int) -> str:
    return f"{number:032x}"


def add(program: Catalejo, queue: str, *contents: str, kind: str = "trace") -> list[str]:
    items = [{"type": kind, "content_id": content} for content in contents]
    told = ok(send(program, "POST", f"{ROOT}/{queue}/interactions", {"interactions": items}))
    return [one["id"] for one in told["data"]["attributes"]["interactions"]]


def answer(program: Catalejo, queue: str, item: str, who: str, **values: Any) -> str:
    said = [{"name": name, "value": value} for name, value in values.items()]
    body = {"author": who, "annotations": [{"interaction_id": item, "label_values": said}]}
    told = ok(send(program, "POST", f"{ROOT}/{queue}/annotations", body))["data"]["attributes"]
    assert told["errors"] == []
    return str(told["annotations"][0]["id"])


def found(program: Catalejo, query: str) -> set[str]:
    asked = program.api.answer("/api/v1/spans", query=query)
    if asked.status == 503:
        raise Unanswered(str(asked.body))
    assert asked.status == 200, asked.body
    return {row["span_id"] for row in asked.json()["rows"]}


def test_datadogs_typed_client_makes_fills_and_answers_a_queue(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    program = Catalejo(tmp_path_factory.mktemp("typed") / "data")
    key = program.create_key("Ana")
    with program, client_of(program, key, OPERATIONS) as client:
        drive(datadog.AgentObservabilityApi(client))  # type: ignore[no-untyped-call]


def drive(api: Any) -> None:
    kind = LLMObsAnnotationQueueType.QUEUES
    schema = LLMObsAnnotationSchema(
        label_schemas=[
            LLMObsLabelSchema(
                name="tone", type=LLMObsLabelSchemaType.CATEGORICAL, values=["kind", "rude"],
                is_required=True, has_reasoning=True,
            )
        ]
    )  # fmt: skip
    attributes = LLMObsAnnotationQueueDataAttributesRequest(
        name="typed", project_id="p-1", description="¿Qué tal?", annotation_schema=schema
    )
    data = LLMObsAnnotationQueueDataRequest(attributes=attributes, type=kind)
    queue = api.create_llm_obs_annotation_queue(body=LLMObsAnnotationQueueRequest(data=data)).data
    assert queue.attributes.description == "¿Qué tal?" and queue.attributes.project_id == "p-1"
    listed = api.list_llm_obs_annotation_queues(project_id="p-1", queue_ids=[queue.id]).data
    assert [one.id for one in listed] == [queue.id]
    assert api.list_llm_obs_annotation_queues(project_id="p-2").data == []
    labels = api.get_llm_obs_annotation_queue_label_schema(queue.id).data.attributes
    label = labels.annotation_schema.label_schemas[0]
    assert (label.name, label.values, label.is_required) == ("tone", ["kind", "rude"], True)

    def put() -> Any:
        item = LLMObsTraceInteractionItem(
            content_id=trace(1), type=LLMObsTraceInteractionType.TRACE
        )
        body = LLMObsAnnotationQueueInteractionsRequest(
            data=LLMObsAnnotationQueueInteractionsDataRequest(
                attributes=LLMObsAnnotationQueueInteractionsDataAttributesRequest([item]),
                type=LLMObsAnnotationQueueInteractionsType.INTERACTIONS,
            )
        )
        told = api.create_llm_obs_annotation_queue_interactions(queue.id, body=body)
        return told.data.attributes.interactions[0]

    first, again = put(), put()
    assert (first.already_existed, again.already_existed) == (False, True)
    assert first.id == again.id and first.content_id == trace(1)
    value = LLMObsAnnotationLabelValue(label_schema_id=label.id, value="rude", reasoning="why")
    body = LLMObsAnnotationsRequest(
        data=LLMObsAnnotationsDataRequest(
            attributes=LLMObsAnnotationsDataAttributesRequest(
                annotations=[
                    LLMObsUpsertAnnotationItem(interaction_id=first.id, label_values=[value]),
                    LLMObsUpsertAnnotationItem(interaction_id="none", label_values=[value]),
                ]
            ),
            type=LLMObsAnnotationsType.ANNOTATIONS,
        )
    )
    told = api.upsert_llm_obs_annotations(queue.id, body=body).data.attributes
    assert [one.interaction_id for one in told.errors] == ["none"]
    assert told.annotations[0].label_values[0].value == "rude"
    seen = api.get_llm_obs_annotated_interactions(queue.id).data.attributes.annotated_interactions
    assert seen[0].annotations[0].label_values == {"tone": "rude"}
    assert seen[0].annotations[0].created_by == told.annotations[0].created_by != ""
    found = api.get_llm_obs_annotated_interactions_by_trace_i_ds(
        content_ids=["1", trace(2)], limit=5
    ).data.attributes
    assert found.total_count == len(found.annotated_interactions) == 1, "the trace by its number"
    about = found.annotated_interactions[0]
    assert (about.queue_id, about.queue_name, about.content_id) == (queue.id, "typed", trace(1))
    assert about.annotations[0].label_values == {"tone": "rude"}
    api.delete_llm_obs_annotation_queue(queue.id)
    assert api.list_llm_obs_annotation_queues(project_id="p-1").data == []


def test_answers_are_found_kept_apart_and_taken_back(served: Catalejo) -> None:
    queue, other = make(served, "found"), make(served, "found too")
    (item,) = add(served, queue, trace(1))
    (same,) = add(served, other, trace(1))
    first = answer(served, queue, item, "Ana", good=False, tone="rude", stars=2)
    answer(served, other, same, "Ana", good=True)
    until(lambda: found(served, "@evaluation.tone.value:rude") == {"1"}, "searched by its label")
    assert found(served, "@evaluation.good.value:false") == {"1"}
    assert found(served, "@evaluation.good.value:true") == {"1"}, "the other queue replaced nothing"
    ok(send(served, "POST", f"{ROOT}/{queue}/annotations/delete", {"annotation_ids": [first]}))
    until(lambda: found(served, "@evaluation.tone.value:rude") == set(), "taken back")
    assert found(served, "@evaluation.good.value:true") == {"1"}


def test_answers_are_durable_when_they_are_answered(fresh: Catalejo) -> None:
    with fresh:
        assert post(fresh, body_of(event(9, "q"))).status == 202
        queue = make(fresh, "durable")
        (item,) = add(fresh, queue, f"{trace(9)}:9", kind="span")
        answer(fresh, queue, item, "Ana", good=True)
        fresh.kill()
    with fresh:
        until(lambda: found(fresh, "@evaluation.good.value:true") == {"9"}, "searched", 60)
        page = ok(send(fresh, "GET", f"/api/v1/queues/{queue}/items?reviewer=Ana"))
        assert page["progress"]["answered"] == 1
        assert page["items"][0]["annotation"]["label_values"][0]["value"] is True


def test_a_list_is_put_into_a_queue_and_counted(served: Catalejo) -> None:
    queue = make(served, "of a list")
    path = f"/api/v1/queues/{queue}/items"
    told = plain(served, path, {"filter": "ml_app=asked&from=now-1h"})
    assert told == {
        "rows": COUNT, "added": COUNT, "known": 0, "repeated": 0, "sampled_out": 0, "unnamed": 0,
        "more": False,
    }  # fmt: skip
    again = plain(served, path, {"filter": "ml_app=asked&from=now-1h", "sample": 0.5})
    assert again["added"] == 0 and again["known"] + again["sampled_out"] == COUNT
    sessions = plain(served, path, {"filter": "ml_app=asked&from=now-1h", "type": "session"})
    assert (sessions["added"], sessions["repeated"], sessions["unnamed"]) == (1, 2, COUNT - 3)
    spans = plain(served, path, {"filter": "view=spans&ml_app=asked&from=now-1h"})
    assert spans["added"] == COUNT
    bad = json.dumps({"filter": "nonsense=1"}).encode()
    refused = call(served.http_port, "POST", path, bad, {"Content-Type": "application/json"})
    assert refused.status == 400


def evaluate(program: Catalejo, number: int, label: str, value: str) -> None:
    metric = {
        "join_on": {"span": {"span_id": str(number), "trace_id": trace(number)}}, "label": label,
        "metric_type": "categorical", "categorical_value": value, "ml_app": "asked",
        "timestamp_ms": int(time.time() * 1000),
    }  # fmt: skip
    body = {"data": {"type": "evaluation_metric", "attributes": {"metrics": [metric]}}}
    path = "/api/intake/llm-obs/v2/eval-metric"
    head = {"content-type": "application/json", "dd-api-key": "any"}
    sent = call(program.http_port, "POST", path, json.dumps(body).encode(), head)
    assert sent.status == 202, sent.body


def test_agreement_export_and_a_dataset(served: Catalejo) -> None:
    queue = make(served, "agreed", reviewers=2)
    items = add(served, queue, *(trace(number) for number in range(1, 5)))
    ana, blanca = ["kind", "kind", "rude", "rude"], ["kind", "kind", "rude", "kind"]
    for item, one, two in zip(items, ana, blanca, strict=True):
        answer(served, queue, item, "Ana", good=True, tone=one, stars=4, answer="=expected")
        answer(served, queue, item, "Blanca", good=True, tone=two, stars=5)
    for number, tone in enumerate(["kind", "rude", "rude"], 1):
        evaluate(served, number, "auto_tone", tone)

    def agreed() -> Any:
        labels = ok(send(served, "GET", f"/api/v1/queues/{queue}/agreement"))["labels"]
        return {label["name"]: label for label in labels}

    until(
        lambda: (agreed()["tone"]["automatic"] or {"items": 0})["items"] == 6, "the evaluator's too"
    )
    told = agreed()
    tone = told["tone"]
    assert (tone["answered"], tone["items"], tone["agreement"]) == (4, 4, 0.75)
    pair = tone["pairs"][0]
    assert (pair["one"], pair["other"], pair["same"]) == ("Ana", "Blanca", 3)
    assert pair["kappa"] == pytest.approx(0.5), "(3/4 - 1/2) / (1 - 1/2)"
    assert tone["alpha"] == pytest.approx(1 - (2 / 8) / ((64 - 25 - 9) / 56))
    assert tone["automatic"]["evaluation"] == "auto_tone" and tone["automatic"]["same"] == 4
    differ = {one["content_id"]: one for one in tone["disagreements"]}
    assert set(differ) == {trace(2), trace(4)} and tone["disagreements_total"] == 2
    assert differ[trace(2)]["automatic"] == "rude" and differ[trace(4)]["automatic"] is None
    assert told["good"]["agreement"] == 1 and told["good"]["pairs"][0]["kappa"] is None
    assert told["answer"]["agreement"] is None, "free text is not compared"

    out = call(served.http_port, "GET", f"/api/v1/queues/{queue}/export?format=csv", b"", {})
    rows = list(csv.DictReader(io.StringIO(out.body.decode(), newline="")))
    assert [row["tone"] for row in rows] == [
        t for both in zip(ana, blanca, strict=True) for t in both
    ]
    assert rows[0]["answer"] == "'=expected" and rows[0]["reviewer"] == "Ana"
    lines = call(served.http_port, "GET", f"/api/v1/queues/{queue}/export?format=jsonl", b"", {})
    first = json.loads(lines.body.decode().splitlines()[0])
    assert [one["created_by"] for one in first["annotations"]] == ["Ana", "Blanca"]

    made = ok(send(served, "POST", "/api/v1/datasets", {"name": "from a queue"}))["data"]["id"]
    taken = plain(
        served, f"/api/v1/queues/{queue}/dataset", {"dataset": made, "label": "tone", "author": "A"}
    )
    assert (taken["inserted"], taken["unanswered"], taken["missing"]) == (4, 0, 0)
    path = f"/api/v1/datasets/{made}/export?format=jsonl"
    records = [
        json.loads(x) for x in call(served.http_port, "GET", path, b"", {}).body.splitlines()
    ]
    assert [one["expected_output"] for one in records] == blanca, "the newest answer"
    assert records[0]["metadata"]["labels"] == {"good": True, "tone": "kind", "stars": 5}
    assert "question 1" in json.dumps(records[0]["input"])


def put_rule(program: Catalejo, queue: str, **rule: Any) -> Any:
    head = {"Content-Type": "application/json"}
    path = f"/api/v1/queues/{queue}/rule"
    return ok(call(program.http_port, "PUT", path, json.dumps(rule).encode(), head))


def contents(program: Catalejo, queue: str) -> list[str]:
    page = ok(send(program, "GET", f"/api/v1/queues/{queue}/items?limit=500"))
    return [one["content_id"] for one in page["items"]]


def did(program: Catalejo, queue: str) -> dict[str, int]:
    days = ok(send(program, "GET", f"/api/v1/queues/{queue}/rule"))["days"]
    total: dict[str, int] = {}
    for day in days:
        assert (day["last_added"] is None) == (day["added"] == 0)
        for name, number in day.items():
            if isinstance(number, int):
                total[name] = total.get(name, 0) + number
    return {name: number for name, number in total.items() if number != 0}


def tell(program: Catalejo, number: int, app: str, **more: Any) -> None:
    assert post(program, body_of(event(number, f"q {number}", ml_app=app, **more))).status == 202


def test_a_rule_fills_a_queue_with_what_comes_in_and_counts_the_rest(fresh: Catalejo) -> None:
    with fresh:
        tell(fresh, 1, "ruled")
        until(lambda: len(fresh.api.traces()) == 1, "there was one before the rule")
        queue, half = make(fresh, "ruled"), make(fresh, "half")
        other = make(fresh, "talks")
        rule = put_rule(fresh, queue, filter="ml_app=ruled", daily_max=3, author="Ana")["rule"]
        assert (rule["type"], rule["problem"], rule["author"]) == ("trace", None, "Ana")
        put_rule(fresh, half, filter="ml_app=ruled", sample=0.5)
        put_rule(fresh, other, filter="view=spans&ml_app=ruled", type="session")
        for number in range(2, 8):
            talk = {"session_id": "talk"} if number < 5 else {}
            tell(fresh, number, "ruled" if number != 3 else "unruled", **talk)
        until(lambda: did(fresh, queue) == {"added": 3, "over_day": 2}, "filled", 60)
        wanted = {trace(number) for number in (2, 4, 5, 6, 7)}
        kept = set(contents(fresh, queue))
        assert len(kept) == 3 and kept < wanted, "not what came before, not of another application"
        until(lambda: sum(did(fresh, other).values()) == 5, "filled", 60)
        assert contents(fresh, other) == ["talk"]
        assert did(fresh, other) == {"added": 1, "known": 1, "unnamed": 3}
        items = ok(send(fresh, "GET", f"/api/v1/queues/{queue}/items"))["items"]
        assert {one["added_by"] for one in items} == {"Ana"}
        metrics = call(fresh.http_port, "GET", "/metrics").body.decode()
        assert 'catalejo_queue_rule_spans_total{outcome="over_day"} 2' in metrics
        ok(call(fresh.http_port, "DELETE", f"/api/v1/queues/{queue}/rule", b"", {}))
        gone = ok(send(fresh, "GET", f"/api/v1/queues/{queue}/rule"))
        assert gone["rule"] is None and gone["days"][0]["added"] == 3
        in_half = set(contents(fresh, half))
        assert in_half < wanted, "the sample is the same each time"


def test_a_rule_goes_on_after_a_crash_without_skipping_or_repeating(fresh: Catalejo) -> None:
    with fresh:
        queue, failed = make(fresh, "through a crash"), make(fresh, "what was judged bad")
        put_rule(fresh, queue, filter="ml_app=crashing")
        put_rule(fresh, failed, filter="query=%40evaluation.tone.value%3Arude")
        for number in range(1, 6):
            tell(fresh, number, "crashing")
        until(lambda: len(contents(fresh, queue)) == 5, "filled", 60)
        (gone,) = [
            one["id"]
            for one in ok(send(fresh, "GET", f"/api/v1/queues/{queue}/items"))["items"]
            if one["content_id"] == trace(2)
        ]
        body = {"interaction_ids": [gone]}
        ok(send(fresh, "POST", f"{ROOT}/{queue}/interactions/delete", body))
        for number in range(6, 11):
            tell(fresh, number, "crashing")
        evaluate(fresh, 7, "tone", "rude")
        fresh.kill()
    with fresh:
        tell(fresh, 11, "crashing")
        until(lambda: len(contents(fresh, queue)) == 10, "the rest is there", 60)
        assert sorted(contents(fresh, queue)) == [trace(n) for n in range(1, 12) if n != 2]
        until(lambda: contents(fresh, failed) == [trace(7)], "an evaluation that came later", 60)
        told = did(fresh, queue)
        assert told == {"added": 11}, "what a person removed is not added or counted again"
