"""Where monitors tell people: mail, Slack, Teams, PagerDuty and Opsgenie, each asked as its maker
documents it, and answering as it does."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.harness.mailbox import Mailbox
from tests.e2e.harness.program import Catalejo, until
from tests.e2e.harness.receiver import Receiver
from tests.e2e.test_monitors import all_told, ask, asked, send, started, state

KEY = "0123456789abcdef0123456789abcdef"
PAGERDUTY_TAKES = b'{"status":"success","message":"Event processed","dedup_key":"x"}'
OPSGENIE_TAKES = b'{"result":"Request will be processed","took":0.1,"requestId":"r"}'


@pytest.fixture(scope="module")
def mailbox() -> Iterator[Mailbox]:
    with Mailbox(login="ship:wheel house") as mailbox:
        yield mailbox


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, mailbox: Mailbox) -> Iterator[Catalejo]:
    smtp = {
        "CATALEJO_SMTP_URL": mailbox.url, "CATALEJO_SMTP_USER": "ship",
        "CATALEJO_SMTP_PASSWORD": "wheel house", "CATALEJO_SMTP_FROM": "catalejo@example.org",
        "CATALEJO_PAGE_URL": "https://page.example/",
    }  # fmt: skip
    with started(tmp_path_factory.mktemp("channels") / "data", **smtp) as server:
        yield server


def channel(server: Catalejo, name: str, **settings: str) -> Any:
    return ask(server, "POST", "/api/v1/channels", {"name": name, "settings": settings})


def watch(server: Catalejo, metric: str, mentions: str) -> int:
    made = ask(
        server, "POST", "/api/v1/monitor",
        {
            "name": "Warm in {{room.name}}", "type": "query alert", "priority": 2,
            "query": f"avg(last_1m):avg:{metric}{{*}} by {{room}} > 50",
            "message": "{{#is_alert}}{{value}} ° > 50 & rising{{/is_alert}}"
            f"{{{{#is_recovery}}}}Fine again{{{{/is_recovery}}}} {mentions}",
        },
    )  # fmt: skip
    return int(made["id"])


def notices(server: Catalejo, monitor: int) -> Any:
    return ask(server, "GET", f"/api/v1/monitors/notices?monitor={monitor}")["notices"]


def test_all_kinds_are_told_of_an_alert_and_of_its_end(server: Catalejo, mailbox: Mailbox) -> None:
    takes = {"slack": (200, b"ok"), "teams": (202, b""),
             "pagerduty": (202, PAGERDUTY_TAKES), "opsgenie": (202, OPSGENIE_TAKES)}  # fmt: skip
    receivers = {kind: Receiver(status, answer) for kind, (status, answer) in takes.items()}
    with (
        receivers["slack"] as slack,
        receivers["teams"] as teams,
        receivers["pagerduty"] as pagerduty,
        receivers["opsgenie"] as opsgenie,
    ):
        channel(server, "slack-ops", url=f"{slack.url}/services/T0/B0/x")
        channel(server, "teams-ops", url=f"{teams.url}/workflows/1?sig=a%2Fb")
        channel(server, "pagerduty-ops", integration_key=KEY, url=pagerduty.url)
        channel(server, "opsgenie-ops", api_key="genie", url=opsgenie.url)
        channel(server, "email-ops", to="ana@example.org, bo@example.org")
        monitor = watch(
            server, "all_kinds",
            "@slack-ops @teams-ops @pagerduty-ops @opsgenie-ops @email-ops @carla@example.org",
        )  # fmt: skip
        send(server, "all_kinds", [(10, 100.0)], "room:a")
        until(lambda: state(server, monitor) == "Alert", "it goes off")
        until(
            lambda: len(mailbox.mails) >= 2 and all(one.all for one in receivers.values()),
            "all are told",
        )
        send(server, "all_kinds", [(0, -100.0)], "room:a")
        until(
            lambda: len(mailbox.mails) >= 4 and all(one.all[1:] for one in receivers.values()),
            "all are told that it is over",
        )
        path = f"/api/v1/monitors/notices?monitor={monitor}"
        log = until(lambda: all_told(server, "delivered", path), "all of it is noted")
    assert {one["channel"] for one in log} == {
        "slack-ops", "teams-ops", "pagerduty-ops", "opsgenie-ops", "email-ops",
        "carla@example.org",
    }  # fmt: skip
    title, link = (
        "[P2] [Triggered on {room:a}] Warm in a",
        f"https://page.example/monitors/{monitor}",
    )

    said = slack.all[0]
    assert said.path == "/services/T0/B0/x"
    assert said.headers["content-type"] == "application/json"
    assert said.json["text"] == f"*<{link}|{title}>*"
    assert said.json["attachments"][0]["color"] == "danger"
    assert said.json["attachments"][0]["text"] == "100 ° &gt; 50 &amp; rising"
    assert slack.all[1].json["attachments"][0]["color"] == "good"

    assert teams.all[0].path == "/workflows/1?sig=a%2Fb"
    card = teams.all[0].json["attachments"][0]
    assert card["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert [block["text"] for block in card["content"]["body"]] == [title, "100 ° > 50 & rising"]
    assert card["content"]["actions"][0]["url"] == link

    trigger, resolve = (one.json for one in pagerduty.all)
    assert {one.path for one in pagerduty.all} == {"/v2/enqueue"}
    assert (trigger["event_action"], resolve["event_action"]) == ("trigger", "resolve")
    assert trigger["dedup_key"] == resolve["dedup_key"]
    assert (trigger["routing_key"], trigger["payload"]["severity"]) == (KEY, "critical")
    assert trigger["payload"]["summary"] == title

    opened, closed = opsgenie.all
    assert opened.headers["authorization"] == closed.headers["authorization"] == "GenieKey genie"
    assert (opened.path, opened.json["priority"]) == ("/v2/alerts", "P2")
    assert closed.path == f"/v2/alerts/{opened.json['alias']}/close?identifierType=alias"

    by_receivers = {tuple(one.to): one for one in mailbox.mails[:2]}
    mail = by_receivers[("ana@example.org", "bo@example.org")]
    assert set(by_receivers) == {tuple(mail.to), ("carla@example.org",)}
    assert mail.sender == "catalejo@example.org"
    assert mail.message["Subject"] == title
    assert mail.message["To"] == "ana@example.org, bo@example.org"
    assert mail.message["Auto-Submitted"] == "auto-generated"
    assert "100 ° > 50 & rising" in mail.text and link in mail.text
    ids = {one.message["Message-ID"] for one in mailbox.mails}
    assert len(ids) == 4
    assert len({one.message["References"] for one in mailbox.mails}) == 1


def test_what_is_not_taken_is_tried_again_when_it_may_be_and_given_up_else(
    server: Catalejo, mailbox: Mailbox
) -> None:
    slow_down = (429, b"", {"Retry-After": "1"})
    invalid = b'{"status":"invalid event","message":"Event object is invalid","errors":["key"]}'
    with Receiver(202, answers=[slow_down]) as busy, Receiver(400, invalid) as refuses:
        channel(server, "teams-busy", url=busy.url)
        channel(server, "pagerduty-refuses", integration_key=KEY, url=refuses.url)
        mailbox.refusals += ["451 try later", "550 no such user here"]
        monitor = watch(
            server, "refusals", "@teams-busy @pagerduty-refuses @dora@example.org @slack-nowhere"
        )
        send(server, "refusals", [(10, 100.0)], "room:a")
        done: Any = until(
            lambda: (
                log
                if len(log := notices(server, monitor)) == 4
                and all(one["state"] != "waiting" for one in log)
                else None
            ),
            "all of it has an end",
        )
    by_channel = {one["channel"]: one for one in done}
    assert [one.status for one in busy.all] == [429, 202]
    told = by_channel["teams-busy"]
    assert (told["state"], told["attempts"], told["http_status"]) == ("delivered", 2, 202)
    refused = by_channel["pagerduty-refuses"]
    assert (refused["state"], refused["attempts"]) == ("given_up", 1)
    assert refused["problem"] == f"HTTP 400: {invalid.decode()}"
    mailed = by_channel["dora@example.org"]
    assert (mailed["state"], mailed["attempts"]) == ("given_up", 2)
    assert mailed["problem"] == "SMTP 550: 550 no such user here"
    assert by_channel["slack-nowhere"]["problem"] == "there is no such channel"


def test_secrets_are_taken_and_not_given_back(server: Catalejo) -> None:
    with Receiver(202, PAGERDUTY_TAKES) as receiver:
        made = channel(server, "pagerduty-kept", integration_key=KEY, url="https://nowhere.example")
        assert made["kind"] == "pagerduty"
        assert made["settings"] == {"url": "https://nowhere.example"}
        assert made["secrets"] == ["integration_key"]
        path = "/api/v1/channels/pagerduty-kept"
        changed = ask(server, "PUT", path, {"settings": {"url": receiver.url}})
        assert changed["settings"] == {"url": receiver.url}
        # A trial opens an incident and closes it again, with the key that was kept.
        assert ask(server, "POST", f"{path}/try") == {
            "delivered": True, "http_status": 202, "problem": "",
        }  # fmt: skip
        assert [one.json["event_action"] for one in receiver.all] == ["trigger", "resolve"]
        assert {one.json["routing_key"] for one in receiver.all} == {KEY}
    for answer in (asked(server, "GET", path), asked(server, "GET", "/api/v1/channels")):
        assert answer.status == 200
        assert KEY not in answer.body.decode()
    assert ask(server, "GET", "/api/v1/channels")["mail"] is True
    assert ask(server, "DELETE", path) == {}
    assert asked(server, "GET", path).status == 404


def test_a_trial_says_what_came_of_it(server: Catalejo, mailbox: Mailbox) -> None:
    before = len(mailbox.mails)
    assert ask(server, "POST", "/api/v1/channels/ana@example.org/try")["delivered"]
    assert mailbox.mails[before].message["Subject"] == "Catalejo: a trial"
    channel(
        server, "email-wrong", to="ana@example.org", url=mailbox.url, user="ship", password="x",
        **{"from": "c@example.org"},
    )  # fmt: skip
    tried = ask(server, "POST", "/api/v1/channels/email-wrong/try")
    assert (tried["delivered"], tried["http_status"]) == (False, 535)
    assert tried["problem"] == "SMTP 535: 535 wrong password"
    assert "password" not in ask(server, "GET", "/api/v1/channels/email-wrong")["settings"]
    with Receiver(403, b"invalid_token") as receiver:
        channel(server, "slack-wrong", url=f"{receiver.url}/services/x")
        tried = ask(server, "POST", "/api/v1/channels/slack-wrong/try")
        assert tried["problem"] == "HTTP 403: invalid_token"


def test_wrong_settings_are_refused_with_a_reason(server: Catalejo) -> None:
    path = "/api/v1/channels"
    for name, settings, where in (
        ("pigeon-a", {}, "name"), ("slack-a", {}, "url"), ("slack-a", {"url": "x"}, "url"),
        ("slack-a", {"url": "https://x", "token": "y"}, "token"),
        ("opsgenie-a", {"url": "https://x"}, "api_key"), ("email-a", {"to": "nobody"}, "to"),
        ("email-a", {"to": "a@b.c", "url": "smtp://x"}, "from"), ("slack-a", [], "settings"),
    ):  # fmt: skip
        answer = asked(server, "POST", path, {"name": name, "settings": settings})
        assert (answer.status, answer.json()["errors"][0]["where"]) == (400, where), answer.body
    assert asked(server, "PUT", f"{path}/slack-none", {"settings": {}}).status == 404
    large = {"name": "webhook-a", "settings": {"url": "https://x", "payload": "x" * 80_000}}
    assert asked(server, "POST", path, large).status == 413


def test_a_wrong_mail_server_does_not_start(tmp_path: Path) -> None:
    server = Catalejo(tmp_path / "data", {"CATALEJO_SMTP_URL": "mail.example"})
    with pytest.raises(Exception, match="smtp_url"), server:
        time.sleep(0)
