"""What can be asked of a record, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from pydantic import Field, model_validator

from detente.document import Absence, nearest
from detente.record.facts import KINDS, Year
from detente.record.source import Item, Window

Value: TypeAlias = bool | int | float | str


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

    @model_validator(mode="after")
    def _fits(self) -> Query:
        if (self.treaty is None) == (self.kind is None):
            raise ValueError("a query asks for a `treaty` or for facts of a `kind`; give one of them")
        of_treaty = self.take in ("in_force", "status")
        if of_treaty != (self.treaty is not None):
            raise ValueError(f"`take: {self.take}` does not fit; a treaty has in_force and status, facts have value, latest, total, mean and count")
        if (self.take == "mean") != (self.years is not None) or (self.years is not None and self.years[0] > self.years[1]):
            raise ValueError("a mean is taken over `years: [first, last]`; give them with `take: mean` and nowhere else")
        if (self.take == "count") != (self.window is not None):
            raise ValueError("a count is taken in a `window: {from: ..., until: ...}`; give it with `take: count` and nowhere else")
        if self.party is not None and self.treaty is None:
            raise ValueError("only a treaty has a `party`; say in `where` which facts are meant")
        if self.treaty is not None and self.model_fields_set & {"where", "field"}:
            raise ValueError("`where` and `field` are for facts; a treaty is asked with `treaty`, `party` and `take`")
        if self.kind is not None:
            told_by, figures = KINDS[self.kind].told_by(), KINDS[self.kind].figures
            for key in self.where:
                if key not in told_by:
                    raise ValueError(f"{self.kind} facts are not told apart by {key!r}; {_instead(key, told_by)}")
            if self.take != "count" and self.field not in figures:
                raise ValueError(f"{self.kind} facts have no figure {self.field!r}; {_instead(self.field, figures)}")
        return self


def _instead(name: str, known: tuple[str, ...]) -> str:
    close = nearest(name, known)
    return f"did you mean {close!r}?" if close else f"use one of {', '.join(known)}" if known else "they can only be counted"


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
