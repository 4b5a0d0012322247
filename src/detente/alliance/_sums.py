"""Sums over the even and over the odd lanes of a vector: left to itself the compiler gathers numbers from many vectors, which takes five times as long."""

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from detente.games._lanes import LANES, lanes


@intrinsic
def even_and_odd(typingctx: Any, a: Any) -> Any:
    """(a[0] + a[2] + ..., a[1] + a[3] + ...), by halves: those that are 8 apart first, then 4, then 2."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        found, count = arguments[0], LANES
        while count > 2:
            count //= 2
            order = ir.VectorType(ir.IntType(32), count)
            low, high = (builder.shuffle_vector(found, found, ir.Constant(order, list(range(first, first + count)))) for first in (0, count))
            found = builder.fadd(low, high)
        both = [builder.extract_element(found, ir.Constant(ir.IntType(32), lane)) for lane in range(2)]
        return context.make_tuple(builder, signature.return_type, both)

    return types.UniTuple(types.float64, 2)(lanes), generate  # type: ignore[no-untyped-call]
