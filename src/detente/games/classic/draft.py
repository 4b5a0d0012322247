"""Writing a game down: ends with their payoffs, and nature's choice of everybody's type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from detente.games.tree import Chance, Decision, Node, Terminal

Payoff: TypeAlias = "float | NDArray[np.float64]"


@dataclass
class Draft:
    """A tree under construction, with the payoffs of its ends and the probabilities of its chance moves."""

    rows: list[tuple[Payoff, ...]] = field(default_factory=list)
    chance: list[float] = field(default_factory=list)
    root: Node | None = None

    def end(self, label: str, *payoffs: Payoff) -> Terminal:
        """An end, with one payoff for each player."""
        self.rows.append(payoffs)
        return Terminal(len(self.rows) - 1, label)

    def nature(self, types: Mapping[str, Mapping[str, float]], play: Callable[..., Node]) -> Draft:
        """Let nature draw a type for each player of `types` (player -> type -> probability), independently; `play` is given the drawn types."""
        self.root = self._draw(list(types.items()), play, ())
        return self

    def _draw(self, waiting: list[tuple[str, Mapping[str, float]]], play: Callable[..., Node], drawn: tuple[str, ...]) -> Node:
        if not waiting:
            return play(*drawn)
        (player, types), *rest = waiting
        first = len(self.chance)
        self.chance.extend(types.values())
        return Chance(tuple((first + k, f"{kind} {player}", self._draw(rest, play, (*drawn, kind))) for k, kind in enumerate(types)))

    def payoffs(self) -> NDArray[np.float64]:
        """Outcome x player, or draw x outcome x player."""
        players = len(self.rows[0])
        flat = np.broadcast_arrays(*(np.asarray(payoff, dtype=np.float64) for row in self.rows for payoff in row))
        table = np.stack(flat, axis=-1)
        return table.reshape(*table.shape[:-1], len(self.rows), players)


def move(player: int, infoset: str, **branches: Node) -> Decision:
    """A decision whose actions are the names of its branches."""
    return Decision(player, infoset, tuple(branches.items()))


def two_types(probability: float, first: str, second: str) -> dict[str, float]:
    """The first type with this probability, else the second."""
    return {first: probability, second: 1.0 - probability}
