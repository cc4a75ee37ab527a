"""`catalejo run --info`: the settings in force, and whether what they name can be reached."""

from __future__ import annotations

import http.client
import socket
import ssl
import sys
from typing import NamedTuple, Sequence

from catalejo import probe
from catalejo.settings import UNNAMED, Settings
from catalejo.start import SITE, is_open, target_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from catalejo._core import Target

PROBE_SECONDS_MAX = 2.0

TRACED = ("openai", "httpx", "requests", "aiohttp", "fastapi", "starlette", "flask", "django",
          "azure-functions")  # fmt: skip


class Trouble(NamedTuple):
    cause: str
    remedy: str


def main(arguments: Sequence[str] = ()) -> int:
    """Prints the block; 0 when spans would arrive, else 1."""
    unknown = [each for each in arguments if each not in ("-nc", "--no-color")]
    if unknown:
        print(f"catalejo run --info takes no argument {unknown[0]}", file=sys.stderr)
        return 2
    settings = Settings.from_environment()
    agentless, way, trouble = check(settings)
    core = core_trouble()
    url = target_of(settings, agentless)
    written_to = url.get("spans_url") or url["url"]
    redaction = "" if core else redact_trouble(settings, url)
    print_block(settings, way, written_to, trouble, core, redaction)
    print("\nSummary\n")
    for each in (core, trouble):
        if each:
            print(f"ERROR: {each.cause}\n {each.remedy}\n")
    if redaction:
        print(f"WARNING CATALEJO_REDACT: {redaction}; until then all texts are replaced.\n")
    for text in (*settings.complaints, *warnings(settings)):
        print(f"WARNING {text}\n")
    return 1 if trouble or core else 0


def check(settings: Settings) -> tuple[bool, str, Trouble | None]:
    """Which way spans go, in words too, and what stands in it."""
    if settings.agentless:
        return True, "agentless", intake_trouble(settings)
    trouble = agent_trouble(settings.override_origin or settings.agent_url,
                            is_agent=not settings.override_origin)  # fmt: skip
    if not is_open(settings):
        return False, "agent", trouble
    if settings.override_origin:
        trouble = agent_trouble(settings.agent_url)
    if trouble is None:
        return False, "agent, which answers; there is an API key too", None
    way = f"agentless, as there is an API key and no agent: {trouble.cause}"
    return True, way, intake_trouble(settings)


def agent_trouble(url: str, is_agent: bool = True) -> Trouble | None:
    try:
        status, body = probe.get(url, "/info", PROBE_SECONDS_MAX)
    except (OSError, ValueError, http.client.HTTPException) as error:
        return Trouble(f"Agent not reachable at {url}: {words_of(error)}", remedy_of(error, url))
    if not is_agent:
        return None  # an origin of one's own need not have /info
    if status != 200:
        return Trouble(
            f"{url} is no agent: it answered GET /info with {status}",
            "Something else listens there: set DD_TRACE_AGENT_URL to the agent's address.",
        )
    if not any("/evp_proxy/v2" in each for each in probe.endpoints_of(body)):
        return Trouble(
            f"the agent at {url} takes no LLM spans: its /info does not list /evp_proxy/v2",
            "Use Catalejo (`catalejo up`) or Datadog's agent 7.48 or newer, or send agentless: "
            "DD_LLMOBS_AGENTLESS_ENABLED=1 with DD_API_KEY and DD_SITE.",
        )
    return None


def intake_trouble(settings: Settings) -> Trouble | None:
    """Whether the intake takes the key, and the spans' host answers."""
    if not settings.api_key:
        return Trouble("agentless, but there is no API key",
                       "Set DD_API_KEY (`catalejo key create NAME` makes one).")  # fmt: skip
    target = target_of(settings, agentless=True)
    url = target["evaluations_url"]
    try:
        status, _ = probe.get(url, "/api/v1/validate", settings.timeout_ms / 1_000,
                              {"dd-api-key": settings.api_key}, settings.ca_file)  # fmt: skip
        if target["spans_url"] != url:
            probe.get(target["spans_url"], "/", settings.timeout_ms / 1_000,
                      ca_file=settings.ca_file)  # fmt: skip
    except (OSError, ValueError, http.client.HTTPException) as error:
        return Trouble(f"Intake not reachable at {url}: {words_of(error)}", remedy_of(error, url))
    if status in (401, 403):
        return Trouble(
            f"the intake at {url} does not take the key that ends in {settings.api_key[-4:]}",
            "Set DD_API_KEY to a key of that intake (`catalejo key list` shows Catalejo's).",
        )
    if status != 200:
        return Trouble(f"the intake at {url} answered the check of the key with {status}",
                       "Is DD_SITE or DD_LLMOBS_OVERRIDE_ORIGIN an intake?")  # fmt: skip
    return None


