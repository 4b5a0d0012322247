"""The text of a formula to a small tree, through Python's own expression grammar and a whitelist.

Allowed: numbers, names, `+ - * / **`, unary minus, comparisons (chained too), `and or not`, and calls of the
functions below. Everything else is refused before anything is evaluated: attributes, subscripts, text, lambdas,
keywords, conditional expressions (`where` does that), more than 2,000 characters or 50 levels, a constant part that is
not finite.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from keyword import iskeyword

from detente.document.names import instead, shorten

MAX_LENGTH = 2000
MAX_DEPTH = 50

# Number of arguments: exactly (n, n), or at least (n, None).
FUNCTIONS: dict[str, tuple[int, int | None]] = {
    "exp": (1, 1),
    "log": (1, 1),
    "sqrt": (1, 1),
    "abs": (1, 1),
    "logistic": (1, 1),
    "min": (2, None),
    "max": (2, None),
    "clip": (3, 3),
    "where": (3, 3),
}
_ARITHMETIC: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}
_COMPARISON: dict[type[ast.cmpop], str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}
_STRANGE = re.compile(r"[^\w\s.+\-*/(),<>=!]")
_STRANGE_REMEDY = {
    "'": "remove the text in quotes: formulas are arithmetic over names",
    '"': "remove the text in quotes: formulas are arithmetic over names",
    "[": "give each number a name of its own: there are no lists and subscripts",
    "]": "give each number a name of its own: there are no lists and subscripts",
    "^": "write ** for a power",
    "%": "write 0.05 for 5 %",
    "&": "write `and`",
    "|": "write `or`",
    "·": "write *",
    "×": "write *",
    "−": "write - (the hyphen)",
    "≤": "write <=",
    "≥": "write >=",
}
# A digit with a letter after it: `2x`, `1if`, `0x10`, but not `1e3`.
_GLUED = re.compile(r"(?<![\w.])(\d[\d_.]*+(?:[eE][+-]?\d+)?+)([^\W\d_]\w*)")
_CALL = re.compile(r"(?<![\w.])([^\W\d]\w*)\s*\(")
_USAGE = {
    "min": "min(a, b)",
    "max": "max(a, b)",
    "clip": "clip(x, low, high)",
    "where": "where(condition, a, b)",
}
# What other programs call it.
_INSTEAD = {"ln": "log(x)", "pow": "a ** b", "power": "a ** b", "avg": "(a + b) / 2", "average": "(a + b) / 2"}
NOT_FINITE = frozenset({"nan", "inf", "infinity"})
_WORDS = frozenset({"and", "or", "not", "if", "else", "in", "is", "lambda", "for"})


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a formula.

    Attributes
    ----------
    kind : str
        `number`, `name`, an operator (`-` with one argument is minus), `and`, `or`, `not`, or a function.
    text : str
        As written.
    arguments : tuple of Node
    value : float or str
        Of a number or a name.
    """

    kind: str
    text: str
    arguments: tuple[Node, ...] = ()
    value: float | str = 0.0


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a formula, why, and what to do."""

    what: str
    why: str
    remedy: str


_TOO_DEEP = Fault(f"more than {MAX_DEPTH} levels", "nobody can check such a formula", "split it into drivers")


class FormulaError(ValueError):
    """Raised with every fault of a formula's text."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = tuple(dict.fromkeys(faults))
        super().__init__("; ".join(fault.what for fault in self.faults))


