"""The nearest valid name: what the writer of an unknown one most likely meant.

A name that differs only in case, hyphens or spaces comes first, then the greatest share of letters in common
(Ratcliff and Metzener, 1988, as in `difflib`), if it is at least 0.6.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

MAX_LENGTH = 80


def _folded(name: str) -> str:
    return name.casefold().replace("-", "_").replace(" ", "_")


def nearest(name: str, candidates: Iterable[object]) -> str | None:
    """The candidate that `name` most likely means, or None if none is near.

    Examples
    --------
    >>> nearest("nuclar", ["nuclear", "naval"])
    'nuclear'
    >>> nearest("Incident-Rate", ["incident_rate"])
    'incident_rate'
    >>> nearest("submarine", ["nuclear", "naval"]) is None
    True
    """
    if len(name) > MAX_LENGTH:
        return None
    folded = {_folded(text): text for text in map(str, candidates)}
    wanted = _folded(name)
    if wanted in folded:
        return folded[wanted] if folded[wanted] != name else None
    close = get_close_matches(wanted, folded, n=1, cutoff=0.6)
    return folded[close[0]] if close else None


def instead(name: str, candidates: Iterable[object], otherwise: str) -> str:
    """What to do about an unknown name: the nearest valid one, or `otherwise` where none is near.

    Examples
    --------
    >>> instead("nuclar", ["nuclear", "naval"], "declare it")
    "did you mean 'nuclear'?"
    >>> instead("submarine", ["nuclear", "naval"], "declare it")
    'declare it'
    """
    close = nearest(name, candidates)
    return f"did you mean {close!r}?" if close else otherwise


def shorten(text: object, length: int = 60) -> str:
    """Text cut to `length` characters on one line, for use in a message."""
    line = " ".join(str(text)[: 4 * length].split())
    return line if len(line) <= length and len(str(text)) <= 4 * length else line[: length - 3] + "..."
