"""An application of ddtrace.llmobs that uses all of it. test_sdk_same.py runs it as it is, and with
`ddtrace.llmobs` replaced by `catalejo.llmobs`, and compares what arrives.

Each scenario's spans are named after it, so that they can be told apart. Prints as JSON what the
application itself could notice: values returned, types of exceptions.
"""

# mypy: disable-error-code="untyped-decorator,no-any-return"
# ruff: noqa: B018, SIM117
from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import dataclasses
import datetime
import decimal
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

from ddtrace.llmobs import Agent, LLMObs, LLMObsSpan, Prompt
from ddtrace.llmobs.decorators import agent, embedding, llm, retrieval, task, tool, workflow
from ddtrace.llmobs.utils import Documents, Messages

from tests.python.sdk_mistakes import mistakes, notice, noticed, wrong_annotations

DOCUMENTS = [
    {"text": "Un catalejo acerca lo lejano.", "name": "óptica.md", "id": "d1", "score": 0.91},
    {"text": "It has two lenses.", "name": "lenses.md", "id": "d2", "score": 0},
]
CALL = {"name": "look_up", "arguments": {"word": "catalejo"}, "tool_id": "c1", "type": "function"}
RESULT = {"name": "look_up", "result": "spyglass", "tool_id": "c1", "type": "tool_result"}


@dataclasses.dataclass
class Point:
    x: int
    y: float


def kinds() -> None:
    with LLMObs.workflow(name="kinds", session_id="session-42") as top:
        with LLMObs.agent("kinds.agent", version="1.2") as one:
            with LLMObs.tool(name="kinds.tool") as span:
                LLMObs.annotate(span=span, input_data={"word": "catalejo"}, output_data="spyglass")
            with LLMObs.retrieval(name="kinds.search") as span:
                LLMObs.annotate(span=span, input_data="¿qué?", output_data=DOCUMENTS)
            with LLMObs.retrieval():
                LLMObs.annotate(input_data={"q": "qué", "k": 2}, output_data="one text")
            with LLMObs.embedding(name="kinds.embed", model_name="own", model_provider="OWN"):
                LLMObs.annotate(input_data=[{"text": "hola"}, "y adiós"], output_data=[1.5, 2])
            with LLMObs.embedding():
                LLMObs.annotate(input_data=Documents("texto"), output_data="[3 floats]")
            with LLMObs.llm(model_name="llama", name="kinds.llm", model_provider="Own"):
                LLMObs.annotate(
                    input_data=[{"role": "user", "content": "hola 🔭"}, "a text"],
                    output_data={"role": "assistant", "content": "", "tool_calls": [CALL]},
                    metadata={"temperature": 0.5},
                    metrics={"input_tokens": 11, "output_tokens": 2, "total.tokens": 13, "x": True},
                )
            with LLMObs.llm():
                LLMObs.annotate(
                    input_data=Messages({"content": "", "role": "tool", "tool_results": [RESULT]}),
                    output_data="done",
                )
                LLMObs.annotate(output_data=[{"content": "rather this"}])
            LLMObs.annotate(span=one, input_data="in", output_data="out")
        LLMObs.annotate(
            top, input_data=("a", 1, None), output_data=Point(1, 2.5), tags={"team": "ops", "n": 1}
        )
        LLMObs.annotate(top, metadata={"a": 1, "b": {"c": [1, None]}}, metrics={"score": 1.5})
        LLMObs.annotate(top, metadata={"a": 2}, tags={"team": "dev"}, metrics={"score": 2})
    noticed["kinds.attributes"] = [top.name, top.finished, top.span_type, one.name]
    noticed["kinds.export"] = sorted(notice_export(top))


def notice_export(span: Any) -> dict[str, str]:
    exported: dict[str, str] = LLMObs.export_span(span)
    assert exported["span_id"] == str(span.span_id)
    assert len(exported["trace_id"]) == 32
    return exported


def media() -> None:
    with LLMObs.llm(name="media"):
        LLMObs.annotate(
            input_data=[
                {
                    "role": "user",
                    "content": "see",
                    "image_parts": [{"mime_type": "image/png", "content": "aGk="}],
                    "audio_parts": [{"mime_type": "audio/wav", "attachment_key": "k"}],
                }
            ],
            tool_definitions=[
                {"name": "look_up", "description": "d", "schema": {"type": "object"}},
                {"name": "versioned", "version": "7", "description": 3, "schema": "no"},
                {"nameless": 1},
                "no dict",
            ],
        )
        with LLMObs.tool(name="versioned"):
            LLMObs.annotate(input_data=[1, 2], output_data=True)
        with LLMObs.tool(name="unknown tool"):
            pass


