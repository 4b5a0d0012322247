"""Where something holds, in a scenario in which that can be told by hand: `onward(war|crisis)` is the uniform quantity `share`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import detente
from detente.errors import InvalidInput
from detente.insight import Discovery, discover

from .chances import NO_WARS, written


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Discovery:
    return discover(written(tmp_path_factory.mktemp("found")), "onward(war|crisis) > 0.7", draws=4096)


def test_the_box_is_what_the_statement_says(found: Discovery) -> None:
    """A share of 0.7 or more; a peel takes a twentieth of the box, so that the limit may lie so far out."""
    (region,) = found.regions
    (limit,) = region.limits
    assert (found.share, found.why) == (pytest.approx(0.3, abs=0.001), "")
    assert limit.quantity == "share" and 0.6 < limit.low < 0.71 and limit.high == float("inf")
    assert region.box.probability == limit.share == pytest.approx(1 - limit.low, abs=0.001)
    assert region.box.density == pytest.approx(min(1.0, 0.3 / (1 - limit.low)), abs=0.005)
    assert str(limit) == f"Share of crises that become war: at least {limit.low:.3g}"
    assert limit.quasi_p < 1e-9


def test_a_box_is_measured_on_draws_on_which_it_was_not_searched_for(found: Discovery) -> None:
    draws = found.assessment.draws
    values = found.assessment.data["quantities"].sel(quantity="share").values
    (region,) = found.regions
    assert region.box.draws == int((values[draws // 2 :] >= region.limits[0].low).sum())


def test_probability_is_told_under_the_priors_and_share_by_history(tmp_path: Path) -> None:
    """No war in three crises makes the uniform share a Beta(1, 4): 0.3^4 of it lies above 0.7, of the prior 0.3."""
    run = detente.assess(written(tmp_path, NO_WARS.replace("TRIALS", "3")), draws=4096)
    told = discover(run, "onward(war|crisis) > 0.7")
    assert told.share == pytest.approx(0.3**4, rel=0.02)
    (region,) = told.regions
    low = region.limits[0].low
    assert region.box.probability == pytest.approx(1 - low, abs=0.002)
    assert region.box.mass == pytest.approx((1 - low) ** 4, rel=0.05)


def test_draws_that_history_moved_are_beside_those_that_they_were(tmp_path: Path) -> None:
    """No war in sixty crises leaves too few draws to weigh: they move to a Beta(1, 61)."""
    run = detente.assess(written(tmp_path, NO_WARS.replace("TRIALS", "60")), draws=4096)
    assert run.prior is not None
    told = discover(run, "onward(war|crisis) > 0.01")
    assert told.share == pytest.approx(0.99**61, abs=0.03)
    (region,) = told.regions
    low = region.limits[0].low
    assert region.box.probability == pytest.approx(1 - low, abs=0.01)
    assert region.box.mass == pytest.approx((1 - low) ** 61, abs=0.04)


def test_a_statement_that_needs_several_things_gets_a_box_of_these(tmp_path: Path) -> None:
    """War above 1e-5 asks that the product of three quantities be above 1 (and of a fourth, which varies little)."""
    run = detente.assess(written(tmp_path), draws=4096)
    found = discover(run, "reach(war) > 1e-5", threshold=0.9)
    assert [len(region.limits) for region in found.regions] == [1, 2, 3]
    assert {limit.quantity for limit in found.regions[-1].limits} == {"one", "other", "share"}
    densities = [region.box.density for region in found.regions]
    assert densities == sorted(densities) and densities[-1] >= 0.9 and found.why == ""
    # The rarest limit, of which most is asked, stands first.
    shares = [limit.share for limit in found.regions[-1].limits]
    assert shares == sorted(shares)


def test_a_box_that_holds_less_often_elsewhere_than_where_it_was_found_is_told_so(tmp_path: Path) -> None:
    found = discover(written(tmp_path), "reach(war) > 1.5e-5", draws=2048, threshold=0.9)
    assert found.regions[-1].box.density_interval[1] < 0.9
    assert found.why.endswith("% of the draws on which it was not searched for, less than the 90 % asked for")


@pytest.mark.parametrize(("where", "closest", "told"), [
    ("reach(crisis) > 0.5", max, "nowhere within the stated ranges; the closest draw reaches"),
    ("onward(war|crisis) < 0.01", min, "nearly nowhere within the stated ranges: in 10 of 1,024 draws, too few to describe (100 are needed); the furthest reaches"),
])  # fmt: skip
def test_where_it_hardly_holds_the_closest_draw_is_told(where: str, closest: type[max], told: str, tmp_path: Path) -> None:
    run = detente.assess(written(tmp_path), draws=1024)
    found = discover(run, where)
    assert found.regions == ()
    assert found.why.startswith(told) and found.why.endswith(f"{found.closest:.3g}")
    values = run.reach.sel(rung="crisis").values[:, -1] if "reach" in where else run.onward.sel(pair="war|crisis").values
    assert found.closest == closest(values)


def test_what_holds_anyway_needs_no_belief(tmp_path: Path) -> None:
    found = discover(written(tmp_path), "reach(war) <= 0.5", draws=512)
    assert (found.share, found.regions, found.why) == (1.0, (), "it holds that often whatever the quantities are")


def test_its_plain_data_are_json(found: Discovery) -> None:
    told = json.loads(json.dumps(found.plain(), allow_nan=False))
    (region,) = told["regions"]
    assert (told["where"], region["limits"]["share"]["high"]) == ("onward(war|crisis) > 0.7", None)
    assert "at least" in found._repr_html_() and "onward(war|crisis) &gt; 0.7" in found._repr_html_()


@pytest.mark.parametrize(("where", "told"), [
    ("onward(war|crisis)", "'onward\\(war\\|crisis\\)' is no comparison"),
    ("reach(war) > 0.1 > 0.2", "is no comparison"),
    ("reach(war) == 0.1", "is no comparison"),
    ("reach(war) > much", "'much' is no number; write `reach\\(war\\) > 0.5`"),
    ("reach(war) > nan", "nan is no probability"),
    ("reach(war) > 50", "50 is no probability; reach\\(war\\) lies from 0 to 1; give a share: 0.05 for 5 %"),
    ("reech(war) > 0.5", "there is no measure 'reech'; did you mean 'reach'"),
    ("reach(War) > 0.5", "there is no rung or group 'War'; did you mean 'war'"),
    ("onward(wra|crisis) > 0.5", "there is no rung or group 'wra'; did you mean 'war'"),
    ("onward(war) > 0.5", "there is no pair 'war'"),
    ("war > 0.5", "'war ' is no outcome|'war' is no outcome"),
    ("__import__('os') > 0.5", "there is no measure '__import__'"),
])  # fmt: skip
def test_what_is_no_comparison_is_refused(where: str, told: str, found: Discovery) -> None:
    with pytest.raises(InvalidInput, match=f"where: .*{told}|where: {told}"):
        discover(found.assessment, where)


def test_too_few_draws_and_a_threshold_out_of_range_are_refused(tmp_path: Path, found: Discovery) -> None:
    with pytest.raises(InvalidInput, match="draws: there are 64 draws"):
        discover(written(tmp_path), "reach(war) > 0.1", draws=64)
    with pytest.raises(InvalidInput, match="threshold: 80 is out of range"):
        discover(found.assessment, "reach(war) > 0.1", threshold=80)
