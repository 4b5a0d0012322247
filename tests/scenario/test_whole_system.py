"""The whole Baltic system: each mechanism has a switch whose off position is the scenario in which it was never written, and does what its source says."""

from __future__ import annotations

import copy
import io
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pygambit
import pytest
from scipy.special import logit

import detente
from detente.document import dump
from detente.ensemble import assess
from detente.ensemble.draws import draw
from detente.scenario import load
from detente.scenario.evaluate import named_values
from detente.scenario.files import locate, read_merged

Data = dict[str, Any]


def without_provocations(data: Data) -> None:
    data["rungs"].pop("crisis_by_provocation")
    data["groups"]["crisis"].remove("crisis_by_provocation")
    data["stakes"].pop("crisis_by_provocation")
    data["games"].pop("provocation")
    data["moves"]["crisis_settles_in"]["from"].remove("crisis_by_provocation")
    data["games"]["crisis_bargaining"]["at"].remove("crisis_by_provocation")
    challenge = data["games"]["challenge"]
    challenge["tree"]["russia"]["challenge"] = challenge["tree"]["russia"]["challenge"]["otherwise"]
    challenge["weights"].pop("escalate")


def without_first_strikes(data: Data) -> None:
    for move in ("crisis_preempted", "russian_preemption", "nato_preemption"):
        data["moves"].pop(move)
    data["drivers"].pop("first_strike_index")


def without_verification(data: Data) -> None:
    odds = data["drivers"]["misread_odds"]
    odds["formula"] = odds["formula"].replace("+ verification * suspicion_effect * (suspicion - usual_suspicion)", "")
    for driver in ("suspicion", "usual_suspicion", "breach", "usual_breach", "detection", "usual_detection"):
        data["drivers"].pop(driver)


def without_background(data: Data) -> None:
    data.pop("regimes")
    data["moves"].pop("war_spills_over")
    move, game = data["moves"]["encounter_goes_wrong"], data["games"]["challenge"]
    move["rate"] = move["rate"].replace("* open_war_encounters ** ukraine_open_war", "")
    game["tempo"] = game["tempo"].replace("* open_war_openings ** ukraine_open_war", "")


def without_alliance(data: Data) -> None:
    data.pop("alliance"), data.pop("allies")
    data["drivers"]["believed_resolve"]["formula"] = "p_resolute"
    odds = data["drivers"]["russian_odds"]
    odds["formula"] = odds["formula"].replace(" - alliance_response * day_3_effect * (alliance_expected_day_3 - 0.5)", "")
    for driver in ("alliance_ready_day_30", "alliance_expected_day_3", "support_added"):
        data["drivers"].pop(driver)
    data["policies"].pop("public_support")
    data["factors"].pop("T6")


def without_trust(data: Data) -> None:
    data["contingencies"].pop("turnover")
    resolve = data["drivers"]["resolve"]
    resolve["formula"] = resolve["formula"].replace(" * trust_odds ** (-trust_effect * driver_effects)", "")
    for driver in ("trust_in_us", "trust_odds"):
        data["drivers"].pop(driver)


@pytest.mark.parametrize(
    ("switch", "unwrite"),
    [
        ("provocations", without_provocations), ("first_strike_pressure", without_first_strikes), ("verification", without_verification),
        ("background_war", without_background), ("alliance_response", without_alliance), ("trust", without_trust),
    ],
)  # fmt: skip
def test_off_is_the_scenario_in_which_it_was_never_written(switch: str, unwrite: Callable[[Data], None], tmp_path: Path) -> None:
    data = copy.deepcopy(dict(read_merged(locate("baltic-2021")).data))
    data["structures"] = {}
    unwrite(data)
    data["switches"].pop(switch)
    file = tmp_path / "never.yaml"
    file.write_text(dump(data), encoding="utf-8")
    never = detente.assess(str(file), draws=64)
    off, on = (detente.assess("baltic-2021", draws=64, switches={switch: position}) for position in (False, True))
    names = list(never.reach.rung.values)
    assert np.abs(off.reach.sel(rung=names).values - never.reach.values).max() < 1e-10
    assert np.abs(on.reach.sel(rung=names).values - never.reach.values).max() > 1e-6


