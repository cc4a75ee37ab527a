#!/usr/bin/env python3
"""Holds the tree to its own rules: `tests/tidy/tidy.py` prints what breaks them and exits with 1.

Rules: includes point down only, and what traces openai and the modules of the page import in no
circle; files and functions stay readable; no leftovers; every room of src/ has a README and every
suite of tests/ is named in tests/README.md. What a rule may not judge (generated files, captures)
is listed here, with its reason.
"""

from __future__ import annotations

import ast
import graphlib
import posixpath
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# What a room of src/ may include besides itself. docs/architecture.md draws the same.
ALLOWED: dict[str, set[str]] = {
    "base": set(),
    "net": {"base"},
    "codec": {"base"},
    "azure": {"base", "net", "codec", "model", "store", "pipeline", "query"},
    "model": {"base"},
    "store": {"base", "codec", "model"},
    "detect": {"base", "codec"},
    "pipeline": {"base", "codec", "model", "store", "detect", "cost"},
    "cost": {"base", "codec", "model", "store"},
    "query": {"base", "codec", "model", "store", "cost"},
    "insight": {"base", "codec", "azure", "model", "store", "cost", "query"},
    "evaluate": {
        "base",
        "codec",
        "azure",
        "model",
        "store",
        "detect",
        "cost",
        "query",
        "pipeline",
    },
    "monitor": {"base", "net", "codec", "model", "store", "query"},
    "intake": {"base", "net", "codec", "model", "store", "pipeline"},
    "api": {
        "base",
        "net",
        "codec",
        "azure",
        "model",
        "store",
        "cost",
        "query",
        "insight",
        "evaluate",
        "monitor",
    },
    "app": {
        "base",
        "net",
        "codec",
        "azure",
        "model",
        "store",
        "detect",
        "cost",
        "pipeline",
        "query",
        "insight",
        "evaluate",
        "monitor",
        "intake",
        "api",
    },
}
# Folders that talk HTTP although their room does not.
ALSO_NET = ("src/store/clickhouse/", "src/store/child/")
# Headers of libraries that only these places may include.
LIBRARY_HOMES = {
    "CLI/": ("src/app/main.cpp",),
    "boost/": ("src/net/",),
    "hs/": ("src/detect/",),
    "re2/": ("src/detect/", "src/evaluate/"),
    "cld2/": ("src/evaluate/quality/",),
    "curl/": ("src/net/curl_pieces.hpp", "src/net/client.cpp", "src/net/mail.cpp"),
    "libical/": ("src/monitor/recurrence.cpp",),
    "sqlite3.h": ("src/store/control/",),
    "toml++/": ("src/app/settings.cpp",),
}