def odd_values() -> None:
    with LLMObs.task(name="odd"):
        LLMObs.annotate(
            input_data={"when": datetime.date(2026, 1, 2), "z": 1, "a": [decimal.Decimal("1.5")]},
            output_data=0,
            metadata={
                3: "int key",
                "set": {1},
                "date": datetime.date(2026, 1, 2),
                "point": Point(1, 2.0),
                "kind": int,
                "tuple": (1, "b"),
                "nested": {"p": [Point(3, 4.0)]},
            },
            tags={"k": None, "b": True, 5: 6},
        )
    with LLMObs.task(name="odd.empty"):
        LLMObs.annotate(input_data="", output_data={})
    with LLMObs.task(name="odd.none"):
        LLMObs.annotate(input_data=None, output_data=None, metadata={}, tags={}, metrics={})


@workflow
def plain_function(question: str, *rest: int, depth: int = 2, **more: Any) -> dict[str, Any]:
    return {"answer": question.upper(), "rest": rest, "depth": depth, "more": more}


@task(name="renamed")
def annotates_itself(value: int) -> int:
    LLMObs.annotate(output_data="mine", tags={"own": "1"})
    return value + 1


@tool
def no_arguments() -> None:
    return None


@retrieval
def search(query: str) -> list[dict[str, Any]]:
    LLMObs.annotate(output_data=DOCUMENTS)
    return [{"not": "recorded"}]


@llm(model_name="gpt-own", model_provider="Own", name="decorated_llm")
def model_call(prompt: str) -> list[dict[str, str]]:
    return [{"role": "assistant", "content": prompt}]


@llm
def model_call_odd(prompt: str) -> Any:
    return {"content": 5}


@embedding(model_name="embedder")
def vectors(texts: list[str]) -> list[float]:
    LLMObs.annotate(input_data=texts)
    return [0.5]


@agent(version="3", name="decorated_agent")
def an_agent(goal: str) -> str:
    return plain_function(goal)["answer"]


@task(_automatic_io_annotation=False)
def silent(value: int) -> int:
    return value


@workflow(session_id="session-7", ml_app="other-app")
def of_other_app() -> str:
    with LLMObs.task(name="below_other_app"):
        return "ok"


class Service:
    @tool(name="method")
    def method(self, value: int) -> int:
        return value * 2

    @task
    def lonely(self) -> None:
        return None

    @task
    async def coroutine(self, value: int) -> int:
        await asyncio.sleep(0)
        return value * 3


@task
def fails(value: int) -> None:
    raise ValueError(f"no cuadra: {value} ≠ 3")


@workflow
def generator(count: int) -> Iterator[int]:
    for number in range(count):
        with LLMObs.task(name=f"generator.{number}"):
            pass
        yield number


@workflow
def breaking_generator() -> Iterator[int]:
    yield 1
    raise RuntimeError("half way")


@task
async def async_generator(count: int) -> AsyncIterator[int]:
    for number in range(count):
        with LLMObs.task(name=f"async_generator.{number}"):
            await asyncio.sleep(0)
        yield number


@agent
async def async_agent(goal: str) -> str:
    with LLMObs.tool(name="async_agent.tool"):
        await asyncio.sleep(0)
    return f"{goal}!"


@task
async def async_fails() -> None:
    raise KeyError("async")


def decorated() -> None:
    noticed["function"] = plain_function("hola", 1, 2, depth=3, colour="azul")
    noticed["itself"] = annotates_itself(1)
    noticed["nothing"] = no_arguments()
    noticed["search"] = search("q")
    noticed["model"] = model_call("¿hola?")
    noticed["model odd"] = model_call_odd("hola")
    noticed["vectors"] = vectors(["a", "b"])
    noticed["agent"] = an_agent("meta")
    noticed["silent"] = silent(5)
    noticed["other app"] = of_other_app()
    noticed["method"] = Service().method(4)
    noticed["lonely"] = Service().lonely()
    noticed["names"] = [plain_function.__name__, generator.__name__, async_agent.__name__]
    notice("fails", lambda: fails(2))
    notice("wrong arguments", lambda: fails(1, 2, 3))


def generators() -> None:
    noticed["generator"] = list(generator(2))
    for number in generator(9):
        if number == 1:
            break
    notice("breaking", lambda: list(breaking_generator()))


async def coroutines() -> None:
    noticed["async agent"] = await async_agent("meta")
    noticed["async method"] = await Service().coroutine(2)
    noticed["async generator"] = [number async for number in async_generator(2)]
    with contextlib.suppress(KeyError):
        await async_fails()
    async with contextlib.AsyncExitStack():
        with LLMObs.workflow(name="gathered"):
            await asyncio.gather(*(task_in(number) for number in range(3)))
            await asyncio.create_task(task_in(3))
            await asyncio.to_thread(in_thread, "to_thread")
            await asyncio.get_running_loop().run_in_executor(None, in_thread, "run_in_executor")


