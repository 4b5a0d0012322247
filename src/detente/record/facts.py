"""The kinds of facts, each a closed schema with `kind` as its label.

Every fact says when it held (`from`, `until`), when it was known (`known`), who says so (`source`) and how well we know it (`evidence`). Facts of one
`subject` (the same battlegroup, the same count) follow one another in time; a figure that contradicts another of its time stands `beside` it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import Field, model_validator

from detente.document import Absence, CarriedError, FirstDay, LastDay
from detente.errors import Problem
from detente.record.source import Evidence, Item, Names, backwards, without_source

Number: TypeAlias = float | Absence
Year: TypeAlias = Annotated[int, Field(ge=1, le=9999)]


class FactBase(Item):
    """What all kinds share."""

    subject_keys: ClassVar[tuple[str, ...]] = ()
    figures: ClassVar[tuple[str, ...]] = ()

    kind: str
    title: str = ""
    note: str = ""
    from_: FirstDay | None = Field(default=None, alias="from")
    until: LastDay | None = None
    known: FirstDay | None = None
    source: Names = ()
    evidence: Evidence
    formula: str | None = Field(default=None, description="how a derived value was computed")
    beside: str | None = Field(default=None, description="the fact that this figure contradicts")

    @model_validator(mode="after")
    def _says_whence(self) -> FactBase:
        found = [*without_source("fact", self.evidence, self.source), *backwards(self.from_, self.until)]
        if self.evidence == "derived" and self.formula is None:
            found.append(Problem("evidence", "a derived fact has no formula", "", "say in `formula` how it was computed"))
        if found:
            raise CarriedError(*found)
        return self

    @classmethod
    def told_by(cls) -> tuple[str, ...]:
        """Keys by which facts of this kind are told apart: its own ones but the figures, and the evidence."""
        return (*(key for key in cls.model_fields if key not in FactBase.model_fields and key not in (*cls.figures, "yearly", "unit")), "evidence")

    @property
    def subject(self) -> tuple[Any, ...] | None:
        """What the fact is a figure of; None where every fact is its own subject."""
        return (type(self).__name__, *(getattr(self, key) for key in self.subject_keys)) if self.subject_keys else None


class Actor(FactBase):
    kind: Literal["actor"]
    type: Literal["state", "alliance", "institution"]
    joins: str | None = Field(default=None, description="the alliance that its members join, where that is another fact")
    members: dict[str, FirstDay] = Field(default={})


class Event(Item):
    """One act in the life of a treaty."""

    date: FirstDay
    event: Literal[
        "signed", "ratified", "provisional", "adopted", "in_force", "extended", "resumed", "suspended", "notice", "withdrawn", "expired",
        "revoked_ratification", "non_compliance_finding", "offer", "announced", "review", "data",
    ]  # fmt: skip
    by: Names = Field(default=(), description="who acts; every party where left out")
    expires: FirstDay | None = Field(default=None, description="first day on which it no longer binds, if that was known")
    known: FirstDay | None = None
    source: Names = ()
    evidence: Evidence
    note: str = ""

    @model_validator(mode="after")
    def _says_whence(self) -> Event:
        if found := without_source("event", self.evidence, self.source):
            raise CarriedError(*found)
        return self


class Treaty(FactBase):
    kind: Literal["treaty"]
    parties: tuple[str, ...] = Field(min_length=1)
    political: bool = Field(default=False, description="binds politically, not in law")
    limits: str = ""
    events: tuple[Event, ...] = Field(min_length=1)


class Commitment(FactBase):
    kind: Literal["commitment"]
    by: tuple[str, ...]
    to: tuple[str, ...]
    article: str | None = None
    text: str
    obliges: str
    discretion: str


class Deployment(FactBase):
    subject_keys = ("side", "host", "owner", "place", "force")
    figures = ("value", "high")

    kind: Literal["deployment"]
    side: str
    host: str
    owner: tuple[str, ...] = ()
    place: str | None = None
    force: str
    value: Number
    high: float | None = None
    unit: str


class Counted(FactBase):
    """A value, or one for each calendar year."""

    figures = ("value", "high")

    value: Number | None = None
    yearly: dict[Year, Number] | None = Field(default=None, description="one fact for each calendar year")
    high: float | None = None
    unit: str

    @model_validator(mode="after")
    def _one_way(self) -> Counted:
        if (self.value is None) == (self.yearly is None):
            raise ValueError("a figure is one `value` or `yearly: {year: value}`; give one of them")
        if self.yearly is not None and (self.from_ is not None or self.until is not None):
            raise ValueError("yearly figures hold for their years; remove `from` and `until`")
        return self


class Capability(Counted):
    subject_keys = ("actor", "measure")

    kind: Literal["capability"]
    actor: str
    measure: str


class IncidentCount(Counted):
    subject_keys = ("series",)

    kind: Literal["incident_count"]
    series: str


class Poll(FactBase):
    subject_keys = ("country", "question", "pollster", "wave")
    figures = ("value", "against")

    kind: Literal["poll"]
    country: str
    question: str
    value: Number
    against: float | None = None
    unit: str = "percent"
    wave: str
    pollster: str

    @model_validator(mode="after")
    def _are_shares(self) -> Poll:
        if found := list(_beyond_all(self)):
            raise CarriedError(*found)
        return self


def _beyond_all(poll: Poll) -> Iterator[Problem]:
    """Shares of those asked that cannot be: below none, above all, or more than all together but for rounding."""
    whole = {"percent": 100.0, "1": 1.0, "share": 1.0, "fraction": 1.0}.get(poll.unit)
    shares = {key: share for key, share in (("value", poll.value), ("against", poll.against)) if isinstance(share, float)}
    if whole is None:
        return
    for key, share in shares.items():
        if not 0.0 <= share <= whole:
            yield Problem(key, f"{share:g} is no share of those asked", f"in the unit {poll.unit} it lies between 0 and {whole:g}", "mend it, or the unit")
            return
    if sum(shares.values()) > 1.01 * whole:
        what = f"{shares['value']:g} for and {shares['against']:g} against are more than all who were asked"
        yield Problem("against", what, "", "mend one of the two")


class Incident(FactBase):
    kind: Literal["incident"]
    actors: tuple[str, ...]
    type: str
    lethal: bool | None = None
    place: str | None = None


class Crisis(FactBase):
    figures = ("peak",)

    kind: Literal["crisis"]
    actors: tuple[str, ...]
    peak: int | None = Field(default=None, ge=1, le=8)
    shots: bool | None = None
    direct: bool | None = None
    outcome: str = ""


class Doctrine(FactBase):
    subject_keys = ("actor",)
    figures = ("threshold_index",)

    kind: Literal["doctrine"]
    actor: str
    text: str
    threshold_index: float | None = None
    index_why: str = ""
    unit: str = "1"


class Statement(FactBase):
    kind: Literal["statement"]
    speaker: str
    text: str
    about: str | None = None
    planned: dict[str, Any] | None = None


Fact: TypeAlias = Annotated[
    Actor | Treaty | Commitment | Deployment | Capability | Poll | IncidentCount | Incident | Crisis | Doctrine | Statement,
    Field(discriminator="kind"),
]
KINDS: dict[str, type[FactBase]] = {
    "actor": Actor, "treaty": Treaty, "commitment": Commitment, "deployment": Deployment, "capability": Capability, "poll": Poll,
    "incident_count": IncidentCount, "incident": Incident, "crisis": Crisis, "doctrine": Doctrine, "statement": Statement,
}  # fmt: skip
