"""An application that OpenTelemetry traces already: by its own code, or started under
`opentelemetry-instrument`. Prints one JSON line: what it heard, OpenTelemetry's spans, and the
headers that its requests to another service had."""

from __future__ import annotations

import json
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import httpx
import openai
from opentelemetry import propagate, trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

exporter = InMemorySpanExporter()
received: list[dict[str, str]] = []


def set_up() -> None:
    provider = trace.get_tracer_provider()
    if not isinstance(provider, TracerProvider):
        from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
        from opentelemetry.instrumentation.openai_v2 import OpenAIInstrumentor

        provider = TracerProvider()
        trace.set_tracer_provider(provider)
        OpenAIInstrumentor().instrument()
        HTTPXClientInstrumentor().instrument()
    provider.add_span_processor(SimpleSpanProcessor(exporter))


class Service(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        received.append({name.lower(): value for name, value in self.headers.items()})
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        return


def calls(client: Any) -> dict[str, Any]:
    asked: Any = [{"role": "user", "content": "What is a spyglass?"}]
    heard: dict[str, Any] = {}
    whole = client.chat.completions.create(model="chat-prod", messages=asked)
    heard["whole"] = whole.choices[0].message.content, whole.usage.total_tokens
    parts, usage = [], None
    for chunk in client.chat.completions.create(model="chat-mini", messages=asked, stream=True):
        parts += [choice.delta.content or "" for choice in chunk.choices]
        usage = usage or chunk.usage
    heard["stream"] = "".join(parts), usage
    try:
        client.chat.completions.create(model="no-such-deployment", messages=asked)
    except openai.NotFoundError as error:
        heard["error"] = str(error)
    heard["embedding"] = len(client.embeddings.create(model="embed", input="x").data)
    return heard


def service_to_service(client: Any, url: str) -> None:
    """Asks another service, and then does what that service would: goes on with its headers."""
    with trace.get_tracer("app").start_as_current_span("handle"):
        if "catalejo" not in sys.modules:  # the run without us
            httpx.get(url)
            return
        from catalejo import LLMObs

        with LLMObs.workflow(name="ours"):
            httpx.get(url)
    headers = received[-1]
    LLMObs.activate_distributed_headers(headers)
    with trace.get_tracer("app").start_as_current_span("serve", propagate.extract(headers)):
        client.embeddings.create(model="embed", input="served")


def main() -> None:
    set_up()
    service = HTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=service.serve_forever, daemon=True).start()
    client = openai.AzureOpenAI(
        azure_endpoint=os.environ["AZURE_OPENAI_ENDPOINT"],
        api_key=os.environ["AZURE_OPENAI_API_KEY"], api_version="2024-10-21", max_retries=0,
    )  # fmt: skip
    heard = calls(client)
    count = len(exporter.get_finished_spans())
    service_to_service(client, f"http://127.0.0.1:{service.server_address[1]}/")
    spans = [
        {"name": span.name, "trace": f"{span.context.trace_id:032x}",
         "attributes": dict(span.attributes or {})}
        for span in exporter.get_finished_spans()
    ]  # fmt: skip
    said = {"heard": heard, "calls": spans[:count], "service": spans[count:], "headers": received}
    print(json.dumps(said, default=str))


main()
