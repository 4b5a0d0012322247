"""What assessments say beyond themselves: what a policy would change, how other structures read a scenario, what the reasons given for it are worth, what moves
its results, where something holds, and whether claims do."""

from detente.insight.alternatives import Alternatives, weigh_policies
from detente.insight.discovery import Discovery, discover
from detente.insight.factors import Factors, weigh_factors
from detente.insight.judgement import Judgement
from detente.insight.judging import judge_claims
from detente.insight.moved import Sensitivity
from detente.insight.policies import Change, Comparison, compare
from detente.insight.promises import Promises, who_shows_up
from detente.insight.sensitivities import sensitivity
from detente.insight.structures import read_otherwise

__all__ = [
    "Alternatives", "Change", "Comparison", "Discovery", "Factors", "Judgement", "Promises", "Sensitivity", "compare", "discover", "judge_claims",
    "read_otherwise", "sensitivity", "weigh_factors", "weigh_policies", "who_shows_up",
]  # fmt: skip