async def task_in(number: int) -> None:
    with LLMObs.task(name=f"gathered.{number}"):
        await asyncio.sleep(0.01)
        with LLMObs.tool(name=f"gathered.{number}.tool"):
            await asyncio.sleep(0.01)


def in_thread(name: str) -> None:
    with LLMObs.task(name=name):
        pass


def executors() -> None:
    with (
        concurrent.futures.ThreadPoolExecutor(2) as pool,
        LLMObs.agent(name="executor"),
        LLMObs.workflow(name="executor.workflow"),
    ):
        list(pool.map(in_thread, ["mapped.1", "mapped.2"]))
        pool.submit(in_thread, "submitted").result()


def prompts() -> None:
    prompt = Prompt(
        id="greeting", version="2", template="Hola {{name}}", variables={"name": "Ana"},
        tags={"t": "1"}, rag_context_variables=["name"], rag_query_variables=["q"],
    )  # fmt: skip
    with LLMObs.llm(name="prompt"):
        LLMObs.annotate(input_data="Hola Ana", prompt=prompt)
        LLMObs.annotate(prompt={"label": "production", "variables": {"name": "Eva"}})
    chat = [
        {"role": "system", "content": "be brief", "extra": 1},
        {"type": "placeholder", "name": "history", "role": "x"},
    ]
    with LLMObs.llm(name="prompt.chat"):
        LLMObs.annotate(prompt={"chat_template": chat})
    with LLMObs.workflow(name="prompt.parent"):
        LLMObs.annotate(prompt={"id": "inherited"})
        with LLMObs.llm(name="prompt.child"):
            LLMObs.annotate(input_data="x")
            with LLMObs.task(name="prompt.task"), LLMObs.llm(name="prompt.grandchild"):
                pass
    with LLMObs.annotation_context(prompt={"id": "of context"}), LLMObs.llm(name="prompt.context"):
        LLMObs.annotate(output_data="x", tags={"prompt_tracking_instrumentation_method": "auto"})


def contexts() -> None:
    with LLMObs.annotation_context(tags={"outer": 1, "both": "outer"}, name="context.renamed"):
        with LLMObs.annotation_context(tags={"both": "inner"}):
            with LLMObs.workflow(name="context.lost"):
                LLMObs.annotate(tags={"own": 1, "outer": "own"})
        with LLMObs.task(name="context.lost"):
            pass
    with LLMObs.task(name="context.outside"):
        pass
    declared = Agent(
        version="9", name="Ana", instructions="help", model="gpt", model_settings={
            "temperature": 0, "extra_headers": {"k": "secret"}, "stop_sequences": ["a"],
        },
        tools=[{"name": "t", "description": "d", "parameters": {"a": {"type": "string"}}}],
    )  # fmt: skip
    with (
        LLMObs.annotation_context(agent=declared, tags={"cost": "1"}, cost_tags=["cost", "no"]),
        LLMObs.agent(name="context.agent") as span,
        LLMObs.llm(name="context.llm"),
    ):
        LLMObs.annotate(span, agent={"model": "gpt-2", "version": "10"}, cost_tags=["env", 5])


async def async_contexts() -> None:
    async with LLMObs.annotation_context(tags={"async": "1"}):
        await async_agent("in context")


def sessions() -> None:
    with LLMObs.workflow(name="session"):
        with LLMObs.task(name="session.before"):
            pass
        with LLMObs.llm(name="session.first", session_id="s-1"):
            with LLMObs.task(name="session.below"):
                pass
        with LLMObs.task(name="session.after"):
            pass
        with LLMObs.task(name="session.other", session_id="s-2"):
            LLMObs.annotate(tags={"session_id": "s-3"})
            with LLMObs.tool(name="session.third"):
                pass


def errors() -> None:
    with contextlib.suppress(ValueError), LLMObs.workflow(name="error"):
        with LLMObs.task(name="error.below"):
            raise ValueError("no cuadra: 2 ≠ 3")
    span = LLMObs.task(name="error.caught")
    try:
        1 / 0
    except ZeroDivisionError as error:
        span.set_exc_info(type(error), error, error.__traceback__)
    span.finish()
    span.finish()


def order_of_ends() -> None:
    first = LLMObs.workflow(name="order.first")
    second = LLMObs.task(name="order.second")
    first.finish()
    with LLMObs.task(name="order.below_second"):
        pass
    second.finish()
    with LLMObs.task(name="order.new_trace"):
        pass


