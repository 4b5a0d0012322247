"""From a file to a model: what is written is kept, names are what they say, and nothing is known before its day."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.linalg import expm

from detente.document import Absence, Document, dump, first_day, parse
from detente.document.places import Place
from detente.ensemble import assess
from detente.ensemble.draws import draw
from detente.record import Reading, Record
from detente.scenario import evaluate, load, shipped
from detente.scenario.compile import Model

AS_OF = date(2021, 1, 29)


def write(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


HEAD = "format: detente/scenario/1\ntitle: Test\nas_of: 2026-01-01\nhorizon: 10\n"
SMALL = HEAD + """\
actors: {us: {title: We, discount: 0.1, precision: 1}}
rungs: {calm: {title: Calm}, crisis: {title: Crisis}, war: {title: War}}
moves:
  up: {from: calm, to: crisis, rate: 1}
  down: {from: crisis, to: calm, rate: 2}
  worse: {from: crisis, to: war, rate: 0.5}
  peace: {from: war, to: calm, rate: 0.25}
"""



@pytest.mark.parametrize("name", [name for name in shipped() if name != "baltic"])
def test_what_is_dumped_loads_as_the_same_model(name: str, tmp_path: Path) -> None:
    """Every value, source and order of the merged scenario survives; what it extends is in it."""
    model = load(name)
    text = dump(model.document.data)
    again = load(write(tmp_path, "again.yaml", text))
    assert again.scenario == model.scenario and again.digest == model.digest
    assert again.document.data == model.document.data and dump(again.document.data) == text
    for section, items in model.document.data.items():
        if isinstance(items, dict):
            assert list(items) == list(again.document.data[section]), section
    assert {key: item.source for key, item in again.scenario.quantities.items()} == {key: item.source for key, item in model.scenario.quantities.items()}


def test_no_is_norway_in_scenario_and_record(tmp_path: Path) -> None:
    """Names that YAML 1.1 would read as a truth value, and a time that it would read in base 60, are text."""
    write(tmp_path, "facts.yaml", """\
format: detente/record/1
title: The north
coverage: {from: 2010, until: 2026}
sources: {act: {title: Act, publisher: State, published: {absent: not applicable}, reliability: A, credibility: 1, graded_by: judgement}}
facts:
  brigade: {kind: deployment, side: nato, host: NO, force: 1:30, value: 4000, unit: troops, from: 2020, source: act, evidence: verified}
""")
    text = SMALL.replace("us: {title: We", "NO: {title: Norway").replace("horizon: 10", "horizon: 10\nrecord: facts.yaml\nstart: {on: 1}")
    text = text.replace("calm", "on").replace("peace: {", "peace: {payoff: {NO: -1}, ")
    text += "drivers: {troops: {title: Troops, unit: troops, read: {kind: deployment, where: {host: NO, force: 1:30}, take: value}}}\n"
    model = load(write(tmp_path, "north.yaml", text))
    assert list(model.scenario.actors) == ["NO"] and model.plan.ladder.rung_names[0] == "on"
    assert model.timeline.readings["troops"][0].value == 4000.0



def test_a_file_over_another_replaces_whole_items_adds_and_removes(tmp_path: Path) -> None:
    """Items keep their rank, new ones come last, null removes, and what is not named stays."""
    write(tmp_path, "below.yaml", SMALL + "switches: {loud: {title: Loud, default: true}}\n")
    over = write(tmp_path, "over.yaml", """\
format: detente/scenario/1
title: Over
extends: below.yaml
horizon: 5
moves:
  worse: {from: crisis, to: war, rate: 3, origin: deliberate}
  down: null
  calms: {from: crisis, to: calm, rate: 4}
