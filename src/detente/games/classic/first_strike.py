"""Kent and Thaler's index of first-strike stability: what striking first costs against what being struck first costs."""

from __future__ import annotations

from dataclasses import dataclass

from detente.games.classic.entry import classic_model


@dataclass(frozen=True)
class StrikeStability:
    """Each factor is the least probability of an enemy attack at which going first is the lesser cost; near 1 nobody gains by going first.

    Attributes
    ----------
    a_factor, b_factor : float
        Cost of striking first as a share of the cost of being struck first.
    index : float
        Their product.
    """

    a_factor: float
    b_factor: float

    @property
    def index(self) -> float:
        return self.a_factor * self.b_factor


@classic_model(
    "First-strike stability index",
    players=("A", "B"),
    information="complete",
    citation="Kent and Thaler (1989), First-Strike Stability: A Methodology for Evaluating Strategic Forces, RAND R-3765-AF",
    provenance="formula at second hand (a public program that quotes the report's pages); reading of the factors derived",
    probabilities=("a_damage_a_first", "b_damage_a_first", "a_damage_b_first", "b_damage_b_first"),
    orderings=("a_damage_b_first + 1 > b_damage_b_first", "b_damage_a_first + 1 > a_damage_a_first"),
)
def strike_stability(*, a_damage_a_first: float, b_damage_a_first: float, a_damage_b_first: float, b_damage_b_first: float) -> StrikeStability:
    """The index, from the shares of each side's value that are destroyed if A, and if B, strikes first.

    The cost of a side is own^0.75 + 0.3 (1 - enemy^0.75), with shares of value destroyed.

    Parameters
    ----------
    a_damage_a_first, b_damage_a_first, a_damage_b_first, b_damage_b_first : float
        Whose damage, and who strikes first; shares from 0 to 1.

    Examples
    --------
    >>> from detente import games
    >>> stability = games.strike_stability(a_damage_a_first=0.7, b_damage_a_first=0.8, a_damage_b_first=0.8, b_damage_b_first=0.7)
    >>> round(stability.index, 6)
    0.784348
    """
    return StrikeStability(
        _cost(a_damage_a_first, b_damage_a_first) / _cost(a_damage_b_first, b_damage_b_first),
        _cost(b_damage_b_first, a_damage_b_first) / _cost(b_damage_a_first, a_damage_a_first),
    )


def _cost(own: float, enemy: float) -> float:
    return float(own**0.75 + 0.3 * (1 - enemy**0.75))
