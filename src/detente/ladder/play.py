"""How each game of a solved ladder is played, told from the definition.

Everything here follows from the definition by enumerating histories (moods of all players and the actions taken) in NumPy, from the ladder itself: of the
solver nothing is used but its answer and where each part of it stands. At information set I of player j, who knows his mood and the path,

    b(m) proportional to P(m) P(path | m),   Q(I, a) = sum_m b(m) sum_{z below a} P(z | m, path, a) (r_j(z) + V_j(t_z)),
    sigma(a | I) = w_a exp(lambda_j Q(I, a)) / sum_b w_b exp(lambda_j Q(I, b)),

with m the moods of the others. Behaviour on which some belief depends is taken from the solution (`detente.ladder.certificate` compares it with the last
line); all other behaviour follows from later play by that line.

Refused: a draw or segment that was not solved.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from detente.ladder.equilibrium import Equilibrium
from detente.ladder.layout import Plan, key_of
from detente.ladder.model import CrisisGame, Number, Tree, is_end
from detente.ladder.positions import check_solved

Floats = NDArray[np.float64]
Path = tuple[str, ...]
Moods = Mapping[str, str]


@dataclass(frozen=True)
class Action:
    """One option: how often it is taken, what its taker expects from it (in own prizes, from now on), and its weight."""

    name: str
    probability: float
    expected: float
    weight: float


@dataclass(frozen=True)
class Choice:
    """What a player does at one information set.

    Attributes
    ----------
    game, rung, player : str
    mood : str or None
        The mover's own, which he knows; None where he has no moods that tell.
    path : tuple of str
        Actions taken before, which all see.
    reached : float
        Probability that a meeting comes to this point in this mood.
    beliefs : mapping
        `{other player: {mood: probability}}` given the path.
    actions : tuple of Action
    """

    game: str
    rung: str
    player: str
    mood: str | None
    path: Path
    reached: float
    beliefs: Mapping[str, Mapping[str, float]]
    actions: tuple[Action, ...]


def choices(equilibrium: Equilibrium, draw: int = 0, segment: int = 0) -> tuple[Choice, ...]:
    """Every choice of one draw in one segment, game by game, in the order of play.

    Parameters
    ----------
    equilibrium : Equilibrium
    draw, segment : int
        Positions in `equilibrium.values`.

    Raises
    ------
    InvalidInput
        If there is no such draw or segment.

    Examples
    --------
    >>> from detente.ladder import CrisisGame, Ladder, Rung, choices, solve
    >>> ladder = Ladder(
    ...     rungs=(Rung("crisis"), Rung("calm", final=True), Rung("war", final=True)), actors=("challenger",),
    ...     games=(CrisisGame("bargain", "crisis", 4.0, {"challenger": {"back_down": {"to": "calm"}, "strike": {"to": "war"}}}),),
    ...     flow={"war": {"challenger": -0.4}}, discount={"challenger": 0.1}, precision={"challenger": 1.0},
    ... )
    >>> [(action.name, round(action.probability, 3), round(action.expected, 3)) for action in choices(solve(ladder))[0].actions]
    [('back_down', 0.982, 0.0), ('strike', 0.018, -4.0)]
    """
    solution = Solution.of(equilibrium, [draw], [segment])
    found: list[Choice] = []
    for played in solution.plays():
        for (path, mood), point in played.points.items():
            rows = zip(point.actions, np.exp(point.log_probability[0]), point.quality[0], np.exp(point.log_weight[0]), strict=True)
            beliefs: dict[str, dict[str, float]] = {}
            for moods, share in zip(point.others, point.belief[0], strict=True):
                for player, known in moods.items():
                    table = beliefs.setdefault(player, {})
                    table[known] = table.get(known, 0.0) + float(share)
            actions = tuple(Action(name, float(p), float(q), float(w)) for name, p, q, w in rows)
            game = played.game
            found.append(Choice(game.name, game.at, point.player, mood, path, float(played.reached(path, mood, point.player)[0]), beliefs, actions))
    return tuple(found)


def log_softmax(score: Floats) -> Floats:
    """Logarithms of probabilities along the last axis."""
    top = score.max(axis=-1, keepdims=True)
    return np.asarray(score - top - np.log(np.exp(score - top).sum(axis=-1, keepdims=True)))


def histories(tree: Tree, path: Path = ()) -> Iterator[tuple[Path, Path, Tree]]:
    """Every way to play: who moves at each step, what they do, and the end."""
    if is_end(tree):
        yield (), path, tree
        return
    ((player, branches),) = tree.items()
    for action, after in branches.items():
        for movers, actions, end in histories(after, (*path, action)):
            yield (player, *movers), actions, end


def information_sets(tree: Tree, path: Path = ()) -> Iterator[tuple[str, Path, tuple[str, ...]]]:
    """(player, path, actions) in the order of play."""
    if is_end(tree):
        return
    ((player, branches),) = tree.items()
    yield player, path, tuple(branches)
    for action, after in branches.items():
        yield from information_sets(after, (*path, action))


@dataclass(frozen=True)
class Point:
    """An information set; arrays are pair x action, belief pair x (moods of the others)."""

    player: str
    actions: tuple[str, ...]
    log_weight: Floats
    log_probability: Floats
    response: Floats  # log-probability that follows from the qualities
    quality: Floats
    others: tuple[Moods, ...]
    belief: Floats


@dataclass(frozen=True)
class Played:
    """One game with the behaviour in it."""

    game: CrisisGame
    priors: Mapping[str, Mapping[str, Floats]]
    profiles: tuple[Moods, ...]
    histories: tuple[tuple[Path, Path, Tree], ...]
    points: Mapping[tuple[Path, str | None], Point]

    def step(self, movers: Path, actions: Path, place: int, moods: Moods) -> Floats:
        """Log-probability of one step of a history."""
        point = self.points[actions[:place], moods.get(movers[place])]
        return point.log_probability[:, point.actions.index(actions[place])]

    def chance(self, moods: Moods) -> Floats:
        """Probability that the players are in these moods."""
        return np.prod([self.priors[player][mood] for player, mood in moods.items()], axis=0) if moods else np.ones(())

    def reached(self, path: Path, mood: str | None, player: str) -> Floats:
        """Probability that play passes an information set."""
        movers, actions, _ = next(history for history in self.histories if history[1][: len(path)] == path)
        total = np.zeros(len(next(iter(self.points.values())).quality))
        for moods in self.profiles:
            if moods.get(player) == mood:
                total = total + self.chance(moods) * np.exp(sum((self.step(movers, actions, k, moods) for k in range(len(path))), np.zeros(())))
        return total

    def arrivals(self) -> Iterator[tuple[Moods, Tree, Floats]]:
        """Every end in every mood with its probability."""
        for moods in self.profiles:
            for movers, actions, end in self.histories:
                yield moods, end, self.chance(moods) * np.exp(sum((self.step(movers, actions, k, moods) for k in range(len(movers))), np.zeros(())))


@dataclass(frozen=True)
class Solution:
    """A ladder with its numbers and its solution, over pairs of draw and segment."""

    plan: Plan
    draws: NDArray[np.int64]
    segments: NDArray[np.int64]
    slots: Mapping[object, int]
    numbers: Floats  # pair x slot
    value: Floats  # pair x rung x actor
    ratio: Floats  # pair x free log-ratio

    @classmethod
    def of(cls, equilibrium: Equilibrium, draws: Sequence[int] | NDArray[np.int64], segments: Sequence[int] | NDArray[np.int64]) -> Solution:
        plan = equilibrium.plan
        check_solved(equilibrium, draws, segments)
        at = np.asarray(draws, dtype=np.int64), np.asarray(segments, dtype=np.int64)
        n_values = len(plan.ladder.rungs) * len(plan.ladder.actors)
        slots = {key_of(number): slot for slot, number in enumerate(plan.numbers)}
        return cls(plan, *at, slots, equilibrium.values[at], equilibrium.value[at], equilibrium.unknown[at][:, n_values:])

    def __call__(self, number: Number) -> Floats:
        """A number of the ladder over pairs."""
        return self.numbers[:, self.slots[key_of(number)]]

    def actor(self, name: str) -> int:
        return self.plan.ladder.actors.index(name)

    def payoff(self, payoff: Mapping[str, Number], moods: Moods) -> Floats:
        """What is paid at once: pair x actor."""
        paid = np.zeros((len(self.numbers), len(self.plan.ladder.actors)))
        for player, amount in payoff.items():
            paid[:, self.actor(player)] = self(amount[moods[player]] if isinstance(amount, Mapping) else amount)
        return paid

    def worth(self, game: CrisisGame, end: Tree, moods: Moods) -> Floats:
        """What an end is worth with what follows it: pair x actor."""
        return self.payoff(end.get("payoff", {}), moods) + self.value[:, self.plan.ladder.rung(end.get("to", game.at))]

    def plays(self) -> list[Played]:
        """Every game, in the ladder's order; those whose moods another game reveals are played after it."""
        ladder = self.plan.ladder
        tagged = [ladder.rungs[ladder.rung(game.at)].episode is not None for game in ladder.games]
        done: dict[str, Played] = {}
        for index in sorted(range(len(ladder.games)), key=lambda k: tagged[k]):
            game = ladder.games[index]
            done[game.name] = self.play(index, self.priors(game, done))
        return [done[game.name] for game in ladder.games]

    def priors(self, game: CrisisGame, done: Mapping[str, Played]) -> dict[str, dict[str, Floats]]:
        """Chance of each mood: as stated, or the posterior of the opener whose choice leads to this rung."""
        priors: dict[str, dict[str, Floats]] = {}
        for player, moods in game.moods.items():
            stated = {mood: self(share) for mood, share in moods.items() if share is not None}
            rest = np.maximum(1.0 - sum(stated.values(), np.zeros(len(self.numbers))), 0.0)
            priors[player] = {mood: stated.get(mood, rest) for mood in moods}
        episode = self.plan.ladder.rungs[self.plan.ladder.rung(game.at)].episode
        feeder = None if episode is None else done[episode]
        if feeder is not None and feeder.game.opener in priors and feeder.game.opener in feeder.game.moods:
            opener = feeder.game.opener
            came = {mood: np.zeros(len(self.numbers)) for mood in priors[opener]}
            for moods, end, chance in feeder.arrivals():
                if end.get("to") == game.at and moods[opener] in came:
                    came[moods[opener]] = came[moods[opener]] + chance
            total = sum(came.values(), np.zeros(len(self.numbers)))
            for mood, share in came.items():
                priors[opener][mood] = np.where(total > 0, share / np.where(total > 0, total, 1.0), priors[opener][mood])
        return priors

    def play(self, index: int, priors: Mapping[str, Mapping[str, Floats]]) -> Played:
        """Behaviour in one game: last moves first, since what is done there decides what earlier moves are worth."""
        game = self.plan.ladder.games[index]
        profiles = tuple(dict(zip(game.moods, moods, strict=True)) for moods in product(*game.moods.values()))
        points: dict[tuple[Path, str | None], Point] = {}
        played = Played(game, priors, profiles, tuple(histories(game.tree)), points)
        sets = [
            (player, path, actions, mood) for player, path, actions in information_sets(game.tree) for mood in game.moods.get(player, {None: None})
        ]
        stated = {(path, mood): self.stated(index, path, mood, actions) for _, path, actions, mood in sets}
        for player, path, actions, mood in sorted(sets, key=lambda item: -len(item[1])):
            points[path, mood] = self.point(played, player, path, mood, actions, stated)
        ordered = {(path, mood): points[path, mood] for _, path, _, mood in sets}
        return Played(game, priors, profiles, played.histories, ordered)

    def stated(self, game: int, path: Path, mood: str | None, actions: Path) -> Floats | None:
        """Log-probabilities that the solution holds; None where they follow from later play."""
        place = self.plan.atlas.infoset_names.index((game, (path, mood)))
        first = int(self.plan.layout.forest.unknown_start[place])
        if first < 0:
            return None
        free = self.ratio[:, first : first + len(actions) - 1]
        return log_softmax(np.concatenate([np.zeros((len(free), 1)), free], axis=1))

    def point(
        self, played: Played, player: str, path: Path, mood: str | None, actions: Path, stated: Mapping[tuple[Path, str | None], Floats | None]
    ) -> Point:
        """One information set, when all that come after it are known."""
        here, game = self.actor(player), played.game
        profiles = [moods for moods in played.profiles if moods.get(player) == mood]
        movers, line, _ = next(history for history in played.histories if history[1][: len(path)] == path)
        logs = []
        for moods in profiles:
            with np.errstate(divide="ignore"):
                log = sum((np.log(played.priors[other][moods[other]]) for other in moods if other != player), np.zeros(len(self.numbers)))
            for k in range(len(path)):
                past = stated[path[:k], moods.get(movers[k])]
                # Own moves and those of players whose mood is known are alike in all moods of the others.
                if movers[k] != player and len(game.moods.get(movers[k], ())) > 1:
                    assert past is not None
                    log = log + past[:, tuple(self._branches(game.tree, path[:k])).index(line[k])]
            logs.append(log)
        log = np.stack(logs, axis=1)
        top = log.max(axis=1, keepdims=True)
        weight = np.where(np.isfinite(top), np.exp(log - np.where(np.isfinite(top), top, 0.0)), 1.0)
        belief = weight / weight.sum(axis=1, keepdims=True)
        quality = np.zeros((len(self.numbers), len(actions)))
        for moods, share in zip(profiles, belief.T, strict=True):
            for movers, line, end in played.histories:
                if line[: len(path)] == path:
                    later = sum((played.step(movers, line, k, moods) for k in range(len(path) + 1, len(line))), np.zeros(()))
                    quality[:, actions.index(line[len(path)])] += share * np.exp(later) * self.worth(game, end, moods)[:, here]
        log_weight = np.log(np.stack([self(game.weights.get(action, 1.0)) for action in actions], axis=1))
        response = log_softmax(log_weight + self(self.plan.ladder.precision[player])[:, None] * quality)
        held = stated[path, mood]
        others = tuple({other: known for other, known in moods.items() if other != player} for moods in profiles)
        return Point(player, actions, log_weight, response if held is None else held, response, quality, others, belief)

    @staticmethod
    def _branches(tree: Tree, path: Path) -> Tree:
        for action in path:
            (branches,) = tree.values()
            tree = branches[action]
        (branches,) = tree.values()
        found: Tree = branches
        return found
