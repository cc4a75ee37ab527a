"""Settings of the tracer, from the environment: ddtrace's names, and a CATALEJO_ twin that wins.

The twin of `DD_X` is `CATALEJO_X`; LLMOBS_ and TRACE_ may be left out of it: `CATALEJO_ML_APP` is
the twin of `DD_LLMOBS_ML_APP`, `CATALEJO_AGENT_URL` of `DD_TRACE_AGENT_URL`. An empty variable is
one that is not set. Read once at start, never later. No dataclass: importing that module costs
more than everything else here.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False  # `typing` is not needed to run this
if TYPE_CHECKING:
    from typing import Mapping

    from catalejo.sampling import Rule

UNNAMED = "unnamed-ml-app"  # as ddtrace calls an application that nobody named
TRUE = frozenset(("1", "true", "yes", "on"))
FALSE = frozenset(("0", "false", "no", "off"))
SOCKET = "/var/run/datadog/apm.socket"
AGENT_URL = "http://localhost:8126"
PATTERN = "CATALEJO_REDACT_PATTERN_"


class Settings:
    """What is in force. `sources` has, by field, the variable that a value came from."""

    def __init__(
        self,
        *,
        enabled: bool = True,
        llmobs_enabled: bool = True,
        ml_app: str = "",
        service: str = "",
        env: str = "",
        version: str = "",
        tags: dict[str, str] | None = None,
        site: str = "",
        api_key: str = "",
        agentless: bool | None = None,
        agent_url: str = AGENT_URL,
        override_origin: str = "",
        sample_rate: float = 1.0,
        ca_file: str = "",
        debug: bool = False,
        serverless: bool = False,
        spool_dir: str = "",
        spool_bytes_max: int = 64 << 20,
        flush_ms_max: int = 1_000,
        flush_interval_ms: int = 1_000,
        timeout_ms: int = 5_000,
        queue_bytes_max: int = 32 << 20,
        propagate_to_model: bool = False,
        sampling_rules: list[Rule] | None = None,
        redact: str = "",
        redact_patterns: dict[str, str] | None = None,
        redact_key: str = "",
    ) -> None:
        self.enabled = enabled
        self.llmobs_enabled = llmobs_enabled
        self.ml_app = ml_app
        self.service = service
        self.env = env
        self.version = version
        self.tags = tags if tags is not None else {}
        self.site = site
        self.api_key = api_key
        self.agentless = agentless  # None: the agent is asked first, as ddtrace does
        self.agent_url = agent_url
        self.override_origin = override_origin
        self.sample_rate = sample_rate
        self.ca_file = ca_file
        self.debug = debug
        self.serverless = serverless
        self.spool_dir = spool_dir
        self.spool_bytes_max = spool_bytes_max
        self.flush_ms_max = flush_ms_max  # what an Azure Function's invocation may wait for us
        self.flush_interval_ms = flush_interval_ms
        self.timeout_ms = timeout_ms  # of one attempt to send
        self.queue_bytes_max = queue_bytes_max
        self.propagate_to_model = propagate_to_model  # trace headers, on calls to the models too
        self.sampling_rules = sampling_rules or []  # the first that matches wins over the rate
        self.redact = redact  # what no text may leave this process with
        self.redact_patterns = redact_patterns or {}  # own ones by name, RE2; `redact` names them
        self.redact_key = redact_key
        self.sources: dict[str, str] = {}
        self.complaints: list[str] = []  # values that could not be used

    def name_patterns(self) -> None:
        """Own patterns that `redact` says nothing of are looked for like any rule: masked."""
        named = [entry.partition(":")[0].strip() for entry in self.redact.split(",")]
        more = [name for name in self.redact_patterns if name not in named]
        self.redact = ",".join([*filter(None, [self.redact]), *more])

    @staticmethod
    def from_environment(env: Mapping[str, str] = os.environ) -> Settings:
        return _Reader(env).settings()


def names_of(variable: str) -> list[str]:
    """`variable` after its twins, in the order in which they are looked at."""
    short = variable.lstrip("_")
    if not short.startswith("DD_"):
        return [variable]
    short = short[len("DD_") :]
    names = ["CATALEJO_" + short]
    for prefix in ("LLMOBS_", "TRACE_"):
        if short.startswith(prefix):
            names.insert(0, "CATALEJO_" + short[len(prefix) :])
    return [*names, variable]


def parse_tags(text: str) -> dict[str, str]:
    """`k:v` pairs between commas or blanks, as DD_TAGS has them."""
    tags: dict[str, str] = {}
    for part in text.split(",") if "," in text else text.split():
        key, colon, value = part.strip().partition(":")
        if key and colon:
            tags[key] = value
    return tags


class _Reader:
    def __init__(self, env: Mapping[str, str]) -> None:
        self.env = env
        self.sources: dict[str, str] = {}
        self.complaints: list[str] = []

    def text(self, field: str, *variables: str) -> str:
        for variable in variables:
            for name in names_of(variable):
                value = self.env.get(name, "").strip()
                if value:
                    self.sources.setdefault(field, name)
                    return value
        return ""

    def flag(self, field: str, fallback: bool, *variables: str) -> bool:
        text = self.text(field, *variables).lower()
        if text in TRUE or text in FALSE:
            return text in TRUE
        if text:
            self.unusable(field, text)
        return fallback

    def number(self, field: str, fallback: float, *variables: str, most: float = 1e12) -> float:
        text = self.text(field, *variables)
        try:
            value = float(text) if text else fallback
        except ValueError:
            value = -1.0
        if 0 <= value <= most:
            return value
        self.unusable(field, text)
        return fallback

    def unusable(self, field: str, text: str) -> None:
        name = self.sources.pop(field, field)
        self.complaints.append(f'{name} is "{text[:40]}", which is no value for it; not used')

    def plain(self, field: str, variable: str) -> str:
        """Without blanks, which separate what commas do, and with nothing that is no ASCII."""
        text = ",".join(self.text(field, variable).split())
        return text.encode("ascii", "replace").decode()

    def redact_patterns(self) -> dict[str, str]:
        """CATALEJO_REDACT_PATTERN_NAME is the pattern `name`."""
        found: dict[str, str] = {}
        for variable in sorted(self.env):
            if variable.startswith(PATTERN) and self.env[variable]:
                self.sources.setdefault("redact_patterns", PATTERN + "…")
                text = self.env[variable].encode("utf-8", "replace").decode()
                found[variable[len(PATTERN) :].lower()] = text
        return found

    def agent_url(self) -> str:
        """DD_TRACE_AGENT_URL, else host and port, else the socket where the agent has one."""
        url = self.text("agent_url", "DD_TRACE_AGENT_URL")
        if url:
            return url if "://" in url else "http://" + url
        host = self.text("agent_url", "DD_AGENT_HOST")
        port = self.text("agent_url", "DD_TRACE_AGENT_PORT")
        if not host and not port and os.path.exists(SOCKET):
            self.sources["agent_url"] = "the socket that is there"
            return "unix://" + SOCKET
        if not host and not port:
            return AGENT_URL
        host = f"[{host}]" if ":" in host else host or "localhost"
        return f"http://{host}:{port or '8126'}"

    def agentless(self) -> bool | None:
        if not self.text("agentless", "DD_LLMOBS_AGENTLESS_ENABLED"):
            # The variable of ddtrace for all its products can only switch it on.
            return self.flag("agentless", False, "DD_AGENTLESS_ENABLED") or None
        return self.flag("agentless", False, "DD_LLMOBS_AGENTLESS_ENABLED")

    def sampling_rules(self) -> list[Rule]:
        text = self.text("sampling_rules", "DD_LLMOBS_SAMPLING_RULES")
        if not text:
            return []
        from catalejo import sampling

        rules, wrong = sampling.parse(text)
        name = self.sources["sampling_rules"]
        self.complaints += [f"{name}: {each}; not used" for each in wrong]
        return rules

    def serverless(self) -> bool:
        """As ddtrace finds out that it is in an Azure Function."""
        env = self.env
        found = env.get("FUNCTIONS_WORKER_RUNTIME") and env.get("FUNCTIONS_EXTENSION_VERSION")
        if found:
            self.sources["serverless"] = "FUNCTIONS_WORKER_RUNTIME"
        return bool(found)

    def milliseconds(self, field: str, fallback: int, own: str, seconds: str = "") -> int:
        """`own` is in milliseconds, ddtrace's variable `seconds` is not."""
        if self.text(field, own) or not seconds:
            return int(self.number(field, fallback, own))
        return int(self.number(field, fallback / 1_000, seconds, most=1e6) * 1_000)

    def settings(self) -> Settings:
        enabled = self.flag("llmobs_enabled", True, "DD_LLMOBS_ENABLED")
        settings = Settings(
            enabled=enabled,
            llmobs_enabled=enabled,
            ml_app=self.text("ml_app", "DD_LLMOBS_ML_APP", "DD_SERVICE") or UNNAMED,
            service=self.text("service", "DD_SERVICE"),
            env=self.text("env", "DD_ENV"),
            version=self.text("version", "DD_VERSION"),
            tags=parse_tags(self.text("tags", "DD_TAGS")),
            site=self.text("site", "DD_SITE"),
            api_key=self.text("api_key", "DD_API_KEY"),
            agentless=self.agentless(),
            agent_url=self.agent_url(),
            override_origin=self.text("override_origin", "DD_LLMOBS_OVERRIDE_ORIGIN"),
            sample_rate=self.number("sample_rate", 1.0, "DD_LLMOBS_SAMPLE_RATE", most=1.0),
            ca_file=self.text("ca_file", "CATALEJO_CA_FILE", "SSL_CERT_FILE"),
            debug=self.flag("debug", False, "DD_TRACE_DEBUG"),
            serverless=self.serverless(),
            spool_dir=self.text("spool_dir", "CATALEJO_SPOOL_DIR"),
            spool_bytes_max=int(
                self.number("spool_bytes_max", 64 << 20, "CATALEJO_SPOOL_BYTES_MAX")
            ),
            flush_ms_max=self.milliseconds("flush_ms_max", 1_000, "CATALEJO_FLUSH_MS_MAX"),
            flush_interval_ms=self.milliseconds(
                "flush_interval_ms", 1_000, "CATALEJO_FLUSH_INTERVAL_MS",
                "_DD_LLMOBS_WRITER_INTERVAL",
            ),
            timeout_ms=self.milliseconds(
                "timeout_ms", 5_000, "CATALEJO_TIMEOUT_MS", "_DD_LLMOBS_WRITER_TIMEOUT"
            ),
            queue_bytes_max=int(
                self.number("queue_bytes_max", 32 << 20, "CATALEJO_QUEUE_BYTES_MAX")
            ),
            sampling_rules=self.sampling_rules(),
            redact=self.plain("redact", "CATALEJO_REDACT"),
            redact_patterns=self.redact_patterns(),
            redact_key=self.plain("redact_key", "CATALEJO_REDACT_KEY"),
            propagate_to_model=self.flag(
                "propagate_to_model", False, "CATALEJO_PROPAGATE_TO_MODEL"
            ),
        )  # fmt: skip
        settings.name_patterns()
        settings.sources, settings.complaints = self.sources, self.complaints
        return settings
