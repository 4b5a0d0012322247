"""What the draws of one world say: its answers to questions, its quantities and drivers, and measures computed from these, draw by draw."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from detente.document import Formula
from detente.insight.measures import Measure
from detente.insight.questions import PAIRED, Question
from detente.scenario import Model
from detente.scenario.evaluate import ALL, NONE, named_values, over_draws

Floats = NDArray[np.float64]
Parts = tuple[Floats, Floats | None]


def parts_of(data: xr.Dataset, question: Question, count: int | None = None) -> Parts:
    """Numerator, and for a conditional question denominator, over the first draws or all."""
    if question.kind in PAIRED:
        axis = "next_pair" if question.kind == "next" else "pair"
        column = [str(pair) for pair in data[axis].values].index(question.what)
        return data[f"{question.kind}_joint"].values[:count, column], data[f"{question.kind}_given"].values[:count, column]
    if question.origin is not None:
        return data["pathways"].sel(level=question.what, origin=question.origin).sum("trigger").values[:count], None
    years = [int(year) for year in data["year"].values]
    year = -1 if question.year is None else years.index(question.year)
    return data[question.kind].sel(rung=question.what).values[:count, year], None


def named(model: Model, data: xr.Dataset, names: Iterable[str]) -> dict[str, Floats]:
    """Quantities, drivers and switches over draws, on the as-of date in base units."""
    wanted = list(names)
    if not wanted:
        return {}
    quantities = {str(name): data["quantities"].values[:, k] for k, name in enumerate(data["quantity"].values)}
    chances = {str(name): data["chances"].values[:, k] for k, name in enumerate(data["contingency"].values)}
    # The alliance is costly to ask, and only drivers take anything of it.
    asked = ALL if any(name in model.scenario.drivers for name in wanted) else NONE
    everything = named_values(model, quantities, chances, asked)
    return {name: over_draws(Formula(name), everything, data.sizes["draw"]) for name in wanted if name in everything}


def draw_by_draw(measure: Measure, parts: Sequence[Parts], values: Mapping[str, Any], count: int) -> Floats:
    """A measure over draws; NaN where it is not defined."""
    with np.errstate(all="ignore"):
        answers = [top if bottom is None else np.divide(top, bottom, out=np.full(count, np.nan), where=bottom > 0) for top, bottom in parts]
        found = np.broadcast_to(np.asarray(measure.evaluate(answers, values), dtype=float), (count,))
    return np.where(np.isfinite(found), found, np.nan)
