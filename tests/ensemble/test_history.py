"""Conditioning on history: conjugate posteriors, identities, runs that are cut short, and what is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import special, stats

from detente.ensemble import Assessment, assess, replay, resume
from detente.ensemble.likelihood import effective_draws, weights_of
from detente.errors import InvalidInput, ModelError

SCENARIO = """\
format: detente/scenario/1
title: Incidents that nobody chooses
as_of: 2026-01-01
horizon: 10
actors: {one: {title: One, discount: 0.1, precision: 1}}
rungs:
  calm: {title: Calm}
  crisis: {title: Crisis}
  war: {title: War}
  end: {title: End, final: true}
switches:
  survivorship: {title: Read given that we are here to ask, default: false}
  history: {title: Condition on history, default: true}
moves:
  incident: {from: calm, to: crisis, rate: incident_rate}
  fading: {from: crisis, to: calm, rate: pace * (1 - share)}
  blows: {from: crisis, to: war, rate: pace * share}
  ending: {from: war, to: end, rate: pace * end_share}
  peace: {from: war, to: calm, rate: pace * (1 - end_share)}
quantities:
  incident_rate: {title: Incidents, unit: 1/year, family: gamma, shape: 3, rate: 2, evidence: judgement, known: 2025, why: Test.}
  pace: {title: Pace, unit: 1/year, family: fixed, value: 2, evidence: judgement, known: 2025, why: Test.}
  share: {title: Share of crises that become war, unit: "1", family: beta, a: 2, b: 6, evidence: judgement, known: 2025, why: Test.}
  end_share: {title: Share of wars that end everything, unit: "1", family: uniform, low: 0, high: 1, evidence: judgement, known: 2025, why: Test.}
  trust: {title: How far the past bears on today, unit: "1", family: uniform, low: 0, high: 1, evidence: judgement, known: 2025, why: Test.}
history:
"""
CASES = "known: 2025, rule: Test., cases: {source: any, from: 1946, until: 2020}"
Run = Callable[..., Assessment]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Assess the scenario with these items of history."""

    def go(*items: str, draws: int = 4096, cases: str = CASES, **options: Any) -> Assessment:
        file = tmp_path_factory.mktemp("history") / "mine.yaml"
        text = "".join(f"  item_{k}: {{title: Item {k}, {item}, {cases.replace('any', f'data_{k}')}}}\n" for k, item in enumerate(items))
        file.write_text(SCENARIO + (text or "  {}\n"), encoding="utf-8")
        return assess(file, draws=draws, **options)

    return go


def moments(found: Assessment, quantity: str) -> tuple[float, float]:
    values = found.data["quantities"].sel(quantity=quantity)
    mean = float(found.mean(values))
    return mean, float(found.mean((values - mean) ** 2))


@pytest.mark.parametrize("measure", ["formula: share", "onward: war|crisis"])
@pytest.mark.parametrize(("count", "trials"), [(0, 18), (3, 10)])
def test_cases_give_the_beta_posterior(run: Run, measure: str, count: int, trials: int) -> None:
    """Beta(2, 6) and k of n: Beta(2 + k, 6 + n - k), mean and variance, whether the share is stated or follows from the ladder."""
    found = run(f"{measure}, count: {count}, trials: {trials}")
    law = stats.beta(2 + count, 6 + trials - count)
    mean, variance = moments(found, "share")
    assert mean == pytest.approx(law.mean(), rel=0.005) and variance == pytest.approx(law.var(), rel=0.03)
    assert found.history is not None and found.history["method"] == "weights"
    # The log-odds of Beta(a, b) have the variance trigamma(a) + trigamma(b).
    after, before = (sum(special.polygamma(1, shapes)) for shapes in ((2 + count, 6 + trials - count), (2, 6)))
    assert found.history["quantities"]["share"]["contraction"] == pytest.approx(1 - after / before, abs=0.03)
    assert found.history["quantities"]["share"]["posterior"]["p95"] == pytest.approx(law.ppf(0.95), rel=0.02)
    assert found.history["probability"] == pytest.approx(stats.betabinom(trials, 2, 6).pmf(count), rel=0.01)


