"""Sums that are written out for one chain beside the generic ones, matrix exponentials and closed forms."""

from __future__ import annotations

import ctypes
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.linalg import expm
from scipy.special import gammainc

from detente.games._lanes import LANES, aligned
from detente.ladder import Piece, _written_out, reach
from detente.ladder.layout import Arc
from detente.ladder.questions import Question, entering, first_then, lay_out_questions, pathways, whereabouts

Floats = NDArray[np.float64]
ONE_A_SEGMENT = [Piece(0, 0.3, 0), Piece(1, 2.0, 1)]
SEVERAL = [Piece(0, 0.3, 0), Piece(0, 1.0, 1), Piece(1, 1.0, -1), Piece(1, 2.5, 2)]
STATES = 7
ARCS = [Arc(s, t, "ab"[t % 2], "uv"[s % 2]) for s in range(STATES - 1) for t in range(STATES) if t != s and (s + 2 * t) % 3]
GOAL = np.arange(STATES) == STATES - 1


def rates(draws: int, segments: int, seed: int = 3) -> Floats:
    return np.random.default_rng(seed).lognormal(0.0, 1.5, (draws, segments, len(ARCS)))


@pytest.fixture(autouse=True)
def _write_all_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reach, "MANY", 1)


@st.composite
def chains(draw: st.DrawFn) -> tuple[list[Arc], Floats, Floats]:
    """Arcs, rates of some of which are 0, and starts on one rung or two."""
    n = draw(st.integers(2, 6))
    pairs = draw(st.lists(st.sampled_from([(s, t) for s in range(n) for t in range(n) if s != t]), min_size=1, max_size=12, unique=True))
    rng = np.random.default_rng(draw(st.integers(0, 1000)))
    found = rng.lognormal(0.0, 2.0, (draw(st.integers(1, 2 * LANES + 1)), 2, len(pairs))) * (rng.random((1, 1, len(pairs))) < 0.9)
    found *= rng.random(found.shape) < draw(st.sampled_from([1.0, 0.95]))
    return [Arc(s, t, "ab"[t % 2], "uv"[s % 2]) for s, t in pairs], found, np.eye(n)[rng.integers(0, draw(st.integers(1, 2)), len(found))]


@settings(deadline=None, max_examples=25)
@given(chains(), st.sampled_from([ONE_A_SEGMENT, SEVERAL]), st.sampled_from(["sum", "either", "square"]))
def test_a_sum_that_is_written_out_gives_the_bits_of_the_generic_one(chain: tuple[list[Arc], Floats, Floats], pieces: list[Piece], method: str) -> None:
    """Whatever the chain, the pieces and the method of its neighbours."""
    arcs, own, start = chain
    states = np.arange(start.shape[1])
    questions: list[Question] = [entering(arcs, states == states[-1]), entering(arcs, states > 0), first_then(arcs, states == 1, states == states[-1])]
    questions += [pathways(arcs, states == 0, states == states[-1], ("a", "b"), ("u", "v")), whereabouts(arcs, len(states))]
    written = reach.first_passage(own, start, pieces, questions, method=method, threads=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reach, "MANY", 10**9)
        generic = reach.first_passage(own, start, pieces, questions, method=method, threads=1)
    assert np.array_equal(written.entered, generic.entered)
    assert np.array_equal(written.taken, generic.taken)
    assert np.array_equal(written.years, generic.years)


@pytest.mark.parametrize("pieces", [ONE_A_SEGMENT, SEVERAL])
def test_the_matrix_exponential_agrees(pieces: list[Piece], monkeypatch: pytest.MonkeyPatch) -> None:
    """SciPy's expm to 1e-10; and the text that is written out is what was run, for another one, which adds nothing up, gives other numbers."""
    own, start = rates(20, 2), np.eye(STATES)[np.zeros(20, int)]
    found = reach.first_passage(own, start, pieces, [entering(ARCS, GOAL)], method="sum").entered[:, 0]
    for draw in range(20):
        here = start[draw]
        for piece in pieces:
            stopped = np.zeros((STATES, STATES))
            for index, arc in enumerate(ARCS):
                stopped[arc.source, arc.target] += own[draw, piece.segment, index]
            np.fill_diagonal(stopped, -stopped.sum(axis=1))
            stopped[GOAL] = 0.0
            here = here @ expm(stopped * piece.years)
            if piece.output >= 0:
                assert found[draw, piece.output] == pytest.approx(here[GOAL].sum(), rel=1e-10)
    monkeypatch.setattr(_written_out, "_fused", lambda lanes, a, b, c: f"fmul <{lanes} x double> {a}, {b}")
    _written_out.write_out.cache_clear()
    assert (reach.first_passage(own, start, pieces, [entering(ARCS, GOAL)], method="sum").entered[:, 0] != found).all()
    _written_out.write_out.cache_clear()


