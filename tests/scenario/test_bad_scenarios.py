"""Wrong scenario files: each mistake is told once, at its place, in plain words, with something that one can do."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.scenario.edits import COST, DISCOUNT, FLOW, MOODY, NEW, RUNGS, SPREAD, TEMPO, WAR_ENDS, Edits, case, lines, places, told

from detente.cli import main

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
    text, marks, other = places(NEW, *edits)
    assert told(tmp_path, text) == lines(marks, says, other)


@pytest.mark.parametrize("name", ["unknown name", "import", "rung without a way out", "stake without its word", "bomb"])
def test_the_program_tells_it_and_writes_nothing(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit status 2, one line for each problem on standard error, nothing on standard output, no folder begun."""
    edits, says = next(each.values for each in PLAIN if each.id == name)
    monkeypatch.chdir(tmp_path)
    text, marks, _ = places(NEW, *edits)
    Path("border.yaml").write_text(text, encoding="utf-8")
    for words in (["check", "border.yaml"], ["assess", "border.yaml", "--out", "run"], ["explain", "border.yaml"]):
        assert main(words) == 2
        out, err = capsys.readouterr()
        assert out == "" and err.splitlines() == lines(marks, says)
    assert [file.name for file in tmp_path.iterdir()] == ["border.yaml"]
