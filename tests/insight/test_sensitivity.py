"""Shares of variance beside functions whose shares are known, SALib, closed forms for dependent quantities, and the nominal coverage of intervals."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from math import factorial

import numpy as np
import pytest
from numpy.typing import NDArray

from detente.ensemble.chunk import compute
from detente.ensemble.draws import scores_of
from detente.ensemble.sampling import uniforms
from detente.errors import InvalidInput
from detente.insight.bootstrap import resampled_means
from detente.insight.estimates import Estimate
from detente.insight.evidence import log_odds
from detente.insight.given_data import first_order
from detente.insight.samples import Sample
from detente.insight.shapley import shapley
from detente.insight.sobol import sobol
from detente.scenario import load

Floats = NDArray[np.float64]


def ishigami(u: Floats) -> Floats:
    """Ishigami and Homma 1990, with a = 7 and b = 0.1, of uniform numbers."""
    x = np.pi * (2 * u - 1)
    return np.asarray(np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0]))


SOBOL_G = np.array([0.0, 1.0, 4.5, 9.0])


def sobol_g(u: Floats) -> Floats:
    return np.asarray(np.prod((np.abs(4 * u - 2) + SOBOL_G) / (1 + SOBOL_G), axis=1))


ALONE = np.array([0.5 * (1 + 0.1 * np.pi**4 / 5) ** 2, 7**2 / 8, 0.0])
FIRST_AND_THIRD = 8 * 0.1**2 * np.pi**8 / 225
ISHIGAMI = ALONE / (ALONE.sum() + FIRST_AND_THIRD)
ISHIGAMI_TOTAL = (ALONE + np.array([FIRST_AND_THIRD, 0, FIRST_AND_THIRD])) / (ALONE.sum() + FIRST_AND_THIRD)
PART = 1 / (3 * (1 + SOBOL_G) ** 2)
G = PART / (np.prod(1 + PART) - 1)
G_TOTAL = PART * np.prod(1 + PART) / (1 + PART) / (np.prod(1 + PART) - 1)

FUNCTIONS = [pytest.param(ishigami, ISHIGAMI, ISHIGAMI_TOTAL, id="Ishigami"), pytest.param(sobol_g, G, G_TOTAL, id="Sobol G")]


def inside(estimates: dict[str, Estimate], truth: Floats) -> list[bool]:
    return [estimate.low <= true <= estimate.high for estimate, true in zip(estimates.values(), truth, strict=True)]


@pytest.mark.parametrize(("function", "first", "total"), FUNCTIONS)
def test_intervals_hold_the_known_shares_nearly_as_often_as_they_say(function: Callable[[Floats], Floats], first: Floats, total: Floats) -> None:
    """Of 200 repetitions 95 % should; below 90 % would be three and a half standard deviations away."""
    rng, names = np.random.default_rng(5), list("abcd"[: len(first)])
    held = []
    for k in range(200):
        found = sobol(rng.random((512, len(names))), rng.random((512, len(names))), names, function, resamples=200, seed=k)
        held.append([*inside(dict(found.first), first), *inside(dict(found.total), total), *inside({"rest": found.rest}, 1 - first.sum(keepdims=True))])
    assert np.mean(held, axis=0) == pytest.approx(0.95, abs=0.05)


def test_on_draws_of_our_streams_intervals_are_not_too_narrow() -> None:
    """Blocks of two seeds: each quantity by itself is spread evenly, so that the bootstrap overstates the error."""
    held = []
    for k in range(60):
        one, other = (np.stack([uniforms(name, seed, 0, 512) for name in "abc"], axis=1) for seed in (k + 1, -k - 1))
        found = sobol(one, other, list("abc"), ishigami, resamples=200, seed=k)
        held.append([*inside(dict(found.first), ISHIGAMI), *inside(dict(found.total), ISHIGAMI_TOTAL)])
    assert np.mean(held) > 0.93


@pytest.mark.parametrize(("function", "first", "total"), FUNCTIONS)
def test_estimates_are_those_of_salib(function: Callable[[Floats], Floats], first: Floats, total: Floats) -> None:
    salib = pytest.importorskip("SALib.analyze.sobol", reason="SALib is in the extra `test`")
    d, rng = len(first), np.random.default_rng(2)
    a, b = rng.random((1024, d)), rng.random((1024, d))
    rows = np.repeat(a[:, None, :], d + 2, axis=1)
    rows[:, -1] = b
    for j in range(d):
        rows[:, j + 1, j] = b[:, j]
    names = list("abcd"[:d])
    problem = {"num_vars": d, "names": names, "bounds": [[0, 1]] * d}
    theirs = salib.analyze(problem, function(rows.reshape(-1, d)), calc_second_order=False, num_resamples=500, seed=1)
    ours = sobol(a, b, names, function, resamples=500)
    for estimates, key in ((ours.first, "S1"), (ours.total, "ST")):
        assert [e.value for e in estimates.values()] == pytest.approx(theirs[key], rel=1e-10, abs=1e-12)
        # Widths are of two bootstraps, one with the normal approximation.
        assert [(e.high - e.low) / 2 for e in estimates.values()] == pytest.approx(theirs[f"{key}_conf"], rel=0.2)


def test_what_does_nothing_is_not_distinguishable_from_nothing_and_never_shown_below_0() -> None:
    rng = np.random.default_rng(3)
    found = sobol(rng.random((1024, 3)), rng.random((1024, 3)), list("abc"), ishigami)
    assert found.first["c"].verdict == "not distinguishable from 0 at 1,024 draws"
    assert found.total["c"].is_distinct and found.interaction["c"].is_distinct and not found.interaction["b"].is_distinct
    for k in range(20):
        pair = rng.random((2, 64, 3))
        told = [e.verdict for e in sobol(*pair, list("abc"), ishigami, resamples=50, seed=k).first.values()]
        assert not any(verdict.startswith("-") for verdict in told)


def test_the_blocks_of_two_seeds_of_a_scenario_tell_what_its_plain_draws_tell() -> None:
    """First-order shares of the log-odds of war by two ways that have nothing but the model in common."""
    model, names = load("first-steps"), list(load("first-steps").scenario.quantities)

    def war(scores: Floats) -> Floats:
        chunk = compute(model, 1, 0, len(scores), scores=scores)
        return log_odds(chunk.arrays["reach"][:, chunk.coordinates["rung"].index("war"), -1])[0]

    one, other = (scores_of(model, seed, 2048) for seed in (1, -1))
    designed, plain = sobol(one, other, names, war).first, first_order(Sample(one, names), war(one))
    for name in names:
        assert designed[name].low < plain[name].high and plain[name].low < designed[name].high
    assert designed["war_cost"].low > 0.5 < plain["war_cost"].low


@pytest.mark.parametrize(
    ("low", "value", "high", "told"),
    [
        (0.988, 0.997, 1.004, "100 % (99 to 100 %)"),
        (0.085, 0.0996, 0.12, "10 % (8.5 to 12 %)"),
        (0.00002, 0.0004, 0.00098, "less than 0.1 %"),
        (0.0, 0.2, 0.4, "not distinguishable from 0 at 99 draws"),
    ],
)
def test_a_verdict_has_two_digits_and_no_exponent(low: float, value: float, high: float, told: str) -> None:
    assert Estimate(value, low, high, 99).verdict == told


def test_a_group_counts_as_one_quantity() -> None:
    """First and third of Ishigami's together do all that the second does not."""
    rng = np.random.default_rng(4)
    found = sobol(rng.random((8192, 3)), rng.random((8192, 3)), list("abc"), ishigami, groups={"pair": ["a", "c"], "other": ["b"]}, resamples=100)
    assert found.first["pair"].value == pytest.approx(1 - ISHIGAMI[1], abs=0.03) == found.total["pair"].value
    assert found.evaluations == 4 * 8192


