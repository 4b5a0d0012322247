"""Patient rule induction: published boxes to every printed digit, another program's trajectory, planted boxes, and a slow twin."""

from __future__ import annotations

import csv
from importlib.metadata import PackageNotFoundError, files

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import binom

from detente.errors import InvalidInput
from detente.insight._ordering import order_draws
from detente.insight.believe import what_to_believe
from detente.insight.boxes import inside, measure, quasi_p, simplify
from detente.insight.prim import Search, _best
from detente.insight.samples import Sample

Floats = NDArray[np.float64]

# Hits and draws of each box of ema_workbench 2.5.3 on this data, with alpha 0.1 and at least 5 % of draws.
EMA = [
    (89, 882), (89, 792), (89, 710), (89, 638), (89, 573), (89, 513), (89, 458), (89, 412), (89, 368), (89, 329), (89, 296), (88, 264), (87, 237), (86, 213),
    (85, 191), (82, 170), (81, 152), (78, 136), (75, 121), (74, 108), (71, 97), (67, 87), (65, 78), (61, 70), (57, 63), (52, 56), (48, 50), (45, 45),
]  # fmt: skip
EMA_QUASI_P = {
    "Cellulosic cost": 0.15741333528927326, "Total biomass": 4.716968553178767e-06, "Demand elasticity": 1.1849299115762208e-16, "Biomass backstop price": 3.51511253026305e-11,
}  # fmt: skip


@pytest.fixture(scope="module")
def biofuel() -> tuple[Sample, NDArray[np.bool_]]:
    """The 882 runs of Bryant and Lempert (2010), which lie in the wheel of ema_workbench."""
    try:
        path = next(file for file in files("ema-workbench") or [] if file.name == "bryant et al 2010 data.csv")
    except (PackageNotFoundError, StopIteration):
        pytest.skip("the data lie in ema-workbench 2.5.3, which is not installed; it is in the extra `test`")
    with open(path.locate(), newline="") as file:
        header, *rows = csv.reader(file)
    values = np.array(rows, dtype=float)
    return Sample(values[:, 2:11], header[2:11]), values[:, 15] == 1


def test_the_published_box_of_four_quantities_is_found(biofuel: tuple[Sample, NDArray[np.bool_]]) -> None:
    """Bryant and Lempert 2010, as in the notebook of EMAworkbench: box 21."""
    found = Search(*biofuel, alpha=0.1, fewest=45).run()
    assert [f"{share[21]:.6f}" for share in (found.coverage, found.density, found.mass)] == ["0.752809", "0.770115", "0.098639"]
    shown = {name: tuple(float(f"{x:.6g}") for x in pair) for name, pair in found.limits(21).items()}
    inf = float("inf")
    assert shown == {
        "Total biomass": (-inf, 755.8), "Demand elasticity": (-0.422, inf), "Biomass backstop price": (150.05, inf), "Cellulosic cost": (72.65, inf),
    }  # fmt: skip


def test_every_box_is_that_of_another_program(biofuel: tuple[Sample, NDArray[np.bool_]]) -> None:
    found = Search(*biofuel, alpha=0.1, fewest=45).run()
    assert [(round(89 * c), round(882 * m)) for c, m in zip(found.coverage, found.mass, strict=True)] == EMA
    assert list(found.restricted) == [0, 1, 2, 2, *[3] * 10, *[4] * 11, 5, 6, 6]


def test_dropping_what_luck_explains_gives_the_published_box_of_three(biofuel: tuple[Sample, NDArray[np.bool_]]) -> None:
    sample, hits = biofuel
    box = measure(Search(sample, hits, alpha=0.1).run().limits(21), sample, hits)
    assert quasi_p(box, sample, hits) == pytest.approx(EMA_QUASI_P, rel=1e-9)
    fewer = simplify(box, sample, hits)
    assert set(box.limits) - set(fewer.limits) == {"Cellulosic cost"}
    assert [f"{share:.6f}" for share in (fewer.coverage, fewer.density, fewer.mass)] == ["0.764045", "0.715789", "0.107710"]
    assert (fewer.draws, fewer.hits) == (95, 68)


def twin(x: Floats, hits: NDArray[np.bool_], w: Floats, alpha: float, fewest: int) -> list[tuple[float, float]]:
    """Peeling by the definition, with masks and sorts: coverage and density of each box."""
    within = np.ones(len(x), dtype=bool)
    told = [(1.0, w[hits].sum() / w.sum())]
    restricted: set[int] = set()
    while True:
        weight, caught, options = w[within].sum(), w[within & hits].sum(), []
        for j in range(x.shape[1]):
            for side, sign in ((0, 1.0), (1, -1.0)):
                values = sign * x[:, j]
                order = np.flatnonzero(within)[np.argsort(values[within], kind="stable")]
                before = np.concatenate([[0.0], np.cumsum(w[order])[:-1]])
                last = values[order][before <= alpha * (weight - weight / within.sum())].max()
                keep = within & (values > last)
                if keep.any():
                    mean, left = w[keep & hits].sum() / w[keep].sum(), w[keep].sum()
                    options.append(((mean - caught / weight) / (weight - left), j in restricted, -j, -side, keep))
        if not options:
            return told
        gain, _, j, _, keep = max(options, key=lambda option: (round(option[0], 14), *option[1:4]))
        if gain <= 0 or keep.sum() < fewest:
            return told
        within = keep
        restricted.add(-j)
        told.append((w[within & hits].sum() / w[hits].sum(), w[within & hits].sum() / w[within].sum()))


