"""A bibliography as BibTeX: one entry for each source, data set and method, and one for the run itself.

Keys are stable: `RECORD:SOURCE` for a source, the key of the table for a method, `detente` for the program and `detente:SCENARIO` for the run. A
name that BibTeX would not read is spelt with hyphens and told apart by a digest. Text is UTF-8; the signs that TeX reserves are escaped.

Reference: Patashnik (1988), BibTeXing (the manual of BibTeX).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping

from detente.document import Absence, PartialDate
from detente.exports.citations import Bibliography, Cited
from detente.exports.methods import Method

_RESERVED = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", **{sign: f"\\{sign}" for sign in "&%$#_{}"}}
_CONTAINER = {"article": "journal", "techreport": "institution"}


def to_bibtex(found: Bibliography) -> str:
    """The text of a .bib file."""
    entries = [*_run(found), *(_source(found.record or str(found.about["scenario"]), item) for item in found.sources), *map(_method, found.methods)]
    return "\n".join(entries)


def key_of(*parts: str) -> str:
    """Parts joined by colons, as BibTeX can read it.

    Examples
    --------
    >>> key_of("baltic", "S20"), key_of("baltic", "Le Monde, 2020")
    ('baltic:S20', 'baltic:Le-Monde--2020-3d6a1f')
    """
    plain = [re.sub(r"[^A-Za-z0-9_.+-]", "-", part) for part in parts]
    changed = "" if plain == list(parts) else "-" + hashlib.sha256(":".join(parts).encode()).hexdigest()[:6]
    return ":".join(plain) + changed


def _run(found: Bibliography) -> Iterator[str]:
    about = found.about
    yield _entry("misc", "detente", {"author": "{The détente authors}", "title": "{détente}", "note": _text(f"Version {about['version']}")})
    note = f"Scenario as known on {about['as_of']}, {about['draws']} draws, seed {about['seed']}, {about['digest']}"
    yield _entry("misc", key_of("detente", str(about["scenario"])), {"title": _braced(str(about["title"])), "note": _text(note)})


def _source(record: str, item: Cited) -> str:
    source, uses = item.source, [f"{part}: {', '.join(names)}" for part, names in item.serves.items()]
    if source is None:
        return _entry("misc", key_of(record, item.name), {"title": _braced(item.name), "note": _text("; ".join(["Not described by a record", *uses]))})
    note = [f"Grade {source.reliability}{source.credibility} ({source.graded_by})"]
    if isinstance(source.copy_, PartialDate):
        note.append(f"read in a copy of {source.copy_}")
    fields = {"author": f"{{{_text(source.publisher)}}}", "title": _braced(source.title), **_dated(source.published)}
    if source.address is not None:
        # An address is no running text: only what would end the field is changed.
        fields["url"] = source.address.replace("{", "%7B").replace("}", "%7D")
    return _entry("misc", key_of(record, item.name), {**fields, "note": _text("; ".join([*note, *uses]))})


def _dated(published: PartialDate | Absence) -> dict[str, str]:
    return {"year": published.text[:4], "date": published.text} if isinstance(published, PartialDate) else {}


def _method(method: Method) -> str:
    kind = method.entry["type"]
    fields = {}
    for name, value in method.entry.items():
        if name == "in":
            fields[_CONTAINER.get(kind, "booktitle")] = _text(value)
        elif name == "title":
            fields[name] = _braced(value)
        elif name == "pages":
            fields[name] = value.replace("-", "--")
        elif name != "type":
            fields[name] = value if name == "doi" else _text(value)
    return _entry(kind, method.key, fields)


def _braced(title: str) -> str:
    """A title whose capitals no style changes."""
    return f"{{{_text(title)}}}"


def _text(text: str) -> str:
    return "".join(_RESERVED.get(sign, sign) for sign in " ".join(text.split()))


def _entry(kind: str, key: str, fields: Mapping[str, str]) -> str:
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@{kind}{{{key},\n{lines}}}\n"
