"""Everything that a report says, as plain data: what was asked, and its panels in order.

`format` is `detente/report/1`. Panels that have nothing to say are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from detente.ensemble import Assessment, replay
from detente.errors import InvalidInput, Problem
from detente.insight import Comparison
from detente.insight.estimative import DEFAULT
from detente.insight.judgement import Judgement
from detente.insight.moved import Sensitivity
from detente.insight.promises import Promises
from detente.report.alliance import alliance_panel
from detente.report.borders import Borders
from detente.report.brief import brief_panel
from detente.report.claims import claims_panel
from detente.report.ladder import ladder_panel
from detente.report.limits import LIMITS, assumptions_panel, limits_panel
from detente.report.map import known_forces, map_panel
from detente.report.movers import movers_panel
from detente.report.names import Called
from detente.report.past import past_panel
from detente.report.policies import policies_panel
from detente.report.record import record_panels
from detente.report.response import Response
from detente.report.rungs import nearest_to_medians, rungs_panel, story_panel
from detente.report.shares import shares_panel
from detente.report.tables import Panel, Part, Table
from detente.report.whatif import whatif_panel
from detente.report.when import when_panel
from detente.report.wording import day, years

FORMAT = "detente/report/1"


def payload(
    assessment: Assessment,
    *,
    words: str = DEFAULT,
    compared: Sequence[Comparison] = (),
    response: Response | None = None,
    judged: Judgement | None = None,
    moved: Sensitivity | None = None,
    promises: Promises | str | None = None,
    borders: Borders | None = None,
) -> dict[str, Any]:
    """What the report of an assessment says.

    Parameters
    ----------
    words : str, optional
        Standard of estimative words: `phia`, `icd203` or `kent`.
    compared : sequence of Comparison, optional
        Policies to stand side by side (`detente.insight.compare`).
    response : Response, optional
        What sliders answer from (`detente.report.respond`).
    judged : Judgement, optional
        Published claims (`detente.insight.judge_claims`).
    moved : Sensitivity, optional
        Shares of variance of this assessment (`detente.insight.sensitivity`).
    promises : Promises or str, optional
        How the scenario's alliance responds, or why nobody can tell (`detente.report.promised`).
    borders : Borders, optional
        A map of one's own (`detente.report.borders.own_borders`) in place of the shipped one.

    Raises
    ------
    InvalidInput
        For an unknown standard, and for borders where there are no forces to put on them.

    Examples
    --------
    >>> import detente
    >>> told = payload(detente.assess("first-steps", draws=64))
    >>> told["format"], [panel["name"] for panel in told["panels"]][:2]
    ('detente/report/1', ['brief', 'ladder'])
    """
    called = Called(assessment)
    forces = known_forces(assessment)
    if borders is not None and forces is None:
        raise InvalidInput(Problem("borders", "the scenario has no record of forces", "there is nothing to put on a map", "leave it out"))
    example = replay(assessment, nearest_to_medians(assessment, called))
    panels = [
        brief_panel(assessment, called, words),
        ladder_panel(assessment, called),
        when_panel(assessment, called),
        movers_panel(assessment, called, moved),
        shares_panel(moved, called),
        whatif_panel(assessment, called, response),
        past_panel(assessment, called),
        policies_panel(compared, called),
        claims_panel(judged),
        alliance_panel(promises, called),
        map_panel(assessment, called, forces, borders),
        *record_panels(assessment, called, forces.sources if forces is not None else {}),
        rungs_panel(assessment, called, example),
        story_panel(assessment, called, example),
        assumptions_panel(assessment),
        limits_panel(),
    ]
    return {"format": FORMAT, "question": question(assessment), "panels": [_plain(panel) for panel in panels if panel is not None], "limits": LIMITS[0]}


def _plain(part: Panel | Part | Table) -> dict[str, Any]:
    """As plain data. `dataclasses.asdict` says the same, and copies what nobody changes."""
    told = vars(part).copy()
    told |= {key: [_plain(each) for each in told[key]] for key in ("tables", "parts") if key in told}
    return told | ({"rows": [[vars(cell) for cell in row] for row in part.rows]} if isinstance(part, Table) else {})


def question(assessment: Assessment) -> dict[str, Any]:
    """What was asked, of when, by which version."""
    edits = assessment.edits
    return {
        "title": assessment.title,
        "scenario": str(assessment.about["scenario"]),
        "seen": f"As seen on {day(assessment.as_of)}, {years(assessment.horizon_years)} ahead",
        "draws": f"{assessment.draws:,} draws, seed {assessment.seed}",
        "edits": f"Edited ({len(edits)} change{'' if len(edits) == 1 else 's'}): {'; '.join(edits)}" if edits else "As the scenario is written",
        "digest": assessment.digest,
        "result_digest": assessment.result_digest,
        "version": str(assessment.about["version"]),
    }
