"""The panel of the alliance says what `detente alliance` says of the same run, and judges nothing by how promises were kept elsewhere."""

from __future__ import annotations

import json
from contextlib import redirect_stdout
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from detente.cli import main
from detente.ensemble import Assessment, assess
from detente.insight.promises import RELIABILITY, Promises
from detente.report import payload, promised, to_html
from detente.report.alliance import alliance_panel
from detente.report.names import Called

DRAWS = 64


@pytest.fixture(scope="module")
def panel(baltic: Assessment) -> dict[str, Any]:
    (found,) = [panel for panel in payload(baltic, promises=promised(baltic))["panels"] if panel["name"] == "alliance"]
    return found


@pytest.fixture(scope="module")
def printed(baltic: Assessment, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What `detente alliance RUN --json` prints."""
    folder = tmp_path_factory.mktemp("alliance") / "run"
    baltic.save(folder)
    with redirect_stdout(StringIO()) as said:
        assert main(["alliance", str(folder), "--draws", str(DRAWS), "--json"]) == 0
    found: dict[str, Any] = json.loads(said.getvalue())
    return found


def values(panel: dict[str, Any], table: str) -> dict[str, list[Any]]:
    (found,) = [each for each in panel["tables"] if each["name"] == table]
    return {row[0]["text"]: [cell["value"] for cell in row[1:]] for row in found["rows"]}


def test_the_chance_of_enough_is_that_of_the_command(panel: dict[str, Any], printed: dict[str, Any]) -> None:
    told, clocks = values(panel, "alliance"), list(printed["clocks"].values())
    assert told["Enough is committed"] == pytest.approx([clock["enough"]["mean"] for clock in clocks], rel=1e-12)
    assert told["if the United States sends forces"] == pytest.approx([clock["leader"]["joins"] for clock in clocks], rel=1e-12)
    assert told["if the United States does not"] == pytest.approx([clock["leader"]["stays_out"] for clock in clocks], rel=1e-12)
    assert told["by consensus"] == pytest.approx([clock["by_consensus"] for clock in clocks], rel=1e-12)
    assert told["as a coalition"] == pytest.approx([clock["by_coalition"] for clock in clocks], rel=1e-12)
    assert told["Enough is, of the whole (median)"] == pytest.approx([clock["threshold"]["p50"] for clock in clocks], rel=1e-12)
    for drawn, clock in zip(panel["figure"]["clocks"], clocks, strict=True):
        assert [drawn["p05"], drawn["p95"]] == pytest.approx([clock["enough"]["p05"], clock["enough"]["p95"]], rel=1e-12)
        assert drawn["p05"] <= drawn["p25"] <= drawn["p75"] <= drawn["p95"]


def test_what_groups_bring_and_add_is_that_of_the_command(panel: dict[str, Any], printed: dict[str, Any]) -> None:
    told, clocks = values(panel, "groups"), list(printed["clocks"].values())
    expected = [[clock[kind][group] for kind in ("expected", "contribution") for clock in clocks] for group in clocks[0]["expected"]]
    assert list(told.values()) == [pytest.approx(row, abs=1e-5) for row in expected]


def test_how_members_help_is_that_of_the_command(panel: dict[str, Any], printed: dict[str, Any]) -> None:
    """Every member has its chances, which sum to one, and says whether its public was asked."""
    (table,) = [each for each in panel["tables"] if each["name"] == "members"]
    assert len(table["rows"]) == len(printed["members"]) == 30
    for row, (name, member) in zip(table["rows"], printed["members"].items(), strict=True):
        assert row[0]["text"] == name.replace("_", " ").title()
        shares = [cell["value"] or 0.0 for cell in row[2:-1]]
        assert shares == pytest.approx(list(member["levels"].values()), abs=1e-5) and sum(shares) == pytest.approx(1.0, abs=1e-4)
        assert row[-1]["text"].startswith("attacked" if member["certain"] else "asked" if member["poll"] else "imputed")
        assert (name in printed["imputed"]) == row[-1]["text"].startswith("imputed")


def test_kept_promises_stand_beside_and_judge_nothing(panel: dict[str, Any]) -> None:
    (table,) = [each for each in panel["tables"] if each["name"] == "kept"]
    assert [tuple(cell["text"] for cell in row) for row in table["rows"]] == list(RELIABILITY)
    assert "never pass or fail" in table["title"]


def test_whether_the_rest_of_the_report_follows_from_it_is_told(baltic: Assessment) -> None:
    found = promised(baltic)
    assert isinstance(found, Promises)
    for on in (True, False):
        panel = alliance_panel(replace(found, switched_on=on), Called(baltic))
        assert panel is not None and any("switch of this part of the model is off" in text for text in panel.text) is not on


def test_without_an_alliance_there_is_no_panel(small: Assessment) -> None:
    assert promised(small) is None and alliance_panel(None, Called(small)) is None


@pytest.mark.slow
def test_before_the_attacked_belonged_to_it_there_is_a_sentence() -> None:
    found = assess("baltic-2021", as_of="1996-01-01", draws=16)
    told = promised(found)
    assert isinstance(told, str)
    panel = alliance_panel(told, Called(found))
    assert panel is not None and panel.figure is None and panel.tables == () and "estonia, latvia, lithuania did not all belong to nato" in panel.text[0]


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize("width", [400, 1280, 1920])
def test_the_picture_says_what_the_tables_say(browser: Any, baltic: Assessment, panel: dict[str, Any], tmp_path: Path, width: int) -> None:
    page_text = to_html(payload(baltic, promises=promised(baltic)))
    assert len(page_text.encode()) < 1_000_000
    (tmp_path / "report.html").write_text(page_text, encoding="utf-8")
    context = browser.new_context(offline=True, viewport={"width": width, "height": 900})
    page, said = context.new_page(), []
    page.on("request", lambda request: said.append(request.url) if request.url != (tmp_path / "report.html").as_uri() else None)
    page.on("console", lambda message: said.append(message.text))
    page.add_init_script("addEventListener('securitypolicyviolation', (e) => console.error(`policy: ${e.violatedDirective} ${e.blockedURI}`))")
    page.goto((tmp_path / "report.html").as_uri())
    page.get_by_role("button", name="Everything").click()
    texts = page.locator("#alliance svg text").all_text_contents()
    (table,) = [each for each in panel["tables"] if each["name"] == "alliance"]
    for k in range(len(panel["figure"]["clocks"])):
        mean, joins, stays = (table["rows"][row][k + 1]["text"] for row in (0, 3, 4))
        spread = table["rows"][2][k + 1]["text"]
        assert f"{mean} % ({spread})" in texts or f"{mean} % (90 % of draws: {spread})" in texts
        assert f"with the United States {joins} %, without {stays} %" in texts
    members = page.locator("#table-members tbody tr")
    assert members.count() == len(panel["figure"]["members"])
    for index, member in enumerate(panel["figure"]["members"]):
        assert any(text.rstrip("*").startswith(member["title"][:8]) for text in texts) and member["told"] in texts
        assert members.nth(index).locator("td").nth(5).text_content() + " %" == member["told"]
    assert said == [] and page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
