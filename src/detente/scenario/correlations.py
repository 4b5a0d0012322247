"""Rank correlations of quantities: a Gaussian copula, which leaves what each quantity does by itself as it was declared.

Correlated quantities fall into groups that entries connect. The normal scores z of a group are mixed, y = L z with L L' = R, and of quantity i the share
Phi(y_i) of its distribution lies below the draw. For a rank correlation (Spearman) rho, R holds

    r = 2 sin(pi rho / 6)

which is how the ranks of two normal variables correlate (Pearson 1907; Kruskal 1958, doi 10.1080/01621459.1958.10501481). A pair of a group for which
nothing is stated has 0. Names are taken in the order of the alphabet, so that the first of a group keeps its own draws.

Refused: correlations that cannot all hold, for then R is not positive definite. Nothing is repaired.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.errors import Problem
from detente.scenario.checking import Checking
from detente.scenario.quantities import Correlation

Floats = NDArray[np.float64]
TIED = ("fixed", "bernoulli")
LEAST = 1e-8  # smallest eigenvalue that counts as above 0; all of them sum to the number of quantities


@dataclass(frozen=True)
class Group:
    """Quantities that correlate.

    Attributes
    ----------
    names : tuple of str
        In the order of the alphabet.
    mixing : array, name x name
        L: lower triangular, each row of length 1.
    """

    names: tuple[str, ...]
    mixing: Floats


def groups(correlations: Mapping[str, Correlation]) -> tuple[Group, ...]:
    """The groups of a checked scenario."""
    return tuple(Group(_names(part), np.asarray(np.linalg.cholesky(_matrix(part)), dtype=float)) for part in _connected(correlations))


def check_correlations(c: Checking) -> Iterator[Problem]:
    """Names, pairs stated twice, quantities that have no ranks, and correlations that cannot all hold."""
    quantities, correlations = c.scenario.quantities, c.scenario.correlations
    sound: dict[str, Correlation] = {}
    first: dict[frozenset[str], str] = {}
    for name, item in correlations.items():
        path = ("correlations", name, "between")
        told = []
        for index, quantity in enumerate(item.between):
            if quantity not in quantities:
                told.append(c.unknown((*path, index), quantity, "quantity", quantities))
            elif (family := quantities[quantity].distribution.family) in TIED:
                why = "it is the same in every draw" if family == "fixed" else "half or more of its draws share a rank"
                told.append(c.problem((*path, index), f"{quantity!r} is {family}, so its ranks cannot correlate", why, "drop the entry"))
        pair = frozenset(item.between)
        if len(pair) == 1:
            told.append(c.problem(path, f"{item.between[0]!r} stands here twice", "what it says of itself is 1", "name two quantities"))
        elif first.setdefault(pair, name) != name:
            told.append(c.problem(path, f"{first[pair]!r} states this pair too", "only one of them could hold", "drop one"))
        yield from told
        if not told:
            sound[name] = item
    for part in _connected(sound):
        if not _definite(part):
            yield _impossible(c, part)


def _impossible(c: Checking, part: Mapping[str, Correlation]) -> Problem:
    """Which entries of a group cannot hold together, and how much weaker they could."""
    names = _names(part)
    for name in names:
        # What holds for quantities holds for any of them, so that leaving out one after the other ends at the fewest that conflict.
        if not _definite(fewer := _among(part, [other for other in names if other != name])):
            part, names = fewer, _names(fewer)
    stated = {frozenset(item.between) for item in part.values()}
    open_pairs = [f"{one} and {other}" for k, one in enumerate(names) for other in names[k + 1 :] if {one, other} not in stated]
    low, high = 0.0, 1.0
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (middle, high) if _definite(part, middle) else (low, middle)
    why = "no numbers go together like that: the matrix is not positive definite" + (f"; {', '.join(open_pairs)} count as unrelated" if open_pairs else "")
    remedy = f"make each weaker ({np.floor(100 * low) / 100:.2f} times as strong would do), or {'state the others' if open_pairs else 'drop one'}"
    return c.problem(("correlations", list(part)[-1], "rank"), f"{', '.join(map(repr, part))} cannot all hold", why, remedy)


def _among(part: Mapping[str, Correlation], names: list[str]) -> dict[str, Correlation]:
    return {key: item for key, item in part.items() if set(item.between) <= set(names)}


def _connected(correlations: Mapping[str, Correlation]) -> list[dict[str, Correlation]]:
    """Entries that share quantities, directly or by way of others."""
    parts: list[dict[str, Correlation]] = []
    for name, item in correlations.items():
        touched = [part for part in parts if set(item.between) & set(_names(part))]
        parts = [part for part in parts if part not in touched]
        parts.append({key: each for part in touched for key, each in part.items()} | {name: item})
    return parts


def _names(part: Mapping[str, Correlation]) -> tuple[str, ...]:
    return tuple(sorted({name for item in part.values() for name in item.between}))


def _matrix(part: Mapping[str, Correlation], strength: float = 1.0) -> Floats:
    """R of a group, all rank correlations times `strength`."""
    names = _names(part)
    matrix = np.eye(len(names))
    for item in part.values():
        one, other = (names.index(name) for name in item.between)
        matrix[one, other] = matrix[other, one] = 2 * np.sin(np.pi * strength * item.rank / 6)
    return matrix


def _definite(part: Mapping[str, Correlation], strength: float = 1.0) -> bool:
    return not part or bool(np.linalg.eigvalsh(_matrix(part, strength))[0] > LEAST)
