"""A picture of a game's tree as SVG text, with nothing but the standard library.

Play runs from left to right. Every end has a row of its own, and a node stands in the middle of its branches. A branch is a slope out of the parent's
column and then a level run that carries the action's name, so that no name can meet another. Members of one information set are joined by a dashed line:
straight where nothing stands between them, else around, in a lane of its own. Players are told apart by colour and by name.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from detente.errors import InvalidInput, Problem
from detente.games.game import Game
from detente.games.tree import Chance, Decision, Node, Terminal

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Judgement: more rows than this are a page that nobody reads.
MOST_ENDS = 500
Place = tuple[float, float]

COLOURS = ("#0b5f8a", "#b3402a", "#2f7233", "#73479c", "#7d6200", "#8f2f63")
INK, FAINT = "#222222", "#6b6b6b"
FONT, SIZE, SMALL = "'Source Sans 3', 'Helvetica Neue', Helvetica, Arial, 'DejaVu Sans', sans-serif", 13.0, 11.0
ROW, SLOPE, LANE, PAD, MARGIN, RADIUS = 34.0, 46.0, 9.0, 12.0, 18.0, 4.5


@dataclass(frozen=True)
class Picture:
    """A tree with all its places; SVG text, which notebooks show by themselves, or a figure of matplotlib."""

    sheet: Sheet = field(repr=False)

    @property
    def svg(self) -> str:
        """The picture as SVG text."""
        return self.sheet.svg()

    def _repr_svg_(self) -> str:
        return self.svg

    def save(self, path: str | PathLike[str]) -> None:
        """Write the picture to an .svg file."""
        Path(path).write_text(self.svg, encoding="utf-8", newline="\n")

    def plot(self, ax: Axes | None = None) -> Figure:
        """The same picture with matplotlib (extra `plot`): a figure of its own, or in the axes given."""
        from detente.games.plots import plot_tree

        return plot_tree(self.sheet, ax)


@dataclass
class _Spot:
    """A node with its place."""

    node: Node
    parent: _Spot | None
    action: str = ""
    level: int = 0
    row: float = 0.0
    branches: list[_Spot] = field(default_factory=list)


@dataclass(frozen=True)
class _Join:
    """Two neighbouring members of an information set; lane 0 is the straight line."""

    upper: _Spot
    lower: _Spot
    lane: int


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
    spots = _planted(game)
    ends = [spot for spot in spots if isinstance(spot.node, Terminal)]
    if len(ends) > MOST_ENDS:
        raise InvalidInput(Problem("game", f"{len(ends):,} ends", f"at most {MOST_ENDS} are drawn", "draw a part of the tree"))
    for row, end in enumerate(ends):
        end.row = float(row)
    for spot in reversed(spots):
        if spot.branches:
            spot.row = (spot.branches[0].row + spot.branches[-1].row) / 2
    sets = _infosets(spots)
    _align(spots, sets)
    return Picture(Sheet(game, spots, _joins(spots, sets)))


def _planted(game: Game) -> list[_Spot]:
    """All nodes in preorder."""
    spots: list[_Spot] = []
    stack = [_Spot(game.root, None)]
    while stack:
        spot = stack.pop()
        spots.append(spot)
        if isinstance(spot.node, Chance):
            spot.branches = [_Spot(child, spot, f"{label} ({_number(game.chance[k])})".strip()) for k, label, child in spot.node.branches]
        elif isinstance(spot.node, Decision):
            spot.branches = [_Spot(child, spot, label) for label, child in spot.node.branches]
        stack.extend(reversed(spot.branches))
    return spots


def _infosets(spots: list[_Spot]) -> list[list[_Spot]]:
    """Information sets of several members, each in order of rows."""
    sets: dict[Hashable, list[_Spot]] = {}
    for spot in spots:
        if isinstance(spot.node, Decision):
            sets.setdefault(spot.node.infoset, []).append(spot)
    return [sorted(members, key=lambda spot: spot.row) for members in sets.values() if len(members) > 1]


def _align(spots: list[_Spot], sets: list[list[_Spot]]) -> None:
    """Columns: a node stands right of its parent, and members of one information set in one column where that can be."""
    wanted: dict[int, int] = {}
    # Each round can push members to the right; sets that precede each other on different paths would push for ever.
    for _ in range(len(sets) + 1):
        for spot in spots:
            spot.level = max(wanted.get(id(spot), 0), spot.parent.level + 1 if spot.parent else 0)
        moved = False
        for members in sets:
            level = max(spot.level for spot in members)
            for spot in members:
                moved |= spot.level != level
                wanted[id(spot)] = level
        if not moved:
            return


def _joins(spots: list[_Spot], sets: list[list[_Spot]]) -> list[_Join]:
    """Dashed lines between neighbouring members. Lines of one column that overlap take different lanes."""
    joins: list[_Join] = []
    taken: dict[int, list[tuple[int, float, float]]] = {}
    pairs = [(upper, lower) for members in sets for upper, lower in pairwise(members)]
    for upper, lower in sorted(pairs, key=lambda pair: pair[1].row - pair[0].row):
        between = any(spot.level == upper.level and upper.row < spot.row < lower.row for spot in spots)
        lane = 0
        if between or upper.level != lower.level:
            column = taken.setdefault(max(upper.level, lower.level), [])
            used = {other for other, top, bottom in column if top < lower.row and upper.row < bottom}
            lane = next(k for k in range(1, len(used) + 2) if k not in used)
            column.append((lane, upper.row, lower.row))
        joins.append(_Join(upper, lower, lane))
    return joins


class Sheet:
    """Places in pixels, and the marks on them."""

    def __init__(self, game: Game, spots: list[_Spot], joins: list[_Join]) -> None:
        self.game, self.spots, self.joins = game, spots, joins
        self.top = MARGIN + 62.0
        self.columns = self._columns()

    def _columns(self) -> list[float]:
        """The x of each level: wide enough for the names on the runs that end there and for the lanes that start there."""
        deepest = max(spot.level for spot in self.spots)
        run = [0.0] * (deepest + 1)
        lanes = [0] * (deepest + 1)
        for spot in self.spots:
            if spot.parent:
                run[spot.level] = max(run[spot.level], _width(spot.action, SIZE) + PAD, _width(self.mover(spot), SMALL) + PAD + RADIUS)
        for join in self.joins:
            level = max(join.upper.level, join.lower.level)
            lanes[level] = max(lanes[level], join.lane)
        columns = [MARGIN + _width(self.mover(self.spots[0]), SMALL) + PAD]
        for level in range(1, deepest + 1):
            columns.append(columns[-1] + SLOPE + LANE * lanes[level - 1] + run[level])
        self.slopes = [SLOPE + LANE * count for count in lanes]
        return columns

    @property
    def size(self) -> Place:
        """Width and height."""
        rights = [self.x(spot) + self._end_width(spot) for spot in self.spots if isinstance(spot.node, Terminal)]
        title, legend = self.game.title or "Game", self.legend()
        width = max(*rights, MARGIN + _width(title, SIZE + 3), *(x + _width(text, SMALL) for x, _, text in legend)) + MARGIN
        return width, self.top + ROW * len(rights) + MARGIN

    def x(self, spot: _Spot) -> float:
        """An end stands right of the lanes of its column, so that no dashed line runs through its payoffs."""
        lanes = self.slopes[spot.level] - SLOPE
        return self.columns[spot.level] + (lanes + PAD if lanes and isinstance(spot.node, Terminal) else 0.0)

    def y(self, spot: _Spot) -> float:
        return self.top + ROW * (spot.row + 0.5)

    def mover(self, spot: _Spot) -> str:
        """Who moves at a node."""
        if isinstance(spot.node, Decision):
            return self.game.players[spot.node.player]
        return "chance" if isinstance(spot.node, Chance) else ""

    def colour(self, spot: _Spot) -> str:
        return COLOURS[spot.node.player % len(COLOURS)] if isinstance(spot.node, Decision) else FAINT

    def svg(self) -> str:
        ends = sum(isinstance(spot.node, Terminal) for spot in self.spots)
        title, legend, (width, height) = self.game.title or "Game", list(self.legend()), self.size
        lines = [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}" role="img"'
            f' font-family="{FONT}" font-size="{SIZE:g}" fill="{INK}">',
            f"<title>{escape(title)}</title>",
            f"<desc>Game tree of {escape(', '.join(self.game.players))}: {ends} ends.</desc>",
            '<rect width="100%" height="100%" fill="#ffffff"/>',
            f'<text x="{MARGIN:g}" y="{MARGIN + 14:g}" font-size="{SIZE + 3:g}" font-weight="600">{escape(title)}</text>',
            *(f'<text x="{x:.1f}" y="{MARGIN + 38:g}" font-size="{SMALL:g}" fill="{colour}">{escape(text)}</text>' for x, colour, text in legend),
        ]
        lines += [self._branch(spot) for spot in self.spots if spot.parent]
        lines += [self._dash(join) for join in self.joins]
        lines += [line for spot in self.spots for line in self._marks(spot)]
        return "\n".join([*lines, "</svg>"]) + "\n"

    def legend(self) -> Iterator[tuple[float, str, str]]:
        """Players in the order of the payoffs, and what the dashes mean."""
        x = MARGIN
        words = [(FAINT, "payoffs:"), *((COLOURS[k % len(COLOURS)], name) for k, name in enumerate(self.game.players))]
        if self.joins:
            words.append((FAINT, "dashed: the mover cannot tell which"))
        for colour, text in words:
            yield x, colour, text
            x += _width(text, SMALL) + PAD

    def branch(self, spot: _Spot) -> list[Place]:
        """The way of a branch: a slope out of the parent's column, then a level run."""
        assert spot.parent is not None
        start, row = self.x(spot.parent), self.y(spot)
        return [(start, self.y(spot.parent)), (start + self.slopes[spot.parent.level], row), (self.x(spot), row)]

    def dash(self, join: _Join) -> list[tuple[str, list[Place]]]:
        """The way of a dashed line: M (start), L (straight on), Q (a bend, by its control point and its end)."""
        x0, y0, x1, y1 = self.x(join.upper), self.y(join.upper), self.x(join.lower), self.y(join.lower)
        if not join.lane:
            return [("M", [(x0, y0)]), ("L", [(x1, y1)])]
        bend = max(x0, x1) + 5.0 + LANE * join.lane
        corner = min(9.0, (y1 - y0) / 2)
        return [("M", [(x0, y0)]), ("Q", [(bend, y0), (bend, y0 + corner)]), ("L", [(bend, y1 - corner)]), ("Q", [(bend, y1), (x1, y1)])]

    def _branch(self, spot: _Spot) -> str:
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in self.branch(spot))
        return f'<polyline points="{points}" fill="none" stroke="{INK}" stroke-width="1.1" stroke-linejoin="round"/>'

    def _dash(self, join: _Join) -> str:
        way = " ".join(letter + " ".join(f"{x:.1f},{y:.1f}" for x, y in places) for letter, places in self.dash(join))
        return f'<path d="{way}" fill="none" stroke="{self.colour(join.upper)}" stroke-width="1.6" stroke-dasharray="5 4"/>'

    def _marks(self, spot: _Spot) -> Iterator[str]:
        """The node, who moves or what is paid, and the action that led there."""
        x, y = self.x(spot), self.y(spot)
        if spot.parent:
            left = self.columns[spot.level] - _width(spot.action, SIZE) - PAD / 2
            yield f'<text x="{left:.1f}" y="{y - 5:.1f}">{escape(spot.action)}</text>'
        if isinstance(spot.node, Terminal):
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2" fill="{INK}"/>'
            yield self._paid(spot.node, x + PAD, y + 4.5)
            return
        fill = "#ffffff" if isinstance(spot.node, Chance) else self.colour(spot)
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{RADIUS:g}" fill="{fill}" stroke="{self.colour(spot)}" stroke-width="1.4"/>'
        anchor = f'x="{x - RADIUS - 3:.1f}" y="{y + 14:.1f}" text-anchor="end"'
        yield f'<text {anchor} font-size="{SMALL:g}" fill="{self.colour(spot)}">{escape(self.mover(spot))}</text>'

    def numbers(self, node: Terminal) -> list[str]:
        return [_number(payoff) for payoff in self.game.payoffs[node.outcome]]

    def _end_width(self, spot: _Spot) -> float:
        assert isinstance(spot.node, Terminal)
        return PAD + _width("  ".join([*self.numbers(spot.node), spot.node.label]), SIZE) + PAD * len(self.game.players)

    def _paid(self, node: Terminal, x: float, y: float) -> str:
        """Payoffs in the players' colours, then the name of the end."""
        parts = [f'<tspan fill="{COLOURS[k % len(COLOURS)]}">{number}</tspan>' for k, number in enumerate(self.numbers(node))]
        name = f'<tspan dx="{PAD:g}" fill="{FAINT}">{escape(node.label)}</tspan>' if node.label else ""
        return f'<text x="{x:.1f}" y="{y:.1f}">{", ".join(parts)}{name}</text>'


def _number(value: float) -> str:
    """Four digits, with a true minus sign."""
    return f"{value:.4g}".replace("-", "\N{MINUS SIGN}")


def _width(text: str, size: float) -> float:
    """An upper estimate of a text's width: in the widest of the usual sans-serif fonts, letters take 0.62 of the size on average, a few of them 1."""
    return size * sum(1.05 if unicodedata.east_asian_width(letter) in "WF" or letter in "mwMW@%" else 0.62 for letter in text)
