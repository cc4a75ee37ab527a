"""Azure set up in a real browser and by command: checked, saved, gone wrong, mended; the secret is
never shown again. Both languages, dark, on a telephone, without a mouse."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.harness import fake_azure
from tests.e2e.harness.browser import fits, look, pages, picture, violations
from tests.e2e.harness.fake_azure import SECRET, FakeAzure
from tests.e2e.harness.fake_azure_data import CLIENT, TENANT, Account, Deployment
from tests.e2e.harness.page_api import call
from tests.e2e.harness.program import Catalejo, binary, until

PROD, TEST = "bbbbbbbb-0000-4000-8000-000000000001", "bbbbbbbb-0000-4000-8000-000000000002"


@pytest.fixture
def azure() -> Iterator[FakeAzure]:
    server = fake_azure.start()
    server.subscriptions = {PROD: "Production", TEST: "Test"}
    server.accounts = [
        Account(PROD, "contoso-eu", "westeurope",
                deployments=[Deployment("chat", "gpt-4o", "2024-11-20"),
                             Deployment("chat-ptu", "gpt-4o", "2024-11-20", "ProvisionedManaged",
                                        50, "chat")]),
        Account(TEST, "trials", "eastus"),
    ]  # fmt: skip
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def shown(tmp_path_factory: pytest.TempPathFactory, azure: FakeAzure) -> Iterator[Catalejo]:
    program = Catalejo(tmp_path_factory.mktemp("azure") / "data", azure.settings())
    program.settings["CATALEJO_AZURE_INTERVAL_SECONDS"] = "1"
    program.settings["CATALEJO_AZURE_FIRST_HOURS"] = "1"
    with program:
        yield program


@pytest.fixture
def page(browser: Browser, shown: Catalejo, request: pytest.FixtureRequest) -> Iterator[Page]:
    yield from pages(browser, shown.http_url, request.node.name)


def fill(page: Page, secret: str = SECRET) -> None:
    form = page.get_by_test_id("azure-login")
    form.locator("[name=tenant]").fill(TENANT)
    form.locator("[name=client]").fill(CLIENT)
    form.locator("[name=secret]").fill(secret)


def test_azure_is_set_up_checked_broken_and_mended(
    page: Page, shown: Catalejo, azure: FakeAzure
) -> None:
    page.goto("/azure")
    expect(page.get_by_text("Nothing is read yet")).to_be_visible()
    form, steps = page.get_by_test_id("azure-login"), page.get_by_test_id("azure-steps")
    fill(page, "a wrong one")
    form.get_by_role("button", name="Check").click()
    expect(steps).to_contain_text("not the one that Azure knows")
    expect(steps).to_contain_text("Give the value of the secret, not its id.")
    fill(page)
    form.get_by_role("button", name="Check").click()
    expect(steps).to_contain_text("Everything works.")
    expect(steps).to_contain_text("contoso-eu")
    expect(page.get_by_text("Nothing is read yet")).to_be_visible()
    form.get_by_role("button", name="Save").click()
    expect(page.get_by_test_id("azure-lead")).to_contain_text("2 accounts with 2 deployments")
    expect(page.get_by_test_id("azure-found")).to_contain_text("spills over to chat")
    expect(page.get_by_test_id("azure-found")).to_contain_text("100,000 tokens")
    # One of two subscriptions is taken away: it is told, with what mends it.
    azure.denied.add(TEST)
    page.get_by_role("button", name="Read now").click()
    problems = page.get_by_test_id("azure-problems")
    expect(problems).to_contain_text("trials")
    expect(problems).to_contain_text("Monitoring Reader")
    azure.denied.clear()
    expect(problems).to_have_count(0)
    # The secret is nowhere, and stays when the rest is saved again.
    page.reload()
    expect(form.locator("[name=secret]")).to_have_value("")
    assert SECRET not in page.content()
    assert SECRET not in json.dumps(shown.api.get("/api/v1/azure"))
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("status").first).to_contain_text("Saved")
    form.get_by_role("button", name="Forget the login").click()
    form.get_by_role("button", name="Forget", exact=True).click()
    expect(page.get_by_text("Nothing is read yet")).to_be_visible()
    expect(page.get_by_test_id("azure-found")).to_contain_text("gpt-4o")


def test_it_can_be_read_and_used_by_everybody(page: Page, azure: FakeAzure) -> None:
    azure.denied.add(TEST)
    page.goto("/azure")
    fill(page)
    page.get_by_test_id("azure-login").get_by_role("button", name="Save").click()
    expect(page.get_by_test_id("azure-found")).to_contain_text("contoso-eu")
    azure.denied.add(PROD)
    expect(page.get_by_test_id("azure-problems")).to_be_visible()
    for language, theme, width in (("en", "light", 1440), ("es", "dark", 1440), ("es", "dark", 360),
                                   ("en", "light", 360)):  # fmt: skip
        look(page, "/azure", language, theme, width)
        expect(page.get_by_test_id("azure-problems")).to_be_visible()
        name = "Check" if language == "en" else "Comprobar"
        page.get_by_role("button", name=name).focus()
        page.keyboard.press("Enter")
        expect(page.get_by_test_id("azure-steps")).to_be_visible()
        assert fits(page), (language, width)
        assert violations(page) == [], (language, theme, width)
        page.screenshot(path=str(picture(f"azure-{language}-{theme}-{width}")), full_page=True)


def command(program: Catalejo, *arguments: str, said: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(binary()), "azure", *arguments], env=program.environment(), input=said,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_the_commands_say_each_step_with_what_mends_it(shown: Catalejo, azure: FakeAzure) -> None:
    login = ("login", "--tenant", TENANT, "--client-id", CLIENT)
    azure.secret_state = "expired"
    refused = command(shown, *login, said=SECRET + "\n")
    assert refused.returncode == 1 and "the client secret has expired" in refused.stdout
    assert "what mends it: make a new secret" in refused.stdout
    assert shown.api.get("/api/v1/azure")["set_up"] is False
    azure.secret_state = "right"
    kept = command(shown, *login, said=SECRET + "\n")
    assert kept.returncode == 0, kept.stdout + kept.stderr
    assert SECRET not in kept.stdout + kept.stderr
    until(lambda: shown.api.get("/api/v1/azure")["rounds"] > 0, "the running server reads Azure")
    azure.denied = {PROD, TEST}
    checked = command(shown, "check")
    assert checked.returncode == 1
    assert "WRONG  accounts" in checked.stdout and "Monitoring Reader" in checked.stdout
    azure.denied = set()
    azure.batch = False
    one_by_one = command(shown, "check")
    assert one_by_one.returncode == 0 and "account by account" in one_by_one.stdout
    azure.fault("oauth2", "503", 99)
    assert "Azure failed" in command(shown, "check").stdout
    azure.faults.clear()
    assert command(shown, "logout").returncode == 0
    until(lambda: not shown.api.get("/api/v1/azure")["set_up"], "the running server forgets it")
    assert "nothing says how to log in" in command(shown, "check").stdout


def test_a_login_that_makes_no_sense_is_refused(shown: Catalejo) -> None:
    def put(body: object) -> int:
        headers = {"Content-Type": "application/json"}
        return call(
            shown.http_port, "PUT", "/api/v1/azure/login", json.dumps(body).encode(), headers
        ).status

    assert put({"auth": "magic"}) == 400
    assert put({"auth": "secret", "tenant": TENANT, "client": CLIENT}) == 400
    assert put({"auth": "managed", "more": "x"}) == 400
    assert put([]) == 400
    assert put({"auth": "managed", "client": "x" * 2000}) == 400
    assert shown.api.get("/api/v1/azure")["set_up"] is False
