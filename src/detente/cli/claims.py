"""`detente claims SCENARIO|RUN`: what the model and the record say of published claims."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from detente.cli.options import Task, asked, drawn, question, setting, spoken, threads
from detente.cli.words import MOST_DRAWS, Count, Place, Source

BESIDE = 1_024  # as `detente.insight.beside.DRAWS`, which is costly to import


@click.command("claims", cls=Task)
@click.argument("source", metavar="SCENARIO|RUN", type=Source(runs=True))
@setting("--show", metavar="ID", help="One claim: readings, shares by structure, what it would need, facts.")
@setting("--file", "file", type=Place(), metavar="FILE", help="Claims of your own; those that come with the package otherwise.")
@setting(
    "--beside", type=Count("number of draws", 1, MOST_DRAWS), metavar="N",
    help=f"Draws of each structure, policy and day beside it; of two at once half as many.  [default: {BESIDE}]",
)  # fmt: skip
@asked
@drawn
@threads
@setting("--json", "as_json", is_flag=True, help="Print plain data: a list of claims.")
@spoken
def command(
    source: str,
    show: str | None,
    file: Path | None,
    beside: int | None,
    as_of: date | None,
    horizon: float | None,
    switch: tuple[tuple[str, bool], ...],
    draws: int | None,
    seed: int | None,
    threads: int | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Judge claims that somebody has published: the verdict of the model, in every structure of the scenario, or that of the record.

    What is assessed beside a run (structures, policies, other days) is kept in its folder, so that the second time takes seconds.

    \b
    Example:  detente claims baltic-2021
              detente claims runs/b21 --show C17
              detente claims baltic-2021 --file mine.yaml --json
    """
    from detente.cli.printing import show as put
    from detente.cli.printing import show_plain, width
    from detente.cli.progress import Bar
    from detente.cli.verdicts import one, page
    from detente.insight import judge_claims

    asked_for = question(source, as_of=as_of, horizon=horizon, switch=switch, draws=draws, seed=seed)
    names = (show,) if show is not None else None
    with Bar(not quiet) as bar:
        found = judge_claims(source, file, names=names, beside=beside if beside is not None else BESIDE, threads=threads, progress=bar, **asked_for)
        if as_json:
            show_plain(found.plain())
            return
        lines = page(found, width()) if show is None else one(found, show, width(), threads)
    put(lines)
