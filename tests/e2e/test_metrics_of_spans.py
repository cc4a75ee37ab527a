"""Metrics made of spans: what a real client's calls are worth, each once, however they are sent."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from demo.azure.server import Azure
from tests.e2e.harness.client import SITE, Mode, mode_named, run_scenarios
from tests.e2e.harness.load import body_of, event, post
from tests.e2e.harness.program import Catalejo, until
from tests.e2e.harness.stored import settled
from tests.e2e.test_metrics import total

# The second has no agent: its client makes statistics of its own beside the spans.
AGENT, FUNCTIONS = mode_named("v4-agent"), mode_named("v4-functions")
CALLS = ("chat", "chat_stream", "embedding", "error_404")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, azure: Azure) -> Iterator[Catalejo]:
    """What is summed up is given on by a stop; it is asked for after the next start."""
    folder = tmp_path_factory.mktemp("span-metrics")
    server = Catalejo(folder / "data")
    assert server.command("tls", "init", "--site", SITE).returncode == 0
    server.create_key()
    with server:
        for mode in (AGENT, FUNCTIONS):
            run_scenarios(mode, server, azure, folder, CALLS)
        until(lambda: settled(server), "everything is stored")
        server.stop()
        server.start()
        yield server


@pytest.mark.parametrize("mode", [AGENT, FUNCTIONS], ids=lambda mode: mode.name)
def test_metrics_say_what_the_spans_say(server: Catalejo, mode: Mode) -> None:
    spans = server.api.spans(view="spans", ml_app=mode.ml_app)
    assert len(spans) >= len(CALLS)
    scope = f"{{ml_app:{mode.ml_app}}}"

    def metric(query: str) -> float:
        return sum(total(server, query).values())

    assert metric(f"sum:ml_obs.span{scope}") == len(spans)
    failed = [span for span in spans if span["status"] == "error"]
    assert failed and metric(f"sum:ml_obs.span.error{scope}") == len(failed)
    assert metric(f"count:ml_obs.span.duration{scope}") == len(spans)
    seconds = sum(span["duration_ns"] for span in spans) / 1e9
    assert metric(f"sum:ml_obs.span.duration{scope}") == pytest.approx(seconds)
    llm = [span for span in spans if span["kind"] == "llm"]
    for name, key in (("input", "input"), ("prompt", "input"), ("output", "output"),
                      ("total", "total")):  # fmt: skip
        known = sum(max(span["tokens"][key] or 0, 0) for span in llm)
        assert known > 0 and metric(f"sum:ml_obs.span.llm.{name}.tokens{scope}") == known
    nano = sum((span["cost"]["usd"] or 0) * 1e9 for span in llm)
    assert nano > 0 and metric(f"sum:ml_obs.span.llm.total.cost{scope}") == pytest.approx(nano)
    roots = total(server, f"sum:ml_obs.trace{scope} by {{span_kind}}.rollup(3600)")
    assert sum(roots.values()) == len(spans), roots


@pytest.mark.parametrize("mode", [AGENT, FUNCTIONS], ids=lambda mode: mode.name)
def test_a_request_counts_once_whoever_counts_it(server: Catalejo, mode: Mode) -> None:
    scope = f"{{service:service-{mode.name}}}"
    hits = total(server, f"sum:trace.openai.request.hits{scope}")
    assert hits == {"*": len(CALLS)}
    assert total(server, f"sum:trace.openai.request.errors{scope}") == {"*": 1}
    assert total(server, f"count:trace.openai.request{scope}") == {"*": len(CALLS)}
    spread = total(server, f"max:trace.openai.request{scope}.rollup(3600)")["*"]
    all_of_it = total(server, f"sum:trace.openai.request.duration{scope}")["*"]
    assert 0 < spread <= all_of_it * 1.02


def test_what_is_sent_twice_counts_once_and_survives_a_kill(fresh: Catalejo) -> None:
    now = time.time_ns()
    body = body_of(*(event(i, "x", start_ns=now - 20_000_000_000) for i in range(1, 11)))
    fresh.create_key()
    with fresh:
        for _ in range(3):
            assert post(fresh, body).status == 202
        until(lambda: total(fresh, "sum:ml_obs.span{*}") == {"*": 10}, "spans became a point")
        fresh.kill()
        fresh.start()
        assert post(fresh, body).status == 202
        assert post(fresh, body_of(event(99, "x", start_ns=now))).status == 202
        fresh.stop()
        fresh.start()
        assert total(fresh, "sum:ml_obs.span{*}") == {"*": 11}
