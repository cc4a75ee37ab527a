#!/usr/bin/env python3
"""Gathers the harmless texts that the models of injection learn from, as files of one folder.

    python -m bench.accuracy.gather_harmless --openlit FOLDER --llm-guard FOLDER --out FOLDER
                                             [--share FOLDER]

None is a source of the test set, which has pieces of this repository. On Debian 12 with the
packages `debian-handbook`, `manpages-es`, `groff` and `libstdc++-12-dev` (`--share` is where the
first two are unpacked, if not installed):

* the Debian Administrator's Handbook 11 in English and Spanish (GPL-2+ or CC-BY-SA-3.0), as text
* manpages-es 4.18.1 (GPL-3+ and the licences of each page), the first 6 000 bytes of a page
* sources of Python 3.11 (PSF licence) and headers of libstdc++ 12 (GPL-3 with exception)

and, as checkouts, documentation and sources of tools against attacks, which have the words of
attacks: OpenLIT (Apache-2.0) at ad20b7b4, llm-guard (MIT) at 53af270. Their tests, and the files
that list attacks, are left out.
"""

from __future__ import annotations

import argparse
import gzip
import html
import re
import subprocess
from pathlib import Path

PAGE_BYTES = 6_000
TEXTS = {".md", ".mdx", ".py", ".ts"}
LISTS_ATTACKS = re.compile(r"test|inject|jailbreak|guard|no_refusal|ban_|toxicity")
SHOWN = re.compile(r"\x1b\[[0-9;]*m|.\x08")


def text_of_html(page: str) -> str:
    page = re.sub(r"(?s)<(script|style|head).*?</\1>", "", page)
    page = re.sub(r"(?i)</(p|div|li|h\d|pre|tr|dt|dd)>|<br ?/?>", "\n", page)
    plain = html.unescape(re.sub(r"(?s)<[^>]*>", "", page))
    return re.sub(r"\n{3,}", "\n\n", plain)


def text_of_manpage(page: Path) -> str:
    shown = subprocess.run(
        ["groff", "-man", "-Tutf8", "-Kutf8", "-P-c", "-P-b", "-P-u"],
        input=gzip.decompress(page.read_bytes()),
        capture_output=True,
        check=False,
    ).stdout.decode(errors="replace")
    return SHOWN.sub("", shown).encode()[:PAGE_BYTES].decode(errors="ignore")


def gather(given: argparse.Namespace) -> dict[str, str]:
    texts = {}
    for language in ("en-US", "es-ES"):
        for page in sorted((given.share / "doc/debian-handbook/html" / language).glob("*.html")):
            texts[f"handbook-{language}-{page.stem}"] = text_of_html(page.read_text())
    for page in sorted((given.share / "man/es").glob("man[1-8]/*.gz")):
        texts[f"man-{page.stem}"] = text_of_manpage(page)
    sources = [
        *sorted(Path("/usr/lib/python3.11").glob("*.py")),
        Path("/usr/lib/python3.11/pydoc_data/topics.py"),
        *sorted(Path("/usr/include/c++/12/bits").glob("*.h")),
    ]
    for tool, folder in (("openlit", given.openlit), ("llm-guard", given.llm_guard)):
        for page in sorted(folder.rglob("*")):
            if page.suffix not in TEXTS or LISTS_ATTACKS.search(page.name):
                continue
            name = "-".join(page.relative_to(folder).parts)
            texts[f"{tool}-{name}"] = page.read_text(errors="replace")
    for source in sources:
        texts[f"source-{source.name}"] = source.read_text(errors="replace")
    return texts


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    for name in ("--openlit", "--llm-guard", "--out"):
        arguments.add_argument(name, type=Path, required=True)
    arguments.add_argument("--share", type=Path, default=Path("/usr/share"))
    given = arguments.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    texts = gather(given)
    for name, text in texts.items():
        (given.out / f"{name}.txt").write_text(text)
    print(f"{len(texts)} texts, {sum(map(len, texts.values()))} characters")


if __name__ == "__main__":
    main()
