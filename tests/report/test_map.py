"""The map of forces: what it shows on a day is what the record answers of that day, on borders that are where they should be."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from detente.cli import main
from detente.document import Absence
from detente.ensemble import Assessment
from detente.errors import InvalidInput
from detente.record import Query, Record
from detente.report import own_borders, payload, to_html
from detente.report.borders import area, shipped_borders
from detente.report.map import Forces, known_forces, map_panel
from detente.report.names import Called

pytestmark = pytest.mark.usefixtures("built")
HOSTILE = """</script><img src=x onerror=alert(1)> " ' & {{7*7}} ${1}"""


@pytest.fixture(scope="module")
def record() -> Record:
    return Record.load("baltic")


@pytest.fixture(scope="module")
def atlas() -> dict[str, Any]:
    file = resources.files("detente.report") / "static" / "theatres" / "baltic.json"
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def panel_of(assessment: Assessment, **parts: Any) -> dict[str, Any]:
    (found,) = [panel for panel in payload(assessment, **parts)["panels"] if panel["name"] == "map"]
    return found


@pytest.mark.parametrize("as_of", [date(2021, 1, 29), date(2016, 6, 1), date(2026, 11, 25)])
def test_what_stands_on_a_day_is_what_the_record_answers(record: Record, as_of: date) -> None:
    """Asked of the record by query, force by force, on days of twenty years."""
    forces, asked = Forces(record, as_of, as_of + timedelta(days=3652)), 0
    subjects = {(fact.side, fact.host, fact.place, fact.force) for fact in record.facts_of("deployment").values()}  # type: ignore[attr-defined]
    for at in [*forces.days, *(date(2010, 1, 1) + timedelta(days=301 * k) for k in range(25))]:
        shown = {(entry.fact.side, entry.fact.host, entry.fact.place, entry.fact.force): entry.value for entry in forces.on(at)}  # type: ignore[attr-defined]
        for subject in subjects:
            where = {key: value for key, value in zip(("side", "host", "place", "force"), subject, strict=True) if value is not None}
            answer = record.read(Query(kind="deployment", where=where, take="total"), at=at, known=as_of).value
            assert shown.get(subject, Absence.NOT_OBSERVED) == answer, (at, subject)
            asked += isinstance(answer, float)
    assert asked > (20 if as_of.year == 2016 else 100)


def test_days_are_those_on_which_something_changes_the_day_asked_about_and_the_end(record: Record) -> None:
    forces = Forces(record, date(2026, 11, 25), date(2036, 11, 25))
    assert forces.days == sorted(set(forces.days)) and {forces.as_of, forces.end} <= set(forces.days)
    stands = {at: {(entry.name, entry.value) for entry in forces.on(at) if entry.value != 0} for at in forces.days}
    for before, at in pairwise(forces.days):
        assert stands[before] != stands[at] or at in (forces.as_of, forces.end)
        between = before + (at - before) / 2
        assert {(entry.name, entry.value) for entry in forces.on(between) if entry.value != 0} == stands[before]
    assert date(2022, 6, 28) in forces.days and date(2004, 1, 1) == forces.days[0]


def test_what_became_known_later_is_not_shown(record: Record, baltic: Assessment) -> None:
    """The air defence of Kaliningrad became known in 2023, the strengths of the battlegroups of 2022 in that year."""
    told = json.dumps(panel_of(baltic))
    assert "S-400" not in told and "2022" not in json.dumps(panel_of(baltic)["tables"])
    names = {entry.name for entry in Forces(record, date(2026, 11, 25), date(2036, 11, 25)).entries}
    assert {"kaliningrad_s400", "battlegroup_estonia_2022_06"} <= names


@pytest.mark.parametrize("as_of", [date(2021, 1, 29), date(2026, 11, 25)])
def test_the_table_holds_what_the_picture_shows(record: Record, baltic: Assessment, as_of: date) -> None:
    """On each day the marks are the rows whose span holds it; in 2026 one figure contradicts another, and stands in the table alone."""
    forces = Forces(record, as_of, as_of + timedelta(days=3652))
    panel = map_panel(baltic, Called(baltic), forces)
    assert panel is not None and panel.figure is not None
    (table,), figure, compared = panel.tables, panel.figure, 0
    assert len(table.rows) == len(forces.entries)
    assert [row[7].text for row in table.rows].count("no: contradicts another") == (as_of.year == 2026)
    main = [[cell.text for cell in row] for row in table.rows if row[7].text not in ("no: contradicts another", "no: none stood")]
    for at, step in zip(map(str, forces.days), figure["steps"], strict=True):
        held = sorted((where, force.lower().partition(" (")[0], number.replace(" to ", "–")) for _, where, force, since, until, number, *_ in main if (since or "1945") <= at and (not until or at <= until))
        shown = sorted((figure["sites"][mark["site"]]["title"], mark["force"].lower(), mark["text"]) for mark in (figure["marks"][k] for k in step["marks"]))
        assert held == shown, at
        compared += len(shown)
    assert compared > 20


