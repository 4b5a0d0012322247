"""A sentence of the brief never says more than the number that it is made from."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.ensemble import Assessment
from detente.insight.estimative import STANDARDS, standard
from detente.report.brief import sentence
from detente.report.names import Called

NUMBER = re.compile(r"[<>]?\d[\d,]*\.?\d*")


def said(small: Assessment, words: str, **summary: Any) -> str:
    quantiles = {"p05": 0.1, "p25": 0.2, "p50": 0.3, "p75": 0.4, "p95": 0.5, "top5_share": 0.1, "error_share": 0.0}
    result = {**small.result, "reach": {**small.result["reach"], "war": {**quantiles, **summary}}}
    changed = replace(small, result=result)
    return sentence(changed, Called(changed), "war", standard(words))


def bounds(text: str) -> tuple[float, float]:
    """What a printed percentage can stand for."""
    if text[0] in "<>":
        value = float(text[1:]) / 100
        return (0.0, value) if text[0] == "<" else (value, 1.0)
    _, _, decimals = text.partition(".")
    value = float(text)
    # Figures of three digits or more are rounded to two; a half of a digit is allowed for, and the rounding of the machine.
    half = 0.5 * 10.0 ** -len(decimals)
    return (value - half) / 100 - 1e-12, (value + half) / 100 + 1e-12


@settings(max_examples=300, deadline=None)
@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.sampled_from(sorted(STANDARDS)))
def test_the_numbers_are_those_of_the_result_and_the_word_is_one_that_they_bear_out(small: Assessment, mean: float, one: float, other: float, words: str) -> None:
    low, high = sorted((one, other))
    told = said(small, words, mean=mean, p05=low, p95=high)
    if 0.0 < mean < 1e-5:
        assert told == "War: less than the model can tell."
        return
    if mean in (0.0, 1.0) and low == high == mean:
        assert told.endswith("in every draw.")
        return
    found = NUMBER.findall(re.sub(r"\(.*?\)", "", told))
    assert len(found) == 3
    for text, value in zip(found, (mean, low, high), strict=True):
        assert bounds(text)[0] <= value <= bounds(text)[1], told
    word = re.search("“(.*)”", told)
    if word is not None:
        assert mean in standard(words).band(word[1])
    else:
        place = standard(words).place(mean)
        assert place.position != "in" or len(place.bands) > 1


@pytest.mark.parametrize(("share", "stated"), [(0.51, True), (0.5, False), (-0.9, False), (None, False)])
def test_mostly_from_mistakes_is_said_above_one_half_and_not_before(small: Assessment, share: float | None, stated: bool) -> None:
    assert ("mostly from assumed mistakes" in said(small, "phia", mean=0.3, error_share=share)) is stated


def test_what_has_no_value_says_why(small: Assessment) -> None:
    assert said(small, "phia", mean=None, why="the condition never holds") == "War: no value (the condition never holds)."
