"""Every formula of a scenario: its names, its unit, and the range of those that are mere numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from detente.document import Formula
from detente.errors import Problem
from detente.scenario.checking import FLOW, PER_YEAR, PRECISION, PRIZE, PURE, Checking, Path
from detente.scenario.schema import Scenario


class Stated(NamedTuple):
    """A formula, where it stands, the unit that it must come out in, and the range of a number that stands there."""

    path: Path
    formula: Formula
    unit: str
    sort: str = ""  # a sort of RANGES
    in_background: bool = False


# What a number is called, its least and greatest value, whether the least itself is allowed, and what to say.
RANGES: dict[str, tuple[str, float, float, bool, str, str]] = {
    "rate": ("rate", 0, float("inf"), True, "a rate cannot be negative", "give 0 or more"),
    "chance": ("probability", 0, 1, True, "a probability lies between 0 and 1", "give a share of 1"),
    "discount": ("discount", 0, float("inf"), False, "the future must be discounted", "give a positive rate per year"),
    "precision": ("precision", 0, float("inf"), True, "precision cannot be negative", "give 0 or more"),
    "weight": ("weight", 0, float("inf"), False, "an action weight must be positive", "drop the action instead of giving it weight 0"),
}


def formulas(scenario: Scenario) -> Iterator[Stated]:
    """Every formula outside the trees of games, which are walked apart."""
    for name, actor in scenario.actors.items():
        yield Stated(("actors", name, "discount"), actor.discount, PER_YEAR, "discount")
        yield Stated(("actors", name, "precision"), actor.precision, PRECISION, "precision")
    for name, driver in scenario.drivers.items():
        for key, formula in (("formula", driver.formula), ("otherwise", driver.otherwise)):
            if formula is not None:
                yield Stated(("drivers", name, key), formula, driver.unit)
    yield from of_alliance(scenario)
    for name, item in scenario.contingencies.items():
        yield Stated(("contingencies", name, "chance"), item.chance, PURE, "chance")
        if item.driver in scenario.drivers:
            yield Stated(("contingencies", name, "value"), item.value, scenario.drivers[item.driver].unit)
    for name, share in scenario.start.items():
        yield Stated(("start", name), share, PURE, "chance")
    for name, regime in scenario.regimes.items():
        for state, share in regime.start.items():
            yield Stated(("regimes", name, "start", state), share, PURE, "chance")
        for key, change in regime.moves.items():
            yield Stated(("regimes", name, "moves", key, "rate"), change.rate, PER_YEAR, "rate", True)
    for name, move in scenario.moves.items():
        yield Stated(("moves", name, "rate"), move.rate, PER_YEAR, "rate", True)
        for actor_name, amount in move.payoff.items():
            yield Stated(("moves", name, "payoff", actor_name), amount, PRIZE, "", True)
    for name, game in scenario.games.items():
        yield Stated(("games", name, "tempo"), game.tempo, PER_YEAR, "rate", True)
        for player, moods in game.moods.items():
            for mood, chance in moods.items():
                if isinstance(chance, Formula):
                    yield Stated(("games", name, "moods", player, mood), chance, PURE, "chance", True)
        for action, weight in game.weights.items():
            yield Stated(("games", name, "weights", action), weight, PURE, "weight", True)
    for rung, stakes in scenario.stakes.items():
        for actor_name, stake in stakes.items():
            if stake.capital is not None:
                yield Stated(("stakes", rung, actor_name, "capital"), stake.capital, PRIZE, "", True)
            if stake.flow is not None:
                yield Stated(("stakes", rung, actor_name, "flow"), stake.flow, FLOW, "", True)


def of_alliance(scenario: Scenario) -> Iterator[Stated]:
    """Formulas of the alliance: pure numbers all."""
    item = scenario.alliance
    if item is None:
        return
    for name in ("base", "slope", "exposure", "forward", "doubt", "follow", "loading", "coalition"):
        yield Stated(("alliance", name), getattr(item, name), PURE, "chance" if name in ("loading", "coalition") else "")
    for clock, by_then in item.clocks.items():
        yield Stated(("alliance", "clocks", clock, "enough"), by_then.enough, PURE)
    for level, help_ in item.levels.items():
        if help_.cut is not None:
            yield Stated(("alliance", "levels", level, "cut"), help_.cut, PURE)
    for question, effect in item.polls.questions.items():
        yield Stated(("alliance", "polls", "questions", question), effect, PURE)
    for name in ("wave", "country"):
        yield Stated(("alliance", "polls", name), getattr(item.polls, name), PURE)
    for region, prior in item.regions.items():
        yield Stated(("alliance", "regions", region, "support"), prior.support, PURE)
        yield Stated(("alliance", "regions", region, "spread"), prior.spread, PURE)
    for name, member in scenario.allies.items():
        if member.forward is not None:
            yield Stated(("allies", name, "forward"), member.forward, PURE)


def check_formulas(checking: Checking) -> Iterator[Problem]:
    """Unknown names, units that do not fit, numbers out of range, chances that cannot add up."""
    for stated in formulas(checking.scenario):
        yield from checking.formula(stated.path, stated.formula, stated.unit, in_background=stated.in_background)
        number = stated.formula.constant
        if number is not None and stated.sort:
            name, least, most, closed, why, remedy = RANGES[stated.sort]
            if not least <= number <= most or (number == least and not closed):
                yield checking.problem(stated.path, f"the {name} is {number:g}", why, remedy)
    scenario = checking.scenario
    for name, game in scenario.games.items():
        for player, moods in game.moods.items():
            chances = [chance for chance in moods.values() if isinstance(chance, Formula)]
            yield from _sum(checking, ("games", name, "moods", player), chances, len(chances) < len(moods))
    if scenario.start:
        yield from _sum(checking, ("start",), list(scenario.start.values()), False)
    for name, regime in scenario.regimes.items():
        yield from _sum(checking, ("regimes", name, "start"), list(regime.start.values()), False)


def _sum(checking: Checking, path: Path, chances: list[Formula], has_rest: bool) -> Iterator[Problem]:
    """Chances that are all mere numbers must add up to 1, or to no more where one takes the rest."""
    numbers = [chance.constant for chance in chances if chance.constant is not None]
    if len(numbers) < len(chances) or any(not 0 <= number <= 1 for number in numbers):
        return
    total = sum(numbers)
    if total > 1 + 1e-9 or (total < 1 - 1e-9 and not has_rest):
        what = f"the probabilities sum to {total:.10g}"
        yield checking.problem(path, what, "they must sum to 1", "mend them, or let one be `rest`" if path[0] == "games" else "mend them", key=True)
