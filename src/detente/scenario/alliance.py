"""The alliance of a scenario: who belongs to it on a day, what polls say of each member, and how it responds in each draw.

Of each member the newest poll that asks one of the stated questions, as known, gives the support of its public:

    logit(support) = logit(share of those asked) + effect of the question + wave x w + country x c_i

`w` is one normal number for all polls of a wave, `c_i` one for each member. A member without such a poll is imputed from its region, `regional support +
spread x c_i`, and is named wherever the alliance is shown. These numbers have streams of their own, so that no other draw moves.

Refused: a member of the record that the scenario does not describe, an attacked state or leader that it does not, clocks and levels of unequal length.
Where an attacked state is no member on the day, nobody has promised anything: there is no response, and drivers take what `otherwise` says.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from scipy import special

from detente.alliance import Alliance, Ally, Response, expected_shares, respond, willingness
from detente.document import Absence, Formula
from detente.errors import InvalidInput, Problem
from detente.record import Record
from detente.record.entry import Entry
from detente.record.facts import Poll
from detente.record.membership import accessions
from detente.scenario.members import AllianceItem, Member
from detente.scenario.schema import Scenario
from detente.scenario.terms import Values

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Portfolio:
    """An alliance on a day, as known on a day.

    Attributes
    ----------
    item : AllianceItem
    members : mapping of name to Member
        All that are described, whether they belong to it yet or not.
    alliance : Alliance
    polls : mapping of member to (name of the fact, Poll)
        Members whose support was asked.
    """

    item: AllianceItem
    members: Mapping[str, Member]
    alliance: Alliance
    polls: Mapping[str, tuple[str, Poll]]

    @property
    def choosing(self) -> tuple[str, ...]:
        """Members who choose whether to help; those attacked fight whatever happens."""
        return tuple(ally.name for ally in self.alliance.allies if not ally.certain)

    @property
    def imputed(self) -> tuple[str, ...]:
        """Members who choose and whose support nobody asked."""
        return tuple(name for name in self.choosing if name not in self.polls)


def portfolio(scenario: Scenario, record: Record | None, day: date, known: date) -> Portfolio | None:
    """The alliance on a day; None where the scenario has none, or an attacked state does not belong to it.

    Raises
    ------
    InvalidInput
        If a member is not described.
    """
    item = scenario.alliance
    if item is None or record is None:
        return None
    members = record.members(item.of, at=day, known=known)
    if not members.keys() >= set(item.attacked):
        return None
    if left := sorted(members.keys() - scenario.allies.keys()):
        what = f"{', '.join(left)} {'belongs' if len(left) == 1 else 'belong'} to {item.of} on {day} and {'is' if len(left) == 1 else 'are'} not described"
        raise InvalidInput(Problem("alliance.of", what, "nobody may be left out in silence", "add each to `allies`, or choose an earlier as-of date"))
    groups = [group for group in item.groups if any(scenario.allies[name].group == group for name in members)]
    allies = tuple(
        Ally(
            name, member.group, tuple(member.weight * share for share in item.groups[member.group].arrives), certain=name in item.attacked,
        )
        for name, member in scenario.allies.items() if name in members
    )  # fmt: skip
    alliance = Alliance(
        allies, groups=tuple(groups), clocks=tuple(item.clocks), delivered=tuple(level.delivers for level in item.levels.values()), levels=tuple(item.levels),
        leader=item.leader if item.leader in members else None, consensus=item.consensus,
    )  # fmt: skip
    newest = {name: _newest(item, scenario, record, name, day, known) for name in members}
    return Portfolio(item, scenario.allies, alliance, {name: found for name, found in newest.items() if found is not None})


def _candidates(item: AllianceItem, scenario: Scenario, record: Record, known: date) -> Iterator[tuple[Entry, Poll]]:
    """Polls of the countries described that ask one of the questions, as known on a day."""
    for entry in record.entries:
        poll = entry.fact
        if isinstance(poll, Poll) and poll.country in scenario.allies and poll.question in item.polls.questions and poll.beside is None:
            if entry.known <= known and not isinstance(poll.value, Absence):
                yield entry, poll


def _newest(item: AllianceItem, scenario: Scenario, record: Record, member: str, day: date, known: date) -> tuple[str, Poll] | None:
    """The newest poll of a country; of those that began on one day the question that stands first."""
    order = list(item.polls.questions)
    asked = [found for found in _candidates(item, scenario, record, known) if found[1].country == member and found[0].first <= day]
    entry, poll = max(asked, key=lambda found: (found[0].first, -order.index(found[1].question)), default=(None, None))
    return (entry.name, poll) if entry is not None and poll is not None else None


def is_asked(scenario: Scenario, switches: Mapping[str, bool]) -> bool:
    """Whether the scenario has an alliance that is not switched off."""
    return scenario.alliance is not None and (scenario.alliance.when is None or switches[scenario.alliance.when])


def facts_for(scenario: Scenario, record: Record | None, known: date) -> frozenset[str]:
    """Names of the facts that an alliance rests on: who acceded when, and every poll that might count, as known on a day."""
    item = scenario.alliance
    if item is None or record is None:
        return frozenset()
    told = {entry.name for entry in record.entries if entry.known <= known}
    joined = {fact for alliance, fact, _, _ in accessions(record.facts) if alliance == item.of}
    return frozenset(told & {item.of, *joined}) | {entry.name for entry, _ in _candidates(item, scenario, record, known)}


def streams(scenario: Scenario, record: Record | None, known: date) -> tuple[str, ...]:
    """Names of the uniform numbers that an alliance needs: one for each ally that is described, one for each wave of polls that was known."""
    item = scenario.alliance
    if item is None or record is None:
        return ()
    waves = dict.fromkeys(poll.wave for _, poll in _candidates(item, scenario, record, known))
    return (*map(member_stream, scenario.allies), *map(wave_stream, waves))


def member_stream(member: str) -> str:
    """Name of the stream of a member; no quantity can be called so, for a name has no space."""
    return f"support {member}"


def wave_stream(wave: str) -> str:
    """Name of the stream of a wave of polls."""
    return f"wave {wave}"


def respond_to(
    portfolio: Portfolio, numbers: Mapping[str, Floats], *, clocks: Collection[str] | None = None, without: str | None = None, distribution: bool = False
) -> Response:
    """How the alliance responds to `inputs`, in each draw; on some of its clocks if only these are asked for."""
    alliance, threshold = portfolio.alliance, numbers["threshold"]
    if clocks is not None:
        threshold = threshold[:, [clock in clocks for clock in alliance.clocks]]
        alliance = alliance.on(clocks)
    return respond(
        alliance, numbers["logit"], cuts=numbers["cuts"], follow=numbers["follow"], loading=numbers["loading"], threshold=threshold,
        coalition=numbers["coalition"], without=without, distribution=distribution, threads=1,
    )  # fmt: skip


def inputs(
    portfolio: Portfolio, values: Values, chances: Mapping[str, Floats], draws: int, segment: int = 0, shared: dict[object, Floats] | None = None
) -> Iterator[tuple[str, Floats]]:
    """What `detente.alliance.respond` is given, each an array over draws, on one segment of the calendar.

    Parameters
    ----------
    shared : dict, optional
        Filled with what holds on all segments, so that others need not compute it again; of what is the same on all of them with one column.
    """
    item, members, allies = portfolio.item, portfolio.members, portfolio.alliance.allies
    shared = {} if shared is None else shared

    def told(formula: Formula | None) -> Floats:
        assert formula is not None
        if id(formula) not in shared:
            found = np.atleast_2d(np.asarray(formula.evaluate(values), dtype=np.float64))
            shared[id(formula)] = found[:, :1] if (found == found[:, :1]).all() else found
        found = shared[id(formula)]
        return np.broadcast_to(found[:, min(segment, found.shape[1] - 1)], (draws,))

    def normal(stream: str) -> Floats:
        if stream not in shared:
            shared[stream] = np.broadcast_to(special.ndtri(np.asarray(chances[stream], dtype=float)), (draws,))
        return shared[stream]

    support = np.full((draws, len(allies)), 0.5)
    forward = np.zeros((draws, len(allies)))
    for index, ally in enumerate(allies):
        if ally.certain:
            continue
        member = members[ally.name]
        own = normal(member_stream(ally.name))
        if ally.name in portfolio.polls:
            poll = portfolio.polls[ally.name][1]
            assert isinstance(poll.value, float)
            odds = special.logit(poll.value / (100 if poll.unit == "percent" else 1)) + told(item.polls.questions[poll.question])
            odds = odds + told(item.polls.wave) * normal(wave_stream(poll.wave)) + told(item.polls.country) * own
        else:
            region = item.regions[member.region]
            odds = told(region.support) + told(region.spread) * own
        support[:, index] = np.clip(special.expit(odds), 1e-12, 1 - 1e-12)
        forward[:, index] = told(member.forward) if member.forward is not None else 0.0
    exposed = np.array([members[ally.name].exposed for ally in allies])
    yield "logit", willingness(
        support, base=told(item.base), slope=told(item.slope), exposure=told(item.exposure), exposed=exposed, forward=told(item.forward), troops=forward,
        doubt=told(item.doubt),
    )  # fmt: skip
    cuts = [told(level.cut) for level in list(item.levels.values())[1:]]
    yield "cuts", np.sort(np.stack(cuts, axis=1), axis=1)
    yield "threshold", np.stack([told(clock.enough) for clock in item.clocks.values()], axis=1)
    for name in ("follow", "loading", "coalition"):
        yield name, told(getattr(item, name))


def answer(portfolio: Portfolio, found: Response, take: str, clock: str | None) -> Floats:
    """One number of a response for each draw: what a driver takes. What is expected does not hang on the clocks that were asked for."""
    if take == "consensus":
        return np.asarray(found.consensus.sum(axis=1))
    if take == "leader":
        return np.asarray(found.chance[:, 0])
    if take == "enough":
        return np.asarray(found.enough[:, found.alliance.clocks.index(clock or "")])
    whole = portfolio.alliance
    return np.asarray(expected_shares(whole, found.levels)[:, whole.clocks.index(clock or "")].sum(axis=1))
