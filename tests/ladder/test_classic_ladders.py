"""Ladders with a closed form: the threat that leaves something to chance, and choice that may be made at any instant."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from detente.ladder import Choice, CrisisGame, Ladder, Move, Rung, choices, solve

GAIN, DISASTER, LOSS, WRECK, SLOW = 1.0, 4.0, 2.0, 10.0, 1e-9


def threat(chance: float, undeterrable: float, precision: float) -> dict[tuple[str, str | None], Choice]:
    """Schelling's threat: a defied threatener gives in at one rate while disaster comes at another, so that chance q is their share."""
    ends = ("quiet", "complied", "given in", "disaster")
    tree = {
        "threatener": {
            "give in": {"to": "given in", "payoff": {"threatener": -LOSS}},
            "threaten": {"adversary": {
                "comply": {"to": "complied", "payoff": {"adversary": {"deterrable": 0.0, "undeterrable": -1000.0}}},
                "defy": {"to": "defied"},
            }},
        }
    }  # fmt: skip
    ladder = Ladder(
        (Rung("dispute"), Rung("defied"), *(Rung(name, final=True) for name in ends[1:])), ("threatener", "adversary"),
        (
            Move("loses control", "defied", "disaster", 12.0 * chance, {"adversary": -DISASTER, "threatener": -WRECK}),
            Move("gives in", "defied", "given in", 12.0 * (1 - chance), {"adversary": GAIN, "threatener": -LOSS}),
        ),
        (CrisisGame("threat", "dispute", 1.0, tree, {"adversary": {"undeterrable": undeterrable, "deterrable": None}}),),
        discount=dict.fromkeys(("threatener", "adversary"), SLOW), precision=dict.fromkeys(("threatener", "adversary"), precision),
    )  # fmt: skip
    return {(choice.player, choice.mood): choice for choice in choices(solve(ladder))}


def taken(found: dict[tuple[str, str | None], Choice], player: str, mood: str | None, action: str) -> float:
    return next(option.probability for option in found[player, mood].actions if option.name == action)


@pytest.mark.parametrize(("chance", "undeterrable"), [(0.1, 0.5), (0.22, 0.5), (0.4, 0.2), (0.9, 0.8)])
def test_the_threat_that_leaves_something_to_chance(chance: float, undeterrable: float) -> None:
    """At precision 2, by hand: the adversary expects (1 - q) g - q D_A from defiance, the threatener the mean over both kinds."""
    found = threat(chance, undeterrable, 2.0)
    defies = 1 / (1 + np.exp(-2.0 * ((1 - chance) * GAIN - chance * DISASTER)))
    defied = undeterrable + (1 - undeterrable) * defies
    threatens = 1 / (1 + np.exp(-2.0 * (LOSS - defied * (chance * WRECK + (1 - chance) * LOSS))))
    assert taken(found, "adversary", "deterrable", "defy") == pytest.approx(defies, rel=1e-7)
    assert taken(found, "adversary", "undeterrable", "defy") == pytest.approx(1.0, abs=1e-12)
    assert taken(found, "threatener", None, "threaten") == pytest.approx(threatens, rel=1e-7)


@pytest.mark.parametrize(
    ("undeterrable", "usable"),
    [(0.3, [0.21, 0.3, 0.58]), (0.5, [0.21, 0.24]), (0.55, [0.203]), (0.56, [])],
)
def test_a_threat_must_be_effective_and_acceptable(undeterrable: float, usable: list[float]) -> None:
    """With sharp choice it is made if g/(g + D_A) = 0.2 < q < L(1 - phi) / (phi (D_T - L)): 0.583, 0.25, 0.2045; above phi = 5/9 by no q."""
    grid = [0.1, 0.19, 0.203, 0.21, 0.24, 0.26, 0.3, 0.58, 0.59, 0.8]
    made = [q for q in grid if taken(threat(q, undeterrable, 5000.0), "threatener", None, "threaten") > 0.5]
    bound = LOSS * (1 - undeterrable) / (undeterrable * (WRECK - LOSS))
    assert made == [q for q in grid if 0.2 < q < bound]
    assert set(usable) <= set(made) and bool(made) == bool(usable)


