"""Where something holds, in a scenario in which that can be told by hand: `onward(war|crisis)` is the uniform quantity `share`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from scipy import stats

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


def test_draws_count_by_history_alone_or_as_cases_would(tmp_path: Path) -> None:
    """Crises are proportional to `one`, lognormal with sigma 0.8, which lies above 1 in half of all draws and in Phi(0.8) of the draws of a crisis."""
    run = detente.assess(written(tmp_path), draws=4096)
    where = "onward(war|crisis) > 0.7 and one > 1"
    history, cases = (discover(run, where, weigh=weigh) for weigh in ("history", "condition"))
    assert (history.share, cases.share) == (pytest.approx(0.3 * 0.5, abs=0.002), pytest.approx(0.3 * stats.norm.cdf(0.8), abs=0.02))
    assert (history.other_share, cases.other_share) == (cases.share, history.share)
    # Where crises happen `one` is mostly large anyway, so that less has to be believed of it.
    assert {limit.quantity for limit in history.regions[-1].limits} == {"share", "one"} and history.closest is None
    assert {limit.quantity for limit in cases.regions[-1].limits} == {"share"}
    with pytest.raises(InvalidInput, match=r"weigh: `reach\(war\) > 0.1` has no condition that all its questions share"):
        discover(run, "reach(war) > 0.1", weigh="condition")


def test_where_a_policy_helps_is_asked_on_the_same_draws(tmp_path: Path) -> None:
    """It sets `other`, with median 1, to 1: crises become rarer where that lies above 1."""
    run = detente.assess(written(tmp_path, "policies:\n  steady: {title: Steady, set: {other: 1}, why: Test.}\n"), draws=2048, out=tmp_path / "run")
    found = discover(tmp_path / "run", "reach(crisis) under steady < reach(crisis)")
    assert found.share == pytest.approx(0.5, abs=0.002) and found.assessment.result_digest == run.result_digest
    (region,) = found.regions
    assert [limit.quantity for limit in region.limits] == ["other"] and region.limits[0].low == pytest.approx(1.0, abs=0.2)
    assert [file.name.rpartition("+")[0] for file in (tmp_path / "run" / "beside").iterdir()] == ["-+-+-+steady"]


def test_what_is_not_defined_neither_holds_nor_fails(tmp_path: Path) -> None:
    """`rate` is 0 in half of the draws, in which no crisis can be."""
    text = Path(written(tmp_path)).read_text(encoding="utf-8").replace("1e-6 * pace", "1e-6 * pace * (share > 0.5)")
    file = tmp_path / "half.yaml"
    file.write_text(text, encoding="utf-8")
    for where in ("onward(war|crisis) > 0.75", "onward(war|crisis) <= 0.75", "reach(war) / reach(crisis) > 0.7"):
        found = discover(str(file), where, draws=2048)
        assert (found.missing, found.share) == (pytest.approx(1024, abs=2), pytest.approx(0.5, abs=0.1)), where


def test_a_picture_of_several_comparisons_has_no_axis_of_a_measure(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="pictures need the extra `plot`")
    found = discover(written(tmp_path), "reach(crisis) > 1e-5 and onward(war|crisis) <= 1", draws=1024, threshold=0.5)
    assert len(found.regions[0].limits) == 1
    below = found.plot().axes[1]
    assert [label.get_text() for label in below.get_yticklabels()] == ["does not hold", "holds"]


def test_what_holds_anyway_needs_no_belief(tmp_path: Path) -> None:
    found = discover(written(tmp_path), "reach(war) <= 0.5", draws=512)
    assert (found.share, found.regions, found.why) == (1.0, (), "it holds that often whatever the quantities are")


def test_its_plain_data_are_json(found: Discovery) -> None:
    told = json.loads(json.dumps(found.plain(), allow_nan=False))
    (region,) = told["regions"]
    assert (told["where"], region["limits"]["share"]["high"]) == ("onward(war|crisis) > 0.7", None)
    assert "at least" in found._repr_html_() and "onward(war|crisis) &gt; 0.7" in found._repr_html_()


@pytest.mark.parametrize(("where", "told"), [
    ("onward(war|crisis)", r"`onward\(war\|crisis\)` is no comparison; it holds in a draw or does not; write"),
    ("(reach(war) > 0.1) * reach(crisis)", "is no comparison"),
    ("reach(war) > much", "'much' in `reach\\(war\\) > much` is no quantity, driver or reading of the record"),
    ("reach(war) > nan", "not finite|nan"),
    ("reach(war) > 50", "50 is no probability; reach\\(war\\) lies from 0 to 1; give a share: 0.05 for 5 %"),
    ("reech(war) > 0.5", "no function `reech`; .* did you mean 'reach'"),
    ("reach(War) > 0.5", "'War' is no rung or group; did you mean 'war'"),
    ("onward(wra|crisis) > 0.5", "'wra' is no rung or group; did you mean 'war'"),
    ("onward(war) > 0.5", "`onward\\(war\\)` is no question; write onward\\(b\\|a\\): b if a"),
    ("war > 0.5", "'war' in `war > 0.5` is no quantity, driver or reading of the record; write reach\\(war\\)"),
    ("reach(war) > pace", "pace|1/year"),
    ("reach(war) under peace > 0.5", "'peace' is no policy of the scenario; it has none"),
    ("__import__('os') > 0.5", "has no meaning in a measure"),
])  # fmt: skip
def test_what_is_no_comparison_is_refused(where: str, told: str, found: Discovery) -> None:
    with pytest.raises(InvalidInput, match=f"where: .*{told}|where: {told}"):
        discover(found.assessment, where)


def test_too_few_draws_and_a_threshold_out_of_range_are_refused(tmp_path: Path, found: Discovery) -> None:
    with pytest.raises(InvalidInput, match="draws: there are 64 draws"):
        discover(written(tmp_path), "reach(war) > 0.1", draws=64)
    with pytest.raises(InvalidInput, match="threshold: 80 is out of range"):
        discover(found.assessment, "reach(war) > 0.1", threshold=80)
