"""Compile a kernel that only other kernels call as a part of those, and of nothing else.

Numba optimises every function that it compiles, together with all that this calls, and makes machine code of it. Of a kernel that calls a kernel that calls
a third, the third is so optimised three times and coded three times, though only what Python calls is ever run: that was more than half of the time of
compiling. A part is left as it was written until it stands in the kernels that Python calls, where it is optimised once. Constants among its arguments are
taken as numbers, so that `f(0)` and `f(n)` are one part and not two.

This reaches into Numba where it makes code. Of a version that has no such place, kernels are compiled as Numba does by itself: later, and to the same bits.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba.core import types
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler_lock import global_compiler_lock
from numba.core.registry import cpu_target

NEEDED = ("_optimize_final_module", "_finalize_final_module", "_finalize_dynamic_globals", "_ensure_finalized", "get_pointer_to_function")


class _NoCode:
    """What Numba asks to set the surroundings of code that Python calls."""

    def set_env(self, name: str, environment: Any) -> None:
        """Nothing: a part has none."""


class Part(JITCodeLibrary):
    """The text of a kernel before it is optimised, to be linked into those that call it."""

    @property
    def codegen(self) -> Any:
        return _NoCode()

    def _optimize_final_module(self) -> None:
        """Left as it is: optimised in the end, with what it was linked into."""

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()  # type: ignore[no-untyped-call]
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        """0: there is no machine code."""
        self._ensure_finalized()  # type: ignore[no-untyped-call]
        return 0


def as_part(dispatcher: Any) -> Callable[..., Any]:
    """Have a function of Numba's compiled as a part wherever a kernel calls it. It can no longer be called from Python."""
    codegen = cpu_target.target_context.codegen()
    if not hasattr(codegen, "_library_class") or not all(hasattr(JITCodeLibrary, name) for name in NEEDED):
        return dispatcher  # type: ignore[no-any-return]
    compile_alone = dispatcher.compile

    def compile_part(signature: Any) -> Any:
        # Numba holds the lock already; that it is held is what keeps other threads from making parts of their own functions.
        with global_compiler_lock:
            held, codegen._library_class = codegen._library_class, Part
            try:
                return compile_alone(tuple(types.unliteral(argument) for argument in signature))  # type: ignore[no-untyped-call]
            finally:
                codegen._library_class = held

    dispatcher.compile = compile_part
    return dispatcher  # type: ignore[no-any-return]
