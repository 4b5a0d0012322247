"""Games for tests."""

from __future__ import annotations

import numpy as np

from detente.games import Chance, Decision, Game, Node, Terminal


def random_game(seed: int, kinds: int = 2, actions: int = 2, replies: int = 3, draws: int | None = None) -> Game:
    """Nature gives Ann a kind that only she sees; she acts, Bob replies to the action, and Ann acts once more without having seen the reply."""
    random = np.random.default_rng(seed)
    outcomes = 0

    def end() -> Node:
        nonlocal outcomes
        outcomes += 1
        return Terminal(outcomes - 1)

    def last(kind: int, action: int) -> Node:
        return Decision(0, ("again", kind, action), tuple((f"last {k}", end()) for k in range(actions)))

    def reply(kind: int, action: int) -> Node:
        return Decision(1, ("reply", action), tuple((f"reply {k}", last(kind, action)) for k in range(replies)))

    root = Chance(
        tuple(
            (kind, f"kind {kind}", Decision(0, ("first", kind), tuple((f"act {k}", reply(kind, k)) for k in range(actions)))) for kind in range(kinds)
        )
    )
    shape = (outcomes, 2) if draws is None else (draws, outcomes, 2)
    return Game(f"random {seed}", ("Ann", "Bob"), root, random.dirichlet(np.full(kinds, 4.0)), random.uniform(-3.0, 3.0, shape))  # type: ignore[arg-type]
