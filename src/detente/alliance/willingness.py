"""How ready each government is to send forces, as log-odds, before it sees the others.

    eta_i = base + slope (logit(support_i) + wording) + exposure exposed_i + forward troops_i - doubt

`support_i` is the share of the public that would have its country use force for an ally; `slope` turns log-odds among the public into those of a
government, and may be 0 or below, for elites have acted against their publics; `exposed_i` says how near the ally is to a reply and `exposure` whether
that makes it more ready or less; `troops_i` whether it has troops of its own in the country attacked; `doubt` what is lost while it is unclear who attacks.

Refused: support of 0 or less, or of 1 or more: a poll that finds no dissent has no log-odds.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detente.errors import InvalidInput, Problem


def willingness(
    support: ArrayLike, *, base: ArrayLike = 0.0, slope: ArrayLike = 1.0, wording: ArrayLike = 0.0, exposure: ArrayLike = 0.0, exposed: ArrayLike = 0.0,
    forward: ArrayLike = 0.0, troops: ArrayLike = 0.0, doubt: ArrayLike = 0.0,
) -> NDArray[np.float64]:  # fmt: skip
    """Log-odds of sending forces.

    Parameters
    ----------
    support : array, draw x ally
        Shares between 0 and 1.
    exposed, troops : array, ally
    base, slope, wording, exposure, forward, doubt : array, draw, or float

    Returns
    -------
    array, draw x ally

    Raises
    ------
    InvalidInput
        If a share of support is not strictly between 0 and 1.

    Examples
    --------
    >>> from detente.alliance import willingness
    >>> willingness([[0.5, 0.6]], slope=0.5, forward=1.0, troops=[1, 0]).round(3).tolist()
    [[1.0, 0.203]]
    """
    share = np.atleast_2d(np.asarray(support, dtype=float))
    if not ((share > 0) & (share < 1)).all():
        raise InvalidInput(Problem("support", "a share is not between 0 and 1", "it has no log-odds", "give shares above 0 and below 1"))
    base, slope, wording, exposure, forward, doubt = (
        np.atleast_1d(np.asarray(one, dtype=float))[:, None] for one in (base, slope, wording, exposure, forward, doubt)
    )
    return np.asarray(base + slope * (np.log(share) - np.log1p(-share) + wording) + exposure * np.asarray(exposed) + forward * np.asarray(troops) - doubt)
