"""Numbers in words."""

from __future__ import annotations

import doctest
import math
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.report import wording
from detente.report.wording import LEAST, TOO_SMALL, figure, one_digit, one_in, passed, span


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(wording).failed == 0


@given(st.floats(1.0, 1e6))
def test_one_digit_keeps_one_digit_and_is_the_nearest_such_number(number: float) -> None:
    """No other number of one digit lies nearer."""
    rounded = one_digit(number)
    assert re.fullmatch(r"[1-9]0*", str(rounded))
    unit = 10 ** math.floor(math.log10(number))
    assert abs(rounded - number) <= unit / 2 * (1 + 1e-9)


@given(st.floats(LEAST, 1 - 2 * LEAST))
def test_a_chance_is_told_within_half_of_its_last_digit(chance: float) -> None:
    """ "k in N" is within 50 % of the odds, whichever way it is told."""
    told = one_in(chance)
    many, among = (int(part.replace(",", "")) for part in told.split(" in "))
    assert many == 1 or many == among - 1
    rare, stated = (chance, many / among) if chance <= 0.6 else (1 - chance, 1 - many / among)
    assert stated == pytest.approx(rare, rel=0.51)


@given(st.floats(LEAST, 0.999), st.floats(LEAST, 0.999))
def test_chances_are_told_in_their_order(one: float, other: float) -> None:
    """A likelier event is never told as a less likely one."""
    low, high = sorted((one, other))

    def value(chance: float) -> float:
        many, among = one_in(chance).replace(",", "").split(" in ")
        return int(many) / int(among)

    assert value(low) <= value(high)


@pytest.mark.parametrize(
    ("chance", "told"),
    [
        (0.0, "never"), (9.9e-6, TOO_SMALL), (1e-5, "1 in 100,000"), (0.143, "1 in 7"), (0.5, "1 in 2"), (0.61, "2 in 3"),
        (0.999999, "almost always"), (1.0, "always"),
    ],
)  # fmt: skip
def test_chances_in_words(chance: float, told: str) -> None:
    assert one_in(chance) == told


@given(st.floats(LEAST, 1 - 2 * LEAST))
def test_a_percentage_is_right_to_its_last_digit(share: float) -> None:
    """The text is within half a unit of its last digit, and within 10 % of the share (or of what is missing to 1)."""
    text = figure(share)
    digits = len(text.partition(".")[2])
    assert abs(float(text) - 100 * share) <= 0.5 * 10**-digits * (1 + 1e-9)
    assert abs(float(text) - 100 * share) <= 100 * 0.5 * min(share, 1 - share) * (1 + 1e-9)


def test_a_range_below_what_the_model_can_tell_says_so() -> None:
    assert span(1e-9, 0.02) == "<0.001–2.0"


@pytest.mark.parametrize(
    ("today", "told"),
    [
        (date(2021, 1, 29), "none of its 10 years has passed"),
        (date(2022, 1, 28), "none of its 10 years has passed"),
        (date(2022, 1, 29), "1 of its 10 years has passed"),
        (date(2031, 1, 28), "9 of its 10 years have passed"),
        (date(2031, 1, 29), "all of its 10 years have passed"),
        (date(2020, 6, 1), "none of its 10 years has passed"),
    ],
)
def test_years_that_have_passed_are_whole_years_since_the_as_of_date(today: date, told: str) -> None:
    assert passed(date(2021, 1, 29), 10, today) == told
