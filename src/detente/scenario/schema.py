"""The scenario file: its sections, and other readings of the same scenario.

Every object is closed: an unknown key is an error. Expressions are formulas over quantities, drivers, switches and regimes (see
`detente.document.Formula`). What stands in a section is in `quantities`, `inputs`, `rungs`, `members` and `evidence` of this package. What the parts mean
is in `docs/reference/scenario.md`; whether they fit together is checked in `detente.scenario.consistency`.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from detente.document import Expression, FirstDay
from detente.record.source import Item, Names
from detente.scenario.evidence import Figure, HistoryItem
from detente.scenario.inputs import Contingency, Driver, Policy, Switch
from detente.scenario.members import AllianceItem, Member
from detente.scenario.quantities import Correlation, Quantity
from detente.scenario.rungs import Actor, GameItem, MoveItem, Regime, RungItem, Stake

LONGEST = 100  # years that a horizon may have: judgement


class Structure(Item):
    """Another reading of the same scenario, to be shown beside it."""

    title: str
    why: str = Field(description="what is in doubt, in a sentence")
    foresight: Literal["none", "next"] = Field(default="none", description="whether actors foresee the next calendar segment")
    disposition: Names = Field(default=(), description="actors whose moods are one for each draw, known to all, instead of redrawn at every meeting")
    multiply: dict[str, float] = Field(default={}, description="quantities, each with the factor by which its draws are multiplied")
    switches: dict[str, bool] = Field(default={}, description="switches, each with its position")


class Factor(Item):
    """A reason that somebody gives, as a part of the model: what the model is without it."""

    title: str
    source: Names = ()
    why: str = Field(description="how the reason is read as a part of the model, or why it cannot be")
    disposition: Names = Field(default=(), description="without it: actors whose moods are known to all")
    multiply: dict[str, float] = Field(default={}, description="without it: quantities, each with the factor by which its draws are multiplied")
    switches: dict[str, bool] = Field(default={}, description="without it: switches, each with its position")

    @property
    def in_model(self) -> bool:
        """Whether the model has a part for it."""
        return bool(self.disposition or self.multiply or self.switches)


class Scenario(Item):
    """A whole scenario file after `extends` has been resolved."""

    format: str
    title: str
    as_of: FirstDay
    horizon: float = Field(gt=0, le=LONGEST, description="years")
    extends: str | None = None
    record: str | None = None
    actors: dict[str, Actor] = Field(min_length=1)
    quantities: dict[str, Quantity] = Field(default={})
    correlations: dict[str, Correlation] = Field(default={})
    drivers: dict[str, Driver] = Field(default={})
    contingencies: dict[str, Contingency] = Field(default={})
    policies: dict[str, Policy] = Field(default={})
    rungs: dict[str, RungItem] = Field(min_length=2)
    groups: dict[str, tuple[str, ...]] = Field(default={})
    start: dict[str, Expression] = Field(default={})
    regimes: dict[str, Regime] = Field(default={}, max_length=1)
    moves: dict[str, MoveItem] = Field(default={})
    games: dict[str, GameItem] = Field(default={})
    stakes: dict[str, dict[str, Stake]] = Field(default={})
    switches: dict[str, Switch] = Field(default={})
    alliance: AllianceItem | None = Field(default=None, description="who shows up if one of its members is attacked")
    allies: dict[str, Member] = Field(default={}, description="members of the alliance, by the names that the record has for them")
    pairs: tuple[str, ...] = ()
    history: dict[str, HistoryItem] = Field(default={})
    figures: dict[str, Figure] = Field(default={})
    structures: dict[str, Structure] = Field(default={})
    factors: dict[str, Factor] = Field(default={})
