"""What moves a scenario's results, beside shares that are known in closed form."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from scipy import integrate, stats

import detente
from detente.ensemble.chunk import compute
from detente.ensemble.draws import scores_of
from detente.errors import InvalidInput
from detente.insight import Sensitivity, sensitivity
from detente.insight.blocks import Blocks, with_wider_judgements
from detente.insight.estimates import Estimate
from detente.insight.measures import Measure
from detente.insight.outcomes import Outcome
from detente.scenario import load

from .chances import CORRELATED, NO_WARS, VARIANCES, written

CRISIS = Outcome(Measure.parse("reach(crisis)"))
TOTAL = sum(VARIANCES.values())


def holds(estimate: Estimate, true: float, slack: float = 0.01) -> bool:
    return estimate.low - slack <= true <= estimate.high + slack


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Sensitivity:
    return sensitivity(written(tmp_path_factory.mktemp("plain")), ["reach(crisis)"], draws=2048, block=1024, resamples=200)


def test_shares_of_a_sum_are_the_variances_of_its_terms(plain: Sensitivity) -> None:
    moved = plain.moved["reach(crisis)"]
    assert moved.sobol is not None
    for name, variance in VARIANCES.items():
        for estimate in (moved.alone[name], moved.sobol.first[name], moved.sobol.total[name]):
            assert holds(estimate, variance / TOTAL), name
    assert moved.sobol.variance == pytest.approx(TOTAL, rel=0.1)
    assert plain.agenda == ("one", "other", "third")
    assert plain.grade("one") == "measured"


def test_the_evidence_share_falls_where_judgements_are_twice_as_wide(plain: Sensitivity) -> None:
    moved = plain.moved["reach(crisis)"]
    assert moved.evidence is not None and moved.doubled is not None
    judged = TOTAL - VARIANCES["one"]
    assert holds(moved.evidence.effects["evidence"], VARIANCES["one"] / TOTAL)
    assert holds(moved.doubled.effects["evidence"], VARIANCES["one"] / (VARIANCES["one"] + 4 * judged))
    assert holds(moved.graded["judgement"], judged / TOTAL)


def test_a_block_is_evaluated_once_whatever_it_is_asked_for(plain: Sensitivity) -> None:
    """Two blocks, one for each of five quantities, and one that orders of two grades mix from the two; of the twin two blocks, and one mixed."""
    assert plain.evaluations == (2 + 5 + 1 + 2 + 1) * 1024
    assert plain.unsettled == 0


def test_shapley_effects_of_two_quantities_that_correlate(tmp_path: Path) -> None:
    """Of a sum a + b of normal variables with correlation r: (a^2 (1 - r^2 / 2) + r a b + b^2 r^2 / 2) / variance (Owen and Prieur 2017, two variables)."""
    found = sensitivity(written(tmp_path, CORRELATED), ["reach(crisis)"], draws=1024, block=2048, resamples=200).moved["reach(crisis)"]
    assert found.shapley is not None and found.sobol is not None
    a, b, c = 0.8, 0.6, 0.3
    r = 2 * np.sin(np.pi * 0.5 / 6)
    whole = a**2 + b**2 + 2 * r * a * b + c**2
    for name, one, two in (("one", a, b), ("other", b, a)):
        assert holds(found.shapley.effects[name], (one**2 * (1 - r**2 / 2) + r * one * two + two**2 * r**2 / 2) / whole)
    assert holds(found.shapley.effects["third"], c**2 / whole)
    assert holds(found.sobol.total["one, other"], 1 - c**2 / whole)


def test_unmixed_scores_give_the_draws_that_the_seed_gives(tmp_path: Path) -> None:
    """Scores correlated by R's Cholesky factor in the order of columns are those that draws have; Shapley effects hand over such."""
    model = load(written(tmp_path, CORRELATED))
    blocks = Blocks(model, 1024, 1, [CRISIS])
    assert blocks.correlation is not None
    drawn = compute(model, 1, 0, 1024)
    quantities = np.log(drawn.arrays["quantities"][:, :2]) / (0.8, 0.6)
    assert np.corrcoef(quantities.T)[0, 1] == pytest.approx(blocks.correlation[0, 1], abs=0.05)
    scores = scores_of(model, 1, 1024)
    scores[:, :2] = quantities
    again = blocks.correlated_log_odds(CRISIS)(scores)
    reach = drawn.arrays["reach"][:, drawn.coordinates["rung"].index("crisis"), -1]
    assert again == pytest.approx(np.log(reach / (1 - reach)), rel=1e-9)


