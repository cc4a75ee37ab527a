"""Which commit an experiment ran on: from the environment, else from git in this folder."""

from __future__ import annotations

import os
import re
import subprocess

from catalejo.settings import FALSE, names_of

SECONDS_MAX = 2.0


def _given(variable: str) -> str:
    return next(filter(None, (os.environ.get(name) for name in names_of(variable))), "")


def _asked(*words: str) -> str:
    try:
        done = subprocess.run(
            ["git", *words], capture_output=True, text=True, timeout=SECONDS_MAX, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def tags() -> dict[str, str]:
    if _given("DD_TRACE_GIT_METADATA_ENABLED").lower() in FALSE:
        return {}
    url = _given("DD_GIT_REPOSITORY_URL") or _asked("config", "--get", "remote.origin.url")
    commit = _given("DD_GIT_COMMIT_SHA") or _asked("rev-parse", "HEAD")
    found = {
        # Without the name and the password that some have in it.
        "git.repository_url": re.sub(r"//[^/@]*@", "//", url),
        "git.commit.sha": commit,
    }
    return {key: value for key, value in found.items() if value}
