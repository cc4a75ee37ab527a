"""What an application sends by Datadog's own client: DogStatsD by UDP and socket, then the API."""

from __future__ import annotations

import sys
import time

from datadog import api, initialize
from datadog.dogstatsd import DogStatsd


def by_statsd(client: DogStatsd, way: str) -> None:
    tags = [f"way:{way}", "Team:IA"]
    for _ in range(100):
        client.increment("app.hits", tags=tags)
    client.increment("app.sampled", 1, tags=tags, sample_rate=1)
    client.gauge("app.load", 3, tags=tags)
    client.gauge("app.load", 7, tags=tags)
    for value in range(1, 101):
        client.distribution("app.latency", value, tags=tags)
        client.histogram("app.size", value, tags=tags)
    for user in ("ana", "luis", "ana"):
        client.set("app.users", user, tags=tags)
    client.event("deployed", "version 2", tags=tags)
    client.service_check("app.db", DogStatsd.OK, tags=tags)
    client.count_with_timestamp("app.stamped", 5, int(time.time()) - 60, tags=tags)
    client.flush()


def main(host: str, port: str, socket_path: str, url: str, key: str) -> None:
    # Telemetry of the client's own would be counted with what is sent here.
    quiet = {"disable_telemetry": True, "disable_buffering": False}
    by_statsd(DogStatsd(host=host, port=int(port), **quiet), "udp")
    by_statsd(DogStatsd(socket_path=f"unixgram://{socket_path}", **quiet), "unixgram")
    by_statsd(DogStatsd(socket_path=f"unixstream://{socket_path}.stream", **quiet), "unixstream")
    initialize(api_key=key, app_key=key, api_host=url)
    now = time.time()
    for _ in range(2):  # the second is a retry
        answer = api.Metric.send(
            metric="api.queue", points=[(now - 20, 4), (now - 10, 6)], type="count",
            host="web-1", tags=["way:api"], interval=10,
        )  # fmt: skip
        assert answer["status"] == "ok", answer
    answer = api.Distribution.send(distributions=[
        {"metric": "api.took", "points": [(now - 10, [1.0, 2.0, 3.0])], "tags": ["way:api"]},
    ])  # fmt: skip
    assert answer["status"] == "ok", answer


if __name__ == "__main__":
    main(*sys.argv[1:])
