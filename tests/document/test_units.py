"""Units of formulas are checked as a physicist would, and numbers convert to years and prizes."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.document import Formula, canonical_unit, check_unit
from detente.errors import InvalidInput

UNITS = {
    "rate": "1/year", "weekly": "1/week", "half_life": "year", "cost": "prize", "flow": "prize/year", "precision": "1/prize", "share": "1",
    "troops": "troops", "percentage": "percent", "area": "prize*year", "lost": "florins",
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "factor", "unit"),
    [
        ("1", 1, "1"), ("year", 1, "year"), ("years", 1, "year"), ("day", 1 / 365.25, "year"), ("week", 7 / 365.25, "year"), ("month", 1 / 12, "year"),
        ("decade", 10, "year"), ("1/year", 1, "1/year"), ("1/month", 12, "1/year"), ("1/week", 365.25 / 7, "1/year"), ("1/day", 365.25, "1/year"),
        ("prize", 1, "prize"), ("1/prize", 1, "1/prize"), ("prize/year", 1, "prize/year"), ("prize/month", 12, "prize/year"), ("prize per month", 12, "prize/year"),
        ("troops", 1, "1"), ("aircraft", 1, "1"), ("warheads", 1, "1"), ("encounters/month", 12, "1/year"), ("percent", 0.01, "1"),
        ("percent/year", 0.01, "1/year"), ("fraction", 1, "1"), ("year**2", 1, "year**2"), ("year^-1", 1, "1/year"), ("1/(prize*year)", 1, "1/(prize*year)"),
        ("prize * year", 1, "prize*year"), ("month/week", 365.25 / 12 / 7, "1"), ("1/month**2", 144, "1/year**2"),
    ],
)  # fmt: skip
def test_units_convert_to_years_and_prizes(text: str, factor: float, unit: str) -> None:
    assert canonical_unit(text) == (pytest.approx(factor, rel=1e-14), unit)


_atoms = st.sampled_from(["year", "month", "week", "day", "prize", "percent", "troops", "event"])


@given(st.lists(st.tuples(st.sampled_from("*/"), _atoms), min_size=1, max_size=4))
def test_the_factor_of_a_product_is_the_product_of_the_factors(parts: list[tuple[str, str]]) -> None:
    factor, unit = canonical_unit("1" + "".join(f" {sign} {atom}" for sign, atom in parts))
    expected = 1.0
    for sign, atom in parts:
        expected *= canonical_unit(atom)[0] ** (1 if sign == "*" else -1)
    assert factor == pytest.approx(expected, rel=1e-12)
    assert canonical_unit(unit) == (1, unit)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("yaer", "did you mean 'year'?"), ("prices", "did you mean 'prize'?"), ("florins", "'florins' is no unit"), ("", "is no unit"), ("3 year", "only 1"),
        ("2", "only 1"), ("year**", "only 1"), ("9**9**9**9", "only 1"), ("(9**9)**9", "only 1"), ("year**2**9", "only 1"), ("year**99", "only 1"),
        ("1/year/", "is no unit"), ("1//year", "is no unit"), ("(year", "is no unit"), ("year" * 100, "is no unit"), ("__import__('os')", "is no unit"), ("year.real", "is no unit"),
        ("1e999", "is no unit"), ("year²", "is no unit"), ("m", "'m' is no unit"), ("year\n", "is no unit"), ("()", "is no unit"), ("1.0", "only 1"), ("year**1.5", "only 1"),
        ("()**year", "is no unit"), ("year**year", "only 1"), ("year - year", "is no unit"), ("1 + 1", "is no unit"),
    ],
)  # fmt: skip
def test_what_is_no_unit_is_refused(text: str, said: str) -> None:
    with pytest.raises(ValueError) as caught:
        canonical_unit(text)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("log(2) / half_life", "1/year"), ("rate", "1/year"), ("weekly", "1/year"), ("rate + weekly", "1/year"), ("cost * rate", "prize/year"),
        ("flow / rate", "prize"), ("precision * cost", "1"), ("exp(precision * cost)", "1"), ("rate * half_life", "1"), ("troops / 4000", "1"),
        ("troops + 1000", "1"), ("share * percentage", "1"), ("cost ** 2", "prize**2"), ("sqrt(cost * cost)", "prize"), ("cost ** 0.5 * cost ** 0.5", "prize"),
        ("sqrt(cost)", "prize**0.5"), ("(troops / 4000) ** share", "1"), ("2 ** share", "1"), ("cost > 0", "1"), ("cost > 2 * cost", "1"), ("rate * (cost < 0)", "1/year"),
        ("0 < rate <= weekly", "1"), ("max(0, cost)", "prize"), ("min(cost, 2 * cost, 0)", "prize"), ("clip(rate, 0, 2 * weekly)", "1/year"),
        ("where(cost > 0, rate, 0)", "1/year"), ("where(share, 0, flow)", "prize/year"), ("-cost", "prize"), ("abs(-cost)", "prize"), ("logistic(precision * cost)", "1"),
        ("not share", "1"), ("share and troops", "1"), ("1 / (cost * half_life)", "1/(prize*year)"), ("cost - 0", "prize"), ("0 - cost", "prize"), ("area / half_life", "prize"),
        ("3", "1"), ("0", "1"), ("cost ** -1", "1/prize"), ("cost ** (1 + 1)", "prize**2"), ("cost ** 0", "1"),
    ],
)  # fmt: skip
def test_the_unit_of_a_formula_follows_from_the_units_of_its_names(text: str, unit: str) -> None:
    formula = Formula.parse(text)
    assert formula.unit(UNITS) == unit
    assert check_unit(formula, unit, UNITS, "f:1:1") == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("exp(5 * half_life)", "`5 * half_life` has the unit year; the argument of exp must be a pure number; divide by a time"),
        ("log(cost)", "`cost` has the unit prize; the argument of log must be a pure number; divide by an amount in prize"),
        ("logistic(rate)", "`rate` has the unit 1/year; the argument of logistic must be a pure number; multiply by a time"),
        ("cost + rate", "`cost + rate` adds `cost`, prize, and `rate`, 1/year; both must have the same unit; `rate`: multiply by something in prize*year"),
        ("cost - 1", "`cost - 1` subtracts `cost`, prize, and `1`, a pure number; both must have the same unit; `1`: multiply by an amount in prize"),
        ("cost > rate", "`cost > rate` compares `cost`, prize, and `rate`, 1/year"),
        ("max(1, cost)", "`max(1, cost)` compares `1`, a pure number, and `cost`, prize"),
        ("clip(cost, 0, 1)", "compares `cost`, prize, and `1`, a pure number"),
        ("where(share, cost, rate)", "compares `cost`, prize, and `rate`, 1/year"),
        ("where(cost, 1, 2)", "the condition of where must be a pure number"),
        ("cost and share", "the argument of and must be a pure number"),
        ("not cost", "the argument of not must be a pure number"),
        ("2 ** cost", "an exponent must be a pure number"),
        ("cost ** share", "the exponent of `cost ** share` is not a constant"),
        ("rat * 2", "unknown name 'rat'; nothing of that name is declared; did you mean 'rate'?"),
        ("__import__ + 1", "unknown name '__import__'"),
        ("lost * 2", "the unit of 'lost' is unclear; 'florins' is no unit"),
    ],
)
def test_units_that_do_not_fit_are_refused(text: str, said: str) -> None:
    formula = Formula.parse(text)
    (problem,) = check_unit(formula, "1", UNITS, "s.yaml:2:5")
    assert str(problem).startswith("s.yaml:2:5: ") and said in str(problem)
    with pytest.raises(InvalidInput):
        formula.unit(UNITS)


@pytest.mark.parametrize(
    ("text", "expected", "said"),
    [
        ("cost", "1/year", "`cost` comes out as prize; a rate needs 1/year; divide by something in prize*year"),
        ("share", "1/year", "`share` comes out as a pure number; a rate needs 1/year; divide by a time"),
        ("troops / 4000", "1/month", "a rate needs 1/year; divide by a time"),
        ("flow", "prize", "`flow` comes out as prize/year; a payoff needs prize; multiply by a time"),
        ("cost", "prize/year", "a flow needs prize/year; divide by a time"),
        ("cost", "1/prize", "a precision needs 1/prize; divide by something in prize**2"),
        ("rate", "1", "a pure number is needed here; multiply by a time"),
        ("rate", "year", "a time needs year"),
        ("rate", "yaer", "'yaer' is no unit; it is the unit that this formula must come out in; did you mean 'year'?"),
    ],
)
def test_a_formula_of_another_unit_than_needed_is_refused_with_a_remedy(text: str, expected: str, said: str) -> None:
    (problem,) = check_unit(Formula.parse(text), expected, UNITS, "f")
    assert said in str(problem)


@pytest.mark.parametrize("expected", ["1/year", "prize", "1", "prize/year"])
@pytest.mark.parametrize("text", ["3", "-1", "2 * 0.5", "0"])
def test_an_expression_that_is_only_a_number_takes_any_unit(text: str, expected: str) -> None:
    assert check_unit(Formula.parse(text), expected, UNITS, "f") == []


def test_all_problems_of_a_formula_come_at_once_and_none_follows_from_another() -> None:
    formula = Formula.parse("exp(cost) * (rate + share) + exp(cost) + nothing * 2")
    assert len(check_unit(formula, "prize", UNITS, "f")) == 3


_texts = st.recursive(
    st.sampled_from(["rate", "half_life", "cost", "flow", "share", "2", "0.5"]),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from("+-*/"), inner, inner).map(lambda p: f"({p[1]} {p[0]} {p[2]})"),
        st.tuples(st.sampled_from(["exp", "sqrt", "abs"]), inner).map(lambda p: f"{p[0]}({p[1]})"),
        st.tuples(inner, inner).map(lambda p: f"min({p[0]}, {p[1]})"),
    ),
    max_leaves=8,
)


@given(_texts)
def test_a_formula_that_passes_scales_as_its_unit_says(text: str) -> None:
    """Counting time in half-years doubles times and halves rates, so that the result must scale by its power of time."""
    formula = Formula.parse(text)
    try:
        unit = formula.unit(UNITS)
    except InvalidInput:
        return
    values = {"rate": 0.3, "half_life": 2.0, "cost": 1.7, "flow": 0.9, "share": 0.4}
    scaled = values | {"rate": 0.15, "half_life": 4.0, "flow": 0.45}
    below = formula.evaluate(values)
    above = formula.evaluate(scaled)
    # canonical_unit refuses half powers in a text, as nobody writes them; their factor is read off the powers instead.
    power = _power_of_time(unit)
    assert above == pytest.approx(below * 2**power, rel=1e-9, nan_ok=True)


def _power_of_time(unit: str) -> float:
    above, _, below = unit.partition("/")
    power = 0.0
    for part, sign in [(part, 1) for part in above.split("*y")] + [(part, -1) for part in below.split("*y")]:
        text = part.strip("()")
        text = text if text.startswith("prize") else text.removeprefix("y").removeprefix("ear") if "ear" in text else "none"
        if text != "none" and not text.startswith("prize"):
            power += sign * float(text.removeprefix("**") or 1)
    return power


def test_importing_the_package_loads_neither_pint_nor_numba() -> None:
    code = "import sys, detente.document; print([m for m in ('pint', 'numba', 'xarray', 'scipy') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_many_formulas_of_many_units_are_checked_without_a_complaint() -> None:
    names = {f"x{n}": ["1/year", "prize", "1", "prize/year"][n % 4] for n in range(150)}
    for n in range(150):
        formula = Formula.parse(f"x{n} * exp(x2 * (1 - x6)) / (1 + x10) + 0 * x{n} * {n}")
        assert check_unit(formula, names[f"x{n}"], names, "f") == []
