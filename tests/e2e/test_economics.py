"""What Azure billed against what was traced: the sums are those that the fake Azure served and the
spans that were sent, deployment by deployment, in the same minutes."""

from __future__ import annotations

import calendar
import contextlib
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.harness import fake_azure
from tests.e2e.harness.fake_azure import FakeAzure
from tests.e2e.harness.fake_azure_data import BY_NAME, Account, Deployment
from tests.e2e.harness.load import body_of, event, post
from tests.e2e.harness.page_api import Json, call
from tests.e2e.harness.program import Catalejo, until
from tests.e2e.test_azure import NAMES, PREFIX, minutes

PROD = "cccccccc-0000-4000-8000-000000000001"
TOKENS = ("ProcessedPromptTokens", "GeneratedTokens")
SAFETY = ("RAIHarmfulRequests", "RAIRejectedRequests", "RAITotalRequests")
COUNTS = (*TOKENS, "AzureOpenAIRequests", *SAFETY)
UTILISATION = "AzureOpenAIProvisionedManagedUtilizationV2"
MINUTE_NS = 60_000_000_000
PATH = "/api/v1/azure/economics"


def accounts() -> list[Account]:
    return [
        Account(PROD, "contoso-eu", "westeurope",
                deployments=[Deployment("Chat", "gpt-4o", "2024-11-20"),
                             Deployment("embed", "text-embedding-3-large", "1", "Standard"),
                             Deployment("idle", "gpt-4o-mini", "1"),
                             Deployment("ptu", "gpt-4o", "2024-11-20", "GlobalProvisionedManaged",
                                        50, "Chat")]),
        Account(PROD, "contoso-us", "eastus",
                deployments=[Deployment("chat", "gpt-4.1", "2025-04-14", "DataZoneStandard")]),
    ]  # fmt: skip


@contextlib.contextmanager
def filled() -> Iterator[FakeAzure]:
    """A fake Azure with values of the last hour."""
    server = fake_azure.start()
    server.subscriptions = {PROD: "Production"}
    server.accounts = accounts()
    for account in server.accounts:
        for metric in (*COUNTS, UTILISATION):
            server.values.fill(account, BY_NAME[metric.lower()], minutes(50, 8), 0.3)
    for (_, _), series in server.values.of.items():
        for labels in [labels for labels in series if ("ModelDeploymentName", "idle") in labels]:
            del series[labels]
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def azure() -> Iterator[FakeAzure]:
    with filled() as server:
        yield server


CACHED = {"input_tokens": 1000, "cache_read_input_tokens": 400, "output_tokens": 10}


def call_of(
    number: int, resource: str, deployment: str, tokens: tuple[int, int], minutes_ago: float = 20,
    **more: Any,
) -> dict[str, Any]:  # fmt: skip
    tags = ["ml_app:economics", f"deployment:{deployment}"]
    if resource:
        tags.append(f"azure.resource:{resource}")
    return event(
        number, f"call {number}", tags=tags,
        start_ns=time.time_ns() - int(minutes_ago * MINUTE_NS),
        **{"metrics": {"input_tokens": tokens[0], "output_tokens": tokens[1]}, **more},
    )  # fmt: skip


def spans() -> list[dict[str, Any]]:
    return [
        *(call_of(i, "contoso-eu", "Chat", (100 + i, 10), 10 + i) for i in range(1, 31)),
        *(call_of(i, "contoso-eu", "chat", (7, 3), 15) for i in range(31, 36)),
        *(call_of(i, "contoso-us", "chat", (1000, 500), 12) for i in range(36, 40)),
        # Through a gateway: only one deployment is called so, or two are.
        call_of(40, "gateway", "embed", (50, 0)),
        call_of(41, "", "embed", (60, 0)),
        call_of(42, "gateway", "chat", (11, 22)),
        # Of an account that nobody sees.
        call_of(43, "elsewhere", "secret", (5, 6)),
        # Failed, and without token counts.
        call_of(44, "contoso-eu", "Chat", (0, 0), status="error", metrics={}),
        call_of(45, "contoso-eu", "Chat", (0, 0), metrics={}),
        # Outside the minutes that are compared.
        call_of(46, "contoso-eu", "Chat", (9_999, 9_999), 1),
        call_of(47, "contoso-eu", "Chat", (9_999, 9_999), 100),
        # No model call, and no call of Azure.
        agent(call_of(48, "contoso-eu", "Chat", (9_999, 9_999))),
        other(call_of(49, "", "gpt-4o", (9_999, 9_999))),
        call_of(50, "contoso-eu", "ptu", (0, 0), 14, metrics=CACHED),
        *throttled(),
        *judged(),
    ]


