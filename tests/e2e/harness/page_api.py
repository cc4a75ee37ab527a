"""The page's API, as a page would call it: JSON over one plain connection per call."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

Json = dict[str, Any]


class Unanswered(Exception):
    """No answer, or one that is not what was asked for."""


@dataclass
class Answer:
    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def json(self) -> Any:
        return json.loads(self.body)


def call(
    port: int,
    method: str,
    path: str,
    body: bytes = b"",
    headers: dict[str, str] | None = None,
    *,
    timeout_s: float = 30.0,
) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout_s)
    try:
        connection.request(method, path, body or None, headers or {})
        answer = connection.getresponse()
        received = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, received, answer.read())
    except (http.client.HTTPException, OSError) as error:
        raise Unanswered(f"{method} {path}: {error!r}") from error
    finally:
        connection.close()


class PageApi:
    def __init__(self, host: str, port: int, key: str = "") -> None:
        self.host, self.port = host, port
        self.headers = {"DD-API-KEY": key} if key else {}

    def answer(self, path: str, **parameters: str | int | list[str]) -> Answer:
        query = urlencode(parameters, doseq=True)
        target = f"{path}?{query}" if query else path
        return call(self.port, "GET", target, headers=self.headers)

    def status(self, path: str) -> int:
        return self.answer(path).status

    def get(self, path: str, **parameters: str | int | list[str]) -> Json:
        answer = self.answer(path, **parameters)
        if answer.status != 200:
            raise Unanswered(f"{path}: {answer.status} {answer.body[:500]!r}")
        value: Json = answer.json()
        return value

    def rows(self, path: str, **parameters: str | int | list[str]) -> list[Json]:
        """All pages of a list, following its cursor."""
        rows: list[Json] = []
        cursor: dict[str, str | int | list[str]] = {}
        while True:
            page = self.get(path, **{"limit": 500, "from": "now-1h", **parameters, **cursor})
            rows += page["rows"]
            if not page["next"]:
                return rows
            cursor = {"cursor": page["next"]}

    def traces(self, **parameters: str | int | list[str]) -> list[Json]:
        return self.rows("/api/v1/traces", **parameters)

    def spans(self, **parameters: str | int | list[str]) -> list[Json]:
        return self.rows("/api/v1/spans", **parameters)

    def trace(self, trace_id: str) -> Json:
        return self.get(f"/api/v1/traces/{quote(trace_id)}")

    def ledger(self) -> Json:
        return self.get("/api/v1/ledger")
