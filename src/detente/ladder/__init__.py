"""The continuous-time ladder: chance moves, crisis games, Markov equilibrium and exact reach.

Usable without any scenario file: build a `Ladder` whose numbers are floats or arrays over draws, then `solve` it and ask for its `prospects`.
"""

from detente.ladder.equilibrium import Equilibrium, Status, solve
from detente.ladder.layout import Arc, Plan, lay_out, values_of
from detente.ladder.model import CrisisGame, Ladder, Move, Rung, is_end
from detente.ladder.names import Names
from detente.ladder.reach import Piece, Prospects, prospects

__all__ = [
    "Arc",
    "CrisisGame",
    "Equilibrium",
    "Ladder",
    "Move",
    "Names",
    "Piece",
    "Plan",
    "Prospects",
    "Rung",
    "Status",
    "is_end",
    "lay_out",
    "prospects",
    "solve",
    "values_of",
]
