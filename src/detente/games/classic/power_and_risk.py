"""Power against risk under complete information, after Powell: more power wins more likely and lets more risk of disaster be run.

The challenger brings power p, which is his probability of winning; up to r(p) = scale p^curve of risk can then be generated. A side with cost n of disaster
is willing to run all of it if (1 - r) x (its probability of winning) >= r n. If both are willing they fight at that risk; if one is, the other quits; if
neither is, the side with the lower cost prevails.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from detente.games.classic.entry import classic_model


@dataclass(frozen=True)
class PowerChosen:
    """What the challenger does.

    Attributes
    ----------
    defender_quits : bool
    power : (float, float)
        Range of best choices: above the first (or at it, if both are the same) up to the second.
    risk : float
        Probability of disaster: 0 if the defender quits.
    value : float
        The challenger's, in units of the prize.
    """

    defender_quits: bool
    power: tuple[float, float]
    risk: float
    value: float


@classic_model(
    "Power and risk of disaster",
    players=("challenger", "defender"),
    information="complete",
    citation="Powell (2015), Nuclear brinkmanship, limited war, and military power, International Organization 69, 589-626",
    provenance="claims published (resolve that favours the defender limits the challenger's power); this reduction derived, not the article's equilibrium",
    probabilities=("highest_power",),
    orderings=("challenger_cost > 0", "defender_cost > 0", "1 >= risk_scale > 0", "risk_curve >= 1", "highest_power > 0"),
)
def power_and_risk(
    *, challenger_cost: float, defender_cost: float, risk_scale: float = 1.0, risk_curve: float = 2.0, highest_power: float = 1.0
) -> PowerChosen:
    """How much power a challenger brings to bear.

    Parameters
    ----------
    challenger_cost, defender_cost : float
        Costs of disaster, in units of the prize.
    risk_scale, risk_curve : float
        r(p) = risk_scale p^risk_curve.
    highest_power : float

    Examples
    --------
    >>> from detente import games
    >>> round(games.power_and_risk(challenger_cost=4, defender_cost=1).power[0], 6)
    0.119633
    """
    from scipy.optimize import brentq

    def risk(power: float) -> float:
        return float(risk_scale * power**risk_curve)

    def slope(power: float) -> float:
        return float(1 - (1 + risk_curve) * risk(power) - challenger_cost * risk_curve * risk_scale * power ** (risk_curve - 1))

    def challenger_willing(power: float) -> float:
        return float(1 - risk(power) - challenger_cost * risk_scale * power ** (risk_curve - 1))

    def defender_willing(power: float) -> float:
        return (1 - risk(power)) * (1 - power) - risk(power) * defender_cost

    def last(function: Callable[[float], float]) -> float:
        """The highest power at which a falling function is not negative."""
        if function(highest_power) >= 0:
            return highest_power
        return 0.0 if function(0.0) <= 0 else float(brentq(function, 0.0, highest_power, xtol=1e-14))

    quits_from = last(defender_willing)
    quits_to = highest_power if challenger_cost < defender_cost else last(challenger_willing)
    if quits_from < quits_to:
        return PowerChosen(True, (quits_from, quits_to), 0.0, 1.0)
    best = last(slope)
    return PowerChosen(False, (best, best), risk(best), (1 - risk(best)) * best - risk(best) * challenger_cost)
