"""The uniform numbers behind the draws: stratified, unrelated between names, a function of (seed, name, k) alone."""

from __future__ import annotations

import hashlib
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.special import expit, ndtri

from detente.ensemble.sampling import NUMBERED_DRAWS, collisions, uniforms
from detente.errors import InvalidInput


def correlations(count: int, names: int, seed: int = 1) -> np.ndarray:
    matrix = np.corrcoef([uniforms(f"quantity_{i}", seed, 0, count) for i in range(names)])
    return matrix[np.triu_indices(names, 1)]


@given(st.text(), st.integers(0, 2**64), st.integers(0, 11), st.integers(0, 1000))
def test_each_dyadic_interval_holds_exactly_one_point(name: str, seed: int, power: int, block: int) -> None:
    """Any aligned block of 2^m draws, the first one included, puts one draw in each interval of length 2^-m."""
    size = 2**power
    drawn = uniforms(name, seed, block * size, size)
    np.testing.assert_array_equal(np.sort((drawn * size).astype(int)), np.arange(size))


@given(st.lists(st.integers(0, 700), max_size=8), st.integers(0, 5000))
def test_chunks_join_into_the_whole(sizes: list[int], first: int) -> None:
    """Draws do not depend on how they are cut into chunks."""
    starts = first + np.cumsum([0, *sizes])
    parts = [uniforms("resolve", 7, int(start), size) for start, size in zip(starts, sizes, strict=False)]
    np.testing.assert_array_equal(np.concatenate([np.empty(0), *parts]), uniforms("resolve", 7, first, sum(sizes)))


def test_long_chunks_are_the_same_draws() -> None:
    """The inner blocks in which draws are computed leave no trace."""
    whole = uniforms("resolve", 7, 0, 40_000)
    np.testing.assert_array_equal(uniforms("resolve", 7, 16_000, 20_000), whole[16_000:36_000])


def test_draws_never_change() -> None:
    """The same seed and name give the same bits on every machine and in every version."""
    drawn = uniforms("north_shore_resolve", 1, 0, 4096).astype("<f8").tobytes()
    assert hashlib.sha256(drawn).hexdigest() == "7f8cb9a7d7f62a275878ad959705f2b5f4834692fc0b2e198ad3cf8882f8b00d"


def test_seeds_and_names_differ_and_streams_join() -> None:
    """Another seed or name gives other draws; the stream replaces the name."""
    drawn = uniforms("resolve", 1, 0, 64)
    assert not np.isin(uniforms("resolve", 2, 0, 64), drawn).any()
    assert not np.isin(uniforms("resolve_", 1, 0, 64), drawn).any()
    np.testing.assert_array_equal(uniforms("renamed", 1, 0, 64, stream="resolve"), drawn)


def test_draws_are_inside_the_open_interval_and_use_its_resolution() -> None:
    """Every draw is an odd multiple of 2^-53, up to the last that exists."""
    drawn = np.concatenate([uniforms("resolve", 1, 0, 4096), uniforms("resolve", 1, NUMBERED_DRAWS - 4096, 4096)])
    assert 0 < drawn.min() and drawn.max() < 1
    assert (drawn * 2.0**53 % 2 == 1).all()
    assert len(np.unique(drawn)) == 8192


@pytest.mark.parametrize(("first", "count"), [(-1, 5), (0, -1), (NUMBERED_DRAWS, 1)])
def test_draws_that_do_not_exist_are_refused(first: int, count: int) -> None:
    """There is no draw before 0 and none after the last."""
    with pytest.raises(InvalidInput, match="draws are numbered from 0"):
        uniforms("resolve", 1, first, count)


@pytest.mark.parametrize("index", [0, 1, 5, 1000])
def test_each_draw_is_uniform(index: int) -> None:
    """Over names, draw k alone is uniform, whatever k."""
    drawn = [uniforms(f"quantity_{i}", 1, index, 1)[0] for i in range(2000)]
    assert stats.kstest(drawn, "uniform").pvalue > 0.001


def test_places_within_the_intervals_are_uniform_and_unrelated() -> None:
    """Below the stratified digits the scramble leaves no pattern: uniform, and neighbours do not go together."""
    count = 2**14
    drawn = uniforms("resolve", 1, 0, count)
    place = drawn * count % 1
    in_order = place[np.argsort(drawn)]
    assert stats.kstest(place, "uniform").pvalue > 0.001
    assert stats.kstest(drawn * 2.0**32 % 1, "uniform").pvalue > 0.001
    assert abs(np.corrcoef(in_order[:-1], in_order[1:])[0, 1]) < 4 / count**0.5


