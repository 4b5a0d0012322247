"""Published theorems as numbers: how many counterexamples there are among games and models drawn at random. None is what the theorem says.

The equilibria are ours, derived from trees and orderings of the articles; so these rows test theorems on reconstructions.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np
from tests.games.build import random_crisis, random_escalation
from tests.games.judge import played

from detente import games
from detente.games.classic.closed_form import ClosedForm

DRAWS = 300
ROUNDING = 1e-12


def rng() -> np.random.Generator:
    return np.random.default_rng(1)


@cache
def signals() -> list[games.Signals]:
    """Fearon's model at random numbers."""
    random, found = rng(), []
    for win, share, challenged, value_high in random.uniform((0.1, 0.05, 0.02, 0.5), (0.9, 0.95, 0.98, 3.0), (DRAWS, 4)).tolist():
        found.append(games.costly_signals(win=win, cost=share * win * value_high, challenged=challenged, value_high=value_high))
    return found


def tied_hands_worth_less() -> float:
    return sum(one.tying_hands.value <= one.sinking_costs.value for one in signals())


def tied_hands_safer() -> float:
    return sum(one.tying_hands.war <= one.sinking_costs.war for one in signals())


@cache
def crises() -> list[tuple[games.ClassicGame, ClosedForm]]:
    """The classes of the tripartite crisis at random numbers."""
    random = rng()
    drawn = [random_crisis(random, *random.uniform(0.02, 0.98, 2)) for _ in range(2 * DRAWS)]
    return [(game, form) for game in drawn for form in game.closed_form()]


def commitments_without_a_credible_threat() -> float:
    """Plausible ones that deter, while the threat to realign is not credible: the defender would rather lose a loyal protege at times than fight."""
    deterring = [game.arguments for game, form in crises() if form.name == "commitment that deters" and form.plausible]
    assert deterring
    return sum(a["protege_disloyal"] < (a["defender_pl"] - a["defender_cf"]) / (a["defender_pl"] - a["defender_pr"]) for a in deterring)


def straddles_that_deter_the_determined() -> float:
    straddles = [form for _, form in crises() if form.name == "straddle"]
    assert straddles
    return sum(form.strategies["determined challenger, node 1"]["demand"] < 1 for form in straddles)


def conflicts_of_the_informed() -> float:
    """Limited or all-out conflicts in asymmetric escalation where everybody knows everybody's type."""
    random = rng()
    drawn = [random_escalation(random, 0.5, np.full(4, 0.25)) for _ in range(DRAWS)]
    return sum(end not in ("SQ", "DC") for game in drawn for _, end in played(game, game.root))


def reliable_alliances_attacked_more() -> float:
    """Draws of numbers at which a more reliable alliance is attacked and a less reliable one is not."""
    random = rng()

    def attacked(at: dict[str, float]) -> Iterator[bool]:
        for reneging in np.linspace(0.01, 0.99, 25):
            yield games.alliance_reliability(**at, ally_value=0.0, reneging_cost=reneging, ally_cost_high=1.0).attacked

    worse = 0
    for alone, helped, cost, attacker in random.uniform((0.05, 0.05, 0.1, 0.1), (0.5, 0.45, 0.9, 0.9), (DRAWS, 4)).tolist():
        row = list(attacked({"win_alone": alone, "win_helped": alone + helped, "target_value": 1.0, "target_cost": cost, "attacker_cost": attacker}))
        worse += row != sorted(row, reverse=True)
    return worse


@cache
def contests() -> list[tuple[float, float, dict[str, float]]]:
    """Costs of disaster, the lower one first, and shapes of risk."""
    numbers = rng().uniform((0.2, 0.2, 0.3, 1.0), (5.0, 5.0, 1.0, 3.0), (DRAWS, 4)).tolist()
    return [(min(one, other), max(one, other), {"risk_scale": scale, "risk_curve": curve}) for one, other, scale, curve in numbers]


def power_where_resolve_favours_the_defender() -> float:
    """Draws of numbers at which a challenger brings no less power to bear if the two costs of disaster are exchanged in his favour."""
    return sum(
        games.power_and_risk(challenger_cost=high, defender_cost=low, **shape).power[0]
        >= games.power_and_risk(challenger_cost=low, defender_cost=high, **shape).power[0]
        for low, high, shape in contests()
    )


def outbid_challengers() -> float:
    """Draws of numbers at which a challenger whom the defender surpasses in resolve would rather quit than run all the risk that his power allows."""
    chosen = [games.power_and_risk(challenger_cost=high, defender_cost=low, **shape) for low, high, shape in contests()]
    return sum(not one.defender_quits and one.value < -ROUNDING for one in chosen)


def violence_where_it_is_riskier() -> float:
    """Draws of numbers at which a sharper rise of risk with power lets a challenger who meets resistance bring more power."""
    worse = 0
    for low, high, shape in contests():
        calm = games.power_and_risk(challenger_cost=high, defender_cost=low, **shape)
        sharp = games.power_and_risk(challenger_cost=high, defender_cost=low, **{**shape, "risk_scale": min(1.0, 1.3 * shape["risk_scale"])})
        worse += not calm.defender_quits and not sharp.defender_quits and sharp.power[0] > calm.power[0] + ROUNDING
    return worse
