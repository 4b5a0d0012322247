"""Draw docs/images/console.svg: the page of `detente assess SCENARIO`, from a run of now.

    python docs/images/draw_console.py [SCENARIO [DRAWS]]

The fonts are those of the reader's machine: a picture makes no outside request.
"""

from __future__ import annotations

import io
import re
import sys
from datetime import date
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console

from detente import assess
from detente.cli.output import sheet_of
from detente.cli.page import page
from detente.cli.printing import show

WIDTH = 100


def main(scenario: str = "baltic-2021", draws: str = "16384") -> None:
    sheet = sheet_of(assess(scenario, draws=int(draws)))
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, highlight=False, soft_wrap=True)
    console.print(f"[dim]$[/] detente assess {scenario}")
    show(page(sheet, date.today(), WIDTH), console)
    form = re.sub(r"@font-face \{\{.*?\}\}", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
    svg = console.export_svg(title="détente", code_format=form, unique_id="console")
    target = Path(__file__).parent / "console.svg"
    target.write_text("\n".join(line.rstrip() for line in svg.splitlines()) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