@pytest.mark.parametrize("measure", ["formula: incident_rate", "episodes: crisis"])
def test_years_give_the_gamma_posterior(run: Run, measure: str) -> None:
    """Gamma(3, 2) and 1 in 4 years: Gamma(4, 6). Of the share it says nothing; of a number that is known there is nothing to say."""
    found = run(f"{measure}, count: 1, exposure: 4")
    mean, variance = moments(found, "incident_rate")
    assert (mean, variance) == (pytest.approx(4 / 6, rel=0.005), pytest.approx(4 / 36, rel=0.03))
    assert found.history is not None
    assert abs(found.history["quantities"]["share"]["contraction"]) < 0.1
    assert found.history["quantities"]["pace"] == {**found.history["quantities"]["pace"], "contraction": None, "why": "it is the same in every draw"}


def test_two_items_multiply(run: Run) -> None:
    """Evidence on the rate and on the share, each with its own posterior; the probability of both is the product."""
    found = run("formula: incident_rate, count: 1, exposure: 4", "formula: share, count: 1, trials: 4")
    assert moments(found, "incident_rate")[0] == pytest.approx(4 / 6, rel=0.03)
    assert moments(found, "share")[0] == pytest.approx(3 / 12, rel=0.03)
    assert found.history is not None
    each = [item["probability"] for item in found.history["items"].values()]
    assert found.history["probability"] == pytest.approx(each[0] * each[1], rel=0.03)


def test_the_result_is_that_of_weighted_draws(run: Run) -> None:
    """Every summary, the influence and the pathways against numpy's weighted averages; prior and posterior stand side by side."""
    found = run("onward: war|crisis, count: 0, trials: 12")
    weights = found.data["weight"].values
    assert found.history is not None and weights.mean() == pytest.approx(1) and weights.std() > 0.1
    assert found.history["effective_draws"] == pytest.approx(weights.sum() ** 2 / (weights**2).sum())
    last = found.reach.sel(rung="war").values[:, -1]
    told = found.result["reach"]["war"]
    assert told["mean"] == pytest.approx(np.average(last, weights=weights), rel=1e-12)
    order = np.argsort(last)
    assert told["p50"] == last[order][np.searchsorted(np.cumsum(weights[order]), weights.sum() / 2)]
    joint, given = (found.data[f"onward_{part}"].sel(pair="end|war").values for part in ("joint", "given"))
    assert found.result["onward"]["end|war"]["mean"] == pytest.approx((weights * joint).sum() / (weights * given).sum(), rel=1e-12)
    assert found.history["prior"]["reach"]["war"]["mean"] == pytest.approx(last.mean(), rel=1e-12) and told["mean"] < last.mean()
    assert float(found.contributions.sel(level="war").sum()) == pytest.approx(told["mean"], rel=1e-9)
    assert float(found.by_year("war").sum()) == pytest.approx(told["mean"], rel=1e-9)


@pytest.mark.parametrize("clause", [None, "weight: 0", "when: not history", "known: 2026-02"])
def test_what_does_not_condition_changes_nothing(run: Run, clause: str | None) -> None:
    """No history, weight 0, switched off, or known only later: every summary is that of unweighted draws, to the last bit."""
    plain = run()
    later = CASES.replace("known: 2025", clause) if clause and "known" in clause else None
    found = run() if clause is None else run(f"onward: war|crisis, count: 0, trials: 12{'' if later else f', {clause}'}", cases=later or CASES)
    for measure in ("reach", "touch", "onward", "given", "next"):
        assert found.result[measure] == plain.result[measure]
    assert (found.data["weight"] == 1).all() and ("history" in found.result) == (clause is not None)
    if clause is not None:
        told = found.result["history"]
        assert told["prior"]["reach"] == found.result["reach"] and told["effective_draws"] == 4096
        assert told["items"]["item_0"]["conditions"] is (clause == "weight: 0")


