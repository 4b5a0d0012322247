"""`detente explain SCENARIO|RUN --draw N`: one draw with its reasons."""

from __future__ import annotations

from datetime import date

import click

from detente.cli.options import Task, asked, positions, refuse_for_run, setting, spoken
from detente.cli.words import MOST_DRAWS, Count, Day, Source, is_run


@click.command("explain", cls=Task)
@click.argument("source", metavar="SCENARIO|RUN", type=Source(runs=True))
@setting("--draw", type=Count("draw", 0, MOST_DRAWS - 1), metavar="N", default="0", show_default=True, help="Which draw.")
@setting(
    "--on",
    type=Day(),
    metavar="DATE",
    help="A day of the horizon: rates and choices are those of its stretch of the calendar.  [default: the first]",
)
@setting("--prism", is_flag=True, help="Print the chain of the draw on that day as text for the model checkers PRISM and Storm instead.")
@setting("--seed", type=Count("seed", 0, 2**63 - 1), metavar="N", help="Seed of the draws of a scenario; a run has its own.  [default: 1]")
@asked
@setting("--structure", metavar="NAME", help="Read the scenario as one of its structures does.")
@spoken
def command(
    source: str,
    draw: int,
    on: date | None,
    prism: bool,
    seed: int | None,
    as_of: date | None,
    horizon: float | None,
    switch: tuple[tuple[str, bool], ...],
    structure: str | None,
    quiet: bool,
) -> None:
    """Replay one draw: what was drawn, the rates on each rung, each choice with what the actor expects from every option, and what follows.

    \b
    Example:  detente explain baltic-2021 --draw 917
              detente explain runs/b21 --draw 917 --on 2026-03-01
              detente explain baltic-2021 --draw 917 --prism > draw.prism
    """
    from detente.cli.printing import show, width
    from detente.cli.progress import Bar
    from detente.cli.reasons import reasons, segment_on
    from detente.ensemble import replay
    from detente.ladder import to_prism

    if is_run(source):
        refuse_for_run("seed", "as_of", "horizon", "switch", "structure")
        # What comes from the environment is the default of a question, and a run has its own.
        seed, as_of, horizon, switch, structure = None, None, None, (), None
    with Bar(not quiet) as bar:
        bar(0, 0, "compiling")
        replayed = replay(source, draw, seed=seed, as_of=as_of, horizon_years=horizon, switches=positions(switch) or None, structure=structure)
    segment, model = segment_on(replayed, on), replayed.model
    if prism:
        print(f"// {model.name} as of {model.as_of}, seed {replayed.seed}, draw {replayed.draw}, from {model.timeline.starts[segment]} on, {model.digest}")
        print(to_prism(replayed.equilibrium, segment=segment), end="")
    else:
        show(reasons(replayed, segment, width()))