FILE_LINES_MAX = 500
FUNCTION_LINES_MAX = 60
COLUMNS_MAX = 100
GENERATED = {
    "ui/package-lock.json",
    "src/api/openapi.json",
    "src/evaluate/quality/language_weights.cpp",
    "src/evaluate/security/injection_sentences.cpp",
    "src/evaluate/security/injection_weights.cpp",
}
CODE = {".cpp", ".hpp", ".py", ".ts", ".tsx", ".mjs", ".css", ".sql"}
LEFTOVERS = [
    (re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b"), "a leftover note"),
    (re.compile(r"^(<{7}|={7}|>{7})( |$)"), "a merge marker"),
    (re.compile(r"(?<![\w.])/(work|root|home/(?!site/)\w+)/"), "a path of one machine"),
    (re.compile(r"console\.log\("), "a debugging line"),
    (
        re.compile(r"https?://(registry\.npmjs|pypi|files\.pythonhosted|deb\.debian)"),
        "a registry host",
    ),
]
# Development tools that print on purpose.
MAY_LOG = ("ui/dev/",)


def tracked_files() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return [name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def judge_includes(name: str, text: str) -> Iterator[str]:
    if not name.startswith("src/"):
        return
    room = name.split("/")[1]
    if room not in ALLOWED:
        yield f'{name}: there is no room "{room}"; add it to tests/tidy/tidy.py and the docs'
        return
    allowed = ALLOWED[room] | {room} | ({"net"} if name.startswith(ALSO_NET) else set())
    for number, line in enumerate(text.splitlines(), 1):
        own = re.match(r'#include "(\w+)/', line)
        if own and own[1] in ALLOWED and own[1] not in allowed:
            yield f"{name}:{number}: {room} may not include {own[1]}"
        library = re.match(r"#include <([^>]+)>", line)
        for prefix, homes in LIBRARY_HOMES.items():
            if library and library[1].startswith(prefix) and not name.startswith(homes):
                yield f"{name}:{number}: <{prefix}…> is for {', '.join(homes)} only"


def judge_functions(name: str, text: str) -> Iterator[str]:
    """A function starts where a line that does not begin with a blank opens a brace, or, within a
    class, two blanks; clang-format makes that reliable."""
    begin: tuple[int, str] | None = None
    for number, line in enumerate(text.splitlines(), 1):
        opens = re.match(r"^( {0,2})\S.*\)( const| noexcept| override| mutable|->.*)* ?\{$", line)
        declares = re.match(r"^ *(namespace|struct|class|enum|union)\b", line)
        if begin is None and opens and not declares:
            begin = (number, opens[1])
        elif begin and line.startswith(begin[1] + "}"):
            length = number - begin[0] + 1
            if length > FUNCTION_LINES_MAX:
                yield (
                    f"{name}:{begin[0]}: a function of {length} lines; "
                    f"{FUNCTION_LINES_MAX} is the most"
                )
            begin = None


def judge_text(name: str, text: str) -> Iterator[str]:
    suffix = Path(name).suffix
    lines = text.splitlines()
    if suffix in CODE and name not in GENERATED and len(lines) > FILE_LINES_MAX:
        yield f"{name}: {len(lines)} lines; {FILE_LINES_MAX} is the most"
    for number, line in enumerate(lines, 1):
        if suffix in {".cpp", ".hpp"} and len(line) > COLUMNS_MAX and 'R"' not in line:
            yield f"{name}:{number}: {len(line)} columns; {COLUMNS_MAX} is the most"
        for pattern, what in LEFTOVERS:
            allowed = what == "a debugging line" and name.startswith(MAY_LOG)
            if pattern.search(line) and not allowed:
                yield f"{name}:{number}: {what}: {line.strip()[:80]}"
    if suffix in CODE and not text.endswith("\n"):
        yield f"{name}: no newline at the end"


def judge_readmes() -> Iterator[str]:
    for room in sorted(path for path in (ROOT / "src").iterdir() if path.is_dir()):
        if not (room / "README.md").is_file():
            yield f"src/{room.name}: no README.md"
    overview = ROOT / "tests" / "README.md"
    text = overview.read_text() if overview.is_file() else ""
    for suite in sorted(path for path in (ROOT / "tests").iterdir() if path.is_dir()):
        if f"`{suite.name}/`" not in text and suite.name != "__pycache__":
            yield f"tests/{suite.name}: not named in tests/README.md"


def judge_circle(where: str, needs: dict[str, set[str]]) -> Iterator[str]:
    try:
        graphlib.TopologicalSorter(needs).prepare()
    except graphlib.CycleError as error:
        yield f"{where}: imports in a circle: {' -> '.join(error.args[1])}"


def judge_circles(package: str, texts: dict[str, str]) -> Iterator[str]:
    """Of the modules in `texts` none imports one that needs it, for its types neither."""
    needs: dict[str, set[str]] = {}
    for module, text in texts.items():
        found = needs[module] = set()
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ImportFrom) and node.module:
                names = {f"{node.module}.{one.name}" for one in node.names} | {node.module}
                found |= {name.removeprefix(f"{package}.") for name in names} & set(texts)
    yield from judge_circle(package, needs)


def judge_page_circles(texts: dict[str, str]) -> Iterator[str]:
    """The same of the modules of the page, named by their paths; import() waits, and may."""
    needs: dict[str, set[str]] = {}
    for name, text in texts.items():
        paths = re.findall(r"""^(?:import|export|\}) (?:[^;'"]* from )?'(\.[^']*)';""", text, re.M)
        bases = [
            posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) for path in paths
        ]
        needs[name] = {f"{base}{end}" for base in bases for end in (".ts", ".tsx")} & set(texts)
    yield from judge_circle("ui/src", needs)


def judge_imports() -> Iterator[str]:
    package = ROOT / "python/catalejo"
    texts = {
        ".".join(path.relative_to(package).with_suffix("").parts): path.read_text()
        for path in sorted(package.rglob("[!_]*.py"))
    }
    yield from judge_circles("catalejo", texts)
    page = sorted((ROOT / "ui/src").rglob("*.ts*"))
    yield from judge_page_circles({str(path.relative_to(ROOT)): path.read_text() for path in page})


def judge_file(name: str) -> Iterator[str]:
    exempt = ("tests/protocol/captures/", "tests/tidy/", "tests/docs/", "LICENSE")
    if name.startswith(exempt):
        return
    raw = (ROOT / name).read_bytes()
    if b"\0" in raw:
        return
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return
    yield from judge_text(name, text)
    if Path(name).suffix in {".cpp", ".hpp"}:
        yield from judge_includes(name, text)
        yield from judge_functions(name, text)


def main() -> int:
    names = tracked_files()
    problems = [problem for name in names for problem in judge_file(name)]
    problems += [*judge_readmes(), *judge_imports()]
    for problem in problems:
        print(problem)
    print(f"tidy: {len(names)} files, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
