"""Whether the units of a formula fit together, and with the unit that is needed.

Terms of a sum, sides of a comparison and choices of `min`, `max`, `clip` and `where` share their unit; `exp`, `log`,
`logistic` and truth values take pure numbers; the exponent of something with a unit is a constant. A number that is
written out is pure, but 0 fits any unit.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from detente.document.arithmetic import compile_tree
from detente.document.grammar import Fault, Node
from detente.document.names import instead, shorten
from detente.document.units import PURE, Dimensions, combine, parse_unit, unit_text
from detente.errors import InvalidInput, Problem

if TYPE_CHECKING:
    from detente.document.formula import Formula

# What stands for "any unit": a literal 0, or a part that already has a problem.
ANY = None

_SAME = frozenset({"+", "-", "min", "max", "clip"})
_COMPARISONS = frozenset({"<", "<=", ">", ">=", "==", "!="})
_PURE_ONLY = frozenset({"exp", "log", "logistic", "and", "or", "not"})
_NEEDED = {
    "1": "a pure number is needed here",
    "1/year": "a rate needs 1/year",
    "prize": "a payoff needs prize",
    "prize/year": "a flow needs prize/year",
    "1/prize": "a precision needs 1/prize",
    "year": "a time needs year",
}


def _quoted(node: Node) -> str:
    return f"`{shorten(node.text, 60)}`"


def _named(dimensions: Dimensions) -> str:
    return "a pure number" if dimensions == PURE else unit_text(dimensions)


class _Checker:
    def __init__(self, units: Mapping[str, str]) -> None:
        self.units = units
        self.faults: list[Fault] = []

    def fault(self, what: str, why: str, remedy: str) -> None:
        self.faults.append(Fault(what, why, remedy))

    def of(self, node: Node) -> Dimensions | None:
        """The dimensions of a part, None for any."""
        if node.kind == "number":
            return PURE if node.value else ANY
        if node.kind == "name":
            return self.name(str(node.value))
        spine = [node]
        while spine[-1].kind in ("+", "-", "*", "/", "**") and len(spine[-1].arguments) == 2:
            spine.append(spine[-1].arguments[0])
        if len(spine) == 1:
            return self.call(node, [self.of(argument) for argument in node.arguments])
        found = self.of(spine[-1])
        for link in reversed(spine[:-1]):
            found = self.binary(link, found, self.of(link.arguments[1]))
        return found

    def name(self, name: str) -> Dimensions | None:
        if name not in self.units:
            self.fault(f"unknown name {shorten(name)!r}", "nothing of that name is declared", instead(name, self.units, "declare it"))
            return ANY
        try:
            return parse_unit(self.units[name])[1]
        except ValueError as error:
            self.fault(f"the unit of {name!r} is unclear", str(error), "correct it where the name is declared")
            return ANY

    def binary(self, node: Node, left: Dimensions | None, right: Dimensions | None) -> Dimensions | None:
        if node.kind in _SAME:
            return self.same(node, list(node.arguments), [left, right])
        if node.kind == "**":
            return self.power(node, left, right)
        if left is ANY or right is ANY:
            return ANY
        return combine(left, right, 1 if node.kind == "*" else -1)

    def call(self, node: Node, found: list[Dimensions | None]) -> Dimensions | None:
        parts = list(node.arguments)
        if node.kind in _SAME:
            return self.same(node, parts, found)
        if node.kind in _COMPARISONS:
            self.same(node, parts, found)
            return PURE
        if node.kind in _PURE_ONLY:
            for part, dimensions in zip(parts, found, strict=True):
                self.pure(part, dimensions, f"the argument of {node.kind} must be a pure number")
            return PURE
        if node.kind == "where":
            self.pure(parts[0], found[0], "the condition of where must be a pure number")
            return self.same(node, parts[1:], found[1:])
        if node.kind == "sqrt":
            return found[0] if found[0] is ANY else combine(PURE, found[0], Fraction(1, 2))
        return found[0]

    def same(self, node: Node, parts: list[Node], found: list[Dimensions | None]) -> Dimensions | None:
        known = [(part, dimensions) for part, dimensions in zip(parts, found, strict=True) if dimensions is not ANY]
        if not known:
            return ANY
        first_part, first = known[0]
        for part, dimensions in known[1:]:
            if dimensions != first:
                verb = {"+": "adds", "-": "subtracts"}.get(node.kind, "compares")
                sides = f"{_quoted(first_part)}, {_named(first)}, and {_quoted(part)}, {_named(dimensions)}"
                remedy = _towards(dimensions, first, f"{_quoted(part)}: ")
                self.fault(f"{_quoted(node)} {verb} {sides}", "both must have the same unit", remedy)
                return ANY
        return first

    def pure(self, part: Node, dimensions: Dimensions | None, why: str) -> None:
        if dimensions:
            self.fault(f"{_quoted(part)} has the unit {unit_text(dimensions)}", why, _towards(dimensions, PURE))

    def power(self, node: Node, base: Dimensions | None, exponent: Dimensions | None) -> Dimensions | None:
        above = node.arguments[1]
        self.pure(above, exponent, "an exponent must be a pure number")
        if not base:
            return base
        constant = compile_tree(above)[1]
        if constant is None:
            why = f"{_quoted(node.arguments[0])} is in {unit_text(base)}, so the unit of the power is not known"
            remedy = "divide the base by a reference value of the same unit"
            self.fault(f"the exponent of {_quoted(node)} is not a constant", why, remedy)
            return ANY
        return combine(PURE, base, Fraction(constant).limit_denominator(1000))


def _towards(found: Dimensions, wanted: Dimensions, prefix: str = "") -> str:
    """What turns one unit into another."""
    excess = combine(found, wanted, -1)
    verb = "multiply" if all(power < 0 for _, power in excess) else "divide"
    unit = unit_text(excess if verb == "divide" else combine(PURE, excess, -1))
    thing = {"year": "a time", "prize": "an amount in prize"}.get(unit, f"something in {unit}")
    return f"{prefix}{verb} by {thing}"


def check_unit(formula: Formula, expected: str, units: Mapping[str, str], where: str) -> list[Problem]:
    """Everything that is wrong with the units of a formula.

    Parameters
    ----------
    expected : str
        The unit that is needed, such as `1/year`.
    units : mapping
        The unit of each name.
    where : str
        The formula's place.
    """
    checker = _Checker(units)
    found = checker.of(formula.tree)
    try:
        wanted = parse_unit(expected)[1]
    except ValueError as error:
        what, _, remedy = str(error).partition("; ")
        checker.fault(what, "it is the unit that this formula must come out in", remedy)
        wanted = found or PURE
    # An expression that is only a number takes the unit that is expected.
    found = found if formula.constant is None else ANY
    if not checker.faults and found is not ANY and found != wanted:
        unit = unit_text(wanted)
        why = _NEEDED.get(unit, f"{unit} is needed here")
        checker.fault(f"`{shorten(formula.text)}` comes out as {_named(found)}", why, _towards(found, wanted))
    return [Problem(where, fault.what, fault.why, fault.remedy) for fault in dict.fromkeys(checker.faults)]


def unit_of(formula: Formula, units: Mapping[str, str], where: str = "formula") -> str:
    """The unit that a formula comes out in; see `Formula.unit`."""
    checker = _Checker(units)
    found = checker.of(formula.tree)
    if checker.faults:
        raise InvalidInput(
            [Problem(where, fault.what, fault.why, fault.remedy) for fault in dict.fromkeys(checker.faults)]
        )
    return unit_text(found or PURE)
