"""What can be asked of a record, and what comes back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from pydantic import Field, field_validator, model_validator

from detente.document import Absence, CarriedError, instead
from detente.errors import Problem
from detente.record.facts import KINDS, Year
from detente.record.source import Item, Window

Value: TypeAlias = bool | int | float | str
OF_TREATIES = ("in_force", "status")


class Query(Item):
    """A question to the record.

    Of a treaty: `{treaty: new_start, take: in_force, party: russia}`; `take: status` gives the word. Of facts of one kind: `where` says which (a list
    means any of them), `take` what to make of them: `value` (of the one that holds), `latest`, `total`, `mean` over `years`, `count` in a `window`.
    """

    treaty: str | None = None
    party: str | None = None
    kind: Literal["deployment", "capability", "poll", "incident_count", "incident", "crisis", "doctrine"] | None = None
    where: dict[str, Value | tuple[Value, ...]] = Field(default={})
    take: Literal["value", "latest", "total", "mean", "count", "in_force", "status"]
    field: str = "value"
    years: tuple[Year, Year] | None = None
    window: Window | None = None

    @field_validator("kind", mode="before")
    @classmethod
    def _no_treaty(cls, kind: object) -> object:
        if kind == "treaty":
            raise ValueError("a treaty is asked for by its name; write `treaty: NAME` in place of `kind` and `where`")
        return kind

    @model_validator(mode="after")
    def _fits(self) -> Query:
        misfits = list(_of_treaty(self) if self.treaty is not None and self.kind is None else _of_facts(self))
        if misfits:
            raise CarriedError(*misfits)
        return self


def _of_treaty(query: Query) -> Iterator[Problem]:
    if query.take not in OF_TREATIES:
        yield Problem("take", f"`take: {query.take}` does not fit a treaty", "", f"use {' or '.join(OF_TREATIES)}")
    for key in ("where", "field", "years", "window"):
        if key in query.model_fields_set:
            yield Problem(f"{key}:", f"`{key}` is for facts", "a treaty is asked with `treaty`, `party` and `take`", "remove it")


def _of_facts(query: Query) -> Iterator[Problem]:
    kind, take = query.kind, query.take
    if kind is None or query.treaty is not None:
        yield Problem("", "a query asks for a `treaty` or for facts of a `kind`", "", "give one of them")
        return
    if take in OF_TREATIES:
        yield Problem("take", f"`take: {take}` does not fit {kind} facts", "only a treaty has a status", "use value, latest, total, mean or count")
    if query.party is not None:
        yield Problem("party:", "only a treaty has a `party`", "", "say in `where` which facts are meant")
    for needs, key, form, given in (("mean", "years", "[first, last]", query.years), ("count", "window", "{from: ..., until: ...}", query.window)):
        if take == needs and given is None:
            yield Problem("take", f"a {needs} needs `{key}`", "", f"add `{key}: {form}`")
        elif take != needs and given is not None:
            yield Problem(f"{key}:", f"`{key}` is for a {needs}", "", f"write `take: {needs}`, or remove it")
    if query.years is not None and query.years[0] > query.years[1]:
        yield Problem("years", "the years run backwards", "", "swap them")
    told_by, figures = KINDS[kind].told_by(), KINDS[kind].figures
    for key in query.where:
        if key not in told_by:
            yield Problem(f"where.{key}:", f"{kind} facts are not told apart by {key!r}", "", _instead(key, told_by))
    if take not in ("count", *OF_TREATIES) and query.field not in figures:
        where = "field" if "field" in query.model_fields_set else "take"
        yield Problem(where, f"{kind} facts have no figure {query.field!r}", "", _instead(query.field, figures))


def _instead(name: str, known: tuple[str, ...]) -> str:
    return instead(name, known, f"use one of {', '.join(known)}" if known else "write `take: count`")


@dataclass(frozen=True)
class Reading:
    """The answer to a query.

    Attributes
    ----------
    value : float, str or Absence
        Never 0 for what is not known.
    unit : str
    facts : tuple of str
        Names of the facts that it rests on.
    rivals : tuple of str
        Facts known by then that contradict one of these, of the same time.
    """

    value: float | str | Absence
    unit: str = "1"
    facts: tuple[str, ...] = ()
    rivals: tuple[str, ...] = ()
