"""The language of measures: what can be asked of assessments, as formulas over a few questions.

A measure is a formula (`detente.document.Formula`) over questions (`detente.insight.questions`), quantities and drivers of the scenario on the as-of date in
base units, and whatever else is named: `reach(war) / reach(war) under half_withdrawn`, `onward(war|crisis) > 0.5 and p_resolute < 0.5`. Claims assert
something of measures, `detente discover` seeks where one that compares holds, `detente sensitivity` tells what moves one that is a probability.

What a draw says is the formula of what it says of each question. A question whose condition cannot be in a draw is not defined there; neither is the
measure, which is told and never 0. The predictive value is the formula of the predictive probabilities; of a measure that compares, the share of draws.
Refused: what questions refuse, names that the scenario does not have, and units that do not fit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from detente.document import CarriedError, Formula, nearest
from detente.document.grammar import Fault, FormulaError, Node
from detente.document.names import shorten
from detente.document.written import Written
from detente.errors import InvalidInput, Problem
from detente.insight.questions import CALL, HERE, KINDS, PAIRED, Known, Question, read_question

_COMPARISONS = {">": "<", ">=": "<=", "<": ">", "<=": ">="}  # each with what it is seen from the other side
_TESTS = frozenset({*_COMPARISONS, "==", "!=", "and", "or", "not"})
_SIDES = re.compile(r"([^<>=!]+)(>=|<=|>|<)([^<>=!]+)")


@dataclass(frozen=True)
class Compared:
    """A measure beside a number.

    Attributes
    ----------
    measure : Measure
    sign : str
        `>`, `>=`, `<` or `<=`.
    number : float
    """

    measure: Measure
    sign: str
    number: float

    @property
    def asks_for_more(self) -> bool:
        return self.sign.startswith(">")


class Measure(Written):
    """A measure, equal to another of the same text.

    Attributes
    ----------
    text : str
        As written.
    questions : tuple of Question
    names : frozenset of str
        What else it is computed from.

    Examples
    --------
    >>> measure = Measure.parse("reach(war) by 2026 / reach(war) under half_withdrawn")
    >>> [question.world.policy for question in measure.questions], measure.questions[0].year
    ([None, 'half_withdrawn'], 2026)
    """

    __slots__ = ("_rest", "formula", "questions")

    noun = "measure"
    form = "a measure"
    shape: ClassVar[dict[str, Any]] = {"type": "string", "description": "a measure, such as `onward(nuclear_use|clash)`"}

    def __init__(self, text: str, written: str | int | float | None = None) -> None:
        self.text = self.written = " ".join(text.split())
        questions: list[Question] = []
        faults: list[Problem] = []

        def stand_in(match: re.Match[str]) -> str:
            question, wrong = read_question(match)
            faults.extend(wrong)
            questions.append(question)
            return f" {_stand_in(len(questions) - 1)} "

        self._rest = CALL.sub(stand_in, self.text).strip()
        self.questions = tuple(questions)
        if faults:
            raise CarriedError(*faults)
        try:
            self.formula = Formula(self._rest)
        except FormulaError as error:
            # Of a misspelt question only its name is told, not what stands in its brackets.
            misspelt = [each for each in error.faults if each.what.startswith("no function")]
            told = [each for each in error.faults if not misspelt or not each.what.startswith("`|`")]
            raise CarriedError(*(self._told(each) for each in told)) from None

    def _told(self, fault: Fault) -> Problem:
        """What is wrong with the formula, in the words of the measure."""
        called = re.fullmatch(r"no function `(\w+)`", fault.what)
        close = nearest(called[1], KINDS) if called else None
        remedy = f"did you mean {close!r}?" if close else fault.remedy
        return Problem("", *map(self._as_written, (fault.what, fault.why, remedy)))

    def _as_written(self, told: str) -> str:
        return self._asked(told).replace("formula", "measure")

    def _asked(self, text: str) -> str:
        """A part of the formula with its questions back in their places."""
        for index, question in reversed(list(enumerate(self.questions))):
            text = text.replace(_stand_in(index), question.text)
        return text

    @property
    def names(self) -> frozenset[str]:
        return self.formula.names - {_stand_in(index) for index in range(len(self.questions))}

    @property
    def tests(self) -> bool:
        """Whether it compares something: a draw then says 1 or 0."""
        waiting: list[Node] = [self.formula.tree]
        while waiting:
            part = waiting.pop()
            if part.kind in _TESTS:
                return True
            waiting += part.arguments
        return False

    @property
    def holds_or_not(self) -> bool:
        """Whether it is a comparison as a whole, or several that `and`, `or` and `not` join."""
        return self.formula.tree.kind in _TESTS

    @property
    def is_question(self) -> bool:
        """Whether it is one question and nothing else: a probability."""
        return len(self.questions) == 1 and self._rest == _stand_in(0)

    @property
    def compared(self) -> Compared | None:
        """The measure and the number that it compares, where it is one comparison of these."""
        sides = _SIDES.fullmatch(self._rest) if self.formula.tree.kind in _COMPARISONS else None
        if sides is None:
            return None
        # A bracket may hold the sign: then neither side can be read by itself.
        try:
            left, right = (Measure(self._asked(sides[k].strip())) for k in (1, 3))
        except (CarriedError, FormulaError):
            return None
        if right.formula.constant is not None:
            return Compared(left, sides[2], right.formula.constant)
        return Compared(right, _COMPARISONS[sides[2]], left.formula.constant) if left.formula.constant is not None else None

    @property
    def condition(self) -> str | None:
        """The condition that all conditional questions share; None where there is none, or several."""
        found = {question.what.split("|")[1] for question in self.questions if question.kind in PAIRED}
        return found.pop() if len(found) == 1 else None

    @property
    def elsewhere(self) -> Question | None:
        """The first question that is asked of another world than the one at hand."""
        return next((question for question in self.questions if question.world != HERE), None)

    def evaluate(self, answers: list[Any], values: Mapping[str, Any]) -> Any:
        """The formula of an answer to each of its questions and a value for each of its names."""
        return self.formula.evaluate({**values, **{_stand_in(index): answer for index, answer in enumerate(answers)}})

    def problems(self, known: Known, where: str, units: Mapping[str, str] | None = None) -> Iterator[Problem]:
        """What does not fit a scenario; `units` are those of names that are known beside the scenario's own."""
        for question in self.questions:
            yield from known.problems(question, where)
        all_units = {**known.units, **(units or {})}
        missing = sorted(self.names - all_units.keys())
        for name in missing:
            close = nearest(name, all_units)
            otherwise = f"write reach({name})" if name in known.places else f"use {', '.join(KINDS)}, or a name of the scenario"
            remedy = f"did you mean {close!r}?" if close and name not in known.places else otherwise
            yield Problem(where, f"{name!r} in `{shorten(self.text, 60)}` is no quantity, driver or reading of the record", "", remedy)
        if not missing:
            try:
                self.formula.unit({**all_units, **{_stand_in(index): "1" for index in range(len(self.questions))}})
            except InvalidInput as error:
                yield from (Problem(where, *(self._as_written(part) for part in (each.what, each.why, each.remedy))) for each in error.problems)


def _stand_in(index: int) -> str:
    return f"_question_{index}"
