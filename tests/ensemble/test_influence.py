"""Rank correlations against SciPy."""

from __future__ import annotations

import numpy as np
from scipy import stats

from detente.ensemble import Assessment
from detente.ensemble.influence import rank_correlations, ranks


def test_ranks_and_correlations_equal_scipys() -> None:
    """Ties share their mean rank; columns that never vary have no correlation."""
    rng = np.random.default_rng(1)
    inputs = np.stack([rng.normal(size=300), rng.integers(0, 3, 300).astype(float), np.full(300, 2.0)], axis=1)
    outcomes = np.stack([inputs[:, 0] ** 3, rng.random(300).round(1), np.zeros(300)], axis=1)
    np.testing.assert_array_equal(ranks(inputs), stats.rankdata(inputs, axis=0))
    found = rank_correlations(inputs, outcomes)
    for i in range(2):
        for j in range(2):
            np.testing.assert_allclose(found[i, j], stats.spearmanr(inputs[:, i], outcomes[:, j]).statistic, atol=1e-12)
    assert np.isnan(found[2]).all() and np.isnan(found[:, 2]).all()


def test_the_strongest_quantity_comes_first(first_steps: Assessment) -> None:
    """In first-steps the rate of incidents alone decides whether there is a crisis, and the cost of war whether there is war."""
    found = first_steps.influence()
    assert found[0][0] == "incident_rate" and found[0][1]["crisis"] > 0.999
    assert min(found, key=lambda pair: pair[1]["war"])[0] == "war_cost"
    assert all("calm" not in told for _, told in found)
    strongest = [max(abs(value) for value in told.values()) for _, told in found]
    assert strongest == sorted(strongest, reverse=True)