def test_every_source_of_the_table_is_listed_in_the_report(baltic: Assessment) -> None:
    listed = {anchor for panel in payload(baltic)["panels"] for table in panel["tables"] for anchor in table["anchors"]}
    targets = {target for row in panel_of(baltic)["tables"][0]["rows"] for _, target in row[8]["links"]}
    assert len(targets) > 4 and targets <= listed


def test_a_kept_run_has_the_map_of_the_assessment(baltic: Assessment, tmp_path: Path) -> None:
    """A run keeps the facts that it read; the others come from the shipped record, which still says the same of these."""
    baltic.save(tmp_path / "run")
    again = panel_of(Assessment.load(tmp_path / "run"))
    assert again == panel_of(baltic) and "air policing" in json.dumps(again)


def inside(point: tuple[float, float], rings: list[list[list[float]]]) -> bool:
    """Whether a point lies in a polygon, by the even-odd rule."""
    crossings = 0
    for ring in rings:
        for (x, y), (a, b) in pairwise(ring):
            crossings += (y > point[1]) != (b > point[1]) and point[0] < x + (a - x) * (point[1] - y) / (b - y)
    return crossings % 2 == 1


CITIES = {
    "Tallinn": (24.75, 59.43, "estonia"), "Tartu": (26.72, 58.38, "estonia"), "Narva": (28.15, 59.36, "estonia"), "Riga": (24.11, 56.95, "latvia"),
    "Daugavpils": (26.54, 55.87, "latvia"), "Vilnius": (25.28, 54.69, "lithuania"), "Siauliai": (23.31, 55.93, "lithuania"), "Kaliningrad": (20.55, 54.71, "russia"),
    "Pskov": (28.33, 57.82, "russia"), "Ivangorod": (28.35, 59.36, "russia"), "Minsk": (27.56, 53.90, "belarus"), "Grodno": (23.83, 53.67, "belarus"), "Suwalki": (22.93, 54.10, "poland"),
    "Warsaw": (21.01, 52.23, "poland"), "Kyiv": (30.52, 50.45, "ukraine"), "Helsinki": (24.94, 60.21, "finland"), "Stockholm": (17.95, 59.33, "sweden"),
    "the middle of the Baltic Sea": (19.5, 56.5, None), "the Gulf of Riga": (23.6, 57.7, None),
}  # fmt: skip


@pytest.mark.parametrize("city", CITIES)
def test_cities_lie_in_their_states(atlas: dict[str, Any], city: str) -> None:
    """In Narva and Ivangorod, on the two banks of a river, the file is only as exact as its scale, 1 to 50 million."""
    *at, state = CITIES[city]
    found = [
        feature["properties"]["name"] for feature in atlas["features"] if feature["geometry"]["type"] == "MultiPolygon"
        if any(inside((at[0], at[1]), rings) for rings in feature["geometry"]["coordinates"])
    ]  # fmt: skip
    assert found == ([state] if state else []) or (city in ("Narva", "Ivangorod") and len(found) == 1)


def test_hosts_stand_within_their_borders(atlas: dict[str, Any]) -> None:
    borders = shipped_borders("baltic")
    assert borders is not None
    for host in ("estonia", "latvia", "lithuania", "poland", "belarus"):
        at = borders.site(host)
        (feature,) = [feature for feature in atlas["features"] if feature["properties"].get("name") == host]
        assert at is not None and any(inside(at, rings) for rings in feature["geometry"]["coordinates"])
    assert borders.site("romania") is None and borders.site("europe") is None
    assert all(area(rings[0]) < 0 < min(map(area, rings[1:]), default=1.0) for rings in borders.land)


def test_a_record_without_a_map_says_so_in_one_line_and_has_its_table(baltic: Assessment) -> None:
    scenario = baltic.model.scenario.model_copy(update={"record": "mine.yaml"})
    other = replace(baltic, _model=replace(baltic.model, scenario=scenario))
    panel = map_panel(other, Called(other), known_forces(other))
    assert panel is not None and panel.figure is None and panel.tables[0].rows
    (line,) = [text for text in panel.text if text.startswith("There is no map")]
    assert "mine.yaml" in line and "--map" in line


def square(west: float, south: float, size: float = 2.0) -> list[list[list[float]]]:
    return [[[west, south], [west + size, south], [west + size, south + size], [west, south + size], [west, south]]]


def collection(*features: tuple[dict[str, Any], str, Any], **more: Any) -> str:
    told = [{"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": at}} for properties, kind, at in features]
    return json.dumps({"type": "FeatureCollection", "features": told, **more})


