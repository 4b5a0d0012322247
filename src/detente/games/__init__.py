"""Extensive-form games: build or read one, and find its logit agent quantal response equilibrium.

`Game` holds a tree of `Chance`, `Decision` and `Terminal` nodes with payoffs, for one draw or many; `load`, `loads`, `save` and `dumps` speak Gambit's .efg
format; `quantal_response` solves every draw and certifies its answers; `equilibria` finds the perfect Bayesian equilibria of a small game; `draw` makes a
picture. Numba is loaded when a game is first solved by `quantal_response`. The classic crisis games are here by name (`unilateral_deterrence`); `catalogue`
lists them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from detente.games.certificate import Certificate
from detente.games.classic import HOMES, catalogue
from detente.games.drawing import Picture, draw
from detente.games.efg import load, loads
from detente.games.efg_writer import dumps, save
from detente.games.equilibria import Belief, Equilibrium, equilibria
from detente.games.game import Game
from detente.games.quantal_response import QuantalResponse, Status, quantal_response
from detente.games.supporting_beliefs import SupportingBeliefs
from detente.games.tree import Chance, Decision, Node, Terminal

if TYPE_CHECKING:
    from detente.games.classic.alliances import alliance_reliability, commitment
    from detente.games.classic.arms_race import arms_race
    from detente.games.classic.asymmetric_escalation import asymmetric_escalation
    from detente.games.classic.bargaining import bargaining_range, first_strike_bargain, preventive_war, risk_return
    from detente.games.classic.centipede import centipede
    from detente.games.classic.chance_threat import chance_threat, usable_threats
    from detente.games.classic.costly_signals import backing_down, costly_signals
    from detente.games.classic.deterrence import rudimentary_deterrence, unilateral_deterrence
    from detente.games.classic.first_strike import strike_stability
    from detente.games.classic.inspection import inspection_game, recursive_inspection
    from detente.games.classic.mutual_deterrence import mutual_deterrence
    from detente.games.classic.power_and_risk import power_and_risk
    from detente.games.classic.resolve import contest_of_resolve, critical_risk
    from detente.games.classic.signalling import lewis_schultz_signalling
    from detente.games.classic.tripartite import tripartite_crisis
    from detente.games.classic.trust import reassurance, spiral, trust_game

__all__ = [
    "Belief",
    "Certificate",
    "Chance",
    "Decision",
    "Equilibrium",
    "Game",
    "Node",
    "Picture",
    "QuantalResponse",
    "Status",
    "SupportingBeliefs",
    "Terminal",
    "alliance_reliability",
    "arms_race",
    "asymmetric_escalation",
    "backing_down",
    "bargaining_range",
    "catalogue",
    "centipede",
    "chance_threat",
    "commitment",
    "contest_of_resolve",
    "costly_signals",
    "critical_risk",
    "draw",
    "dumps",
    "equilibria",
    "first_strike_bargain",
    "inspection_game",
    "lewis_schultz_signalling",
    "load",
    "loads",
    "mutual_deterrence",
    "power_and_risk",
    "preventive_war",
    "quantal_response",
    "reassurance",
    "recursive_inspection",
    "risk_return",
    "rudimentary_deterrence",
    "save",
    "spiral",
    "strike_stability",
    "tripartite_crisis",
    "trust_game",
    "unilateral_deterrence",
    "usable_threats",
]


def __getattr__(name: str) -> Any:
    if name not in HOMES:
        raise AttributeError(f"module 'detente.games' has no attribute {name!r}")
    return getattr(import_module(f"detente.games.classic.{HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
