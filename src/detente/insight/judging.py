"""Judge claims: what an assessment and its record say of each, in every reading and structure, and the verdict that follows.

Nothing here looks at who said it: the grade of a speaker is shown and moves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detente.ensemble import Assessment, assess
from detente.ensemble.folder import is_run
from detente.ensemble.run import make_model
from detente.ensemble.work import Progress
from detente.errors import InvalidInput, Problem
from detente.insight import equilibria
from detente.insight.answers import Answer, Share, ask
from detente.insight.beside import DRAWS, Beside, beside_of
from detente.insight.claims import Assertion, Claims, load_claims, shipped_for
from detente.insight.claims_fit import check_claims
from detente.insight.estimative import Band, standard
from detente.insight.judgement import Judged, Judgement, Told
from detente.insight.measures import Measure
from detente.insight.questions import Known, wanted_of
from detente.insight.record_readings import read_record, whole_record
from detente.insight.structures import AS_WRITTEN
from detente.insight.verdicts import Verdict, is_clear, record_verdict, verdict
from detente.record import Record
from detente.scenario import Model
from detente.scenario.checking import no_such

FEW = 256  # draws of a structure that are asked first: judgement
VARIED = (1.1, 1.5, 2.0, 3.0)  # least effects that are shown beside that of a direction
Bools = NDArray[np.bool_]


def judge_claims(
    source: str | Path | Model | Assessment,
    file: str | Path | None = None,
    *,
    names: tuple[str, ...] | None = None,
    beside: int = DRAWS,
    as_of: date | str | None = None,
    draws: int = 16_384,
    seed: int = 1,
    horizon_years: float | None = None,
    switches: Mapping[str, bool] | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Judgement:
    """Judge the claims of a file by a scenario and its record.

    Parameters
    ----------
    source : str, Path, Model or Assessment
        A run folder or an assessment; a scenario is assessed first, with the options of `detente.assess`. What is assessed beside a run is kept in it.
    file : str or Path, optional
        The claims; those that come with the package where not given.
    names : tuple of str, optional
        Which of them.
    beside : int, optional
        Draws of each structure, policy and day that is assessed beside it; of two at once, half as many.

    Raises
    ------
    InvalidInput, ModelError
        As `detente.assess`, and for what `detente.insight.claims` refuses.

    Examples
    --------
    >>> from detente.insight import judge_claims
    >>> judge_claims("baltic-2021", names=("C04",), draws=64)["C04"].verdict
    'supported by the record'
    """
    folder = beside_of(source)
    if isinstance(source, str | Path) and is_run(Path(source)):
        source = Assessment.load(source)
    if isinstance(source, Assessment):
        claims = _claims(str(source.about["scenario"]), file, names)
    else:
        model = make_model(source, as_of, horizon_years, switches)
        claims = _claims(model.name, file, names)
        # Whether they fit is told by a single draw, before all of them are drawn.
        one = assess(model, draws=1, seed=seed, threads=threads)
        check_claims(claims, Known.of(one), whole_record(claims, one), model.name, one.digest)
        source = assess(model, draws=draws, seed=seed, threads=threads, progress=progress)
    record = whole_record(claims, source)
    measures = [reading.measure for claim in claims.file.claims.values() for reading in claim.readings.values()]
    measures += [measure for joint in claims.file.joint.values() for measure in joint.measures.values()]
    asked = wanted_of(question for measure in measures for question in measure.questions)
    others = Beside(source, folder=folder, draws=beside, asked=asked, threads=threads, progress=progress)
    others.check()
    return Judgement(claims, others, record, tuple(judge(claims, others, record, names)))


def _claims(scenario: str, file: str | Path | None, names: tuple[str, ...] | None) -> Claims:
    """The claims of a file, or those that come with the package."""
    path = Path(file) if file is not None else shipped_for(scenario)
    if path is None:
        what, remedy = f"no claims about {scenario!r} come with the package", "give a file of claims with --file"
        raise InvalidInput(Problem("source", what, "", remedy))
    claims = load_claims(path)
    wrong = [name for name in names or () if name not in claims.file.claims]
    if wrong:
        raise InvalidInput([no_such("--show", name, "claim", path.name, claims.file.claims, "it has none") for name in wrong])
    return claims


def judge(claims: Claims, beside: Beside, record: Record | None, names: tuple[str, ...] | None = None) -> list[Judged]:
    """Judge claims.

    Parameters
    ----------
    beside : Beside
        The assessment they are asked of.
    record : Record or None
        The whole record, of which a run keeps only a part.
    names : tuple of str, optional
        Which of them; all where not given.

    Raises
    ------
    InvalidInput
        With everything that the scenario and its record do not have.
    """
    a = beside.assessment
    check_claims(claims, beside.known, record, str(a.about["scenario"]), a.digest)
    return [_judge(claims, name, beside, record, a.as_of) for name in claims.file.claims if names is None or name in names]


def _judge(claims: Claims, name: str, beside: Beside, record: Record | None, as_of: date) -> Judged:
    claim = claims.file.claims[name]
    if claim.untestable is not None:
        return Judged(name, claim, claim.untestable, {}, claim.why)
    if claim.missing is not None:
        return Judged(name, claim, None, {}, f"No verdict yet: {claim.missing}")
    readings = {key: read_record(each, record, as_of) for key, each in claim.record.items()}
    asked = claims.file.structures if claims.file.structures is not None else (*beside.structures, equilibria.NAME)
    structures = (None,) if claim.by_record else (None, *asked)
    told = {key: _told(claims, name, key, beside, readings, structures) for key in claim.readings}
    if any(not each.shares for each in told.values()):
        silent = [key for key, value in readings.items() if value is None]
        nowhere = ", ".join(dict.fromkeys(name for each in told.values() for name in each.silent if name != AS_WRITTEN))
        why = f"what it is about cannot happen in any draw{f' as {nowhere} reads the scenario' if nowhere else ''}"
        why = f"the record had no {', '.join(silent)} by {as_of}" if silent else why
        return Judged(name, claim, None, told, f"No verdict: {why}. {claim.why}")
    if claim.by_record:
        holds = [bool(each.holds.all()) for each in told.values()]
        parts = "Its readings part: " + ", ".join(f"the {key} one {'holds' if each else 'does not'}" for key, each in zip(told, holds, strict=True)) + ". "
        return Judged(name, claim, record_verdict(holds), told, (parts if len(set(holds)) > 1 else "") + claim.why)
    found = verdict([each.shares for each in told.values()])
    return Judged(name, claim, found, told, f"{_because(found, told)} {claim.why}")


def _because(found: Verdict, told: Mapping[str, Told]) -> str:
    """What the verdict rests on, in a sentence."""
    spans = []
    for key, each in told.items():
        low, high = (f"{100 * edge(share.value for share in each.shares.values()):.2g}" for edge in (min, max))
        spans.append(f"the {key} reading in {low if low == high else f'{low} to {high}'} % of draws")
    opening = {"borderline": "More draws could make it another", "depends on the model": "Structures disagree"}.get(found, "Told by the draws")
    small = "; the change is below the least effect" if all(each.band == "negligible" for each in told.values()) else ""
    return f"{opening}: over {len(next(iter(told.values())).shares)} structures {' and '.join(spans)}{small}."


def _told(claims: Claims, name: str, key: str, beside: Beside, readings: Mapping[str, float | None], structures: tuple[str | None, ...]) -> Told:
    reading = claims.file.claims[name].readings[key]
    numbers = {each: float("nan") if value is None else value for each, value in readings.items()}
    band = claims.band(name, key)
    shares: dict[str, Share] = {}
    first: tuple[Answer, Bools] | None = None
    for structure in structures:
        if structure == equilibria.NAME:
            continue
        # Most shares are told by few draws; where these leave open on which side of an edge one lies, all are asked.
        for most in (None,) if structure is None else (FEW, None):
            answer = ask(beside, reading.measure, structure, numbers, most=most)
            holds = asserted(reading.asserts, band, answer)
            share = answer.share(holds)
            if share is None or is_clear(share):
                break
        first = first or (answer, holds)
        if share is not None:
            shares[structure or AS_WRITTEN] = share
    assert first is not None
    complete = len(shares) == sum(structure != equilibria.NAME for structure in structures)
    if complete and equilibria.NAME in structures:
        shares |= _by_equilibrium(beside, reading.measure, numbers, first[0], partial(asserted, reading.asserts, band), shares[AS_WRITTEN])
    used = {each: value for each, value in readings.items() if each in reading.measure.names}
    silent = tuple(structure or AS_WRITTEN for structure in structures if structure != equilibria.NAME and (structure or AS_WRITTEN) not in shares)
    stands = _stands(reading.asserts, band, first[0].predictive, claims.file.standard)
    return Told(*first, shares if complete else {}, stands, used, silent)


def _by_equilibrium(
    beside: Beside, measure: Measure, readings: Mapping[str, float], answer: Answer, holds: Callable[[Answer], Bools], share: Share
) -> Mapping[str, Share]:
    """Shares with other equilibria; more draws are searched where few leave open on which side of an edge one lies."""
    found: Mapping[str, Share] = {}
    for draws in (equilibria.SEARCHED, 4 * equilibria.SEARCHED):
        found = beside.equilibria(draws).shares(measure, readings, answer, holds, share) or {}
        # What is open as written stays open, however many draws are searched.
        if all(is_clear(each) for each in found.values()) or not is_clear(share):
            break
    return found


def asserted(asserts: Assertion, band: Band | None, answer: Answer) -> Bools:
    """In which draws the assertion holds."""
    x, least = answer.values, asserts.least_effect
    with np.errstate(invalid="ignore"):
        if band is not None:
            above = (x > band.low if band.above else x >= band.low) if band.asserts != "at most" else np.ones(len(x), dtype=bool)
            below = (x < band.high if band.under else x <= band.high) if band.asserts != "at least" else np.ones(len(x), dtype=bool)
            return np.asarray(above & below & answer.defined)
        if asserts.direction is not None:
            return np.asarray(x >= least if asserts.direction == "up" else x <= 1 / least)
        found = answer.defined
        for limit, holds in ((asserts.at_least, np.greater_equal), (asserts.at_most, np.less_equal), (asserts.above, np.greater), (asserts.below, np.less)):
            if limit is not None:
                found = found & holds(x, limit)
        return found


def _stands(asserts: Assertion, band: Band | None, predictive: float | None, scale: str) -> str | None:
    """Where the predictive value stands beside what is asserted."""
    if predictive is None:
        return None
    if band is not None and asserts.word is not None:
        return standard(scale).position(min(1.0, max(0.0, predictive)), asserts.word)
    if asserts.direction is not None:
        return "up" if predictive >= asserts.least_effect else "down" if predictive <= 1 / asserts.least_effect else "negligible"
    one = Answer(np.array([predictive]), np.ones(1), predictive, predictive, predictive, predictive, 0.0)
    return "holds" if asserted(asserts, None, one)[0] else "fails"
