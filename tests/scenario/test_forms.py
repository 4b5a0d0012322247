"""Games of the catalogue and of .efg files on a rung, and parts of a tree that hang on a switch."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.games.test_quantal_response import by_pygambit

import detente
from detente import games
from detente.document import dump
from detente.errors import InvalidInput
from detente.ladder import CrisisGame, Ladder, Rung, choices, solve
from detente.scenario import load, locate, read_merged
from detente.scenario.forms import form_of, tree_of
from detente.scenario.rungs import FormItem, GameItem

FIRST_STEPS = read_merged(locate("first-steps")).data
ENDS = {
    "SQ": {"to": "calm", "payoff": {"challenger": "-loss_of_face"}},
    "DC": {"to": "challengers_terms"},
    "DD": {"to": "war", "trigger": "deliberate", "payoff": {"defender": {"hard": 0, "soft": -1}}},
}
PLAYERS = {"challenger": "challenger", "defender": "defender"}
MOODS = {"defender": {"hard": "p_resolute", "soft": "rest"}}


def written(tmp_path: Path, name: str, **bargaining: Any) -> str:
    """first-steps with other bargaining."""
    data = copy.deepcopy(dict(FIRST_STEPS))
    old = data["games"]["bargaining"]
    data["games"] = {"bargaining": {key: old[key] for key in ("title", "at", "tempo")} | {"moods": MOODS} | bargaining}
    file = tmp_path / f"{name}.yaml"
    file.write_text(dump(data), encoding="utf-8")
    return str(file)


def same_numbers(first: Any, second: Any) -> bool:
    return bool(np.array_equal(first.reach.values, second.reach.values) and np.array_equal(first.touch.values, second.touch.values))


def test_a_game_of_the_catalogue_and_one_of_a_file_are_the_tree_written_by_hand_to_the_last_bit(tmp_path: Path) -> None:
    tree = {"challenger": {"C": ENDS["SQ"], "D": {"defender": {"C": ENDS["DC"], "D": ENDS["DD"]}}}}
    by_hand = detente.assess(written(tmp_path, "hand", tree=tree), draws=64)
    called = detente.assess(written(tmp_path, "called", form={"catalogue": "rudimentary_deterrence"}, players=PLAYERS, ends=ENDS), draws=64)
    games.rudimentary_deterrence(defender_hard=0.3).save(tmp_path / "game.efg")
    filed = detente.assess(written(tmp_path, "filed", form={"file": "game.efg"}, players=PLAYERS, ends=ENDS), draws=64)
    assert same_numbers(by_hand, called) and same_numbers(by_hand, filed)


def test_with_types_on_both_sides_too(tmp_path: Path) -> None:
    ends = {
        "SQ": {"to": "calm", "payoff": {"challenger": "-loss_of_face"}},
        "DC": {"to": "challengers_terms", "payoff": {"challenger": {"hard": 0, "soft": -0.1}}},
        "CD": {"to": "calm", "payoff": {"challenger": {"hard": "-2 * loss_of_face", "soft": "-loss_of_face"}}},
        "DD": {"to": "war", "payoff": {"challenger": {"hard": 0.2, "soft": -0.5}, "defender": {"hard": 0, "soft": -1}}},
    }
    more = {"moods": {"challenger": {"hard": 0.4, "soft": "rest"}, **MOODS}}
    tree = {"challenger": {"C": ends["SQ"], "D": {"defender": {"C": ends["DC"], "D": {"challenger": {"C": ends["CD"], "D": ends["DD"]}}}}}}
    by_hand = detente.assess(written(tmp_path, "hand", tree=tree, **more), draws=64)
    called = detente.assess(written(tmp_path, "called", form={"catalogue": "unilateral_deterrence"}, players=PLAYERS, ends=ends, **more), draws=64)
    games.unilateral_deterrence(challenger_hard=0.3, defender_hard=0.2).save(tmp_path / "game.efg")
    again = games.load(tmp_path / "game.efg")
    again.save(tmp_path / "game.efg")
    filed = detente.assess(written(tmp_path, "filed", form={"file": "game.efg"}, players=PLAYERS, ends=ends, **more), draws=64)
    assert same_numbers(by_hand, called) and same_numbers(by_hand, filed)


def test_a_run_of_a_game_from_a_file_needs_the_file_no_more(tmp_path: Path) -> None:
    """Its text is part of the scenario, and of its digest."""
    game = tmp_path / "game.efg"
    games.rudimentary_deterrence(defender_hard=0.3).save(game)
    name = written(tmp_path, "filed", form={"file": "game.efg"}, players=PLAYERS, ends=ENDS)
    run = detente.assess(name, draws=32, out=tmp_path / "run")
    digest = load(name).digest
    game.write_text(game.read_text(encoding="utf-8").replace("Rudimentary", "Another"), encoding="utf-8")
    assert load(name).digest != digest
    game.unlink()
    again = detente.assess(str(tmp_path / "run" / "scenario.yaml"), draws=32)
    assert same_numbers(run, again)


@pytest.mark.parametrize("precision", [1.0, 5.0, 20.0])
def test_where_every_end_is_final_the_ladder_plays_the_quantal_response_of_the_game(precision: float) -> None:
    """That of Gambit too. Final rungs are worth the book's payoffs; what a type adds is a lump."""
    game = games.tripartite_crisis(challenger_determined=0.4, protege_disloyal=0.3)
    book, moods = game.arguments, {"challenger": {"determined": 0.4, "hesitant": None}, "protege": {"disloyal": 0.3, "loyal": None}}
    by_type = {("challenger", "cf"): ("determined", "hesitant"), ("protege", "pr"): ("disloyal", "loyal")}
    ends, worth = {}, {}
    for label in ("SQ", "SE", "PL", "PR", "CC", "CF"):
        payoff, held = {}, {}
        for player in game.players:
            kinds = by_type.get((player, label.lower()))
            if kinds is None:
                held[player] = book[f"{player}_{label.lower()}"]
            else:
                payoff[player] = {kind: book[f"{player}_{label.lower()}_{kind}"] for kind in kinds}
        ends[label], worth[label] = {"to": label, "payoff": payoff}, held
    item = GameItem.model_validate({
        "at": "dispute", "tempo": 1, "form": {"catalogue": "tripartite_crisis"}, "players": {name: name for name in game.players}, "ends": ends,
    })  # fmt: skip
    ladder = Ladder(
        (Rung("dispute"), *(Rung(label, final=True) for label in ends)), game.players, (),
        (CrisisGame("crisis", "dispute", 1.0, tree_of(item), moods),),
        flow={label: {player: 0.05 * amount for player, amount in held.items()} for label, held in worth.items()},
        discount=dict.fromkeys(game.players, 0.05), precision=dict.fromkeys(game.players, precision),
    )  # fmt: skip
    played = {
        (choice.player, choice.mood, tuple(action.name for action in choice.actions)): [action.probability for action in choice.actions]
        for choice in choices(solve(ladder))
    }
    for behaviour, within in ((game.quantal_response(precision).behaviour, 1e-7), (by_pygambit(game, precision), 1e-6)):
        for player, name, actions, chosen in sets_of(game, behaviour):
            mood = name.split(" ")[0] if player in moods else None
            assert played[player, mood, actions] == pytest.approx(chosen, abs=within), name


