"""The tables of the fact sheet that the shipped record was written from, so that tests compare by value and retype nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

SHEET = "research/facts.md"


@dataclass(frozen=True)
class Table:
    """A table of Markdown below its heading: rows as mappings of column to cell, without marks of emphasis."""

    heading: str
    columns: tuple[str, ...]
    rows: tuple[dict[str, str], ...]

    def row(self, anchor: str) -> dict[str, str]:
        """The one row whose first cell is this."""
        (found,) = (row for row in self.rows if row[self.columns[0]] == anchor)
        return found


def tables(shared: Path, section: str) -> list[Table]:
    """Every table of a numbered section, such as `6.4`."""
    found, heading, lines = [], "", []
    for line in [*(shared / SHEET).read_text(encoding="utf-8").splitlines(), ""]:
        if line.startswith("#"):
            heading = line.lstrip("# ")
        if line.startswith("|"):
            lines.append([cell.strip().replace("**", "") for cell in line.strip("|").split("|")])
        elif lines:
            head, _, *rows = lines
            if heading.startswith(f"{section} "):
                found.append(Table(heading, tuple(head), tuple(dict(zip(head, row, strict=True)) for row in rows)))
            lines = []
    return found


def number(cell: str) -> float:
    """The first number of a cell: `~5,982 (eight: 9,641)` is 5982."""
    match = re.search(r"\d[\d,]*(?:\.\d+)?", cell)
    assert match is not None, cell
    return float(match[0].replace(",", ""))
