"""Logit equilibria: games solved by détente beside Gambit, and ladders of baltic-2021.

The games have two sides of two types each, who move in turn: challenge or abstain, resist or concede, press or back down. Both programs follow the
principal branch to the same precision; reading the games is not timed. détente solves many draws of one tree at a time, which is how it is used, Gambit
one game at a time. First the game of the issue is solved again and again, then games that all differ, whose paths are of different lengths.
Reference: Savani and Turocy (2025), Gambit, https://www.gambit-project.org.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from report import Comparison, Figure, Report, Row, publish
from timing import core_seconds

from detente.ensemble.draws import draw
from detente.games import Chance, Decision, Game, Terminal, dumps, loads, quantal_response
from detente.ladder import Status, solve
from detente.scenario import load

PRECISION = 20.0
DRAWS, FEW = 10_000, 20
LADDERS = 2_048
TARGET = 100.0
Floats = NDArray[np.float64]


def by_gambit(texts: list[str]) -> tuple[Callable[[], list[Any]], Floats]:
    """A function that solves games, given as .efg text, and the probabilities of all actions that it finds. ImportError where Gambit is missing."""
    import pygambit

    games = [pygambit.read_efg(io.BytesIO(text.encode())) for text in texts]

    def work() -> list[Any]:
        return [pygambit.qre.logit_solve_lambda(game, [PRECISION]) for game in games]

    found = [
        [float(probability) for player in game.players for _, actions in point.profile[player] for _, probability in actions]
        for game, (point,) in zip(games, work(), strict=True)
    ]
    return work, np.array(found)


def ours(game: Game) -> Floats:
    """The same: `draw x action`."""
    behaviour = quantal_response(game, PRECISION, threads=1).behaviour
    columns = [np.atleast_1d(column) for infosets in behaviour.values() for infoset in infosets for column in infoset.values()]
    return np.stack(columns, axis=1)


def beside_gambit(title: str, game: Game, texts: list[str]) -> Comparison:
    """`texts` are the first draws of the game."""
    rows = [Row("détente", DRAWS, core_seconds(lambda: quantal_response(game, PRECISION, threads=1)))]
    certified = DRAWS / core_seconds(lambda: quantal_response(game, PRECISION, threads=1).certificate)
    solved = ours(game)
    notes = [f"{np.isfinite(solved).all(axis=1).sum():,} of {DRAWS:,} converged", f"with certificates {certified:,.0f} a core-second"]
    try:
        theirs, found = by_gambit(texts)
    except ImportError as error:
        return Comparison(title, "games", rows, TARGET, [*notes, f"Gambit is not installed ({error})"])
    rows.append(Row("Gambit, logit_solve_lambda", len(texts), core_seconds(theirs)))
    difference = np.abs(found - solved[: len(texts)]).max(axis=1)
    notes.append(f"{(difference < 1e-6).sum()} of {len(texts)} agree to 1e-6; the largest difference is {difference.max():.1e}")
    return Comparison(title, "games", rows, TARGET, notes)


def two_sided() -> Chance:
    """The tree: types (challenger, defender), then the three choices."""

    def play(c: int, d: int) -> Decision:
        first = 4 * (2 * c + d)
        last = Decision(0, ("last", c), (("press", Terminal(first)), ("back", Terminal(first + 1))))
        reply = Decision(1, ("reply", d), (("resist", last), ("concede", Terminal(first + 2))))
        return Decision(0, ("first", c), (("challenge", reply), ("abstain", Terminal(first + 3))))

    return Chance(tuple((2 * c + d, f"{c}{d}", play(c, d)) for c in range(2) for d in range(2)))


def main() -> None:
    random = np.random.default_rng(1)
    payoffs = random.uniform(-3.0, 3.0, (DRAWS, 16, 2))
    chance = np.outer([0.6, 0.4], [0.6, 0.4]).ravel()
    names = ("Challenger", "Defender")
    different = Game("two-sided", names, two_sided(), chance, payoffs)
    texts = [dumps(Game("two-sided", names, two_sided(), chance, one)) for one in payoffs[:FEW]]
    comparisons = [beside_gambit(f"Logit equilibria at precision {PRECISION:g}, games that differ", different, texts)]
    stated = Path(os.environ.get("DETENTE_SHARED") or Path(__file__).parents[2] / "shared") / "vectors" / "aqre" / "game00.efg"
    if stated.is_file():
        text = stated.read_text(encoding="utf-8")
        one = loads(text)
        many = Game(one.title, one.players, one.root, one.chance, np.broadcast_to(one.payoffs, (DRAWS, *one.payoffs.shape)))
        comparisons.insert(0, beside_gambit(f"Logit equilibria at precision {PRECISION:g}, vectors/aqre/game00.efg", many, [text] * FEW))
    model = load("baltic-2021")
    values = draw(model, 1, 0, LADDERS).values
    # A segment whose numbers are those of an earlier one is copied, not solved.
    count = int((solve(model.plan, values, threads=1).status != Status.COPIED).sum())
    spent = core_seconds(lambda: solve(model.plan, values, threads=1))
    ladder = Figure("Ladder equilibria of baltic-2021", count / spent, "a core-second", note="one thread; a draw has one a calendar segment")
    publish(Report("equilibrium", comparisons, [ladder]))


if __name__ == "__main__":
    main()
