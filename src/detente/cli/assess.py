"""`detente assess SCENARIO`: how likely each rung is, what follows from it, what moves it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from detente.cli.options import DRAWS, Task, asked, drawn, listen, positions, setting, spoken, threads
from detente.cli.session import Session
from detente.cli.words import Place, Source


@click.command("assess", cls=Task)
@click.argument("scenario", metavar="SCENARIO", type=Source())
@asked
@drawn
@threads
@setting("--policy", metavar="NAME|FILE", help="Assess the scenario under one of its policies, or one of a file, beside the scenario without.")
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
    policy: str | None,
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
              detente assess baltic-2026 --policy brigades_in_place
    """
    listen(verbose, quiet)
    switches = positions(switch)
    from detente.cli.output import deliver
    from detente.cli.progress import Bar
    from detente.ensemble import assess

    session.run, session.keeps = out, True
    options: dict[str, Any] = {"as_of": as_of, "draws": draws if draws is not None else DRAWS, "seed": seed if seed is not None else 1}
    options |= {"horizon_years": horizon, "switches": switches, "threads": threads, "out": out}
    with Bar(not quiet) as bar:
        if policy is None:
            assessment, compared = assess(scenario, progress=bar, **options), None
        else:
            from detente.insight import compare

            compared = compare(scenario, policy, progress=bar, **options)
            assessment = compared.policy
    deliver(assessment, as_json=as_json, folder=out, compared=compared)
