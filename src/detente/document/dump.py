"""Plain data to YAML text that reads back equal, here and in readers of YAML 1.1.

Order is kept, numbers are written exactly (the shortest decimal that reads back to the same float), and text that any
reader could take for a number, a date, a truth value or null is quoted. Refused: not a number, infinity, and what is no
plain data.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from detente.document.scalars import is_plainly_text, resolve

_PLAIN = re.compile(r"[^\W\d]([\w ./+()-]*[\w.+()])?")
_BLOCK = re.compile("[^\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]*")
_ESCAPED = re.compile('[\x00-\x1f"\\\\\x7f-\xa0\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]')
_SHORT = {"\n": "\\n", "\t": "\\t", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


def dump(data: Any) -> str:
    """Write data as YAML.

    Parameters
    ----------
    data : mapping, list, tuple, str, int, float, bool or None
        Keys of mappings are text or numbers.

    Raises
    ------
    ValueError
        For a number that is not finite, or half of a surrogate pair in text.
    TypeError
        For anything that is no plain data.

    Examples
    --------
    >>> print(dump({"country": "NO", "start": "1:30", "rates": [0.1, 1e22]}), end="")
    country: "NO"
    start: "1:30"
    rates:
      - 0.1
      - 1.0e+22
    """
    if isinstance(data, Mapping | list | tuple) and data:
        return "".join(f"{line}\n" if line else "\n" for line in _lines(data))
    return _scalar(data, 0) + "\n"


def _lines(data: Any, indent: int = 0) -> Iterator[str]:
    """Lines of a container that is not empty."""
    margin = " " * indent
    if isinstance(data, Mapping):
        for key, value in data.items():
            if not isinstance(key, str | int | float) or isinstance(key, bool):
                raise TypeError(f"{key!r} is no key; keys are text or numbers")
            text = _text(key) if isinstance(key, str) else _scalar(key, 0)
            # Readers limit a key that is not announced by `?` to 1,024 characters.
            if len(text) >= 1000:
                yield f"{margin}? {text}"
                text = ""
            yield from _entry(f"{margin}{text}:", value, indent + 2)
    else:
        for value in data:
            yield from _entry(f"{margin}-", value, indent + 2)


def _entry(head: str, value: Any, indent: int) -> Iterator[str]:
    if isinstance(value, Mapping | list | tuple) and value:
        yield head
        yield from _lines(value, indent)
    else:
        yield from f"{head} {_scalar(value, indent)}".split("\n")


def _scalar(value: Any, indent: int) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            block = _block(value, indent) if indent else None
            return block or _text(value)
        case int():
            return str(int(value))
        case float():
            return _float(float(value))
        case Mapping():
            return "{}"
        case list() | tuple():
            return "[]"
    raise TypeError(f"{type(value).__name__} is no plain data; give text, a number, a truth value, None, list or dict")


def _float(value: float) -> str:
    if not math.isfinite(value):
        raise ValueError(f"{value} is not a finite number; write an absence instead")
    digits = repr(value)
    # YAML 1.1 takes 1e+22 for text.
    return digits.replace("e", ".0e") if "e" in digits and "." not in digits else digits


def _text(value: str) -> str:
    if _PLAIN.fullmatch(value) and value.isprintable() and is_plainly_text(value) and resolve(value) == value:
        return value
    return '"' + _ESCAPED.sub(_escape, value) + '"'


def _escape(match: re.Match[str]) -> str:
    sign = match[0]
    if "\ud800" <= sign <= "\udfff":
        raise ValueError("half of a surrogate pair is no text")
    return _SHORT.get(sign) or (f"\\x{ord(sign):02x}" if ord(sign) < 256 else f"\\u{ord(sign):04x}")


def _block(value: str, indent: int) -> str | None:
    """Text of several lines as a literal block, where that is exact."""
    body = value.removesuffix("\n")
    lines = body.split("\n")
    exact = (
        len(lines) > 1
        and _BLOCK.fullmatch(value)
        and all(line and line[0] != " " and line[-1] != " " for line in lines)
    )
    if not exact:
        return None
    head = "|" if value.endswith("\n") else "|-"
    return "\n".join([head, *(" " * indent + line for line in lines)])
