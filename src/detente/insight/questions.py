"""Questions to assessments: how each is written, and whether an assessment can be asked it.

    reach(war) by 2026                     the level or a higher one by the end of a calendar year; to the horizon without `by`
    reach(clash, accidental)               by episodes of that origin alone
    touch(crisis_by_accident)              the rung itself
    onward(nuclear_use|clash)              of those who enter the second, how many come to the first before all is calm again
    given(war|crisis), next(war|crisis)    first the second and then the first by the horizon; the first thing after
    reach(war) under half_withdrawn        under a policy of the scenario
    reach(war) as of 2018-06-01            as it was known on another day
    reach(war) in baltic-2026              in another scenario

Refused: rungs and policies that the scenario does not have, pairs that it does not tell, years beyond the horizon.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from detente.document import instead
from detente.document.names import shorten
from detente.ensemble import Assessment
from detente.errors import Problem
from detente.ladder import Wanted
from detente.scenario.checking import namespace
from detente.scenario.files import can_be_assessed, shipped

PAIRED = ("onward", "given", "next")
KINDS = ("reach", "touch", *PAIRED)
CALL = re.compile(rf"\b({'|'.join(KINDS)})\s*\(([^()]*)\)((?:\s+(?:by|under|in|as\s+of)\s+[\w.-]+)*)")
_QUALIFIER = re.compile(r"\s+(by|under|in|as\s+of)\s+([\w.-]+)")
_NAME = re.compile(r"[^\W\d]\w*")


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


def read_question(match: re.Match[str]) -> tuple[Question, list[Problem]]:
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


def wanted_of(questions: Iterable[Question]) -> dict[World, Wanted]:
    """What questions want to be told of each world."""
    asked: dict[World, list[Question]] = {}
    for question in questions:
        asked.setdefault(question.world, []).append(question)
    return {
        world: Wanted(
            names={each.what for each in own if each.kind not in PAIRED and each.origin is None},
            pairs={each.what for each in own if each.kind in ("onward", "given")},
            next_pairs={each.what for each in own if each.kind == "next"},
            levels={each.what for each in own if each.origin is not None},
        )
        for world, own in asked.items()
    }


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

    @classmethod
    def of(cls, assessment: Assessment) -> Known:
        """What an assessment can be asked."""
        data, scenario = assessment.data, assessment.model.scenario
        places, pairs, next_pairs, levels, origins = (
            tuple(str(value) for value in data[axis].values) for axis in ("rung", "pair", "next_pair", "level", "origin")
        )
        years = tuple(int(year) for year in data["year"].values)
        others = [name for name in shipped() if can_be_assessed(name)]
        return cls(places, pairs, next_pairs, levels, origins, years, scenario.policies, tuple(scenario.structures), others, namespace(scenario))

    def problems(self, question: Question, where: str) -> Iterator[Problem]:
        """What a question asks for that is not told."""
        names = question.what.split("|")
        missing = [name for name in names if name not in self.places]
        for name in missing:
            yield unknown(where, name, "rung or group", self.places)
        pairs = self.next_pairs if question.kind == "next" else self.pairs
        if len(names) == 2 and not missing and question.what not in pairs:
            why = f"the assessment tells {', '.join(pairs)}"
            yield Problem(where, f"`{question.text}` is not told", why, f"ask one of them, or add {question.what} to `pairs` of the scenario")
        if question.origin is not None:
            if question.origin not in self.origins:
                yield unknown(where, question.origin, "origin of episodes", self.origins)
            if not missing and question.what not in self.levels:
                yield unknown(where, question.what, "level that is told by origin", self.levels)
        if question.year is not None and question.world == HERE and question.year not in self.years:
            remedy = "give one of these years, or look further ahead with --horizon"
            yield Problem(where, f"{question.year} lies outside the assessment", f"it tells {self.years[0]} to {self.years[-1]}", remedy)
        if question.world.policy is not None and question.world.policy not in self.policies:
            yield unknown(where, question.world.policy, "policy of the scenario", self.policies)
        if question.world.scenario is not None and question.world.scenario not in self.scenarios:
            yield unknown(where, question.world.scenario, "shipped scenario", self.scenarios)


def unknown(where: str, name: str, what: str, known: Collection[str]) -> Problem:
    return Problem(where, f"{name!r} is no {what}", "", instead(name, known, f"use one of {', '.join(sorted(known)[:16])}" if known else "it has none"))
