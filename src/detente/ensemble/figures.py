"""Counted figures beside what the model says of the same: where a figure falls in the predictive distribution, sampling error included.

Draw d predicts x_d. What would then be counted:

    over T years       Poisson(x_d T)
    among n cases      Binomial(n, x_d)
    median of n cases  the quantile of the durations of draw d at a share that is Beta((n + 1) / 2, (n + 1) / 2)
    a value            x_d itself

The predictive distribution is the mixture over draws (weighted as history weights them, where a figure checks the model after conditioning). The
percentile of a count k is P(fewer) + P(k) / 2; a `test` or `check` passes where the figure lies in the central 90 %.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from detente.document import canonical_unit
from detente.ensemble.draws import check_streams, draw
from detente.ensemble.measures import Measures
from detente.ensemble.sampling import uniforms
from detente.ensemble.statistics import weighted_quantiles
from detente.ladder import prospects, solve
from detente.scenario.compile import Model
from detente.scenario.evidence import Figure
from detente.scenario.ledger import built_on_the_same

Floats = NDArray[np.float64]
DRAWS = 1024
LOW, HIGH = 0.05, 0.95
JUDGED = ("test", "check")


@dataclass(frozen=True)
class Row:
    """A figure beside the model.

    Attributes
    ----------
    figure : Figure
    mean, median : float
        Of the measure over draws, in the unit of the figure (a year for counts over years, a share for counts of cases).
    low, high : float
        Central 90 % of what would be counted, or of the value.
    percentile : float
        Share of the predictive distribution below the figure, half of what equals it.
    built_on_the_same : tuple of str
        Quantities that rest on the same cases.
    """

    name: str
    figure: Figure
    mean: float
    median: float
    low: float
    high: float
    percentile: float
    built_on_the_same: tuple[str, ...]

    @property
    def passes(self) -> bool | None:
        """Whether the figure lies in the central 90 %; None where it is not judged."""
        told = self.figure.count if self.figure.count is not None else self.figure.value
        assert told is not None
        return self.low <= told <= self.high if self.figure.role in JUDGED else None

    def plain(self) -> dict[str, Any]:
        """The row as plain data."""
        figure = self.figure
        stated = ("count", "exposure", "trials", "value", "range", "sample")
        counted = {key: getattr(figure, key) for key in stated if getattr(figure, key) is not None}
        measure = {figure.measure: str(getattr(figure, figure.measure))} | ({"longer_than": figure.longer_than} if figure.longer_than is not None else {})
        return {
            "title": figure.title,
            "role": figure.role,
            "measure": measure,
            "counted": counted | {"unit": unit_of(figure)},
            "predicted": {"mean": self.mean, "p50": self.median, "low": self.low, "high": self.high},
            "percentile": self.percentile,
            "passes": self.passes,
            "built_on_the_same": list(self.built_on_the_same),
            "known": str(figure.known),
            "source": list(figure.source),
            "rule": figure.rule,
        }


def figures(model: Model, *, draws: int = DRAWS, seed: int = 1, threads: int | None = None) -> tuple[Row, ...]:
    """Every figure that was known on the as-of date, in the order of the file.

    Raises
    ------
    InvalidInput
        If a number of the ladder is out of range in one of the draws.
    """
    asked = {name: figure for name, figure in model.scenario.figures.items() if figure.known.day <= model.as_of}
    if not asked:
        return ()
    check_streams(model)
    drawn = draw(model, seed, 0, draws)
    equilibrium = solve(model.plan, drawn.values, threads=threads)
    pairs = dict.fromkeys((*model.scenario.pairs, *(figure.onward for figure in asked.values() if figure.onward is not None)))
    measures = Measures(model, drawn, equilibrium, prospects(equilibrium, model.timeline.pieces, tuple(pairs), threads=threads))
    return tuple(_row(model, name, figure, measures, seed) for name, figure in asked.items())


def unit_of(figure: Figure) -> str:
    """The unit of what a figure's measure is told in."""
    if figure.count is None:
        return figure.natural_unit
    return "1/year" if figure.exposure is not None else "1"


def _row(model: Model, name: str, figure: Figure, measures: Measures, seed: int) -> Row:
    factor = canonical_unit(unit_of(figure))[0]
    predicted = measures.of(figure)
    weights = np.ones(len(predicted))
    if figure.count is not None:
        low, high, percentile = _counts(figure, predicted, weights)
    else:
        values = predicted
        if figure.sample is not None:
            half = (figure.sample + 1) / 2
            share = special.betaincinv(half, half, uniforms(f"figure {name}", seed, 0, len(predicted)))
            values = measures.episodes.duration(str(figure.duration)).quantile(share)
        low, high = (x / factor for x in weighted_quantiles(values, weights, (LOW, HIGH)))
        percentile = _below(values / factor, weights, float(figure.value or 0.0))
    mean, median = float(np.average(predicted, weights=weights)) / factor, weighted_quantiles(predicted, weights, (0.5,))[0] / factor
    return Row(name, figure, mean, median, low, high, percentile, built_on_the_same(model.scenario, name))


def _counts(figure: Figure, predicted: Floats, weights: Floats) -> tuple[float, float, float]:
    """Central 90 % of the count, and the percentile of the one that was found."""

    def share(count: float) -> float:
        """P(at most this many)."""
        if count < 0:
            return 0.0
        if figure.trials is not None:
            each = np.ones_like(predicted) if count >= figure.trials else special.bdtr(count, figure.trials, np.clip(predicted, 0.0, 1.0))
        else:
            each = special.pdtr(count, predicted * (figure.exposure or 0.0))
        return float(np.average(each, weights=weights))

    assert figure.count is not None
    below, upto = share(figure.count - 1), share(figure.count)
    return _least(share, LOW), _least(share, HIGH), (below + upto) / 2


def _least(share: Any, wanted: float) -> float:
    """The least count up to which at least this share lies."""
    low, high = -1, 1
    while share(high) < wanted:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if share(middle) >= wanted else (middle, high)
    return float(high)


def _below(values: Floats, weights: Floats, value: float) -> float:
    below, equal = (float(weights[where].sum()) for where in (values < value, values == value))
    return (below + equal / 2) / float(weights.sum())


def as_data(model: Model, rows: tuple[Row, ...], draws: int = DRAWS, seed: int = 1) -> Mapping[str, Any]:
    """Rows as plain data, with what they belong to."""
    later = [name for name, figure in model.scenario.figures.items() if figure.known.day > model.as_of]
    about = {"scenario": model.name, "as_of": model.as_of.isoformat(), "draws": draws, "seed": seed, "digest": model.digest}
    return {**about, "figures": {row.name: row.plain() for row in rows}, "known_later": later}
