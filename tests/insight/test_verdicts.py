"""Verdicts by the rules of the design, and what words assert by the tables of the standards."""

from __future__ import annotations

import numpy as np
import pytest

from detente.insight.answers import Answer, Share
from detente.insight.claims import Assertion
from detente.insight.estimative import STANDARDS
from detente.insight.judging import asserted
from detente.insight.verdicts import record_verdict, verdict


def sure(*values: float) -> dict[str, Share]:
    return {str(number): Share(value, value, value) for number, value in enumerate(values)}


CASES = {
    "all high": ([sure(0.9, 0.95), sure(1.0, 0.97)], "supported"),
    "all low": ([sure(0.1, 0.0), sure(0.02, 0.1)], "not supported"),
    "structures part": ([sure(0.95, 0.05), sure(0.95, 0.95)], "depends on the model"),
    "one structure falls to the middle": ([sure(0.95, 0.5)], "depends on the model"),
    "all in the middle": ([sure(0.3, 0.7), sure(0.5, 0.5)], "depends"),
    "readings part": ([sure(0.0, 0.0), sure(1.0, 1.0)], "depends"),
    "one reading in the middle": ([sure(0.0, 0.0), sure(0.4, 0.4)], "depends"),
    "one structure": ([sure(0.95)], "supported"),
    "an interval crosses": ([{"a": Share(0.92, 0.88, 0.95)}], "borderline"),
    "an interval crosses where it changes nothing": ([{"a": Share(0.95, 0.93, 0.97), "b": Share(0.0, 0.0, 0.02), "c": Share(0.92, 0.88, 0.95)}], "depends on the model"),
    "an interval reaches an edge from inside": ([{"a": Share(0.95, 0.9, 0.97)}], "supported"),
    "an interval crosses both edges": ([{"a": Share(0.5, 0.05, 0.95)}], "borderline"),
}


@pytest.mark.parametrize(("shares", "said"), CASES.values(), ids=CASES)
def test_shares_amount_to_a_verdict(shares: list[dict[str, Share]], said: str) -> None:
    assert verdict(shares) == said


def test_the_record_speaks_where_all_readings_agree() -> None:
    assert record_verdict([False, False]) == "contradicted by the record"
    assert record_verdict([True]) == "supported by the record" and record_verdict([False, True]) == "depends"


@pytest.mark.parametrize("word,scale", [(term, name) for name, each in STANDARDS.items() for term in each.terms])
def test_a_word_holds_in_the_draws_that_its_band_says(word: str, scale: str) -> None:
    band = STANDARDS[scale].band(word)
    values = np.concatenate([np.linspace(0, 1, 101), [band.low, band.high]])
    answer = Answer(values, np.ones(len(values)), 0.5, 0.5, 0.5, 0.5, 0.0)
    np.testing.assert_array_equal(asserted(Assertion(word=word), band, answer), [band.holds(float(p)) for p in values])


def test_less_than_the_least_effect_is_no_direction() -> None:
    answer = Answer(np.array([0.4, 0.89, 0.92, 1.0, 1.05, 1.1, 1.99, 2.0, np.nan]), np.ones(9), 1.0, 1.0, 1.0, 1.0, 0.0)
    assert asserted(Assertion(direction="up"), None, answer).tolist() == [False] * 5 + [True] * 3 + [False]
    assert asserted(Assertion(direction="up", degree="sharply"), None, answer).tolist() == [False] * 7 + [True, False]
    assert asserted(Assertion(direction="down"), None, answer).tolist() == [True, True] + [False] * 7
    assert answer.share(asserted(Assertion(direction="up"), None, answer)).value == 3 / 8
