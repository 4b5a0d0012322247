"""Write a game as .efg text (format: `detente.games.efg`)."""

from __future__ import annotations

from decimal import Decimal, localcontext
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from detente.errors import InvalidInput, Problem
from detente.games.tree import Chance, Node, Terminal

if TYPE_CHECKING:
    from detente.games.game import Game

# Characters of the longest number that is written; the reader takes none that is longer.
MAX_NUMBER = 100


def dumps(game: Game) -> str:
    """Write a game as .efg text that `loads` reads back to the same game, chances to the last bit but one.

    Raises
    ------
    InvalidInput
        If the payoffs have a draw axis: a file holds one game.
    """
    if game.draws is not None:
        raise InvalidInput(
            Problem("payoffs", f"{game.draws} draws", "an .efg file holds one game", "write Game(..., payoffs=game.payoffs[draw]) instead")
        )
    lines = [f"EFG 2 R {_quote(game.title)} {{ {' '.join(map(_quote, game.players))} }}", '""', ""]
    numbers: dict[tuple[int, object], int] = {}
    counts = [0] * (len(game.players) + 1)
    stack: list[Node] = [game.root]
    while stack:
        node = stack.pop()
        if isinstance(node, Terminal):
            paid = " ".join(repr(float(payoff)) for payoff in game.payoffs[node.outcome])
            lines.append(f't "" {node.outcome + 1} {_quote(node.label)} {{ {paid} }}')
            continue
        key: tuple[int, object]
        if isinstance(node, Chance):
            key = (-1, tuple((number, label) for number, label, _ in node.branches))
            written = _probabilities([float(game.chance[number]) for number, _, _ in node.branches])
            words = " ".join(f"{_quote(label)} {chance}" for (_, label, _), chance in zip(node.branches, written, strict=True))
            opening = 'c ""'
            stack.extend(child for _, _, child in reversed(node.branches))
        else:
            key = (node.player, node.infoset)
            words = " ".join(_quote(label) for label, _ in node.branches)
            opening = f'p "" {node.player + 1}'
            stack.extend(child for _, child in reversed(node.branches))
        if key not in numbers:
            counts[key[0]] += 1
            numbers[key] = counts[key[0]]
        lines.append(f'{opening} {numbers[key]} "" {{ {words} }} 0')
    return "\n".join(lines) + "\n"


def save(game: Game, path: str | PathLike[str]) -> None:
    """Write a game to an .efg file (see `dumps`)."""
    Path(path).write_text(dumps(game), encoding="utf-8", newline="\n")


def _probabilities(chances: list[float]) -> list[str]:
    """Decimals that sum to exactly one, as Gambit wants: where the shortest ones do not, the largest takes the rest and may change in its last bit."""
    written = [repr(chance) for chance in chances]
    largest = chances.index(max(chances))
    with localcontext(prec=MAX_NUMBER):
        rest = 1 - sum(Decimal(text) for k, text in enumerate(written) if k != largest)
        if rest != Decimal(written[largest]) and len(f"{rest:f}") <= MAX_NUMBER:
            written[largest] = f"{rest:f}"
    return written


def _quote(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
