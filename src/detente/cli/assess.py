"""`detente assess SCENARIO`: how likely each rung is, what follows from it, what moves it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from detente.cli.options import DRAWS, Task, asked, drawn, listen, positions, setting, spoken, threads
from detente.cli.session import Session
from detente.cli.words import Place, Source


@click.command("assess", cls=Task)
@click.argument("scenario", metavar="SCENARIO", type=Source())
@asked
@drawn
@threads
@setting(
    "--out",
    type=Place("folder"),
    metavar="FOLDER",
    help="Keep the run in this folder; a run that was cut short there is taken up.",
)
@setting("--json", "as_json", is_flag=True, help="Print result.json instead of the page.")
@spoken
@click.pass_obj
def command(
    session: Session,
    scenario: str,
    as_of: date | None,
    horizon: float | None,
    switch: tuple[tuple[str, bool], ...],
    draws: int | None,
    seed: int | None,
    threads: int | None,
    out: Path | None,
    as_json: bool,
    quiet: bool,
    verbose: int,
    debug: bool,
) -> None:
    """Assess a scenario: the probability of each rung within the horizon, how many go on from there, and what moves it.

    \b
    Example:  detente assess first-steps
              detente assess baltic-2021 --as-of 2021-01-29 --draws 1e5 --out runs/b21
              detente assess baltic-2021 --switch challenges=off --json
    """
    listen(verbose, quiet)
    switches = positions(switch)
    from detente.cli.output import deliver
    from detente.cli.progress import Bar
    from detente.ensemble import assess

    session.run, session.keeps = out, True
    with Bar(not quiet) as bar:
        assessment = assess(
            scenario,
            as_of=as_of,
            draws=draws if draws is not None else DRAWS,
            seed=seed if seed is not None else 1,
            horizon_years=horizon,
            switches=switches,
            threads=threads,
            out=out,
            progress=bar,
        )
    deliver(assessment, as_json=as_json, folder=out)