RUNGS, ACTORS, LAMBDA, RHO = ("low", "middle", "high"), ("a", "b"), 2.5, 0.15


def dense(k: float, seed: int = 4) -> tuple[Ladder, dict[str, Any]]:
    """Two actors on three rungs may stay, climb or leave; they are asked k times as often, and the weights of what leaves are k times as small."""
    random = np.random.default_rng(seed)
    tempo, weight, paid = random.uniform(2.0, 6.0, (2, 3)), random.uniform(0.1, 0.6, (2, 3, 2)), random.uniform(-0.5, 0.5, (2, 3, 2))
    flow, fade = random.uniform(-1.0, 0.5, (5, 2)), random.uniform(0.2, 1.0, 3)
    names = (*RUNGS, "peace", "war")
    games = tuple(
        CrisisGame(
            f"{actor} on {rung}", rung, k * tempo[i, s],
            {actor: {"stay": {}, "leave": {"to": "peace", "payoff": {actor: paid[i, s, 0]}}, "climb": {"to": (*RUNGS, "war")[s + 1], "payoff": {actor: paid[i, s, 1]}}}},
            weights={"leave": weight[i, s, 0] / k, "climb": weight[i, s, 1] / k},
        )
        for i, actor in enumerate(ACTORS) for s, rung in enumerate(RUNGS)
    )  # fmt: skip
    ladder = Ladder(
        tuple(Rung(name, final=name in ("peace", "war")) for name in names), ACTORS, tuple(Move(f"{rung} fades", rung, "peace", fade[s]) for s, rung in enumerate(RUNGS)), games,
        {name: dict(zip(ACTORS, flow[s], strict=True)) for s, name in enumerate(names)}, dict.fromkeys(ACTORS, RHO), dict.fromkeys(ACTORS, LAMBDA),
    )  # fmt: skip
    return ladder, {"tempo": tempo, "weight": weight, "paid": paid, "flow": flow, "fade": fade}


def instant(tempo: Any, weight: Any, paid: Any, flow: Any, fade: Any) -> NDArray[np.float64]:
    """The limit, in NumPy: actor i leaves s by a at the rate tempo w exp(lambda (paid + V_i(target) - V_i(s))), as staying has all of the weight."""
    value = np.concatenate([np.zeros((3, 2)), flow[3:] / RHO])
    for _ in range(100_000):
        generator, income = np.zeros((5, 5)), flow.copy()
        generator[range(3), 3] += fade
        for i in range(2):
            for s in range(3):
                for a, target in enumerate((3, (1, 2, 4)[s])):
                    rate = tempo[i, s] * weight[i, s, a] * np.exp(LAMBDA * (paid[i, s, a] + value[target, i] - value[s, i]))
                    generator[s, target] += rate
                    income[s, i] += rate * paid[i, s, a]
        step = np.linalg.solve(np.diag(RHO + generator.sum(axis=1)) - generator, income) - value
        if np.abs(step).max() < 1e-14:
            break
        value = value + 0.2 * step
    return value


def test_choice_at_ever_more_meetings_converges_if_leaving_weighs_ever_less() -> None:
    """Tempo x k with leaving weights / k: the distance from choice at any instant falls as 1 / k."""
    limit = instant(**dense(1.0)[1])
    distance = [np.abs(solve(dense(k)[0]).value[0, 0] - limit).max() for k in (10.0, 100.0, 1000.0, 10_000.0)]
    assert distance[0] > 1e-3
    assert [a / b for a, b in pairwise(distance)] == pytest.approx([10.0, 10.0, 10.0], rel=0.15)
