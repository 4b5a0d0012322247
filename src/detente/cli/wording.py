"""Numbers in words, as the report has them too: `detente.report.wording`."""

from detente.report.wording import (
    FROM_MISTAKES,
    LEAST,
    NONE,
    TOO_SMALL,
    amount,
    correlation,
    day,
    digits,
    figure,
    one_digit,
    one_in,
    passed,
    percent,
    plain,
    seconds,
    signed_percent,
    span,
    years,
)  # fmt: skip

__all__ = [
    "FROM_MISTAKES", "LEAST", "NONE", "TOO_SMALL", "amount", "correlation", "day", "digits", "figure", "one_digit", "one_in", "passed", "percent", "plain",
    "seconds", "signed_percent", "span", "years",
]  # fmt: skip
