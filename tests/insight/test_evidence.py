"""Shares by grade, what is left to chance, and the worth of knowing: beside closed forms and counted events."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from detente.errors import InvalidInput
from detente.insight.evidence import by_grade, evidence_alone, evidence_share, log_odds, split
from detente.insight.information import value_of_information
from detente.insight.samples import Sample

GRADES = {"incidents": "measured", "polls": "published", "resolve": "judgement", "patience": "elicited"}


def test_quantities_are_shared_out_by_what_they_rest_on() -> None:
    assert by_grade(GRADES) == {"evidence": ["incidents", "polls"], "judgement": ["resolve"], "elicited": ["patience"]}


def test_the_evidence_share_counts_half_of_what_grades_do_together() -> None:
    """Of a + b c with variances 1: a from evidence, b c shared by evidence and judgement."""
    rng = np.random.default_rng(1)
    found = evidence_share(*rng.normal(size=(2, 20_000, 4)), GRADES, lambda x: x[:, 0] + x[:, 1] * x[:, 2], resamples=200)
    assert found.effects["evidence"].low < 0.75 < found.effects["evidence"].high
    assert found.effects["judgement"].low < 0.25 < found.effects["judgement"].high and not found.effects["elicited"].is_distinct


def test_twice_the_width_of_a_judgement_lowers_the_evidence_share() -> None:
    rng = np.random.default_rng(2)
    pair = rng.normal(size=(2, 4000, 4))
    plain, doubled = (evidence_share(*pair, GRADES, lambda x, width=width: x[:, 0] + width * x[:, 2], resamples=200) for width in (1.0, 2.0))
    assert plain.effects["evidence"].low < 0.5 < plain.effects["evidence"].high
    assert doubled.effects["evidence"].low < 0.2 < doubled.effects["evidence"].high


def test_from_plain_draws_what_is_done_together_stands_apart() -> None:
    x = np.random.default_rng(3).normal(size=(20_000, 4))
    found = evidence_alone(Sample(x, list(GRADES)), x[:, 0] + x[:, 1] * x[:, 2], GRADES)
    assert set(found) == {"evidence", "judgement", "elicited", "together"}
    assert found["evidence"].low < 0.5 < found["evidence"].high and found["together"].low < 0.5 < found["together"].high
    assert not found["judgement"].is_distinct
    with pytest.raises(InvalidInput, match="polls have none"):
        evidence_alone(Sample(x, list(GRADES)), x[:, 0], {name: grade for name, grade in GRADES.items() if name != "polls"})


def test_log_odds_tell_how_many_were_moved_to_the_floor() -> None:
    values, moved = log_odds([0.0, 0.5, 1.0, 1e-9])
    assert moved == 2 and values[1] == 0.0 and values[0] == pytest.approx(np.log(1e-12)) and values[3] == pytest.approx(np.log(1e-9))
    with pytest.raises(InvalidInput, match="outside 0 to 1"):
        log_odds([0.5, 1.1])


@pytest.mark.parametrize(("a", "b"), [(2, 5), (5, 1)])
def test_the_split_of_a_beta_distribution_is_its_own_and_its_interval_as_wide_as_it_scatters(a: float, b: float) -> None:
    """For a Beta(a, b) probability the share that is not known is 1 / (a + b + 1)."""
    rng, values, widths = np.random.default_rng(4), [], []
    for _ in range(400):
        p = rng.beta(a, b, size=500)
        found = split(Sample(p[:, None], ["a"], rng.exponential(size=500)), p)
        values.append(found.epistemic.value)
        widths.append(found.epistemic.high - found.epistemic.low)
        assert found.aleatory.value == pytest.approx(1 - found.epistemic.value)
    scatter = np.std(values)
    assert np.mean(values) == pytest.approx(1 / (a + b + 1), abs=3 * scatter / 20)
    assert np.mean(widths) == pytest.approx(2 * 1.96 * scatter, rel=0.12)


def test_chance_within_draws_is_no_lack_of_knowledge() -> None:
    """p = (known + chance) / 2, uniform both: Var(known) / 4 of m (1 - m) is not known, and twice as much looks so without a second drawing."""
    rng = np.random.default_rng(5)
    known, chance, other = rng.random((3, 50_000))
    sample = Sample(known[:, None], ["a"])
    paired = split(sample, (known + chance) / 2, (known + other) / 2)
    assert paired.epistemic.low < 1 / 12 < paired.epistemic.high and paired.epistemic.high - paired.epistemic.low < 0.01
    assert split(sample, (known + chance) / 2).epistemic.value == pytest.approx(1 / 6, abs=0.005)
    with pytest.raises(InvalidInput, match="nothing is uncertain"):
        split(sample, np.zeros(50_000))


def normal_value(mean: float, sd: float) -> float:
    """E max(0, X) - max(0, mean) of a normal X."""
    return float(mean * norm.cdf(mean / sd) + sd * norm.pdf(mean / sd) - max(mean, 0.0)) if sd > 0 else 0.0


@pytest.mark.parametrize("mean", [0.0, 0.3, -0.8])
def test_the_worth_of_knowing_is_that_of_the_normal_loss(mean: float) -> None:
    """Two options that differ by mean + x + y / 2: knowing x alone, y alone, both, and something else."""
    x = np.random.default_rng(6).normal(size=(100_000, 3))
    benefits = np.column_stack([np.full(len(x), 7.0), 7.0 + mean + x[:, 0] + x[:, 1] / 2])
    found = value_of_information(Sample(x, ["x", "y", "noise"]), benefits)
    assert found.best == int(mean > 0) or mean == 0
    assert found.everything.low < normal_value(mean, 1.25**0.5) + abs(x[:, 0].mean()) and found.everything.high > normal_value(mean, 1.25**0.5) - 0.01
    for name, sd in (("x", 1.0), ("y", 0.5)):
        assert found.each[name].value == pytest.approx(normal_value(mean, sd), abs=0.012)
    assert found.each["noise"].value == pytest.approx(0.0, abs=0.005)
    assert max(e.value for e in found.each.values()) < found.everything.value


def test_knowing_what_changes_no_choice_is_worth_exactly_nothing() -> None:
    x = np.random.default_rng(7).random((2000, 2))
    found = value_of_information(Sample(x, ["a", "b"]), np.column_stack([x[:, 0], 2 + x[:, 0]]))
    assert (found.best, found.everything.value) == (1, 0.0)
    assert [(e.low, e.value, e.high) for e in found.each.values()] == [(0.0, 0.0, 0.0)] * 2


def test_noise_is_worth_nothing_on_average_where_choices_are_valued_on_other_draws() -> None:
    """The mean over many repetitions is not above 0, as it would be if the same draws chose and valued."""
    rng = np.random.default_rng(8)
    values = []
    for _ in range(200):
        x, b = rng.random((400, 1)), rng.normal(size=(400, 3))
        values.append(value_of_information(Sample(x, ["noise"]), b).each["noise"].value)
    assert np.mean(values) < 3 * np.std(values) / 200**0.5


@pytest.mark.parametrize("benefits", [np.zeros(4), np.zeros((4, 1)), np.zeros((3, 2))])
def test_benefits_of_other_draws_or_of_one_option_are_refused(benefits: object) -> None:
    with pytest.raises(InvalidInput, match="benefits"):
        value_of_information(Sample(np.zeros((4, 1)), ["a"]), benefits)
