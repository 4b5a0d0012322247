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
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from report import Comparison, Figure, Report, Row, publish
from scipy.optimize import root
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


def by_scipy(payoffs: Floats, chance: Floats) -> Floats:
    """The two-sided games by SciPy's root finder on log-odds, precision raised in twenty steps from 0: `draw x (first, reply, last by type)`.

    Probabilities of the first action; the equations are written out for this tree.
    """
    prior = chance.reshape(2, 2)

    def residual(y: Floats, precision: float, u: Floats) -> Floats:
        p = 1.0 / (1.0 + np.exp(-y))
        challenge, resist, press = p[:2], p[2:4], p[4:]
        met = prior * resist
        belief = met / met.sum(axis=1, keepdims=True)
        ending = press[:, None, None] * u[:, :, 0] + (1.0 - press)[:, None, None] * u[:, :, 1]
        last = (belief * (u[:, :, 0, 0] - u[:, :, 1, 0])).sum(axis=1)
        came = prior * challenge[:, None]
        of_challenger = came / came.sum(axis=0, keepdims=True)
        reply = (of_challenger * (ending[:, :, 1] - u[:, :, 2, 1])).sum(axis=0)
        after = resist * ending[:, :, 0] + (1.0 - resist) * u[:, :, 2, 0]
        own = prior / prior.sum(axis=1, keepdims=True)
        first = (own * (after - u[:, :, 3, 0])).sum(axis=1)
        return y - precision * np.concatenate([first, reply, last])

    found = []
    for one in payoffs:
        y, u = np.zeros(6), one.reshape(2, 2, 4, 2)
        for precision in np.linspace(0.0, PRECISION, 21)[1:]:
            y = root(residual, y, (precision, u)).x
        found.append(1.0 / (1.0 + np.exp(-y)))
    return np.array(found)


def beside_nashpy(games: int = 20) -> Comparison:
    """All Nash equilibria of simultaneous games of three actions a side. Ours come with certificates and beliefs; Nashpy enumerates vertices.

    Its `support_enumeration` (0.0.43) leaves out mixed equilibria of some of these games, and warns that they are degenerate, which none is.
    """
    random = np.random.default_rng(2)
    tables = random.normal(size=(games, 2, 3, 3))

    def tree(table: Floats) -> Game:
        replies = [Decision(1, "column", tuple((f"c{c}", Terminal(3 * r + c)) for c in range(3))) for r in range(3)]
        root = Decision(0, "row", tuple((f"r{r}", replies[r]) for r in range(3)))
        return Game("bimatrix", ("row", "column"), root, (), np.stack([table[0].ravel(), table[1].ravel()], axis=1))  # type: ignore[arg-type]

    trees = [tree(table) for table in tables]
    title = "Nash equilibria of games of three actions a side"
    rows = [Row("détente, certified", games, core_seconds(lambda: [game.equilibria() for game in trees]))]
    try:
        import nashpy
    except ImportError as error:
        return Comparison(title, "games", rows, None, [f"Nashpy is not installed ({error})"])
    theirs = [nashpy.Game(*table) for table in tables]
    rows.append(Row("Nashpy, vertex_enumeration", games, core_seconds(lambda: [list(game.vertex_enumeration()) for game in theirs])))
    counts = [(len(game.equilibria()), len(list(other.vertex_enumeration()))) for game, other in zip(trees, theirs, strict=True)]
    return Comparison(title, "games", rows, None, [f"{sum(a == b for a, b in counts)} of {games} have the same number of equilibria"])


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
    comparison = beside_gambit(f"Logit equilibria at precision {PRECISION:g}, games that differ", different, texts)
    behaviour = quantal_response(different, PRECISION, threads=1).behaviour
    sets = [*behaviour["Challenger"], *behaviour["Defender"]]
    by_order = np.stack([np.asarray(next(iter(infoset.values()))) for infoset in sets], axis=1)[:FEW]
    plain = by_scipy(payoffs[:FEW], chance)
    alike = int((np.abs(np.sort(plain, axis=1) - np.sort(by_order, axis=1)).max(axis=1) < 1e-6).sum())
    comparison = replace(
        comparison, rows=[*comparison.rows, Row("SciPy, root in twenty steps", FEW, core_seconds(lambda: by_scipy(payoffs[:FEW], chance)))],
        notes=[*comparison.notes, f"SciPy ends on the same equilibrium in {alike} of {FEW}"],
    )  # fmt: skip
    comparisons = [comparison, beside_nashpy()]
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
