"""How far a profile is from a logit agent quantal response equilibrium, straight from the definition.

Every end z of the tree is reached along a history; with behaviour sigma its probability is the product along it. At information set I of player j,

    b(m) proportional to P(m),   Q(I, a) = sum_m b(m) sum_{z below (m, a)} P(z | m, a) u_j(z)

summed here over whole histories in NumPy, in logarithms, without the solver's kernels and their shortcuts, so that an error there cannot hide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from detente.games.tree import Chance, Decision, Node, Terminal

if TYPE_CHECKING:
    from detente.games.game import Game

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Certificate:
    """Distances from the definition, each an array over draws.

    Attributes
    ----------
    residual : array, draw
        Largest |log(sigma_a / sigma_0) - log(w_a / w_0) - lambda_j (Q_a - Q_0)|, as a share of 1 + lambda_j x (j's payoff range).
    regret : array, draw
        Largest loss against a best reply at any information set, as a share of the mover's payoff range: what assumed mistakes cost, not an error.
    belief : array, draw
        Largest distance of a stated belief from Bayes' rule, at information sets that are reached.
    """

    residual: Floats
    regret: Floats
    belief: Floats


@dataclass(frozen=True)
class _History:
    """The way to a node: edges from the root, and for each information set passed (its index, member, action, position in `edges`)."""

    edges: tuple[int, ...]
    choices: tuple[tuple[int, int, int, int], ...]


def certify(game: Game, precision: Floats, log_weight: Floats, log_behaviour: Floats, belief: Floats) -> tuple[Certificate, Floats]:
    """Check a profile, and value it.

    Parameters
    ----------
    game : Game
    precision : array, (draw or 1) x player
    log_weight : array, action
    log_behaviour : array, draw x action
        Actions of all information sets in order of first appearance.
    belief : array, draw x member
        Members of all information sets in the same order, in the order of the tree.

    Returns
    -------
    certificate : Certificate
    value : array, draw x player
        Expected payoffs.
    """
    draws, n_actions = log_behaviour.shape
    players = [player for player, _ in game.infosets]
    sizes = [len(actions) for _, actions in game.infosets]
    first = np.concatenate([[0], np.cumsum(sizes)]).astype(int)
    ends, members = _histories(game, first, n_actions)
    with np.errstate(divide="ignore"):
        log_chance = np.log(game.chance)
    logs = np.concatenate([log_behaviour, np.broadcast_to(log_chance, (draws, len(log_chance)))], axis=1)
    payoffs = game.payoffs if game.payoffs.ndim == 3 else game.payoffs[None]
    # NumPy is ten times faster at this where draws lie side by side.
    outcomes = np.ascontiguousarray(payoffs.transpose(1, 2, 0))
    low, high = outcomes.min(axis=0).T, outcomes.max(axis=0).T
    spread, middle = high - low, 0.5 * (high + low)
    # Differences of payoffs are all that matters; taken from the middle they keep their digits whatever was added to all.
    payoffs = payoffs - middle[:, None]

    believed: list[list[Floats]] = []
    consistency = np.zeros(draws)
    place = 0
    for histories in members:
        reach = np.stack([_log_probability(logs, history.edges) for history in histories])
        top = reach.max(axis=0)
        reached = np.isfinite(top)
        weight = np.exp(reach - np.where(reached, top, 0.0))
        total = weight.sum(axis=0)
        weight = np.where(reached, weight / np.where(reached, total, 1.0), 1.0 / len(histories))
        stated = belief[:, place : place + len(histories)].T
        place += len(histories)
        consistency = np.maximum(consistency, np.where(reached, abs(stated - weight).max(axis=0), abs(stated.sum(axis=0) - 1.0)))
        believed.append(list(weight))

    quality = np.zeros((draws, n_actions))
    value = np.zeros((draws, len(game.players)))
    for outcome, history in ends:
        value += np.exp(_log_probability(logs, history.edges))[:, None] * payoffs[:, outcome]
        onward, last = np.zeros(draws), len(history.edges)
        for infoset, member, action, position in reversed(history.choices):
            onward = onward + _log_probability(logs, history.edges[position + 1 : last])
            last = position + 1
            quality[:, first[infoset] + action] += believed[infoset][member] * np.exp(onward) * payoffs[:, outcome, players[infoset]]
            onward = onward + logs[:, history.edges[position]]
            last = position

    residual, regret = np.zeros(draws), np.zeros(draws)
    for infoset, player in enumerate(players):
        here = slice(first[infoset], first[infoset + 1])
        q, y, w = quality[:, here], log_behaviour[:, here], log_weight[here]
        scale = precision[:, player]
        gap = (y - y[:, :1]) - (w - w[0]) - scale[:, None] * (q - q[:, :1])
        residual = np.maximum(residual, abs(gap).max(axis=1) / (1.0 + scale * spread[:, player]))
        loss = q.max(axis=1) - (np.exp(y) * q).sum(axis=1)
        regret = np.maximum(regret, np.where(spread[:, player] > 0, loss / np.where(spread[:, player] > 0, spread[:, player], 1.0), 0.0))
    return Certificate(residual, regret, consistency), value + middle


def _log_probability(logs: Floats, edges: Sequence[int]) -> Floats:
    total = np.zeros(len(logs))
    for edge in edges:
        total = total + logs[:, edge]
    return total


def _histories(game: Game, first: NDArray[np.int64], n_actions: int) -> tuple[list[tuple[int, _History]], list[list[_History]]]:
    """The histories of all ends with their outcomes, and those of the members of each information set."""
    index: dict[object, int] = {}
    members: list[list[_History]] = [[] for _ in game.infosets]
    ends: list[tuple[int, _History]] = []
    stack: list[tuple[Node, _History]] = [(game.root, _History((), ()))]
    while stack:
        node, history = stack.pop()
        if isinstance(node, Terminal):
            ends.append((node.outcome, history))
        elif isinstance(node, Chance):
            for number, _, child in reversed(node.branches):
                stack.append((child, _History((*history.edges, n_actions + number), history.choices)))
        elif isinstance(node, Decision):
            infoset = index.setdefault(node.infoset, len(index))
            member = len(members[infoset])
            members[infoset].append(history)
            for action in reversed(range(len(node.branches))):
                choice = (infoset, member, action, len(history.edges))
                edges = (*history.edges, int(first[infoset]) + action)
                stack.append((node.branches[action][1], _History(edges, (*history.choices, choice))))
    return ends, members
