"""Draws of quantities and contingencies: what was declared, whatever the chunk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from detente.ensemble.draws import BLOCK, check_streams, draw
from detente.ensemble.sampling import uniforms
from detente.errors import InvalidInput
from detente.scenario import load, shipped
from detente.scenario.distributions import (
    FAMILIES,
    Bernoulli,
    Beta,
    Fixed,
    Gamma,
    Lognormal,
    Loguniform,
    Normal,
    Quantiles,
    Uniform,
)  # fmt: skip

DRAWS = 16_384
SHARES = np.array([0.05, 0.25, 0.5, 0.75, 0.95])


def declared(distribution: object) -> stats.rv_continuous | None:
    """The declaration in SciPy's words."""
    match distribution:
        case Normal():
            return stats.norm(distribution.mean, distribution.sd)
        case Lognormal():
            return stats.lognorm(distribution.sigma, scale=distribution.median)
        case Beta():
            return stats.beta(distribution.a, distribution.b, distribution.low, distribution.high - distribution.low)
        case Gamma():
            return stats.gamma(distribution.shape, scale=1 / distribution.rate)
        case Uniform():
            return stats.uniform(distribution.low, distribution.high - distribution.low)
        case Loguniform():
            return stats.loguniform(distribution.low, distribution.high)
    return None


@pytest.mark.parametrize("name", [name for name in shipped() if name != "baltic"])
def test_sampled_quantiles_of_every_shipped_quantity_match_its_declaration(name: str) -> None:
    """A share q of the draws lies below the declared quantile of q, to a draw, by SciPy's account of the family."""
    model = load(name)
    drawn = draw(model, 1, 0, DRAWS).quantities
    checked = 0
    for (quantity, item), values in zip(model.scenario.quantities.items(), drawn.T, strict=True):
        if isinstance(item.distribution, Fixed):
            assert (values == item.distribution.value).all(), quantity
        elif isinstance(item.distribution, Bernoulli):
            assert abs(values.mean() - item.distribution.p) <= 1 / DRAWS, quantity
        elif isinstance(item.distribution, Quantiles):
            for share, value in item.distribution.quantiles.items():
                assert abs((values < value).sum() - share * DRAWS) <= 1, quantity
        else:
            family = declared(item.distribution)
            assert family is not None, quantity
            below = (values[:, None] < family.ppf(SHARES)).sum(axis=0)
            np.testing.assert_allclose(below, SHARES * DRAWS, atol=1, err_msg=quantity)
        checked += 1
    assert checked == len(model.scenario.quantities) > 0


def test_any_cut_gives_the_same_bits(tension: Path) -> None:
    """Draws and evaluated numbers do not depend on which draws are asked for together."""
    model = load(tension)
    whole = draw(model, 3, 0, 3 * BLOCK)
    for first, count in ((0, 1), (1023, 2), (700, 1500), (3 * BLOCK - 5, 5)):
        part = draw(model, 3, first, count)
        for name in ("quantities", "chances", "values"):
            assert getattr(part, name).tobytes() == getattr(whole, name)[first : first + count].tobytes(), (name, first)


FAMILY = {
    "fixed": "value: 2", "normal": "mean: 2, sd: 1", "lognormal": "median: 2, sigma: 1", "beta": "a: 2, b: 1", "gamma": "shape: 2, rate: 1",
    "uniform": "low: 1, high: 2", "loguniform": "low: 1, high: 2", "bernoulli": "p: 0.5", "quantiles": "quantiles: {0.1: 1, 0.9: 2}, support: positive",
}  # fmt: skip


