"""The ladder as a file states it: who chooses, rungs and what they are worth, chance moves, crisis games, and the background.

Trees of games are checked in `detente.scenario.trees`, forms in `detente.scenario.forms`.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, model_validator

from detente.document import Expression
from detente.record.source import Item, Names


class Actor(Item):
    """Who chooses: how it discounts the future and how precisely it chooses."""

    title: str
    discount: Expression
    precision: Expression


class RungItem(Item):
    """A rung of the ladder."""

    title: str
    aside: bool = False
    final: bool = False
    episode: str | None = None


class Stake(Item):
    """What a rung is worth to an actor: `capital` where it lasts, `flow` a year where it passes."""

    capital: Expression | None = None
    flow: Expression | None = None

    @model_validator(mode="before")
    @classmethod
    def _has_a_word(cls, data: Any) -> Any:
        if data == {} or isinstance(data, str | int | float):
            amount = "1" if data == {} else data
            lasting, passing = f"{{capital: {amount}}} where the rung lasts (prizes)", f"{{flow: {amount}}} where it passes (prizes a year)"
            raise ValueError(f"a stake has no word that says what it is; write {lasting}, or {passing}")
        return data

    @model_validator(mode="after")
    def _one_word(self) -> Stake:
        if (self.capital is None) == (self.flow is None):
            raise ValueError("a stake has both `capital` and `flow`; keep capital where the rung lasts, flow where it passes")
        return self


class MoveItem(Item):
    """A chance move."""

    title: str = ""
    from_: Names = Field(alias="from")
    to: str
    rate: Expression
    origin: str | None = None
    trigger: str | None = None
    payoff: dict[str, Expression] = Field(default={})
    when: str | None = None


class FormItem(Item):
    """Where the form of a crisis game comes from: the catalogue of classic games, or an .efg file."""

    catalogue: str | None = None
    file: str | None = None
    efg: str | None = None

    @model_validator(mode="after")
    def _one_way(self) -> FormItem:
        if sum(way is not None for way in (self.catalogue, self.file, self.efg)) != 1:
            raise ValueError("a form comes from one place; write {catalogue: NAME}, or {file: PATH.efg}")
        return self


class GameItem(Item):
    """A crisis game: who may do what, with which private moods, and where it ends."""

    title: str = ""
    at: Names
    tempo: Expression
    moods: dict[str, dict[str, Expression | Literal["rest"]]] = Field(default={})
    weights: dict[str, Expression] = Field(default={})
    when: str | None = None
    tree: dict[str, Any] | None = None
    form: FormItem | None = None
    players: dict[str, str] = Field(default={})
    ends: dict[str, dict[str, Any] | None] = Field(default={})

    @model_validator(mode="after")
    def _one_tree(self) -> GameItem:
        if (self.tree is None) == (self.form is None):
            raise ValueError("a game has a `tree` of its own, or a `form` with `players` and `ends`; keep one of them")
        if self.tree is not None and (self.players or self.ends):
            raise ValueError("`players` and `ends` fill in a `form`; in a `tree` actors and ends stand where they belong")
        return self


class RegimeMove(Item):
    """A move of the background."""

    from_: str = Field(alias="from")
    to: str
    rate: Expression


class Regime(Item):
    """A background that multiplies the rungs; `NAME_STATE` is 1 in formulas while it is in that state."""

    title: str
    states: dict[str, str] = Field(min_length=1)
    start: dict[str, Expression]
    moves: dict[str, RegimeMove] = Field(default={})
    when: str | None = Field(default=None, description="switch; while it is off the background stays in the state that `rests` names")
    rests: str | None = Field(default=None, description="state of the background while its switch is off; the first one where not given")

    @property
    def resting(self) -> str:
        """The state in which it stays while its switch is off."""
        return self.rests or next(iter(self.states))
