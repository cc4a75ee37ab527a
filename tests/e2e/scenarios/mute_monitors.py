"""What a script does by Datadog's own client to have quiet; what it was answered, as JSON."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from datadog import api, initialize


def by_monitor(monitor: int) -> dict[str, Any]:
    end = int(time.time()) + 3600
    return {
        "end": end,
        "muted": api.Monitor.mute(monitor),
        "muted_until": api.Monitor.mute(monitor, end=end),
        "group": api.Monitor.mute(monitor, scope="room:a"),
        "read": api.Monitor.get(monitor),
        "unmuted": api.Monitor.unmute(monitor),
        "all": api.Monitor.unmute(monitor, all_scopes=True),
    }


def by_downtime(monitor: int) -> dict[str, Any]:
    start = int(time.time()) + 3600
    made = api.Downtime.create(
        scope="env:staging", start=start, end=start + 7200, monitor_id=monitor, message="boiler",
        timezone="Europe/Madrid",
        recurrence={"type": "weeks", "period": 2, "week_days": ["Mon", "Tue", "Wed", "Thu", "Fri",
                                                                "Sat", "Sun"],
                    "until_date": start + 30 * 86400},
    )  # fmt: skip
    other = api.Downtime.create(scope=["room:a", "env:prod"])
    return {
        "start": start,
        "made": made,
        "other": other,
        "changed": api.Downtime.update(made["id"], message="the other boiler"),
        "read": api.Downtime.get(made["id"]),
        "listed": api.Downtime.get_all(current_only=True),
        "by_scope": api.Downtime.cancel_downtime_by_scope(scope="env:prod,room:a"),
        "none": api.Downtime.cancel_downtime_by_scope(scope="room:none"),
        "deleted": api.Downtime.delete(made["id"]),
        "after": api.Downtime.get(made["id"]),
    }


def main(url: str, key: str, monitor: str) -> None:
    initialize(api_key=key, app_key=key, api_host=url)
    api._mute = True  # errors are answers here
    print(json.dumps({**by_monitor(int(monitor)), "downtime": by_downtime(int(monitor))}))


if __name__ == "__main__":
    main(*sys.argv[1:])
