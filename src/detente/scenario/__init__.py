"""Scenario files: what may be written in them, whether it fits together, and the model that it compiles to."""

from detente.scenario.compile import Model, load
from detente.scenario.distributions import Distribution
from detente.scenario.evaluate import evaluate
from detente.scenario.files import locate, read_merged, shipped
from detente.scenario.quantities import Quantity
from detente.scenario.schema import Scenario
from detente.scenario.timeline import Timeline

__all__ = ["Distribution", "Model", "Quantity", "Scenario", "Timeline", "evaluate", "load", "locate", "read_merged", "shipped"]
