"""One sequence of bytes for equal data, and its digest.

JSON (RFC 8259) with sorted keys, without spaces, in ASCII; a float is the shortest decimal that reads back to it, and a
whole number has no decimal point, so that 1 and 1.0 are equal, as 0 and -0.0 are. A key that is a number counts as its
text.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from typing import Any


def canonical(data: Any) -> bytes:
    """The canonical form of data.

    Raises
    ------
    ValueError
        For a number that is not finite, or two keys of one mapping with the same text.
    TypeError
        For anything that is no plain data.

    Examples
    --------
    >>> canonical({"b": 1.0, "a": [0.5, None]})
    b'{"a":[0.5,null],"b":1}'
    """
    return _write(data).encode("ascii")


def digest(data: Any) -> str:
    """`sha256:` and the SHA-256 of the canonical form, in hexadecimal."""
    return "sha256:" + hashlib.sha256(canonical(data)).hexdigest()


def _write(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return json.dumps(str(value))
        case int():
            return str(int(value))
        case float():
            return _float(float(value))
        case Mapping():
            return _mapping(value)
        case list() | tuple():
            return "[" + ",".join(map(_write, value)) + "]"
    raise TypeError(f"{type(value).__name__} is no plain data; give text, a number, a truth value, None, list or dict")


def _float(value: float) -> str:
    if not math.isfinite(value):
        raise ValueError(f"{value} has no canonical form; write an absence instead")
    return str(int(value)) if value.is_integer() else repr(value)


def _mapping(value: Mapping[Any, Any]) -> str:
    texts: dict[str, Any] = {}
    for key, entry in value.items():
        if isinstance(key, bool) or not isinstance(key, str | int | float):
            raise TypeError(f"{key!r} is no key; keys are text or numbers")
        text = key if isinstance(key, str) else _write(key)
        if text in texts:
            raise ValueError(f"two keys have the text {text!r}")
        texts[text] = entry
    return "{" + ",".join(f"{json.dumps(text)}:{_write(texts[text])}" for text in sorted(texts)) + "}"
