"""The pages of `detente claims`: all claims in one table, or one claim with everything that speaks for and against it. The verdict stands before the quote."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from detente.cli.columns import fitted
from detente.cli.page import LIMITS, Line, wrap
from detente.insight.answers import Share, ask
from detente.insight.equilibria import TITLES
from detente.insight.estimative import STANDARDS, standard
from detente.insight.judgement import Judged, Judgement, Told
from detente.insight.judging import FEW, VARIED, asserted
from detente.insight.needs import THRESHOLD, Needs, what_it_needs
from detente.insight.structures import AS_WRITTEN
from detente.report.wording import day, percent, span, years

if TYPE_CHECKING:
    from detente.insight.answers import Answer
    from detente.insight.claims import Assertion, Claim
    from detente.insight.estimative import Band

NO_VERDICT = "no verdict"
MEANING = (
    "Verdicts are under this model: `supported` where a claim holds in at least 90 % of the draws in every reading and structure, `not supported` where it"
    " holds in at most 10 % in all; `depends on the model` where structures disagree, `depends` otherwise; `borderline` where more draws could tell. Facts are"
    " judged by the record alone. Share: of the strict reading, as the scenario is written."
)


def page(found: Judgement, width: int) -> list[Line]:
    """All claims."""
    rows: list[tuple[str, ...]] = [("", "verdict", "share", "claim")]
    rows += [(each.name, each.verdict or NO_VERDICT, _share(each), each.claim.text) for each in found.judged]
    lines = [*_head(found, width), Line(""), *_table(rows, "<<><", width)]
    file = found.claims.file
    for name, joint in file.joint.items():
        lines += [Line(""), *wrap(f"{name}: {joint.title}. `--show {joint.claims[0]}` has its figures.", width)]
    named = f"The speakers named no standard for their words; they are read by {standard(file.standard).title}. {standard(file.standard).note}"
    return [*lines, Line(""), *wrap(f"{MEANING} {named}", width, "note"), *wrap(LIMITS, width, "note")]


def one(found: Judgement, name: str, width: int, threads: int | None = None) -> list[Line]:
    """One claim."""
    judged = found[name]
    claim, file = judged.claim, found.claims.file
    speaker = file.speakers[claim.speaker]
    lines = [*_head(found, width), Line("")]
    lines += wrap(f"{name}: {judged.verdict or NO_VERDICT}{'' if claim.by_record or not claim.readings else ', under this model'}", width, "title")
    lines += [*wrap(f"“{claim.text}”", width), *wrap(_whence(claim, speaker.title), width), *wrap(judged.reason, width)]
    for key, told in judged.told.items():
        reading = claim.readings[key]
        lines += [Line(""), *wrap(f"{key.capitalize()} reading: {reading.why}", width, "title")]
        lines += wrap(f"{reading.measure.text}: {_asserts(reading.asserts, found.claims.band(name, key), file.standard)}", width)
        lines += wrap(_found(told, claim), width)
        if not claim.by_record and told.shares:
            structures = found.beside.assessment.model.scenario.structures
            titles = {AS_WRITTEN: "As written", **TITLES, **{each: item.title for each, item in structures.items()}}
            lines += _table([("holds in", "share", "95 %"), *_shares(told.shares, titles)], "<>>", width)
            lines += wrap(_varied(reading.asserts, told.answer), width)
            needs = what_it_needs(found.beside, told, reading.asserts, found.claims.band(name, key), threads)
            lines += [line for text in _needs(needs) for line in wrap(text, width)]
    if claim.later:
        lines += [Line(""), *wrap(f"Later: {claim.later}", width)]
    lines += _joint(found, name, width)
    lines += _facts(found, claim.facts, width)
    graded = f"The speaker is graded {speaker.reliability}{speaker.credibility} by {speaker.graded_by}, apart from the claim: {speaker.why}"
    return [*lines, Line(""), *wrap(graded, width, "note"), *wrap(LIMITS, width, "note")]


def _head(found: Judgement, width: int) -> list[Line]:
    a = found.beside.assessment
    state = "; ".join(a.edits) or "as written"
    asked = f"{a.about['scenario']}, {state}, as seen on {day(a.as_of)}, over {years(a.horizon_years)}"
    few, all_ = min(FEW, found.beside.draws), found.beside.draws
    asked_of = f"{few:,} of them in each structure" + (f", or {all_:,} where these leave a share near an edge open" if all_ > few else "")
    draws = f"{a.draws:,} draws, {asked_of}; digest {a.digest.removeprefix('sha256:')[:12]}"
    return [*wrap(found.claims.file.title, width, "title"), *wrap(f"{asked}: {draws}.", width)]


def _table(rows: list[tuple[str, ...]], align: str, width: int) -> list[Line]:
    return [Line(line, "head" if place == 0 else "row") for place, each in enumerate(fitted(rows, align, width)) for line in each]


def _share(judged: Judged) -> str:
    told = judged.told[judged.headline] if judged.headline is not None else None
    return percent(told.share.value) if told is not None and told.share is not None and not judged.claim.by_record else ""


def _whence(claim: Claim, speaker: str) -> str:
    origin = claim.provenance
    text = f"{speaker}, {day(claim.said.day)}; {claim.kind}."
    if origin is None:
        return text
    first = f", first published {origin.original}" if origin.original is not None else ""
    return f"{text} {origin.wording.capitalize()}{first}. {origin.why}".strip()


def _asserts(asserts: Assertion, band: Band | None, scale: str) -> str:
    """What is asserted, in words."""
    if band is not None:
        low, high = 100 * band.low, 100 * band.high
        told = {"at least": f"at least {low:g} %", "at most": f"at most {high:g} %", "between": f"{low:g} to {high:g} %"}[band.asserts]
        return f"“{asserts.word}” asserts {told} ({STANDARDS[scale].title}; its band is {low:g} to {high:g} %)."
    if asserts.direction is not None:
        least = asserts.least_effect
        return f"asserts {least:g} times or more." if asserts.direction == "up" else f"asserts a fall to {100 / least:.3g} % or less."
    limits = (("at least", asserts.at_least), ("at most", asserts.at_most), ("above", asserts.above), ("below", asserts.below))
    return "asserts " + " and ".join(f"{word} {value:g}" for word, value in limits if value is not None) + "."


def _found(told: Told, claim: Claim) -> str:
    """What was found, in a sentence or two."""
    answer = told.answer
    silent = [name for name, value in told.record.items() if value is None]
    if answer.predictive is None:
        return f"Not defined: the record had no {', '.join(silent)} by then." if silent else "Not defined in any draw: its condition cannot be."
    if claim.by_record:
        readings = ", ".join(f"{name} {value:.6g}" for name, value in told.record.items() if value is not None)
        return f"The record: {readings}. The reading {told.band}: {answer.predictive:.4g}."
    undefined = f" It is not defined in {percent(answer.undefined)} of draws, which are left out." if answer.undefined > 0 else ""
    place = {"gap": "in a gap beside the band", "in": "in the band", "below": "below the band", "above": "above the band"}.get(told.band or "", told.band)
    figures = [f"{value:.3g}" if told.band in ("up", "down", "negligible") else percent(value) for value in (answer.predictive, *answer.ranges)]
    return f"Predictive {figures[0]}, {place}; median {figures[2]}, 90 % of draws {figures[1]} to {figures[3]}.{undefined}"


def _shares(shares: Mapping[str, Share], titles: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    for name, share in shares.items():
        yield titles[name], percent(share.value), span(share.low, share.high)


def _varied(asserts: Assertion, answer: Answer) -> str:
    """How a direction fares with other least effects."""
    if asserts.direction is None:
        return ""
    told = []
    for least in VARIED:
        share = answer.share(asserted(asserts.model_copy(update={"degree": None, "least": least}), None, answer))
        told.append(f"{least:g} times {percent(share.value)}" if share is not None else "")
    return f"As written, with other least effects: {', '.join(told)}."


def _needs(needs: Needs) -> Iterator[str]:
    if not needs.needs:
        yield f"What it would need: {needs.why}."
        return
    best = max(needs.needs, key=lambda need: need.box.density)
    opening = "It would need" if best.box.density >= THRESHOLD else "It comes nearest with"
    yield f"{opening}: {best.words}. The priors give that {percent(best.box.probability)}."
    yield f"It then holds in {percent(best.box.density)} of draws, which are {percent(best.box.coverage)} of those in which it holds."
    for limit in best.limits:
        yield f"  {limit.title}: {limit.words} in {percent(limit.share)} of draws."


def _joint(found: Judgement, name: str, width: int) -> list[Line]:
    """Claims that are held at once with this one."""
    lines: list[Line] = []
    for key, joint in found.claims.file.joint.items():
        if name in joint.claims:
            lines += [Line(""), *wrap(f"{key}, together: {joint.title}. {joint.why}", width, "title")]
            rows: list[tuple[str, ...]] = [("", "predictive", "90 % of draws")]
            for label, measure in joint.measures.items():
                answer = ask(found.beside, measure)
                ranges = "" if measure.tests or answer.p05 is None else f"{answer.p05:.3g} to {answer.p95:.3g}"
                told = "not defined" if answer.predictive is None else percent(answer.predictive) if measure.tests else f"{answer.predictive:.3g}"
                rows.append((label, told, ranges))
            lines += _table(rows, "<>>", width)
    return lines


def _facts(found: Judgement, names: tuple[str, ...], width: int) -> list[Line]:
    """Facts of the record, with their grade and sources."""
    if found.record is None or not names:
        return []
    lines = [Line(""), Line("Facts", "title")]
    for name in names:
        fact = found.record.facts[name]
        text = getattr(fact, "text", "") or fact.title or fact.note
        value = getattr(fact, "value", None)
        figure = f"{value:g} {getattr(fact, 'unit', '')}".strip() if isinstance(value, int | float) else ""
        since = f"from {fact.from_}" if fact.from_ is not None else ""
        sources = ", ".join(fact.source)
        lines += wrap(f"{name}: {'; '.join(part for part in (text, figure, since, fact.evidence, sources) if part)}.", width)
    return lines
