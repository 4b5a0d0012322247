"""The page that `cite` prints: sources with their grades, facts with their dates, and methods."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from detente.cli.page import Line, wrap
from detente.document import Absence, PartialDate
from detente.exports.citations import Bibliography, Cited, Used
from detente.exports.methods import Method
from detente.report.wording import day, plain

INDENT = "    "
UNDATED = {Absence.NOT_APPLICABLE: "no date of its own", Absence.NOT_OBSERVED: "undated", Absence.OUTSIDE_COVERAGE: "undated"}


def told(found: Bibliography, width: int) -> Iterator[Line]:
    """The lines of the page."""
    about = found.about
    yield from wrap(f"What {about['scenario']} as known on {day(date.fromisoformat(about['as_of']))} rests on", width, "title")
    yield from wrap(f"{about['title']}. {about['draws']:,} draws, seed {about['seed']}, détente {about['version']}, {about['digest']}.", width)
    if found.quantities:
        yield from wrap(f"Quantities by evidence: {', '.join(f'{count} {grade}' for grade, count in found.quantities.items())}.", width)
    if found.record:
        yield from wrap(f"Record {found.record}: {found.record_title}.", width)
        yield from wrap("Grades: of a source A to F, of what it says 1 to 6, after the Admiralty code. F and 6 mean unknown, not worst.", width, "note")
    for title, cases in (("data sets", True), ("sources", False)):
        items = [item for item in found.sources if item.cases is cases]
        if items:
            yield from (Line(""), Line(title, "head"))
            for item in items:
                yield from _source(item, width)
    if found.facts:
        yield from (Line(""), Line("facts read", "head"))
        for used in found.facts:
            yield from _hanging(_fact(used), width)
    yield from (Line(""), Line("methods", "head"))
    for method in found.methods:
        yield from _hanging(_method(method), width)


def _source(item: Cited, width: int) -> Iterator[Line]:
    source, serves = item.source, "; ".join(f"{part} {', '.join(names)}" for part, names in item.serves.items())
    if source is None:
        yield from _hanging(f"{item.name}  The scenario has no record that describes it. For {serves}.", width)
        return
    copy = f", read in a copy of {source.copy_}" if isinstance(source.copy_, PartialDate) else ""
    address = f" {source.address}" if source.address else ""
    published = source.published if isinstance(source.published, PartialDate) else UNDATED[source.published]
    yield from _hanging(f"{item.name}  {source.title}. {source.publisher}, {published}{copy}.{address}", width)
    yield from _hanging(f"{INDENT}Grade {source.reliability}{source.credibility} ({source.graded_by}). For {serves}.", width)


def _fact(used: Used) -> str:
    fact = used.fact
    first, last = fact.from_, fact.until
    held = f"{first or ''}–{last or ''}" if first is not None or last is not None else ""
    known = f"known since {used.known}"
    evidence = f"derived ({fact.formula})" if fact.evidence == "derived" else fact.evidence
    sources = f"[{', '.join(used.sources)}]" if used.sources else "without a source"
    return f"{used.name}  {', '.join(filter(None, (plain(fact.kind), fact.title, held, known, evidence)))} {sources}"


def _method(method: Method) -> str:
    entry = method.entry
    number = f"({entry['number']})" if "number" in entry else ""
    where = (entry.get("in"), entry.get("volume", "") + number, entry.get("pages"), entry.get("publisher"))
    doi = f" doi {entry['doi']}." if "doi" in entry else ""
    return f"{entry['author'].replace(' and ', '; ')} ({entry['year']}). {entry['title']}. {', '.join(filter(None, where))}.{doi} For {method.use}."


def _hanging(text: str, width: int) -> list[Line]:
    """Running text whose lines after the first are indented."""
    first, *rest = wrap(text, width)
    return [first, *(Line(INDENT + line.text) for line in wrap(" ".join(line.text for line in rest), width - len(INDENT)))]
