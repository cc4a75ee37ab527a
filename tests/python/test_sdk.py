"""What test_sdk_same.py cannot compare: where we do better than ddtrace, or have no counterpart."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from catalejo import _core, llmobs
from catalejo import span as spans
from catalejo.llmobs import LLMObs, LLMObsSpan
from catalejo.llmobs.decorators import task, workflow
from catalejo.sdk import llmobs as sdk
from catalejo.span import Span, current, runtime

from tests.python.in_process import Sent, recorder, sent, tags_of

__all__ = ["recorder", "sent"]


PYTHON = str(Path(__file__).parents[2] / "python")


class Odd:
    """Of no use to anybody: it has not even a text."""

    def __str__(self) -> str:
        raise ValueError("no text")

    __repr__ = __str__


IMPORTS = """
import sys
from catalejo import span
before = set(sys.modules)
from catalejo.llmobs import LLMObs
span = LLMObs.workflow
heavy = {"json", "inspect", "logging", "dataclasses", "asyncio", "concurrent", "threading"}
print(sorted(heavy & (set(sys.modules) - before)))
"""


def test_nothing_heavy_is_imported() -> None:
    code = f"import sys; sys.path.insert(0, {PYTHON!r})\n{IMPORTS}"
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], capture_output=True, text=True, check=False
    )
    assert done.stdout == "[]\n", done.stderr


def test_tags_and_metrics_of_the_span_object(sent: Sent) -> None:
    with LLMObs.task("task") as span:
        span.set_tag("a", 1)
        span.set_tags({"b": True, "c": "gone"})
        span.remove_tag("c")
        span.set_metric("m.n", 2)
        span.set_metrics({"o": 0.5, "text": "ignored"})
        assert (span.get_tag("a"), span.get_tag("none")) == ("1", None)
        assert span.get_tags() == {"a": "1", "b": "True"}
        assert span.get_metric("m.n") == 2
        assert span.get_metrics() == {"m_n": 2, "o": 0.5}
        assert (span.service, span.resource, span.span_type) == ("sdk-service", "task", "llm")
        assert abs(span.start - time.time()) < 5
        assert span.duration is None
    assert span.duration is not None and span.duration > 0
    found = sent.by_name()["task"]
    assert tags_of(found)["b"] == "True"
    assert found["metrics"] == {"m_n": 2, "o": 0.5}


def test_errors_of_the_span_object(sent: Sent) -> None:
    with LLMObs.task("tags") as span:
        span.set_tag("error.type", "Own")
        span.set_tag("error.message", "of its own")
    span = LLMObs.task("flag")
    span.error = 1  # type: ignore[assignment]
    span.finish()
    span = LLMObs.task("traceback")
    try:
        raise KeyError("here")
    except KeyError:
        span.set_traceback()
    span.finish()
    span = LLMObs.task("odd")
    span.record_exception(ValueError(Odd()))
    span.finish()
    found = sent.by_name()
    assert found["tags"]["meta"]["error"] == {"type": "Own", "message": "of its own", "stack": ""}
    assert found["flag"]["status"] == "error"
    assert found["traceback"]["meta"]["error"]["type"] == "builtins.KeyError"
    assert found["odd"]["meta"]["error"]["type"] == "builtins.ValueError"


def test_an_end_in_the_past(sent: Sent) -> None:
    span = LLMObs.task("task")
    span.finish(span.start + 1.5)
    assert abs(sent.by_name()["task"]["duration"] - 1_500_000_000) < 1_000


def test_values_without_a_text_cost_nobody_anything(sent: Sent) -> None:
    with LLMObs.task("task"):
        LLMObs.annotate(input_data={"a": Odd()}, output_data=Odd(), metadata={"m": Odd()})
    cycle: dict[str, Any] = {}
    cycle["self"] = cycle
    with LLMObs.task("cycle"):
        LLMObs.annotate(input_data=cycle, metadata={"m": cycle})
    spans_sent = sent.by_name()
    assert spans_sent["task"]["meta"]["output"]["value"] == "[Odd without a text]"
    assert spans_sent["task"]["meta"]["metadata"]["m"] == "[Odd without a text]"
    assert "cycle" in spans_sent


def test_what_is_annotated_is_what_it_was(sent: Sent) -> None:
    """Changes that the application makes afterwards are not seen, and it sees none of ours."""
    message = {"role": "user", "content": "before"}
    metadata = {"list": [1]}
    with LLMObs.llm(name="llm"):
        LLMObs.annotate(input_data=[message], metadata=metadata)
        message["content"] = "after"
        metadata["list"].append(2)
    meta = sent.by_name()["llm"]["meta"]
    assert meta["input"]["messages"][0]["content"] == "before"
    assert meta["metadata"] == {"list": [1]}
    assert message == {"role": "user", "content": "after"}


def test_text_stays_readable(sent: Sent) -> None:
    with LLMObs.task("task"):
        LLMObs.annotate(input_data={"q": "¿qué ve el señor Muñoz? 🔭"})
    assert sent.by_name()["task"]["meta"]["input"]["value"] == '{"q": "¿qué ve el señor Muñoz? 🔭"}'


# ------------------------------------------------------------------------------ generators


@workflow
def numbers() -> Iterator[int]:
    inside = current.get()
    assert isinstance(inside, Span) and inside.name == "numbers"
    with LLMObs.task("inside"):
        yield 1
    yield 2


@task
async def letters() -> AsyncIterator[str]:
    with LLMObs.tool("async inside"):
        yield "a"
    yield "b"


def test_a_generator_does_not_hold_its_consumer(sent: Sent) -> None:
    with LLMObs.workflow("consumer") as consumer:
        for number in numbers():
            assert current.get() is consumer
            with LLMObs.llm(name=f"between {number}"):
                pass

    async def consume() -> None:
        with LLMObs.workflow("async consumer") as consumer:
            async for letter in letters():
                assert current.get() is consumer
                with LLMObs.llm(name=f"between {letter}"):
                    pass

    asyncio.run(consume())
    found = sent.by_name()
    for child, parent in {
        "numbers": "consumer", "inside": "numbers", "between 1": "consumer",
        "between 2": "consumer", "letters": "async consumer", "async inside": "letters",
        "between a": "async consumer",
    }.items():  # fmt: skip
        assert found[child]["parent_id"] == found[parent]["span_id"], child
    assert all(span["status"] == "ok" for span in found.values())


def test_generators_take_what_is_sent_and_thrown(sent: Sent) -> None:
    @task
    def echo() -> Generator[Any, Any, str]:
        got: Any = None
        while True:
            try:
                got = yield got
            except KeyError as error:
                got = error
            if got == "stop":
                return "returned"

    stream: Any = echo()
    assert next(stream) is None
    assert stream.send(5) == 5
    thrown = KeyError("x")
    assert stream.throw(thrown) is thrown
    with pytest.raises(StopIteration) as stopped:
        stream.send("stop")
    assert stopped.value.value == "returned"

    @task
    async def async_echo() -> AsyncIterator[Any]:
        got: Any = None
        while True:
            try:
                got = yield got
            except KeyError as error:
                got = error

    async def drive() -> None:
        stream: Any = async_echo()
        assert await stream.asend(None) is None
        assert await stream.asend(5) == 5
        assert await stream.athrow(thrown) is thrown
        await stream.aclose()

    asyncio.run(drive())
    assert {span["status"] for span in sent.spans()} == {"ok"}
    assert len(sent.spans()) == 2


def test_an_async_generator_never_read_makes_no_span(sent: Sent) -> None:
    letters()
    assert not sent.spans()


# ------------------------------------------------------------------------------ processors


def redact(span: LLMObsSpan) -> LLMObsSpan:
    for message in [*span.input, *span.output]:
        message["content"] = message["content"].replace("secret", "***")
    return span


def test_processors_see_spans_of_traced_libraries(sent: Sent) -> None:
    """Their input is a Tape, or a dict with the application's own objects in it."""
    LLMObs.register_processor(redact)
    mine = {"role": "user", "content": "a secret"}
    span = spans.start("llm", "tape")
    span.input = _core.capture({"messages": [mine]})
    span.output = {"messages": _core.capture([{"role": "assistant", "content": "secret too"}])}
    span.finish()
    span = spans.start("llm", "dict")
    span.input = {"messages": [mine]}
    span.finish()
    found = sent.by_name()
    for name in ("tape", "dict"):
        assert found[name]["meta"]["input"]["messages"] == [{"role": "user", "content": "a ***"}]
    assert found["tape"]["meta"]["output"]["messages"][0]["content"] == "*** too"
    assert mine["content"] == "a secret", "the application's own object"


