"""The report in a real browser: opened from a file with the network cut, any request beside the file and any breach of its policy fails the test."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from detente.ensemble import Assessment
from detente.insight import Comparison, judge_claims, sensitivity
from detente.report import promised, respond, write

pytestmark = pytest.mark.usefixtures("built")


@pytest.fixture(scope="module")
def file(small: Assessment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    write(small, path, response=respond(small), moved=sensitivity(small, block=64))
    return path


@pytest.fixture(scope="module")
def whole(baltic: Assessment, compared: Comparison, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report with every panel but the sliders."""
    path = tmp_path_factory.mktemp("report") / "whole.html"
    write(baltic, path, compared=[compared], judged=judge_claims(baltic, names=("C04",), beside=64), promises=promised(baltic))
    return path


@pytest.fixture
def page(browser: Any, file: Path) -> Iterator[Any]:
    """The report; it must not have asked for anything or said anything when the test is over."""
    context = browser.new_context(offline=True, viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    asked: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("console", lambda message: asked.append(message.text))
    opened.on("pageerror", lambda error: asked.append(str(error)))
    opened.add_init_script("addEventListener('securitypolicyviolation', (e) => console.error(`policy: ${e.violatedDirective} ${e.blockedURI}`))")
    opened.goto(file.as_uri())
    yield opened
    assert [each for each in asked if each != file.as_uri() and not each.startswith(("data:", "blob:"))] == []
    context.close()


def test_the_picture_says_what_the_table_says(page: Any, small: Assessment) -> None:
    """Every rung of the picture has the chance and the percentage of its row."""
    rungs = page.locator("svg .rung")
    assert rungs.count() == page.locator("#table-levels tbody tr").count()
    for k in range(rungs.count()):
        cells = page.locator("#table-levels tbody tr").nth(k).locator("th, td").all_text_contents()
        told = rungs.nth(k).text_content()
        assert cells[2] in told and f"{cells[1]} %" in told


def test_a_rung_leads_to_who_chooses_there_by_mouse_and_by_keyboard(page: Any) -> None:
    for press in (lambda rung: rung.click(), lambda rung: rung.press("Enter")):
        page.get_by_role("button", name="In brief", exact=True).click()
        rung = page.locator("svg .rung").first
        press(rung)
        title = page.evaluate("document.activeElement.textContent")
        assert title and rung.text_content().startswith(title)
        assert page.locator("#rungs .part:visible").count() == 1


def test_shares_of_variance_on_the_screen_are_those_of_the_table(page: Any) -> None:
    """For each outcome that is chosen, the words beside the bars are those of its rows."""
    page.get_by_role("button", name="Everything").click()
    for title in page.locator("#shares .choice button").all_text_contents():
        page.locator("#shares .choice button", has_text=title).first.click()
        drawn = [text for text in page.locator("#shares svg text.small:not(.over)").all_text_contents() if text]
        rows = page.locator("#table-sobol tbody tr").all()
        told = [row.locator("td").nth(3).text_content() for row in rows if row.locator("th").text_content() == title]
        assert drawn == [text for text in told if text] and drawn


def test_a_reader_in_a_hurry_sees_less(page: Any) -> None:
    assert page.locator("#assumptions").is_hidden()
    page.get_by_role("button", name="Everything").click()
    assert page.locator("#assumptions").is_visible()


def test_a_table_is_saved_with_numbers_in_full(page: Any, small: Assessment) -> None:
    page.locator("#table-levels summary").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name=re.compile("^Save as CSV: Reached")).click()
    lines = Path(waiting.value.path()).read_text(encoding="utf-8").splitlines()
    assert waiting.value.suggested_filename == "first-steps-levels.csv"
    assert len(lines) == 1 + page.locator("#table-levels tbody tr").count()
    top = small.result["reach"][page.evaluate("JSON.parse(document.getElementById('data').textContent).figures.ladder.levels[0].name")]
    assert repr(top["mean"]) in lines[1].split(",")


@pytest.mark.parametrize(("kind", "begins"), [("SVG", b"<svg"), ("PNG", b"\x89PNG")])
def test_a_picture_is_saved(page: Any, kind: str, begins: bytes) -> None:
    with page.expect_download() as waiting:
        page.locator("#ladder").get_by_role("button", name=kind).click()
    saved = Path(waiting.value.path()).read_bytes()
    assert saved.startswith(begins) and len(saved) > 3000


