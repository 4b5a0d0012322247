"""What is asked of the draws of an assessment, by name: `reach(war)`, `onward(nuclear_use|war)`, and whether it is more or less than a number.

    reach(x), touch(x)                     probability within the horizon
    onward(b|a), given(b|a), next(b|a)     of b if a; not there (NaN) in a draw in which a cannot be

A comparison has one of these on the left and a probability on the right: `onward(nuclear_use|clash) > 0.5`. In a draw in which its condition cannot be, it
is neither true nor false.

Refused: other measures, rungs, groups and pairs that the draws do not tell of, and comparisons that are none.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.document.names import nearest, shorten
from detente.ensemble import Assessment
from detente.ensemble.labels import coordinates_of
from detente.errors import InvalidInput, Problem

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Arrays = Mapping[str, Floats]
Labels = Mapping[str, list[Any]]

AXIS = {"reach": "rung", "touch": "rung", "onward": "pair", "given": "pair", "next": "next_pair"}
ROUNDING = 1e-9
SIGNS = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt}
_MEASURE = re.compile(r"\s*(\w+)\s*\(\s*([^()]*?)\s*\)\s*")
_COMPARISON = re.compile(r"([^<>=]*)(>=|<=|>|<)([^<>=]*)")


@dataclass(frozen=True)
class Outcome:
    """A probability that every draw has.

    Attributes
    ----------
    measure : str
        `reach`, `touch`, `onward`, `given` or `next`.
    name : str
        A rung or group, or a pair `b|a`.
    """

    measure: str
    name: str

    def __str__(self) -> str:
        return f"{self.measure}({self.name})"

    def of(self, arrays: Arrays, labels: Labels) -> Floats:
        """Over draws, at the horizon; NaN where its condition cannot be."""
        place = labels[AXIS[self.measure]].index(self.name)
        if AXIS[self.measure] == "rung":
            values = arrays[self.measure][:, place, -1]
        else:
            joint, given = arrays[f"{self.measure}_joint"][:, place], arrays[f"{self.measure}_given"][:, place]
            values = np.divide(joint, given, out=np.full(len(joint), np.nan), where=given > 0)
        # What is certain may come out above 1 by rounding, and then has no log-odds.
        return np.where((values > 1.0) & (values < 1.0 + ROUNDING), 1.0, values)

    def condition(self, arrays: Arrays, labels: Labels) -> Floats:
        """Probability of the condition over draws; 1 where there is none."""
        axis = AXIS[self.measure]
        return np.ones(len(arrays["reach"])) if axis == "rung" else arrays[f"{self.measure}_given"][:, labels[axis].index(self.name)]


@dataclass(frozen=True)
class Comparison:
    """Whether an outcome is more or less than a number.

    Attributes
    ----------
    outcome : Outcome
    sign : str
    number : float
    """

    outcome: Outcome
    sign: str
    number: float

    def __str__(self) -> str:
        return f"{self.outcome} {self.sign} {self.number:g}"

    @property
    def asks_for_more(self) -> bool:
        return self.sign.startswith(">")

    def holds(self, values: Floats) -> Bools:
        """In which draws it holds."""
        return np.asarray(SIGNS[self.sign](values, self.number))


def read_outcome(text: str, labels: Labels, where: str = "outcome") -> Outcome:
    """An outcome from its name.

    Parameters
    ----------
    text : str
    labels : mapping
        What there is: `{axis: labels}`.
    where : str
        What a problem is told of.

    Raises
    ------
    InvalidInput
        For what the module refuses.
    """
    match = _MEASURE.fullmatch(text)
    if match is None:
        raise InvalidInput(Problem(where, f"{shorten(text)!r} is no outcome", "", "write `reach(war)` or `onward(nuclear_use|war)`"))
    measure, name = match[1], re.sub(r"\s*\|\s*", "|", match[2])
    if measure not in AXIS:
        raise _unknown(where, "measure", measure, AXIS)
    known = labels[AXIS[measure]]
    if name in known:
        return Outcome(measure, name)
    if AXIS[measure] == "rung":
        raise _unknown(where, "rung or group", name, known)
    places = name.split("|")
    unknown = [place for place in places if place not in labels["rung"]]
    if len(places) == 2 and unknown:
        raise _unknown(where, "rung or group", unknown[0], labels["rung"])
    if len(places) != 2 or measure == "next":
        raise _unknown(where, "pair", name, known)
    raise InvalidInput(
        Problem(where, f"the draws do not tell of the pair {name!r}", f"told are {', '.join(known)}", "add it to `pairs:` of the scenario and assess it")
    )


def read_comparison(text: str, labels: Labels, where: str = "where") -> Comparison:
    """A comparison from its text; arguments and refusals as of `read_outcome`."""
    match = _COMPARISON.fullmatch(text)
    if match is None:
        what = f"{shorten(text)!r} is no comparison"
        raise InvalidInput(Problem(where, what, "it holds in a draw or does not", "write `onward(nuclear_use|clash) > 0.5`, with one of > >= < <="))
    outcome = read_outcome(match[1], labels, where)
    try:
        number = float(match[3])
    except ValueError:
        raise InvalidInput(Problem(where, f"{shorten(match[3].strip())!r} is no number", "", f"write `{outcome} {match[2]} 0.5`")) from None
    if not 0 <= number <= 1:
        raise InvalidInput(Problem(where, f"{number:g} is no probability", f"{outcome} lies from 0 to 1", "give a share: 0.05 for 5 %"))
    return Comparison(outcome, match[2], number)


def arrays_of(assessment: Assessment) -> tuple[Arrays, Labels]:
    """Arrays over draws of an assessment, and the labels of their axes."""
    names = {"reach", "touch", *(f"{measure}_{part}" for measure in ("onward", "given", "next") for part in ("joint", "given"))}
    return {name: assessment.data[name].values for name in names}, coordinates_of(assessment.data)


def _unknown(where: str, what: str, name: str, known: Iterable[str]) -> InvalidInput:
    close = nearest(name, known)
    return InvalidInput(Problem(where, f"there is no {what} {name!r}", "", f"did you mean {close!r}?" if close else f"use one of {', '.join(known)}"))
