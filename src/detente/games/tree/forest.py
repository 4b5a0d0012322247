"""Games as one `Forest`: arrays with an entry for each node, information set, action or edge, which a kernel evaluates in one pass without recursion.

An *edge* is a probability: the actions of all information sets come first, then the chance probabilities. Chance probabilities are
numbered by the caller, so that one number (the chance that a challenger is hard) may serve many nodes.

Beliefs need only the edges on which the members of an information set differ, because a factor common to all members cancels in
Bayes' rule: `path_edge` lists those, so that no product of many small numbers is ever formed. The tree must have perfect recall (Kuhn 1953);
a player who forgets is refused with `InvalidInput`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from detente.errors import InvalidInput, Problem
from detente.games.tree.layout import Layout, edge_index
from detente.games.tree.nodes import Node
from detente.games.tree.schedule import schedule

Integers: TypeAlias = NDArray[np.int32]


class Forest(NamedTuple):
    """Games as flat arrays for the kernels. Indices are global over the games of the forest.

    Nodes stand in preorder. `step_kind` 0 combines a node from its children, 1 settles an information set: the steps of game g are
    `step_start[g]:step_start[g + 1]`, children before parents, without terminals and nodes whose payoff nobody asks for. `infoset_free` marks the
    information sets whose behaviour some belief depends on: it is an unknown of the equilibrium, while the behaviour of all others follows from what
    comes after them.
    """

    node_start: Integers  # game -> first node
    node_parent: Integers
    node_edge: Integers  # edge that leads to the node, -1 at a root
    node_outcome: Integers  # terminal's outcome, -1 elsewhere
    child_start: Integers
    child_node: Integers
    child_edge: Integers
    step_start: Integers  # game -> first step
    step_kind: Integers
    step_item: Integers
    infoset_start: Integers  # game -> first information set
    infoset_player: Integers
    infoset_action: Integers  # first action (an edge)
    infoset_size: Integers  # number of actions
    infoset_free: Integers
    member_start: Integers  # information set -> first member
    member_node: Integers
    path_start: Integers  # member -> first edge on which the members differ
    path_edge: Integers
    unknown_start: Integers  # information set -> first unknown log-ratio, -1 where not free
    terminal_start: Integers  # game -> first terminal
    terminal_node: Integers
    mover_start: Integers  # game -> first of the players who move in it
    mover: Integers
    wanted_start: Integers  # node -> first of the players who chose on the way there: only their payoffs are followed
    wanted: Integers


@dataclass(frozen=True)
class Atlas:
    """Names for a forest: which label stands behind each index."""

    infoset_names: tuple[tuple[int, Hashable], ...]  # (game, information set as the caller named it)
    actions: tuple[tuple[str, ...], ...]  # information set -> action labels
    n_actions: int
    n_chance: int
    n_unknown: int


def compile_forest(roots: Sequence[Node], n_chance: int, *, free_all: bool = False) -> tuple[Forest, Atlas]:
    """Lay the games out as flat arrays.

    Parameters
    ----------
    roots : sequence of Node
        One tree per game.
    n_chance : int
        How many chance probabilities the caller numbers.
    free_all : bool
        Treat the behaviour at every information set as an unknown (what a solver of one game wants); otherwise only where some belief
        depends on it.

    Raises
    ------
    InvalidInput
        If an information set mixes players or actions, or a player forgets what he did or knew.

    References
    ----------
    Kuhn (1953), Extensive games and the problem of information.
    """
    layout = Layout()
    for game, root in enumerate(roots):
        layout.place(root, game)
    if layout.problems:
        raise InvalidInput(layout.problems)
    names, players, labels, members = layout.names, layout.players, layout.labels, layout.members
    node_start, infoset_start = layout.node_start, layout.infoset_start

    first_action = np.concatenate([[0], np.cumsum([len(actions) for actions in labels])]).astype(int)
    n_actions = int(first_action[-1])
    edges = [edge_index(edge, first_action, n_actions) for edge in layout.edge]
    path_start, path_edge, member_start, member_node, informing = [0], [], [0], [], set()
    problems: list[Problem] = []
    for infoset, nodes in enumerate(members):
        # A set of one member needs no beliefs; walking up to the root for each would be quadratic in long games.
        paths = [layout.path(node, edges) for node in nodes] if len(nodes) > 1 else [[]]
        own = {tuple(edge for edge, mover in path if mover == players[infoset]) for path in paths}
        if len(own) > 1:
            problems.append(
                Problem(
                    f"information set {names[infoset][1]!r}",
                    "its members follow different earlier moves of the same player",
                    "a player who forgets his own moves has no consistent beliefs",
                    "split the information set so that the player recalls what he did",
                )
            )
        counts = [Counter(edge for edge, _ in path) for path in paths]
        common = reduce(Counter.__and__, counts)
        for count in counts:
            differing = sorted((count - common).elements())
            path_edge += differing
            path_start.append(len(path_edge))
            informing.update(differing)
        member_node += nodes
        member_start.append(len(member_node))
    if problems:
        raise InvalidInput(problems)

    free = np.array([free_all or any(first_action[i] <= e < first_action[i + 1] for e in informing) for i in range(len(names))], dtype=bool)
    unknown_start, n_unknown = [], 0
    for infoset in range(len(names)):
        unknown_start.append(n_unknown if free[infoset] else -1)
        n_unknown += (len(labels[infoset]) - 1) if free[infoset] else 0
    wanted: list[tuple[int, ...]] = []
    for parent in layout.parent:
        above = () if parent < 0 else wanted[parent]
        player = -1 if parent < 0 else layout.mover(parent)
        wanted.append(above if player < 0 or player in above else tuple(sorted((*above, player))))
    orders = [schedule(range(node_start[g], node_start[g + 1]), layout, free) for g in range(len(roots))]
    steps = [[(kind, item) for kind, item in order if kind == 1 or wanted[item]] for order in orders]
    terminals = [[node for node in range(node_start[g], node_start[g + 1]) if layout.outcome[node] >= 0] for g in range(len(roots))]
    movers = [sorted({players[i] for i in range(infoset_start[g], infoset_start[g + 1])}) for g in range(len(roots))]
    child_start = np.concatenate([[0], np.cumsum([len(children) for children in layout.children])])
    flat_children = [child for children in layout.children for child in children]

    def integers(values: Sequence[int] | NDArray[np.int64]) -> Integers:
        return np.asarray(values, dtype=np.int32)

    forest = Forest(
        node_start=integers(node_start),
        node_parent=integers(layout.parent),
        node_edge=integers(edges),
        node_outcome=integers(layout.outcome),
        child_start=integers(child_start),
        child_node=integers(flat_children),
        child_edge=integers([edges[child] for child in flat_children]),
        step_start=integers(np.concatenate([[0], np.cumsum([len(step) for step in steps])])),
        step_kind=integers([kind for step in steps for kind, _ in step]),
        step_item=integers([item for step in steps for _, item in step]),
        infoset_start=integers(infoset_start),
        infoset_player=integers(players),
        infoset_action=integers(first_action[:-1]),
        infoset_size=integers([len(actions) for actions in labels]),
        infoset_free=integers(free.astype(int)),
        member_start=integers(member_start),
        member_node=integers(member_node),
        path_start=integers(path_start),
        path_edge=integers(path_edge),
        unknown_start=integers(unknown_start),
        terminal_start=integers(np.concatenate([[0], np.cumsum([len(nodes) for nodes in terminals])])),
        terminal_node=integers([node for nodes in terminals for node in nodes]),
        mover_start=integers(np.concatenate([[0], np.cumsum([len(game) for game in movers])])),
        mover=integers([player for game in movers for player in game]),
        wanted_start=integers(np.concatenate([[0], np.cumsum([len(above) for above in wanted])])),
        wanted=integers([player for above in wanted for player in above]),
    )
    return forest, Atlas(tuple(names), tuple(labels), n_actions, n_chance, n_unknown)
