"""The declared distributions, against scipy.stats, against their own statements and against Keelin's closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from scipy import stats

from detente.scenario import metalog
from detente.scenario.distributions import (
    FAMILIES,
    Bernoulli,
    Beta,
    Distribution,
    Fixed,
    Gamma,
    Lognormal,
    Loguniform,
    Normal,
    Quantiles,
    Uniform,
)
from detente.scenario.family import Family, to_scale

U = np.array([1e-9, 0.001, 0.05, 0.3, 0.5, 0.7, 0.95, 0.999, 1 - 1e-6])
ADAPTER: TypeAdapter[Family] = TypeAdapter(Distribution)

ORACLES = [
    (Normal(mean=-1, sd=3), stats.norm(-1, 3)),
    (Lognormal(median=2, sigma=0.7), stats.lognorm(0.7, scale=2)),
    (Beta(a=2, b=5), stats.beta(2, 5)),
    (Beta(a=0.5, b=0.5, low=-1, high=3), stats.beta(0.5, 0.5, loc=-1, scale=4)),
    (Gamma(shape=6.5, rate=7), stats.gamma(6.5, scale=1 / 7)),
    (Uniform(low=-2, high=5), stats.uniform(-2, 7)),
    (Loguniform(low=0.01, high=10), stats.loguniform(0.01, 10)),
    (Quantiles(quantiles={0.05: -1, 0.95: 3}, support="real"), stats.logistic(1, 2 / math.log(19))),
    (Quantiles(quantiles={0.05: 1, 0.95: 4}, support="positive"), stats.fisk(math.log(19) / math.log(2), scale=2)),
]
WIDENING = [
    Normal(mean=-1, sd=3),
    Lognormal(median=2, sigma=0.7),
    Beta(a=2, b=5),
    Beta(a=1, b=1, low=-1, high=3),
    Gamma(shape=0.5, rate=7),
    Uniform(low=-2, high=5),
    Loguniform(low=2, high=10),
    Quantiles(quantiles={0.05: -1, 0.5: 0, 0.95: 3}, support="real"),
    Quantiles(quantiles={0.05: 1, 0.5: 2, 0.95: 5}, support="positive"),
    Quantiles(quantiles={0.1: 0.02, 0.9: 0.4}, support="unit"),
]


def name_of(value: object) -> str:
    return getattr(value, "family", "")


@pytest.mark.parametrize(("declared", "oracle"), ORACLES, ids=name_of)
def test_quantiles_agree_with_scipy_stats(declared: Family, oracle: object) -> None:
    """Every family's inverse distribution function is scipy's, tails included."""
    np.testing.assert_allclose(declared.quantile(U), oracle.ppf(U), rtol=1e-9)


def test_fixed_draws_are_the_value() -> None:
    """A known number is drawn every time."""
    assert (Fixed(value=7).quantile(U) == 7).all()


def test_bernoulli_is_one_with_its_probability() -> None:
    """The share of ones over a fine grid of u is p, and certain events are certain."""
    grid = (np.arange(1000) + 0.5) / 1000
    assert Bernoulli(p=0.3).quantile(grid).mean() == 0.3
    assert Bernoulli(p=0).quantile(grid).sum() == 0
    assert Bernoulli(p=1).quantile(grid).sum() == 1000


@pytest.mark.parametrize(
    ("quantiles", "support"),
    [
        ({0.05: 0.7, 0.5: 2, 0.95: 6}, "positive"),
        ({0.1: -4, 0.4: 1, 0.9: 3}, "real"),
        ({0.05: 0.01, 0.5: 0.05, 0.95: 0.4}, "unit"),
        ({0.5: 3, 0.95: 30}, "positive"),
        ({0.25: 0.5, 0.75: 0.9}, "unit"),
    ],
)
def test_stated_quantiles_are_met_exactly(quantiles: dict[float, float], support: str) -> None:
    """The fitted curve passes through what was elicited."""
    fitted = Quantiles(quantiles=quantiles, support=support)
    np.testing.assert_allclose(fitted.quantile(np.array(list(quantiles))), list(quantiles.values()), rtol=1e-13)


def test_order_of_stated_quantiles_does_not_matter() -> None:
    """The file may list the quantiles in any order."""
    one = Quantiles(quantiles={0.05: 1, 0.5: 2, 0.95: 5}, support="positive")
    other = Quantiles(quantiles={0.95: 5, 0.05: 1, 0.5: 2}, support="positive")
    np.testing.assert_array_equal(one.quantile(U), other.quantile(U))


def test_metalog_matches_keelins_closed_form() -> None:
    """The symmetric-percentile triplet has the coefficients of Keelin 2016; r is the median's place in the spread."""
    alpha, low, middle, high = 0.1, 2.0, 5.0, 11.0
    odds, r = math.log((1 - alpha) / alpha), (middle - low) / (high - low)
    expected = (middle, (high - low) / (2 * odds), (1 - 2 * r) / ((1 - 2 * alpha) * odds) * (high - low))
    np.testing.assert_allclose(metalog.fit((alpha, 0.5, 1 - alpha), (low, middle, high)), expected, rtol=1e-14)