def test_the_bootstrap_has_the_spread_of_means() -> None:
    """Standard deviation over resamples: that of the sample, by the root of its size."""
    terms = np.random.default_rng(5).exponential(size=(500, 2))
    found = resampled_means(terms, 4000)
    assert found[0] == pytest.approx(terms.mean(axis=0), rel=1e-14)
    assert found[1:].std(axis=0) == pytest.approx(terms.std(axis=0) / 500**0.5, rel=0.05)
    assert np.array_equal(found, resampled_means(terms, 4000)) and len(np.unique(found[:, 0])) == 4001


@pytest.mark.parametrize("weighted", [False, True])
def test_shares_from_plain_draws_hold_the_known_ones_nearly_as_often_as_they_say(weighted: bool) -> None:
    """Weights that have nothing to do with the outcome make intervals wider, not wrong."""
    rng = np.random.default_rng(6)
    held, widths = [], []
    for _ in range(200):
        u = rng.random((2048, 3))
        found = first_order(Sample(u, list("abc"), rng.exponential(size=2048) if weighted else None), ishigami(u))
        held.append(inside(found, ISHIGAMI))
        widths.append(found["a"].high - found["a"].low)
    assert (np.mean(held, axis=0) > 0.9).all()
    assert bool(np.mean(widths) > 0.075) is weighted


