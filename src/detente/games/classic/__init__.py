"""The catalogue of classic crisis games, one module for each family.

`catalogue` lists them; `HOMES` says where each is, so that a module is loaded when the first of its games is asked for.
"""

from detente.games.classic.registry import HOMES, Catalogue, catalogue

__all__ = ["HOMES", "Catalogue", "catalogue"]
