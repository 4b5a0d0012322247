"""Which actions may be played together in a perfect Bayesian equilibrium: supports that no bound on payoffs rules out.

With the actions that are still allowed at every information set, what follows a node lies between two bounds for every player. An action whose upper bound
lies below the lower bound of another at every member of its information set is a best reply under no belief: it is dominated, given what is allowed. Actions
are first removed until nothing changes. Then supports are chosen set by set, the last movers first, and a choice is given up as soon as one of its actions is
dominated. Where play comes under a full choice of supports, only the members that it comes to count.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from math import prod
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from detente.games.game import Game


Floats = NDArray[np.float64]
Allowed = tuple[tuple[int, ...], ...]
# Share of a player's payoff range below which bounds count as equal: rounding, not strategy.
SLACK = 1e-12


@dataclass(frozen=True)
class Plan:
    """The tree as lists, payoffs in shares of each player's range."""

    parent: tuple[int, ...]
    edge: tuple[int, ...]  # edge that leads to the node
    children: tuple[tuple[int, ...], ...]
    infoset: tuple[int, ...]  # -1: chance or an end
    payoff: Floats  # node x player, 0 but at ends
    players: tuple[int, ...]  # information set -> mover
    first: tuple[int, ...]  # information set -> first action (an edge)
    sizes: tuple[int, ...]
    members: tuple[tuple[int, ...], ...]
    differing: tuple[tuple[tuple[int, ...], ...], ...]  # information set -> member -> edges on which the members differ
    chance: Floats
    n_actions: int


def make_plan(game: Game) -> Plan:
    """Lay out a game of one draw."""
    forest, atlas = game.layout
    low, high = game.payoffs.min(axis=0), game.payoffs.max(axis=0)
    scaled = (game.payoffs - low) / np.where(high > low, high - low, 1.0)
    nodes = range(len(forest.node_parent))
    infoset = [-1] * len(nodes)
    members, differing = [], []
    for i in range(len(forest.infoset_player)):
        places = range(forest.member_start[i], forest.member_start[i + 1])
        members.append(tuple(int(forest.member_node[m]) for m in places))
        differing.append(tuple(tuple(int(e) for e in forest.path_edge[forest.path_start[m] : forest.path_start[m + 1]]) for m in places))
        for node in members[-1]:
            infoset[node] = i
    payoff = np.zeros((len(nodes), len(game.players)))
    for node in nodes:
        if forest.node_outcome[node] >= 0:
            payoff[node] = scaled[forest.node_outcome[node]]
    return Plan(
        tuple(map(int, forest.node_parent)), tuple(map(int, forest.node_edge)),
        tuple(tuple(int(c) for c in forest.child_node[forest.child_start[n] : forest.child_start[n + 1]]) for n in nodes),
        tuple(infoset), payoff, tuple(map(int, forest.infoset_player)), tuple(map(int, forest.infoset_action)), tuple(map(int, forest.infoset_size)),
        tuple(members), tuple(differing), np.asarray(game.chance), atlas.n_actions,
    )  # fmt: skip


def bounds(plan: Plan, allowed: Allowed) -> tuple[Floats, Floats]:
    """Least and greatest payoff that can follow each node, node x player."""
    low, high = plan.payoff.copy(), plan.payoff.copy()
    for node in range(len(plan.parent) - 1, -1, -1):
        children = plan.children[node]
        if not children:
            continue
        if plan.infoset[node] < 0:
            weights = np.array([plan.chance[plan.edge[child] - plan.n_actions] for child in children])
            low[node], high[node] = weights @ low[list(children)], weights @ high[list(children)]
        else:
            kept = [children[action] for action in allowed[plan.infoset[node]]]
            low[node], high[node] = low[kept].min(axis=0), high[kept].max(axis=0)
    return low, high


def dominated(plan: Plan, infoset: int, members: tuple[int, ...], low: Floats, high: Floats) -> set[int]:
    """Actions that are a best reply under no belief over these members."""
    player = plan.players[infoset]
    children = np.array([plan.children[node] for node in members])
    worst, best = low[children, player], high[children, player]  # member x action
    below = (best[:, :, None] < worst[:, None, :] - SLACK).all(axis=0)
    return set(np.flatnonzero(below.any(axis=1)).tolist())


def remaining(plan: Plan) -> Allowed:
    """Actions that are left when dominated ones are removed until nothing changes."""
    allowed: Allowed = tuple(tuple(range(size)) for size in plan.sizes)
    while True:
        low, high = bounds(plan, allowed)
        fewer = tuple(
            tuple(a for a in actions if a not in dominated(plan, i, plan.members[i], low, high)) for i, actions in enumerate(allowed)
        )
        if fewer == allowed:
            return allowed
        allowed = fewer


def count(allowed: Allowed) -> int:
    """How many profiles of supports there are."""
    return prod(2 ** len(actions) - 1 for actions in allowed)


def reached(plan: Plan, support: Allowed) -> list[bool]:
    """Which nodes play comes to."""
    played = {plan.first[i] + action for i, actions in enumerate(support) for action in actions}
    come = [True] * len(plan.parent)
    for node in range(1, len(come)):
        edge = plan.edge[node]
        come[node] = come[plan.parent[node]] and (edge in played if edge < plan.n_actions else plan.chance[edge - plan.n_actions] > 0)
    return come


def supports(plan: Plan, allowed: Allowed) -> Iterator[Allowed]:
    """Profiles of supports that the bounds leave, those of fewer actions at the last movers first."""
    sets = len(allowed)

    def choose(here: int, chosen: Allowed) -> Iterator[Allowed]:
        if here < 0:
            if _stands(plan, chosen):
                yield chosen
            return
        for size in range(1, len(allowed[here]) + 1):
            for support in combinations(allowed[here], size):
                trial = (*chosen[:here], support, *chosen[here + 1 :])
                low, high = bounds(plan, trial)
                if not any(dominated(plan, i, plan.members[i], low, high) & set(trial[i]) for i in range(here, sets)):
                    yield from choose(here - 1, trial)

    yield from choose(sets - 1, allowed)


def _stands(plan: Plan, support: Allowed) -> bool:
    """Whether every chosen action can be a best reply, beliefs where play comes being on the members that it comes to."""
    come = reached(plan, support)
    low, high = bounds(plan, support)
    for i, members in enumerate(plan.members):
        met = tuple(node for node in members if come[node]) or members
        if dominated(plan, i, met, low, high) & set(support[i]):
            return False
    return True
