"""Wrong scenario files: each mistake is told once, at its place, in plain words, with something that one can do.

Every case is a small edit of the file that `detente new` writes, or of that file with a record, drivers and a background. In an edit « marks the place
at which the problem must be told, and » another place that it names; neither is written to the file.
"""

from __future__ import annotations

from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from detente.cli import main
from detente.errors import InvalidInput
from detente.scenario import load

Edits = tuple[tuple[str, str], ...]

NEW = (resources.files("detente.cli") / "template.yaml").read_text(encoding="utf-8").replace("NAME", "border")
FACTS = """\
format: detente/record/1
title: Facts about the border
coverage: {from: 2010, until: 2026}
series:
  flights: {title: Flights along the border, unit: 1/year, covers: {from: 2015, until: 2025}}
sources:
  gazette: {title: Gazette, publisher: State, published: {absent: not applicable}, reliability: B, credibility: 2, graded_by: judgement}
  survey: {title: Survey, publisher: Institute, published: 2020-05-04, reliability: C, credibility: 2, graded_by: judgement}
facts:
  garrison: {kind: deployment, side: nato, host: district, force: ground, value: 900, unit: troops, from: 2020, known: 2020-06, source: survey, evidence: verified}
  flights: {kind: incident_count, series: flights, yearly: {2019: 10, 2020: 12}, unit: 1/year, source: gazette, evidence: verified}
  pact: {kind: treaty, parties: [challenger, defender], source: gazette, evidence: verified, events: [{date: 2014-03, event: in_force, source: gazette, evidence: verified}]}
"""
RUNGS = "rungs: "
READS = """\
record: facts.yaml

drivers:
  garrison: {title: Troops in the district, unit: troops, read: {kind: deployment, where: {side: nato, host: [district]}, take: total}}
  flights: {title: Flights, unit: 1/year, read: {kind: incident_count, where: {series: flights}, take: mean, years: [2019, 2020]}}
  pact: {title: The pact is in force, unit: "1", read: {treaty: pact, take: in_force, party: defender}}
  density: {title: Troops against 900, unit: "1", formula: garrison / 900}

contingencies:
  pact_ends: {title: The pact ends, chance: 0.5, driver: pact, value: 0, from: 2028, why: Talks have begun.}

switches:
  sabres: {title: Rattling of sabres, default: true}

regimes:
  harvest: {title: Harvest, states: {good: Good, bad: Bad}, start: {good: 1}, moves: {fails: {from: good, to: bad, rate: 0.1}, returns: {from: bad, to: good, rate: 1}}}

rungs: """
# Beginnings of lines of the template that several edits need whole, because a shorter text stands twice.
DISCOUNT = "discount: log(2) / half_life, precision: precision}\n  defender"
FLOW = "flow: -war_cost}\n    defender:   {"
SPREAD = 'median: 0.3, sigma: 0.5,\n    evidence: judgement, known: 2026-01, why: "A crisis'
COST = "median: 4, sigma: 0.6,\n    evidence: judgement"
WAR_ENDS = "  war_ends:     {from: war, to: calm, rate: 2}\n"
TEMPO = "    tempo: 6 "
MOODY = ("fight: {to: war}", "fight: {to: war, payoff: {defender: {firm: 0, soft: -1}}}")


def edited(text: str, edits: Edits) -> str:
    """The text after the edits, with its marks."""
    for old, new in edits:
        assert text.count(old) == 1, f"{text.count(old)} times in the file: {old}"
        text = text.replace(old, new)
    return text


def places(marked: str) -> tuple[str, list[str], str]:
    """The text without marks, the place `border.yaml:line:column` of each «, and that of »."""
    found: dict[str, list[str]] = {"«": [], "»": []}
    line, column, text = 1, 1, []
    for sign in marked:
        if sign in found:
            found[sign].append(f"border.yaml:{line}:{column}")
            continue
        text.append(sign)
        line, column = (line + 1, 1) if sign == "\n" else (line, column + 1)
    return "".join(text), found["«"], "".join(found["»"])


