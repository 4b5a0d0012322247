"""Conditioning on history: what it leaves of the draws, and prior and posterior side by side.

Draws are weighted by the likelihood of history (`likelihood`). Where fewer than a tenth (judgement) would stay effective, they are moved instead
(`sequential`). What history says about a quantity is its contraction, 1 - var(posterior) / var(prior), on the natural scale of its distribution: log for
what is positive, log-odds for a share. There few draws in a long tail do not make or hide it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.ensemble.likelihood import Likelihood, effective_draws, history_of, lost_rung, weights_of
from detente.ensemble.result import column, summaries
from detente.ensemble.sequential import LEAST_EFFECTIVE
from detente.ensemble.statistics import mean, quantiles
from detente.games.threads import over_items
from detente.scenario.compile import Model
from detente.scenario.evidence import HistoryItem
from detente.scenario.family import Family, to_scale

Floats = NDArray[np.float64]
Arrays = Mapping[str, Floats]
SHOWN = {"p05": 0.05, "p50": 0.5, "p95": 0.95}
LARGEST = 1e6
NOT_VARIED = "it is the same in every draw"


@dataclass(frozen=True)
class Conditioned:
    """Draws of the prior, weighted by history.

    Attributes
    ----------
    likelihood : Likelihood
    log_likelihoods : array over draws
    weights : array over draws or None
        With mean 1; None where history tells no draw from another.
    """

    likelihood: Likelihood
    log_likelihoods: Floats
    weights: Floats | None

    @property
    def effective(self) -> float:
        """How many draws of the prior stay effective."""
        return effective_draws(self.weights, len(self.log_likelihoods))

    @property
    def collapsed(self) -> bool:
        """Whether too few draws stay effective for weights to do."""
        return self.effective < LEAST_EFFECTIVE * len(self.log_likelihoods)


def condition(model: Model, arrays: Arrays) -> Conditioned | None:
    """Weigh the draws of a run; None where nothing conditions it.

    Raises
    ------
    ModelError
        If history is impossible in every draw.
    """
    items = history_of(model)
    if not items:
        return None
    likelihood = Likelihood(items, arrays["predicted"], arrays["relevance"])
    log_likelihoods = likelihood.total(arrays["predicted"], arrays["relevance"])
    return Conditioned(likelihood, log_likelihoods, weights_of(log_likelihoods))


def history_result(
    model: Model, coordinates: Mapping[str, list[Any]], prior: Arrays, posterior: Arrays, found: Conditioned | None, sample: Mapping[str, Any] | None,
    threads: int | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The part `history` of the result.

    Parameters
    ----------
    prior, posterior : mapping
        Arrays over draws: the same where draws are weighted.
    found : Conditioned, optional
        None where no item conditions.
    sample : mapping, optional
        Where draws were moved: `distinct degrees moves` (see `sequential.Sample`).
    """
    weights = found.weights if found is not None and sample is None else None
    count = len(posterior["reach"])
    data: dict[str, Any] = {"method": "none" if found is None else "weights" if sample is None else "sequential"}
    data |= {"effective_draws": float(sample["distinct"]) if sample is not None else effective_draws(weights, count)}
    if sample is not None and found is not None:
        data |= {"effective_by_weights": found.effective, "degrees": sample["degrees"], "moves": sample["moves"]}
    if found is not None:
        data |= {"probability": float(np.mean(np.exp(found.log_likelihoods)))}
    items = {}
    for name, item in model.scenario.history.items():
        place = coordinates["history"].index(name) if name in coordinates["history"] else None
        items[name] = _item(model, item, prior, posterior, weights, found, place)

    def quantity(place: int) -> dict[str, Any]:
        before, after = (column(each["quantities"], place) for each in (prior, posterior))
        return _quantity(families[place].distribution, before, after, weights, model.reading.multiply.get(names[place], 1.0))

    names, families = list(model.scenario.quantities), list(model.scenario.quantities.values())
    data |= {"items": items, "quantities": dict(zip(names, over_items(quantity, range(len(names)), threads), strict=True))}
    return data | {"prior": summaries(prior, coordinates, threads=threads)}


def _item(
    model: Model, item: HistoryItem, prior: Arrays, posterior: Arrays, weights: Floats | None, found: Conditioned | None, place: int | None
) -> dict[str, Any]:
    """An item of history: what it counts, and what draws said of it before and after."""
    data: dict[str, Any] = {"title": item.title, "count": item.count}
    data |= {"trials": item.among} if item.among is not None else {"exposure": item.exposure}
    data |= {"known": str(item.known), "source": list(item.source)}
    if place is None or found is None:
        late = item.known.day > model.as_of
        return data | {"conditions": False, "why": f"it became known on {item.known.day}" if late else f"`{item.when}` is off"}
    told = {"prior": mean(column(prior["predicted"], place)), "posterior": mean(column(posterior["predicted"], place), weights)}
    data |= {"conditions": True, "weight": mean(column(prior["relevance"], place)), "survivorship": lost_rung(model, item)}
    return data | {"predicted": told, "probability": float(np.mean(np.exp(column(found.likelihood.each, place))))}


def _quantity(family: Family, prior: Floats, posterior: Floats, weights: Floats | None, factor: float) -> dict[str, Any]:
    """A quantity before and after, and how far history narrowed it; the scale is that of what was drawn, before a structure multiplied it."""
    data: dict[str, Any] = {"prior": _summary(prior, None), "posterior": _summary(posterior, weights)}
    # Draws on a bound, which only rounding puts there, lie far out and not at infinity.
    drawn = (values / (factor or 1.0) for values in (prior, posterior))
    before, after = (np.clip(to_scale(values, family.scale, *family.bounds), -LARGEST, LARGEST) for values in drawn)
    if np.ptp(before) == 0.0:
        return data | {"contraction": None, "why": NOT_VARIED}
    return data | {"contraction": 1.0 - _variance(after, weights) / _variance(before, None)}


def _summary(values: Floats, weights: Floats | None) -> dict[str, float]:
    return {"mean": mean(values, weights), **dict(zip(SHOWN, quantiles(values, weights, tuple(SHOWN.values())), strict=True))}


def _variance(values: Floats, weights: Floats | None) -> float:
    return mean((values - mean(values, weights)) ** 2, weights)
