"""What the tracer costs an application: `python bench/tracer/overhead.py [--rounds 7] [--ddtrace]`.

Each round runs the same program (app.py: real openai against fake.py in another process) without a
tracer, with Catalejo's and, on request, with ddtrace's, so that a change of the machine's mood hits
all of them; the figures are medians over the rounds, and what a tracer adds is the difference of
two medians. "paired" switches our tracer on and off within one process: the least noise.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CHUNKS = 100
ROWS = (
    ("CPU per chat call, all threads, µs", ("chat", "all_us"), 1.0),
    ("  on the application's thread, µs", ("chat", "thread_us"), 1.0),
    ("  eight threads calling at once, µs", ("at_once_us",), 1.0),
    ("CPU per streamed chunk, all threads, µs", ("stream", "all_us"), 1.0 / CHUNKS),
    ("  on the application's thread, µs", ("stream", "thread_us"), 1.0 / CHUNKS),
    ("time to the first token, µs", ("first_token_us",), 1.0),
    ("CPU until the first answer (start-up), ms", ("import_cpu_ms",), 1.0),
    ("memory after the first answer, MB", ("resident_mb",), 1.0),
    ("memory at the end, MB", ("resident_end_mb",), 1.0),
)


@contextmanager
def fake() -> Iterator[int]:
    process = subprocess.Popen(
        [sys.executable, HERE / "fake.py", str(CHUNKS)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline())
    finally:
        process.terminate()
        process.wait()


def run(venv: Path, mode: str, port: int, arguments: argparse.Namespace) -> dict[str, Any]:
    """The figures of one run of app.py."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT / "python"),
        "DD_TRACE_AGENT_URL": f"http://127.0.0.1:{port}",
        "DD_LLMOBS_ENABLED": "1",
        "DD_LLMOBS_ML_APP": "bench",
        "DD_LLMOBS_AGENTLESS_ENABLED": "0",
        "DD_INSTRUMENTATION_TELEMETRY_ENABLED": "0",
        "DD_REMOTE_CONFIGURATION_ENABLED": "0",
    }
    wrapper = [venv / "bin" / "ddtrace-run"] if mode == "ddtrace" else []
    counts = [str(arguments.calls), str(arguments.streams)]
    done = subprocess.run(
        [*wrapper, venv / "bin" / "python", HERE / "app.py", mode, str(port), *counts],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise SystemExit(f"{mode} failed:\n{done.stderr[-3000:]}")
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def value(figures: dict[str, Any], path: tuple[str, ...]) -> float:
    found: Any = figures
    for name in path:
        found = found[name]
    return float(found)


def report(seen: dict[str, list[dict[str, Any]]]) -> None:
    tracers = [mode for mode in seen if mode not in ("none", "paired")]
    print(f"{'':44}{'none':>10}" + "".join(f"{'+ ' + mode:>12}" for mode in tracers))
    for title, path, factor in ROWS:
        medians = {
            mode: statistics.median(value(figures, path) * factor for figures in seen[mode])
            for mode in ("none", *tracers)
        }
        added = "".join(f"{medians[mode] - medians['none']:>12.2f}" for mode in tracers)
        print(f"{title:44}{medians['none']:>10.2f}{added}")
    chat = statistics.median(figures["chat"] for figures in seen["paired"])
    everywhere = statistics.median(figures["chat_all"] for figures in seen["paired"])
    # A stream is a call too; what that costs is in the first figure.
    stream = statistics.median(figures["stream"] for figures in seen["paired"])
    chunk, alone = stream / CHUNKS, (stream - chat) / CHUNKS
    first, first_cpu = (
        statistics.median(figures[name] for figures in seen["paired"])
        for name in ("first_token", "first_token_cpu")
    )
    print(
        f"paired: {everywhere:.1f} µs a call on all threads; on the application's {chat:.1f} µs, "
        f"{chunk:.2f} µs a chunk of "
        f"{CHUNKS}, {alone:.2f} without the cost of the call; "
        f"{first:.0f} µs until the first token, {first_cpu:.0f} of CPU"
    )


def environment_of(name: str) -> Path:
    cache = Path(os.environ.get("CATALEJO_CACHE", Path.home() / ".cache/catalejo"))
    found = sorted(cache.glob(f"venv-{name}-*"), key=lambda path: path.stat().st_mtime)
    if not found:
        raise SystemExit(f"no environment {name}: run ./dev test once")
    return found[-1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--calls", type=int, default=400)
    parser.add_argument("--streams", type=int, default=100)
    parser.add_argument("--venv", type=Path, help="with openai in it; the newest client's if not")
    parser.add_argument("--ddtrace", action="store_true", help="measure ddtrace too")
    arguments = parser.parse_args()
    venv = arguments.venv or environment_of("v4")
    modes = ["none", "catalejo", *(["ddtrace"] if arguments.ddtrace else []), "paired"]
    seen: dict[str, list[dict[str, Any]]] = {mode: [] for mode in modes}
    with fake() as port:
        for number in range(arguments.rounds):
            for mode in modes if number % 2 else reversed(modes):
                seen[mode].append(run(venv, mode, port, arguments))
            print(f"round {number + 1} of {arguments.rounds}", file=sys.stderr)
    report(seen)


if __name__ == "__main__":
    main()
