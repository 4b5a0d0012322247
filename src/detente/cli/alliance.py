"""`detente alliance SCENARIO`: who would show up, by when, and what hangs on the leader."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from detente.cli.options import Task, positions, setting, spoken, threads
from detente.cli.words import MOST_DRAWS, Count, Day, Position, Source

if TYPE_CHECKING:
    from detente.cli.page import Line
    from detente.insight.promises import Promises
    from detente.scenario import Model

DRAWS = 2_048


@click.command("alliance", cls=Task)
@click.argument("scenario", metavar="SCENARIO|RUN", type=Source(runs=True))
@setting("--as-of", type=Day(), metavar="DATE", help="Use only what was known on that day (YYYY-MM-DD).  [default: the scenario's]")
@setting("--switch", type=Position(), multiple=True, metavar="NAME=on|off", help="Turn a part of the model on or off; may be given several times.")
@setting("--draws", type=Count("number of draws", 1, MOST_DRAWS), metavar="N", help=f"Draws.  [default: {DRAWS}, or those of the run]")
@setting("--seed", type=Count("seed", 0, 2**63 - 1), metavar="N", help="Seed of the draws.  [default: 1, or that of the run]")
@threads
@setting("--json", "as_json", is_flag=True, help="Print plain data instead of the tables.")
@setting("--plot", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.svg", help="Write a figure of what is committed by when (extra `plot`).")
@spoken
def command(
    scenario: str,
    as_of: date | None,
    switch: tuple[tuple[str, bool], ...],
    draws: int | None,
    seed: int | None,
    threads: int | None,
    as_json: bool,
    plot: Path | None,
    quiet: bool,
) -> None:
    """Tell who would show up if a member of the scenario's alliance were attacked: whether it is enough by when, if the leader joins or stays out, what
    each group adds, at which level members help, by consensus or as a coalition, and whose support nobody asked.

    \b
    Example:  detente alliance baltic-2021
    """
    from detente.cli.printing import show, show_plain, width
    from detente.insight import who_shows_up

    asked, count, number = given(scenario, as_of, switch)
    found = who_shows_up(
        asked, as_of=as_of, draws=draws or count or DRAWS, seed=seed if seed is not None else number, switches=positions(switch) or None, threads=threads
    )
    if plot is not None:
        from detente.insight.promise_figures import plot_promises

        plot_promises(found).savefig(plot, format="svg")
    if as_json:
        show_plain(found.plain())
        return
    show(told(found, width()))


def given(scenario: str, as_of: date | None, switch: tuple[tuple[str, bool], ...]) -> tuple[str | Model, int | None, int]:
    """The scenario itself, or the model of a run with its draws and seed.

    Raises
    ------
    InvalidInput
        If a run is asked anew as of another day, or with other switches.
    """
    from detente.cli.words import is_run
    from detente.errors import InvalidInput, Problem

    if not is_run(scenario):
        return scenario, None, 1
    from detente.ensemble import Assessment
    from detente.insight.beside import with_whole_record

    if as_of is not None or switch:
        raise InvalidInput(Problem("--as-of" if as_of is not None else "--switch", f"{scenario} is a run", "what it knew is settled", "name its scenario"))
    run = Assessment.load(scenario)
    return with_whole_record(run.model), run.draws, run.seed


def told(found: Promises, width: int) -> Iterator[Line]:
    """The lines of the page."""
    import numpy as np

    from detente.cli.columns import fitted
    from detente.cli.page import Line, wrap
    from detente.insight.promises import RELIABILITY
    from detente.report.wording import day

    alliance, item = found.portfolio.alliance, found.portfolio.item

    def table(rows: list[tuple[str, ...]], title: str) -> Iterator[Line]:
        yield Line("")
        yield from wrap(title, width, "title")
        for place, lines in enumerate(fitted(rows, "<" + ">" * (len(rows[0]) - 1), width)):
            yield from (Line(line, "row" if place else "head") for line in lines)

    def percent(number: float) -> str:
        return "-" if np.isnan(number) else f"{100 * number:.0f} %"

    yield from wrap(f"{item.title}: {found.model.name} as known on {day(found.model.as_of)}, {found.draws:,} draws", width, "title")
    order = ", ".join(item.groups[group].title for group in alliance.groups)
    yield from wrap(
        f"{len(alliance.allies)} members decide in this order: {order}. Percentages are means over draws, in brackets the central 90 % of draws, "
        "all under this model, whose weights, thresholds and effects are mostly judgements.",
        width,
    )
    if not found.switched_on:
        yield from wrap(f"The switch {item.when} is off: in this scenario nothing follows from what is told here.", width, "note")
    heads = ("", *(clock.title for clock in item.clocks.values()))
    low, high = np.quantile(found.enough, (0.05, 0.95), axis=0)
    clocks = range(len(alliance.clocks))
    rows = [heads, ("Enough is committed", *(f"{percent(found.enough[:, k].mean())} ({100 * low[k]:.0f}–{100 * high[k]:.0f})" for k in clocks))]
    if alliance.leader is not None:
        for word, row in zip(("sends forces", "does not"), found.enough_given, strict=True):
            rows.append((f"  if {_name(alliance.leader)} {word}", *map(percent, row)))
    for word, part in (("by consensus", found.council), ("as a coalition", found.coalition)):
        rows.append((f"  {word}", *(percent(part[:, :, k].sum(axis=1).mean()) for k in clocks)))
    rows.append(("Enough is (share of the whole, median)", *(percent(float(np.median(found.threshold[:, k]))) for k in clocks)))
    yield from table(rows, "Is it enough")
    chance, agreed = percent(float(found.chance[:, 0].mean())), percent(float(found.consensus.sum(axis=1).mean()))
    leads = f"Chance that {_name(alliance.leader)} sends forces: {chance}. " if alliance.leader is not None else ""
    yield from wrap(f"{leads}Chance that no member blocks the Council: {agreed}.", width)
    loss = "What a group adds: loss of the chance of enough if its forces counted for nothing"
    for title, part in (("Expected share of what all could bring", found.expected), (loss, found.contributions)):
        means = part.mean(axis=0)
        rows = [heads, *((item.groups[group].title, *(percent(means[k, place]) for k in clocks)) for place, group in enumerate(alliance.groups))]
        if part is found.expected:
            rows.append(("all", *(percent(means[k].sum()) for k in clocks)))
        yield from table(rows, title)
    rows = [("", *(item.levels[level].title for level in alliance.levels))]
    rows += [(item.groups[group].title, *map(percent, found.levels[alliance.member_of == place].mean(axis=0))) for place, group in enumerate(alliance.groups)]
    yield from table(rows, "At which level members help (share of a group's members)")
    yield Line("")
    names = ", ".join(map(_name, found.portfolio.imputed))
    asked = len(alliance.allies) - len(found.portfolio.imputed) - len(item.attacked)
    known = f"Polls are known for {asked} of those who choose"
    if names:
        known += f"; the other {len(found.portfolio.imputed)} were not asked, and their support is imputed from their region: {names}"
    yield from wrap(f"{known}.", width)
    off = f"{100 * found.rounding.max():.2g} % of the whole"
    yield from wrap(f"Capability is counted in units of 1/256 of the whole, which moves what is committed by at most {off}.", width)
    if found.apart:
        yield from wrap(f"In {found.apart:,} draws two ways of integrating the common factor differ by more than 1e-10.", width)
    yield Line("")
    yield from wrap(
        "Beside, never pass or fail: how often promises were kept in war, by rules that differ. A promise that deters is not called upon.", width, "title"
    )
    for share, what in RELIABILITY:
        yield from wrap(f"{share} {what}", width)


def _name(member: str) -> str:
    """A member in words."""
    words = member.replace("_", " ").title()
    return {"United States": "the United States", "United Kingdom": "the United Kingdom", "Netherlands": "the Netherlands"}.get(words, words)