def test_a_weight_is_a_power(run: Run) -> None:
    """Half of 0 in 20 is 0 in 10; a weight that is a quantity keeps its own distribution and works through its mean."""
    half, ten = (run(f"formula: share, count: 0, trials: {trials}{weight}") for trials, weight in ((20, ", weight: 0.5"), (10, "")))
    assert moments(half, "share") == pytest.approx(moments(ten, "share"), rel=1e-9)
    unsure = run("formula: share, count: 0, trials: 20, weight: trust")
    assert moments(unsure, "trust") == pytest.approx((1 / 2, 1 / 12), rel=0.02)
    powers = np.linspace(0, 1, 401)
    # Over a uniform power the posterior mixes Beta(2, 6 + 20 w) evenly.
    assert moments(unsure, "share")[0] == pytest.approx(np.trapezoid(2 / (8 + 20 * powers), powers), rel=0.01)


def test_survivorship_takes_away_what_could_not_have_been_seen(run: Run) -> None:
    """Given that no war ended everything, a case has war with chance s (1 - e) / (1 - s e); if every war did, no war says nothing."""
    item = "onward: war|crisis, count: 0, trials: 12, survivorship: {lost: end, when: survivorship}"
    blind, seeing = run(item), run(item, switches={"survivorship": True})
    s, e = (seeing.data["quantities"].sel(quantity=name).values for name in ("share", "end_share"))
    likelihood = (1 - s * (1 - e) / (1 - s * e)) ** 12
    np.testing.assert_allclose(seeing.data["weight"], likelihood / likelihood.mean(), rtol=1e-9)
    assert moments(blind, "share")[0] < moments(seeing, "share")[0]
    assert moments(blind, "end_share")[0] == pytest.approx(0.5, rel=0.02) and moments(seeing, "end_share")[0] > 0.52
    ended = run("onward: end|crisis, count: 0, trials: 12, survivorship: {lost: end}")
    assert (ended.data["weight"] == 1).all()
    years = run("episodes: war, count: 0, exposure: 10, survivorship: {lost: end}")
    rate = years.data["quantities"].sel(quantity="incident_rate").values * s * (1 - e)
    np.testing.assert_allclose(years.data["predicted"][:, 0], rate, rtol=1e-9)


STRONG = "onward: war|crisis, count: 4, trials: 4000"


@pytest.fixture(scope="module")
def moved(run: Run) -> Assessment:
    return run(STRONG, draws=2048, chunk=2048, threads=1)


def test_draws_are_moved_where_weights_would_leave_too_few(moved: Assessment) -> None:
    """Strong data: few draws of the prior stay effective, and those moved have the mean, spread and quantiles of Beta(6, 4002)."""
    told, law = moved.history, stats.beta(6, 4002)
    assert told is not None and told["method"] == "sequential" and told["effective_by_weights"] < 0.1 * 2048 and told["effective_draws"] > 1500
    assert told["degrees"][-1] == 1.0 and sorted(told["degrees"]) == told["degrees"]
    values = moved.data["quantities"].sel(quantity="share").values
    assert values.mean() == pytest.approx(law.mean(), rel=0.05) and values.var() == pytest.approx(law.var(), rel=0.15)
    assert np.quantile(values, [0.05, 0.5, 0.95]) == pytest.approx(law.ppf([0.05, 0.5, 0.95]), rel=0.1)
    # What history does not speak of stays as it was.
    rate = moved.data["quantities"].sel(quantity="incident_rate").values
    assert rate.mean() == pytest.approx(1.5, rel=0.06) and rate.var() == pytest.approx(0.75, rel=0.2)
    assert moved.prior is not None and float(moved.prior["quantities"].sel(quantity="share").mean()) == pytest.approx(0.25, rel=0.01)


