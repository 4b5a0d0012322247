"""What leaves détente for other programs: JSON Schema for editors, the bibliography of a run."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detente.exports.bibtex import to_bibtex
    from detente.exports.citations import bibliography
    from detente.exports.schema import json_schema

__all__ = ["bibliography", "json_schema", "to_bibtex"]

_HOMES = {
    "bibliography": "detente.exports.citations",
    "json_schema": "detente.exports.schema",
    "to_bibtex": "detente.exports.bibtex",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'detente.exports' has no attribute {name!r}")
