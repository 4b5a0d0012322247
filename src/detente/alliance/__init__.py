"""Who shows up: sequential, correlated help from many allies, and whether it is enough by when.

Usable without any scenario file: numbers come as arrays over draws and answers leave as such.
"""

from detente.alliance.contributions import contributions
from detente.alliance.model import LEVELS, Alliance, Ally
from detente.alliance.response import Response, Status, expected_shares, respond
from detente.alliance.willingness import willingness

__all__ = ["LEVELS", "Alliance", "Ally", "Response", "Status", "contributions", "expected_shares", "respond", "willingness"]
