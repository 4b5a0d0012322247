"""A chunk as a Parquet file: one column for each number of a draw, and back.

Columns are `draw`, then `ARRAY.LABEL...` in the order of `chunk.AXES`: `reach.clash.2025`, `quantities.incident_rate`, `status.2021-01-29`. The
file's own metadata carry the labels of every axis, so that a chunk can be read by itself.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from io import BytesIO
from itertools import product
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from detente.ensemble.chunk import AXES, Chunk

Floats = NDArray[np.float64]
LABELS = b"detente"


def column_names(coordinates: Mapping[str, list[Any]]) -> list[str]:
    """Names of the columns after `draw`."""
    return [".".join((name, *map(str, labels))) for name, axes in AXES.items() for labels in product(*(coordinates[axis] for axis in axes))]


def write(chunk: Chunk) -> bytes:
    """The bytes of the chunk's file."""
    flat = np.concatenate([chunk.arrays[name].reshape(chunk.count, -1) for name in AXES], axis=1)
    columns = [pa.array(np.arange(chunk.first, chunk.first + chunk.count)), *(pa.array(column) for column in np.ascontiguousarray(flat.T))]
    labels = {LABELS: json.dumps(dict(chunk.coordinates)).encode()}
    table = pa.Table.from_arrays(columns, names=["draw", *column_names(chunk.coordinates)], metadata=labels)
    buffer = BytesIO()
    # The numbers hardly repeat: a dictionary or bounds for each of a thousand columns would only cost time and space.
    pq.write_table(table, buffer, compression="lz4", use_dictionary=False, write_statistics=False)
    return buffer.getvalue()


def read(content: bytes) -> Chunk:
    """The chunk that `write` wrote; its steps' times are not in the file."""
    table = pq.read_table(pa.BufferReader(content))
    coordinates: dict[str, list[Any]] = json.loads(table.schema.metadata[LABELS])
    flat = np.empty((table.num_columns - 1, table.num_rows))
    for index, column in enumerate(table.columns[1:]):
        flat[index] = column.to_numpy()
    flat = np.ascontiguousarray(flat.T)
    arrays: dict[str, Floats] = {}
    position = 0
    for name, axes in AXES.items():
        shape = tuple(len(coordinates[axis]) for axis in axes)
        width = int(np.prod(shape))
        arrays[name] = np.ascontiguousarray(flat[:, position : position + width]).reshape(len(flat), *shape)
        position += width
    return Chunk(int(table.column("draw")[0].as_py()), arrays, coordinates, {})
