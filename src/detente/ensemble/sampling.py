"""Uniform numbers behind the draws: draw k of a quantity is a function of (seed, name, k) and of nothing else.

The numbers of one name are the points of the van der Corput sequence (the first Sobol dimension) under a random
nested scramble of their digits: with y_b the binary digits of the index k from the lowest, and h_b a hash keyed by
(seed, name),

    y_b <- y_b xor h_b( y_0 .. y_(b-1) already scrambled, y_(b+1) .. as they were ),        u = 0.y_0 y_1 y_2 ...

For every m, among the first 2^m numbers (and in every later aligned block of 2^m) exactly one falls in each interval
of length 2^-m; each number is uniform. Hashing the lower digits is Owen's nested scrambling, which places the points;
hashing the higher ones puts the points in an order of the name's own, so that two names are paired at random: over
pairs of names the correlation at n draws scatters by about 1.25 / sqrt(n), as it does for independent draws. The
error of a sum over quantities falls much faster than that of plain Monte Carlo; what quantities do jointly converges
as plain Monte Carlo does.

A Sobol dimension per name, picked by a hash, would have the same mean square correlation, but in lumps: nearly all
pairs far below it and a few near 0.75, for every seed. Dimensions cannot be picked to avoid such pairs without moving
draws when a quantity is added.

References: Owen, A. B. (1995), Randomly permuted (t,m,s)-nets and (t,s)-sequences, doi:10.1007/978-1-4612-2552-2_19;
Burley, B. (2020), Practical hash-based Owen scrambling, Journal of Computer Graphics Techniques 9(4).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from detente.errors import InvalidInput, Problem

_DIGITS = 32
# Draws have numbers of so many binary digits; how many a command takes is told by `detente.cli.words`.
NUMBERED_DRAWS = 2**_DIGITS

_BLOCK = 16_384
_KEPT = 1_024  # at most 8 kB for each of 1,024 names


def uniforms(name: str, seed: int, first: int, count: int, stream: str | None = None) -> NDArray[np.float64]:
    """Return draws `first` to `first + count - 1` of a quantity, as uniform numbers in the open interval (0, 1).

    Parameters
    ----------
    name : str
        The quantity.
    seed : int
        The seed of the run.
    first, count : int
        Which draws; any chunking gives the same numbers. The last draw is at most 4,294,967,295.
    stream : str, optional
        The name under which the draws are kept, where it is not the quantity's own: a renamed quantity keeps its draws.

    Returns
    -------
    ndarray, shape (count,)
        Odd multiples of 2^-53: never 0, never 1, the same on every machine.

    Raises
    ------
    InvalidInput
        When `first` or `count` is negative, or draws beyond the last one are asked for.

    Examples
    --------
    >>> import numpy as np
    >>> u = uniforms("resolve", seed=1, first=0, count=8)
    >>> sorted(int(8 * x) for x in u)
    [0, 1, 2, 3, 4, 5, 6, 7]
    >>> np.array_equal(uniforms("resolve", 1, 4, 4), u[4:])
    True
    """
    if first < 0 or count < 0 or first + count > NUMBERED_DRAWS:
        raise InvalidInput(
            Problem(
                "draws",
                f"draws {first} to {first + count - 1} were asked for",
                f"draws are numbered from 0 to {NUMBERED_DRAWS - 1}",
                "ask for fewer draws",
            )
        )
    own = name if stream is None else stream
    return _kept(own, seed, first, count) if count <= _KEPT else _numbers(own, seed, first, count)


@lru_cache(maxsize=1024)
def _kept(stream: str, seed: int, first: int, count: int) -> NDArray[np.float64]:
    """Few numbers, kept: what stands beside an assessment asks for the same ones again and again."""
    numbers = _numbers(stream, seed, first, count)
    numbers.setflags(write=False)
    return numbers


def _numbers(stream: str, seed: int, first: int, count: int) -> NDArray[np.float64]:
    from detente.ensemble._scramble import scramble

    text = f"{seed}\0{stream}".encode()
    keys = np.frombuffer(hashlib.shake_256(text).digest(4 * (_DIGITS + 1)), dtype="<u4").astype(np.uint32)
    numbers = np.empty(count)
    for start in range(0, count, _BLOCK):
        stop = min(start + _BLOCK, count)
        indices = np.arange(first + start, first + stop, dtype=np.uint64).astype(np.uint32)
        scramble(indices, keys, numbers[start:stop])
    return numbers


def collisions(streams: Mapping[str, str | None]) -> list[tuple[str, str]]:
    """Return the pairs of quantities that would share their draws.

    Parameters
    ----------
    streams : mapping of quantity name to its `stream`, None where it keeps its own name

    Returns
    -------
    list of (name, name), in the order of the mapping
    """
    own = {name: name if stream is None else stream for name, stream in streams.items()}
    return [(one, other) for one, other in combinations(own, 2) if own[one] == own[other]]
