"""`detente factors SCENARIO`: what the reasons that somebody gives are worth."""

from __future__ import annotations

from datetime import date

import click

from detente.cli.options import Task, asked, question, sampled, setting, spoken, threads
from detente.cli.words import Source

DRAWS = 2_048  # some twenty readings are assessed


@click.command("factors", cls=Task)
@click.argument("scenario", metavar="SCENARIO", type=Source())
@asked
@sampled(DRAWS, "Draws of each reading.")
@threads
@setting("--json", "as_json", is_flag=True, help="Print plain data instead of the table.")
@spoken
def command(
    scenario: str,
    as_of: date | None,
    horizon: float | None,
    switch: tuple[tuple[str, bool], ...],
    draws: int | None,
    seed: int | None,
    threads: int | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Weigh the factors of a scenario: what each adds alone, and what goes with it where all the others stay.

    \b
    Example:  detente factors baltic-2021
    """
    from detente.cli.columns import fitted
    from detente.cli.printing import show_plain, width
    from detente.cli.progress import Bar
    from detente.insight import weigh_factors
    from detente.insight.factors import Ratio

    asked_for = question(scenario, as_of=as_of, horizon=horizon, switch=switch, draws=draws, seed=seed, default=DRAWS)
    with Bar(not quiet) as bar:
        found = weigh_factors(scenario, threads=threads, progress=bar, **asked_for)
    if as_json:
        show_plain(found.plain())
        return

    def shown(one: Ratio) -> str:
        return "-" if one.ratio is None else f"{one.ratio:.2f} ({one.low:.2f}–{one.high:.2f})"

    # Groups are the levels that people ask for, with what stands aside among them; without groups, every rung is shown.
    rungs = [name for name in found.model.scenario.groups if name in found.rungs] or list(found.rungs)
    model, seen = found.model, found.model.scenario.factors
    click.echo(f"{model.name} as known on {model.as_of}: what {len(found.without)} reasons are worth over {model.horizon_years:g} years")
    click.echo(f"{found.draws:,} draws, the same in each reading; in brackets the central 90 % of the ratio when they are resampled.")
    for title, table in (
        ("All but it, beside the scenario as written (below 1: it raises the risk)", found.without),
        ("It alone, beside none of them (above 1: it raises the risk)", found.alone),
    ):
        click.echo(f"\n{title}")
        rows = [("factor", *rungs), *((f"{name} {seen[name].title}", *(shown(ratios[rung]) for rung in rungs)) for name, ratios in table.items())]
        for lines in fitted(rows, "<" + ">" * len(rungs), width()):
            for line in lines:
                click.echo(line)
    click.echo("")
    for label, means in (("as written", found.whole), ("with none of them", found.none)):
        click.echo(f"{label}: " + ", ".join(f"{rung} {100 * means[rung]:.3g} %" for rung in rungs))
    for name, why in found.missing.items():
        click.echo(f"{name}, {seen[name].title}: not in the model. {why}")