def test_metalog_value_by_hand() -> None:
    """M(0.8) with a = (10, 1, 2) is 10 + (1 + 2 * 0.3) ln 4."""
    assert metalog.metalog(np.array(0.8), (10.0, 1.0, 2.0)) == pytest.approx(10 + 1.6 * math.log(4), rel=1e-15)


def test_steepest_skew_is_keelins_constant() -> None:
    """Keelin's bound 1.66711 is where the slope of M first touches 0."""
    u = np.linspace(1e-6, 1 - 1e-6, 2_000_001)
    bend = (u - 0.5) + u * (1 - u) * np.log(u / (1 - u))
    assert metalog.STEEPEST_SKEW == pytest.approx(1.66711, abs=5e-6)
    assert 1 / bend.max() == pytest.approx(metalog.STEEPEST_SKEW, rel=1e-10)


def test_middle_range_is_keelins() -> None:
    """For symmetric percentiles the median's place r has k < r < 1 - k, k = (1 - 1.66711 (1/2 - alpha)) / 2."""
    k = (1 - metalog.STEEPEST_SKEW * 0.4) / 2
    assert metalog.middle_range((0.1, 0.5, 0.9), 0, 1) == pytest.approx((k, 1 - k), rel=1e-13)


@given(
    st.floats(0.01, 0.49),
    st.floats(0.02, 0.98),
    st.floats(0.51, 0.99),
    st.floats(0.02, 0.98),
)
def test_feasible_middle_decides_feasibility(p: float, q: float, r: float, place: float) -> None:
    """A triple fits exactly when its middle value is inside the range that the error message offers."""
    assume(q - p > 0.01 and r - q > 0.01)
    least, most = metalog.middle_range((p, q, r), 0.0, 1.0)
    assume(min(abs(place - least), abs(place - most)) > 1e-6)
    coefficients = metalog.fit((p, q, r), (0.0, place, 1.0))
    assert metalog.rises(coefficients) == (least < place < most)
    if metalog.rises(coefficients):
        assert (np.diff(metalog.metalog(np.linspace(0.001, 0.999, 999), coefficients)) > 0).all()


def test_lopsided_triple_says_what_would_be_feasible() -> None:
    """The message names the wide side and a range of middle values, the inside of which is accepted."""
    with pytest.raises(ValidationError, match=r"the upper spread is too wide .* above 2.499 and below 8.501") as caught:
        Quantiles(quantiles={0.1: 1, 0.5: 1.5, 0.9: 10}, support="real")
    assert "the one at 0.5" in str(caught.value)
    for middle in (2.5, 8.5):
        Quantiles(quantiles={0.1: 1, 0.5: middle, 0.9: 10}, support="real")
    with pytest.raises(ValidationError, match="the lower spread is too wide"):
        Quantiles(quantiles={0.1: 1, 0.5: 9.5, 0.9: 10}, support="real")


@pytest.mark.parametrize("declared", WIDENING, ids=name_of)
def test_doubled_keeps_the_median_and_doubles_the_width(declared: Family) -> None:
    """On the natural scale the 90 % range is twice as wide about the same median."""

    def spread(family: Family) -> np.ndarray:
        return to_scale(family.quantile(np.array([0.05, 0.5, 0.95])), declared.scale, *declared.bounds)

    narrow, wide = spread(declared), spread(declared.doubled())
    assert wide[1] == pytest.approx(narrow[1], rel=1e-12, abs=1e-12)
    assert wide[2] - wide[0] == pytest.approx(2 * (narrow[2] - narrow[0]), rel=1e-9)


@pytest.mark.parametrize("declared", [family for family, _ in ORACLES], ids=name_of)
def test_draws_stay_inside_the_bounds(declared: Family) -> None:
    """No draw leaves the declared support, doubled or not."""
    for family in (declared, declared.doubled(), declared.doubled().doubled()):
        low, high = family.bounds
        drawn = family.quantile(np.array([2.0**-53, 0.5, 1 - 2.0**-53]))
        assert (low <= drawn).all() and (drawn <= high).all() and (np.diff(drawn) >= 0).all()


def test_doubled_ranges_stay_of_their_kind() -> None:
    """A share stays a share and a range without negative numbers stays without them."""
    assert Uniform(low=0.2, high=0.9).doubled().bounds == (0, 1)
    assert Uniform(low=1, high=4).doubled().bounds == (0, 5.5)
    assert Loguniform(low=0.1, high=0.9).doubled().bounds == pytest.approx((0.1 / 3, 1))