def test_processors_can_remove_everything(sent: Sent) -> None:
    """With ddtrace an emptied list leaves the text of a span that has no messages."""

    def empty(span: LLMObsSpan) -> LLMObsSpan:
        span.input, span.output, span.metadata = [], [], {}
        return span

    LLMObs.register_processor(empty)
    with LLMObs.workflow("text"):
        LLMObs.annotate(input_data="secret", output_data="secret", metadata={"a": 1})
    with LLMObs.retrieval("documents"):
        LLMObs.annotate(output_data=["secret"])
    with LLMObs.llm(name="messages"):
        LLMObs.annotate(input_data="secret", prompt={"id": "kept"})
    assert "secret" not in str(sent.spans())
    assert sent.by_name()["messages"]["meta"]["input"]["prompt"]["id"] == "kept"


def test_dropped_spans_are_counted(sent: Sent) -> None:
    before = runtime.dropped_by_processor
    LLMObs.register_processor(lambda span: None)
    with LLMObs.task("dropped"):
        pass
    LLMObs.register_processor(None)
    assert runtime.dropped_by_processor == before + 1
    assert not sent.spans()


def test_a_processor_that_returns_nonsense(sent: Sent) -> None:
    before = runtime.processor_failures
    LLMObs.register_processor(lambda span: "nonsense")
    with LLMObs.task("task"):
        LLMObs.annotate(input_data="text")
    assert runtime.processor_failures == before + 1
    assert sent.by_name()["task"]["meta"]["input"] == {"value": "text"}


