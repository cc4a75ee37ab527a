"""FastAPI: its applications are Starlette's, and traced as such."""

from catalejo.context.starlette import patch

__all__ = ["patch"]
