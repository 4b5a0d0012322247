"""Whether what figures measure is in the scenario: rungs, pairs, formulas and their units."""

from __future__ import annotations

from collections.abc import Iterator

from detente.document import canonical_unit
from detente.errors import Problem
from detente.scenario.checking import PER_YEAR, PURE, Checking, Path, is_unit
from detente.scenario.evidence import Figure, Measured
from detente.scenario.ledger import LEDGER


def check_measures(c: Checking) -> Iterator[Problem]:
    """Names that are not declared, units that do not fit, and figures that nobody could look up."""
    for name, figure in c.scenario.figures.items():
        path: Path = ("figures", name)
        yield from _names(c, path, figure)
        yield from _unit(c, path, figure)
        if c.record is not None and not figure.source:
            yield c.problem(path, f"figure {name!r} has no source", "only judgement may stand alone", "name a source of the record", key=True)
        if figure.role in LEDGER and figure.cases is None:
            why = "a case has one role, so it must be told which these are"
            yield c.problem(path, f"the cases of figure {name!r} are not told", why, f"add `cases`; a figure that is no `{figure.role}` needs none", key=True)


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


def _unit(c: Checking, path: Path, figure: Figure) -> Iterator[Problem]:
    """The unit of a formula, and of a stated value."""
    unit = figure.natural_unit
    expected = (PER_YEAR if figure.exposure is not None else PURE) if figure.count is not None else unit
    if not is_unit(unit):
        yield from c.unit((*path, "unit"), unit)
        return
    if figure.formula is not None:
        yield from c.formula((*path, "formula"), figure.formula, expected, in_background=False)
        return
    told = {"episodes": PER_YEAR, "duration": "year" if figure.longer_than is None else PURE}.get(figure.measure, PURE)
    if canonical_unit(unit)[1] != told:
        yield c.problem((*path, "unit"), f"{unit!r} is no unit of `{figure.measure}`", f"it comes out in {told}", f"write `unit: {told}`, or leave it out")
