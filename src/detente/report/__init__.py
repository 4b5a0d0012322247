"""The report: one HTML file that holds an assessment's pictures, tables and sources, and that opens anywhere without a connection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detente.report.alliance import promised
    from detente.report.borders import own_borders
    from detente.report.contents import payload
    from detente.report.document import to_html, write
    from detente.report.notebook import in_notebook
    from detente.report.response import respond

__all__ = ["in_notebook", "own_borders", "payload", "promised", "respond", "to_html", "write"]

_HOMES = {
    "payload": "detente.report.contents",
    "in_notebook": "detente.report.notebook",
    "own_borders": "detente.report.borders",
    "promised": "detente.report.alliance",
    "respond": "detente.report.response",
    "to_html": "detente.report.document",
    "write": "detente.report.document",
}


def __getattr__(name: str) -> Any:
    # Words of `detente.report.wording` are wanted where nothing heavy may be loaded.
    if name not in _HOMES:
        raise AttributeError(f"module 'detente.report' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
