"""How far an experiment is, as one line of a terminal that is written over."""

from __future__ import annotations

import logging
import sys
import time

SECONDS_BETWEEN = 0.2


def tell(lines: list[str]) -> None:
    """To the terminal where there is one, else to the application's logging."""
    if sys.stderr is not None and sys.stderr.isatty():
        print(*lines, sep="\n", file=sys.stderr)
    else:
        logging.getLogger("catalejo").info("\n".join(lines))


class Progress:
    """Silent where stderr is no terminal: a log would get a line for each row."""

    def __init__(self, name: str, rows: int) -> None:
        self.name, self.rows = name, rows
        self.done = self.failed = 0
        self._shown_at = 0.0
        self._width = 0
        self._visible = sys.stderr is not None and sys.stderr.isatty()

    def row(self, failed: bool) -> None:
        self.done += 1
        self.failed += failed
        if time.monotonic() - self._shown_at >= SECONDS_BETWEEN:
            self._show()

    def _show(self) -> None:
        self._shown_at = time.monotonic()
        self._write(f"{self.name}: {self.done} of {self.rows} rows, {self.failed} failed")

    def _write(self, text: str) -> None:
        if self._visible:
            sys.stderr.write("\r" + text.ljust(self._width))
            sys.stderr.flush()
            self._width = len(text)

    def end(self) -> None:
        """Leaves the line as it was before."""
        if self._width:
            self._write("")
            sys.stderr.write("\r")
