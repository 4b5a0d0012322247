"""The panel of sliders: what the predictive probabilities would be if a few quantities were known, answered from the grid of `detente.report.response`."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr

from detente.ensemble import Assessment
from detente.report.names import Called
from detente.report.response import SCORES, Response
from detente.report.tables import Cell, Panel, Table, part, rows
from detente.report.wording import LEAST, amount, percent

STOPS = 41  # of a slider, at equal steps of the normal score


def whatif_panel(assessment: Assessment, called: Called, response: Response | None) -> Panel | None:
    """The panel of sliders; None without a grid."""
    if response is None:
        return None
    items = assessment.model.scenario.quantities
    stops = ndtr(np.linspace(SCORES[0], SCORES[-1], STOPS))
    axes = []
    for name in response.quantities:
        item = items[name]
        unit = "" if item.unit == "1" else f" {item.unit}"
        factor = assessment.model.reading.multiply.get(name, 1.0)
        values = factor * np.asarray(item.distribution.quantile(stops), dtype=float)
        axes.append({"title": item.title, "stops": [f"{amount(float(value), 3)}{unit}".replace("-", "−") for value in values]})
    levels = [{"name": level, "title": called.title(level), "error": percent(min(response.error[level], 1.0))} for level in response.levels]
    data = {"axes": axes, "levels": levels, "scores": list(SCORES), "grid": response.grid.ravel().tolist(), "least": LEAST}
    middle = len(SCORES) // 2
    cells: list[tuple[Cell | str, ...]] = []
    for axis, name in enumerate(response.quantities):
        for index, share in ((0, "5 %"), (middle, "median"), (len(SCORES) - 1, "95 %")):
            at = tuple(index if k == axis else middle for k in range(len(response.quantities)))
            cells.append((Cell(items[name].title, target=f"quantity-{name}"), share, *(part(float(value)) for value in response.grid[at])))
    head = ("quantity", "at", *(f"{level['title']}, %" for level in levels))
    table = Table("whatif", "One quantity at a time, the others at their medians", head, "<<" + ">" * len(levels), rows(cells))
    missed = "; ".join(f"{level['title']} {level['error']}" for level in levels)
    text = (
        f"If these quantities were known: everything else stays as uncertain as it is, over {response.draws} draws of the stated distributions"
        + (", without the weights of history." if assessment.history is not None else "."),
        f"Answers are interpolated. At {response.checked} points drawn at random they were at most so much of the figure away from the model's: {missed}.",
    )
    caption = "Predictive probability of each level, in per cent on a logarithmic scale (full), beside the one with every slider at its median (hollow)."
    return Panel("whatif", "What if", "analyst", text, caption, data, (table,))
