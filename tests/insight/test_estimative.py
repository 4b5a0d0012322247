"""Words of estimative probability beside the published tables."""

from __future__ import annotations

import pytest

from detente.errors import InvalidInput
from detente.insight.estimative import STANDARDS, Place, standard

# As printed; "<" marks an edge that does not belong to the band.
PHIA = {
    "remote chance": "0< 5", "highly unlikely": "10 20", "unlikely": "25 35", "realistic possibility": "40 <50", "likely": "55 75", "probable": "55 75",
    "highly likely": "80 90", "almost certain": "95 <100",
}  # fmt: skip
ICD_203 = {
    "almost no chance": "1 5", "very unlikely": "5 20", "unlikely": "20 45", "roughly even chance": "45 55", "likely": "55 80", "very likely": "80 95", "almost certain": "95 99",
    "remote": "1 5", "highly improbable": "5 20", "improbable": "20 45", "roughly even odds": "45 55", "probable": "55 80", "highly probable": "80 95", "nearly certain": "95 99",
}  # fmt: skip
# Kent gave a figure and what to allow around it.
KENT = {
    "certain": (100, 0), "almost certain": (93, 6), "probable": (75, 12), "chances about even": (50, 10), "probably not": (30, 10),
    "almost certainly not": (7, 5), "impossible": (0, 0),
}  # fmt: skip


def edges(name: str, word: str) -> str:
    band = standard(name).band(word)
    return f"{100 * band.low:g}{'<' if band.above else ''} {'<' if band.under else ''}{100 * band.high:g}"


@pytest.mark.parametrize(("name", "table"), [("phia", PHIA), ("icd203", ICD_203)])
def test_every_band_is_as_printed(name: str, table: dict[str, str]) -> None:
    assert {word: edges(name, word) for word in table} == table


def test_bands_of_kent_are_his_figures_give_or_take() -> None:
    for word, (figure, allowed) in KENT.items():
        band = standard("kent").band(word)
        assert (100 * band.low, 100 * band.high) == pytest.approx((figure - allowed, figure + allowed))


@pytest.mark.parametrize("p", [0.07, 0.22, 0.37, 0.5, 0.52, 0.78, 0.93])
def test_the_gaps_of_the_yardstick_stay_open(p: float) -> None:
    found = standard("phia").place(p)
    assert found.position == "gap"
    assert found.bands[0].high <= p < found.bands[1].low


def test_a_probability_stands_in_a_band_in_two_at_their_edge_or_beyond_all() -> None:
    icd, phia = standard("icd203"), standard("phia")
    assert phia.place(0.85) == Place("in", (phia.band("highly likely"),))
    assert icd.place(0.2).bands == (icd.band("very unlikely"), icd.band("unlikely"))
    assert (icd.place(0.005).position, icd.place(0.995).position) == ("below", "above")
    assert (phia.place(0.0).position, phia.place(1.0).position) == ("below", "above")
    assert standard("kent").place(0.15).position == "gap"
    with pytest.raises(InvalidInput):
        phia.place(1.2)


@pytest.mark.parametrize(
    ("p", "position", "holds"),
    [(0.3, "below", False), (0.52, "below", False), (0.77, "gap", False), (0.8, "in", True), (0.92, "gap", True), (0.97, "above", True)],
)
def test_highly_likely_claims_at_least_its_lower_edge(p: float, position: str, holds: bool) -> None:
    phia = standard("phia")
    assert phia.position(p, "Highly  likely") == position
    assert phia.band("highly likely").holds(p) is holds


def test_words_for_less_than_even_claim_at_most_their_upper_edge_and_words_about_even_claim_both() -> None:
    phia = standard("phia")
    assert phia.band("unlikely").holds(0.01) and not phia.band("unlikely").holds(0.36)
    assert {band.asserts for band in phia.bands[:3]} == {"at most"} and {band.asserts for band in phia.bands[4:]} == {"at least"}
    even = [("phia", "realistic possibility"), ("icd203", "roughly even odds"), ("kent", "chances about even")]
    assert {standard(name).band(word).asserts for name, word in even} == {"between"}
    assert not phia.band("realistic possibility").holds(0.5)


def test_a_word_of_another_standard_is_refused_with_the_nearest_terms() -> None:
    with pytest.raises(InvalidInput, match=r"'very likely' is no term of the PHIA yardstick.*'likely' or 'highly likely'"):
        standard("phia").band("very likely")
    with pytest.raises(InvalidInput, match="'very likely'"):
        standard("icd203").band("highly likely")


@pytest.mark.parametrize("name", ["nato", "phi", "chatham house"])
def test_an_unverified_or_unknown_standard_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput, match="phia"):
        standard(name)


def test_rows_of_icd_203_are_not_mixed_and_both_are_whole() -> None:
    icd = standard("icd203")
    assert [sum(term in row for term in ICD_203) for row in icd.rows] == [7, 7]
    icd.check("War is very unlikely, and a truce is likely.")
    icd.check("War is highly improbable, and a truce is probable.")
    with pytest.raises(InvalidInput, match="'very unlikely' and 'probable' stand in different rows"):
        icd.check("War is very unlikely, and a truce is probable.")


@pytest.mark.parametrize("name", sorted(STANDARDS))
def test_likelihood_and_confidence_never_stand_in_one_sentence(name: str) -> None:
    with pytest.raises(InvalidInput, match="'almost certain' is a likelihood"):
        standard(name).check("We have high confidence that an attack is almost certain.")
    standard(name).check("We have high confidence in this judgement.")
    standard(name).check("An attack is almost certain.")


def test_terms_are_found_in_a_text_the_longest_first() -> None:
    text = "It is Highly\nlikely that, though unlikely before, a realistic possibility arises; likelihoods differ."
    assert standard("phia").terms_in(text) == ("highly likely", "unlikely", "realistic possibility")
