"""What the shipped Baltic record answers, as known on several days, and that no fact stands without its source."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.record.fact_sheet import section

from detente.document import Absence, PartialDate, read
from detente.errors import InvalidInput
from detente.record import Query, Record
from detente.record.facts import Crisis, Poll

SEED_DAY = date(2021, 1, 29)
THREE = ["estonia", "latvia", "lithuania"]
ALLIED = {"kind": "deployment", "where": {"side": "nato", "host": THREE, "force": "battlegroup"}, "take": "total"}
RUSSIAN = {"kind": "deployment", "where": {"side": "russia", "host": "russia", "force": "ground"}, "take": "total"}
CODES = {
    "BE": "belgium", "CA": "canada", "DK": "denmark", "FR": "france", "IS": "iceland", "IT": "italy", "LU": "luxembourg", "NL": "netherlands",
    "NO": "norway", "PT": "portugal", "UK": "united_kingdom", "US": "united_states", "GR": "greece", "TR": "turkey", "DE": "germany", "ES": "spain",
    "CZ": "czech_republic", "HU": "hungary", "PL": "poland", "BG": "bulgaria", "EE": "estonia", "LV": "latvia", "LT": "lithuania", "RO": "romania",
    "SK": "slovakia", "SI": "slovenia", "AL": "albania", "HR": "croatia", "ME": "montenegro", "MK": "north_macedonia", "FI": "finland", "SE": "sweden",
}  # fmt: skip
DOCTRINE = {"kind": "doctrine", "where": {"actor": "russia"}, "take": "latest", "field": "threshold_index"}


@pytest.fixture(scope="module")
def record() -> Record:
    return Record.load("baltic")


@pytest.fixture(scope="module")
def plain() -> dict[str, Any]:
    """The file as written, read without the record's own models: an independent second reader."""
    import detente

    path = Path(detente.__file__).parent / "library" / "records" / "baltic.yaml"
    data: dict[str, Any] = read(path).data
    return data


def ask(record: Record, query: dict[str, Any], at: date, known: date | None = None) -> Any:
    return record.read(Query.model_validate(query), at=at, known=known or at).value


def treaty(record: Record, name: str, at: date, known: date | None = None, party: str | None = None) -> Any:
    query = {"treaty": name, "take": "in_force"} | ({"party": party} if party else {})
    return ask(record, query, at, known)


class TestAsKnownOnTheDayOfTheSeed:
    """29 January 2021."""

    @pytest.mark.parametrize(("query", "value"), [(ALLIED, 3700), (RUSSIAN, 18000), (DOCTRINE, 1.2)])
    def test_figures_of_baltic_md(self, record: Record, query: dict[str, Any], value: float) -> None:
        assert ask(record, query, SEED_DAY) == value

    @pytest.mark.parametrize(
        ("name", "party", "value"),
        [
            ("new_start", None, 1),
            ("inf", None, 0),
            ("open_skies", "united_states", 0),
            ("open_skies", "russia", 1),
            ("vienna_document", None, 1),
            ("hotline", None, 1),
            ("incidents_at_sea", None, 1),
            ("abm", None, 0),
            ("cfe", "russia", 0),
            ("ctbt", None, 0),
        ],
    )
    def test_treaties(self, record: Record, name: str, party: str | None, value: float) -> None:
        assert treaty(record, name, SEED_DAY, party=party) == value

    def test_new_start_ends_on_5_february_2021_unless_its_extension_is_known(self, record: Record) -> None:
        assert treaty(record, "new_start", date(2021, 2, 4), SEED_DAY) == 1
        assert treaty(record, "new_start", date(2021, 2, 5), SEED_DAY) == 0
        assert treaty(record, "new_start", date(2021, 2, 5), date(2021, 2, 2)) == 0
        assert treaty(record, "new_start", date(2021, 2, 5), date(2021, 2, 3)) == 1

    def test_the_known_end_is_the_only_change_ahead(self, record: Record) -> None:
        query = Query.model_validate({"treaty": "new_start", "take": "in_force"})
        assert record.changes(query, SEED_DAY, date(2031, 1, 1), known=SEED_DAY) == {date(2021, 2, 5)}

    def test_the_mean_of_scrambles_of_2014_to_2017_is_135_once_they_are_published(self, record: Record) -> None:
        query = {"kind": "incident_count", "where": {"series": "scrambles_baltic"}, "take": "mean", "years": [2014, 2017]}
        assert ask(record, query, SEED_DAY) == 135
        assert isinstance(ask(record, query, SEED_DAY, date(2017, 12, 31)), Absence)

    def test_years_outside_the_series_are_absent_and_not_zero(self, record: Record) -> None:
        query = {"kind": "incident_count", "where": {"series": "scrambles_baltic"}, "take": "mean", "years": [2017, 2019]}
        assert ask(record, query, SEED_DAY) is Absence.OUTSIDE_COVERAGE


