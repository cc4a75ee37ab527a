"""A function app on the real `azure-functions`, and a host that does what the worker does with it.

`python -m tests.python.apps.function_app NAME HOW`: indexes the app, invokes one function in the
worker's way, prints the milliseconds that took and how it answered, and ends as HOW says.
"""

from __future__ import annotations

import asyncio
import inspect
import os
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import azure.functions as func
from catalejo import span
from catalejo.functions import invocation

PARENT = "00-0123456789abcdef0123456789abcdef-00f067aa0ba902b7-01"
HAS_PARENT = os.environ.get("REQUEST_WITHOUT_PARENT") != "1"

app = func.FunctionApp()
blueprint = func.Blueprint()


def record(name: str) -> None:
    span.start("task", name).finish()


@app.route(route="chat")
def chat(req: func.HttpRequest) -> func.HttpResponse:
    record("chat")
    return func.HttpResponse(req.params["question"])


@app.route(route="chat_async")
async def chat_async(req: func.HttpRequest) -> func.HttpResponse:
    await asyncio.sleep(0.01)
    record("chat_async")
    return func.HttpResponse(req.params["question"])


@app.timer_trigger(schedule="0 * * * * *", arg_name="timer")
def tick(timer: func.TimerRequest) -> None:
    record("tick")


@app.route(route="twice")
def twice(req: func.HttpRequest) -> str:
    record("first")
    record("second")
    return "both"


@app.queue_trigger(arg_name="message", queue_name="q", connection="c")
async def fails(message: func.QueueMessage) -> None:
    record("fails")
    raise ValueError("theirs")


@blueprint.route(route="printed")
def printed(req: func.HttpRequest, context: func.Context) -> str:
    record("printed")
    return f"{context.function_name} says {req.params['question']}"


app.register_functions(blueprint)


@invocation
def main(req: func.HttpRequest) -> str:
    """Of the older model, where function.json names `main`."""
    record("main")
    return "older"


class Context(func.Context):
    invocation_id = "1"
    function_name = "printed"
    function_directory = "."
    trace_context: Any = None
    retry_context: Any = None
    thread_local_storage: Any = None


def request() -> func.HttpRequest:
    return func.HttpRequest(
        "GET", "http://localhost/api/chat", params={"question": "how much?"}, body=b"",
        headers={"Traceparent": PARENT} if HAS_PARENT else {"x-other": "1"},
    )  # fmt: skip


def invoke(function: Any) -> Any:
    """As the worker's dispatcher: by keyword, threads for plain functions, the loop for async."""
    given: dict[str, Any] = {
        "req": request(), "timer": object(), "message": object(), "context": Context()
    }  # fmt: skip
    wanted = inspect.signature(function).parameters
    arguments = {name: given[name] for name in wanted}
    if asyncio.iscoroutinefunction(function):
        return asyncio.run(function(**arguments))
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: function(**arguments)).result()


def host(name: str, how: str) -> None:
    known = {each.get_function_name(): each.get_user_function() for each in app.get_functions()}
    known["main"] = main
    assert known[name].__name__ == name
    begun = time.monotonic()
    try:
        answer = invoke(known[name])
    except ValueError as error:
        answer = error
    took_ms = 1_000 * (time.monotonic() - begun)
    said = answer.get_body().decode() if isinstance(answer, func.HttpResponse) else answer
    print(f"{took_ms:.0f}\n{said}", flush=True)
    if how == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if how == "hard exit":
        # The real one: the process is gone before anything of ours can run.
        sys.modules["posix"]._exit(5)


if __name__ == "__main__":
    host(*sys.argv[1:])
