"""Ensembles: draws of everything that is uncertain, each solved and looked ahead, kept as one labelled assessment.

Names are imported on first use, so that drawing alone needs neither xarray nor Parquet.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detente.ensemble.assessment import Assessment, Unsettled
    from detente.ensemble.replays import Replay, replay
    from detente.ensemble.run import assess, resume
    from detente.ensemble.sampling import uniforms

__all__ = ["Assessment", "Replay", "Unsettled", "assess", "replay", "resume", "uniforms"]

_HOMES = {
    "Assessment": "detente.ensemble.assessment",
    "Replay": "detente.ensemble.replays",
    "replay": "detente.ensemble.replays",
    "Unsettled": "detente.ensemble.assessment",
    "assess": "detente.ensemble.run",
    "resume": "detente.ensemble.run",
    "uniforms": "detente.ensemble.sampling",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'detente.ensemble' has no attribute {name!r}")
