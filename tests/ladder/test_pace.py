"""Two paces in turn: the chains of a ladder jump slower than its fastest rungs where these are seldom entered, and no digit of a probability is lost by it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.linalg import expm
from tests.ladder.decimals import first_row

from detente.games.tables import Table
from detente.ladder import Piece
from detente.ladder._pace import MOST, WIDEST, find_paces, make_bound
from detente.ladder.layout import Arc
from detente.ladder.questions import entering, lay_out_steps, pathways, whereabouts
from detente.ladder.reach import first_passage

Floats = NDArray[np.float64]
METHODS = ["either", "sum", "square"]
STATES = 6
ARCS = tuple(Arc(s, t, "a", "u") for s in range(STATES - 1) for t in range(STATES) if s != t)
GOAL = np.arange(STATES) == STATES - 1
START = np.eye(STATES)[0]


def rates_of(matrices: Floats) -> Floats:
    """draw x segment x arc."""
    return np.ascontiguousarray(matrices[:, None, [arc.source for arc in ARCS], [arc.target for arc in ARCS]])


def paces(matrices: Floats, years: float) -> tuple[Floats, Floats]:
    """a and b of every draw."""
    steps, (slow, fast) = lay_out_steps(ARCS), np.zeros((2, len(matrices), 1))
    find_paces(0, len(matrices), Table(steps), rates_of(matrices), np.array([years]), slow, fast, Table(make_bound(steps)))
    return slow[:, 0], fast[:, 0]


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
    """Beside 60 decimals, down to 1e-30; with two paces there are at most two thirds of the jumps."""
    matrices, years = seldom_fast(8, rare), 3.0
    found = first_passage(rates_of(matrices), np.tile(START, (8, 1)), [Piece(0, years, 0)], [entering(ARCS, GOAL)], method=method).entered[:, 0, 0]
    exact = [first_row(matrix, years)[-1] for matrix in matrices]
    assert max(exact) < 10.0 * rare**2
    assert found == pytest.approx(exact, rel=1e-12, abs=0.0)
    slow, fast = paces(matrices, years)
    assert (2.0 * slow / (slow + fast) < 0.67).all()


@pytest.mark.parametrize("handed_on", [0.0, 0.5, 1.0])
def test_fast_rungs_that_hand_on_to_each_other_keep_their_digits(handed_on: float) -> None:
    """A share of what comes to the first fast rung goes on to the second; also by year, in pathways, and in the years on each rung."""
    matrices = seldom_fast(8, 1e-3)
    out = matrices[:, 3].sum(axis=1)
    matrices[:, 3] *= 1.0 - handed_on
    matrices[:, 3, 4] += handed_on * out
    assert (paces(matrices, 3.0)[0] < matrices.sum(axis=2).max(axis=1)).all()
    pieces = [Piece(0, 0.3, 0), Piece(0, 1.2, 1), Piece(0, 1.5, 2)]
    questions = [entering(ARCS, GOAL), pathways(ARCS, np.arange(STATES) == 0, GOAL, ["a"], ["u"]), whereabouts(ARCS, STATES)]
    found = first_passage(rates_of(matrices), np.tile(START, (8, 1)), pieces, questions, method="sum")
    for draw, matrix in enumerate(matrices):
        exact = [first_row(matrix, years)[-1] for years in (0.3, 1.5, 3.0)]
        assert found.entered[draw, 0] == pytest.approx(exact, rel=1e-12, abs=0.0)
        assert found.entered[draw, 1] == pytest.approx(exact, rel=1e-12, abs=0.0)
        generator = matrix - np.diag(matrix.sum(axis=1))
        block = np.block([[generator, np.eye(STATES)], [np.zeros((STATES, 2 * STATES))]])
        assert found.years[draw] == pytest.approx(expm(block * 3.0)[0, STATES:], rel=1e-9, abs=1e-13)
    assert found.years.sum(axis=1) == pytest.approx(np.full(8, 3.0), rel=1e-13)


def test_rungs_that_are_fast_and_often_entered_set_the_pace() -> None:
    """Two rungs that hand on to each other would make products grow, one that is entered all the time would lose digits: both jump at one pace, the fastest."""
    flip_flop, entered = np.zeros((2, STATES, STATES))
    flip_flop[[0, 3, 4], [3, 4, 3]] = 0.1, 100.0, 100.0
    entered[[0, 3], [3, 0]] = 50.0, 100.0
    for matrix in (flip_flop, entered):
        matrix[3, 5] = 1.0
        slow, fast = paces(matrix[None], 5.0)
        assert slow[0] == fast[0] == pytest.approx(matrix.sum(axis=1).max(), rel=1e-15)
        found = first_passage(rates_of(matrix[None]), START[None], [Piece(0, 5.0, 0)], [entering(ARCS, GOAL)], method="sum").entered[0, 0, 0]
        assert found == pytest.approx(expm((matrix - np.diag(matrix.sum(axis=1))) * 5.0)[0, 5], rel=1e-12)


@settings(deadline=None, max_examples=100)
@given(st.integers(0, 10_000), st.floats(0.3, 1.0), st.floats(0.0, 3.0), st.floats(0.01, 20.0))
def test_what_is_added_in_absolute_value_is_bounded_as_stated(seed: int, filled: float, spread: float, years: float) -> None:
    """Sums of absolute values over births whose probabilities are those of a matrix exponential are at most `MOST` times what they come to, from every rung."""
    rng = np.random.default_rng(seed)
    matrix = rng.lognormal(0.0, spread, (STATES, STATES)) * (rng.random((STATES, STATES)) < filled)
    matrix[range(STATES), range(STATES)] = 0.0
    matrix[5] = 0.0
    leaving = matrix.sum(axis=1)
    (slow,), (fast,) = paces(matrix[None], years)
    assert fast == pytest.approx(leaving.max(), rel=1e-14)
    assert fast / WIDEST * (1 - 1e-12) <= slow <= fast
    if slow in (0.0, fast):
        return
    jumps = int(60 + 4.0 * fast * years) // 2 * 2
    birth = np.diag(np.resize([-slow, -fast], jumps + 1)) + np.diag(np.resize([slow, fast], jumps), 1)
    weights = expm(birth * years)[0] if jumps < 800 else None
    if weights is None:
        return
    slower, faster = (np.abs(np.eye(STATES) + (matrix - np.diag(leaving)) / pace) for pace in (slow, fast))
    total, product = np.zeros(STATES), np.eye(STATES)
    for j, weight in enumerate(weights):
        total, product = total + weight * product.sum(axis=1), product @ (faster if j % 2 else slower)
    assert total.max() <= MOST
