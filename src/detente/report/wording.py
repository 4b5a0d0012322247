"""Numbers in words: chances, percentages, ranges, dates and counts as the console and the report print them.

A chance below 1 in 100,000 is not given as a number: the model cannot tell it from 0.
"""

from __future__ import annotations

import math
from calendar import month_name
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

LEAST = 1e-5
TOO_SMALL = "less than the model can tell"
FROM_MISTAKES = "mostly from assumed mistakes"
NONE = "–"


def one_digit(number: float) -> int:
    """A number of at least 1 rounded half up to one significant digit.

    Examples
    --------
    >>> one_digit(6.5), one_digit(34), one_digit(960)
    (7, 30, 1000)
    """
    unit = 10 ** math.floor(math.log10(number))
    return int(math.floor(number / unit + 0.5) * unit)


def one_in(chance: float) -> str:
    """A chance as "1 in N", N to one digit; above 0.6 the chance that it does not happen is told that way.

    Examples
    --------
    >>> one_in(0.15), one_in(0.0007), one_in(0.8), one_in(0.98)
    ('1 in 7', '1 in 1,000', '4 in 5', '49 in 50')
    >>> one_in(2e-6), one_in(0.0), one_in(1.0)
    ('less than the model can tell', 'never', 'always')
    """
    if chance <= 0.0:
        return "never"
    if chance < LEAST:
        return TOO_SMALL
    if chance >= 1.0:
        return "always"
    if chance <= 0.6:
        return f"1 in {one_digit(1 / chance):,}"
    if 1 - chance < LEAST:
        return "almost always"
    many = one_digit(1 / (1 - chance))
    return f"{many - 1:,} in {many:,}"


def figure(share: float) -> str:
    """A share in per cent without the sign: to two digits, and near 1 to one digit of what is missing.

    Examples
    --------
    >>> figure(0.0234), figure(0.37), figure(0.923), figure(0.9968), figure(0.00012)
    ('2.3', '37', '92', '99.7', '0.012')
    >>> figure(1e-7), figure(0.0), figure(1.0)
    ('<0.001', '0', '100')
    """
    if share in (0.0, 1.0):
        return "100" if share else "0"
    if share < LEAST:
        return "<0.001"
    if 1 - share < LEAST:
        return ">99.999"
    told = share if share <= 0.5 else 1 - share
    size = math.floor(math.log10(float(f"{100 * told:.1e}")))
    return f"{100 * share:.{max(0, (1 if share <= 0.5 else 0) - size)}f}"


def percent(share: float) -> str:
    """A share with its sign: `2.3 %`."""
    return f"{figure(share)} %"


def span(low: float, high: float) -> str:
    """A range in per cent without the sign.

    Examples
    --------
    >>> span(0.003, 0.042)
    '0.30–4.2'
    """
    return f"{figure(low)}–{figure(high)}"


def signed_percent(share: float | None) -> str:
    """A share that may be negative, to the whole per cent; a dash where there is none.

    Examples
    --------
    >>> signed_percent(0.347), signed_percent(-0.12), signed_percent(0.002), signed_percent(None)
    ('35 %', '−12 %', '0 %', '–')
    """
    if share is None:
        return NONE
    whole = math.floor(abs(share) * 100 + 0.5)
    return f"{'−' if share < 0 and whole else ''}{whole} %"


def digits(value: float, count: int) -> str:
    """A number to so many digits, without an exponent.

    Examples
    --------
    >>> digits(141.3, 2), digits(0.000078, 2), digits(0.38, 3)
    ('140', '0.000078', '0.38')
    """
    return f"{Decimal(f'{value:.{count}g}'):f}"


def amount(value: float, digits: int) -> str:
    """A number to so many significant digits, with separators and without an exponent from 1,000 on.

    Examples
    --------
    >>> amount(18000.0, 4), amount(999.97, 4), amount(-1234567.0, 3), amount(0.04567, 3), amount(0.0, 3)
    ('18,000', '1,000', '-1,230,000', '0.0457', '0')
    """
    rounded = float(f"{value:.{digits}g}")
    return f"{rounded:,.0f}" if 1e3 <= abs(rounded) < 1e15 else f"{rounded:.{digits}g}"


def correlation(value: float) -> str:
    """A correlation with its sign and two decimals.

    Examples
    --------
    >>> correlation(0.531), correlation(-0.04), correlation(0.001)
    ('+.53', '−.04', '.00')
    """
    text = f"{abs(value):.2f}"
    if text == "0.00":
        return ".00"
    return ("+" if value > 0 else "−") + text.removeprefix("0")


def plain(name: str) -> str:
    """A name of the scenario as words: `nuclear_use` is `nuclear use`."""
    return name.replace("_", " ")


def day(when: date) -> str:
    """A date in words.

    Examples
    --------
    >>> day(date(2021, 1, 29))
    '29 January 2021'
    """
    return f"{when.day} {month_name[when.month]} {when.year}"


def years(count: float) -> str:
    """A number of years with its word.

    Examples
    --------
    >>> years(10), years(1), years(2.5)
    ('10 years', '1 year', '2.5 years')
    """
    return f"{count:g} year{'' if count == 1 else 's'}"


def passed(as_of: date, horizon_years: float, today: date) -> str:
    """How much of the horizon lies behind today.

    Examples
    --------
    >>> passed(date(2021, 1, 29), 10, date(2026, 11, 25))
    '5 of its 10 years have passed'
    >>> passed(date(2026, 1, 1), 10, date(2026, 11, 25)), passed(date(2000, 1, 1), 10, date(2026, 11, 25))
    ('none of its 10 years has passed', 'all of its 10 years have passed')
    """
    whole = today.year - as_of.year - ((today.month, today.day) < (as_of.month, as_of.day))
    if whole >= horizon_years:
        return "its year has passed" if horizon_years == 1 else f"all of its {years(horizon_years)} have passed"
    if whole <= 0:
        return "its year has not passed" if horizon_years == 1 else f"none of its {years(horizon_years)} has passed"
    return f"{whole} of its {years(horizon_years)} {'has' if whole == 1 else 'have'} passed"


def drawn_late(items: Sequence[tuple[str, date]]) -> str:
    """What to do about contingencies that are drawn though their first day has passed, each with its title and that day.

    Examples
    --------
    >>> drawn_late([("The pact ends", date(2028, 1, 1))]).partition(". ")[0]
    'Drawn though its day has passed: The pact ends (1 January 2028)'
    """
    told = ", ".join(f"{title} ({day(first)})" for title, first in items)
    which = "its day has" if len(items) == 1 else "their days have"
    return f"Drawn though {which} passed: {told}. If it is known what happened, write `chance: 1` or `chance: 0` in the scenario, or in a file that extends it."


def seconds(time: float) -> str:
    """A duration to two digits.

    Examples
    --------
    >>> seconds(0.0421), seconds(5.13), seconds(48.2)
    ('0.042 s', '5.1 s', '48 s')
    """
    if time < 10:
        digits = 1 if time >= 1 else min(3, 1 - math.floor(math.log10(max(time, 1e-3))))
        return f"{time:.{digits}f} s"
    return f"{time:.0f} s"
