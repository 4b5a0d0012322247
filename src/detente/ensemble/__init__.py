"""Ensembles: draws of everything that is uncertain, each solved and looked ahead, kept as one labelled assessment."""

from detente.ensemble.assessment import Assessment, Unsettled
from detente.ensemble.replay import Replay, replay
from detente.ensemble.run import assess, resume
from detente.ensemble.sampling import uniforms

__all__ = ["Assessment", "Replay", "Unsettled", "assess", "replay", "resume", "uniforms"]
