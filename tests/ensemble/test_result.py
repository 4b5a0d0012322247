"""result.json and the labelled data against direct calculation from the draws."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest

from detente.ensemble import Assessment

KEYS = "format version scenario as_of horizon_years draws seed seconds converged digest result_digest reach touch onward given next".split()
SUMMARY = "mean p05 p25 p50 p75 p95 top5_share error_share".split()


def leaves(data: Any) -> list[Any]:
    if isinstance(data, dict):
        return [leaf for value in data.values() for leaf in leaves(value)]
    return [data]


def test_the_keys_are_those_of_the_design(tense: Assessment) -> None:
    """Keys and their order; `reach` and `touch` for every rung and group, the others for pairs `b|a`."""
    result = json.loads(tense.to_json())
    assert list(result) == KEYS
    names = ["calm", "crisis_one", "crisis_two", "war", "terms", "crisis"]
    assert list(result["reach"]) == list(result["touch"]) == names
    assert list(result["onward"]) == list(result["given"]) == ["war|crisis"]
    assert {"crisis|calm", "war|crisis", "war|crisis_two", "crisis_two|crisis_one", "calm|war"} <= set(result["next"])
    for measure in KEYS[-5:]:
        for summary in result[measure].values():
            assert [key for key in summary if key != "why"] == SUMMARY
    assert all(leaf is None or isinstance(leaf, str) or math.isfinite(leaf) for leaf in leaves(result))
    assert all(summary["error_share"] is None and summary["why"] for summary in result["next"].values())


def test_the_headline_is_the_mean_over_draws(tense: Assessment) -> None:
    """Unconditional: the mean; conditional: the ratio of means."""
    last = tense.reach.isel(year=-1).mean("draw")
    for name, summary in tense.result["reach"].items():
        assert summary["mean"] == pytest.approx(float(last.sel(rung=name)), rel=1e-12)
    for measure, axis in (("onward", "pair"), ("given", "pair"), ("next", "next_pair")):
        ratio = tense.data[f"{measure}_joint"].mean("draw") / tense.data[f"{measure}_given"].mean("draw")
        for pair, summary in tense.result[measure].items():
            assert summary["mean"] == pytest.approx(float(ratio.sel({axis: pair})), rel=1e-12)


def test_the_error_share_compares_means_under_best_replies(tense: Assessment) -> None:
    """One less the ratio of the predictive probabilities."""
    best = float(tense.data["best_reach"].sel(rung="war").mean())
    war = tense.result["reach"]["war"]
    assert war["error_share"] == pytest.approx(1 - best / war["mean"], rel=1e-9)


def test_conditionals_over_draws_are_ratios(tense: Assessment) -> None:
    """Draw by draw b|a is the joint probability over that of a."""
    for measure in ("onward", "given"):
        values = getattr(tense, measure)
        assert values.dims == ("draw", "pair")
        np.testing.assert_allclose(values * tense.data[f"{measure}_given"], tense.data[f"{measure}_joint"], atol=1e-15)
    assert tense.next.dims == ("draw", "pair")
    out_of_calm = tense.next.sel(pair=[pair for pair in tense.next["pair"].values if pair.endswith("|calm") and pair != "crisis|calm"])
    np.testing.assert_allclose(out_of_calm.sum("pair"), 1.0)


def test_pathways_sum_to_the_reach_and_years_to_the_horizon(tense: Assessment) -> None:
    """Draw by draw; a group has the years of its rungs."""
    horizon = tense.reach.isel(year=-1)
    np.testing.assert_allclose(tense.data["pathways"].sum(("origin", "trigger")), horizon.sel(rung=tense.data["level"].values), rtol=1e-9)
    years = tense.data["years"]
    np.testing.assert_allclose(years.sel(rung=years["kind"] == "rung").sum("rung"), 3.0, rtol=1e-9)
    np.testing.assert_allclose(years.sel(rung=["crisis_one", "crisis_two"]).sum("rung"), years.sel(rung="crisis"))
    assert float(tense.contributions.sel(level="war").sum()) == pytest.approx(tense.result["reach"]["war"]["mean"])


def test_years_are_calendar_years(tense: Assessment) -> None:
    """Three years from 1 March 2026 touch four calendar years, the last cut short; what is reached by year sums to the whole."""
    assert tense.reach["year"].values.tolist() == [2026, 2027, 2028, 2029]
    assert [str(day)[:10] for day in tense.reach["until"].values] == ["2027-01-01", "2028-01-01", "2029-01-01", "2029-03-01"]
    by_year = tense.by_year("war")
    assert (by_year > 0).all() and float(by_year.sum()) == pytest.approx(tense.result["reach"]["war"]["mean"])
    assert float(by_year[-1]) < 0.5 * float(by_year[-2])
    with pytest.raises(KeyError):
        tense.by_year("peace")


def test_facts_of_the_run(tense: Assessment) -> None:
    """What the console prints: title, dates, hindsight, convergence, edits."""
    assert (tense.title, tense.as_of.isoformat(), tense.horizon_years) == ("A district under tension", "2026-03-01", 3.0)
    assert (tense.draws, tense.seed, tense.edits, tense.hindsight) == (2048, 1, (), ("precision",))
    assert tense.converged == 1.0 and sum(tense.status_counts.values()) == 2048 and tense.status_counts["unsettled"] == 0
    assert tense.seconds > 0 and tense.seconds == pytest.approx(sum(tense.steps.values()))
    error = tense.monte_carlo_error
    assert set(error) == set(tense.result["reach"]) and 0 < error["war"] < 0.1 * tense.result["reach"]["war"]["mean"] and error["calm"] == 0


def test_the_data_cannot_be_changed(tense: Assessment) -> None:
    """Arrays and fields are frozen."""
    with pytest.raises(ValueError, match="read-only"):
        tense.reach.values[0, 0, 0] = 0.5
    assert not any(array.flags.writeable for array in tense.arrays.values())
    assert not any(variable.values.flags.writeable for variable in tense.data.data_vars.values())
    with pytest.raises(AttributeError):
        tense.result = {}  # type: ignore[misc]
