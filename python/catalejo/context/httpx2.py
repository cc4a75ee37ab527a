"""httpx2, the successor of httpx that openai 3 uses."""

from catalejo.context.httpx import patch

__all__ = ["patch"]
