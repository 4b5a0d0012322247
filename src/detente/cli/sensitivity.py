"""`detente sensitivity RUN|SCENARIO`: what moves the results."""

from __future__ import annotations

from datetime import date

import click

from detente.cli.options import Task, asked, drawn, question, setting, spoken, threads
from detente.cli.words import Count, Source

BLOCK, TOP = 1_024, 24  # as in `detente.insight.sensitivities`, which is costly to import


@click.command("sensitivity", cls=Task)
@click.argument("source", metavar="RUN|SCENARIO", type=Source(runs=True))
@setting(
    "--outcome", "outcomes", multiple=True, metavar="OUTCOME",
    help="Such as 'reach(war)' or 'onward(nuclear_use|war)'; may be repeated.  [default: crisis, war, nuclear use, nuclear use if war]",
)  # fmt: skip
@setting(
    "--choose", "policies", multiple=True, metavar="NAME|FILE",
    help="Tell what knowing a quantity would be worth to whoever chooses among this policy and none (FILE.yaml, FILE.yaml:NAME: of a file); may be repeated.",
)  # fmt: skip
@setting(
    "--block", type=Count("number of draws", 0, 1_000_000), metavar="N",
    help=f"Draws of each block that is evaluated anew; 0: only what the draws of the run tell.  [default: {BLOCK}]",
)  # fmt: skip
@setting("--top", type=Count("number of quantities", 1, 1_000), metavar="N", help=f"Quantities that get indices of their own.  [default: {TOP}]")
@asked
@drawn
@threads
@setting("--json", "as_json", is_flag=True, help="Print plain data instead of the tables.")
@spoken
def command(
    source: str,
    outcomes: tuple[str, ...],
    policies: tuple[str, ...],
    block: int | None,
    top: int | None,
    as_of: date | None,
    horizon: float | None,
    switch: tuple[tuple[str, bool], ...],
    draws: int | None,
    seed: int | None,
    threads: int | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Tell what moves the results: which quantities, alone and together with others, how much rests on evidence, what is chance, and what to find out first.

    A run's own draws tell what each quantity does alone; the rest needs new evaluations, a minute or so for a scenario of 90 quantities. The page says which.

    \b
    Example:  detente sensitivity baltic-2021
              detente sensitivity runs/b21 --outcome "onward(nuclear_use|clash)"
              detente sensitivity baltic-2026 --choose brigades_in_place --choose half_withdrawn
    """
    from detente.cli.printing import show, show_plain, width
    from detente.cli.progress import Bar
    from detente.cli.shares import shares
    from detente.insight import sensitivity

    asked_for = question(source, as_of=as_of, horizon=horizon, switch=switch, draws=draws, seed=seed)
    with Bar(not quiet) as bar:
        found = sensitivity(
            source, outcomes or None, policies=policies, block=block if block is not None else BLOCK, top=top if top is not None else TOP, threads=threads,
            progress=bar, **asked_for,
        )  # fmt: skip
    if as_json:
        show_plain(found.plain())
    else:
        show(shares(found, width()))
