"""Regions of equilibria against areas that the thresholds give, against the solver that knows no closed forms, and the figures of them."""

import dataclasses
import sys

import numpy as np
import pytest

from detente import games
from detente.errors import InvalidInput, MissingExtra
from detente.games.classic.closed_form import ClosedForm
from detente.games.classic.entry import ENTRIES

GAME = games.unilateral_deterrence(challenger_hard=0.3, defender_hard=0.2)


def test_the_areas_of_unilateral_deterrence_are_the_rectangles_between_its_thresholds() -> None:
    """c_s = 1/2, c_t = 4/7 and d_n = 7/10 lie on borders of cells, so that the areas are exact."""
    shares = GAME.regions("challenger_hard", "defender_hard", points=210, checks=0).shares()
    named = {kind[0]: share for kind, share in shares.items()}
    assert named == pytest.approx({"bluff": 0.5 * 0.7, "attack": 0.5 * 0.3, "separating": 4 / 7 - 0.5, "certain deterrence": 3 / 7}, abs=1e-12)


def test_axes_may_be_swapped() -> None:
    over, back = GAME.regions("challenger_hard", "defender_hard", points=30, checks=0), GAME.regions("defender_hard", "challenger_hard", points=30, checks=0)
    assert over.at(0.9, 0.2) == back.at(0.2, 0.9) == ("attack", "steadfast deterrence")
    assert over.shares() == back.shares()


def test_where_the_orderings_fail_nothing_is_said() -> None:
    """The challenger's status quo lies between 0.3 and 1."""
    found = GAME.regions("challenger_sq", "defender_hard", x_range=(0.1, 1.1), points=20, checks=0)
    assert [found.at(value, 0.9) is None for value in (0.15, 0.29, 0.32, 0.97, 1.02)] == [True, True, False, False, True]
    assert sum(found.shares().values()) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("game", "x", "y"),
    [
        (GAME, "challenger_hard", "defender_hard"),
        (games.mutual_deterrence(a_hard=0.5, b_hard=0.5), "a_hard", "b_hard"),
        (games.trust_game(a_seeker=0.5, b_seeker=0.5), "a_seeker", "b_seeker"),
        (games.chance_threat(risk=0.3, undeterrable=0.1), "risk", "undeterrable"),
    ],
    ids=lambda value: value.name if isinstance(value, games.Game) else None,
)
def test_the_solver_without_closed_forms_agrees_in_cells_away_from_borders(game: games.Game, x: str, y: str) -> None:
    found = game.regions(x, y, points=25, checks=6)
    assert (found.checked, found.contradicted) == (6, 0)


def test_a_wrong_closed_form_is_contradicted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The certificate can fail."""
    entry = ENTRIES["unilateral_deterrence"]

    def wrong(arguments: object) -> list[ClosedForm]:
        forms = entry.closed_forms(arguments)
        submits = {name: {"C": 1.0, "D": 0.0} for name in forms[0].strategies}
        return [*forms, ClosedForm("submission", "never", submits)]

    monkeypatch.setitem(ENTRIES, "unilateral_deterrence", dataclasses.replace(entry, closed_forms=wrong))
    found = GAME.regions("challenger_hard", "defender_hard", points=25, checks=4)
    assert found.contradicted == 4


def test_every_problem_with_the_axes_is_told_at_once() -> None:
    with pytest.raises(InvalidInput) as caught:
        GAME.regions("challenger_hrad", "defender_sq")
    assert [(problem.where, problem.remedy) for problem in caught.value.problems] == [
        ("challenger_hrad", "did you mean 'challenger_hard'?"), ("defender_sq", "give one around 0.9"),
    ]  # fmt: skip
    for x, y, more in [("challenger_hard",) * 2 + ({},), ("challenger_hard", "defender_hard", {"x_range": (0.5, 1.5)}), ("challenger_hard", "defender_hard", {"points": 1})]:
        with pytest.raises(InvalidInput):
            GAME.regions(x, y, **more)


def test_the_figure_names_every_region_and_says_what_was_checked() -> None:
    pytest.importorskip("matplotlib").use("Agg")
    figure = GAME.regions("challenger_hard", "defender_hard", points=40, checks=2).plot()
    (panel,) = figure.axes
    written = {text.get_text() for text in panel.texts} | {text.get_text() for text in panel.get_legend().get_texts()}
    assert written == {"bluff", "attack", "separating", "certain deterrence"}
    assert panel.get_xlabel() == "challenger hard (probability)"
    caption = figure.get_supxlabel().replace("\n", " ")
    assert "steadfast deterrence" in caption and "2 cells solved without closed forms, 0 contradict them" in caption and "Zagare and Kilgour" in caption


def test_the_figure_of_a_branch_has_a_panel_for_each_information_set() -> None:
    pytest.importorskip("matplotlib").use("Agg")
    precision = np.geomspace(0.1, 100.0, 12)
    answer = GAME.quantal_response(precision)
    figure = answer.plot()
    assert [panel.get_title(loc="left") for panel in figure.axes] == [str(name) for _, name in GAME.layout[1].infoset_names]
    line = figure.axes[0].lines[0]
    assert np.array_equal(line.get_xdata(), precision)
    assert np.array_equal(line.get_ydata(), answer.behaviour["challenger"][0]["C"])


def test_without_matplotlib_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    with pytest.raises(MissingExtra, match=r"detente\[plot\]"):
        GAME.regions("challenger_hard", "defender_hard", points=5, checks=0).plot()


def test_one_precision_is_no_path() -> None:
    with pytest.raises(InvalidInput, match="several precisions"):
        GAME.quantal_response(2.0).plot()


def test_the_figure_of_a_tree_holds_what_the_svg_holds() -> None:
    """The same words, and as many branches, dashed lines and nodes."""
    pytest.importorskip("matplotlib").use("Agg")
    picture = GAME.draw()
    (panel,) = picture.plot().axes
    svg = picture.svg
    assert len(panel.patches) == svg.count("stroke-dasharray")
    assert sum(len(line.get_xdata()) == 3 for line in panel.lines) == svg.count("<polyline")
    assert sum(len(line.get_xdata()) == 1 for line in panel.lines) == svg.count("<circle")
    for word in ("Unilateral deterrence game", "payoffs:", "hard challenger (0.3)", "challenger", "dashed: the mover cannot tell which"):
        assert word in {text.get_text() for text in panel.texts} and word in svg
