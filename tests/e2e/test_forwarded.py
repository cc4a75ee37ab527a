"""An unmodified Agent of Datadog's between tracer and server: the one for Azure Functions. What the
large one sends is recorded in tests/protocol."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.harness.client import venv
from tests.e2e.harness.program import Catalejo, free_port, until

# It runs in nothing but the folders of a function: a file system of its own has them.
ROOM = """
mount -t tmpfs none /home && mkdir -p /home/site/wwwroot/function &&
echo '{}' >/home/site/wwwroot/host.json && echo '{}' >/home/site/wwwroot/function/function.json &&
exec "$@"
"""
FUNCTION = {
    "FUNCTIONS_EXTENSION_VERSION": "~4",
    "FUNCTIONS_WORKER_RUNTIME": "python",
    "WEBSITE_SITE_NAME": "support",
    "WEBSITE_RESOURCE_GROUP": "production",
    "WEBSITE_OWNER_NAME": "11111111-1111-4111-8111-111111111111+production-Webspace-Linux",
    "REGION_NAME": "westeurope",
}
TRACED = """
from ddtrace import tracer
with tracer.trace("function", service="support", resource="GET /ask", span_type="serverless") as up:
    up.set_tag("ciudad", "Málaga")
    up.set_metric("rows", 1.5)
    try:
        with tracer.trace("failing"):
            raise ValueError("año")
    except ValueError:
        pass
print(f"{up.trace_id:032x}")
"""


def may_mount() -> bool:
    room = ["unshare", "-rm", "sh", "-c", "mount -t tmpfs none /home"]
    return subprocess.run(room, capture_output=True, check=False).returncode == 0


@pytest.fixture
def agent(fresh: Catalejo, tmp_path: Path) -> Iterator[int]:
    """Its port."""
    if not may_mount():
        pytest.skip("this machine lets no program mount a file system of its own")
    fresh.create_key()
    found = next((venv("agent") / "lib").glob("python3*/site-packages/datadog_serverless_compat"))
    program = tmp_path / "agent"
    shutil.copy(found / "bin/linux-amd64/datadog-serverless-compat", program)
    program.chmod(0o755)
    port = free_port()
    with fresh, (tmp_path / "agent.log").open("w") as said:
        settings = {
            "DD_API_KEY": fresh.key, "DD_APM_DD_URL": fresh.http_url, "DD_SITE": "dd.test",
            "DD_APM_RECEIVER_PORT": str(port), "DD_USE_DOGSTATSD": "false", "DD_ENV": "agent-env",
        }  # fmt: skip
        running = subprocess.Popen(
            ["unshare", "-rm", "sh", "-c", ROOM, "room", str(program)],
            env=FUNCTION | settings | {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
            stdout=said, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            yield port
        finally:
            running.terminate()
            running.wait(timeout=20)


def test_what_an_agent_sends_on_is_kept(fresh: Catalejo, agent: int) -> None:
    python = venv("v4") / "bin/python"
    traced = subprocess.run(
        [str(python), "-c", TRACED],
        env=FUNCTION | {
            "DD_TRACE_AGENT_URL": f"http://127.0.0.1:{agent}", "DD_VERSION": "1.2",
            "DD_INSTRUMENTATION_TELEMETRY_ENABLED": "0", "DD_REMOTE_CONFIGURATION_ENABLED": "0",
        },
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert traced.returncode == 0, traced.stderr
    until(lambda: fresh.api.get("/api/v1/ledger")["spans"]["stored"] == 2, "the Agent sends", 60)
    path = f"/api/v1/traces/{traced.stdout.strip()}"
    until(lambda: fresh.api.status(path) == 200, "it can be read", 30)
    up, below = fresh.api.get(path)["spans"]
    assert (up["name"], up["service"], up["resource"]) == ("function", "support", "GET /ask")
    assert (up["apm_type"], up["version"], up["source"]) == ("serverless", "1.2", "dd_apm/agent")
    assert up["tags"]["ciudad"] == "Málaga" and up["metrics"]["rows"] == 1.5
    # What the Agent knows of the place.
    assert up["tags"]["aas.resource.group"] == "production"
    assert below["parent_id"] == up["span_id"]
    assert below["error"]["type"] == "builtins.ValueError" and below["error"]["message"] == "año"
    assert fresh.api.ledger()["spans"]["received"] == 2