def test_every_panel_with_a_picture_has_one_and_its_twin(browser: Any, whole: Path) -> None:
    page = browser.new_page()
    page.goto(whole.as_uri())
    page.get_by_role("button", name="Everything").click()
    assert page.locator("figure").count() == 8
    for figure in page.locator("figure").all():
        assert figure.locator("svg text").count() > 3 and figure.locator("figcaption").text_content()
        assert figure.locator("xpath=..").locator("details.table").count() >= 1
    page.close()


def test_a_source_is_found_from_what_rests_on_it_and_by_search(browser: Any, whole: Path) -> None:
    page = browser.new_page()
    page.goto(whole.as_uri())
    page.get_by_role("button", name="Everything").click()
    page.locator("#table-treaties > summary").click()
    link = page.locator("#table-treaties td a").first
    name = link.text_content()
    link.click()
    assert page.locator(f"#source-{name}").is_visible()
    page.locator("#table-sources input").fill(f"{name} ")
    shown = page.locator("#table-sources tbody tr:visible")
    assert 1 <= shown.count() < page.locator("#table-sources tbody tr").count() and name in shown.first.text_content()
    page.locator("#table-sources input").fill("no such source")
    assert page.locator("#table-sources").get_by_role("status").text_content() == "Nothing has all these words."
    page.close()


def test_without_scripts_the_tables_stand(browser: Any, file: Path) -> None:
    context = browser.new_context(offline=True, java_script_enabled=False)
    page = context.new_page()
    page.goto(file.as_uri())
    assert page.locator("#table-levels tbody tr").first.is_visible() and page.locator("#assumptions").is_visible()
    assert not page.locator("figure").first.is_visible()
    context.close()


@pytest.mark.slow
@pytest.mark.parametrize(("report", "width", "scheme"), [("whole", 400, "light"), ("whole", 1280, "dark"), ("file", 400, "dark")])
def test_nothing_bars_a_reader(browser: Any, report: str, width: int, scheme: Any, request: pytest.FixtureRequest) -> None:
    """axe-core finds no breach of WCAG 2.2 AA in any panel, and the page is no wider than the screen."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed; extra `test` brings it")
    # The policy of the file would keep the checker out too.
    context = browser.new_context(offline=True, viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    page.goto(request.getfixturevalue(report).as_uri())
    page.get_by_role("button", name="Everything").click()
    # A long table is the same from row to row, and the checker takes its time with each.
    page.evaluate("for (const each of document.querySelectorAll('details.table')) { each.open = true; [...each.querySelectorAll('tbody tr')].slice(4).forEach((row) => row.remove()); }")
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    found = axe.Axe().run(page, options=rules)
    assert found.response["violations"] == [], found.generate_report()
    assert len(found.response["passes"]) > 10
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_a_notebook_shows_the_report_in_a_frame_that_reaches_nothing(browser: Any, small: Assessment, tmp_path: Path) -> None:
    """`detente.assess` answers with something that notebooks show; its script runs under the same policy."""
    import detente

    shown = detente.Assessment._repr_html_(small)
    assert shown is not None
    (tmp_path / "notebook.html").write_text(f"<!doctype html><title>n</title><meta charset=utf-8>{shown}", encoding="utf-8")
    context = browser.new_context(offline=True, viewport={"width": 1100, "height": 900})
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto((tmp_path / "notebook.html").as_uri())
    frame = page.frame_locator("iframe")
    frame.locator("svg .rung").first.wait_for()
    assert frame.locator("svg .rung").count() >= 2 and said == []
    context.close()


def test_without_the_figures_a_notebook_shows_the_table(small: Assessment, monkeypatch: pytest.MonkeyPatch) -> None:
    from detente.report import in_notebook

    monkeypatch.setattr("detente.report.bundle.FILES", ("not-built.js",))
    shown = in_notebook(small)
    assert "iframe" not in shown and f'value="{small.result["reach"]["war"]["mean"]!r}"' in shown and "install the package again" in shown
