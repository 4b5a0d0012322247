"""A judge of perfect Bayesian equilibria that shares no code with the closed forms or the solver."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import product

from detente.games import Chance, Decision, Game, Node, Terminal
from detente.games.classic.closed_form import ClosedForm
from detente.games.classic.entry import ClassicGame

Strategies = Mapping[str, Mapping[str, float]]


class Judge:
    """Walks the tree of a game under one profile."""

    def __init__(self, game: ClassicGame, strategies: Strategies) -> None:
        self.game, self.strategies = game, strategies
        self.reach: dict[str, float] = defaultdict(float)
        self.outcomes: dict[str, float] = defaultdict(float)
        self.members: dict[str, list[tuple[Decision, float, float, tuple[str, ...]]]] = defaultdict(list)
        self._visit(game.root, 1.0, 1.0, ())

    def _visit(self, node: Node, reach: float, prior: float, labels: tuple[str, ...]) -> None:
        if isinstance(node, Chance):
            for number, label, child in node.branches:
                chance = self.game.chance[number]
                self._visit(child, reach * chance, prior * chance, (*labels, label))
        elif isinstance(node, Decision):
            name = str(node.infoset)
            self.reach[name] += reach
            self.members[name].append((node, reach, prior, labels))
            for action, child in node.branches:
                self._visit(child, reach * self.strategies[name][action], prior, labels)
        else:
            self.outcomes[node.label] += reach

    def worth(self, node: Node, player: int) -> float:
        if isinstance(node, Chance):
            return sum(self.game.chance[number] * self.worth(child, player) for number, _, child in node.branches)
        if isinstance(node, Decision):
            return sum(self.strategies[str(node.infoset)][action] * self.worth(child, player) for action, child in node.branches)
        return float(self.game.payoffs[node.outcome, player])

    def event(self, infoset: str, event: str) -> float:
        """Probability by Bayes of a type, at a set that is reached."""
        return sum(reach for _, reach, _, labels in self.members[infoset] if happened(event, labels)) / self.reach[infoset]

    def regret(self, infoset: str, beliefs: Mapping[str, float]) -> float:
        """Loss against a best reply: under Bayes where the set is reached, else under the prior with the events as likely as stated."""
        members = self.members[infoset]
        off_path = self.reach[infoset] == 0
        weights = [prior if off_path else reach for _, reach, prior, _ in members]
        for event, belief in beliefs.items() if off_path else ():
            share = sum(prior for _, _, prior, labels in members if happened(event, labels)) / sum(prior for _, _, prior, _ in members)
            factors = [belief / share if happened(event, labels) else (1 - belief) / (1 - share) for *_, labels in members]
            weights = [weight * factor for weight, factor in zip(weights, factors, strict=True)]
        total, player = sum(weights), members[0][0].player
        if total == 0:  # a type of probability zero
            return 0.0
        by_action: dict[str, float] = defaultdict(float)
        for weight, (node, *_) in zip(weights, members, strict=True):
            for action, child in node.branches:
                by_action[action] += weight / total * self.worth(child, player)
        return max(by_action.values()) - sum(self.strategies[infoset][action] * worth for action, worth in by_action.items())


def happened(event: str, labels: tuple[str, ...]) -> bool:
    """Whether nature drew one of the types that an event names."""
    return any(part in labels for part in event.split(" or "))


def profiles(found: ClosedForm) -> Iterator[Strategies]:
    """The stated profile, and those at the corners of its ranges."""
    yield found.strategies
    for corner in product(*([(key, low), (key, high)] for key, (low, high) in found.ranges.items())):
        changed = {name: dict(actions) for name, actions in found.strategies.items()}
        for (infoset, action), probability in corner:
            changed[infoset][action] = probability
            other = next(name for name in changed[infoset] if name != action)
            changed[infoset][other] = 1 - probability
        yield changed


def assert_equilibrium(game: ClassicGame, found: ClosedForm, tolerance: float = 1e-12) -> None:
    """Every profile and belief of a class is a perfect Bayesian equilibrium: sequentially rational everywhere, with Bayes on the path."""
    assert set(found.strategies) == {str(infoset) for _, infoset in game.layout[1].infoset_names}, found.name
    for strategies in profiles(found):
        judge = Judge(game, strategies)
        assert all(abs(sum(actions.values()) - 1) < tolerance and min(actions.values()) >= -tolerance for actions in strategies.values()), found
        for infoset in strategies:
            stated = {event: ends for (where, event), ends in found.beliefs.items() if where == infoset}
            for event, (low, high) in stated.items():
                if judge.reach[infoset] > tolerance:
                    assert low - tolerance <= judge.event(infoset, event) <= high + tolerance, (found, infoset)
            for corner in product(*([(event, end) for end in ends] for event, ends in stated.items())):
                assert judge.regret(infoset, dict(corner)) <= tolerance, (found.name, infoset, corner, game.arguments)


def outcomes(game: ClassicGame, found: ClosedForm) -> dict[str, float]:
    """How often play ends at each outcome."""
    judge = Judge(game, found.strategies)
    assert abs(sum(judge.outcomes.values()) - 1) < 1e-12
    return dict(judge.outcomes)


def played(game: Game, node: Node, labels: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """For each draw of types how play ends if everybody knows them, by backward induction."""
    if isinstance(node, Chance):
        for _, label, child in node.branches:
            yield from played(game, child, (*labels, label))
    else:
        yield labels, induced(game, node).label


def induced(game: Game, node: Node) -> Terminal:
    if isinstance(node, Terminal):
        return node
    assert isinstance(node, Decision)
    player = node.player
    return max((induced(game, child) for _, child in node.branches), key=lambda end: game.payoffs[end.outcome, player])
