"""The native core against a real server: what arrives, and that every event is accounted for."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from catalejo import _core

from .intake import Intake, tls_server

Make = Callable[..., Intake]


class Sent:
    """The core configured for one test; counts are since its start."""

    def __init__(self) -> None:
        self.before = _core.counts()

    def configure(self, url: str, **options: Any) -> None:
        target = {"url": url, "tracer_version": "1.2.3", "flush_interval_ms": 60_000, **options}
        _core.configure(cast("_core.Target", target))

    def counts(self) -> dict[str, Any]:
        now: Any = _core.counts()
        before: Any = self.before
        by_name = ("lost", "redacted")
        counts = {name: now[name] - before[name] for name in now if name not in by_name}
        counts["lost"] = {
            reason: lost - before["lost"][reason]
            for reason, lost in now["lost"].items()
            if lost != before["lost"][reason]
        }
        settled = counts["acknowledged"] + counts["queued"] + counts["spooled"]
        assert counts["submitted"] + counts["recovered"] == settled + sum(counts["lost"].values())
        return counts


@pytest.fixture
def core() -> Iterator[Sent]:
    yield Sent()
    _core.shutdown(0)


def event(number: int, text: str = "hola") -> dict[str, Any]:
    return {"span_id": str(number), "name": "chat", "meta": {"input": {"value": text}}}


def submit(count: int, text: str = "hola") -> list[dict[str, Any]]:
    events = [event(number, text) for number in range(count)]
    for one in events:
        assert _core.submit("span", one)
    return events


def test_spans_arrive_in_one_wrapper(core: Sent, intake: Intake) -> None:
    core.configure(intake.url, headers={"x-both": "1"}, spans_headers={"x-spans": "2"})
    events = submit(3, "漢字 " * 200)
    assert _core.flush(5_000)
    (request,) = intake.requests
    assert request.path == "/api/v2/llmobs"
    assert request.json == [
        {"_dd.stage": "raw", "_dd.tracer_version": "1.2.3", "event_type": "span", "spans": events}
    ]
    assert request.headers["content-type"] == "application/json"
    assert (request.headers["x-both"], request.headers["x-spans"]) == ("1", "2")
    assert "dd-api-key" not in request.headers
    counts = core.counts()
    assert (counts["submitted"], counts["acknowledged"], counts["sent"]) == (3, 3, 3)
    assert (counts["requests"], counts["retries"], _core.last_error()) == (1, 0, "")


def test_evaluations_go_apart(core: Sent, intake: Intake) -> None:
    core.configure(intake.url, api_key="k\n")
    submit(1)
    assert _core.submit("evaluation", {"label": "good", "score_value": 0.5})
    assert _core.flush(5_000)
    assert intake.evaluations() == [{"label": "good", "score_value": 0.5}]
    assert len(intake.spans()) == 1
    assert {request.path for request in intake.requests} == {
        "/api/v2/llmobs",
        "/api/intake/llm-obs/v2/eval-metric",
    }
    assert all(request.headers["dd-api-key"] == "k" for request in intake.requests)


def test_through_the_agents_proxy(core: Sent, intake: Intake) -> None:
    core.configure(
        intake.url,
        api_key="never shown to an agent",
        spans_path="/evp_proxy/v2/api/v2/llmobs",
        evaluations_path="/evp_proxy/v2/api/intake/llm-obs/v2/eval-metric",
    )
    submit(1)
    assert _core.submit("evaluation", {"label": "x"})
    assert _core.flush(5_000)
    assert [
        (request.path, request.headers["x-datadog-evp-subdomain"]) for request in intake.requests
    ] == [
        ("/evp_proxy/v2/api/v2/llmobs", "llmobs-intake"),
        ("/evp_proxy/v2/api/intake/llm-obs/v2/eval-metric", "api"),
    ]
    assert all("dd-api-key" not in request.headers for request in intake.requests)


def test_a_base_path_is_kept(core: Sent, intake: Intake) -> None:
    core.configure(intake.url + "/base/")
    submit(1)
    assert _core.flush(5_000)
    assert intake.requests[0].path == "/base/api/v2/llmobs"


def test_by_time(core: Sent, intake: Intake) -> None:
    core.configure(intake.url, flush_interval_ms=50)
    submit(2)
    intake.wait(1)
    assert len(intake.spans()) == 2
    submit(2)
    intake.wait(2)
    assert len(intake.spans()) == 4


def test_by_size(core: Sent, intake: Intake) -> None:
    core.configure(intake.url, batch_bytes_max=10_000)
    submit(12, "x" * 3_000)  # no flush, an interval of a minute
    intake.wait(3)
    assert max(len(request.body) for request in intake.requests) <= 10_000
    assert len(intake.spans()) == 9


def test_the_connection_is_kept(core: Sent, intake: Intake) -> None:
    core.configure(intake.url)
    for _ in range(5):
        submit(1)
        assert _core.flush(5_000)
    assert intake.connections == 1


def test_a_server_that_closes_connections_is_no_failure(core: Sent, intake: Intake) -> None:
    intake.keep_alive = False
    core.configure(intake.url)
    for _ in range(5):
        submit(1)
        assert _core.flush(5_000)
    intake.keep_alive = True
    submit(1)
    assert _core.flush(5_000)
    intake.answers = ["drop"]  # the kept connection is gone just as it is used
    submit(1)
    assert _core.flush(5_000)
    assert core.counts()["retries"] == 0
    assert core.counts()["acknowledged"] == 7


@pytest.mark.parametrize("answer", [408, 429, 500, 502, 503, 504, "reset", "drop", "garbage"])
def test_what_passes_is_tried_again(core: Sent, intake: Intake, answer: int | str) -> None:
    intake.keep_alive = False  # so that "drop" is no kept connection that closed
    intake.answers = [answer, answer]
    core.configure(intake.url)
    submit(2)
    assert _core.flush(10_000)
    assert len(intake.requests) == 3
    assert [span["span_id"] for span in intake.spans()] == ["0", "1"] * 3
    counts = core.counts()
    assert (counts["acknowledged"], counts["sent"], counts["retries"]) == (2, 2, 2)
    assert _core.last_error() == ""


@pytest.mark.parametrize("answer", [300, 302, 400, 401, 403, 404, 413, 422])
def test_what_is_refused_is_lost_and_counted(core: Sent, intake: Intake, answer: int) -> None:
    intake.answers = [answer, answer, answer]  # by halves too, where the content may be at fault
    intake.answer_body = b"because\nof this"
    core.configure(intake.url)
    submit(2)
    assert not _core.flush(5_000)
    assert core.counts()["lost"] == {"refused": 2}
    assert f"HTTP {answer} because of this" in _core.last_error()
    intake.answers = []
    submit(1)
    assert _core.flush(5_000)
    assert core.counts()["acknowledged"] == 1


def test_retry_after_is_honoured(core: Sent, intake: Intake) -> None:
    intake.answers = [429]
    intake.answer_headers = {"retry-after": "1"}
    core.configure(intake.url, flush_interval_ms=1)
    submit(1)
    intake.wait(1)
    first = time.monotonic()
    intake.wait(2)
    assert time.monotonic() - first > 0.8
    assert _core.flush(5_000)


def test_a_flush_does_not_wait_for_a_server_that_is_down(core: Sent, intake: Intake) -> None:
    url = intake.url
    intake.close()
    core.configure(url)
    submit(1)
    begun = time.monotonic()
    assert not _core.flush(10_000)
    assert time.monotonic() - begun < 3
    assert "Connection refused" in _core.last_error()
    assert core.counts()["queued"] == 1
    _core.shutdown(1_000)
    assert core.counts()["lost"] == {"unreachable": 1}


def test_a_flush_ends_in_time_when_the_server_hangs(core: Sent, intake: Intake) -> None:
    intake.status = "hang"
    core.configure(intake.url)
    submit(1)
    begun = time.monotonic()
    assert not _core.flush(200)
    assert not _core.shutdown(200)
    assert time.monotonic() - begun < 2
    assert core.counts()["lost"] == {"shutdown": 1} or core.counts()["lost"] == {"unreachable": 1}


def test_an_attempt_times_out_and_is_tried_again(core: Sent, intake: Intake) -> None:
    intake.answers = ["hang"]
    core.configure(intake.url, timeout_ms=200)
    submit(1)
    assert _core.flush(5_000)
    assert core.counts()["retries"] == 1


def test_a_full_queue_loses_the_newest(core: Sent, intake: Intake) -> None:
    intake.status = 503
    core.configure(intake.url, queue_bytes_max=100_000)
    took = [_core.submit("span", event(number, "x" * 10_000)) for number in range(20)]
    assert took == [True] * 9 + [False] * 11
    assert core.counts()["lost"] == {"queue_full": 11}
    intake.status = 202
    assert _core.flush(5_000)
    assert [span["span_id"] for span in intake.spans()[-9:]] == [str(at) for at in range(9)]
    assert _core.submit("span", event(1, "x" * 10_000))


def test_an_event_that_is_too_large_is_lost_alone(core: Sent, intake: Intake) -> None:
    core.configure(intake.url, queue_bytes_max=200 << 20)
    assert not _core.submit("span", event(1, "x" * (21 << 20)))
    assert _core.submit("span", event(2, "\n" * (15 << 20)))  # 30 MiB as JSON
    submit(1)
    assert not _core.flush(10_000)
    assert core.counts()["lost"] == {"too_large": 2}
    assert core.counts()["acknowledged"] == 1
    assert _core.submit("span", event(3, "x" * (19 << 20)))
    assert _core.flush(10_000)


def test_over_a_unix_socket(core: Sent, intakes: Make, tmp_path: Path) -> None:
    server = intakes(unix_path=tmp_path / "apm.socket", keep_alive=False)
    core.configure(server.url)
    submit(2)
    assert _core.flush(5_000)
    assert len(server.spans()) == 2
    assert server.requests[0].headers["host"] == "localhost"
    server.close()
    (tmp_path / "apm.socket").unlink()
    submit(1)
    assert not _core.flush(5_000)
    assert "No such file" in _core.last_error()


@pytest.fixture
def tls_intake(intakes: Make, certificate: Path) -> Intake:
    return tls_server(intakes, certificate)


def test_over_tls_compressed(core: Sent, tls_intake: Intake, certificate: Path) -> None:
    core.configure(tls_intake.url, ca_file=str(certificate / "ca.pem"), api_key="secret")
    submit(100, "漢字 " * 2_000)
    assert _core.flush(10_000), _core.last_error()
    assert len(tls_intake.spans()) == 100
    request = tls_intake.requests[0]
    assert request.headers["content-encoding"] == "gzip"
    assert request.headers["dd-api-key"] == "secret"
    submit(1)
    assert _core.flush(5_000)
    assert "content-encoding" not in tls_intake.requests[-1].headers
    assert tls_intake.connections == 1


def test_tls_needs_a_certificate_it_can_trust(
    core: Sent, tls_intake: Intake, certificate: Path
) -> None:
    core.configure(tls_intake.url)
    submit(1)
    assert not _core.flush(5_000)
    assert "certificate" in _core.last_error()
    core.configure(
        tls_intake.url.replace("localhost", "127.0.0.1"), ca_file=str(certificate / "ca.pem")
    )
    assert not _core.flush(5_000)
    assert "IP address mismatch" in _core.last_error()
    core.configure(tls_intake.url, ca_file="/nowhere.pem")
    assert not _core.flush(5_000)
    assert "/nowhere.pem" in _core.last_error()
    core.configure(tls_intake.url, ca_file=str(certificate / "ca.pem"))
    assert _core.flush(5_000)
    assert tls_intake.requests[0].headers["content-length"]


AGENT = b'{"endpoints":["/v0.4/traces","/evp_proxy/v2/"]}'


@pytest.mark.parametrize(
    ("info", "route"),
    [(AGENT, "agent"), (b'{"endpoints":["/v0.4/traces"]}', "agentless"), (None, "agentless")],
)
def test_the_agent_is_asked_first(
    core: Sent, intakes: Make, info: bytes | None, route: str
) -> None:
    agent, direct = intakes(info=info), intakes()
    core.configure(
        agent.url,
        probe=True,
        api_key="k",
        spans_url=direct.url + "/api/v2/llmobs",
        evaluations_url=direct.url,
    )
    submit(1)
    assert _core.flush(5_000)
    assert _core.route() == route
    assert agent.requests[0].path == "/info"
    if route == "agent":
        assert agent.requests[1].path == "/evp_proxy/v2/api/v2/llmobs"
        assert agent.requests[1].headers["x-datadog-evp-subdomain"] == "llmobs-intake"
        assert direct.requests == []
    else:
        assert direct.requests[0].path == "/api/v2/llmobs"
        assert direct.requests[0].headers["dd-api-key"] == "k"
        assert len(agent.requests) == 1


def test_an_agent_that_is_not_there(core: Sent, intakes: Make) -> None:
    agent, direct = intakes(), intakes()
    agent.close()
    core.configure(
        agent.url,
        probe=True,
        api_key="k",
        spans_url=direct.url + "/base",
        spans_path="/evp_proxy/v2/api/v2/llmobs",
        evaluations_url=direct.url,
    )
    submit(1)
    assert _core.submit("evaluation", {"label": "x"})
    assert _core.flush(5_000)
    assert [request.path for request in direct.requests] == [
        "/base/api/v2/llmobs",
        "/api/intake/llm-obs/v2/eval-metric",
    ]


def test_an_origin_for_each_kind(core: Sent, intakes: Make) -> None:
    spans, evaluations = intakes(), intakes()
    core.configure(
        spans.url,
        api_key="k",
        spans_url=spans.url,
        evaluations_url=evaluations.url,
        spans_path="/api/v2/llmobs",
    )
    submit(1)
    assert _core.submit("evaluation", {"label": "x"})
    assert _core.flush(5_000)
    assert [request.path for request in spans.requests] == ["/api/v2/llmobs"]
    assert [request.path for request in evaluations.requests] == [
        "/api/intake/llm-obs/v2/eval-metric"
    ]
    assert evaluations.requests[0].headers["dd-api-key"] == "k"


@pytest.mark.parametrize(
    "target",
    [
        {"url": "ftp://x"},
        {"url": "localhost:8126"},
        {"url": "http://"},
        {"url": "unix://relative"},
        {"url": "http://a b"},
        {"url": "http://x:port"},
        {"url": 3},
        {"url": "http://x:70000"},
        {"timeout_ms": -1},
        {"timeout_ms": "5"},
        {"url": "http://x", "headers": {"a": "b\r\nc: d"}},
        {"url": "http://x", "headers": ["a"]},
        {"spans_url": "x"},
    ],
)
def test_a_target_that_makes_no_sense(target: Any) -> None:
    with pytest.raises(ValueError, match="|".join(target)):
        _core.configure(target)


def test_kinds_are_two() -> None:
    with pytest.raises(ValueError, match="kind"):
        _core.submit("trace", {})  # type: ignore[arg-type]


def test_references_return_after_a_flush(core: Sent, intake: Intake) -> None:
    core.configure(intake.url)
    texts = [letter * 1_000 + str(time.monotonic()) for letter in "xé漢😀"]
    before = [sys.getrefcount(text) for text in texts]
    for _ in range(50):
        _core.submit("span", {"texts": texts})
    assert [sys.getrefcount(text) for text in texts] == [count + 50 for count in before]
    assert _core.flush(5_000)
    assert [sys.getrefcount(text) for text in texts] == before


def test_references_return_without_another_call(core: Sent, intake: Intake) -> None:
    core.configure(intake.url, flush_interval_ms=10)
    text = "x" * 1_000 + str(time.monotonic())
    before = sys.getrefcount(text)
    _core.submit("span", {"text": text})
    deadline = time.monotonic() + 5
    while sys.getrefcount(text) != before:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_shared_tape_arrives_in_each_event(core: Sent, intake: Intake) -> None:
    core.configure(intake.url)
    tape = _core.capture({"messages": [{"content": "é" * 1_000}]})
    for number in range(3):
        _core.submit("span", {"span_id": str(number), "meta": {"input": tape}})
    del tape
    assert _core.flush(5_000)
    assert [span["meta"]["input"]["messages"][0]["content"] for span in intake.spans()] == [
        "é" * 1_000
    ] * 3


def test_probe(intake: Intake, intakes: Make) -> None:
    intake.info = AGENT
    assert _core.probe(intake.url + "/info", 2_000) == {"status": 200, "body": AGENT, "error": ""}
    intake.info = None
    assert _core.probe(intake.url + "/info", 2_000)["status"] == 404
    intake.close()
    answer = _core.probe(intake.url + "/info", 2_000)
    assert answer["status"] == 0
    assert "Connection refused" in answer["error"]
    with pytest.raises(ValueError, match="url"):
        _core.probe("nonsense", 10)


@pytest.mark.parametrize("bad", [{3}, {0}, {9}, {2, 7}, set(range(10))])
def test_one_bad_event_does_not_take_the_others_along(
    core: Sent, intake: Intake, bad: set[int]
) -> None:
    intake.refuse = [f'"span_id":"{number}"'.encode() for number in bad]
    core.configure(intake.url)
    events = submit(10)
    assert not _core.flush(5_000)
    assert core.counts()["lost"] == {"refused": len(bad)}
    assert core.counts()["acknowledged"] == 10 - len(bad)
    assert core.counts()["sent"] == 10
    good = [one for one in events if int(one["span_id"]) not in bad]
    assert intake.accepted() == good


def test_half_of_a_refused_batch_may_have_to_wait(core: Sent, intake: Intake) -> None:
    intake.answers = [400, 503, 503]
    core.configure(intake.url)
    events = submit(9)
    assert _core.flush(5_000)
    assert sorted(intake.accepted(), key=str) == events
