"""The language of measures: what can be asked of assessments, as formulas over a few questions.

    reach(war) by 2026                     the level or a higher one by the end of a calendar year; to the horizon without `by`
    reach(clash, accidental)               by episodes of that origin alone
    touch(crisis_by_accident)              the rung itself
    onward(nuclear_use|clash)              of those who enter the second, how many come to the first before all is calm again
    given(war|crisis), next(war|crisis)    first the second and then the first by the horizon; the first thing after
    reach(war) under half_withdrawn        under a policy of the scenario
    reach(war) as of 2018-06-01            as it was known on another day
    reach(war) in baltic-2026              in another scenario

The rest is a formula (`detente.document.Formula`) over these questions, quantities and drivers of the scenario on the as-of date in base units, and whatever
else is named: `reach(war) / reach(war) under half_withdrawn`, `onward(war|crisis) > 0.5 and p_resolute < 0.5`.

What a draw says is the formula of what it says of each question. A question whose condition cannot be in a draw is not defined there; neither is the
measure, which is told and never 0. The predictive value is the formula of the predictive probabilities; of a measure that compares, the share of draws.
Refused: names that the scenario does not have, pairs and policies that it does not tell, years beyond the horizon, units that do not fit.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from detente.document import CarriedError, Formula, nearest
from detente.document.grammar import Fault, FormulaError, Node
from detente.document.names import shorten
from detente.errors import InvalidInput, Problem

PAIRED = ("onward", "given", "next")
KINDS = ("reach", "touch", *PAIRED)
_CALL = re.compile(rf"\b({'|'.join(KINDS)})\s*\(([^()]*)\)((?:\s+(?:by|under|in|as\s+of)\s+[\w.-]+)*)")
_QUALIFIER = re.compile(r"\s+(by|under|in|as\s+of)\s+([\w.-]+)")
_NAME = re.compile(r"[^\W\d]\w*")
_TESTS = frozenset({"<", "<=", ">", ">=", "==", "!=", "and", "or", "not"})


@dataclass(frozen=True)
class World:
    """Of which assessment something is asked; the one at hand where all is None."""

    scenario: str | None = None
    as_of: date | None = None
    policy: str | None = None
    structure: str | None = None

    @property
    def elsewhere(self) -> bool:
        """Whether it is another question than the scenario at hand."""
        return (self.scenario, self.as_of, self.policy) != (None, None, None)


HERE = World()


@dataclass(frozen=True)
class Question:
    """One question to an assessment.

    Attributes
    ----------
    text : str
        As written.
    kind : str
        `reach`, `touch`, `onward`, `given` or `next`.
    what : str
        A rung or group, or the pair `b|a`.
    origin : str or None
        Of the episodes that count.
    year : int or None
        Calendar year by whose end; the horizon where None.
    world : World
    """

    text: str
    kind: str
    what: str
    origin: str | None = None
    year: int | None = None
    world: World = HERE


class Measure:
    """A measure, equal to another of the same text.

    Attributes
    ----------
    text : str
        As written.
    questions : tuple of Question
    names : frozenset of str
        What else it is computed from.

    Examples
    --------
    >>> measure = Measure.parse("reach(war) by 2026 / reach(war) under half_withdrawn")
    >>> [question.world.policy for question in measure.questions], measure.questions[0].year
    ([None, 'half_withdrawn'], 2026)
    """

    __slots__ = ("formula", "questions", "text")

    def __init__(self, text: str) -> None:
        self.text = " ".join(text.split())
        questions: list[Question] = []
        faults: list[Problem] = []

        def stand_in(match: re.Match[str]) -> str:
            question, wrong = _question(match)
            faults.extend(wrong)
            questions.append(question)
            return f" {_stand_in(len(questions) - 1)} "

        rest = _CALL.sub(stand_in, self.text)
        self.questions = tuple(questions)
        if faults:
            raise CarriedError(*faults)
        try:
            self.formula = Formula(rest.strip())
        except FormulaError as error:
            raise CarriedError(*(self._told(each) for each in error.faults)) from None

    def _told(self, fault: Fault) -> Problem:
        """What is wrong with the formula, in the words of the measure."""
        called = re.fullmatch(r"no function `(\w+)`", fault.what)
        close = nearest(called[1], KINDS) if called else None
        remedy = f"did you mean {close!r}?" if close else fault.remedy
        return Problem("", *map(self._as_written, (fault.what, fault.why, remedy)))

    def _as_written(self, told: str) -> str:
        for index, question in reversed(list(enumerate(self.questions))):
            told = told.replace(_stand_in(index), question.text)
        return told.replace("formula", "measure")

    @classmethod
    def parse(cls, text: str, where: str = "measure") -> Measure:
        """Read a measure.

        Parameters
        ----------
        where : str
            Its place, for messages.

        Raises
        ------
        InvalidInput
            With everything in the text that no measure can have.
        """
        try:
            return cls(text)
        except CarriedError as error:
            raise InvalidInput([replace(problem, where=where) for problem in error.problems]) from None

    @property
    def names(self) -> frozenset[str]:
        return self.formula.names - {_stand_in(index) for index in range(len(self.questions))}

    @property
    def tests(self) -> bool:
        """Whether it compares something: a draw then says 1 or 0."""
        waiting: list[Node] = [self.formula.tree]
        while waiting:
            part = waiting.pop()
            if part.kind in _TESTS:
                return True
            waiting += part.arguments
        return False

    def evaluate(self, answers: list[Any], values: Mapping[str, Any]) -> Any:
        """The formula of an answer to each of its questions and a value for each of its names."""
        return self.formula.evaluate({**values, **{_stand_in(index): answer for index, answer in enumerate(answers)}})

    def problems(self, known: Known, where: str, units: Mapping[str, str] | None = None) -> Iterator[Problem]:
        """What does not fit a scenario; `units` are those of names that are known beside the scenario's own."""
        for question in self.questions:
            yield from known.problems(question, where)
        all_units = {**known.units, **(units or {})}
        missing = sorted(self.names - all_units.keys())
        for name in missing:
            close = nearest(name, all_units)
            otherwise = f"write reach({name})" if name in known.places else f"use {', '.join(KINDS)}, or a name of the scenario"
            remedy = f"did you mean {close!r}?" if close and name not in known.places else otherwise
            yield Problem(where, f"{name!r} in `{shorten(self.text, 60)}` is no quantity, driver or reading of the record", "", remedy)
        if not missing:
            try:
                self.formula.unit({**all_units, **{_stand_in(index): "1" for index in range(len(self.questions))}})
            except InvalidInput as error:
                yield from (Problem(where, *(self._as_written(part) for part in (each.what, each.why, each.remedy))) for each in error.problems)

    def __repr__(self) -> str:
        return f"Measure({self.text!r})"

    def __str__(self) -> str:
        return self.text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Measure) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)

    @classmethod
    def _validate(cls, value: object) -> Measure:
        if isinstance(value, cls):
            return value
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise PydanticCustomError("measure_type", "a measure")
        return cls(str(value))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        written = core_schema.plain_serializer_function_ser_schema(lambda measure: measure.text)
        return core_schema.no_info_after_validator_function(cls._validate, core_schema.any_schema(), serialization=written)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "description": "a measure, such as `onward(nuclear_use|clash)`"}