switches: null
""")
    model = load(over)
    assert [(move.name, move.rate, move.origin) for move in model.plan.ladder.moves] == [
        ("up", 1.0, "unlabelled"), ("worse", 3.0, "deliberate"), ("peace", 0.25, "unlabelled"), ("calms", 4.0, "unlabelled"),
    ]  # fmt: skip
    assert (model.scenario.title, model.horizon_years, model.as_of, model.scenario.switches) == ("Over", 5, date(2026, 1, 1), {})
    assert model.document.where(("moves", "up", "rate")).startswith(str(tmp_path / "below.yaml:"))
    assert model.document.where(("moves", "calms", "rate")).startswith(str(tmp_path / "over.yaml:"))


def test_a_switch_leaves_out_what_it_turns_off_and_is_a_number_in_formulas(tmp_path: Path) -> None:
    text = SMALL + "  slide: {from: calm, to: war, rate: 0.1, when: slides}\n  thaw: {from: war, to: crisis, rate: 1 + 2 * slides * unit, when: not slides}\n"
    text += "switches: {slides: {title: Slides, default: false}}\n"
    text += 'quantities: {unit: {title: One, unit: 1/year, family: fixed, value: 1, evidence: judgement, known: 2020, why: Test.}}\n'
    file = write(tmp_path, "switch.yaml", text.replace("1 + 2 *", "unit + 2 *"))
    off, on = load(file), load(file, switches={"slides": True})
    assert [move.name for move in off.plan.ladder.moves][4:] == ["thaw"] and [move.name for move in on.plan.ladder.moves][4:] == ["slide"]
    assert off.edits == () and on.edits == ("slides on",) and on.digest != off.digest
    rates = draw(off, 1, 0, 1).values[0, 0, off.plan.layout.move_rate]
    assert rates[4] == 1.0, "the switch is 0 in the formula"



def test_a_group_stands_for_each_of_its_rungs(tmp_path: Path) -> None:
    """In `from` and `at`; alone or beside rungs."""
    text = SMALL.replace("war: {title: War}", "war: {title: War}, truce: {title: Truce}") + """\
  ends: {from: [bad, truce], to: calm, rate: 3}
  pause: {from: war, to: truce, rate: 1}
groups: {bad: [crisis, war]}
games:
  choose: {at: bad, tempo: 2, tree: {us: {stay: {}, leave: {to: calm}}}}
"""
    ladder = load(write(tmp_path, "groups.yaml", text)).plan.ladder
    assert [(move.name, move.source) for move in ladder.moves if move.name.startswith("ends")] == [("ends@crisis", "crisis"), ("ends@war", "war"), ("ends@truce", "truce")]
    assert [(game.name, game.at) for game in ladder.games] == [("choose@crisis", "crisis"), ("choose@war", "war")]
    assert [rung.group for rung in ladder.rungs] == [None, "bad", "bad", None]


WEATHER = HEAD + """\
actors: {us: {title: We, discount: 0.1, precision: 1}}
rungs: {calm: {title: Calm}, war: {title: War, final: true}}
regimes:
  sky: {title: Sky, states: {fair: Fair, foul: Foul}, start: {fair: 0.75, foul: 0.25},
    moves: {turns: {from: fair, to: foul, rate: TURNS}, clears: {from: foul, to: fair, rate: CLEARS}}}
moves:
  outbreak: {from: calm, to: war, rate: FAIR * sky_fair + FOUL * sky_foul}
