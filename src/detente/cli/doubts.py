"""What the page says of other structures, of other equilibria, and of the sample that was traced again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from detente.cli.columns import columns, fitted
from detente.report.wording import LEAST, figure, percent, plain

MOVED = 0.05  # a level whose probability hangs on the equilibrium by more than this share is named
MOST_LEVELS = 6
LEAST_LEVELS = 2


@dataclass(frozen=True)
class Traced:
    """A sample that was solved again by continuation: how many could be followed, how many were elsewhere, and the 95 % interval of their share."""

    followed: int
    elsewhere: int
    interval: tuple[float, float]


@dataclass(frozen=True)
class Searched:
    """A search for further equilibria: see `detente.ensemble.doubts.Several`."""

    draws: int
    starts: int
    share: float
    interval: tuple[float, float]
    reach: Mapping[str, tuple[float, float, float]]


def readings_table(readings: Mapping[str, Mapping[str, float]], names: tuple[str, ...], width: int) -> list[str]:
    """Predictive probabilities of some levels as each structure reads the scenario: `{title: {name: probability}}`; the head first."""
    shown = names[-MOST_LEVELS:]
    while True:
        rows: list[tuple[str, ...]] = [("read otherwise (predictive %)", *map(plain, shown))]
        for title, reach in readings.items():
            rows.append((title, *(figure(reach[name]) if reach[name] >= LEAST else "–" for name in shown)))
        lines = columns(rows, "<" + ">" * len(shown), widest=width)
        if max(map(len, lines)) <= width:
            return lines
        if len(shown) <= LEAST_LEVELS:
            return [line for row in fitted(rows, "<" + ">" * len(shown), width) for line in row]
        shown = shown[1:]


def traced_text(traced: Traced) -> str:
    """How many of a sample lie on the principal branch."""
    low, high = (percent(share) for share in traced.interval)
    some = f"none on another branch (at most {high} of all draws)"
    if traced.elsewhere:
        some = f"{traced.elsewhere} of them on another branch ({low} to {high} of all draws)"
    return f"Traced again by continuation: {traced.followed:,} draw{'' if traced.followed == 1 else 's'}, {some}."


def searched_text(searched: Searched, names: Sequence[str]) -> str:
    """Whether results hang on which equilibrium is taken."""
    low, high = (percent(share) for share in searched.interval)
    text = f"Several equilibria: found in {percent(searched.share)} of {searched.draws:,} draws, each searched from {searched.starts} points"
    text += f" ({low} to {high} of all draws). "
    moved = [
        f"{plain(name)} {figure(least)} to {figure(most)} % (here {figure(taken)})"
        for name, (taken, least, most) in ((name, searched.reach[name]) for name in names)
        if taken >= LEAST and most - least > MOVED * taken
    ]
    if not moved:
        return text + f"Whichever is taken, no result moves by more than {percent(MOVED)} of itself."
    return text + f"With the least or the greatest taken in every draw: {'; '.join(moved)}."
