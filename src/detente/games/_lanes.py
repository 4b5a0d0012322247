"""Sixteen draws side by side: a vector of sixteen floats that Numba kernels hold in registers.

`load(a, i)` reads a[16 i : 16 i + 16] of a flat array and `store` writes it back; `muladd(a, b, c)` is a b + c. Every operation works on each lane alone,
so the bits of one draw never depend on its neighbours. The compiler is told what is a vector, because left to itself it vectorises loops of
sixteen only where it can prove that arrays do not overlap; measured here, that is four times slower. Indices are not checked.
"""

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic, models, register_model

LANES = 16
_VECTOR = ir.VectorType(ir.DoubleType(), LANES)
_WHOLE = ir.VectorType(ir.IntType(64), LANES)
# Adding this leaves a whole number in the lowest bits; the bits of 1 and of the square root of 1/2.
SHIFT = 1.5 * 2.0**52
_ONE = 0x3FF0000000000000
_LEAST_FRACTION = 0x3FE6A09E667F3BCD


def aligned(count: int) -> Any:
    """Vectors that do not straddle cache lines."""
    spare = np.zeros((count + 1) * LANES)
    first = -(spare.ctypes.data // spare.itemsize) % LANES
    return spare[first : first + count * LANES]


class Lanes(types.Type):
    """Numba's type of sixteen floats."""

    def __init__(self) -> None:
        super().__init__(name="Lanes")


lanes = Lanes()


@register_model(Lanes)
class _LanesModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, _VECTOR)


def _widen(builder: Any) -> None:
    """Let the compiler use registers of eight floats where the processor has such; by default it prefers halves."""
    set.add(builder.function.attributes, '"min-legal-vector-width"="512"')


def _address(context: Any, builder: Any, array_type: Any, array: Any, index: Any) -> Any:
    _widen(builder)
    data = context.make_array(array_type)(context, builder, array).data
    first = builder.mul(index, ir.Constant(index.type, LANES))
    return builder.bitcast(builder.gep(data, [first]), _VECTOR.as_pointer())


def _splat(builder: Any, number: Any) -> Any:
    single = builder.insert_element(ir.Constant(_VECTOR, ir.Undefined), number, ir.Constant(ir.IntType(32), 0))
    order = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
    return builder.shuffle_vector(single, ir.Constant(_VECTOR, ir.Undefined), order)


@intrinsic
def load(typingctx: Any, array: Any, index: Any) -> Any:
    """Lanes a[16 i : 16 i + 16]."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.load(_address(context, builder, array, *arguments), align=8)

    return lanes(array, types.intp), generate


@intrinsic
def store(typingctx: Any, array: Any, index: Any, value: Any) -> Any:
    """a[16 i : 16 i + 16] = lanes."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        builder.store(arguments[2], _address(context, builder, array, arguments[0], arguments[1]), align=8)
        return context.get_dummy_value()

    return types.void(array, types.intp, lanes), generate


@intrinsic
def gather(typingctx: Any, array: Any, places: Any, index: Any) -> Any:
    """Lanes a[places[lane] + i] of a contiguous array of any shape, as if it were flat."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        own = context.make_array(signature.args[1])(context, builder, arguments[1]).data
        found = ir.Constant(_VECTOR, ir.Undefined)
        for lane in range(LANES):
            place = builder.load(builder.gep(own, [ir.Constant(arguments[2].type, lane)]))
            number = builder.load(builder.gep(data, [builder.add(place, arguments[2])]))
            found = builder.insert_element(found, number, ir.Constant(ir.IntType(32), lane))
        return found

    return lanes(array, places, types.intp), generate


@intrinsic
def turn(typingctx: Any, array: Any, places: Any, index: Any, out: Any) -> Any:
    """Store `gather(array, places, i + k)` as lanes i + k of `out`, for k below 8: eight rows of eight numbers are read and turned into columns at a time."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        numbers, own, to = (context.make_array(signature.args[k])(context, builder, arguments[k]).data for k in (0, 1, 3))
        index, eight = arguments[2], ir.VectorType(ir.DoubleType(), 8)
        for first in range(0, LANES, 8):
            rows = []
            for lane in range(first, first + 8):
                place = builder.add(builder.load(builder.gep(own, [ir.Constant(index.type, lane)])), index)
                rows.append(builder.load(builder.bitcast(builder.gep(numbers, [place]), eight.as_pointer()), align=8))
            for step in (1, 2, 4):
                for i in (i for i in range(8) if not i & step):
                    above, below = rows[i], rows[i | step]
                    rows[i] = _mixed(builder, above, below, [8 + (k ^ step) if k & step else k for k in range(8)])
                    rows[i | step] = _mixed(builder, above, below, [8 + k if k & step else k | step for k in range(8)])
            for k, column in enumerate(rows):
                place = builder.mul(builder.add(index, ir.Constant(index.type, k)), ir.Constant(index.type, LANES))
                place = builder.add(place, ir.Constant(index.type, first))
                builder.store(column, builder.bitcast(builder.gep(to, [place]), eight.as_pointer()), align=8)
        _widen(builder)
        return context.get_dummy_value()

    return types.void(array, places, types.intp, out), generate


