"""Tags of records: `key:value` texts, and what is to be done with them by the next push."""

from __future__ import annotations

from typing import Any, Optional


def check(tags: Any) -> list[str]:
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise TypeError("tags must be a list of texts")
    for tag in tags:
        if ":" not in tag:
            raise ValueError(f"the tag {tag!r} has no colon: tags are written key:value")
    return tags


class TagChanges:
    """Of one record. What is said later wins."""

    def __init__(self) -> None:
        self.added: set[str] = set()
        self.removed: set[str] = set()
        self.replaced: Optional[list[str]] = None

    def add(self, tags: list[str]) -> None:
        if self.replaced is not None:
            self.replaced = sorted({*self.replaced, *tags})
            return
        self.added |= set(tags) - self.removed
        self.removed -= set(tags)

    def remove(self, tags: list[str]) -> None:
        if self.replaced is not None:
            self.replaced = sorted({*self.replaced} - set(tags))
            return
        self.removed |= set(tags) - self.added
        self.added -= set(tags)

    def replace(self, tags: list[str]) -> None:
        self.replaced = list(tags)

    def as_json(self) -> dict[str, list[str]]:
        if self.replaced is not None:
            return {"set": self.replaced}
        made = {"add": sorted(self.added), "remove": sorted(self.removed)}
        return {key: tags for key, tags in made.items() if tags}
