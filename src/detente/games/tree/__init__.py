"""Extensive-form games as trees, and the flat arrays that the solvers walk.

A game is a tree of `Chance`, `Decision` and `Terminal` nodes. Decisions of one player that he cannot tell apart share an information set. Several games
compile into one `Forest`.
"""

from detente.games.tree.forest import Atlas, Forest, Integers, compile_forest
from detente.games.tree.nodes import Chance, Decision, Node, Terminal, label_members

__all__ = ["Atlas", "Chance", "Decision", "Forest", "Integers", "Node", "Terminal", "compile_forest", "label_members"]
