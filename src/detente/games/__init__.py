"""Extensive-form games: build or read one, and find its logit agent quantal response equilibrium.

`Game` holds a tree of `Chance`, `Decision` and `Terminal` nodes with payoffs, for one draw or many; `load`, `loads`, `save` and `dumps` speak Gambit's .efg
format; `quantal_response` solves every draw and certifies its answers. Numba is loaded when the first game is solved.
"""

from detente.games.certificate import Certificate
from detente.games.efg import dumps, load, loads, save
from detente.games.game import Game
from detente.games.quantal_response import QuantalResponse, Status, quantal_response
from detente.games.tree import Chance, Decision, Node, Terminal

__all__ = [
    "Certificate",
    "Chance",
    "Decision",
    "Game",
    "Node",
    "QuantalResponse",
    "Status",
    "Terminal",
    "dumps",
    "load",
    "loads",
    "quantal_response",
    "save",
]
