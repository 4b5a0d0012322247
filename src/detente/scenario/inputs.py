"""What formulas read beside quantities, as a file states it: drivers, what sets them from a day on, and switches.

A contingency sets a driver if it happens, a policy if somebody takes it. Expressions are formulas (see `detente.document.Formula`).
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from detente.document import Expression, FirstDay, LastDay
from detente.record import Query
from detente.record.source import Item, Names


class Answer(Item):
    """What a driver takes of the alliance's response."""

    take: Literal["enough", "expected", "consensus", "leader"] = Field(
        description="chance that enough is committed, share of the whole that is expected, chance of consensus, chance that the leader sends forces"
    )
    clock: str | None = Field(default=None, description="by when, for `enough` and `expected`")

    @model_validator(mode="after")
    def _by_when(self) -> Answer:
        if (self.clock is not None) != (self.take in ("enough", "expected")):
            raise ValueError("`enough` and `expected` are told by a clock, the others are not; write {take: enough, clock: NAME}, or {take: consensus}")
        return self


class Driver(Item):
    """A number read off the record at each date, taken of the alliance's response, or a formula over drivers and quantities."""

    title: str
    unit: str
    read: Query | None = None
    response: Answer | None = Field(default=None, description="what it takes of the response of the `alliance`")
    otherwise: Expression | None = Field(default=None, description="formula for the days on which the record has no value, or the alliance no response")
    formula: Expression | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Driver:
        if self.response is not None:
            if self.read is not None or self.formula is not None or self.otherwise is None:
                what = "a driver that takes a `response` has neither `read` nor `formula`, and says what it is when there is no response"
                raise ValueError(f"{what}; add `otherwise: ...`, or drop the others")
            return self
        if self.otherwise is not None and self.read is None:
            raise ValueError("`otherwise` is for a driver that is read; write `formula` instead")
        if (self.read is None) == (self.formula is None):
            if self.read is not None:
                raise ValueError("a driver has both `read` and `formula`; drop one")
            raise ValueError("a driver has neither `read` nor `formula`; add one: it is read off the record, or computed")
        return self


class Contingency(Item):
    """Something open on the as-of date that sets a driver over a window if it happens."""

    title: str
    chance: Expression
    driver: str
    value: Expression
    from_: FirstDay = Field(alias="from")
    until: LastDay | None = None
    source: Names = ()
    why: str

    def is_drawn_late(self, as_of: date) -> bool:
        """Whether it is drawn though its first day has passed: its window is not over, and its chance leaves open what happened."""
        return self.from_.day < as_of and (self.until is None or as_of <= self.until.day) and self.chance.constant not in (0.0, 1.0)


class Policy(Item):
    """What somebody could do: drivers and quantities that differ from a day on."""

    title: str
    from_: FirstDay | None = Field(default=None, alias="from", description="first day on which it holds; the as-of date where not given")
    until: LastDay | None = Field(default=None, description="last day on which it holds; to the horizon where not given")
    set: dict[str, Expression] = Field(min_length=1, description="drivers and quantities, and what they are while it holds")
    source: Names = ()
    why: str

    def holds(self, day: date) -> bool:
        """Whether it holds on a day."""
        return (self.from_ is None or self.from_.day <= day) and (self.until is None or day <= self.until.day)


class Switch(Item):
    """A part of the model that can be switched on or off; 1 or 0 in formulas."""

    title: str
    default: bool
    why: str = ""
