"""The probabilities of so many jumps at two paces in turn, beside SciPy's Bessel functions and its Poisson distribution."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import gammaln, ive
from scipy.stats import poisson

from detente.games._lanes import LANES, aligned, store
from detente.games.kernels import entry
from detente.games.tables import Table
from detente.ladder._chains import TURNS, make_work
from detente.ladder._jumps import LONGEST_SUM, births, terms_of
from detente.ladder._pace import WIDEST
from detente.ladder.layout import Arc
from detente.ladder.questions import entering, lay_out_questions

Floats = NDArray[np.float64]


@entry
def weigh(work: Any, years: Any, last: int, out: Any) -> None:
    """`births` from Python."""
    store(out, 0, births(work, 0, years, last))


def weights(paces: list[tuple[float, float]], years: list[float], columns: int = 3) -> list[Floats]:
    """W_0, W_1, ... up to the last that counts, of at most sixteen lanes."""
    asked = lay_out_questions((entering([Arc(0, 1, "a", "u")], np.array([False, True])),))
    work, times, to_one = make_work(asked, 1, 1, 2, 1, 1, 1), aligned(1), aligned(1)
    for lane, ((a, b), time) in enumerate(zip(paces, years, strict=True)):
        share = 2 / (1 + a / b) if a else 1.0
        jumps, scatter = share * a, 2 - share**2 * (a / b if a else 1.0)
        work.paces[lane :: LANES] = a, b, jumps, scatter
        work.turns[lane], times[lane] = terms_of.py_func(jumps * time, scatter, columns), time
    weigh(Table(work), times, int(work.turns.max()), to_one)
    found = work.weight.reshape(-1, LANES)[: work.turns.max() + 1] * to_one
    for lane in range(len(paces)):
        assert (found[work.turns[lane] + 1 :, lane] == 0.0).all()
    return [found[: work.turns[lane] + 1, lane] for lane in range(len(paces))]


def by_bessel_functions(a: float, b: float, years: float, count: int) -> Floats:
    """Laplace transforms 1 / ((s + a)^(k + 1) (s + b)^k) and a / ((s + a)^(k + 1) (s + b)^(k + 1)), inverted."""
    d, k = (b - a) / 2, np.arange(1, count // 2 + 2)
    order = k - 0.5
    # Of 1 / (s^2 - d^2)^k, times exp(-(a + b) years / 2).
    with np.errstate(divide="ignore"):
        bessel = np.log(ive(order, d * years)) + d * years
    log = np.log(np.pi) / 2 - gammaln(k) + order * np.log(years / (2 * d)) + bessel - (a + b) / 2 * years
    g = np.exp(log + (k - 1) * np.log(a * b))
    odd, even = a * g, np.r_[0.0, years / (2 * k[:-1]) * g[:-1] * a * b] + d * g
    even[0] = np.exp(-a * years)
    return np.stack([even, odd], axis=1).ravel()[:count]


def test_probabilities_are_those_of_bessel_functions() -> None:
    """From hundredths of a jump to hundreds; each weight to 1e-9 of itself but in the outermost tail, where what was cut off tells."""
    paces = [(a, a * ratio) for a in (0.05, 3.0, 20.0, 60.0) for ratio in (1.05, 2.0, WIDEST)]
    for years in (0.02, 1.0, 5.0):
        for (a, b), found in zip(paces, weights(paces, [years] * len(paces)), strict=True):
            exact = by_bessel_functions(a, b, years, len(found))
            assert np.abs(found - exact).max() < 1e-13
            inner = (exact > 1e-9 * exact.max()) | ((np.arange(len(exact)) < exact.argmax()) & (exact > 1e-200))
            assert found[inner] == pytest.approx(exact[inner], rel=1e-9)


@pytest.mark.parametrize("columns", [3, 60, 500])
def test_one_pace_gives_the_poisson_distribution(columns: int) -> None:
    """Beside those of other lanes, and however many terms there must be."""
    numbers = [1e-12, 1e-3, 0.4, 7.0, 80.0, 420.0, 1000.0]
    for jumps, found in zip(numbers, weights([(number / 2.5,) * 2 for number in numbers], [2.5] * len(numbers), columns), strict=True):
        exact = poisson.pmf(np.arange(len(found)), jumps)
        assert found == pytest.approx(exact, rel=1e-11, abs=1e-17)


@pytest.mark.parametrize("columns", [3, 60, 500])
def test_hardly_any_jumps_are_not_lost(columns: int) -> None:
    """However many terms there must be; none, and so few that there is one at the most."""
    few = [0.0, 5e-324, 1e-200, 1e-149, 1e-40, 1e-9]
    for a, found in zip(few, weights([(a, a) for a in few], [1.0] * len(few), columns), strict=True):
        assert found[0] == pytest.approx(1.0, rel=1e-8) and np.isfinite(found).all()
        if a:
            assert found[1] == pytest.approx(a * np.exp(-a), rel=1e-12, abs=5e-324) and len(found) > columns


def test_what_is_cut_off_the_sum_is_below_what_is_stated() -> None:
    """More jumps than there are terms have a probability below 1e-16, for any number of jumps that one sum may have and any two paces; terms have room."""
    for ratio in (1.0, 1.3, 2.0, 3.0, 4.0, WIDEST):
        scatter = 2 - 4 * ratio / (1 + ratio) ** 2
        jumps = np.concatenate([np.geomspace(1e-6, 1.0, 40), np.geomspace(1.0, LONGEST_SUM, 120)])
        terms = np.array([terms_of.py_func(number, scatter, 0) for number in jumps])
        assert terms.max() < TURNS and (terms % 2 == 1).all()
        if ratio == 1.0:
            assert poisson.sf(terms, jumps).max() < 1e-16
            continue
        for number, last in zip(jumps, terms.tolist(), strict=True):
            a = number * (1 + ratio) / (2 * ratio)
            beyond = by_bessel_functions(a, a * ratio, 1.0, last + 202)[last + 1 :]
            assert np.nansum(beyond) < 1e-16
