"""What a plain scalar means under the core schema of YAML 1.2.2 (section 10.3.2), and whether older readers agree.

`NO`, `1:30` and `2014-03-01` are text, `010` is 10, `0o7` is 7. Not a number, infinity and numbers beyond the range of
a float are refused: none of them may enter a model in silence.
"""

from __future__ import annotations

import re

Scalar = str | int | float | bool | None

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
MAX_DIGITS = 1000

# Whatever a YAML 1.1 reader takes for something else than text: its truth values, base 60, dates, 1_000, merge keys.
_OLD_WORD = re.compile(r"(?i:y|yes|n|no|on|off|true|false|null|nan|inf)|[-+.]?[0-9].*|<<|=|~")


def resolve(text: str) -> Scalar:
    """The value of a plain scalar.

    Raises
    ------
    ValueError
        For a number that is not finite or has more than 1,000 digits.
    """
    if text in _NULL:
        return None
    if text in _BOOL:
        return _BOOL[text]
    first = text[0]
    if not (first.isdigit() or first in "+-."):
        return text
    if _NOT_FINITE.fullmatch(text):
        raise ValueError(f"{text} is not a finite number")
    if _INT.fullmatch(text):
        if len(text) > MAX_DIGITS:
            raise ValueError(f"a number has more than {MAX_DIGITS} digits")
        return int(text, {"0o": 8, "0x": 16}.get(text[:2], 10))
    if _FLOAT.fullmatch(text):
        value = float(text)
        if value in (float("inf"), float("-inf")):
            raise ValueError(f"{text[:40]} is beyond the range of a number")
        return value
    return text


def is_plainly_text(text: str) -> bool:
    """Whether readers of YAML 1.1 and 1.2 both take the plain scalar `text` for that text."""
    return not _OLD_WORD.fullmatch(text) and text not in _NULL and text not in _BOOL