def _stand_in(index: int) -> str:
    return f"_question_{index}"


def _question(match: re.Match[str]) -> tuple[Question, list[Problem]]:
    """A question, and what is wrong with how it is put."""
    kind, inside, qualifiers = match.groups()
    text, faults = " ".join(match[0].split()), list[Problem]()
    parts = [part.strip() for part in inside.split("|" if kind in PAIRED else ",")]
    usage = f"write {kind}(b|a): b if a" if kind in PAIRED else f"write {kind}(RUNG)" + (", or reach(RUNG, ORIGIN)" if kind == "reach" else "")
    counts = (2,) if kind in PAIRED else (1, 2) if kind == "reach" else (1,)
    if len(parts) not in counts or not all(_NAME.fullmatch(part) for part in parts):
        faults.append(Problem("", f"`{shorten(text, 60)}` is no question", "", usage))
    year, world = None, HERE
    seen: list[str] = []
    for word, value in _QUALIFIER.findall(qualifiers):
        key = " ".join(word.split())
        if key in seen:
            faults.append(Problem("", f"`{key}` stands twice in `{shorten(text, 60)}`", "", "keep one"))
        seen.append(key)
        if key == "under":
            world = replace(world, policy=value)
        elif key == "in":
            world = replace(world, scenario=value)
        elif key == "as of":
            try:
                world = replace(world, as_of=date.fromisoformat(value))
            except ValueError:
                faults.append(Problem("", f"{value!r} is no day", "", "write it as 2018-06-01"))
        elif kind != "reach" and kind != "touch":
            faults.append(Problem("", f"`{kind}` is told to the horizon alone", "", "leave out `by`"))
        elif len(parts) == 2:
            faults.append(Problem("", "by origin, reach is told to the horizon alone", "", "leave out `by`, or the origin"))
        elif re.fullmatch(r"\d{4}", value):
            year = int(value)
        else:
            why, remedy = "results are told to the end of calendar years", "write `by 2026`, with blanks around a minus behind it"
            faults.append(Problem("", f"{value!r} is no year", why, remedy))
    what = "|".join(parts) if kind in PAIRED else parts[0]
    return Question(text, kind, what, parts[1] if kind == "reach" and len(parts) == 2 else None, year, world), faults


