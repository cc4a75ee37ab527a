#!/usr/bin/env python3
"""clang-tidy over src/, a file on each core: `tests/tidy/lint.py [--build build/release] [FILE …]`.

What was found clean is not looked at again until something that goes into it has changed: its text
and that of its headers, its flags, .clang-tidy or clang-tidy itself. Marks are kept in build/lint.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MARKS = ROOT / "build" / "lint"
TIDY = ["clang-tidy", "--quiet", "--extra-arg=-Wno-unknown-warning-option"]


def preprocessed(command: dict[str, str]) -> bytes | None:
    """All that clang-tidy would read, with its comments (NOLINT); None when it does not compile."""
    words = iter(shlex.split(command["command"]))
    kept = ["clang++"]
    next(words)
    for word in words:
        if word in ("-o", "-MF", "-MT"):
            next(words)
        elif word not in ("-c", "-MD") and not word.endswith("ccache"):
            kept.append(word)
    done = subprocess.run(
        [*kept, "-E", "-C", "-w"], cwd=command["directory"], capture_output=True, check=False
    )
    return done.stdout if done.returncode == 0 else None


def mark_of(command: dict[str, str], settings: bytes) -> Path | None:
    text = preprocessed(command)
    if text is None:
        return None
    told = hashlib.sha256(settings + command["command"].encode() + b"\0" + text)
    return MARKS / told.hexdigest()


def faults(command: dict[str, str], build: Path, settings: bytes) -> str:
    """What clang-tidy says of a file; nothing when it is clean."""
    mark = mark_of(command, settings)
    if mark is not None and mark.exists():
        mark.touch()
        return ""
    done = subprocess.run(
        [*TIDY, "-p", str(build), command["file"]], cwd=ROOT, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if done.returncode == 0 and mark is not None:
        mark.touch()
    return "" if done.returncode == 0 else done.stdout + done.stderr


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--build", type=Path, default=ROOT / "build" / "release")
    parser.add_argument("files", nargs="*", type=Path, help="all of src/ when none is named")
    options = parser.parse_args()
    MARKS.mkdir(parents=True, exist_ok=True)
    version = subprocess.run(["clang-tidy", "--version"], capture_output=True, check=True).stdout
    settings = version + (ROOT / ".clang-tidy").read_bytes()
    wanted = {path.resolve() for path in options.files}
    commands = [
        command
        for command in json.loads((options.build / "compile_commands.json").read_text())
        if Path(command["file"]).is_relative_to(ROOT / "src")
        and (not wanted or Path(command["file"]) in wanted)
    ]
    faulty = 0
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        looked = pool.map(lambda each: (each, faults(each, options.build, settings)), commands)
        for number, (command, told) in enumerate(looked, 1):
            if told:
                faulty += 1
                print(told)
            name = Path(command["file"]).relative_to(ROOT)
            print(f"{number}/{len(commands)} {name}: {'faults' if told else 'clean'}", flush=True)
    print(f"{len(commands) - faulty} of {len(commands)} files are clean")
    return 1 if faulty else 0


if __name__ == "__main__":
    sys.exit(main())
