"""Distributions of uncertain quantities, as they are declared in a scenario file.

Each family is a closed, frozen model whose keys sit beside `family` in the file:

    family: lognormal
    median: 2
    sigma: 0.5

What would give a meaningless draw is refused: an empty range, a spread that is not above 0, a probability outside 0
to 1, quantiles that no rising curve fits. Nothing is repaired.
"""

from __future__ import annotations

from math import inf, log
from typing import Annotated, Literal, TypeAlias

import numpy as np
from pydantic import Field
from scipy import special

from detente.scenario.elicited import Quantiles
from detente.scenario.family import Array, Family, Number, Positive, Probability, Scale, shown


def _ordered(low: float, high: float) -> None:
    if low >= high:
        remedy = "swap them" if low > high else "for a number that is known use family: fixed"
        raise ValueError(f"low ({low:g}) must be below high ({high:g}): the range is empty; {remedy}")


class Fixed(Family):
    """A number that is known."""

    family: Literal["fixed"] = "fixed"
    value: Number

    def quantile(self, u: Array) -> Array:
        return np.full(np.shape(u), self.value)

    @property
    def bounds(self) -> tuple[float, float]:
        return self.value, self.value

    def doubled(self) -> Family:
        return self

    def describe(self) -> str:
        return f"exactly {shown(self.value)}"


class Normal(Family):
    """Normal with this mean and standard deviation."""

    family: Literal["normal"] = "normal"
    mean: Number
    sd: Positive

    def quantile(self, u: Array) -> Array:
        return np.asarray(self.mean + self.sd * special.ndtri(u))

    def doubled(self) -> Normal:
        return Normal(mean=self.mean, sd=2 * self.sd)


class Lognormal(Family):
    """The logarithm is normal with standard deviation `sigma`; half the draws lie below `median`."""

    family: Literal["lognormal"] = "lognormal"
    median: Positive
    sigma: Positive

    def quantile(self, u: Array) -> Array:
        return np.asarray(self.median * np.exp(self.sigma * special.ndtri(u)))

    @property
    def bounds(self) -> tuple[float, float]:
        return 0.0, inf

    @property
    def scale(self) -> Scale:
        return "log"

    def doubled(self) -> Lognormal:
        return Lognormal(median=self.median, sigma=2 * self.sigma)


class Beta(Family):
    """Beta with shapes `a` and `b`, stretched from 0..1 to `low`..`high`."""

    family: Literal["beta"] = "beta"
    a: Positive
    b: Positive
    low: Number = 0.0
    high: Number = 1.0

    def check(self) -> None:
        _ordered(self.low, self.high)

    def quantile(self, u: Array) -> Array:
        return np.asarray(self.low + (self.high - self.low) * special.betaincinv(self.a, self.b, u))

    @property
    def bounds(self) -> tuple[float, float]:
        return self.low, self.high

    @property
    def scale(self) -> Scale:
        return "logit"


class Gamma(Family):
    """Gamma with this shape and rate: the mean is shape / rate."""

    family: Literal["gamma"] = "gamma"
    shape: Positive
    rate: Positive

    def quantile(self, u: Array) -> Array:
        return np.asarray(special.gammaincinv(self.shape, u) / self.rate)

    @property
    def bounds(self) -> tuple[float, float]:
        return 0.0, inf

    @property
    def scale(self) -> Scale:
        return "log"


def _same_kind(low: float, high: float, wider_low: float, wider_high: float) -> tuple[float, float]:
    """Keep a range of shares within 0..1, and a range without negative numbers free of them."""
    floor = 0.0 if low >= 0 else -inf
    ceiling = 1.0 if low >= 0 and high <= 1 else inf
    return max(wider_low, floor), min(wider_high, ceiling)


class Uniform(Family):
    """Every value from `low` to `high` is as likely as another.

    Doubled, a range inside 0..1 stays inside it and a range without negative numbers stays without them.
    """

    family: Literal["uniform"] = "uniform"
    low: Number
    high: Number

    def check(self) -> None:
        _ordered(self.low, self.high)

    def quantile(self, u: Array) -> Array:
        return np.asarray(self.low + (self.high - self.low) * u)

    @property
    def bounds(self) -> tuple[float, float]:
        return self.low, self.high

    def doubled(self) -> Uniform:
        half = (self.high - self.low) / 2
        low, high = _same_kind(self.low, self.high, self.low - half, self.high + half)
        return Uniform(low=low, high=high)


class Loguniform(Family):
    """The logarithm is uniform from log `low` to log `high`. Doubled, a range inside 0..1 stays inside it."""

    family: Literal["loguniform"] = "loguniform"
    low: Positive
    high: Positive

    def check(self) -> None:
        _ordered(self.low, self.high)

    def quantile(self, u: Array) -> Array:
        return np.asarray(np.exp(log(self.low) + (log(self.high) - log(self.low)) * u))

    @property
    def bounds(self) -> tuple[float, float]:
        return self.low, self.high

    @property
    def scale(self) -> Scale:
        return "log"

    def doubled(self) -> Loguniform:
        stretch = (self.high / self.low) ** 0.5
        low, high = _same_kind(self.low, self.high, self.low / stretch, self.high * stretch)
        return Loguniform(low=low, high=high)


class Bernoulli(Family):
    """1 with probability `p`, else 0. It has no width to double: doubt about `p` is a quantity of its own."""

    family: Literal["bernoulli"] = "bernoulli"
    p: Probability

    def quantile(self, u: Array) -> Array:
        return (np.asarray(u) > 1 - self.p).astype(np.float64)

    @property
    def bounds(self) -> tuple[float, float]:
        return 0.0, 1.0

    def doubled(self) -> Family:
        return self

    def describe(self) -> str:
        return f"1 with probability {shown(self.p)}, else 0"


Distribution: TypeAlias = Annotated[
    Fixed | Normal | Lognormal | Beta | Gamma | Uniform | Loguniform | Bernoulli | Quantiles,
    Field(discriminator="family"),
]

FAMILIES: dict[str, frozenset[str]] = {
    model.model_fields["family"].default: frozenset(model.model_fields)
    for model in (Fixed, Normal, Lognormal, Beta, Gamma, Uniform, Loguniform, Bernoulli, Quantiles)
}
"""The keys of each family, `family` among them."""
