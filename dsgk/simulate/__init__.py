"""
What a ratio does over the years, by simulation or in closed form.

For studies only: the draws have the chances of the lawful draw but come from
`rng`, as in NumPy, and not from an announced key.

`draw_many` and `draw_rows` repeat one draw.  `simulate_policy` runs a
`Scenario` of `Programme` values over the years; `what_if` runs several with the
same random numbers.  A `PolicyRun` gives `Indicator` values: coverage,
detection, gaps, burden, workload.  Functions such as `chance_seen` need no
simulation.
"""

from dsgk.simulate._closed import (
    chance_never_inspected,
    chance_seen,
    expected_checks,
    expected_gap,
    expected_visits,
    rounds_to_see,
)
from dsgk.simulate._course import simulate_policy, what_if
from dsgk.simulate._draw_many import (
    Rng as Rng,
    draw_many,
    draw_rows,
    generator as generator,
)
from dsgk.simulate._runs import Indicator, PolicyRun
from dsgk.simulate._scenarios import Movement, Programme, Scenario, Turnover, ratio_grid


__all__ = [
    "Indicator",
    "Movement",
    "PolicyRun",
    "Programme",
    "Scenario",
    "Turnover",
    "chance_never_inspected",
    "chance_seen",
    "draw_many",
    "draw_rows",
    "expected_checks",
    "expected_gap",
    "expected_visits",
    "ratio_grid",
    "rounds_to_see",
    "simulate_policy",
    "what_if",
]
