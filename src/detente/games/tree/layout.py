"""Trees as growing lists: nodes in preorder, and the information sets that they belong to."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from detente.errors import Problem
from detente.games.tree.nodes import Chance, Node, Terminal

# Until all information sets are known, an action edge is (information set, action) packed as a negative number below -1.
_PACK = 1 << 40


def _pack(infoset: int, action: int) -> int:
    return -2 - (infoset * _PACK + action)


def edge_index(edge: int, first_action: NDArray[np.int64], n_actions: int) -> int:
    """The index of an edge as it is packed in a layout; -1 for none."""
    if edge == -1:
        return -1
    if edge >= 0:
        return n_actions + edge
    infoset, action = divmod(-2 - edge, _PACK)
    return int(first_action[infoset]) + action


@dataclass
class Layout:
    """The lists behind a forest; a game after another."""

    # By node.
    parent: list[int] = field(default_factory=list)
    edge: list[int] = field(default_factory=list)
    outcome: list[int] = field(default_factory=list)
    children: list[list[int]] = field(default_factory=list)
    infoset: list[int] = field(default_factory=list)
    # By information set.
    names: list[tuple[int, Hashable]] = field(default_factory=list)
    players: list[int] = field(default_factory=list)
    labels: list[tuple[str, ...]] = field(default_factory=list)
    members: list[list[int]] = field(default_factory=list)
    # By game: its first node and information set.
    node_start: list[int] = field(default_factory=lambda: [0])
    infoset_start: list[int] = field(default_factory=lambda: [0])
    problems: list[Problem] = field(default_factory=list)

    def place(self, root: Node, game: int) -> None:
        """Append a game in preorder. A stack instead of recursion, so that a long game from a file cannot exhaust Python's."""
        seen: dict[Hashable, int] = {}
        stack: list[tuple[Node, int, int]] = [(root, -1, -1)]
        while stack:
            node, parent, edge = stack.pop()
            here = len(self.parent)
            self.parent.append(parent)
            self.edge.append(edge)
            self.outcome.append(node.outcome if isinstance(node, Terminal) else -1)
            self.children.append([])
            self.infoset.append(-1)
            if parent >= 0:
                self.children[parent].append(here)
            if isinstance(node, Terminal):
                continue
            if isinstance(node, Chance):
                following = [(child, number) for number, _, child in node.branches]
            else:
                actions = tuple(label for label, _ in node.branches)
                if node.infoset not in seen:
                    seen[node.infoset] = len(self.names)
                    self.names.append((game, node.infoset))
                    self.players.append(node.player)
                    self.labels.append(actions)
                    self.members.append([])
                infoset = seen[node.infoset]
                if self.players[infoset] != node.player or self.labels[infoset] != actions:
                    self.problems.append(
                        Problem(
                            f"information set {node.infoset!r}",
                            "its members differ in player or actions",
                            "a player who could tell members apart by what he may do would not be in one information set",
                            "give all members the same player and the same actions in the same order",
                        )
                    )
                    continue
                self.members[infoset].append(here)
                self.infoset[here] = infoset
                following = [(child, _pack(infoset, action)) for action, (_, child) in enumerate(node.branches)]
            # Reversed, so that the first branch is taken from the stack first and nodes stand in preorder.
            for child, number in reversed(following):
                stack.append((child, here, number))
        self.node_start.append(len(self.parent))
        self.infoset_start.append(len(self.names))

    def mover(self, node: int) -> int:
        """Who moves at a node, -1 for chance and ends."""
        return self.players[self.infoset[node]] if self.infoset[node] >= 0 else -1

    def path(self, node: int, edges: list[int]) -> list[tuple[int, int]]:
        """(edge, mover or -1 for chance) from the root to a node."""
        path = []
        while (parent := self.parent[node]) >= 0:
            path.append((edges[node], self.mover(parent)))
            node = parent
        return path[::-1]
