"""Find the sentences of a text that claim something: those with a word of estimative probability, with its band, that compare how
likely things are, or that say what others say.

What comes out is a draft of a file of claims. What a sentence means no program knows: kinds are guesses, and readings are left to whoever reads it.

Refused: what is no text in UTF-8, more than 5 MB, and texts without a single such sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from detente.errors import InvalidInput, Problem
from detente.insight.claims import MOST_WORDS
from detente.insight.estimative import DEFAULT, Band, Standard, standard

MOST_BYTES = 5_000_000
_END = re.compile(r"(?<=[.!?])[\"”’)\]]*\s+(?=[\"“‘(\[]?[A-ZÀ-ÞĀ-ŽА-Я0-9])|\n\s*\n")
_INITIAL = re.compile(r"(?:\b[A-Z]|\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|St|No|vs|etc|e\.g|i\.e|U\.S|U\.K))\.$")
_COMPARED = re.compile(r"\b(?:most|more|less|least)\s+(?:likely|probable|probably)\b", re.IGNORECASE)
_ATTRIBUTED = re.compile(
    r"\b(?:according to|(?:experts?|analysts?|officials?|observers?|polls?|some|many|critics?|sources?|he|she|they|[A-Z]\w+) "
    r"(?:say|says|said|warn|warns|warned|believe|believes|believed|argue|argues|argued|expect|expects|expected|predict|predicts|predicted|claim|claims|claimed"
    r"|fear|fears|feared|think|thinks|point|points|estimate|estimates|estimated|forecast|forecasts)\b)",
)


@dataclass(frozen=True)
class Found:
    """A sentence that claims something.

    Attributes
    ----------
    text : str
        The whole sentence, on one line.
    line : int
        Where it begins.
    terms : tuple of (str, Band)
        Its words of estimative probability.
    attributed : bool
        Whether it says what others say.
    compares : bool
        Whether it calls something more or less likely than something else.
    """

    text: str
    line: int
    terms: tuple[tuple[str, Band], ...]
    attributed: bool
    compares: bool

    @property
    def quote(self) -> str:
        """At most fifteen words of it, around the first word that matters."""
        words = self.text.split()
        if len(words) <= MOST_WORDS:
            return self.text
        first = self.terms[0][0] if self.terms else ""
        before = len(re.split(re.escape(first), self.text, maxsplit=1, flags=re.IGNORECASE)[0].split()) if first else 0
        start = max(0, min(before - 5, len(words) - (MOST_WORDS - 2)))
        cut = words[start : start + MOST_WORDS - 2]
        return " ".join((["..."] if start else []) + cut + (["..."] if start + len(cut) < len(words) else []))


def read_article(file: Path) -> str:
    """The text of an article.

    Raises
    ------
    InvalidInput
        For what the module refuses.
    """
    try:
        size = file.stat().st_size
        if not file.is_file():
            raise InvalidInput(Problem(str(file), "it is no file", "an article is text in a file", "give the path of a text file"))
        if size > MOST_BYTES:
            what = f"it has {size / 1e6:.1f} MB"
            raise InvalidInput(Problem(str(file), what, f"no article has more than {MOST_BYTES // 10**6}", "cut out the text that is meant"))
        raw = file.read_bytes()
    except OSError as error:
        raise InvalidInput(Problem(str(file), "it cannot be read", (error.strerror or str(error)).lower(), "check the path")) from None
    if b"\0" in raw and not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InvalidInput(Problem(str(file), "it is no text", "it holds bytes that no text has", "save the article as plain text in UTF-8"))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        why = "it looks like UTF-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else f"byte 0x{raw[error.start]:02x} is of another encoding, or none"
        raise InvalidInput(Problem(f"{file}:{line}", "it is not UTF-8 text", why, "save it as UTF-8: iconv -f WINDOWS-1252 -t UTF-8, say")) from None


def find_claims(text: str, scale: str = DEFAULT) -> list[Found]:
    """The sentences that claim something.

    Parameters
    ----------
    scale : str, optional
        Name of a standard.

    Examples
    --------
    >>> [found.terms[0][0] for found in find_claims("War is highly likely. It rained.")]
    ['highly likely']
    """
    words = standard(scale)
    return [found for sentence, line in _sentences(text) if (found := _look(sentence, line, words)) is not None]


def _look(sentence: str, line: int, words: Standard) -> Found | None:
    # "Most likely" and "less likely" compare; they stand in no band.
    terms = tuple((term, words.band(term)) for term in words.terms_in(_COMPARED.sub("", sentence)))
    attributed = _ATTRIBUTED.search(sentence) is not None
    compares = _COMPARED.search(sentence) is not None
    return Found(sentence, line, terms, attributed, compares) if terms or attributed or compares else None


def _sentences(text: str) -> Iterator[tuple[str, int]]:
    """Sentences on one line each, with the number of the line on which they begin."""
    start, held = 0, ""
    begun = 0
    for match in [*_END.finditer(text), None]:
        end = match.start() if match is not None else len(text)
        held += text[start:end]
        start = match.end() if match is not None else len(text)
        # A full stop behind an initial or a title ends no sentence.
        if match is not None and "\n\n" not in match[0] and _INITIAL.search(held.rstrip()):
            held += " "
            continue
        sentence = " ".join(held.split())
        if sentence:
            skipped = len(text[begun:end]) - len(text[begun:end].lstrip())
            yield sentence, text.count("\n", 0, begun + skipped) + 1
        held, begun = "", start


def draft(found: list[Found], title: str, scenario: str, scale: str = DEFAULT, said: date | None = None) -> str:
    """A draft of a file of claims; without a day it is refused until one is filled in.

    Raises
    ------
    InvalidInput
        Where no sentence was found.
    """
    if not found:
        why = f"no sentence has a word of {standard(scale).title} or says what others say"
        raise InvalidInput(Problem(title, "it claims nothing that could be found", why, "write the claims by hand; see docs/how-to/check-an-article.md"))
    lines = [
        "format: detente/claims/1",
        f"title: {_quoted(f'Claims of {title} (a draft)')}",
        f"scenarios: [{scenario}]",
        f"standard: {scale}      # {standard(scale).title}; whoever wrote the text named none",
        "",
        "# A draft: every sentence with a word of estimative probability, that compares how likely things are, or that says what others say.",
        "# Write who says it and when, then give each claim `readings` in place of `missing`, or `untestable`; drop what is no claim.",
        "# What measures there are: docs/reference/claims.md.",
        "speakers:",
        "  article: {title: The article, reliability: F, credibility: 6, graded_by: nobody yet, why: Not judged yet.}",
        "",
        "claims:",
    ]
    for number, each in enumerate(found, 1):
        lines += [f"  A{number:02}:      # line {each.line}: {_printable(each.text[:400])}", f"    text: {_quoted(each.quote)}", "    speaker: article"]
        lines += [f"    said: {said or 'when?'}"]
        lines += [f"    kind: {'attribution' if each.attributed and not each.terms else 'forecast'}"]
        for term, band in each.terms:
            told = {"at least": f"at least {100 * band.low:g} %", "at most": f"at most {100 * band.high:g} %"}.get(band.asserts, "what lies in its band")
            lines += [
                f"    # {_quoted(term)}: {100 * band.low:g} to {100 * band.high:g} %; it asserts {told}: {{measure: ?, asserts: {{word: {term}}}}}"
            ]
        lines += ["    # It compares: a word that compares has no band."] if each.compares else []
        lines += ["    missing: a reading.", "    why: Not read yet."]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A text as YAML in double quotes."""
    escaped = _printable(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _printable(text: str) -> str:
    """A text without signs that a file must not hold."""
    return "".join(char if char.isprintable() else " " for char in text)
