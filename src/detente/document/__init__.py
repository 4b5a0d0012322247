"""Files that people write: YAML with positions, dates, typed absence, formulas with units, and a canonical form."""

from detente.document.absence import Absence
from detente.document.canonical import canonical, digest
from detente.document.dates import FirstDay, LastDay, PartialDate, first_day, last_day
from detente.document.dimensions import check_unit
from detente.document.document import Document, check_format, parse, read
from detente.document.dump import dump
from detente.document.formula import Expression, Formula
from detente.document.merge import merge
from detente.document.names import instead, nearest
from detente.document.salvage import Salvaged, salvage
from detente.document.schema import CarriedError, validate
from detente.document.units import canonical_unit

__all__ = [
    "Absence",
    "CarriedError",
    "Document",
    "Expression",
    "FirstDay",
    "Formula",
    "LastDay",
    "PartialDate",
    "Salvaged",
    "canonical",
    "canonical_unit",
    "check_format",
    "check_unit",
    "digest",
    "dump",
    "first_day",
    "instead",
    "last_day",
    "merge",
    "nearest",
    "parse",
    "read",
    "salvage",
    "validate",
]
