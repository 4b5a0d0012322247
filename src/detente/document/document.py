"""A file as plain data that knows where each of its parts stands.

Refused before anything is parsed: what is not a regular file, more than 8 MB, text that is not UTF-8.
"""

from __future__ import annotations

import re
import stat
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from detente.document.compose import compose
from detente.document.names import instead, shorten
from detente.document.places import Place
from detente.errors import InvalidInput, Problem

MAX_BYTES = 8_000_000
KINDS = ("scenario", "record", "claims", "policies", "run")
_FORMAT = re.compile(r"detente/([a-z]+)/([1-9][0-9]{0,5})")


@dataclass(frozen=True)
class Document:
    """Data read from a file.

    Attributes
    ----------
    data : dict, list, str, int, float, bool or None
        Dates stay text.
    name : str
        The file as it was named by whoever read it.
    """

    data: Any
    name: str
    place: Place = field(repr=False, compare=False)

    def where(self, path: tuple[object, ...] = (), key: bool = False) -> str:
        """`file:line:column` of the part at `path`, or of the nearest part around it that is in the file.

        Parameters
        ----------
        path : tuple
            Keys of mappings and indices of lists, from the top.
        key : bool
            Point at the key rather than at its value.
        """
        return str(self.place.find(path, key=key))


def parse(text: str, name: str = "<text>") -> Document:
    """Read a document from text.

    Raises
    ------
    InvalidInput
        With every problem and its place.

    Examples
    --------
    >>> document = parse("country: NO\\nstart: 1:30\\n", "trip.yaml")
    >>> document.data
    {'country': 'NO', 'start': '1:30'}
    >>> document.where(("start",))
    'trip.yaml:2:8'
    """
    if len(text) > MAX_BYTES:
        raise InvalidInput(
            Problem(name, f"the text has more than {MAX_BYTES:,} characters", "no model file is so large", "split it")
        )
    data, place = compose(text.removeprefix("\ufeff"), name)
    return Document(data, name, place)


def read(source: FilePath | str) -> Document:
    """Read a document from a file.

    Raises
    ------
    InvalidInput
        If it is missing, a directory, unreadable, larger than 8 MB, not UTF-8, or not sound YAML.
    """
    name = str(source)
    raw = _bytes(name)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line, column = before.count(b"\n") + 1, len(before) - before.rfind(b"\n")
        utf16 = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
        why = (
            "it looks like UTF-16"
            if utf16
            else f"byte 0x{raw[error.start]:02x} here; it may be binary or of another encoding"
        )
        raise InvalidInput(
            Problem(f"{name}:{line}:{column}", "the file is not UTF-8 text", why, "save it as UTF-8")
        ) from None
    return parse(text, name)


def _bytes(name: str) -> bytes:
    """The bytes of a regular file of bounded size."""
    shown = shorten(name, 200)
    try:
        path = FilePath(name)
        mode, size = path.stat().st_mode, path.stat().st_size
        if stat.S_ISDIR(mode):
            raise InvalidInput(Problem(shown, "this is a directory", "a file is needed", "name a .yaml file in it"))
        if not stat.S_ISREG(mode):
            raise InvalidInput(
                Problem(shown, "this is not a regular file", "it may never end", "copy it to a file first")
            )
        if size <= MAX_BYTES:
            with path.open("rb") as stream:
                raw = stream.read(MAX_BYTES + 1)
            if len(raw) <= MAX_BYTES:
                return raw
        raise InvalidInput(
            Problem(shown, f"the file is larger than {MAX_BYTES // 10**6} MB", "no model file is so large", "split it")
        )
    except FileNotFoundError:
        raise InvalidInput(Problem(shown, "there is no such file", "", "check the path")) from None
    except PermissionError:
        raise InvalidInput(
            Problem(shown, "the file may not be read", "permission denied", "change its permissions")
        ) from None
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or str(error)
        raise InvalidInput(
            Problem(shown, "the file cannot be read", f"the system says: {said}", "check the path")
        ) from None


def check_format(document: Document, kind: str, newest: int = 1) -> None:
    """Check the first key, `format: detente/<kind>/<number>`.

    Parameters
    ----------
    kind : str
        `scenario`, `record`, `claims`, `policies` or `run`.
    newest : int
        The highest number that this version reads; older ones are read too.

    Raises
    ------
    InvalidInput
        If the file is empty or no mapping, has no format or not as its first key, is of another kind, or newer.
    """
    wanted = f"format: detente/{kind}/{newest}"
    data, where = document.data, document.where(("format",))
    if not isinstance(data, dict):
        what = "the file is empty" if data is None else "the file is not a mapping of keys"
        raise InvalidInput(Problem(document.where(), what, f"a {kind} file is a mapping", f"begin it with `{wanted}`"))
    if "format" not in data:
        raise InvalidInput(
            Problem(
                document.where(),
                "`format` is missing",
                "it says how to read the file",
                f"begin the file with `{wanted}`",
            )
        )
    match = _FORMAT.fullmatch(str(data["format"]))
    if match is None:
        raise InvalidInput(Problem(where, f"{shorten(data['format'])!r} is no format", "", f"write `{wanted}`"))
    if match[1] != kind:
        what = f"this is a {match[1]} file" if match[1] in KINDS else f"{match[1]!r} is no kind of file"
        remedy = f"name a {kind} file" if match[1] in KINDS else instead(match[1], KINDS, f"write `{wanted}`")
        raise InvalidInput(Problem(where, what, f"a {kind} file is needed", remedy))
    if int(match[2]) > newest:
        why = f"this version of detente reads detente/{kind}/{newest} and older"
        raise InvalidInput(
            Problem(
                where, f"format {match[0]} is newer", why, f"install a detente that reads detente/{kind}/{match[2]}"
            )
        )
    if next(iter(data)) != "format":
        where = document.where(("format",), key=True)
        raise InvalidInput(
            Problem(where, "`format` is not the first key", "it says how to read the rest", "move it to the first line")
        )
