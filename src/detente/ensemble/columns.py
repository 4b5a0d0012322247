"""A chunk as a Parquet file: one column for each number of a draw, and back.

Columns are `draw`, then `ARRAY.LABEL...` in the order of `chunk.AXES`: `reach.clash.2025`, `quantities.incident_rate`, `status.2021-01-29`. The
file's own metadata carry the labels of every axis, so that a chunk can be read by itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from io import BytesIO
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.ensemble.chunk import AXES, Chunk

Floats = NDArray[np.float64]
LABELS = b"detente"
TOLD = b"detente_arrays"  # names of the arrays, where not all of them are there


def column_names(coordinates: Mapping[str, list[Any]], arrays: Iterable[str] = AXES) -> list[str]:
    """Names of the columns after `draw` of these arrays."""
    return [".".join((name, *map(str, labels))) for name in arrays for labels in product(*(coordinates[axis] for axis in AXES[name]))]


def write(chunk: Chunk) -> bytes:
    """The bytes of the chunk's file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    told = [name for name in AXES if name in chunk.arrays]
    flat = np.concatenate([chunk.arrays[name].reshape(chunk.count, -1) for name in told], axis=1)
    columns = [pa.array(np.arange(chunk.first, chunk.first + chunk.count)), *(pa.array(column) for column in np.ascontiguousarray(flat.T))]
    labels = {LABELS: json.dumps(dict(chunk.coordinates)).encode()}
    if len(told) < len(AXES):
        labels[TOLD] = json.dumps(told).encode()
    table = pa.Table.from_arrays(columns, names=["draw", *column_names(chunk.coordinates, told)], metadata=labels)
    buffer = BytesIO()
    # The numbers hardly repeat: a dictionary or bounds for each of a thousand columns would only cost time and space.
    pq.write_table(table, buffer, compression="lz4", use_dictionary=False, write_statistics=False)
    return buffer.getvalue()


def read(content: bytes) -> Chunk:
    """The chunk that `write` wrote; its steps' times are not in the file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pq.read_table(pa.BufferReader(content))
    coordinates: dict[str, list[Any]] = json.loads(table.schema.metadata[LABELS])
    flat = np.empty((table.num_columns - 1, table.num_rows))
    for index, column in enumerate(table.columns[1:]):
        flat[index] = column.to_numpy()
    flat = np.ascontiguousarray(flat.T)
    arrays: dict[str, Floats] = {}
    position = 0
    for name in json.loads(table.schema.metadata.get(TOLD, b"null")) or AXES:
        shape = tuple(len(coordinates[axis]) for axis in AXES[name])
        width = int(np.prod(shape))
        arrays[name] = np.ascontiguousarray(flat[:, position : position + width]).reshape(len(flat), *shape)
        position += width
    return Chunk(int(table.column("draw")[0].as_py()), arrays, coordinates, {})
