"""Every draw of an answer has its equilibrium."""

from __future__ import annotations

import numpy as np

from detente.ladder import Equilibrium, Status


def assert_settled(found: Equilibrium) -> None:
    assert found.converged.all()
    assert not np.isin(found.status, [Status.UNSETTLED]).any()
