"""Runs the application of tests/e2e/scenarios under a real `ddtrace-run`, and under `catalejo run`,
in each way to send."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from demo.azure.server import KEY, Azure
from tests.e2e.harness.program import ROOT, Catalejo, plain_environment

SITE = "dd.test"
# What the clients make of DD_SITE; `catalejo tls init` puts the same names in its certificate.
SITE_HOSTS = (
    f"browser-intake-{SITE}",
    f"llmobs-intake.{SITE}",
    f"api.{SITE}",
    f"trace.agent.{SITE}",
    f"instrumentation-telemetry-intake.{SITE}",
    f"config.{SITE}",
    f"http-intake.logs.{SITE}",
)


@dataclass(frozen=True)
class Mode:
    """One generation of the client, or our own tracer with one openai, sending one way."""

    name: str
    venv: str
    transport: str
    variables: dict[str, str] = field(default_factory=dict, hash=False)

    @property
    def own(self) -> bool:
        """Whether the tracer is Catalejo's, which has no exceptions."""
        return self.venv.startswith("tracer")

    @property
    def generation(self) -> int:
        """Of ddtrace's format; ours writes the newest."""
        return 4 if self.own else int(self.venv[1:])

    @property
    def ml_app(self) -> str:
        return f"e2e-{self.name}"


FUNCTION_APP = {"FUNCTIONS_WORKER_RUNTIME": "python", "FUNCTIONS_EXTENSION_VERSION": "~4"}
DDTRACE_MODES = (
    Mode("v4-agent", "v4", "agent"),
    Mode("v3-agent", "v3", "agent"),
    # This generation wants a key even when an agent has it.
    Mode("v2-agent", "v2", "agent", {"DD_API_KEY": "not-used"}),
    Mode("v4-socket", "v4", "socket"),
    Mode("v4-override", "v4", "override"),
    Mode("v3-override", "v3", "override"),
    Mode("v4-site", "v4", "site"),
    Mode("v3-site", "v3", "site"),
    Mode("v2-site", "v2", "site"),
    Mode("v4-functions", "v4", "site", FUNCTION_APP),
)
# The newest openai, and the last of its older major versions.
OWN_MODES = tuple(
    Mode(f"{venv}-{name}", venv, transport, variables)
    for venv, names in (
        ("tracer", ("agent", "socket", "override", "site", "functions")),
        ("tracer2", ("agent", "site", "functions")),
        ("tracer1", ("agent", "site", "functions")),
    )
    for name, transport, variables in (
        ("agent", "agent", {}),
        ("socket", "socket", {}),
        ("override", "override", {}),
        ("site", "site", {}),
        ("functions", "site", FUNCTION_APP),
    )
    if name in names
)
MODES = DDTRACE_MODES + OWN_MODES


def mode_named(name: str) -> Mode:
    return next(mode for mode in MODES if mode.name == name)


def venv(name: str) -> Path:
    """./dev says where the environments are; without it, they are where ./dev puts them."""
    given = os.environ.get(f"CATALEJO_VENV_{name.upper()}")
    if given:
        return Path(given)
    cache = Path(os.environ.get("CATALEJO_CACHE", Path.home() / ".cache/catalejo"))
    found = sorted(cache.glob(f"venv-{name}-*"), key=lambda path: path.stat().st_mtime)
    assert found, f"no environment {name}: run ./dev test once"
    return found[-1]


def node_clients() -> Path:
    """Where ./dev puts the packages of tests/e2e/node."""
    given = os.environ.get("CATALEJO_NODE_CLIENTS")
    cache = Path(os.environ.get("CATALEJO_CACHE", Path.home() / ".cache/catalejo"))
    homes = [Path(given)] if given else sorted(cache.glob("node-clients-*"))
    assert homes, "no clients in JavaScript: run ./dev test once"
    return homes[-1] / "node_modules"


def transport_variables(mode: Mode, server: Catalejo) -> dict[str, str]:
    if mode.transport == "agent":
        return {"DD_TRACE_AGENT_URL": server.apm_url}
    if mode.transport == "socket":
        return {"DD_TRACE_AGENT_URL": f"unix://{server.socket_path}"}
    agentless = {"DD_LLMOBS_AGENTLESS_ENABLED": "1", "DD_API_KEY": server.key}
    if mode.transport == "override":
        return {
            **agentless,
            "DD_LLMOBS_OVERRIDE_ORIGIN": server.http_url,
            "DD_TRACE_AGENT_URL": server.apm_url,
        }
    authority = str(server.data / "tls/ca.pem")
    variables = {
        **agentless,
        "DD_SITE": f"{SITE}:{server.https_port}",
        "SSL_CERT_FILE": authority,
        "REQUESTS_CA_BUNDLE": authority,
    }
    if "FUNCTIONS_WORKER_RUNTIME" in mode.variables:
        # A function app has no agent and says nothing about it: the client finds out by itself.
        del variables["DD_LLMOBS_AGENTLESS_ENABLED"]
        variables["DD_TRACE_AGENT_URL"] = "http://127.0.0.1:9"
    elif mode.generation < 4:
        # Older generations send the APM half to an agent even when LLM spans go without one.
        variables["DD_TRACE_AGENT_URL"] = server.apm_url
    return variables


def client_environment(mode: Mode, server: Catalejo, azure: Azure) -> dict[str, str]:
    return {
        **plain_environment(),
        "AZURE_OPENAI_ENDPOINT": azure.url(),
        "AZURE_OPENAI_API_KEY": KEY,
        "DD_LLMOBS_ENABLED": "1",
        "DD_LLMOBS_ML_APP": mode.ml_app,
        "DD_SERVICE": f"service-{mode.name}",
        "DD_ENV": "e2e",
        "DD_VERSION": "7.8.9",
        "DD_TAGS": "team:óptica,cost-center:42",
        **transport_variables(mode, server),
        **mode.variables,
    }


def with_site_hosts(command: list[str], folder: Path) -> list[str]:
    """The command with a private /etc/hosts that has SITE's names, in a mount namespace."""
    hosts = folder / "hosts"
    hosts.write_text("127.0.0.1 localhost " + " ".join(SITE_HOSTS) + "\n")
    script = 'mount --bind "$0" /etc/hosts && exec "$@"'
    private = ["unshare", "--mount"] + ([] if os.geteuid() == 0 else ["--map-root-user"])
    return [*private, "sh", "-c", script, str(hosts), *command]


def launcher(mode: Mode) -> list[str]:
    """What is put before the command of an application."""
    folder = venv(mode.venv) / "bin"
    return [str(folder / "catalejo"), "run"] if mode.own else [str(folder / "ddtrace-run")]


def python(mode: Mode) -> str:
    return str(venv(mode.venv) / "bin/python")


@dataclass
class Run:
    """What an application run left: what it heard itself, and what it printed."""

    mode: Mode
    heard: dict[str, Any]
    stderr: str


def run_scenarios(
    mode: Mode, server: Catalejo, azure: Azure, folder: Path, only: tuple[str, ...] = ()
) -> Run:
    out = folder / f"heard-{mode.name}.json"
    command = [*launcher(mode), python(mode), "-m", "tests.e2e.scenarios", "--out", str(out)]
    if only:
        command += ["--only", *only]
    if mode.transport == "site":
        command = with_site_hosts(command, folder)
    done = subprocess.run(
        command, cwd=ROOT, env=client_environment(mode, server, azure), capture_output=True,
        text=True, timeout=150, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{mode.name}: exit code {done.returncode}\n{done.stderr[-4000:]}"
    return Run(mode, json.loads(out.read_text()), done.stderr)
