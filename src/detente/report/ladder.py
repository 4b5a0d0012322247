"""The main picture: how likely each level is to be reached within the horizon, with its ranges over draws, how many go on, and how it comes about.

Every figure is the assessment's own (`result["reach"]`, `result["onward"]`, `contributions`); the picture and its tables are drawn from the same numbers.
"""

from __future__ import annotations

from typing import Any

from detente.ensemble import Assessment
from detente.report.names import Called, capital
from detente.report.tables import Cell, Panel, Table, between, chance, mistakes, part, rows
from detente.report.wording import LEAST, NONE, TOO_SMALL, figure, one_in, percent, plain, signed_percent, years

HEAD = ("predictive, %", "as a chance", "median, %", "50 % of draws, %", "90 % of draws, %", "from mistakes", "go on up, %")
QUANTILES = ("p05", "p25", "p50", "p75", "p95")
SMALL = 0.03  # of a level: pathways below are told together in the picture
MOST = 7  # pathways that are told apart there, by colour and letter
OTHER = "other"


def ladder_panel(assessment: Assessment, called: Called) -> Panel:
    """The panel of the ladder."""
    horizon = years(assessment.horizon_years)
    text = (
        f"Each row is a level, the worst on top. The mark is the predictive probability that it is reached within {horizon}: the mean over "
        f"{assessment.draws:,} draws of everything that is not known exactly. The thick bar holds half of the draws, the thin one nine tenths.",
    )
    caption = (
        f"Probability of reaching each level or a higher one within {horizon}, in per cent on a logarithmic scale, which ends at 1 in 100,000: below, "
        "the model cannot tell a chance from none. Between two levels stands the share of episodes that go on. Below each bar: how the level comes about."
    )
    data = {
        "horizon": horizon,
        "levels": [_level(assessment, called, name) for name in reversed(called.levels)],
        "aside": [_level(assessment, called, name) for name in called.aside if called.group(name) is None],
        "pathways": _labels(assessment),
    }
    tables = (levels_table(assessment, called), *_pairs(assessment, called), *_pathways(assessment, called))
    return Panel("ladder", "The ladder", "brief", text, caption, data, tables)


def levels_table(assessment: Assessment, called: Called) -> Table:
    """Levels from the top down, then what stands aside."""
    found: list[tuple[Cell | str, ...]] = []
    for name in (*reversed(called.levels), *called.aside):
        label = called.title(name) if name in called.levels else f"aside: {called.title(name)}"
        up = _upward(assessment, called, name)
        found.append((Cell(label, target=f"rung-{name}"), *_summary(assessment.result["reach"][name]), part(up) if up is not None else Cell("")))
    return Table("levels", f"Reached within {years(assessment.horizon_years)}", ("level", *HEAD), "<>>>>>>>", rows(found))


def _pairs(assessment: Assessment, called: Called) -> tuple[Table, ...]:
    found: list[tuple[Cell | str, ...]] = [(*called.pair(pair), *_summary(summary)) for pair, summary in assessment.result["onward"].items()]
    title = f"Once there is, it goes on to (before all return to {called.title(called.first)})"
    return (Table("onward", title, ("once there is", "it goes on to", *HEAD[:-1]), "<<>>>>>>", rows(found)),) if found else ()


def _pathways(assessment: Assessment, called: Called) -> tuple[Table, ...]:
    """Shares of each level by pathway."""
    pathways = _shares(assessment)
    head = ("level", "begins", "enters the level by", "share, %")
    found = [
        (called.title(level), capital(plain(origin)), capital(plain(trigger)), part(share))
        for level in reversed(called.levels) for (origin, trigger), share in sorted(pathways.get(level, {}).items(), key=lambda item: -item[1]) if share > 0.0
    ]  # fmt: skip
    return (Table("pathways", "How each level comes about", head, "<<<>", rows(found)),) if found else ()


def _summary(summary: Any) -> tuple[Cell, ...]:
    if summary["mean"] is None:
        return (Cell(NONE), Cell(str(summary.get("why", "no value"))), *[Cell("")] * 4)
    if 0.0 < summary["mean"] < LEAST:
        return (Cell(figure(summary["mean"])), Cell(TOO_SMALL), *[Cell("")] * 4)
    return (
        part(summary["mean"]), chance(summary["mean"]), part(summary["p50"]), between(summary["p25"], summary["p75"]),
        between(summary["p05"], summary["p95"]), mistakes(summary["error_share"]),
    )  # fmt: skip


def _upward(assessment: Assessment, called: Called, name: str) -> float | None:
    """Of episodes that enter a level, the share that goes on to the next."""
    levels = called.levels
    if name not in levels[:-1]:
        return None
    summary = assessment.result["onward"].get(f"{levels[levels.index(name) + 1]}|{name}")
    return None if summary is None else summary["mean"]


def _level(assessment: Assessment, called: Called, name: str) -> dict[str, Any]:
    """A level as the picture needs it; texts are those of the table."""
    summary = assessment.result["reach"][name]
    told = {"name": name, "title": called.title(name)}
    if summary["mean"] is None:
        return told | {"mean": None, "chance": str(summary.get("why", "no value"))}
    up, share = _upward(assessment, called, name), summary["error_share"]
    small = 0.0 < summary["mean"] < LEAST
    ways = _shares(assessment).get(name, {})
    return told | {
        "mean": None if small else summary["mean"],
        "chance": TOO_SMALL if small else one_in(summary["mean"]),
        "percent": percent(summary["mean"]),
        "range": f"{figure(summary['p05'])}–{figure(summary['p95'])} %",
        **{key: summary[key] for key in QUANTILES},
        "mistakes": None if share is None or small else signed_percent(share),
        "up": None if up is None else percent(up),
        "ways": _ways(ways, [each["key"] for each in _labels(assessment)]),
    }


def _shares(assessment: Assessment) -> dict[str, dict[tuple[str, str], float]]:
    """`{level: {(origin, trigger): share}}` of levels that are reached at all."""
    found = assessment.contributions
    told = {}
    for k, level in enumerate(found["level"].values):
        values = found.values[k]
        total = float(values.sum())
        if total > 0.0:
            told[str(level)] = {
                (str(origin), str(trigger)): float(values[i, j]) / total
                for i, origin in enumerate(found["origin"].values) for j, trigger in enumerate(found["trigger"].values)
            }  # fmt: skip
    return told


def _ways(shares: dict[tuple[str, str], float], named: list[str]) -> list[list[Any]]:
    """(key, share, share as text) in the order of the legend; whatever is small or not named stands last, together."""
    told = {f"{origin}|{trigger}": share for (origin, trigger), share in shares.items()}
    found: list[list[Any]] = [[key, told[key], figure(told[key])] for key in named if told.get(key, 0.0) >= SMALL]
    rest = 1.0 - sum(each[1] for each in found) if shares else 0.0
    return [*found, *([[OTHER, rest, figure(rest)]] if rest >= LEAST else [])]


def _labels(assessment: Assessment) -> list[dict[str, str]]:
    """Pathways that the picture tells apart, most common first, and what is left."""
    total: dict[tuple[str, str], float] = {}
    for ways in _shares(assessment).values():
        for key, share in ways.items():
            if share >= SMALL:
                total[key] = total.get(key, 0.0) + share
    found = [
        {"key": f"{origin}|{trigger}", "label": plain(origin) if origin == trigger else f"{plain(origin)}, then {plain(trigger)}"}
        for origin, trigger in sorted(total, key=lambda key: -total[key])[:MOST]
    ]
    return [*found, {"key": OTHER, "label": "other ways"}] if found else []
