"""`detente record`: what a record says of something, in the order of time, as known on a day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from detente.cli import main
from detente.cli.program import program
from detente.record import Query, Record

TODAY = date(2026, 11, 25)


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wide terminal."""
    monkeypatch.setenv("COLUMNS", "100")


def said(capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    """Lines of the answer."""
    assert main(["record", *words]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out.splitlines()


def rows(lines: list[str], head: str) -> list[list[str]]:
    """Words of the lines between the head of the table and the next empty line."""
    first = next(number for number, line in enumerate(lines) if line.startswith(head)) + 1
    last = next((number for number, line in enumerate(lines) if number >= first and not line), len(lines))
    return [line.split() for line in lines[first:last]]


def test_a_series_is_told_year_by_year_as_the_record_answers(capsys: pytest.CaptureFixture[str]) -> None:
    query = Query(kind="incident_count", where={"series": "scrambles_nato_russian"}, take="mean", years=(2016, 2023))
    answers = Record.load("baltic").by_year(query, 2016, 2023, known=TODAY)
    shown = rows(said(capsys, "baltic", "scrambles_nato_russian"), "when")
    assert [(int(row[0]), " ".join(row[1:3])) for row in shown] == [
        (year, f"{reading.value:g} 1/year" if isinstance(reading.value, float) else "not observed") for year, reading in answers.items()
    ]


def test_a_figure_beside_another_is_marked(capsys: pytest.CaptureFixture[str]) -> None:
    shown = rows(said(capsys, "baltic", "scrambles_baltic"), "when")
    assert [row for row in shown if row[0] == "2014"] == [
        ["2014", "140", "1/year", "2018-01-01", "verified", "S100"], ["2014", "150", "1/year", "2026-11-22", "verified", "bns_other,", "beside"],
    ]  # fmt: skip


def test_only_what_was_known_on_a_day_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    known = rows(said(capsys, "baltic", "new_start", "--as-of", "2021-01-29"), "when")
    assert known[-2][0] == "2021-01-27" and not any("extended" in row for row in known)
    assert any("extended," in row for row in rows(said(capsys, "baltic", "new_start"), "when"))
    assert len(rows(said(capsys, "baltic", "nato", "--as-of", "2021-01-29"), "since")) == 30
    assert len(rows(said(capsys, "baltic", "nato"), "since")) == 32
    assert said(capsys, "baltic", "start", "--as-of", "1980") == ["start: Strategic Arms Reduction Treaty", "Nothing of this was known on that day."]


def test_a_fact_is_told_with_all_figures_of_the_same_thing(capsys: pytest.CaptureFixture[str]) -> None:
    shown = rows(said(capsys, "baltic", "battlegroup_estonia_2017"), "when")
    assert [row[1] for row in shown] == ["1992", "2017", "2020", "2022-06-28", "2022-11", "2022-12"]
    assert shown == rows(said(capsys, "baltic", "battlegroup_estonia_2020"), "when")


def test_without_a_name_series_and_treaties_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    record = Record.load("baltic")
    assert [line.split()[:2] for line in said(capsys, "baltic") if line[0] != " "] == [
        *(["series", name] for name in record.series), *(["treaty", name] for name in record.treaties)
    ]  # fmt: skip


def test_it_fits_60_columns(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    for name in ("cfe", "scrambles_baltic", "nato"):
        assert max(map(len, said(capsys, "baltic", name))) <= 60, name


@pytest.mark.parametrize(("words", "told"), [
    (["baltic", "new_strat"], "NAME: the record has nothing of the name 'new_strat'; did you mean 'new_start'?"),
    (["baltic", "zzz"], "NAME: the record has nothing of the name 'zzz'; see `detente record RECORD` for its series and treaties"),
    (["baltic-2021", "nato"], "RECORD: 'baltic-2021' is no record; give a shipped name (baltic) or a .yaml file"),
    (["", "nato"], "RECORD: '' is no record; give a shipped name (baltic) or a .yaml file"),
])  # fmt: skip
def test_what_is_not_there_is_refused(words: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["record", *words]) == 2
    out, err = capsys.readouterr()
    assert (out, err) == ("", told + "\n")


def test_a_record_of_ones_own_is_told_or_refused_with_its_lines(capsys: pytest.CaptureFixture[str]) -> None:
    text = "format: detente/record/1\ntitle: T\ncoverage: {from: 2000, until: 2020}\nsources: {}\nfacts:\n"
    text += "  war: {kind: crisis, title: A war, actors: [a, b], peak: 8, from: 2010-02, until: 2011, evidence: memory}\n"
    Path("mine.yaml").write_text(text, encoding="utf-8")
    assert said(capsys, "mine.yaml", "war") == [
        "war: A war",
        "when             figure  known       evidence  source",
        "2010-02 to 2011  8       2010-02-01  memory",
    ]
    Path("mine.yaml").write_text(text.replace("peak: 8", "peak: 9"), encoding="utf-8")
    assert main(["record", "mine.yaml", "war"]) == 2
    assert capsys.readouterr().err.startswith("mine.yaml:6:")


def test_shipped_records_are_completed() -> None:
    items = ShellComplete(program, {}, "detente", "_DETENTE_COMPLETE").get_completions(["record"], "ba")
    assert [item.value for item in items if item.type == "plain"] == ["baltic"]
