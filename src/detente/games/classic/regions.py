"""Which equilibria exist where, over two arguments of a classic game: the figure that the books draw.

A grid of cells is laid over the two arguments; in the middle of each cell the classes known in closed form are asked whether they exist. Cells whose
numbers break the game's orderings are not allowed, and are kept apart. As a certificate, a sample of cells away from every border is solved by
`detente.games.equilibria`, which knows nothing of closed forms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from detente.errors import InvalidInput, Problem
from detente.games.classic.arguments import allowed

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from detente.games.classic.entry import ClassicGame

Range = tuple[float, float]
NOT_ALLOWED = -1
SEED = 1


@dataclass(frozen=True, eq=False, repr=False)
class Regions:
    """Where which classes of equilibria exist.

    Attributes
    ----------
    game : ClassicGame
        Its other arguments stay as they are.
    x, y : str
        Arguments.
    x_values, y_values : array
        Middles of the cells.
    classes : tuple of tuple of str
        The classes that exist together in each kind of region, as `closed_form` names them.
    implausible : tuple of str
        Classes that rest on implausible beliefs wherever they exist.
    cells : array of int, y x x
        Index into `classes`; -1 where the numbers break the game's orderings.
    checked, contradicted, further : int
        Cells solved without closed forms; those of them in which a stated class was not found, or a class was found that is not stated; and those in
        which there were further equilibria, of no class in closed form.
    """

    game: ClassicGame
    x: str
    y: str
    x_values: NDArray[np.float64]
    y_values: NDArray[np.float64]
    classes: tuple[tuple[str, ...], ...]
    implausible: tuple[str, ...]
    cells: NDArray[np.int64]
    checked: int
    contradicted: int
    further: int

    def __repr__(self) -> str:
        return f"<Regions of {self.game.entry.title!r} over {self.x}, {self.y}: {len(self.classes)} kinds; {self.certificate}>"

    @property
    def certificate(self) -> str:
        """What solving some cells without closed forms said, in a sentence."""
        more = f", {self.further} with further equilibria of no class" if self.further else ""
        return f"{self.checked} cells solved without closed forms, {self.contradicted} contradict them{more}"

    def shares(self) -> Mapping[tuple[str, ...], float]:
        """Share of the allowed area of each kind of region, to the size of a cell along its border."""
        counts = np.bincount(self.cells[self.cells >= 0], minlength=len(self.classes))
        return {kind: float(count) / max(int(counts.sum()), 1) for kind, count in zip(self.classes, counts.tolist(), strict=True)}

    def at(self, x: float, y: float) -> tuple[str, ...] | None:
        """The classes in the cell around a point; None where the numbers are not allowed."""
        column, row = (int(np.abs(values - value).argmin()) for values, value in ((self.x_values, x), (self.y_values, y)))
        kind = int(self.cells[row, column])
        return None if kind == NOT_ALLOWED else self.classes[kind]

    def plot(self, ax: Axes | None = None) -> Figure:
        """Draw the regions with matplotlib (extra `plot`)."""
        from detente.games.plots import plot_regions

        return plot_regions(self, ax)


def regions(
    game: ClassicGame, x: str, y: str, *, x_range: Range | None = None, y_range: Range | None = None, points: int = 120, checks: int = 8
) -> Regions:
    """Classify a grid over two arguments.

    Parameters
    ----------
    game : ClassicGame
        Without arrays over draws.
    x, y : str
        Two different arguments. Probabilities run from 0 to 1 by default; other arguments need a range.
    x_range, y_range : (float, float), optional
        Lowest and highest value, in the argument's own unit.
    points : int
        Cells along each axis.
    checks : int
        How many cells, drawn at random from those away from borders, are solved by `equilibria` too.

    Raises
    ------
    InvalidInput
        If an argument is unknown, has no range, or the game carries arrays over draws.

    Examples
    --------
    >>> from detente import games
    >>> found = games.unilateral_deterrence(challenger_hard=0.3, defender_hard=0.2).regions("challenger_hard", "defender_hard", points=40, checks=2)
    >>> found.at(0.3, 0.2)
    ('bluff', 'steadfast deterrence')
    """
    ranges = _ranges(game, {x: x_range, y: y_range}, points)
    x_values, y_values = (low + (high - low) * (np.arange(points) + 0.5) / points for low, high in ranges)
    entry = game.entry
    holds = np.broadcast_to(allowed({**game.arguments, x: x_values[None, :], y: y_values[:, None]}, entry.orderings), (points, points))
    assert entry.closed_forms is not None, "every game has some, models have none"
    kinds: dict[tuple[str, ...], int] = {}
    plausible: dict[str, bool] = {}
    cells = np.full((points, points), NOT_ALLOWED)
    for row, column in np.argwhere(holds).tolist():
        forms = entry.closed_forms(SimpleNamespace(**{**game.arguments, x: x_values[column].item(), y: y_values[row].item()}))
        for form in forms:
            plausible[form.name] = plausible.get(form.name, False) or form.plausible
        cells[row, column] = kinds.setdefault(tuple(dict.fromkeys(form.name for form in forms)), len(kinds))
    cells.setflags(write=False)
    sample = _inside(cells)
    sample = sample[np.random.default_rng(SEED).permutation(len(sample))[:checks]]
    compared = [_compare(game, {x: x_values[column].item(), y: y_values[row].item()}) for row, column in sample.tolist()]
    return Regions(
        game, x, y, x_values, y_values, tuple(kinds), tuple(name for name, held in plausible.items() if not held), cells, len(sample),
        contradicted=sum(one for one, _ in compared), further=sum(one for _, one in compared),
    )  # fmt: skip


def _ranges(game: ClassicGame, asked: Mapping[str, Range | None], points: int) -> list[Range]:
    problems: list[Problem] = []
    if game.draws is not None:
        problems.append(Problem(game.name, "arrays over draws", "a picture shows one set of numbers", "give numbers"))
    if len(asked) < 2:
        problems.append(Problem("y", "the same argument as x", "two axes are needed", "name another"))
    if points < 2:
        problems.append(Problem("points", f"{points}", "a grid has at least two cells along each axis", "give 2 or more"))
    ranges: list[Range] = []
    for name, given in asked.items():
        if name not in game.arguments:
            near = get_close_matches(name, game.arguments, 1)
            problems.append(
                Problem(name, f"{game.name} has no such argument", f"it has {', '.join(game.arguments)}", f"did you mean {near[0]!r}?" if near else "use one")
            )
            continue
        if given is None and name not in game.entry.probabilities:
            problems.append(Problem(name, "no range", "only probabilities have one by default", f"give one around {game.arguments[name]:g}"))
            continue
        low, high = given or (0.0, 1.0)
        if not (np.isfinite([low, high]).all() and low < high) or (name in game.entry.probabilities and not 0 <= low < high <= 1):
            problems.append(Problem(name, f"range {low:g} to {high:g}", "it runs upwards, inside 0 to 1 for a probability", "mend it"))
        ranges.append((float(low), float(high)))
    if problems:
        raise InvalidInput(problems)
    return ranges


def _inside(cells: NDArray[np.int64]) -> NDArray[np.int64]:
    """Allowed cells whose neighbours are all of their kind: on a border, classes meet and the set of equilibria is larger."""
    same = cells >= 0
    for axis in (0, 1):
        for step in (1, -1):
            same &= np.roll(cells, step, axis) == cells
    same[[0, -1]] = same[:, [0, -1]] = False
    return np.argwhere(same)


def _compare(game: ClassicGame, changed: dict[str, Any]) -> tuple[bool, bool]:
    """Whether equilibria found without closed forms belong to other classes than are stated, and whether there are some of no class."""
    from detente.games.equilibria import equilibria

    moved = game.entry.make(**{**game.arguments, **changed})
    stated = {form.name for form in moved.closed_form()}
    found = [moved.class_of(one) for one in equilibria(moved)]
    return {one.name for one in found if one is not None} != stated, None in found
