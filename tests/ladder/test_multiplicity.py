"""The search for further equilibria, against a ladder whose equilibria are known in closed form (see test_branch)."""

from __future__ import annotations

import numpy as np
import pytest
from tests.ladder.test_branch import equilibria, rivals, value

from detente.errors import InvalidInput
from detente.ladder import Piece, all_equilibria, certify, prospects

PRECISION = np.array([0.5, 0.9, 1.02, 1.05, 1.12, 2.0])


def test_every_equilibrium_of_the_closed_form_is_found_and_no_other() -> None:
    found = all_equilibria(rivals(PRECISION), starts=64)
    for draw, precision in enumerate(PRECISION):
        exact = sorted(value(strike) for part in equilibria(precision) for strike in part)
        assert found.count[draw, 0] == len(exact)
        assert np.sort(found.equilibrium.value[found.draw == draw, 0, 0, 0]) == pytest.approx(exact, rel=1e-8)
    assert found.share == 0.5 and found.cut == 0
    assert found.interval()[0] < 0.5 < found.interval()[1]


def test_what_is_found_passes_the_definition_and_the_answer_of_solve_comes_first() -> None:
    solved = rivals(PRECISION)
    found = all_equilibria(solved, starts=64)
    certificate = certify(found.equilibrium)
    assert max(certificate.behaviour.max(), certificate.value.max(), certificate.rate.max()) < 1e-9
    first = np.searchsorted(found.draw, np.arange(len(PRECISION)))
    assert np.array_equal(found.equilibrium.unknown[first], solved.unknown)
    assert len(prospects(found.equilibrium, [Piece(0, 5.0, 0)]).reach) == len(found.draw)


def test_a_draw_is_searched_alike_alone_and_among_others() -> None:
    solved = rivals(PRECISION)
    every, alone = all_equilibria(solved, starts=8, seed=3, threads=2), all_equilibria(solved, [3], starts=8, seed=3, threads=1)
    assert np.array_equal(every.equilibrium.unknown[every.draw == 3], alone.equilibrium.unknown)


def test_a_search_without_starts_is_refused() -> None:
    with pytest.raises(InvalidInput, match="0 is no number of starting points"):
        all_equilibria(rivals(PRECISION[:1]), starts=0)


def test_a_draw_that_is_not_there_is_refused() -> None:
    with pytest.raises(InvalidInput, match="there is no draw -1"):
        all_equilibria(rivals(PRECISION), [0, -1])
