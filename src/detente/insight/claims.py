"""Claims that somebody has published, each with what it asserts of a scenario or of its record.

    format: detente/claims/1
    title: What an article says
    scenarios: [baltic-2021]
    speakers:
      article: {title: The article, reliability: F, credibility: 6, graded_by: us, why: Nobody knows who wrote it.}
    claims:
      C17:
        text: any conflict between Russia and NATO is highly likely to lead to nuclear escalation
        speaker: article
        said: 2021-01-29
        kind: causal
        readings:
          strict: {measure: onward(nuclear_use|clash), asserts: {word: highly likely}, why: Any conflict is fighting below war too.}
          charitable: {measure: onward(nuclear_use|war), asserts: {word: highly likely}, why: A conflict is a war.}

A reading is a measure (`detente.insight.measures`) and what is asserted of it: a word of a standard, a direction with its least effect, or numbers. A claim
that only the record can judge names readings of the record in `record` and computes with them. One that nothing can test says so: `untestable`.

Refused: quotes of more than fifteen words, words that a standard does not have, claims with neither readings nor a reason why there are none, measures and
facts that the scenario and its record do not have, files for other scenarios or for another digest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import Any, Literal, TypeAlias

from pydantic import Field, model_validator

from detente.document import CarriedError, Document, FirstDay, check_format, nearest, read, salvage, validate
from detente.errors import InvalidInput, Problem
from detente.insight.estimative import DEFAULT, STANDARDS, Band, standard
from detente.insight.measures import Measure
from detente.record import Query
from detente.record.source import Item, Names, Reliability

KIND, NEWEST = "claims", 1
MOST_WORDS = 15
DEGREES = {"": 1.1, "sharply": 2.0}  # least effects, as ratios: judgement
Kind: TypeAlias = Literal["fact", "causal", "forecast", "opinion", "attribution", "intent"]
UNTESTABLE = ("unfalsifiable", "opinion", "intent")


class Speaker(Item):
    """Who says it, graded by the Admiralty code; the grade moves no verdict."""

    title: str
    reliability: Reliability
    credibility: int = Field(ge=1, le=6)
    graded_by: str
    why: str
    facts: Names = Field(default=(), description="facts of the record about the speaker")


class Assertion(Item):
    """What is asserted of a measure: a word, a direction of a ratio, or numbers."""

    word: str | None = Field(default=None, description="of estimative probability, by the standard of the file")
    direction: Literal["up", "down"] | None = Field(default=None, description="of a measure that is a ratio: above 1, or below")
    degree: Literal["sharply"] | None = Field(default=None, description="of the direction: `sharply` is twice, else the least effect is 1.1 times")
    least: float | None = Field(default=None, gt=1, description="least effect of the direction, as a ratio")
    at_least: float | None = None
    at_most: float | None = None
    above: float | None = None
    below: float | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Assertion:
        numbers = any(value is not None for value in (self.at_least, self.at_most, self.above, self.below))
        if sum((self.word is not None, self.direction is not None, numbers)) != 1:
            raise ValueError("an assertion is a `word`, a `direction`, or numbers; give one of these")
        if self.direction is None and (self.degree is not None or self.least is not None):
            raise ValueError("`degree` and `least` belong to a direction; add `direction: up` or `down`")
        if self.degree is not None and self.least is not None:
            raise ValueError("`degree` stands for a least effect; drop it, or `least`")
        return self

    @property
    def least_effect(self) -> float:
        """Of a direction: the ratio, or its inverse, from which on it counts."""
        return self.least if self.least is not None else DEGREES[self.degree or ""]


class Reading(Item):
    """One way to take a claim: a measure, and what is asserted of it."""

    measure: Measure
    asserts: Assertion
    why: str = Field(description="why the sentence may be taken so")


class Ask(Item):
    """A reading of the record: a query on a day, a fact, or the year of an act."""

    query: Query | None = None
    at: FirstDay | None = Field(default=None, description="day that the query asks about; the as-of date where not given")
    fact: str | None = Field(default=None, description="1 if this fact is in the record")
    take: Literal["year", "date"] | None = Field(default=None, description="of the fact: the year in which it began, or its first day as a decimal year")
    states: str | None = Field(default=None, description="a text of the fact: 1 if something stands there")
    treaty: str | None = Field(default=None, description="with `event`: the year of the first such act")
    event: str | None = None
    by: str | None = None
    known: FirstDay | None = Field(default=None, description="what was known on that day; on the as-of date where not given")

    @model_validator(mode="after")
    def _one_way(self) -> Ask:
        if sum(way is not None for way in (self.query, self.fact, self.treaty)) != 1:
            raise ValueError("the record is asked one thing at a time; give `query`, `fact`, or `treaty` with `event`")
        for key, needs in (("at", "query"), ("take", "fact"), ("states", "fact"), ("event", "treaty"), ("by", "treaty")):
            if getattr(self, key) is not None and getattr(self, needs) is None:
                raise ValueError(f"`{key}` belongs to `{needs}`; remove it")
        if self.treaty is not None and self.event is None:
            raise ValueError("an act of a treaty needs `event`; add one, such as `event: withdrawn`")
        return self


class Provenance(Item):
    """How the words came to stand where they stand."""

    wording: Literal["verbatim", "abridged", "paraphrase", "unattributed", "borrowed"]
    original: FirstDay | None = Field(default=None, description="when the words were first published, where that was another day")
    source: Names = ()
    why: str = ""


class Claim(Item):
    """One sentence of somebody."""

    text: str = Field(description="quoted, at most fifteen words")
    speaker: str
    said: FirstDay
    kind: Kind
    provenance: Provenance | None = None
    readings: dict[str, Reading] = Field(default={}, description="`strict` first, then `charitable`")
    record: dict[str, Ask] = Field(default={}, description="readings of the record that measures compute with")
    untestable: Literal["unfalsifiable", "opinion", "intent"] | None = None
    missing: str | None = Field(default=None, description="what would be needed to judge it, where that is not there yet")
    why: str = Field(description="what a reader should know of how it was taken")
    later: str = Field(default="", description="what became of it after the as-of date")
    facts: Names = Field(default=(), description="facts of the record to show beside")

    @model_validator(mode="after")
    def _is_whole(self) -> Claim:
        found = []
        if (words := len(self.text.split())) > MOST_WORDS:
            found.append(Problem("text", f"the quote has {words} words", f"at most {MOST_WORDS} are quoted", "shorten it with ..."))
        ways = (bool(self.readings), self.untestable is not None, self.missing is not None)
        if sum(ways) != 1:
            why = "a claim is tested, or it is said why it is not"
            found.append(Problem("", "a claim has `readings`, or `untestable`, or `missing`", why, "give one of them"))
        if self.record and not self.readings:
            found.append(Problem("record:", "nothing is computed from these readings of the record", "", "add `readings`, or show facts with `facts`"))
        if found:
            raise CarriedError(*found)
        return self

    @property
    def by_record(self) -> bool:
        """Whether the record alone judges it."""
        return bool(self.readings) and not any(reading.measure.questions for reading in self.readings.values())


class Joint(Item):
    """Claims that are held at once, and measures that tell whether they can be."""

    title: str
    claims: tuple[str, ...] = Field(min_length=2)
    measures: dict[str, Measure] = Field(min_length=1, description="`{what it tells: measure}`")
    why: str


class ClaimsFile(Item):
    """A file of claims."""

    format: str
    title: str
    scenarios: Names = Field(description="what the claims can be asked of")
    digest: str | None = Field(default=None, pattern="^sha256:[0-9a-f]{64}$", description="of the scenario that it was written for, from `detente check`")
    record: str | None = Field(default=None, description="shipped record; that of the scenario where not given")
    structures: tuple[str, ...] | None = Field(
        default=None, description="in which shares are taken beside the scenario as written, `equilibria` among them; all where not given"
    )
    standard: str = Field(default=DEFAULT, description="of words; the speakers named none")
    speakers: dict[str, Speaker]
    claims: dict[str, Claim] = Field(min_length=1)
    joint: dict[str, Joint] = Field(default={})


@dataclass(frozen=True)
class Claims:
    """Claims that are sound in themselves, with their file."""

    file: ClaimsFile
    document: Document

    def band(self, claim: str, reading: str) -> Band | None:
        """The band of the word that a reading asserts."""
        word = self.file.claims[claim].readings[reading].asserts.word
        return standard(self.file.standard).band(word) if word is not None else None


def shipped_for(scenario: str) -> Path | None:
    """The shipped file of claims about a scenario."""
    folder = Path(str(resources.files("detente.library") / "claims"))
    for file in sorted(folder.glob("*.yaml")) if folder.is_dir() else ():
        if scenario in read(file).data.get("scenarios", ()):
            return file
    return None


def load_claims(path: Path) -> Claims:
    """Read a file of claims.

    Raises
    ------
    InvalidInput
        With every problem that can be told without a scenario.
    """
    document = read(path)
    check_format(document, KIND, NEWEST)
    try:
        file = validate(ClaimsFile, document)
    except InvalidInput as error:
        # What is sound is looked at too: one mistake should not hide the others.
        sound = salvage(ClaimsFile, document, {})
        raise InvalidInput([*error.problems, *(sound.own(_words(sound.model, document)) if sound is not None else ())]) from None
    problems = list(_words(file, document))
    if problems:
        raise InvalidInput(problems)
    return Claims(file, document)


def _words(file: ClaimsFile, document: Document) -> Iterator[Problem]:
    """Words, speakers and joint claims that are not there."""
    # Names of those that are not well formed are told apart from names that are not there.
    speakers, claims = (tuple(map(str, document.data.get(section) or ())) for section in ("speakers", "claims"))
    if file.standard not in STANDARDS:
        try:
            standard(file.standard)
        except InvalidInput as error:
            yield from (replace(problem, where=document.where(("standard",))) for problem in error.problems)
    for name, claim in file.claims.items():
        if claim.speaker not in speakers:
            yield unknown(document.where(("claims", name, "speaker")), claim.speaker, "speaker of this file", speakers)
        for key, reading in claim.readings.items():
            path = ("claims", name, "readings", key, "asserts", "word")
            if reading.asserts.word is not None and file.standard in STANDARDS:
                try:
                    standard(file.standard).band(reading.asserts.word)
                except InvalidInput as error:
                    for problem in error.problems:
                        yield replace(problem, where=document.where(path), remedy=_of_other(reading.asserts.word, file.standard) or problem.remedy)
    for name, joint in file.joint.items():
        for index, each in enumerate(joint.claims):
            if each not in claims:
                yield unknown(document.where(("joint", name, "claims", index)), each, "claim of this file", claims)


def _of_other(word: str, used: str) -> str:
    """What to do with a word that another standard has."""
    has = next((each for each in STANDARDS.values() if each.name != used and word.casefold() in each.terms), None)
    return f"it is a term of {has.title}: write a term of {STANDARDS[used].title}, or `standard: {has.name}`" if has is not None else ""


def unknown(where: str, name: str, what: str, known: Mapping[str, Any] | tuple[str, ...]) -> Problem:
    close = nearest(name, known)
    listed = f"use one of {', '.join(sorted(known)[:12])}" if known else "it has none"
    return Problem(where, f"{name!r} is no {what}", "", f"did you mean {close!r}?" if close else listed)
