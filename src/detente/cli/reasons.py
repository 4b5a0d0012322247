"""What `explain` prints of one draw: what was drawn, rates on each rung, choices with expected payoffs, and what follows.

Rates and choices are those of one calendar segment.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from detente.cli.columns import fitted
from detente.cli.page import Line, wrap
from detente.errors import InvalidInput, Problem
from detente.report.wording import LEAST, amount, day, figure, one_in, percent, plain

if TYPE_CHECKING:
    from detente.ensemble import Replay
    from detente.ladder import Choice

UNUSUAL = 12
ROOMY = 60


def segment_on(replay: Replay, on: date | None) -> int:
    """The calendar segment of a day.

    Raises
    ------
    InvalidInput
        If the day lies outside the horizon.
    """
    line = replay.model.timeline
    if on is None:
        return 0
    if not line.starts[0] <= on <= line.end:
        raise InvalidInput(
            Problem("--on", f"{on} lies outside the horizon", f"it runs from {line.starts[0]} to {line.end}", "give a day within")
        )
    return max(index for index, start in enumerate(line.starts) if start <= on)


def reasons(replay: Replay, segment: int, width: int) -> list[Line]:
    """The lines of the page."""
    parts = (
        drawn(replay, width),
        open_questions(replay, width),
        drivers(replay, segment, width),
        rates(replay, segment, width),
        choices(replay, segment, width),
        outlook(replay, width),
    )
    lines = [*heading(replay, segment, width)]
    for part in parts:
        block = list(part)
        lines += [Line(""), *block] if block else []
    return [*lines, Line(""), *certificate(replay, segment, width)]


def heading(replay: Replay, segment: int, width: int) -> Iterator[Line]:
    """Which draw of what, and which stretch of the calendar."""
    model = replay.model
    under = f" under the policy {model.policy}" if model.policy is not None else f" read by {model.structure}" if model.structure is not None else ""
    yield from wrap(f"Draw {replay.draw} of {model.name}{under} as seen on {day(model.as_of)}, seed {replay.seed}", width, "title")
    starts = model.timeline.starts
    if len(starts) > 1:
        last = starts[segment + 1] if segment + 1 < len(starts) else model.timeline.end
        others = ", ".join(str(start) for index, start in enumerate(starts) if index != segment)
        yield from wrap(
            f"Rates and choices are those from {day(starts[segment])} to {day(last)}; other stretches begin on {others} (--on DATE).", width
        )


def drawn(replay: Replay, width: int) -> Iterator[Line]:
    """The quantities that lie farthest from their medians, with the share of their distribution below them."""
    quantities, places = replay.model.scenario.quantities, replay.places
    ordered = sorted(quantities, key=lambda name: -abs(places[name] - 0.5))
    rows = [("drawn, farthest from the median first", "value", "unit", "higher than")]
    for name in ordered[:UNUSUAL]:
        item = quantities[name]
        rows.append((item.title, amount(replay.quantities[name], 3), unit(item.unit), f"{figure(places[name])} % of draws"))
    if quantities:
        yield from table(rows, "<><>", width)
    if len(ordered) > UNUSUAL:
        yield Line(f"and {len(ordered) - UNUSUAL} nearer to their medians", "note")


def open_questions(replay: Replay, width: int) -> Iterator[Line]:
    """Contingencies: whether each happens in this draw, with its chance under the policy if there is one; anew where the chance changes in its window."""
    from detente.scenario.evaluate import named_values

    model = replay.model
    quantities, chances = ({name: np.array([value]) for name, value in each.items()} for each in (replay.quantities, replay.chances))
    known, starts = named_values(model, quantities, chances), model.timeline.starts
    for name, item in model.scenario.contingencies.items():
        each = np.broadcast_to(item.chance.evaluate(known), (1, len(starts)))[0]
        inside = [k for k, start in enumerate(starts) if item.from_.day <= start and (item.until is None or start <= item.until.day)]
        told = [k for k in inside if k == inside[0] or each[k] != each[k - 1]]
        for k in told:
            happens = "it happens" if replay.chances[name] < each[k] else "it does not happen"
            since = f" from {day(starts[k])} on" if len(told) > 1 else ""
            yield from wrap(f"{item.title}{since}: {happens} (chance {percent(each[k])})", width)


def drivers(replay: Replay, segment: int, width: int) -> Iterator[Line]:
    """Every driver on the segment."""
    rows = [("drivers", "value", "unit")]
    for name, values in replay.drivers.items():
        rows.append((replay.model.scenario.drivers[name].title, amount(values[segment], 4), unit(replay.model.scenario.drivers[name].unit)))
    if len(rows) > 1:
        yield from table(rows, "<><", width)


def rates(replay: Replay, segment: int, width: int) -> Iterator[Line]:
    """Ways out of every rung, likeliest first, and what brings each about."""
    plan, values = replay.equilibrium.plan, replay.values[0, segment]
    ladder, layout = plan.ladder, plan.layout
    generator = replay.equilibrium.generator()[0, segment]
    worth = replay.equilibrium.value[0, segment]
    titles = {rung.name: plain(rung.name) for rung in ladder.rungs}
    rows: list[tuple[str, ...]] = [("rungs and ways out", "a year", "share", "by")]
    for source, rung in enumerate(ladder.rungs):
        told = ", ".join(f"{actor} {signed(worth[source, index])}" for index, actor in enumerate(ladder.actors))
        rows.append((titles[rung.name], f"worth {told}"))
        causes: list[tuple[float, str, str]] = []
        chosen = generator[source].copy()
        for index, move in enumerate(ladder.moves):
            rate = float(values[layout.move_rate[index]])
            if layout.move_source[index] == source and rate > 0.0:
                causes.append((rate, move.target, f"chance: {plain(move.name)}"))
                chosen[layout.move_target[index]] -= rate
        games = " and ".join(f"{plain(game.name)}" for game in ladder.games if game.at == rung.name)
        causes += [
            (float(rate), ladder.rungs[target].name, f"choice: {games}")
            for target, rate in enumerate(chosen)
            if target != source and rate > 1e-12 * max(float(generator[source].sum()), 1e-300)
        ]
        total = sum(rate for rate, _, _ in causes)
        for rate, target, cause in sorted(causes, key=lambda item: -item[0]):
            rows.append((f"  → {titles[target]}", amount(rate, 3), f"{figure(rate / total)} %", cause))
    yield from table(rows, "<>><", width)


def choices(replay: Replay, segment: int, width: int) -> Iterator[Line]:
    """Every choice: how often each action is taken and what the actor expects from it."""
    from detente.ladder import choices

    plan = replay.equilibrium.plan
    # Held together where there is room: an action with its numbers, else the numbers.
    held = "\u00a0" if width >= ROOMY else " "
    tempo = dict(zip((game.name for game in plan.ladder.games), replay.values[0, segment, plan.layout.game_tempo], strict=True))
    rows: list[tuple[str, ...]] = [("choices", "reached", "takes (and expects from then on, in its own prizes)")]
    for game, points in groupby(choices(replay.equilibrium, 0, segment), key=lambda choice: choice.game):
        for path, here in groupby(points, key=lambda choice: choice.path):
            alike = list(here)
            if not path:
                rows.append((f"{plain(game.partition('@')[0])} on {plain(alike[0].rung)}, {amount(tempo[game], 3)} meetings a year{known(alike[0])}",))
            else:
                rows.append((f"  after {', '.join(map(plain, path))}{known(alike[0])}",))
            for choice in alike:
                who = plain(choice.player) + (f", {plain(choice.mood)}" if choice.mood else "")
                taken = sorted(choice.actions, key=lambda action: -action.probability)
                numbers = [f"{percent(action.probability)} ({signed(action.expected)})".replace(" ", "\u00a0") for action in taken]
                told = [f"{plain(action.name)} ".replace(" ", held) + number for action, number in zip(taken, numbers, strict=True)]
                rows.append((f"    {who}", percent(choice.reached), "  ".join(told)))
    if len(rows) > 1:
        yield from table(rows, "<><", width)


def known(choice: Choice) -> str:
    """What the mover thinks of the moods of the others: all but the last of each."""
    told = [
        f"{plain(player)} is {plain(mood)} with {percent(share)}" for player, moods in choice.beliefs.items() for mood, share in list(moods.items())[:-1]
    ]
    return f"; {', '.join(told)}" if told else ""


def outlook(replay: Replay, width: int) -> Iterator[Line]:
    """What follows in this draw."""
    prospects, names = replay.prospects, replay.prospects.names
    shown = [*reversed(names.levels[1:]), *(label for label in names.labels if names.level(label) is None)]
    rows = [(f"within {replay.model.horizon_years:g} years in this draw", "reached", "%", "best replies %")]
    for name in shown:
        index = names.all.index(name)
        reach, best = float(prospects.reach[0, index, -1]), float(prospects.best_reach[0, index])
        rows.append((plain(name), one_in(reach) if not 0.0 < reach < LEAST else "<1 in 100,000", figure(reach), figure(best)))
    yield from table(rows, "<<>>", width)


def certificate(replay: Replay, segment: int, width: int) -> list[Line]:
    """How the equilibrium of this draw was found, and how exact it is."""
    from detente.ladder import Status

    found = replay.equilibrium
    status = Status(int(found.status[0, segment])).message
    told = f"Equilibrium: {status}; residual {found.residual[0, segment]:.1e}, largest regret {100 * found.regret[0, segment]:.2g} % of a payoff range."
    return wrap(told, width)


def signed(amount: float) -> str:
    """An amount in prizes with its sign."""
    return f"{amount:+.2f}".replace("-", "−")


def unit(text: str) -> str:
    """A unit as it is printed: nothing for pure numbers."""
    return "" if text == "1" else text


def table(rows: Sequence[tuple[str, ...]], align: str, width: int) -> Iterator[Line]:
    """A table whose first row is its head."""
    head, *others = fitted(rows, align, width)
    yield from (Line(line, "head") for line in head)
    yield from (Line(line, "row") for lines in others for line in lines)
