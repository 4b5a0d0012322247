"""The places of a game's tree on a sheet, in pixels: nodes, branches, and the dashed lines that join the members of an information set.

Play runs from left to right. Every end has a row of its own, and a node stands in the middle of its branches. A branch is a slope out of the parent's
column and then a level run that carries the action's name, so that no name can meet another. Members of one information set are joined by a dashed line:
straight where nothing stands between them, else around, in a lane of its own. Players are told apart by colour and by name.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from detente.errors import InvalidInput, Problem
from detente.games.tree import Chance, Decision, Node, Terminal

if TYPE_CHECKING:
    from detente.games.game import Game

# Judgement: more rows than this are a page that nobody reads.
MOST_ENDS = 500
Place = tuple[float, float]

COLOURS = ("#0b5f8a", "#b3402a", "#2f7233", "#73479c", "#7d6200", "#8f2f63")
INK, FAINT = "#222222", "#6b6b6b"
SIZE, SMALL = 13.0, 11.0
ROW, SLOPE, LANE, PAD, MARGIN, RADIUS = 34.0, 46.0, 9.0, 12.0, 18.0, 4.5


@dataclass
class Spot:
    """A node with its place."""

    node: Node
    parent: Spot | None
    action: str = ""
    level: int = 0
    row: float = 0.0
    branches: list[Spot] = field(default_factory=list)


@dataclass(frozen=True)
class Join:
    """Two neighbouring members of an information set; lane 0 is the straight line."""

    upper: Spot
    lower: Spot
    lane: int


def lay_out(game: Game) -> Sheet:
    """Give every node of a game of one draw its place.

    Raises
    ------
    InvalidInput
        If the tree has more than 500 ends.
    """
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
    return Sheet(game, spots, _joins(spots, sets))


def _planted(game: Game) -> list[Spot]:
    """All nodes in preorder."""
    spots: list[Spot] = []
    stack = [Spot(game.root, None)]
    while stack:
        spot = stack.pop()
        spots.append(spot)
        if isinstance(spot.node, Chance):
            spot.branches = [Spot(child, spot, f"{label} ({_number(game.chance[k])})".strip()) for k, label, child in spot.node.branches]
        elif isinstance(spot.node, Decision):
            spot.branches = [Spot(child, spot, label) for label, child in spot.node.branches]
        stack.extend(reversed(spot.branches))
    return spots


def _infosets(spots: list[Spot]) -> list[list[Spot]]:
    """Information sets of several members, each in order of rows."""
    sets: dict[Hashable, list[Spot]] = {}
    for spot in spots:
        if isinstance(spot.node, Decision):
            sets.setdefault(spot.node.infoset, []).append(spot)
    return [sorted(members, key=lambda spot: spot.row) for members in sets.values() if len(members) > 1]


def _align(spots: list[Spot], sets: list[list[Spot]]) -> None:
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


def _joins(spots: list[Spot], sets: list[list[Spot]]) -> list[Join]:
    """Dashed lines between neighbouring members. Lines of one column that overlap take different lanes."""
    joins: list[Join] = []
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
        joins.append(Join(upper, lower, lane))
    return joins


class Sheet:
    """Places in pixels, and the marks on them."""

    def __init__(self, game: Game, spots: list[Spot], joins: list[Join]) -> None:
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
                run[spot.level] = max(run[spot.level], width_of(spot.action, SIZE) + PAD, width_of(self.mover(spot), SMALL) + PAD + RADIUS)
        for join in self.joins:
            level = max(join.upper.level, join.lower.level)
            lanes[level] = max(lanes[level], join.lane)
        columns = [MARGIN + width_of(self.mover(self.spots[0]), SMALL) + PAD]
        for level in range(1, deepest + 1):
            columns.append(columns[-1] + SLOPE + LANE * lanes[level - 1] + run[level])
        self.slopes = [SLOPE + LANE * count for count in lanes]
        return columns

    @property
    def size(self) -> Place:
        """Width and height."""
        rights = [self.x(spot) + self._endwidth_of(spot) for spot in self.spots if isinstance(spot.node, Terminal)]
        title, legend = self.game.title or "Game", self.legend()
        width = max(*rights, MARGIN + width_of(title, SIZE + 3), *(x + width_of(text, SMALL) for x, _, text in legend)) + MARGIN
        return width, self.top + ROW * len(rights) + MARGIN

    def x(self, spot: Spot) -> float:
        """An end stands right of the lanes of its column, so that no dashed line runs through its payoffs."""
        lanes = self.slopes[spot.level] - SLOPE
        return self.columns[spot.level] + (lanes + PAD if lanes and isinstance(spot.node, Terminal) else 0.0)

    def y(self, spot: Spot) -> float:
        return self.top + ROW * (spot.row + 0.5)

    def mover(self, spot: Spot) -> str:
        """Who moves at a node."""
        if isinstance(spot.node, Decision):
            return self.game.players[spot.node.player]
        return "chance" if isinstance(spot.node, Chance) else ""

    def colour(self, spot: Spot) -> str:
        return COLOURS[spot.node.player % len(COLOURS)] if isinstance(spot.node, Decision) else FAINT

    def legend(self) -> Iterator[tuple[float, str, str]]:
        """Players in the order of the payoffs, and what the dashes mean."""
        x = MARGIN
        words = [(FAINT, "payoffs:"), *((COLOURS[k % len(COLOURS)], name) for k, name in enumerate(self.game.players))]
        if self.joins:
            words.append((FAINT, "dashed: the mover cannot tell which"))
        for colour, text in words:
            yield x, colour, text
            x += width_of(text, SMALL) + PAD

    def branch(self, spot: Spot) -> list[Place]:
        """The way of a branch: a slope out of the parent's column, then a level run."""
        assert spot.parent is not None
        start, row = self.x(spot.parent), self.y(spot)
        return [(start, self.y(spot.parent)), (start + self.slopes[spot.parent.level], row), (self.x(spot), row)]

    def dash(self, join: Join) -> list[tuple[str, list[Place]]]:
        """The way of a dashed line: M (start), L (straight on), Q (a bend, by its control point and its end)."""
        x0, y0, x1, y1 = self.x(join.upper), self.y(join.upper), self.x(join.lower), self.y(join.lower)
        if not join.lane:
            return [("M", [(x0, y0)]), ("L", [(x1, y1)])]
        bend = max(x0, x1) + 5.0 + LANE * join.lane
        corner = min(9.0, (y1 - y0) / 2)
        return [("M", [(x0, y0)]), ("Q", [(bend, y0), (bend, y0 + corner)]), ("L", [(bend, y1 - corner)]), ("Q", [(bend, y1), (x1, y1)])]

    def numbers(self, node: Terminal) -> list[str]:
        return [_number(payoff) for payoff in self.game.payoffs[node.outcome]]

    def _endwidth_of(self, spot: Spot) -> float:
        assert isinstance(spot.node, Terminal)
        return PAD + width_of("  ".join([*self.numbers(spot.node), spot.node.label]), SIZE) + PAD * len(self.game.players)


def _number(value: float) -> str:
    """Four digits, with a true minus sign."""
    return f"{value:.4g}".replace("-", "\N{MINUS SIGN}")


def width_of(text: str, size: float) -> float:
    """An upper estimate of a text's width: in the widest of the usual sans-serif fonts, letters take 0.62 of the size on average, a few of them 1."""
    return size * sum(1.05 if unicodedata.east_asian_width(letter) in "WF" or letter in "mwMW@%" else 0.62 for letter in text)
