"""The panel of sliders: what the predictive probabilities would be if a few quantities were known, answered from `detente.report.response`."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr

from detente.ensemble import Assessment
from detente.report.names import Called
from detente.report.response import REACH, Response
from detente.report.tables import Cell, Panel, Table, part, rows
from detente.report.wording import LEAST, amount, percent

STOPS = 41  # of a slider, at equal steps of the normal score
SHOWN = ((-1.0, "5 %"), (0.0, "median"), (1.0, "95 %"))


def whatif_panel(assessment: Assessment, called: Called, response: Response | None) -> Panel | None:
    """The panel of sliders; None without a response."""
    if response is None:
        return None
    items = assessment.model.scenario.quantities
    stops = ndtr(REACH * np.linspace(-1.0, 1.0, STOPS))
    axes = []
    for name in response.quantities:
        item = items[name]
        unit = "" if item.unit == "1" else f" {item.unit}"
        factor = assessment.model.reading.multiply.get(name, 1.0)
        values = factor * np.asarray(item.distribution.quantile(stops), dtype=float)
        axes.append({"title": item.title, "stops": [f"{amount(float(value), 3)}{unit}".replace("-", "−") for value in values]})
    levels = [{"name": level, "title": called.title(level)} for level in response.levels]
    data = {"axes": axes, "levels": levels, "degrees": response.degrees.tolist(), "coefficients": response.coefficients.tolist(), "least": LEAST}
    cells: list[tuple[Cell | str, ...]] = []
    for axis, name in enumerate(response.quantities):
        for x, share in SHOWN:
            point = np.array([[x if k == axis else 0.0 for k in range(len(response.quantities))]])
            cells.append((Cell(items[name].title, target=f"quantity-{name}"), share, *(part(float(value)) for value in response.at(point)[0])))
    head = ("quantity", "at", *(f"{level['title']}, %" for level in levels))
    table = Table("whatif", "One quantity at a time, the others at their medians", head, "<<" + ">" * len(levels), rows(cells))
    text = (
        "If these quantities were known, and everything else stayed as uncertain as it is: how likely would each level be? "
        + ("History weighs the draws anew at each point. " if assessment.history is not None else "")
        + "Over the draws of the run within the sliders’ range, the answers have the mean of the run.",
        f"Answers come from a curve through what the model says with {response.draws:,} draws at {response.asked} points. At {response.checked} others, at "
        f"random, it was at most {percent(min(max(response.error.values()), 1.0))} of the figure away from the model; the second table says it for each level, "
        "beside the standard error that so many draws leave.",
    )
    caption = "Predictive probability of each level, in per cent on a logarithmic scale (full), beside the one with every slider at its median (hollow)."
    return Panel("whatif", "What if", "analyst", text, caption, data, (table, _missed(called, response)))


def _missed(called: Called, response: Response) -> Table:
    """How far answers are from the model, as a share of the figure."""
    cells = [(called.title(level), part(min(response.error[level], 1.0)), part(min(response.noise[level], 1.0))) for level in response.levels]
    head = ("level", "from the model at most, % of the figure", "standard error of the model’s figure at most, % of it")
    return Table("missed", f"How near the answers are, at {response.checked} points at random", head, "<>>", rows(cells))
