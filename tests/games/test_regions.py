"""Regions of equilibria against areas that the thresholds give, against the solver that knows no closed forms, and the figures of them."""

import dataclasses
import sys
from pathlib import Path

import numpy as np
import pytest

from detente import games
from detente.errors import InvalidInput, MissingExtra
from detente.games.classic.closed_form import ClosedForm
from detente.games.classic.entry import ENTRIES

GAME = games.unilateral_deterrence(challenger_hard=0.3, defender_hard=0.2)


def test_the_areas_of_unilateral_deterrence_are_the_rectangles_between_its_thresholds() -> None:
    """c_s = 1/2, c_t = 4/7 and d_n = 7/10 lie on borders of cells cut in five, not all on those of whole cells, so that the areas are exact."""
    shares = GAME.regions("challenger_hard", "defender_hard", points=14, checks=0).shares()
    named = {kind[0]: share for kind, share in shares.items()}
    assert named == pytest.approx({"bluff": 0.5 * 0.7, "attack": 0.5 * 0.3, "separating": 4 / 7 - 0.5, "certain deterrence": 3 / 7}, abs=1e-12)


def test_the_areas_of_mutual_deterrence_are_those_between_its_thresholds() -> None:
    """With the numbers that stand as defaults the lower thresholds are 4/7 and the upper 2/3."""
    shares = games.mutual_deterrence(a_hard=0.5, b_hard=0.5).regions("a_hard", "b_hard", points=42, checks=0).shares()
    assert shares == pytest.approx(
        {
            ("bluff", "A attacks", "B attacks"): (4 / 7) ** 2, ("A attacks",): 4 / 7 * 3 / 7, ("B attacks",): 4 / 7 * 3 / 7,
            ("separating",): (3 / 7) ** 2 - 1 / 9, ("deterrence", "mixed deterrence", "separating"): 1 / 9,
        }, abs=1e-12,
    )  # fmt: skip


def test_the_challenger_of_the_rudimentary_game_attacks_below_the_diagonal() -> None:
    """DC = 1 and DD = 0: a* = 1 - SQ. On the diagonal both classes exist, and no cell tells so."""
    found = games.rudimentary_deterrence(defender_hard=0.39).regions("defender_hard", "challenger_sq", points=20, checks=0)
    assert set(found.classes) == {("attack",), ("deterrence",)}
    below = found.x_values[None, :] < 1 - found.y_values[:, None]
    assert np.array_equal(found.cells == found.classes.index(("attack",)), below)
    assert found.conditions == {} and found.thresholds == {"defender_hard": {}, "challenger_sq": {}}


def test_thresholds_are_told_by_their_symbols() -> None:
    found = GAME.regions("challenger_hard", "defender_hard", points=10, checks=0)
    assert found.thresholds == {"challenger_hard": {"d_n": 0.7}, "defender_hard": {"c_s": 0.5, "c_t": 0.571429}}
    assert found.conditions["separating"] == "c_s = 0.5 <= defender_hard <= c_t = 0.571429"


def test_an_argument_runs_as_far_as_the_orderings_allow() -> None:
    """DC > SQ > DD of the hard: 1 > SQ > 0.3."""
    found = GAME.regions("challenger_sq", "defender_hard", points=10, checks=0)
    cell = 0.7 / 50
    assert found.x_values[[0, -1]] == pytest.approx([0.3 + cell / 2, 1 - cell / 2], abs=1e-6)
    assert (found.cells >= 0).all()


def test_a_game_too_large_for_the_solver_says_that_nothing_was_checked() -> None:
    game = games.asymmetric_escalation(challenger_hard=0.3, defender_hh=0.3, defender_hs=0.2, defender_sh=0.2)
    found = game.regions("challenger_hard", "defender_hh", points=10)
    assert (found.checked, found.certificate) == (0, "no cell solved without closed forms")
    assert found.at(0.5, 0.7) is None and found.at(0.5, 0.5) is not None  # hs and sh leave 0.6


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
    assert {text.get_text() for text in panel.texts} == {"bluff", "attack", "separating", "certain deterrence"}
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


