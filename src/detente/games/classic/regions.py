"""Which equilibria exist where, over two arguments of a classic game: the figure that the books draw.

A grid of cells is laid over the two arguments; in each cell the classes known in closed form are asked whether they exist, and where neighbours differ, cells
are cut in five by five and asked again. Cells whose numbers break the game's orderings are not allowed, and are kept apart. As a certificate, a sample of
cells away from every border is solved by `detente.games.equilibria`, which knows nothing of closed forms. A region narrower than a cell can be missed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
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

Floats = NDArray[np.float64]
Range = tuple[float, float]
NOT_ALLOWED = -1
SEED = 1
FINER = 5
ENDINGS = (".svg", ".pdf", ".png")
# Points asked lie this share of a cell off its middle, for through middles run the thresholds of round numbers, where classes meet.
HAIR = (1e-6, 1.618e-6)
NAMED_VALUE = r"([a-z][\w*]*) = ([-+.\de]*\d)"


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
        Middles of the cells, a hair beside.
    classes : tuple of tuple of str
        The classes that exist together in each kind of region, as `closed_form` names them.
    implausible : tuple of str
        Classes that rest on implausible beliefs wherever they exist.
    cells : array of int, y x x
        Index into `classes`; -1 where the numbers break the game's orderings.
    conditions : mapping of class to text
        When a class exists; only those that read the same all over the picture. `game.closed_form()` tells the others at a point.
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
    conditions: Mapping[str, str]
    checked: int
    contradicted: int
    further: int

    def __repr__(self) -> str:
        return f"<Regions of {self.game.entry.title!r} over {self.x}, {self.y}: {len(self.classes)} kinds; {self.certificate}>"

    @property
    def certificate(self) -> str:
        """What solving some cells without closed forms said, in a sentence."""
        if not self.checked:
            return "no cell solved without closed forms"
        more = f", {self.further} with further equilibria of no class" if self.further else ""
        return f"{self.checked} cells solved without closed forms, {self.contradicted} contradict them{more}"

    @property
    def thresholds(self) -> Mapping[str, Mapping[str, float]]:
        """For x and y the named values at which classes begin or end, to six digits, where they are the same all over the picture.

        Those of sums and shares, such as defender_hh + defender_sh, are no values of an argument and are left out.
        """
        clauses = [clause for text in self.conditions.values() for clause in re.split(" and |, ", text)]
        return {
            name: {
                symbol: float(value)
                for clause in clauses
                if re.search(rf"(^|[<>]=? ){name}\b(?! [+/])", clause)
                for symbol, value in re.findall(NAMED_VALUE, clause)
            }
            for name in (self.x, self.y)
        }

    @property
    def edges(self) -> tuple[Range, Range]:
        """Where the first cell begins and the last one ends, along x and along y."""
        return _edges(self.x_values, HAIR[0]), _edges(self.y_values, HAIR[1])

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

    def save(self, path: Path | str) -> None:
        """Write the figure that `plot` draws, as the file's ending says: .svg, .pdf or .png (extra `plot`).

        Raises
        ------
        InvalidInput
            If the ending is another.
        """
        if Path(path).suffix.lower() not in ENDINGS:
            raise InvalidInput(
                Problem("path", f"{Path(path).name!r} ends in no format of a figure", f"figures are {', '.join(ENDINGS)}", "give one of these endings")
            )
        from detente.games.plots import save_figure

        save_figure(self.plot(), Path(path))


def regions(game: ClassicGame, x: str, y: str, *, x_range: Range | None = None, y_range: Range | None = None, points: int = 120, checks: int = 8) -> Regions:
    """Classify a grid over two arguments.

    Parameters
    ----------
    game : ClassicGame
        Without arrays over draws.
    x, y : str
        Two different arguments. By default, probabilities run from 0 to 1, others as far around the game's value as the orderings allow.
    x_range, y_range : (float, float), optional
        Lowest and highest value, in the argument's own unit.
    points : int
        Cells along each axis, before those along borders are cut.
    checks : int
        How many cells, drawn at random from those away from borders, are solved by `equilibria` too; none if the game is too large for it.

    Raises
    ------
    InvalidInput
        If an argument is unknown, the orderings leave its range open and none is given, or the game carries arrays over draws.

    Examples
    --------
    >>> from detente import games
    >>> found = games.unilateral_deterrence(challenger_hard=0.3, defender_hard=0.2).regions("challenger_hard", "defender_hard", points=40, checks=2)
    >>> found.at(0.3, 0.2)
    ('bluff', 'steadfast deterrence')
    """
    ranges = _ranges(game, {x: x_range, y: y_range}, points)
    survey = _Survey(game, x, y)
    x_values, y_values = _middles(ranges, points)
    cells = survey.ask(x_values, y_values, np.ones((points, points), dtype=bool))
    border = _meets(cells)
    inside = np.argwhere((cells >= 0) & ~border)
    sample = inside[np.random.default_rng(SEED).permutation(len(inside))[:checks]]
    compared = _compared(game, [{x: x_values[column].item(), y: y_values[row].item()} for row, column in sample.tolist()])
    border = border.repeat(FINER, axis=0).repeat(FINER, axis=1)
    x_values, y_values = _middles(ranges, points * FINER)
    cells = np.where(border, survey.ask(x_values, y_values, border), cells.repeat(FINER, axis=0).repeat(FINER, axis=1))
    cells.setflags(write=False)
    return Regions(
        game, x, y, x_values, y_values, tuple(survey.kinds), tuple(name for name, held in survey.plausible.items() if not held), cells,
        {name: texts.pop() for name, texts in survey.conditions.items() if len(texts) == 1}, len(compared),
        contradicted=sum(one for one, _ in compared), further=sum(one for _, one in compared),
    )  # fmt: skip


@dataclass
class _Survey:
    """What was met while cells were asked."""

    game: ClassicGame
    x: str
    y: str
    kinds: dict[tuple[str, ...], int] = field(default_factory=dict)
    plausible: dict[str, bool] = field(default_factory=dict)
    conditions: dict[str, set[str]] = field(default_factory=dict)

    def ask(self, x_values: Floats, y_values: Floats, where: NDArray[np.bool_]) -> NDArray[np.int64]:
        """The kind of each cell that is asked and allowed."""
        entry, arguments = self.game.entry, self.game.arguments
        assert entry.closed_forms is not None, "every game has some, models have none"
        holds = where & allowed({**arguments, self.x: x_values[None, :], self.y: y_values[:, None]}, entry.orderings)
        cells = np.full(where.shape, NOT_ALLOWED)
        for row, column in np.argwhere(holds).tolist():
            forms = entry.closed_forms(SimpleNamespace(**{**arguments, self.x: x_values[column].item(), self.y: y_values[row].item()}))
            for form in forms:
                self.plausible[form.name] = self.plausible.get(form.name, False) or form.plausible
                self.conditions.setdefault(form.name, set()).add(form.condition)
            cells[row, column] = self.kinds.setdefault(tuple(dict.fromkeys(form.name for form in forms)), len(self.kinds))
        return cells


def _edges(values: Floats, hair: float) -> Range:
    """The ends of an axis, from the middles of its cells."""
    cell = values[1] - values[0]
    return float(values[0] - (0.5 + hair) * cell), float(values[-1] + (0.5 - hair) * cell)


def _middles(ranges: list[Range], points: int) -> list[Floats]:
    return [low + (high - low) * (np.arange(points) + 0.5 + hair) / points for (low, high), hair in zip(ranges, HAIR, strict=True)]


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
        if given is None:
            given = (0.0, 1.0) if name in game.entry.probabilities else _span(game, name)
        if given is None:
            problems.append(Problem(name, "no range", "the orderings of the game leave it open", f"give one around {game.arguments[name]:g}"))
            continue
        low, high = given
        if not (np.isfinite([low, high]).all() and low < high) or (name in game.entry.probabilities and not 0 <= low < high <= 1):
            problems.append(Problem(name, f"range {low:g} to {high:g}", "it runs upwards, inside 0 to 1 for a probability", "mend it"))
        ranges.append((float(low), float(high)))
    if problems:
        raise InvalidInput(problems)
    return ranges


def _span(game: ClassicGame, name: str) -> Range | None:
    """How far the orderings allow an argument to go from its value when the others stay; None if they leave it open on a side."""

    def holds(value: float) -> bool:
        return bool(allowed({**game.arguments, name: value}, game.entry.orderings))

    ends = []
    for step in (-1.0, 1.0):
        inside, outside = game.arguments[name], game.arguments[name] + step * max(1.0, abs(game.arguments[name]))
        while holds(outside):
            inside, outside = outside, outside + 2 * (outside - inside)
            if abs(outside) > 1e12 * max(1.0, abs(game.arguments[name])):
                return None
        while inside != (middle := (inside + outside) / 2) != outside:
            inside, outside = (middle, outside) if holds(middle) else (inside, middle)
        ends.append(outside)
    return ends[0], ends[1]


def _meets(cells: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Cells that are not of one kind with all their neighbours: on a border classes meet, and the set of equilibria is larger."""
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(cells, 1, mode="edge"), (3, 3))
    return np.asarray(windows.min(axis=(2, 3)) != windows.max(axis=(2, 3)))


def _compared(game: ClassicGame, places: list[dict[str, Any]]) -> list[tuple[bool, bool]]:
    """Whether equilibria found without closed forms belong to other classes than are stated, and whether there are some of no class; empty if too large."""
    from detente.games.equilibria import equilibria

    compared = []
    for place in places:
        moved = game.entry.make(**{**game.arguments, **place})
        stated = {form.name for form in moved.closed_form()}
        try:
            found = [moved.class_of(one) for one in equilibria(moved)]
        except InvalidInput:  # more information sets or supports than the solver takes
            return []
        compared.append(({one.name for one in found if one is not None} != stated, None in found))
    return compared