def azure_call(number: int, facts: Json, deployment: str = "throttled", **more: Any) -> Json:
    """With what Catalejo's tracer keeps of Azure's answer."""
    made = call_of(number, "contoso-us", deployment, (0, 0), 11 + number / 100, metrics={}, **more)
    made["meta"]["metadata"] = {"azure": facts}
    return made


def limited(number: int, message: str = "", facts: Json | None = None) -> Json:
    made = azure_call(number, facts or {}, status="error")
    made["meta"] |= {"error.type": "openai.RateLimitError", "error.message": message}
    return made


def throttled() -> list[dict[str, Any]]:
    return [
        *(limited(100 + i, facts={"status": 429, "request_id": f"apim-{i}",
                                  "retry_after_ms": 1000 * i}) for i in range(1, 8)),
        # Tried again until it worked, and as another tracer tells it.
        azure_call(110, {"status": 200, "retries": 2, "retry_status": 429}),
        azure_call(111, {"status": 200, "retries": 1, "retry_status": 500}),
        limited(112, "Error code: 429 - Please retry after 86 seconds. See the limits."),
    ]  # fmt: skip


def verdict(severity: str, *, filtered: bool = False) -> Json:
    return {"severity": severity, "filtered": filtered}


def judged() -> list[dict[str, Any]]:
    safe = {name: verdict("safe") for name in ("hate", "self_harm", "sexual", "violence")}
    jailbreak = {"detected": True, "filtered": True}
    filters: list[Json] = [
        {"prompt": safe, "completion": safe},
        {"prompt": {**safe, "hate": verdict("high", filtered=True)}},
        {"prompt": {**safe, "hate": verdict("high", filtered=True)}},
        {"prompt": safe, "completion": {**safe, "violence": verdict("medium")}},
        {"prompt": {**safe, "jailbreak": jailbreak}},
        {"prompt": {**safe, "profanity": {"detected": False, "filtered": False}}},
    ]
    return [
        azure_call(120 + i, {"content_filter": one}, "filtered") for i, one in enumerate(filters)
    ]


def agent(made: dict[str, Any]) -> dict[str, Any]:
    made["meta"]["span"]["kind"] = "agent"
    return made


def other(made: dict[str, Any]) -> dict[str, Any]:
    made["meta"]["model_provider"] = "openai"
    return made


def serve(folder: Path, azure: FakeAzure) -> Catalejo:
    program = Catalejo(folder, azure.settings() | azure.login())
    program.settings["CATALEJO_AZURE_INTERVAL_SECONDS"] = "1"
    program.settings["CATALEJO_AZURE_FIRST_HOURS"] = "2"
    return program


def send(program: Catalejo, azure: FakeAzure) -> None:
    """All spans, and all that Azure has to say: both are in the database."""
    made = spans()
    assert post(program, body_of(*made)).status == 202
    until(lambda: len(listed(program)) == len(made), "all spans are stored")
    for metric in COUNTS:
        until(partial(all_stored, program, azure, metric), f"all of {metric} is stored", 60)


def all_stored(program: Catalejo, azure: FakeAzure, metric: str) -> bool:
    now = int(time.time())
    query = f"sum:{PREFIX}{NAMES[metric]}{{*}}.as_count().rollup(60)"
    found = program.api.get("/api/v1/query", query=query, to=now, **{"from": now - 3 * 3600})
    stored = sum(value or 0 for line in found["series"] for _, value in line["pointlist"])
    return bool(stored == azure.values.total(metric))


def listed(program: Catalejo) -> list[Json]:
    return program.api.rows("/api/v1/spans", view="spans", **{"from": "now-1d"})


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, azure: FakeAzure) -> Iterator[Catalejo]:
    program = serve(tmp_path_factory.mktemp("economics") / "data", azure)
    program.create_key()
    with program:
        send(program, azure)
        yield program


def economics(program: Catalejo, **parameters: str) -> Json:
    return program.api.get(PATH, **({"from": "now-70m"} | parameters))


def rows(found: Json) -> dict[tuple[str | None, str], Json]:
    return {(row["account"], row["deployment"]): row for row in found["deployments"]}


