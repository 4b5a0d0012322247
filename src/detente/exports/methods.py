"""The methods that a run computed by, from the one table of them (`methods.yaml`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from detente.document import parse
from detente.scenario.elicited import Quantiles

if TYPE_CHECKING:
    from detente.ensemble import Assessment


@dataclass(frozen=True)
class Method:
    """A method and who wrote of it.

    Attributes
    ----------
    key : str
        By which it is cited.
    use : str
        What it does here.
    when : str
        Which runs use it; one of the words of `used`, or never.
    entry : mapping
        As in BibTeX, except that `in` is the journal or the book.
    """

    key: str
    use: str
    when: str
    entry: Mapping[str, str]


@cache
def methods() -> tuple[Method, ...]:
    """The whole table."""
    text = (resources.files("detente.exports") / "methods.yaml").read_text(encoding="utf-8")
    found = []
    for key, row in parse(text, "methods.yaml").data.items():
        entry = {name: str(value) for name, value in row.items() if name not in ("use", "when")}
        found.append(Method(key, row["use"], row["when"], entry))
    return tuple(found)


def used(assessment: Assessment) -> dict[str, bool]:
    """Which of the table's conditions a run meets."""
    scenario, history = assessment.model.scenario, assessment.history
    conditioned = history is not None and history["method"] != "none"
    items = {name for name, item in history["items"].items() if item["conditions"]} if history is not None else set()
    return {
        "always": True,
        "never": False,
        "drawn": bool(scenario.quantities or scenario.contingencies),
        "games": bool(assessment.model.plan.ladder.games),
        "anderson": assessment.status_counts["anderson"] > 0,
        "continuation": assessment.status_counts["continuation"] > 0,
        "pairs": bool(assessment.result["onward"] or assessment.result["next"]),
        "metalog": any(isinstance(item.distribution, Quantiles) for item in scenario.quantities.values()),
        "correlations": bool(scenario.correlations),
        "history": conditioned,
        "weights": any(scenario.history[name].weight is not None for name in items),
        "moved": history is not None and history["method"] == "sequential",
    }


def methods_of(assessment: Assessment) -> tuple[Method, ...]:
    """The methods that a run used, in the order of the table."""
    met = used(assessment)
    return tuple(method for method in methods() if met[method.when])
