"""Lines on the terminal, coloured by their role; without colours where the output is no terminal or NO_COLOR is set."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from detente.cli.page import Line

STYLES = {"title": "bold", "head": "dim", "note": "italic dim"}
CHANCE = r"\b[\d,]+ in [\d,]+|less than the model can tell|never|always"


def text(lines: Iterable[Line]) -> Text:
    """Lines as styled text."""
    from rich.text import Text

    whole = Text(no_wrap=True, overflow="ignore")
    for line in lines:
        part = Text(line.text, style=STYLES.get(line.role, ""))
        if line.role == "row":
            part.highlight_regex(CHANCE, "bold cyan")
        whole.append_text(part).append("\n")
    return whole


def show(lines: Iterable[Line], console: Console | None = None) -> None:
    """Print lines on standard output."""
    from rich.console import Console

    (console or Console(highlight=False, soft_wrap=True)).print(text(lines), end="")


def show_plain(data: object) -> None:
    """Print plain data on standard output, as JSON on one line."""
    import json

    print(json.dumps(data, ensure_ascii=False, allow_nan=False))


def width() -> int:
    """Columns of the terminal, between 40 and 100."""
    import shutil

    return max(40, min(100, shutil.get_terminal_size((100, 40)).columns))
