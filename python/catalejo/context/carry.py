"""What is current, taken along to work that begins elsewhere: in a thread, a greenlet, an executor.

Only our own two variables are carried, not the whole context: what other libraries keep in theirs
is their business.
"""

from __future__ import annotations

from catalejo.span import annotators, current

TYPE_CHECKING = False  # `typing` is not needed to run this
if TYPE_CHECKING:
    from typing import Callable

    from catalejo.span import Remote, Span

    Carried = tuple[Span | Remote | None, tuple[Callable[[Span], None], ...]]

NOTHING: Carried = (None, ())


def carried() -> Carried | None:
    """None: there is nothing to carry."""
    here, annotating = current.get(), annotators.get()
    return None if here is None and not annotating else (here, annotating)


def take(carry: Carried) -> Carried:
    """Makes it current; returns what was."""
    before = current.get(), annotators.get()
    current.set(carry[0])
    annotators.set(carry[1])
    return before
