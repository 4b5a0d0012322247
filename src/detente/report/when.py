"""When: the probability of each level by the end of each year, with the range over draws."""

from __future__ import annotations

from typing import Any

import numpy as np

from detente.ensemble import Assessment
from detente.ensemble.statistics import weighted_quantiles
from detente.report.names import Called
from detente.report.tables import Cell, Panel, Table, part, rows
from detente.report.wording import LEAST, day, figure


def when_panel(assessment: Assessment, called: Called) -> Panel:
    """The panel of years."""
    data = assessment.reach
    known, weights = [str(name) for name in data["rung"].values], assessment.data["weight"].values
    ends = [np.datetime64(until, "D").astype(object) for until in data["until"].values]
    mean = assessment.mean(data).values
    lines: list[dict[str, Any]] = []
    cells = []
    for name in called.outcomes:
        index = known.index(name)
        ranges = [weighted_quantiles(np.ascontiguousarray(data.values[:, index, k]), weights, (0.05, 0.95)) for k in range(len(ends))]
        values = [float(each) for each in mean[index]]
        low, high = ([float(pair[side]) for pair in ranges] for side in (0, 1))
        if values[-1] >= LEAST:
            lines.append({"name": name, "title": called.title(name), "mean": values, "low": low, "high": high})
        cells.append((Cell(called.title(name)), *(part(value) for value in values)))
    title = "Reached by the day, predictive, %"
    table = Table("when", title, ("level", *(str(end) for end in ends)), "<" + ">" * len(ends), rows(cells))
    start = assessment.as_of
    years = [0.0, *((end - start).days / 365.25 for end in ends)]
    told = {"years": years, "start": start.year, "labels": [day(start), *(day(end) for end in ends)], "lines": lines, "least": LEAST}
    caption = "Probability that each level was reached by the end of each year, in per cent on a logarithmic scale; the band holds nine draws in ten."
    text = (f"Reached by {day(ends[-1])}: " + "; ".join(f"{line['title']} {figure(line['mean'][-1])} %" for line in lines) + ".",)
    return Panel("when", "When", "analyst", text, caption, told if lines else None, (table,))
