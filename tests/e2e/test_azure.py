"""The crawler of Azure Monitor against the fake Azure: what is stored is what was served, sum by
sum, whatever goes wrong meanwhile."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.harness import fake_azure
from tests.e2e.harness.fake_azure import APP_HEADER, ASSERTION, FakeAzure
from tests.e2e.harness.fake_azure_data import (
    BY_NAME,
    CLIENT,
    METRICS,
    TENANT,
    Account,
    Deployment,
    Labels,
)
from tests.e2e.harness.load import body_of, event, post
from tests.e2e.harness.page_api import Json
from tests.e2e.harness.program import Catalejo, until
from tests.e2e.test_metrics import metrics_of
from tests.e2e.test_monitors import ask

PROD, TEST = "aaaaaaaa-0000-4000-8000-000000000001", "aaaaaaaa-0000-4000-8000-000000000002"
PREFIX = "azure.cognitiveservices_accounts."
PATH = "/api/v1/monitor"
# Names that Datadog's integration has (docs: azure_openai, integration_version 1.0.0).
SEED = {
    "ActiveTokens": "active_tokens",
    "AzureOpenAIRequests": "azure_open_ai_requests",
    "RAIRejectedRequests": "blocked_volume",
    "GeneratedTokens": "generated_completion_tokens",
    "FineTunedTrainingHours": "processed_fine_tuned_training_hours",
    "RAIHarmfulRequests": "harmful_volume_detected",
    "ProcessedPromptTokens": "processed_prompt_tokens",
    "TokenTransaction": "processed_inference_tokens",
    "AzureOpenAIContextTokensCacheMatchRate": "prompt_token_cache_match_rate",
    "AzureOpenAIProvisionedManagedUtilization": "provisioned_managed_utilization",
    "AzureOpenAIProvisionedManagedUtilizationV2": "provisioned_managed_utilization_v2",
    "AzureOpenAITimeToResponse": "time_to_response",
    "RAITotalRequests": "total_volume_sent_for_safety_check",
}
NEWER = {
    "AzureOpenAIAvailabilityRate": "azure_open_ai_availability_rate",
    "AzureOpenAITTLTInMS": "time_to_last_byte",
    "TimeToResponse": "time_to_response",
    "AudioPromptTokens": "audio_prompt_tokens",
    "Latency": "latency",
}
NAMES = SEED | NEWER


def is_count(metric: str) -> bool:
    return BY_NAME[metric.lower()].aggregation == "Total" and metric != "ActiveTokens"


@pytest.fixture
def azure() -> Iterator[FakeAzure]:
    """Two subscriptions, three accounts in two regions, five deployments."""
    server = fake_azure.start()
    server.subscriptions = {PROD: "Production EU", TEST: "Test"}
    server.accounts = [
        Account(PROD, "contoso-eu", "westeurope", tags={"team": "IA", "name": "mine"},
                deployments=[Deployment("chat", "gpt-4o", "2024-11-20"),
                             Deployment("chat-ptu", "gpt-4o", "2024-11-20", "ProvisionedManaged",
                                        50, "chat"),
                             Deployment("embed", "text-embedding-3-large", "1", "Standard")]),
        Account(PROD, "contoso-us", "eastus", "AIServices",
                deployments=[Deployment("chat", "gpt-4.1", "2025-04-14", "DataZoneStandard")]),
        Account(TEST, "trials", "eastus", deployments=[Deployment("try", "gpt-4o-mini", "1")]),
    ]  # fmt: skip
    yield server
    server.shutdown()
    server.server_close()


def minutes(first: int, last: int) -> range:
    """Those that began so many minutes ago."""
    now = int(time.time() // 60)
    return range(now - first, now - last)


def fill(azure: FakeAzure, span: range, share: float = 0.3, metrics: Any = METRICS) -> None:
    for account in azure.accounts:
        for metric in metrics:
            azure.values.fill(account, metric, span, share)


@pytest.fixture
def program(fresh: Catalejo, azure: FakeAzure) -> Iterator[Catalejo]:
    """Set up for the fake, not started; rounds follow each other at once."""
    fresh.settings |= azure.settings() | azure.login()
    fresh.settings["CATALEJO_AZURE_INTERVAL_SECONDS"] = "1"
    fresh.settings["CATALEJO_AZURE_FIRST_HOURS"] = "2"
    fresh.create_key()
    try:
        yield fresh
    finally:
        if fresh.process is not None and fresh.process.poll() is None:
            fresh.kill()


Series = dict[tuple[str, ...], dict[int, float]]  # labels → minute → value


def stored(program: Catalejo, query: str, hours: int = 8) -> dict[str, dict[int, float]]:
    """Lines by their scope, each with a value for every minute that has one."""
    now = int(time.time())
    lines: dict[str, dict[int, float]] = {}
    # A question has 1 500 points of a minute at most.
    with metrics_of(program) as metrics:
        answer = metrics.query_metrics(_from=now - hours * 3600, to=now, query=query)
    for line in answer.series:
        lines[line.scope] = {
            int(point.value[0] // 60_000): point.value[1]
            for point in line.pointlist
            if point.value[1] is not None
        }
    return lines


def scope_of(account: Account, metric: str, labels: Labels) -> dict[str, str]:
    tags = {name.lower(): value.lower().replace(" ", "_") for name, value in labels}
    return tags | {"name": account.name, "azure_metric": metric.lower()}


def check_metric(program: Catalejo, azure: FakeAzure, metric: str) -> int:
    """Every series of the metric, minute by minute. How many values there are."""
    dimensions = [name.lower() for name in BY_NAME[metric.lower()].dimensions]
    by = ["azure_metric", "name", *dimensions]
    scope = f"{{azure_metric:{metric.lower()}}} by {{{','.join(by)}}}"
    query = (
        f"sum:{PREFIX}{NAMES[metric]}{scope}.as_count().rollup(60)"
        if is_count(metric)
        else f"avg:{PREFIX}{NAMES[metric]}{scope}.rollup(avg, 60)"
    )
    found = {
        frozenset(scope.split(",")): values for scope, values in stored(program, query).items()
    }
    wanted = {
        frozenset(f"{key}:{value}" for key, value in scope_of(account, metric, labels).items()): {
            minute: value for minute, value in values.items() if value != 0
        }
        for account in azure.accounts
        for labels, values in azure.values.of[account.id, metric].items()
    }
    shown = {
        scope: {minute: value for minute, value in values.items() if value != 0}
        for scope, values in found.items()
    }
    assert {scope: values for scope, values in shown.items() if values} == {
        scope: values for scope, values in wanted.items() if values
    }, metric
    return sum(len(values) for values in wanted.values())


def check_all(program: Catalejo, azure: FakeAzure, metrics: Any = NAMES) -> None:
    assert sum(check_metric(program, azure, metric) for metric in metrics) > 0


def totals_agree(program: Catalejo, azure: FakeAzure, metric: str) -> Callable[[], bool]:
    query = f"sum:{PREFIX}{NAMES[metric]}{{*}}.as_count().rollup(60)"

    def agree() -> bool:
        total = sum(sum(values.values()) for values in stored(program, query).values())
        return total == azure.values.total(metric)

    return agree


def wait_for_all(program: Catalejo, azure: FakeAzure) -> None:
    for metric in NAMES:
        if is_count(metric):
            until(totals_agree(program, azure, metric), f"all of {metric} is stored", 120)
    rounds = azure_counter(program, 'outcome="200"')
    until(lambda: azure_counter(program, 'outcome="200"') > rounds + 12, "one round more", 60)


def azure_counter(program: Catalejo, labels: str, name: str = "catalejo_azure_calls_total") -> int:
    text = program.api.answer("/metrics").body.decode()
    lines = [line for line in text.splitlines() if line.startswith(name + "{") and labels in line]
    return sum(int(float(line.rsplit(" ", 1)[1])) for line in lines)


def problem(program: Catalejo, name: str) -> int:
    return azure_counter(program, f'problem="{name}"', "catalejo_azure_problems_total")


def test_what_is_stored_is_what_was_served(program: Catalejo, azure: FakeAzure) -> None:
    fill(azure, minutes(80, 10))
    with program:
        wait_for_all(program, azure)
        check_all(program, azure)
        # All of a metric's series, though Azure gives ten unless it is told.
        series = azure.values.of[azure.accounts[0].id, "AzureOpenAIRequests"]
        assert len(series) > 10
        scope = (
            "name:contoso-eu,resource_group:production,subscription_name:production_eu,"
            "kind:openai,region:westeurope,team:ia,azure_tag_name:mine"
        )
        by = "modeldeploymentname,modelname,modelversion"
        query = f"sum:{PREFIX}processed_prompt_tokens{{{scope}}} by {{{by}}}.as_count()"
        tagged = stored(program, query)
        # Azure does not say the model of this metric: it is known of the deployment.
        assert set(tagged) == {
            "modeldeploymentname:chat,modelname:gpt-4o,modelversion:2024-11-20",
            "modeldeploymentname:chat-ptu,modelname:gpt-4o,modelversion:2024-11-20",
            "modeldeploymentname:embed,modelname:text-embedding-3-large,modelversion:1",
        }
        assert all(len(call.body.split("Microsoft.CognitiveServices/accounts/")) <= 51
                   for call in azure.asked("getBatch"))  # fmt: skip


def test_two_monitors_come_with_the_first_points_and_a_removed_one_stays_away(
    program: Catalejo, azure: FakeAzure
) -> None:
    program.settings["CATALEJO_MONITOR_SECONDS"] = "2"

    def shipped() -> dict[str, int]:
        return {one["catalejo"]["shipped"]: one["id"] for one in ask(program, "GET", PATH)}

    with program:
        until(lambda: azure_counter(program, 'outcome="200"') > 3, "Azure is read", 60)
        assert shipped() == {}
        fill(azure, minutes(40, 10))
        both = until(shipped, "points come", 60)
        assert set(both) == {"azure-token-usage", "azure-harmful-calls"}
        harmful = f"{PATH}/{both['azure-harmful-calls']}"
        every = {f"name:{account.name}" for account in azure.accounts}
        until(
            lambda: set(ask(program, "GET", harmful)["state"]["groups"]) == every,
            "each account is looked at",
        )
        ask(program, "PUT", harmful, {"name": "Mine"})
        ask(program, "DELETE", f"{PATH}/{both['azure-token-usage']}")
    with program:
        rounds = azure_counter(program, 'outcome="200"')
        fill(azure, minutes(10, 0))
        until(lambda: azure_counter(program, 'outcome="200"') > rounds + 12, "more is read", 60)
        [kept] = ask(program, "GET", PATH)
        assert (kept["name"], kept["catalejo"]["shipped"]) == ("Mine", "azure-harmful-calls")


def test_a_deployment_is_the_model_that_azure_says(program: Catalejo, azure: FakeAzure) -> None:
    tags = ["ml_app:load", "service:load", "env:e2e"]
    eu = event(1, "asked of Azure", tags=[*tags, "deployment:try"])
    ptu = event(2, "asked of a share", tags=[*tags, "deployment:chat-ptu"])
    for one in (eu, ptu):
        one["meta"]["model_name"] = ""
        one["metrics"] = {"input_tokens": 1_000_000, "output_tokens": 0}

    def costs() -> dict[str, Json]:
        rows = program.api.rows("/api/v1/spans", view="spans", **{"from": "now-1d"})
        return {row["span_id"]: row["cost"] for row in rows}

    with program:
        assert post(program, body_of(eu, ptu)).status == 202
        until(lambda: len(costs()) == 2, "the spans are stored")
        until(lambda: costs()["1"]["kind"] == "catalogue", "the inventory is known", 60)
        assert costs()["1"]["model"] == "gpt-4o-mini-2024-07-18"
        assert costs()["2"]["reason"] == "no_ptu_price"
        detail = program.api.trace(f"{1:032x}")
        assert detail["spans"][0]["cost"]["model_from"] == "inventory"
        assert detail["spans"][0]["cost"]["deployment_type"] == "global"


def test_what_azure_corrects_is_corrected_once(program: Catalejo, azure: FakeAzure) -> None:
    fill(azure, minutes(25, 6))
    with program:
        wait_for_all(program, azure)
        changed = 0
        for (_, name), series in azure.values.of.items():
            if not is_count(name):
                continue
            for values in series.values():
                for minute in list(values)[::3]:
                    # More, less, and nothing any more.
                    values[minute] = (values[minute] + 5, max(values[minute] - 3, 0), 0)[
                        changed % 3
                    ]
                    changed += 1
        # A minute that was late.
        fill(azure, minutes(6, 5), 1.0)
        assert changed > 30
        wait_for_all(program, azure)
        check_all(program, azure)


def test_a_kill_loses_nothing_and_counts_nothing_twice(program: Catalejo, azure: FakeAzure) -> None:
    fill(azure, minutes(110, 10), 0.2)
    program.start()
    for more in (1, 3, 7, 12):
        wanted = len(azure.asked("getBatch")) + more
        until(lambda wanted=wanted: len(azure.asked("getBatch")) >= wanted, "it reads metrics")  # type: ignore[misc]
        program.kill()
        program.start()
    wait_for_all(program, azure)
    check_all(program, azure)
    program.stop()


def test_an_outage_is_filled_up(program: Catalejo, azure: FakeAzure) -> None:
    """Six hours away: positions that old, and a database that has only the end of it."""
    program.settings["CATALEJO_AZURE_FIRST_HOURS"] = "1"
    few = [BY_NAME[name.lower()] for name in ("TokenTransaction", "AzureOpenAITimeToResponse")]
    fill(azure, minutes(385, 10), 0.1, few)
    with program:
        every = len(METRICS) * len(azure.accounts)
        path = program.data / "control.sqlite"
        known = "SELECT count(*) FROM azure_positions"
        with contextlib.closing(sqlite3.connect(path)) as control:
            until(lambda: control.execute(known).fetchone()[0] == every, "the first hour is read")
        program.stop()
        with contextlib.closing(sqlite3.connect(path)) as control, control:
            control.execute(
                "UPDATE azure_positions SET through_s = through_s - 21600, "
                "since_s = since_s - 21600"
            )
        program.start()
        wait_for_all(program, azure)
        check_all(program, azure, ("TokenTransaction", "AzureOpenAITimeToResponse"))


def test_azure_is_away_for_a_while(program: Catalejo, azure: FakeAzure) -> None:
    fill(azure, minutes(60, 10), 0.2)
    for _ in range(3):
        azure.fault("getBatch", "503", 5)
        azure.fault("getBatch", "529", 3)
        azure.fault("getBatch", "cut", 3)
        azure.fault("getBatch", "html", 2)
        azure.fault("getBatch", "empty", 2)
    with program:
        until(lambda: problem(program, "server_failed") + problem(program, "throttled") > 0, "told")
        until(lambda: not any(fault.times for fault in azure.faults), "it is over", 120)
        assert problem(program, "malformed") > 0
        wait_for_all(program, azure)
        check_all(program, azure)


def test_values_of_a_wrong_type_are_left_out_and_read_again(
    program: Catalejo, azure: FakeAzure
) -> None:
    fill(azure, minutes(25, 10), 0.5)
    azure.fault("getBatch", "types", 12)
    with program:
        until(lambda: not any(fault.times for fault in azure.faults), "it is over", 60)
        wait_for_all(program, azure)
        check_all(program, azure)


def test_it_waits_as_long_as_azure_asks(program: Catalejo, azure: FakeAzure) -> None:
    fill(azure, minutes(40, 10))
    for path in (f"{TEST}/metrics:getBatch", "ResourceGraph", f"{PROD}/metrics:getBatch"):
        azure.fault(path, "429", 2, retry_after=2)
    with program:
        wait_for_all(program, azure)
        assert azure.too_early == 0
        assert azure_counter(program, 'outcome="429"') == 6
        check_all(program, azure)


def test_one_subscription_denied_does_not_stop_the_others(
    program: Catalejo, azure: FakeAzure
) -> None:
    azure.page_size = 10
    fill(azure, minutes(50, 10))
    with program:
        wait_for_all(program, azure)
        azure.denied.add(TEST)
        fill(azure, minutes(10, 6))
        program.stop()
        # It looks again at what there is; Resource Graph shows nothing of that subscription now.
        program.start()
        until(lambda: problem(program, "denied") > 0, "it is told", 60)
        assert "trials" in program.log() and "AuthorizationFailed" in program.log()

        def prod() -> bool:
            mine = sum(azure.values.total("TokenTransaction", a) for a in azure.accounts[:2])
            query = (f"sum:{PREFIX}processed_inference_tokens{{subscription_id:{PROD}}}"
                     ".as_count().rollup(60)")  # fmt: skip
            return sum(sum(line.values()) for line in stored(program, query).values()) == mine

        until(prod, "the other subscription is read")
        azure.denied.clear()
        wait_for_all(program, azure)
        check_all(program, azure)


def test_what_is_wrong_is_said_as_long_as_it_is(program: Catalejo, azure: FakeAzure) -> None:
    """No role anywhere yet: the first thing that somebody meets who sets it up."""

    def problems() -> list[str]:
        return [one["name"] for one in program.api.get("/api/v1/azure")["problems"]]

    def rounds() -> int:
        return int(program.api.get("/api/v1/azure")["rounds"])

    azure.denied |= {PROD, TEST}
    fill(azure, minutes(5, 3))
    with program:
        until(lambda: problems() == ["no_accounts"], "it is said", 60)
        until(lambda: rounds() >= 4, "rounds go on", 60)
        assert problems() == ["no_accounts"]
        azure.denied.clear()
        until(lambda: problems() == [], "a role is found without being asked", 60)
        wait_for_all(program, azure)


def test_accounts_are_asked_one_by_one_where_batches_are_refused(
    program: Catalejo, azure: FakeAzure
) -> None:
    azure.batch = False
    fill(azure, minutes(40, 10))
    with program:
        wait_for_all(program, azure)
        check_all(program, azure)
        assert azure.asked("microsoft.insights/metrics$")
        refused = azure_counter(program, "unauthorized", "catalejo_azure_batches_refused_total")
        assert 0 < refused <= 3, "it is remembered for an hour"


def test_a_secret_that_expires_is_told_and_then_mended(program: Catalejo, azure: FakeAzure) -> None:
    fill(azure, minutes(40, 10))
    azure.secret_state = "expired"
    with program:
        until(lambda: problem(program, "secret_expired") > 0, "it is told")
        assert "AADSTS7000222" in program.log()
        assert azure.asked("getBatch") == []
        azure.secret_state = "right"
        wait_for_all(program, azure)
        assert fake_azure.SECRET not in program.log()


def test_tokens_are_kept_until_they_expire(program: Catalejo, azure: FakeAzure) -> None:
    fill(azure, minutes(30, 10))
    with program:
        wait_for_all(program, azure)
        assert len(azure.asked("/oauth2/v2.0/token")) == 2, "one for each audience"
        azure.tokens.clear()  # taken back
        wait_for_all(program, azure)
        # What there is, is looked for every ten minutes only.
        assert len(azure.asked("/oauth2/v2.0/token")) == 3


@pytest.mark.parametrize("auth", ["workload", "managed", "app"])
def test_it_logs_in_without_a_secret(
    program: Catalejo, azure: FakeAzure, tmp_path: Path, auth: str
) -> None:
    fill(azure, minutes(30, 10))
    for name in azure.login():
        del program.settings[name]
    token = tmp_path / "token"
    token.write_text(ASSERTION + "\n")
    program.settings |= {
        # As the webhook of workload identity gives them to a pod.
        "workload": {"CATALEJO_AZURE_AUTH": "workload", "AZURE_TENANT_ID": TENANT,
                     "AZURE_CLIENT_ID": CLIENT, "AZURE_FEDERATED_TOKEN_FILE": str(token)},
        "managed": {"CATALEJO_AZURE_AUTH": "managed"},
        "app": {"CATALEJO_AZURE_AUTH": "managed", "IDENTITY_ENDPOINT": azure.url() + "/msi/token",
                "IDENTITY_HEADER": APP_HEADER},
    }[auth]  # fmt: skip
    with program:
        wait_for_all(program, azure)
        check_all(program, azure, ("TokenTransaction",))
        path = {"workload": "oauth2/v2.0", "managed": "/metadata/identity", "app": "/msi/"}[auth]
        assert len(azure.asked(path)) == 2
