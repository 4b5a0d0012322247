"""Each level from near: what leads to it and from it over all draws, and in one draw who chooses what there, and what each expects from it.

Steps are shares over draws: of all histories, those that enter `a` and of which `b` is the first thing after (`next`). Choices are those of the draw whose
levels lie nearest to the medians (the smallest sum of distances of ranks from the middle, over levels), on the first stretch of the calendar: an example, not
a forecast; no average over draws is a choice that anybody makes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

import numpy as np

from detente.ensemble import Assessment, Replay
from detente.ensemble.statistics import mean
from detente.ladder import Choice, choices
from detente.report.names import Called, capital
from detente.report.tables import Cell, Panel, Part, Table, number, part, rows
from detente.report.wording import LEAST, amount, percent, plain

MOST_STEPS = 12


def nearest_to_medians(assessment: Assessment, called: Called) -> int:
    """The draw whose levels lie nearest to their medians."""
    known = [str(name) for name in assessment.data["rung"].values]
    reach = assessment.reach.values[:, [known.index(name) for name in called.levels], -1]
    ranks = reach.argsort(axis=0).argsort(axis=0) / max(len(reach) - 1, 1)
    return int(np.abs(ranks - 0.5).sum(axis=1).argmin())


def rungs_panel(assessment: Assessment, called: Called, replay: Replay) -> Panel:
    """The panel of levels from near."""
    text = (
        "What leads to a level and what comes next is told over all draws, and a step is counted the first time that the level it leads from is entered. Who "
        "chooses what is told for one draw, "
        f"number {replay.draw}, whose levels lie nearest to the medians: an example, not a forecast. What an actor expects is counted from then on in his own "
        "prize, and prizes of different actors are never compared.",
    )
    steps = _steps(assessment)
    found = choices(replay.equilibrium)
    names = (*called.outcomes, called.first)
    parts = tuple(_part(called, name, steps, [choice for choice in found if _label(called, choice.rung) in called.members(name)]) for name in names)
    return Panel("rungs", "Level by level", "analyst", text, parts=parts)


def _part(called: Called, name: str, steps: dict[tuple[str, str], float], chosen: list[Choice]) -> Part:
    members = called.members(name)
    text = (f"Holds {', '.join(map(called.title, members))}.",) if members != (name,) else ()
    tables = []
    for table, title, here in (("into", "What leads here", 1), ("from", "What comes next", 0)):
        others = {pair[1 - here]: share for pair, share in steps.items() if pair[here] == name and share >= LEAST}
        ordered = sorted(others, key=lambda other: -others[other])[:MOST_STEPS]
        total = sum(others.values())
        if ordered:
            columns = ("from" if here else "to", "of all histories, %", "share, %")
            told = rows([(called.title(other), part(others[other]), part(others[other] / total)) for other in ordered])
            tables.append(Table(f"{table}-{name}", title, columns, "<>>", told))
    if chosen:
        head = ("after", "who", "comes to this", "does (expects from then on, in own prizes)")
        tables.append(Table(f"choices-{name}", "Who chooses what, in the draw of the example", head, "<<><", rows(list(_choices(called, chosen)))))
    return Part(f"rung-{name}", called.title(name), text if tables or text else ("Nothing leads here in any draw.",), tuple(tables))


def _steps(assessment: Assessment) -> dict[tuple[str, str], float]:
    """`{(a, b): share of histories that enter a, and go to b first}`; levels and what stands aside, and rungs."""
    joint = assessment.data["next_joint"].values
    weights = assessment.data["weight"].values
    found = {}
    for index, pair in enumerate(assessment.data["next_pair"].values):
        b, a = str(pair).split("|")
        found[a, b] = mean(np.ascontiguousarray(joint[:, index]), weights)
    # A step is told once: between groups where there are any, else between rungs.
    called = Called(assessment)
    whole = {(a, b) for a, b in found if called.group(a) is None and called.group(b) is None}
    return {pair: found[pair] for pair in whole}


def _choices(called: Called, chosen: list[Choice]) -> Iterator[tuple[Cell | str, ...]]:
    for (game, rung), points in groupby(chosen, key=lambda choice: (choice.game, choice.rung)):
        where = f"{capital(called.words(game.partition('@')[0]))}, on {called.title(_label(called, rung))}"
        yield (Cell(where, target="head"),)
        for choice in points:
            who = called.who(choice.player) + (f", {plain(choice.mood)}" if choice.mood else "")
            after = ", then ".join(map(plain, choice.path)) or "at the start"
            taken = sorted(choice.actions, key=lambda action: -action.probability)
            told = "; ".join(f"{plain(action.name)} {percent(action.probability)} ({signed(action.expected)})" for action in taken)
            yield after, who, part(choice.reached), told


def _label(called: Called, rung: str) -> str:
    """The label of a rung: its name without the background."""
    ladder = called.names.ladder
    return ladder.rungs[ladder.rung(rung)].label


def signed(value: float) -> str:
    """An amount with its sign and two decimals."""
    return f"{value:+.2f}".replace("-", "−")


def story_panel(assessment: Assessment, called: Called, replay: Replay) -> Panel:
    """The draw of the example: what was drawn, and what follows."""
    quantities, places = assessment.model.scenario.quantities, replay.places
    ordered = sorted(quantities, key=lambda name: -abs(places[name] - 0.5))
    text = (
        f"Draw {replay.draw} of {assessment.draws:,} is one consistent world: every quantity has one value, every actor knows it, and what follows is exact. "
        f"The command “detente explain RUN --draw {replay.draw}” shows the rest.",
    )
    drawn = [
        (quantities[name].title, Cell(amount(replay.quantities[name], 3), replay.quantities[name]), _unit(quantities[name].unit), part(places[name]))
        for name in ordered[:MOST_STEPS]
    ]  # fmt: skip
    ahead, known = replay.prospects, replay.prospects.names.all
    follows = [
        (called.title(name), part(float(ahead.reach[0, known.index(name), -1])), part(float(ahead.best_reach[0, known.index(name)])))
        for name in (*reversed(called.levels), *called.aside)
    ]
    tables = (
        Table("drawn", "Drawn farthest from the median", ("quantity", "value", "unit", "higher than, % of its distribution"), "<><>", rows(drawn)),
        Table("follows", "What follows in this draw", ("level", "reached, %", "if only best replies were taken, %"), "<>>", rows(follows)),
    )
    return Panel("story", "One draw as a story", "analyst", (*text, *_told(called, replay)), tables=tables[0 if drawn else 1 :])


def _unit(unit: str) -> str:
    return "" if unit == "1" else unit


def _told(called: Called, replay: Replay) -> Iterator[str]:
    """The likeliest way to each choice of the draw's first game, in sentences."""
    found, plan = choices(replay.equilibrium), replay.equilibrium.plan
    for (game, rung), points in groupby(found, key=lambda choice: (choice.game, choice.rung)):
        first = next(iter(points))
        tempo = number(float(replay.values[0, 0, plan.layout.game_tempo[[each.name for each in plan.ladder.games].index(game)]]))
        likely = max(first.actions, key=lambda action: action.probability)
        who = re.sub("^The ", "the ", called.who(first.player)) + (f" ({plain(first.mood)})" if first.mood else "")
        where = called.title(_label(called, rung))
        yield (
            f"{where}: {called.words(game.partition('@')[0])} comes up {tempo.text} times a year. The first choice lies with {who}: “{plain(likely.name)}” "
            f"in {percent(likely.probability)} of meetings."
        )
