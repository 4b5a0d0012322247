"""An alliance as a file states it: its members, in which order they decide, and what their choices hang on.

How it responds is computed in `detente.scenario.alliance`.
"""

from __future__ import annotations

from pydantic import Field

from detente.document import Expression, FirstDay
from detente.record.source import Item, Names
from detente.scenario.quantities import Evidence


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
    regions: dict[str, AllianceRegion] = Field(default={})
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