@pytest.mark.parametrize("family", FAMILIES)
def test_what_was_drawn_before_is_not_taken_for_another_distribution(tension: Path, tmp_path: Path, family: str) -> None:
    """Blocks are kept: of each family, before and after one of its numbers is another one, they are its quantiles of the same uniform numbers."""
    text, told = tension.read_text(encoding="utf-8"), []
    for changed in (FAMILY[family], FAMILY[family].replace("2", "3").replace("0.5", "0.25"), FAMILY[family]):
        file = tmp_path / "one.yaml"
        one = f"  one: {{title: One, unit: '1', family: {family}, {changed}, evidence: judgement, known: 2025, why: Test.}}"
        file.write_text(text.replace("quantities:\n", f"quantities:\n{one}\n"), encoding="utf-8")
        model = load(file)
        told.append(draw(model, 1, 0, 64).quantities[:, list(model.scenario.quantities).index("one")])
        np.testing.assert_array_equal(told[-1], model.scenario.quantities["one"].distribution.quantile(uniforms("one", 1, 0, BLOCK))[:64])
    assert np.array_equal(told[0], told[2]) and not np.array_equal(told[0], told[1])


def test_a_contingency_happens_with_its_chance_and_only_in_its_window(tension: Path) -> None:
    """Over draws the treaty lapses half of the time, in the middle segment alone, and then quantities decide the rest."""
    model = load(tension)
    drawn = draw(model, 1, 0, DRAWS)
    (slot,) = {int(slot) for slot in model.plan.layout.move_rate if "incident" in str(model.plan.slot_names[int(slot)])}
    rate, tension_drawn = drawn.values[:, :, slot], drawn.quantities[:, list(model.scenario.quantities).index("tension")]
    assert len(model.timeline.starts) == 3
    np.testing.assert_allclose(rate[:, 0], 0.4 * tension_drawn)
    np.testing.assert_allclose(rate[:, 2], 0.4 * tension_drawn)
    happened = np.isclose(rate[:, 1], tension_drawn)
    np.testing.assert_allclose(rate[~happened, 1], 0.4 * tension_drawn[~happened])
    # Chance and uniform number are paired at random: the share scatters as that of independent draws.
    assert abs(happened.mean() - 0.5) < 4 * 0.5 / np.sqrt(DRAWS)


def test_names_that_would_share_their_draws_are_refused(tension: Path, tmp_path: Path) -> None:
    """A stream that another quantity or a contingency has is an error at its line."""
    text = tension.read_text(encoding="utf-8")
    file = tmp_path / "shared.yaml"
    for stream in ("tension", "contingency treaty_lapses"):
        file.write_text(text.replace("cost: {title: Cost,", f"cost: {{title: Cost, stream: {stream},"), encoding="utf-8")
        with pytest.raises(InvalidInput) as refused:
            check_streams(load(file))
        (problem,) = refused.value.problems
        assert problem.where.startswith(f"{file}:") and "cost" in problem.what and stream in problem.what and "stream" in problem.remedy


def test_a_renamed_quantity_keeps_its_draws(tension: Path, tmp_path: Path) -> None:
    """`stream:` with the old name gives the old draws."""
    file = tmp_path / "renamed.yaml"
    text = tension.read_text(encoding="utf-8").replace("cost: {title: Cost,", "war_cost: {title: Cost, stream: cost,").replace("-cost", "-war_cost")
    file.write_text(text, encoding="utf-8")
    np.testing.assert_array_equal(draw(load(file), 1, 0, 64).quantities, draw(load(tension), 1, 0, 64).quantities)


def test_a_scenario_without_quantities_is_the_same_in_every_draw(tension: Path, tmp_path: Path) -> None:
    """Nothing uncertain, nothing varies; the number of draws stands."""
    text = tension.read_text(encoding="utf-8").split("quantities:")[0]
    for name, value in (("tension", "1"), ("cost", "4"), ("p_lapse", "0.5")):
        text = text.replace(f" * {name}", f" * {value}").replace(f"-{name}", f"-{value}").replace(f"chance: {name}", f"chance: {value}")
    text = text.replace("precision: precision", "precision: 2")
    file = tmp_path / "certain.yaml"
    file.write_text(text, encoding="utf-8")
    drawn = draw(load(file), 1, 0, 100)
    assert drawn.quantities.shape == (100, 0) and len(drawn.values) == 100
    assert len(np.unique(drawn.values[:, 0], axis=0)) == 1
    assert len(np.unique(drawn.values[:, 1], axis=0)) == 2  # the contingency is still open
