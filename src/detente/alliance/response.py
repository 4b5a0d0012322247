"""Who shows up: the distribution of the help that an alliance commits, draw by draw.

Each ally has a latent readiness to help, on the scale of a logit with variance pi^2 / 3,

    eta_i + follow m_i + (pi / sqrt(3)) a z + sqrt(1 - a^2) e_i,

eta_i its own logit, m_i what it has seen of those before it (+1: all send forces, -1: none does), z a standard normal factor common to all, e_i its own
logistic noise, a the loading; a^2 is the share of the variance that is common. It chooses level l or more where this exceeds the cut c_l. The link is
logistic because then what moves eta moves log-odds, as elsewhere here, and because without a common factor P(level >= l) is 1 / (1 + exp(c_l - eta))
exactly; a probit has practically the same shape, but given the factor needs the normal distribution function where this needs one division. With a
common factor the probability over all z is that of a normal and a logistic number together, within 0.023 of the logistic one.

Two routes: if no ally stays below the level that blocks the Council, what is committed counts whole; else a coalition without the Council's staff and
plans brings the share `coalition` of it. Capability counts in units of 1/256 of the whole (see `_grid`), on each clock by itself.

References
----------
Vasicek (2002), The distribution of loan portfolio value, Risk 15(12) (one common factor; a portfolio of promises instead of loans). Andersen, Sidenius and Basu
(2003), All your hedges in one basket, Risk 16(11) (convolution given the factor, on a grid of loss units).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detente.alliance._grid import GRID, rounding_error, shares
from detente.alliance.layout import lay_out
from detente.alliance.model import Alliance
from detente.errors import InvalidInput, Problem

Floats = NDArray[np.float64]
BLOCK = 64


class Status(IntEnum):
    """How the common factor of a draw was integrated out."""

    EXACT = 0
    AGREED = 1
    APART = 2

    @property
    def message(self) -> str:
        """What it means."""
        return {
            Status.EXACT: "no integral: the loading is 0 or 1",
            Status.AGREED: "errs by 1e-10 or less, judged by two rules",
            Status.APART: "errs by more than 1e-10, judged by two rules; see `disagreement`",
        }[self]


@dataclass(frozen=True)
class Response:
    """What an alliance does, for each draw.

    Attributes
    ----------
    alliance : Alliance
    council, coalition : array, draw x (leader sends forces, does not) x clock
        Probability that enough is committed by consensus, and that it is without consensus.
    consensus : array, draw x (leader sends forces, does not)
        Probability that no ally blocks.
    chance : array, draw x (leader sends forces, does not)
        Probability of what the leader does; an alliance without a leader has everything in the first column.
    levels_with : array, draw x (leader sends forces, does not) x ally x level
        Probability that the leader does so and the ally chooses the level.
    distribution : array, draw x clock x unit, or None
        Probability that exactly so many units of 1/256 are committed (before what a coalition loses).
    rounding : array, clock
        The most by which committed capability can differ from that of unrounded shares, as a share of the whole.
    status : array, draw
        A `Status`.
    disagreement : array, draw
        By how much the answers err, judged by how far the last two lay apart (of the trapezoidal rule the square of that); 0 where nothing was integrated.
    """

    alliance: Alliance
    council: Floats
    coalition: Floats
    consensus: Floats
    chance: Floats
    levels_with: Floats
    distribution: Floats | None
    rounding: Floats
    status: NDArray[np.int64]
    disagreement: Floats

    @property
    def enough(self) -> Floats:
        """Array, draw x clock: probability that enough is committed, on either route."""
        return np.asarray((self.council + self.coalition).sum(axis=1))

    @property
    def enough_given(self) -> Floats:
        """Array, draw x (leader sends forces, does not) x clock; `nan` where the leader cannot do so."""
        return _given(self.council + self.coalition, self.chance[:, :, None])

    @property
    def levels(self) -> Floats:
        """Array, draw x ally x level: probability that an ally chooses a level."""
        return np.asarray(self.levels_with.sum(axis=1))

    @property
    def expected(self) -> Floats:
        """Array, draw x clock x group: expected share of the whole that a group commits, from unrounded shares."""
        return expected_shares(self.alliance, self.levels)

    @property
    def expected_given(self) -> Floats:
        """Array, draw x (leader sends forces, does not) x clock x group; `nan` where the leader cannot do so."""
        return np.stack([expected_shares(self.alliance, _given(self.levels_with[:, out], self.chance[:, out, None, None])) for out in range(2)], axis=1)


def expected_shares(alliance: Alliance, levels: Floats) -> Floats:
    """Array, draw x clock x group: expected share of the whole that a group commits, for probabilities draw x ally x level; from unrounded shares."""
    found = np.zeros((len(levels), len(alliance.clocks), len(alliance.groups)))
    worth = shares(alliance)
    for clock in range(found.shape[1]):
        each = np.zeros(levels.shape[:2])
        for level in range(levels.shape[2]):
            each += levels[:, :, level] * worth[:, level, clock]
        for group in range(found.shape[2]):
            found[:, clock, group] = each[:, alliance.member_of == group].sum(axis=1)
    return found


def respond(
    alliance: Alliance,
    logit: ArrayLike,
    *,
    cuts: ArrayLike,
    follow: ArrayLike = 0.0,
    loading: ArrayLike = 0.0,
    threshold: ArrayLike,
    coalition: ArrayLike = 1.0,
    without: str | None = None,
    distribution: bool = False,
    threads: int | None = None,
) -> Response:
    """How much help an alliance commits by each clock, and who commits it.

    Parameters
    ----------
    alliance : Alliance
    logit : array, (draw or 1) x ally
        Log-odds of each ally's sending forces, before it sees the others; not used for allies that are certain. See `willingness`.
    cuts : array, (draw or 1) x (level above the first)
        Where readiness passes from one level to the next, rising. With 0 for the last, `logit` is that of sending forces.
    follow : array, draw, or float
        What it adds to the logit if all who decided before send forces; as much is taken away if none does. May be below 0.
    loading : array, draw, or float
        Of the common factor, 0 to 1; its square is the share of the variance of readiness that is common.
    threshold : array, (draw or 1) x clock
        Capability that is enough, as a share of what all allies' forces would bring.
    coalition : array, draw, or float
        Share of what is committed that a coalition brings to bear without consensus, above 0 and at most 1.
    without : str, optional
        A group whose capability counts for nothing, while its choices are seen.
    distribution : bool
        Whether to keep the distribution of committed capability: 257 numbers for each draw and clock.
    threads : int, optional

    Raises
    ------
    InvalidInput
        If an array has the wrong shape, a number is not finite, a loading or share lies out of range, or cuts do not rise.

    Examples
    --------
    Two allies of one size that decide in turn, each with even odds; the second is moved by what the first does.

    >>> from detente.alliance import Alliance, Ally, respond
    >>> two = Alliance(allies=(Ally("leader", "first", (1.0,)), Ally("follower", "second", (1.0,))), groups=("first", "second"),
    ...     clocks=("day 30",), delivered=((0.0,), (1.0,)), levels=("nothing", "forces"), leader="leader", consensus="forces")
    >>> found = respond(two, [[0.0, 0.0]], cuts=[[0.0]], follow=1.0, threshold=[[1.0]])
    >>> found.enough.round(4).tolist()                # 1/2 of the logit 1
    [[0.3655]]
    >>> found.expected.sum(axis=2).round(4).tolist()  # the follower's chances 0.7311 and 0.2689 even out
    [[0.5]]
    """
    from detente.alliance._choices import CHANCE, CONSENSUS, ENOUGH
    from detente.alliance._factor import POINTS, WEIGHTS, integrate, make_space
    from detente.games._lanes import LANES
    from detente.games.threads import over_draws

    allies, levels, clocks = len(alliance.allies), len(alliance.levels), len(alliance.clocks)
    wide = {"logit": (logit, allies), "cuts": (cuts, levels - 1), "threshold": (threshold, clocks)}
    numbers = _checked({**wide, "follow": (follow, 0), "loading": (loading, 0), "coalition": (coalition, 0)})
    if without is not None and without not in alliance.groups:
        raise InvalidInput(Problem("without", f"{without!r} is no group", "nothing would be left out", f"use one of {', '.join(alliance.groups)}"))
    layout = lay_out(alliance, without)
    draws = len(numbers["loading"])
    # A share that falls on the grid counts there, whatever its last bits.
    need = np.ceil(np.stack([numbers["threshold"], numbers["threshold"] / numbers["coalition"][:, None]], axis=1) * GRID - 1e-9)
    need = np.clip(need, 0, GRID + 1).astype(np.int64)
    first = ENOUGH + 4 * clocks + 2 * allies * levels
    length = first + (clocks * (GRID + 1) if distribution else 0)
    found, status, disagreement = np.zeros((draws, length)), np.zeros(draws, dtype=np.int64), np.zeros(draws)
    over_draws(
        integrate, draws, threads, numbers["logit"], numbers["cuts"], numbers["follow"], numbers["loading"], need, layout, distribution, POINTS, WEIGHTS,
        found, status, disagreement, work=lambda: (make_space(layout, length), np.zeros(LANES)),
    )  # fmt: skip
    chance = found[:, CHANCE : CHANCE + 2]
    levels_with = found[:, ENOUGH + 4 * clocks : first].reshape(draws, 2, allies, levels)
    levels_with[:, :, [ally.certain for ally in alliance.allies], -1] = chance[:, :, None]
    levels_with[..., 0] = chance[:, :, None]
    for level in range(1, levels):
        levels_with[..., 0] -= levels_with[..., level]
    enough = found[:, ENOUGH : ENOUGH + 4 * clocks].reshape(draws, 2, 2, clocks)
    response = Response(
        alliance=alliance, council=enough[:, 0], coalition=enough[:, 1], consensus=found[:, CONSENSUS : CONSENSUS + 2], chance=chance, levels_with=levels_with,
        distribution=found[:, first:].reshape(draws, clocks, GRID + 1) if distribution else None, rounding=rounding_error(alliance),
        status=status, disagreement=disagreement,
    )  # fmt: skip
    found.setflags(write=False)
    for array in (response.council, response.coalition, response.consensus, response.chance, levels_with, response.distribution, status, disagreement):
        if array is not None:
            array.setflags(write=False)
    return response


def _checked(given: dict[str, tuple[ArrayLike, int]]) -> dict[str, Floats]:
    """Arrays over draws of their full shape, or everything that is wrong with them."""
    arrays = {name: np.asarray(array, dtype=float) for name, (array, _) in given.items()}
    problems, counts = [], {1}
    for name, (_, width) in given.items():
        array = arrays[name]
        shape = f"(draw or 1) x {width}" if width else "one number, or one for each draw"
        if array.ndim != (2 if width else min(array.ndim, 1)) or (width and array.shape[1] != width) or array.shape[:1] == (0,):
            problems.append(Problem(name, f"its shape is {array.shape}", "it must fit the alliance", f"give {shape}"))
            continue
        counts |= set(array.shape[:1])
        if not np.isfinite(array).all():
            problems.append(Problem(name, "a number is not finite", "no probability follows from it", "mark an ally that cannot but fight as `certain`"))
    if len(counts - {1}) > 1:
        problems.append(
            Problem("draws", f"arrays have {', '.join(map(str, sorted(counts - {1})))} draws", "all are over the same draws", "give one number of draws")
        )
    for name, low, high in (("loading", 0.0, 1.0), ("coalition", 0.0, 1.0)):
        if not ((arrays[name] >= low) & (arrays[name] <= high)).all() or (name == "coalition" and not (arrays[name] > 0).all()):
            why = "its square is a share of the variance" if name == "loading" else "a coalition brings some of what is committed, and no more"
            problems.append(Problem(name, "a number lies out of range", why, f"give numbers from {'0' if name == 'loading' else 'above 0'} to 1"))
    if not (np.diff(arrays["cuts"], axis=-1) >= 0).all():
        problems.append(Problem("cuts", "they do not rise", "a higher level of help takes more readiness", "order them"))
    if problems:
        raise InvalidInput(problems)
    draws = max(counts)
    return {
        name: np.array(np.broadcast_to(array if width else np.atleast_1d(array), (draws, width) if width else (draws,)), order="C")
        for (name, (_, width)), array in zip(given.items(), arrays.values(), strict=True)
    }


def _given(joint: Floats, condition: Floats) -> Floats:
    """A conditional probability; `nan` where the condition cannot be."""
    return np.asarray(np.divide(joint, condition, out=np.full(joint.shape, np.nan), where=np.broadcast_to(condition > 0, joint.shape)))