def test_ignorance_and_chance_of_an_event(tmp_path: Path) -> None:
    """Var p / (m (1 - m)) of p = 1 - exp(-0.1 x) with x lognormal, by quadrature."""
    found = sensitivity(written(tmp_path, rate="0.01"), ["reach(crisis)"], draws=4096, block=0).moved["reach(crisis)"]
    spread = float(np.sqrt(TOTAL))
    first, second = (integrate.quad(lambda z, k=k: stats.norm.pdf(z) * (-np.expm1(-0.1 * np.exp(spread * z))) ** k, -8, 8)[0] for k in (1, 2))
    assert holds(found.split.epistemic, (second - first**2) / (first * (1 - first)), slack=0.0)


def test_what_is_drawn_by_chance_is_no_ignorance(tmp_path: Path) -> None:
    """A contingency makes crises ten times as frequent or not; nothing else is uncertain but `share`, which does nothing to it."""
    text = Path(written(tmp_path, rate="0.01")).read_text(encoding="utf-8")
    for sigma in ("0.8", "0.6", "0.3"):
        text = text.replace(f"family: lognormal, median: 1, sigma: {sigma}", "family: fixed, value: 1")
    text = text.replace("* third}", "* heat}") + (
        "drivers:\n  heat: {title: Heat, unit: '1', formula: third}\n"
        "contingencies:\n  hot: {title: It gets hot, chance: 0.5, driver: heat, value: 10, from: 2026-01-01, why: Test.}\n"
    )
    file = tmp_path / "hot.yaml"
    file.write_text(text, encoding="utf-8")
    moved = sensitivity(str(file), ["reach(crisis)"], draws=1024, block=1024, resamples=50).moved["reach(crisis)"]
    assert not moved.split.epistemic.is_distinct
    assert moved.evidence is not None and moved.evidence.effects["chance"].value == pytest.approx(1.0)
    assert moved.alone["hot"].value > 0.95


def test_quantities_without_indices_of_their_own_are_told_as_one(tmp_path: Path) -> None:
    found = sensitivity(written(tmp_path), ["reach(crisis)"], draws=1024, block=1024, top=1, resamples=100)
    assert {name: set(members) for name, members in found.groups.items()} == {"one": {"one"}, "the other 4": {"other", "third", "share", "pace"}}
    sobol = found.moved["reach(crisis)"].sobol
    assert sobol is not None
    assert holds(sobol.total["the other 4"], 1 - VARIANCES["one"] / TOTAL)
    assert (found.is_rest("one"), found.is_rest("the other 4"), found.grade("the other 4")) == (False, True, "")


def test_history_weighs_the_draws_of_the_run_but_no_blocks(tmp_path: Path) -> None:
    """Of a Beta(1, 4) the log-odds have variance trigamma(1) + trigamma(4); of a uniform share, trigamma(1) twice."""
    from scipy.special import polygamma

    found = sensitivity(written(tmp_path, NO_WARS.replace("TRIALS", "3")), ["onward(war|crisis)"], draws=4096, block=1024, resamples=50)
    moved = found.moved["onward(war|crisis)"]
    assert moved.sobol is not None
    assert moved.sobol.variance == pytest.approx(2 * polygamma(1, 1), rel=0.1)
    assert holds(moved.split.epistemic, (4 / (25 * 6)) / (0.2 * 0.8), slack=0.06)


def test_what_knowing_is_worth_before_a_choice(tmp_path: Path) -> None:
    """A policy takes `other`, lognormal with sigma 0.6, to 1: it helps where that is above 1. Knowing all avoids 1 - E min(other, 1) of the mean rest."""
    policy = "policies:\n  steady: {title: Steady, set: {other: 1}, why: Test.}\n"
    run = detente.assess(written(tmp_path, policy), draws=4096)
    choice = sensitivity(run, ["reach(crisis)"], policies=["steady"], block=0).choices["reach(crisis)"]
    rest = 1e-5 * np.exp((VARIANCES["one"] + VARIANCES["third"]) / 2)
    spread = 0.6
    assert (choice.options, choice.best) == (("no policy", "steady"), "steady")
    assert choice.probabilities == pytest.approx((rest * np.exp(spread**2 / 2), rest), rel=0.05)
    avoided = rest * (0.5 - np.exp(spread**2 / 2) * stats.norm.cdf(-spread))
    assert choice.information.everything.value == pytest.approx(avoided, rel=0.1)
    assert choice.worth[0] == "other" and choice.information.each["other"].value == pytest.approx(avoided, rel=0.1)
    assert not choice.information.each["one"].is_distinct
    with pytest.raises(InvalidInput, match=r"policies: (.|\n)*'stedy'(.|\n)*did you mean 'steady'"):
        sensitivity(run, policies=["stedy"], block=0)
    with pytest.raises(InvalidInput, match="policies: the run is under policy 'steady'"):
        sensitivity(detente.assess(written(tmp_path, policy), draws=64, policy="steady"), policies=["steady"], block=0)


