"""What benchmarks find, as text and as JSON: work beside that of peers, numbers against limits, and shares of time."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True)
class Row:
    """`count` pieces of work in `seconds` of processor time."""

    name: str
    count: int
    seconds: float

    @property
    def rate(self) -> float:
        """Pieces a core-second."""
        return self.count / self.seconds


@dataclass(frozen=True)
class Comparison:
    """The same work by détente, the first row, and by peers.

    Attributes
    ----------
    title, unit : str
        What is done, and what one piece of it is called.
    target : float or None
        How many times as fast as the first peer détente is meant to be.
    notes : sequence of str
        How far the answers agree; which peers are missing.
    """

    title: str
    unit: str
    rows: Sequence[Row]
    target: float | None = None
    notes: Sequence[str] = ()


@dataclass(frozen=True)
class Figure:
    """One number, and what it is meant to be: at most `limit`, or at least where `at_least` is set."""

    title: str
    value: float
    unit: str
    limit: float | None = None
    at_least: bool = False
    note: str = ""


@dataclass(frozen=True)
class Shares:
    """Where time goes: seconds by step."""

    title: str
    seconds: dict[str, float]
    note: str = ""


@dataclass(frozen=True)
class Report:
    """Everything that one benchmark found."""

    name: str
    comparisons: list[Comparison] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    shares: list[Shares] = field(default_factory=list)


def publish(report: Report) -> None:
    """Print a report, and write it as JSON to the path in $BENCHMARK_JSON if there is one."""
    print("\n".join(text(report)))
    sys.stdout.flush()
    path = os.environ.get("BENCHMARK_JSON")
    if path:
        with open(path, "w", encoding="utf-8") as file:
            json.dump(asdict(report), file)


def text(report: Report) -> list[str]:
    """Lines for people."""
    lines = []
    for comparison in report.comparisons:
        ours = comparison.rows[0]
        lines.append(comparison.title)
        for row in comparison.rows:
            ratio = "" if row is ours else f"   détente: {ours.rate / row.rate:,.3g} times"
            lines.append(f"  {row.name:<48} {row.rate:>12,.0f} {comparison.unit} a core-second{ratio}")
        if comparison.target and len(comparison.rows) > 1:
            reached = ours.rate / comparison.rows[1].rate
            lines.append(f"  meant to be {comparison.target:g} times {comparison.rows[1].name}: {'met' if reached >= comparison.target else 'NOT MET'}")
        lines += [f"  {note}" for note in comparison.notes]
    for figure in report.figures:
        met = "" if figure.limit is None else f"   {wanted(figure)}: {'met' if is_met(figure) else 'NOT MET'}"
        lines.append(f"{figure.title}: {number(figure.value)} {figure.unit}{met}{f'   ({figure.note})' if figure.note else ''}")
    for shares in report.shares:
        total = sum(shares.seconds.values())
        lines.append(f"{shares.title}{f' ({shares.note})' if shares.note else ''}")
        lines += [f"  {step:<28} {seconds:>9.3f} s {seconds / total:>7.1%}" for step, seconds in shares.seconds.items()]
    return lines


def wanted(figure: Figure) -> str:
    """The limit in words."""
    return f"at {'least' if figure.at_least else 'most'} {number(figure.limit or 0.0)}"


def is_met(figure: Figure) -> bool:
    """Whether a figure keeps its limit."""
    assert figure.limit is not None
    return figure.value >= figure.limit if figure.at_least else figure.value <= figure.limit


def number(value: float) -> str:
    """Three digits, thousands whole."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