def test_suspicion_is_that_of_the_inspection_game() -> None:
    """Solved by another program: the inspector waits or looks closely, the inspected side complies or breaches; then Bayes' rule."""
    model = load("baltic-2021", switches={"alliance_response": False})
    draws = {name: np.asarray(item.distribution.quantile(np.array([0.3, 0.5, 0.8]))) for name, item in model.scenario.quantities.items()}
    values = named_values(model, draws, {name: np.zeros(3) for name in model.chance_names})
    for k in range(3):
        found, penalty, cost = (float(np.broadcast_to(values[name], (3, 4))[k, 0]) for name in ("detection", "breach_penalty", "inspection_cost"))
        # Rows: wait, look; columns: comply, breach. A breach that is not found harms by 1 and gains 1.
        inspector, inspected = [[0, -1], [-cost, -cost - (1 - found)]], [[0, 1], [0, 1 - found * (1 + penalty)]]
        cells = " ".join(f"{inspector[row][column]:.15f} {inspected[row][column]:.15f}" for column, row in product(range(2), repeat=2))
        game = pygambit.read_nfg(io.BytesIO(f'NFG 1 R "Inspection" {{ "inspector" "inspected" }} {{ 2 2 }} {cells}'.encode()))
        (equilibrium,) = pygambit.nash.enummixed_solve(game, rational=False).equilibria
        look, breach = (equilibrium[player]["2"] for player in game.players)
        assert float(np.broadcast_to(values["breach"], (3, 4))[k, 0]) == pytest.approx(breach, abs=1e-9)
        after_nothing = breach * (1 - found * look) / (1 - breach * found * look)
        assert float(np.broadcast_to(values["suspicion"], (3, 4))[k, 0]) == pytest.approx(after_nothing, abs=1e-9)


def test_pathways_of_every_trigger_sum_to_the_reach() -> None:
    found = assess("baltic-2021", draws=64)
    table = found.data["pathways"]
    assert {"deliberate", "accidental", "inadvertent", "preemptive"} <= set(table.trigger.values.tolist())
    assert {"deliberate", "accidental", "provoked"} <= set(table.origin.values.tolist())
    total = table.sum(["origin", "trigger"])
    for level in total.level.values:
        assert total.sel(level=level).values == pytest.approx(found.reach.sel(rung=level).isel(year=-1).values, abs=1e-12)


def test_a_war_that_may_open_makes_incidents_likelier_and_never_less_likely_than_a_frozen_one() -> None:
    """Spill-over comes only in open war, so that a background which can open adds to it; which way challenges go is a quantity."""
    frozen, moving = (assess("baltic-2021", draws=64, switches={"background_war": on, "challenges": False, "provocations": False}) for on in (False, True))
    assert (moving.result["reach"]["incident"]["mean"]) > frozen.result["reach"]["incident"]["mean"]
    assert "crisis_by_challenge" in moving.result["reach"], "results are those of the rung over all states"


def test_trust_in_washington_moves_the_odds_of_resolve_by_its_elasticity() -> None:
    """Of draws in which the White House changes party, from that day on; not before, not in the others, and not with the switch off."""
    found = {}
    for on in (True, False):
        model = load("baltic-2021", switches={"trust": on})
        drawn = draw(model, 1, 0, 512)
        quantities = dict(zip(model.scenario.quantities, drawn.quantities.T, strict=True))
        found[on] = named_values(model, quantities, dict(zip(model.chance_names, drawn.chances.T, strict=True)))
    day = [str(start) for start in load("baltic-2021").timeline.starts].index("2025-01-20")
    trust = np.broadcast_to(found[True]["trust_in_us"], (512, 4))
    resolve, without = (np.broadcast_to(found[on]["resolve"], (512, 4)) for on in (True, False))
    changed = trust[:, day] != 0.6
    assert 0.45 < changed.mean() < 0.65 and (trust[:, :day] == 0.6).all()
    np.testing.assert_allclose(resolve[:, :day], without[:, :day], rtol=1e-12)
    np.testing.assert_allclose(resolve[~changed], without[~changed], rtol=1e-12)
    moved = (logit(resolve) - logit(without))[changed, day]
    np.testing.assert_allclose(moved, (quantities["trust_effect"] * (logit(trust[:, day]) - logit(0.6)))[changed], atol=1e-9)
