"""What can still be checked in a scenario file whose items are not all well formed: how the sound ones fit together."""

from __future__ import annotations

from typing import Any

from detente.document import Document, nearest, salvage
from detente.errors import InvalidInput, Problem
from detente.scenario.consistency import check
from detente.scenario.files import read_record
from detente.scenario.schema import Scenario

_STAND_INS: dict[str, Any] = {"format": "detente/scenario/1", "title": "", "as_of": "2000-01-01", "horizon": 10}

# Where all of a section is lost, whatever is declared in it would seem to be missing.
_DECLARE = frozenset({"actors", "rungs", "groups", "quantities", "drivers", "switches", "regimes", "games"})


def further_problems(document: Document) -> list[Problem]:
    """Problems of the sound parts, where some part is not sound.

    Parameters
    ----------
    document : Document
        A merged scenario that does not validate.
    """
    found = salvage(Scenario, document, _STAND_INS)
    if found is None:
        return []
    problems = list(found.problems)
    # A key that is misspelt stands for the one that it is near to.
    lost = {key if key in Scenario.model_fields else nearest(key, Scenario.model_fields) for key in found.lost}
    if lost & _DECLARE:
        return problems
    record, unread = None, "record" in lost
    try:
        record = read_record(document)
    except InvalidInput as error:
        problems += error.problems
        unread = True
    # Each check takes a name that is not declared for a problem and never for granted, so that what was left out stops none of them.
    return found.own([*problems, *check(found.model, document, record, unread=unread)])