@pytest.mark.parametrize("pieces", [[Piece(0, 1.0, 0), Piece(0, 9.0, 1)], [Piece(0, 1.0, 0), Piece(1, 9.0, 1)]])
def test_small_probabilities_keep_their_digits(pieces: list[Piece]) -> None:
    """Eight steps at one rate are an Erlang distribution; at 1e-12 and 1e-25 ten digits are right."""
    arcs = [Arc(s, s + 1, "a", "u") for s in range(8)]
    own = np.repeat(np.array([[0.1], [0.002]])[:, None], 8, axis=2).repeat(2, axis=1)
    found = reach.first_passage(own, np.eye(9)[[0, 0]], pieces, [entering(arcs, np.arange(9) == 8)])
    exact = np.array([[gammainc(8, 0.1), gammainc(8, 1.0)], [gammainc(8, 0.002), gammainc(8, 0.02)]])
    assert found.entered[:, 0] == pytest.approx(exact, rel=1e-10)


@pytest.mark.parametrize("lanes", [2, 4, 8])
def test_texts_for_registers_of_other_sizes_are_products_of_the_matrices(lanes: int) -> None:
    """sum_j weight_j x P_1 ... P_j by NumPy, for processors whose registers hold two, four and eight numbers."""
    asked = lay_out_questions((entering(ARCS, GOAL),))
    shape = _written_out.shape_of(asked, 0)
    n, w, terms = shape.n_rows, len(shape.sources), 5
    rng = np.random.default_rng(0)
    count = sum(map(len, shape.sources))
    x, entries, weights, scale = aligned(w), aligned(2 * count), aligned(terms), aligned(1)
    turns = np.arange(LANES) % terms
    for numbers in (x, entries, weights, scale):
        numbers[:] = rng.random(len(numbers))
    weights.reshape(terms, LANES)[np.arange(terms)[:, None] > turns] = 0.0
    matrices = np.zeros((2, LANES, w, w))
    matrices[:, :, range(n, w), range(n, w)] = 1.0
    for k, (row, column) in enumerate((row, column) for column, rows in enumerate(shape.sources) for row in rows):
        matrices[:, :, row, column] = entries.reshape(2, count, LANES)[:, k]
    # Paces of one chain: its matrices commute, and only then does the order of a product not matter.
    matrices[1] = np.eye(w) + (matrices[0] - np.eye(w)) / 3.0
    for k, (row, column) in enumerate((row, column) for column, rows in enumerate(shape.sources) for row in rows):
        entries.reshape(2, count, LANES)[1, k] = matrices[1, :, row, column]
    steps = [x.reshape(w, 1, LANES).T]
    for j in range(terms - 1):
        steps.append(steps[-1] @ matrices[j % 2])
    exact = sum(step * weight[:, None, None] for step, weight in zip(steps, weights.reshape(terms, LANES) * scale, strict=True))
    sinks = np.array([step[:, 0, n : shape.owned].sum(axis=1) for step in steps])
    for direction in (_written_out.backward, _written_out.forward):
        result, series = aligned(w), aligned(terms)
        result[:] = x
        made = _written_out.WrittenOut("\n".join(direction(shape, lanes)))
        call = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * 6)(made.address)
        call(*(array.ctypes.data for array in (result, entries, weights, scale, series, turns)))
        assert result.reshape(w, LANES).T[:, : shape.owned] == pytest.approx(np.asarray(exact)[:, 0, : shape.owned], rel=1e-13)
        if direction is _written_out.forward:
            wanted = np.arange(terms)[:, None] <= turns
            assert series.reshape(terms, LANES)[wanted] == pytest.approx(sinks[wanted], rel=1e-13)


def test_machine_code_is_made_once_and_anywhere(tmp_path: Path) -> None:
    """It is kept in a file; where none can be written, it is made all the same."""
    made: list[int] = []

    def make() -> bytes:
        made.append(1)
        return b"code"

    for _ in range(2):
        assert _written_out._kept(tmp_path / "sum.o", make) == b"code"
    assert len(made) == 1 and [file.name for file in tmp_path.iterdir()] == ["sum.o"]
    assert _written_out._kept(tmp_path / "missing" / "sum.o", make) == b"code"
