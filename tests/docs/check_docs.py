#!/usr/bin/env python3
"""The documentation agrees with itself and with the code. Run by `./dev check`, or by pytest.

Standard library only. Each `check_…` yields one sentence per fault; none means all is well.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
DOCS = ROOT / "docs"
LANGUAGES = ("en", "es")

FENCE = re.compile(r"^\s*(```+)(.*)$")
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def prose_and_code(text: str) -> tuple[list[str], list[tuple[str, list[str]]]]:
    """The lines outside fences, and each fenced block as (language, lines)."""
    prose: list[str] = []
    blocks: list[tuple[str, list[str]]] = []
    inside = False
    for line in text.splitlines():
        if fence := FENCE.match(line):
            if not inside:
                blocks.append((fence[2].strip(), []))
            inside = not inside
        elif inside:
            blocks[-1][1].append(line)
        else:
            prose.append(line)
    return prose, blocks


def headings(text: str) -> list[tuple[int, str]]:
    found = []
    for line in prose_and_code(text)[0]:
        if match := re.match(r"(#{1,6})\s+(.*)", line):
            found.append((len(match[1]), match[2].strip()))
    return found


def anchor(heading: str) -> str:
    """As GitHub makes it: lower case, punctuation gone, a dash for each blank."""
    kept = "".join(c for c in heading.lower() if c.isalnum() or c in " -_")
    return kept.replace(" ", "-")


def markdown_files() -> list[Path]:
    return sorted(DOCS.rglob("*.md")) + [p for p in (ROOT / "README.md",) if p.exists()]


def page_of(language: str, page: str) -> str:
    return read(DOCS / language / page)


def check_links() -> Iterator[str]:
    """Relative links lead to a file of the repository, and to a heading of it."""
    for path in markdown_files():
        for target in LINK.findall("\n".join(prose_and_code(read(path))[0])):
            if re.match(r"[a-z]+:", target):
                continue
            file, _, fragment = target.partition("#")
            destination = (path.parent / file).resolve() if file else path
            name = path.relative_to(ROOT)
            if not destination.exists():
                yield f"{name}: {target} leads nowhere"
            elif fragment and destination.suffix == ".md":
                anchors = {anchor(text) for _, text in headings(read(destination))}
                if fragment not in anchors:
                    yield f"{name}: {target} names no heading of {file or name}"


def check_both_languages() -> Iterator[str]:
    """English and Spanish have the same pages, the same outline, the same commands."""
    pages = {
        language: {str(p.relative_to(DOCS / language)) for p in (DOCS / language).rglob("*.md")}
        for language in LANGUAGES
    }
    for page in sorted(pages["en"] ^ pages["es"]):
        yield f"{page} exists in one language only"
    for page in sorted(pages["en"] & pages["es"]):
        english, spanish = page_of("en", page), page_of("es", page)
        outlines = [[level for level, _ in headings(text)] for text in (english, spanish)]
        if outlines[0] != outlines[1]:
            yield f"{page}: the headings differ: {outlines[0]} in en, {outlines[1]} in es"
        if commands(english) != commands(spanish):
            yield f"{page}: the commands differ between en and es"
        rows = [
            sum(line.startswith("|") for line in prose_and_code(text)[0])
            for text in (english, spanish)
        ]
        if rows[0] != rows[1]:
            yield f"{page}: {rows[0]} table rows in en, {rows[1]} in es"


def commands(text: str) -> list[list[str]]:
    """Shell blocks without their comments, which are prose."""
    return [
        [re.sub(r"(^|\s)# .*", "", line).rstrip() for line in lines]
        for language, lines in prose_and_code(text)[1]
        if language in ("sh", "ini", "toml", "sql", "yaml", "json", "")
    ]


def words_missing(page: str, words: set[str]) -> Iterator[str]:
    """Words that a reference page does not set in code type, in either language."""
    for language in LANGUAGES:
        spans = set(re.findall(r"`([^`\n]+)`", page_of(language, page)))
        present = {word for span in spans for word in (span, *re.split(r"[\s,]+", span))}
        for word in sorted(words - present):
            yield f"{language}/{page} does not describe `{word}`"


def check_settings() -> Iterator[str]:
    keys = re.findall(r'_setting\(\s*info\(\s*"([a-z_]+)"', read(ROOT / "src/app/settings.cpp"))
    if len(keys) < 10:
        yield "settings.cpp is not written as this test expects: few settings found"
    words = {"--config", "CATALEJO_CONFIG"}
    for key in keys:
        words |= {key, "CATALEJO_" + key.upper(), "--" + key.replace("_", "-")}
    yield from words_missing("reference/settings.md", words)


def check_tracer_settings() -> Iterator[str]:
    """Every variable that the Python tracer reads is on its page, with its twins."""
    pattern = re.compile(r'"((?:_?DD|CATALEJO|SSL|FUNCTIONS)_[A-Z_]*[A-Z])"')
    names: set[str] = set()
    for path in (ROOT / "python/catalejo").rglob("*.py"):
        names |= set(pattern.findall(read(path)))
    if len(names) < 20:
        yield "settings.py is not written as this test expects: few variables found"
    for name in sorted(names):
        if name.lstrip("_").startswith("DD_"):
            short = name.lstrip("_").removeprefix("DD_")
            bare = re.sub("^(LLMOBS_|TRACE_)", "", short)
            names |= {"CATALEJO_" + short, "CATALEJO_" + bare}
    yield from words_missing("reference/tracer-settings.md", names)


def check_tracer_flags() -> Iterator[str]:
    """Every flag and exit code of `catalejo run` is on the command-line page."""
    source = read(ROOT / "python/catalejo/cli.py")
    flags = set(re.findall(r'"(--[a-z-]+)"', source)) - {"--version"}
    if "--debug" not in flags:
        yield "cli.py is not written as this test expects: flags not found"
    yield from words_missing("reference/command-line.md", flags)


def check_commands() -> Iterator[str]:
    """Every subcommand and flag of main.cpp is on the command-line page."""
    source = read(ROOT / "src/app/main.cpp")
    names = set(re.findall(r'add_subcommand\(\s*"([a-z]+)"', source))
    flags = set(re.findall(r'"(--[a-z-]+)"', source))
    if not {"up", "info"} <= names or "--json" not in flags:
        yield "main.cpp is not written as this test expects: commands not found"
    yield from words_missing("reference/command-line.md", names | flags)


def check_exit_codes() -> Iterator[str]:
    codes = re.findall(r"exit_[a-z_]+ = (\d+),", read(ROOT / "src/app/exit_code.hpp"))
    for language in LANGUAGES:
        page = page_of(language, "reference/command-line.md")
        for code in codes:
            if not re.search(rf"^\| {code} \|", page, re.MULTILINE):
                yield f"{language}/reference/command-line.md lacks exit code {code}"


def check_error_codes() -> Iterator[str]:
    codes = re.findall(r"^\s+([a-z_]+) = (\d+),", read(ROOT / "src/base/error.hpp"), re.MULTILINE)
    if len(codes) < 15:
        yield "error.hpp is not written as this test expects: few codes found"
    for language in LANGUAGES:
        page = page_of(language, "reference/errors.md")
        for name, number in codes:
            if not re.search(rf"^\| {number} \| `{name}` \|", page, re.MULTILINE):
                yield f"{language}/reference/errors.md has no row for {name} ({number})"


def check_rejections() -> Iterator[str]:
    """Every reason the intake counts under `rejected` is explained."""
    source = read(ROOT / "src/intake/fate.hpp")
    body = re.sub(r"//.*", "", source.split("enum class Fate {")[1].split("}")[0])
    reasons = set(re.findall(r"[a-z_]+", body)) - {"kept", "sampled_out"}
    for path in (ROOT / "src").rglob("*.cpp"):
        reasons |= set(re.findall(r'_rejected\["([a-z_]+)"\]', read(path)))
    if len(reasons) < 5:
        yield "fate.hpp is not written as this test expects: few reasons found"
    yield from words_missing("reference/errors.md", reasons)


def check_metrics() -> Iterator[str]:
    """Every counter of the program is in the list of metrics."""
    names: set[str] = set()
    for path in (ROOT / "src").rglob("*.cpp"):
        names |= set(re.findall(r'"(catalejo_[a-z_]+_total)"', read(path)))
    if len(names) < 10:
        yield "counters are not written as this test expects: few found"
    yield from words_missing("how-to/operate.md", names)


def check_dependencies() -> Iterator[str]:
    """Pinned versions in decision 004 are those that are installed."""
    page = read(DOCS / "decisions/004-dependencies.md")
    package = json.loads(read(ROOT / "ui/package.json"))
    pins = {**package.get("dependencies", {}), **package.get("devDependencies", {})}
    for requirements in sorted((ROOT / "tests/e2e/requirements").glob("*.in")):
        for line in read(requirements).splitlines():
            if pin := re.match(r"([A-Za-z0-9_.\[\]-]+)==([^\s;]+)", line):
                pins[f"{pin[1]} {pin[2]}"] = pin[2]
    for name, version in sorted(pins.items()):
        name = name.split(" ")[0]
        if not any(f"`{name}`" in row and version in row for row in page.splitlines()):
            yield f"decisions/004-dependencies.md lacks {name} {version}"


def check_named_files() -> Iterator[str]:
    """A file of the sources that a page names is there; a program may be named without .cpp."""
    pattern = re.compile(r"`((?:src|tests|bench|fuzz|demo|ui|packaging)/[\w./-]+)`")
    for path in markdown_files():
        for name in sorted(set(pattern.findall(read(path)))):
            if not any((ROOT / (name + suffix)).exists() for suffix in ("", ".cpp")):
                yield f"{path.relative_to(ROOT)}: {name} does not exist"


def check_decisions_index() -> Iterator[str]:
    """Every decision and every format is in the list of its folder."""
    for folder in ("decisions", "formats"):
        index = read(DOCS / folder / "README.md")
        for path in sorted((DOCS / folder).glob("*.md")):
            if path.name != "README.md" and f"({path.name})" not in index:
                yield f"{folder}/README.md does not list {path.name}"


def check_leftovers() -> Iterator[str]:
    """Nothing unfinished."""
    for path in markdown_files():
        for number, line in enumerate(read(path).splitlines(), 1):
            if re.search(r"\b(TODO|FIXME|XXX|TBD|[A-Z]+_TABLE|ALERTS)\b", line):
                yield f"{path.relative_to(ROOT)}:{number}: unfinished: {line.strip()}"


CHECKS: list[Callable[[], Iterator[str]]] = [
    value for name, value in sorted(globals().items()) if name.startswith("check_")
]


def test_docs() -> None:
    faults = [fault for check in CHECKS for fault in check()]
    assert not faults, "\n" + "\n".join(faults)


def main() -> int:
    faults = [fault for check in CHECKS for fault in check()]
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"docs: {len(CHECKS)} checks, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
