"""From a checked scenario to a ladder: names become rungs, moves, games and stakes whose numbers are terms.

Groups in `from` and `at` unfold to one move or game per rung; a background regime multiplies every rung by its states. Mechanisms that a switch
turns off are left out, so that a rung which only they reach is reported.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from detente.document import Formula
from detente.ladder import CrisisGame, Ladder, Move, Rung, is_end
from detente.scenario.forms import tree_of
from detente.scenario.schema import Scenario
from detente.scenario.terms import Term, number

REST = "rest"
HERE = "here"
ALWAYS = ("",)


def rungs_of(scenario: Scenario, names: tuple[str, ...]) -> tuple[str, ...]:
    """Unfold groups into rungs."""
    return tuple(rung for name in names for rung in scenario.groups.get(name, (name,)))


def indicators(scenario: Scenario) -> frozenset[str]:
    """Names that are 1 in formulas while the background is in a state."""
    return frozenset(f"{name}_{state}" for name, regime in scenario.regimes.items() for state in regime.states)


def switch_of(when: str) -> str:
    """The switch that `NAME` or `not NAME` hangs on."""
    return when.removeprefix("not ").strip()


def active(when: str | None, switches: Mapping[str, bool]) -> bool:
    """Whether a mechanism is on; `not name` inverts a switch."""
    return when is None or switches[switch_of(when)] != when.startswith("not ")


class _Builder:
    def __init__(self, scenario: Scenario, switches: Mapping[str, bool]) -> None:
        self.scenario, self.switches = scenario, switches
        self.indicators = indicators(scenario)
        written = next(iter(scenario.regimes.items()), None)
        moving = written is not None and active(written[1].when, switches)
        self.regime = written if moving else None
        self.states = tuple(self.regime[1].states) if self.regime else ALWAYS
        # A background that is switched off multiplies nothing: formulas see the state in which it rests.
        self.resting = f"{written[0]}_{written[1].resting}" if written is not None and not moving else None
        self.group = {rung: group for group, members in scenario.groups.items() for rung in members}

    def at(self, name: str, state: str) -> str:
        return f"{name}@{state}" if state else name

    def number(self, formula: Formula, state: str, times: Formula | None = None) -> Term | float:
        indicator = f"{self.regime[0]}_{state}" if self.regime else self.resting
        return number(formula, times=times, state=indicator, indicators=self.indicators)

    def rungs(self) -> Iterator[Rung]:
        for name, item in self.scenario.rungs.items():
            for state in self.states:
                # An episode whose game is switched off leaves an ordinary rung, which is then reported as out of reach.
                on = item.episode is not None and active(self.scenario.games[item.episode].when, self.switches)
                episode = self.at(item.episode, state) if on and item.episode else None
                yield Rung(self.at(name, state), self.group.get(name), item.aside, item.final, episode, name)

    def moves(self) -> Iterator[Move]:
        for name, item in self.scenario.moves.items():
            if not active(item.when, self.switches):
                continue
            sources = rungs_of(self.scenario, item.from_)
            for source in sources:
                for state in self.states:
                    label = name if len(sources) == 1 else f"{name}@{source}"
                    yield Move(
                        self.at(label, state), self.at(source, state), self.at(item.to, state), self.number(item.rate, state),
                        {actor: self.number(amount, state) for actor, amount in item.payoff.items()},
                        item.origin or "unlabelled", item.trigger or item.origin or "unlabelled",
                    )  # fmt: skip
        if self.regime:
            for name, change in self.regime[1].moves.items():
                for rung, place in self.scenario.rungs.items():
                    if not place.final:
                        yield Move(
                            f"{name}@{rung}", self.at(rung, change.from_), self.at(rung, change.to), self.number(change.rate, change.from_),
                            origin="background", trigger="background",
                        )  # fmt: skip

    def tree(self, tree: Mapping[str, Any], state: str) -> dict[str, Any]:
        if "when" in tree:
            return self.tree(tree["then" if active(tree["when"], self.switches) else "otherwise"] or {}, state)
        if not is_end(tree):
            return {player: {action: self.tree(after or {}, state) for action, after in branches.items()} for player, branches in tree.items()}
        end: dict[str, Any] = {key: tree[key] for key in ("origin", "trigger") if key in tree}
        if tree.get("to", HERE) != HERE:
            end["to"] = self.at(tree["to"], state)
        end["payoff"] = {
            actor: {mood: self.number(Formula.parse(str(x)), state) for mood, x in amount.items()}
            if isinstance(amount, Mapping)
            else self.number(Formula.parse(str(amount)), state)
            for actor, amount in tree.get("payoff", {}).items()
        }
        return end

    def games(self) -> Iterator[CrisisGame]:
        for name, item in self.scenario.games.items():
            if not active(item.when, self.switches):
                continue
            places = rungs_of(self.scenario, item.at)
            written = tree_of(item)
            for place in places:
                for state in self.states:
                    label = name if len(places) == 1 else f"{name}@{place}"
                    tree = self.tree(written, state)
                    moods = {
                        player: {mood: self.number(share, state) if isinstance(share, Formula) else None for mood, share in table.items()}
                        for player, table in item.moods.items()
                    }
                    weights = {action: self.number(weight, state) for action, weight in item.weights.items()}
                    yield CrisisGame(self.at(label, state), self.at(place, state), self.number(item.tempo, state), tree, moods, weights)

    def flow(self) -> dict[str, dict[str, Term | float]]:
        table: dict[str, dict[str, Term | float]] = {}
        for rung, stakes in self.scenario.stakes.items():
            for state in self.states:
                table[self.at(rung, state)] = {
                    actor: self.number(stake.flow, state) for actor, stake in stakes.items() if stake.flow is not None
                } | {
                    actor: self.number(stake.capital, state, times=self.scenario.actors[actor].discount)
                    for actor, stake in stakes.items() if stake.capital is not None
                }  # fmt: skip
        return table

    def start(self) -> dict[str, Any]:
        first = next(iter(self.scenario.rungs))
        start = self.scenario.start or {first: Formula.parse("1")}
        if not self.regime:
            return {rung: self.number(share, "") for rung, share in start.items()}
        table = {}
        for rung, share in start.items():
            for state, chance in self.regime[1].start.items():
                table[self.at(rung, state)] = self.number(Formula.parse(f"({share.text}) * ({chance.text})"), state)
        return table


def build(scenario: Scenario, switches: Mapping[str, bool]) -> Ladder:
    """The ladder of a scenario under given switch positions.

    Raises
    ------
    InvalidInput
        With the ladder's structural problems; `where` starts with `rung NAME`, `move NAME` or `game NAME`.
    """
    builder = _Builder(scenario, switches)
    return Ladder(
        rungs=tuple(builder.rungs()),
        actors=tuple(scenario.actors),
        moves=tuple(builder.moves()),
        games=tuple(builder.games()),
        flow=builder.flow(),
        discount={name: builder.number(actor.discount, "") for name, actor in scenario.actors.items()},
        precision={name: builder.number(actor.precision, "") for name, actor in scenario.actors.items()},
        start=builder.start(),
    )
