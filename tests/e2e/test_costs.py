"""Costs on the real engine: every kind and reason, and history priced anew after a correction."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.harness.load import body_of, event, post
from tests.e2e.harness.page_api import Answer, Json, call
from tests.e2e.harness.program import Catalejo, until

HOUR_NS = 3_600_000_000_000
DAY_NS = 24 * HOUR_NS
OLD, NEW = 3, 1  # hours ago


def model_call(span_id: int, model: str, hours: int = NEW, **more: Any) -> dict[str, Any]:
    """A call of 1 000 input tokens, 400 of them cached, and 200 output tokens."""
    metrics = {"input_tokens": 1000, "output_tokens": 200, "cache_read_input_tokens": 400}
    made = event(
        span_id, f"call {span_id}", start_ns=time.time_ns() - hours * HOUR_NS,
        **{"metrics": metrics, **more},
    )  # fmt: skip
    made["meta"]["model_name"] = model
    return made


def spans() -> list[dict[str, Any]]:
    failed = model_call(6, "gpt-4o-2024-08-06", metrics={}, status="error")
    silent = model_call(7, "gpt-4o-2024-08-06", metrics={})
    flow = model_call(8, "", metrics={})
    flow["meta"]["span"]["kind"] = "workflow"
    embedding = model_call(9, "text-embedding-3-small", metrics={"input_tokens": 1_000_000})
    embedding["meta"]["span"]["kind"] = "embedding"
    tags = ["ml_app:load", "service:load", "env:e2e"]
    ptu = [*tags, "deployment:ptu"]
    return [
        model_call(1, "gpt-4o-2024-08-06", session_id="by-token"),
        model_call(2, "prod-chat", OLD),
        model_call(3, "prod-chat"),
        model_call(4, "mystery", tags=[*tags, "deployment:mystery"]),
        model_call(5, "gpt-4o", metrics={"input_tokens": 9, "output_tokens": 9, "total_cost": 0.5}),
        failed, silent, flow, embedding,
        model_call(10, "gpt-4o-2024-08-06", tags=ptu, session_id="by-hour"),
        model_call(11, "gpt-4o-2024-08-06", tags=ptu, session_id="by-hour"),
        model_call(12, "ft:gpt-4o-mini-2024-07-18:org::id"),
        # More cached than there is, and audio with a text model.
        model_call(13, "gpt-4o-2024-08-06",
                   metrics={"input_tokens": 10, "output_tokens": 0, "cache_read_input_tokens": 99}),
        model_call(14, "gpt-4o-2024-08-06",
                   metrics={"input_tokens": 10, "output_tokens": 0, "audio_input_tokens": 5}),
        model_call(15, "gpt-5.4", metrics={"input_tokens": 300_000, "output_tokens": 0}),
    ]  # fmt: skip


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Catalejo]:
    with Catalejo(tmp_path / "data") as program:
        made = spans()
        assert post(program, body_of(*made)).status == 202
        until(lambda: len(listed(program)) == len(made), "all spans are stored")
        yield program


def listed(program: Catalejo) -> dict[int, Json]:
    rows = program.api.rows("/api/v1/spans", view="spans", **{"from": "now-1d"})
    return {int(row["span_id"]): row["cost"] for row in rows}


def change(program: Catalejo, method: str, path: str, body: Json | None = None) -> Answer:
    sent = json.dumps(body).encode() if body else b""
    return call(program.http_port, method, f"/api/v1/{path}", sent)


def costs(program: Catalejo, **parameters: str) -> Json:
    return program.api.get("/api/v1/costs", **{"from": "now-1d", **parameters})


def test_every_kind_and_every_reason(served: Catalejo) -> None:
    found = listed(served)
    usd = 600 * 2.5e-6 + 400 * 1.25e-6 + 200 * 10e-6
    assert found[1]["kind"] == "catalogue" and found[1]["usd"] == pytest.approx(usd)
    assert found[2]["usd"] is None and found[2]["reason"] == "no_price"
    assert found[4]["reason"] == "deployment_not_mapped"
    assert found[5]["kind"] == "application" and found[5]["usd"] == 0.5
    assert found[6]["reason"] == "failed_without_tokens"
    assert found[7]["reason"] == "no_token_counts"
    assert found[8] == {"usd": None, "kind": "none", "reason": None, "model": None}
    assert found[9]["usd"] == pytest.approx(0.02)
    assert found[12]["model"] == "gpt-4o-mini-2024-07-18 fine-tuned"
    assert found[13]["usd"] == pytest.approx(10 * 1.25e-6)
    assert found[14]["reason"] == "no_rate"
    assert found[15]["usd"] == pytest.approx(300_000 * 5e-6), "a long context has other rates"


def test_a_mapping_prices_history_anew(served: Catalejo) -> None:
    assert costs(served)["total"]["complete"] is False
    answer = change(served, "POST", "deployments", {"deployment": "prod-chat", "model": "gpt-4o"})
    assert answer.status == 200, answer.body
    first = listed(served)
    assert first[2]["usd"] == first[3]["usd"] == pytest.approx(0.004)
    # Two hours ago it became another model: the older call keeps the first one.
    since = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 2 * 3600))
    mapped = {"deployment": "prod-chat", "model": "gpt-4.1", "from": since}
    assert change(served, "POST", "deployments", mapped).status == 200
    second = listed(served)
    assert second[2] == first[2]
    assert second[3]["model"] == "gpt-4.1-2025-04-14"
    assert second[3]["usd"] == pytest.approx(600 * 2e-6 + 400 * 0.5e-6 + 200 * 8e-6)
    by_model = {group["name"]: group["cost"] for group in costs(served)["groups"]}
    assert by_model["gpt-4.1-2025-04-14"]["calls"] == 1
    mappings = served.api.get("/api/v1/deployments")["mappings"]
    assert [mapping["to"] is None for mapping in mappings] == [False, True]
    for mapping in mappings:
        assert change(served, "DELETE", f"deployments/{mapping['id']}").status == 200
    assert listed(served)[2]["reason"] == "no_price"
    assert "audit: deployment prod-chat mapped to gpt-4o" in served.log_path.read_text()


def test_all_ways_of_asking_agree(served: Catalejo) -> None:
    """Sums made in SQL are those of the spans, made one by one."""
    mapped = {"deployment": "ptu", "model": "gpt-4o", "type": "provisioned", "monthly_usd": 300}
    assert change(served, "POST", "deployments", mapped).status == 200
    rows = listed(served)
    wanted = sum(cost["usd"] or 0 for cost in rows.values())
    assert rows[10]["kind"] == rows[11]["kind"] == "ptu_estimate"
    tolerance = 2e-4 * wanted  # the provisioned day goes on while this is asked
    for by in ("model", "deployment", "service", "session"):
        table = costs(served, by=by)
        assert table["total"]["usd"] == pytest.approx(wanted, abs=tolerance), by
        assert sum(g["cost"]["calls"] for g in table["groups"]) == table["total"]["calls"] == 14
    series = served.api.get(
        "/api/v1/series", view="spans", by="model", cost="true", **{"from": "now-1d"}
    )
    spent = sum(bucket["cost_usd"] or 0 for bucket in series["buckets"])
    assert spent == pytest.approx(wanted, abs=tolerance)
    facets = served.api.get(
        "/api/v1/facets", view="spans", fields="service,kind", cost="true", **{"from": "now-1d"}
    )
    assert facets["facets"]["service"][0]["cost"]["usd"] == pytest.approx(wanted, abs=tolerance)
    traces = served.api.rows("/api/v1/traces", **{"from": "now-1d"})
    for row in traces:
        span = rows[int(row["span_id"])]
        detail = served.api.trace(row["trace_id"])
        for total in (row["trace"]["cost"]["usd"], detail["totals"]["cost"]["usd"]):
            assert (total is None) == (span["usd"] is None)
            assert total is None or total == pytest.approx(span["usd"], rel=2e-3)
        assert detail["spans"][0]["cost"]["kind"] == span["kind"]
        assert detail["spans"][0]["cost"]["reason"] == span["reason"]


def test_lists_searches_and_sessions_go_by_the_price(served: Catalejo) -> None:
    """What the database is told to count by is, to the last digit, what each span says it costs."""
    mapped = {"deployment": "prod-chat", "model": "gpt-4o"}
    for body in (None, mapped):
        if body:
            assert change(served, "POST", "deployments", body).status == 200
        usd = {span: -1.0 if c["usd"] is None else c["usd"] for span, c in listed(served).items()}
        day = {"view": "spans", "from": "now-1d"}
        for sort, largest in (("-cost", True), ("cost", False)):
            rows = served.api.rows("/api/v1/spans", sort=sort, limit=4, **day)
            found = [usd[int(row["span_id"])] for row in rows]
            assert found == sorted(usd.values(), reverse=largest), sort
        traces = served.api.rows("/api/v1/traces", sort="-cost", limit=4, **{"from": "now-1d"})
        known = [row["trace"]["cost"]["usd"] for row in traces]
        assert known == sorted(known, key=lambda each: -1 if each is None else each, reverse=True)
        for limit in sorted({cost for cost in usd.values() if cost >= 0}):
            wanted = {span for span, cost in usd.items() if cost >= limit}
            for query in (f"@cost:>={limit:.9f}", f"@trace.cost:>={limit:.9f}"):
                rows = served.api.rows("/api/v1/spans", query=query, **day)
                assert {int(row["span_id"]) for row in rows} == wanted, query
        assert served.api.get("/api/v1/facets", query="@cost:>0.01", **day)["total"] == sum(
            cost > 0.01 for cost in usd.values()
        )
    sent = served.api.get("/api/v2/llm-obs/v1/spans/events", **{"filter[from]": "now-1d"})
    for event_sent in sent["data"]:
        attributes = event_sent["attributes"]
        cost = usd[int(attributes["span_id"])]
        nano = attributes["metrics"].get("estimated_total_cost", -1e9)
        assert nano == pytest.approx(cost * 1e9)


def test_lists_and_sessions_go_by_the_amortised_price(served: Catalejo) -> None:
    """A month of 300 dollars, and one of a cent: the calls stand first, then behind the others."""
    day: dict[str, str | int | list[str]] = {"view": "spans", "from": "now-1d", "limit": 50}
    for monthly_usd, first_session in ((300, "by-hour"), (0.01, "by-token")):
        mapped = {"deployment": "ptu", "model": "gpt-4o", "type": "provisioned"}
        answer = change(served, "POST", "deployments", {**mapped, "monthly_usd": monthly_usd})
        assert answer.status == 200, answer.body
        rows = served.api.get("/api/v1/spans", sort="-cost", **day)["rows"]
        found = [-1.0 if row["cost"]["usd"] is None else row["cost"]["usd"] for row in rows]
        assert found == sorted(found, reverse=True)
        place = {int(row["span_id"]): at for at, row in enumerate(rows)}
        assert rows[place[10]]["cost"]["kind"] == rows[place[11]]["cost"]["kind"] == "ptu_estimate"
        assert (place[10] < place[1]) == (place[11] < place[1]) == (monthly_usd > 1)
        traces = served.api.get("/api/v1/traces", sort="-cost", **{"from": "now-1d"})
        order = [int(row["span_id"]) for row in traces["rows"]]
        assert (order.index(10) < order.index(1)) == (monthly_usd > 1)
        sessions = served.api.get("/api/v1/sessions", sort="-cost", **{"from": "now-1d"})["rows"]
        assert sessions[0]["session_id"] == first_session
        half = rows[place[10]]["cost"]["usd"] / 2
        above = served.api.get("/api/v1/spans", query=f"@cost:>{half:.9f}", **day)["rows"]
        assert {10, 11} <= {int(row["span_id"]) for row in above}


def test_a_late_call_takes_its_share_of_the_day(served: Catalejo) -> None:
    """What a provisioned deployment used long ago is kept between questions, until more comes."""
    mapped = {"deployment": "ptu", "model": "gpt-4o", "type": "provisioned", "monthly_usd": 300}
    assert change(served, "POST", "deployments", mapped).status == 200

    def call_two_days_ago(span_id: int) -> None:
        tags = ["ml_app:load", "service:load", "env:e2e", "deployment:ptu"]
        at = time.time_ns() // DAY_NS * DAY_NS - 3 * DAY_NS // 2
        late = model_call(span_id, "gpt-4o-2024-08-06", tags=tags)
        assert post(served, body_of(late | {"start_ns": at})).status == 202
        until(lambda: span_id in asked(), f"span {span_id} is stored")

    def asked() -> dict[int, Json]:
        rows = served.api.rows("/api/v1/spans", view="spans", **{"from": "now-4d"})
        return {int(row["span_id"]): row["cost"] for row in rows}

    call_two_days_ago(20)
    alone = asked()[20]["usd"]
    assert alone > 9, "a day of a month of 300 dollars"
    call_two_days_ago(21)
    shared = asked()
    assert shared[20]["usd"] == shared[21]["usd"] == pytest.approx(alone / 2)
    assert asked()[20] == shared[20]


def test_own_prices_win_and_are_checked(served: Catalejo) -> None:
    price = {"model": "gpt-4o", "input": 1, "output": 1, "note": "EA"}
    answer = change(served, "POST", "prices", price)
    assert answer.status == 200, answer.body
    assert listed(served)[1]["kind"] == "own_price"
    assert listed(served)[1]["usd"] == pytest.approx(1200e-6)
    made = answer.json()["id"]
    assert change(served, "DELETE", f"prices/{made}").status == 200
    assert change(served, "DELETE", f"prices/{made}").status == 404
    assert listed(served)[1]["kind"] == "catalogue"
    for wrong in (
        {"model": "m"},
        {"model": "m", "input": -1},
        {"input": 1},
        {"model": "m", "x": 1},
        {"model": "m", "input": 1, "type": "ptu"},
        {"model": "m", "input": 1, "from": "x"},
    ):
        assert change(served, "POST", "prices", wrong).status == 400, wrong  # fmt: skip


def test_a_price_file_is_used_while_it_is_good(served: Catalejo) -> None:
    path = served.data / "prices.json"
    catalogue = {
        "format": 1, "version": "house", "source": {"title": "t", "read": "2026-11-25"},
        "models": [{"model": "mystery", "prices": [{"type": "global", "input": 10**12,
                                                    "output": 0}]}],
    }  # fmt: skip
    path.write_text(json.dumps(catalogue))
    until(lambda: listed(served)[4]["usd"] == pytest.approx(1.0), "the file is read")
    path.write_text("{" + json.dumps(catalogue))
    prices = "/api/v1/prices"
    until(lambda: served.api.get(prices)["catalogue"]["problem"], "the fault is told")
    assert listed(served)[4]["usd"] == pytest.approx(1.0), "the last good one holds"
    path.unlink()
    until(lambda: listed(served)[1]["kind"] == "catalogue", "the built-in one is back")


def test_changes_need_a_key_once_there_is_one(served: Catalejo) -> None:
    served.create_key("k")
    body = {"deployment": "d", "model": "m"}
    until(lambda: change(served, "POST", "deployments", body).status == 401, "a key is asked for")
    assert change(served, "DELETE", "prices/1").status == 401
