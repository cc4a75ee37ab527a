"""One small application for each web framework, all with the same routes, served on loopback by the
framework's usual server in a thread. Imported after the tracer has started.

/work?name=N    two LLM spans, N.1 and N.2, and no span around them
/stream?name=N  the same, the second one when the body is half sent
/error?name=N   N.1, then an exception
/later?name=N   N.1 before the answer, N.2 after it, where the framework can do that
/call?name=N&to=URL   N.1, then a request to URL
"""

# mypy: disable-error-code="untyped-decorator,no-any-return"
from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

from catalejo.sdk.llmobs import LLMObs
from catalejo.span import Span, current

Application = Any
SERVERS = ("starlette", "fastapi", "flask", "django_wsgi", "django_asgi", "aiohttp")


kept_tasks: list[asyncio.Task[None]] = []  # asyncio itself holds them only weakly


class Failure(Exception):
    """What /error raises."""


def step(name: str) -> None:
    with LLMObs.llm(name=name):
        assert isinstance(current.get(), Span)


async def pause(name: str) -> None:
    with LLMObs.llm(name=name):
        await asyncio.sleep(0.002)


def halves(name: str) -> Iterator[bytes]:
    yield b"first "
    step(f"{name}.2")
    yield b"second"


async def async_halves(name: str) -> AsyncIterator[bytes]:
    yield b"first "
    await pause(f"{name}.2")
    yield b"second"


def starlette_app(make: Callable[..., Any] | None = None) -> Application:
    from starlette.applications import Starlette
    from starlette.background import BackgroundTask
    from starlette.middleware import Middleware
    from starlette.middleware.base import BaseHTTPMiddleware
    from starlette.responses import PlainTextResponse, StreamingResponse
    from starlette.routing import Mount, Route, WebSocketRoute

    async def work(request: Any) -> Any:
        name = request.query_params["name"]
        await pause(f"{name}.1")
        await pause(f"{name}.2")
        return PlainTextResponse("done")

    def in_thread(request: Any) -> Any:
        name = request.query_params["name"]
        step(f"{name}.1")
        step(f"{name}.2")
        return PlainTextResponse("done")

    async def stream(request: Any) -> Any:
        name = request.query_params["name"]
        await pause(f"{name}.1")
        return StreamingResponse(async_halves(name))

    async def error(request: Any) -> Any:
        await pause(f"{request.query_params['name']}.1")
        raise Failure

    async def later(request: Any) -> Any:
        name = request.query_params["name"]
        await pause(f"{name}.1")
        return PlainTextResponse("done", background=BackgroundTask(step, f"{name}.2"))

    async def socket(websocket: Any) -> None:
        await websocket.accept()
        async for name in websocket.iter_text():
            await pause(name)
            await websocket.send_text(name)

    async def through(request: Any, call_next: Any) -> Any:
        return await call_next(request)

    routes = [
        Route("/work", work), Route("/thread", in_thread), Route("/stream", stream),
        Route("/error", error), Route("/later", later),
    ]  # fmt: skip
    inner = Starlette(routes=[Route("/work", work)])
    return Starlette(
        routes=[*routes, Mount("/mounted", app=inner), WebSocketRoute("/socket", socket)],
        middleware=[Middleware(BaseHTTPMiddleware, dispatch=through)],
    )


def fastapi_app() -> Application:
    from fastapi import BackgroundTasks, Depends, FastAPI
    from fastapi.responses import StreamingResponse

    app = FastAPI()

    async def depended(name: str) -> str:
        await pause(f"{name}.1")
        return name

    # The annotations are read by FastAPI at run time, so they are made here, not written.
    async def work(name: Any = Depends(depended)) -> str:  # noqa: B008
        await pause(f"{name}.2")
        return "done"

    def in_thread(name: str) -> str:
        step(f"{name}.1")
        step(f"{name}.2")
        return "done"

    async def stream(name: str) -> Any:
        await pause(f"{name}.1")
        return StreamingResponse(halves(name))  # a plain generator, run in threads

    async def error(name: str) -> None:
        await pause(f"{name}.1")
        raise Failure

    async def later(name: str, tasks: Any) -> str:
        await pause(f"{name}.1")
        tasks.add_task(pause, f"{name}.2")
        return "done"

    async def call(name: str, to: str) -> str:
        import httpx

        await pause(f"{name}.1")
        async with httpx.AsyncClient() as client:
            return (await client.get(to)).text

    later.__annotations__["tasks"] = BackgroundTasks
    for function in (work, stream, error, later, call):
        app.get(f"/{function.__name__}", response_model=None)(function)
    app.get("/thread", response_model=None)(in_thread)
    return app


def flask_app() -> Application:
    from flask import Flask, Response, request, stream_with_context

    app = Flask("tests")

    @app.get("/work")
    def work() -> str:
        name = request.args["name"]
        step(f"{name}.1")
        step(f"{name}.2")
        return "done"

    @app.get("/stream")
    def stream() -> Any:
        name = request.args["name"]
        step(f"{name}.1")
        return Response(stream_with_context(halves(name)))

    @app.get("/error")
    def error() -> str:
        step(f"{request.args['name']}.1")
        raise Failure

    @app.get("/later")
    def later() -> Any:
        name = request.args["name"]
        step(f"{name}.1")
        response = Response("done")
        response.call_on_close(lambda: step(f"{name}.2"))
        return response

    @app.get("/call")
    def call() -> str:
        import requests

        step(f"{request.args['name']}.1")
        return requests.get(request.args["to"], timeout=10).text

    app.add_url_rule("/thread", "thread", work)
    return app


