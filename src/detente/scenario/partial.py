"""What can still be checked in a scenario file whose items are not all well formed.

Items that do not validate are left out, top-level values that do not are replaced by stand-ins, and the rest is checked for whether it fits together.
A problem that may only come from something left out is not reported: a reader should not chase what he has not done.
"""

from __future__ import annotations

import re
from typing import Any

from pydantic import ValidationError

from detente.document import Document
from detente.errors import InvalidInput, Problem
from detente.scenario.consistency import check
from detente.scenario.files import read_record
from detente.scenario.schema import Scenario

_STAND_INS: dict[str, Any] = {"format": "detente/scenario/1", "title": "", "as_of": "2000-01-01", "horizon": 10}
_QUOTED = re.compile(r"'([^']*)'")


def further_problems(document: Document) -> list[Problem]:
    """Problems of how the sound parts fit together, where some part is not sound.

    Parameters
    ----------
    document : Document
        A merged scenario that does not validate.
    """
    data = {key: dict(value) if isinstance(value, dict) else value for key, value in document.data.items()}
    dropped: set[str] = set()
    for _ in range(3):
        try:
            scenario = Scenario.model_validate({**{key: value for key, value in _STAND_INS.items() if key not in data}, **data})
        except ValidationError as error:
            for found in error.errors(include_url=False, include_input=False):
                _leave_out(data, found["loc"], dropped)
        else:
            break
    else:
        return []
    try:
        record = read_record(document)
    except InvalidInput as error:
        return list(error.problems)
    try:
        found_problems = check(scenario, document, record)
    except (KeyError, AttributeError):
        # A check that leans on what was left out has nothing to say.
        return []
    return [problem for problem in found_problems if not dropped.intersection(_QUOTED.findall(problem.what))]


def _leave_out(data: dict[str, Any], place: tuple[int | str, ...], dropped: set[str]) -> None:
    section = str(place[0]) if place else ""
    items = data.get(section)
    if isinstance(items, dict) and len(place) > 1 and place[1] in items:
        dropped.add(str(place[1]))
        del items[place[1]]
    elif section in _STAND_INS:
        data[section] = _STAND_INS[section]
    else:
        dropped.update(map(str, items) if isinstance(items, dict) else ())
        data.pop(section, None)