def told(folder: Path, text: str) -> list[str]:
    """What loading the text says, without the folder."""
    (folder / "border.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInput) as caught:
        load(folder / "border.yaml")
    return [str(problem).replace(f"{folder}/", "") for problem in caught.value.problems]


def case(name: str, *edits: tuple[str, str], says: str | list[str]) -> Any:
    return pytest.param(edits, [says] if isinstance(says, str) else says, id=name)


PLAIN = [
    # Keys and their values.
    case("unknown key", ("aside: true", "«asside: true"), says="unknown key 'asside'; did you mean 'aside'?"),
    case("unknown section", ("\nstakes:", "\n«stake:"), says="unknown key 'stake'; did you mean 'stakes'?"),
    case("missing key", (WAR_ENDS, "  «war_ends: {from: war, to: calm}\n"), says="`rate` is missing; it has no default; add `rate: ...`"),
    case("needed key misspelt", (SPREAD, SPREAD.replace("median", "«medain")), says="unknown key 'medain'; did you mean 'median'?"),
    case("key given twice", ("horizon: 10  ", "»horizon: 10\n«horizon: 20  "), says="the key 'horizon' is given twice; it stands at OTHER too; remove one"),
    case("day that does not exist", ("as_of: 2026-01-01", "as_of: «2026-02-30"), says="2026-02-30 is not a date: February 2026 has 28 days; give a day that exists"),
    case("date in words", ("as_of: 2026-01-01", "as_of: «1 January 2026"), says="'1 January 2026' is not a date; write YYYY, YYYY-MM or YYYY-MM-DD"),
    case("month that does not exist", ('known: 2026-01, why: "Half', 'known: «2026-13, why: "Half'), says="2026-13 is not a date: there is no month 13; give 01 to 12"),
    case("number in quotes", ("horizon: 10 ", 'horizon: «"10" '), says="here stands the text '10', not a number; text is not read as a number; write 10 without quotes"),
    case("decimal comma", ("horizon: 10 ", "horizon: «10,5 "), says="here stands the text '10,5', not a number; text is not read as a number; write 10.5"),
    case("horizon of nothing", ("horizon: 10 ", "horizon: «0 "), says="0 is out of range; it must be above 0; give a number in the range"),
    case("yes is text", ("aside: true", "aside: «yes"), says="here stands the text 'yes', not true or false; write true or false"),
    case("number for text", ("title: border", "title: «2026"), says="here stands the number 2026, not text; put it in quotes"),
    case("text for an item", ("crisis: {title: Crisis}", "crisis: «Crisis"), says="here stands the text 'Crisis', not a mapping; write {title: ...}"),
    case("item left empty", (WAR_ENDS, "  war_ends:«\n"), says="here stands nothing, not a mapping; write {from: ..., to: ..., rate: ...}"),
    case("list for items", (NEW[NEW.index("quantities:") :], "quantities: «[war_cost, precision]\n"),
         says="here stands a list, not a mapping; write NAME: {title: ..., unit: ..., family: ..., evidence: ..., known: ..., why: ...} for each"),
    case("item of another kind", (RUNGS, "switches:\n  loud: {title: Loud, default: true, «unit: '1', family: beta, a: 1, b: 2}\nrungs: "),
         says="unknown keys 'unit', 'family', 'a', 'b'; known here: why; remove them"),
    case("comma in a text", ("crisis: {title: Crisis}", "crisis: {title: Crisis, «not war}"),
         says="'not war' stands where a key is needed; inside {...} a comma ends a value; put the text with the comma in quotes"),
    # Formulas.
    case("rate without 1/time", ("rate: incident_rate,", "rate: «loss_of_face,"), says="`loss_of_face` comes out as prize; a rate needs 1/year; divide by something in prize*year"),
    case("rate that is a share", ("turn into a crisis, unit: 1/year", 'turn into a crisis, unit: "1"'), ("rate: incident_rate,", "rate: «incident_rate,"),
         says="`incident_rate` comes out as a pure number; a rate needs 1/year; divide by a time"),
    case("unknown name", ("rate: incident_rate,", "rate: «incident_rat,"), says="'incident_rat' in `incident_rat` is no quantity, driver or switch; did you mean 'incident_rate'?"),
    case("import", ("rate: incident_rate,", "rate: ««__import__('os').system('ls'),"),
         says=["`'` has no meaning in a formula; remove the text in quotes: formulas are arithmetic over names",
               "no function `__import__`; only the functions of formulas can be called; use exp, log, sqrt, abs, logistic, min, max, clip, where"]),
    case("attribute", ("rate: incident_rate,", "rate: «incident_rate.real,"), says="a dot in a name: `incident_rate.real`; names have no parts; use a declared name without a dot"),
    case("a million characters", ("rate: incident_rate,", f"rate: «incident_rate{' + 0' * 250_000},"),
         says="the formula has 1,000,013 characters; at most 2,000 can be checked; split it into drivers"),
    case("open bracket", ("rate: incident_rate,", "rate: «incident_rate * (2,"),
         says="`incident_rate * (2` is not a formula; a bracket is not closed; close it; inside {...} a formula with a comma needs quotes around it"),
    case("comma in a formula", (FLOW, FLOW.replace("-war_cost", "«max(-war_cost, -4)")),
         says="`max(-war_cost` is not a formula; a bracket is not closed; close it; inside {...} a formula with a comma needs quotes around it"),
    case("division by 0", ("rate: incident_rate,", "rate: «incident_rate / 0,"), says="`incident_rate / 0` divides by 0; divide by something else"),
    case("sum of unlike things", (FLOW, FLOW.replace("-war_cost", "«-war_cost - loss_of_face")),
         says="`-war_cost - loss_of_face` subtracts `-war_cost`, prize/year, and `loss_of_face`, prize; both must have the same unit; `loss_of_face`: divide by a time"),
    case("logarithm of years", (DISCOUNT, DISCOUNT.replace("log(2) / half_life", "«log(half_life)")),
         says="`half_life` has the unit year; the argument of log must be a pure number; divide by a time"),
    case("unknown unit", ("unit: 1/prize", "unit: «1/price"), says="'price' is no unit; did you mean 'prize'?"),
    # Numbers out of range.
    case("negative rate", ("rate: 0.05}", "rate: «-0.05}"), says="the rate is -0.05; a rate cannot be negative; give 0 or more"),
    case("negative tempo", ("tempo: 6 ", "tempo: «-6 "), says="the rate is -6; a rate cannot be negative; give 0 or more"),
    case("probability above 1", (RUNGS, "start: {calm: «1.5}\nrungs: "), says="the probability is 1.5; a probability lies between 0 and 1; give a share of 1"),
    case("per cent for a probability", ("family: lognormal, " + SPREAD, "family: bernoulli, p: «30, " + SPREAD.removeprefix("median: 0.3, sigma: 0.5,\n")),
         says="a probability lies between 0 and 1, not 30; 30 % is 0.3"),
    case("probabilities that sum to less", (RUNGS, "«start: {calm: 0.5, crisis: 0.4}\nrungs: "), says="the probabilities sum to 0.9; they must sum to 1; mend them"),
    case("spread of 0", ("median: 3, sigma: 0.4", "median: 3, sigma: «0"), says="this number must be above 0, not 0; for a number that is known use family: fixed"),
    case("empty range", ("half_life: {title", "half_life: «{title"), ("family: lognormal, median: 6, sigma: 0.4", "family: uniform, low: 9, high: 6"),
         says="low (9) must be below high (6): the range is empty; swap them"),
    case("future not discounted", (DISCOUNT, DISCOUNT.replace("log(2) / half_life", "«0")), says="the discount is 0; the future must be discounted; give a positive rate per year"),
    case("keys of another family", ("  incident_rate: {", "  «incident_rate: {"), ("family: lognormal, " + SPREAD, "family: normal, «" + SPREAD.replace("sigma", "«sigma")),
         says=["`sd` is missing; it has no default; add `sd: ...`", "unknown key 'median'; did you mean 'mean'?", "unknown key 'sigma'; known here: mean, sd, source, built_from, stream; remove it"]),
    # The ladder.
    case("rung that nothing leads to", ("  terms:  {", "  «terms:  {"), ("yield: {to: terms}", "yield: {to: calm}"),
         says="rung 'terms': no move or game leads here; it can never be reached; add a move to it or remove it"),
    case("rungs that only each other lead to", ("  war:    {title: War}", "  war: {title: War}\n  «east: {title: East}\n  «west: {title: West}"),
         ("\nmoves: ", "\nmoves:\n  a: {from: east, to: west, rate: 1}\n  b: {from: west, to: east, rate: 1} "),
         says=[f"rung {name!r}: nothing leads here from where the system starts; only rungs that are out of reach themselves lead to it; add a move to it or remove it" for name in ("east", "west")]),
    case("rung without a way out", ("  war:    {", "  «war:    {"), (WAR_ENDS, ""),
         says="rung 'war': no way leads out; the system would stay for ever; add a move or mark it `final: true`"),
    case("final rung with a way out", ("  war:    {title: War}", "  «war:    {title: War, final: true}"),
         says="rung 'war': a way leads out of a final rung; final means that nothing follows; drop `final` or the move"),
    case("unknown rung", (WAR_ENDS, WAR_ENDS.replace("calm", "«clam")), says="'clam' is no rung; did you mean 'calm'?"),
    case("move to where it starts", ("{from: crisis, to: calm, rate: 1}", "{from: crisis, to: «crisis, rate: 1}"),
         says="the move leads from 'crisis' to itself; nothing would change; name another rung, or a payoff that is paid"),
    case("group of nothing known", ("\nstakes: ", "\ngroups: {fighting: [war, «battle]}\nstakes: "), says="'battle' is no rung; use one of calm, crisis, terms, war"),
    case("rung in two groups", ("\nstakes: ", "\ngroups: {bad: [war], worse: [«war]}\nstakes: "), says="'war' is in group 'bad' too; a rung has one level; drop one"),
    case("pair of nothing known", ("\nstakes: ", "\npairs: [«war|cirsis]\nstakes: "), says="'cirsis' is no rung or group; did you mean 'crisis'?"),
    case("stake without its word", ("challenger: {flow: -war_cost}", "challenger: «-war_cost"),
         says="a stake has no word that says what it is; write {capital: -war_cost} where the rung lasts (prizes), or {flow: -war_cost} where it passes (prizes a year)"),
    case("stake with both words", ("challenger: {capital: 1}", "challenger: «{capital: 1, flow: 1}"),
         says="a stake has both `capital` and `flow`; keep capital where the rung lasts, flow where it passes"),
    case("stake of nobody", ("    challenger: {capital: 1}", "    «chalenger: {capital: 1}"), says="'chalenger' is no actor; did you mean 'challenger'?"),
    # Trees of games.
    case("unknown player", ("          defender:\n            yield", "          «defendr:\n            yield"), says="'defendr' is no actor (or key of an end); did you mean 'defender'?"),
    case("key of an end misspelt", ("back_down: {to: calm, payoff:", "back_down: {to: calm, «payof:"), says="'payof' is no key of an end; did you mean 'payoff'?"),
    case("rung for an end", ("yield: {to: terms}", "yield: «terms"), says="a node of the tree is not a mapping; it is one player's move, or an end; write {to: terms}"),
    case("one action", ("          defender:\n            yield: {to: terms}\n", "          «defender:\n"),
         says="defender has fewer than two actions here; a choice needs two; add an action or drop the node"),
    case("payoff of nobody", ("payoff: {challenger: -loss_of_face}", "payoff: {«chalenger: -loss_of_face}"), says="'chalenger' is no actor; did you mean 'challenger'?"),
    case("payoff in another unit", ("payoff: {challenger: -loss_of_face}", "payoff: {challenger: «-war_cost}"), says="`-war_cost` comes out as prize/year; a payoff needs prize; multiply by a time"),
    case("mood that is not declared", (TEMPO, "    moods: {defender: {firm: 0.7, soft: rest}}\n" + TEMPO), ("fight: {to: war}", "fight: {to: war, payoff: {defender: «{firm: 0, sotf: -1}}}"),
         says="the amounts by mood are for firm, sotf; the moods of defender in this game are firm, soft; give one amount for each mood"),
    case("moods of nobody", (TEMPO, "    moods: {«defendr: {firm: 0.7, soft: rest}}\n" + TEMPO), MOODY, says="'defendr' is no actor; did you mean 'defender'?"),
    case("two moods take the rest", (TEMPO, "    moods: {defender: «{firm: rest, soft: rest}}\n" + TEMPO), says="two moods take the rest; only one can; state the chance of all moods but one"),
    case("weight of no action", (TEMPO, "    weights: {«yeild: 0.5}\n" + TEMPO), says="'yeild' is no action of this game; did you mean 'yield'?"),
    # Names.
    case("name that is no word", ("  incident_rate: {", "  «incident-rate: {"), ("rate: incident_rate,", "rate: incident-rate,"),
         says="'incident-rate' cannot stand in a formula; names are letters, digits and _; rename it"),
    case("name that is a function", ("  war_cost: {", "  «max: {"), ("-war_cost}\n    defender:   {flow: -war_cost}", "-1}\n    defender:   {flow: -1}"),
         says="'max' cannot stand in a formula; it means something else there; rename it"),
    # Evidence.
    case("unknown grade", (COST, COST.replace("judgement", "«judgment")), says="'judgment' is not known here; it is one of measured, published, elicited, judgement; did you mean 'judgement'?"),
    case("measured by nobody", ("  war_cost: {", "  «war_cost: {"), (COST, COST.replace("judgement", "measured")),
         says="quantity 'war_cost' is graded measured without a source; only judgement may stand alone; name a source of the record, or grade it judgement"),
    case("source without a record", (COST, COST.replace("judgement", "measured, source: «gazette")),
         says="'gazette' is a source of no record; the scenario names none; add `record: NAME`, or say it in `why`"),
    # YAML.
    case("tab", ("  calm:   {title: Calm}", "«\tcalm: {title: Calm}"), says="a tab where only spaces may stand; tabs have no width; indent with spaces"),
    case("quote that is not closed", ("title: border", 'title: «"border'), (', why: "A crisis', ', why: "»A crisis'),
         says="a quote that is not closed; it runs on to OTHER; close it with the same quote"),
    case("brace that is not closed", ("calm:   {title: Calm}\n  crisis: {", "calm:   »{title: Calm\n  crisis«: {"),
         says="a `{` that is not closed, or a comma that is missing; it opens at OTHER; write {key: value, key: value}"),
    case("comma that is missing", (WAR_ENDS, WAR_ENDS.replace("{", "»{").replace(", rate:", " rate«:")),
         says="a `{` that is not closed, or a comma that is missing; it opens at OTHER; write {key: value, key: value}"),
    case("colon without a space", ("horizon: 10 ", "«horizon:10 "), says="a key without `: `; write `key: value`, with a space after the colon"),
    case("bomb", ("\nstakes: ", "\na: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(f"{n}: &{n} [{', '.join([f'*{chr(ord(n) - 1)}'] * 9)}]\n" for n in "bcdef").replace("[*e", "[«*e") + "stakes: "),
         says="aliases unfold to more than 100,000 values; the file would fill the memory; write less with aliases"),
    case("tag", ("horizon: 10 ", "horizon: «!!python/object/apply:os.system [ls] "),
         says="the tag !!python/object/apply:os.system; values are text, numbers, true, false, null, lists and mappings; remove the tag"),
    case("newer format", ("detente/scenario/1", "«detente/scenario/2"),
         says="format detente/scenario/2 is newer; this version of detente reads detente/scenario/1 and older; install a detente that reads detente/scenario/2"),
    # Other files.
    case("base that is not there", ("horizon: 10 ", "extends: «nowhere.yaml\nhorizon: 10 "), says="there is no file 'nowhere.yaml'; it is looked for as nowhere.yaml; mend the path"),
    case("base that is nearly there", ("horizon: 10 ", "extends: «first-step\nhorizon: 10 "),
         says="there is no scenario 'first-step'; it is neither a shipped name nor a .yaml file; did you mean 'first-steps'?"),
    case("base of itself", ("horizon: 10 ", "extends: «border.yaml\nhorizon: 10 "), says="border.yaml extends itself; break the circle"),
    case("record that is not there", ("horizon: 10 ", "record: «fact.yaml\nhorizon: 10 "), says="there is no record 'fact.yaml'; it is looked for as fact.yaml; give a .yaml path or one of baltic"),
]  # fmt: skip


@pytest.mark.parametrize(("edits", "says"), PLAIN)
def test_a_mistake_is_told_once_at_its_place(edits: Edits, says: list[str], tmp_path: Path) -> None:
    text, marks, other = places(edited(NEW, edits))
    assert told(tmp_path, text) == [f"{mark}: {said}".replace("OTHER", other) for mark, said in zip(marks, says, strict=True)]


WITH_FACTS = edited(NEW, ((RUNGS, READS),))
NOT_OBSERVED = "not observed; a driver cannot be guessed; choose a later as-of date, add a fact, or say in `otherwise` what stands in for it"
READING = [
    case("unknown treaty", ("treaty: pact,", "treaty: «pakt,"), says="'pakt' is no treaty of the record; did you mean 'pact'?"),
    case("unknown party", ("party: defender", "party: «defendor"), says="'defendor' is no party to pact; did you mean 'defender'?"),
    case("unknown series", ("{series: flights}", "{series: «sailings}"), says="'sailings' is no series of any incident_count in the record; there is flights"),
    case("unknown value in a list", ("host: [district]", "host: [district, «distrikt]"), says="'distrikt' is no host of any deployment in the record; did you mean 'district'?"),
    case("unknown key of a question", ("{side: nato, host", "{«sied: nato, host"), says="deployment facts are not told apart by 'sied'; did you mean 'side'?"),
    case("unknown kind", ("kind: incident_count", "kind: «incidents"),
         says="'incidents' is not known here; it is one of deployment, capability, poll, incident_count, incident, crisis, doctrine; did you mean 'incident'?"),
    case("unknown figure", ("take: total", "take: total, field: «hihg"), says="deployment facts have no figure 'hihg'; did you mean 'high'?"),
    case("total of a treaty", ("take: in_force", "take: «total"), says="`take: total` does not fit a treaty; use in_force or status"),
    case("status for a number", ("take: in_force", "take: «status"), says="a driver is a number, and a status is a word; take in_force, which is 1 or 0"),
    case("mean without years", ("take: mean, years: [2019, 2020]", "take: «mean"), says="a mean needs `years`; add `years: [first, last]`"),
    case("years that run backwards", ("years: [2019, 2020]", "years: «[2020, 2019]"), says="the years run backwards; swap them"),
    case("years that nobody counted", ("  flights: {title", "  «flights: {title"), ("years: [2019, 2020]", "years: [2019, 2021]"),
         says=f"the record has no figure for 2021 as known on 2026-01-01: {NOT_OBSERVED}"),
    case("unit that does not fit", ("unit: troops, read", "unit: «1/year, read"),
         says="the driver is in 1/year, what it reads in troops; one cannot be converted to the other; write `unit: troops`"),
    case("read and computed", ("density: {", "density: «{"), ("formula: garrison / 900", "formula: garrison / 900, read: {treaty: pact, take: in_force}"),
         says="a driver has both `read` and `formula`; drop one"),
    case("neither read nor computed", ("density: {", "density: «{"), (", formula: garrison / 900", ""),
         says="a driver has neither `read` nor `formula`; add one: it is read off the record, or computed"),
    case("otherwise for what is not read", ("density: {", "density: «{"), ("formula: garrison / 900", "formula: garrison / 900, otherwise: 1"),
         says="`otherwise` is for a driver that is read; write `formula` instead"),
    case("otherwise in another unit", ("{side: nato, host: [district]}, take: total}", "{side: nato, host: [district]}, take: total}, otherwise: «incident_rate"),
         says="`incident_rate` comes out as 1/year; a pure number is needed here; multiply by a time"),
    case("driver of itself", ("  density: {", "  «density: {"), ("garrison / 900", "density + garrison / 900"),
         says="driver 'density' is computed from itself; density <- density; break the circle"),
    case("one name for two things", ("  density: {", "  «war_cost: {"), says="'war_cost' is declared under quantities too; a formula could mean either; rename one"),
    case("record misspelt", ("record: facts.yaml", "«recrod: facts.yaml"), says="unknown key 'recrod'; did you mean 'record'?"),
    case("contingency of no driver", ("driver: pact,", "driver: «pakt,"), says="'pakt' is no driver; did you mean 'pact'?"),
    case("contingency that ends before it starts", ("from: 2028,", "from: 2028, until: «2027,"), says="it ends before it starts; swap the dates"),
    case("chance with a unit", ("chance: 0.5", "chance: «incident_rate"), says="`incident_rate` comes out as 1/year; a pure number is needed here; multiply by a time"),
    case("unknown switch", ("rate: incident_rate,", "when: «not sabre, rate: incident_rate,"), says="'sabre' is no switch; did you mean 'sabres'?"),
    case("unknown state", ("{from: good, to: bad", "{from: good, to: «bda"), says="'bda' is no state of harvest; did you mean 'bad'?"),
    case("state that never is", ("good: Good, bad", "good: Good, «fair: Fair, bad"),
         says="no move leads to the state 'fair', and harvest does not start in it; it can never be; add a move to it, or remove it"),
    case("state in a number for all states", (DISCOUNT, DISCOUNT.replace("log(2) / half_life", "«log(2) / half_life * (1 + harvest_bad)")),
         says="'harvest_bad' is the state of the background; rates, payoffs and stakes may depend on it; this is one number for all its states; let a rate, payoff or stake depend on it instead"),
    case("day before the record", ("as_of: 2026-01-01", "«as_of: 2009-12-31"),
         says="the record says nothing as of 2009-12-31; it covers 2010-01-01 to 2026-12-31; choose an as-of date within, or extend the record"),
    case("day before a fact was known", ("  garrison: {", "  «garrison: {"), ("as_of: 2026-01-01", "as_of: 2020-05-31"),
         says=f"the record has no value on 2020-05-31 as known on 2020-05-31: {NOT_OBSERVED}"),
]  # fmt: skip


@pytest.mark.parametrize(("edits", "says"), READING)
def test_what_is_asked_of_the_record_is_told_at_the_driver(edits: Edits, says: list[str], tmp_path: Path) -> None:
    (tmp_path / "facts.yaml").write_text(FACTS, encoding="utf-8")
    text, marks, _ = places(edited(WITH_FACTS, edits))
    assert told(tmp_path, text) == [f"{mark}: {said}" for mark, said in zip(marks, says, strict=True)]


def test_the_files_that_are_edited_are_sound(tmp_path: Path) -> None:
    (tmp_path / "facts.yaml").write_text(FACTS, encoding="utf-8")
    (tmp_path / "border.yaml").write_text(WITH_FACTS, encoding="utf-8")
    model = load(tmp_path / "border.yaml")
    assert {name: readings[0].value for name, readings in model.timeline.readings.items()} == {"garrison": 900.0, "flights": 11.0, "pact": 1.0}


RECORD = [
    case("known before its source", ("known: 2020-06", "known: «2020-04"),
         says="it is known on 2020-04, but its source appeared on 2020-05-04; nobody could have read it before; name an earlier source, or mend the date"),
    case("ends before it starts", ("from: 2020,", "from: 2020, until: «2019,"), says="it ends (2019) before it starts (2020); swap the dates"),
    case("no source", ("source: survey, evidence: verified", "evidence: «verified"), says="a verified fact has no source; name one, or grade it memory"),
    case("unknown source", ("source: survey", "source: «surwey"), says="'surwey' is no source of this record; did you mean 'survey'?"),
    case("several at once", ("value: 900", "value: «many"), ("{2019: 10, 2020: 12}, unit: 1/year, source: gazette", "{2019: 10, 2020: 12}, unit: 1/year, source: «gazete"), ("event: in_force", "event: «inforce"),
         says=["here stands the text 'many', not a number or {absent: not observed}; write a number or {absent: not observed}", "'gazete' is no source of this record; did you mean 'gazette'?",
               "'inforce' is not known here; it is one of signed, ratified, provisional, adopted, in_force, extended, resumed, suspended, notice, withdrawn, expired, revoked_ratification, "
               "non_compliance_finding, offer, announced, review, data; did you mean 'in_force'?"]),
]  # fmt: skip


@pytest.mark.parametrize(("edits", "says"), RECORD)
def test_a_mistake_in_the_record_is_told_with_those_of_the_scenario(edits: Edits, says: list[str], tmp_path: Path) -> None:
    """What is asked of a record that is not sound is not told."""
    facts, marks, _ = places(edited(FACTS, edits))
    (tmp_path / "facts.yaml").write_text(facts, encoding="utf-8")
    text, own, _ = places(edited(WITH_FACTS, (("rate: incident_rate,", "rate: «incident_rat,"),)))
    expected = [f"{mark.replace('border', 'facts')}: {said}" for mark, said in zip(marks, says, strict=True)]
    assert told(tmp_path, text) == [f"{own[0]}: 'incident_rat' in `incident_rat` is no quantity, driver or switch; did you mean 'incident_rate'?", *expected]


def test_several_mistakes_are_all_told_in_the_order_of_the_file(tmp_path: Path) -> None:
    """Nine, of which some are found when the file is read and some when its parts are compared."""
    (tmp_path / "facts.yaml").write_text(FACTS, encoding="utf-8")
    edits = (
        ("horizon: 10 ", 'horizon: «"10" '), ("treaty: pact", "treaty: «pakt"), ("aside: true", "«asside: true"), ("defender:   {capital: -1}", "defender:   «-1"),
        ("rate: incident_rate,", "rate: «incident_rat,"), (WAR_ENDS, WAR_ENDS.replace("calm", "«clam")), ("tempo: 6 ", "tempo: «precision "),
        ("sigma: 0.6", "sigma: «-0.6"), ('evidence: judgement, known: 2026-01, why: "Governments', 'evidence: judgement, known: «2026-02-30, why: "Governments'),
    )  # fmt: skip
    text, marks, _ = places(edited(WITH_FACTS, edits))
    assert [said.split(": ")[0] for said in told(tmp_path, text)] == marks


def test_ways_in_and_out_are_followed_though_a_number_is_wrong(tmp_path: Path) -> None:
    """A unit that does not fit does not hide that a rung has no way out; a rung that is misspelt does, for it may be the way."""
    wrong = ("tempo: 6 ", "tempo: «precision ")
    text, marks, _ = places(edited(NEW, (("  war:    {", "  «war:    {"), (WAR_ENDS, ""), wrong)))
    assert [said.split(": ")[0] for said in told(tmp_path, text)] == marks
    text, marks, _ = places(edited(NEW, ((WAR_ENDS, WAR_ENDS.replace("from: war", "from: «wra")), wrong)))
    assert [said.split(": ")[0] for said in told(tmp_path, text)] == marks


def test_what_a_file_removes_is_named_where_it_is_missed(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(NEW, encoding="utf-8")
    (said,) = told(tmp_path, "format: detente/scenario/1\ntitle: Less\nextends: base.yaml\nquantities:\n  loss_of_face: null\n")
    place, _, words = said.partition(": ")
    assert words == "'loss_of_face' in `-loss_of_face` is no quantity, driver or switch; border.yaml:5:3 removes it; drop that line, or replace this item too"
    file, line, column = place.split(":")
    assert file == "base.yaml" and NEW.splitlines()[int(line) - 1][int(column) - 1 :].startswith("-loss_of_face")


@pytest.mark.parametrize(("edits", "says"), [
    case("chance", (TEMPO, "    moods: {defender: {firm: «0.5 + 20 * loss_of_face / war_cost / half_life, soft: rest}}\n" + TEMPO), MOODY, says="chance that defender is firm (bargaining) is"),
    case("rate", ("rate: incident_rate,", "rate: «incident_rate - 2 / half_life,"), says="rate of incident is"),
    case("nothing finite", (FLOW, FLOW.replace("-war_cost", "«'-war_cost / max(0, half_life * war_cost * precision - 60)'")), says="stake of challenger on war is -inf"),
])  # fmt: skip
def test_what_only_draws_show_is_told_at_its_formula(
    edits: Edits, says: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    text, (mark,), _ = places(edited(NEW, edits))
    Path("border.yaml").write_text(text, encoding="utf-8")
    for words in (["check", "border.yaml"], ["assess", "border.yaml", "--draws", "256"]):
        assert main(words) == 2
        out, err = capsys.readouterr()
        assert out == "" and err.startswith(f"{mark}: {says[0]}") and err.count("\n") == 1


def test_the_as_of_date_and_horizon_of_a_command_are_told_as_such(tmp_path: Path) -> None:
    """Not at the lines of the file, which are right."""
    (tmp_path / "facts.yaml").write_text(FACTS, encoding="utf-8")
    (tmp_path / "border.yaml").write_text(WITH_FACTS, encoding="utf-8")
    with pytest.raises(InvalidInput, match=r"^--as-of: the record says nothing as of 2000-01-01; it covers 2010-01-01 to 2026-12-31"):
        load(tmp_path / "border.yaml", as_of=date(2000, 1, 1))
    with pytest.raises(InvalidInput, match=r"^--horizon: 0.001 years are less than a day"):
        load(tmp_path / "border.yaml", horizon_years=0.001)


@pytest.mark.parametrize("name", ["unknown name", "import", "rung without a way out", "stake without its word", "bomb"])
def test_the_program_tells_it_and_writes_nothing(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit status 2, one line for each problem on standard error, nothing on standard output, no folder begun."""
    edits, says = next(each.values for each in PLAIN if each.id == name)
    monkeypatch.chdir(tmp_path)
    text, marks, _ = places(edited(NEW, edits))
    Path("border.yaml").write_text(text, encoding="utf-8")
    for words in (["check", "border.yaml"], ["assess", "border.yaml", "--out", "run"], ["explain", "border.yaml"]):
        assert main(words) == 2
        out, err = capsys.readouterr()
        assert out == "" and err.splitlines() == [f"{mark}: {said}" for mark, said in zip(marks, says, strict=True)]
    assert [file.name for file in tmp_path.iterdir()] == ["border.yaml"]


def test_a_scenario_that_is_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    Path("border.yaml").mkdir()
    for words in (["check", "border.yaml"], ["assess", "border.yaml", "--out", "run"]):
        assert main(words) == 2
        assert capsys.readouterr() == ("", "border.yaml: this is a directory; a file is needed; name a .yaml file in it\n")
    assert [file.name for file in tmp_path.iterdir()] == ["border.yaml"]


def test_a_file_that_may_not_be_read(nobody: Any) -> None:
    file = nobody.folder / "border.yaml"
    file.write_text(NEW, encoding="utf-8")
    file.chmod(0o000)
    done = nobody.run("check", "border.yaml")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "border.yaml: the file may not be read; permission denied; change its permissions\n"