OWN = collection(
    ({"name": "Estonia"}, "Polygon", square(24, 58)),
    ({"name": "Latvia", "disputed": True}, "Polygon", [square(24, 56)[0][::-1]]),
    ({"name": "Kaliningrad"}, "Point", [21, 54.7]),
    ({"label": HOSTILE}, "Point", [25, 55.2]),
    bbox=[20, 54, 30, 61],
)


def test_a_map_of_ones_own_takes_the_place_of_the_shipped_one(baltic: Assessment, tmp_path: Path) -> None:
    """Forces stand where it has their names, outlines are borders, and what it calls disputed is dashed; either winding will do."""
    path = tmp_path / "own.geojson"
    path.write_text(OWN, encoding="utf-8")
    borders = own_borders(path)
    assert borders.site("estonia") == (25.0, 59.0) and borders.site("latvia") == (25.0, 57.0) and borders.site("Kaliningrad") == (21.0, 54.7)
    assert len(borders.land) == 2 and all(area(rings[0]) < 0 for rings in borders.land)
    assert len(borders.settled) == len(borders.disputed) == 1
    panel = panel_of(baltic, borders=borders)
    assert "own.geojson" in panel["caption"] and "Dashed lines are disputed" in panel["caption"]
    sites = {site["title"]: site["at"] for site in panel["figure"]["sites"]}
    assert sites["Estonia"] == (25.0, 59.0) and sites["Lithuania"] is None
    assert {row[7]["text"] for row in panel["tables"][0]["rows"] if row[1]["text"] == "Poland"} <= {"no: beyond this map", "no: none stood"}
    assert HOSTILE not in to_html(payload(baltic, borders=borders))


# What is written, what is told, and what stands where it is told.
WRONG = {
    "no JSON": ('{"type": "FeatureCollection", "features": [', "it is not JSON", ""),
    "a page": ("<html></html>", "it is not JSON", "<html>"),
    "a number": ("3", "not a GeoJSON collection", "3"),
    "TopoJSON": ('{"type": "Topology", "objects": {}, "arcs": []}', "it is TopoJSON", '{"type"'),
    "nothing to draw": (collection(), "no geometry", "[]"),
    "metres": (collection(({}, "Point", [472000, 6480000])), "[472000, 6.48e+06] is no longitude and latitude", "[472000"),
    "a latitude of 110": (collection(({}, "LineString", [[20, 50], [21, 110]])), "[21, 110] is no longitude and latitude", "[21, 110]"),
    "text for a number": (collection(({}, "LineString", [["20", 50], [21, 51]])), "it is not a position", '["20"'),
    "not a number": (collection(({}, "LineString", [[float("nan"), 50], [21, 51]])), "it is not a position", "[NaN"),
    "one number": (collection(({}, "Point", [20])), "it is not a position", "[20]"),
    "a short ring": (collection(({}, "Polygon", [[[20, 50], [21, 50], [20, 50]]])), "3 positions are no ring", "[[20, 50], [21, 50], [20, 50]]}"[:-1]),
    "not nested enough": (collection(({}, "Polygon", [[20, 50], [21, 50], [20, 50]])), "not nested as this type", "[20, 50]"),
    "another geometry": (collection(({}, "GeometryCollection", [])), "this geometry is not drawn", '{"type": "GeometryCollection"'),
    "no feature": ('{"type": "FeatureCollection", "features": [3]}', "it is not a feature", "3]"),
    "a frame upside down": (collection(({}, "Point", [20, 50]), bbox=[10, 60, 30, 50]), "`bbox` is not", "[10, 60"),
}


