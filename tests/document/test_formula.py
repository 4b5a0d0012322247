"""Formulas compute what Python's arithmetic says, over numbers and arrays, and refuse everything that is not arithmetic."""

import ast
import copy
import math
import pickle
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from detente.document import Formula, arithmetic
from detente.errors import InvalidInput


def value(text: str, **values: Any) -> Any:
    return Formula.parse(text).evaluate(values)


def problems(text: str) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        Formula.parse(text, "s.yaml:3:7")
    assert all(problem.where == "s.yaml:3:7" for problem in caught.value.problems)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", 7), ("(1 + 2) * 3", 9), ("2 ** 3 ** 2", 512), ("-2 ** 2", -4), ("2 ** -1", 0.5), ("7 - 2 - 1", 4), ("8 / 4 / 2", 1),
        ("+3", 3), ("--3", 3), ("1e3", 1000), (".5", 0.5), ("1_000", 1000), ("min(3, 1, 2)", 1), ("max(3, 1, 2)", 3), ("abs(-2)", 2),
        ("sqrt(9)", 3), ("log(exp(2))", 2), ("logistic(0)", 0.5), ("clip(5, 0, 3)", 3), ("clip(-5, 0, 3)", 0), ("where(1 < 2, 10, 20)", 10),
        ("where(0, 10, 20)", 20), ("1 < 2 < 3", 1), ("1 < 3 < 2", 0), ("1 == 1.0", 1), ("1 != 1", 0), ("2 >= 2 and 3 <= 2", 0), ("0 or 5", 1),
        ("not 0", 1), ("not 3", 0), ("not 1 < 2 or 1", 1), ("1 and 2 and 3", 1), ("  4\n + 5 ", 9),
    ],
)  # fmt: skip
def test_constants_are_known_at_once(text: str, expected: float) -> None:
    formula = Formula.parse(text)
    assert formula.constant == pytest.approx(expected, abs=1e-15) and formula.evaluate({}) == formula.constant
    assert formula.names == frozenset() and type(formula.evaluate({})) is float


def test_names_are_collected_and_leave_no_constant() -> None:
    formula = Formula.parse("rate * (troops / 4000) ** crowding + 0 * exp(-rate)")
    assert formula.names == {"rate", "troops", "crowding"} and formula.constant is None


class Traced:
    """A random expression as its text and as a Python function."""

    def __init__(self, text: str, function: Callable[[dict[str, float]], float]) -> None:
        self.text, self.function = text, function


def _binary(sign: str, compute: Callable[[float, float], float]) -> Callable[[Traced, Traced], Traced]:
    return lambda a, b: Traced(f"({a.text}) {sign} ({b.text})", lambda v: compute(a.function(v), b.function(v)))


_NAMES = ["a", "b", "crowding"]
_OPERATORS = [
    _binary("+", lambda x, y: x + y),
    _binary("-", lambda x, y: x - y),
    _binary("*", lambda x, y: x * y),
    _binary("/", lambda x, y: x / y),
    _binary("<", lambda x, y: float(x < y)),
    _binary("and", lambda x, y: float(bool(x) and bool(y))),
]
_expressions = st.recursive(
    st.one_of(
        st.sampled_from(_NAMES).map(lambda name: Traced(name, lambda v: v[name])),
        st.integers(0, 9).map(lambda number: Traced(str(number), lambda v: float(number))),
    ),
    lambda inner: st.builds(lambda combine, a, b: combine(a, b), st.sampled_from(_OPERATORS), inner, inner),
    max_leaves=12,
)


@given(_expressions, st.lists(st.floats(-5, 5), min_size=3, max_size=3))
def test_any_expression_computes_what_python_does(expression: Traced, numbers: list[float]) -> None:
    values = dict(zip(_NAMES, numbers, strict=True))
    try:
        expected = expression.function(values)
        formula = Formula.parse(expression.text)
    except (ZeroDivisionError, OverflowError, InvalidInput):
        assume(False)
    assume(math.isfinite(expected))
    assert formula.evaluate(values) == expected
    arrays = {name: np.full((2, 3), number) for name, number in values.items()}
    assert np.all(formula.evaluate(arrays) == expected)


def test_arrays_broadcast_over_draws_and_segments() -> None:
    draws, segments = np.arange(4.0)[:, None], np.array([[10.0, 20.0]])
    assert np.array_equal(value("a * b + 1", a=draws, b=segments), draws * segments + 1)
    assert np.array_equal(value("where(a > 1, a, b)", a=draws, b=segments), np.where(draws > 1, draws, segments))
    assert np.array_equal(value("min(a, b, 15)", a=draws, b=segments), np.minimum(np.minimum(draws, segments), 15))
    assert np.array_equal(value("a > 1 and b > 15", a=draws, b=segments), ((draws > 1) & (segments > 15)).astype(float))


