"""Rank correlations of quantities, against SciPy's account of the draws."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from detente.document import dump
from detente.ensemble import assess, replay
from detente.ensemble.draws import BLOCK, draw
from detente.errors import InvalidInput
from detente.scenario import Model, load

COUNT = 2**14
STATED = {("p_resolute", "war_cost"): -0.6, ("precision", "war_cost"): 0.3, ("loss_of_face", "precision"): 0.5}
MIXED = {"precision", "war_cost"}  # in the alphabet, nobody before loss_of_face and p_resolute correlates with them


def with_correlations(folder: Path, stated: dict[tuple[str, str], float], order: int = 1) -> Model:
    entries = {f"c{k}": {"between": list(pair), "rank": rank, "evidence": "judgement", "why": "Test."} for k, (pair, rank) in enumerate([*stated.items()][::order])}
    file = folder / "correlated.yaml"
    file.write_text(dump({"format": "detente/scenario/1", "title": "T", "as_of": "2026-03-01", "extends": "first-steps", "correlations": entries}), encoding="utf-8")
    return load(file)


def columns(model: Model, first: int = 0, count: int = COUNT) -> dict[str, np.ndarray]:
    return dict(zip(model.scenario.quantities, draw(model, 1, first, count).quantities.T, strict=True))


@pytest.fixture(scope="module")
def correlated(tmp_path_factory: pytest.TempPathFactory) -> dict[str, np.ndarray]:
    return columns(with_correlations(tmp_path_factory.mktemp("c"), STATED))


def test_the_ranks_of_the_draws_correlate_as_stated(correlated: dict[str, np.ndarray]) -> None:
    """Spearman by SciPy for every pair, stated or not, within four standard errors of independent draws: 0 where nothing is stated."""
    names = list(correlated)
    found = stats.spearmanr(np.stack(list(correlated.values()), axis=1)).statistic
    stated = {frozenset(pair): rank for pair, rank in STATED.items()}
    for i, one in enumerate(names):
        for j in range(i):
            assert found[i, j] == pytest.approx(stated.get(frozenset((one, names[j])), 0.0), abs=4 / np.sqrt(COUNT)), (one, names[j])


def test_each_by_itself_is_as_declared(correlated: dict[str, np.ndarray]) -> None:
    """Kolmogorov's distance from the declared lognormals and beta, by SciPy, is what independent draws have."""
    for name, family in (("war_cost", stats.lognorm(0.6, scale=4)), ("precision", stats.lognorm(0.4, scale=3)), ("p_resolute", stats.beta(6, 2))):
        assert stats.kstest(correlated[name], family.cdf).pvalue > 1e-3, name


def test_who_correlates_with_nobody_keeps_his_draws(correlated: dict[str, np.ndarray], tmp_path: Path) -> None:
    """To the last bit, as does whoever comes first in the alphabet; without entries all do."""
    plain = columns(load("first-steps"))
    assert {name for name in plain if not np.array_equal(plain[name], correlated[name])} == MIXED
    empty = columns(with_correlations(tmp_path, {}))
    assert all(np.array_equal(plain[name], empty[name]) for name in plain)


def test_a_draw_is_the_same_in_any_company(correlated: dict[str, np.ndarray], tmp_path: Path) -> None:
    """Whatever the chunk, the order of the entries, and when it is replayed alone."""
    model = with_correlations(tmp_path, STATED, order=-1)
    for first, count in ((0, 1), (BLOCK - 1, 2), (700, 1500)):
        part = columns(model, first, count)
        assert all(part[name].tobytes() == correlated[name][first : first + count].tobytes() for name in part)
    again = replay(model, 917)
    for name, value in again.quantities.items():
        assert value == correlated[name][917]
        distribution = model.scenario.quantities[name].distribution
        assert float(distribution.quantile(np.array([again.places[name]]))[0]) == pytest.approx(value)


def test_a_run_keeps_its_correlations(tmp_path: Path) -> None:
    """Any threads and chunks give one digest, another than without; the folder makes the model again."""
    model = with_correlations(tmp_path, STATED)
    one = assess(model, draws=2048, chunk=1024, threads=1, out=tmp_path / "run")
    assert one.result_digest == assess(model, draws=2048, chunk=2048, threads=2).result_digest
    assert one.result_digest != assess("first-steps", draws=2048).result_digest
    assert replay(tmp_path / "run", 3).quantities == replay(model, 3).quantities


@pytest.mark.parametrize("rank", [-0.95, -0.3, 0.0, 0.6, 0.95])
def test_normal_ranks_correlate_as_pearsons_formula_says(rank: float, tmp_path: Path) -> None:
    """Of a bivariate normal, P(both above their means) = 1/4 + asin(r) / 2π (Sheppard 1899), r being the mixing that a rank correlation asks for."""
    model = with_correlations(tmp_path, {("p_resolute", "war_cost"): rank})
    r = model.correlated[0].mixing[1, 0]
    drawn = columns(model)
    both = (drawn["p_resolute"] > stats.beta(6, 2).median()) & (drawn["war_cost"] > 4)
    assert both.mean() == pytest.approx(0.25 + np.arcsin(r) / (2 * np.pi), abs=4 * 0.5 / np.sqrt(COUNT))
    assert 6 / np.pi * np.arcsin(r / 2) == pytest.approx(rank)


@pytest.mark.parametrize(
    ("stated", "told", "weaker"),
    [
        # With r, r and -r the determinant is 1 - 3r² - 2r³, 0 at r = 1/2; with r, r and 0 it is 1 - 2r².
        ({("war_cost", "p_resolute"): 0.9, ("p_resolute", "precision"): 0.9, ("war_cost", "precision"): -0.9}, "'c1', 'c2', 'c3' cannot all hold", 0.5),
        ({("war_cost", "p_resolute"): 0.8, ("p_resolute", "precision"): 0.8}, "'c1', 'c2' cannot all hold", 0.5**0.5),
    ],
)
def test_what_cannot_all_hold_is_refused_with_what_would(stated: dict[tuple[str, str], float], told: str, weaker: float, tmp_path: Path) -> None:
    """A sound entry of the same group is not blamed, and the strength that is offered is the largest that is accepted."""
    with pytest.raises(InvalidInput) as refused:
        with_correlations(tmp_path, {("half_life", "war_cost"): 0.1} | stated)
    (problem,) = refused.value.problems
    share = 6 / np.pi * np.arcsin(weaker / 2) / max(stated.values())
    assert told in problem.what and f"{np.floor(100 * share) / 100:.2f} times" in problem.remedy
    assert ("precision and war_cost count as unrelated" in problem.why) == (len(stated) == 2)
    model = with_correlations(tmp_path, {pair: (share - 0.001) * rank for pair, rank in stated.items()})
    assert np.linalg.norm(model.correlated[0].mixing, axis=1) == pytest.approx(1)
    with pytest.raises(InvalidInput):
        with_correlations(tmp_path, {pair: (share + 0.001) * rank for pair, rank in stated.items()})
