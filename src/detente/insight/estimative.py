"""Words of estimative probability by named standards: which probabilities a word stands for, and where a probability stands.

A standard is a row of bands. Where it leaves gaps, as the United Kingdom's yardstick does on purpose, a probability in a gap has no word, and none is made
up for it. Refused are words that a standard does not have (with the nearest that it has), sentences that mix the two rows of terms of ICD 203, and sentences
that state a likelihood and a confidence together, which ICD 203 forbids.

References: Professional Head of Intelligence Assessment (United Kingdom), probability yardstick, as of 24 March 2025; Office of the Director of National
Intelligence (United States), Intelligence Community Directive 203 (2015); Kent (1964), Words of estimative probability, Studies in Intelligence 8(4). All
three were read in copies or quotations, not at the source. NATO's scale (AJP-2.1) is refused: no copy of its table was found.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from detente.document.names import nearest, shorten
from detente.errors import InvalidInput, Problem

Assertion = Literal["at least", "at most", "between"]
Position = Literal["below", "in", "gap", "above"]

_CONFIDENCE = re.compile(r"\b(?:high|moderate|medium|low)(?:\s+\w+){0,2}\s+confidence\b|\bconfidence\s+(?:is|was|of|in)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Band:
    """The probabilities that some words stand for.

    Attributes
    ----------
    low, high : float
        The edges; they belong to it unless `above` or `under` says otherwise.
    terms : tuple of str
        In lower case. Where a standard has parallel rows of terms, those of the first row come first.
    above, under : bool
        Whether the band begins above its lower edge, and ends under its upper edge.
    """

    low: float
    high: float
    terms: tuple[str, ...]
    above: bool = False
    under: bool = False

    def __contains__(self, p: float) -> bool:
        return self._from_low(p) and self._to_high(p)

    def _from_low(self, p: float) -> bool:
        return p > self.low if self.above else p >= self.low

    def _to_high(self, p: float) -> bool:
        return p < self.high if self.under else p <= self.high

    @property
    def asserts(self) -> Assertion:
        """What is claimed by the word: `at least` the lower edge, `at most` the upper one, or `between` them where the band reaches even odds."""
        return "at most" if self.high < 0.5 else "at least" if self.low > 0.5 else "between"

    def holds(self, p: float) -> bool:
        """Whether a probability bears the claim out."""
        return (self.asserts == "at most" or self._from_low(p)) and (self.asserts == "at least" or self._to_high(p))


@dataclass(frozen=True)
class Place:
    """Where a probability stands among the bands of a standard.

    Attributes
    ----------
    position : str
        `in` a band, in a `gap` between two, or `below` or `above` all of them.
    bands : tuple of Band
        The band that it is in, both where it is an edge that two share; else its neighbours.
    """

    position: Position
    bands: tuple[Band, ...]


@dataclass(frozen=True)
class Standard:
    """A scale of words.

    Attributes
    ----------
    name, title : str
    bands : tuple of Band
        From the lowest up.
    rows : tuple of tuple of str
        Parallel rows of terms that are never to be mixed, if it has such.
    note : str
        What to know of its edges.
    """

    name: str
    title: str
    bands: tuple[Band, ...]
    rows: tuple[tuple[str, ...], ...] = ()
    note: str = ""

    @property
    def terms(self) -> tuple[str, ...]:
        """Every term, from the lowest band up."""
        return tuple(term for band in self.bands for term in band.terms)

    def band(self, word: str, where: str = "word") -> Band:
        """The band of a word.

        Parameters
        ----------
        word : str
            In upper or lower case.
        where : str, optional
            Where it stands, for the error.

        Raises
        ------
        InvalidInput
            For a word that the standard does not have; the nearest terms are offered.

        Examples
        --------
        >>> standard("phia").band("highly likely").low
        0.8
        """
        wanted = " ".join(word.casefold().split())
        for band in self.bands:
            if wanted in band.terms:
                return band
        sharing = [term for term in self.terms if set(term.split()) & set(wanted.split())]
        close = list(dict.fromkeys([*filter(None, [nearest(wanted, self.terms)]), *sharing])) or list(self.terms)
        raise InvalidInput(
            Problem(where, f"{shorten(word)!r} is no term of {self.title}", "a word means a number only by a standard", f"write {_either(close)}")
        )

    def place(self, p: float) -> Place:
        """Where a probability stands.

        Raises
        ------
        InvalidInput
            For a number outside 0 to 1.

        Examples
        --------
        >>> standard("phia").place(0.52).position
        'gap'
        """
        _check(p)
        inside = tuple(band for band in self.bands if p in band)
        if inside:
            return Place("in", inside)
        # A band that ends under its upper edge lies below that edge.
        under = [band for band in self.bands if band.high <= p]
        over = [band for band in self.bands if band.low >= p]
        if not under or not over:
            return Place("below" if over else "above", (over[0] if over else under[-1],))
        return Place("gap", (under[-1], over[0]))

    def position(self, p: float, word: str) -> Position:
        """Where a probability stands beside the band of a word: `gap` is the gap next to the band, on either side."""
        band, found = self.band(word), self.place(p)
        if p in band:
            return "in"
        if found.position == "gap" and band in found.bands:
            return "gap"
        return "below" if p <= band.low else "above"

    def terms_in(self, text: str) -> tuple[str, ...]:
        """The terms that a text uses, in its order; of overlapping ones the longest ("highly likely", not "likely")."""
        pattern = "|".join(r"\s+".join(map(re.escape, term.split())) for term in sorted(self.terms, key=len, reverse=True))
        return tuple(" ".join(found.casefold().split()) for found in re.findall(rf"\b(?:{pattern})\b", text, re.IGNORECASE))

    def check(self, sentence: str, where: str = "sentence") -> None:
        """Refuse a sentence that mixes rows of terms, or likelihood with confidence.

        Raises
        ------
        InvalidInput
            With both problems, if it has both.
        """
        found = self.terms_in(sentence)
        problems = []
        used = [tuple(term for term in found if term in row) for row in self.rows]
        if sum(map(bool, used)) > 1:
            what = f"{' and '.join(repr(row[0]) for row in used if row)} stand in different rows of {self.title}"
            problems.append(Problem(where, what, "a reader could take them for different probabilities", "use the terms of one row"))
        if found and _CONFIDENCE.search(sentence):
            what = f"{found[0]!r} is a likelihood, and the sentence states a confidence too"
            problems.append(Problem(where, what, "readers take one for the other", "say how sure you are in a sentence of its own"))
        if problems:
            raise InvalidInput(problems)


def _either(terms: list[str]) -> str:
    return " or ".join(repr(term) for term in terms[:4])


def _check(p: float) -> None:
    if not 0 <= p <= 1:
        raise InvalidInput(Problem("p", f"{p} is no probability", "probabilities lie from 0 to 1", "give one"))


def _bands(*rows: tuple[float, float, str]) -> tuple[Band, ...]:
    """Bands from percentages and terms with commas between."""
    return tuple(Band(low / 100, high / 100, tuple(terms.split(", "))) for low, high, terms in rows)


_PHIA = (
    Band(0.00, 0.05, ("remote chance",), above=True),
    *_bands((10, 20, "highly unlikely"), (25, 35, "unlikely")),
    Band(0.40, 0.50, ("realistic possibility",), under=True),
    *_bands((55, 75, "likely, probable"), (80, 90, "highly likely")),
    Band(0.95, 1.00, ("almost certain",), under=True),
)
_ICD_203 = _bands(
    (1, 5, "almost no chance, remote"),
    (5, 20, "very unlikely, highly improbable"),
    (20, 45, "unlikely, improbable, improbably"),
    (45, 55, "roughly even chance, roughly even odds"),
    (55, 80, "likely, probable, probably"),
    (80, 95, "very likely, highly probable"),
    (95, 99, "almost certain, almost certainly, nearly certain"),
)
_KENT = _bands(
    (0, 0, "impossible"),
    (2, 12, "almost certainly not"),
    (20, 40, "probably not"),
    (40, 60, "chances about even"),
    (63, 87, "probable"),
    (87, 99, "almost certain"),
    (100, 100, "certain"),
)
_FIRST_ROW = ("almost no chance", "very unlikely", "unlikely", "roughly even chance", "likely", "very likely", "almost certain", "almost certainly")

DEFAULT = "phia"
STANDARDS: Mapping[str, Standard] = {
    each.name: each
    for each in (
        Standard("phia", "the PHIA yardstick (UK)", _PHIA, note="Its edges are approximate; the gaps between its bands are deliberate and stay open."),
        Standard(
            "icd203", "ICD 203 (US)", _ICD_203, rows=(_FIRST_ROW, tuple(term for band in _ICD_203 for term in band.terms if term not in _FIRST_ROW)),
            note="Neighbouring bands share their edges. Terms of its two rows are not to be mixed.",
        ),
        Standard("kent", "Kent 1964", _KENT, note="Bands are his figures give or take what he allows; between 12 and 20 % and 60 and 63 % he has no word."),
    )
}  # fmt: skip


def standard(name: str = DEFAULT) -> Standard:
    """A standard by name: `phia` (the default, for it has "highly likely"), `icd203` or `kent`.

    Raises
    ------
    InvalidInput
        For another name, and for `nato`, whose bands were not verified.
    """
    if name in STANDARDS:
        return STANDARDS[name]
    if name == "nato":
        raise InvalidInput(
            Problem("standard", "NATO's scale is disabled", "no copy of the table of AJP-2.1 was found, and remembered bands are not shipped",
                    f"use {_either(list(STANDARDS))}")
        )  # fmt: skip
    close = nearest(name, STANDARDS)
    raise InvalidInput(
        Problem("standard", f"there is no standard {shorten(name)!r}", "words mean numbers only by a known standard",
                f"use {_either([close] if close else list(STANDARDS))}")
    )  # fmt: skip
