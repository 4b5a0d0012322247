"""A table of text: each column as wide as its widest cell, no rules, at most as wide as asked."""

from __future__ import annotations

from collections.abc import Sequence


def columns(rows: Sequence[Sequence[str]], align: str, *, gap: int = 2, widest: int | None = None) -> list[str]:
    """Lines of a table.

    Parameters
    ----------
    rows : sequence of rows of cells
        A row may be shorter than the others; its last cell then runs on over the columns that it lacks.
    align : str
        One of `<` and `>` for each column.
    gap : int
        Blanks between columns; fewer, down to 1, where the table would be wider than `widest`.
    widest : int, optional
        Width that is wanted.
    """
    count = len(align)
    widths = [0] * count
    for row in rows:
        # The last cell of a short row may run on, so it widens no column.
        for index, cell in enumerate(row if len(row) == count else row[:-1]):
            widths[index] = max(widths[index], len(cell))
    while widest is not None and gap > 1 and sum(widths) + gap * (count - 1) > widest:
        gap -= 1
    lines = []
    for row in rows:
        cells = []
        for index, (cell, width) in enumerate(zip(row, widths, strict=False)):
            runs_on = index == len(row) - 1 and len(row) < count
            cells.append(cell if runs_on else f"{cell:{align[index]}{width}}")
        lines.append((" " * gap).join(cells).rstrip())
    return lines
