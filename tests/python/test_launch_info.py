"""`catalejo run --info`, and the settings it shows."""

from __future__ import annotations

import http.server
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from catalejo.settings import Settings, names_of
from catalejo.start import is_open, target_of

from tests.python.harness import KEY, Receiver, agent, environment, receiver, run


@pytest.fixture
def server() -> Iterator[Receiver]:
    with receiver() as started:
        yield started


def info(**variables: str) -> tuple[int, str]:
    done = run("--info", "-nc", env=environment(DD_LLMOBS_ML_APP="tests", **variables))
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_all_is_well_with_an_agent(server: Receiver) -> None:
    code, said = info(DD_TRACE_AGENT_URL=server.url, DD_SERVICE="shop", DD_TAGS="a:b,c:d")
    assert code == 0
    for line in (
        "Tracer enabled: True",
        "Agent error: None",
        f"Writing traces to: {server.url}",
        "DD Service: shop",
        "Global Tags: a:b,c:d",
        f"agent_url: {server.url}  (DD_TRACE_AGENT_URL)",
        "flush_ms_max: 1000  (default)",
    ):
        assert f"    {line}\n" in said, said
    assert "ERROR" not in said and "WARNING" not in said


def test_all_is_well_over_a_unix_socket(tmp_path: Path) -> None:
    path = tmp_path / "agent.socket"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen()

        def answer() -> None:
            connection, _ = listening.accept()
            connection.recv(4096)
            body = b'{"endpoints": ["/evp_proxy/v2/"]}'
            connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(body) + body)
            connection.close()

        threading.Thread(target=answer, daemon=True).start()
        code, said = info(DD_TRACE_AGENT_URL=f"unix://{path}")
    assert (code, "Agent error: None" in said) == (0, True), said


def test_agentless_asks_the_intake_about_the_key(server: Receiver) -> None:
    agentless = {"DD_LLMOBS_AGENTLESS_ENABLED": "1", "DD_LLMOBS_OVERRIDE_ORIGIN": server.url}
    code, said = info(**agentless, DD_API_KEY=KEY)
    assert (code, "Agent error: None" in said) == (0, True), said
    assert "api_key: …cdef  (DD_API_KEY)" in said and KEY not in said
    code, said = info(**agentless, DD_API_KEY="wrong")
    assert code == 1 and "does not take the key that ends in rong" in said
    code, said = info(**agentless)
    assert code == 1 and "there is no API key" in said


def test_whether_models_are_told_is_shown(server: Receiver) -> None:
    assert "propagate_to_model: False  (default)" in info(DD_TRACE_AGENT_URL=server.url)[1]
    code, said = info(DD_TRACE_AGENT_URL=server.url, CATALEJO_PROPAGATE_TO_MODEL="yes")
    assert code == 0 and "propagate_to_model: True  (CATALEJO_PROPAGATE_TO_MODEL)" in said
    _, said = info(DD_TRACE_AGENT_URL=server.url, CATALEJO_PROPAGATE_TO_MODEL="perhaps")
    assert 'CATALEJO_PROPAGATE_TO_MODEL is "perhaps", which is no value for it' in said


def test_with_a_key_and_no_agent_it_goes_agentless(server: Receiver) -> None:
    variables = {
        "DD_TRACE_AGENT_URL": "http://127.0.0.1:9",
        "DD_LLMOBS_OVERRIDE_ORIGIN": server.url,
        "DD_API_KEY": KEY,
    }
    code, said = info(**variables)
    assert code == 0, said
    assert "Way out: agentless, as there is an API key and no agent" in said
    code, said = info(**{**variables, "DD_TRACE_AGENT_URL": server.url})
    assert code == 0 and "Way out: agent, which answers; there is an API key too" in said


@pytest.mark.parametrize(
    ("url", "cause", "remedy"),
    [
        ("http://127.0.0.1:9", "connection refused", "Start Catalejo"),
        ("http://no-such-host.invalid:1", "there is no such host name", "Correct the host name"),
        ("unix:///nowhere/apm.socket", "no such file", "There is no such socket"),
        ("ftp://127.0.0.1:1", "is not a URL", "Write http://host:port"),
    ],
)
def test_a_cause_and_a_remedy(url: str, cause: str, remedy: str) -> None:
    code, said = info(DD_TRACE_AGENT_URL=url)
    assert code == 1
    assert f"Agent error: Agent not reachable at {url}: " in said
    assert cause in said and remedy in said


def test_what_is_no_agent_is_told_apart(server: Receiver) -> None:
    server.agent = False
    code, said = info(DD_TRACE_AGENT_URL=server.url)
    assert code == 1 and "is no agent: it answered GET /info with 404" in said
    server.agent, server.delay_s = True, 4.0
    code, said = info(DD_TRACE_AGENT_URL=server.url)
    assert code == 1 and "no answer in time" in said


def test_a_certificate_that_is_not_trusted(certificate: Path) -> None:
    server = http.server.HTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "server.pem", certificate / "server.key")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    variables = {
        "DD_LLMOBS_AGENTLESS_ENABLED": "1",
        "DD_LLMOBS_OVERRIDE_ORIGIN": f"https://localhost:{server.server_address[1]}",
        "DD_API_KEY": KEY,
    }
    code, said = info(**variables)
    assert code == 1 and "its certificate is not trusted" in said and "SSL_CERT_FILE" in said
    code, said = info(**variables, SSL_CERT_FILE=str(certificate / "ca.pem"))
    assert "answered the check of the key with" in said
    server.shutdown()


