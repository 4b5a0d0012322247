"""What a report is made of, before it is HTML: panels with text, tables and the data of a figure.

A cell has the text that is read and, where it stands for a number, the number itself: a table that is saved as CSV holds numbers, not their words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from detente.report.wording import LEAST, NONE, TOO_SMALL, digits, figure, one_in, signed_percent

Mode = Literal["brief", "analyst"]


@dataclass(frozen=True)
class Cell:
    """A cell of a table.

    Attributes
    ----------
    text : str
    value : float or None
        The number that the text stands for.
    target : str
        What it leads to: a place in the report, without `#`.
    links : tuple of (str, str)
        Texts in place of `text`, each with what it leads to.
    """

    text: str
    value: float | None = None
    target: str = ""
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Table:
    """A table; `align` has `<` or `>` for each column, and `anchors` a name for each row that can be led to."""

    name: str
    title: str
    head: tuple[str, ...]
    align: str
    rows: tuple[tuple[Cell, ...], ...]
    anchors: tuple[str, ...] = ()
    searched: bool = False


@dataclass(frozen=True)
class Part:
    """A part of a panel that one chooses among others: a rung of the ladder."""

    name: str
    title: str
    text: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True)
class Panel:
    """A section of the report.

    Attributes
    ----------
    name, title : str
    mode : str
        `brief` where it is for every reader, `analyst` where it is for those who look closer.
    text : tuple of str
        Paragraphs above.
    caption : str
        Of the figure: what it shows, with units.
    figure : dict, optional
        Data that the figure of this name is drawn from.
    tables : tuple of Table
        The first is the figure's twin.
    parts : tuple of Part
    """

    name: str
    title: str
    mode: Mode
    text: tuple[str, ...] = ()
    caption: str = ""
    figure: dict[str, Any] | None = None
    tables: tuple[Table, ...] = ()
    parts: tuple[Part, ...] = field(default=())


def row(*cells: Cell | str) -> tuple[Cell, ...]:
    """A row, in which plain text is a cell without a number."""
    return tuple(Cell(cell) if isinstance(cell, str) else cell for cell in cells)


def rows(found: Sequence[Sequence[Cell | str]]) -> tuple[tuple[Cell, ...], ...]:
    return tuple(row(*each) for each in found)


def sourced(sources: Sequence[str]) -> Cell:
    """Names of sources, each leading to its row."""
    return Cell(", ".join(sources), links=tuple((name, f"source-{name}") for name in sources))


def chance(share: float | None) -> Cell:
    """A probability as "1 in N"; none below what the model can tell."""
    if share is None:
        return Cell(NONE)
    return Cell(TOO_SMALL) if 0.0 < share < LEAST else Cell(one_in(share), share)


def part(share: float | None) -> Cell:
    """A share in per cent, without the sign."""
    return Cell(NONE) if share is None else Cell(figure(share), share if share == 0.0 or share >= LEAST else None)


def between(low: float | None, high: float | None) -> Cell:
    """A range in per cent."""
    return Cell(NONE) if low is None or high is None else Cell(f"{figure(low)}–{figure(high)}")


def mistakes(share: float | None) -> Cell:
    """A share of error, in whole per cent."""
    return Cell(signed_percent(share), share)


def number(value: float, count: int = 3) -> Cell:
    """A number to so many digits."""
    return Cell(digits(value, count).replace("-", "−"), value)
