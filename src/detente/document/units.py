"""Units of a model: time in years, payoffs in prizes, everything that is counted a pure number.

A year is 365.25 days and a month a twelfth of it. A unit is kept as the powers of its base dimensions: `prize/year` is
`(("prize", 1), ("year", -1))`. Its text is read by pint, once.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cache, lru_cache
from tokenize import TokenError
from typing import TYPE_CHECKING, Any

from detente.document.names import instead, shorten

if TYPE_CHECKING:
    from pint import UnitRegistry

Dimensions = tuple[tuple[str, Fraction], ...]
PURE: Dimensions = ()
_BASE = ("prize", "year")

_TIMES = {
    "year": "[time]",
    "day": "year / 365.25",
    "week": "7 * day",
    "month": "year / 12",
    "hour": "day / 24",
    "decade": "10 * year",
}
COUNTS = (
    "fraction", "share", "index", "count", "troops", "soldier", "person", "people", "battalion", "brigade", "tank",
    "aircraft", "ship", "warhead", "missile", "launcher", "country", "countries", "encounter", "event", "incident",
    "dispute", "crisis", "crises", "war", "alarm", "scramble",
)  # fmt: skip
MAX_LENGTH = 60
_ALLOWED = re.compile(r"[A-Za-z0-9_ */^().\-]+")
# pint computes with the numbers in a text: only 1 may be a factor, and a power is one digit without a power of its own.
_POWER = re.compile(r"(?:\*\*|\^)\s*(?:-?[1-9]|\(-?[1-9]\)|-?0?\.5)(?![\d.]|\s*(?:\*\*|\^))")
_NUMBER = re.compile(r"(?<![A-Za-z_\d.])[\d.]+")


@cache
def _registry() -> UnitRegistry[Any]:
    from pint import UnitRegistry

    # Empty: the thousands of physical units would let `m` and `s` pass for units of a model.
    registry: UnitRegistry[Any] = UnitRegistry(None)
    registry.define("prize = [prize]")
    registry.define("percent = 0.01")
    for name, meaning in _TIMES.items():
        registry.define(f"{name} = {meaning}")
    for name in COUNTS:
        registry.define(f"{name} = []")
    return registry


def known_units() -> tuple[str, ...]:
    """Names that a unit is made of."""
    return ("1", "prize", *_TIMES, "percent", *COUNTS)


@lru_cache(maxsize=1024)
def parse_unit(text: str) -> tuple[float, Dimensions]:
    """The factor of a unit to base units, and its dimensions.

    Raises
    ------
    ValueError
        For text that is no unit, with the nearest name.
    """
    from pint.errors import PintError

    advice = "write a unit such as 1/year, prize, prize/year, troops or 1"
    if len(text) > MAX_LENGTH or not _ALLOWED.fullmatch(text):
        raise ValueError(f"{shorten(text, 40)!r} is no unit; {advice}")
    rest = _POWER.sub("", text)
    if "**" in rest or "^" in rest or any(number != "1" for number in _NUMBER.findall(rest)):
        raise ValueError(f"{text!r} is no unit: only 1 and whole powers such as year**2 may stand as numbers; {advice}")
    if "-" in rest:
        raise ValueError(f"{text!r} is no unit: units are multiplied and divided, not subtracted; {advice}")
    for name in re.findall(r"[A-Za-z_]\w*", text):
        if name != "per" and name not in _registry():
            raise ValueError(f"{name!r} is no unit; {instead(name, known_units(), advice)}")
    try:
        quantity: Any = _registry().Quantity(text).to_base_units()
    except (PintError, TokenError, ArithmeticError, AssertionError, AttributeError, SyntaxError, TypeError, ValueError) as error:
        raise ValueError(f"{text!r} is no unit; {advice}") from error
    powers = {str(unit): Fraction(float(power)).limit_denominator(1000) for unit, power in quantity.unit_items()}
    return float(quantity.magnitude), clean({unit: power for unit, power in powers.items() if unit in _BASE})


def clean(powers: dict[str, Fraction]) -> Dimensions:
    """Dimensions in a fixed order, without those of power 0."""
    return tuple(sorted((name, power) for name, power in powers.items() if power))


def combine(a: Dimensions, b: Dimensions, power: Fraction | int = 1) -> Dimensions:
    """The dimensions of `a * b ** power`."""
    powers = dict(a)
    for name, exponent in b:
        powers[name] = powers.get(name, Fraction(0)) + exponent * power
    return clean(powers)


def unit_text(dimensions: Dimensions) -> str:
    """A unit in words: `1`, `1/year`, `prize/year`, `1/(prize*year)`."""

    def powers(sign: int) -> list[str]:
        parts = [(name, power * sign) for name, power in dimensions if power * sign > 0]
        shown = [(name, power if power.denominator == 1 else float(power)) for name, power in parts]
        return [name if power == 1 else f"{name}**{power}" for name, power in shown]

    above, below = "*".join(powers(1)) or "1", powers(-1)
    return above if not below else f"{above}/{below[0]}" if len(below) == 1 else f"{above}/({'*'.join(below)})"


def canonical_unit(text: str) -> tuple[float, str]:
    """The factor that converts a number of this unit to base units (year, prize, 1), and the base unit.

    Raises
    ------
    ValueError
        For text that is no unit, with the nearest name.

    Examples
    --------
    >>> canonical_unit("1/month")
    (12.0, '1/year')
    >>> canonical_unit("percent")
    (0.01, '1')
    """
    factor, dimensions = parse_unit(text)
    return factor, unit_text(dimensions)
