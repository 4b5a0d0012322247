"""Reach where others have gone wrong: batches of mixed scale, no time and all time, first passages between two dates, one step and two."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.linalg import expm
from scipy.special import gammainc
from tests.ladder.decimals import first_row

from detente.ladder import Piece
from detente.ladder.layout import Arc
from detente.ladder.questions import entering, whereabouts
from detente.ladder.reach import first_passage

Floats = NDArray[np.float64]
METHODS = ["either", "sum", "square"]
STATES = 6
ARCS = [Arc(s, t, "a", "u") for s in range(STATES - 1) for t in range(STATES) if t != s and (s + 2 * t) % 3]
START = np.eye(STATES)[:1]
GOAL = np.arange(STATES) == STATES - 1


def rates(draws: int, seed: int = 3) -> Floats:
    return np.random.default_rng(seed).lognormal(0.0, 1.5, (draws, 1, len(ARCS)))


def entered(chain: Floats, pieces: list[Piece], method: str = "either", arcs: list[Arc] | None = None, goal: Any = GOAL, start: Floats = START) -> Floats:
    """Probability of having entered the goal: draw x output."""
    found = first_passage(chain, np.ascontiguousarray(np.broadcast_to(start, (len(chain), start.shape[1]))), pieces, [entering(arcs or ARCS, goal)], method=method)
    return found.entered[:, 0]


def exactly(chain: Floats, years: float) -> float:
    """The same for one draw with 60 decimals."""
    matrix = np.zeros((STATES, STATES))
    for arc, rate in zip(ARCS, chain[0].tolist(), strict=True):
        matrix[arc.source, arc.target] += rate
    return first_row(matrix, years)[STATES - 1]


# Trap 1
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("turned", [False, True])
def test_a_batch_of_mixed_scale_is_what_each_of_its_chains_is_alone(method: str, turned: bool) -> None:
    """The slowest chain first or last, scales from 1e-6 to 1e3: every draw has the bits it has alone, and twelve digits of the exact value."""
    scales = np.logspace(-6, 3, 19)[:: -1 if turned else 1]
    chain = rates(19) * scales[:, None, None]
    pieces = [Piece(0, 2.0, 0)]
    batch = entered(chain, pieces, method)
    for k in range(19):
        assert entered(chain[k : k + 1], pieces, method)[0, 0] == batch[k, 0]
        assert batch[k, 0] == pytest.approx(exactly(chain[k], 2.0), rel=1e-12)


# Trap 1
@pytest.mark.parametrize("method", METHODS)
def test_a_chain_that_starts_near_the_goal_does_not_feel_one_that_starts_far_from_it(method: str) -> None:
    """Ninety steps in a row: beside a neighbour that may stand on any of them, one with five to go takes the same method and has the bits it has alone."""
    arcs, goal = [Arc(s, s + 1, "a", "u") for s in range(90)], np.arange(91) == 90
    chain = np.broadcast_to(np.logspace(-3, 1.5, 16)[:, None, None], (16, 1, 90))
    near, both = np.eye(91)[np.full(16, 85)], np.eye(91)[[0, *np.full(15, 85)]]
    pieces = [Piece(0, 0.5, 0), Piece(0, 0.25, 1)]
    company, alone = (entered(chain, pieces, method, arcs, goal, start) for start in (both, near))
    assert np.array_equal(company[1:], alone[1:])
    assert alone[-1] == pytest.approx(gammainc(5, 10**1.5 * np.array([0.5, 0.75])), rel=1e-12)


# Trap 2
def test_the_number_of_terms_does_not_depend_on_absorbing_states() -> None:
    """Rates 2^20 times slower and time 2^20 times longer leave every bit of the sum as it was. Absorbing states with a rate of their own, as model checkers give
    them, would set the number of terms of the slow chain."""
    chain, pieces = rates(8), [Piece(0, 0.75, 0), Piece(0, 3.0, 1)]
    longer = [Piece(piece.segment, piece.years * 2.0**20, piece.output) for piece in pieces]
    plain = entered(chain, pieces, "sum")
    assert np.array_equal(entered(chain * 2.0**-20, longer, "sum"), plain)
    for method in METHODS:
        assert entered(chain * 2.0**-20, longer, method) == pytest.approx(plain, rel=1e-12)


@pytest.mark.parametrize("parts", range(2, 40))
def test_every_output_is_served_wherever_the_parts_of_a_long_sum_end(parts: int) -> None:
    """Two steps, a fast one and a slow one, at the end of each of ten years: the rounded ends of parts may skip none."""
    fast, slow, years = parts * 102.3, 0.01, np.arange(1.0, 11.0)
    found = entered(
        np.array([[[fast, slow]]]), [Piece(0, 1.0, year) for year in range(10)], "sum",
        [Arc(0, 1, "a", "u"), Arc(1, 2, "a", "u")], np.arange(3) == 2, np.eye(3)[:1],
    )  # fmt: skip
    assert found[0] == pytest.approx((slow * np.expm1(-fast * years) - fast * np.expm1(-slow * years)) / (fast - slow), rel=1e-11)


# Trap 2
@pytest.mark.parametrize("method", METHODS)
def test_states_behind_the_goal_change_nothing(method: str) -> None:
    """However fast they are, but for the last digit: which two paces there are hangs on the whole ladder."""
    chain, pieces = rates(8), [Piece(0, 0.75, 0), Piece(0, 3.0, 1)]
    arcs = [*ARCS, Arc(STATES - 1, STATES, "a", "u"), Arc(STATES, STATES + 1, "a", "u")]
    more = np.concatenate([chain, np.full((8, 1, 1), 1e3), np.full((8, 1, 1), 1e-6)], axis=2)
    found = entered(more, pieces, method, arcs, np.arange(STATES + 2) == STATES - 1, np.eye(STATES + 2)[:1])
    assert found == pytest.approx(entered(chain, pieces, method), rel=1e-14, abs=0.0)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("lived", [0, 1, 2])
def test_segments_in_which_no_time_is_spent_change_nothing(lived: int, method: str) -> None:
    """Before the others, between them, or after."""
    chain = rates(20)
    three = np.concatenate([chain * factor for factor in (3.0, 0.5, 7.0)], axis=1)
    three[:, lived] = chain[:, 0]
    pieces = [(0.75, 0), (2.25, 1)]
    alone = entered(chain, [Piece(0, years, output) for years, output in pieces], method)
    assert np.array_equal(entered(three, [Piece(lived, years, output) for years, output in pieces], method), alone)


# Traps 2 and 3
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("rate", [1e-6, 1e-3, 1.0, 1e3])
@pytest.mark.parametrize("years", [0.0, 5e-324, 1e-200, 1e-12, 1e-3, 1.0, 50.0, 1e4])
def test_one_step_at_any_rate_over_any_time(rate: float, years: float, method: str) -> None:
    """1 - exp(-rate x years), from no time at all to certainty; of times that are hardly numbers, to the smallest of these."""
    found = entered(np.full((1, 1, 1), rate), [Piece(0, years, 0)], method, [Arc(0, 1, "a", "u")], np.array([False, True]), np.eye(2)[:1])
    assert found[0, 0] == pytest.approx(-np.expm1(-rate * years), rel=1e-12, abs=5e-324)


# Trap 3
@pytest.mark.parametrize("method", METHODS)
def test_with_no_time_nothing_has_happened_and_with_all_time_everything(method: str) -> None:
    """At 0 what counts is where the system starts; after very long it is absorbed where the embedded chain says, and its years before are those of
    the linear system."""
    arcs = [*ARCS, Arc(0, STATES, "a", "u"), Arc(3, STATES, "a", "u")]
    chain = np.random.default_rng(9).lognormal(0.0, 1.0, (5, 1, len(arcs)))
    start = np.zeros((5, STATES + 1))
    start[:, [0, 3, STATES - 1]] = 0.5, 0.3, 0.2
    goal = np.arange(STATES + 1) == STATES - 1
    questions = [entering(arcs, goal), whereabouts(arcs, STATES + 1)]
    found = first_passage(chain, start, [Piece(0, 0.0, 0), Piece(0, 2e4, 1)], questions, method=method)
    assert (found.entered[:, 0, 0] == 0.2).all()
    for k in range(5):
        matrix = np.zeros((STATES + 1, STATES + 1))
        for arc, rate in zip(arcs, chain[k, 0], strict=True):
            matrix[arc.source, arc.target] += rate
        before = np.arange(STATES - 1)
        inner = np.diag(matrix.sum(axis=1)[before]) - matrix[np.ix_(before, before)]
        spent = np.linalg.solve(inner.T, start[k, before])
        assert found.entered[k, 0, 1] == pytest.approx(0.2 + spent @ matrix[before, STATES - 1], rel=1e-11)
        assert found.years[k, before] == pytest.approx(spent, rel=1e-10)
        assert found.years[k].sum() == pytest.approx(2e4, rel=1e-11)


# Trap 4
@pytest.mark.parametrize("method", METHODS)
def test_between_two_dates_is_by_the_second_less_by_the_first(method: str) -> None:
    """A chain taken up at the first date, from where SciPy says that it stands if the goal was not yet entered, gives the difference of two outputs."""
    chain = rates(6)
    outputs = entered(chain, [Piece(0, 0.4, 0), Piece(0, 1.1, 1)], method)
    for k in range(6):
        matrix = np.zeros((STATES, STATES))
        for arc, rate in zip(ARCS, chain[k, 0], strict=True):
            matrix[arc.source, arc.target] += rate
        standing = expm((matrix - np.diag(matrix.sum(axis=1))) * 0.4)[:1]
        standing[:, GOAL] = 0.0
        later = entered(chain[k : k + 1], [Piece(0, 1.1, 0)], method, start=standing)
        assert later[0, 0] == pytest.approx(outputs[k, 1] - outputs[k, 0], rel=1e-11)


# Trap 7
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("steps", [0, 1, 2, 3])
def test_so_many_steps_and_not_one_more_or_less(steps: int, method: str) -> None:
    """Steps at one rate are an Erlang distribution, which is certain for none; two at rates a and b are known in closed form too."""
    arcs = [Arc(s, s + 1, "a", "u") for s in range(3)]
    pieces = [Piece(0, 0.0, 0), Piece(0, 0.7, 1), Piece(0, 2.3, 2)]
    goal, start = np.arange(4) == 3, np.eye(4)[3 - steps : 4 - steps]
    found = entered(np.full((1, 1, 3), 1.3), pieces, method, arcs, goal, start)[0]
    expected = gammainc(steps, 1.3 * np.array([0.0, 0.7, 3.0])) if steps else np.ones(3)
    assert found == pytest.approx(expected, rel=1e-13)
    if steps == 2:
        a, b = 0.4, 5.0
        found = entered(np.array([[[9.0, a, b]]]), pieces, method, arcs, goal, start)[0]
        assert found[2] == pytest.approx(1 - (b * np.exp(-3 * a) - a * np.exp(-3 * b)) / (b - a), rel=1e-13)
