"""Load a scenario and compile it: text to a checked `Model` whose numbers can be evaluated for many draws."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from detente.document import Document, canonical_unit, digest, validate
from detente.errors import InvalidInput, Problem
from detente.ladder import Plan, lay_out
from detente.record import Record
from detente.scenario.alliance import Portfolio, facts_for, is_asked, portfolio, streams
from detente.scenario.build import build
from detente.scenario.checking import namespace, no_such
from detente.scenario.consistency import check, stands
from detente.scenario.correlations import Group, groups
from detente.scenario.drivers import driver_order
from detente.scenario.files import locate, read_merged, read_record
from detente.scenario.forms import read_files
from detente.scenario.inputs import Contingency, Policy
from detente.scenario.partial import further_problems
from detente.scenario.policies import in_file, laid_over, lay_over
from detente.scenario.schema import LONGEST, Scenario, Structure
from detente.scenario.structures import AS_WRITTEN, disposition_stream
from detente.scenario.timeline import Timeline, timeline


@dataclass(frozen=True)
class Model:
    """A compiled scenario.

    Attributes
    ----------
    name : str
        Shipped name, or the file's stem.
    scenario : Scenario
    document : Document
        With the place of every item in its file.
    record : Record or None
    as_of, horizon_years, switches
        As asked for; `edits` lists how they differ from the file.
    plan : Plan
        The ladder as arrays; its numbers are terms over quantities, drivers and switches.
    timeline : Timeline
    factors : mapping
        `{name: factor from its unit to base units}`.
    """

    name: str
    scenario: Scenario
    document: Document
    record: Record | None
    as_of: date
    horizon_years: float
    switches: Mapping[str, bool]
    edits: tuple[str, ...]
    plan: Plan
    timeline: Timeline
    factors: Mapping[str, float]
    driver_order: tuple[str, ...]
    policy: str | None = None
    structure: str | None = None

    @property
    def applied(self) -> Policy | None:
        """The policy that is in force."""
        return self.scenario.policies[self.policy] if self.policy is not None else None

    @cached_property
    def baseline(self) -> Model:
        """The same without the policy, on the same calendar."""
        return replace(self, policy=None, edits=self.edits[: len(self.edits) - len(self.applied.set)]) if self.applied is not None else self

    @property
    def reading(self) -> Structure:
        """How it is read: one of its structures, or as it is written."""
        return self.scenario.structures[self.structure] if self.structure is not None else AS_WRITTEN

    @property
    def chance_names(self) -> tuple[str, ...]:
        """Uniform numbers that a draw has beside its quantities: one for each contingency, each disposition, then those of the alliance."""
        return (*self.scenario.contingencies, *map(disposition_stream, self.reading.disposition), *self._streams)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the scenario as merged, the options that change it, and every fact and source it read."""
        facts = self.record.digest_of(sorted(self.facts)) if self.record is not None else ""
        asked = {"as_of": self.as_of.isoformat(), "horizon": self.horizon_years, "switches": dict(self.switches)}
        asked |= {"policy": self.policy} if self.policy is not None else {}
        asked |= {"structure": self.structure} if self.structure is not None else {}
        return digest({"scenario": self.document.data, "facts": facts, "asked": asked})

    @cached_property
    def correlated(self) -> tuple[Group, ...]:
        """Quantities that correlate, group by group."""
        return groups(self.scenario.correlations)

    @cached_property
    def portfolio(self) -> Portfolio | None:
        """The alliance on the first day of the calendar; None where there is none, it is switched off, or the attacked do not belong to it."""
        asked = is_asked(self.scenario, self.switches) and self.record is not None
        return portfolio(self.scenario, self.record, self.timeline.starts[0], self.as_of) if asked else None

    @cached_property
    def facts(self) -> frozenset[str]:
        """Names of the facts that were read."""
        asked = is_asked(self.scenario, self.switches) and self.record is not None
        return self.timeline.facts | (facts_for(self.scenario, self.record, self.as_of) if asked else frozenset())

    @cached_property
    def _streams(self) -> tuple[str, ...]:
        asked = is_asked(self.scenario, self.switches) and self.record is not None
        return streams(self.scenario, self.record, self.as_of) if asked else ()

    @property
    def hindsight(self) -> tuple[str, ...]:
        """Quantities that rest on what was known only after the as-of date."""
        return tuple(name for name, item in self.scenario.quantities.items() if item.known.day > self.as_of)

    @property
    def passed(self) -> dict[str, Contingency]:
        """Contingencies that are drawn though their first day lies before the as-of date, on which it may be known whether they happened."""
        return {name: item for name, item in self.scenario.contingencies.items() if item.is_drawn_late(self.as_of)}


