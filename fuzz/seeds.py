#!/usr/bin/env python3
"""Writes seed corpora for the fuzz targets from the recorded requests: seeds.py <folder>."""

import gzip
import json
import pathlib
import sys
import zlib

CASES = pathlib.Path(__file__).resolve().parent.parent / "tests" / "query"
EVALUATED = pathlib.Path(__file__).resolve().parent.parent / "tests" / "evaluate"
PRIVACY = pathlib.Path(__file__).resolve().parent.parent / "bench/accuracy/data/privacy"
DATAGRAMS = pathlib.Path(__file__).resolve().parent.parent / "tests" / "intake" / "dogstatsd"
PRICES = pathlib.Path(__file__).resolve().parent.parent / "prices"
CAPTURES = pathlib.Path(__file__).resolve().parent.parent / "tests" / "protocol" / "captures"

STACKS = {
    "python": 'Traceback (most recent call last):\n  File "/app/shop/chat.py", line 7, in answer\n'
    '    ask()\n  File "/v/site-packages/openai/_base_client.py", line 1, in request\n'
    "openai.RateLimitError: Error code: 429 - retry after 6 seconds, request 4c0f2d11-9aa8-4b1e",
    "node": "Error: connect ECONNREFUSED 127.0.0.1:443\n    at ask (/app/src/chat.js:10:5)\n"
    "    at node:internal/process/task_queues:95:5",
}

# How a text of a labelled case begins for the target of all evaluators.
VOICES = {"system": "\x06", "user": "\x01", "assistant": "\x02", "tool_call": "\x03",
          "tool_result": "\x04", "document": "\x05"}  # fmt: skip


def texts_of(case):
    for key, voice in VOICES.items():
        given = case.get(key, [])
        for text in given if isinstance(given, list) else [given]:
            yield voice + (text if isinstance(text, str) else json.dumps(text))


def targets_of(path, compressed):
    """The fuzz targets that a request to `path` is a seed of."""
    if compressed:
        return ["inflate"]
    if path == "/v0.4/traces":
        return ["dd_apm_v04", "msgpack", "dd_llmobs_msgpack"]
    if path == "/v0.5/traces":
        return ["dd_apm_v05"]
    if path == "/api/v0.2/traces":
        return ["agent_payload"]
    if path.endswith("/api/v2/llmobs"):
        return ["dd_llmobs_json", "json_sanitize", "public_spans"]
    if path.endswith("/eval-metric"):
        return ["evaluations", "json_sanitize"]
    if path.endswith("/stats"):
        return ["stats", "msgpack"]
    return []


