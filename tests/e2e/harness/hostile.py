"""Traces that no page should have to show, sent over the real intake: each by its name."""

from __future__ import annotations

import base64
import time
from typing import Any

from tests.e2e.harness.load import body_of, event, post
from tests.e2e.harness.program import Catalejo, until

SECOND_NS = 1_000_000_000
SCRIPT = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
MARKDOWN = "[click](javascript:document.title='owned') ![p](https://evil.example/p.png) <b>x</b>"
ANSI = "\x1b[31mred\x1b[0m and a bell \x07 and \x00 nothing"
RIGHT_TO_LEFT = "invoice \u202egpj.exe\u202c is safe \u2066now\u2069"
LONG_LINE = "x" * (5 << 20)
TOKENS_200K = "the weather of a place " * 40_000
NOT_A_PICTURE = base64.b64encode(b"GIF89a, or so it says").decode()


def span(number: int, trace: int, parent: int | None, text: str, **more: Any) -> dict[str, Any]:
    made = event(
        number, text, ml_app="hostile", trace_id=f"{trace:032x}",
        parent_id="undefined" if parent is None else str(parent), **more,
    )  # fmt: skip
    made["name"] = f"span {number}"
    return made


def pictures() -> dict[str, Any]:
    made = span(8_001, 801, None, "broken pictures")
    made["meta"]["input"]["messages"][0]["image_parts"] = [
        {"mime_type": "image/gif", "content": NOT_A_PICTURE},
        {"mime_type": "image/svg+xml", "content": base64.b64encode(b"<svg onload=x>").decode()},
        {"mime_type": "image/png", "content": "https://evil.example/p.png"},
    ]
    return made


def nested() -> list[dict[str, Any]]:
    start = time.time_ns() - 60 * SECOND_NS
    return [
        span(8_100 + level, 810, 8_099 + level if level else None, f"level {level} of 50",
             start_ns=start + level * 1_000_000, duration=(51 - level) * 2_000_000)
        for level in range(50)
    ]  # fmt: skip


# What is sent, by the text of the row that opens it.
TRACES: dict[str, list[dict[str, Any]]] = {
    "script tags": [span(8_002, 802, None, f"script tags {SCRIPT} {MARKDOWN}")],
    "escapes": [span(8_003, 803, None, f"escapes {ANSI}")],
    "overrides": [span(8_004, 804, None, f"overrides {RIGHT_TO_LEFT}")],
    "one long line": [span(8_005, 805, None, f"one long line {LONG_LINE}")],
    "many tokens": [span(8_006, 806, None, f"many tokens {TOKENS_200K}")],
    "broken pictures": [pictures()],
    "level 0": nested(),
    "an orphan": [
        span(8_201, 820, None, "an orphan's trace"), span(8_202, 820, 8_299, "an orphan"),
    ],
    "a circle": [
        span(8_301, 830, 8_302, "a circle, one"), span(8_302, 830, 8_301, "a circle, two"),
    ],
    "no root": [span(8_401, 840, 8_499, "no root here"), span(8_402, 840, 8_401, "a child")],
    "two clocks": [
        span(8_501, 850, None, "two clocks"),
        span(8_502, 850, 8_501, "began before its parent",
             start_ns=time.time_ns() - 5 * SECOND_NS),
    ],
    "from the future": [
        span(8_601, 860, None, "from the future", start_ns=time.time_ns() + 48 * 3600 * SECOND_NS)
    ],
}  # fmt: skip


def send_all(server: Catalejo) -> None:
    for name, spans in TRACES.items():
        assert post(server, body_of(*spans)).status == 202, name
    sent = sum(map(len, TRACES.values()))
    until(
        lambda: len(server.api.spans(view="spans", ml_app="hostile")) == sent, "all are stored", 60
    )


def trace_of(name: str) -> str:
    return str(TRACES[name][0]["trace_id"])
