"""A small, honest client: sends numbered spans and sends each batch again until it is answered.

What it was answered for must be stored, once; what it sent twice for want of an answer, too.
"""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from tests.e2e.harness.page_api import Answer, Unanswered, call
from tests.e2e.harness.program import Catalejo, until

BATCH_SPANS = 20
PAUSE_SECONDS = 0.02


def event(span_id: int, text: str, *, ml_app: str = "load", **more: Any) -> dict[str, Any]:
    """One LLM span as ddtrace 4 writes it."""
    return {
        "span_id": str(span_id),
        "trace_id": f"{span_id:032x}",
        "parent_id": "undefined",
        "name": "AzureOpenAI.createChatCompletion",
        "start_ns": time.time_ns(),
        "duration": 1_000_000,
        "status": "ok",
        "tags": [f"ml_app:{ml_app}", "service:load", "env:e2e"],
        "meta": {
            "span": {"kind": "llm"},
            "model_name": "gpt-4o-2024-11-20",
            "model_provider": "azure_openai",
            "input": {"messages": [{"role": "user", "content": text}]},
            "output": {"messages": [{"role": "assistant", "content": "…"}]},
            "metadata": {},
        },
        "metrics": {"input_tokens": 3, "output_tokens": 1, "total_tokens": 4},
        **more,
    }


def body_of(*events: dict[str, Any]) -> bytes:
    wrapper = {"_dd.stage": "raw", "_dd.tracer_version": "4.16.0", "event_type": "span"}
    return json.dumps([{**wrapper, "spans": list(events)}], ensure_ascii=False).encode()


def post(server: Catalejo, body: bytes, **headers: str) -> Answer:
    sent = {"content-type": "application/json", **headers}
    if server.key and "dd-api-key" not in sent:
        sent["dd-api-key"] = server.key
    return call(server.http_port, "POST", "/api/v2/llmobs", body, sent)


@dataclass
class Load:
    """Sends from threads until it is left; then every batch begun has been answered."""

    server: Catalejo
    threads: int = 3
    acknowledged: set[str] = field(default_factory=set)
    refused: Counter[int] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _next: int = 1
    _stopping: threading.Event = field(default_factory=threading.Event)
    _workers: list[threading.Thread] = field(default_factory=list)
    finish_seconds_max: float = 120.0

    def _work(self) -> None:
        while not self._stopping.is_set():
            with self._lock:
                first, self._next = self._next, self._next + BATCH_SPANS
            ids = range(first, first + BATCH_SPANS)
            body = body_of(*(event(span_id, f"prompt {span_id} ☕") for span_id in ids))
            self._send_until_answered(body)
            with self._lock:
                self.acknowledged.update(map(str, ids))
            time.sleep(PAUSE_SECONDS)

    def _send_until_answered(self, body: bytes) -> None:
        deadline = time.monotonic() + self.finish_seconds_max
        while time.monotonic() < deadline:
            try:
                answer = post(self.server, body)
            except Unanswered:
                status = 0
            else:
                status = answer.status
            if status == 202:
                return
            with self._lock:
                self.refused[status] += 1
            time.sleep(0.05)
        raise AssertionError("a batch was never answered")

    def wait_for_more(self, spans: int = BATCH_SPANS) -> None:
        before = len(self.acknowledged)
        until(
            lambda: len(self.acknowledged) >= before + spans,
            f"{spans} more spans are acknowledged",
            90,
        )

    def __enter__(self) -> Self:
        for _ in range(self.threads):
            worker = threading.Thread(target=self._work, daemon=True)
            worker.start()
            self._workers.append(worker)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopping.set()
        if error is None:
            for worker in self._workers:
                worker.join(self.finish_seconds_max)
                assert not worker.is_alive()


def assert_stored_once(server: Catalejo, load: Load) -> None:
    """Each acknowledged span is there, none twice, and the ledger adds up."""

    def all_inserted() -> bool:
        ledger = server.api.ledger()
        return bool(ledger["spans"]["in_flight"] == 0 and ledger["store"]["rows_waiting"] == 0)

    until(all_inserted, "all rows of the log are in the database", 90)
    counts = Counter(row["span_id"] for row in server.api.spans(view="spans", ml_app="load"))
    lost = load.acknowledged - counts.keys()
    doubled = {span: count for span, count in counts.items() if count > 1}
    assert not lost, f"{len(lost)} of {len(load.acknowledged)} lost, such as {sorted(lost)[:5]}"
    assert not doubled, f"{len(doubled)} of {len(counts)} stored more than once: {doubled}"
    assert_balanced(server)


def assert_balanced(server: Catalejo) -> None:
    """received = stored + cut + duplicate + sampled out + rejected + in flight, for both kinds."""
    ledger = server.api.ledger()
    for kind in ("spans", "evaluations"):
        account = ledger[kind]
        outcomes = sum(
            account[name] for name in ("stored", "cut", "duplicate", "sampled_out", "in_flight")
        )
        assert account["received"] == outcomes + sum(account["rejected"].values()), ledger
        assert account["received"] == account["accounted"], ledger
