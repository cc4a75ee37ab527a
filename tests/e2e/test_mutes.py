"""Muting by Datadog's older clients: the same downtimes, whatever the path by which they come."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from typing import Any

import pytest
from datadog_api_client.exceptions import ApiException
from datadog_api_client.v1.api.downtimes_api import DowntimesApi
from datadog_api_client.v1.api.monitors_api import MonitorsApi
from datadog_api_client.v1.model.cancel_downtimes_by_scope_request import (
    CancelDowntimesByScopeRequest,
)
from datadog_api_client.v1.model.downtime import Downtime
from datadog_api_client.v1.model.downtime_recurrence import DowntimeRecurrence

from tests.e2e.harness.client import venv
from tests.e2e.harness.datadog_client import client_of
from tests.e2e.harness.program import ROOT, Catalejo, until
from tests.e2e.harness.receiver import Receiver
from tests.e2e.test_monitors import ask, asked, hook, send, started, watch

pytestmark = pytest.mark.filterwarnings("ignore:.*is deprecated:DeprecationWarning")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalejo]:
    with started(tmp_path_factory.mktemp("mutes") / "data") as server:
        yield server


def scenario(server: Catalejo, monitor: int) -> dict[str, Any]:
    ran = subprocess.run(
        [str(venv("metrics") / "bin/python"), "tests/e2e/scenarios/mute_monitors.py",
         server.http_url, server.key, str(monitor)],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr
    said: dict[str, Any] = json.loads(ran.stdout)
    return said


def test_the_datadog_package_mutes_and_makes_downtimes(server: Catalejo) -> None:
    monitor = watch(server, "by_package", "none")
    said = scenario(server, monitor)
    end = said["end"]
    assert said["muted"]["options"]["silenced"] == {"*": None}
    assert said["muted_until"]["options"]["silenced"] == {"*": end}
    assert said["group"]["options"]["silenced"] == {"*": end, "room:a": None}
    assert [one["end"] for one in said["read"]["matching_downtimes"]] == [None, end]
    assert said["unmuted"]["options"]["silenced"] == {"room:a": None}
    assert said["all"]["options"].get("silenced", {}) == {}
    assert said["all"]["matching_downtimes"] == []
    made, start = said["downtime"]["made"], said["downtime"]["start"]
    assert (made["scope"], made["monitor_id"], made["message"]) == (
        ["env:staging"], monitor, "boiler",
    )  # fmt: skip
    assert (made["start"], made["end"]) == (start, start + 7200)
    assert (made["timezone"], made["active"], made["disabled"]) == ("Europe/Madrid", False, False)
    assert made["recurrence"] == {
        "type": "weeks", "period": 2, "until_occurrences": None,
        "week_days": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
        "until_date": start + 30 * 86400,
    }  # fmt: skip
    assert said["downtime"]["changed"] == {**made, "message": "the other boiler"}
    assert said["downtime"]["read"] == said["downtime"]["changed"]
    other = said["downtime"]["other"]
    assert (other["scope"], other["monitor_tags"], other["active"]) == (
        ["room:a", "env:prod"], ["*"], True,
    )  # fmt: skip
    assert [one["id"] for one in said["downtime"]["listed"]] == [other["id"]]
    assert said["downtime"]["by_scope"] == {"cancelled_ids": [other["id"]]}
    assert "no downtime that goes on" in json.dumps(said["downtime"]["none"])
    after = said["downtime"]["after"]
    assert after["disabled"]
    assert abs(after["canceled"] - time.time()) < 60
    # They are the downtimes of the newer path.
    kept = ask(server, "GET", "/api/v2/downtime")["data"]
    assert {one["attributes"]["status"] for one in kept} == {"canceled"}
    (one,) = [each for each in kept if each["attributes"]["message"] == "the other boiler"]
    (recurrence,) = one["attributes"]["schedule"]["recurrences"]
    assert recurrence["duration"] == "120m"
    assert recurrence["rrule"].startswith(
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU,WE,TH,FR,SA,SU;UNTIL="
    )


def test_the_api_client_makes_changes_and_cancels(server: Catalejo) -> None:
    monitor = watch(server, "by_api_client", "none")
    start = int(time.time()) + 86_400
    with client_of(server) as client:
        api = DowntimesApi(client)  # type: ignore[no-untyped-call]
        made = api.create_downtime(
            Downtime(scope=["room:a"], monitor_id=monitor, start=start, end=start + 3600,
                     timezone="Europe/Madrid", mute_first_recovery_notification=True)
        )  # fmt: skip
        assert (made.monitor_id, made.start, made.recurrence) == (monitor, start, None)
        assert made.mute_first_recovery_notification
        # What is not named stays; a recurrence comes to a schedule that was once.
        changed = api.update_downtime(
            made.id, Downtime(recurrence=DowntimeRecurrence(type="rrule", rrule="FREQ=DAILY"))
        )
        assert (changed.start, changed.end, changed.scope) == (start, start + 3600, ["room:a"])
        assert changed.recurrence.rrule == "FREQ=DAILY"
        assert changed.active_child is None
        once = api.update_downtime(made.id, Downtime(recurrence=None, end=None))
        assert (once.recurrence, once.end) == (None, None)
        assert made.id in [one.id for one in api.list_downtimes()]
        assert api.list_monitor_downtimes(monitor) == []
        on = api.create_downtime(Downtime(scope=["room:b"], monitor_tags=["*"]))
        assert [one.id for one in api.list_monitor_downtimes(monitor)] == [on.id]
        watched = MonitorsApi(client).get_monitor(monitor)  # type: ignore[no-untyped-call]
        assert [(one.id, one.scope) for one in watched.matching_downtimes] == [(on.id, ["room:b"])]
        canceled = api.cancel_downtimes_by_scope(CancelDowntimesByScopeRequest(scope="room:b"))
        assert canceled.cancelled_ids == [on.id]
        api.cancel_downtime(made.id)
        assert api.get_downtime(made.id).disabled
        with pytest.raises(ApiException) as refused:
            api.get_downtime(1)
        assert refused.value.status == 404


def test_what_is_muted_is_quiet_until_it_is_unmuted(server: Catalejo) -> None:
    with Receiver() as receiver:
        hook(server, "hush", receiver)
        monitor = watch(server, "hush", "hush")
        path = f"/api/v1/monitor/{monitor}"
        send(server, "hush", [(10, 100.0)], "room:a")
        send(server, "hush", [(10, 100.0)], "room:b")
        ask(server, "POST", f"{path}/mute", {"scope": "room:a", "end": int(time.time()) + 3600})
        until(lambda: receiver.taken, "the alert of the other room comes")
        read = ask(server, "GET", path)
        assert read["state"]["groups"]["room:a"]["muted"]["until"] > time.time()
        assert read["state"]["groups"]["room:b"]["muted"] is None
        assert read["catalejo"]["muted"] is None
        # Somebody who read it and writes it back does not mute it for good.
        ask(server, "PUT", path, {"options": read["options"]})
        ask(server, "POST", f"{path}/unmute?scope=room:a")
        assert ask(server, "GET", path)["options"]["silenced"] == {}
        until(lambda: receiver.taken[1:], "what still holds is told")
        assert [one.json["room"] for one in receiver.taken] == ["b", "a"]


def test_a_group_may_have_any_value(server: Catalejo) -> None:
    attributes = {
        "scope": 'user_id:"Ana (ops), 2"', "monitor_identifier": {"monitor_tags": ["*"]},
    }  # fmt: skip
    made = ask(server, "POST", "/api/v2/downtime", {"data": {"attributes": attributes}})
    number = ask(server, "GET", "/api/v1/downtime?current_only=true")[0]
    assert number["scope"] == ['user_id:"ana (ops), 2"']
    canceled = ask(
        server, "POST", "/api/v1/downtime/cancel/by_scope", {"scope": 'user_id:"Ana (ops), 2"'}
    )
    assert canceled == {"cancelled_ids": [number["id"]]}
    status = ask(server, "GET", f"/api/v2/downtime/{made['data']['id']}")["data"]["attributes"]
    assert status["status"] == "canceled"


def test_bad_input_is_refused_with_a_reason(server: Catalejo) -> None:
    monitor = watch(server, "refused", "none")
    for body, where in (
        ({"start": "now"}, "start"), ({"end": -1}, "end"), ({"start": 10, "end": 5}, "end"),
        ({"scope": [1]}, "scope"), ({"scope": "a:b AND"}, "scope"), ({"scope": 'a:"b'}, "scope"),
        ({"timezone": "Mars"}, "timezone"), ({"monitor_id": "x"}, "monitor_id"),
        ({"monitor_id": 999_999}, "monitor_identifier.monitor_id"),
        ({"recurrence": {"type": "days"}}, "end"),
        ({"recurrence": {"type": "hours"}, "end": 9e9}, "recurrence.type"),
        ({"recurrence": {"type": "days", "period": 0}}, "recurrence.period"),
        ({"recurrence": {"type": "days", "week_days": ["Mon"]}}, "recurrence.week_days"),
        ({"recurrence": {"type": "weeks", "week_days": ["Lun"]}}, "recurrence.week_days"),
        ({"recurrence": {"type": "rrule"}}, "recurrence.rrule"),
        ({}, "scope"),
        ({"scope": None, "message": "everything, by a slip"}, "scope"),
        ([], "body"),
    ):  # fmt: skip
        answer = asked(server, "POST", "/api/v1/downtime", body)
        assert (answer.status, answer.json()["errors"][0]["where"]) == (400, where), answer.body
    for query in ("end=1", "end=soon", "scope=a:b%20AND"):
        assert asked(server, "POST", f"/api/v1/monitor/{monitor}/mute?{query}").status == 400
    assert asked(server, "POST", "/api/v1/monitor/999999/mute").status == 404
    assert asked(server, "POST", "/api/v1/monitor/999999/unmute").status == 404
    assert asked(server, "PUT", "/api/v1/downtime/1", {}).status == 404
    assert asked(server, "DELETE", "/api/v1/downtime/1").status == 404


def test_a_downtime_is_looked_at_before_it_is_kept(server: Catalejo) -> None:
    monitor = watch(server, "looked_at", "none")
    attributes = {
        "scope": "*", "monitor_identifier": {"monitor_id": monitor},
        "schedule": {"timezone": "Europe/Madrid", "recurrences": [
            {"start": "2030-03-30T02:30", "duration": "1h", "rrule": "FREQ=DAILY"}]},
    }  # fmt: skip
    path = "/api/v1/downtimes/preview"
    said = ask(server, "POST", path, {"data": {"attributes": attributes}})
    assert [one["start"][:16] for one in said["next"]] == [
        "2030-03-30T01:30", "2030-03-31T01:30", "2030-04-01T00:30", "2030-04-02T00:30",
        "2030-04-03T00:30",
    ]  # fmt: skip
    assert said["monitors_count"] == 1
    assert said["monitors"][0]["id"] == monitor
    before = ask(server, "GET", "/api/v2/downtime")["meta"]
    assert asked(server, "POST", path, {"data": {"attributes": {"scope": "*"}}}).status == 400
    assert ask(server, "GET", "/api/v2/downtime")["meta"] == before
    kept = ask(server, "POST", "/api/v2/downtime", {"data": {"attributes": attributes}})["data"]
    listed = ask(server, "GET", "/api/v2/downtime?effects=true")["data"][0]
    assert listed["id"] == kept["id"]
    assert listed["attributes"]["catalejo"]["next"] == said["next"]
