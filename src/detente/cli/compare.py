"""`detente compare SCENARIO|RUN`: policies side by side."""

from __future__ import annotations

import json
from datetime import date

import click

from detente.cli.options import Task, asked, listen, positions, refuse_for_run, setting, spoken, threads
from detente.cli.words import MOST_DRAWS, Count, Source, is_run

DRAWS = 2_048  # as `detente.insight.alternatives.DRAWS`, which is costly to import


@click.command("compare", cls=Task)
@click.argument("source", metavar="SCENARIO|RUN", type=Source(runs=True))
@setting(
    "--policy", "policies", multiple=True, metavar="NAME|FILE",
    help="A policy of the scenario, or FILE.yaml for those of a file, or FILE.yaml:NAME; may be repeated.  [default: all of the scenario]",
)  # fmt: skip
@setting("--aim", "aims", multiple=True, metavar="NAME", help="A level, or what stands aside, that is wanted low; may be repeated.")
@asked
@setting("--draws", type=Count("number of draws", 2, MOST_DRAWS), metavar="N", help=f"Draws of each policy; of a run its first ones.  [default: {DRAWS}]")
@setting("--seed", type=Count("seed", 0, 2**63 - 1), metavar="N", help="Seed of the draws.  [default: 1]")
@threads
@setting("--json", "as_json", is_flag=True, help="Print plain data instead of the tables.")
@spoken
def command(
    source: str,
    policies: tuple[str, ...],
    aims: tuple[str, ...],
    as_of: date | None,
    horizon: float | None,
    switch: tuple[tuple[str, bool], ...],
    draws: int | None,
    seed: int | None,
    threads: int | None,
    as_json: bool,
    quiet: bool,
    verbose: int,
    debug: bool,
) -> None:
    """Compare policies on the same draws: what each changes and how surely, what decides its sign, which no other beats, and which one each rule would take.

    With up to three policies every level is told, and what decides the signs. Policies of files of your own stand beside those of the scenario.

    \b
    Example:  detente compare baltic-2021
              detente compare baltic-2021 --policy extend-new-start --policy brigades
              detente compare baltic-2026 --policy mine.yaml --policy half-withdrawn
    """
    listen(verbose, quiet)
    from detente.cli.alternatives import alternatives
    from detente.cli.printing import show, width
    from detente.cli.progress import Bar
    from detente.insight import weigh_policies

    if is_run(source):
        refuse_for_run("as_of", "horizon", "switch", "seed")
        as_of, horizon, switch, seed = None, None, (), None
    with Bar(not quiet) as bar:
        found = weigh_policies(
            source, policies or None, aims=aims or None, as_of=as_of, draws=draws if draws is not None else DRAWS, seed=seed if seed is not None else 1,
            horizon_years=horizon, switches=positions(switch), threads=threads, progress=bar,
        )  # fmt: skip
    if as_json:
        click.echo(json.dumps(found.plain(), ensure_ascii=False, allow_nan=False))
    else:
        show(alternatives(found, width()))
