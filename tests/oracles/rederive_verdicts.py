"""Every verdict of `detente claims`, derived again from what a run folder holds, without détente: Parquet, YAML and arithmetic.

    detente assess baltic-2021 --out runs/b21 && detente claims runs/b21 --json > claims.json
    python tests/oracles/rederive_verdicts.py runs/b21 src/detente/library/claims/baltic.yaml claims.json

Readings of the record are taken as told there; history's weights are exp(count x log(1 - p)) of the stored predictions, for the shipped scenario conditions
on wars that did not happen.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import yaml
from scipy.stats import beta

PHIA = {"highly likely": (0.8, 0.9), "likely": (0.55, 0.75), "unlikely": (0.25, 0.35), "highly unlikely": (0.1, 0.2)}
CALL = re.compile(r"(reach|touch|onward)\(([^()]*)\)((?: (?:by|under|as of) [\w.-]+)*)")
CLASSES = ("low", "middling", "high")
FEW, BESIDE = 256, 1024


def columns(files: list[Path]) -> dict[str, np.ndarray]:
    tables = [pq.read_table(file) for file in sorted(files)]
    return {name: np.concatenate([table.column(name).to_numpy() for table in tables]) for name in tables[0].column_names}


def weights(run: dict[str, np.ndarray], cases: int) -> np.ndarray:
    """Of the draws, given that none of so many crises became a war."""
    return np.exp(cases * np.log1p(-run["predicted.direct_crises"]))


class Shelf:
    """The run and what was kept beside it."""

    def __init__(self, run: Path) -> None:
        self.run, self.read = run, {}
        self.files = {file.name.rsplit("+", 1)[0]: file for file in (run / "beside").glob("*.parquet")}
        scenario = yaml.safe_load((run / "scenario.yaml").read_text())
        self.cases = len(scenario["history"]["direct_crises"]["cases"]["named"])

    def get(self, as_of: str, structure: str, policy: str) -> dict[str, np.ndarray]:
        key = f"-+{as_of}+{structure}+{policy}"
        if key not in self.read:
            self.read[key] = columns(list((self.run / "chunks").glob("*.parquet")) if key == "-+-+-+-" else [self.files[key]])
        return self.read[key]


def evaluate(shelf: Shelf, measure: str, structure: str, most: int) -> tuple[np.ndarray, np.ndarray]:
    """What the first draws say, and their weights."""
    base = shelf.get("-", structure, "-")
    parts, conditions = [], []

    def stand_in(match: re.Match[str]) -> str:
        kind, what, rest = match.groups()
        said = dict(re.findall(r" (by|under|as of) ([\w.-]+)", rest))
        run = shelf.get(said.get("as of", "-"), structure, said.get("under", "-"))
        if kind == "onward":
            top, bottom = run[f"onward_joint.{what}"], run[f"onward_given.{what}"]
            conditions.append(bottom)
            with np.errstate(invalid="ignore", divide="ignore"):
                parts.append(np.where(bottom > 0, top / bottom, np.nan))
        elif "," in what:
            level, origin = re.split(r",\s*", what)
            parts.append(sum(values for name, values in run.items() if name.startswith(f"pathways.{level}.{origin}.")))
        else:
            years = sorted(name for name in run if name.startswith(f"{kind}.{what}."))
            parts.append(run[f"{kind}.{what}.{said['by']}" if "by" in said else years[-1]])
        return f"parts[{len(parts) - 1}]"

    formula = CALL.sub(stand_in, measure)
    # Of what differs in two ways half as many are asked.
    other = max(1, BESIDE // 2) if structure != "-" and re.search(r" (under|as of) ", measure) else BESIDE
    asked = min(most, other) if structure != "-" or re.search(r" (under|as of) ", measure) else len(base["draw"])
    count = min(asked, len(base["draw"]), *(len(part) for part in parts))
    parts = [part[:count] for part in parts]
    with np.errstate(invalid="ignore", divide="ignore"):
        values = eval(formula, {"parts": parts})
    weight = weights(base, shelf.cases)[:count]
    return values, weight * conditions[0][:count] if conditions else weight


def holds(values: np.ndarray, asserts: dict[str, Any]) -> np.ndarray:
    if "word" in asserts:
        low, high = PHIA[asserts["word"]]
        return values <= high if high < 0.5 else values >= low
    if "direction" in asserts:
        least = asserts.get("least", 2.0 if asserts.get("degree") == "sharply" else 1.1)
        return values >= least if asserts["direction"] == "up" else values <= 1 / least
    tests = {"at_least": np.greater_equal, "at_most": np.less_equal, "above": np.greater, "below": np.less}
    return np.all([tests[key](values, limit) for key, limit in asserts.items()], axis=0)


def share(shelf: Shelf, reading: dict[str, Any], structure: str) -> tuple[float, set[str]]:
    """The share of draws, and the classes that its interval leaves open."""
    # Of a structure the first draws are asked, and all where these leave the class open.
    for most in (BESIDE,) if structure == "-" else (FEW, BESIDE):
        found, classes = _share(shelf, reading, structure, most)
        if len(classes) == 1:
            break
    return found, classes


def _share(shelf: Shelf, reading: dict[str, Any], structure: str, most: int) -> tuple[float, set[str]]:
    values, weight = evaluate(shelf, reading["measure"], structure, most)
    weight = np.where(np.isfinite(values), weight, 0.0)
    found = float(weight[holds(values, reading["asserts"])].sum() / weight.sum())
    n = weight.sum() ** 2 / (weight**2).sum()
    low = 0.0 if found == 0 else beta.ppf(0.025, found * n + 0.5, (1 - found) * n + 0.5)
    high = 1.0 if found == 1 else beta.ppf(0.975, found * n + 0.5, (1 - found) * n + 0.5)
    first, last = (0 if x <= 0.1 else 2 if x >= 0.9 else 1 for x in (low, high))
    return found, set(CLASSES[first : last + 1])


def verdict(readings: list[list[set[str]]]) -> str:
    """By trying all that the intervals leave open, one share after another."""
    told = {("depends on the model",) if len(set(each)) > 1 else tuple(set(each)) for reading in readings for each in combinations(reading)}
    if len(readings) == 1:
        found = {one[0] for one in told}
    else:
        every = [{("depends on the model",) if len(set(each)) > 1 else tuple(set(each)) for each in combinations(reading)} for reading in readings]
        found = {joined([one[0] for one in each]) for each in product(every)}
    names = {"high": "supported", "low": "not supported", "middling": "depends"}
    final = {names.get(one, one) for one in found}
    return final.pop() if len(final) == 1 else "borderline"


def joined(each: list[str]) -> str:
    if "depends on the model" in each:
        return "depends on the model"
    return each[0] if len(set(each)) == 1 else "middling"


def combinations(sets: list[set[str]]) -> set[tuple[str, ...]]:
    found: set[tuple[str, ...]] = {()}
    for options in sets:
        # Only which classes occur matters, not in which order.
        found = {tuple(sorted({*before, option})) for before in found for option in options}
    return found


def product(sets: list[set[tuple[str, ...]]]) -> list[tuple[tuple[str, ...], ...]]:
    found: list[tuple[tuple[str, ...], ...]] = [()]
    for options in sets:
        found = [(*before, option) for before in found for option in options]
    return found


def rederive(run: Path, claims: Path) -> dict[str, tuple[str | None, dict[str, float]]]:
    """`{claim: (verdict, shares of the first reading by structure)}` of the claims that the model judges."""
    shelf, file = Shelf(run), yaml.safe_load(claims.read_text())
    told = {}
    for name, claim in file["claims"].items():
        readings = claim.get("readings", {})
        if not any(CALL.search(reading["measure"]) for reading in readings.values()):
            continue
        found = [{structure: share(shelf, reading, structure) for structure in ("-", *file["structures"])} for reading in readings.values()]
        told[name] = verdict([[classes for _, classes in each.values()] for each in found]), {key: value for key, (value, _) in found[0].items()}
    return told


if __name__ == "__main__":
    wrong = 0
    answers = {each["id"]: each for each in json.loads(Path(sys.argv[3]).read_text())}
    for name, (found, shares) in rederive(Path(sys.argv[1]), Path(sys.argv[2])).items():
        same = found == answers[name]["verdict"]
        wrong += not same
        print(name, found, "as told" if same else f"but told was {answers[name]['verdict']}", {key: round(value, 3) for key, value in shares.items()})
    sys.exit(wrong > 0)
