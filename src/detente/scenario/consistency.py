"""Whether the parts of a scenario fit together: small named checks, each with a remedy.

Names are resolved, formulas are checked for unknown names and for units, moods and trees for their players. Everything is reported at once,
at its place in the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from detente.document import Document, Formula, canonical_unit, check_unit, nearest
from detente.errors import InvalidInput, Problem
from detente.ladder import is_end
from detente.record import Record
from detente.scenario.build import HERE, REST, indicators
from detente.scenario.schema import Scenario

Path = tuple[str | int, ...]
PER_YEAR, PRIZE, FLOW, PRECISION, PURE = "1/year", "prize", "prize/year", "1/prize", "1"


def namespace(scenario: Scenario) -> dict[str, str]:
    """Every name that a formula may use, with its unit."""
    names = {name: item.unit for name, item in scenario.quantities.items()}
    names |= {name: item.unit for name, item in scenario.drivers.items()}
    names |= {name: PURE for name in scenario.switches}
    return names | {name: PURE for name in indicators(scenario)}


def formulas(scenario: Scenario) -> Iterator[tuple[Path, Formula, str]]:
    """Every formula with its path in the file and the unit that it must come out in; trees are walked apart."""
    for name, actor in scenario.actors.items():
        yield ("actors", name, "discount"), actor.discount, PER_YEAR
        yield ("actors", name, "precision"), actor.precision, PRECISION
    for name, driver in scenario.drivers.items():
        if driver.formula is not None:
            yield ("drivers", name, "formula"), driver.formula, driver.unit
    for name, item in scenario.contingencies.items():
        yield ("contingencies", name, "chance"), item.chance, PURE
        yield ("contingencies", name, "value"), item.value, scenario.drivers[item.driver].unit if item.driver in scenario.drivers else PURE
    for name, share in scenario.start.items():
        yield ("start", name), share, PURE
    for name, regime in scenario.regimes.items():
        for state, share in regime.start.items():
            yield ("regimes", name, "start", state), share, PURE
        for key, change in regime.moves.items():
            yield ("regimes", name, "moves", key, "rate"), change.rate, PER_YEAR
    for name, move in scenario.moves.items():
        yield ("moves", name, "rate"), move.rate, PER_YEAR
        for actor_name, amount in move.payoff.items():
            yield ("moves", name, "payoff", actor_name), amount, PRIZE
    for name, game in scenario.games.items():
        yield ("games", name, "tempo"), game.tempo, PER_YEAR
        for player, moods in game.moods.items():
            for mood, chance in moods.items():
                if isinstance(chance, Formula):
                    yield ("games", name, "moods", player, mood), chance, PURE
        for action, weight in game.weights.items():
            yield ("games", name, "weights", action), weight, PURE
    for rung, stakes in scenario.stakes.items():
        for actor_name, stake in stakes.items():
            if stake.capital is not None:
                yield ("stakes", rung, actor_name, "capital"), stake.capital, PRIZE
            if stake.flow is not None:
                yield ("stakes", rung, actor_name, "flow"), stake.flow, FLOW


def check(scenario: Scenario, document: Document, record: Record | None) -> list[Problem]:
    """Every inconsistency of a scenario whose single items are well formed."""
    checker = _Checker(scenario, document, record)
    return [*checker.shared_names(), *checker.references(), *checker.rung_names(), *checker.trees(), *checker.all_formulas(), *checker.driver_circles()]


class _Checker:
    def __init__(self, scenario: Scenario, document: Document, record: Record | None) -> None:
        self.scenario, self.document, self.record = scenario, document, record
        self.names = namespace(scenario)
        self.problems: list[Problem] = []

    def problem(self, path: Path, what: str, why: str, remedy: str, *, key: bool = False) -> Problem:
        return Problem(self.document.where(path, key=key), what, why, remedy)

    def unknown(self, path: Path, name: str, what: str, known: Any, *, key: bool = False) -> Problem:
        close = nearest(name, known)
        remedy = f"did you mean {close!r}?" if close else f"use one of {', '.join(sorted(known))}" if len(known) <= 16 else f"declare {name!r}"
        return self.problem(path, f"{name!r} is no {what}", "", remedy, key=key)

    def shared_names(self) -> Iterator[Problem]:
        scenario = self.scenario
        sections: dict[str, Mapping[str, object]] = {"quantities": scenario.quantities, "drivers": scenario.drivers, "switches": scenario.switches}
        first: dict[str, str] = {}
        for section, items in sections.items():
            for name in items:
                if name in first:
                    yield self.problem((section, name), f"{name!r} is declared under {first[name]} too", "a formula could mean either", "rename one", key=True)
                first.setdefault(name, section)
                if not name.isidentifier():
                    yield self.problem((section, name), f"{name!r} cannot stand in a formula", "names are letters, digits and _", "rename it", key=True)

    def references(self) -> Iterator[Problem]:
        scenario = self.scenario
        sources = self.record.sources if self.record is not None else {}
        graded: list[tuple[str, Mapping[str, Any]]] = [("quantities", scenario.quantities), ("contingencies", scenario.contingencies)]
        for section, items in graded:
            for name, item in items.items():
                for source in item.source:
                    if source not in sources:
                        yield self.unknown((section, name, "source"), source, "source of the record", sources)
        for name, quantity in scenario.quantities.items():
            if quantity.evidence != "judgement" and not quantity.source:
                yield self.problem(
                    ("quantities", name), f"quantity {name!r} is graded {quantity.evidence} without a source", "only judgement may stand alone",
                    "name a source of the record, or grade it judgement", key=True,
                )  # fmt: skip
            try:
                canonical_unit(quantity.unit)
            except ValueError as error:
                yield self.problem(("quantities", name, "unit"), str(error), "", "write a unit such as 1/year, prize, troops or 1")
        for name, item in scenario.contingencies.items():
            if item.driver not in scenario.drivers:
                yield self.unknown(("contingencies", name, "driver"), item.driver, "driver", scenario.drivers)
            if item.until is not None and item.until.day < item.from_.day:
                yield self.problem(("contingencies", name, "until"), "it ends before it starts", "", "swap the dates")
        for section, mechanisms in (("moves", scenario.moves), ("games", scenario.games)):
            for name, mechanism in mechanisms.items():
                when = mechanism.when
                if when is not None and when.removeprefix("not ").strip() not in scenario.switches:
                    yield self.unknown((section, name, "when"), when.removeprefix("not ").strip(), "switch", scenario.switches)

    def rung_names(self) -> Iterator[Problem]:
        scenario = self.scenario
        rungs, groups, actors = scenario.rungs, scenario.groups, scenario.actors
        seen: dict[str, str] = {}
        for group, members in groups.items():
            if group in rungs:
                yield self.problem(("groups", group), f"{group!r} names a rung and a group", "results are reported by name", "rename the group", key=True)
            for index, rung in enumerate(members):
                if rung not in rungs:
                    yield self.unknown(("groups", group, index), rung, "rung", rungs)
                if rung in seen:
                    yield self.problem(("groups", group, index), f"{rung!r} is in group {seen[rung]!r} too", "a rung has one level", "drop one")
                seen[rung] = group
        for name, item in rungs.items():
            if item.episode is not None and item.episode not in scenario.games:
                yield self.unknown(("rungs", name, "episode"), item.episode, "game", scenario.games)
        places = {*rungs, *groups}
        for name, move in scenario.moves.items():
            for source in move.from_:
                if source not in places:
                    yield self.unknown(("moves", name, "from"), source, "rung or group", places)
            if move.to not in rungs:
                yield self.unknown(("moves", name, "to"), move.to, "rung", rungs)
            for actor in move.payoff:
                if actor not in actors:
                    yield self.unknown(("moves", name, "payoff", actor), actor, "actor", actors, key=True)
        for name, game in scenario.games.items():
            for place in game.at:
                if place not in places:
                    yield self.unknown(("games", name, "at"), place, "rung or group", places)
            for player in game.moods:
                if player not in actors:
                    yield self.unknown(("games", name, "moods", player), player, "actor", actors, key=True)
        for rung in scenario.start:
            if rung not in rungs:
                yield self.unknown(("start", rung), rung, "rung", rungs, key=True)
        for rung, stakes in scenario.stakes.items():
            if rung not in rungs:
                yield self.unknown(("stakes", rung), rung, "rung", rungs, key=True)
            for actor in stakes:
                if actor not in actors:
                    yield self.unknown(("stakes", rung, actor), actor, "actor", actors, key=True)
        for index, pair in enumerate(scenario.pairs):
            for name in pair.split("|") if pair.count("|") == 1 else (pair,):
                if name not in places:
                    yield self.problem(("pairs", index), f"{pair!r} is no pair of rungs or groups", "", "write `b|a`: b if a")
        for name, regime in scenario.regimes.items():
            for key, change in regime.moves.items():
                for word, state in (("from", change.from_), ("to", change.to)):
                    if state not in regime.states:
                        yield self.unknown(("regimes", name, "moves", key, word), state, f"state of {name}", regime.states)
            for state in regime.start:
                if state not in regime.states:
                    yield self.unknown(("regimes", name, "start", state), state, f"state of {name}", regime.states, key=True)

    def trees(self) -> Iterator[Problem]:
        for name, game in self.scenario.games.items():
            actions: set[str] = set()
            yield from self.node(("games", name, "tree"), game.tree, name, actions)
            for action in game.weights:
                if action not in actions:
                    yield self.unknown(("games", name, "weights", action), action, "action of this game", actions, key=True)

    def node(self, path: Path, tree: Any, game: str, actions: set[str]) -> Iterator[Problem]:
        tree = {} if tree is None else tree
        if not isinstance(tree, Mapping):
            yield self.problem(path, "a node of the tree is not a mapping", "", "write `player: {action: ...}` or an end `{to: rung, payoff: {...}}`")
        elif is_end(tree):
            yield from self.end(path, tree, game)
        elif len(tree) != 1:
            yield self.problem(
                path, f"a node has the keys {', '.join(map(str, tree))}", "a node is one player's move, or an end with to, payoff, origin, trigger",
                "nest the second player below an action of the first",
            )  # fmt: skip
        else:
            ((player, branches),) = tree.items()
            if player not in self.scenario.actors:
                yield self.unknown((*path, player), str(player), "actor (or key of an end)", {*self.scenario.actors, "to", "payoff"}, key=True)
            elif not isinstance(branches, Mapping) or len(branches) < 2:
                yield self.problem((*path, player), f"{player} has fewer than two actions here", "a choice needs two", "add an action or drop the node")
            else:
                for action, after in branches.items():
                    actions.add(str(action))
                    yield from self.node((*path, player, action), after, game, actions)

    def end(self, path: Path, end: Mapping[str, Any], game: str) -> Iterator[Problem]:
        target = end.get("to", HERE)
        if target != HERE and target not in self.scenario.rungs:
            yield self.unknown((*path, "to"), str(target), "rung", {*self.scenario.rungs, HERE})
        payoff = end.get("payoff", {})
        if not isinstance(payoff, Mapping):
            yield self.problem((*path, "payoff"), "payoff is not a mapping", "", "write {actor: amount}")
            return
        for actor, amount in payoff.items():
            place = (*path, "payoff", actor)
            moods = self.scenario.games[game].moods.get(actor, {})
            if actor not in self.scenario.actors:
                yield self.unknown(place, str(actor), "actor", self.scenario.actors, key=True)
            elif isinstance(amount, Mapping):
                if set(amount) != set(moods):
                    what = f"the amounts by mood are for {', '.join(map(str, amount))}"
                    why = f"the moods of {actor} in this game are {', '.join(moods) or 'not declared'}"
                    yield self.problem(place, what, why, "give one amount for each mood")
                for mood, text in amount.items():
                    yield from self.amount((*place, mood), text)
            else:
                yield from self.amount(place, amount)

    def amount(self, path: Path, text: Any) -> Iterator[Problem]:
        try:
            formula = Formula.parse(str(text), self.document.where(path))
        except InvalidInput as error:
            yield from error.problems
        else:
            yield from self.formula(path, formula, PRIZE)

    def all_formulas(self) -> Iterator[Problem]:
        for path, formula, unit in formulas(self.scenario):
            yield from self.formula(path, formula, unit)
        for name, game in self.scenario.games.items():
            for player, moods in game.moods.items():
                if sum(1 for chance in moods.values() if chance == REST) > 1:
                    yield self.problem(("games", name, "moods", player), "two moods take the rest", "only one can", "state the chance of all moods but one")

    def formula(self, path: Path, formula: Formula, unit: str) -> Iterator[Problem]:
        missing = sorted(formula.names - self.names.keys())
        for name in missing:
            close = nearest(name, self.names)
            yield self.problem(
                path, f"{name!r} in `{formula.text[:60]}` is no quantity, driver or switch", "", f"did you mean {close!r}?" if close else f"declare {name!r}"
            )
        # A constant takes the unit that is expected of it.
        if not missing and formula.constant is None:
            yield from check_unit(formula, unit, self.names, self.document.where(path))
        if formula.constant is not None and unit == PER_YEAR and formula.constant < 0:
            yield self.problem(path, f"the rate is {formula.constant:g}", "a rate cannot be negative", "give 0 or more")
        if formula.constant is not None and unit == PURE and path[0] in ("contingencies", "start", "games") and "weights" not in path:
            if path[-1] != "value" and not 0 <= formula.constant <= 1:
                yield self.problem(path, f"the probability is {formula.constant:g}", "a probability lies between 0 and 1", "give a share of 1")

    def driver_circles(self) -> Iterator[Problem]:
        try:
            driver_order(self.scenario)
        except RecursionError as error:
            name = str(error)
            yield self.problem(("drivers", name), f"driver {name!r} is computed from itself", "", "break the circle", key=True)


def driver_order(scenario: Scenario) -> tuple[str, ...]:
    """Drivers, each after those it is computed from.

    Raises
    ------
    RecursionError
        With the name of a driver that is computed from itself.
    """
    order: list[str] = []
    open_names: set[str] = set()

    def place(name: str) -> None:
        if name in order:
            return
        if name in open_names:
            raise RecursionError(name)
        open_names.add(name)
        item = scenario.drivers[name]
        needed = set(item.formula.names) if item.formula is not None else set()
        for contingency in scenario.contingencies.values():
            if contingency.driver == name:
                needed |= contingency.chance.names | contingency.value.names
        for other in sorted(needed & scenario.drivers.keys()):
            place(other)
        open_names.discard(name)
        order.append(name)

    for name in scenario.drivers:
        place(name)
    return tuple(order)
