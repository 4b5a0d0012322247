"""Where each part of a file stands: a tree like the data, with a line and a column for every key and value."""

from __future__ import annotations

from dataclasses import dataclass, field

Key = str | int | float
Path = tuple[Key, ...]


@dataclass(slots=True)
class Place:
    """The position of a value and of what is in it.

    Attributes
    ----------
    file : str
    line, column : int
        Counted from 1.
    entries : dict
        `{key: place of its value}` of a mapping, `{index: place}` of a list.
    keys : dict
        `{key: place of the key}` of a mapping.
    removed : dict
        `{key: place of the null}` of what a file that extends another takes out of it.
    """

    file: str
    line: int
    column: int
    entries: dict[Key, Place] = field(default_factory=dict)
    keys: dict[Key, Place] = field(default_factory=dict)
    removed: dict[Key, Place] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"

    def find(self, path: tuple[object, ...], *, key: bool = False) -> Place:
        """The place at the end of `path`, or that of the nearest ancestor that is in the file.

        Parameters
        ----------
        key : bool
            Point at the key rather than at its value.
        """
        here, at_key = self, self
        for part in path:
            name = self.child(here, part)
            if name is None:
                # Of something absent the reader looks for the item that lacks it, which its key names.
                return at_key
            at_key = here.keys.get(name, here.entries[name])
            here = here.entries[name]
        return at_key if key else here

    @staticmethod
    def child(place: Place, part: object) -> Key | None:
        """The key of `place` that `part` means; a number may come as its text."""
        if isinstance(part, str | int | float) and part in place.entries:
            return part
        if isinstance(part, str):
            return next((key for key in place.entries if not isinstance(key, str) and str(key) == part), None)
        return None
