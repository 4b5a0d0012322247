"""The tables of the fact sheet that the shipped record was written from, so that tests compare by value and retype nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

SHEET = "research/facts.md"


@dataclass(frozen=True)
class Table:
    """A table of Markdown: rows as mappings of column to cell, without marks of emphasis."""

    columns: tuple[str, ...]
    rows: tuple[dict[str, str], ...]

    def row(self, anchor: str) -> dict[str, str]:
        """The one row whose first cell is this."""
        (found,) = (row for row in self.rows if row[self.columns[0]] == anchor)
        return found


def section(shared: Path, name: str) -> list[str]:
    """The lines of a numbered section, such as `6.4`, below its heading."""
    lines = (shared / SHEET).read_text(encoding="utf-8").splitlines()
    heads = [number for number, line in enumerate(lines) if line.startswith("#")]
    (first,) = (number for number in heads if lines[number].lstrip("# ").startswith(f"{name} "))
    return lines[first + 1 : next(number for number in heads if number > first)]


def tables(shared: Path, name: str) -> list[Table]:
    """Every table of a numbered section."""
    found: list[Table] = []
    lines: list[list[str]] = []
    for line in [*section(shared, name), ""]:
        if line.startswith("|"):
            lines.append([cell.strip().replace("**", "") for cell in line.strip("|").split("|")])
        elif lines:
            head, _, *rows = lines
            found.append(Table(tuple(head), tuple(dict(zip(head, row, strict=True)) for row in rows)))
            lines = []
    return found


def number(cell: str) -> float:
    """The first number of a cell: `~5,982 (eight: 9,641)` is 5982."""
    match = re.search(r"\d[\d,]*(?:\.\d+)?", cell)
    assert match is not None, cell
    return float(match[0].replace(",", ""))
