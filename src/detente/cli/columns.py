"""Tables of text, without rules: each column as wide as its widest cell, and the whole at most as wide as asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap

LEAST_NAME = 20
LEAST_TEXT = 16


def columns(rows: Sequence[Sequence[str]], align: str, *, gap: int = 2, widest: int | None = None) -> list[str]:
    """Lines of a table, one for each row.

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
    widths = _widths(rows, len(align))
    while widest is not None and gap > 1 and sum(widths) + gap * (len(widths) - 1) > widest:
        gap -= 1
    lines = []
    for row in rows:
        cells = []
        for index, (cell, width) in enumerate(zip(row, widths, strict=False)):
            runs_on = index == len(row) - 1 and len(row) < len(align)
            cells.append(cell if runs_on else f"{cell:{align[index]}{width}}")
        lines.append((" " * gap).join(cells).rstrip())
    return lines


def fitted(rows: Sequence[Sequence[str]], align: str, width: int) -> list[list[str]]:
    """The lines of each row of a table that fits: where it would be too wide, names and last cells of text go on below; where that leaves too
    little room for names, each stands on lines of its own.

    Parameters
    ----------
    rows, align
        As of `columns`; the first cell of a row is its name. Words that a no-break space holds together stay together.
    width : int
        At most as wide, if no word is wider.
    """
    whole = columns(rows, align, widest=width)
    if max(map(len, whole)) <= width:
        return [[_blank(line)] for line in whole]
    widths = _widths(rows, len(align))
    text = align[-1] == "<"
    room = width - sum(widths[1:-1] if text else widths[1:]) - 2 * (len(align) - 1)
    last = min(widths[-1], max(_least(rows, align, width), room - widths[0])) if text else 0
    if room - last < min(widths[0], LEAST_NAME):
        # Names take no column any more.
        widths[0] = 0
        parts = [[*_below(row[:1], widths, width, text), *(_below(("", *row[1:]), widths, width, text) if len(row) > 1 else ())] for row in rows]
    else:
        widths[0] = min(widths[0], room - last)
        parts = [list(_below(row, widths, width, text)) for row in rows]
    lines = iter(columns([part for each in parts for part in each], align, widest=width))
    return [[_blank(next(lines)) for _ in each] for each in parts]


def _least(rows: Sequence[Sequence[str]], align: str, width: int) -> int:
    """Room that a last column of text needs: that of its widest word, if it is not as good as a line."""
    words = [len(word) for row in rows if len(row) == len(align) for word in row[-1].split(" ")]
    return max([LEAST_TEXT, *(word for word in words if word <= 3 * width / 4)])


def _below(row: Sequence[str], widths: Sequence[int], width: int, text: bool) -> Iterator[tuple[str, ...]]:
    """A row as rows of which the later ones hold what the name and the last cell have too much."""
    end = len(row) - 1
    if end == 0:
        yield from ((line,) for line in _lines(row[0], width, "  "))
        return
    names = _lines(row[0], widths[0], "  ") if widths[0] else [""]
    room = max(LEAST_TEXT, width - sum(widths[:end]) - 2 * end)
    lasts = _lines(row[end], room) if text or end < len(widths) - 1 else [row[end]]
    for number in range(max(len(names), len(lasts))):
        name, last = (cells[number] if number < len(cells) else "" for cells in (names, lasts))
        yield (name, *(cell if number == 0 else "" for cell in row[1:end]), last)


def _lines(cell: str, room: int, hanging: str = "") -> list[str]:
    """The lines of a cell; those after the first begin as the first does, and then with `hanging`."""
    indent = " " * (len(cell) - len(cell.lstrip(" "))) + hanging
    return wrap(cell, room, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False) or [""]


def _blank(line: str) -> str:
    return line.replace("\u00a0", " ")


def _widths(rows: Sequence[Sequence[str]], count: int) -> list[int]:
    """Of the widest cell of each column; the last cell of a short row may run on, so it widens none."""
    widths = [0] * count
    for row in rows:
        for index, cell in enumerate(row if len(row) == count else row[:-1]):
            widths[index] = max(widths[index], len(cell))
    return widths
