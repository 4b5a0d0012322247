"""Ladders for tests: random ones of any size, and those of the shared vectors."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from detente.ladder import CrisisGame, Ladder, Move, Rung


def random_ladder(seed: int, draws: int | None = None, levels: int = 5, precision: float = 3.0, segments: int | None = None) -> Ladder:
    """Three actors, moods on both sides, a crisis tagged by its episode, chance moves up and down; numbers are arrays over draws if `draws` is given."""
    random = np.random.default_rng(seed)
    shape = () if draws is None else (draws,) if segments is None else (draws, segments)

    def number(low: float, high: float) -> Any:
        drawn = random.uniform(low, high, shape)
        return float(drawn) if draws is None else drawn

    names = ["calm", "challenge_crisis", "chance_crisis", *(f"war_{k}" for k in range(levels - 3)), "end"]
    rungs = tuple(
        Rung(name, "crisis" if name.endswith("crisis") else None, final=name == "end", episode="opening" if name == "challenge_crisis" else None)
        for name in names
    )
    moves = [Move("accident", "calm", "chance_crisis", number(0.05, 1.0)), Move("settles", "challenge_crisis", "chance_crisis", number(0.5, 2.0))]
    for low, high in pairwise(names[2:]):
        moves.append(Move(f"{low} worsens", low, high, number(0.02, 0.3), {"guarantor": number(-0.2, 0.0)}))
        moves.append(Move(f"{low} ends", low, "calm", number(0.5, 3.0)))
    games = [
        CrisisGame(
            "opening", "calm", number(0.3, 3.0),
            {"challenger": {
                "abstain": {},
                "challenge": {"protege": {
                    "yield": {"to": "calm", "payoff": {"challenger": {"hard": number(0.5, 1.0), "soft": number(0.0, 0.5)}, "protege": number(-1.0, 0.0)}},
                    "resist": {"guarantor": {
                        "withhold": {"to": "calm", "payoff": {"challenger": number(0.0, 1.0), "guarantor": number(-0.5, 0.0)}},
                        "support": {"to": "challenge_crisis", "origin": "challenge", "payoff": {"guarantor": {"firm": 0.0, "weak": number(-1.0, 0.0)}}},
                    }},
                }},
            }},
            {"challenger": {"hard": number(0.1, 0.6), "soft": None}, "guarantor": {"firm": number(0.3, 0.9), "weak": None}},
            {"yield": number(0.2, 1.0)},
        )
    ]  # fmt: skip
    for place in names[1:-1]:
        after = names[max(3, names.index(place) + 1)]
        games.append(
            CrisisGame(
                f"bargain on {place}", place, number(1.0, 8.0),
                {"guarantor": {
                    "concede": {"to": "calm", "payoff": {"guarantor": number(-1.0, 0.0), "challenger": number(0.0, 1.0)}},
                    "hold": {"challenger": {
                        "back_down": {"to": "calm", "payoff": {"challenger": {"hard": number(-1.0, 0.0), "soft": number(-0.5, 0.0)}}},
                        "wait": {},
                        "strike": {"to": after, "trigger": "strike", "payoff": {"challenger": {"hard": number(-0.5, 0.5), "soft": number(-2.0, 0.0)}}},
                    }},
                    "reinforce": {"challenger": {
                        "back_down": {"to": "calm", "payoff": {"guarantor": {"firm": 0.0, "weak": number(-0.3, 0.0)}}},
                        "strike": {"to": after, "trigger": "preempt", "payoff": {"challenger": {"hard": number(-1.0, 0.0), "soft": number(-2.0, 0.0)}}},
                    }},
                }},
                {"challenger": {"hard": number(0.1, 0.6), "soft": None}, "guarantor": {"firm": number(0.3, 0.9), "weak": None}},
                {"strike": number(0.2, 1.0)},
            )
        )  # fmt: skip
    actors = ("challenger", "guarantor", "protege")
    flow = {name: {actor: number(-2.0, -0.1) * (k + 1) for actor in actors} for k, name in enumerate(names[1:])}
    return Ladder(
        rungs, actors, tuple(moves), tuple(games), flow, {actor: number(0.05, 0.3) for actor in actors},
        {actor: number(0.5 * precision, 1.5 * precision) for actor in actors},
    )  # fmt: skip


def vector_ladder(vector: dict[str, Any]) -> Ladder:
    """A ladder of vectors/markov_qre.json."""
    rates, actors, names = np.array(vector["rates"]), ("a", "b"), [f"rung_{k}" for k in range(5)]
    games = []
    for rung, mover in enumerate(vector["mover"]):
        if mover is not None:
            ends = {
                f"action_{k}": {"to": names[target], "payoff": dict(zip(actors, vector["lump"][rung][k], strict=True))}
                for k, target in enumerate(vector["targets"][rung])
            }
            games.append(CrisisGame(f"choice on {names[rung]}", names[rung], vector["tempo"], {actors[mover]: ends}))
    return Ladder(
        tuple(Rung(name, final=name == names[4]) for name in names),
        actors,
        tuple(Move(f"{names[s]} to {names[t]}", names[s], names[t], float(rates[s, t])) for s, t in zip(*np.nonzero(rates), strict=True)),
        tuple(games),
        {name: dict(zip(actors, vector["flow"][rung], strict=True)) for rung, name in enumerate(names)},
        dict.fromkeys(actors, vector["discount"]),
        dict.fromkeys(actors, vector["precision"]),
    )


@pytest.fixture(scope="session")
def make_ladder() -> Callable[..., Ladder]:
    """`random_ladder`."""
    return random_ladder


@pytest.fixture(scope="session")
def make_vector_ladder() -> Callable[..., Ladder]:
    """`vector_ladder`."""
    return vector_ladder
