"""Datadog's own typed client, unchanged but for its address: spans, and what experiments are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from datadog_api_client.exceptions import UnauthorizedException
from datadog_api_client.v2.api.agent_observability_api import AgentObservabilityApi
from datadog_api_client.v2.model.llm_obs_delete_projects_data_attributes_request import (
    LLMObsDeleteProjectsDataAttributesRequest,
)
from datadog_api_client.v2.model.llm_obs_delete_projects_data_request import (
    LLMObsDeleteProjectsDataRequest,
)
from datadog_api_client.v2.model.llm_obs_delete_projects_request import LLMObsDeleteProjectsRequest
from datadog_api_client.v2.model.llm_obs_experimentation_analytics_aggregate import (
    LLMObsExperimentationAnalyticsAggregate,
)
from datadog_api_client.v2.model.llm_obs_experimentation_analytics_compute import (
    LLMObsExperimentationAnalyticsCompute,
)
from datadog_api_client.v2.model.llm_obs_experimentation_analytics_data_attributes_request import (
    LLMObsExperimentationAnalyticsDataAttributesRequest as AnalyticsAttributes,
)
from datadog_api_client.v2.model.llm_obs_experimentation_analytics_data_request import (
    LLMObsExperimentationAnalyticsDataRequest as AnalyticsData,
)
from datadog_api_client.v2.model.llm_obs_experimentation_analytics_group_by import (
    LLMObsExperimentationAnalyticsGroupBy,
)
from datadog_api_client.v2.model.llm_obs_experimentation_analytics_request import (
    LLMObsExperimentationAnalyticsRequest as AnalyticsRequest,
)
from datadog_api_client.v2.model.llm_obs_experimentation_analytics_search import (
    LLMObsExperimentationAnalyticsSearch,
)
from datadog_api_client.v2.model.llm_obs_experimentation_analytics_time_range import (
    LLMObsExperimentationAnalyticsTimeRange,
)
from datadog_api_client.v2.model.llm_obs_experimentation_content_preview import (
    LLMObsExperimentationContentPreview,
)
from datadog_api_client.v2.model.llm_obs_experimentation_cursor_page import (
    LLMObsExperimentationCursorPage,
)
from datadog_api_client.v2.model.llm_obs_experimentation_filter import LLMObsExperimentationFilter
from datadog_api_client.v2.model.llm_obs_experimentation_number_page import (
    LLMObsExperimentationNumberPage,
)
from datadog_api_client.v2.model.llm_obs_experimentation_search_data_attributes_request import (
    LLMObsExperimentationSearchDataAttributesRequest as SearchAttributes,
)
from datadog_api_client.v2.model.llm_obs_experimentation_search_data_request import (
    LLMObsExperimentationSearchDataRequest as SearchData,
)
from datadog_api_client.v2.model.llm_obs_experimentation_search_request import (
    LLMObsExperimentationSearchRequest as SearchRequest,
)
from datadog_api_client.v2.model.llm_obs_experimentation_simple_search_data_attributes_request import (  # noqa: E501
    LLMObsExperimentationSimpleSearchDataAttributesRequest as SimpleAttributes,
)
from datadog_api_client.v2.model.llm_obs_experimentation_simple_search_data_request import (
    LLMObsExperimentationSimpleSearchDataRequest as SimpleData,
)
from datadog_api_client.v2.model.llm_obs_experimentation_simple_search_request import (
    LLMObsExperimentationSimpleSearchRequest as SimpleRequest,
)
from datadog_api_client.v2.model.llm_obs_experimentation_sort_field import (
    LLMObsExperimentationSortField,
)
from datadog_api_client.v2.model.llm_obs_experimentation_type import LLMObsExperimentationType
from datadog_api_client.v2.model.llm_obs_project_type import LLMObsProjectType
from datadog_api_client.v2.model.llm_obs_project_update_data_attributes_request import (
    LLMObsProjectUpdateDataAttributesRequest,
)
from datadog_api_client.v2.model.llm_obs_project_update_data_request import (
    LLMObsProjectUpdateDataRequest,
)
from datadog_api_client.v2.model.llm_obs_project_update_request import LLMObsProjectUpdateRequest
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

from tests.e2e.harness.datadog_client import client_of
from tests.e2e.harness.load import body_of, event, post
from tests.e2e.harness.page_api import call
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
    unstable = (
        "list_llm_obs_spans",
        "search_llm_obs_spans",
        "search_llm_obs_experimentation",
        "simple_search_llm_obs_experimentation",
        "aggregate_llm_obs_experimentation",
        "upload_llm_obs_dataset_records_file",
        "list_llm_obs_projects",
        "update_llm_obs_project",
        "delete_llm_obs_projects",
    )
    with client_of(server, key, unstable) as client:
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


def test_what_experiments_are_made_of_is_searched_and_counted(
    searched: Catalejo, tmp_path: Path
) -> None:
    headers = {"content-type": "application/json", "dd-api-key": searched.key}

    def make(path: str, attributes: dict[str, Any], kind: str = "x") -> Any:
        body = json.dumps({"data": {"type": kind, "attributes": attributes}}).encode()
        answer = call(searched.http_port, "POST", f"/api/v2/llm-obs/v1{path}", body, headers)
        assert answer.status in (200, 202), answer.body
        return answer.json().get("data")

    project = make("/projects", {"name": "Harbour"})["id"]
    dataset = make(f"/{project}/datasets", {"name": "ships"})["id"]
    csv = "input\n" + "".join(f"{'ñ' * 40} {number}\n" for number in range(3))
    (tmp_path / "ships.csv").write_text(csv)
    with typed_api(searched, searched.key) as api, (tmp_path / "ships.csv").open("rb") as file:
        api.upload_llm_obs_dataset_records_file(project, dataset, file=file, tags=["port:cadiz"])
        api.update_llm_obs_project(
            project,
            LLMObsProjectUpdateRequest(
                LLMObsProjectUpdateDataRequest(
                    LLMObsProjectUpdateDataAttributesRequest(description="quays"),
                    LLMObsProjectType.PROJECTS,
                )
            ),
        )
    experiment = make("/experiments", {
        "name": "Lantern", "project_id": project, "dataset_id": dataset, "dataset_version": 1,
    })["id"]  # fmt: skip
    spans = [
        {"span_id": str(n), "trace_id": "1", "start_ns": n, "duration": 10 * n, "status": "ok",
         "meta": {"input": "q", "output": "a"}, "tags": [f"run_iteration:{n % 2}"]}
        for n in range(1, 5)
    ]  # fmt: skip
    metrics = [
        {"span_id": str(n), "trace_id": "1", "label": "faithful", "metric_type": "score",
         "score_value": n / 4, "timestamp_ms": 1_000 + n}
        for n in range(1, 5)
    ]  # fmt: skip
    make(f"/experiments/{experiment}/events", {"spans": spans, "metrics": metrics})

    with typed_api(searched, searched.key) as api:
        kind = LLMObsExperimentationType.EXPERIMENTATION
        filtered = LLMObsExperimentationFilter(scope=["dataset_records"], query="ñ", version=None)
        cursor, seen = "", []
        while True:
            answer = api.search_llm_obs_experimentation(
                SearchRequest(
                    SearchData(
                        SearchAttributes(
                            filter=filtered,
                            page=LLMObsExperimentationCursorPage(limit=2, cursor=cursor),
                            content_preview=LLMObsExperimentationContentPreview(limit=10),
                        ),
                        kind,
                    )
                )
            )
            records = answer.data.attributes.dataset_records
            seen += [record.input for record in records]
            cursor = answer.meta.after
            if not cursor:
                break
        assert seen == ["ñ" * 10 + "…"] * 3
        for limit, status in ((2, 206), (3, 200)):
            asked = {"filter": {"scope": ["dataset_records"]}, "page": {"limit": limit}}
            body = json.dumps({"data": {"type": "experimentation", "attributes": asked}}).encode()
            path = "/api/v2/llm-obs/v1/experimentation/search"
            assert call(searched.http_port, "POST", path, body, headers).status == status

        named = api.simple_search_llm_obs_experimentation(
            SimpleRequest(
                SimpleData(
                    SimpleAttributes(
                        filter=LLMObsExperimentationFilter(
                            scope=["projects", "datasets", "experiments", "experiment_runs"]
                        ),
                        sort=[LLMObsExperimentationSortField(field="name")],
                        page=LLMObsExperimentationNumberPage(limit=3, number=1),
                    ),
                    kind,
                )
            )
        )
        found = named.data.attributes
        assert [one.attributes.name for one in found.projects] == ["Harbour"]
        assert found.projects[0].attributes.description == "quays"
        assert [one.name for one in found.experiments] == ["Lantern"]
        assert (len(found.datasets), len(found.experiment_runs)) == (0, 1)
        page = named.meta.page
        assert (page.current, page.total_count, page.total_pages) == (1, 5, 2)

        counted = api.aggregate_llm_obs_experimentation(
            AnalyticsRequest(
                AnalyticsData(
                    AnalyticsAttributes(
                        LLMObsExperimentationAnalyticsAggregate(
                            compute=[
                                LLMObsExperimentationAnalyticsCompute("score_value", name="mean"),
                                LLMObsExperimentationAnalyticsCompute("duration"),
                            ],
                            indexes=["experiment-evals"],
                            search=LLMObsExperimentationAnalyticsSearch(
                                f"@experiment_id:{experiment} @score_value:>0.25"
                            ),
                            group_by=[LLMObsExperimentationAnalyticsGroupBy("run")],
                            time=LLMObsExperimentationAnalyticsTimeRange(1_000, 2_000),
                        )
                    ),
                    kind,
                )
            )
        )
        result = counted.data.attributes
        assert result.hit_count == 3
        assert [(value.by, value.metrics) for value in result.result.values] == [
            ({"run": "0"}, {"mean": 0.75, "duration": 30.0}),
            ({"run": "1"}, {"mean": 0.75, "duration": 30.0}),
        ]

        api.delete_llm_obs_projects(
            LLMObsDeleteProjectsRequest(
                LLMObsDeleteProjectsDataRequest(
                    LLMObsDeleteProjectsDataAttributesRequest([project]), LLMObsProjectType.PROJECTS
                )
            )
        )
        assert "Harbour" not in [one.attributes.name for one in api.list_llm_obs_projects().data]
