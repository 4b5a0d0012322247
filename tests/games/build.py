"""Games for tests."""

from __future__ import annotations

import numpy as np

from detente.games import Chance, Decision, Game, Node, Terminal, asymmetric_escalation, catalogue, tripartite_crisis
from detente.games.classic.entry import ClassicGame


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


def random_tree(seed: int, players: int = 4, most_decisions: int = 10) -> Game:
    """A tree of any shape: chance anywhere, and information sets of nodes whose mover has the same memory of his own moves, so that recall is perfect."""
    random = np.random.default_rng(seed)
    names = tuple(f"player {k}" for k in range(players))
    chances: list[float] = []
    left = [most_decisions]
    ends = [0]

    def node(depth: int, memories: tuple[tuple[object, ...], ...]) -> Node:
        if depth == 0 or left[0] <= 0 or (depth < 4 and random.random() < 0.25):
            ends[0] += 1
            return Terminal(ends[0] - 1)
        width = int(random.integers(2, 4))
        if random.random() < 0.2:
            first = len(chances)
            chances.extend(random.dirichlet(np.full(width, 3.0)))
            return Chance(tuple((first + k, f"chance {k}", node(depth - 1, memories)) for k in range(width)))
        left[0] -= 1
        player = int(random.integers(players))
        infoset = (player, memories[player], width, int(random.integers(2)))
        after = [tuple((*memory, (infoset, k)) if who == player else memory for who, memory in enumerate(memories)) for k in range(width)]
        return Decision(player, infoset, tuple((f"action {k}", node(depth - 1, after[k])) for k in range(width)))

    while True:
        chances.clear()
        left[0], ends[0] = most_decisions, 0
        root = node(5, ((),) * players)
        if left[0] <= most_decisions - 2:
            break
    return Game(f"tree {seed}", names, root, np.array(chances), random.uniform(-2.0, 2.0, (ends[0], players)))


def _drawn(chain: str, random: np.random.Generator) -> dict[str, float]:
    """Payoffs for an ordering, largest first, at least 0.05 apart."""
    names = chain.split(" > ")
    numbers = np.sort(random.uniform(0, 1, len(names))) + 0.05 * np.arange(len(names))
    return dict(zip(reversed(names), numbers.tolist(), strict=True))


def random_escalation(random: np.random.Generator, hard: float, kinds: np.ndarray) -> ClassicGame:
    """An asymmetric escalation game whose payoffs fulfil its orderings."""
    (entry,) = catalogue(name="asymmetric_escalation")
    worth = {name: value for chain in entry.orderings[:2] for name, value in _drawn(chain, random).items()}
    return asymmetric_escalation(challenger_hard=hard, defender_hh=kinds[0], defender_hs=kinds[1], defender_sh=kinds[2], **worth)


def random_crisis(random: np.random.Generator, determined: float, disloyal: float) -> ClassicGame:
    """A tripartite crisis whose payoffs fulfil its orderings."""
    worth = _drawn("challenger_cf_determined > challenger_cc > challenger_cf_hesitant", random)
    worth |= _drawn("defender_pl > defender_cf > defender_pr", random) | _drawn("protege_cc > protege_se > protege_pl", random)
    worth |= {"challenger_sq": random.uniform(), "challenger_se": random.uniform()}
    worth |= {name: worth["challenger_sq"] + random.uniform(0.05, 0.8) for name in ("challenger_pl", "challenger_pr")}
    worth |= {"defender_cc": worth["defender_cf"] + random.uniform(0.05, 0.8), "protege_cf": worth["protege_cc"] - random.uniform(0.05, 0.8)}
    worth |= {"protege_pr_disloyal": worth["protege_pl"] + random.uniform(0.05, 0.8), "protege_pr_loyal": worth["protege_pl"] - 0.1}
    return tripartite_crisis(challenger_determined=determined, protege_disloyal=disloyal, **worth)