def _mixed(builder: Any, a: Any, b: Any, order: list[int]) -> Any:
    return builder.shuffle_vector(a, b, ir.Constant(ir.VectorType(ir.IntType(32), len(order)), order))


@intrinsic
def positive_bits(typingctx: Any, a: Any) -> Any:
    """A bit for each lane above 0."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        above = builder.fcmp_ordered(">", arguments[0], ir.Constant(_VECTOR, [0.0] * LANES))
        return builder.zext(builder.bitcast(above, ir.IntType(LANES)), ir.IntType(64))

    return types.int64(lanes), generate


@intrinsic
def peek(typingctx: Any, array: Any, index: Any) -> Any:
    """a[i] of a flat array of whole numbers, without the test for a negative index that costs as much as the arithmetic around it."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = context.make_array(array)(context, builder, arguments[0]).data
        found = builder.load(builder.gep(data, [arguments[1]]))
        return builder.sext(found, ir.IntType(64)) if found.type.width < 64 else found

    return types.int64(array, types.intp), generate


@intrinsic
def splat(typingctx: Any, number: Any) -> Any:
    """The same number in every lane."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return _splat(builder, arguments[0])

    return lanes(types.float64), generate


@intrinsic
def muladd(typingctx: Any, a: Any, b: Any, c: Any) -> Any:
    """a b + c, fused where the processor has it."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        function = cgutils.get_or_insert_function(
            builder.module, ir.FunctionType(_VECTOR, [_VECTOR] * 3), f"llvm.fmuladd.v{LANES}f64"
        )
        return builder.call(function, arguments)

    return lanes(lanes, lanes, lanes), generate


def _binary(instruction: str) -> Any:
    def typed(typingctx: Any, a: Any, b: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return getattr(builder, instruction)(*arguments)

        return lanes(lanes, lanes), generate

    typed.__name__ = instruction
    return intrinsic(typed)


add, subtract, multiply, divide = _binary("fadd"), _binary("fsub"), _binary("fmul"), _binary("fdiv")


@intrinsic
def where_positive(typingctx: Any, test: Any, yes: Any, no: Any) -> Any:
    """`yes` in the lanes where `test` is above 0, else `no`."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        zero = ir.Constant(_VECTOR, [0.0] * LANES)
        return builder.select(builder.fcmp_ordered(">", arguments[0], zero), arguments[1], arguments[2])

    return lanes(lanes, lanes, lanes), generate


@intrinsic
def where_less(typingctx: Any, a: Any, b: Any, yes: Any, no: Any) -> Any:
    """`yes` in the lanes where a < b, else `no`."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.select(builder.fcmp_ordered("<", *arguments[:2]), *arguments[2:])

    return lanes(lanes, lanes, lanes, lanes), generate


@intrinsic
def where_equal(typingctx: Any, a: Any, b: Any, yes: Any, no: Any) -> Any:
    """`yes` in the lanes where a = b, else `no`."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.select(builder.fcmp_ordered("==", *arguments[:2]), *arguments[2:])

    return lanes(lanes, lanes, lanes, lanes), generate


@intrinsic
def magnitude(typingctx: Any, a: Any) -> Any:
    """|a|."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        function = cgutils.get_or_insert_function(builder.module, ir.FunctionType(_VECTOR, [_VECTOR]), f"llvm.fabs.v{LANES}f64")
        return builder.call(function, arguments)

    return lanes(lanes), generate


def _whole(number: int) -> Any:
    return ir.Constant(_WHOLE, [number] * LANES)


@intrinsic
def power_of_two(typingctx: Any, shifted: Any) -> Any:
    """2^k, given `SHIFT` + k: its lowest bits are k."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        exponent = builder.shl(builder.bitcast(arguments[0], _WHOLE), _whole(52))
        return builder.bitcast(builder.add(exponent, _whole(_ONE)), _VECTOR)

    return lanes(lanes), generate


def _binary_exponent(builder: Any, number: Any) -> Any:
    """The whole number k with number = 2^k z, z within a factor of sqrt(2) of 1."""
    bits = builder.bitcast(number, _WHOLE)
    return bits, builder.ashr(builder.sub(bits, _whole(_LEAST_FRACTION)), _whole(52))


@intrinsic
def exponent_of(typingctx: Any, number: Any) -> Any:
    """k of number = 2^k z, z within a factor of sqrt(2) of 1."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.sitofp(_binary_exponent(builder, arguments[0])[1], _VECTOR)

    return lanes(lanes), generate


@intrinsic
def fraction_of(typingctx: Any, number: Any) -> Any:
    """z of number = 2^k z, z within a factor of sqrt(2) of 1."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        bits, exponent = _binary_exponent(builder, arguments[0])
        return builder.bitcast(builder.sub(bits, builder.shl(exponent, _whole(52))), _VECTOR)

    return lanes(lanes), generate
