"""The sum over jumps written out for one chain: every entry of P is an instruction of its own, and what is multiplied stays in registers.

    x = sum_j weight_j x P_1 P_2 ... P_j,    P_a and P_b (`_rates`) in turn

as in `_jumps.sum_backward` and `_jumps.sum_forward`, in the same order and so with the same bits. The generic kernels read from lists which row leads where,
and bring every number to memory and back. Here a text in the assembly language of LLVM, which comes with Numba, names the entries one by one. Its machine code
takes 6 to 35 milliseconds to make and is kept beside the kernels that Numba compiles, in a file named by a digest of the text. A chain of more than `LARGEST`
columns gets none: its text is long, and few of its numbers stay in registers. As many draws as a register holds stop together, when all have their terms.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import llvmlite.binding as llvm
import numpy as np
from llvmlite import ir
from numba import types
from numba.core.registry import cpu_target
from numba.extending import intrinsic

from detente.games._lanes import LANES
from detente.games.kernels import cache_folder
from detente.ladder._chains import LARGEST, Questions

BACKWARD, FORWARD = 0, 1  # columns of `Questions.written_out`
_NUMBERS = ir.DoubleType().as_pointer()
_ARGUMENTS = ("x", "entries", "weights", "to_one", "series")
_SUM = ir.FunctionType(ir.VoidType(), [_NUMBERS] * len(_ARGUMENTS) + [ir.IntType(64).as_pointer()])


class Shape(NamedTuple):
    """Which rows lead to each column of a chain, with those that a row keeps; a column from `owned` on takes what is lost, which is not followed."""

    n_rows: int
    owned: int
    sources: tuple[tuple[int, ...], ...]


class WrittenOut:
    """The machine code of a text, for the processor that Numba compiles for; as long as this object lives."""

    def __init__(self, text: str) -> None:
        _, processor, features = cpu_target.target_context.codegen().magic_tuple()
        machine = llvm.Target.from_default_triple().create_target_machine(cpu=processor, features=features, opt=3, jit=True)
        digest = hashlib.sha256("\n".join([processor, features, text]).encode()).hexdigest()
        code = _kept(Path(cache_folder()) / f"sum-{digest[:24]}.o", lambda: machine.emit_object(llvm.parse_assembly(text)))
        self._engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)
        self._engine.add_object_file(llvm.ObjectFileRef.from_data(code))
        self._engine.finalize_object()
        self.address = self._engine.get_function_address("sum")


def _kept(file: Path, make: Callable[[], bytes]) -> bytes:
    """What a file holds; made, and kept there if the folder can still be written to, where there is none."""
    try:
        return file.read_bytes()
    except OSError:
        made = make()
    try:
        with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as whole:
            whole.write(made)
        os.replace(whole.name, file)
    except OSError:
        pass
    return made


def lanes_of_register() -> int:
    """How many draws one register holds."""
    features = cpu_target.target_context.codegen().magic_tuple()[2]
    return 8 if "+avx512f" in features else 4 if "+avx" in features else 2


@lru_cache(maxsize=512)
def write_out(shape: Shape, direction: int) -> WrittenOut:
    """The sum of a chain of this shape."""
    return WrittenOut("\n".join([backward, forward][direction](shape, lanes_of_register())))


def write_sums(asked: Questions, directions: set[int]) -> tuple[Questions, list[WrittenOut]]:
    """Write out the sums of all chains that are small enough. Returns the chains with their addresses, and what must live as long as these are used."""
    rows, sinks = np.diff(asked.row_start), np.diff(asked.sink_start)
    asked, made = asked._replace(written_out=asked.written_out.copy()), []
    for chain in np.flatnonzero((rows > 0) & (rows + sinks <= LARGEST)).tolist():
        for direction in directions:
            made.append(write_out(shape_of(asked, chain), direction))
            asked.written_out[chain, direction] = made[-1].address
    return asked, made


def shape_of(asked: Questions, chain: int) -> Shape:
    """The shape of a chain all of whose rows can be reached."""
    first, n = int(asked.row_start[chain]), int(asked.row_start[chain + 1] - asked.row_start[chain])
    w = n + int(asked.sink_start[chain + 1] - asked.sink_start[chain])
    sources: list[list[int]] = [[] for _ in range(w)]
    for row in range(n):
        sources[row].append(row)
        for column in asked.edge_column[asked.edge_start[first + row] : asked.edge_start[first + row + 1]]:
            sources[int(column)].append(row)
    return Shape(n, w - int(asked.lossy[chain]), tuple(map(tuple, sources)))


def backward(shape: Shape, lanes: int) -> Iterator[str]:
    """From the last term, by Horner's rule."""
    vector, columns = f"<{lanes} x double>", range(shape.owned)
    yield from _opening(shape, lanes)
    for t in columns:
        yield from _load(vector, f"x{t}", "x", t * LANES)
    # P_a follows an even number of jumps, P_b an odd one.
    yield "%odd = trunc i64 %last to i1"
    yield "%opening.matrix = select i1 %odd, double* %second, double* %packed"
    yield "%opening.other = select i1 %odd, double* %packed, double* %second"
    yield "br label %jump"
    yield "jump: %j = phi i64 [%last, %ready], [%next.j, %jump]"
    yield "%matrix = phi double* [%opening.matrix, %ready], [%other, %jump]"
    yield "%other = phi double* [%opening.other, %ready], [%matrix, %jump]"
    for t in columns:
        yield f"%here{t} = phi {vector} [zeroinitializer, %ready], [%next{t}, %jump]"
    yield f"%at = mul i64 %j, {LANES}"
    yield from _load(vector, "proportion", "weights", "%at")
    yield f"%weight = fmul {vector} %proportion, %scale"
    for t in columns:
        yield f"%held{t} = fmul {vector} %weight, %x{t}"
        if t >= shape.n_rows:
            yield f"%kept{t} = fadd {vector} %held{t}, %here{t}"
    yield from _jump(shape, lanes, [f"%held{t}" if t < shape.n_rows else f"%kept{t}" for t in columns])
    yield "%next.j = sub i64 %j, 1"
    yield "%more = icmp sgt i64 %j, 0"
    yield "br i1 %more, label %jump, label %done"
    yield "done:"
    yield from _closing(lanes, [f"%next{t}" for t in columns])