@pytest.mark.parametrize("count", [256, 1024, 4096])
def test_no_two_names_go_together(count: int) -> None:
    """Correlations between names scatter as for independent draws (about 1.25 / sqrt(n)) and none stands out."""
    scaled = correlations(count, names=60) * count**0.5
    assert abs(scaled.mean()) < 0.15
    assert 1.0 < scaled.std() < 1.5
    assert abs(scaled).max() < 5.5


def test_a_dimension_per_name_would_tie_some_names_together() -> None:
    """Among the first 200 Sobol dimensions two correlate at 0.996 over 128 points; our names stay at chance level."""
    from scipy.stats.qmc import Sobol

    points = Sobol(200, scramble=False).random_base2(7)
    worst = abs(np.corrcoef(points.T) - np.eye(200)).max()
    own = correlations(128, names=200)
    assert worst > 0.7
    assert abs(own).max() < 0.6


def test_pairs_fill_the_square() -> None:
    """Pooled over pairs of names, the cells of a 16 x 16 grid are filled as evenly as chance allows."""
    draws = [uniforms(f"quantity_{i}", 3, 0, 4096) for i in range(40)]
    cells = np.zeros((16, 16))
    for one, other in zip(draws[::2], draws[1::2], strict=True):
        cells += np.histogram2d(one, other, bins=16, range=[[0, 1], [0, 1]])[0]
    assert stats.chisquare(cells.ravel()).pvalue > 0.001


def test_sums_over_quantities_converge_faster_than_monte_carlo() -> None:
    """The error of the mean of one smooth function falls as n^-1.5, and of ten together far below Monte Carlo's."""
    seeds = range(30)

    def error(count: int) -> float:
        return float(np.sqrt(np.mean([(np.exp(uniforms("x", s, 0, count)).mean() - (np.e - 1)) ** 2 for s in seeds])))

    assert error(64) / error(4096) > 300  # 64^1.5 is 512
    names, weights = [f"quantity_{i}" for i in range(10)], 1.5 / np.sqrt(10)
    nodes, mass = np.polynomial.hermite_e.hermegauss(120)
    exact = float((expit(-3 + 1.5 * nodes) * mass).sum() / mass.sum())
    sums = [sum(ndtri(uniforms(name, s, 0, 1024)) for name in names) * weights for s in seeds]
    ours = np.sqrt(np.mean([(expit(-3 + total).mean() - exact) ** 2 for total in sums]))
    plain = np.sqrt(np.var(expit(-3 + np.concatenate(sums))) / 1024)
    assert ours < 0.7 * plain


def test_shared_draws_are_found() -> None:
    """Two quantities share draws when their streams are one, or one's stream is the other's name."""
    assert collisions({"a": None, "b": None, "c": None}) == []
    assert collisions({"a": None, "b": "a", "c": "z", "d": "z"}) == [("a", "b"), ("c", "d")]


def test_importing_loads_no_heavy_package() -> None:
    """Neither scipy.stats nor numba is loaded by the sampler or the distributions; drawing compiles its kernel, and needs nothing else."""
    code = (
        "import sys, detente.ensemble.sampling as s; "
        "assert not {'scipy.stats', 'numba', 'xarray', 'pint'} & set(sys.modules); s.uniforms('x', 1, 0, 8); "
        "assert not {'scipy.stats', 'xarray', 'pint'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def by_hand(name: str, seed: int, index: int) -> float:
    """One number from the text of `detente.ensemble.sampling`, digit by digit in whole numbers of Python."""

    def mixed(x: int) -> int:
        for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B)):
            x = (x ^ x >> shift) * factor % 2**32
        return x ^ x >> 16

    stream = hashlib.shake_256(f"{seed}\0{name}".encode()).digest(4 * 33)
    keys = [int.from_bytes(stream[4 * k : 4 * k + 4], "little") for k in range(33)]
    for place in range(32):
        bit = 1 << place
        index ^= mixed((index & ~bit) ^ keys[place]) & bit
    leading = int(f"{index:032b}"[::-1], 2)
    return (leading * 2**20 + (mixed(index ^ keys[32]) >> 12) + 0.5) / 2**52


@pytest.mark.parametrize(("name", "seed", "first", "count"), [("resolve", 1, 0, 40), ("x", 7, 16_370, 30), ("tempo", 2, NUMBERED_DRAWS - 3, 3), ("one", 0, 5, 1)])
def test_numbers_are_those_of_the_description(name: str, seed: int, first: int, count: int) -> None:
    assert uniforms(name, seed, first, count).tolist() == [by_hand(name, seed, index) for index in range(first, first + count)]
