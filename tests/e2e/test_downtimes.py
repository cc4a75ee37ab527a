"""Downtimes at Datadog's path: kept by its own client, and nothing is told while they hold."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from datadog_api_client.exceptions import ApiException
from datadog_api_client.v2.api.downtimes_api import DowntimesApi
from datadog_api_client.v2.model.downtime_create_request import DowntimeCreateRequest
from datadog_api_client.v2.model.downtime_create_request_attributes import (
    DowntimeCreateRequestAttributes,
)
from datadog_api_client.v2.model.downtime_create_request_data import DowntimeCreateRequestData
from datadog_api_client.v2.model.downtime_monitor_identifier_id import DowntimeMonitorIdentifierId
from datadog_api_client.v2.model.downtime_monitor_identifier_tags import (
    DowntimeMonitorIdentifierTags,
)
from datadog_api_client.v2.model.downtime_notify_end_state_types import DowntimeNotifyEndStateTypes
from datadog_api_client.v2.model.downtime_resource_type import DowntimeResourceType
from datadog_api_client.v2.model.downtime_schedule_one_time_create_update_request import (
    DowntimeScheduleOneTimeCreateUpdateRequest,
)
from datadog_api_client.v2.model.downtime_schedule_recurrence_create_update_request import (
    DowntimeScheduleRecurrenceCreateUpdateRequest,
)
from datadog_api_client.v2.model.downtime_schedule_recurrences_create_request import (
    DowntimeScheduleRecurrencesCreateRequest,
)
from datadog_api_client.v2.model.downtime_update_request import DowntimeUpdateRequest
from datadog_api_client.v2.model.downtime_update_request_attributes import (
    DowntimeUpdateRequestAttributes,
)
from datadog_api_client.v2.model.downtime_update_request_data import DowntimeUpdateRequestData

from tests.e2e.harness.datadog_client import client_of
from tests.e2e.harness.program import Catalejo, until
from tests.e2e.harness.receiver import Receiver
from tests.e2e.test_monitors import ask, asked, hook, send, started, watch

PATH = "/api/v2/downtime"
DOWNTIME = DowntimeResourceType("downtime")  # type: ignore[no-untyped-call]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalejo]:
    with started(tmp_path_factory.mktemp("downtimes") / "data") as server:
        yield server


def create(**attributes: Any) -> DowntimeCreateRequest:
    return DowntimeCreateRequest(
        data=DowntimeCreateRequestData(
            attributes=DowntimeCreateRequestAttributes(**attributes), type=DOWNTIME
        )
    )


def test_datadogs_client_makes_changes_and_cancels(server: Catalejo) -> None:
    monitor = watch(server, "by_client", "none")
    start = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
    with client_of(server) as client:
        api = DowntimesApi(client)  # type: ignore[no-untyped-call]
        once = api.create_downtime(
            body=create(
                scope="room:a AND env:prod",
                monitor_identifier=DowntimeMonitorIdentifierId(monitor_id=monitor),
                schedule=DowntimeScheduleOneTimeCreateUpdateRequest(
                    start=start, end=start + timedelta(hours=2)
                ),
                message="work on the boiler",
                notify_end_states=[
                    DowntimeNotifyEndStateTypes("alert")  # type: ignore[no-untyped-call]
                ],
            )
        ).data
        assert str(once.attributes.status) == "scheduled"
        assert once.attributes.schedule.start == start
        assert once.attributes.message == "work on the boiler"
        assert once.relationships.monitor.data.id == str(monitor)
        often = api.create_downtime(
            body=create(
                scope="*",
                monitor_identifier=DowntimeMonitorIdentifierTags(monitor_tags=["*"]),
                schedule=DowntimeScheduleRecurrencesCreateRequest(
                    recurrences=[
                        DowntimeScheduleRecurrenceCreateUpdateRequest(
                            rrule="FREQ=YEARLY", duration="2h", start="2030-03-31T02:30:00"
                        )
                    ],
                    timezone="Europe/Madrid",
                ),
            )
        ).data
        current = often.attributes.schedule.current_downtime
        # The night in which clocks are put forward has no 02:30: it comes at 03:30.
        assert current.start == datetime(2030, 3, 31, 1, 30, tzinfo=UTC)
        assert current.end - current.start == timedelta(hours=2)
        assert often.attributes.schedule.timezone == "Europe/Madrid"
        changed = api.update_downtime(
            once.id,
            body=DowntimeUpdateRequest(
                data=DowntimeUpdateRequestData(
                    attributes=DowntimeUpdateRequestAttributes(scope="room:b"),
                    id=once.id, type=DOWNTIME,
                )
            ),
        ).data  # fmt: skip
        assert (changed.attributes.scope, changed.attributes.schedule.start) == ("room:b", start)
        assert api.get_downtime(once.id).data.attributes.scope == "room:b"
        matches = api.list_monitor_downtimes(monitor).data
        assert {one.id for one in matches} == {once.id, often.id}
        api.cancel_downtime(once.id)
        assert str(api.get_downtime(once.id).data.attributes.status) == "canceled"
        listed = api.list_downtimes()
        assert {one.id for one in listed.data} == {once.id, often.id}
        assert listed.meta.page.total_filtered_count == 2
        assert [one.id for one in api.list_downtimes(current_only=True).data] == [often.id]
        api.cancel_downtime(often.id)
        with pytest.raises(ApiException) as refused:
            api.get_downtime("00000000-0000-0000-0000-000000000000")
        assert refused.value.status == 404


def test_nothing_is_told_in_it_and_what_still_holds_when_it_ends(server: Catalejo) -> None:
    with Receiver() as receiver:
        hook(server, "silent", receiver)
        monitor = watch(server, "silent", "silent")
        made = ask(server, "POST", PATH, {
            "data": {"type": "downtime", "attributes": {
                "scope": "room:a", "monitor_identifier": {"monitor_id": monitor}}}
        })["data"]  # fmt: skip
        assert made["attributes"]["status"] == "active"
        assert made["attributes"]["catalejo"]["unsupported"] == []
        send(server, "silent", [(10, 100.0)], "room:a")
        send(server, "silent", [(10, 100.0)], "room:b")
        until(lambda: receiver.taken, "the alert of the other room comes")
        until(
            lambda: any(
                one["what"] == "muted"
                for one in ask(server, "GET", f"/api/v1/monitors/{monitor}/events")["events"]
            ),
            "the silent one is noted",
        )
        assert [one.json["room"] for one in receiver.taken] == ["b"]
        # Kept, it mutes the next process, too.
        server.kill()
        server.start()
        assert ask(server, "GET", f"{PATH}/{made['id']}")["data"]["attributes"] == {
            **made["attributes"]
        }
        assert asked(server, "DELETE", f"{PATH}/{made['id']}").status == 204
        until(lambda: receiver.taken[1:], "what still holds is told")
        assert receiver.taken[1].json["room"] == "a"


def test_bad_input_is_refused_with_a_reason(server: Catalejo) -> None:
    fine = {"scope": "*", "monitor_identifier": {"monitor_tags": ["*"]}}
    for attributes, where in (
        (None, "data.attributes"), ({}, "scope"), ({"scope": "*"}, "monitor_identifier"),
        ({**fine, "scope": "a:b AND"}, "scope"),
        ({**fine, "monitor_identifier": {"monitor_id": 999_999}}, "monitor_identifier.monitor_id"),
        ({**fine, "schedule": {"start": "tomorrow"}}, "start"),
        ({**fine, "schedule": {"recurrences": [{"rrule": "FREQ=HOURLY", "duration": "1h"}]}},
         "rrule"),
        ({**fine, "schedule": {"timezone": "Mars", "recurrences": [{"rrule": "FREQ=DAILY"}]}},
         "schedule.timezone"),
    ):  # fmt: skip
        answer = asked(server, "POST", PATH, {"data": {"attributes": attributes}})
        assert (answer.status, answer.json()["errors"][0]["where"]) == (400, where), answer.body
    large = {"data": {"attributes": {**fine, "message": "x" * 40_000}}}
    assert asked(server, "POST", PATH, large).status == 413
    assert asked(server, "PATCH", f"{PATH}/none", {"data": {"attributes": {}}}).status == 404
    assert asked(server, "DELETE", f"{PATH}/none").status == 404
