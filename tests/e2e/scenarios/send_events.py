"""Events and service checks as an application sends them by Datadog's own package: DogStatsD by UDP
and socket, then the API. Prints what the API answered, as JSON."""

from __future__ import annotations

import json
import sys
import time

from datadog import api, initialize
from datadog.dogstatsd import DogStatsd


def by_statsd(client: DogStatsd, way: str) -> None:
    client.event(
        "Despliegue ⚡", f"línea 1\nlínea 2 by {way}", alert_type="success",
        aggregation_key="deploy", source_type_name="Jenkins", priority="low", hostname="web-1",
        date_happened=int(time.time()) - 60, tags=[f"way:{way}", "Env:Prod"],
    )  # fmt: skip
    client.event("plain", "nothing else", tags=[f"way:{way}"])
    client.service_check(
        "app.db", DogStatsd.CRITICAL, tags=[f"way:{way}"], hostname="db-1",
        message="no answer\nm: since noon",
    )  # fmt: skip
    client.flush()


def main(host: str, port: str, socket_path: str, url: str, key: str) -> None:
    # Telemetry of the client's own would be counted with what is sent here.
    quiet = {"disable_telemetry": True, "disable_buffering": False}
    by_statsd(DogStatsd(host=host, port=int(port), **quiet), "udp")
    by_statsd(DogStatsd(socket_path=f"unixgram://{socket_path}", **quiet), "unixgram")
    by_statsd(DogStatsd(socket_path=f"unixstream://{socket_path}.stream", **quiet), "unixstream")
    initialize(api_key=key, app_key=key, api_host=url)
    happened = int(time.time()) - 30
    once = {
        "title": "api event", "text": "by the API", "date_happened": happened, "host": "web-2",
        "alert_type": "error", "tags": ["way:api"],
    }  # fmt: skip
    answers = {
        "created": [api.Event.create(**once) for _ in range(2)],  # the second is a retry
        "refused": api.Event.create(title="old", text="x", date_happened=1),
        "checked": api.ServiceCheck.check(
            check="app.queue", host_name="q-1", status=1, message="long", tags=["way:api"],
            timestamp=happened,
        ),
        "badly": api.ServiceCheck.check(check="", host_name="q-1", status=0),
    }  # fmt: skip
    deadline = time.time() + 20
    while time.time() < deadline:
        found = api.Event.query(start=happened - 600, end=happened + 600, tags=["way:api"])
        if found.get("events"):
            break
        time.sleep(0.1)
    answers["queried"] = found
    answers["got"] = api.Event.get(answers["created"][0]["event"]["id"])
    print(json.dumps(answers))


if __name__ == "__main__":
    main(*sys.argv[1:])
