"""A distribution through two or three elicited quantiles.

The metalog (see `detente.scenario.metalog`) is fitted on the scale of the support: the number itself (`real`), its
logarithm (`positive`) or its log-odds (`unit`). It passes through the stated quantiles exactly. Refused: quantiles
that do not rise, that lie outside the support, or that are so lopsided that no rising curve of the family passes
through them; the message then says which middle value would be possible.
"""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from math import inf
from typing import Literal

import numpy as np

from detente.scenario import metalog
from detente.scenario.family import Array, Family, InnerProbability, Number, Scale, from_scale, to_scale

_SCALE_OF_SUPPORT: dict[str, Scale] = {"real": "identity", "positive": "log", "unit": "logit"}
_BOUNDS_OF_SUPPORT = {"real": (-inf, inf), "positive": (0.0, inf), "unit": (0.0, 1.0)}


class Quantiles(Family):
    """A metalog through two or three elicited quantiles, on the scale of its support: exact at each of them."""

    family: Literal["quantiles"] = "quantiles"
    quantiles: dict[InnerProbability, Number]
    support: Literal["real", "positive", "unit"]

    def check(self) -> None:
        if len(self.quantiles) not in (2, 3):
            raise ValueError(f"the family takes two or three quantiles, not {len(self.quantiles)}; add or remove some")
        stated = sorted(self.quantiles.items())
        for (p, x), (q, y) in pairwise(stated):
            if x >= y:
                raise ValueError(f"quantiles must rise: {x:g} at {p:g} is not below {y:g} at {q:g}; give the larger probability the larger number")
        low, high = self.bounds
        for p, x in stated:
            if not low < x < high:
                allowed = "above 0" if self.support == "positive" else "above 0 and below 1"
                raise ValueError(f"{x:g} at {p:g} is outside the support: {self.support} values lie {allowed}; mend it, or choose another support")
        if len(stated) == 3 and not stated[0][0] <= 0.5 <= stated[-1][0]:
            raise ValueError(
                "three quantiles must straddle the median; give one at or below 0.5 and one at or above it"
            )
        if not metalog.rises(self._coefficients):
            raise ValueError(self._too_lopsided())

    def __hash__(self) -> int:
        return hash((self.support, *sorted(self.quantiles.items())))

    @cached_property
    def _coefficients(self) -> metalog.Coefficients:
        probabilities, values = zip(*sorted(self.quantiles.items()), strict=True)
        return metalog.fit(probabilities, to_scale(np.array(values), self.scale).tolist())

    def _too_lopsided(self) -> str:
        (p, low), (q, middle), (r, high) = sorted(self.quantiles.items())
        ends = to_scale(np.array([low, high]), self.scale)
        least, most = from_scale(np.array(metalog.middle_range((p, q, r), ends[0], ends[1])), self.scale)
        wide, narrow = ("upper", "lower") if middle <= least else ("lower", "upper")
        return (
            f"the {wide} spread is too wide for the {narrow} one ({low:g}, {middle:g}, {high:g}): no rising curve of "
            f"this family passes through all; with {low:g} at {p:g} and {high:g} at {r:g} the one at {q:g} must lie "
            f"above {least:.4g} and below {most:.4g}; mend it, or state two quantiles"
        )

    def quantile(self, u: Array) -> Array:
        return from_scale(metalog.metalog(np.asarray(u, dtype=np.float64), self._coefficients), self.scale)

    @property
    def bounds(self) -> tuple[float, float]:
        return _BOUNDS_OF_SUPPORT[self.support]

    @property
    def scale(self) -> Scale:
        return _SCALE_OF_SUPPORT[self.support]

    @property
    def tail_index(self) -> float:
        # Near u = 1 the logarithm grows as (a2 + a3 / 2) log(1 / (1 - u)).
        _, a2, a3 = self._coefficients
        return a2 + a3 / 2 if self.support == "positive" else 0.0
