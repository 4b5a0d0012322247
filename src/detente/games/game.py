"""An extensive-form game: the tree, who plays, chance probabilities and payoffs.

The tree is made of `Terminal`, `Chance` and `Decision` nodes (`detente.games.tree`), which refer to outcomes, chance probabilities and players by number,
so that one tree serves many numbers. Refused, all problems at once: no decision at all, numbers out of range, chance probabilities that are negative or do
not sum to one, payoffs that are not finite, repeated action labels, and imperfect recall (Kuhn 1953).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from os import PathLike
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detente.errors import InvalidInput, Problem
from detente.games.tree import Atlas, Chance, Decision, Forest, Node, Terminal, compile_forest

if TYPE_CHECKING:
    from detente.games.drawing import Picture
    from detente.games.equilibria import Equilibrium
    from detente.games.quantal_response import Precision, QuantalResponse

CHANCE_TOLERANCE = 1e-9


@dataclass(frozen=True, eq=False, repr=False)
class Game:
    """One extensive-form game with perfect recall.

    Attributes
    ----------
    title : str
    players : tuple of str
        Player k of the tree's decisions is `players[k]`.
    root : Node
    chance : array, chance probability
        Indexed by the numbers in the tree's chance branches.
    payoffs : array, outcome x player, or draw x outcome x player
        Indexed by the numbers at the tree's ends; any unit (precision has its inverse).

    Raises
    ------
    InvalidInput
        Holding every problem found, each with a remedy.

    Examples
    --------
    >>> from detente.games import Decision, Game, Terminal
    >>> game = Game("Blackmail", ("challenger",), Decision(0, "threat", (("back_down", Terminal(0)), ("press", Terminal(1)))), (), [[0.0], [1.0]])
    >>> [game.players[player] for player, _ in game.infosets]
    ['challenger']
    """

    title: str
    players: tuple[str, ...]
    root: Node
    chance: NDArray[np.float64]
    payoffs: NDArray[np.float64]

    def __post_init__(self) -> None:
        object.__setattr__(self, "players", tuple(self.players))
        for name in ("chance", "payoffs"):
            object.__setattr__(self, name, _frozen_floats(name, getattr(self, name)))
        problems = list(_problems(self))
        if problems:
            raise InvalidInput(problems)
        # A recall problem shows itself only when the information sets are laid out.
        _ = self.layout

    def __repr__(self) -> str:
        ends = len(self.layout[0].terminal_node)
        over = f", {self.draws:,} draws" if self.draws is not None else ""
        return f"<{type(self).__name__} {self.title!r} of {', '.join(self.players)}: {len(self.infosets)} information sets, {ends} ends{over}>"

    @cached_property
    def layout(self) -> tuple[Forest, Atlas]:
        """Flat arrays for the kernels, and the names behind their indices."""
        return compile_forest([self.root], len(self.chance))

    @cached_property
    def infosets(self) -> tuple[tuple[int, tuple[str, ...]], ...]:
        """(player, actions) of every information set, in order of first appearance in the tree."""
        forest, atlas = self.layout
        return tuple((int(player), actions) for player, actions in zip(forest.infoset_player, atlas.actions, strict=True))

    @property
    def draws(self) -> int | None:
        """Length of the draw axis of the payoffs; None without one."""
        return len(self.payoffs) if self.payoffs.ndim == 3 else None

    def quantal_response(self, precision: Precision, *, threads: int | None = None) -> QuantalResponse:
        """Logit agent quantal response equilibrium on the principal branch (see `detente.games.quantal_response`)."""
        from detente.games.quantal_response import quantal_response

        return quantal_response(self, precision, threads=threads)

    def equilibria(self) -> tuple[Equilibrium, ...]:
        """Perfect Bayesian equilibria, each certified (see `detente.games.equilibria`)."""
        from detente.games.equilibria import equilibria

        return equilibria(self)

    def draw(self) -> Picture:
        """A picture of the tree as SVG (see `detente.games.drawing`)."""
        from detente.games.drawing import draw

        return draw(self)

    def save(self, path: str | PathLike[str]) -> None:
        """Write the game to an .efg file (see `detente.games.dumps`)."""
        from detente.games.efg_writer import save

        save(self, path)


def _frozen_floats(name: str, given: ArrayLike) -> NDArray[np.float64]:
    try:
        array = np.array(given, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InvalidInput(
            Problem(name, "not a rectangular array of numbers", str(error), "give one number per entry, rows of equal length")
        ) from None
    array.setflags(write=False)
    return array


def _nodes(root: Node) -> Iterator[Node]:
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, Chance):
            stack.extend(child for _, _, child in reversed(node.branches))
        elif isinstance(node, Decision):
            stack.extend(child for _, child in reversed(node.branches))


def _problems(game: Game) -> Iterator[Problem]:
    if not game.players:
        yield Problem("players", "the game has none", "somebody has to move", "name at least one player")
    for name, count in Counter(game.players).items():
        if count > 1:
            yield Problem("players", f"{name!r} is named {count} times", "answers are listed by name", "give every player a name of his own")
    if game.chance.ndim != 1:
        yield Problem("chance", f"has {game.chance.ndim} axes", "one probability per chance number is read", "give a flat sequence")
        return
    if game.payoffs.ndim not in (2, 3) or game.payoffs.shape[-1] != len(game.players) or 0 in game.payoffs.shape:
        yield Problem(
            "payoffs",
            f"shape {game.payoffs.shape} for {len(game.players)} players",
            "payoffs are read as outcome x player, or draw x outcome x player",
            "give one column per player and at least one outcome",
        )
        return
    if not np.isfinite(game.payoffs).all():
        yield Problem(
            "payoffs", "not all of them are finite", "no choice can be computed from infinity or NaN", "give a large finite number instead"
        )
    if not np.isfinite(game.chance).all() or (game.chance < 0).any():
        yield Problem("chance", "a probability is negative or not finite", "probabilities lie between 0 and 1", "mend the probability")
        return
    n_outcomes, decisions = game.payoffs.shape[-2], 0
    for node in _nodes(game.root):
        if isinstance(node, Terminal):
            if not 0 <= node.outcome < n_outcomes:
                yield Problem(f"terminal {node.label!r}", f"outcome {node.outcome}", f"payoffs has rows 0 to {n_outcomes - 1}", "add its row")
        elif not node.branches:
            yield Problem("tree", "a node without branches", "play could not go on from there", "give it a branch or make it a Terminal")
        elif isinstance(node, Chance):
            numbers = [number for number, _, _ in node.branches]
            if not all(0 <= number < len(game.chance) for number in numbers):
                yield Problem("chance", f"a branch uses number {max(numbers)}", f"there are {len(game.chance)} probabilities", "add the missing ones")
            elif not abs((total := float(game.chance[numbers].sum())) - 1.0) <= CHANCE_TOLERANCE:
                named = ", ".join(repr(label) for _, label, _ in node.branches[:6])
                yield Problem(f"chance node with {named}", f"its probabilities sum to {total:.12g}", "they must sum to 1", "mend the probabilities")
        else:
            decisions += 1
            if not 0 <= node.player < len(game.players):
                yield Problem(f"information set {node.infoset!r}", f"player {node.player}", f"there are {len(game.players)} players", "name him")
            labels = Counter(label for label, _ in node.branches)
            if max(labels.values()) > 1:
                label = max(labels, key=labels.__getitem__)
                yield Problem(
                    f"information set {node.infoset!r}", f"action {label!r} is named twice", "answers are listed by action", "rename one of them"
                )
    if decisions == 0:
        yield Problem("tree", "nobody ever decides", "a game without a decision has no equilibrium to find", "add a Decision")