# ------------------------------------------------------------------- annotations from above


def test_annotations_reach_spans_of_traced_libraries(sent: Sent) -> None:
    prompt = {"id": "p", "template": "{{a}}", "variables": {"a": "b"}}
    with LLMObs.annotation_context(name="renamed", tags={"t": 1}, prompt=prompt):
        span = spans.start("llm", "library")
        span.input = _core.capture({"messages": [{"role": "user", "content": "b"}]})
        span.finish()
    found = sent.by_name()["renamed"]
    assert tags_of(found)["t"] == "1"
    assert found["meta"]["input"]["prompt"]["variables"] == {"a": "b"}
    assert found["meta"]["input"]["messages"][0]["content"] == "b"


def test_a_wrong_annotation_context_breaks_no_library(sent: Sent) -> None:
    with LLMObs.annotation_context(prompt="no dict", tags={"t": 1}):
        spans.start("llm", "library").finish()
    assert "library" in sent.by_name()


def test_annotation_contexts_of_tasks_stay_apart(sent: Sent) -> None:
    async def one(number: int) -> None:
        async with LLMObs.annotation_context(tags={"number": number}):
            await asyncio.sleep(0.005)
            with LLMObs.task(f"task {number}"):
                await asyncio.sleep(0.005)

    async def main() -> None:
        await asyncio.gather(*(one(number) for number in range(20)))

    asyncio.run(main())
    for name, span in sent.by_name().items():
        assert name == f"task {tags_of(span)['number']}"


def test_tags_of_the_span_win(sent: Sent) -> None:
    with LLMObs.task("task"):
        LLMObs.annotate(tags={"env": "own", "team": "own", "ml_app": "own"})
    span = sent.by_name()["task"]
    assert sorted(span["tags"]) == sorted({*span["tags"]})
    tags = tags_of(span)
    assert (tags["env"], tags["team"], tags["ml_app"]) == ("own", "own", "own")


# ------------------------------------------------------------------------------- switches


def test_enable_after_the_launcher(sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    """Under `catalejo run` the tracer runs already; what a script asks for counts all the same."""
    for name, value in sent.recorder.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sdk._State, "configured", False)
    LLMObs.enable(ml_app="asked-for", env="asked", span_processor=redact, sample_rate=0.5)
    with LLMObs.task("task"):
        LLMObs.annotate(input_data="secret")
    span = sent.by_name()["task"]
    assert span["ml_app"] == "asked-for"
    assert tags_of(span)["env"] == "asked"
    assert span["meta"]["input"]["value"] == "***"
    assert span["_dd"]["sample_rate"] == "0.5"


