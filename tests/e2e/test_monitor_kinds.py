"""Composite monitors: made of others, told by webhook, held together when one is missing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from datadog_api_client.exceptions import ApiException
from datadog_api_client.v1.api.monitors_api import MonitorsApi

from tests.e2e.harness.program import Catalejo, until
from tests.e2e.harness.receiver import Receiver
from tests.e2e.test_monitors import ask, asked, client_of, hook, send, started, state, when


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalejo]:
    with started(tmp_path_factory.mktemp("monitor_kinds") / "data") as server:
        yield server


def made(server: Catalejo, kind: str, query: str, message: str = "", **options: Any) -> int:
    body = {"name": query[:40], "type": kind, "query": query, "message": message}
    return int(ask(server, "POST", "/api/v1/monitor", body | {"options": options})["id"])


def test_a_composite_tells_of_the_groups_its_members_have_in_common(server: Catalejo) -> None:
    with Receiver() as receiver:
        hook(server, "both", receiver)
        hot = made(server, "query alert", "avg(last_1m):avg:heat{*} by {room} > 50")
        loud = made(server, "query alert", "avg(last_1m):avg:noise{*} by {place} > 50")
        both = made(
            server, "composite", f"{hot} && {loud}",
            "{{#is_alert}}{{room.name}}: {{a.value}} and {{b.value}}{{/is_alert}} @webhook-both",
        )  # fmt: skip
        send(server, "heat", [(10, 60.0)], "room:a")
        send(server, "heat", [(10, 61.0)], "room:b")
        send(server, "noise", [(10, 20.0)], "place:a")
        until(lambda: state(server, both) == "OK", "the common group is there")
        assert state(server, hot) == "Alert"
        kept = ask(server, "GET", f"/api/v1/monitor/{both}")
        assert (set(kept["state"]["groups"]), kept["multi"]) == ({"room:a"}, True)
        send(server, "noise", [(5, 140.0)], "place:a")
        told = until(lambda: receiver.taken, "the alert comes")[0]
        assert (told.json["what"], told.json["text"]) == ("Triggered", "a: 60 and 80")
        send(server, "noise", [(0, 0.0)], "place:a")
        send(server, "noise", [(1, -140.0)], "place:a")
        until(lambda: receiver.taken[1:], "the recovery comes")
        assert receiver.taken[1].json["what"] == "Recovered"
    found = ask(server, "GET", "/api/v1/monitor/search?query=type:composite")["monitors"]
    assert [one["id"] for one in found] == [both]


def test_a_member_is_not_removed_by_mistake_and_named_when_it_is_missing(server: Catalejo) -> None:
    one = made(server, "query alert", "avg(last_1m):avg:one{*} > 50")
    not_one = made(server, "composite", f"!{one}")
    send(server, "one", [(10, 20.0)])
    until(lambda: state(server, not_one) == "Alert", "the opposite of OK")
    for query, says in (
        ("1 && 999999", "there is no monitor 999999"), (f"!{not_one}", "composite itself"),
        ("1 &&", "the number of a monitor belongs here"),
    ):  # fmt: skip
        body = {"name": "n", "type": "composite", "query": query}
        for path in ("/api/v1/monitor", "/api/v1/monitor/validate"):
            refused = asked(server, "POST", path, body)
            assert refused.status == 400, path
            assert says in refused.body.decode(), path
    assert asked(server, "DELETE", f"/api/v1/monitor/{one}").status == 400
    with client_of(server) as client:
        api = MonitorsApi(client)  # type: ignore[no-untyped-call]
        with pytest.raises(ApiException) as refused_by_client:
            api.check_can_delete_monitor([one, not_one])
        assert refused_by_client.value.status == 409
        assert api.delete_monitor(one, force="true").deleted_monitor_id == one
    path = f"/api/v1/monitor/{not_one}"
    kept = until(
        lambda: when(found := ask(server, "GET", path), found["catalejo"]["problem"] != ""),
        "it is named",
    )
    assert kept["catalejo"]["problem"] == f"there is no monitor {one}"
    assert kept["overall_state"] == "Alert"
    imported = ask(
        server, "POST", "/api/v1/monitors/import",
        {"name": "elsewhere", "type": "composite", "query": "5 || 6"},
    )  # fmt: skip
    assert imported["overall_state"] == "Unknown"
