"""`detente record RECORD [NAME]`: what a record says of something, in the order of time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from detente.cli.options import Task, setting, spoken
from detente.cli.words import Day, Word
from detente.errors import InvalidInput, Problem

if TYPE_CHECKING:
    from detente.cli.page import Line
    from detente.record import Record
    from detente.record.entry import Entry
    from detente.record.facts import Treaty

Row = tuple[str, ...]
FIGURES: Row = ("when", "figure", "known", "evidence", "source")
EVENTS: Row = ("when", "evidence", "source", "what")
MEMBERS: Row = ("since", "member", "known", "evidence", "source")


class Ledger(Word):
    """A record, by shipped name or file."""

    name = "record"

    def read(self, text: str) -> str:
        if text not in shipped() and not Path(text).is_file():
            raise ValueError(f"{text!r} is no record", "", f"give a shipped name ({', '.join(shipped())}) or a .yaml file")
        return text

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return [CompletionItem(incomplete, type="file"), *(CompletionItem(name) for name in shipped() if name.startswith(incomplete))]


def shipped() -> list[str]:
    """Names of the records that come with the package."""
    return sorted(entry.name.removesuffix(".yaml") for entry in (resources.files("detente.library") / "records").iterdir() if entry.name.endswith(".yaml"))


@click.command("record", cls=Task)
@click.argument("record", metavar="RECORD", type=Ledger())
@click.argument("name", metavar="[NAME]", required=False)
@setting("--as-of", type=Day(), metavar="DATE", help="Show only what was known on that day (YYYY-MM-DD).  [default: all]")
@spoken
def command(record: str, name: str | None, as_of: date | None, quiet: bool) -> None:
    """Tell what a record says of a series, a treaty, an alliance or a fact, in the order of time: when, what, since when it is known, how well, and by whom.

    Without NAME its series and treaties are listed. With the name of a fact all figures of the same thing are shown.

    \b
    Example:  detente record baltic scrambles_baltic
              detente record baltic new_start --as-of 2021-01-29
              detente record baltic battlegroup_estonia_2017
    """
    from detente.cli.printing import show, width
    from detente.record import Record

    loaded = Record.load(record)
    show(listed(loaded, width()) if name is None else told(loaded, name, as_of or date.max, width()))


def listed(record: Record, width: int) -> Iterator[Line]:
    """The series and the treaties of a record."""
    from detente.cli.columns import fitted
    from detente.cli.page import Line

    rows = [("series", name, series.title) for name, series in record.series.items()]
    rows += [("treaty", name, treaty.title) for name, treaty in record.treaties.items()]
    yield from (Line(line) for lines in fitted(rows, "<<<", width) for line in lines)


def told(record: Record, name: str, known: date, width: int) -> Iterator[Line]:
    """What a record says of a name, as known on a day.

    Raises
    ------
    InvalidInput
        If the record has nothing of this name.
    """
    from detente.cli.columns import fitted
    from detente.cli.page import Line, wrap
    from detente.document import instead

    if (treaty := record.treaties.get(name)) is not None:
        title, head, rows, note = treaty.title, EVENTS, list(events(record, treaty, known)), treaty.limits
    elif (series := record.series.get(name)) is not None:
        entries = [entry for entry in record.entries if getattr(entry.fact, "series", None) == name]
        title, head, rows = series.title, FIGURES, list(figures(record, entries, known, (series.covers.from_.day.year, series.covers.until.day.year)))
        note = f"Counted from {series.covers.from_} to {series.covers.until}; nothing is known of other years. {series.why}"
    elif (rows := list(accessions(record, name, known))) and (fact := record.facts.get(name)) is not None:
        title, head, note = fact.title, MEMBERS, fact.note
    elif (fact := record.facts.get(name)) is not None:
        entries = [entry for entry in record.entries if entry.name == name or (fact.subject is not None and entry.fact.subject == fact.subject)]
        title, head, rows, note = fact.title, FIGURES, list(figures(record, entries, known)), fact.note
    else:
        names = [*record.series, *record.facts]
        remedy = instead(name, names, "see `detente record RECORD` for its series and treaties")
        raise InvalidInput(Problem("NAME", f"the record has nothing of the name {name!r}", "", remedy))
    yield from wrap(f"{name}: {title}" if title else name, width, "title")
    if rows:
        lines = [line for lines in fitted([head, *rows], "<" * len(head), width) for line in lines]
        yield from (Line(line, "row" if number else "head") for number, line in enumerate(lines))
    else:
        yield from wrap("Nothing of this was known on that day.", width)
    if rows and note:
        yield Line("")
        yield from wrap(" ".join(note.split()), width, "note")


def events(record: Record, treaty: Treaty, known: date) -> Iterator[Row]:
    """The life of a treaty."""
    for event in sorted(treaty.events, key=lambda event: event.date.day):
        if record.event_known(event) <= known:
            by = f" by {', '.join(event.by)}" if event.by else ""
            end = f", to end on {event.expires}" if event.expires is not None else ""
            note = f": {' '.join(event.note.split())}" if event.note else ""
            yield (str(event.date), event.evidence, ", ".join(event.source), f"{event.event}{by}{end}{note}")


def accessions(record: Record, name: str, known: date) -> Iterator[Row]:
    """Members of an alliance, oldest first; nothing of what is none."""
    from detente.record.membership import accessions

    days = {entry.name: entry.known for entry in record.entries}
    for alliance, told, member, day in sorted(accessions(record.facts), key=lambda each: each[3].day):
        if alliance == name and days[told] <= known:
            yield (str(day), member, str(days[told]), record.facts[told].evidence, ", ".join(record.facts[told].source))


def figures(record: Record, entries: list[Entry], known: date, years: tuple[int, int] | None = None) -> Iterator[Row]:
    """Figures in the order of time; of yearly ones also the years between that have none."""
    shown = sorted((entry for entry in entries if entry.known <= known), key=lambda entry: (entry.first, entry.fact.beside is not None))
    yearly = {entry.first.year for entry in shown if getattr(entry.fact, "yearly", None)}
    gaps = [(str(year), "not observed") for year in range(years[0], years[1] + 1) if year not in yearly] if years is not None and yearly else []
    rows = [
        (when(entry), figure(entry), str(entry.known), entry.fact.evidence, ", ".join(entry.fact.source) + (", beside" if entry.fact.beside else ""))
        for entry in shown
    ]
    yield from sorted([*rows, *gaps], key=lambda row: row[0][:4]) if gaps else rows


def when(entry: Entry) -> str:
    """The time that a figure is of, as written."""
    fact = entry.fact
    if getattr(fact, "yearly", None):
        return str(entry.first.year)
    if fact.from_ is None:
        return f"until {fact.until}" if fact.until is not None else ""
    if fact.until is None:
        return f"from {fact.from_}"
    return str(fact.from_) if fact.from_.text == fact.until.text else f"{fact.from_} to {fact.until}"


def figure(entry: Entry) -> str:
    """A figure with its range and unit, or a text in its place."""
    from detente.document import Absence

    fact, value = entry.fact, entry.value
    if value is None:
        texts = (getattr(fact, key, None) for key in ("threshold_index", "peak", "text", "type"))
        return next((str(text) for text in texts if text is not None), "")
    if isinstance(value, Absence):
        return str(value)
    high = getattr(fact, "high", None)
    unit = getattr(fact, "unit", "1")
    return f"{value:,g}" + (f" to {high:,g}" if high is not None else "") + ("" if unit == "1" else f" {unit}")
