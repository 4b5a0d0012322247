"""What the reasons that somebody gives are worth: the scenario with each alone, with all, and with all but each, on the same draws.

A factor is read as what the model is without it. Effects need not add up: each is told twice, as what it adds where none of the others is at work, and as what
goes with it where all the others stay. The Monte Carlo intervals come from resampling draws, the same ones in every reading.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.ensemble import Assessment, assess
from detente.ensemble.run import make_model
from detente.ensemble.work import Progress
from detente.errors import InvalidInput, Problem
from detente.scenario import Model
from detente.scenario.compile import compile_model
from detente.scenario.structures import without

Floats = NDArray[np.float64]
RESAMPLES, SEED = 400, 1


@dataclass(frozen=True)
class Ratio:
    """How many times as likely something is in one reading as in another.

    Attributes
    ----------
    reading, beside : float
        Predictive probabilities in the two.
    low, high : float
        5 % and 95 % points of the ratio when draws are resampled: Monte Carlo error alone.
    """

    reading: float
    beside: float
    low: float
    high: float

    @property
    def ratio(self) -> float | None:
        """None where it cannot be reached in the other reading."""
        return self.reading / self.beside if self.beside > 0 else None


@dataclass(frozen=True)
class Factors:
    """The worth of every factor.

    Attributes
    ----------
    model : Model
    draws, seed : int
    rungs : tuple of str
        Levels above the first, and what stands aside.
    none, whole : mapping of rung to float
        Predictive probability at the horizon with no factor at work, and as written.
    alone, without : mapping of factor to mapping of rung to Ratio
        It alone beside none of them; all but it beside all.
    missing : mapping of factor to str
        Factors for which the model has no part, and why.
    """

    model: Model
    draws: int
    seed: int
    rungs: tuple[str, ...]
    none: Mapping[str, float]
    whole: Mapping[str, float]
    alone: Mapping[str, Mapping[str, Ratio]]
    without: Mapping[str, Mapping[str, Ratio]]
    missing: Mapping[str, str]

    def plain(self) -> dict[str, Any]:
        """As plain data, for `factors --json`."""
        model = self.model

        def told(ratios: Mapping[str, Ratio]) -> dict[str, Any]:
            return {rung: {"probability": one.reading, "ratio": one.ratio, "p05": one.low, "p95": one.high} for rung, one in ratios.items()}

        factors = {
            name: {"title": item.title, "alone": told(self.alone[name]), "without": told(self.without[name]), "why": item.why}
            if item.in_model
            else {"title": item.title, "alone": None, "without": None, "why": item.why}
            for name, item in model.scenario.factors.items()
        }
        head = {"scenario": model.name, "as_of": model.as_of.isoformat(), "horizon_years": model.horizon_years, "draws": self.draws, "seed": self.seed}
        return {**head, "digest": model.digest, "none": dict(self.none), "whole": dict(self.whole), "factors": factors}


def weigh_factors(
    scenario: str | Path | Model,
    *,
    as_of: date | str | None = None,
    draws: int = 2_048,
    seed: int = 1,
    horizon_years: float | None = None,
    switches: Mapping[str, bool] | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Factors:
    """Assess a scenario with each of its factors alone, with none, with all, and with all but each.

    Parameters are those of `detente.assess`.

    Raises
    ------
    InvalidInput, ModelError
        As `detente.assess`, and if the scenario has no factors.

    Examples
    --------
    >>> from detente.insight import weigh_factors
    >>> found = weigh_factors("baltic-2021", draws=64)
    >>> found.without["T2"]["crisis"].ratio < 1.0      # no challenges: fewer crises
    True
    """
    model = make_model(scenario, as_of, horizon_years, switches, None)
    factors = model.scenario.factors
    names = [name for name, item in factors.items() if item.in_model]
    if not names:
        raise InvalidInput(Problem(model.document.where(("title",)), "the scenario has no factors", "there is nothing to weigh", "add `factors:` to the file"))

    def read(gone: Sequence[str]) -> Assessment:
        return assess(_reading(model, gone) if gone else model, draws=draws, seed=seed, threads=threads, progress=progress)

    whole, none = read([]), read(names)
    rungs = tuple(name for name in map(str, whole.data["rung"].values) if not (whole.reach.sel(rung=name).values == 1.0).all())
    counts = np.random.default_rng(SEED).multinomial(draws, np.full(draws, 1.0 / draws), size=RESAMPLES).astype(float)
    alone = {name: _ratios(read([other for other in names if other != name]), none, rungs, counts) for name in names}
    less = {name: _ratios(read([name]), whole, rungs, counts) for name in names}
    missing = {name: item.why for name, item in factors.items() if not item.in_model}
    return Factors(model, draws, seed, rungs, _means(none, rungs), _means(whole, rungs), alone, less, missing)


def _reading(model: Model, gone: Sequence[str]) -> Model:
    """The model without some factors."""
    structure = without(model.scenario, gone)
    scenario = model.scenario.model_copy(update={"structures": {**model.scenario.structures, structure.title: structure}})
    read = compile_model(
        model.name, scenario, model.document, model.record, as_of=model.as_of, horizon_years=model.horizon_years,
        switches={**model.switches, **structure.switches}, line=model.timeline, structure=structure.title,
    )  # fmt: skip
    return replace(read, edits=(f"without {', '.join(gone)}",))


def _columns(assessment: Assessment, rung: str) -> tuple[Floats, Floats]:
    return assessment.reach.sel(rung=rung).values[:, -1], assessment.data["weight"].values


def _means(assessment: Assessment, rungs: Sequence[str]) -> dict[str, float]:
    return {rung: float(np.average(*_columns(assessment, rung)[:1], weights=_columns(assessment, rung)[1])) for rung in rungs}


def _ratios(reading: Assessment, beside: Assessment, rungs: Sequence[str], counts: Floats) -> dict[str, Ratio]:
    found = {}
    for rung in rungs:
        sums = []
        for one in (reading, beside):
            reach, weight = _columns(one, rung)
            sums.append((counts @ (reach * weight) / (counts @ weight), float(np.average(reach, weights=weight))))
        (above, mean), (below, other) = sums
        resampled = np.divide(above, below, out=np.full_like(above, np.nan), where=below > 0)
        low, high = np.nanquantile(resampled, (0.05, 0.95)) if np.isfinite(resampled).any() else (0.0, 0.0)
        found[rung] = Ratio(mean, other, float(low), float(high))
    return found
