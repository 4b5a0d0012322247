"""A scenario of three segments with a contingency, and a run of first-steps that many tests read."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.ensemble import Assessment, assess

TENSION = """\
format: detente/scenario/1
title: A district under tension
as_of: 2026-03-01
horizon: 3
actors:
  challenger: {title: Challenger, discount: 0.1, precision: precision}
  defender: {title: Defender, discount: 0.1, precision: precision}
rungs:
  calm: {title: Calm}
  crisis_one: {title: Crisis over one district}
  crisis_two: {title: Crisis over two districts}
  war: {title: War}
  terms: {title: The challenger's terms, aside: true}
groups: {crisis: [crisis_one, crisis_two]}
stakes:
  war: {challenger: {flow: -cost}, defender: {flow: -cost}}
  terms: {challenger: {capital: 1}, defender: {capital: -1}}
drivers:
  patrols: {title: Patrols, unit: 1/year, formula: 2 * tension}
contingencies:
  treaty_lapses: {title: The treaty lapses, chance: p_lapse, driver: patrols, value: 5 * tension, from: 2027-01-01, until: 2027-12-31, why: Test.}
moves:
  incident: {from: calm, to: crisis_one, rate: 0.2 * patrols, origin: accidental}
  widening: {from: crisis_one, to: crisis_two, rate: 0.5, origin: accidental}
  fading: {from: crisis, to: calm, rate: 2}
  war_ends: {from: war, to: calm, rate: 1}
  terms_end: {from: terms, to: calm, rate: 0.1}
games:
  bargaining:
    at: crisis
    tempo: 4
    moods: {defender: {firm: 0.7, soft: rest}}
    tree:
      challenger:
        back_down: {to: calm, payoff: {challenger: -0.2}}
        press:
          defender:
            yield: {to: terms}
            fight: {to: war, payoff: {defender: {firm: 0, soft: -1}}}
quantities:
  tension: {title: Tension, unit: 1/year, family: lognormal, median: 1, sigma: 0.5, evidence: judgement, known: 2026-01, why: Test.}
  cost: {title: Cost, unit: prize/year, family: gamma, shape: 4, rate: 1, evidence: judgement, known: 2026-02, why: Test.}
  precision: {title: Precision, unit: 1/prize, family: uniform, low: 1, high: 4, evidence: judgement, known: 2026-04, why: Test.}
  p_lapse: {title: Chance that the treaty lapses, unit: "1", family: beta, a: 2, b: 2, evidence: judgement, known: 2026-01, why: Test.}
"""


@pytest.fixture(scope="session")
def tension(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of the scenario above."""
    file = tmp_path_factory.mktemp("scenario") / "tension.yaml"
    file.write_text(TENSION, encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def first_steps() -> Assessment:
    return assess("first-steps", draws=2048, chunk=1024)


@pytest.fixture(scope="session")
def tense(tension: Path) -> Assessment:
    return assess(tension, draws=2048, chunk=1024)
