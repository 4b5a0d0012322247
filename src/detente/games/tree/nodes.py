"""The nodes that a game's tree is made of. They refer to outcomes, chance probabilities and players by number, so that one tree serves many numbers."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Terminal:
    """An end of the game. `outcome` is the caller's number for it; several terminals may share one."""

    outcome: int
    label: str = ""


@dataclass(frozen=True)
class Chance:
    """A move of nature: each branch is (number of its probability, label, node)."""

    branches: tuple[tuple[int, str, Node], ...]


@dataclass(frozen=True)
class Decision:
    """A move of `player` (an index) at information set `infoset`: each branch is (action, node)."""

    player: int
    infoset: Hashable
    branches: tuple[tuple[str, Node], ...]


Node: TypeAlias = Terminal | Chance | Decision


def label_members(root: Node) -> tuple[tuple[str, ...], ...]:
    """The way to every member of every information set of a tree, as the names of the moves; information sets and members in order of first appearance."""
    named: dict[Hashable, list[str]] = {}
    stack: list[tuple[Node, tuple[str, ...]]] = [(root, ())]
    while stack:
        node, moves = stack.pop()
        if isinstance(node, Chance):
            stack.extend((child, (*moves, label)) for _, label, child in reversed(node.branches))
        elif isinstance(node, Decision):
            named.setdefault(node.infoset, []).append(", ".join(moves))
            stack.extend((child, (*moves, label)) for label, child in reversed(node.branches))
    return tuple(map(tuple, named.values()))
