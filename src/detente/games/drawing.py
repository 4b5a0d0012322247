"""A picture of a game's tree as SVG text, with nothing but the standard library: the marks on the places of its `Sheet`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from detente.errors import InvalidInput, Problem
from detente.games.sheet import COLOURS, FAINT, INK, MARGIN, PAD, RADIUS, SIZE, SMALL, Join, Sheet, Spot, lay_out, width_of
from detente.games.tree import Chance, Terminal

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from detente.games.game import Game

FONT = "'Source Sans 3', 'Helvetica Neue', Helvetica, Arial, 'DejaVu Sans', sans-serif"


@dataclass(frozen=True)
class Picture:
    """A tree with all its places; SVG text, which notebooks show by themselves, or a figure of matplotlib."""

    sheet: Sheet = field(repr=False)

    @property
    def svg(self) -> str:
        """The picture as SVG text."""
        return _svg(self.sheet)

    def _repr_svg_(self) -> str:
        return self.svg

    def save(self, path: str | PathLike[str]) -> None:
        """Write the picture to an .svg file."""
        Path(path).write_text(self.svg, encoding="utf-8", newline="\n")

    def plot(self, ax: Axes | None = None) -> Figure:
        """The same picture with matplotlib (extra `plot`): a figure of its own, or in the axes given."""
        from detente.games.plots import plot_tree

        return plot_tree(self.sheet, ax)


def draw(game: Game) -> Picture:
    """Draw the tree of a game.

    Parameters
    ----------
    game : Game
        Without a draw axis.

    Returns
    -------
    Picture

    Raises
    ------
    InvalidInput
        If the payoffs have a draw axis, or the tree has more than 500 ends.

    Examples
    --------
    >>> from detente.games import loads
    >>> game = loads('EFG 2 R "" { "Ann" } p "" 1 1 "" { "stay" "go" } 0 t "" 1 "" { 0 } t "" 2 "" { 1/3 }')
    >>> game.draw().svg[:4]
    '<svg'
    """
    if game.draws is not None:
        raise InvalidInput(Problem("payoffs", f"{game.draws} draws", "a picture shows one game", "draw Game(..., payoffs=game.payoffs[draw]) instead"))
    return Picture(lay_out(game))


def _svg(sheet: Sheet) -> str:
    ends = sum(isinstance(spot.node, Terminal) for spot in sheet.spots)
    title, legend, (width, height) = sheet.game.title or "Game", list(sheet.legend()), sheet.size
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}" role="img"'
        f' font-family="{FONT}" font-size="{SIZE:g}" fill="{INK}">',
        f"<title>{escape(title)}</title>",
        f"<desc>Game tree of {escape(', '.join(sheet.game.players))}: {ends} ends.</desc>",
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        f'<text x="{MARGIN:g}" y="{MARGIN + 14:g}" font-size="{SIZE + 3:g}" font-weight="600">{escape(title)}</text>',
        *(f'<text x="{x:.1f}" y="{MARGIN + 38:g}" font-size="{SMALL:g}" fill="{colour}">{escape(text)}</text>' for x, colour, text in legend),
    ]
    lines += [_branch(sheet, spot) for spot in sheet.spots if spot.parent]
    lines += [_dash(sheet, join) for join in sheet.joins]
    lines += [line for spot in sheet.spots for line in _marks(sheet, spot)]
    return "\n".join([*lines, "</svg>"]) + "\n"


def _branch(sheet: Sheet, spot: Spot) -> str:
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in sheet.branch(spot))
    return f'<polyline points="{points}" fill="none" stroke="{INK}" stroke-width="1.1" stroke-linejoin="round"/>'


def _dash(sheet: Sheet, join: Join) -> str:
    way = " ".join(letter + " ".join(f"{x:.1f},{y:.1f}" for x, y in places) for letter, places in sheet.dash(join))
    return f'<path d="{way}" fill="none" stroke="{sheet.colour(join.upper)}" stroke-width="1.6" stroke-dasharray="5 4"/>'


def _marks(sheet: Sheet, spot: Spot) -> Iterator[str]:
    """The node, who moves or what is paid, and the action that led there."""
    x, y = sheet.x(spot), sheet.y(spot)
    if spot.parent:
        left = sheet.columns[spot.level] - width_of(spot.action, SIZE) - PAD / 2
        yield f'<text x="{left:.1f}" y="{y - 5:.1f}">{escape(spot.action)}</text>'
    if isinstance(spot.node, Terminal):
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2" fill="{INK}"/>'
        yield _paid(sheet, spot.node, x + PAD, y + 4.5)
        return
    fill = "#ffffff" if isinstance(spot.node, Chance) else sheet.colour(spot)
    yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{RADIUS:g}" fill="{fill}" stroke="{sheet.colour(spot)}" stroke-width="1.4"/>'
    anchor = f'x="{x - RADIUS - 3:.1f}" y="{y + 14:.1f}" text-anchor="end"'
    yield f'<text {anchor} font-size="{SMALL:g}" fill="{sheet.colour(spot)}">{escape(sheet.mover(spot))}</text>'


def _paid(sheet: Sheet, node: Terminal, x: float, y: float) -> str:
    """Payoffs in the players' colours, then the name of the end."""
    parts = [f'<tspan fill="{COLOURS[k % len(COLOURS)]}">{number}</tspan>' for k, number in enumerate(sheet.numbers(node))]
    name = f'<tspan dx="{PAD:g}" fill="{FAINT}">{escape(node.label)}</tspan>' if node.label else ""
    return f'<text x="{x:.1f}" y="{y:.1f}">{", ".join(parts)}{name}</text>'
