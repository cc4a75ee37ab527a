"""What Azure billed against what was traced: the sums are those that the fake Azure served and the
spans that were sent, deployment by deployment, in the same minutes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.harness import fake_azure
from tests.e2e.harness.fake_azure import FakeAzure
from tests.e2e.harness.fake_azure_data import BY_NAME, Account, Deployment
from tests.e2e.harness.load import body_of, event, post
from tests.e2e.harness.page_api import Json
from tests.e2e.harness.program import Catalejo, until
from tests.e2e.test_azure import minutes, totals_agree

PROD = "cccccccc-0000-4000-8000-000000000001"
TOKENS = ("ProcessedPromptTokens", "GeneratedTokens")
MINUTE_NS = 60_000_000_000
PATH = "/api/v1/azure/economics"


def accounts() -> list[Account]:
    return [
        Account(PROD, "contoso-eu", "westeurope",
                deployments=[Deployment("Chat", "gpt-4o", "2024-11-20"),
                             Deployment("embed", "text-embedding-3-large", "1", "Standard"),
                             Deployment("idle", "gpt-4o-mini", "1")]),
        Account(PROD, "contoso-us", "eastus",
                deployments=[Deployment("chat", "gpt-4.1", "2025-04-14", "DataZoneStandard")]),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def azure() -> Iterator[FakeAzure]:
    server = fake_azure.start()
    server.subscriptions = {PROD: "Production"}
    server.accounts = accounts()
    for account in server.accounts:
        for metric in (*TOKENS, "AzureOpenAIRequests"):
            server.values.fill(account, BY_NAME[metric.lower()], minutes(50, 8), 0.3)
    for (_, _), series in server.values.of.items():
        for labels in [labels for labels in series if ("ModelDeploymentName", "idle") in labels]:
            del series[labels]
    yield server
    server.shutdown()
    server.server_close()


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
    ]


def agent(made: dict[str, Any]) -> dict[str, Any]:
    made["meta"]["span"]["kind"] = "agent"
    return made


def other(made: dict[str, Any]) -> dict[str, Any]:
    made["meta"]["model_provider"] = "openai"
    return made


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, azure: FakeAzure) -> Iterator[Catalejo]:
    program = Catalejo(tmp_path_factory.mktemp("economics") / "data", azure.settings())
    program.settings |= azure.login()
    program.settings["CATALEJO_AZURE_INTERVAL_SECONDS"] = "1"
    program.settings["CATALEJO_AZURE_FIRST_HOURS"] = "2"
    program.create_key()
    with program:
        made = spans()
        assert post(program, body_of(*made)).status == 202
        until(lambda: len(program.api.rows("/api/v1/spans", view="spans",
                                           **{"from": "now-1d"})) == len(made),
              "all spans are stored")  # fmt: skip
        for metric in (*TOKENS, "AzureOpenAIRequests"):
            until(totals_agree(program, azure, metric), f"all of {metric} is stored", 60)
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
    assert len(found) == 6


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
    for name in ("prompt", "completion", "total", "requests", "succeeded"):
        assert total["billed"][name] == sum(row["billed"][name] for row in known)
    assert total["traced"]["total"] == sum(row["traced"]["total"] for row in known)
    assert total["elsewhere"]["total"] == 11 + 22 + 5 + 6
    assert total["unknown"] == 2


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
        until(lambda: len(program.api.rows("/api/v1/spans", view="spans",
                                           **{"from": "now-1d"})) == 30, "stored")  # fmt: skip
        answer = economics(program)
        [row] = answer["deployments"]
        assert row["unknown"] == "not_set_up"
        assert row["billed"] is None
        assert row["traced"]["calls"] == 30
        assert answer["total"]["unknown"] == 1
