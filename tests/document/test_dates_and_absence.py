"""Dates keep their text and count as their first or last day; absence has a kind."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

from detente.document import Absence, FirstDay, LastDay, first_day, last_day


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2014", date(2014, 1, 1), date(2014, 12, 31)),
        ("2014-03", date(2014, 3, 1), date(2014, 3, 31)),
        ("2016-02", date(2016, 2, 1), date(2016, 2, 29)),
        ("1900-02", date(1900, 2, 1), date(1900, 2, 28)),
        ("2021-01-29", date(2021, 1, 29), date(2021, 1, 29)),
        ("0001", date(1, 1, 1), date(1, 12, 31)),
    ],
)
def test_first_and_last_days(text: str, first: date, last: date) -> None:
    assert (first_day(text), last_day(text)) == (first, last)


@given(st.dates())
def test_a_full_date_is_its_own_first_and_last_day(day: date) -> None:
    assert first_day(day.isoformat()) == last_day(day.isoformat()) == day


@given(st.dates(max_value=date(9998, 12, 31)))
def test_a_month_ends_the_day_before_the_next_begins(day: date) -> None:
    following = f"{day.year + day.month // 12:04d}-{day.month % 12 + 1:02d}"
    assert (first_day(following) - last_day(f"{day:%Y-%m}".zfill(7))).days == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2007-13-14", "there is no month 13"),
        ("2021-00", "there is no month 00"),
        ("2021-02-30", "February 2021 has 28 days"),
        ("2021-04-31", "April 2021 has 30 days"),
        ("2021-01-00", "January 2021 has 31 days"),
        ("0000", "there is no year 0000"),
        ("2021-1-5", "write YYYY, YYYY-MM or YYYY-MM-DD"),
        ("21", "write YYYY"),
        ("29.1.2021", "write YYYY"),
        ("2021-01-29T00:00", "write YYYY"),
        ("２０２１", "write YYYY"),
        ("", "write YYYY"),
        ("2021\n", "write YYYY"),
    ],
)
def test_impossible_dates_are_refused_in_plain_words(text: str, said: str) -> None:
    for reading in (first_day, last_day):
        with pytest.raises(ValueError, match=said):
            reading(text)


class Span(BaseModel):
    from_: FirstDay
    until: LastDay | Absence | None = None


def test_dates_in_a_model_keep_their_text() -> None:
    span = Span.model_validate({"from_": 2014, "until": "2014-03"})
    assert span.from_.day == date(2014, 1, 1)
    assert isinstance(span.until, LastDay) and span.until.day == date(2014, 3, 31) and str(span.until) == "2014-03"
    assert span.model_dump() == {"from_": 2014, "until": "2014-03"} == span.model_dump(mode="json")


def test_dates_are_equal_by_text_and_reading() -> None:
    assert FirstDay("2014-03") == FirstDay("2014-03") != FirstDay("2014-03-01")
    assert FirstDay("2014-03-01") != LastDay("2014-03-01")
    assert len({FirstDay("2014"), FirstDay("2014"), LastDay("2014")}) == 2


@pytest.mark.parametrize("value", [True, 2014.5, None, [2014], 21])
def test_what_is_no_date_is_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(FirstDay).validate_python(value)


@pytest.mark.parametrize("kind", list(Absence))
def test_absence_is_read_and_written_as_a_mapping(kind: Absence) -> None:
    either: TypeAdapter[float | Absence] = TypeAdapter(float | Absence)
    assert either.validate_python({"absent": kind.value}) is kind
    assert either.dump_python(kind) == {"absent": kind.value}
    assert either.validate_python(0) == 0 and not isinstance(either.validate_python(0), Absence)


@pytest.mark.parametrize("value", [{"absent": "unknown"}, {"absent": None}, {}, {"absent": "not observed", "x": 1}, "not observed", None, 0])
def test_other_absences_are_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Absence).validate_python(value)


def test_models_describe_dates_and_absence_in_their_json_schema() -> None:
    properties = Span.model_json_schema()["properties"]
    assert {"type": "integer", "minimum": 1, "maximum": 9999} in properties["from_"]["anyOf"]
    assert "not observed" in str(properties["until"])
