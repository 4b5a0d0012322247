"""Numbers that only draws show to be wrong, told at the formula in the file that gave them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from detente.errors import Problem
from detente.scenario.formulas import formulas
from detente.scenario.terms import Term

if TYPE_CHECKING:
    from detente.scenario.compile import Model


def in_file(model: Model, problems: Iterable[Problem]) -> list[Problem]:
    """Problems of the ladder's numbers (`where` is `draw N`) at their place; those whose place is not known stay as they are."""
    stated = {item.formula: model.document.where(item.path) for item in formulas(model.scenario)}
    uses = {names[0]: model.plan.numbers[slot] for slot, names in model.plan.slot_names.items()}
    found, told = [], list(problems)
    for problem in told:
        number = next((number for use, number in uses.items() if problem.what.startswith(f"{use} is ")), None)
        if problem.where == "start":
            # That chances out of range do not sum to 1 goes without saying.
            if any(other.what.startswith("start at ") for other in told):
                continue
            found.append(Problem(model.document.where(("start",), key=True), problem.what, problem.why, problem.remedy))
        elif isinstance(number, Term) and number.formula in stated:
            found.append(Problem(stated[number.formula], f"{problem.what} ({problem.where} first)", problem.why, problem.remedy))
        else:
            found.append(problem)
    return found
