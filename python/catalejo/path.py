"""What a child process needs to be traced as well: our sitecustomize on its PYTHONPATH."""

from __future__ import annotations

import os


def traced_environment(environment: os._Environ[str] | dict[str, str]) -> dict[str, str]:
    """`environment` with our sitecustomize before whatever else is on PYTHONPATH."""
    bootstrap = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bootstrap")
    known = environment.get("PYTHONPATH", "")
    others = [each for each in known.split(os.pathsep) if each != bootstrap] if known else []
    return {**environment, "PYTHONPATH": os.pathsep.join([bootstrap, *others])}