@pytest.mark.parametrize("seed", range(6))
def test_peels_are_those_of_the_definition_with_weights_and_ties(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x = np.column_stack([rng.normal(size=300), rng.integers(0, 4, 300), rng.lognormal(0, 3, 300), rng.integers(-3, 9, 300) / 7])
    w = rng.exponential(size=300) if seed % 2 else np.ones(300)
    hits = (x[:, 0] > 0.2) & (x[:, 1] >= 2) | (rng.random(300) < 0.1)
    found = Search(Sample(x, list("abcd"), w), hits, fewest=20).run()
    slow = twin(x, hits, w, 0.05, 20)
    assert len(found.mass) >= len(slow) > 5
    assert np.column_stack([found.coverage, found.density])[: len(slow)] == pytest.approx(np.array(slow), rel=1e-12)


def test_pastes_give_back_their_share_and_never_lower_the_density() -> None:
    rng = np.random.default_rng(0)
    sample = Sample(rng.random((3000, 4)), list("abcd"))
    hits = (sample.inputs[:, 0] > 0.55) & (sample.inputs[:, 3] < 0.6) & (rng.random(3000) < 0.8)
    found = Search(sample, hits).run()
    peeled = int(np.argmin(found.mass))
    assert peeled < len(found.mass) - 1 and found.coverage[-1] > found.coverage[peeled]
    assert (np.diff(found.density[peeled:]) >= 0).all()
    draws = np.rint(3000 * found.mass[peeled:]).astype(int)
    # No two draws have one value, so a paste is of that many draws, unless fewer are left on its side.
    assert list(np.diff(draws)) == [count * 5 // 100 + 1 for count in draws[:-1] - 1]


def test_what_a_trajectory_says_of_a_box_is_what_lies_in_it() -> None:
    rng = np.random.default_rng(1)
    x = np.column_stack([rng.random((2000, 3)), rng.integers(0, 5, 2000)])
    sample = Sample(x, list("abcd"), rng.exponential(size=2000))
    hits = (x[:, 0] > 0.5) & (x[:, 3] > 1) & (rng.random(2000) < 0.8)
    found = Search(sample, hits).run()
    assert int(np.argmin(found.mass)) < len(found.mass) - 1
    for box in range(len(found.mass)):
        there = measure(found.limits(box), sample, hits)
        assert (there.coverage, there.density, there.mass) == pytest.approx((found.coverage[box], found.density[box], found.mass[box]), rel=1e-12)


PLANTED = [
    {"a": (0.7, 1.0)},
    {"b": (0.2, 0.5), "d": (0.6, 1.0)},
    {"a": (0.0, 0.5), "c": (0.5, 1.0), "e": (0.3, 0.8)},
]


@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_box_is_found_by_name_and_limits(planted: dict[str, tuple[float, float]]) -> None:
    """Hits lie in it in nine draws of ten, elsewhere in one of fifty."""
    rng = np.random.default_rng(len(planted))
    sample = Sample(rng.random((20_000, 8)), list("abcdefgh"))
    hits = np.where(inside(planted, sample), rng.random(20_000) < 0.9, rng.random(20_000) < 0.02)
    found = what_to_believe(sample, hits)
    assert not found.why and [len(box.limits) for box in found.boxes] == list(range(1, len(planted) + 1))
    last = found.boxes[-1]
    assert set(last.limits) == set(planted)
    for name, (low, high) in planted.items():
        assert max(last.limits[name][0], 0.0) == pytest.approx(low, abs=0.05) and min(last.limits[name][1], 1.0) == pytest.approx(high, abs=0.05)
    assert last.density >= 0.8 and last.coverage > 0.8
    assert last.density_interval[0] < last.density < last.density_interval[1]
    assert all(box.density < 0.8 for box in found.boxes[:-1])


def test_draws_without_weight_are_as_good_as_absent_and_the_scale_of_weights_does_not_matter() -> None:
    rng = np.random.default_rng(9)
    x, w = rng.random((2000, 3)), rng.exponential(size=2000)
    hits = x[:, 1] > 0.6
    w[x[:, 0] < 0.1] = 0.0
    whole = Search(Sample(x, list("abc"), w), hits).run()
    kept = Search(Sample(x[w > 0], list("abc"), 8 * w[w > 0]), hits[w > 0]).run()
    assert np.array_equal(whole.lower, kept.lower) and np.array_equal(whole.coverage, kept.coverage)


def test_rounding_of_weights_is_no_gain() -> None:
    """Of a box in which the outcome always holds, with sums that differ in the last bit, half is not peeled off."""
    half, rank = np.array([[0.5]]), np.zeros((1, 1))
    assert _best(half, half, 1.0, 1.0 + 2.0**-52, -1.0, rank) is None
    assert _best(half, 0.9 * half, 1.0, 1.0, -1.0, rank) == (0, 0)


def test_rising_transformations_and_mirrors_move_limits_alone() -> None:
    rng = np.random.default_rng(10)
    x = rng.random((2000, 3))
    hits = (x[:, 0] > 0.5) & (x[:, 2] < 0.3)
    plain = Search(Sample(x, list("abc")), hits).run()
    other = Search(Sample(np.column_stack([np.exp(9 * x[:, 0]), x[:, 1], -x[:, 2]]), list("abc")), hits).run()
    assert np.array_equal(plain.coverage, other.coverage) and np.array_equal(plain.density, other.density)
    assert np.array_equal(np.isfinite(plain.upper[:, 2]), np.isfinite(other.lower[:, 2]))


def test_threads_do_not_change_a_bit() -> None:
    rng = np.random.default_rng(11)
    x = rng.random((40_000, 5))
    hits = (x[:, 0] > 0.5) & (rng.random(40_000) < 0.4)
    one, two = (Search(Sample(x, list("abcde")), hits, threads=threads).run() for threads in (1, 3))
    assert np.array_equal(one.lower, two.lower) and np.array_equal(one.density, two.density)


def test_a_quasi_p_value_is_a_tail_of_the_binomial_distribution() -> None:
    rng = np.random.default_rng(12)
    sample = Sample(rng.random((500, 2)), ["a", "b"])
    hits = (sample.inputs[:, 0] > 0.5) & (rng.random(500) < 0.5)
    box = measure({"a": (0.4, 1.0), "b": (0.1, 0.9)}, sample, hits)
    for name, value in quasi_p(box, sample, hits).items():
        wider = measure({other: pair for other, pair in box.limits.items() if other != name}, sample, hits)
        assert value == pytest.approx(binom.sf(box.hits - 1, box.draws, wider.density), rel=1e-9)


def test_too_few_hits_or_too_many_have_no_box_and_the_answer_says_why() -> None:
    sample = Sample(np.random.default_rng(13).random((1000, 2)), ["a", "b"])
    few = what_to_believe(sample, sample.inputs[:, 0] > 0.95)
    many = what_to_believe(sample, sample.inputs[:, 0] > 0.05)
    assert not few.boxes and "too few" in few.why and not many.boxes and "whatever" in many.why
    noise = what_to_believe(sample, np.random.default_rng(14).random(1000) < 0.3)
    assert noise.boxes and noise.boxes[-1].density < 0.8 and "no box" in noise.why


def test_the_probability_of_a_box_is_that_before_history() -> None:
    sample = Sample(np.arange(100.0)[:, None], ["a"], weights=np.arange(100.0))
    box = measure({"a": (50.0, np.inf)}, sample, sample.inputs[:, 0] >= 0)
    assert box.probability == 0.5 and box.mass == pytest.approx(sum(range(50, 100)) / sum(range(100)))
    assert box.effective_draws == pytest.approx(sum(range(50, 100)) ** 2 / sum(k * k for k in range(50, 100)))


@pytest.mark.parametrize(
    "columns", [np.random.default_rng(1).normal(size=(999, 3)), np.random.default_rng(2).integers(-3, 3, (500, 2)) / 1.0, np.array([[0.0], [-1e-300], [1e300], [-1e300], [0.0]])]
)  # fmt: skip
def test_draws_are_put_in_order(columns: Floats) -> None:
    assert np.array_equal(order_draws(columns), np.argsort(columns, axis=0, kind="stable").T)


def test_everything_wrong_with_a_sample_is_told_at_once() -> None:
    with pytest.raises(InvalidInput) as caught:
        Sample([[1.0, np.nan], [2.0, 3.0]], ["a", "a"], weights=[1.0, -1.0], prior=[1.0])
    assert [problem.where for problem in caught.value.problems] == ["inputs", "names", "weights", "prior"]


@pytest.mark.parametrize(("hits", "what"), [([True, False], "of 3 draws"), ([1.0, 0.0, 1.0], "neither true nor false"), ([False] * 3, "holds in no draw")])
def test_wrong_outcomes_are_refused(hits: list[object], what: str) -> None:
    with pytest.raises(InvalidInput, match=what):
        Search(Sample([[1.0], [2.0], [3.0]], ["a"]), hits)


def test_wrong_limits_are_refused() -> None:
    sample = Sample([[1.0], [2.0]], ["resolve"])
    with pytest.raises(InvalidInput, match="did you mean 'resolve'"):
        measure({"resolv": (0.0, 1.0)}, sample, [True, False])
    with pytest.raises(InvalidInput, match="nothing lies between"):
        measure({"resolve": (1.0, 0.0)}, sample, [True, False])
