"""A fast fake of Azure OpenAI, and of an agent that takes everything: answers are made beforehand.

`python fake.py CHUNKS` prints its port. One thread, one selector; it must cost less than the
client that is measured, so it looks only for the few words that decide which answer to give.
"""

from __future__ import annotations

import json
import selectors
import socket
import sys
from typing import Any

WORDS = " ".join(f"word{number}" for number in range(90))
FILTERS = {
    name: {"filtered": False, "severity": "safe"}
    for name in ("hate", "self_harm", "sexual", "violence")
}
PROMPT_FILTERS = [{"prompt_index": 0, "content_filter_results": FILTERS}]
USAGE = {
    "prompt_tokens": 312,
    "completion_tokens": 180,
    "total_tokens": 492,
    "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
    "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0},
}
HEAD: dict[str, Any] = {
    "id": "chatcmpl-bench",
    "created": 1_760_000_000,
    "model": "gpt-4o-2024-11-20",
    "system_fingerprint": "fp_ee1d74bde0",
}
HEADERS = (
    "apim-request-id: 11111111-2222-3333-4444-555555555555\r\nx-ms-region: Sweden Central\r\n"
    "x-ratelimit-limit-requests: 250\r\nx-ratelimit-limit-tokens: 250000\r\n"
    "x-ratelimit-remaining-requests: 249\r\nx-ratelimit-remaining-tokens: 249000\r\n"
    "x-ms-deployment-name: gpt-4o\r\nx-request-id: 11111111-2222-3333-4444-555555555555\r\n"
    "strict-transport-security: max-age=31536000; includeSubDomains; preload\r\n"
)


def answer(body: bytes, kind: str, status: str = "200 OK", headers: str = "") -> bytes:
    head = f"HTTP/1.1 {status}\r\ncontent-type: {kind}\r\n{headers}content-length: {len(body)}\r\n"
    return head.encode() + b"\r\n" + body


def whole() -> bytes:
    message = {"role": "assistant", "content": WORDS, "refusal": None}
    choice = {
        "index": 0,
        "finish_reason": "stop",
        "logprobs": None,
        "message": message,
        "content_filter_results": FILTERS,
    }
    body = {
        **HEAD,
        "object": "chat.completion",
        "choices": [choice],
        "usage": USAGE,
        "prompt_filter_results": PROMPT_FILTERS,
    }
    return answer(json.dumps(body).encode(), "application/json", headers=HEADERS)


def stream(chunks: int, counted: bool) -> bytes:
    """Server-sent events in one chunked body; with token counts at its end when `counted`."""
    head: dict[str, Any] = {**HEAD, "object": "chat.completion.chunk"}
    if counted:
        head["usage"] = None
    events = [{**head, "choices": [], "prompt_filter_results": PROMPT_FILTERS}]
    for number in range(chunks):
        delta = {"content": f" word{number}"}
        events.append({**head, "choices": [choice_of(delta, None)]})
    events.append({**head, "choices": [choice_of({}, "stop")]})
    if counted:
        events.append({**head, "choices": [], "usage": USAGE})
    texts = [json.dumps(event) for event in events] + ["[DONE]"]
    parts = [f"data: {text}\n\n".encode() for text in texts]
    body = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"
    head_text = (
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\n"
        f"{HEADERS}transfer-encoding: chunked\r\n\r\n"
    )
    return head_text.encode() + body


def choice_of(delta: dict[str, Any], reason: str | None) -> dict[str, Any]:
    return {
        "index": 0,
        "delta": delta,
        "finish_reason": reason,
        "logprobs": None,
        "content_filter_results": FILTERS,
    }


def length_of(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line[15:])
    return 0


class Fake:
    def __init__(self, chunks: int) -> None:
        self.whole = whole()
        self.streams = {counted: stream(chunks, counted) for counted in (False, True)}
        info = json.dumps({"endpoints": ["/v0.4/traces", "/evp_proxy/v2/", "/v0.6/stats"]})
        self.info = answer(info.encode(), "application/json")
        self.taken = answer(b"{}", "application/json", "202 Accepted")
        self.chosen = selectors.DefaultSelector()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.chosen.register(self.listener, selectors.EVENT_READ, None)

    def reply(self, head: bytes, body: bytes) -> bytes:
        line = head.partition(b"\r\n")[0]
        if b"/chat/completions" not in line:
            return self.info if line.startswith(b"GET /info") else self.taken
        plain = body.replace(b" ", b"")
        if b'"stream":true' in plain:
            return self.streams[b'"include_usage":true' in plain]
        return self.whole

    def serve(self) -> None:
        while True:
            for key, _ in self.chosen.select():
                if key.data is None:
                    made, _ = self.listener.accept()
                    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    self.chosen.register(made, selectors.EVENT_READ, bytearray())
                else:
                    self.take(key.fileobj, key.data)

    def take(self, connection: Any, waiting: bytearray) -> None:
        try:
            part = connection.recv(1 << 20)
        except OSError:
            part = b""
        if not part:
            self.chosen.unregister(connection)
            connection.close()
            return
        waiting += part
        while (end := waiting.find(b"\r\n\r\n")) >= 0:
            head = bytes(waiting[:end])
            size = end + 4 + length_of(head)
            if len(waiting) < size:
                return
            body = bytes(waiting[end + 4 : size])
            del waiting[:size]
            connection.sendall(self.reply(head, body))


def main() -> None:
    fake = Fake(int(sys.argv[1]))
    print(fake.listener.getsockname()[1], flush=True)
    fake.serve()


if __name__ == "__main__":
    main()