def test_whole_numbers_are_computed_as_floats() -> None:
    assert value("a ** b", a=2, b=-1) == 0.5
    assert np.array_equal(value("a ** -1", a=np.array([2, 4])), [0.5, 0.25])


@given(st.floats(-800, 800))
def test_logistic_is_exact_in_both_tails(x: float) -> None:
    both = np.array([x, -x])
    result = value("logistic(x)", x=both)
    assert np.all((result >= 0) & (result <= 1)) and result.sum() == pytest.approx(1, abs=1e-15)
    lower = min(result)
    assert lower == pytest.approx(math.exp(-abs(x)) / (1 + math.exp(-abs(x))), rel=1e-14)


def test_division_by_zero_and_invalid_arguments_give_no_warning() -> None:
    assert value("1 / x", x=0.0) == math.inf and value("-1 / x", x=0.0) == -math.inf
    assert math.isnan(value("x / x", x=0.0)) and math.isnan(value("log(x)", x=-1.0)) and math.isnan(value("sqrt(x)", x=-1.0))
    assert value("log(x)", x=0.0) == -math.inf and value("exp(x)", x=1e4) == math.inf and math.isnan(value("x ** 0.5", x=-1.0))


@pytest.mark.parametrize(
    "text",
    ["x", "x < 1", "1 < 2 < x", "x == x", "x != 1", "x and 1", "x or 1", "not x", "where(x, 1, 2)", "where(x < 1, 1, 2)", "min(x, 1)", "max(1, x)", "clip(x, 0, 1)"],
)  # fmt: skip
def test_not_a_number_never_turns_into_a_number(text: str) -> None:
    result = value(text, x=np.array([math.nan, 0.5]))
    assert math.isnan(result[0]) and math.isfinite(result[1])


def test_a_name_without_a_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        value("a + b", a=1.0)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("__import__('os')", "no function `__import__`"),
        ("__import__('os')", "remove the text in quotes"),
        ("__import__", None),
        ("eval(a)", "no function `eval`"),
        ("lgo(3)", "did you mean 'log'?"),
        ("a.b", "a dot in a name: `a.b`"),
        ("a.__class__.__bases__", "a dot in a name"),
        ("a.exp(3)", "a call: `a.exp(3)`"),
        ("exp(a)(b)", "a call"),
        ("a[0]", "there are no lists and subscripts"),
        ("[a for a in b]", "there are no lists and subscripts"),
        ("'a' * 3", "remove the text in quotes"),
        ("lambda: 1", "`:` has no meaning"),
        ("(a := 3)", "`:` has no meaning"),
        ("f'{a}'", "`{` and `}` have no meaning"),
        ("1 if a else b", "write where(condition, a, b)"),
        ("a, b", "a list of values"),
        ("1,5 * a", "write 1.5 instead of 1,5"),
        ("exp(x=1)", "named or starred"),
        ("min(*a)", "named or starred"),
        ("exp(1, 2)", "exp takes 1 argument, here are 2"),
        ("min(a)", "min takes 2 or more arguments"),
        ("clip(a, 1)", "write clip(x, low, high)"),
        ("exp", "write exp(...)"),
        ("a = b", "write == to compare"),
        ("a ^ 2", "write ** for a power"),
        ("a % 2", "`%` has no meaning"),
        ("a // 2", "an operator that is not known"),
        ("a @ b", "`@` has no meaning"),
        ("a & b", "write `and`"),
        ("a in b", "a comparison that is not known"),
        ("a is b", "a comparison that is not known"),
        ("~a", "`~` has no meaning"),
        ("2x", "write 2 * x"),
        ("2if a", "put a space between them"),
        ("0x10", "neither a number nor a name"),
        ("1j", "neither a number nor a name"),
        ("True", "write 1 for true"),
        ("None", "no number: `None`"),
        ("nan", "not a finite number"),
        ("1 + NaN", "not a finite number"),
        ("inf", "not a finite number"),
        ("1e999", "beyond all bounds"),
        ("9" * 1999, "beyond all bounds"),
        ("9**9**9**9", "not a finite number"),
        ("a * 10**400", "`10**400` is not a finite number"),
        ("exp(1000) * a", "`exp(1000)` is not a finite number"),
        ("log(0)", "not a finite number"),
        ("log(-1)", "not a finite number"),
        ("1 / 0", "divides by 0"),
        ("a / (2 - 2)", "divides by 0"),
        ("", "the formula is empty"),
        ("   ", "the formula is empty"),
        ("a b", "is not a formula"),
        ("a +", "is not a formula"),
        ("(a", "is not a formula"),
        ("a)", "is not a formula"),
        ("010", "without leading zeros"),
        ("a; b", "`;` has no meaning"),
        ("a # b", "`#` has no meaning"),
        ("a\\\nb", "has no meaning"),
        ("a\x00b", "has no meaning"),
        ("await a", "not arithmetic"),
        ("yield", "is not a formula"),
    ],
)
def test_what_is_not_arithmetic_is_refused(text: str, said: str | None) -> None:
    if said is None:
        # Two underscores are a name like any other: that it is unknown is found where names are known.
        assert Formula.parse(text).names == {text}
    else:
        assert said in "\n".join(problems(text))


