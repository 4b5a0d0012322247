"""`detente discover RUN|SCENARIO --where EXPRESSION`: what one would have to believe for it to hold."""

from __future__ import annotations

import logging
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from detente.cli.options import Task, asked, drawn, question, setting, spoken, threads
from detente.cli.words import Amount, OneOf, Source
from detente.errors import InvalidInput, Problem

if TYPE_CHECKING:
    from detente.insight import Discovery

WEIGHTS = ("history", "condition")
KINDS = (".svg", ".png", ".pdf")


@click.command("discover", cls=Task)
@click.argument("source", metavar="RUN|SCENARIO", type=Source(runs=True))
@setting("--where", required=True, metavar="EXPRESSION", help="A measure that compares, such as 'onward(nuclear_use|clash) > 0.5'.")
@setting(
    "--weigh", type=OneOf("weight", WEIGHTS), metavar="|".join(WEIGHTS),
    help="Whether draws count by history alone, or also by how likely the condition of `onward` and the like is in them.  [default: history]",
)  # fmt: skip
@setting("--threshold", type=Amount("threshold"), metavar="SHARE", help="In how much of a box it must hold.  [default: 0.8]")
@setting("--plot", metavar="FILE", help="Draw the last box, as .svg, .png or .pdf (extra `plot`).")
@asked
@drawn
@threads
@setting("--json", "as_json", is_flag=True, help="Print plain data instead of the page.")
@spoken
def command(
    source: str,
    where: str,
    weigh: str | None,
    threshold: float | None,
    plot: str | None,
    as_of: date | None,
    horizon: float | None,
    switch: tuple[tuple[str, bool], ...],
    draws: int | None,
    seed: int | None,
    threads: int | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Find the part of the stated ranges in which something holds: the simplest boxes of quantities first.

    \b
    Example:  detente discover runs/b21 --where "onward(nuclear_use|clash) > 0.05"
              detente discover baltic-2021 --where "reach(war) > 0.03 and p_resolute > 0.5" --plot box.svg
    """
    from detente.cli.beliefs import beliefs
    from detente.cli.printing import show, show_plain, width
    from detente.cli.progress import Bar
    from detente.insight import discover

    if plot is not None:
        _check(Path(plot))
    asked_for = question(source, as_of=as_of, horizon=horizon, switch=switch, draws=draws, seed=seed)
    counted: Literal["history", "condition"] = "condition" if weigh == "condition" else "history"
    with Bar(not quiet) as bar:
        found = discover(
            source, where, weigh=counted, threshold=threshold if threshold is not None else 0.8, threads=threads, progress=bar, **asked_for,
        )  # fmt: skip
    if as_json:
        show_plain(found.plain())
    else:
        show(beliefs(found, width()))
    if plot is not None:
        _save(found, Path(plot))


def _check(file: Path) -> None:
    """Refuse before anything is computed what could not be drawn or written."""
    from detente.games.plots import pyplot

    if file.suffix.lower() not in KINDS:
        raise InvalidInput(Problem("--plot", f"{file} is no picture that can be written", "", f"end its name in {', '.join(KINDS)}"))
    if not file.parent.is_dir():
        raise InvalidInput(Problem("--plot", f"there is no folder {file.parent}", "", "make it, or name another"))
    pyplot()


def _save(found: Discovery, file: Path) -> None:
    if not found.regions:
        logging.getLogger("detente").warning("no picture: there is no box to draw")
        return
    try:
        found.plot().savefig(file)
    except OSError as error:
        raise InvalidInput(Problem("--plot", f"{file} cannot be written", (error.strerror or str(error)).lower(), "name another file")) from None
