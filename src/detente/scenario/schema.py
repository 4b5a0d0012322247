"""The scenario file: what may be written in it, item by item.

Every object is closed: an unknown key is an error. Expressions are formulas over quantities, drivers, switches and regimes (see
`detente.document.Formula`). What the parts mean is in `docs/reference/scenario.md`; whether they fit together is checked in
`detente.scenario.consistency`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, model_validator

from detente.document import Expression, FirstDay, LastDay
from detente.record import Query
from detente.record.source import Names
from detente.scenario.distributions import FAMILIES, Distribution
from detente.scenario.evidence import Built, Figure, HistoryItem

Evidence: TypeAlias = Literal["measured", "published", "elicited", "judgement"]
LONGEST = 100  # years that a horizon may have: judgement


class Item(BaseModel):
    """A closed, frozen part of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Quantity(Item):
    """Something that must be estimated: a distribution with a unit, a grade and a reason."""

    title: str
    unit: str
    distribution: Distribution = Field(description="family and its parameters, written flat beside the other keys")
    evidence: Evidence
    source: Names = ()
    built_from: Built = Field(default=(), description="past cases that it rests on")
    known: FirstDay
    why: str = Field(description="one sentence that a critic can attack")
    stream: str | None = Field(default=None, description="name of its random stream, where two names collide")

    @model_validator(mode="before")
    @classmethod
    def _gather_distribution(cls, data: Any) -> Any:
        """Move the keys of the distribution below `distribution`."""
        if not isinstance(data, Mapping) or "distribution" in data:
            return data
        own = set(cls.model_fields) - {"distribution"}
        keys = FAMILIES.get(str(data.get("family", "")), frozenset()) | {"family"}
        inner = {key: value for key, value in data.items() if key in keys and key not in own}
        return {**{key: value for key, value in data.items() if key not in inner}, "distribution": inner}


class Correlation(Item):
    """How the ranks of two quantities go together."""

    between: tuple[str, str] = Field(description="two quantities")
    rank: float = Field(gt=-1, lt=1, description="Spearman's rank correlation")
    evidence: Evidence
    source: Names = ()
    why: str = Field(description="one sentence that a critic can attack")


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
    payoff: dict[str, Expression] = {}
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
    moods: dict[str, dict[str, Expression | Literal["rest"]]] = {}
    weights: dict[str, Expression] = {}
    when: str | None = None
    tree: dict[str, Any] | None = None
    form: FormItem | None = None
    players: dict[str, str] = {}
    ends: dict[str, dict[str, Any] | None] = {}

    @model_validator(mode="after")
    def _one_tree(self) -> GameItem:
        if (self.tree is None) == (self.form is None):
            raise ValueError("a game has a `tree` of its own, or a `form` with `players` and `ends`; keep one of them")
        if self.tree is not None and (self.players or self.ends):
            raise ValueError("`players` and `ends` fill in a `form`; in a `tree` actors and ends stand where they belong")
        return self


class Switch(Item):
    """A part of the model that can be switched on or off; 1 or 0 in formulas."""

    title: str
    default: bool
    why: str = ""


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
    moves: dict[str, RegimeMove] = {}
    when: str | None = Field(default=None, description="switch; while it is off the background stays in the state that `rests` names")
    rests: str | None = Field(default=None, description="state of the background while its switch is off; the first one where not given")

    @property
    def resting(self) -> str:
        """The state in which it stays while its switch is off."""
        return self.rests or next(iter(self.states))


class AllianceClock(Item):
    """A date by which help counts."""

    title: str
    enough: Expression = Field(description="capability that is enough by then, as a share of what all members' forces would bring")


class AllianceGroup(Item):
    """Members that decide at the same time; groups stand in the order of decision."""

    title: str
    arrives: tuple[float, ...] = Field(description="share of a member's weight that its forces bring, by each clock")
    why: str = Field(description="one sentence that a critic can attack")


