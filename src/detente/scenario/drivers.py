"""Drivers: whether the record has what they read, in a unit that fits, and in which order they are computed."""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from detente.errors import Problem
from detente.record import Record
from detente.scenario.checking import Checking, Path
from detente.scenario.formulas import of_alliance
from detente.scenario.schema import Scenario


def check_drivers(checking: Checking) -> Iterator[Problem]:
    """Units that are none, questions to which the record has no answer, drivers that are computed from themselves."""
    reading = [name for name, driver in checking.scenario.drivers.items() if driver.read is not None]
    for name, driver in checking.scenario.drivers.items():
        yield from checking.unit(("drivers", name, "unit"), driver.unit)
        if name in reading and checking.record is not None:
            yield from _reading(checking, checking.record, name)
    if reading and checking.record is None and not checking.unread:
        what = f"{reading[0]!r} cannot be read: the scenario names no record"
        why = f"nor can {', '.join(reading[1:])} be" if reading[1:] else ""
        yield checking.problem(("drivers", reading[0], "read"), what, why, "add `record: NAME`", key=True)
    try:
        driver_order(checking.scenario)
    except CycleError as error:
        circle = error.args[1][::-1]
        what = f"driver {circle[0]!r} is computed from itself"
        yield checking.problem(("drivers", circle[0]), what, " <- ".join(circle), "break the circle", key=True)


def _reading(checking: Checking, record: Record, name: str) -> Iterator[Problem]:
    driver, path = checking.scenario.drivers[name], ("drivers", name, "read")
    assert driver.read is not None
    if driver.read.take == "status":
        yield checking.problem((*path, "take"), "a driver is a number, and a status is a word", "", "take in_force, which is 1 or 0")
    asked = record.problems(driver.read)
    for problem in asked:
        where: Path = tuple(int(part) if part.isdigit() else part for part in problem.where.split("."))
        yield checking.problem((*path, *where), problem.what, problem.why, problem.remedy)
    for unit in checking.misread(name) if not asked else ():
        what, why = f"the driver is in {driver.unit}, what it reads in {unit}", "one cannot be converted to the other"
        yield checking.problem(("drivers", name, "unit"), what, why, f"write `unit: {unit}`")


def driver_order(scenario: Scenario) -> tuple[str, ...]:
    """Drivers, each after those it is computed from.

    Raises
    ------
    graphlib.CycleError
        If one is computed from itself.
    """
    needed: dict[str, list[str]] = {}
    for name, driver in scenario.drivers.items():
        names = {name for formula in (driver.formula, driver.otherwise) if formula is not None for name in formula.names}
        if driver.response is not None:
            names |= {name for stated in of_alliance(scenario) for name in stated.formula.names}
        for item in scenario.contingencies.values():
            if item.driver == name:
                names |= item.chance.names | item.value.names
        for policy in scenario.policies.values():
            if name in policy.set:
                names |= policy.set[name].names - {name}
        needed[name] = sorted(names & scenario.drivers.keys())
    return tuple(TopologicalSorter(needed).static_order())
