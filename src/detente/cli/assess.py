"""`detente assess SCENARIO`: how likely each rung is, what follows from it, what moves it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from detente.cli.options import DRAWS, Task, asked, drawn, positions, setting, spoken, threads
from detente.cli.session import Session
from detente.cli.words import Place, Source
from detente.errors import InvalidInput, Problem


@click.command("assess", cls=Task)
@click.argument("scenario", metavar="SCENARIO", type=Source())
@asked
@drawn
@threads
@setting("--policy", metavar="NAME|FILE", help="Assess the scenario under one of its policies, or one of a file, beside the scenario without.")
@setting("--structure", metavar="NAME", help="Read the scenario as one of its structures does.")
@setting("--structures", is_flag=True, help="Assess every structure of the scenario too, on the same draws, and show them side by side.")
@setting("--all-equilibria", is_flag=True, help="Look for further equilibria of some of the draws, and tell what would follow from them.")
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
    structure: str | None,
    structures: bool,
    all_equilibria: bool,
    out: Path | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Assess a scenario: the probability of each rung within the horizon, how many go on from there, and what moves it.

    \b
    Example:  detente assess first-steps
              detente assess baltic-2021 --as-of 2021-01-29 --draws 1e5 --out runs/b21
              detente assess baltic-2021 --switch challenges=off --json
              detente assess baltic-2026 --policy brigades_in_place
              detente assess baltic-2021 --structures --all-equilibria
    """
    switches = positions(switch)
    wrong = [name for name, given in (("--policy", policy is not None), ("--structure", structure is not None)) if given]
    if structures and wrong:
        raise InvalidInput(Problem("--structures", f"it stands beside {wrong[0]}", "one thing is compared at a time", f"leave {wrong[0]} out, or --structures"))
    if policy is not None and structure is not None:
        raise InvalidInput(Problem("--structure", "it stands beside --policy", "one thing is compared at a time", "leave one of them out"))
    from detente.cli.output import deliver
    from detente.cli.progress import Bar
    from detente.ensemble import assess
    from detente.ensemble.doubts import several

    session.run, session.keeps = out, True
    options: dict[str, Any] = {"as_of": as_of, "draws": draws if draws is not None else DRAWS, "seed": seed if seed is not None else 1}
    options |= {"horizon_years": horizon, "switches": switches, "threads": threads, "out": out}
    with Bar(not quiet) as bar:
        if policy is None:
            assessment, compared = assess(scenario, structure=structure, progress=bar, **options), None
        else:
            from detente.insight import compare

            compared = compare(scenario, policy, progress=bar, **options)
            assessment = compared.policy
        readings = {}
        if structures:
            from detente.insight import read_otherwise

            readings = read_otherwise(assessment, threads, bar)
        if all_equilibria:
            bar(0, 0, "searching")
        found = several(assessment, threads=threads) if all_equilibria else None
    deliver(assessment, as_json=as_json, folder=out, compared=compared, readings=readings, several=found, quiet=quiet)