def test_known_numbers_and_coins_do_not_widen() -> None:
    """What has no width keeps it."""
    for family in (Fixed(value=3), Bernoulli(p=0.2)):
        assert family.doubled() == family


def test_an_infinite_mean_is_said() -> None:
    """A log-logistic fit has a mean only where its tail is lighter than 1/x: 0.05..0.95 within a factor of 361."""
    assert "infinite" not in Quantiles(quantiles={0.05: 1, 0.95: 360}, support="positive").describe()
    assert "mean is infinite" in Quantiles(quantiles={0.05: 1, 0.95: 362}, support="positive").describe()
    assert "mean is infinite" in Quantiles(quantiles={0.05: 1, 0.95: 20}, support="positive").doubled().describe()


@pytest.mark.parametrize(
    ("family", "text"),
    [
        (Quantiles(quantiles={0.05: 0.7, 0.5: 2, 0.95: 6}, support="positive"), "median 2, 90 % range 0.7 to 6"),
        (Uniform(low=0, high=20_000), "median 10000, 90 % range 1000 to 19000"),
        (Loguniform(low=1e-8, high=1e-4), "median 1e-06, 90 % range 1.58e-08 to 6.31e-05"),
        (Fixed(value=0.25), "exactly 0.25"),
        (Bernoulli(p=0.3), "1 with probability 0.3, else 0"),
    ],
    ids=name_of,
)
def test_distributions_are_shown_back(family: Family, text: str) -> None:
    """The reader sees what the declaration means."""
    assert family.describe() == text


@pytest.mark.parametrize(
    ("declaration", "message"),
    [
        (
            {"family": "normal", "mean": 0, "sd": 0},
            "must be above 0, not 0; for a number that is known use family: fixed",
        ),
        ({"family": "lognormal", "median": -1, "sigma": 1}, "must be above 0, not -1"),
        ({"family": "lognormal", "median": 1, "sigma": 100}, "overflow"),
        ({"family": "uniform", "low": 3, "high": 2}, r"low \(3\) must be below high \(2\): the range is empty; swap them"),
        ({"family": "loguniform", "low": 0, "high": 2}, "must be above 0, not 0"),
        ({"family": "loguniform", "low": 2, "high": 2}, "for a number that is known use family: fixed"),
        ({"family": "beta", "a": 1, "b": 1, "low": 1, "high": 0}, "the range is empty"),
        ({"family": "bernoulli", "p": 1.2}, "a probability lies between 0 and 1, not 1.2"),
        ({"family": "bernoulli", "p": 30}, "30 % is 0.3"),
        (
            {"family": "quantiles", "quantiles": {0.05: 2, 0.95: 1}, "support": "real"},
            "2 at 0.05 is not below 1 at 0.95",
        ),
        ({"family": "quantiles", "quantiles": {0.5: 2}, "support": "real"}, "two or three quantiles, not 1"),
        (
            {"family": "quantiles", "quantiles": {0.05: 0, 0.95: 1}, "support": "positive"},
            "0 at 0.05 is outside the support",
        ),
        (
            {"family": "quantiles", "quantiles": {0.05: 0.1, 0.95: 1}, "support": "unit"},
            "1 at 0.95 is outside the support",
        ),
        ({"family": "quantiles", "quantiles": {0: 1, 0.95: 2}, "support": "real"}, "above 0 and below 1, not 0"),
        ({"family": "quantiles", "quantiles": {0.6: 1, 0.8: 2, 0.9: 3}, "support": "real"}, "straddle the median"),
        ({"family": "quantiles", "quantiles": {0.05: 1, 0.95: 2}}, "support"),
        ({"family": "fixed", "value": "3"}, "valid number"),
        ({"family": "fixed", "value": True}, "valid number"),
        ({"family": "fixed", "value": float("nan")}, "finite number"),
        ({"family": "fixed", "value": 3, "sd": 1}, "sd"),
        ({"family": "cauchy", "value": 3}, "cauchy"),
    ],
)
def test_senseless_declarations_are_refused(declaration: dict[str, object], message: str) -> None:
    """What makes no distribution is an error in plain words, never a number."""
    with pytest.raises(ValidationError, match=message):
        ADAPTER.validate_python(declaration)


@pytest.mark.parametrize("declared", [Fixed(value=1), Bernoulli(p=0.5), *WIDENING], ids=name_of)
def test_declarations_round_trip(declared: Family) -> None:
    """What is written out is read back as the same distribution, and its keys are those that the file may hold."""
    written = declared.model_dump()
    assert ADAPTER.validate_python(written) == declared
    assert set(written) == FAMILIES[written["family"]]
