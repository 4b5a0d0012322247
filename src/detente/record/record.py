"""A record: facts that know when they held and when they were known, asked as of a day.

Every question takes two dates: `at`, the day asked about, and `known`, the day on which we ask. A fact counts from the day on which it was known, and
gives way to a later one of its subject. What the record does not hold is a typed absence, never 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any

from detente.document import Absence, Document, FirstDay, check_format, digest, read, salvage, validate
from detente.errors import InvalidInput, Problem
from detente.record.answer import answer
from detente.record.consistency import check, in_order
from detente.record.entry import Entry, matches
from detente.record.facts import Actor, Counted, Event, FactBase, Treaty
from detente.record.file import KIND, NEWEST, RecordFile, Series
from detente.record.membership import members
from detente.record.query import Query, Reading
from detente.record.questions import problems
from detente.record.source import Coverage, Source
from detente.record.timing import Onset, by_year, first_day
from detente.record.treaty import turning_days

_STAND_INS: dict[str, Any] = {"format": f"detente/{KIND}/{NEWEST}", "title": "", "coverage": {"from": "0001", "until": 9999}}
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Record:
    """A loaded and checked record.

    Attributes
    ----------
    file : RecordFile
        Everything as written.
    document : Document
        With the place of every part.
    """

    file: RecordFile
    document: Document

    @classmethod
    def load(cls, source: str | Path) -> Record:
        """Read a shipped record by name, or a file.

        Raises
        ------
        InvalidInput
            With every problem and its place.
        """
        name = str(source)
        shipped = resources.files("detente.library") / "records" / f"{name}.yaml"
        return cls.parse(read(Path(str(shipped)) if "/" not in name and shipped.is_file() else Path(name)))

    @classmethod
    def parse(cls, document: Document) -> Record:
        """Build a record from a document.

        Raises
        ------
        InvalidInput
        """
        check_format(document, KIND, NEWEST)
        try:
            record = cls(validate(RecordFile, document), document)
        except InvalidInput as error:
            sound = salvage(RecordFile, document, _STAND_INS)
            told = {problem.where for problem in error.problems}
            further = sound.own([*sound.problems, *check(cls(sound.model, document))]) if sound is not None else []
            raise InvalidInput(in_order([*error.problems, *(problem for problem in further if problem.where not in told)])) from None
        found = check(record)
        if found:
            raise InvalidInput(found)
        return record

    @property
    def title(self) -> str:
        return self.file.title

    @property
    def facts(self) -> Mapping[str, FactBase]:
        return self.file.facts

    @property
    def sources(self) -> Mapping[str, Source]:
        return self.file.sources

    @property
    def series(self) -> Mapping[str, Series]:
        return self.file.series

    @property
    def coverage(self) -> Coverage:
        return self.file.coverage

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the whole record in canonical form."""
        return digest(self.document.data)

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Every fact, yearly ones year by year, in the order of the file."""
        return tuple(entry for name, fact in self.facts.items() for entry in self._entries(name, fact))

    def _entries(self, name: str, fact: FactBase) -> Iterator[Entry]:
        if isinstance(fact, Counted) and fact.yearly is not None:
            for year, value in fact.yearly.items():
                first, last = date(year, 1, 1), date(year, 12, 31)
                yield Entry(name, fact, first, last, self.known_day(fact, first), value)
        else:
            first = fact.from_.day if fact.from_ is not None else self.coverage.from_.day
            yield Entry(name, fact, first, fact.until.day if fact.until is not None else None, self.known_day(fact, first), getattr(fact, "value", None))

    def known_day(self, fact: FactBase | Event, own: date) -> date:
        """The day on which a fact became known: as stated, else when the first of its sources was published, else (public acts) its `own` day."""
        if fact.known is not None:
            return fact.known.day
        days = [source.published.day for name in fact.source if (source := self.sources.get(name)) and isinstance(source.published, FirstDay)]
        acts = not fact.source or any(
            source.published is Absence.NOT_APPLICABLE for name in fact.source if (source := self.sources.get(name)) is not None
        )
        return min([*days, *([own] if acts else [])], default=own)

    def event_known(self, event: Event) -> date:
        """The day on which an event of a treaty became known."""
        return self.known_day(event, event.date.day)

    def facts_of(self, kind: str, *, known: date | None = None, **where: Any) -> dict[str, FactBase]:
        """Facts of a kind by name, those known on a day, with given values (a tuple or list means any of them)."""
        names = {entry.name for entry in self.entries if known is None or entry.known <= known}
        return {
            name: fact for name, fact in self.facts.items()
            if name in names and fact.kind == kind and matches(fact, where)
        }  # fmt: skip

    def read(self, query: Query, *, at: date, known: date) -> Reading:
        """Answer a query about the day `at` with what was known on the day `known`.

        Returns
        -------
        Reading
            With a typed absence where the record has no answer.

        Raises
        ------
        InvalidInput
            If the treaty or its party is not in the record, or one figure is asked for and several are found.
        """
        return answer(self, query, at, known)

    def asked(self, query: Query) -> list[Entry]:
        """Every figure that a query is about, at any time and whenever it became known."""
        return [e for e in self.entries if e.fact.kind == query.kind and matches(e.fact, query.where)]

    def problems(self, query: Query) -> list[Problem]:
        """What a query asks for that the record has at no time; `where` is the dotted key of the query, such as `where.host`."""
        return problems(self, query)

    def units(self, query: Query) -> tuple[str, ...]:
        """Units of the figures that a query is about."""
        if query.treaty is not None or query.take == "count":
            return ("1",)
        return tuple(dict.fromkeys(str(getattr(e.fact, "unit", "1")) for e in self.asked(query)))

    @property
    def treaties(self) -> dict[str, Treaty]:
        """Treaties by name."""
        return {name: fact for name, fact in self.facts.items() if isinstance(fact, Treaty)}

    def members(self, alliance: str, *, at: date, known: date) -> dict[str, date]:
        """Members of an alliance on the day `at`, as known on the day `known`, each with the day of its accession, oldest first.

        Raises
        ------
        InvalidInput
            If it is no alliance of the record.
        """
        return members(self, alliance, at, known)

    def changes(self, query: Query, since: date, until: date, *, known: date) -> set[date]:
        """Days after `since` and up to `until` on which the answer changes, as far as that was known on the day `known`.

        Raises
        ------
        InvalidInput
            As `read`.
        """
        before, found = self.read(query, at=since, known=known).value, set()
        if query.treaty is not None:
            days = turning_days(self.treaties[query.treaty], known, self.event_known)
        else:
            held = [e for e in self.asked(query) if e.known <= known]
            days = {self.coverage.from_.day} | {e.first for e in held} | {e.last + DAY for e in held if e.last is not None and e.last < until}
        for day in sorted(day for day in days if since < day <= until):
            value = self.read(query, at=day, known=known).value
            if value != before:
                found.add(day)
            before = value
        return found

    def by_year(self, query: Query, first: int, last: int, *, known: date) -> dict[int, Reading]:
        """The answer to a query for each of these years, as known on the day `known`.

        A mean is that of the one year, a count that of its days, and anything else what held on its last day (on `known` where the year is not over).
        A year without an answer has its typed absence.

        Raises
        ------
        InvalidInput
            As `read`.

        Examples
        --------
        >>> scrambles = Query(kind="incident_count", where={"series": "scrambles_baltic"}, take="mean", years=(2013, 2018))
        >>> found = Record.load("baltic").by_year(scrambles, 2013, 2018, known=date(2026, 11, 25))
        >>> [found[year].value for year in (2013, 2014, 2018)]
        [47.0, 140.0, <Absence.OUTSIDE_COVERAGE: 'outside coverage'>]
        """
        return by_year(self, query, first, last, known)

    def first_day(self, query: Query, holds: Callable[[Any], bool], since: date, until: date, *, known: date) -> Onset:
        """When the answer to a query first was such that `holds` says so, between two days and as known on the day `known`.

        Parameters
        ----------
        holds : callable
            From a value, never an absence, to whether it is what is looked for.

        Raises
        ------
        InvalidInput
            As `read`, and for a mean or a count, which are of years.
        """
        return first_day(self, query, holds, since, until, known)

    def resolve(self, names: Iterable[str]) -> dict[str, Any]:
        """Plain data of these facts and their sources: enough to follow a run without the record.

        Raises
        ------
        KeyError
            For a name that is no fact.
        """
        wanted = dict.fromkeys(names)
        for name in wanted:
            if name not in self.facts:
                raise KeyError(f"{name!r} is no fact of the record")
        # A round of accessions means nothing without the alliance that it names.
        joined = {fact.joins for name in wanted if isinstance(fact := self.facts[name], Actor)}
        chosen = [name for name in self.facts if name in wanted or name in joined]
        facts = {name: self.document.data["facts"][name] for name in chosen}
        cited: set[str] = set()
        for name in chosen:
            fact = self.facts[name]
            cited.update(fact.source, *(event.source for event in (fact.events if isinstance(fact, Treaty) else ())))
        return {"facts": facts, "sources": {name: self.document.data["sources"][name] for name in self.sources if name in cited}}

    def digest_of(self, names: Iterable[str]) -> str:
        """SHA-256 of these facts and their sources in canonical form."""
        return digest(self.resolve(names))
