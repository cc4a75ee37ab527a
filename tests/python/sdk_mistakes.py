"""The part of sdk_script.py that does everything wrong: what is raised must be the same, too."""

from __future__ import annotations

from typing import Any

from ddtrace.llmobs import LLMObs
from ddtrace.llmobs.utils import Documents, Messages

noticed: dict[str, Any] = {}


def notice(name: str, action: Any) -> None:
    try:
        value = action()
    except Exception as error:
        value = f"{type(error).__module__.split('.')[0]} {type(error).__name__}"
        value = value.replace("catalejo ", "").replace("ddtrace ", "")
    noticed[name] = value


def mistakes() -> None:
    exported = {"span_id": "1", "trace_id": "2"}
    wrong: dict[str, Any] = {
        "no target": {"span": None},
        "two targets": {"span_with_tag_value": {"tag_key": "a", "tag_value": "b"}},
        "span": {"span": {"span_id": 1}},
        "tag": {"span": None, "span_with_tag_value": {"tag_key": "a"}},
        "scope": {"eval_scope": "all"},
        "time": {"timestamp_ms": -1},
        "time type": {"timestamp_ms": "1"},
        "label": {"label": ""},
        "label dot": {"label": "a.b"},
        "type": {"metric_type": "text"},
        "value": {"value": "1"},
        "tags": {"tags": ["a"]},
        "tag value": {"tags": {"a": 1}},
        "assessment": {"assessment": "good"},
        "reasoning": {"reasoning": 5},
        "metadata": {"metadata": [1]},
    }
    for name, arguments in wrong.items():
        given = {"label": "l", "metric_type": "score", "value": 1, "span": exported, **arguments}
        notice(f"evaluation {name}", lambda given=given: LLMObs.submit_evaluation(**given))
    wrong = {
        "submitter": {"submitter": "u"},
        "submitter id": {"submitter": {"id": ""}},
        "submitter type": {"submitter": {"id": "u", "type": 1}},
        "two": {"span_id": "1"},
        "empty": {"trace_id": ""},
        "number": {"trace_id": 5},
        "type": {"metric_type": "none"},
        "text": {"metric_type": "text", "value": 1},
    }
    for name, arguments in wrong.items():
        given = {"label": "l", "metric_type": "score", "value": 1, "submitter": {"id": "u"},
                 "trace_id": "t", **arguments}  # fmt: skip
        notice(f"feedback {name}", lambda given=given: LLMObs.submit_feedback(**given))


def wrong_annotations() -> None:
    notice("annotate nothing", lambda: LLMObs.annotate(input_data="x"))
    notice("export nothing", lambda: LLMObs.export_span())
    notice("export odd", lambda: LLMObs.export_span("no span"))
    notice("inject nothing", lambda: LLMObs.inject_distributed_headers({}))
    notice("inject list", lambda: LLMObs.inject_distributed_headers([]))
    notice("activate nothing", lambda: LLMObs.activate_distributed_headers({}))
    with LLMObs.llm(name="mistaken") as span:
        for name, arguments in {
            "metadata": {"metadata": [1]},
            "metrics": {"metrics": {"a": "b"}},
            "metrics list": {"metrics": [1]},
            "tags": {"tags": ["a:b"]},
            "message": {"input_data": [{"content": 5}], "tags": {"kept": "1"}},
            "role": {"input_data": [{"content": "a", "role": 5}]},
            "tool call": {"output_data": {"tool_calls": [{"name": "x"}]}},
            "message type": {"output_data": 5},
            "prompt": {"prompt": "text"},
            "prompt both": {"prompt": {"template": "a", "chat_template": [{}]}},
            "prompt chat": {"prompt": {"chat_template": [{"role": "user"}]}},
            "prompt id": {"prompt": {"id": 5}},
            "prompt variables": {"prompt": {"variables": {5: "a"}}},
            "tool definitions": {"tool_definitions": "none"},
            "cost tags": {"cost_tags": "none"},
            "agent": {"agent": "none"},
        }.items():
            notice(f"annotate {name}", lambda given=arguments: LLMObs.annotate(span, **given))
    notice("annotate finished", lambda: LLMObs.annotate(span, input_data="late"))
    with LLMObs.retrieval(name="mistaken.search"):
        notice("documents", lambda: LLMObs.annotate(output_data=[{"text": 5}]))
    notice("Messages", lambda: Messages([5]))
    notice("Documents", lambda: Documents({"no": "text"}))
