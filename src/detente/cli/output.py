"""From a finished assessment to standard output: its page, or its result as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.cli.doubts import Searched, Traced
from detente.cli.options import path_text
from detente.cli.page import page
from detente.cli.sheet import Influence, Narrowed, Past, Sheet
from detente.report.wording import years

if TYPE_CHECKING:
    from detente.ensemble import Assessment
    from detente.ensemble.doubts import Several
    from detente.insight import Comparison

# What the JSON tells of each structure.
READ = ("digest", "result_digest", "converged", "reach", "touch", "onward", "given", "next")
MOST_NARROWED = 3
SAYS_NOTHING = 0.1  # of the variance of a quantity
WAYS = {
    "anderson": "by accelerated iteration",
    "newton": "by Newton's method",
    "continuation": "by continuation",
    "unsettled": "not settled",
}


def deliver(
    assessment: Assessment,
    *,
    as_json: bool,
    folder: Path | None,
    compared: Comparison | None = None,
    readings: Mapping[str, Assessment] | None = None,
    several: Several | None = None,
    quiet: bool = False,
) -> None:
    """Print an assessment.

    Parameters
    ----------
    as_json : bool
        Print `result.json` instead of the page.
    folder : Path, optional
        Where the run is kept.
    compared : Comparison, optional
        Of this assessment with the one without its policy; it stands above the page, or in the JSON as `policy`.
    readings : mapping, optional
        `{structure: assessment}`, to stand beside; in the JSON as `structures`.
    several : Several, optional
        What a search for further equilibria found; in the JSON as `equilibria`.
    quiet : bool
        Without a progress bar.
    """
    if as_json:
        from detente.ensemble.folder import to_json

        more: dict[str, Any] = {"policy": compared.plain()} if compared is not None else {}
        more |= {"structures": {name: {key: read.result[key] for key in READ} for name, read in readings.items()}} if readings else {}
        more |= {"equilibria": asdict(several)} if several is not None else {}
        print(to_json({**assessment.result, **more}), end="")
        return
    from detente.cli.policy import side_by_side
    from detente.cli.printing import show, width
    from detente.cli.progress import Bar

    with Bar(not quiet) as bar:
        bar(0, 0, "tracing")
        sheet = sheet_of(assessment, folder, readings, several)
    above = side_by_side(compared, sheet, width()) if compared is not None else []
    show([*above, *page(sheet, date.today(), width())])


def sheet_of(
    assessment: Assessment, folder: Path | None = None, readings: Mapping[str, Assessment] | None = None, several: Several | None = None
) -> Sheet:
    """What the page of an assessment shows; arguments as those of `deliver`."""
    from detente.ladder import Names

    scenario = assessment.model.scenario
    names = Names(assessment.model.plan.ladder)
    grouped = {rung: group for group, members in names.groups.items() for rung in members}
    aside: dict[str, None] = {}
    for rung in names.labels:
        if names.level(rung) is None:
            aside |= {grouped[rung]: None, rung: None} if rung in grouped else {rung: None}
    return Sheet(
        title=assessment.title,
        scenario=str(assessment.about["scenario"]),
        as_of=assessment.as_of,
        horizon_years=assessment.horizon_years,
        draws=assessment.draws,
        seed=assessment.seed,
        seconds=assessment.seconds,
        levels=names.levels[1:],
        aside=tuple(aside),
        groups=names.groups,
        reach=assessment.result["reach"],
        onward=assessment.result["onward"],
        influence=tuple(
            Influence(scenario.quantities[name].title, scenario.quantities[name].evidence, found) for name, found in assessment.influence()
        ),
        converged=assessment.converged,
        settled={WAYS[name]: count for name, count in assessment.status_counts.items()},
        monte_carlo_error=assessment.monte_carlo_error,
        digest=assessment.digest,
        shipped=is_shipped(assessment),
        edits=assessment.edits,
        quantities=len(scenario.quantities),
        hindsight=len(assessment.hindsight),
        folder=path_text(folder) if folder is not None else None,
        past=past_of(assessment),
        imputed=imputed_of(assessment),
        passed=tuple((item.title, item.from_.day) for item in assessment.model.passed.values()),
        **doubts_of(assessment, readings or {}, several),
    )


def imputed_of(assessment: Assessment) -> tuple[int, int] | None:
    """Allies that choose, and those among them whose support nobody asked."""
    portfolio = assessment.model.portfolio
    return (len(portfolio.choosing), len(portfolio.imputed)) if portfolio is not None and portfolio.imputed else None


def doubts_of(assessment: Assessment, readings: Mapping[str, Assessment], several: Several | None) -> dict[str, Any]:
    """What the page says of how far results hang on structure and on the equilibrium that was taken."""
    from detente.ensemble.doubts import retrace

    traced = retrace(assessment)
    told: dict[str, Any] = {"traced": Traced(int(traced.followed.sum()), len(traced.elsewhere), traced.interval())}
    if readings:
        titles = {name: assessment.model.scenario.structures[name].title for name in readings}
        told["readings"] = {
            title: {name: summary["mean"] for name, summary in read.result["reach"].items()}
            for title, read in [("As written", assessment), *((titles[name], read) for name, read in readings.items())]
        }
    if several is not None:
        told["searched"] = Searched(several.draws, several.starts, several.share, several.interval, several.reach)
    return told


def past_of(assessment: Assessment) -> Past | None:
    """What the page says of history."""
    told = assessment.history
    if told is None:
        return None
    items: list[str] = []
    left_out: list[str] = []
    for item in told["items"].values():
        among = f"of {item['trials']:,}" if "trials" in item else f"in {years(item['exposure'])}"
        stated = f"{item['title']}: {item['count']:,} {among}"
        (items if item["conditions"] else left_out).append(stated if item["conditions"] else f"{stated} ({item['why']})")
    quantities = assessment.model.scenario.quantities
    known = {name: found for name, found in told["quantities"].items() if found["contraction"] is not None}
    telling = sorted((name for name in known if known[name]["contraction"] >= SAYS_NOTHING), key=lambda name: -known[name]["contraction"])
    narrowed = [
        Narrowed(quantities[name].title, spread_of(known[name]["prior"]), spread_of(known[name]["posterior"]), known[name]["contraction"])
        for name in telling[:MOST_NARROWED]
    ]
    before = {name: summary["mean"] for measure in ("reach", "onward") for name, summary in told["prior"][measure].items()}
    return Past(
        tuple(items), tuple(left_out), told.get("probability", 1.0), told["effective_draws"], told["method"] == "sequential",
        before, tuple(narrowed), len(known) - len(telling),
    )  # fmt: skip


def spread_of(summary: Mapping[str, float]) -> tuple[float, float, float]:
    """Central 90 % and median of a quantity."""
    return summary["p05"], summary["p50"], summary["p95"]


def is_shipped(assessment: Assessment) -> bool:
    """Whether the scenario, before options, is the shipped one of its name: a file of the same name may say something else."""
    from detente.scenario.files import locate, read_merged, shipped
    from detente.scenario.policies import SECTIONS

    name, model = str(assessment.about["scenario"]), assessment.model
    if name not in shipped():
        return False
    own = read_merged(locate(name)).data
    # What a file of policies adds is in force or idle; it replaces nothing.
    added = {} if model.policy is None else {
        part: {key: item for key, item in model.document.data.get(part, {}).items() if key in own.get(part, {})} for part in SECTIONS
    }  # fmt: skip
    return bool(own == {key: value for key, value in {**model.document.data, **added}.items() if value or key in own})