def test_draws_of_a_conditional_outcome_count_as_in_the_figures_of_the_run() -> None:
    """Weighed so, the mean over draws is the ratio of means; weighed by history alone it is another number."""
    run = detente.assess("first-steps", draws=1024)
    outcome = Outcome(Measure.parse("onward(war|crisis)"))
    values, told = outcome.of(run.model, run.data), run.result["onward"]["war|crisis"]["mean"]
    assert np.average(values, weights=outcome.weights(run.data)) == pytest.approx(told, rel=1e-12)
    assert abs(values.mean() / told - 1) > 0.01


def test_any_probability_of_the_language_of_measures_is_an_outcome(tmp_path: Path) -> None:
    """One by hand: war by a year is a share of crises by then; log-odds of a product of small numbers are a sum."""
    found = sensitivity(written(tmp_path), ["reach(crisis) by 2030", "1 - reach(crisis)"], draws=2048, block=0)
    for name in ("one", "other", "third"):
        for each in found.moved.values():
            assert holds(each.alone[name], VARIANCES[name] / TOTAL), name


def test_a_run_that_was_kept_gives_what_its_scenario_gives(tmp_path: Path) -> None:
    scenario = written(tmp_path)
    detente.assess(scenario, draws=512, out=tmp_path / "run")
    kept, fresh = (sensitivity(source, draws=512, block=128, resamples=20).plain() for source in (tmp_path / "run", scenario))
    assert kept == fresh
    assert json.loads(json.dumps(kept, allow_nan=False)) == kept
    assert list(kept["outcomes"]) == ["reach(crisis)", "reach(war)"]


def test_without_blocks_nothing_is_evaluated(tmp_path: Path) -> None:
    run = detente.assess(written(tmp_path), draws=256)
    found = sensitivity(run, block=0)
    assert (found.evaluations, found.groups, found.moved["reach(war)"].sobol) == (0, {}, None)
    assert found.plain()["outcomes"]["reach(war)"]["sobol"] is None


def test_titles_are_escaped_in_notebooks(plain: Sensitivity, tmp_path: Path) -> None:
    assert "<td>The first</td><td>measured</td>" in plain._repr_html_()
    text = Path(written(tmp_path)).read_text(encoding="utf-8").replace("title: The first", "title: The <b>first</b> & only")
    (tmp_path / "odd.yaml").write_text(text, encoding="utf-8")
    assert "The &lt;b&gt;first&lt;/b&gt; &amp; only" in sensitivity(str(tmp_path / "odd.yaml"), draws=256, block=0)._repr_html_()


def test_only_judgements_become_wider(tmp_path: Path) -> None:
    model = load(written(tmp_path))
    wider = with_wider_judgements(model).scenario.quantities
    assert wider["one"].distribution == model.scenario.quantities["one"].distribution
    assert wider["other"].distribution.describe() == "median 1, 90 % range 0.139 to 7.2"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"outcomes": ["reach(wra)", "onwards(war|crisis)"]}, r"outcomes: 'wra' is no rung or group; did you mean 'war'\?\noutcomes: no function `onwards`(.|\n)*did you mean 'onward'\?"),
        ({"outcomes": []}, "outcomes: none is named"),
        ({"outcomes": ["reach(calm)"]}, "it is the same in every draw"),
        ({"outcomes": ["war"]}, r"'war' in `war` is no quantity, driver or reading of the record; write reach\(war\)"),
        ({"outcomes": ["onward(calm|war)"]}, r"`onward\(calm\|war\)` is not told; the assessment tells"),
        ({"outcomes": ["reach(war) > 0.1"]}, "`reach\\(war\\) > 0.1` compares; it holds in a draw or does not, and has no log-odds; ask `detente discover`"),
        ({"outcomes": ["reach(war) as of 2020-01-01"]}, "is asked of another world"),
        ({"outcomes": ["reach(war) - 2 * reach(crisis)"]}, "lies outside 0 to 1 in 64 draws"),
        ({"block": -1, "top": 0}, "block: -1 is out of range(.|\n)*top: 0 is out of range"),
        ({"block": 10}, "10 draws are too few"),
        ({"block": 1.5}, "1.5 is no whole number"),
    ],
)
def test_what_cannot_be_told_is_refused(options: dict[str, object], told: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=told):
        sensitivity(written(tmp_path), draws=64, **options)  # type: ignore[arg-type]