def main(folder):
    def write(target, name, body):
        place = pathlib.Path(folder) / target
        place.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(body)

    for request in sorted(CAPTURES.glob("*.json")):
        body_file = request.with_suffix(".bin")
        if not body_file.exists():
            continue
        head = json.loads(request.read_text())
        body = body_file.read_bytes()
        encodings = [v for k, v in head["headers"] if k.lower() == "content-encoding"]
        for target in targets_of(head["target"], bool(encodings)):
            write(target, request.stem, b"\x02" + body if target == "inflate" else body)
        if encodings == ["gzip"]:
            for target in targets_of(head["target"], False):
                write(target, request.stem, gzip.decompress(body))
        if not encodings and len(body) < 4096:
            write("inflate", request.stem + "-gzip", b"\x00" + gzip.compress(body))
            write("inflate", request.stem + "-zlib", b"\x01" + zlib.compress(body))
    # The agentless bodies are compressed on the wire; a small one by hand serves as seed.
    span = {
        "trace_id": "0f",
        "span_id": "0a",
        "parent_id": "00",
        "name": "n",
        "meta": {"a": "b"},
        "metrics": {"m": 1},
        "meta_struct": {
            "_llmobs": {
                "trace_id": "1",
                "meta": {"span": {"kind": "llm"}, "input": {"messages": [{"content": "x"}]}},
            }
        },
    }
    traces = {"traces": [{"env": "e", "spans": [span]}]}
    write("agentless_input", "one", json.dumps(traces).encode())
    attributes = {
        "ml_app": "a",
        "tags": ["k:v"],
        "spans": [{"name": "n", "span_id": "1", "trace_id": "2", "meta": {"kind": "llm"}}],
    }
    search = {
        "filter": {
            "query": "@status:error -MARK",
            "from": "now-1h",
            "ml_app": "MARK",
            "span_kind": "llm",
            "tags": {"MARK": "MARK"},
        },
        "page": {"limit": 5},
        "sort": "-timestamp",
    }
    search = {"data": {"type": "spans", "attributes": search}}
    write("span_events", "one", json.dumps(search).encode())
    labels = [
        {"id": "a", "name": "good", "type": "boolean", "is_required": True},
        {"id": "b", "name": "tone", "type": "categorical", "values": ["x", "y"], "multiple": True},
        {"id": "c", "name": "stars", "type": "score", "min": 1, "max": 5, "step": 0.5},
        {"id": "d", "name": "note", "type": "text", "has_reasoning": True},
    ]
    given = [True, ["y", "x"], 2.5, "text"]
    answers = [{"label_schema_id": "abcd"[i], "value": value} for i, value in enumerate(given)]
    schema = {"label_schemas": labels, "label_values": answers}
    write("label_schema", "one", json.dumps(schema).encode())
    message = {"role": "assistant", "content": '{"reasoning":"so","value":true}'}
    choice = {"finish_reason": "stop", "message": message}
    usage = {"prompt_tokens": 8, "completion_tokens": 3}
    completion = {"model": "gpt-4o", "choices": [choice], "usage": usage}
    write("judge", "answer", json.dumps(completion).encode())
    write("playground", "answer", json.dumps(completion).encode())
    asked = {
        "model_id": "chat-prod",
        "messages": [
            {"role": "system", "contents": [{"type": "text", "value": {"text": "a"}}]},
            {"role": "assistant", "tool_calls": [{"name": "f", "arguments": {"q": 1}}]},
            {"role": "tool", "tool_results": [{"tool_id": "c", "result": "3"}]},
        ],
        "temperature": 0.5,
        "max_tokens": 20,
        "json_schema": '{"type":"object"}',
        "tools": [{"type": "function", "function": {"name": "f", "parameters": {}}}],
    }
    write("playground", "question", json.dumps(asked).encode())
    planned = {
        "dataset_id": "d",
        "messages": [{"role": "user", "content": "{{input}} in {{metadata.language}}"}],
        "prompt": {"id": "p", "version": 1},
        "times": 2,
        "parameters": {"temperature": 0.5, "json_schema": "{}"},
        "evaluators": [{"type": "contains"}, {"type": "judge", "judge": "useful"}],
    }
    write("experiment_plan", "plan", json.dumps(planned).encode())
    write("experiment_plan", "chat", b'{{input}}\n{"messages":[{"role":"user","content":"x"}]}')
    write("experiment_plan", "path", b'a {{input.a.0}} b\n{"a":[{"b":1.5}]}')
    write("judge", "prompt", b"Is {{ span_output }} right? {{tags.team}} {{q7Zk2")
    write("evaluator_options", "tokens", b'{"tokens":["zebra-2231"]}')
    write("evaluator_options", "topics", b'{"topics":[{"name":"returns","words":["send back"]}]}')
    plain = b"PUT /v0.4/traces?a=1 HTTP/1.1\r\nHost: a\r\n"
    write(
        "request_parser",
        "length",
        b"\x05" + plain + b"Content-Length: 2\r\n\r\nhi" + plain + b"\r\n",
    )
    write(
        "request_parser",
        "chunked",
        b"\x03" + plain + b"Transfer-Encoding: chunked\r\n\r\n"
        b"3;x=y\r\nabc\r\n0\r\nTrailer: t\r\n\r\n",
    )
    for number, line in enumerate((PRIVACY / "tuned.jsonl").read_text().splitlines()):
        if number % 9 == 0:
            text = json.loads(line)["text"].replace("\u2063", "")
            write("detect", str(number), text.encode())
            write("redact", str(number), json.dumps({"content": text}, ensure_ascii=False).encode())
    meta = b'{"span":{"kind":"llm"},"input":{"messages":[]}}'
    span = b'{"span_id":"1","name":"a","tags":["k:v"],"meta":' + meta + b"}"
    write("tracer_texts", "span", span)
    write("tracer_texts", "spans", b'[{"event_type":"span","spans":[' + span + b"]}]")
    metric = b'{"label":"a","join_on":{"tag":{"key":"k","value":"v"}},"json_value":{"a":[1]}}'
    write("tracer_texts", "metrics", b'{"data":{"attributes":{"metrics":[' + metric + b"]}}}")
    for cases in sorted(EVALUATED.glob("*.jsonl")):
        for number, line in enumerate(cases.read_text().splitlines()):
            texts = "\0".join(texts_of(json.loads(line)))
            write("evaluators", f"{cases.stem}-{number}", texts.encode())
    for cases in sorted(CASES.glob("*.test")):
        for number, line in enumerate(cases.read_text().splitlines()):
            if line.startswith("? "):
                write("search", f"{cases.stem}-{number}", b"\x08" + line[2:].encode())
    for number, line in enumerate((CASES / "metrics/queries.test").read_text().splitlines()):
        if line.startswith("? "):
            write("metric_query", str(number), line[2:].encode())
    cases = (CASES.parent / "monitor/states.test").read_text().split("\n== ")[1:]
    for number, case in enumerate(cases):
        query, options = case.splitlines()[1:3]
        body = {"name": "{{host.name}}", "type": "query alert", "query": query}
        body |= {"options": json.loads(options), "message": "{{#is_alert}}x{{/is_alert}} @a"}
        write("monitor", f"definition-{number}", json.dumps(body).encode())
        write("monitor", f"query-{number}", query.encode())
    for number, query in enumerate((
        "1 && !(2 || 3)",
        'llm-observability("status:error").rollup("count").by("env,@ml_app").last("5m") > 1',
        'trace-analytics("operation_name:\\"a\\"").rollup("p95", "@duration").last("1d") >= 2e9',
        'llm-observability("*").rollup("avg", "@evaluation.a.value").last("1h") < 0.5',
    )):  # fmt: skip
        write("monitor", f"kinds-{number}", query.encode())
    state = b'[{"looked":60,"groups":{"a":[1,2,3,4,5,6,7,8,9,10,0.5]}},{"looked":0,"groups":{}}]'
    write("monitor", "state", b"\0" + state)
    webhook = {"name": "a", "url": "http://x", "payload": '{"a":"$TAGS[a]"}', "encode_as": "form"}
    write("monitor", "webhook", b"\0" + json.dumps(webhook).encode())
    for kind, settings in (
        ("hook", {"url": "https://x"}),
        ("pagerduty", {"integration_key": "k"}),
        ("opsgenie", {"api_key": "k", "url": "https://x"}),
        ("email", {"to": "a@b.c", "url": "smtp://x", "from": "a@b", "user": "u", "password": "p"}),
    ):
        write("monitor", f"channel-{kind}", b"\0" + json.dumps(settings).encode())
    downtime = {
        "scope": "a:b AND NOT c:d*",
        "monitor_identifier": {"monitor_tags": ["*"]},
        "schedule": {
            "timezone": "Europe/Madrid",
            "recurrences": [{"rrule": "FREQ=MONTHLY;BYDAY=-1SU;BYSETPOS=1", "duration": "1h"}],
        },
    }
    write("monitor", "downtime", b"\0" + json.dumps(downtime).encode())
    first = {
        "scope": ["a:b", 'c:"d (e)"'],
        "monitor_id": 1,
        "start": 1_780_000_000,
        "end": 1_780_003_600,
        "timezone": "Europe/Madrid",
        "recurrence": {"type": "weeks", "period": 2, "week_days": ["Mon"], "until_occurrences": 3},
    }
    write("monitor", "downtime-first", b"\0" + json.dumps(first).encode())
    message = '{{#is_match "host.name" "a"}}{{{value}}}{{else}}{{[a.b].name}}{{/is_match}} @a.'
    write("monitor", "message", b"\0" + message.encode())
    for number, line in enumerate((DATAGRAMS / "datagrams.test").read_text().splitlines()):
        if line.startswith("> "):
            write("dogstatsd", str(number), line[2:].replace("\\n", "\n").encode())
    for number, body in enumerate(
        (
            b'\x00{"series":[{"metric":"a","points":[[1700000000,1]],"type":"count"}]}',
            b'\x01{"series":[{"metric":"a","type":1,"points":[{"timestamp":1,"value":2}]}]}',
            b'\x02{"series":[{"metric":"a","points":[[1700000000,[1,2]]]}]}',
            b'\x03\n\x14\x12\x01m"\x0f\t\x00\x00\x00\x00\x00\x00\xf0?\x10\x80\xe2\xcf\xaa\x06',
            b"\x04\n\x11\n\x01d:\x0c\x08\x05\x10\x02:\x02\x02\x04B\x02\x01\x01",
        )
    ):
        write("metrics", str(number), body)
    for number, body in enumerate(
        (
            b'\x00{"title":"a","text":"b","date_happened":1700000000,"tags":["c:d"],"priority":"low"}',
            b'\x01[{"check":"a","status":2,"host_name":"h"},{"check":"b","status":0,"tags":["c"]}]',
            b'\x02{"events":{"docker":[{"msg_title":"a","msg_text":"b","timestamp":1}]}}',
        )
    ):
        write("events", str(number), body)
    for number, text in enumerate(
        (
            "source:a,b status:error",
            "env:(a OR b*) -tags:c:d",
            '"two words" _exists_:env',
            "a IN [b,c]",
        )
    ):
        write("event_search", str(number), b"\x00" + text.encode())
    for catalogue in sorted(PRICES.glob("*.json")):
        whole = json.loads(catalogue.read_text())
        # The first and the last models: a corpus of small files finds more than one large one.
        for name, models in {"first": whole["models"][:3], "last": whole["models"][-3:]}.items():
            write("catalogue", name, json.dumps({**whole, "models": models}).encode())
    write("csv", "quoted", b'id,input,output\r\n1,"a, ""b""\nc",\xc3\xb1\r\n2,,x\n')
    write("csv", "uneven", b'a;b\n"open\n1,2,3,4\n')
    write(
        "multipart",
        "file",
        b"multipart/form-data; boundary=cut\n--cut\r\nContent-Disposition: form-data; "
        b'name="file"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\na,b\r\n1,2\r\n--cut--\r\n',
    )
    for name, text in STACKS.items():
        write("fingerprint", name, text.encode())
    write("public_spans", "one", json.dumps({"data": {"attributes": attributes}}).encode())


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "build/asan/seeds")