class _Builder:
    def __init__(self, text: str) -> None:
        self.encoded = text.encode()
        self.faults: list[Fault] = []
        self.too_deep = False

    def source(self, part: ast.expr) -> str:
        return self.encoded[part.col_offset : part.end_col_offset].decode()

    def refuse(self, part: ast.expr, what: str, why: str, remedy: str) -> Node:
        self.faults.append(Fault(f"{what} `{shorten(self.source(part), 40)}`", why, remedy))
        return Node("number", "0")

    def build(self, part: ast.expr, depth: int = 1) -> Node:
        if depth > MAX_DEPTH:
            if not self.too_deep:
                self.faults.append(_TOO_DEEP)
            self.too_deep = True
            return Node("number", "0")
        match part:
            case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
                return self.number(part, value)
            case ast.Constant():
                return self.refuse(
                    part, "no number:", "formulas are arithmetic over names", "write 1 for true, 0 for false"
                )
            case ast.Name(id=name):
                return self.name(part, name)
            case ast.BinOp():
                return self.chain(part, depth)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return Node("-", self.source(part), (self.build(operand, depth + 1),))
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.build(operand, depth + 1)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return Node("not", self.source(part), (self.build(operand, depth + 1),))
            case ast.BoolOp(op=operation, values=values):
                kind = "and" if isinstance(operation, ast.And) else "or"
                return Node(kind, self.source(part), tuple(self.build(value, depth + 1) for value in values))
            case ast.Compare():
                return self.comparison(part, depth)
            case ast.Call():
                return self.call(part, depth)
            case ast.IfExp():
                return self.refuse(part, "a choice with `if`:", "", "write where(condition, a, b)")
            case ast.Attribute():
                return self.refuse(part, "a dot in a name:", "names have no parts", "use a declared name without a dot")
            case ast.Tuple():
                return self.refuse(part, "a list of values:", "a formula gives one number", "write 1.5 instead of 1,5")
            case _:
                return self.refuse(part, "not arithmetic:", "", "use + - * / **, comparisons, and or not")

    def number(self, part: ast.expr, value: int | float) -> Node:
        try:
            number = float(value)
        except OverflowError:
            number = float("inf")
        if number == float("inf"):
            return self.refuse(part, "a number beyond all bounds:", "", "give a finite number")
        return Node("number", self.source(part), (), number)

    def name(self, part: ast.expr, name: str) -> Node:
        if name in FUNCTIONS:
            return self.refuse(part, "a function without its argument:", "", f"write {name}(...)")
        if name.casefold() in NOT_FINITE:
            why = "no number of a model is without bounds"
            return self.refuse(part, "not a finite number:", why, "give a finite number")
        return Node("name", self.source(part), (), name)

    def chain(self, part: ast.BinOp, depth: int) -> Node:
        # A sum of many terms leans to the left; it is long, not deep.
        links: list[ast.BinOp] = []
        leftmost: ast.expr = part
        while isinstance(leftmost, ast.BinOp):
            links.append(leftmost)
            leftmost = leftmost.left
        node = self.build(leftmost, depth + 1)
        for link in reversed(links):
            kind = _ARITHMETIC.get(type(link.op))
            if kind is None:
                return self.refuse(link, "an operator that is not known:", "", "use + - * / **")
            right = self.build(link.right, depth + 1)
            node = Node(kind, self.source(link), (node, right))
        return node

    def comparison(self, part: ast.Compare, depth: int) -> Node:
        sides = [self.build(side, depth + 1) for side in (part.left, *part.comparators)]
        nodes = []
        for operation, left, right in zip(part.ops, sides, sides[1:], strict=False):
            kind = _COMPARISON.get(type(operation))
            if kind is None:
                return self.refuse(part, "a comparison that is not known:", "", "use < <= > >= == !=")
            nodes.append(Node(kind, self.source(part), (left, right)))
        return nodes[0] if len(nodes) == 1 else Node("and", self.source(part), tuple(nodes))

    def call(self, part: ast.Call, depth: int) -> Node:
        if not isinstance(part.func, ast.Name) or part.func.id not in FUNCTIONS:
            name = self.source(part.func)
            fault = unknown_function(name) if isinstance(part.func, ast.Name) else None
            if fault is None:
                why = "only the functions of formulas can be called"
                return self.refuse(part, "a call:", why, f"use {', '.join(FUNCTIONS)}")
            self.faults.append(fault)
            return Node("number", "0")
        name = part.func.id
        least, most = FUNCTIONS[name]
        if part.keywords or any(isinstance(argument, ast.Starred) for argument in part.args):
            return self.refuse(part, "named or starred arguments:", "", f"write {name}(a, b, ...)")
        if len(part.args) < least or (most is not None and len(part.args) > most):
            wanted = f"{least}" if most == least else f"{least} or more"
            why = f"{name} takes {wanted} argument{'' if most == 1 else 's'}, here are {len(part.args)}"
            return self.refuse(part, "a wrong number of arguments:", why, f"write {_USAGE.get(name, f'{name}(x)')}")
        return Node(name, self.source(part), tuple(self.build(argument, depth + 1) for argument in part.args))