"""


@pytest.mark.parametrize(("turns", "clears", "fair", "foul"), [(0.5, 0.0, 0.0, 0.2), (0.4, 1.5, 0.01, 0.3), (2.0, 3.0, 0.1, 0.1)])
def test_a_background_multiplies_the_rungs(turns: float, clears: float, fair: float, foul: float, tmp_path: Path) -> None:
    """War breaks out at a rate that hangs on the sky: of the histories that start under it, the share without war is `start exp(Mt) 1` with
    M = [[-turns - fair, turns], [clears, -clears - foul]] (a Poisson process modulated by a Markov chain)."""
    rates = {"TURNS": turns, "CLEARS": clears, "FAIR": fair, "FOUL": foul}
    text = WEATHER.replace("rate: FAIR * sky_fair + FOUL * sky_foul", "rate: fair_rate * sky_fair + foul_rate * sky_foul")
    text += "quantities:\n" + "".join(
        f"  {name}_rate: {{title: {name}, unit: 1/year, family: fixed, value: {rates[name.upper()]}, evidence: judgement, known: 2020, why: Test.}}\n" for name in ("fair", "foul")
    )
    for name, rate in rates.items():
        text = text.replace(name, str(rate))
    found = assess(write(tmp_path, "weather.yaml", text), draws=2)
    assert [rung.name for rung in found.model.plan.ladder.rungs] == ["calm@fair", "calm@foul", "war@fair", "war@foul"]
    generator = np.array([[-turns - fair, turns], [clears, -clears - foul]])
    for year in (1, 5, 10):
        calm = np.array([0.75, 0.25]) @ expm(generator * year) @ np.ones(2)
        assert found.reach.sel(rung="war").values[0, year - 1] == pytest.approx(1 - calm, abs=1e-12)
    if clears == 0.0:
        # In closed form: fair until s, then foul to the end.
        years, risk = 10.0, foul
        safe = 0.75 * (np.exp(-turns * years) + turns * (np.exp(-risk * years) - np.exp(-turns * years)) / (turns - risk)) + 0.25 * np.exp(-risk * years)
        assert found.result["reach"]["war"]["mean"] == pytest.approx(1 - safe, abs=1e-12)
    if fair == foul:
        assert found.result["reach"]["war"]["mean"] == pytest.approx(1 - np.exp(-fair * 10), abs=1e-12)


def test_a_background_that_is_switched_off_stays_where_it_rests(tmp_path: Path) -> None:
    """It multiplies nothing, and formulas see the state that it rests in: in foul weather war comes at 0.2 a year."""
    text = WEATHER.replace("FAIR * sky_fair + FOUL * sky_foul", "risk * (1 + sky_foul)").replace("TURNS", "0.5").replace("CLEARS", "0.5")
    text += "switches: {change: {title: The sky changes, default: false}}\n"
    text += "quantities:\n  risk: {title: Risk, unit: 1/year, family: fixed, value: 0.1, evidence: judgement, known: 2020, why: Test.}\n"
    resting = text.replace("sky: {title: Sky,", "sky: {title: Sky, when: change, rests: foul,")
    found = assess(write(tmp_path, "resting.yaml", resting), draws=2)
    assert [rung.name for rung in found.model.plan.ladder.rungs] == ["calm", "war"]
    assert found.result["reach"]["war"]["mean"] == pytest.approx(1 - np.exp(-2.0), abs=1e-12)
    first = assess(write(tmp_path, "first.yaml", resting.replace(" rests: foul,", "")), draws=2)
    assert first.result["reach"]["war"]["mean"] == pytest.approx(1 - np.exp(-1.0), abs=1e-12)
    moving, plain = assess(write(tmp_path, "on.yaml", resting), draws=2, switches={"change": True}), assess(write(tmp_path, "plain.yaml", text), draws=2)
    assert np.array_equal(moving.reach, plain.reach)


@pytest.fixture(scope="module")
def baltic() -> Model:
    return load("baltic-2021")


def test_the_calendar_of_baltic_2021(baltic: Model) -> None:
    """New START would end on 5 February 2021, and its extension, if it came, on 5 February 2026; the next president takes office in between. Nothing else that was known changes ahead."""
    line = baltic.timeline
    assert line.starts == (AS_OF, date(2021, 2, 5), date(2025, 1, 20), date(2026, 2, 5)) and line.end == date(2031, 1, 29)
    assert line.outputs == (*(date(year, 1, 1) for year in range(2022, 2032)), date(2031, 1, 29))
    assert sum(piece.years for piece in line.pieces) == pytest.approx(10, abs=1e-9)


def test_what_baltic_2021_reads_off_its_record(baltic: Model) -> None:
    """research/facts.md 5.2 (Pew 2020), 6.1 (treaties), 7.4 (index), 8.1 (2020: 1,000 + 1,500 + 1,200), 8.4 (18,000 in early 2020), 9.1 (2014-17: 140, 160, 110, 130)."""
    first = {name: readings[0].value for name, readings in baltic.timeline.readings.items()}
    assert first == {
        "allied_troops": 3700.0, "russian_troops": 18000.0, "new_start_in_force": 1.0, "inf_in_force": 0.0, "vienna_in_force": 1.0, "open_skies_us": 0.0,
        "open_skies_russia": 1.0, "hotline": 1.0, "incidents_at_sea": 1.0, "doctrine_threshold": 1.2, "scrambles": 135.0, "trust_in_us": 60.0,
        "abm_in_force": 0.0, "start_in_force": 0.0, "sort_in_force": 0.0, "cfe_russia": 0.0, "vienna_data": 1.0,
    }  # fmt: skip
    later = {name: [reading.value for reading in readings[1:]] for name, readings in baltic.timeline.readings.items()}
    assert later.pop("new_start_in_force") == [0.0] * 3, "as known then it runs out; the extension is a contingency"
    assert all(values == [first[name]] * 3 for name, values in later.items())


def test_the_contingency_sets_its_driver_in_its_window_where_it_happens(baltic: Model) -> None:
    """Transparency counts New START as one of three regimes; of the others Vienna stands and Open Skies does not."""
    low, high = np.array([0.0]), np.array([1.0 - 1e-12])
    quantities = {name: np.asarray(item.distribution.quantile(np.array([0.5]))) for name, item in baltic.scenario.quantities.items()}
    quantities["suspicion_effect"] = np.zeros(1)  # what verification does has a test of its own
    odds = next(slot for slot, names in baltic.plan.slot_names.items() if names[0].startswith("rate of incident_misread"))
    effect, pace = float(quantities["transparency_effect"][0]), float(quantities["incident_resolution"][0])
    share = float(quantities["misread_share"][0])
    for chance, extended in ((low, [1, 1, 1, 0]), (high, [1, 0, 0, 0])):
        values = evaluate(baltic, quantities, {name: np.full(1, 0.5) for name in baltic.chance_names} | {"new_start_extension": chance})[0, :, odds]
        expected = [pace * share / (1 - share) * np.exp(effect * (0.667 - (in_force + 1) / 3)) for in_force in extended]
        assert values == pytest.approx(expected, rel=1e-12)



def days() -> Iterator[date]:
    """Days on and about which much became known, and a dozen others."""
    yield from (date(2004, 3, 29), date(2010, 4, 8), date(2014, 9, 5), date(2017, 2, 1), date(2019, 8, 2), date(2020, 6, 2), AS_OF, date(2022, 6, 28), date(2023, 3, 7), date(2026, 2, 5))
    chosen = random.Random(2021)
    yield from (date(2004, 3, 29) + timedelta(days=chosen.randrange(8270)) for _ in range(12))


def unknown_cut(data: dict[str, Any], day: date) -> dict[str, Any]:
    """The record as it could have been written on a day: without facts, events and sources that became known later (docs/reference/record.md, "Known")."""

    def known(item: dict[str, Any], own: date) -> date:
        if "known" in item:
            return first_day(str(item["known"]))
        names = item.get("source", [])
        published = [data["sources"][name]["published"] for name in ([names] if isinstance(names, str) else names)]
        stated = [first_day(str(each)) for each in published if not isinstance(each, dict)]
        acts = not published or any(each == {"absent": "not applicable"} for each in published)
        return min([*stated, *([own] if acts else [])], default=own)

    def sources(item: dict[str, Any]) -> None:
        names = item.get("source", [])
        kept = [name for name in ([names] if isinstance(names, str) else names) if published_by(data["sources"][name])]
        if names:
            item["source"] = kept or names

    def published_by(source: dict[str, Any]) -> bool:
        return isinstance(source["published"], dict) or first_day(str(source["published"])) <= day

    start = first_day(str(data["coverage"]["from"]))
    facts = {}
    for name, fact in copy.deepcopy(data["facts"]).items():
        if "yearly" in fact:
            fact["yearly"] = {year: value for year, value in fact["yearly"].items() if known(fact, date(year, 1, 1)) <= day}
        if "events" in fact:
            fact["events"] = [event for event in fact["events"] if known(event, first_day(str(event["date"]))) <= day]
            for event in fact["events"]:
                sources(event)
        own = first_day(str(fact["from"])) if "from" in fact else start
        if fact.get("yearly", True) and fact.get("events", True) and ("yearly" in fact or known(fact, own) <= day):
            sources(fact)
            facts[name] = fact
    for fact in facts.values():
        if fact.get("beside") not in facts:
            fact.pop("beside", None)
    cited = {name for fact in facts.values() for item in (fact, *fact.get("events", ())) for name in ([item["source"]] if isinstance(item.get("source"), str) else item.get("source", []))}
    return {**data, "facts": facts, "sources": {name: source for name, source in data["sources"].items() if name in cited}}


def test_what_became_known_later_changes_no_reading(baltic: Model) -> None:
    """On every day the record answers as one from which all that became known later was cut, and cites only what is left."""
    assert baltic.record is not None
    data = baltic.record.document.data
    queries = {name: driver.read for name, driver in baltic.scenario.drivers.items() if driver.read is not None}
    for day in days():
        cut = Record.parse(Document(unknown_cut(data, day), "cut", Place("cut", 1, 1)))
        assert len(cut.facts) < len(baltic.record.facts)
        for name, query in queries.items():
            ahead = day + timedelta(days=3650)
            full = [baltic.record.read(query, at=at, known=day) for at in (day, ahead)]
            if query.treaty is not None and query.treaty not in cut.treaties:
                assert full == [Reading(0.0)] * 2, (name, day)
                continue
            assert full == [cut.read(query, at=at, known=date.max) for at in (day, ahead)], (name, day)
            assert baltic.record.changes(query, day, ahead, known=day) == cut.changes(query, day, ahead, known=date.max), (name, day)


@pytest.mark.parametrize(("day", "judged"), [
    (date(2004, 3, 29), {"russian_troops", "doctrine_threshold", "scrambles", "trust_in_us"}),
    (date(2010, 6, 1), {"russian_troops", "scrambles", "trust_in_us"}),
    (date(2014, 6, 1), {"russian_troops", "scrambles", "trust_in_us"}),
    (date(2018, 6, 1), {"allied_troops", "russian_troops"}),
    (date(2020, 3, 1), set()),
    (date(2026, 11, 22), set()),
])  # fmt: skip
def test_baltic_can_be_asked_as_of_any_day_since_the_three_states_are_members(day: date, judged: set[str]) -> None:
    """What the record had no figure for yet is a quantity, and told apart."""
    model = load("baltic-2021", as_of=day)
    readings = model.timeline.readings
    assert {name for name, each in readings.items() if isinstance(each[0].value, Absence)} == judged
    assert all(isinstance(reading.value, float) for name, each in readings.items() if name not in judged for reading in each)
    values = draw(model, 1, 0, 256).values
    assert np.isfinite(values).all()
    encounters = next(slot for slot, names in model.plan.slot_names.items() if names[0].startswith("rate of encounter_goes_wrong"))
    assert (len(set(values[:, 0, encounters])) == 256) and values.shape[1] == len(model.timeline.starts)


def test_every_month_since_2004_has_a_model(baltic: Model) -> None:
    """Calendars and drivers alone: the ladder is the same on every day."""
    from detente.scenario.timeline import timeline

    day = date(2004, 3, 29)
    while day <= date(2026, 11, 22):
        line = timeline(baltic.scenario, baltic.record, day, 10)
        assert line.starts[0] == day
        day = (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def test_otherwise_stands_in_on_segments_without_a_value_alone(tmp_path: Path) -> None:
    """A figure that ends within the horizon gives way to the quantity from then on."""
    write(tmp_path, "facts.yaml", """\
