"""What each group adds: how much less likely enough is committed if what the group brings counts for nothing.

    contribution(g) = P(enough) - P(enough, capability of g taken as 0, choices as they are)

The group still decides, and others still see it: what is measured is its capability, not its example. That of the leader's example is the difference
between `Response.enough_given` with and without it. Contributions do not add up to P(enough): where two groups can each do without the other, neither
adds anything by itself.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detente.alliance.model import Alliance
from detente.alliance.response import respond


def contributions(alliance: Alliance, logit: ArrayLike, **numbers: Any) -> NDArray[np.float64]:
    """Loss of probability that enough is committed, group by group.

    Parameters
    ----------
    alliance, logit, numbers
        As for `respond`.

    Returns
    -------
    array, draw x clock x group

    Examples
    --------
    Two allies who are sure to send half of what is there each; with one half enough, each can be spared.

    >>> from detente.alliance import Alliance, Ally, contributions
    >>> two = Alliance(allies=(Ally("a", "first", (1.0,), certain=True), Ally("b", "second", (1.0,), certain=True)), groups=("first", "second"),
    ...     clocks=("day 30",), delivered=((0.0,), (1.0,)), levels=("nothing", "forces"), consensus="forces")
    >>> contributions(two, [[0.0, 0.0]], cuts=[[0.0]], threshold=[[0.5], [0.6]]).tolist()
    [[[0.0, 0.0]], [[1.0, 1.0]]]
    """
    whole = respond(alliance, logit, **numbers).enough
    return np.stack([whole - respond(alliance, logit, **numbers, without=group).enough for group in alliance.groups], axis=2)