def unknown_function(name: str) -> Fault:
    remedy = f"write {_INSTEAD[name]}" if name in _INSTEAD else instead(name, FUNCTIONS, f"use {', '.join(FUNCTIONS)}")
    return Fault(f"no function `{shorten(name, 40)}`", "only the functions of formulas can be called", remedy)


@lru_cache(maxsize=4096)
def grow(text: str) -> Node:
    """The tree of a formula.

    Raises
    ------
    FormulaError
        With every fault of the text.
    """
    if len(text) > MAX_LENGTH:
        what = f"the formula has {len(text):,} characters"
        raise FormulaError([Fault(what, f"at most {MAX_LENGTH:,} can be checked", "split it into drivers")])
    line = " ".join(text.split())
    if not line:
        raise FormulaError([Fault("the formula is empty", "", "give a number or a formula")])
    strange: dict[str, list[str]] = {}
    for sign in dict.fromkeys(_STRANGE.findall(line)):
        strange.setdefault(_STRANGE_REMEDY.get(sign, "use names and + - * / **"), []).append(f"`{sign}`")
    faults = [
        Fault(f"{' and '.join(signs)} {'has' if len(signs) == 1 else 'have'} no meaning in a formula", "", remedy) for remedy, signs in strange.items()
    ]
    for match in _GLUED.finditer(line):
        remedy = "put a space between them" if match[2] in _WORDS else f"write {match[1]} * {match[2]}"
        faults.append(Fault(f"`{match[0]}` is neither a number nor a name", "", remedy))
    if max(accumulate((sign == "(") - (sign == ")") for sign in line)) > MAX_DEPTH:
        faults.append(_TOO_DEEP)
    if faults:
        called = [match[1] for match in _CALL.finditer(line)]
        unknown = [name for name in called if name not in FUNCTIONS and name not in _WORDS]
        raise FormulaError([*faults, *map(unknown_function, unknown)])
    try:
        tree = ast.parse(line, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        # What Python says of it helps only those who write Python.
        open_ = line.count("(") - line.count(")")
        why = "a bracket is not closed" if open_ > 0 else "a bracket is closed that was not opened" if open_ < 0 else ""
        reserved = next((word for word in re.findall(r"[^\W\d]\w*", line) if iskeyword(word) and word not in ("and", "or", "not")), None)
        why = why or (f"`{reserved}` has another meaning in formulas" if reserved else "")
        hints = ((r"^=", "leave out the first ="), (r"(?<![<>=!])=(?!=)", "write == to compare"), (r"(?<![\w.])0\d", "write numbers without leading zeros"))
        remedy = next((hint for pattern, hint in hints if re.search(pattern, line)), "write it like a * (b + 2) ** c")
        if open_ > 0:
            remedy = "close it; inside {...} a formula with a comma needs quotes around it"
        raise FormulaError([Fault(f"`{shorten(line)}` is not a formula", why, remedy)]) from None
    builder = _Builder(line)
    node = builder.build(tree)
    if builder.faults:
        raise FormulaError(builder.faults)
    return node


def names_of(node: Node) -> frozenset[str]:
    """Every name in a tree."""
    found: set[str] = set()
    waiting = [node]
    while waiting:
        part = waiting.pop()
        if part.kind == "name":
            found.add(str(part.value))
        waiting += part.arguments
    return frozenset(found)
