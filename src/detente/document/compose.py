"""YAML text to plain data and the place of every part of it.

Only what a model file needs: mappings, lists and the scalars of the YAML 1.2 core schema, one document, aliases.
Refused, each with its place: duplicate keys (with both places), tags, merge keys, keys that are not text or numbers,
more than 40 levels, an alias inside what it names, aliases that unfold to more than 100,000 values ("billion laughs").
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from detente.document.names import shorten
from detente.document.places import Key, Place
from detente.document.scalars import resolve
from detente.errors import InvalidInput, Problem

MAX_DEPTH = 40
MAX_UNFOLDED = 100_000
# Beyond this a file is so broken that more problems do not help.
MAX_PROBLEMS = 200

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# The style of a plain scalar, in pure Python and in C.
_PLAIN = (None, "")
_NOT_TEXT = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# What the parser says (a part of it), what we say, what to do.
_SYNTAX = (
    ("cannot start any token", "a character that cannot begin a value", "put the text in quotes"),
    ("mapping values are not", "a `: ` where no key can stand", "quote text with a colon, or mend the indentation"),
    ("unexpected ':'", "a `:` with nothing after it", "give the key a value, or remove it"),
    ("block mapping", "a line that does not fit the lines around it", "mend its indentation, or quote the text above"),
    ("block (collection|sequence|entries|end)", "a line that does not fit the list around it", "mend its indentation"),
    ("flow mapping", "a `{` that is not closed, or a comma that is missing", "write {key: value, key: value}"),
    ("flow sequence", "a `[` that is not closed, or a comma that is missing", "write [value, value]"),
    ("quoted scalar|end of stream", "a quote that is not closed", "close it with the same quote"),
    ("simple key|could not find expected ':'", "a key without `: `", "write `key: value`, with a space after the colon"),
    ("nesting depth", f"more than {MAX_DEPTH} levels", "flatten the file"),
    ("found undefined tag|tag|directive", "a tag or a directive, which are not used here", "remove it"),
)  # fmt: skip
# What these faults are told of begins where the parser says that it was at work, not where it gave up.
_FROM_THE_START = ("quoted scalar", "simple key")


class _TooBrokenError(Exception):
    """Raised inside to stop at a problem after which the rest of the text makes no sense."""


@dataclass(slots=True)
class _Node:
    """A composed value; `size` and `height` bound what its aliases unfold to."""

    value: Any
    place: Place
    size: int = 1
    height: int = 1


class _Composer:
    def __init__(self, text: str, name: str) -> None:
        self.name = name
        self.problems: list[Problem] = []
        self.anchors: dict[str, _Node | None] = {}
        self.unfolded = 0
        self.long_quote: Any = None
        self.events: Iterator[Any] = yaml.parse(text, Loader=_LOADER)

    def place(self, mark: Any) -> Place:
        return Place(self.name, mark.line + 1, mark.column + 1)

    def report(self, place: Place, what: str, why: str = "", remedy: str = "") -> None:
        self.problems.append(Problem(str(place), what, why, remedy))
        if len(self.problems) >= MAX_PROBLEMS:
            raise _TooBrokenError

    def stop(self, place: Place, what: str, why: str, remedy: str) -> _TooBrokenError:
        self.report(place, what, why, remedy)
        return _TooBrokenError()

    def document(self) -> _Node:
        next(self.events)
        first = next(self.events)
        node = _Node(None, Place(self.name, 1, 1))
        if isinstance(first, yaml.DocumentStartEvent):
            if first.version is not None and tuple(first.version) != (1, 2):
                self.report(
                    self.place(first.start_mark),
                    "a directive for an older YAML",
                    "this is read as YAML 1.2",
                    "remove it",
                )
            node = self.node(next(self.events), 1)
            next(self.events)
            after = next(self.events)
            if isinstance(after, yaml.DocumentStartEvent):
                what = "a second document begins here"
                raise self.stop(self.place(after.start_mark), what, "a file holds one document", "remove the `---`")
        return node

    def node(self, event: Any, depth: int) -> _Node:
        place = self.place(event.start_mark)
        if isinstance(event, yaml.AliasEvent):
            return self.alias(event.anchor, place, depth)
        if depth > MAX_DEPTH:
            raise self.stop(place, f"more than {MAX_DEPTH} levels", "no model file nests so deep", "flatten the file")
        anchor = event.anchor
        if anchor is not None:
            if anchor in self.anchors:
                self.report(place, f"the anchor &{anchor} is set twice", "an alias could mean either", "rename one")
            self.anchors[anchor] = None
        if event.tag is not None:
            why = "values are text, numbers, true, false, null, lists and mappings"
            self.report(place, f"the tag {shorten(event.tag.replace('tag:yaml.org,2002:', '!!'))}", why, "remove the tag")
        if isinstance(event, yaml.ScalarEvent):
            if event.style not in _PLAIN and self.place(event.end_mark).line > place.line:
                self.long_quote = event
            node = _Node(self.scalar(event, place), place, 1 + len(event.value) // 32)
        elif isinstance(event, yaml.SequenceStartEvent):
            node = self.sequence(place, depth)
        else:
            node = self.mapping(place, depth)
        if anchor is not None:
            self.anchors[anchor] = node
        return node

    def alias(self, anchor: str | None, place: Place, depth: int) -> _Node:
        if anchor not in self.anchors:
            remedy = f"write &{anchor} before the value meant"
            self.report(place, f"the alias *{anchor} names nothing", "its anchor must come before it", remedy)
            return _Node(None, place)
        node = self.anchors[anchor]
        if node is None:
            what = f"the alias *{anchor} stands inside what it names"
            raise self.stop(place, what, "it would never end", "remove it")
        self.unfolded += node.size
        if self.unfolded > MAX_UNFOLDED:
            what = f"aliases unfold to more than {MAX_UNFOLDED:,} values"
            raise self.stop(place, what, "the file would fill the memory", "write less with aliases")
        if depth + node.height - 1 > MAX_DEPTH:
            what = f"more than {MAX_DEPTH} levels once aliases unfold"
            raise self.stop(place, what, "no model file nests so deep", "flatten the file")
        # The place stays that of the original: there a problem is put right.
        return _Node(copy.deepcopy(node.value), node.place, node.size, node.height)

    def scalar(self, event: Any, place: Place) -> Any:
        if event.style not in _PLAIN:
            return event.value
        try:
            return resolve(event.value)
        except ValueError as error:
            remedy = "give a finite number, or {absent: not observed}"
            self.report(place, str(error), "no number of a model is without bounds", remedy)
            return 0

    def sequence(self, place: Place, depth: int) -> _Node:
        node = _Node([], place)
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            item = self.node(event, depth + 1)
            place.entries[len(node.value)] = item.place
            self.add(node, item.value, item)
        return node

    def mapping(self, place: Place, depth: int) -> _Node:
        node = _Node({}, place)
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key_place = self.place(event.start_mark)
            key = self.key(event, key_place, depth)
            item = self.node(next(self.events), depth + 1)
            if key is None:
                continue
            if key in place.keys:
                what = f"the key {shorten(key)!r} is given twice"
                self.report(key_place, what, f"it stands at {place.keys[key]} too", "remove one")
            place.keys.setdefault(key, key_place)
            place.entries.setdefault(key, item.place)
            self.add(node, (key, item.value), item)
        return node

    def key(self, event: Any, place: Place, depth: int) -> Key | None:
        value = self.node(event, depth + 1).value
        if isinstance(event, yaml.ScalarEvent) and event.style in _PLAIN and event.value == "<<":
            remedy = "use an alias for the whole mapping, or `extends`"
            self.report(place, "a merge key `<<`", "YAML 1.2 has none", remedy)
            return None
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            return value
        empty = "empty" if value is None else str(value).lower()
        shown = "a list or a mapping" if isinstance(value, list | dict) else empty
        self.report(place, f"a key is {shown}", "keys are text or numbers", "put it in quotes")
        return None

    @staticmethod
    def add(node: _Node, entry: Any, item: _Node) -> None:
        if isinstance(node.value, list):
            node.value.append(entry)
        else:
            node.value.setdefault(*entry)
        node.size += item.size
        node.height = max(node.height, item.height + 1)


def compose(text: str, name: str) -> tuple[Any, Place]:
    """Read YAML text.

    Parameters
    ----------
    text : str
    name : str
        The file's name, for messages.

    Returns
    -------
    tuple
        Data of dict, list, str, int, float, bool and None (dates stay text), and the place of its parts.

    Raises
    ------
    InvalidInput
        With every problem up to the first that makes the rest unreadable.
    """
    stray = _NOT_TEXT.search(text)
    if stray:
        line, column = text.count("\n", 0, stray.start()) + 1, stray.start() - text.rfind("\n", 0, stray.start())
        what = f"the character U+{ord(stray[0]):04X}, which no text file has"
        raise InvalidInput(Problem(f"{name}:{line}:{column}", what, "the file may be binary", "give a YAML text file"))
    composer = _Composer(text, name)
    try:
        node = composer.document()
    except _TooBrokenError:
        raise InvalidInput(composer.problems) from None
    except yaml.YAMLError as error:
        raise InvalidInput([*composer.problems, _syntax(error, name, text, composer.long_quote)]) from None
    if composer.problems:
        raise InvalidInput(composer.problems)
    return node.value, node.place


def _syntax(error: Any, name: str, text: str, long_quote: Any) -> Problem:
    """Put the parser's complaint into words that say what to do.

    Parameters
    ----------
    long_quote : event, optional
        The last quoted text of several lines before the complaint.
    """

    def at(mark: Any) -> str:
        return f"{name}:{mark.line + 1}:{mark.column + 1}"

    context, said_around = getattr(error, "context_mark", None), str(getattr(error, "context", None) or "")
    mark = getattr(error, "problem_mark", None) or context
    said = f"{getattr(error, 'problem', None) or ''} {said_around}".strip()
    if mark is None:
        return Problem(name, "this is not YAML", f"the parser says: {said or shorten(error)}", "mend the text")
    if text[mark.index : mark.index + 1] == "\t":
        return Problem(at(mark), "a tab where only spaces may stand", "tabs have no width", "indent with spaces")
    if long_quote is not None and long_quote.end_mark.line == mark.line:
        # A quote that is not closed ends at the next one in the file, where the rest of that line makes no sense.
        return Problem(at(long_quote.start_mark), "a quote that is not closed", f"it runs on to {at(mark)}", "close it with the same quote")
    if context is not None and any(words in said_around for words in _FROM_THE_START):
        mark = context
    for pattern, what, remedy in _SYNTAX:
        if re.search(pattern, said):
            return Problem(at(mark), what, f"it opens at {at(context)}" if context is not None and "flow" in said_around else "", remedy)
    return Problem(at(mark), "this is not YAML", f"the parser says: {said}", "mend the text here or on the line before")