def load(
    scenario: str | Path,
    *,
    as_of: date | None = None,
    horizon_years: float | None = None,
    switches: Mapping[str, bool] | None = None,
    policy: str | None = None,
    structure: str | None = None,
    policy_files: Iterable[Path] = (),
) -> Model:
    """Load, check and compile a scenario.

    Parameters
    ----------
    scenario : str or Path
        A shipped name such as `baltic-2021`, or the path of a .yaml file.
    as_of : date, optional
        Use only what was known on that day; the scenario's own date where not given.
    horizon_years : float, optional
    switches : mapping, optional
        `{switch: on}`.
    policy : str, optional
        Name of a policy of the scenario, or a file of policies (`FILE.yaml`, or `FILE.yaml:NAME` where it holds several).
    structure : str, optional
        Name of one of the scenario's structures.
    policy_files : iterable of Path, optional
        Files of policies that the scenario is to have beside its own, without one of them being in force.

    Raises
    ------
    InvalidInput
        With every problem of the file, each with its line and column.
    """
    path = locate(str(scenario))
    document, unread = read_files(read_merged(path))
    for each in policy_files:
        document = lay_over(path, document, each, lambda: load(path).digest)
    if policy is not None and (file := in_file(policy)) is not None:
        document, policy = laid_over(path, document, file, lambda: load(path).digest)
    try:
        model = validate(Scenario, document)
    except InvalidInput as error:
        told = {problem.where for problem in error.problems}
        further = (problem for problem in further_problems(document) if problem.where not in told)
        raise InvalidInput(_in_order([*error.problems, *further, *unread])) from None
    record, problems = None, list[Problem]()
    try:
        record = read_record(document)
    except InvalidInput as error:
        problems += error.problems
    problems += check(model, document, record, unread=bool(problems))
    asked = dict(switches or {})
    wrong = [no_such("--switch", name, "switch", path.stem, model.switches, "leave it out: it has none") for name in asked if name not in model.switches]
    if problems and not wrong and not unread and stands(model, document):
        problems += _laid_out(model, document, _positions(model, asked))[1]
    if problems or wrong or unread:
        raise InvalidInput(_in_order([*problems, *wrong, *unread]))
    return compile_model(path.stem, model, document, record, as_of=as_of, horizon_years=horizon_years, switches=asked, policy=policy, structure=structure)


