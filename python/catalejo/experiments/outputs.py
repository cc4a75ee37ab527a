"""What a judge has to answer with: a JSON schema, and how an answer is read."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, Optional

from catalejo.experiments.results import EvaluatorResult


class BaseStructuredOutput(ABC):
    """Values are right by `assess`, or neither right nor wrong (None)."""

    reasoning: bool
    reasoning_description: Optional[str]
    kind: tuple[type, ...]

    @property
    @abstractmethod
    def label(self) -> str:
        """The field of the answer that has the value."""

    @abstractmethod
    def to_json_schema(self) -> dict[str, Any]: ...

    @abstractmethod
    def assess(self, value: Any) -> Optional[bool]: ...

    def _schema(self, of_value: dict[str, Any]) -> dict[str, Any]:
        fields = {self.label: of_value}
        if self.reasoning:
            why = self.reasoning_description or "Why the value is what it is"
            fields["reasoning"] = {"type": "string", "description": why}
        return {
            "type": "object",
            "properties": fields,
            "required": list(fields),
            "additionalProperties": False,
        }


@dataclass
class BooleanStructuredOutput(BaseStructuredOutput):
    """Yes or no. `pass_when`: which of them is right."""

    description: str
    reasoning: bool = False
    reasoning_description: Optional[str] = None
    pass_when: Optional[bool] = None
    kind = (bool,)

    @property
    def label(self) -> str:
        return "boolean_eval"

    def to_json_schema(self) -> dict[str, Any]:
        return self._schema({"type": "boolean", "description": self.description})

    def assess(self, value: Any) -> Optional[bool]:
        return None if self.pass_when is None else value == self.pass_when


@dataclass
class ScoreStructuredOutput(BaseStructuredOutput):
    """A number. Right from `min_threshold` up and to `max_threshold` down; when the second is the
    smaller one, outside of the two."""

    description: str
    min_score: float
    max_score: float
    reasoning: bool = False
    reasoning_description: Optional[str] = None
    min_threshold: Optional[float] = None
    max_threshold: Optional[float] = None
    kind = (int, float)

    @property
    def label(self) -> str:
        return "score_eval"

    def to_json_schema(self) -> dict[str, Any]:
        return self._schema({
            "type": "number", "description": self.description, "minimum": self.min_score,
            "maximum": self.max_score,
        })  # fmt: skip

    def assess(self, value: Any) -> Optional[bool]:
        least, most = self.min_threshold, self.max_threshold
        if least is None and most is None:
            return None
        if least is not None and most is not None and most < least:
            return bool(value < most or value > least)
        return (least is None or value >= least) and (most is None or value <= most)


@dataclass
class CategoricalStructuredOutput(BaseStructuredOutput):
    """One of `categories`, which are described. `pass_values`: those that are right."""

    categories: dict[str, str]
    reasoning: bool = False
    reasoning_description: Optional[str] = None
    pass_values: Optional[list[str]] = None
    kind = (str,)

    @property
    def label(self) -> str:
        return "categorical_eval"

    def to_json_schema(self) -> dict[str, Any]:
        choices = [{"const": value, "description": what} for value, what in self.categories.items()]
        return self._schema({"type": "string", "anyOf": choices})

    def assess(self, value: Any) -> Optional[bool]:
        return None if self.pass_values is None else value in self.pass_values


def read(output: Any, text: Any) -> EvaluatorResult:
    """What a judge said, by its schema: a BaseStructuredOutput, or a dict of the user's own."""
    try:
        said = json.loads(text)
    except (TypeError, ValueError) as error:
        raise ValueError(f"the judge did not answer with JSON: {str(text)[:200]!r}") from error
    if not isinstance(said, dict):
        raise ValueError(f"the judge answered with {type(said).__name__}, not with an object")
    if not isinstance(output, BaseStructuredOutput):
        return EvaluatorResult(said, said.get("reasoning"))
    value: Any = said.get(output.label)
    if type(value) not in output.kind:
        raise ValueError(f"{output.label} of the judge's answer has the wrong type: {value!r}")
    right = output.assess(value)
    return EvaluatorResult(
        value,
        said.get("reasoning") if output.reasoning else None,
        None if right is None else ("pass" if right else "fail"),
        {"raw_response": said},
    )
