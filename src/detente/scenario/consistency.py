"""Whether the parts of a scenario fit together: small named checks, each with a remedy.

Here names are resolved: of sources, rungs, groups, actors, games, switches and states. Formulas, trees and drivers are checked beside. Everything
is reported at once, at its place in the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from detente.document import Document
from detente.errors import Problem
from detente.record import Record
from detente.scenario.build import REST, switch_of
from detente.scenario.checking import Checking, is_name
from detente.scenario.correlations import check_correlations
from detente.scenario.drivers import check_drivers
from detente.scenario.formulas import check_formulas
from detente.scenario.ledger import check_ledger
from detente.scenario.measures import check_measures
from detente.scenario.policies import check_policies
from detente.scenario.promises import check_alliance
from detente.scenario.schema import Scenario
from detente.scenario.structures import check_structures
from detente.scenario.trees import check_trees

ESTIMATED = {"quantities": "quantity", "correlations": "correlation"}


def check(scenario: Scenario, document: Document, record: Record | None, *, unread: bool = False) -> list[Problem]:
    """Every inconsistency of a scenario whose single items are well formed.

    Parameters
    ----------
    unread : bool
        A record is named that could not be read: what is asked of it is not checked.
    """
    checking = Checking(scenario, document, record, unread)
    declared = (*_structure(), _declared_names, _evidence, _contingencies)
    checks = (*declared, check_alliance, check_correlations, check_formulas, check_policies, check_drivers, check_measures, check_ledger, check_structures)
    return [problem for run in checks for problem in run(checking)]


def stands(scenario: Scenario, document: Document) -> bool:
    """Whether everything is declared of which the ladder is made, so that ways in and out of its rungs can be followed."""
    checking = Checking(scenario, document, None)
    return not any(True for run in _structure() for _ in run(checking))


def _structure() -> tuple[Callable[[Checking], Iterator[Problem]], ...]:
    return _switches, _levels, _moves, _games, _stakes, _regimes, check_trees


def _declared_names(c: Checking) -> Iterator[Problem]:
    """Names in formulas mean one thing and can be written there; names of what is multiplied or paired leave room for the sign that does so."""
    scenario = c.scenario
    sections: dict[str, Mapping[str, object]] = {"quantities": scenario.quantities, "drivers": scenario.drivers, "switches": scenario.switches}
    first: dict[str, str] = {}
    for section, items in sections.items():
        for name in items:
            if name in first:
                yield c.problem((section, name), f"{name!r} is declared under {first[name]} too", "a formula could mean either", "rename one", key=True)
            elif name in c.background:
                yield c.problem((section, name), f"{name!r} is a state of the background too", "a formula could mean either", "rename one", key=True)
            first.setdefault(name, section)
            if not is_name(name):
                why = "it means something else there" if name.isidentifier() else "names are letters, digits and _"
                yield c.problem((section, name), f"{name!r} cannot stand in a formula", why, "rename it", key=True)
    for name, regime in scenario.regimes.items():
        for state in regime.states:
            if not is_name(f"{name}_{state}"):
                what = f"{f'{name}_{state}'!r} cannot stand in a formula"
                yield c.problem(("regimes", name, "states", state), what, "names are letters, digits and _", "rename it", key=True)
    labelled: dict[str, Mapping[str, object]] = {"rungs": scenario.rungs, "groups": scenario.groups, "moves": scenario.moves, "games": scenario.games}
    for section, items in labelled.items():
        for name in items:
            for sign, use in (("@", "marks one of several"), ("|", "stands for `given` in a pair")):
                if sign in name:
                    yield c.problem((section, name), f"{name!r} has the sign {sign}", f"it {use}", "rename it", key=True)


def _evidence(c: Checking) -> Iterator[Problem]:
    """Sources exist, and only judgement stands alone."""
    sources = c.record.sources if c.record is not None else {}
    scenario = c.scenario
    graded: list[tuple[str, Mapping[str, Any]]] = [
        ("quantities", scenario.quantities), ("correlations", scenario.correlations), ("contingencies", scenario.contingencies),
        ("policies", scenario.policies), ("history", scenario.history), ("figures", scenario.figures),
    ]  # fmt: skip
    for section, items in graded:
        for name, item in items.items():
            for source in item.source if not c.unread else ():
                if c.record is None:
                    what, remedy = f"{source!r} is a source of no record", "add `record: NAME`, or say it in `why`"
                    yield c.problem((section, name, "source"), what, "the scenario names none", remedy)
                elif source not in sources:
                    yield c.unknown((section, name, "source"), source, "source of the record", sources)
            if section in ESTIMATED and item.evidence != "judgement" and not item.source:
                yield c.problem(
                    (section, name), f"{ESTIMATED[section]} {name!r} is graded {item.evidence} without a source", "only judgement may stand alone",
                    "name a source of the record, or grade it judgement", key=True,
                )  # fmt: skip
    for name, quantity in scenario.quantities.items():
        yield from c.unit(("quantities", name, "unit"), quantity.unit)


def _contingencies(c: Checking) -> Iterator[Problem]:
    for name, item in c.scenario.contingencies.items():
        if item.driver not in c.scenario.drivers:
            yield c.unknown(("contingencies", name, "driver"), item.driver, "driver", c.scenario.drivers)
        if item.until is not None and item.until.day < item.from_.day:
            yield c.problem(("contingencies", name, "until"), "it ends before it starts", "", "swap the dates")


def _switches(c: Checking) -> Iterator[Problem]:
    for section, mechanisms in (("moves", c.scenario.moves), ("games", c.scenario.games)):
        for name, mechanism in mechanisms.items():
            if mechanism.when is not None and switch_of(mechanism.when) not in c.scenario.switches:
                yield c.unknown((section, name, "when"), switch_of(mechanism.when), "switch", c.scenario.switches)


def _levels(c: Checking) -> Iterator[Problem]:
    """Rungs, groups, where the system starts, pairs to report."""
    scenario = c.scenario
    rungs, groups = scenario.rungs, scenario.groups
    seen: dict[str, str] = {}
    for group, members in groups.items():
        if group in rungs:
            yield c.problem(("groups", group), f"{group!r} names a rung and a group", "results are reported by name", "rename the group", key=True)
        if not members:
            yield c.problem(("groups", group), f"group {group!r} is empty", "a level has at least one rung", "name its rungs, or drop it", key=True)
        for index, rung in enumerate(members):
            if rung not in rungs:
                yield c.unknown(("groups", group, index), rung, "rung", rungs)
            if rung in seen:
                yield c.problem(("groups", group, index), f"{rung!r} is in group {seen[rung]!r} too", "a rung has one level", "drop one")
            seen[rung] = group
    for name, item in rungs.items():
        if item.episode is not None and item.episode not in scenario.games:
            yield c.unknown(("rungs", name, "episode"), item.episode, "game", scenario.games)
    for rung in scenario.start:
        if rung not in rungs:
            yield c.unknown(("start", rung), rung, "rung", rungs, key=True)
    for index, pair in enumerate(scenario.pairs):
        if pair.count("|") != 1:
            yield c.problem(("pairs", index), f"{pair!r} is no pair", "two rungs or groups are told apart by |", "write b|a: how often b follows a")
            continue
        for name in pair.split("|"):
            if name not in rungs and name not in groups:
                yield c.unknown(("pairs", index), name, "rung or group", {*rungs, *groups})


def _moves(c: Checking) -> Iterator[Problem]:
    scenario = c.scenario
    for name, move in scenario.moves.items():
        yield from _places(c, ("moves", name, "from"), move.from_)
        if move.to not in scenario.rungs:
            yield c.unknown(("moves", name, "to"), move.to, "rung", scenario.rungs)
        elif move.to in move.from_ and not move.payoff:
            what, why = f"the move leads from {move.to!r} to itself", "nothing would change"
            yield c.problem(("moves", name, "to"), what, why, "name another rung, or a payoff that is paid")
        for actor in move.payoff:
            if actor not in scenario.actors:
                yield c.unknown(("moves", name, "payoff", actor), actor, "actor", scenario.actors, key=True)


def _games(c: Checking) -> Iterator[Problem]:
    for name, game in c.scenario.games.items():
        yield from _places(c, ("games", name, "at"), game.at)
        for player, moods in game.moods.items():
            if player not in c.scenario.actors:
                yield c.unknown(("games", name, "moods", player), player, "actor", c.scenario.actors, key=True)
            if sum(chance == REST for chance in moods.values()) > 1:
                what = "two moods take the rest"
                yield c.problem(("games", name, "moods", player), what, "only one can", "state the chance of all moods but one")


def _places(c: Checking, path: tuple[str, ...], names: tuple[str, ...]) -> Iterator[Problem]:
    """Rungs and groups at which something stands: declared, and no rung named twice, perhaps by way of its group."""
    known = {*c.scenario.rungs, *c.scenario.groups}
    for name in names:
        if name not in known:
            yield c.unknown(path, name, "rung or group", known)
    seen: set[str] = set()
    for name in names:
        for rung in c.scenario.groups.get(name, (name,)):
            if rung in seen:
                yield c.problem(path, f"{rung!r} is named twice here", "it would count double", "name it once, or only its group")
            seen.add(rung)
    if not names:
        yield c.problem(path, "no rung is named here", "", "name one, or drop the item")


def _stakes(c: Checking) -> Iterator[Problem]:
    for rung, stakes in c.scenario.stakes.items():
        if rung not in c.scenario.rungs:
            yield c.unknown(("stakes", rung), rung, "rung", c.scenario.rungs, key=True)
        for actor in stakes:
            if actor not in c.scenario.actors:
                yield c.unknown(("stakes", rung, actor), actor, "actor", c.scenario.actors, key=True)


def _regimes(c: Checking) -> Iterator[Problem]:
    for name, regime in c.scenario.regimes.items():
        if regime.when is not None and switch_of(regime.when) not in c.scenario.switches:
            yield c.unknown(("regimes", name, "when"), switch_of(regime.when), "switch", c.scenario.switches)
        if regime.rests is not None and regime.rests not in regime.states:
            yield c.unknown(("regimes", name, "rests"), regime.rests, f"state of {name}", regime.states)
        if regime.rests is not None and regime.when is None:
            yield c.problem(("regimes", name, "rests"), "it never rests", "it has no switch", "add `when: SWITCH`, or remove it", key=True)
        for key, change in regime.moves.items():
            for word, state in (("from", change.from_), ("to", change.to)):
                if state not in regime.states:
                    yield c.unknown(("regimes", name, "moves", key, word), state, f"state of {name}", regime.states)
        for state in regime.start:
            if state not in regime.states:
                yield c.unknown(("regimes", name, "start", state), state, f"state of {name}", regime.states, key=True)
        entered = {*regime.start, *(change.to for change in regime.moves.values())}
        # A state that is misspelt where it is entered is told there.
        for state in regime.states.keys() - entered if entered <= regime.states.keys() else ():
            what = f"no move leads to the state {state!r}, and {name} does not start in it"
            yield c.problem(("regimes", name, "states", state), what, "it can never be", "add a move to it, or remove it", key=True)
