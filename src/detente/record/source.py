"""Where a fact comes from, with the two independent grades of the Admiralty code.

`published` is the original act or series; a source that only reports public acts has none (`not applicable`): each act was known on its own day.
`copy` is the later page that we read. What is known is checked against `published` only.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from detente.document import Absence, CarriedError, FirstDay, LastDay
from detente.errors import Problem

Reliability: TypeAlias = Literal["A", "B", "C", "D", "E", "F"]
Evidence: TypeAlias = Literal["verified", "secondary", "derived", "memory"]
Names: TypeAlias = Annotated[tuple[str, ...], BeforeValidator(lambda value: (value,) if isinstance(value, str) else value)]


class Item(BaseModel):
    """A closed, frozen part of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def backwards(first: FirstDay | None, last: LastDay | None) -> list[Problem]:
    """What is wrong with a span that ends before it starts."""
    if first is None or last is None or first.day <= last.day:
        return []
    return [Problem("until", f"it ends ({last}) before it starts ({first})", "", "swap the dates")]


def without_source(what: str, evidence: Evidence, sources: tuple[str, ...]) -> list[Problem]:
    """What is wrong with something that nobody says, and that is not graded so."""
    return [] if sources or evidence == "memory" else [Problem("evidence", f"a {evidence} {what} has no source", "", "name one, or grade it memory")]


class Source(Item):
    """A publication.

    Attributes
    ----------
    reliability : A to F
        Of the source: A completely reliable, B usually, C fairly, D not usually, E unreliable, F cannot be judged.
    credibility : 1 to 6
        Of the information: 1 confirmed, 2 probably true, 3 possibly true, 4 doubtful, 5 improbable, 6 cannot be judged. F and 6 mean unknown, not worst.
    """

    title: str
    publisher: str
    published: FirstDay | Absence
    copy_: FirstDay | Absence | None = Field(default=None, alias="copy")
    address: str | None = None
    reliability: Reliability
    credibility: int = Field(ge=1, le=6)
    graded_by: str


class Window(Item):
    """A stretch of time, both ends included."""

    from_: FirstDay = Field(alias="from")
    until: LastDay

    @model_validator(mode="after")
    def _runs_forward(self) -> Window:
        if found := backwards(self.from_, self.until):
            raise CarriedError(*found)
        return self


class Coverage(Window):
    """The window in which everything of its kind is in the record."""

    why: str = ""
