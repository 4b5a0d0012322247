"""What is asked of a ladder: an answer never hangs on what else was asked."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from detente.ladder import Equilibrium, Ladder, Piece, Wanted, lay_out, outlook, prospects, solve, values_of

PIECES = [Piece(0, 1.0, 0), Piece(0, 0.5, -1), Piece(1, 4.0, 1), Piece(1, 5.0, 2)]
LISTED = ["end|calm"]
BY_NAME, BY_PAIR = ("reach", "touch"), ("onward_joint", "onward_given", "given_joint", "given_given")


@pytest.fixture(scope="module")
def found(make_ladder: Callable[..., Ladder]) -> Equilibrium:
    plan = lay_out(make_ladder(11, 200, levels=5, precision=2.0, segments=2))
    return solve(plan, values_of(plan, segments=2))


@pytest.mark.parametrize("seed", range(6))
def test_part_of_an_outlook_has_the_bits_of_the_whole(found: Equilibrium, seed: int) -> None:
    """Random parts, one of them nothing at all; whatever is told is what was asked for, in the same order."""
    whole = prospects(found, PIECES, LISTED)
    random, share = np.random.default_rng(seed), seed / 6

    def some(names: tuple[str, ...]) -> set[str]:
        return {name for name in names if random.random() < share}

    wanted = Wanted(some(whole.told), some(whole.pairs), some(whole.next_pairs), some(whole.levels))
    part = outlook(found, PIECES, LISTED, wanted)
    for names, arrays, asked in (
        ("told", BY_NAME, wanted.names), ("pairs", BY_PAIR, wanted.pairs), ("next_pairs", ("next_joint", "next_given"), wanted.next_pairs),
        ("levels", ("pathways",), wanted.levels),
    ):  # fmt: skip
        there = getattr(whole, names)
        assert getattr(part, names) == tuple(name for name in there if name in asked)
        columns = [there.index(name) for name in getattr(part, names)]
        for array in arrays:
            np.testing.assert_array_equal(getattr(part, array), getattr(whole, array)[:, columns])


def test_all_of_an_outlook_is_what_prospects_hold(found: Equilibrium) -> None:
    whole, part = prospects(found, PIECES, LISTED), outlook(found, PIECES, LISTED)
    for name in (*BY_NAME, *BY_PAIR, "next_joint", "next_given", "pathways"):
        np.testing.assert_array_equal(getattr(part, name), getattr(whole, name))
