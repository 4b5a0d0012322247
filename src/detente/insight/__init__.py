"""What assessments say beyond themselves: what a policy would change, and how other structures read the same scenario."""

from detente.insight.policies import Change, Comparison, compare
from detente.insight.structures import read_otherwise

__all__ = ["Change", "Comparison", "compare", "read_otherwise"]