def test_all_faults_are_reported_at_once() -> None:
    assert len(problems("a.b + exq(c) + min(d) + True")) == 4


@pytest.mark.parametrize("text", ["a" * 10**6, "(" * 10**6, "1 + " * 10**5 + "1"])
def test_a_million_characters_are_refused_unread(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python's parser, which takes seconds and much memory for such a text, never sees it."""
    read: list[str] = []
    parse = ast.parse

    def noted(text: str, *options: Any, **named: Any) -> Any:
        read.append(text)
        return parse(text[:10], *options, **named)

    with monkeypatch.context() as patch:
        patch.setattr(ast, "parse", noted)
        (said,) = problems(text)
    assert "at most 2,000" in said and len(said) < 300 and not read


@pytest.mark.parametrize(
    "text",
    ["(" * 900 + "a" + ")" * 900, "(" * 51 + "a" + ")" * 51, "-" * 1900 + "a", "not " * 400 + "a", "a" + "**a" * 400, "exp(" * 51 + "a" + ")" * 51, "(" * 1999],
)  # fmt: skip
def test_deep_nesting_is_refused(text: str) -> None:
    assert "more than 50 levels" in "\n".join(problems(text))


def test_fifty_levels_and_a_sum_of_a_thousand_terms_are_fine() -> None:
    assert value("(" * 49 + "a" + ")" * 49, a=1.0) == 1
    assert value("exp(" * 2 + "-" * 46 + "a" + ")" * 2, a=0.0) == pytest.approx(math.e)
    assert value("a" + "+a" * 999, a=1.0) == 1000


@given(st.text(max_size=40))
def test_any_text_is_a_formula_or_a_refusal(text: str) -> None:
    try:
        Formula.parse(text)
    except InvalidInput as error:
        assert error.problems


@given(st.text("ab01.+-*/(),<>=! \neandort", max_size=60))
def test_any_text_of_formula_signs_is_a_formula_or_a_refusal(text: str) -> None:
    try:
        formula = Formula.parse(text)
    except InvalidInput as error:
        assert error.problems
    else:
        formula.evaluate(dict.fromkeys(formula.names, 0.5))


def test_formulas_of_equal_text_are_equal_and_survive_copies() -> None:
    formula = Formula.parse("a + 1")
    assert formula == Formula.parse("a + 1") != Formula.parse("a+1") and len({formula, Formula.parse("a + 1")}) == 1
    for other in (pickle.loads(pickle.dumps(formula)), copy.deepcopy(formula)):
        assert other == formula and other.evaluate({"a": 1.0}) == 2


class Counted(np.ndarray[Any, np.dtype[np.float64]]):
    """An array that notes what NumPy does with it: the name of each operation, and of how many numbers."""

    done: ClassVar[list[tuple[str, int]]] = []

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **named: Any) -> Any:
        result = getattr(ufunc, method)(*(np.asarray(each) for each in inputs), **named)
        self.done.append((ufunc.__name__, np.size(result)))
        return np.asarray(result).view(Counted)


def test_evaluation_does_what_numpy_would_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """The ten operations that the same text makes NumPy do, on as many numbers each."""
    done: list[tuple[str, int]] = []

    def noted(function: Callable[..., Any]) -> Callable[..., Any]:
        def operation(*arguments: Any) -> Any:
            result = function(*arguments)
            done.append((function.__name__, np.size(result)))
            return result

        return operation

    monkeypatch.setattr(arithmetic, "_OPERATIONS", {key: noted(function) for key, function in arithmetic._OPERATIONS.items()})
    # No other test has this text, which would be kept as it was first read.
    formula = Formula.parse("rate * (a / 4000) ** c * exp(-b * (1 - a)) / (1 + b) ")
    values = {name: np.random.default_rng(1).random((4096, 8)) + 0.5 for name in ("rate", "a", "b", "c")}
    rate, a, b, c = (array.view(Counted) for array in values.values())
    direct = rate * (a / 4000) ** c * np.exp(-b * (1 - a)) / (1 + b)
    wanted = sorted(Counted.done)
    assert np.allclose(np.asarray(formula.evaluate(values)), np.asarray(direct), rtol=1e-14)
    assert sorted(done) == wanted and len(wanted) == 10
