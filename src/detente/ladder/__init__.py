"""The continuous-time ladder: chance moves, crisis games, Markov equilibrium and exact reach.

Usable without any scenario file: build a `Ladder` whose numbers are floats or arrays over draws, then `solve` it and ask for its `prospects`.
"""

from detente.ladder.agreement import CrossCheck, cross_check
from detente.ladder.certificate import LadderCertificate, certify
from detente.ladder.dispositions import as_dispositions
from detente.ladder.episodes import Durations, Episodes
from detente.ladder.equilibrium import Equilibrium, Status, solve
from detente.ladder.foresight import solve_ahead
from detente.ladder.histories import Histories, Step, simulate
from detente.ladder.layout import Arc, Plan, lay_out, values_of
from detente.ladder.model import CrisisGame, Ladder, Move, Rung, is_end
from detente.ladder.multiplicity import Alternatives, all_equilibria
from detente.ladder.names import Names
from detente.ladder.outlook import Outlook, Prospects, Wanted, outlook, prospects
from detente.ladder.play import Action, Choice, choices
from detente.ladder.prism import to_prism
from detente.ladder.reach import Piece

__all__ = [
    "Action",
    "Alternatives",
    "Arc",
    "Choice",
    "CrisisGame",
    "CrossCheck",
    "Durations",
    "Episodes",
    "Equilibrium",
    "Histories",
    "Ladder",
    "LadderCertificate",
    "Move",
    "Names",
    "Outlook",
    "Piece",
    "Plan",
    "Prospects",
    "Rung",
    "Status",
    "Step",
    "Wanted",
    "all_equilibria",
    "as_dispositions",
    "certify",
    "choices",
    "cross_check",
    "is_end",
    "lay_out",
    "outlook",
    "prospects",
    "simulate",
    "solve",
    "solve_ahead",
    "to_prism",
    "values_of",
]