def django_urls() -> list[Any]:
    import django
    from django.conf import settings

    if not settings.configured:
        settings.configure(
            ROOT_URLCONF=type("urls", (), {"urlpatterns": []}), ALLOWED_HOSTS=["*"],
            SECRET_KEY="tests", DEBUG=False, LOGGING_CONFIG=None,
        )  # fmt: skip
        django.setup()
    from django.http import HttpResponse, StreamingHttpResponse
    from django.urls import path

    def work(request: Any) -> Any:
        name = request.GET["name"]
        step(f"{name}.1")
        step(f"{name}.2")
        return HttpResponse("done")

    async def async_work(request: Any) -> Any:
        name = request.GET["name"]
        await pause(f"{name}.1")
        await pause(f"{name}.2")
        return HttpResponse("done")

    def stream(request: Any) -> Any:
        name = request.GET["name"]
        step(f"{name}.1")
        return StreamingHttpResponse(halves(name))

    async def async_stream(request: Any) -> Any:
        name = request.GET["name"]
        await pause(f"{name}.1")
        return StreamingHttpResponse(async_halves(name))

    def error(request: Any) -> Any:
        step(f"{request.GET['name']}.1")
        raise Failure

    return [
        path("work", work), path("thread", work), path("async/work", async_work),
        path("stream", stream), path("async/stream", async_stream), path("error", error),
    ]  # fmt: skip


def django_app(asynchronous: bool) -> Application:
    urls = django_urls()
    from django.conf import settings

    settings.ROOT_URLCONF = type("urls", (), {"urlpatterns": urls})
    from django.core.asgi import get_asgi_application
    from django.core.wsgi import get_wsgi_application

    return get_asgi_application() if asynchronous else get_wsgi_application()


def aiohttp_app() -> Application:
    from aiohttp import ClientSession, web

    async def work(request: Any) -> Any:
        name = request.query["name"]
        await pause(f"{name}.1")
        await pause(f"{name}.2")
        return web.Response(text="done")

    async def thread(request: Any) -> Any:
        name = request.query["name"]
        await asyncio.to_thread(step, f"{name}.1")
        await asyncio.get_running_loop().run_in_executor(None, step, f"{name}.2")
        return web.Response(text="done")

    async def stream(request: Any) -> Any:
        name = request.query["name"]
        await pause(f"{name}.1")
        return web.Response(body=async_halves(name))

    async def error(request: Any) -> Any:
        await pause(f"{request.query['name']}.1")
        raise Failure

    async def later(request: Any) -> Any:
        name = request.query["name"]
        await pause(f"{name}.1")
        kept_tasks.append(asyncio.create_task(pause(f"{name}.2")))
        return web.Response(text="done")

    async def call(request: Any) -> Any:
        await pause(f"{request.query['name']}.1")
        async with ClientSession() as session, session.get(request.query["to"]) as answer:
            return web.Response(text=await answer.text())

    async def socket(request: Any) -> Any:
        websocket = web.WebSocketResponse()
        await websocket.prepare(request)
        async for message in websocket:
            await pause(message.data)
            await websocket.send_str(message.data)
        return websocket

    app = web.Application()
    app.router.add_get("/socket", socket)
    for handler in (work, thread, stream, error, later, call):
        app.router.add_get(f"/{handler.__name__}", handler)
    return app


def application(kind: str) -> Application:
    if kind.startswith("django"):
        return django_app(kind == "django_asgi")
    made: dict[str, Callable[[], Application]] = {
        "starlette": starlette_app, "fastapi": fastapi_app, "flask": flask_app,
        "aiohttp": aiohttp_app,
    }  # fmt: skip
    return made[kind]()


@contextlib.contextmanager
def served(kind: str) -> Iterator[str]:
    """The application's URL, while it is served."""
    app = application(kind)
    if kind in ("flask", "django_wsgi"):
        serve = _served_wsgi
    elif kind == "aiohttp":
        serve = _served_aiohttp
    else:
        serve = _served_asgi
    with serve(app) as url:
        yield url


@contextlib.contextmanager
def _served_wsgi(app: Application) -> Iterator[str]:
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Quiet(WSGIRequestHandler):
        def log(self, type: str, message: str, *args: Any) -> None:
            return

    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(10)
    server.server_close()


@contextlib.contextmanager
def _served_asgi(app: Application) -> Iterator[str]:
    import uvicorn

    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@contextlib.contextmanager
def _served_aiohttp(app: Application) -> Iterator[str]:
    from aiohttp import web

    loop = asyncio.new_event_loop()
    runner = web.AppRunner(app, access_log=None)
    started = threading.Event()

    async def begin() -> None:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        started.set()

    def run() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(begin())
        loop.run_forever()
        loop.run_until_complete(runner.cleanup())
        loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert started.wait(20)
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