class AllianceLevel(Item):
    """A level of help; levels stand from the least to the most."""

    title: str
    cut: Expression | None = Field(default=None, description="readiness above which it is chosen; every level but the first has one")
    delivers: tuple[float, ...] = Field(description="share of what its forces would bring, by each clock")


class Member(Item):
    """A member of the alliance, whether it belongs to the alliance yet or not: that is in the record."""

    group: str
    region: str
    weight: float = Field(ge=0, description="all of its capability, in any unit that is one for all members")
    exposed: float = Field(default=0, ge=0, le=1, description="how near it is to a reply, where 1 is at the border")
    forward: Expression | None = Field(default=None, description="whether it has troops of its own in the country attacked, 1 or 0")


class AlliancePolls(Item):
    """How polls are read."""

    questions: dict[str, Expression] = Field(min_length=1, description="questions of polls, and what is added to their log-odds to make them one question")
    wave: Expression = Field(description="standard deviation of what is common to all polls of a wave, in log-odds")
    country: Expression = Field(description="standard deviation of what is a country's own from wave to wave, in log-odds")


class AllianceRegion(Item):
    """What is taken for the support of members that nobody asked."""

    title: str
    support: Expression = Field(description="log-odds of support")
    spread: Expression = Field(description="standard deviation between countries, in log-odds")


class AllianceItem(Item):
    """Who shows up if a member is attacked: the promises of an alliance, decided one after another (see `detente.alliance`)."""

    title: str
    of: str = Field(description="alliance of the record whose members they are")
    attacked: tuple[str, ...] = Field(min_length=1, description="members under attack, who fight whatever happens")
    leader: str | None = Field(default=None, description="member on whose choice results are told apart")
    when: str | None = Field(default=None, description="switch")
    clocks: dict[str, AllianceClock] = Field(min_length=1)
    groups: dict[str, AllianceGroup] = Field(min_length=1)
    levels: dict[str, AllianceLevel] = Field(min_length=2)
    consensus: str = Field(description="least level that does not block the Council")
    weights: str = Field(description="what the weights of `allies` are, in a sentence")
    polls: AlliancePolls
    regions: dict[str, AllianceRegion] = {}
    base: Expression = Field(description="log-odds of sending forces where the public is evenly split")
    slope: Expression = Field(description="log-odds of a government for each of its public's")
    exposure: Expression = Field(description="what being at the border adds to log-odds")
    forward: Expression = Field(description="what own troops in the country attacked add to log-odds")
    doubt: Expression = Field(description="log-odds lost while it is unclear who attacks")
    follow: Expression = Field(description="log-odds won if all who decided before send forces, and lost if none does")
    loading: Expression = Field(description="loading of the common factor, 0 to 1")
    coalition: Expression = Field(description="share of what is committed that a coalition brings without consensus")
    evidence: Evidence
    source: Names = ()
    known: FirstDay
    why: str = Field(description="one sentence that a critic can attack")


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
    quantities: dict[str, Quantity] = {}
    correlations: dict[str, Correlation] = {}
    drivers: dict[str, Driver] = {}
    contingencies: dict[str, Contingency] = {}
    policies: dict[str, Policy] = {}
    rungs: dict[str, RungItem] = Field(min_length=2)
    groups: dict[str, tuple[str, ...]] = {}
    start: dict[str, Expression] = {}
    regimes: dict[str, Regime] = Field(default={}, max_length=1)
    moves: dict[str, MoveItem] = {}
    games: dict[str, GameItem] = {}
    stakes: dict[str, dict[str, Stake]] = {}
    switches: dict[str, Switch] = {}
    alliance: AllianceItem | None = Field(default=None, description="who shows up if one of its members is attacked")
    allies: dict[str, Member] = Field(default={}, description="members of the alliance, by the names that the record has for them")
    pairs: tuple[str, ...] = ()
    history: dict[str, HistoryItem] = {}
    figures: dict[str, Figure] = {}
    structures: dict[str, Structure] = {}
    factors: dict[str, Factor] = {}