@dataclass(frozen=True)
class Known:
    """What an assessment can be asked.

    Attributes
    ----------
    places : tuple of str
        Rungs and groups.
    pairs, next_pairs : tuple of str
    levels : tuple of str
        Rungs and groups that are told by origin.
    origins, policies, structures, scenarios : collection of str
    years : tuple of int
        Calendar years up to whose end `reach` is told, the last one to the horizon.
    units : mapping
        `{name: unit}` of quantities, drivers and switches.
    """

    places: tuple[str, ...]
    pairs: tuple[str, ...]
    next_pairs: tuple[str, ...]
    levels: tuple[str, ...]
    origins: tuple[str, ...]
    years: tuple[int, ...]
    policies: Collection[str]
    structures: tuple[str, ...]
    scenarios: Collection[str]
    units: Mapping[str, str]

    def problems(self, question: Question, where: str) -> Iterator[Problem]:
        """What a question asks for that is not told."""
        names = question.what.split("|")
        missing = [name for name in names if name not in self.places]
        for name in missing:
            yield _unknown(where, name, "rung or group", self.places)
        pairs = self.next_pairs if question.kind == "next" else self.pairs
        if len(names) == 2 and not missing and question.what not in pairs:
            why = f"the assessment tells {', '.join(pairs)}"
            yield Problem(where, f"`{question.text}` is not told", why, f"ask one of them, or add {question.what} to `pairs` of the scenario")
        if question.origin is not None:
            if question.origin not in self.origins:
                yield _unknown(where, question.origin, "origin of episodes", self.origins)
            if not missing and question.what not in self.levels:
                yield _unknown(where, question.what, "level that is told by origin", self.levels)
        if question.year is not None and question.world == HERE and question.year not in self.years:
            remedy = "give one of these years, or look further ahead with --horizon"
            yield Problem(where, f"{question.year} lies outside the assessment", f"it tells {self.years[0]} to {self.years[-1]}", remedy)
        if question.world.policy is not None and question.world.policy not in self.policies:
            yield _unknown(where, question.world.policy, "policy of the scenario", self.policies)
        if question.world.scenario is not None and question.world.scenario not in self.scenarios:
            yield _unknown(where, question.world.scenario, "shipped scenario", self.scenarios)


def _unknown(where: str, name: str, what: str, known: Collection[str]) -> Problem:
    close = nearest(name, known)
    listed = f"use one of {', '.join(sorted(known)[:16])}" if known else "it has none"
    return Problem(where, f"{name!r} is no {what}", "", f"did you mean {close!r}?" if close else listed)
