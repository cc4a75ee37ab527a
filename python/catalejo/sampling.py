"""DD_LLMOBS_SAMPLING_RULES: the share of traces that is kept, by the tags of their first span.

A JSON list of {"sample_rate": 0.5, "tags": {"env": "prod*"}}; the first rule whose tags all match
is the one, and a rule without tags matches everything. `*` stands for any text, `?` for one sign;
upper and lower case are the same.
"""

from __future__ import annotations

import json
import re

TYPE_CHECKING = False  # `typing` is not needed to run this
if TYPE_CHECKING:
    from typing import Any, Mapping, Optional


class Rule:
    """One of them, as it came and as it is matched."""

    __slots__ = ("patterns", "rate", "tags")

    def __init__(self, rate: float, tags: Mapping[str, Any]) -> None:
        self.rate = min(1.0, max(0.0, rate))
        self.tags = {str(key): str(value) for key, value in tags.items()}
        self.patterns = {key: _compiled(value) for key, value in self.tags.items()}

    def matches(self, tags: Mapping[str, str]) -> bool:
        return all(
            key in tags and pattern.fullmatch(str(tags[key])) is not None
            for key, pattern in self.patterns.items()
        )

    def __repr__(self) -> str:
        return json.dumps({"sample_rate": self.rate, "tags": self.tags}, ensure_ascii=False)


def _compiled(glob: str) -> re.Pattern[str]:
    text = re.escape(glob).replace(r"\*", ".*").replace(r"\?", ".")
    return re.compile(text, re.IGNORECASE | re.DOTALL)


def parse(text: str) -> tuple[list[Rule], list[str]]:
    """The rules that can be used, and what is wrong with the others."""
    try:
        given = json.loads(text)
    except ValueError:
        return [], ["no JSON"]
    if not isinstance(given, list):
        return [], ["no list"]
    rules, wrong = [], []
    for number, one in enumerate(given, 1):
        try:
            unknown = set(one) - {"sample_rate", "tags"}
            if unknown:
                raise ValueError(f"unknown {sorted(unknown)[0]}")
            rules.append(Rule(float(one["sample_rate"]), dict(one.get("tags", {}))))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            wrong.append(f"rule {number}: {type(error).__name__}: {error}")
    return rules, wrong


def rule_for(rules: list[Rule], tags: Mapping[str, str]) -> Optional[Rule]:
    for rule in rules:
        if rule.matches(tags):
            return rule
    return None
