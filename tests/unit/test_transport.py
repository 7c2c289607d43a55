"""The most that can flow, with SciPy as judge."""

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from dsgk.kernels.transport import carry


@pytest.mark.parametrize("seed", range(4))
def test_as_much_is_carried_as_can_be(seed):
    """Within all bounds, and what is stuck is on the near side of a least cut."""
    rng = np.random.default_rng(seed)
    for _ in range(100):
        n, m = int(rng.integers(2, 9)), int(rng.integers(0, 25))
        tail, head = rng.integers(0, n, (2, m))
        tail, head = tail[tail != head], head[tail != head]
        rise, fall = rng.integers(0, 6, len(tail)), rng.integers(0, 3, len(tail))
        supply = rng.integers(0, 7, n) * (rng.random(n) < 0.4)
        demand = rng.integers(0, 7, n) * (rng.random(n) < 0.4)

        change = carry(tail, head, rise=rise, fall=fall, supply=supply, demand=demand)

        assert (change.along <= rise).all()
        assert (change.along >= -fall).all()
        room = np.zeros((n + 2, n + 2), np.int32)
        np.add.at(room, (tail, head), rise)
        np.add.at(room, (head, tail), fall)
        room[n, :n], room[:n, n + 1] = supply, demand
        most = maximum_flow(csr_array(room), n, n + 1).flow_value
        came = supply - change.stuck
        np.subtract.at(came, tail, change.along)
        np.add.at(came, head, change.along)
        assert came.sum() == most
        assert (came >= 0).all()
        assert (came <= demand).all()
        assert change.reached[change.stuck > 0].all()