def test_billed_is_what_azure_served(served: Catalejo, azure: FakeAzure) -> None:
    found = rows(economics(served))
    for account in azure.accounts:
        for deployment in account.deployments:
            labels = {"ModelDeploymentName": deployment.name}
            total = azure.values.total
            requests = {
                code: total("AzureOpenAIRequests", account, StatusCode=code, **labels)
                for code in ("200", "429")
            }
            row = found[account.name, deployment.name]
            assert row["billed"] == {
                "prompt": total("ProcessedPromptTokens", account, **labels),
                "completion": total("GeneratedTokens", account, **labels),
                "total": sum(total(metric, account, **labels) for metric in TOKENS),
                "requests": sum(requests.values()),
                "succeeded": requests["200"],
                "spilled": total(
                    "AzureOpenAIRequests", account, StatusCode="200", IsSpillover="True", **labels
                ),
            }, deployment.name
            assert row["model"] == deployment.model
    # Nothing was called there, which is known.
    assert found["contoso-eu", "idle"]["billed"]["total"] == 0
    assert found["contoso-eu", "idle"]["difference"]["total"]["share"] is None


def test_traced_is_what_was_sent(served: Catalejo) -> None:
    found = rows(economics(served))

    def tokens(account: str | None, deployment: str) -> tuple[int, int, int]:
        traced = found[account, deployment]["traced"]
        return traced["prompt"], traced["completion"], traced["calls"]

    assert tokens("contoso-eu", "Chat") == (30 * 100 + 465 + 35, 300 + 15, 37)
    chat = found["contoso-eu", "Chat"]
    assert (chat["traced"]["failed"], chat["traced"]["without_tokens"]) == (1, 1)
    assert tokens("contoso-us", "chat") == (4000, 2000, 4)
    assert tokens("contoso-eu", "embed") == (110, 0, 2)
    assert found["contoso-eu", "embed"]["traced"]["by_name"] == 2
    assert tokens(None, "chat") == (11, 22, 1)
    assert found[None, "chat"]["unknown"] == "ambiguous"
    assert tokens(None, "secret") == (5, 6, 1)
    assert found[None, "secret"]["unknown"] == "not_in_azure"
    assert found[None, "secret"]["billed"] is None
    assert found[None, "secret"]["difference"] is None
    assert {row["unknown"] for (account, _), row in found.items() if account is None} == {
        "ambiguous",
        "not_in_azure",
    }


def test_differences_and_totals_are_those_of_the_rows(served: Catalejo) -> None:
    answer = economics(served)
    known = [row for row in answer["deployments"] if row["billed"]]
    for row in known:
        billed, traced = row["billed"]["total"], row["traced"]["total"]
        difference = row["difference"]["total"]
        assert difference["untraced"] - difference["beyond"] == billed - traced
        if billed:
            assert difference["share"] == pytest.approx(max(billed - traced, 0) / billed)
    total = answer["total"]
    for name in ("prompt", "completion", "total", "requests", "succeeded", "spilled"):
        assert total["billed"][name] == sum(row["billed"][name] for row in known)
    assert total["traced"]["total"] == sum(row["traced"]["total"] for row in known)
    assert total["elsewhere"]["total"] == 11 + 22 + 5 + 6
    assert total["unknown"] == sum(1 for row in answer["deployments"] if not row["billed"]) == 4