def test_equal_bins_give_kelleys_unbiased_correlation_ratio() -> None:
    """1 - (SSE / (n - B)) / (SST / (n - 1)), here of a quantity of four values with as many draws each."""
    rng = np.random.default_rng(7)
    x = np.repeat(np.arange(4.0), 25)
    y = x**2 + rng.normal(size=100)
    found = first_order(Sample(x[:, None], ["a"]), y)["a"].value
    inner = sum(((y[x == value] - y[x == value].mean()) ** 2).sum() for value in range(4))
    assert found == pytest.approx(1 - (inner / 96) / (((y - y.mean()) ** 2).sum() / 99), rel=1e-12)


def test_weights_from_plain_draws_stand_for_another_distribution() -> None:
    """Uniform draws weighted by 2 u: of u + v, the variances 1/18 and 1/12 are shared."""
    u = np.random.default_rng(8).random((20_000, 2))
    found = first_order(Sample(u, ["a", "b"], weights=2 * u[:, 0]), u.sum(axis=1))
    assert found["a"].low < (1 / 18) / (1 / 18 + 1 / 12) < found["a"].high
    both = first_order(Sample(u, ["a", "b"], weights=2 * u[:, 0]), u.sum(axis=1), {"all": ["a", "b"]})["all"]
    assert both.value == pytest.approx(1.0, abs=0.01) and both.high - both.low < 0.05


def linear_effects(beta: Floats, correlation: Floats) -> Floats:
    """Shapley effects of a sum of normal quantities by their definition, over all subsets."""
    d, whole = len(beta), beta @ correlation @ beta

    def known(j: tuple[int, ...]) -> float:
        if not j:
            return 0.0
        rows = list(j)
        cross = correlation[rows] @ beta
        return float(cross @ np.linalg.solve(correlation[np.ix_(rows, rows)], cross))

    effects = np.zeros(d)
    for i in range(d):
        others = [k for k in range(d) if k != i]
        for size in range(d):
            for j in combinations(others, size):
                effects[i] += (known(tuple(sorted((*j, i)))) - known(j)) * factorial(size) * factorial(d - 1 - size) / factorial(d)
    return effects / whole


CORRELATION = np.array([[1.0, 0.5, 0.0, 0.2], [0.5, 1.0, -0.4, 0.0], [0.0, -0.4, 1.0, 0.0], [0.2, 0.0, 0.0, 1.0]])


def test_the_definition_gives_the_published_effects_of_three_quantities() -> None:
    """Iooss and Prieur 2019: of b1 x1 + b2 x2 + b3 x3 with x2 and x3 correlated; checks the test's own definition."""
    b, rho = np.array([1.0, 2.0, 0.5]), 0.6
    correlation = np.array([[1, 0, 0], [0, 1, rho], [0, rho, 1]])
    common = rho * b[1] * b[2]
    published = [b[0] ** 2, b[1] ** 2 + common + rho**2 / 2 * (b[2] ** 2 - b[1] ** 2), b[2] ** 2 + common + rho**2 / 2 * (b[1] ** 2 - b[2] ** 2)]
    assert linear_effects(b, correlation) == pytest.approx(np.array(published) / (b @ correlation @ b), rel=1e-12)


