"""`import detente` is light."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("numba", "xarray", "scipy.stats", "pint", "numpy", "pyarrow", "pydantic", "rich", "click")


def loaded(code: str) -> set[str]:
    """Which heavy modules a fresh process has after running the code."""
    told = f"{code}\nimport sys\nprint(*[name for name in {HEAVY!r} if name in sys.modules])"
    ended = subprocess.run([sys.executable, "-c", told], check=True, capture_output=True, text=True, timeout=120)
    return set(ended.stdout.split())


def test_importing_detente_loads_nothing_heavy() -> None:
    """Neither numba, xarray, scipy.stats nor pint, nor anything else that takes a while."""
    assert loaded("import detente; dir(detente); detente.__version__") == set()


def test_what_is_asked_for_is_there() -> None:
    """load, assess, Assessment and games are found on first use."""
    assert "numba" not in loaded("import detente; assert detente.games.__name__ == 'detente.games'")
    code = "import detente, detente.ensemble as e; assert (detente.assess, detente.Assessment) == (e.assess, e.Assessment); assert callable(detente.load)"
    assert loaded(code) >= {"xarray"}


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    """As of any module."""
    import detente

    with pytest.raises(AttributeError, match="asess"):
        detente.asess  # noqa: B018
    assert set(detente.__all__) <= set(dir(detente))