@pytest.fixture(scope="module")
def run(small: Assessment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("map") / "run"
    small.save(folder)
    return folder


@pytest.mark.parametrize("case", WRONG)
def test_a_map_that_cannot_be_read_is_told_at_its_place_before_any_work(case: str, run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text, what, stands = WRONG[case]
    path = tmp_path / "own.geojson"
    path.write_text(text, encoding="utf-8")
    assert main(["report", str(run), "-o", str(tmp_path / "report.html"), "--map", str(path)]) == 2
    told = " ".join(capsys.readouterr().err.split())
    found = re.search(r"own\.geojson:1:(\d+)", told)
    assert what in told and found is not None and not (tmp_path / "report.html").exists()
    assert text[int(found[1]) - 1 :].startswith(stands)


def test_a_map_for_a_scenario_without_forces_is_refused(run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "own.geojson").write_text(OWN, encoding="utf-8")
    assert main(["report", str(run), "-o", str(tmp_path / "report.html"), "--map", str(tmp_path / "own.geojson")]) == 2
    assert "--map: the scenario has no record of forces" in " ".join(capsys.readouterr().err.split()) and not (tmp_path / "report.html").exists()


def test_a_map_of_50_megabytes_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "own.geojson"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    with pytest.raises(InvalidInput, match=r"larger than 1 MB \(50 MB\).*mapshaper"):
        own_borders(path)


def test_a_map_that_would_fill_the_report_is_refused(tmp_path: Path) -> None:
    """Points a hundredth of a degree apart are as many as the report keeps."""
    lines = [[[k * 0.01, 40 + j * 0.1] for k in range(700)] for j in range(60)]
    path = tmp_path / "own.geojson"
    path.write_text(json.dumps(json.loads(collection(({}, "MultiLineString", lines))), separators=(",", ":")), encoding="utf-8")
    with pytest.raises(InvalidInput, match=r"kB of the report"):
        own_borders(path)


def test_a_map_without_its_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="there is no such file"):
        own_borders(tmp_path / "nowhere.geojson")


def opened(browser: Any, page: str, tmp_path: Path, width: int = 1280) -> Any:
    path = tmp_path / "report.html"
    path.write_text(page, encoding="utf-8")
    context = browser.new_context(offline=True, viewport={"width": width, "height": 900})
    found = context.new_page()
    found.said = []
    found.on("request", lambda request: found.said.append(request.url) if request.url != path.as_uri() else None)
    found.on("console", lambda message: found.said.append(message.text))
    found.on("pageerror", lambda error: found.said.append(str(error)))
    found.add_init_script("addEventListener('securitypolicyviolation', (e) => console.error(`policy: ${e.violatedDirective} ${e.blockedURI}`))")
    found.goto(path.as_uri())
    found.get_by_role("button", name="Everything").click()
    return found


@pytest.mark.parametrize("width", [400, 1280, 1920])
def test_the_slider_moves_the_day_by_keyboard_and_the_marks_with_it(browser: Any, baltic: Assessment, tmp_path: Path, width: int) -> None:
    figure = panel_of(baltic)["figure"]
    page = opened(browser, to_html(payload(baltic)), tmp_path, width)
    slider = page.locator("#map input[type=range]")
    places = lambda step: [mark for mark in (figure["marks"][k] for k in figure["steps"][step]["marks"]) if figure["sites"][mark["site"]]["at"]]  # noqa: E731
    for press, step in (("", figure["asof"]), ("Home", 0), ("ArrowRight", 1), ("End", len(figure["steps"]) - 1), ("ArrowLeft", len(figure["steps"]) - 2)):
        if press:
            slider.press(press)
        told = figure["steps"][step]["told"]
        assert slider.get_attribute("aria-valuetext") == told == page.locator("#map output").text_content()
        assert page.locator("#map .atlas svg").first.locator(".site", has_text=told).count() == 1
        # The marks of the day, and the key of each side.
        assert page.locator("#map .atlas > svg .force").count() == len(places(step)) + len(figure["sides"])
        for mark in places(step):
            assert mark["told"] in page.locator("#map .stands").text_content()
    page.get_by_role("button", name="The day asked about").click()
    assert slider.get_attribute("aria-valuetext") == figure["steps"][figure["asof"]]["told"]
    assert page.said == [] and page.evaluate("document.documentElement.scrollWidth") <= width
    page.context.close()


def test_land_and_sea_are_where_they_are(browser: Any, baltic: Assessment, tmp_path: Path) -> None:
    """A ring that runs the wrong way would fill the sphere: near the mark in Estonia is land, near the one over the sea is none."""
    page = opened(browser, to_html(payload(baltic)), tmp_path)
    found = page.evaluate("""() => {
      const svg = document.querySelector('#map .atlas svg');
      const land = svg.querySelector('.land');
      const at = (title) => {
        const text = [...svg.querySelectorAll('.site')].find((each) => each.textContent === title).getBBox();
        return land.isPointInFill(new DOMPoint(text.x + text.width / 2, text.y - 6));
      };
      return [at('Estonia'), at('Latvia'), at('Baltic States')];
    }""")
    assert found == [True, True, False]
    page.context.close()


def test_what_a_map_says_is_text(browser: Any, baltic: Assessment, tmp_path: Path) -> None:
    path = tmp_path / "own.geojson"
    path.write_text(OWN, encoding="utf-8")
    page = opened(browser, to_html(payload(baltic, borders=own_borders(path))), tmp_path)
    assert page.locator("#map .country").all_text_contents() == [HOSTILE, "Borders: own.geojson"] and page.locator("#map img").count() == 0 and page.said == []
    assert page.locator("#map .border.disputed").get_attribute("d")
    page.context.close()


def test_on_paper_the_map_has_its_day_and_no_slider(browser: Any, baltic: Assessment, tmp_path: Path) -> None:
    page = opened(browser, to_html(payload(baltic)), tmp_path)
    page.emulate_media(media="print")
    assert not page.locator("#map input[type=range]").is_visible() and page.locator("#map output").is_visible() and page.locator("#map .atlas svg").first.is_visible()
    page.context.close()
