"""The alliance of a scenario: who belongs to it, what polls say, what drivers take of it, and that without it everything is as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from scipy.special import logit, ndtri

import detente
from detente.cli import main
from detente.ensemble.draws import draw
from detente.errors import InvalidInput
from detente.scenario.alliance import inputs, member_stream, portfolio, wave_stream
from detente.scenario.compile import load
from detente.scenario.evaluate import named_values

DRAWS = 64


def on(name, **options):
    return load(name, switches={"alliance_response": True}, **options)


def evaluated(model):
    drawn = draw(model, 1, 0, DRAWS)
    quantities = dict(zip(model.scenario.quantities, drawn.quantities.T, strict=True))
    chances = dict(zip(model.chance_names, drawn.chances.T, strict=True))
    return quantities, chances, named_values(model, quantities, chances)


@pytest.fixture(scope="module")
def with_it():
    model = on("baltic-2021")
    return model, *evaluated(model)


def test_switched_off_the_numbers_are_those_of_the_model_without_it_to_the_last_bit():
    model = load("baltic-2021", switches={"alliance_response": False})
    q, _, v = evaluated(model)
    p, effects = q["p_resolute"][:, None], v["driver_effects"]
    density, trust = v["allied_density"] ** (-q["tripwire_effect"][:, None] * effects), v["trust_odds"] ** (-q["trust_effect"][:, None] * effects)
    assert (v["resolve"] == p / (p + (1 - p) * density * trust)).all()
    odds = np.exp(q["local_advantage"])[:, None] * (v["allied_density"] / v["russian_density"]) ** (-q["force_effect"][:, None] * effects)
    assert (v["russian_odds"] == odds).all()
    assert not any(name.startswith(("support ", "wave ")) for name in model.chance_names)


def test_switching_it_on_moves_no_other_draw(with_it):
    q = evaluated(load("baltic-2021", switches={"alliance_response": False}))[0]
    assert all((with_it[1][name] == drawn).all() for name, drawn in q.items())


def test_members_are_those_of_the_day():
    count = {name: len(on(name).portfolio.alliance.allies) for name in ("baltic-2021", "baltic-2026")}
    assert count == {"baltic-2021": 30, "baltic-2026": 32}
    assert on("baltic-2026", as_of=date(2023, 6, 1)).portfolio.alliance.names.count("finland") == 1


def test_nobody_has_promised_anything_to_those_who_do_not_belong_yet():
    model = load("baltic-2021")
    assert portfolio(model.scenario, model.record, date(2003, 1, 1), date(2021, 1, 29)) is None


def test_whoever_was_not_asked_is_named(with_it):
    found = with_it[0].portfolio
    asked = {"bulgaria", "canada", "france", "germany", "greece", "italy", "netherlands", "poland", "spain", "united_kingdom", "united_states"}
    assert {*found.alliance.names} - {*found.imputed} - asked == {"estonia", "latvia", "lithuania"}
    assert asked <= found.polls.keys() and not asked & {*found.imputed}


def test_the_newest_poll_that_was_known_counts():
    model = load("baltic-2021")
    polls = {day: portfolio(model.scenario, model.record, day, day).polls for day in (date(2014, 12, 1), date(2018, 1, 1), date(2021, 1, 29))}
    told = {day.year: polls[day]["united_states"][1] for day in polls}
    assert {year: (poll.value, poll.question) for year, poll in told.items()} == {
        2014: (21.0, "force_for_latvia"), 2018: (52.0, "troops_for_baltic_states"), 2021: (60.0, "defend_ally"),
    }  # fmt: skip
    assert "poland" not in polls[date(2014, 12, 1)]


def test_readiness_is_what_the_equations_say(with_it):
    model, q, chances, v = with_it
    found = model.portfolio
    ours = dict(inputs(found, v, chances, DRAWS))["logit"]

    def theirs(support, exposed, troops):
        return (
            q["government_readiness"] + q["poll_slope"] * support + q["exposure_effect"] * exposed + q["forward_effect"] * troops - q["attribution_doubt"]
        )

    asked = logit(0.55) + q["naming_effect"] + 0.2 * ndtri(chances[wave_stream("Pew 2020")]) + 0.35 * ndtri(chances[member_stream("united_kingdom")])
    np.testing.assert_allclose(ours[:, found.alliance.names.index("united_kingdom")], theirs(asked, 0.2, 1), atol=1e-12)
    imputed = q["support_east"] + 0.5 * ndtri(chances[member_stream("romania")])
    np.testing.assert_allclose(ours[:, found.alliance.names.index("romania")], theirs(imputed, 0.6, 0), atol=1e-12)


def test_belief_in_resolve_follows_from_who_would_show_up(with_it):
    _, q, _, v = with_it
    ready = np.clip(v["alliance_ready_day_30"][:, 0], 0.001, 0.999)
    np.testing.assert_allclose(logit(v["believed_resolve"][:, 0]), logit(ready) + q["perception_shift"], atol=1e-9)
    assert np.ptp(ready) > 0.5


def test_a_poll_moves_the_chance_of_a_challenge():
    """Public support in every country asked, from the observed shares to twenty points more, with governments that heed it."""
    heed = {"poll_slope": "2"}
    found = {}
    for more in (0, 20):
        found[more] = evaluated_with(more, heed)
    assert (found[20]["alliance_ready_day_30"] >= found[0]["alliance_ready_day_30"] - 1e-12).mean() > 0.95
    assert found[20]["resolve"].mean() > found[0]["resolve"].mean() + 0.02


def evaluated_with(more: int, fixed: dict[str, str]):
    model = on("baltic-2021")
    found = model.portfolio
    polls = {name: (fact, poll.model_copy(update={"value": poll.value + more})) for name, (fact, poll) in found.polls.items()}
    model.__dict__["portfolio"] = replace(found, polls=polls)
    drawn = draw(model, 1, 0, DRAWS)
    quantities = dict(zip(model.scenario.quantities, drawn.quantities.T, strict=True)) | {name: np.full(DRAWS, float(value)) for name, value in fixed.items()}
    return named_values(model, quantities, dict(zip(model.chance_names, drawn.chances.T, strict=True)))


def test_an_assessment_with_it_is_whole(tmp_path: Path):
    found = detente.assess("baltic-2021", draws=16, switches={"alliance_response": True}, out=tmp_path / "run")
    again = detente.Assessment.load(tmp_path / "run")
    assert again.result_digest == found.result_digest and again.model.portfolio is not None


WRONG = {
    "leader: united_states": ("leader: united_kingdm", "'united_kingdm' is no ally; did you mean 'united_kingdom'?"),
    "estonia:        {group: hosts,": ("estonia:        {group: host,", "'host' is no group of the alliance; did you mean 'hosts'?"),
    "  portugal:       {group: others, region: south, weight: 3.3}\n": ("", "'portugal' belongs to nato and is not described"),
    "arrives: [0.6, 0.9, 1]": ("arrives: [0.6, 0.9]", "[0.6, 0.9] is not 3 shares from 0 to 1"),
    "cut: -third_step, delivers: [0, 0.05, 0.15]": ("cut: -third_step, delivers: [0, 0.05, 1.15]", "[0.0, 0.05, 1.15] is not 3 shares from 0 to 1"),
    "title: Nothing, delivers: [0, 0, 0]": ("title: Nothing, delivers: [0, 0, 0.1]", "the least level delivers something"),
    "title: Forces, cut: 0, delivers: [1, 1, 1]": ("title: Forces, delivers: [1, 1, 1]", "level 'forces' has no cut"),
    "defend_ally: naming_effect,": ("defend_aly: naming_effect,", "'defend_aly' is no question of a poll in the record; did you mean 'defend_ally'?"),
    "response: {take: enough, clock: day_30}": ("response: {take: enough, clock: day_31}", "'day_31' is no clock of the alliance"),
    "response: {take: expected, clock: day_3}, otherwise: 0.5": ("response: {take: expected, clock: day_3}", "add `otherwise: ...`"),
    "consensus: words": ("consensus: word", "'word' is no level of help; did you mean 'words'?"),
    "loading: common_loading": ("loading: 1.5", "the probability is 1.5"),
}  # fmt: skip


@pytest.mark.parametrize("text", WRONG, ids=lambda text: WRONG[text][1][:40])
def test_what_does_not_fit_is_told_at_its_line(text: str, tmp_path: Path):
    library = Path(detente.__file__).parent / "library" / "scenarios"
    base = (library / "baltic.yaml").read_text(encoding="utf-8")
    mended, told = WRONG[text]
    assert base.count(text) == 1
    (tmp_path / "baltic.yaml").write_text(base.replace(text, mended), encoding="utf-8")
    (tmp_path / "mine.yaml").write_text((library / "baltic-2021.yaml").read_text(encoding="utf-8").replace("extends: baltic", "extends: baltic.yaml"), encoding="utf-8")
    with pytest.raises(InvalidInput) as caught:
        load(tmp_path / "mine.yaml")
    assert told in str(caught.value) and "baltic.yaml:" in str(caught.value)


def test_members_that_nobody_asked_are_named_by_check_and_counted_on_the_page(capsys):
    """16 of the 27 that choose; by hand from the record."""
    assert main(["check", "baltic-2021"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "alliance: 30 members of nato; polls are known of 11 that choose" in told and "of the 16 others: albania, belgium, croatia" in told
    assert main(["assess", "baltic-2021", "--draws", "16", "--quiet"]) == 0
    assert "16 of 27 allies that choose were not polled and are imputed" in " ".join(capsys.readouterr().out.split())
    assert main(["assess", "baltic-2021", "--draws", "16", "--quiet", "--switch", "alliance_response=off"]) == 0
    assert "not polled" not in capsys.readouterr().out


def test_resolve_that_all_know_can_be_read_together_with_who_shows_up():
    """Both have uniform numbers of their own; neither takes those of the other."""
    found = detente.assess("baltic-2021", draws=16, structure="lasting_resolve")
    assert found.converged == 1.0
    alone = detente.assess("baltic-2021", draws=16, structure="lasting_resolve", switches={"alliance_response": False})
    both = (found, alone)
    assert all((a.data["chances"].sel(contingency="disposition nato") == both[0].data["chances"].sel(contingency="disposition nato")).all() for a in both)