def forward(shape: Shape, lanes: int) -> Iterator[str]:
    """From the first term, keeping what stands in the sinks after each jump."""
    vector, columns = f"<{lanes} x double>", range(shape.owned)
    yield from _opening(shape, lanes)
    yield from _load(vector, "opening", "weights", 0)
    yield f"%first = fmul {vector} %opening, %scale"
    for t in columns:
        yield from _load(vector, f"x{t}", "x", t * LANES)
        yield f"%opening{t} = fmul {vector} %first, %x{t}"
    yield from _entered(shape, vector, "x", 0)
    yield "%any = icmp sgt i64 %last, 0"
    yield "br i1 %any, label %jump, label %done"
    yield "jump: %j = phi i64 [1, %ready], [%next.j, %jump]"
    yield "%matrix = phi double* [%packed, %ready], [%other, %jump]"
    yield "%other = phi double* [%second, %ready], [%matrix, %jump]"
    for t in columns:
        yield f"%here{t} = phi {vector} [%x{t}, %ready], [%next{t}, %jump]"
        yield f"%result{t} = phi {vector} [%opening{t}, %ready], [%sum{t}, %jump]"
    yield f"%at = mul i64 %j, {LANES}"
    yield from _load(vector, "proportion", "weights", "%at")
    yield f"%weight = fmul {vector} %proportion, %scale"
    yield from _jump(shape, lanes, ["zeroinitializer" if t < shape.n_rows else f"%here{t}" for t in columns])
    for t in columns:
        yield f"%sum{t} = {_fused(lanes, '%weight', f'%next{t}', f'%result{t}')}"
    yield from _entered(shape, vector, "next", "%at")
    yield "%next.j = add i64 %j, 1"
    yield "%more = icmp slt i64 %j, %last"
    yield "br i1 %more, label %jump, label %done"
    yield "done:"
    for t in columns:
        yield f"%final{t} = phi {vector} [%opening{t}, %ready], [%sum{t}, %jump]"
    yield from _closing(lanes, [f"%final{t}" for t in columns])


