"""What sliders answer is what the model answers, as far as is told, and what the browser makes of it is the same to the printed digit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import expit, logit, ndtr

from detente.ensemble import Assessment, assess
from detente.report import payload, respond, to_html
from detente.report.response import REACH, Response, degrees_of, design, positions, terms
from detente.report.wording import figure, one_in


@pytest.fixture(scope="module")
def response(small: Assessment) -> Response:
    return respond(small)


def known(assessment: Assessment, names: tuple[str, ...], point: NDArray[np.float64], draws: int) -> Assessment:
    """The scenario with some quantities known: each replaced by a distribution that has no width; the other quantities keep their draws."""
    model, quantities = assessment.model, dict(assessment.model.scenario.quantities)
    for name, x in zip(names, point, strict=True):
        value = float(quantities[name].distribution.quantile(ndtr(np.array([REACH * x])))[0])
        quantities[name] = type(quantities[name]).model_validate(
            {"title": name, "unit": quantities[name].unit, "family": "uniform", "low": value, "high": value * (1 + 1e-12), "evidence": "judgement", "known": "2026", "why": "a test"}
        )
    return assess(replace(model, scenario=model.scenario.model_copy(update={"quantities": quantities})), draws=draws)


def unshifted(response: Response, point: NDArray[np.float64]) -> NDArray[np.float64]:
    return expit(logit(response.at(point[None])[0]) - response.shift)


@pytest.mark.parametrize("point", [(0.0, 0.0, 0.0), (-0.77, 0.35, 0.91), (0.5, -0.9, -0.2)])
def test_an_answer_is_the_scenario_with_these_quantities_known(small: Assessment, response: Response, point: tuple[float, ...]) -> None:
    """As far as the report says, and a bit: what it says is the largest distance at other points."""
    at = np.array(point)
    found = known(small, response.quantities, at, response.draws)
    for level, told in zip(response.levels, unshifted(response, at), strict=True):
        assert told == pytest.approx(found.result["reach"][level]["mean"], rel=1.5 * response.error[level] + 1e-3)


def test_the_answers_have_the_mean_of_the_run(small: Assessment, response: Response) -> None:
    """Over its draws within the range of the sliders."""
    points = positions(small, response.quantities)
    inside = (np.abs(points) <= 1.0).all(axis=1)
    assert 0.6 < inside.mean() < 0.85  # 0.9 ** 3 of independent draws
    for k, level in enumerate(response.levels):
        assert response.at(points[inside])[:, k].mean() == pytest.approx(float(small.reach.sel(rung=level).values[inside, -1].mean()), rel=1e-9)


def test_the_answers_are_near(response: Response) -> None:
    assert response.checked >= 20 and max(response.error.values()) < 0.05


@pytest.mark.slow
def test_history_weighs_the_answers_as_it_weighs_a_run(baltic: Assessment) -> None:
    """Against the scenario with the quantities known, of which history weighs the draws."""
    assert baltic.history is not None and baltic.history["method"] == "weights"
    response = respond(baltic)
    at = np.zeros(len(response.quantities))
    found = known(baltic, response.quantities, at, baltic.draws)
    unweighted = {level: float(found.reach.sel(rung=level).values[:, -1].mean()) for level in response.levels}
    apart = 0
    for level, told in zip(response.levels, unshifted(response, at), strict=True):
        mean = found.result["reach"][level]["mean"]
        assert told == pytest.approx(mean, rel=1.5 * response.error[level] + 1e-3)
        apart += abs(unweighted[level] / mean - 1) > 0.01
    assert apart


def test_terms_are_products_of_chebyshev_polynomials() -> None:
    """T1 T2 is x (2 y² - 1)."""
    x, y = 0.3, -0.6
    degrees = degrees_of(2)
    found = dict(zip(map(tuple, degrees.tolist()), terms(np.array([[x, y]]), degrees)[0], strict=True))
    assert found[0, 0] == 1.0 and found[1, 2] == pytest.approx(x * (2 * y * y - 1)) and found[0, 6] == pytest.approx(np.cos(6 * np.arccos(y)))
    assert (6, 0) in found and (5, 1) not in found and (4, 3) not in found
    assert np.linalg.matrix_rank(terms(design(3), degrees_of(3))) == len(degrees_of(3))


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
    point = np.array([[2 * step / last for step in steps]])
    expected = [f"{one_in(p)}, {figure(p)} %" for p in response.at(point)[0]]
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
