"""What a labelled set says of an evaluator: rates with their 95 % Wilson intervals."""

from __future__ import annotations

import math
from dataclasses import dataclass

NORMAL_95 = 1.959964


@dataclass(frozen=True)
class Rate:
    """A share of `of` cases, and the interval it lies in with 95 % confidence."""

    hits: int
    of: int

    @property
    def value(self) -> float:
        return self.hits / self.of if self.of else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        if self.of == 0:
            return (0.0, 1.0)
        square = NORMAL_95**2
        centre = (self.value + square / (2 * self.of)) / (1 + square / self.of)
        spread = self.value * (1 - self.value) / self.of + square / (4 * self.of**2)
        half = NORMAL_95 * math.sqrt(spread) / (1 + square / self.of)
        return (max(0.0, centre - half), min(1.0, centre + half))

    def __str__(self) -> str:
        if self.of == 0:
            return "–"
        low, high = self.interval
        return f"{self.value:.3f} ({low:.3f}–{high:.3f})"


@dataclass(frozen=True)
class Figures:
    """Counts of one evaluator on one set: found rightly, wrongly, missed, rightly left alone."""

    true_positives: int
    false_positives: int
    false_negatives: int
    true_negatives: int

    @property
    def precision(self) -> Rate:
        return Rate(self.true_positives, self.true_positives + self.false_positives)

    @property
    def recall(self) -> Rate:
        return Rate(self.true_positives, self.true_positives + self.false_negatives)

    @property
    def false_positive_rate(self) -> Rate:
        return Rate(self.false_positives, self.false_positives + self.true_negatives)

    @property
    def f1(self) -> float:
        wrong = self.false_positives + self.false_negatives
        whole = 2 * self.true_positives + wrong
        return 2 * self.true_positives / whole if whole else math.nan

    def __add__(self, other: Figures) -> Figures:
        return Figures(
            self.true_positives + other.true_positives,
            self.false_positives + other.false_positives,
            self.false_negatives + other.false_negatives,
            self.true_negatives + other.true_negatives,
        )

    def row(self, name: str) -> str:
        """A line of the Markdown table of `docs/*/reference/accuracy.md`."""
        return (
            f"| {name} | {self.true_positives + self.false_negatives} | "
            f"{self.false_positives + self.true_negatives} | {self.precision} | {self.recall} | "
            f"{self.f1:.3f} | {self.false_positive_rate} |"
        )
