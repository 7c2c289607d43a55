"""
Figures for assessment and for the budget (绩效考核、经费保障).

Every figure is a table of plain columns.  `progress` counts what was done,
public and covered, `visits` what subjects were spared and how the work is
spread, `rates` estimates how many subjects break rules, `costs` plans the days
of officers and the money.  Checks of leads count in none of them but the one
that sets them against the rest.

What is not here is a share of problems found as a mark: it would reward those
who look where problems are, and punish those who prevent them.
"""

from dsgk.performance.costs import plan_costs, spent_officer_days
from dsgk.performance.progress import coverage, plan_completion, publication_figures
from dsgk.performance.rates import violation_rates
from dsgk.performance.visits import (
    joint_figures,
    load_figures,
    origin_figures,
    visit_figures,
)


__all__ = [
    "coverage",
    "joint_figures",
    "load_figures",
    "origin_figures",
    "plan_completion",
    "plan_costs",
    "publication_figures",
    "spent_officer_days",
    "violation_rates",
    "visit_figures",
]