def processed() -> None:
    def processor(span: LLMObsSpan) -> LLMObsSpan | None:
        if span.get_tag("drop") == "yes":
            return None
        if span.get_tag("fail") == "yes":
            raise RuntimeError("processor")
        for message in [*span.input, *span.output]:
            message["content"] = message["content"].replace("secret", "***")
        span.metadata.pop("secret", None)
        span.metadata["kind"] = span.get_tag("span.kind")
        span.metadata["session"] = span.get_tag("session_id")
        return span

    LLMObs.register_processor(processor)
    with LLMObs.workflow(name="processed", session_id="s-9"):
        LLMObs.annotate(input_data="a secret", output_data={"k": "secret"}, metadata={"secret": 1})
        with LLMObs.llm(name="processed.llm"):
            LLMObs.annotate(input_data="secret", output_data=[{"content": "no secret"}])
        with LLMObs.retrieval(name="processed.search"):
            LLMObs.annotate(input_data="q", output_data=[{"text": "secret", "name": "n"}])
        with LLMObs.task(name="processed.dropped"):
            LLMObs.annotate(tags={"drop": "yes"})
            with LLMObs.task(name="processed.below_dropped"):
                pass
        with LLMObs.task(name="processed.failed"):
            LLMObs.annotate(input_data="secret", tags={"fail": "yes"})
    LLMObs.register_processor(None)
    with LLMObs.task(name="processed.after"):
        LLMObs.annotate(input_data="secret")


def distributed() -> None:
    headers: dict[str, str] = {"x-own": "1"}
    with LLMObs.agent(name="distributed.client", session_id="s-5", ml_app="client-app") as client:
        with LLMObs.workflow(name="distributed.client.below"):
            returned = LLMObs.inject_distributed_headers(headers)
        of_parent = LLMObs.inject_distributed_headers({}, span=client)
    noticed["headers"] = sorted(headers)
    noticed["same dict"] = returned is headers
    noticed["tags"] = sorted(pair.split("=")[0] for pair in headers["x-datadog-tags"].split(","))
    noticed["parents"] = headers["x-datadog-parent-id"] != of_parent["x-datadog-parent-id"]

    def server() -> None:
        LLMObs.activate_distributed_headers(headers)
        with LLMObs.workflow(name="distributed.server"), LLMObs.llm(name="distributed.server.llm"):
            pass

    concurrent.futures.ThreadPoolExecutor(1).submit(server).result()


def evaluations() -> None:
    with LLMObs.task(name="evaluated") as span:
        exported = LLMObs.export_span()
    del span
    submit = LLMObs.submit_evaluation
    submit("score", "score", 0.75, span=exported, timestamp_ms=1, tags={"rater": "tests"})
    submit("tone", "categorical", "amable", span=exported, timestamp_ms=2, assessment="pass")
    submit("right", "Boolean", False, span=exported, timestamp_ms=3, reasoning="because: ñ")
    submit("shape", "json", {"a": [1]}, span=exported, timestamp_ms=4, metadata={"m": {1: 2}})
    submit(
        "joined", "score", 1, span_with_tag_value={"tag_key": "mid", "tag_value": "m-1"},
        timestamp_ms=5, ml_app="other", eval_scope="trace", assessment="fail",
    )  # fmt: skip
    feedback = LLMObs.submit_feedback
    feedback("thumb", "boolean", True, {"id": "u", "type": "end_user"}, span=exported,
             timestamp_ms=6)  # fmt: skip
    feedback("text", "text", "muy bien", {"id": "u"}, session_id="s", timestamp_ms=7)
    feedback("up", "categorical", "up", {"id": "u"}, trace_id="t", assessment="pass",
             reasoning="r", timestamp_ms=8, tags={"k": "v"})  # fmt: skip
    feedback("key", "score", 4, {"id": "u"}, feedback_join_key="ticket-9", timestamp_ms=9)


def main() -> None:
    LLMObs.enable()
    LLMObs.enable(ml_app="ignored the second time")
    noticed["enabled"] = LLMObs.enabled
    for scenario in (
        kinds, media, odd_values, decorated, generators, executors, prompts, contexts, sessions,
        errors, order_of_ends, processed, distributed, evaluations, mistakes, wrong_annotations,
    ):  # fmt: skip
        scenario()
        assert LLMObs.enabled
    asyncio.run(coroutines())
    asyncio.run(async_contexts())
    LLMObs.flush()
    LLMObs.disable()
    noticed["disabled"] = LLMObs.enabled
    with LLMObs.workflow(name="never seen") as span:
        notice("annotate when disabled", lambda: LLMObs.annotate(span, input_data="x"))
    noticed["exported when disabled"] = LLMObs.export_span(span)
    LLMObs.submit_evaluation(label="", metric_type="x", value=1)
    print(json.dumps(noticed, default=str, ensure_ascii=False))


if __name__ == "__main__":
    main()
