"""`detente compare SCENARIO|RUN`: policies side by side."""

from __future__ import annotations

from datetime import date

import click

from detente.cli.options import Task, asked, question, sampled, setting, spoken, threads
from detente.cli.words import Source

DRAWS = 2_048  # as `detente.insight.alternatives.DRAWS`, which is costly to import


@click.command("compare", cls=Task)
@click.argument("source", metavar="SCENARIO|RUN", type=Source(runs=True))
@setting(
    "--policy", "policies", multiple=True, metavar="NAME|FILE",
    help="A policy of the scenario, or FILE.yaml for those of a file, or FILE.yaml:NAME; may be repeated.  [default: all of the scenario]",
)  # fmt: skip
@setting("--aim", "aims", multiple=True, metavar="NAME", help="A level, or what stands aside, that is wanted low; may be repeated.")
@setting("--structures", is_flag=True, help="Tell in every structure of the scenario too what each changes, and whether its sign holds in all of them.")
@asked
@sampled(DRAWS, "Draws of each policy; of a run its first ones.", least=2)
@threads
@setting("--json", "as_json", is_flag=True, help="Print plain data instead of the tables.")
@spoken
def command(
    source: str,
    policies: tuple[str, ...],
    aims: tuple[str, ...],
    structures: bool,
    as_of: date | None,
    horizon: float | None,
    switch: tuple[tuple[str, bool], ...],
    draws: int | None,
    seed: int | None,
    threads: int | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Compare policies on the same draws: what each changes and how surely, what decides its sign, which no other beats, and which one each rule would take.

    With up to three policies every level is told, and what decides the signs. Policies of files of your own stand beside those of the scenario.
    With --structures it takes as many times longer as there are structures, with half the draws in each; a run keeps what was assessed.

    \b
    Example:  detente compare baltic-2021
              detente compare baltic-2021 --policy extend-new-start --policy brigades
              detente compare baltic-2026 --policy mine.yaml --policy half-withdrawn
              detente compare RUN --policy brigades --structures
    """
    from detente.cli.alternatives import alternatives
    from detente.cli.printing import show, show_plain, width
    from detente.cli.progress import Bar
    from detente.insight import weigh_policies

    asked_for = question(source, as_of=as_of, horizon=horizon, switch=switch, draws=draws, seed=seed, default=DRAWS, of_run=True)
    with Bar(not quiet) as bar:
        found = weigh_policies(source, policies or None, aims=aims or None, structures=structures, threads=threads, progress=bar, **asked_for)
    if as_json:
        show_plain(found.plain())
    else:
        show(alternatives(found, width()))