@pytest.mark.parametrize(
    ("day", "new_start", "inf", "vienna", "doctrine"),
    [
        (date(2005, 1, 1), 0, 1, 1, None),
        (date(2012, 6, 1), 1, 1, 1, 1.0),
        (date(2021, 1, 29), 1, 0, 1, 1.2),
        (date(2022, 6, 1), 1, 0, 0, 1.2),
        (date(2024, 1, 1), 0, 0, 0, 1.2),
        (date(2026, 11, 1), 0, 0, 0, 1.8),
    ],
)
def test_treaties_and_doctrine_as_known_on_the_day_itself(
    record: Record, day: date, new_start: int, inf: int, vienna: int, doctrine: float | None
) -> None:
    names = ("new_start", "inf", "vienna_document")
    assert tuple(treaty(record, name, day) for name in names) == (new_start, inf, vienna)
    index = ask(record, DOCTRINE, day)
    assert isinstance(index, Absence) if doctrine is None else index == doctrine


@pytest.mark.parametrize(("name", "in_force", "ended"), [
    ("abm", date(2001, 12, 31), date(2002, 12, 31)),
    ("inf", date(2019, 2, 1), date(2019, 2, 2)),
    ("open_skies", date(2020, 11, 21), date(2020, 11, 22)),
    ("new_start", date(2023, 2, 20), date(2023, 2, 21)),
    ("ottawa", date(2025, 12, 26), date(2025, 12, 27)),
    ("cluster_munitions", date(2025, 3, 5), date(2025, 3, 6)),
    ("inf_moratorium", date(2025, 8, 3), date(2025, 8, 4)),
])  # fmt: skip
def test_the_last_day_in_force_and_the_first_day_without(record: Record, name: str, in_force: date, ended: date) -> None:
    assert treaty(record, name, in_force) == 1
    assert treaty(record, name, ended) == 0


def test_no_battlegroup_stood_before_2017_and_that_is_a_zero_not_an_absence(record: Record) -> None:
    assert ask(record, ALLIED, date(2012, 6, 1)) == 0


def test_battlegroups_of_june_2022_add_up_to_the_four_that_nato_printed(record: Record) -> None:
    day = date(2022, 6, 28)
    four = {**ALLIED, "where": {**ALLIED["where"], "host": [*THREE, "poland"]}}  # type: ignore[dict-item]
    assert ask(record, four, day) == 5982 == 1430 + 1887 + 1632 + 1033


def test_the_other_count_of_19000_stands_beside_the_18000(record: Record) -> None:
    day = date(2024, 3, 1)
    reading = record.read(Query.model_validate(RUSSIAN), at=date(2021, 1, 29), known=day)
    assert "russian_ground_northwest_efis_2024" in reading.rivals
    assert reading.value == 18000 + 12000, "Kaliningrad was told of in 2022"


@pytest.mark.parametrize(("day", "count"), [
    (date(1949, 8, 24), 12), (date(1955, 5, 6), 15), (date(1999, 3, 12), 19), (date(2004, 3, 31), 26), (SEED_DAY, 30), (date(2023, 4, 3), 30),
    (date(2023, 4, 4), 31), (date(2026, 11, 25), 32),
])  # fmt: skip
def test_members_of_nato(record: Record, day: date, count: int) -> None:
    assert len(record.members("nato", at=day, known=day)) == count


def test_an_accession_is_known_from_its_day_on(record: Record) -> None:
    ahead = record.members("nato", at=date(2026, 11, 25), known=SEED_DAY)
    assert len(ahead) == 30 and "finland" not in ahead
    assert record.members("nato", at=SEED_DAY, known=date(2026, 11, 25)) == ahead
    assert record.members("nato", at=date(2024, 3, 7), known=date(2024, 3, 7))["sweden"] == date(2024, 3, 7)


def test_accessions_are_those_of_the_fact_sheet(record: Record, shared: Path) -> None:
    """Of 2004 the month was read and the day is from memory, so that the record has the month."""
    found = record.members("nato", at=date(2026, 11, 25), known=date(2026, 11, 25))
    text = " ".join(section(shared, "7.2")).replace("1949-04-04 signed / ", "").replace("in force: ", "").partition(" (M except")[0]
    stated = {code: date.fromisoformat(part[:10]) for part in text.split("; ") for code in re.findall(r"\b[A-Z]{2}\b", part[10:].partition("(V")[0])}
    assert len(stated) == 32
    names = {code: name for code, name in CODES.items() if stated.pop(code).isoformat()[:7] == found.pop(name).isoformat()[:7]}
    assert (stated, found, names) == ({}, {}, CODES)


def test_an_alliance_that_is_none_is_refused(record: Record) -> None:
    with pytest.raises(InvalidInput, match="'nat' is no alliance of the record; did you mean 'nato'"):
        record.members("nat", at=SEED_DAY, known=SEED_DAY)


class TestCrises:
    """Counts that baltic.md uses as tests."""

    @pytest.mark.parametrize(("where", "window", "count"), [
        ({}, (1991, 2019), 8),
        ({"shots": True}, (1949, 2020), 6),
        ({"direct": True}, (1946, 2019), 15),
    ])  # fmt: skip
    def test_counts(self, record: Record, where: dict[str, Any], window: tuple[int, int], count: int) -> None:
        query = {"kind": "crisis", "where": where, "take": "count", "window": {"from": window[0], "until": window[1]}}
        assert ask(record, query, date(2026, 11, 22)) == count

    def test_no_peak_above_7_since_1945(self, record: Record) -> None:
        assert max(fact.peak for fact in record.facts_of("crisis").values() if isinstance(fact, Crisis) and fact.peak) == 7


