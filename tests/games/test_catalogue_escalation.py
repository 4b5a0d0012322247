"""Asymmetric escalation and the tripartite crisis: worked numbers, published properties, and a judge who knows the trees alone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.games.judge import assert_equilibrium, outcomes, played
from tests.games.test_catalogue_deterrence import open_unit, payoffs

from detente import games

ESCALATION = [
    (0.7, (0.2, 0.1, 0.2), ["no response", "constrained limited response"]),
    (0.7, (0.3, 0.1, 0.1), ["no response", "constrained limited response"]),
    (0.5, (0.2, 0.1, 0.2), ["attack", "constrained limited response, SH escalates", "mixed response, SH escalates"]),
    (0.7, (0.5, 0.2, 0.1), ["no response", "certain deterrence", "limited-response deterrence", "limited-response deterrence, SH escalates"]),
    (0.7, (0.05, 0.25, 0.05), ["no response", "hybrid limited response"]),
    (0.3, (0.05, 0.05, 0.05), ["bluff I"]),
    (0.3, (0.35, 0.15, 0.35), ["bluff II", "constrained limited response, SH mixes", "certain deterrence", "limited-response deterrence, SH escalates"]),
]


@pytest.mark.parametrize(("hard", "kinds", "names"), ESCALATION)
def test_classes_of_asymmetric_escalation(hard: float, kinds: tuple[float, float, float], names: list[str]) -> None:
    """Beside steadfast and other deterrence, which always exist; each is an equilibrium."""
    hh, hs, sh = kinds
    game = games.asymmetric_escalation(challenger_hard=hard, defender_hh=hh, defender_hs=hs, defender_sh=sh)
    assert [one.name for one in game.closed_form()] == [*names, "steadfast deterrence", "other deterrence"]
    for one in game.closed_form():
        assert_equilibrium(game, one)


@pytest.mark.parametrize(
    ("hard", "kinds", "name", "expected"),
    [
        (0.7, (0.2, 0.1, 0.2), "constrained limited response", {"DC": 0.7, "DD": 0.3}),
        (0.7, (0.05, 0.25, 0.05), "hybrid limited response", {"DC": 0.9, "DD": 0.075, "ED": 0.0125, "EE": 0.0125}),
        (0.3, (0.35, 0.15, 0.35), "constrained limited response, SH mixes", {"SQ": 0.5, "DC": 0.1875, "DD": 0.25, "DE": 0.025, "EE": 0.0375}),
        (0.3, (0.05, 0.05, 0.05), "bluff I", {"SQ": 0.2, "DC": 0.4, "DE": 0.25, "EE": 0.15}),
    ],
)
def test_outcomes_of_asymmetric_escalation(hard: float, kinds: tuple[float, float, float], name: str, expected: dict[str, float]) -> None:
    """Worked numbers."""
    hh, hs, sh = kinds
    game = games.asymmetric_escalation(challenger_hard=hard, defender_hh=hh, defender_hs=hs, defender_sh=sh)
    (found,) = (one for one in game.closed_form() if one.name == name)
    assert {end: share for end, share in outcomes(game, found).items() if share > 1e-12} == pytest.approx(expected)


@settings(max_examples=150, deadline=None)
@given(open_unit, st.lists(st.floats(0.02, 1), min_size=4, max_size=4), payoffs("asymmetric_escalation"))
def test_every_class_of_asymmetric_escalation_is_an_equilibrium(hard: float, shares: list[float], worth: dict[str, float]) -> None:
    """At any payoffs and credibilities."""
    hh, hs, sh, _ = (share / sum(shares) for share in shares)
    game = games.asymmetric_escalation(challenger_hard=hard, defender_hh=hh, defender_hs=hs, defender_sh=sh, **worth)
    for one in game.closed_form():
        assert_equilibrium(game, one, 1e-11)


def test_complete_information_knows_no_conflict() -> None:
    """Published (Kilgour and Zagare 2007): where types are known the status quo stays or the defender concedes."""
    game = games.asymmetric_escalation(challenger_hard=0.5, defender_hh=0.25, defender_hs=0.25, defender_sh=0.25)
    ends = dict(played(game, game.root))
    assert len(ends) == 8
    expected = {("hard challenger", f"{kind} defender"): "DC" for kind in ("HS", "SH", "SS")}
    assert ends == {labels: expected.get(labels, "SQ") for labels in ends}


TRIPARTITE = [
    (0.3, 0.7, "commitment that deters", {"SQ": 1.0}),
    (0.3, 0.2, "straddle", {"SQ": 0.571429, "CF": 0.181579, "CC": 0.077820, "PR": 0.033835, "PL": 0.135338}),
    (0.9, 0.2, "mixed resistance", None),
]


@pytest.mark.parametrize(("determined", "disloyal", "name", "expected"), TRIPARTITE)
def test_tripartite_crisis(determined: float, disloyal: float, name: str, expected: dict[str, float] | None) -> None:
    """Worked numbers; the quantal response of three players tends to the same."""
    game = games.tripartite_crisis(challenger_determined=determined, protege_disloyal=disloyal)
    (found,) = (one for one in game.closed_form() if one.name == name)
    assert found.plausible
    assert_equilibrium(game, found)
    if expected is None:
        assert found.strategies["defender, node 3"]["support"] == pytest.approx(5 / 11)
        assert found.strategies["loyal protege, node 2"]["resist"] == pytest.approx(0.375)
    else:
        assert {end: share for end, share in outcomes(game, found).items() if share > 1e-12} == pytest.approx(expected, abs=6e-7)
    limit = games.quantal_response(game, 3000.0).behaviour
    assert limit["defender"][0]["support"] == pytest.approx(found.strategies["defender, node 3"]["support"], abs=5e-3)


@settings(max_examples=100, deadline=None)
@given(open_unit, open_unit, payoffs("tripartite_crisis"), st.floats(0.01, 0.5), st.floats(-0.5, 1.2), st.floats(0.05, 0.95))
def test_every_class_of_the_tripartite_crisis_is_an_equilibrium(
    determined: float, disloyal: float, worth: dict[str, float], above: float, status_quo: float, settlement: float
) -> None:
    """At any payoffs; a straddle never deters a determined challenger, and commitment is for proteges whose threat to realign is credible."""
    status_quo += worth["challenger_cc"]
    worth |= {"challenger_sq": status_quo, "challenger_pl": status_quo + above, "challenger_pr": status_quo + above / 2, "challenger_se": status_quo + above / 3}
    worth |= {"defender_cc": worth["defender_cf"] + above, "protege_se": worth["protege_pl"] + settlement, "protege_cc": worth["protege_pl"] + 2 * settlement}
    worth |= {"protege_cf": worth["protege_pl"] + 2 * settlement - above}
    game = games.tripartite_crisis(challenger_determined=determined, protege_disloyal=disloyal, **worth)
    threatened = (worth["defender_pl"] - worth["defender_cf"]) / (worth["defender_pl"] - worth["defender_pr"])
    for one in game.closed_form():
        assert_equilibrium(game, one, 1e-11)
        if one.name == "commitment that deters" and one.plausible:
            assert disloyal >= threatened - 1e-9
        if one.name == "straddle":
            assert disloyal <= threatened + 1e-9
            assert one.strategies["determined challenger, node 1"]["demand"] == 1.0