def test_effects_of_correlated_quantities_are_those_of_the_definition() -> None:
    """At nominal coverage, for four normal quantities of which one has no coefficient and matters only through another."""
    beta, rng, held = np.array([1.0, 0.0, 1.5, 0.5]), np.random.default_rng(9), []
    truth = linear_effects(beta, CORRELATION)
    assert truth[1] > 0.02
    for k in range(200):
        pair = rng.normal(size=(2, 512, 4))
        found = shapley(*pair, list("abcd"), lambda x: x @ beta, correlation=CORRELATION, resamples=200, seed=k)
        held.append(inside(dict(found.effects), truth))
        assert sum(e.value for e in found.effects.values()) == pytest.approx(1.0)
    assert np.mean(held, axis=0) == pytest.approx(0.95, abs=0.05)
    assert found.evaluations == 5 * 512


@pytest.mark.parametrize("correlation", [None, np.eye(3)])
def test_effects_of_independent_quantities_share_interactions_evenly(correlation: Floats | None) -> None:
    rng = np.random.default_rng(10)
    found = shapley(rng.random((40_000, 3)), rng.random((40_000, 3)), list("abc"), ishigami, correlation=correlation, resamples=100)
    assert [e.value for e in found.effects.values()] == pytest.approx((ISHIGAMI + ISHIGAMI_TOTAL) / 2, abs=0.015)
    assert found.variance == pytest.approx(ALONE.sum() + FIRST_AND_THIRD, rel=0.02)


def test_effects_of_groups_are_those_of_their_own_game() -> None:
    """Two groups: each has what it does alone, and half of the rest."""
    beta, rng = np.array([1.0, 0.0, 1.5, 0.5]), np.random.default_rng(11)
    found = shapley(
        *rng.normal(size=(2, 40_000, 4)), list("abcd"), lambda x: x @ beta, correlation=CORRELATION, groups={"one": ["d", "a"], "two": ["b", "c"]}, resamples=50
    )
    whole = beta @ CORRELATION @ beta

    def known(j: list[int]) -> float:
        cross = CORRELATION[j] @ beta
        return float(cross @ np.linalg.solve(CORRELATION[np.ix_(j, j)], cross)) / whole

    assert found.effects["one"].value == pytest.approx((known([0, 3]) + 1 - known([1, 2])) / 2, abs=0.01)


PAIR = np.random.default_rng(12).random((2, 32, 2))
WRONG = [
    pytest.param({"other": PAIR[1][:16]}, "the blocks are", id="blocks of two sizes"),
    pytest.param({"outcome": lambda x: np.zeros(5)}, "its shape is", id="an outcome of other draws"),
    pytest.param({"outcome": lambda x: x[:, 0] * np.nan}, "not finite", id="an outcome that is no number"),
    pytest.param({"outcome": lambda x: 0.1 + 0 * x[:, 0]}, "the same in every draw", id="an outcome that never varies"),
    pytest.param({"groups": {"one": ["a"]}}, "leave out b", id="a group too few"),
    pytest.param({"groups": {"one": ["a", "b"], "two": ["b", "c"]}}, "twice b; unknown c", id="a group too many"),
]


@pytest.mark.parametrize("measure", [sobol, shapley])
@pytest.mark.parametrize(("change", "what"), WRONG)
def test_mismatched_blocks_outcomes_and_groups_are_refused(measure: Callable[..., object], change: dict[str, object], what: str) -> None:
    with pytest.raises(InvalidInput, match=what):
        measure(**{"one": PAIR[0], "other": PAIR[1], "names": ["a", "b"], "outcome": lambda x: x[:, 0], **change})


@pytest.mark.parametrize("correlation", [np.eye(3), [[1, 2], [2, 1]], [[1, 0.5], [0.1, 1]], [[2, 0], [0, 2]], [[1, np.nan], [np.nan, 1]]])
def test_what_is_no_matrix_of_correlations_is_refused(correlation: object) -> None:
    with pytest.raises(InvalidInput, match="no matrix of correlations"):
        shapley(*PAIR, ["a", "b"], lambda x: x[:, 0], correlation=correlation)


def test_outcomes_of_another_run_or_that_never_vary_are_refused() -> None:
    sample = Sample(PAIR[0], ["a", "b"])
    for outcome, what in (([1.0], "of 32 draws"), (np.ones(32), "the same in every draw"), (np.full(32, np.inf), "not finite")):
        with pytest.raises(InvalidInput, match=what):
            first_order(sample, outcome)