def compile_model(
    name: str,
    scenario: Scenario,
    document: Document,
    record: Record | None,
    *,
    as_of: date | None = None,
    horizon_years: float | None = None,
    switches: Mapping[str, bool] | None = None,
    line: Timeline | None = None,
    plan: Plan | None = None,
    policy: str | None = None,
    structure: str | None = None,
) -> Model:
    """Compile a scenario that has passed its checks; `line` is its timeline where that was read before, `plan` its ladder with these switches where that was
    laid out before.

    Raises
    ------
    InvalidInput
        If a rung cannot be reached or left, a driver has no value on the as-of date, or the horizon is out of range.
    """
    day = as_of or scenario.as_of.day
    horizon = scenario.horizon if horizon_years is None else horizon_years
    if not 0 < horizon <= LONGEST:
        what = f"{horizon:g} is no number of years to look ahead"
        raise InvalidInput(Problem("--horizon", what, f"it must be above 0 and at most {LONGEST}", "give a number in the range"))
    reading = AS_WRITTEN
    if structure is not None:
        if structure not in scenario.structures:
            raise InvalidInput(no_such("--structure", structure, "structure", name, scenario.structures, "it has none; add `structures:` to the file"))
        reading = scenario.structures[structure]
    positions = _positions(scenario, {**reading.switches, **(switches or {})})
    edits = [f"structure {structure}"] if structure is not None else []
    edits += [f"as of {day} instead of {scenario.as_of.day}"] if day != scenario.as_of.day else []
    edits += [f"horizon {horizon:g} instead of {scenario.horizon:g} years"] if horizon != scenario.horizon else []
    edits += [f"{key} {'on' if on else 'off'}" for key, on in positions.items() if on != scenario.switches[key].default]
    problems: list[Problem] = []
    if plan is None:
        plan, problems = _laid_out(scenario, document, positions)
    if policy is not None and policy not in scenario.policies:
        raise InvalidInput(no_such("--policy", policy, "policy", name, scenario.policies, "it has none; give a file of policies"))
    applied = scenario.policies[policy] if policy is not None else None
    if applied is not None:
        edits += [f"{target} = {formula.text} from {applied.from_ or day}" for target, formula in applied.set.items()]
    try:
        line = line or timeline(scenario, record, day, horizon, applied)
    except InvalidInput as error:
        options = {"as_of": as_of is not None, "horizon": horizon_years is not None}
        problems += [
            replace(problem, where=f"--{problem.where.replace('_', '-')}") if options.get(problem.where) else _placed(problem, scenario, document)
            for problem in error.problems
        ]
    if plan is None or line is None or problems:
        raise InvalidInput(_in_order(problems))
    factors = {key: canonical_unit(unit)[0] for key, unit in namespace(scenario).items()}
    if applied is not None and not any(map(applied.holds, line.starts)):
        what = f"policy {policy!r} does not hold on any day from {day} to {line.end}"
        raise InvalidInput(Problem(document.where(("policies", policy, "from")), what, "it would change nothing", "mend its dates, or look further ahead"))
    made = Model(name, scenario, document, record, day, horizon, positions, tuple(edits), plan, line, factors, driver_order(scenario), policy, structure)
    try:
        _ = made.portfolio
    except InvalidInput as error:
        raise InvalidInput(_placed(problem, scenario, document) for problem in error.problems) from None
    return made


def _positions(scenario: Scenario, asked: Mapping[str, bool]) -> dict[str, bool]:
    return {name: item.default for name, item in scenario.switches.items()} | dict(asked)


def _laid_out(scenario: Scenario, document: Document, positions: Mapping[str, bool]) -> tuple[Plan | None, list[Problem]]:
    """The ladder as arrays, or what is wrong with its structure."""
    try:
        return lay_out(build(scenario, positions)), []
    except InvalidInput as error:
        return None, [_placed(problem, scenario, document) for problem in error.problems]


def _placed(problem: Problem, scenario: Scenario, document: Document) -> Problem:
    """Give a problem of the ladder or the timeline its place in the file."""
    section, _, rest = problem.where.partition(" ")
    name = rest.split("@")[0]
    path: tuple[Any, ...] = tuple(problem.where.split("."))
    if section in ("rung", "move", "game"):
        path = (f"{section}s", name)
    if section == "move" and name not in scenario.moves:
        path = next((("regimes", regime, "moves", name) for regime, item in scenario.regimes.items() if name in item.moves), path)
    return Problem(document.where(path, key=True), problem.what if path[0] != "rungs" else f"rung {name!r}: {problem.what}", problem.why, problem.remedy)


def _in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Problems in the order of the file, each once."""
    return sorted(dict.fromkeys(problems), key=_position)


def _position(problem: Problem) -> tuple[str, int, int]:
    file, _, place = problem.where.rpartition(".yaml:")
    numbers = [int(part) for part in place.split(":") if part.isdigit()]
    return (file, *[*numbers, 0, 0][:2])  # type: ignore[return-value]
