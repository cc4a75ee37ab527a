"""Web frameworks and HTTP clients, the real ones: one request is one trace."""

from __future__ import annotations

import asyncio
import concurrent.futures
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from catalejo.sdk.llmobs import LLMObs
from catalejo.span import current

from tests.python import web_apps
from tests.python.in_process import Sent, recorder, sent

__all__ = ["recorder", "sent"]


@pytest.fixture(scope="module", params=web_apps.SERVERS)
def server(request: pytest.FixtureRequest, recorder: Any) -> Iterator[tuple[str, str]]:
    from catalejo import start
    from catalejo.settings import Settings

    start.start(Settings.from_environment(recorder.environment()))
    with web_apps.served(request.param) as url:
        yield request.param, url


def by_requests(url: str) -> str:
    import requests

    return str(requests.get(url, timeout=10).text)


def by_httpx(url: str) -> str:
    import httpx

    return str(httpx.get(url).text)


def by_httpx_async(url: str) -> str:
    import httpx

    async def get() -> str:
        async with httpx.AsyncClient() as client:
            return str((await client.get(url)).text)

    return asyncio.run(get())


def by_httpx2(url: str) -> str:
    httpx2 = pytest.importorskip("httpx2")
    return str(httpx2.get(url).text)


def by_aiohttp(url: str) -> str:
    import aiohttp

    async def get() -> str:
        async with aiohttp.ClientSession() as session, session.get(url) as answer:
            return str(await answer.text())

    return asyncio.run(get())


def by_aiohttp_request(url: str) -> str:
    import aiohttp

    async def get() -> str:
        async with aiohttp.request("GET", url, headers=[("x-own", "1")]) as answer:
            return str(await answer.text())

    return asyncio.run(get())


CLIENTS = (by_requests, by_httpx, by_httpx_async, by_httpx2, by_aiohttp, by_aiohttp_request)


@pytest.mark.parametrize("client", CLIENTS)
def test_client_and_server_are_one_trace(
    server: tuple[str, str], client: Callable[[str], str], sent: Sent
) -> None:
    with LLMObs.agent("client", session_id="s-1", ml_app="client-app") as span:
        assert "done" in client(f"{server[1]}/work?name=a")
    spans = sent.by_name()
    assert set(spans) == {"client", "a.1", "a.2"}
    assert sent.trace_ids() == {f"{span.trace_id:032x}"}
    for name in ("a.1", "a.2"):
        assert spans[name]["parent_id"] == str(span.span_id)
        assert spans[name]["_dd"]["apm_trace_id"] == f"{span.apm_trace_id:032x}"
        assert spans[name]["session_id"] == "s-1"
        assert spans[name]["ml_app"] == "client-app"
        assert spans[name]["meta"]["agent_attribution"]["pagent_name"] == "client"
    assert current.get() is None


def test_a_request_without_headers_is_one_trace(server: tuple[str, str], sent: Sent) -> None:
    for name in ("a", "b"):
        assert "done" in by_requests(f"{server[1]}/work?name={name}")
    spans = sent.by_name()
    assert spans["a.1"]["trace_id"] == spans["a.2"]["trace_id"]
    assert spans["b.1"]["trace_id"] == spans["b.2"]["trace_id"]
    assert len(sent.trace_ids()) == 2
    assert all(span["parent_id"] == "undefined" for span in spans.values())


def test_a_request_of_another_tracer(server: tuple[str, str], sent: Sent) -> None:
    import requests

    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    headers = {"traceparent": f"00-{trace}-00f067aa0ba902b7-01", "TraceState": "a=b"}
    requests.get(f"{server[1]}/work?name=a", headers=headers, timeout=10)
    assert sent.trace_ids() == {trace}


@pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume")
@pytest.mark.parametrize("path", ["thread", "stream", "mounted/work", "async/work", "async/stream"])
def test_ways_to_answer(server: tuple[str, str], path: str, sent: Sent) -> None:
    kind, url = server
    if path.startswith("async") and not kind.startswith("django"):
        pytest.skip("a route of Django's")
    if path.startswith("mounted") and kind != "starlette":
        pytest.skip("a route of Starlette's")
    if path == "async/stream" and kind == "django_wsgi":
        pytest.skip("Django reads it to its end before it answers, in a loop of its own")
    with LLMObs.workflow("client") as span:
        assert by_requests(f"{url}/{path}?name=a") in ("done", '"done"', "first second")
    spans = sent.by_name()
    assert set(spans) == {"client", "a.1", "a.2"}
    assert sent.trace_ids() == {f"{span.trace_id:032x}"}
    assert spans["a.2"]["parent_id"] == str(span.span_id), "not below another step"


def test_work_after_the_answer(server: tuple[str, str], sent: Sent) -> None:
    kind, url = server
    if kind.startswith("django"):
        pytest.skip("Django has no such thing")
    with LLMObs.workflow("client") as span:
        by_requests(f"{url}/later?name=a")
    until(lambda: len(sent.spans()) == 3)
    assert sent.trace_ids() == {f"{span.trace_id:032x}"}


def until(condition: Callable[[], bool]) -> None:
    import time

    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_errors_end_the_request(server: tuple[str, str], sent: Sent) -> None:
    """On a connection that is kept, an error must not leave its context to the next request."""
    import requests
    from urllib3 import Retry

    with requests.Session() as session:
        # uvicorn ends the connection after an error, while the next request may be under way.
        again = requests.adapters.HTTPAdapter(max_retries=Retry(3, allowed_methods=["GET"]))
        session.mount("http://", again)
        for name in ("a", "b", "c"):
            path = "error" if name != "c" else "work"
            answer = session.get(f"{server[1]}/{path}?name={name}", timeout=10)
            assert answer.status_code == (500 if path == "error" else 200)
    spans = sent.by_name()
    assert len(sent.trace_ids()) == 3
    assert spans["c.1"]["trace_id"] == spans["c.2"]["trace_id"]


@pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume")
def test_a_hundred_at_once(server: tuple[str, str], sent: Sent) -> None:
    import requests

    def ask(number: int) -> None:
        with LLMObs.workflow(f"client{number}"), requests.Session() as session:
            for step in "ab":
                path = "stream" if number % 2 else "work"
                session.get(f"{server[1]}/{path}?name=n{number}{step}", timeout=30)

    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        list(pool.map(ask, range(100)))
    spans = sent.by_name()
    assert len(spans) == 500
    assert len(sent.trace_ids()) == 100
    for number in range(100):
        client = spans[f"client{number}"]
        for name in ("a.1", "a.2", "b.1", "b.2"):
            assert spans[f"n{number}{name}"]["trace_id"] == client["trace_id"]
            assert spans[f"n{number}{name}"]["parent_id"] == client["span_id"]


def test_three_services_in_a_row(sent: Sent) -> None:
    """A request without headers, handed on by services that have no span of their own open."""
    with (
        web_apps.served("fastapi") as first, web_apps.served("flask") as second,
        web_apps.served("aiohttp") as third,
    ):  # fmt: skip
        last = f"{third}/work?name=c"
        then = f"{second}/call?name=b%26to={last.replace('?', '%3F')}".replace("%26", "&")
        import httpx

        answer = httpx.get(f"{first}/call", params={"name": "a", "to": then})
        assert "done" in answer.text
    spans = sent.by_name()
    assert set(spans) == {"a.1", "b.1", "c.1", "c.2"}
    assert len(sent.trace_ids()) == 1
    assert len({span["_dd"]["apm_trace_id"] for span in spans.values()}) == 1


def test_a_client_that_breaks_off(sent: Sent) -> None:
    """The body is never read to its end; the next request on the server is not part of it."""
    import requests

    with web_apps.served("flask") as url:
        answer = requests.get(f"{url}/stream?name=a", stream=True, timeout=10)
        answer.close()
        by_requests(f"{url}/work?name=b")
    spans = sent.by_name()
    assert spans["b.1"]["trace_id"] == spans["b.2"]["trace_id"] != spans["a.1"]["trace_id"]


def test_an_application_called_in_the_same_task(sent: Sent) -> None:
    """As tests do it: no server between client and application."""
    import httpx

    async def ask() -> None:
        transport = httpx.ASGITransport(app=web_apps.application("starlette"))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            with LLMObs.workflow("client") as span:
                await client.get("/work?name=a")
                assert current.get() is span
            await client.get("/work?name=b")
            assert current.get() is None

    asyncio.run(ask())
    spans = sent.by_name()
    assert spans["a.1"]["parent_id"] == spans["client"]["span_id"]
    assert spans["b.1"]["trace_id"] == spans["b.2"]["trace_id"] != spans["client"]["trace_id"]


def test_flask_test_client_leaves_nothing_behind(sent: Sent) -> None:
    client = web_apps.application("flask").test_client()
    answer = client.get("/stream?name=a")
    assert current.get() is None
    assert answer.get_data() == b"first second"
    assert current.get() is None
    assert len(sent.trace_ids()) == 1


def test_own_headers_of_the_application_are_untouched(sent: Sent) -> None:
    """What is handed to a client is not changed by us: it may be shared between requests."""
    import aiohttp

    given = {"x-own": "1"}

    async def ask(url: str) -> None:
        async with aiohttp.ClientSession() as session:
            with LLMObs.workflow("client"):
                await session.get(url, headers=given)
                await session.ws_connect(url.replace("work", "none"), headers=given)

    with web_apps.served("aiohttp") as url, pytest.raises(aiohttp.WSServerHandshakeError):
        asyncio.run(ask(f"{url}/work?name=a"))
    assert given == {"x-own": "1"}


@pytest.mark.parametrize("kind", ["starlette", "aiohttp"])
def test_messages_of_a_socket_are_traces_of_their_own(sent: Sent, kind: str) -> None:
    """Unless its client is traced and said so when it connected."""
    import aiohttp

    async def talk(url: str, names: list[str]) -> None:
        async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
            for name in names:
                await socket.send_str(name)
                assert await socket.receive_str(timeout=10) == name

    with web_apps.served(kind) as url:
        asyncio.run(talk(f"{url}/socket", ["a", "b"]))
        with LLMObs.workflow("client"):
            asyncio.run(talk(f"{url}/socket", ["c", "d"]))
    spans = sent.by_name()
    assert spans["a"]["trace_id"] != spans["b"]["trace_id"]
    assert spans["c"]["trace_id"] == spans["d"]["trace_id"] == spans["client"]["trace_id"]


def test_models_get_no_headers(sent: Sent) -> None:
    import httpx

    seen: dict[str, Any] = {}

    def answer(request: httpx.Request) -> httpx.Response:
        seen[request.url.host] = "traceparent" in request.headers
        return httpx.Response(200)

    client = httpx.Client(transport=httpx.MockTransport(answer))
    with LLMObs.workflow("client"):
        client.get("https://resource.openai.azure.com/openai/deployments")
        client.get("https://service.test/")
    client.get("https://without-span.test/")
    assert seen == {
        "resource.openai.azure.com": False, "service.test": True, "without-span.test": False
    }  # fmt: skip