class TestNothingStandsAlone:
    """Checked on the file as written."""

    def test_every_fact_has_a_source_or_is_from_memory(self, plain: dict[str, Any]) -> None:
        acts = {name: fact for name, fact in plain["facts"].items() if fact["kind"] != "treaty"}
        acts |= {f"{n}/{e['date']}/{e['event']}": e for n, f in plain["facts"].items() if f["kind"] == "treaty" for e in f["events"]}
        assert [n for n, act in acts.items() if act["evidence"] != "memory" and not act.get("source")] == []

    def test_no_fact_is_known_before_its_first_source_was_published(self, plain: dict[str, Any]) -> None:
        def day(value: object) -> date:
            return PartialDate(str(value)).day

        early = []
        for name, fact in plain["facts"].items():
            for act in [fact, *fact.get("events", [])]:
                cited = act.get("source") or []
                published = [plain["sources"][s]["published"] for s in ([cited] if isinstance(cited, str) else cited)]
                dated = [day(p) for p in published if not isinstance(p, dict)]
                if "known" in act and dated and len(dated) == len(published) and day(act["known"]) < min(dated):
                    early.append(name)
        assert early == []

    def test_a_source_without_a_date_leaves_no_default(self, plain: dict[str, Any]) -> None:
        undated = {n for n, s in plain["sources"].items() if s["published"] == {"absent": "not observed"}}
        for name, fact in plain["facts"].items():
            cited = fact.get("source") or []
            if set([cited] if isinstance(cited, str) else cited) <= undated and cited:
                assert "known" in fact, name

    def test_every_source_is_cited_and_every_cited_source_exists(self, plain: dict[str, Any]) -> None:
        cited: set[str] = set()
        for fact in plain["facts"].values():
            for act in [fact, *fact.get("events", [])]:
                source = act.get("source") or []
                cited |= {source} if isinstance(source, str) else set(source)
        assert cited == set(plain["sources"])

    def test_kinds(self, plain: dict[str, Any]) -> None:
        counts = Counter(fact["kind"] for fact in plain["facts"].values())
        assert counts["treaty"] == 22
        assert counts["crisis"] == 31
        assert set(counts) == {
            "actor", "treaty", "commitment", "deployment", "capability", "poll", "incident_count", "incident",
            "crisis", "doctrine", "statement",
        }  # fmt: skip

    def test_plans_are_statements(self, plain: dict[str, Any]) -> None:
        late = [n for n, f in plain["facts"].items() if f["kind"] == "deployment" and str(f.get("from", "")) > "2026-11-22"]
        assert late == []


@pytest.mark.parametrize(("question", "wave", "value", "against"), [
    ("defend_ally", "Pew 2020", 38, 50),
    ("us_would_defend", "Pew 2020", 60, 29),
    ("defend_ally", "Pew 2015", 48, 42),
])  # fmt: skip
def test_medians_of_pew(record: Record, question: str, wave: str, value: int, against: int) -> None:
    (poll,) = record.facts_of("poll", country="median", question=question, wave=wave).values()
    assert isinstance(poll, Poll)
    assert (poll.value, poll.against) == (value, against)


@pytest.mark.parametrize(("actor", "year", "value"), [
    ("united_states", 1967, 31255), ("russia", 1986, 40159), ("russia", 2023, 4489), ("united_states", 2023, 3708),
])  # fmt: skip
def test_stockpiles(record: Record, actor: str, year: int, value: int) -> None:
    query = {"kind": "capability", "where": {"actor": actor, "measure": "warheads_stockpile"}, "take": "value"}
    assert ask(record, query, date(year, 7, 1), date(2026, 11, 22)) == value


def test_stockpiles_equal_the_published_series(record: Record, shared: Path) -> None:
    import csv

    with (shared / "data/nuclear_arsenals/fas2023_nuclear_weapons_stockpiles.csv").open(encoding="utf-8") as file:
        rows = list(csv.reader(file))
    published = {(row[0], int(row[1])): float(row[2]) for row in rows[1:]}
    checked = 0
    for actor, country in (("united_states", "United States"), ("russia", "Russia")):
        query = Query.model_validate({"kind": "capability", "where": {"actor": actor, "measure": "warheads_stockpile"}, "take": "value"})
        for year in range(1945, 2024):
            value = record.read(query, at=date(year, 7, 1), known=date(2026, 11, 22)).value
            if not isinstance(value, Absence):
                assert value == published[country, year]
                checked += 1
    assert checked == 38


def test_the_record_survives_dump_and_load(record: Record, tmp_path: Path) -> None:
    from detente.document import dump

    copy = tmp_path / "copy.yaml"
    copy.write_text(dump(record.document.data), encoding="utf-8")
    assert Record.load(str(copy)).digest == record.digest
