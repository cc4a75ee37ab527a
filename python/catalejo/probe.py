"""Asks an agent or an intake one question: is it there, does it take our key. No retries."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
from typing import Any, Optional
from urllib.parse import urlsplit

BODY_BYTES_MAX = 1 << 20


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str, timeout: float) -> None:
        super().__init__("localhost", timeout=timeout)
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


def _connection(url: str, timeout_s: float, ca_file: str) -> tuple[http.client.HTTPConnection, str]:
    """A connection to the origin of `url`, and its base path."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return _UnixConnection(parts.netloc + parts.path, timeout_s), ""
    base = parts.path.rstrip("/")
    if parts.scheme == "https":
        trusted = ssl.create_default_context()
        # As strict as the native core, which sends: Python 3.13 asks for more.
        trusted.verify_flags &= ~ssl.VERIFY_X509_STRICT
        if ca_file:
            trusted.load_verify_locations(ca_file)
        return http.client.HTTPSConnection(parts.netloc, timeout=timeout_s, context=trusted), base
    if parts.scheme != "http" or not parts.hostname:
        raise ValueError(f"{url} is not a URL with http://, https:// or unix://")
    return http.client.HTTPConnection(parts.netloc, timeout=timeout_s), base


def get(
    url: str,
    path: str,
    timeout_s: float,
    headers: Optional[dict[str, str]] = None,
    ca_file: str = "",
) -> tuple[int, bytes]:
    """Status and body of GET `path` below `url`. Raises OSError, ValueError, HTTPException."""
    return exchange("GET", url, path, timeout_s, headers, ca_file)


def exchange(
    method: str,
    url: str,
    path: str,
    timeout_s: float,
    headers: Optional[dict[str, str]] = None,
    ca_file: str = "",
    body: Optional[bytes] = None,
    bytes_max: int = BODY_BYTES_MAX,
) -> tuple[int, bytes]:
    """The same with any method and a body."""
    connection, base = _connection(url, timeout_s, ca_file)
    try:
        connection.request(method, base + path, body=body, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read(bytes_max)
    finally:
        connection.close()


def endpoints_of(body: bytes) -> list[str]:
    """What an agent's /info says it takes; empty when it is no such answer."""
    try:
        info: Any = json.loads(body)
    except ValueError:
        return []
    listed = info.get("endpoints") if isinstance(info, dict) else None
    return [str(each) for each in listed] if isinstance(listed, list) else []
