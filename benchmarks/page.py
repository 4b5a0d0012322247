"""Put the results of benchmarks into a page of the docs as tables, between the two comments that mark the place.

    python benchmarks/page.py benchmarks/results.json docs/explanation/speed.md
    python benchmarks/page.py --check benchmarks/results.json docs/explanation/speed.md    # exit 1 if the page shows others
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from report import Comparison, Figure, Report, Row, Shares, is_met, number, wanted

BEGIN, END = "<!-- figures of benchmarks/results.json -->", "<!-- end of figures -->"
CALLED = {
    "python": "Python", "detente": "détente", "numpy": "NumPy", "numba": "Numba", "scipy": "SciPy", "pygambit": "Gambit", "stormpy": "Storm", "simpy": "SimPy",
    "SALib": "SALib", "ema-workbench": "ema_workbench",
}  # fmt: skip


def report_of(data: dict[str, Any]) -> Report:
    """A report from its JSON."""
    comparisons = [Comparison(**{**each, "rows": [Row(**row) for row in each["rows"]]}) for each in data["comparisons"]]
    return Report(data["name"], comparisons, [Figure(**each) for each in data["figures"]], [Shares(**each) for each in data["shares"]])


def tables(results: dict[str, Any]) -> Iterator[str]:
    """Lines of Markdown."""
    reports = [report_of(data) for data in results["reports"]]
    yield f"Measured {around(results)}."
    elsewhere: dict[str, list[str]] = {}
    for data in results["reports"]:
        if "measured" in data:
            elsewhere.setdefault(around(data["measured"]), []).append(f"`{data['name']}`")
    for where, names in elsewhere.items():
        yield ""
        yield f"The figures of {', '.join(names)} were measured {where}."
    every = [results["versions"], *(data["measured"]["versions"] for data in results["reports"] if "measured" in data)]
    missing = [CALLED[name] for name in results["versions"] if not any(versions.get(name) for versions in every)]
    if missing:
        yield ""
        yield f"Not installed, so not measured: {', '.join(missing)}."
    yield from ("", "| work | program | a core-second | détente is faster by | wanted |", "|---|---|---:|---:|---|")
    comparisons = [comparison for report in reports for comparison in report.comparisons]
    for comparison in comparisons:
        yield from comparison_rows(comparison)
    yield from ("", "Whether all do the same work:", "")
    yield from (f"- {comparison.title}: {'; '.join(comparison.notes)}." for comparison in comparisons)
    yield from ("", "| what | measured | | wanted |", "|---|---:|---|---|")
    for figure in (figure for report in reports for figure in report.figures):
        verdict = "" if figure.limit is None else f"{wanted(figure)}: {met(is_met(figure))}"
        yield f"| {figure.title} | {number(figure.value)} {figure.unit} | {figure.note} | {verdict} |"
    for shares in (shares for report in reports for shares in report.shares):
        total = sum(shares.seconds.values())
        yield from ("", f"{shares.title} ({shares.note}):", "", "| step | seconds of a core | share |", "|---|---:|---:|")
        for step, seconds in shares.seconds.items():
            yield f"| {step} | {seconds:.3f} | {seconds / total:.1%} |"


def around(measured: dict[str, Any]) -> str:
    """When, on what and with what something was measured."""
    machine = measured["machine"]
    having = ", ".join(f"{CALLED[name]} {which}" for name, which in measured["versions"].items() if which)
    speed = machine.get("billion_operations")
    good_for = f", which multiply matrices in NumPy at {speed:.0f} billion operations a core-second," if speed else ","
    return f"on {measured['date']} on {machine['cores']} cores of {machine['processor']}{good_for} with {having}"


def comparison_rows(comparison: Comparison) -> Iterator[str]:
    """One row a program; the first peer carries the target."""
    ours = comparison.rows[0]
    for place, row in enumerate(comparison.rows):
        ratio = "" if row is ours else f"{number(ours.rate / row.rate)} times"
        target = ""
        if place == 1 and comparison.target:
            target = f"{comparison.target:g} times: {met(ours.rate / row.rate >= comparison.target)}"
        yield f"| {comparison.title if place == 0 else ''} | {row.name} | {number(row.rate)} {comparison.unit} | {ratio} | {target} |"


def met(yes: bool) -> str:
    return "met" if yes else "**not met**"


def renewed(page: str, results: dict[str, Any]) -> str:
    """The page with other tables."""
    before, found, rest = page.partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not (found and ended):
        raise SystemExit(f"the page holds no place for figures: a line {BEGIN!r} and a line {END!r}")
    return "\n".join([before + BEGIN, "", *tables(results), "", END]) + after


def renew(path: Path, results: dict[str, Any]) -> None:
    """Write the page with other tables."""
    path.write_text(renewed(path.read_text(encoding="utf-8"), results), encoding="utf-8")


def main() -> None:
    arguments = [argument for argument in sys.argv[1:] if argument != "--check"]
    if len(arguments) != 2:
        raise SystemExit(__doc__)
    results, path = json.loads(Path(arguments[0]).read_text(encoding="utf-8")), Path(arguments[1])
    if "--check" not in sys.argv:
        renew(path, results)
    elif path.read_text(encoding="utf-8") != renewed(path.read_text(encoding="utf-8"), results):
        raise SystemExit(f"{path} shows other figures than {arguments[0]}: run python benchmarks/page.py {' '.join(arguments)}")


if __name__ == "__main__":
    main()
