"""What assessments say beyond themselves: what a policy would change."""

from detente.insight.policies import Change, Comparison, compare

__all__ = ["Change", "Comparison", "compare"]
