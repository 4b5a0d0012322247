"""The international security system as a computational model.

`load` compiles a scenario, `assess` answers its question, an `Assessment` is the answer (`Assessment.load` reads a kept one); `games` holds
extensive-form games for their own sake. All are imported when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detente import games
    from detente.ensemble import Assessment, assess
    from detente.scenario import load

__version__ = "0.1.0"
__all__ = ["Assessment", "__version__", "assess", "games", "load"]

_HOMES = {"Assessment": "detente.ensemble", "assess": "detente.ensemble", "load": "detente.scenario"}


def __getattr__(name: str) -> Any:
    if name == "games":
        return import_module("detente.games")
    if name not in _HOMES:
        raise AttributeError(f"module 'detente' has no attribute {name!r}")
    if name in ("Assessment", "assess"):
        # Notebooks show an assessment as its report; the report is loaded when one is shown.
        import_module("detente.ensemble").Assessment.shown_as = staticmethod(_in_notebook)
    return getattr(import_module(_HOMES[name]), name)


def _in_notebook(assessment: Assessment) -> str:
    return str(import_module("detente.report").in_notebook(assessment))


def __dir__() -> list[str]:
    return sorted(__all__)