@pytest.mark.parametrize(
    ("variables", "arguments", "expected"),
    [
        ({}, {}, "unnamed-ml-app"),
        ({"DD_SERVICE": "s"}, {}, "s"),
        ({"DD_SERVICE": "s"}, {"service": "t"}, "t"),
        ({"DD_SERVICE": "s", "DD_LLMOBS_ML_APP": "a"}, {"service": "t"}, "a"),
        ({"DD_LLMOBS_ML_APP": "a"}, {"ml_app": "b"}, "b"),
        ({"DD_LLMOBS_ML_APP": "a"}, {"ml_app": "b", "agent_service": "c"}, "c"),
    ],
)
def test_names_of_the_application(
    sent: Sent, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str],
    arguments: dict[str, str], expected: str,
) -> None:  # fmt: skip
    for name in ("DD_SERVICE", "DD_LLMOBS_ML_APP"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sdk._State, "configured", False)
    LLMObs.enable(**arguments)  # type: ignore[arg-type]
    assert runtime.settings.ml_app == expected


def test_enable_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sdk._State, "configured", False)
    for name in ("DD_API_KEY", "CATALEJO_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ValueError, match="DD_API_KEY"):
        LLMObs.enable(agentless_enabled=True)


def test_switched_off_by_the_environment(sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sdk._State, "configured", False)
    monkeypatch.setenv("DD_LLMOBS_ENABLED", "0")
    LLMObs.disable()
    LLMObs.enable()
    assert not LLMObs.enabled

    @workflow
    def function(value: int) -> int:
        return value + 1

    assert function(1) == 2
    with LLMObs.workflow("never seen") as span:
        LLMObs.annotate(input_data="x")
        assert LLMObs.export_span(span) is None
        assert LLMObs.inject_distributed_headers({}) == {}
    LLMObs.submit_evaluation(label="", metric_type="", value=None)
    LLMObs.flush()
    runtime.enabled = True
    assert not sent.spans()


def test_many_threads_at_once(sent: Sent) -> None:
    def work(number: int) -> None:
        for step in range(50):
            with LLMObs.workflow(f"{number}.{step}"):
                LLMObs.annotate(input_data={"n": number}, tags={"n": number}, prompt={"id": "p"})
                with LLMObs.llm(name=f"{number}.{step}.llm"):
                    LLMObs.annotate(input_data="x")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = sent.by_name()
    assert len(found) == 800
    assert len(sent.trace_ids()) == 400
    for name, span in found.items():
        if name.endswith("llm"):
            assert span["parent_id"] == found[name[: -len(".llm")]]["span_id"]


# -------------------------------------------------------------------------- what is absent


def test_what_is_absent_says_so() -> None:
    with pytest.raises(NotImplementedError, match="RemoteEvaluator"):
        LLMObs.publish_evaluator("x")
    with pytest.raises(AttributeError):
        llmobs.nothing  # noqa: B018


def test_what_is_not_used_is_not_imported() -> None:
    code = (
        "import sys; from catalejo.llmobs import LLMObs; "
        "print([n for n in sys.modules if 'experiments' in n or n in ('asyncio', 'dataclasses')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_prompt_of_its_fallback(sent: Sent) -> None:
    prompt = LLMObs.get_prompt("greeting", fallback="Hola {{ name }}, {other} {name}")
    assert prompt.format(name="Ana") == "Hola Ana, {other} Ana"
    chat = LLMObs.get_prompt("chat", fallback=lambda: {
        "version": "3", "chat_template": [
            {"role": "system", "content": "be {{tone}}"}, {"type": "placeholder", "name": "past"},
        ],
    })  # fmt: skip
    past = [{"role": "user", "content": "hola"}]
    assert chat.format(tone="kind", past=past) == [{"role": "system", "content": "be kind"}, *past]
    annotated = chat.to_annotation_dict(tone="kind", past=past)
    with LLMObs.annotation_context(prompt=annotated), LLMObs.llm(name="llm"):
        LLMObs.annotate(input_data="x")
    held = sent.by_name()["llm"]["meta"]["input"]["prompt"]
    assert (held["id"], held["version"], held["variables"]) == ("chat", "3", {"tone": "kind"})


def test_tags_of_any_length_and_kind(sent: Sent) -> None:
    """Long texts are kept alive and written later elsewhere; in a tag they are not."""
    with LLMObs.task("long", session_id="s" * 700, ml_app="m" * 300) as span:
        LLMObs.annotate(span, tags={"k" * 400: "vé" * 400, 'quo"te': 'a"\\b', "n": 7})
    found = tags_of(sent.by_name()["long"])
    assert found["session_id"] == "s" * 700
    assert found["ml_app"] == "m" * 300
    assert found["k" * 400] == "vé" * 400
    assert found['quo"te'] == 'a"\\b'
    assert found["n"] == "7"
