"""What stands in a record file: its frame, named series, sources and facts."""

from __future__ import annotations

from pydantic import Field

from detente.record.facts import Fact
from detente.record.source import Coverage, Item, Source

KIND, NEWEST = "record", 1


class Series(Item):
    """A named series of counts, with the window in which it counts everything."""

    title: str
    unit: str
    covers: Coverage
    why: str = ""


class RecordFile(Item):
    """What stands in a record file."""

    format: str
    title: str
    coverage: Coverage
    series: dict[str, Series] = Field(default={})
    # Needed even where there are none: written last, it shows that the file is whole.
    sources: dict[str, Source]
    facts: dict[str, Fact] = Field(default={})
