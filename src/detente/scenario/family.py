"""What every family of distributions shares: sound numbers, bounds, the doubled twin and the text that is shown back.

A draw is `quantile(u)` at a uniform number u. `doubled` keeps the median m and doubles the spread on the natural
scale T of the family:

    x' = T^-1( T(m) + 2 (T(x) - T(m)) )

where T is the number itself, its logarithm where it is positive, its log-odds where it is a share. It serves the twin
run with every judgement twice as wide. A distribution whose tail overflows is refused.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from math import inf
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, InstanceOf, model_validator
from scipy import special

Array = NDArray[np.float64]
Scale = Literal["identity", "log", "logit"]


def _above_zero(value: float) -> float:
    if value <= 0:
        raise ValueError(f"this number must be above 0, not {value:g}; for a number that is known use family: fixed")
    return value


def _probability(value: float) -> float:
    if not 0 <= value <= 1:
        remedy = f"{value:g} % is {value / 100:g}" if 1 < value <= 100 else "give a share of 1"
        raise ValueError(f"a probability lies between 0 and 1, not {value:g}; {remedy}")
    return value


def _inner_probability(value: float) -> float:
    if not 0 < _probability(value) < 1:
        raise ValueError(f"a quantile's probability lies above 0 and below 1, not {value:g}; give one within, such as 0.05")
    return value


# Strict: text that looks like a number, or a truth value, is a slip and not a number.
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Positive = Annotated[Number, AfterValidator(_above_zero)]
Probability = Annotated[Number, AfterValidator(_probability)]
InnerProbability = Annotated[Number, AfterValidator(_inner_probability)]


def to_scale(x: Array, scale: Scale, low: float = 0.0, high: float = 1.0) -> Array:
    """Return `x` on the scale; `low` and `high` bound a share. A value on a bound goes to infinity."""
    if scale == "identity":
        return x
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(x) if scale == "log" else special.logit((x - low) / (high - low)))


def from_scale(z: Array, scale: Scale, low: float = 0.0, high: float = 1.0) -> Array:
    """Undo `to_scale`."""
    if scale == "identity":
        return z
    with np.errstate(over="ignore"):
        return np.asarray(np.exp(z) if scale == "log" else low + (high - low) * special.expit(z))


def shown(value: float) -> str:
    """Return a number to three digits, without an exponent where it can be read without one."""
    digits = f"{value:.3g}"
    if value and not 1e-4 <= abs(value) < 1e6:
        return digits
    return str(np.format_float_positional(float(digits), trim="-"))


class Family(BaseModel, ABC):
    """A distribution as it is declared: closed and frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @abstractmethod
    def quantile(self, u: Array) -> Array:
        """Return the value below which a share `u` of the probability lies; `u` in (0, 1), any shape."""

    @property
    def bounds(self) -> tuple[float, float]:
        """The least and the greatest value that can be drawn (or approached)."""
        return -inf, inf

    @property
    def scale(self) -> Scale:
        """The natural scale, on which `doubled` widens."""
        return "identity"

    @property
    def tail_index(self) -> float:
        """The power k with which the quantile grows as (1 - u)^-k towards u = 1; the mean is infinite from 1 on."""
        return 0.0

    def doubled(self) -> Family:
        """Return the distribution with the same median, twice as wide on its natural scale."""
        return Widened(base=self, factor=2.0)

    def describe(self) -> str:
        """Return the distribution in words, for example `median 2, 90 % range 0.7 to 6`."""
        low, median, high = (shown(float(x)) for x in self.quantile(np.array([0.05, 0.5, 0.95])))
        tail = "" if self.tail_index < 1 else "; the upper tail is so heavy that the mean is infinite"
        return f"median {median}, 90 % range {low} to {high}{tail}"

    def check(self) -> None:
        """Raise ValueError when the keys, each sound by itself, make no distribution together."""

    @model_validator(mode="after")
    def _makes_sense(self) -> Family:
        self.check()
        with np.errstate(over="ignore", invalid="ignore"):
            extremes = self.quantile(np.array([2.0**-53, 1 - 2.0**-53]))
        if not np.isfinite(extremes).all():
            raise ValueError("the spread is so wide that draws in the tail overflow; make it narrower")
        return self


class Widened(Family):
    """Another distribution, `factor` times as wide about its median on its natural scale.

    Made by `doubled`, never declared in a file.
    """

    family: Literal["widened"] = "widened"
    base: InstanceOf[Family]
    factor: Positive

    def quantile(self, u: Array) -> Array:
        low, high = self.base.bounds
        centre, spread = (to_scale(self.base.quantile(x), self.scale, low, high) for x in (np.array(0.5), u))
        return from_scale(centre + self.factor * (spread - centre), self.scale, low, high)

    @property
    def bounds(self) -> tuple[float, float]:
        return self.base.bounds

    @property
    def scale(self) -> Scale:
        return self.base.scale

    @property
    def tail_index(self) -> float:
        return self.factor * self.base.tail_index
