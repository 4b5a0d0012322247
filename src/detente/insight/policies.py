"""What a policy would change: the scenario with it and without it, on the same draws.

Draw for draw everything else is equal, and history weighs draws by the model without the policy, so that differences are the policy's own. What lowers the
levels may raise the reach of the rungs aside, a peace at the price of the other side's terms: the two are told together, never one alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.ensemble import Assessment, assess
from detente.ensemble.run import make_model
from detente.ensemble.statistics import mean, weighted_quantiles
from detente.ensemble.work import Progress
from detente.scenario import Model

Floats = NDArray[np.float64]
ROUNDING = 1e-12  # reach in two draws that differ by less is the same


@dataclass(frozen=True)
class Change:
    """What becomes of the reach of a rung or group at the horizon.

    Attributes
    ----------
    baseline, policy : float
        Predictive probability without and with the policy.
    low, high : float
        5 % and 95 % quantiles over draws of the change, policy less baseline.
    lower, higher : float
        Share of draws in which it is reached less often, and more often. `lower` of a level is P(it helps).
    """

    baseline: float
    policy: float
    low: float
    high: float
    lower: float
    higher: float

    @property
    def change(self) -> float:
        """Of the predictive probability."""
        return self.policy - self.baseline


@dataclass(frozen=True)
class Comparison:
    """A policy beside the baseline.

    Attributes
    ----------
    baseline, policy : Assessment
    changes : mapping of rung or group to Change
        Every level but the first, and everything aside.
    """

    baseline: Assessment
    policy: Assessment
    changes: Mapping[str, Change]

    def plain(self) -> dict[str, Any]:
        """As plain data, for `assess --policy --json`."""
        model = self.policy.model
        assert model.applied is not None
        reach = {
            name: {"baseline": each.baseline, "policy": each.policy, "change": each.change, "p05": each.low, "p95": each.high}
            | {"lower": each.lower, "higher": each.higher}
            for name, each in self.changes.items()
        }
        return {"name": model.policy, "title": model.applied.title, "sets": list(model.edits[len(model.baseline.edits) :]), "reach": reach}


def compare(
    scenario: str | Path | Model,
    policy: str,
    *,
    as_of: date | str | None = None,
    draws: int = 16_384,
    seed: int = 1,
    horizon_years: float | None = None,
    switches: Mapping[str, bool] | None = None,
    threads: int | None = None,
    out: str | Path | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Assess a scenario with and without a policy.

    Parameters
    ----------
    policy : str
        Name of a policy of the scenario, or a file of policies (`FILE.yaml`, or `FILE.yaml:NAME` where it holds several).
    out : path, optional
        Where the run with the policy is kept.

    Other parameters are those of `detente.assess`.

    Raises
    ------
    InvalidInput, ModelError
        As `detente.assess`, and if there is no such policy.

    Examples
    --------
    >>> from detente.insight import compare
    >>> found = compare("baltic-2026", "vienna_document_applied", draws=256)
    >>> found.changes["revised_order"].baseline == found.baseline.result["reach"]["revised_order"]["mean"]
    True
    """
    model = make_model(scenario, as_of, horizon_years, switches, policy)
    options: dict[str, Any] = {"draws": draws, "seed": seed, "threads": threads, "progress": progress}
    under = assess(model, out=out, **options)
    baseline = assess(model.baseline, **options)
    return Comparison(baseline, under, changes(baseline, under))


def changes(baseline: Assessment, policy: Assessment) -> dict[str, Change]:
    """What changes from one assessment to another of the same draws."""
    names = [str(name) for name in baseline.data["rung"].values]
    weights: Floats = baseline.data["weight"].values
    told = {}
    for index, name in enumerate(names):
        before, after = (np.ascontiguousarray(each.reach.values[:, index, -1]) for each in (baseline, policy))
        if (before == 1.0).all() and (after == 1.0).all():
            continue
        difference = np.where(np.abs(after - before) > ROUNDING, after - before, 0.0)
        low, high = weighted_quantiles(difference, weights, (0.05, 0.95))
        lower, higher = (mean((sign * difference > 0).astype(float), weights) for sign in (-1, 1))
        told[name] = Change(mean(before, weights), mean(after, weights), low, high, lower, higher)
    return told
