"""Summaries over draws against direct calculation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.ensemble.statistics import QUANTILES, monte_carlo_error, summarise, top_share, weighted_quantiles

probabilities = st.lists(st.floats(0, 1, allow_subnormal=False), min_size=1, max_size=60)


def test_a_summary_of_known_numbers() -> None:
    """100 draws 0.01 .. 1.00: the k-th in order is the quantile k/100."""
    found = summarise(np.arange(100, 0, -1) / 100, best=0.101)
    assert found == pytest.approx({"mean": 0.505, "p05": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95, "top5_share": 4.9 / 50.5, "error_share": 0.8})


def test_a_conditional_weights_draws_by_the_condition() -> None:
    """With a in 0.9 and 0.1 of histories, and b after it surely or never, b follows in 0.9: the ratio of means, not the mean of ratios."""
    found = summarise(np.array([0.9, 0.0]), np.array([0.9, 0.1]), best=0.45)
    assert found["mean"] == pytest.approx(0.9) and found["error_share"] == pytest.approx(0.5)
    assert (found["p05"], found["p25"], found["p50"]) == (0.0, 1.0, 1.0)


def test_equal_weights_change_nothing() -> None:
    """A condition that is equally likely in every draw leaves the quantiles as they are."""
    values = np.random.default_rng(0).random(1000)
    plain, weighted = summarise(values), summarise(values * 0.25, np.full(1000, 0.25))
    assert [plain[key] for key in QUANTILES] == [weighted[key] for key in QUANTILES]
    assert plain["mean"] == pytest.approx(weighted["mean"])


@given(probabilities, st.data())
def test_quantiles_are_order_statistics_by_weight(values: list[float], data: st.DataObject) -> None:
    """The quantile of q is a drawn value; draws at or below it weigh at least q, draws below it less."""
    weights = np.array(data.draw(st.lists(st.integers(0, 5), min_size=len(values), max_size=len(values)).filter(any)), dtype=float)
    drawn = np.array(values)
    for share, value in zip((0.05, 0.5, 0.95), weighted_quantiles(drawn, weights, (0.05, 0.5, 0.95)), strict=True):
        assert value in drawn[weights > 0]
        assert weights[drawn <= value].sum() >= share * weights.sum() > weights[drawn < value].sum()


@given(probabilities, st.booleans())
def test_what_cannot_be_told_says_why(values: list[float], conditional: bool) -> None:
    """A summary has no NaN, and each None in it comes with a reason."""
    numerator = np.array(values)
    found = summarise(numerator, np.ones(len(values)) * (numerator.max() > 0.5) if conditional else None, no_best="no best")
    for key, value in found.items():
        assert value is None or isinstance(value, str) or np.isfinite(value), key
    assert (None in found.values()) == ("why" in found) and found.get("why") != ""


def test_the_top_share_of_equal_draws_is_their_number() -> None:
    """With equal draws the top 5 % hold 5 %; with one that is not zero they hold all; with none there is no share."""
    assert top_share(np.ones(1000)) == pytest.approx(0.05)
    assert top_share(np.eye(1, 1000)[0]) == 1.0
    assert top_share(np.zeros(1000)) is None


def test_the_monte_carlo_error_of_independent_draws_is_the_standard_error() -> None:
    """Over many samples its mean square is that of the error that occurs."""
    rng = np.random.default_rng(5)
    samples = rng.exponential(size=(400, 1600))
    stated = np.sqrt(np.mean([monte_carlo_error(sample) ** 2 for sample in samples]))
    assert stated == pytest.approx(1 / 40, rel=0.1)
