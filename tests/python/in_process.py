"""The tracer in the test's own process, sending to a loopback recorder. Fixtures to be imported."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from catalejo import _core, start
from catalejo.context import threads
from catalejo.sdk.llmobs import LLMObs
from catalejo.settings import Settings
from catalejo.span import annotators, current, runtime

from tests.python.recorder import Recorder

Json = dict[str, Any]


class Sent:
    """What arrived since the test began."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder

    def spans(self) -> list[Json]:
        """In the order in which they began."""
        LLMObs.flush()
        return sorted(self.recorder.spans, key=lambda span: int(span["start_ns"]))

    def by_name(self) -> dict[str, Json]:
        spans = self.spans()
        found = {str(span["name"]): span for span in spans}
        assert len(found) == len(spans), [span["name"] for span in spans]
        return found

    def evaluations(self) -> list[Json]:
        LLMObs.flush()
        return list(self.recorder.evaluations)

    def trace_ids(self) -> set[str]:
        return {span["trace_id"] for span in self.spans()}


@pytest.fixture(scope="session")
def recorder() -> Iterator[Recorder]:
    with Recorder() as made:
        yield made


@pytest.fixture
def sent(recorder: Recorder) -> Iterator[Sent]:
    assert not hasattr(_core, "MISSING"), "the native core is not built"
    environment = recorder.environment()
    start.start(Settings.from_environment(environment))
    threads.arm()
    runtime.processors.clear()
    current.set(None)
    annotators.set(())
    recorder.clear()
    yield Sent(recorder)
    LLMObs.flush()
    current.set(None)
    recorder.clear()


def tags_of(span: Json) -> dict[str, str]:
    return dict(tag.split(":", 1) for tag in span["tags"])
