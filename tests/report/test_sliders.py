"""What sliders answer is what the model answers, as far as is told, and what the browser makes of it is the same to the printed digit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.special import ndtr

from detente.ensemble import Assessment, assess
from detente.report import payload, respond, to_html
from detente.report.response import SCORES, Response, interpolate
from detente.report.wording import figure, one_in


@pytest.fixture(scope="module")
def response(small: Assessment) -> Response:
    return respond(small)


@pytest.mark.parametrize("place", [(0, 0, 0), (4, 2, 1), (2, 4, 4)])
def test_a_point_of_the_grid_is_the_scenario_with_these_quantities_known(small: Assessment, response: Response, place: tuple[int, ...]) -> None:
    """Each replaced by a distribution that has no width; the other quantities keep their draws."""
    model, quantities = small.model, dict(small.model.scenario.quantities)
    for name, k in zip(response.quantities, place, strict=True):
        value = float(quantities[name].distribution.quantile(ndtr(np.array([SCORES[k]])))[0])
        narrow = type(quantities[name]).model_validate(
            {"title": name, "unit": quantities[name].unit, "family": "uniform", "low": value, "high": value * (1 + 1e-12), "evidence": "judgement", "known": "2026", "why": "a test"}
        )
        quantities[name] = narrow
    known = assess(replace(model, scenario=model.scenario.model_copy(update={"quantities": quantities})), draws=response.draws)
    told = dict(zip(response.levels, response.grid[place], strict=True))
    assert told == pytest.approx({level: known.result["reach"][level]["mean"] for level in response.levels}, rel=1e-6)


def test_between_points_log_odds_are_a_polynomial(response: Response) -> None:
    """At the points it is the grid; of log-odds that are a polynomial of degree four it is exact everywhere."""
    for place in ((0, 0, 0), (1, 3, 2), (4, 4, 4)):
        assert interpolate(response.grid, np.array([SCORES[k] for k in place])) == pytest.approx(response.grid[place], rel=1e-9)
    x, y = np.meshgrid(SCORES, SCORES, indexing="ij")
    odds = 0.1 * x**4 - x * y**3 - 2.0
    grid = (1 / (1 + np.exp(-odds)))[..., None]
    assert interpolate(grid, np.array([0.3, -1.1])) == pytest.approx(1 / (1 + np.exp(-(0.1 * 0.3**4 + 0.3 * 1.1**3 - 2.0))), rel=1e-9)


@pytest.mark.usefixtures("built")
def test_sliders_answer_by_keyboard_what_python_answers(browser: Any, small: Assessment, response: Response, tmp_path: Any) -> None:
    path = tmp_path / "report.html"
    path.write_text(to_html(payload(small, response=response)), encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    page.get_by_role("button", name="Everything").click()
    sliders = page.locator("#whatif input[type=range]")
    assert sliders.count() == len(response.quantities)
    last, steps = int(sliders.first.get_attribute("max")), (7, -12, 3)
    for k, step in enumerate(steps):
        for _ in range(abs(step)):
            sliders.nth(k).press("ArrowRight" if step > 0 else "ArrowLeft")
    point = np.array([SCORES[0] + (SCORES[-1] - SCORES[0]) * (last / 2 + step) / last for step in steps])
    expected = [f"{one_in(p)}, {figure(p)} %" for p in interpolate(response.grid, point)]
    assert page.locator("#whatif svg .told").all_text_contents() == expected
    page.close()


@pytest.mark.usefixtures("built")
def test_the_browser_words_numbers_as_python_does(browser: Any, small: Assessment, tmp_path: Any) -> None:
    path = tmp_path / "report.html"
    path.write_text(to_html(payload(small)), encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    shares = [0.0, 1.0, 0.5, 0.6, 1e-5, 1 - 1e-5, *(10.0 ** -np.linspace(0.001, 6, 1500)), *(1 - 10.0 ** -np.linspace(0.1, 6, 1500))]
    told = page.evaluate("shares => shares.map((p) => [detente.figure(p), detente.oneIn(p)])", [float(share) for share in shares])
    assert told == [[figure(float(share)), one_in(float(share))] for share in shares]
    page.close()
