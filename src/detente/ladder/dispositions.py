"""Moods read as dispositions: one for each draw, known to all, instead of one redrawn in private at every meeting.

A mood is a private type: at each meeting its chances are what the others believe. Where it is a disposition instead, the actor is of one type in the
whole draw, picked once with the same chances; so the chances are 0 and 1, and nothing else changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from detente.errors import InvalidInput, Problem
from detente.ladder.layout import Plan, key_of, lay_out_anew
from detente.ladder.model import CrisisGame

Floats = NDArray[np.float64]


def as_dispositions(plan: Plan, values: Floats, uniforms: Mapping[str, Floats]) -> tuple[Plan, Floats]:
    """A plan and its numbers in which the moods of some actors are dispositions.

    Parameters
    ----------
    plan : Plan
    values : array, draw x segment x slot
    uniforms : mapping
        `{actor: uniform numbers over draws}`. In every game the actor has the first mood where his number lies below its chance, then the next, in the
        order in which moods are listed: one number for all games.

    Raises
    ------
    InvalidInput
        If an actor has no moods in any game.
    """
    has_moods = {player for game in plan.ladder.games for player in game.moods}
    problems = [
        Problem(f"disposition.{actor}", f"{actor!r} has no moods", "there is nothing to make a disposition of", f"use one of {', '.join(sorted(has_moods))}")
        for actor in uniforms
        if actor not in has_moods
    ]
    if problems:
        raise InvalidInput(problems)

    def keyed(game: CrisisGame) -> CrisisGame:
        moods = {player: {mood: _key(game, player, mood) for mood in game.moods[player]} for player in game.moods if player in uniforms}
        return replace(game, moods={**game.moods, **moods})

    games = tuple(keyed(game) for game in plan.ladder.games)
    own, source = lay_out_anew(plan, replace(plan.ladder, games=games))
    wide = values[:, :, source]
    slots = {key_of(number): slot for slot, number in enumerate(own.numbers)}
    old = {key_of(number): slot for slot, number in enumerate(plan.numbers)}
    for game in plan.ladder.games:
        for player, moods in game.moods.items():
            if player in uniforms:
                stated = {mood: values[:, :, old[key_of(share)]] for mood, share in moods.items() if share is not None}
                for mood, has in _picked(moods, stated, uniforms[player][:, None], np.zeros(values.shape[:2])).items():
                    wide[:, :, slots[_key(game, player, mood)]] = has
    return own, wide


def _key(game: CrisisGame, player: str, mood: str) -> tuple[str, ...]:
    return ("disposition", game.name, player, mood)


def _picked(moods: Iterable[str], stated: Mapping[str, Floats], uniform: Floats, none: Floats) -> dict[str, Floats]:
    """1 in the draws that have a mood, else 0; one mood may take what the others leave."""
    rest = 1.0 - sum(stated.values(), none)
    picked, below, free = {}, none, none + 1.0
    for mood in moods:
        below = below + stated.get(mood, rest)
        picked[mood] = free * (uniform < below)
        free = free - picked[mood]
    # Rounding must not leave a draw without a mood.
    picked[mood] = picked[mood] + free
    return picked