def test_names_that_do_not_fit_stand_in_the_key() -> None:
    pytest.importorskip("matplotlib").use("Agg")
    from matplotlib import pyplot as plt

    _, panel = plt.subplots(figsize=(2.8, 2.8), layout="constrained")
    games.mutual_deterrence(a_hard=0.5, b_hard=0.5).regions("a_hard", "b_hard", points=20, checks=0).plot(panel)
    keys = {text.get_text() for text in panel.get_legend().get_texts()}
    assert "deterrence + mixed deterrence + separating" in keys
    assert {text.get_text().replace("\n", " ") for text in panel.texts} | keys == {
        "bluff + A attacks + B attacks", "A attacks", "B attacks", "separating", "deterrence + mixed deterrence + separating",
    }  # fmt: skip


def test_a_branch_is_drawn_over_the_precision_that_changes_and_marks_where_it_leads() -> None:
    pytest.importorskip("matplotlib").use("Agg")
    precision = np.geomspace(0.1, 300.0, 10)
    answer = GAME.quantal_response({"challenger": 200.0, "defender": precision[::-1]})
    limits = GAME.equilibria()
    figure = answer.plot(limits)
    assert figure.get_supxlabel() == "precision λ of defender (1 / payoff); challenger 200"
    assert np.array_equal(figure.axes[0].lines[0].get_xdata(), precision)
    ticks = [line.get_ydata()[0] for panel in figure.axes for line in panel.lines if len(line.get_xdata()) == 1]
    assert ticks in [np.concatenate(limit.probabilities).tolist() for limit in limits]
    ends = [line.get_ydata()[-1] for panel in figure.axes for line in panel.lines if len(line.get_xdata()) > 1]
    assert np.abs(np.subtract(ticks, ends)).max() < 0.05
    with pytest.raises(InvalidInput, match="another game"):
        answer.plot(games.rudimentary_deterrence(defender_hard=0.39).equilibria())


def test_precisions_without_an_answer_are_marked() -> None:
    """Between equals the branch bifurcates."""
    pytest.importorskip("matplotlib").use("Agg")
    answer = games.mutual_deterrence(a_hard=0.5, b_hard=0.5).quantal_response([1.0, 5.0, 100.0, 200.0])
    assert answer.converged.tolist() == [True, True, False, False]
    figure = answer.plot()
    crosses = next(line for line in figure.axes[0].lines if line.get_marker() == "x")
    assert crosses.get_xdata().tolist() == [100.0, 200.0]
    assert "2 precisions without an answer" in figure.get_suptitle()


def test_a_tree_fits_into_the_axes_of_a_larger_figure() -> None:
    pytest.importorskip("matplotlib").use("Agg")
    from matplotlib import pyplot as plt

    figure, (panel, _) = plt.subplots(1, 2, figsize=(6.0, 3.0))
    assert GAME.draw().plot(panel) is figure
    frame = panel.get_window_extent()
    for text in panel.texts:
        box = text.get_window_extent()
        assert frame.x0 - 1 <= box.x0 and box.x1 <= frame.x1 + 1, text.get_text()


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


def test_a_figure_is_saved_as_its_ending_says_and_always_the_same(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    found = GAME.regions("challenger_hard", "defender_hard", points=12, checks=0)
    for ending, mark in ((".svg", b"<svg"), (".pdf", b"%PDF"), (".png", b"PNG")):
        for name in ("one", "two"):
            found.save(tmp_path / f"{name}{ending}")
        one, two = ((tmp_path / f"{name}{ending}").read_bytes() for name in ("one", "two"))
        assert mark in one[:1000] and one == two
    with pytest.raises(InvalidInput, match=r"figures are .svg, .pdf, .png"):
        found.save(tmp_path / "figure.xls")
