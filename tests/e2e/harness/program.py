"""The real binary: started on free ports with a data folder of its own, asked, stopped, killed."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from tests.e2e.harness.page_api import PageApi, Unanswered

if TYPE_CHECKING:
    from typing import Self  # tests of the tracer run on Python 3.9, too

START_SECONDS_MAX = 60.0
STOP_SECONDS_MAX = 30.0
ROOT = Path(__file__).resolve().parents[3]

Value = TypeVar("Value")


def build_dir() -> Path:
    return Path(os.environ.get("CATALEJO_BUILD", ROOT / "build/release"))


def binary() -> Path:
    return build_dir() / "catalejo"


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    with socket.socket(type=kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(condition: Callable[[], Value], what: str, seconds_max: float = 30.0) -> Value:
    """Waits for a true value and returns it; a failed connection, or an answer in which what is
    looked for is not there at all, counts as "not yet"."""
    deadline = time.monotonic() + seconds_max
    last: object = None
    while time.monotonic() < deadline:
        try:
            value = condition()
        except (Unanswered, OSError, LookupError) as error:
            last = error
        else:
            if value:
                return value
            last = value
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds_max} s: {what} (last: {last!r})")


def plain_environment() -> dict[str, str]:
    """Ours, without variables that would reach the program or a tracer by accident."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DD_", "CATALEJO_", "OTEL_"))
    }


class Catalejo:
    """`catalejo up` in a process group of its own. Start it by `with`, or by start() and stop()."""

    def __init__(self, data: Path, settings: dict[str, str] | None = None) -> None:
        self.data = data
        self.key = ""
        self.apm_port, self.http_port, self.https_port = (free_port() for _ in range(3))
        self.statsd_port = free_port(socket.SOCK_DGRAM)
        # A Unix socket's path has 107 characters at most, which a test's folder may exceed.
        self.socket_path = Path(f"/tmp/catalejo-{os.getpid()}-{self.apm_port}.socket")
        self.statsd_socket = self.socket_path.with_suffix(".statsd")
        self.settings = settings or {}
        self.process: subprocess.Popen[bytes] | None = None
        self.log_path = data.parent / f"{data.name}.log"

    @property
    def apm_url(self) -> str:
        return f"http://127.0.0.1:{self.apm_port}"

    @property
    def http_url(self) -> str:
        return f"http://127.0.0.1:{self.http_port}"

    @property
    def api(self) -> PageApi:
        return PageApi("127.0.0.1", self.http_port, self.key)

    def environment(self) -> dict[str, str]:
        return {
            **plain_environment(),
            "CATALEJO_DATA": str(self.data),
            "CATALEJO_APM_PORT": str(self.apm_port),
            "CATALEJO_APM_SOCKET": str(self.socket_path),
            "CATALEJO_HTTP_PORT": str(self.http_port),
            "CATALEJO_HTTPS_PORT": str(self.https_port),
            "CATALEJO_STATSD_PORT": str(self.statsd_port),
            "CATALEJO_STATSD_SOCKET": str(self.statsd_socket),
            **self.settings,
        }

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Another `catalejo …` on the same data folder and ports."""
        return subprocess.run(
            [str(binary()), *arguments],
            env=self.environment(), capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    def create_key(self, name: str = "tests") -> str:
        self.key = self.command("key", "create", name).stdout.strip()
        return self.key

    def start(self, *, wait_ready: bool = True) -> Self:
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                [str(binary()), "up"], env=self.environment(), stdout=log,
                stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
        if wait_ready:
            self.wait_ready()
        return self

    def wait_ready(self) -> None:
        def ready() -> bool:
            assert self.process is not None
            if self.process.poll() is not None:
                code = self.process.returncode
                raise AssertionError(f"catalejo ended with code {code}:\n{self.log()[-3000:]}")
            return self.api.status("/api/health") == 200

        until(ready, "catalejo answers /api/health with 200", START_SECONDS_MAX)

    def log(self) -> str:
        return self.log_path.read_text(errors="replace")

    def store_pids(self) -> list[int]:
        """The catalejo-store children, read from /proc so that nobody else's are meant."""
        assert self.process is not None
        return [pid for pid in children_of(self.process.pid) if "catalejo-store" in command_of(pid)]

    def kill(self) -> None:
        """kill -9 of everything at once: program and store child."""
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        """SIGTERM, as an operator would; returns the exit code."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.terminate()
        try:
            return self.process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"catalejo did not stop:\n{self.log()[-3000:]}") from None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process is not None and self.process.poll() is None:
            self.kill() if error else self.stop()
        elif self.process is not None and error:
            print(f"catalejo ended with code {self.process.returncode}:\n{self.log()[-6000:]}")
        self.socket_path.unlink(missing_ok=True)


def children_of(pid: int) -> Iterator[int]:
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, IndexError, ValueError):
            # pid (name) state parent …; the name may hold blanks.
            if int(stat.read_text().rpartition(")")[2].split()[1]) == pid:
                yield int(stat.parent.name)


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def rows_where(rows: list[dict[str, Any]], **wanted: object) -> list[dict[str, Any]]:
    return [row for row in rows if all(row.get(name) == value for name, value in wanted.items())]
