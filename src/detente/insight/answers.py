"""What draws say of a measure, and how it looks over all of them.

    share = sum of w over draws in which something holds / sum of w over draws in which the measure is defined

w is the weight that history gives. Where every conditional question of a measure has the same condition, draws also weigh by its probability as written, as
`given` and `onward` themselves do: if a happened, draws prone to a are likelier. Questions to several assessments are answered draw by draw, on the draws
that all of them have. The 95 % interval of a share is that of Jeffreys on the effective number of draws, which for a scrambled sequence is wide of the mark on
the safe side.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.ensemble.statistics import mean, weighted_quantiles
from detente.insight.beside import Beside, Told
from detente.insight.boxes import jeffreys_of
from detente.insight.measures import PAIRED, Measure, Question, World
from detente.insight.samples import effective

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Share:
    """In which share of draws something holds, with its 95 % Monte Carlo interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Answer:
    """What draws say of a measure.

    Attributes
    ----------
    values : array over draws
        NaN where it is not defined.
    weights : array over draws
        By history, and by the probability of the condition.
    predictive : float or None
        None where it is defined in no draw.
    p05, p50, p95 : float or None
        Quantiles over the draws in which it is defined.
    undefined : float
        In which share of draws, by history alone, it is not defined.
    """

    values: Floats
    weights: Floats
    predictive: float | None
    p05: float | None
    p50: float | None
    p95: float | None
    undefined: float

    @property
    def ranges(self) -> tuple[float, float, float]:
        """The three quantiles of a measure that is defined somewhere."""
        assert self.p05 is not None and self.p50 is not None and self.p95 is not None
        return self.p05, self.p50, self.p95

    @property
    def defined(self) -> Bools:
        """In which draws it is defined."""
        return np.isfinite(self.values)

    def share(self, holds: Bools) -> Share | None:
        """In which share of the draws in which it is defined something holds; None where there are none."""
        weights = np.where(self.defined, self.weights, 0.0)
        total = float(weights.sum())
        if total <= 0:
            return None
        value = float(weights[holds & self.defined].sum()) / total
        low, high = jeffreys_of(value, effective(weights))
        return Share(value, low, high)


def ask(beside: Beside, measure: Measure, structure: str | None = None, readings: Mapping[str, float] | None = None) -> Answer:
    """Ask the assessment and what stands beside it.

    Parameters
    ----------
    structure : str, optional
        In which all of it is asked.
    readings : mapping, optional
        What other names of the measure stand for: readings of the record.

    Raises
    ------
    InvalidInput
        If what stands beside cannot be assessed.
    """
    asked = [replace(question, world=replace(question.world, structure=structure)) for question in measure.questions]
    here = World(structure=structure)
    worlds = {here, *(question.world for question in asked)}
    count = min(beside.get(world).draws for world in worlds)
    history = beside.get(here).data["weight"].values[:count]
    parts = [_parts(beside.get(question.world), question, count) for question in asked]
    own = measure.names - (readings or {}).keys()
    values: dict[str, Any] = {**beside.values(here, frozenset(own), count), **(readings or {})}
    with np.errstate(all="ignore"):
        told = [top if bottom is None else np.divide(top, bottom, out=np.full(count, np.nan), where=bottom > 0) for top, bottom in parts]
        found = np.broadcast_to(np.asarray(measure.evaluate(told, values), dtype=float), (count,))
    found = np.where(np.isfinite(found), found, np.nan)
    weights = history * _condition(asked, parts, count)
    defined = np.isfinite(found) & (weights > 0)
    if not defined.any():
        return Answer(found, weights, None, None, None, None, 1.0)
    low, middle, high = weighted_quantiles(found[defined], weights[defined], (0.05, 0.5, 0.95))
    if measure.tests:
        predictive = mean(found[defined], weights[defined])
    else:
        means = [_mean(top, bottom, beside.get(question.world), count) for question, (top, bottom) in zip(asked, parts, strict=True)]
        predictive = float(measure.evaluate(means, {name: mean(np.broadcast_to(value, (count,)), history) for name, value in values.items()}))
    undefined = mean((~np.isfinite(found)).astype(float), history)
    return Answer(found, weights, predictive if np.isfinite(predictive) else None, low, middle, high, undefined)


def _parts(a: Told, question: Question, count: int) -> tuple[Floats, Floats | None]:
    """Numerator, and for a conditional question denominator, over the first draws."""
    if question.kind in PAIRED:
        axis = "next_pair" if question.kind == "next" else "pair"
        column = [str(pair) for pair in a.data[axis].values].index(question.what)
        return a.data[f"{question.kind}_joint"].values[:count, column], a.data[f"{question.kind}_given"].values[:count, column]
    if question.origin is not None:
        return a.data["pathways"].sel(level=question.what, origin=question.origin).sum("trigger").values[:count], None
    years = [int(year) for year in a.data["year"].values]
    year = -1 if question.year is None else years.index(question.year)
    return a.data[question.kind].sel(rung=question.what).values[:count, year], None


def _condition(asked: list[Question], parts: list[tuple[Floats, Floats | None]], count: int) -> Floats:
    """Weight by the probability of the condition that all conditional questions share, where they do, as the scenario at hand tells it."""
    conditional = [(question, bottom) for question, (_, bottom) in zip(asked, parts, strict=True) if bottom is not None]
    if len({question.what.split("|")[1] for question, _ in conditional}) != 1:
        return np.ones(count)
    return min(conditional, key=lambda pair: pair[0].world.elsewhere)[1]


def _mean(top: Floats, bottom: Floats | None, a: Told, count: int) -> float:
    weights = a.data["weight"].values[:count]
    if bottom is None:
        return mean(top, weights)
    below = mean(bottom, weights)
    return mean(top, weights) / below if below > 0 else float("nan")
