"""Counted figures beside what the model says of the same: where a figure falls in the predictive distribution, sampling error included.

Draw d predicts x_d. What would then be counted:

    over T years       Poisson(x_d T)
    among n cases      Binomial(n, x_d)
    median of n cases  the quantile of the durations of draw d at a share that is Beta((n + 1) / 2, (n + 1) / 2)
    a value            x_d itself

The predictive distribution is the mixture over draws of the prior; for a `check`, which is what conditioning is put to, over draws as history weights
them. The percentile of a count k is P(fewer) + P(k) / 2; a `test` or `check` passes where the figure lies in the central 90 %. Items of history stand in
the same table in the role `condition`: what the prior said of what draws are then conditioned on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from detente.document import canonical_unit
from detente.ensemble.conditioning import condition
from detente.ensemble.draws import check_streams, draw
from detente.ensemble.likelihood import history_of, pairs_of, predict
from detente.ensemble.measures import Measures
from detente.ensemble.sampling import uniforms
from detente.ensemble.solving import solve_drawn
from detente.ensemble.statistics import mean, weighted_quantiles
from detente.ladder import prospects
from detente.scenario.compile import Model
from detente.scenario.evidence import Figure, Measured
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
    item : Figure or HistoryItem
    role : str
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
    item: Measured
    role: str
    mean: float
    median: float
    low: float
    high: float
    percentile: float
    built_on_the_same: tuple[str, ...]

    @property
    def passes(self) -> bool | None:
        """Whether the figure lies in the central 90 %; None where it is not judged."""
        told = self.item.count if self.item.count is not None else value_of(self.item)
        return self.low <= told <= self.high if self.role in JUDGED else None

    def plain(self) -> dict[str, Any]:
        """The row as plain data."""
        item = self.item
        counted: dict[str, Any] = {"count": item.count, "exposure": item.exposure, "trials": item.among if item.count is not None else None}
        if isinstance(item, Figure):
            counted |= {"value": item.value, "range": item.range, "sample": item.sample}
        measure: dict[str, Any] = {item.measure: str(getattr(item, item.measure))}
        measure |= {"longer_than": item.longer_than} if isinstance(item, Figure) and item.longer_than is not None else {}
        return {
            "title": item.title,
            "role": self.role,
            "measure": measure,
            "counted": {key: value for key, value in counted.items() if value is not None} | {"unit": unit_of(item)},
            "predicted": {"mean": self.mean, "p50": self.median, "low": self.low, "high": self.high},
            "percentile": self.percentile,
            "passes": self.passes,
            "built_on_the_same": list(self.built_on_the_same),
            "known": str(item.known),
            "source": list(item.source),
            "rule": item.rule,
        }


def figures(model: Model, *, draws: int = DRAWS, seed: int = 1, threads: int | None = None) -> tuple[Row, ...]:
    """Every figure that was known on the as-of date, and the history that conditions, in the order of the file.

    Raises
    ------
    InvalidInput
        If a number of the ladder is out of range in one of the draws.
    ModelError
        If what has happened is impossible in every draw.
    """
    asked: dict[str, tuple[Measured, str]] = {name: (item, "condition") for name, item in history_of(model).items()}
    asked |= {name: (figure, figure.role) for name, figure in model.scenario.figures.items() if figure.known.day <= model.as_of}
    if not asked:
        return ()
    check_streams(model)
    drawn = draw(model, seed, 0, draws)
    equilibrium = solve_drawn(model, drawn, threads)
    pairs = dict.fromkeys((*pairs_of(model), *(item.onward for item, _ in asked.values() if item.onward is not None)))
    measures = Measures(model, drawn, equilibrium, prospects(equilibrium, model.timeline.pieces, tuple(pairs), threads=threads))
    predicted, relevance = predict(model, measures)
    found = condition(model, {"predicted": predicted, "relevance": relevance})
    weights = found.weights if found is not None and found.weights is not None else np.ones(draws)
    return tuple(_row(model, name, *told, measures, weights if told[1] == "check" else np.ones(draws), seed) for name, told in asked.items())


def unit_of(item: Measured) -> str:
    """The unit of what a measure is told in."""
    if isinstance(item, Figure) and item.count is None:
        return item.natural_unit
    return "1/year" if item.exposure is not None else "1"


def value_of(item: Measured) -> float:
    """The value of a figure that is no count."""
    assert isinstance(item, Figure) and item.value is not None
    return item.value


def _row(model: Model, name: str, item: Measured, role: str, measures: Measures, weights: Floats, seed: int) -> Row:
    factor = canonical_unit(unit_of(item))[0]
    predicted = measures.of(item)
    if item.count is not None:
        low, high, percentile = _counts(item, predicted, weights)
    else:
        values = predicted
        if isinstance(item, Figure) and item.sample is not None:
            half = (item.sample + 1) / 2
            share = special.betaincinv(half, half, uniforms(f"figure {name}", seed, 0, len(predicted)))
            values = measures.episodes.duration(str(item.duration)).quantile(share)
        low, high = (x / factor for x in weighted_quantiles(values, weights, (LOW, HIGH)))
        percentile = _below(values / factor, weights, value_of(item))
    average, median = mean(predicted, weights) / factor, weighted_quantiles(predicted, weights, (0.5,))[0] / factor
    return Row(name, item, role, average, median, low, high, percentile, built_on_the_same(model.scenario, name))


def _counts(item: Measured, predicted: Floats, weights: Floats) -> tuple[float, float, float]:
    """Central 90 % of the count, and the percentile of the one that was found."""

    def share(count: float) -> float:
        """P(at most this many)."""
        if count < 0:
            return 0.0
        if item.among is not None:
            each = np.ones_like(predicted) if count >= item.among else special.bdtr(count, item.among, np.clip(predicted, 0.0, 1.0))
        else:
            each = special.pdtr(count, predicted * (item.exposure or 0.0))
        return mean(each, weights)

    assert item.count is not None
    below, upto = share(item.count - 1), share(item.count)
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
