"""A scenario in which nobody chooses, so that what moves its results can be worked out by hand.

While the rate of crises is tiny, log-odds of `reach(crisis)` over ten years are log(1e-5) + log one + log other + log third: a sum of normal variables.
`onward(war|crisis)` is `share`.
"""

from __future__ import annotations

from pathlib import Path

SCENARIO = """\
format: detente/scenario/1
title: Chances that nobody takes
as_of: 2026-01-01
horizon: 10
record: counts.yaml
actors: {one: {title: One, discount: 0.1, precision: 1}}
rungs:
  calm: {title: Calm}
  crisis: {title: Crisis}
  war: {title: War}
pairs: [war|crisis]
moves:
  incident: {from: calm, to: crisis, rate: RATE * pace * one * other * third}
  fading: {from: crisis, to: calm, rate: 4 * pace * (1 - share)}
  blows: {from: crisis, to: war, rate: 4 * pace * share}
  peace: {from: war, to: calm, rate: 1}
quantities:
  one: {title: The first, unit: "1", family: lognormal, median: 1, sigma: 0.8, evidence: measured, source: survey, known: 2025, why: Test.}
  other: {title: The second, unit: "1", family: lognormal, median: 1, sigma: 0.6, evidence: judgement, known: 2025, why: Test.}
  third: {title: The third, unit: "1", family: lognormal, median: 1, sigma: 0.3, evidence: judgement, known: 2025, why: Test.}
  share: {title: Share of crises that become war, unit: "1", family: uniform, low: 0, high: 1, evidence: judgement, known: 2025, why: Test.}
  pace: {title: Pace, unit: 1/year, family: fixed, value: 1, evidence: judgement, known: 2025, why: Test.}
"""
RECORD = """\
format: detente/record/1
title: Counts
coverage: {from: 1990, until: 2026}
sources:
  survey: {title: A survey, publisher: Somebody, published: 2025-01-01, reliability: B, credibility: 2, graded_by: judgement, address: https://example.org/survey}
facts: {}
"""
VARIANCES = {"one": 0.8**2, "other": 0.6**2, "third": 0.3**2, "share": 0.0, "pace": 0.0}
CORRELATED = """\
correlations:
  pair: {between: [one, other], rank: 0.5, evidence: judgement, why: Test.}
"""
NO_WARS = """\
history:
  past: {title: Wars in crises, onward: war|crisis, count: 0, trials: TRIALS, known: 2025, rule: Test., source: survey, cases: {source: survey, from: 1946, until: 2020}}
"""


def written(folder: Path, *more: str, rate: str = "1e-6", name: str = "chances.yaml") -> str:
    """The path of the scenario, with more sections."""
    (folder / "counts.yaml").write_text(RECORD, encoding="utf-8")
    file = folder / name
    file.write_text("".join([SCENARIO.replace("RATE", rate), *more]), encoding="utf-8")
    return str(file)
