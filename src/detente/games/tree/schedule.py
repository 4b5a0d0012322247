"""In which order a kernel steps through a game."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detente.errors import InvalidInput, Problem
from detente.games.tree.layout import Layout


def schedule(nodes: range, layout: Layout, free: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Order the steps of one game: children before parents, and a behaviour that follows from later play before its own members.

    Returns
    -------
    list of (kind, item)
        Kind 0 combines a node from its children, 1 settles an information set.

    Raises
    ------
    InvalidInput
        If two information sets each come before the other, and neither is an unknown.
    """
    waiting = {node: len(layout.children[node]) for node in nodes}
    open_members = {i: len(layout.members[i]) for node in nodes if (i := layout.infoset[node]) >= 0}
    ready = [node for node in reversed(nodes) if not layout.children[node]]
    steps: list[tuple[int, int]] = []
    done: list[int] = []

    def combine(node: int) -> None:
        done.append(node)
        if layout.outcome[node] < 0:
            steps.append((0, node))
        parent = layout.parent[node]
        if parent >= 0:
            waiting[parent] -= 1
            if waiting[parent] == 0:
                ready.append(parent)

    while ready:
        node = ready.pop()
        infoset = layout.infoset[node]
        if infoset < 0:
            combine(node)
            continue
        open_members[infoset] -= 1
        if free[infoset]:
            combine(node)
            if open_members[infoset] == 0:
                steps.append((1, infoset))
        elif open_members[infoset] == 0:
            steps.append((1, infoset))
            for member in layout.members[infoset]:
                combine(member)
    if len(done) != len(nodes):
        raise InvalidInput(
            Problem(
                "game",
                "two information sets each come before the other on different paths",
                "their behaviour cannot be computed one after the other",
                "solve it with every information set as an unknown (free_all)",
            )
        )
    return steps
