"""Hand many arrays to a kernel by one pointer.

A `Table` stands for a named tuple of C-contiguous arrays and of other named tuples. In a kernel `table.name` is the array, built from a row of addresses and
shapes that lies in memory. Numba would pass a named tuple of sixty arrays as four hundred arguments, at every call between kernels: handing over one
pointer takes a fraction of the time both to compile and to run. The addresses never change while a table lives, which the compiler is told.

Refused: arrays that are not C-contiguous. Arrays are written to whatever their flags say, so tables of frozen arrays must go to kernels that only read.
"""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any

import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.core.typing.templates import AttributeTemplate
from numba.extending import NativeValue, infer_getattr, lower_getattr_generic, models, register_model, typeof_impl, unbox
from numba.np.arrayobj import make_array, populate_array
from numba.np.numpy_support import from_dtype


class Table:
    """The arrays of a named tuple, kept alive, and where they lie.

    Parameters
    ----------
    arrays : named tuple
        Of arrays, or of further named tuples.
    """

    def __init__(self, arrays: Any) -> None:
        words: list[int] = []
        fields: list[tuple[str, int, types.Type]] = []
        self.arrays = arrays
        self.parts = [Table(value) for value in arrays if isinstance(value, tuple)]
        parts = iter(self.parts)
        for name, value in zip(arrays._fields, arrays, strict=True):
            if isinstance(value, tuple):
                part = next(parts)
                fields.append((name, len(words), part.type))
                words.append(part.address)
                continue
            if not value.flags.c_contiguous:
                raise ValueError(f"{name} is not C-contiguous")
            fields.append((name, len(words), _array_type(value.dtype, value.ndim)))
            words += [value.ctypes.data, *value.shape]
        self.words = np.array(words, dtype=np.int64)
        self.address = self.words.ctypes.data
        self.type = _table_type(tuple(fields))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.arrays, name)


class TableType(types.Type):
    """What a kernel knows of a table: (name, first word, type) of each field."""

    def __init__(self, fields: tuple[tuple[str, int, types.Type], ...]) -> None:
        self.fields = fields
        digest = hashlib.sha256(repr(fields).encode()).hexdigest()[:16]
        super().__init__(name=f"Table({digest})")

    def field(self, name: str) -> tuple[int, types.Type] | None:
        """First word and type of a field."""
        return next(((first, kind) for found, first, kind in self.fields if found == name), None)


# Making a type takes longer than making its table.
@cache
def _array_type(dtype: np.dtype[Any], axes: int) -> types.Type:
    return types.Array(from_dtype(dtype), axes, "C")


@cache
def _table_type(fields: tuple[tuple[str, int, types.Type], ...]) -> TableType:
    return TableType(fields)


@typeof_impl.register(Table)
def _typeof(table: Table, _: Any) -> TableType:
    return table.type


@register_model(TableType)
class _TableModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: TableType) -> None:
        super().__init__(manager, kind, ir.IntType(64).as_pointer())


@unbox(TableType)
def _unbox(kind: TableType, table: Any, c: Any) -> NativeValue:
    held = c.pyapi.object_getattr_string(table, "address")
    address = c.pyapi.long_as_longlong(held)
    c.pyapi.decref(held)
    return NativeValue(c.builder.inttoptr(address, ir.IntType(64).as_pointer()))


@infer_getattr
class _TableAttributes(AttributeTemplate):
    key = TableType

    def generic_resolve(self, kind: TableType, name: str) -> types.Type | None:
        found = kind.field(name)
        return None if found is None else found[1]


@lower_getattr_generic(TableType)
def _lower_attribute(context: Any, builder: Any, kind: TableType, value: Any, name: str) -> Any:
    found = kind.field(name)
    assert found is not None
    first, field = found
    word = ir.IntType(64)

    def load(position: int, as_type: ir.Type) -> Any:
        place = builder.gep(value, [ir.Constant(word, position)])
        loaded = builder.load(builder.bitcast(place, as_type.as_pointer()))
        loaded.set_metadata("invariant.load", builder.module.add_metadata([]))
        return loaded

    if isinstance(field, TableType):
        return load(first, word.as_pointer())
    array = make_array(field)(context, builder)
    data = load(first, context.get_data_type(field.dtype).as_pointer())
    shape = [load(first + 1 + axis, word) for axis in range(field.ndim)]
    size = context.get_abi_sizeof(context.get_data_type(field.dtype))
    strides, step = [], ir.Constant(word, size)
    for extent in reversed(shape):
        strides.insert(0, step)
        step = builder.mul(step, extent)
    populate_array(array, data=data, shape=cgutils.pack_array(builder, shape), strides=cgutils.pack_array(builder, strides), itemsize=size, meminfo=None)
    return array._getvalue()
