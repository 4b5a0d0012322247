"""`extends`: one file over another, item by item.

Keys of the top level are joined; inside each section (a mapping of items) items are joined by name. An item is replaced
whole, never patched, so that each can be read in one place; `null` removes it. Replaced items keep their rank, new ones
come last. Every part keeps the place at which it was written.
"""

from __future__ import annotations

from typing import Any

from detente.document.document import Document
from detente.document.names import instead, shorten
from detente.document.places import Key, Place
from detente.errors import InvalidInput, Problem


def merge(base: Document, over: Document) -> Document:
    """Lay one document over another.

    Parameters
    ----------
    base : Document
        What is extended.
    over : Document
        What extends it, and gives the result its name.

    Raises
    ------
    InvalidInput
        If one is no mapping, or `null` removes what the base has not.
    """
    for document in (base, over):
        if not isinstance(document.data, dict):
            why = "only mappings can be merged"
            raise InvalidInput(Problem(document.where(), "the file is not a mapping of keys", why, "write key: value"))
    problems: list[Problem] = []
    data, place = _join(base.data, base.place, over.data, over.place, problems, levels=2)
    if problems:
        raise InvalidInput(problems)
    return Document(data, over.name, place)


def _join(
    below: dict[Key, Any],
    below_place: Place,
    above: dict[Key, Any],
    above_place: Place,
    problems: list[Problem],
    levels: int,
) -> tuple[dict[Key, Any], Place]:
    data = dict(below)
    entries, keys = dict(below_place.entries), dict(below_place.keys)
    place = Place(above_place.file, above_place.line, above_place.column, entries, keys, dict(below_place.removed))
    for key, value in above.items():
        if value is None:
            if key not in data:
                what = f"null removes {shorten(key)!r}, which the extended file has not"
                remedy = instead(str(key), data, "remove the line")
                problems.append(Problem(str(above_place.keys[key]), what, "it may be misspelt", remedy))
            place.removed[key] = above_place.keys[key]
            for table in (data, place.entries, place.keys):
                table.pop(key, None)
            continue
        value_place = above_place.entries[key]
        if levels > 1 and isinstance(value, dict) and isinstance(data.get(key, {}), dict):
            old_place = below_place.entries.get(key, value_place) if key in data else Place("", 0, 0)
            value, value_place = _join(data.get(key, {}), old_place, value, value_place, problems, levels - 1)
        data[key] = value
        place.removed.pop(key, None)
        place.entries[key], place.keys[key] = value_place, above_place.keys[key]
    return data, place
