"""The commands a person types: the tracer's own checks, and those of Catalejo."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from demo.azure.server import Azure
from tests.e2e.harness.client import MODES, Mode, client_environment, launcher, python, venv
from tests.e2e.harness.load import body_of, event, post
from tests.e2e.harness.program import ROOT, Catalejo, binary, plain_environment, until

AGENT_MODES = [mode for mode in MODES if mode.transport == "agent"]
EXIT_USAGE, EXIT_NOT_RUNNING, EXIT_CONFIG = 2, 3, 4


def traced_run(
    mode: Mode, server: Catalejo, azure: Azure, *arguments: str
) -> subprocess.CompletedProcess[str]:
    # Apart from the spans of the mode's own run, which others count.
    apart = {"DD_LLMOBS_ML_APP": "e2e-command-line"}
    return subprocess.run(
        [*launcher(mode), *arguments],
        cwd=ROOT, env={**client_environment(mode, server, azure), **apart},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("mode", AGENT_MODES, ids=lambda mode: mode.name)
def test_run_info_finds_the_agent(mode: Mode, shared: Catalejo, azure: Azure) -> None:
    done = traced_run(mode, shared, azure, "--info", "-nc")
    said = done.stdout + done.stderr
    assert "Agent error: None" in said, said
    assert f"Writing traces to: {shared.apm_url}" in said
    assert done.returncode == 0


def test_ddtrace_run_debug_shows_spans_and_no_fault(
    shared: Catalejo, azure: Azure, tmp_path: Path
) -> None:
    mode = AGENT_MODES[0]
    scenario = ("-m", "tests.e2e.scenarios", "--out", str(tmp_path / "heard"), "--only", "chat")
    done = traced_run(mode, shared, azure, "--debug", python(mode), *scenario)
    assert done.returncode == 0, done.stderr[-3000:]
    for fault in ("failed to send", "Agent not reachable", "Agent empty response", "dropping"):
        assert fault not in done.stderr
    assert "AzureOpenAI.createChatCompletion" in done.stderr or "openai.request" in done.stderr


def server_run(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """`catalejo run …` of the server program, not of the Python package."""
    return subprocess.run(
        [str(binary()), "run", *words], cwd=ROOT, env={**plain_environment(), **variables},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_the_program_hands_run_to_the_tracer_of_the_active_environment(
    shared: Catalejo, tmp_path: Path
) -> None:
    home = str(venv("tracer"))
    code = "import sys; from catalejo import span; span.start('task', 't').finish(); sys.exit(6)"
    active = {"VIRTUAL_ENV": home, "DD_LLMOBS_ML_APP": "e2e-run", "PATH": f"{home}/bin:/bin"}
    done = server_run("python", "-c", code, **active, DD_TRACE_AGENT_URL=shared.apm_url)
    assert (done.returncode, done.stderr) == (6, "")
    until(lambda: shared.api.spans(view="spans", ml_app="e2e-run"), "the span is there")
    assert "usage: catalejo run" in server_run("--help", **active).stdout
    assert server_run("no-such-program", **active).returncode == 127


def test_run_says_what_is_missing(tmp_path: Path) -> None:
    subprocess.run(["python3", "-m", "venv", "--without-pip", tmp_path / "bare"], check=True)
    done = server_run("python", "app.py", VIRTUAL_ENV=str(tmp_path / "bare"))
    assert done.returncode == 1
    assert "the tracer is not installed for" in done.stderr and "pip install" in done.stderr
    done = server_run("python", "app.py", PATH="/nowhere", VIRTUAL_ENV="")
    assert done.returncode == 127 and "python3" in done.stderr


def test_run_debug_sums_up(shared: Catalejo, azure: Azure, tmp_path: Path) -> None:
    mode = next(mode for mode in AGENT_MODES if mode.own)
    scenario = ("-m", "tests.e2e.scenarios", "--out", str(tmp_path / "heard"), "--only", "chat")
    done = traced_run(mode, shared, azure, "--debug", python(mode), *scenario)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "traced 1, sent 1, acknowledged 1, lost 0" in done.stderr


def as_json(done: subprocess.CompletedProcess[str]) -> Any:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_info_tells_what_came_in_and_what_became_of_it(fresh: Catalejo) -> None:
    assert fresh.command("info").returncode == EXIT_NOT_RUNNING
    with fresh:
        assert post(fresh, body_of(event(1, "x"), event(1, "x"), event(2, "y"))).status == 202
        until(lambda: fresh.api.ledger()["spans"]["in_flight"] == 0, "nothing is in flight")
        said = fresh.command("info")
        assert said.returncode == 0, said.stderr
        for word in ("received", "stored", "duplicate"):
            assert word in said.stdout.lower()
        assert as_json(fresh.command("info", "--json"))


def test_keys_are_created_listed_used_and_revoked(fresh: Catalejo) -> None:
    with fresh:
        assert post(fresh, body_of(event(1, "no key exists yet"))).status == 202
        key = fresh.create_key("app")
        assert key not in fresh.command("key", "list").stdout
        [listed] = as_json(fresh.command("key", "list", "--json"))
        assert (listed["name"], listed["revoked"]) == ("app", False)
        until(
            lambda: post(fresh, body_of(event(2, "x")), **{"dd-api-key": "wrong"}).status == 403,
            "the running program asks for keys",
        )
        assert post(fresh, body_of(event(3, "with the key"))).status == 202
        assert fresh.command("key", "revoke", "app").returncode == 0
        until(lambda: post(fresh, body_of(event(4, "x"))).status == 403, "the key is refused")
        stored = (fresh.data / "control.sqlite").read_bytes()
        assert key.encode() not in stored


@pytest.mark.parametrize("flags", [(), ("--agentless",), ("--serverless",)], ids=str)
def test_env_prints_variables_a_shell_takes(fresh: Catalejo, flags: tuple[str, ...]) -> None:
    said = fresh.command("env", "--ml-app", "my-bot", *flags)
    assert said.returncode == 0, said.stderr
    done = subprocess.run(
        ["sh", "-euc", f"{said.stdout}\nenv"], capture_output=True, text=True, check=True
    )
    assert "DD_LLMOBS_ML_APP=my-bot" in done.stdout
    assert "DD_LLMOBS_ENABLED=1" in done.stdout
    variables = as_json(fresh.command("env", "--ml-app", "my-bot", *flags, "--format", "json"))
    assert variables["DD_LLMOBS_ML_APP"] == "my-bot"


def test_tls_init_makes_certificates_that_openssl_accepts(fresh: Catalejo) -> None:
    assert fresh.command("tls", "init", "--site", "obs.example.test").returncode == 0
    folder = fresh.data / "tls"
    checked = subprocess.run(
        ["openssl", "verify", "-CAfile", str(folder / "ca.pem"),
         "-verify_hostname", "llmobs-intake.obs.example.test", str(folder / "server.pem")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stderr
    assert (folder / "server.key").stat().st_mode & 0o077 == 0
    assert (folder / "ca.key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--help",), 0),
        (("--version",), 0),
        (("up", "--help"), 0),
        (("nonsense",), EXIT_USAGE),
        (("key", "create"), EXIT_USAGE),
        (("up", "--http-port", "many"), EXIT_CONFIG),
        (("info",), EXIT_NOT_RUNNING),
    ],
    ids=str,
)
def test_exit_codes_are_those_that_are_documented(
    fresh: Catalejo, arguments: tuple[str, ...], code: int
) -> None:
    done = fresh.command(*arguments)
    assert done.returncode == code, (arguments, done.stdout, done.stderr)
    assert done.stdout or done.stderr, binary()


def test_it_refuses_to_listen_beyond_loopback_without_a_key(fresh: Catalejo) -> None:
    done = fresh.command("up", "--listen", "0.0.0.0")
    assert done.returncode == EXIT_CONFIG
    assert "key" in done.stderr