def test_the_search_of_a_row_finds_its_calls(served: Catalejo) -> None:
    answer = economics(served)
    bounds = {"from": str(int(answer["from_ns"]) // 1_000_000),
              "to": str(int(answer["to_ns"]) // 1_000_000 - 1)}  # fmt: skip
    for row in answer["deployments"]:
        if not row["traced"]["calls"]:
            assert row["search"] is None
            continue
        found = served.api.rows("/api/v1/spans", view="spans", query=row["search"], **bounds)
        assert len(found) == row["traced"]["calls"], row["search"]


def by_minute(
    azure: FakeAzure, account: Account, deployment: str, *metrics: str
) -> dict[int, float]:
    sums: dict[int, float] = {}
    for metric in metrics:
        for labels, values in azure.values.of[account.id, metric].items():
            if ("ModelDeploymentName", deployment) in labels:
                for minute, value in values.items():
                    sums[minute] = sums.get(minute, 0) + value
    return sums


def test_quota_is_the_busiest_minute_of_azure(served: Catalejo, azure: FakeAzure) -> None:
    found = rows(economics(served))
    eu = azure.accounts[0]
    quota = found["contoso-eu", "Chat"]["quota"]
    tokens = by_minute(azure, eu, "Chat", *TOKENS)
    requests = by_minute(azure, eu, "Chat", "AzureOpenAIRequests")
    peak = quota["peak"]
    assert peak["tokens"] == max(tokens.values())
    assert tokens[int(peak["tokens_at_ns"]) // MINUTE_NS] == peak["tokens"]
    assert peak["requests"] == max(requests.values())
    assert requests[int(peak["requests_at_ns"]) // MINUTE_NS] == peak["requests"]
    assert (quota["tokens_per_minute"], quota["requests_per_minute"]) == (100_000, 600)
    assert quota["tokens_per_minute_from"] == "azure"
    assert quota["throttled"] == azure.values.total(
        "AzureOpenAIRequests", eu, ModelDeploymentName="Chat", StatusCode="429"
    )
    # Nothing was asked of it; and of a provisioned one there is no such limit.
    assert found["contoso-eu", "idle"]["quota"]["peak"]["tokens"] == 0
    assert found["contoso-eu", "ptu"]["quota"]["tokens_per_minute"] is None


def test_calls_that_met_429_are_told(served: Catalejo) -> None:
    answer = economics(served)
    row = rows(answer)[None, "throttled"]
    traced = row["quota"]["traced"]
    assert (traced["failed"], traced["retried"], traced["retries"]) == (8, 1, 2)
    assert traced["retry_after_ms_max"] == 86_000
    # The newest first: the number of a call says how many minutes ago it was.
    assert [call["request_id"] for call in traced["newest"]] == [f"apim-{i}" for i in range(1, 6)]
    assert [call["retry_after_ms"] for call in traced["newest"]] == [1000 * i for i in range(1, 6)]
    assert all(int(call["span_id"]) == 100 + i for i, call in enumerate(traced["newest"], 1))
    found = served.api.rows(
        "/api/v1/spans", view="spans", query=traced["search"], **{"from": "now-70m"}
    )
    assert {int(span["span_id"]) for span in found} == {*range(101, 108), 110, 112}
    assert row["quota"]["throttled"] is None  # what Azure counted of it is not known


def test_provisioned_throughput_has_its_real_price(served: Catalejo, azure: FakeAzure) -> None:
    mapping = {"deployment": "ptu", "model": "gpt-4o", "type": "provisioned", "monthly_usd": 72_000}
    answer = call(served.http_port, "POST", "/api/v1/deployments", json.dumps(mapping).encode(),
                  {"DD-API-KEY": served.key})  # fmt: skip
    assert answer.status == 200, answer.body
    try:
        until(lambda: ptu(served)["usd"] is not None, "the price is known")
        check_provisioned(ptu(served), served, azure)
    finally:
        number = answer.json()["id"]
        removed = call(served.http_port, "DELETE", f"/api/v1/deployments/{number}", b"",
                       {"DD-API-KEY": served.key})  # fmt: skip
        assert removed.status == 200
    until(lambda: ptu(served)["usd"] is None, "the price is gone")
    assert ptu(served)["usd_per_million"] is None
    assert ptu(served)["break_even_tokens_per_hour"] is None


def ptu(program: Catalejo) -> Json:
    found: Json = rows(economics(program))["contoso-eu", "ptu"]["provisioned"]
    return found


def check_provisioned(found: Json, program: Catalejo, azure: FakeAzure) -> None:
    eu = azure.accounts[0]
    values: dict[int, list[float]] = {}
    for labels, series in azure.values.of[eu.id, UTILISATION].items():
        if ("ModelDeploymentName", "ptu") in labels:
            for minute, value in series.items():
                values.setdefault(minute, []).append(value)
    means = sorted(sum(one) / len(one) for one in values.values())
    used = found["utilisation"]
    assert used["minutes"] == len(values)
    assert used["mean"] == pytest.approx(sum(means) / len(means))
    assert used["max"] == max(max(one) for one in values.values())
    assert used["p95"] in means[int(len(means) * 0.9) :]
    total = azure.values.total
    prompt = total("ProcessedPromptTokens", eu, ModelDeploymentName="ptu")
    completion = total("GeneratedTokens", eu, ModelDeploymentName="ptu")
    tokens = prompt + completion
    hours = found["minutes"] / 60
    days = calendar.monthrange(*datetime.now(UTC).timetuple()[:2])[1]
    assert found["usd"] == pytest.approx(72_000 / days / 24 * hours, rel=1e-6)
    assert found["usd_per_million"] == pytest.approx(found["usd"] * 1e6 / tokens)
    assert found["tokens_per_hour"] == pytest.approx(tokens / hours, abs=1)
    # As if it were Global Standard, with 40 % of the prompt from the cache, as it is traced.
    rates = program.api.get("/api/v1/prices")
    gpt = next(model for model in rates["models"] if "gpt-4o" in (model["model"], *model["names"]))
    price = next(one for one in gpt["prices"] if one["type"] == "global")
    by_token = (prompt * (0.6 * price["input"] + 0.4 * price["cached_input"])
                + completion * price["output"]) / 1e6  # fmt: skip
    assert found["by_token_type"] == "global"
    assert found["by_token_usd"] == pytest.approx(by_token, rel=1e-4)
    assert found["break_even_tokens_per_hour"] == pytest.approx(
        found["usd"] / hours / (by_token / tokens), rel=1e-4
    )
    assert found["break_even_utilisation"] == pytest.approx(
        sum(means) / found["minutes"] * found["break_even_tokens_per_hour"]
        / found["tokens_per_hour"], rel=1e-4)  # fmt: skip


def test_the_content_filter_is_what_azure_and_the_spans_say(
    served: Catalejo, azure: FakeAzure
) -> None:
    answer = economics(served)
    found = rows(answer)
    eu = azure.accounts[0]
    filtered = found["contoso-eu", "Chat"]["content_filter"]
    total = azure.values.total
    labels = {"ModelDeploymentName": "Chat"}
    assert filtered["checked"] == total("RAITotalRequests", eu, **labels)
    told = {(one["side"], one["category"], one["severity"]): one for one in filtered["verdicts"]}
    for side in ("Prompt", "Completion"):
        for category in ("Hate", "Violence"):
            where = {**labels, "TextType": side, "Category": category}
            for severity in ("Medium", "High"):
                one = told.pop((side.lower(), category.lower(), severity.lower()))
                assert one["harmful"] == total("RAIHarmfulRequests", eu, Severity=severity, **where)
                assert one["calls"] == 0
            one = told.pop((side.lower(), category.lower(), None))
            assert one["blocked"] == total("RAIRejectedRequests", eu, **where)
    assert not told
    traced = found[None, "filtered"]["content_filter"]
    assert traced["checked"] is None
    said = {(one["side"], one["category"], one["severity"]): one for one in traced["verdicts"]}
    counts = {
        key: (one["calls"], one["filtered"], int(one["span_id"])) for key, one in said.items()
    }
    assert counts == {
        ("prompt", "hate", "high"): (2, 2, 121),
        ("completion", "violence", "medium"): (1, 0, 123),
        ("prompt", "jailbreak", None): (1, 1, 124),
    }  # fmt: skip
    for one in said.values():
        spans = served.api.rows(
            "/api/v1/spans", view="spans", query=one["search"], **{"from": "now-70m"}
        )
        assert len(spans) == one["calls"], one["search"]
        assert one["trace_id"] in {span["trace_id"] for span in spans}


def test_before_azure_was_read_nothing_is_compared(served: Catalejo) -> None:
    """Reading began two hours before the start: the row says from when on it compares."""
    answer = economics(served, **{"from": "now-1d"})
    row = rows(answer)["contoso-eu", "Chat"]
    assert int(row["from_ns"]) > int(answer["from_ns"])
    assert row["traced"]["calls"] == 38  # with the one of 100 minutes ago
    earlier = rows(economics(served, **{"from": "now-1d", "to": "now-5h"}))
    assert earlier["contoso-eu", "Chat"]["unknown"] == "not_read"
    assert earlier["contoso-eu", "Chat"]["billed"] is None


@pytest.mark.parametrize(
    ("parameters", "where"),
    [
        ({"from": "now", "to": "now-1h"}, "from"),
        ({"from": "now-94d"}, "from"),
        ({"from": "1", "to": "now"}, "from"),
        ({"from": "yesterday"}, "from"),
        ({"service": "x"}, "service"),
        ({"from": "now-1h", "limit": "3"}, "limit"),
    ],
)
def test_bad_questions_are_refused(
    served: Catalejo, parameters: dict[str, str], where: str
) -> None:
    answer = served.api.answer(PATH, **parameters)
    assert answer.status == 400
    assert answer.json()["errors"][0]["where"] == where


def test_the_newest_minutes_are_not_compared(served: Catalejo) -> None:
    answer = economics(served, **{"from": "now-4m"})
    assert answer["too_recent"]
    assert answer["deployments"] == []


def test_without_azure_nothing_is_known(tmp_path: Path) -> None:
    with Catalejo(tmp_path / "data") as program:
        assert post(program, body_of(*spans()[:30])).status == 202
        until(lambda: len(listed(program)) == 30, "all spans are stored")
        answer = economics(program)
        [row] = answer["deployments"]
        assert row["unknown"] == "not_set_up"
        assert row["billed"] is None
        assert row["traced"]["calls"] == 30
        assert answer["total"]["unknown"] == 1