def words_of(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {error.verify_message}"
    if isinstance(error, (TimeoutError, socket.timeout)):
        return "no answer in time"
    if isinstance(error, socket.gaierror):
        return "there is no such host name"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return str(error) or type(error).__name__


def remedy_of(error: Exception, url: str) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return ("Set SSL_CERT_FILE to the authority's certificate; of Catalejo that is "
                "tls/ca.pem in its data folder.")  # fmt: skip
    if isinstance(error, socket.gaierror):
        return "Correct the host name, or DD_SITE that it is made of."
    if isinstance(error, FileNotFoundError):
        return "There is no such socket: is Catalejo running, and is its folder mounted here?"
    if isinstance(error, ValueError):
        return "Write http://host:port, https://host or unix:///path."
    return (f"Start Catalejo (`catalejo up`), or set DD_TRACE_AGENT_URL to where it listens; from "
            f"a container, {url} is the container itself.")  # fmt: skip


def core_trouble() -> Trouble | None:
    try:
        import catalejo._core  # noqa: F401
    except ImportError as error:
        version = ".".join(str(part) for part in sys.version_info[:3])
        return Trouble(f"no native core for Python {version}: {error}",
                       "Install catalejo with this Python: pip install catalejo.")  # fmt: skip
    return None


def redact_trouble(settings: Settings, target: Target) -> str:
    from catalejo import _core

    return _core.redact_trouble(target) if settings.redact else ""


def print_block(
    settings: Settings,
    way: str,
    url: str,
    trouble: Trouble | None,
    core: Trouble | None,
    redaction: str,
) -> None:
    from catalejo import __version__

    python = ".".join(str(part) for part in sys.version_info[:3])
    lines = [
        ("Tracer enabled", settings.llmobs_enabled),
        ("Tracer", f"catalejo {__version__}, Python {python}, {sys.executable}"),
        ("Native core", core.cause if core else "loaded"),
        ("Debug logging", settings.debug),
        ("Way out", ("serverless, " if settings.serverless else "") + way),
        ("Writing traces to", url),
        ("Redaction", "all texts are replaced" if redaction else settings.redact or None),
        ("Agent error", trouble.cause if trouble else None),
        ("Traced here", ", ".join(installed()) or "nothing that is traced is installed"),
    ]
    print("Tracer Configurations:")
    for name, value in lines:
        print(f"    {name}: {value}")
    print("    Tagging:")
    tags = ",".join(f"{key}:{value}" for key, value in settings.tags.items())
    for name, text in (("DD Service", settings.service), ("DD Env", settings.env),
                       ("DD Version", settings.version), ("Global Tags", tags)):  # fmt: skip
        print(f"    {name}: {text or None}")
    print("\nSettings in force:")
    for name, value in sorted(vars(settings).items()):
        if name in ("sources", "complaints", "enabled"):
            continue
        print(f"    {name}: {shown(name, value)}  ({settings.sources.get(name, 'default')})")


def shown(name: str, value: object) -> str:
    if name == "api_key" and value:
        return f"…{str(value)[-4:]}"
    if name == "redact_key" and value:
        return "set"
    if name == "site" and not value:
        return SITE
    if isinstance(value, dict):
        return ",".join(f"{key}:{each}" for key, each in value.items()) or "None"
    return str(value) if value != "" else "None"


def installed() -> list[str]:
    from importlib import metadata

    found = []
    for name in TRACED:
        try:
            found.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            continue
    return found


def warnings(settings: Settings) -> list[str]:
    found = []
    if not settings.llmobs_enabled:
        found.append("TRACER OFF: DD_LLMOBS_ENABLED says that nothing is traced.")
    if settings.ml_app == UNNAMED:
        found.append(f"ML_APP NOT SET: spans come under {UNNAMED}. Set DD_LLMOBS_ML_APP.")
    return found
