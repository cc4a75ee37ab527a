"""Warnings to the application's own logging, under the name "catalejo".

`logging` is imported when there is something to say, not before.
"""

from __future__ import annotations

_said: set[str] = set()
SAID_MAX = 200


def warn(text: str, *, once: bool = True) -> None:
    """`once`: the same text is not repeated, however often the application does the same thing."""
    if once:
        if text in _said or len(_said) >= SAID_MAX:
            return
        _said.add(text)
    import logging

    logging.getLogger("catalejo").warning(text)


def debug(text: str) -> None:
    """Only when the application uses logging itself; nobody else would hear it."""
    import sys

    logging = sys.modules.get("logging")
    if logging is not None:
        logging.getLogger("catalejo").debug(text)
