"""Whether a profile with beliefs is a perfect Bayesian equilibrium, straight from the definitions; the judge of `detente.games.equilibria`.

At information set I of player j with beliefs mu, V(x, a) being what j gets from action a at member x when everybody plays on as the profile says,

    regret(I) = max_a sum_x mu(x) V(x, a) - sum_a sigma(a | I) sum_x mu(x) V(x, a)        as a share of j's payoff range

and mu must be Bayes' rule wherever play comes, and behind moves that nobody makes as far as members differ in other things: a surprise tells nothing about
what does not bear on it, and is explained by as few unmade moves as can be.

An assessment is sequential if mu is also the limit of Bayes' rule along some trembles. That holds if and only if every action that is never played can be
given an order of magnitude k >= 1 and a weight w > 0 such that mu weighs the members of least total k by the products of w, of the chances and of the
probabilities on their way (Kreps and Wilson 1982, doi 10.2307/1912767, appendix). The orders are a linear programme, the logarithms of the weights are linear
equations.

The tree is walked by recursion over histories; no array, order or formula is shared with the solver.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from detente.games.supporting_beliefs import SupportingBeliefs
from detente.games.tree import Chance, Node, Terminal

if TYPE_CHECKING:
    from detente.games.game import Game

Floats = NDArray[np.float64]
# Judgement: beliefs that differ by less than this share, in logarithms, are the same.
SAME = 1e-6


@dataclass(frozen=True)
class Verdict:
    """What holds of a profile with beliefs, for every information set in order of first appearance.

    Attributes
    ----------
    regret : tuple of float
        Loss against a best reply, as a share of the mover's payoff range.
    bayes : tuple of float
        Largest distance of the beliefs from Bayes' rule, also where play never comes and all members lie behind the same moves that nobody makes. Elsewhere of
        their sum from 1, and the weight of members that take one more such move than another.
    reach : tuple of float
        Probability that play comes there.
    supporting : tuple of SupportingBeliefs or None
        Where play never comes and there are several members: the beliefs under which what is played there is a best reply, whatever is believed elsewhere.
    sequential : bool
        Whether the beliefs are the limit of Bayes' rule along trembles.
    value : tuple of float
        Expected payoff of every player.
    """

    regret: tuple[float, ...]
    bayes: tuple[float, ...]
    reach: tuple[float, ...]
    supporting: tuple[SupportingBeliefs | None, ...]
    sequential: bool
    value: tuple[float, ...]


@dataclass
class _Member:
    """A node of an information set: the moves on the way and what each action is worth there."""

    chances: tuple[float, ...]
    moves: tuple[tuple[int, int], ...]  # (information set, action)
    worth: list[Floats] = field(default_factory=list)  # action -> player


def judge(game: Game, behaviour: Sequence[Sequence[float]], belief: Sequence[Sequence[float]]) -> Verdict:
    """Judge a profile with beliefs.

    Parameters
    ----------
    game : Game
        Without a draw axis.
    behaviour : sequence over information sets of a sequence over actions
    belief : sequence over information sets of a sequence over members in the order of the tree

    Returns
    -------
    Verdict
    """
    index: dict[Hashable, int] = {}
    sets: list[list[_Member]] = []

    def walk(node: Node, chances: tuple[float, ...], moves: tuple[tuple[int, int], ...]) -> Floats:
        if isinstance(node, Terminal):
            return np.asarray(game.payoffs[node.outcome])
        expected = np.zeros(len(game.players))
        if isinstance(node, Chance):
            for k, _, child in node.branches:
                expected = expected + game.chance[k] * walk(child, (*chances, float(game.chance[k])), moves)
            return expected
        here = index.setdefault(node.infoset, len(index))
        if here == len(sets):
            sets.append([])
        member = _Member(chances, moves)
        sets[here].append(member)
        for action, (_, child) in enumerate(node.branches):
            member.worth.append(walk(child, chances, (*moves, (here, action))))
            expected = expected + behaviour[here][action] * member.worth[-1]
        return expected

    value = walk(game.root, (), ())
    spread = game.payoffs.max(axis=0) - game.payoffs.min(axis=0)
    regrets, distances, reaches = [], [], []
    supporting: list[SupportingBeliefs | None] = []
    for here, members in enumerate(sets):
        player = game.infosets[here][0]
        sigma, mu = np.asarray(behaviour[here]), np.asarray(belief[here])
        worth = np.array([[action[player] for action in member.worth] for member in members]) / (spread[player] or 1.0)
        reach = np.array([np.prod(member.chances) * np.prod([behaviour[i][a] for i, a in member.moves]) for member in members])
        expected = mu @ worth
        bayes, believable = (reach, reach > 0) if reach.sum() > 0 else _determined(members, behaviour)
        regrets.append(float(expected.max() - sigma @ expected))
        wrong = abs(mu.sum() - 1.0) + max(0.0, -mu.min()) + mu[~believable].sum()
        distances.append(float(wrong if bayes is None else abs(mu - bayes / bayes.sum()).max()))
        reaches.append(float(reach.sum()))
        supporting.append(None)
        if reach.sum() == 0 and len(members) > 1:
            bounds = [(0.0, float(each)) for each in believable] if bayes is None else [(float(each), float(each)) for each in mu]
            gains = [
                tuple((worth[:, action] - worth[:, played]).tolist())
                for played in np.flatnonzero(sigma > 0)
                for action in range(len(sigma))
                if action != played
            ]
            supporting[-1] = SupportingBeliefs(tuple(gains), tuple(bounds), max(regrets[-1], 0.0), tuple(map(float, mu)))
    return Verdict(
        tuple(regrets), tuple(distances), tuple(reaches), tuple(supporting), is_sequential(sets, behaviour, belief), tuple(map(float, value))
    )


def _determined(members: Sequence[_Member], behaviour: Sequence[Sequence[float]]) -> tuple[Floats | None, NDArray[np.bool_]]:
    """What trembles leave open where play never comes: Bayes weights if all members that can be believed lie behind the same unmade moves, else None; and which
    members can be believed at all. One that lies behind the same unmade moves as another, and one more, cannot.
    """
    behind = [frozenset(move for move in member.moves if behaviour[move[0]][move[1]] == 0) for member in members]
    weights = np.array(
        [np.prod(member.chances) * np.prod([p for i, a in member.moves if (p := behaviour[i][a]) > 0]) for member in members]
    )
    possible = [unmade for unmade, weight in zip(behind, weights, strict=True) if weight > 0]
    credible = np.array([not any(other < unmade for other in possible) for unmade in behind])
    told = len({unmade for unmade, free in zip(behind, credible, strict=True) if free}) == 1 and (weights * credible).sum() > 0
    return weights * credible if told else None, credible


def is_sequential(sets: Sequence[Sequence[_Member]], behaviour: Sequence[Sequence[float]], belief: Sequence[Sequence[float]]) -> bool:
    """Whether orders and weights of trembles exist that yield the beliefs."""
    from scipy.optimize import linprog

    trembles = {(i, a): k for k, (i, a) in enumerate((i, a) for i, actions in enumerate(behaviour) for a, p in enumerate(actions) if p == 0)}
    same: list[Floats] = []
    known: list[float] = []
    later: list[Floats] = []
    for here, members in enumerate(sets):
        counts, logs = np.zeros((len(members), len(trembles))), np.zeros(len(members))
        possible = np.array([min(member.chances, default=1.0) > 0 for member in members])
        if not possible.any():
            continue
        for k, member in enumerate(members):
            for move in member.moves:
                if move in trembles:
                    counts[k, trembles[move]] += 1
            played = [behaviour[i][a] for i, a in member.moves if behaviour[i][a] > 0]
            logs[k] = np.sum(np.log([*member.chances, *played])) if possible[k] else 0.0
        mu = np.asarray(belief[here])
        if (mu[~possible] > 0).any():
            return False
        held = np.flatnonzero(mu > 0)
        for k in held[1:]:
            same.append(counts[k] - counts[held[0]])
            known.append(float(np.log(mu[k] / mu[held[0]]) - (logs[k] - logs[held[0]])))
        later += [counts[held[0]] - counts[k] for k in np.flatnonzero((mu == 0) & possible)]
    if not trembles:
        return bool(np.all(np.abs(known) <= SAME))
    if same:
        weights, *_ = np.linalg.lstsq(np.array(same), np.array(known), rcond=None)
        if abs(np.array(same) @ weights - known).max() > SAME:
            return False
    orders = linprog(
        np.ones(len(trembles)),
        A_ub=np.array(later) if later else None,
        b_ub=-np.ones(len(later)) if later else None,
        A_eq=np.array(same) if same else None,
        b_eq=np.zeros(len(same)) if same else None,
        bounds=(1.0, None),
    )
    return bool(orders.status == 0)