def _opening(shape: Shape, lanes: int) -> Iterator[str]:
    vector = f"<{lanes} x double>"
    yield f"declare {vector} @llvm.fmuladd.v{lanes}f64({vector}, {vector}, {vector})"
    yield f"declare i64 @llvm.vector.reduce.smax.v{lanes}i64(<{lanes} x i64>)"
    arguments = ", ".join(f"double* noalias %all.{name}" for name in _ARGUMENTS)
    yield f'define void @sum({arguments}, i64* noalias %all.turns) "min-legal-vector-width"="512" {{'
    count, packed = 2 * sum(map(len, shape.sources)), 2 * lanes * sum(map(len, shape.sources))
    yield f"start: %packed = alloca double, i64 {packed}, align 64"
    yield f"%second = getelementptr double, double* %packed, i64 {packed // 2}"
    yield "br label %pass"
    yield "pass: %lane = phi i64 [0, %start], [%next.lane, %done]"
    for name in _ARGUMENTS:
        yield f"%{name} = getelementptr double, double* %all.{name}, i64 %lane"
    yield "%turns = getelementptr i64, i64* %all.turns, i64 %lane"
    yield f"%turns.place = bitcast i64* %turns to <{lanes} x i64>*"
    yield f"%own.turns = load <{lanes} x i64>, <{lanes} x i64>* %turns.place, align 8"
    yield f"%last = call i64 @llvm.vector.reduce.smax.v{lanes}i64(<{lanes} x i64> %own.turns)"
    yield from _load(vector, "scale", "to_one", 0)
    # Entries of these lanes side by side: sixteen lanes apart, those of a large chain would share half of the fastest memory, which is too small for them.
    yield "br label %pack"
    yield "pack: %k = phi i64 [0, %pass], [%next.k, %pack]"
    yield f"%from = mul i64 %k, {LANES}"
    yield f"%to = mul i64 %k, {lanes}"
    yield from _load(vector, "moved", "entries", "%from")
    yield "%to.number = getelementptr double, double* %packed, i64 %to"
    yield f"%to.place = bitcast double* %to.number to {vector}*"
    yield f"store {vector} %moved, {vector}* %to.place, align 8"
    yield "%next.k = add i64 %k, 1"
    yield f"%unpacked = icmp slt i64 %next.k, {count}"
    yield "br i1 %unpacked, label %pack, label %ready"
    yield "ready:"


def _closing(lanes: int, results: list[str]) -> Iterator[str]:
    vector = f"<{lanes} x double>"
    for t, result in enumerate(results):
        yield f"store {vector} {result}, {vector}* %x{t}.place, align 8"
    yield f"%next.lane = add i64 %lane, {lanes}"
    yield f"%again = icmp slt i64 %next.lane, {LANES}"
    yield "br i1 %again, label %pass, label %end"
    yield "end: ret void }"


def _jump(shape: Shape, lanes: int, held: list[str]) -> Iterator[str]:
    """%next = held + %here P, column by column."""
    vector, k = f"<{lanes} x double>", 0
    for t, rows in enumerate(shape.sources[: shape.owned]):
        if not rows:
            yield f"%next{t} = bitcast {vector} {held[t]} to {vector}"
        for i, row in enumerate(rows, 1):
            after = f"%next{t}" if i == len(rows) else f"%term{k}"
            yield from _load(vector, f"entry{k}", "matrix", k * lanes)
            yield f"{after} = {_fused(lanes, f'%entry{k}', f'%here{row}', held[t])}"
            held[t] = after
            k += 1


def _entered(shape: Shape, vector: str, name: str, at: object) -> Iterator[str]:
    """Store the sum of the sinks."""
    before = "zeroinitializer"
    for t in range(shape.n_rows, shape.owned):
        yield f"%{name}.entered{t} = fadd {vector} {before}, %{name}{t}"
        before = f"%{name}.entered{t}"
    yield f"%{name}.number = getelementptr double, double* %series, i64 {at}"
    yield f"%{name}.place = bitcast double* %{name}.number to {vector}*"
    yield f"store {vector} {before}, {vector}* %{name}.place, align 8"


def _load(vector: str, name: str, base: str, index: object) -> Iterator[str]:
    yield f"%{name}.number = getelementptr double, double* %{base}, i64 {index}"
    yield f"%{name}.place = bitcast double* %{name}.number to {vector}*"
    yield f"%{name} = load {vector}, {vector}* %{name}.place, align 8"


def _fused(lanes: int, a: str, b: str, c: str) -> str:
    vector = f"<{lanes} x double>"
    return f"call {vector} @llvm.fmuladd.v{lanes}f64({vector} {a}, {vector} {b}, {vector} {c})"


@intrinsic
def call_sum(typingctx: Any, address: Any, x: Any, entries: Any, weights: Any, to_one: Any, series: Any, turns: Any) -> Any:
    """Call the sum at an address: `weights` are in proportion, `to_one` makes them add up to 1, and each lane has so many terms as `turns` says."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = [context.make_array(kind)(context, builder, array).data for kind, array in zip(signature.args[1:], arguments[1:], strict=True)]
        builder.call(builder.inttoptr(arguments[0], _SUM.as_pointer()), data)
        return context.get_dummy_value()

    return types.void(types.int64, x, entries, weights, to_one, series, turns), generate
