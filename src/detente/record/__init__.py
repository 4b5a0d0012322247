"""The record: dated, sourced facts, and what was known of them on a day."""

from detente.record.facts import Fact
from detente.record.query import Query, Reading
from detente.record.record import Record
from detente.record.source import Source
from detente.record.timing import Onset

__all__ = ["Fact", "Onset", "Query", "Reading", "Record", "Source"]
