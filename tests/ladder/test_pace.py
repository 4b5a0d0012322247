"""The pace at which chains jump: slower than their fastest rows where these are seldom entered, and no digit of a probability is lost by it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.linalg import expm
from scipy.stats import poisson
from tests.ladder.decimals import first_row

from detente.games.tables import Table
from detente.ladder import Piece
from detente.ladder._chains import make_work
from detente.ladder._transient import measure_pace
from detente.ladder.layout import Arc
from detente.ladder.questions import entering, lay_out_questions
from detente.ladder.reach import first_passage

Floats = NDArray[np.float64]
METHODS = ["either", "sum", "square"]
STATES = 6
ARCS = [Arc(s, t, "a", "u") for s in range(STATES - 1) for t in range(STATES) if s != t]
GOAL = np.arange(STATES) == STATES - 1
START = np.eye(STATES)[0]


def rates_of(matrices: Floats) -> Floats:
    """draw x segment x arc."""
    return np.ascontiguousarray(matrices[:, None, [arc.source for arc in ARCS], [arc.target for arc in ARCS]])


def paces(matrices: Floats, years: float) -> Floats:
    """q of every draw."""
    asked, draws = lay_out_questions((entering(ARCS, GOAL),)), len(matrices)
    work, found = Table(make_work(asked, 1, len(ARCS), STATES, 1, 1)), np.zeros(draws)
    start, rates = np.tile(START, (draws, 1)), rates_of(matrices)
    measure_pace(0, draws, Table(asked), 0, np.arange(draws), rates, start, np.array([0, 1]), np.array([years]), found, work)
    return found


def seldom_fast(draws: int, rare: float) -> Floats:
    """Months on most rungs; days on the last two before the goal, to which little leads, and from which little leads on."""
    rng = np.random.default_rng(5)
    matrices = rng.lognormal(1.0, 0.7, (draws, STATES, STATES))
    matrices[:, 3:5] *= 15.0
    matrices[:, :3, 3:] *= rare
    matrices[:, 3:5, 5] *= rare
    matrices[:, 3, 4] *= rare
    matrices[:, 4, 3] *= rare
    matrices[:, 5] = 0.0
    matrices[:, range(STATES), range(STATES)] = 0.0
    matrices[:, :3, 5] = 0.0
    return matrices


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("rare", [1e-2, 1e-6, 1e-15])
def test_probabilities_keep_their_digits_however_small(rare: float, method: str) -> None:
    """Beside 60 decimals, down to 1e-30; the chains jump at least a quarter slower than their fastest rows."""
    matrices, years = seldom_fast(8, rare), 3.0
    found = first_passage(rates_of(matrices), np.tile(START, (8, 1)), [Piece(0, years, 0)], [entering(ARCS, GOAL)], method=method).entered[:, 0, 0]
    exact = [first_row(matrix, years)[-1] for matrix in matrices]
    assert max(exact) < 10.0 * rare**2
    assert found == pytest.approx(exact, rel=1e-12, abs=0.0)
    assert (paces(matrices, years) < 0.75 * matrices.sum(axis=2).max(axis=1)).all()


def test_rows_that_are_fast_and_often_entered_set_the_pace() -> None:
    """Two rows that hand on to each other would make powers grow, one that is entered all the time would lose digits: both jump at their own pace."""
    flip_flop, entered = np.zeros((2, STATES, STATES))
    flip_flop[[0, 3, 4], [3, 4, 3]] = 0.1, 100.0, 100.0
    entered[[0, 3], [3, 0]] = 50.0, 100.0
    for matrix in (flip_flop, entered):
        matrix[3, 5] = 1.0
        fastest = matrix.sum(axis=1).max()
        assert paces(matrix[None], 5.0)[0] == pytest.approx(fastest, rel=1e-15)
        found = first_passage(rates_of(matrix[None]), START[None], [Piece(0, 5.0, 0)], [entering(ARCS, GOAL)], method="sum").entered[0, 0, 0]
        assert found == pytest.approx(expm((matrix - np.diag(matrix.sum(axis=1))) * 5.0)[0, 5], rel=1e-12)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10_000), st.floats(0.3, 1.0), st.floats(0.0, 3.0), st.floats(0.01, 20.0))
def test_what_is_added_in_absolute_value_is_bounded_as_stated(seed: int, filled: float, spread: float, years: float) -> None:
    """|P| d <= (1 + 3 e / q) d and the sum over jumps of |P|^j d <= exp(3 e h) d, with e h at most 2 wherever q is below the fastest row."""
    rng = np.random.default_rng(seed)
    matrix = rng.lognormal(0.0, spread, (STATES, STATES)) * (rng.random((STATES, STATES)) < filled)
    matrix[range(STATES), range(STATES)] = 0.0
    matrix[5] = 0.0
    # Rows that cannot be come to are not looked at.
    reached = np.linalg.matrix_power(np.eye(STATES) + matrix, STATES)[0] > 0
    matrix *= reached[:, None]
    leaving = matrix.sum(axis=1)
    if not leaving.any():
        return
    q, fastest = paces(matrix[None], years)[0], leaving.max()
    useful = np.linalg.matrix_power(np.eye(STATES) + matrix, STATES)[:, 5] > 0
    if not useful[0] or (~useful & (leaving > 0)).any():
        return  # rows that lead nowhere are no part of the question
    assert 5 / 8 * fastest * (1 - 1e-12) <= q <= fastest * (1 + 1e-12)
    if q > fastest * (1 - 1e-12):
        return
    over = leaving > 5 / 8 * fastest
    e, d = matrix[~over][:, over].sum(axis=1).max(), np.where(over, 4.0, 1.0)
    jump = np.abs(np.eye(STATES) + (matrix - np.diag(leaving)) / q)
    assert e * years <= 2.0 * (1 + 1e-12)
    assert (jump @ d <= (1 + 3 * e / q) * d * (1 + 1e-12)).all()
    total, power = np.zeros(STATES), d
    for weight in poisson.pmf(np.arange(int(q * years + 12 * np.sqrt(q * years) + 30)), q * years):
        total, power = total + weight * power, jump @ power
    assert (total <= np.exp(3 * e * years) * d * (1 + 1e-9)).all()
