"""Whether claims can be asked of an assessment and its record: everything in a file that these do not have, at its place.

Refused: files about other scenarios or for another digest, names and units that do not fit, and facts, texts and acts that the record does not have.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from detente.document import Document
from detente.errors import InvalidInput, Problem
from detente.insight import equilibria
from detente.insight.claims import Ask, Claims, unknown
from detente.insight.questions import Known
from detente.insight.record_readings import acts
from detente.record import Record


def check_claims(claims: Claims, known: Known, record: Record | None, scenario: str, digest: str) -> None:
    """Whether claims can be asked of an assessment.

    Parameters
    ----------
    scenario, digest : str
        Of the assessment.

    Raises
    ------
    InvalidInput
        With every problem at once.
    """
    file, document = claims.file, claims.document
    problems = []
    if scenario not in file.scenarios:
        what = f"its claims are about {', '.join(file.scenarios)}, not about {scenario!r}"
        remedy = f"assess {file.scenarios[0]}, or write them anew"
        problems.append(Problem(document.where(("scenarios",)), what, "measures could mean something else there", remedy))
    elif file.digest is not None and file.digest != digest:
        why = f"the digest of {scenario} as assessed is {digest}"
        remedy = "see whether its measures still mean what the claims take them for, then write this digest here"
        problems.append(Problem(document.where(("digest",)), f"{scenario!r} is not the one that these claims were written for", why, remedy))
    if not problems:
        problems = [*_fits(claims, known, record)]
    if problems:
        raise InvalidInput(problems)


def _fits(claims: Claims, known: Known, record: Record | None) -> Iterator[Problem]:
    document = claims.document
    for index, name in enumerate(claims.file.structures or ()):
        if name not in (*known.structures, equilibria.NAME):
            yield unknown(document.where(("structures", index)), name, "structure of the scenario", (*known.structures, equilibria.NAME))
    for name, claim in claims.file.claims.items():
        units = {}
        for key, ask in claim.record.items():
            path = ("claims", name, "record", key)
            yield from _record(ask, document, path, record)
            units[key] = _unit(ask, record)
        for key, reading in claim.readings.items():
            yield from reading.measure.problems(known, document.where(("claims", name, "readings", key, "measure")), units)
        for index, fact in enumerate(claim.facts):
            if record is not None and fact not in record.facts:
                yield unknown(document.where(("claims", name, "facts", index)), fact, "fact of the record", record.facts)
    for name, speaker in claims.file.speakers.items():
        for index, fact in enumerate(speaker.facts):
            if record is not None and fact not in record.facts:
                yield unknown(document.where(("speakers", name, "facts", index)), fact, "fact of the record", record.facts)
    for name, joint in claims.file.joint.items():
        for key, measure in joint.measures.items():
            yield from measure.problems(known, document.where(("joint", name, "measures", key)))


def _record(ask: Ask, document: Document, path: tuple[Any, ...], record: Record | None) -> Iterator[Problem]:
    """What a reading of the record asks for that is not there."""
    if record is None:
        yield Problem(document.where(path), "the scenario has no record to ask", "", "name one in `record:` of this file")
    elif ask.query is not None:
        yield from (replace(problem, where=document.where((*path, "query"))) for problem in record.problems(ask.query))
    elif ask.fact is not None:
        fact = record.facts.get(ask.fact)
        if fact is None:
            yield unknown(document.where((*path, "fact")), ask.fact, "fact of the record", record.facts)
        elif ask.states is not None and ask.states not in type(fact).model_fields:
            yield unknown(document.where((*path, "states")), ask.states, f"text of a {fact.kind}", type(fact).model_fields)
    elif ask.treaty is not None:
        treaty = record.treaties.get(ask.treaty)
        if treaty is None:
            yield unknown(document.where((*path, "treaty")), ask.treaty, "treaty of the record", record.treaties)
        elif ask.by is not None and ask.by not in treaty.parties:
            yield unknown(document.where((*path, "by")), ask.by, f"party to {ask.treaty}", treaty.parties)
        elif not acts(treaty.events, ask):
            what = f"{ask.treaty} has no act {ask.event!r}" + (f" by {ask.by}" if ask.by else "")
            yield Problem(document.where((*path, "event")), what, "", f"use one of {', '.join(sorted({event.event for event in treaty.events}))}")


def _unit(ask: Ask, record: Record | None) -> str:
    units = record.units(ask.query) if record is not None and ask.query is not None else ("1",)
    return units[0] if units else "1"
