"""Arrays over draws as one labelled data set, and its labels as plain data again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from detente.ensemble.chunk import AXES

if TYPE_CHECKING:
    import xarray as xr

Floats = NDArray[np.float64]
# Labels that stand beside an axis without being its index.
BESIDE_AXES = {"kind": "rung", "until": "year"}
DAYS = ("segment", "until")


def labelled(arrays: Mapping[str, Floats], coordinates: Mapping[str, list[Any]], weights: Floats, attributes: Mapping[str, Any]) -> xr.Dataset:
    """The data set of an assessment; its arrays can no longer be written to."""
    import xarray as xr

    labels: dict[str, Any] = {}
    for axis, values in coordinates.items():
        index = BESIDE_AXES.get(axis, axis)
        labels[axis] = (index, np.array(values, dtype="datetime64[ns]") if axis in DAYS else np.array(values))
    labels["draw"] = ("draw", np.arange(len(weights)))
    variables = {name: (("draw", *AXES[name]), array) for name, array in arrays.items()}
    variables["status"] = (variables["status"][0], arrays["status"].astype(np.int8))
    variables["weight"] = (("draw",), weights)
    for _, array in variables.values():
        array.flags.writeable = False
    return xr.Dataset(variables, labels, attributes)


def coordinates_of(data: xr.Dataset) -> dict[str, list[Any]]:
    """The plain labels that `labelled` was given."""
    names = [str(name) for name in data.coords if name != "draw"]
    return {name: [str(day)[:10] for day in data[name].values] if name in DAYS else data[name].values.tolist() for name in names}
