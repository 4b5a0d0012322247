"""Arrays over draws with their weights, which nobody writes to any more, and as one labelled data set."""

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


def frozen(arrays: Mapping[str, Floats], weights: Floats | None = None) -> dict[str, Floats]:
    """The arrays of some draws and their `weight`, 1 where not given; they can no longer be written to."""
    together = {**arrays, "weight": np.ones(len(arrays["reach"])) if weights is None else weights}
    for array in together.values():
        array.flags.writeable = False
    return together


def labelled(arrays: Mapping[str, Floats], coordinates: Mapping[str, list[Any]], attributes: Mapping[str, Any]) -> xr.Dataset:
    """The data set of arrays that are `frozen`."""
    import xarray as xr

    labels: dict[str, Any] = {}
    for axis, values in coordinates.items():
        index = BESIDE_AXES.get(axis, axis)
        labels[axis] = (index, np.array(values, dtype="datetime64[ns]") if axis in DAYS else np.array(values))
    labels["draw"] = ("draw", np.arange(len(arrays["weight"])))
    variables = {name: (("draw", *AXES.get(name, ())), array) for name, array in arrays.items()}
    whole = arrays["status"].astype(np.int8)
    whole.flags.writeable = False
    return xr.Dataset(variables | {"status": (variables["status"][0], whole)}, labels, attributes)