def test_values_that_cannot_be_used_are_named(server: Receiver) -> None:
    done = run("--info", env=agent(server, DD_LLMOBS_SAMPLE_RATE="lots", CATALEJO_DEBUG="perhaps"))
    assert 'DD_LLMOBS_SAMPLE_RATE is "lots"' in done.stdout
    assert 'CATALEJO_DEBUG is "perhaps"' in done.stdout
    assert run("--info", "--nonsense", env=environment()).returncode == 2


FIELDS = {
    "DD_LLMOBS_ENABLED": ("llmobs_enabled", "0", False),
    "DD_LLMOBS_ML_APP": ("ml_app", "a", "a"),
    "DD_SERVICE": ("service", "a", "a"),
    "DD_ENV": ("env", "a", "a"),
    "DD_VERSION": ("version", "a", "a"),
    "DD_TAGS": ("tags", "a:b c:d:e", {"a": "b", "c": "d:e"}),
    "DD_SITE": ("site", "a.b", "a.b"),
    "DD_API_KEY": ("api_key", "a", "a"),
    "DD_LLMOBS_AGENTLESS_ENABLED": ("agentless", "1", True),
    "DD_AGENTLESS_ENABLED": ("agentless", "1", True),
    "DD_TRACE_AGENT_URL": ("agent_url", "http://a:1", "http://a:1"),
    "DD_AGENT_HOST": ("agent_url", "a", "http://a:8126"),
    "DD_TRACE_AGENT_PORT": ("agent_url", "7", "http://localhost:7"),
    "DD_LLMOBS_OVERRIDE_ORIGIN": ("override_origin", "http://a", "http://a"),
    "DD_LLMOBS_SAMPLE_RATE": ("sample_rate", "0.25", 0.25),
    "DD_TRACE_DEBUG": ("debug", "true", True),
    "_DD_LLMOBS_WRITER_INTERVAL": ("flush_interval_ms", "0.5", 500),
    "_DD_LLMOBS_WRITER_TIMEOUT": ("timeout_ms", "2", 2000),
    "SSL_CERT_FILE": ("ca_file", "a", "a"),
    "CATALEJO_CA_FILE": ("ca_file", "a", "a"),
    "CATALEJO_SPOOL_DIR": ("spool_dir", "a", "a"),
    "CATALEJO_SPOOL_BYTES_MAX": ("spool_bytes_max", "1000", 1000),
    "CATALEJO_FLUSH_MS_MAX": ("flush_ms_max", "7", 7),
    "CATALEJO_FLUSH_INTERVAL_MS": ("flush_interval_ms", "7", 7),
    "CATALEJO_TIMEOUT_MS": ("timeout_ms", "7", 7),
    "CATALEJO_QUEUE_BYTES_MAX": ("queue_bytes_max", "7", 7),
}


@pytest.mark.parametrize("variable", FIELDS)
def test_every_variable_and_its_twins(variable: str) -> None:
    field, text, value = FIELDS[variable]
    for name in names_of(variable):
        settings = Settings.from_environment({name: text})
        assert getattr(settings, field) == value
        assert settings.sources[field] == name
    twins = names_of(variable)[:-1]
    if twins and field not in ("llmobs_enabled", "agentless", "debug"):
        settings = Settings.from_environment({twins[0]: text, variable: "9"})
        assert getattr(settings, field) == value


def test_the_ways_out() -> None:
    way = target_of(Settings(agent_url="http://a:1"))
    assert way["url"] + way["spans_path"] == "http://a:1/evp_proxy/v2/api/v2/llmobs"
    assert way["spans_headers"] == {"x-datadog-evp-subdomain": "llmobs-intake"}
    assert way["api_key"] == ""
    way = target_of(Settings(agentless=True, site="dd.test:8443", api_key="k"))
    assert way["spans_url"] == "https://llmobs-intake.dd.test:8443"
    assert way["evaluations_url"] == "https://api.dd.test:8443"
    assert way["api_key"] == "k"
    way = target_of(Settings(agentless=True, api_key="k"))
    assert way["spans_url"] + way["spans_path"] == (
        "https://llmobs-intake.datadoghq.com/api/v2/llmobs"
    )
    way = target_of(Settings(agentless=True, api_key="k", override_origin="http://a:1/base/"))
    assert way["evaluations_url"] + way["evaluations_path"] == (
        "http://a:1/base/api/intake/llm-obs/v2/eval-metric"
    )
    way = target_of(Settings(api_key="k", agent_url="http://agent:8126", site="dd.test"))
    assert (way["probe"], way["info_url"], way["url"]) == (True, *["http://agent:8126"] * 2)
    assert way["spans_url"] == "https://llmobs-intake.dd.test"
    way = target_of(
        Settings(api_key="k", agent_url="http://agent:8126", override_origin="http://a:1")
    )
    assert (way["info_url"], way["url"], way["spans_url"]) == (
        "http://agent:8126", "http://a:1", "http://a:1",
    )  # fmt: skip
    assert is_open(Settings(api_key="k")) and not is_open(Settings())
    assert not is_open(Settings(api_key="k", agentless=False))
