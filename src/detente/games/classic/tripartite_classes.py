"""The classes of equilibria of the tripartite crisis game (`tripartite`, whose nodes and payoffs are named here).

With r = Pr(determined | demand) and q = Pr(disloyal | resistance), support is worth G(r) = r CF + (1 - r) CC to the defender and withholding it
A(q) = q PR + (1 - q) PL; support is worth S(r) = r CF + (1 - r) CC to the protege, and a settlement SE. Three values part the classes:

    r*   G(r*) = A(Pr(disloyal))    below it support is credible though all proteges resist
    r_s  S(r_s) = SE                below it a protege who is sure of support resists
    q*   A(q*) = CF                 from it on support is credible whoever demands

The classes are all there are but where numbers meet exactly. Gains from demanding are larger for the determined, unless no resistance is supported, when both
gain SE - SQ; those from resisting are larger for the disloyal, unless support is sure. So play is one of: all demand, the determined and some of the hesitant,
the determined alone, nobody; each mixture needs somebody who is indifferent, which settles a probability. This derivation is ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from detente.games.classic.closed_form import ClosedForm


def _form(
    name: str, condition: str, *, demands: tuple[float, float], resists: tuple[float, float] = (1.0, 1.0), supports: float,
    determined: tuple[float, float], disloyal: tuple[float, float], by_ends: bool = False, plausible: bool = True,
) -> ClosedForm:  # fmt: skip
    """A class from demands of both challengers, resistance of the disloyal and the loyal protege, support, and Pr(determined) and Pr(disloyal) as believed
    after them."""
    strategies = {
        "determined challenger, node 1": {"accept": 1.0 - demands[0], "demand": demands[0]},
        "hesitant challenger, node 1": {"accept": 1.0 - demands[1], "demand": demands[1]},
        "disloyal protege, node 2": {"concede": 1.0 - resists[0], "resist": resists[0]},
        "loyal protege, node 2": {"concede": 1.0 - resists[1], "resist": resists[1]},
        "defender, node 3": {"withhold": 1.0 - supports, "support": supports},
        "determined challenger, node 4a": {"back_down": 0.0, "press": 1.0},
        "hesitant challenger, node 4a": {"back_down": 1.0, "press": 0.0},
        "disloyal protege, node 4b": {"stay": 0.0, "realign": 1.0},
        "loyal protege, node 4b": {"stay": 1.0, "realign": 0.0},
    }
    beliefs = {(f"{kind} protege, node 2", "determined challenger"): determined for kind in ("disloyal", "loyal")}
    beliefs["defender, node 3", "determined challenger"] = determined
    beliefs["defender, node 3", "disloyal protege"] = disloyal
    return ClosedForm(name, condition, strategies, beliefs, plausible=plausible, by_ends=by_ends)


@dataclass(frozen=True)
class _Worth:
    """What moves are worth at given beliefs."""

    a: Any

    @property
    def r_star(self) -> float:
        """Pr(determined) at which support and abandonment are worth the same, all proteges resisting."""
        a = self.a
        return float((a.defender_cc - self.abandoned(a.protege_disloyal)) / (a.defender_cc - a.defender_cf))

    @property
    def r_s(self) -> float:
        """Pr(determined) at which a supported protege gains nothing by resisting."""
        return float((self.a.protege_cc - self.a.protege_se) / (self.a.protege_cc - self.a.protege_cf))

    def abandoned(self, disloyal: float) -> float:
        """To the defender."""
        return float(disloyal * self.a.defender_pr + (1 - disloyal) * self.a.defender_pl)

    def doubtful(self, determined: float) -> float:
        """Pr(disloyal) at which support and abandonment are worth the same to the defender."""
        a = self.a
        supported = determined * a.defender_cf + (1 - determined) * a.defender_cc
        return float((a.defender_pl - supported) / (a.defender_pl - a.defender_pr))

    def supported(self, determined: float) -> float:
        """To the protege."""
        return float(determined * self.a.protege_cf + (1 - determined) * self.a.protege_cc)

    def alone(self, disloyal: float) -> float:
        """To the challenger, of a protege without support."""
        return float(disloyal * self.a.challenger_pr + (1 - disloyal) * self.a.challenger_pl)

    def loyal_resists(self, disloyal: float) -> float:
        """How often the loyal resist, if all the disloyal do and that is believed of who resists."""
        d = self.a.protege_disloyal
        return float(d * (1 - disloyal) / (disloyal * (1 - d)))

    def support(self, determined: float) -> float:
        """Probability of support that leaves the loyal indifferent between resisting and conceding."""
        a = self.a
        return float((a.protege_se - a.protege_pl) / (self.supported(determined) - a.protege_pl))

    def gain(self, determined: float, met: float) -> float:
        """What a demand gains over the status quo if the loyal and the defender are indifferent, and support is worth `met` to the challenger."""
        disloyal, support = self.doubtful(determined), self.support(determined)
        resistance = self.a.protege_disloyal / disloyal
        resisted = support * met + (1 - support) * self.alone(disloyal)
        return float((1 - resistance) * self.a.challenger_se + resistance * resisted - self.a.challenger_sq)

    def gain_polynomial(self, met: float) -> tuple[float, float, float]:
        """a, b, c of a r^2 + b r + c, which has the sign of `gain`: the gain times positive factors that are linear in r."""
        at = []
        for r in (0.0, 0.5, 1.0):
            disloyal, d, a = self.doubtful(r), self.a.protege_disloyal, self.a
            reward, least = self.supported(r) - a.protege_pl, a.protege_se - a.protege_pl
            resisted = least * met + (reward - least) * self.alone(disloyal)
            at.append(reward * ((disloyal - d) * a.challenger_se - disloyal * a.challenger_sq) + d * resisted)
        return float(2 * at[0] - 4 * at[1] + 2 * at[2]), float(-3 * at[0] + 4 * at[1] - at[2]), float(at[0])


def _bluff(prior: float, believed: float) -> float:
    """How often the hesitant demand, if all the determined do, so that a demand is believed to come from the determined with probability `believed`."""
    return prior * (1 - believed) / (believed * (1 - prior))


def _committed(a: Any, worth: _Worth) -> Iterator[ClosedForm]:
    """Support for sure, and a demand."""
    p, d, r_star, r_s = a.challenger_determined, a.protege_disloyal, worth.r_star, worth.r_s
    prior: dict[str, Any] = {"supports": 1.0, "disloyal": (d, d)}
    if a.challenger_cc <= a.challenger_sq <= a.challenger_cf_determined and r_star >= 1 and r_s >= 1 and p > 0:
        condition = f"CF >= SQ >= CC of the challenger, protege_disloyal >= q* = {worth.doubtful(1.0):.6g}, CF >= SE of the protege"
        yield _form("commitment, determined demand", condition, demands=(1, 0), determined=(1, 1), **prior)
    if a.challenger_cc >= a.challenger_sq and p <= min(r_star, r_s):
        condition = f"CC >= SQ of the challenger, challenger_determined <= r* = {r_star:.6g} and r_s = {r_s:.6g}"
        yield _form("commitment, all demand", condition, demands=(1, 1), determined=(p, p), **prior)
    if 0 < p < r_s < 1 and d > 0 and (a.challenger_se - a.challenger_sq) * (a.challenger_sq - a.challenger_cc) > 0:
        resistance = (a.challenger_se - a.challenger_sq) / (a.challenger_se - a.challenger_cc)
        disloyal = min(1.0, d / resistance)
        if disloyal >= worth.doubtful(r_s):
            resists = (min(1.0, resistance / d), max(0.0, resistance - d) / (1 - d))
            condition = f"SQ between SE and CC of the challenger, challenger_determined < r_s = {r_s:.6g}, and enough of those who resist are disloyal"
            yield _form("commitment, doubtful resistance", condition, demands=(1, _bluff(p, r_s)), resists=resists, supports=1.0,
                        determined=(r_s, r_s), disloyal=(disloyal, disloyal), by_ends=True)  # fmt: skip


def _conceded(a: Any, worth: _Worth) -> Iterator[ClosedForm]:
    """Every protege concedes at once."""
    p, r_s, disloyal = a.challenger_determined, worth.r_s, worth.doubtful(a.challenger_determined)
    all_demand: dict[str, Any] = {"demands": (1, 1), "resists": (0, 0), "determined": (p, p), "by_ends": True}
    concede = "SE >= SQ of the challenger, "
    if a.challenger_se >= a.challenger_sq and p >= r_s:
        yield _form("concession", f"{concede}challenger_determined >= r_s = {r_s:.6g}", **all_demand, supports=1, disloyal=(max(0.0, disloyal), 1))
    elif a.challenger_se >= a.challenger_sq and a.protege_pr_disloyal <= a.protege_se and disloyal >= 0:
        condition = f"{concede}SE >= PR of the disloyal protege, and support for the loyal is worth less to the defender than losing them"
        yield _form("concession", condition, **all_demand, supports=0, disloyal=(0, disloyal))


def _doubtful(a: Any, worth: _Worth) -> Iterator[ClosedForm]:
    """The defender is indifferent, and somebody demands."""
    p, d, r_star, unsupported = a.challenger_determined, a.protege_disloyal, worth.r_star, worth.alone(a.protege_disloyal)
    if 0 < p < r_star <= 1 and a.challenger_cc < a.challenger_sq < unsupported:
        support = (unsupported - a.challenger_sq) / (unsupported - a.challenger_cc)
        if support * worth.supported(r_star) + (1 - support) * a.protege_pl >= a.protege_se:
            condition = f"challenger_determined < r* = {r_star:.6g} <= 1, SQ > CC of the challenger, and resisting pays"
            yield _form("straddle", condition, demands=(1, _bluff(p, r_star)), supports=support, determined=(r_star, r_star), disloyal=(d, d))

    def mixed(name: str, condition: str, demands: tuple[float, float], r: float) -> ClosedForm:
        q = worth.doubtful(r)
        return _form(name, f"{condition} of the loyal, so that the defender is indifferent", demands=demands, resists=(1, worth.loyal_resists(q)),
                     supports=worth.support(r), determined=(r, r), disloyal=(q, q))  # fmt: skip

    if d == 0:
        return
    if p >= r_star and p < worth.r_s and worth.gain(p, a.challenger_cc) >= 0:
        yield mixed("mixed resistance", f"r* = {r_star:.6g} <= challenger_determined < r_s = {worth.r_s:.6g}; all demand and gain by it; some", (1, 1), p)
    if r_star < 1 < worth.r_s and worth.gain(1.0, a.challenger_cc) <= 0 <= worth.gain(1.0, a.challenger_cf_determined) and p > 0:
        condition = f"r* = {r_star:.6g} < 1 < r_s = {worth.r_s:.6g}; only the determined gain by a demand; some"
        yield mixed("mixed resistance, determined demand", condition, (1, 0), 1.0)
    for r in _roots(*worth.gain_polynomial(a.challenger_cc)):
        if 0 < p < r < min(1.0, worth.r_s) and r > r_star:
            condition = f"challenger_determined < {r:.6g}, at which the hesitant gain nothing by a demand; some"
            yield mixed("mixed resistance, hesitant bluff", condition, (1, _bluff(p, r)), r)


def _roots(a: float, b: float, c: float) -> list[float]:
    """Real roots of a x^2 + b x + c, which may be linear."""
    square = b * b - 4 * a * c
    if square < 0 or (a == 0 and b == 0):
        return []
    far = -0.5 * (b + (square**0.5 if b >= 0 else -(square**0.5)))
    return sorted({value for value in ([far / a] if a else []) + ([c / far] if far else [])})


def _deterring(a: Any, worth: _Worth) -> Iterator[ClosedForm]:
    """Nobody demands. What is believed of a demand is free; it is plausible that it comes from the determined."""
    d, r_star, r_s, met = a.protege_disloyal, worth.r_star, worth.r_s, a.challenger_cf_determined
    nobody: dict[str, Any] = {"demands": (0, 0)}
    if met <= a.challenger_sq and r_star >= 0:
        most = min(1.0, r_star, r_s)
        condition = f"SQ >= CF of the determined challenger, and a demand is believed to come from the determined with at most {most:.6g}"
        yield _form("commitment that deters", condition, **nobody, supports=1, determined=(0, most), disloyal=(d, d), by_ends=True, plausible=most == 1)
        return
    if a.challenger_se <= a.challenger_sq:
        worthless = "SQ >= SE of the challenger, "
        if r_s <= 1:
            yield _form("worthless demand", f"{worthless}SE >= CF of the protege", **nobody, resists=(0, 0), supports=1, determined=(r_s, 1),
                        disloyal=(max(0.0, worth.doubtful(r_s), worth.doubtful(1)), 1), by_ends=True)  # fmt: skip
            return
        if a.protege_pr_disloyal <= a.protege_se:
            yield _form("worthless demand", f"{worthless}SE >= PR of the disloyal protege", **nobody, resists=(0, 0), supports=0, determined=(1, 1),
                        disloyal=(0, worth.doubtful(1)), by_ends=True)  # fmt: skip
            return
    yield from _doubtful_deterrence(a, worth)


def _doubtful_deterrence(a: Any, worth: _Worth) -> Iterator[ClosedForm]:
    """Nobody demands, though neither support nor concession is sure: one way to do it, where there is any."""
    d, r_s, met, name = a.protege_disloyal, worth.r_s, a.challenger_cf_determined, "doubtful deterrence"
    if d == 0:
        return
    condition = "neither of the other deterrences, and a belief at which "
    if r_s <= 1 and met <= a.challenger_sq < a.challenger_se:
        # Support is sure, and the disloyal resist rather than the loyal.
        resistance = max((a.challenger_se - a.challenger_sq) / (a.challenger_se - met), d)
        if d / resistance >= worth.doubtful(r_s):
            yield _form(name, f"{condition}the protege is indifferent", demands=(0, 0), resists=(1, max(0.0, resistance - d) / (1 - d)), supports=1,
                        determined=(r_s, r_s), disloyal=(d / resistance, d / resistance), by_ends=True, plausible=r_s == 1)  # fmt: skip
            return
    square, linear, _ = worth.gain_polynomial(met)
    low, high = max(0.0, worth.r_star), min(1.0, r_s)
    for r in (high, low, *([-linear / (2 * square)] if square > 0 else [])):
        if low <= r <= high and worth.doubtful(r) > 0 and worth.gain(r, met) <= 0:
            q = worth.doubtful(r)
            yield _form(name, f"{condition}loyal proteges and the defender are indifferent", demands=(0, 0), resists=(1, worth.loyal_resists(q)),
                        supports=worth.support(r), determined=(r, r), disloyal=(q, q), by_ends=True, plausible=r == 1)  # fmt: skip
            return


def classes(a: Any) -> list[ClosedForm]:
    """Every class that exists at these arguments; they must keep the orderings of the game."""
    worth = _Worth(a)
    return [form for kind in (_committed, _conceded, _doubtful, _deterring) for form in kind(a, worth)]
