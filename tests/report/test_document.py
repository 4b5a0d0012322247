"""The report as it is written: what its tables say, what its policy allows, and that whatever a scenario says is text."""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64encode
from dataclasses import replace
from pathlib import Path

import pytest
from tests.report.conftest import read

from detente.ensemble import Assessment, assess
from detente.report import payload, to_html

pytestmark = pytest.mark.usefixtures("built")
HOSTILE = """</script><script>alert(1)</script><img src=x onerror=alert(2)> " ' & <!-- ]]> \u2028 {{7*7}} ${1}"""


@pytest.fixture(scope="module")
def page(small: Assessment) -> str:
    return to_html(payload(small))


def printed(text: str) -> tuple[float, float]:
    """A number as it is printed, and half of its last digit."""
    _, _, decimals = text.partition(".")
    return float(text), 0.5 * 10.0 ** -len(decimals)


def test_every_printed_figure_of_the_ladder_is_the_assessments(small: Assessment, page: str) -> None:
    """The number in full behind each cell to the last bit, what is printed to half of its last digit or 1 % of it."""
    titles = {small.model.scenario.rungs[name].title if name in small.model.scenario.rungs else name.replace("_", " ").capitalize(): name for name in small.result["reach"]}
    compared = 0
    for row in read(page).tables["levels"][1:]:
        summary = small.result["reach"][titles[row[0][0].removeprefix("aside: ")]]
        assert row[1][1] == row[2][1] == summary["mean"]
        assert row[3][1] == summary["p50"]
        if not row[1][0].startswith(("<", ">")):
            value, half = printed(row[1][0])
            assert abs(value / 100 - summary["mean"]) <= max(half / 100, 0.006 * summary["mean"]) + 1e-12
            compared += 1
    assert compared >= 2
    for row in read(page).tables["onward"][1:]:
        assert row[2][1] in {summary["mean"] for summary in small.result["onward"].values()}


def test_the_picture_is_drawn_from_the_numbers_of_the_table(small: Assessment, page: str) -> None:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    for level in json.loads(found[1])["figures"]["ladder"]["levels"]:
        assert {key: level[key] for key in ("mean", "p05", "p25", "p50", "p75", "p95")}.items() <= small.result["reach"][level["name"]].items()


def test_the_ways_of_a_level_in_the_picture_sum_to_one_and_are_all_in_the_legend(baltic: Assessment) -> None:
    (figure,) = [panel["figure"] for panel in payload(baltic)["panels"] if panel["name"] == "ladder"]
    known = [way["key"] for way in figure["pathways"]]
    assert len(known) == len(set(known)) <= 8
    for level in figure["levels"]:
        assert sum(share for _, share, _ in level["ways"]) == pytest.approx(1.0, abs=1e-4)
        assert {key for key, _, _ in level["ways"]} <= set(known)


def test_shares_of_pathways_sum_to_one(page: str) -> None:
    total: dict[str, float] = {}
    for level, _, _, share in read(page).tables["pathways"][1:]:
        total[level[0]] = total.get(level[0], 0.0) + (share[1] or 0.0)
    assert total and all(abs(each - 1.0) < 1e-4 for each in total.values())


def test_the_policy_allows_the_script_and_the_style_of_the_page_and_nothing_else(page: str) -> None:
    reader = read(page)
    (policy,) = [told["content"] for tag, told in reader.tags if tag == "meta" and told.get("http-equiv") == "Content-Security-Policy"]
    assert policy is not None and policy.startswith("default-src 'none'; ")
    for kind, pattern in (("script-src", r"<script>(.*?)</script>"), ("style-src", r"<style>(.*?)</style>")):
        (text,) = re.findall(pattern, page, re.DOTALL)
        digest = b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{kind} 'sha256-{digest}';" in policy
    assert "unsafe" not in policy and not re.search(r"(?<!ttp-equiv=)https?:", policy)


def test_nothing_in_the_page_leads_outside_or_carries_a_style_of_its_own(page: str) -> None:
    for tag, told in read(page).tags:
        assert "style" not in told and not [name for name in told if name.startswith("on")], tag
        assert "src" not in told and tag not in ("link", "iframe", "object", "embed", "base", "form", "img")
        assert str(told.get("href", "#")).startswith("#")


def test_a_report_is_small(page: str) -> None:
    assert len(page.encode()) < 1_000_000


def hostile(small: Assessment) -> Assessment:
    model = small.model
    quantities = {name: item.model_copy(update={"title": HOSTILE, "why": HOSTILE, "unit": item.unit}) for name, item in model.scenario.quantities.items()}
    rungs = {name: item.model_copy(update={"title": f"{name} {HOSTILE}"}) for name, item in model.scenario.rungs.items()}
    scenario = model.scenario.model_copy(update={"quantities": quantities, "rungs": rungs})
    return replace(small, about={**small.about, "title": HOSTILE}, _model=replace(model, scenario=scenario))


def test_what_a_scenario_says_is_text(small: Assessment) -> None:
    """Titles and reasons that are HTML, scripts or comments appear as they are written, and add no element."""
    page, plain = to_html(payload(hostile(small))), to_html(payload(small))
    told, usual = read(page), read(plain)
    assert [tag for tag, _ in told.tags] == [tag for tag, _ in usual.tags]
    assert "".join(told.text).count(HOSTILE) > 10
    assert page.count("</script>") == plain.count("</script>") == 2


CHAIN = """\
format: detente/scenario/1
title: {title}
as_of: 2026-01-01
horizon: 5
actors: {{one: {{title: One, discount: 0.1, precision: 1}}}}
rungs: {{{rungs}}}
moves: {{{moves}}}
"""


def chain(folder: Path, titles: list[str]) -> Assessment:
    """Rungs of which each leads to the next, and back."""
    rungs = ", ".join(f'r{k}: {{title: "{title}"}}' for k, title in enumerate(titles))
    up = [f"up{k}: {{from: r{k}, to: r{k + 1}, rate: 0.7}}" for k in range(len(titles) - 1)]
    down = [f"down{k}: {{from: r{k + 1}, to: r{k}, rate: 0.3}}" for k in range(len(titles) - 1)]
    path = folder / "chain.yaml"
    path.write_text(CHAIN.format(title=titles[-1], rungs=rungs, moves=", ".join(up + down)), encoding="utf-8")
    return assess(path, draws=64)


@pytest.mark.parametrize(
    "titles",
    [["Calm", "War"], [f"Rung {k}" for k in range(41)], ["Мир", "Кризис " * 28 + "Я", "Война " * 33 + "Я"]],
    ids=["one rung above the first", "forty rungs above the first", "names of 200 letters in Cyrillic"],
)
def test_ladders_of_any_size_and_name_have_reports(titles: list[str], tmp_path: Path) -> None:
    found = chain(tmp_path, titles)
    told = read(to_html(payload(found)))
    assert [row[0][0] for row in told.tables["levels"][1:]] == [title.strip() for title in reversed(titles[1:])]
