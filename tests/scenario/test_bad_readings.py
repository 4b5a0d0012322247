"""Wrong questions to a record, and wrong records: told at the driver, or at the fact."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.scenario.edits import DISCOUNT, FACTS, WITH_FACTS, Edits, case, lines, places, told

from detente.scenario import load

NOT_OBSERVED = "not observed; a driver cannot be guessed; choose a later as-of date, add a fact, or say in `otherwise` what stands in for it"
READING = [
    case("unknown treaty", ("treaty: pact,", "treaty: «pakt,"), says="'pakt' is no treaty of the record; did you mean 'pact'?"),
    case("unknown party", ("party: defender", "party: «defendor"), says="'defendor' is no party to pact; did you mean 'defender'?"),
    case("unknown series", ("{series: flights}", "{series: «sailings}"), says="'sailings' is no series of any incident_count in the record; there is flights"),
    case("unknown value in a list", ("host: [district]", "host: [district, «distrikt]"), says="'distrikt' is no host of any deployment in the record; did you mean 'district'?"),
    case("unknown key of a question", ("{side: nato, host", "{«sied: nato, host"), says="deployment facts are not told apart by 'sied'; did you mean 'side'?"),
    case("unknown kind", ("kind: incident_count", "kind: «incidents"),
         says="'incidents' is not known here; it is one of deployment, capability, poll, incident_count, incident, crisis, doctrine; did you mean 'incident'?"),
    case("unknown figure", ("take: total", "take: total, field: «hihg"), says="deployment facts have no figure 'hihg'; did you mean 'high'?"),
    case("total of a treaty", ("take: in_force", "take: «total"), says="`take: total` does not fit a treaty; use in_force or status"),
    case("status for a number", ("take: in_force", "take: «status"), says="a driver is a number, and a status is a word; take in_force, which is 1 or 0"),
    case("mean without years", ("take: mean, years: [2019, 2020]", "take: «mean"), says="a mean needs `years`; add `years: [first, last]`"),
    case("years that run backwards", ("years: [2019, 2020]", "years: «[2020, 2019]"), says="the years run backwards; swap them"),
    case("years that nobody counted", ("  flights: {title", "  «flights: {title"), ("years: [2019, 2020]", "years: [2019, 2021]"),
         says=f"the record has no figure for 2021 as known on 2026-01-01: {NOT_OBSERVED}"),
    case("unit that does not fit", ("unit: troops, read", "unit: «1/year, read"),
         says="the driver is in 1/year, what it reads in troops; one cannot be converted to the other; write `unit: troops`"),
    case("read and computed", ("density: {", "density: «{"), ("formula: garrison / 900", "formula: garrison / 900, read: {treaty: pact, take: in_force}"),
         says="a driver has both `read` and `formula`; drop one"),
    case("neither read nor computed", ("density: {", "density: «{"), (", formula: garrison / 900", ""),
         says="a driver has neither `read` nor `formula`; add one: it is read off the record, or computed"),
    case("otherwise for what is not read", ("density: {", "density: «{"), ("formula: garrison / 900", "formula: garrison / 900, otherwise: 1"),
         says="`otherwise` is for a driver that is read; write `formula` instead"),
    case("otherwise in another unit", ("{side: nato, host: [district]}, take: total}", "{side: nato, host: [district]}, take: total}, otherwise: «incident_rate"),
         says="`incident_rate` comes out as 1/year; a pure number is needed here; multiply by a time"),
    case("driver of itself", ("  density: {", "  «density: {"), ("garrison / 900", "density + garrison / 900"),
         says="driver 'density' is computed from itself; density <- density; break the circle"),
    case("one name for two things", ("  density: {", "  «war_cost: {"), says="'war_cost' is declared under quantities too; a formula could mean either; rename one"),
    case("record misspelt", ("record: facts.yaml", "«recrod: facts.yaml"), says="unknown key 'recrod'; did you mean 'record'?"),
    case("contingency of no driver", ("driver: pact,", "driver: «pakt,"), says="'pakt' is no driver; did you mean 'pact'?"),
    case("contingency that ends before it starts", ("from: 2028,", "from: 2028, until: «2027,"), says="it ends before it starts; swap the dates"),
    case("chance with a unit", ("chance: 0.5", "chance: «incident_rate"), says="`incident_rate` comes out as 1/year; a pure number is needed here; multiply by a time"),
    case("unknown switch", ("rate: incident_rate,", "when: «not sabre, rate: incident_rate,"), says="'sabre' is no switch; did you mean 'sabres'?"),
    case("unknown state", ("{from: good, to: bad", "{from: good, to: «bda"), says="'bda' is no state of harvest; did you mean 'bad'?"),
    case("state that never is", ("good: Good, bad", "good: Good, «fair: Fair, bad"),
         says="no move leads to the state 'fair', and harvest does not start in it; it can never be; add a move to it, or remove it"),
    case("state in a number for all states", (DISCOUNT, DISCOUNT.replace("log(2) / half_life", "«log(2) / half_life * (1 + harvest_bad)")),
         says="'harvest_bad' is the state of the background; rates, payoffs and stakes may depend on it; this is one number for all its states; let a rate, payoff or stake depend on it instead"),
    case("day before the record", ("as_of: 2026-01-01", "«as_of: 2009-12-31"),
         says="the record says nothing as of 2009-12-31; it covers 2010-01-01 to 2026-12-31; choose an as-of date within, or extend the record"),
    case("day before a fact was known", ("  garrison: {", "  «garrison: {"), ("as_of: 2026-01-01", "as_of: 2020-05-31"),
         says=f"the record has no value on 2020-05-31 as known on 2020-05-31: {NOT_OBSERVED}"),
]  # fmt: skip


@pytest.mark.parametrize(("edits", "says"), READING)
def test_what_is_asked_of_the_record_is_told_at_the_driver(edits: Edits, says: list[str], tmp_path: Path) -> None:
    text, marks, _ = places(WITH_FACTS, *edits)
    assert told(tmp_path, text, FACTS) == lines(marks, says)


def test_the_files_that_are_edited_are_sound(tmp_path: Path) -> None:
    (tmp_path / "facts.yaml").write_text(FACTS, encoding="utf-8")
    (tmp_path / "border.yaml").write_text(WITH_FACTS, encoding="utf-8")
    model = load(tmp_path / "border.yaml")
    assert {name: readings[0].value for name, readings in model.timeline.readings.items()} == {"garrison": 900.0, "flights": 11.0, "pact": 1.0}


RECORD = [
    case("known before its source", ("known: 2020-06", "known: «2020-04"),
         says="it is known on 2020-04, but its source appeared on 2020-05-04; nobody could have read it before; name an earlier source, or mend the date"),
    case("ends before it starts", ("from: 2020,", "from: 2020, until: «2019,"), says="it ends (2019) before it starts (2020); swap the dates"),
    case("no source", ("source: survey, evidence: verified", "evidence: «verified"), says="a verified fact has no source; name one, or grade it memory"),
    case("unknown source", ("source: survey", "source: «surwey"), says="'surwey' is no source of this record; did you mean 'survey'?"),
    case("several at once", ("value: 900", "value: «many"), ("{2019: 10, 2020: 12}, unit: 1/year, source: gazette", "{2019: 10, 2020: 12}, unit: 1/year, source: «gazete"), ("event: in_force", "event: «inforce"),
         says=["here stands the text 'many', not a number or {absent: not observed}; write a number or {absent: not observed}", "'gazete' is no source of this record; did you mean 'gazette'?",
               "'inforce' is not known here; it is one of signed, ratified, provisional, adopted, in_force, extended, resumed, suspended, notice, withdrawn, expired, revoked_ratification, "
               "non_compliance_finding, offer, announced, review, data; did you mean 'in_force'?"]),
]  # fmt: skip


@pytest.mark.parametrize(("edits", "says"), RECORD)
def test_a_mistake_in_the_record_is_told_with_those_of_the_scenario(edits: Edits, says: list[str], tmp_path: Path) -> None:
    """What is asked of a record that is not sound is not told."""
    facts, marks, _ = places(FACTS, *edits, file="facts.yaml")
    text, own, _ = places(WITH_FACTS, ("rate: incident_rate,", "rate: «incident_rat,"))
    misspelt = "'incident_rat' in `incident_rat` is no quantity, driver or switch; did you mean 'incident_rate'?"
    assert told(tmp_path, text, facts) == lines([*own, *marks], [misspelt, *says])