def test_moved_draws_are_the_same_however_they_are_run(moved: Assessment, run: Run, tmp_path: Path) -> None:
    """Threads, chunks, cut short before, in or after the sampling, kept and loaded: one digest."""
    assert run(STRONG, draws=2048, chunk=1024, threads=2).result_digest == moved.result_digest
    for number, (stop_at, done) in enumerate([("assessing", 1024), ("conditioning", 0), ("conditioning", 2048)]):
        path = tmp_path / str(number)

        def stop(now: int, of: int, what: str, stop_at: str = stop_at, done: int = done) -> None:
            if (now, what) == (done, stop_at):
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            run(STRONG, draws=2048, chunk=1024, out=path, progress=stop)
        assert resume(path).result_digest == moved.result_digest
    loaded = Assessment.load(path)
    assert loaded.data.drop_attrs().identical(moved.data.drop_attrs()) and loaded.prior is not None and loaded.prior.identical(moved.prior)
    assert loaded.seconds == pytest.approx(sum(loaded.steps.values()))
    (path / "posterior" / "00001.parquet").unlink()
    assert resume(path).result_digest == moved.result_digest
    moved.save(tmp_path / "saved")
    assert Assessment.load(tmp_path / "saved").data.identical(moved.data)


def test_a_moved_draw_is_replayed_as_it_was(moved: Assessment, tmp_path: Path) -> None:
    """To the last bit, from the assessment or its folder, with the place of each quantity in its prior."""
    moved.save(tmp_path / "run")
    for source in (moved, tmp_path / "run"):
        again = replay(source, 1500)
        assert again.prospects.reach[0].tobytes() == np.ascontiguousarray(moved.reach.values[1500]).tobytes()
    assert again.places["share"] == pytest.approx(stats.beta(2, 6).cdf(again.quantities["share"]), rel=1e-6)
    (tmp_path / "run" / "posterior" / "00000.parquet").write_bytes(b"not what was written")
    with pytest.raises(InvalidInput, match=r"draw 1500, which history moved, is missing or damaged.*detente resume"):
        replay(tmp_path / "run", 1500)


def test_weighted_runs_are_the_same_however_they_are_run(run: Run, tmp_path: Path) -> None:
    """Threads, chunks, kept and loaded, for every measure; the last chunk is no whole block."""
    items = ("onward: war|crisis, count: 0, trials: 12", "episodes: war, count: 1, exposure: 12", "formula: exp(log(share) * 1.1), count: 1, trials: 5, weight: trust ** 0.3")
    one = run(*items, draws=2700, chunk=4096, threads=1)
    assert run(*items, draws=2700, chunk=1024, threads=2, out=tmp_path / "run").result_digest == one.result_digest
    loaded = Assessment.load(tmp_path / "run")
    assert loaded.data.drop_attrs().identical(one.data.drop_attrs()) and json.loads(loaded.to_json())["history"] == one.history


def test_history_that_cannot_be_is_refused(run: Run) -> None:
    """Two wars where war is impossible; a weight, a chance or a rate that leaves its range."""
    with pytest.raises(ModelError, match="impossible in every draw"):
        run("formula: share - share, count: 2, trials: 12")
    for item, told in (
        ("formula: share, count: 0, trials: 12, weight: 1 + trust", "the weight of 'item_0' is 1.*it lies from 0 to 1"),
        ("formula: share + 1, count: 0, trials: 12", "what is predicted of 'item_0' is 1.*it lies from 0 to 1"),
        ("formula: incident_rate - 99 * pace, count: 0, exposure: 12", "what is predicted of 'item_0' is -.*it cannot be negative"),
    ):
        with pytest.raises(InvalidInput, match=f"draw 0: {told}"):
            run(item)


def test_the_effective_number_of_draws() -> None:
    """n equal weights count n, one heavy weight counts 1, two of n / 2 count n / 2."""
    assert effective_draws(None, 7) == effective_draws(np.ones(7), 7) == 7
    assert effective_draws(np.eye(1, 7)[0], 7) == 1
    assert effective_draws(np.array([1.0, 1.0, 0.0, 0.0]), 4) == 2
    assert weights_of(np.zeros(3)) is None
    np.testing.assert_allclose(weights_of(np.array([0.0, -np.inf, np.log(0.5)])), [2.0, 0.0, 1.0])
