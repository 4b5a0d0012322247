"""Whether what figures and history measure is in the scenario: rungs, pairs, formulas and their units."""

from __future__ import annotations

from collections.abc import Iterator

from detente.document import canonical_unit
from detente.errors import Problem
from detente.scenario.build import switch_of
from detente.scenario.checking import PER_YEAR, PURE, Checking, Path, is_unit
from detente.scenario.evidence import Figure, HistoryItem, Measured
from detente.scenario.ledger import LEDGER


def check_measures(c: Checking) -> Iterator[Problem]:
    """Names that are not declared, units that do not fit, and figures that nobody could look up."""
    items: list[tuple[str, str, Measured]] = [("history", name, item) for name, item in c.scenario.history.items()]
    items += [("figures", name, figure) for name, figure in c.scenario.figures.items()]
    for section, name, item in items:
        path: Path = (section, name)
        yield from _names(c, path, item)
        yield from _unit(c, path, item)
        if c.record is not None and not item.source:
            yield c.problem(path, f"{name!r} has no source", "only judgement may stand alone", "name a source of the record", key=True)
        if isinstance(item, HistoryItem):
            yield from _history(c, path, item)
        elif isinstance(item, Figure) and item.role in LEDGER and item.cases is None:
            why = "a case has one role, so it must be told which these are"
            yield c.problem(path, f"the cases of figure {name!r} are not told", why, f"add `cases`; a figure that is no `{item.role}` needs none", key=True)


def _history(c: Checking, path: Path, item: HistoryItem) -> Iterator[Problem]:
    """Weight, switches, and what must not have happened for somebody to be left to ask."""
    switches: list[tuple[Path, str | None]] = [(("when",), item.when)]
    switches += [(("survivorship", "when"), item.survivorship.when)] if item.survivorship is not None else []
    for place, when in switches:
        if when is not None and switch_of(when) not in c.scenario.switches:
            yield c.unknown((*path, *place), switch_of(when), "switch", c.scenario.switches)
    if item.weight is not None:
        yield from c.formula((*path, "weight"), item.weight, PURE, in_background=False)
        if item.weight.constant is not None and not 0 <= item.weight.constant <= 1:
            what = f"the weight is {item.weight.constant:g}"
            yield c.problem((*path, "weight"), what, "0 says nothing, 1 counts in full", "give a number from 0 to 1")
    if item.survivorship is None:
        return
    lost, at_lost = item.survivorship.lost, (*path, "survivorship", "lost")
    places = {*c.scenario.rungs, *c.scenario.groups}
    if lost not in places:
        yield c.unknown(at_lost, lost, "rung or group", places)
    elif item.formula is not None:
        yield c.problem(at_lost, "a formula does not tell what happens after", "", "measure `episodes` or `onward`, or drop `survivorship`")
    else:
        counted = item.episodes or str(item.onward).split("|")[0]
        levels = _levels(c)
        if counted in levels and (lost not in levels or levels[lost] < levels[counted]):
            why = "what is counted must be possible without it"
            yield c.problem(at_lost, f"{lost!r} does not stand above {counted!r}", why, "name the rung from which nobody is left to ask")


def _levels(c: Checking) -> dict[str, int]:
    """How high each rung and group stands; those aside have no place."""
    group = {rung: name for name, members in c.scenario.groups.items() for rung in members}
    levels: dict[str, int] = {}
    for name, item in c.scenario.rungs.items():
        if not item.aside:
            levels[name] = levels.setdefault(group.get(name, name), len(levels))
    return levels


def _names(c: Checking, path: Path, item: Measured) -> Iterator[Problem]:
    scenario = c.scenario
    places = {*scenario.rungs, *scenario.groups}
    for key in ("episodes", "duration"):
        place = getattr(item, key, None)
        if place is not None and place not in places:
            yield c.unknown((*path, key), place, "rung or group", places)
        elif place is not None and place == next(iter(scenario.rungs)):
            why = "an episode is what happens between leaving it and coming back"
            yield c.problem((*path, key), f"{place!r} is the first rung", why, "name another rung or group")
        elif key == "duration" and place is not None and all(_ends(c, rung) for rung in scenario.groups.get(place, (place,))):
            yield c.problem((*path, key), f"an episode ends where it comes to {place!r}", "it stands aside or is final", "name a rung or group below it")
    if item.onward is not None:
        names = item.onward.split("|")
        for name in names:
            if len(names) == 2 and name not in places:
                yield c.unknown((*path, "onward"), name, "rung or group", places)
        if len(names) != 2:
            yield c.problem((*path, "onward"), f"{item.onward!r} is no pair of rungs or groups", "", "write `b|a`: b if a")


def _ends(c: Checking, rung: str) -> bool:
    """Whether a rung stands aside or is final; one that is not declared is told elsewhere."""
    item = c.scenario.rungs.get(rung)
    return item is not None and (item.aside or item.final)


def _unit(c: Checking, path: Path, item: Measured) -> Iterator[Problem]:
    """The unit of a formula, and of a stated value."""
    unit = item.natural_unit if isinstance(item, Figure) else PURE
    if not is_unit(unit):
        yield from c.unit((*path, "unit"), unit)
    elif item.formula is not None:
        expected = unit if item.count is None else PER_YEAR if item.exposure is not None else PURE
        yield from c.formula((*path, "formula"), item.formula, expected, in_background=False)
    elif isinstance(item, Figure) and canonical_unit(unit)[1] != (told := canonical_unit(item.usual_unit)[1]):
        yield c.problem((*path, "unit"), f"{unit!r} is no unit of `{item.measure}`", f"it comes out in {told}", f"write `unit: {told}`, or leave it out")
