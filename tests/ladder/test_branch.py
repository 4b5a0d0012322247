"""Answers of the fast path beside the principal branch, followed by continuation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import brentq

from detente.ensemble.draws import draw
from detente.errors import InvalidInput
from detente.ladder import CrisisGame, CrossCheck, Equilibrium, Ladder, Move, Rung, Status, certify, cross_check, equilibrium, lay_out, solve, values_of
from detente.ladder.branch import TRACED, trace
from detente.ladder.layout import Plan
from detente.scenario.compile import load

Floats = NDArray[np.float64]
TEMPO, FADING, DISCOUNT, STRUCK, FIRST = 10.0, 1.9, 0.1, -9.0, 0.0255
QUIET = 0.025  # strikes so rare that the crisis is worth as much as striking


def value(strike: float) -> float:
    """Of the crisis below, if both strike at a share of their meetings: (discount + fading + 2 tempo p) V = tempo p (-1 + struck)."""
    return TEMPO * strike * (-1.0 + STRUCK) / (DISCOUNT + FADING + 2 * TEMPO * strike)


def precision_at(strike: float) -> float:
    """The precision at which striking this often is an equilibrium: log-odds = log-odds at 0 + precision x (-1 - V)."""
    return float((np.log(strike / (1 - strike)) - np.log(FIRST / (1 - FIRST))) / (-1.0 - value(strike)))


def equilibria(precision: float) -> tuple[list[float], list[float]]:
    """Every share of strikes in equilibrium: those on the branch that starts at precision 0, in its order, and those on an island, where V is above -1."""
    found = []
    for grid in (np.linspace(FIRST, 0.999, 20_001)[1:], np.linspace(0.0, QUIET, 20_001)[1:-1]):
        gap = np.array([precision_at(p) for p in grid]) - precision
        places = np.flatnonzero(gap[:-1] * gap[1:] < 0)
        found.append([brentq(lambda p: precision_at(p) - precision, grid[k], grid[k + 1], xtol=1e-15) for k in places])
    return found[0], found[1]


def rivals(precision: Floats) -> Equilibrium:
    """Two actors in a crisis who strike lest they be struck: striking pays -1, being struck -9. Fear feeds on itself, so the branch folds twice."""
    games = tuple(
        CrisisGame(f"{one} chooses", "crisis", TEMPO, {one: {"wait": {}, "strike": {"to": "war", "payoff": {one: -1.0, other: STRUCK}}}}, weights={"strike": FIRST / (1 - FIRST)})
        for one, other in (("a", "b"), ("b", "a"))
    )  # fmt: skip
    rungs = (Rung("crisis"), Rung("war", final=True), Rung("peace", final=True))
    rate = dict.fromkeys("ab", DISCOUNT)
    return solve(Ladder(rungs, ("a", "b"), (Move("fades", "crisis", "peace", FADING),), games, discount=rate, precision=dict.fromkeys("ab", precision)))


def elsewhere(found: Equilibrium, draws: dict[int, float]) -> Equilibrium:
    """The answer with another value of the crisis in some draws."""
    unknown = found.unknown.copy()
    for k, worth in draws.items():
        unknown[k, 0, :2] = worth
    return replace(found, unknown=unknown)


def test_the_branch_is_the_closed_form_through_both_folds() -> None:
    """Up to the first fold the branch is the lowest of one or three equilibria; beyond it, behind two folds, the only one left."""
    precision = np.array([0.5, 0.9, 1.02, 1.05, 1.12, 2.0])
    assert [tuple(map(len, equilibria(x))) for x in precision] == [(1, 0), (1, 0), (3, 0), (3, 0), (1, 0), (1, 2)]
    found = elsewhere(rivals(precision), {k: value(equilibria(x)[0][0]) for k, x in enumerate(precision)})
    check = cross_check(found, 100)
    assert check.pairs[:, 0].tolist() == [0, 1, 2, 3, 4, 5] and check.followed.all()
    assert check.folds.tolist() == [0, 0, 0, 0, 2, 2]
    assert check.difference.max() < 1e-9 and check.elsewhere == [] and check.share == 0.0


def test_an_equilibrium_on_another_branch_is_counted() -> None:
    """Those beyond a fold or on an island pass every certificate: only continuation tells that they are not the one wanted."""
    precision = np.array([0.9, 1.02, 1.02, 1.05, 2.0, 2.0])
    (_, middle, highest), (lower, upper) = equilibria(1.02)[0], equilibria(2.0)[1]
    found = elsewhere(rivals(precision), {1: value(middle), 2: value(highest), 4: value(lower), 5: value(upper)})
    assert certify(found).value.max() < 1e-9
    check = cross_check(found, 100)
    assert check.followed.all()
    assert check.elsewhere == [(1, 0), (2, 0), (4, 0), (5, 0)]
    assert check.share == pytest.approx(4 / 6)
    assert check.difference[[1, 2, 4, 5]].min() > 0.1 and check.difference[[0, 3]].max() < 1e-9


def test_what_is_no_equilibrium_is_counted_too() -> None:
    found = rivals(np.array([0.5, 0.9]))
    assert cross_check(elsewhere(found, {1: float(found.value[1, 0, 0, 0]) * (1 + 1e-4)}), 2).elsewhere == [(1, 0)]


@pytest.mark.parametrize(("wrong", "count", "low", "high"), [(0, 10, 0.0, 0.217), (1, 10, 0.011, 0.381), (2, 10, 0.044, 0.503), (5, 10, 0.224, 0.776), (10, 10, 0.783, 1.0)])
def test_the_interval_is_that_of_the_published_table(wrong: int, count: int, low: float, high: float) -> None:
    """Jeffreys intervals for n = 10 in table 5 of Brown, Cai and DasGupta (2001). One more pair, which could not be followed, does not count."""
    difference = np.array([1.0] * wrong + [0.0] * (count - wrong) + [np.nan])
    check = CrossCheck(np.zeros((count + 1, 2), dtype=np.int64), np.isfinite(difference), difference, np.zeros(count + 1, dtype=np.int64))
    assert check.share == wrong / count
    assert check.interval() == pytest.approx((low, high), abs=5e-4)


def test_the_sample_is_random_without_copies_and_the_same_on_any_threads(make_ladder: Callable[..., Ladder]) -> None:
    plan = lay_out(make_ladder(3, 30, segments=3))
    values = values_of(plan, segments=3)
    values[:, 2] = values[:, 0]
    found = solve(plan, values)
    one, two, other = cross_check(found, 12, 5, threads=1), cross_check(found, 12, 5, threads=2), cross_check(found, 12, 6)
    assert one.pairs[:, 1].max() == 1 and len(np.unique(one.pairs, axis=0)) == 12
    np.testing.assert_array_equal(one.pairs, two.pairs)
    np.testing.assert_array_equal(one.difference, two.difference)
    assert not np.array_equal(one.pairs, other.pairs)
    assert len(cross_check(found, 1000).pairs) == 60
    assert one.difference.max() < 1e-6
    with pytest.raises(InvalidInput, match="0 is no number of pairs"):
        cross_check(found, 0)


@pytest.mark.slow
def test_two_thousand_random_draws_of_the_baltic_ladder(capsys: pytest.CaptureFixture[str]) -> None:
    """The fast path agrees with continuation to 1e-6 but for draws on another branch, which are far off, equilibria as well, and few."""
    model = load("baltic-2021")
    found = solve(model.plan, draw(model, 1, 0, 2048).values)
    check = cross_check(found, 2000, seed=5)
    low, high = check.interval()
    apart = [(int(draw), int(segment)) for (draw, segment), gap in zip(check.pairs, check.difference, strict=True) if gap > 1e-6]
    with capsys.disabled():
        print(f"\nbaltic-2021: {len(apart)} of {check.followed.sum()} on another branch, {check.share:.2%}, 95 % interval {low:.2%} to {high:.2%}")
    assert check.followed.sum() >= 1995
    assert check.elsewhere == apart and high < 0.015
    assert np.nanmin(check.difference[check.difference > 1e-6], initial=1.0) > 0.01
    certificate = certify(found, sorted({k for k, _ in apart}))
    assert max(certificate.behaviour.max(), certificate.value.max()) < 1e-8


def test_a_segment_goes_on_from_one_that_only_continuation_settled(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """It starts from that answer; nearly all answers found so are those of the principal branch, and how many are not is told."""
    model = load("baltic-2021")
    asked: list[tuple[Floats, Floats]] = []

    def settle(plan: Plan, values: Floats, unknown: Floats, origin: str, threads: int | None) -> dict[str, NDArray[Any]]:
        if origin == "given":
            asked.append((values.copy(), unknown.copy()))
        return plainly(plan, values, unknown, origin, threads)

    plainly = equilibrium.settle
    monkeypatch.setattr(equilibrium, "settle", settle)
    found = solve(model.plan, draw(model, 1, 0, 4096).values)
    place = {found.values[k, s].tobytes(): (k, s) for k, s in zip(*np.nonzero(found.status != Status.COPIED), strict=True)}
    pairs = []
    for values, start in asked:
        for own, here in zip(values[:, 0], start[:, 0], strict=True):
            k, s = place[own.tobytes()]
            assert found.status[k, found.same[k, s - 1]] == Status.CONTINUATION
            assert (here == found.unknown[k, s - 1]).all()
            pairs += [(k, s)] if found.status[k, s] == Status.ANDERSON else []
    assert len(pairs) >= 8
    followed, rates = trace(model.plan, found.values, np.array(pairs)), found.rates[tuple(np.transpose(pairs))]
    assert (followed.status == TRACED).all()
    elsewhere = np.abs(followed.rates - rates).max(axis=1) > 1e-6 * followed.rates.max(axis=1)
    with capsys.disabled():
        print(f"\nbaltic-2021: {elsewhere.sum()} of {len(pairs)} segments that go on from a followed one are on another branch")
    assert elsewhere.mean() < 0.1