format: detente/record/1
title: Guns
coverage: {from: 2010, until: 2026}
sources: {act: {title: Act, publisher: State, published: {absent: not applicable}, reliability: A, credibility: 1, graded_by: judgement}}
facts:
  guns: {kind: capability, actor: us, measure: guns, value: 12, unit: 1/month, from: 2020, until: 2027, source: act, evidence: verified}
""")
    text = SMALL.replace("horizon: 10", "horizon: 10\nrecord: facts.yaml").replace("rate: 1}", "rate: guns}") + """\
drivers: {guns: {title: Guns, unit: 1/year, read: {kind: capability, where: {measure: guns}, take: value}, otherwise: guess}}
quantities: {guess: {title: Guess, unit: 1/month, family: uniform, low: 1, high: 2, evidence: judgement, known: 2020, why: Test.}}
"""
    model = load(write(tmp_path, "guns.yaml", text))
    assert model.timeline.starts == (date(2026, 1, 1), date(2028, 1, 1))
    drawn = draw(model, 1, 0, 1024)
    rates = drawn.values[:, :, model.plan.layout.move_rate[0]]
    assert set(rates[:, 0]) == {144.0}, "12 a month is 144 a year"
    assert rates[:, 1] == pytest.approx(12 * drawn.quantities[:, 0], rel=1e-15)


def test_a_round_trip_of_a_record_with_its_scenario(tmp_path: Path) -> None:
    """A record dumped beside a scenario that names it is read as it was."""
    record = Record.load("baltic")
    write(tmp_path, "facts.yaml", dump(record.document.data))
    model = load("baltic-2021")
    data = {**model.document.data, "record": "facts.yaml"}
    again = load(write(tmp_path, "again.yaml", dump(data)))
    assert again.record is not None and again.record.file == record.file
    assert again.timeline == model.timeline and parse(dump(data)).data == data
