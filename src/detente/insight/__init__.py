"""What assessments say beyond themselves: what a policy would change, how other structures read a scenario, and what the reasons given for it are worth."""

from detente.insight.factors import Factors, weigh_factors
from detente.insight.policies import Change, Comparison, compare
from detente.insight.structures import read_otherwise

__all__ = ["Change", "Comparison", "Factors", "compare", "read_otherwise", "weigh_factors"]