def sets_of(game: Any, behaviour: Any) -> list[tuple[str, str, tuple[str, ...], list[float]]]:
    seen = dict.fromkeys(game.players, 0)
    found = []
    for (player, actions), (_, name) in zip(game.infosets, game.layout[1].infoset_names, strict=True):
        who = game.players[player]
        found.append((who, str(name), actions, [behaviour[who][seen[who]][action] for action in actions]))
        seen[who] += 1
    return found


FITTING = ("rudimentary_deterrence", "unilateral_deterrence", "asymmetric_escalation", "tripartite_crisis", "centipede")


def test_the_guide_names_the_games_of_the_catalogue_that_fit_on_a_rung() -> None:
    fitting = []
    for entry in games.catalogue(form="game"):
        try:
            form_of(GameItem(at="calm", tempo="1", form=FormItem(catalogue=entry.name)))
        except InvalidInput:
            continue
        fitting.append(entry.name)
    assert tuple(fitting) == FITTING
    guide = (Path(__file__).parents[2] / "docs" / "how-to" / "game-on-a-rung.md").read_text(encoding="utf-8")
    assert ", ".join(f"`{name}`" for name in fitting) in guide


@pytest.mark.parametrize("name", FITTING)
def test_types_and_ends_carry_the_names_that_the_catalogue_gives_them(name: str) -> None:
    form = form_of(GameItem(at="calm", tempo="1", form=FormItem(catalogue=name), players={}, ends={}))
    made = next(entry for entry in games.catalogue() if entry.name == name)
    assert set(form.players) == set(made.players)
    assert not any(kind.startswith("type_") for kinds in form.types.values() for kind in kinds)
    assert len(form.ends) >= 3


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ("rudimentary_deterence", "did you mean 'rudimentary_deterrence'?"),
        ("inspection_game", "inspectee cannot tell two histories apart"),
        ("chance_threat", "chance moves after "),
        ("bargaining_range", "is no game of the catalogue"),
    ],
)
def test_what_does_not_fit_on_a_rung_says_why_at_its_line(tmp_path: Path, form: str, says: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        load(written(tmp_path, "wrong", form={"catalogue": form}, players=PLAYERS, ends=ENDS))
    assert says in str(caught.value)
    assert all("wrong.yaml:" in problem.where for problem in caught.value.problems)


def test_every_mistake_around_a_form_is_told_at_once(tmp_path: Path) -> None:
    ends = {"SQ": {"to": "clam"}, "DC": {"too": "war"}, "XX": {}}
    name = written(tmp_path, "wrong", form={"catalogue": "rudimentary_deterrence"}, players={"challenger": "challenger", "guard": "defender"}, ends=ends,
                   moods={"defender": {"hard": "p_resolute", "weak": "rest"}}, weights={"E": 2})  # fmt: skip
    with pytest.raises(InvalidInput) as caught:
        load(name)
    told = str(caught.value)
    for says in ("'guard' is no player of this form", "nothing is said of defender", "'XX' is no end of this form", "nothing is said of DD", "did you mean 'calm'?",
                 "'too' is no key of an end", "'E' is no action of this game"):  # fmt: skip
        assert says in told, says


def test_a_file_that_is_missing_or_broken_is_told_with_its_line(tmp_path: Path) -> None:
    name = written(tmp_path, "filed", form={"file": "game.efg"}, players=PLAYERS, ends=ENDS, tempo="6 * tempoo")
    with pytest.raises(InvalidInput, match=r"filed\.yaml:\d+:\d+: there is no file 'game\.efg'") as caught:
        load(name)
    assert "tempoo" in str(caught.value)
    (tmp_path / "game.efg").write_text('EFG 2 R "" { "Ann" }\np "" 1 1 "" { "stay" } 7 zzz', encoding="utf-8")
    with pytest.raises(InvalidInput, match=r"game\.efg:2"):
        load(name)


@pytest.mark.parametrize(("moves", "fits"), [(100, True), (101, False), (3000, False)])
def test_a_game_of_more_than_a_hundred_moves_is_no_meeting(tmp_path: Path, moves: int, fits: bool) -> None:
    """The stack of Python would not hold thousands."""
    steps = "".join(f'p "" {1 + k % 2} {k // 2 + 1} "" {{ "take" "pass" }} 0 t "" {k % 2 + 2} "taken by {k % 2 + 1}" {{ 1, 2 }} ' for k in range(moves))
    (tmp_path / "long.efg").write_text(f'EFG 2 R "" {{ "A" "B" }} {steps} t "" 1 "passed on" {{ 0, 0 }}', encoding="utf-8")
    ends = {"taken by 1": {"to": "challengers_terms"}, "taken by 2": {"to": "calm"}, "passed on": {"to": "war"}}
    name = written(tmp_path, "long", form={"file": "long.efg"}, players={"A": "challenger", "B": "defender"}, ends=ends, moods={})
    if fits:
        assert load(name).scenario.games["bargaining"].form is not None
        return
    with pytest.raises(InvalidInput, match=r"long\.yaml:\d+:\d+: a path of more than 100 moves"):
        load(name)


def test_a_game_whose_whole_tree_a_switch_takes_out_hangs_on_it_itself(tmp_path: Path) -> None:
    tree = {"challenger": {"C": ENDS["SQ"], "D": ENDS["DD"]}}
    fork = {"when": "x", "then": tree, "otherwise": {"when": "not x", "then": {}, "otherwise": tree}}
    with pytest.raises(InvalidInput, match=r"nobody chooses in this game; .* put `when` beside `tree`"):
        load(written(tmp_path, "wrong", tree=fork))


def test_without_realignment_baltic_is_the_scenario_in_which_it_was_never_written(tmp_path: Path) -> None:
    """To the last bit, although moods and quantities for it are declared."""
    data = copy.deepcopy(dict(read_merged(locate("baltic-2021")).data))
    challenge = data["games"]["challenge"]
    challenge["moods"].pop("baltics")
    answers = challenge["tree"]["russia"]["challenge"]
    for after in (answers["then"]["baltics"]["stand_firm"], answers["then"]["baltics"]["escalate"], answers["otherwise"]["baltics"]["stand_firm"]):
        after["nato"] = {**after["nato"], "withhold": after["nato"]["withhold"].get("otherwise", after["nato"]["withhold"])}
    data["switches"].pop("realignment")
    data["factors"]["T5"]["multiply"].pop("defection_cost")
    for quantity in ("p_disloyal", "realignment_gain", "defection_cost"):
        data["quantities"].pop(quantity)
    file = tmp_path / "without.yaml"
    file.write_text(dump(data), encoding="utf-8")
    never = detente.assess(str(file), draws=64)
    off, on = (detente.assess("baltic-2021", draws=64, switches={"realignment": position}) for position in (False, True))
    assert same_numbers(off, never)
    assert not same_numbers(on, never)


def test_a_disposition_of_whom_a_switch_leaves_without_moods_changes_nothing(tmp_path: Path) -> None:
    fork = {"when": "bluster", "then": {"to": "war", "payoff": {"defender": {"hard": 0, "soft": -1}}}, "otherwise": {"to": "war"}}
    name = written(tmp_path, "forked", tree={"challenger": {"C": ENDS["SQ"], "D": {"defender": {"C": ENDS["DC"], "D": fork}}}})
    with open(name, "a", encoding="utf-8") as file:
        file.write("\nswitches: {bluster: {title: Bluster, default: true}}\nstructures: {lasting: {title: Lasting, why: Test., disposition: [defender]}}\n")
    for on in (True, False):
        moody, lasting = (detente.assess(load(name, switches={"bluster": on}, structure=structure), draws=64) for structure in (None, "lasting"))
        assert same_numbers(moody, lasting) != on


@pytest.mark.parametrize(
    ("part", "says"),
    [
        ({"when": "no_such", "then": {}, "otherwise": {}}, "is no switch"),
        ({"when": "x", "then": {}}, "write `when: SWITCH`, `then:` the part"),
    ],
)
def test_a_part_that_hangs_on_a_switch_says_what_it_lacks(tmp_path: Path, part: dict[str, Any], says: str) -> None:
    tree = {"challenger": {"C": ENDS["SQ"], "D": part}}
    with pytest.raises(InvalidInput, match=says):
        load(written(tmp_path, "wrong", tree=tree, moods={}))
