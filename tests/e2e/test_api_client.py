"""Datadog's own typed client of the span search, unchanged but for its address."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from datadog_api_client import ApiClient, Configuration
from datadog_api_client.exceptions import UnauthorizedException
from datadog_api_client.v2.api.agent_observability_api import AgentObservabilityApi
from datadog_api_client.v2.model.llm_obs_search_spans_request import LLMObsSearchSpansRequest
from datadog_api_client.v2.model.llm_obs_search_spans_request_attributes import (
    LLMObsSearchSpansRequestAttributes,
)
from datadog_api_client.v2.model.llm_obs_search_spans_request_data import (
    LLMObsSearchSpansRequestData,
)
from datadog_api_client.v2.model.llm_obs_search_spans_request_type import (
    LLMObsSearchSpansRequestType,
)
from datadog_api_client.v2.model.llm_obs_span_filter import LLMObsSpanFilter
from datadog_api_client.v2.model.llm_obs_span_page_query import LLMObsSpanPageQuery

from tests.e2e.harness.load import body_of, event, post
from tests.e2e.harness.program import Catalejo, until

TEXT = "¿Qué es un catalejo? 🔭\r\n"
COUNT = 7


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalejo]:
    """A program with a key that holds COUNT chats and one failed tool call of `found`."""
    program = Catalejo(tmp_path_factory.mktemp("search") / "data")
    program.create_key("search")
    with program:
        chats = [event(number, f"{TEXT}{number}", ml_app="found") for number in range(1, COUNT + 1)]
        tool = event(100, "x", ml_app="found", name="lookup", status="error", parent_id="1")
        tool["trace_id"] = chats[0]["trace_id"]
        tool["meta"] = {
            "span": {"kind": "tool"},
            "input": {"value": "{}"},
            "output": {"value": ""},
            "error": {"type": "ValueError", "message": "no", "stack": "Traceback …"},
        }
        other = event(200, "elsewhere", ml_app="other")
        assert post(program, body_of(*chats, tool, other)).status == 202
        until(lambda: len(program.api.spans(view="spans")) == COUNT + 2, "the spans are stored")
        yield program


@contextmanager
def typed_api(server: Catalejo, key: str) -> Iterator[AgentObservabilityApi]:
    # The client's constructors carry no types.
    configuration = Configuration(host=server.http_url)  # type: ignore[no-untyped-call]
    configuration.api_key = {"apiKeyAuth": key, "appKeyAuth": "any"}
    for name in ("list_llm_obs_spans", "search_llm_obs_spans"):
        configuration.unstable_operations[name] = True
    with ApiClient(configuration) as client:
        yield AgentObservabilityApi(client)  # type: ignore[no-untyped-call]


@pytest.fixture
def api(searched: Catalejo) -> Iterator[AgentObservabilityApi]:
    with typed_api(searched, searched.key) as api:
        yield api


def test_a_list_is_parsed_with_all_its_fields(api: AgentObservabilityApi) -> None:
    answer = api.list_llm_obs_spans(filter_ml_app="found", filter_span_id="3")
    [data] = answer.data
    span = data.attributes
    assert (span.span_id, span.trace_id, span.parent_id) == ("3", f"{3:032x}", "undefined")
    assert (span.name, span.span_kind) == ("AzureOpenAI.createChatCompletion", "llm")
    assert (span.ml_app, span.status) == ("found", "ok")
    assert (span.model_name, span.model_provider) == ("gpt-4o-2024-11-20", "azure_openai")
    assert span.input.messages[0].content == f"{TEXT}3"
    assert span.input.messages[0].role == "user"
    assert span.output.messages[0].role == "assistant"
    assert span.metrics["input_tokens"] == 3
    assert "env:e2e" in span.tags
    assert span.duration > 0 and span.start_ns > 0


def test_a_search_by_body_filters_and_pages(api: AgentObservabilityApi) -> None:
    seen: list[str] = []
    cursor = ""
    for _ in range(COUNT + 2):
        page = (
            LLMObsSpanPageQuery(limit=3, cursor=cursor) if cursor else LLMObsSpanPageQuery(limit=3)
        )
        wanted = LLMObsSpanFilter(ml_app="found", span_kind="llm", _from="now-1h", to="now")
        attributes = LLMObsSearchSpansRequestAttributes(filter=wanted, page=page)
        data = LLMObsSearchSpansRequestData(
            attributes=attributes, type=LLMObsSearchSpansRequestType.SPANS
        )
        answer = api.search_llm_obs_spans(LLMObsSearchSpansRequest(data=data))
        seen += [span.attributes.span_id for span in answer.data]
        cursor = getattr(getattr(answer.meta, "page", None), "after", "") or ""
        if not cursor:
            break
    assert sorted(seen, key=int) == [str(number) for number in range(1, COUNT + 1)]


def test_a_query_by_text_finds_kind_and_trace(api: AgentObservabilityApi) -> None:
    query = f"@meta.span.kind:tool @trace_id:{1:032x}"
    answer = api.list_llm_obs_spans(filter_query=query)
    [data] = answer.data
    assert (data.attributes.name, data.attributes.status) == ("lookup", "error")


def test_every_page_of_a_list_is_reached_by_its_cursor(api: AgentObservabilityApi) -> None:
    first = api.list_llm_obs_spans(filter_ml_app="found", page_limit=5)
    after = first.meta.page.after
    second = api.list_llm_obs_spans(filter_ml_app="found", page_limit=5, page_cursor=after)
    ids = [span.attributes.span_id for span in [*first.data, *second.data]]
    assert len(ids) == len(set(ids)) == COUNT + 1


def test_a_wrong_key_is_the_clients_own_exception(searched: Catalejo) -> None:
    with typed_api(searched, "wrong") as api, pytest.raises(UnauthorizedException):
        api.list_llm_obs_spans()
