"""
Staffing all visits, against SciPy's maximum flow on the graph of all pairs.

Teams of two, 30 % of the visits joint, five bars for each officer; *tight*
means that capacities are exactly what one hidden staffing uses.  The flow finds
one staffing that could be; `assign_inspectors` states everybody's chances and
draws one with exactly these, input checks included.
"""

import random
from collections import Counter

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from dsgk.assignments import Seat, StaffingTask, assign_inspectors
from dsgk.inspectors import Inspector, InspectorRegister, Recusal, RecusalReason
from dsgk.kernels.flows import Staffing
from dsgk.kernels.shake import Shake


KEY = "f050b4356fceca7e0bd30cb92bc14db1"
SIZES = [(1_000, 100), (10_000, 500), (40_000, 1_000)]
DEPARTMENTS = 10


def district(n_tasks, n_officers, *, tight):
    """Columns for `Staffing`."""
    rng = np.random.default_rng(1)
    department = rng.integers(0, DEPARTMENTS, n_officers)
    members = [np.flatnonzero(department == d) for d in range(DEPARTMENTS)]
    joint = rng.random(n_tasks) < 0.3
    lead = rng.integers(0, DEPARTMENTS, n_tasks)
    other = (lead + rng.integers(1, DEPARTMENTS, n_tasks)) % DEPARTMENTS
    pools = np.column_stack([lead, lead, other, other])
    there = np.column_stack([joint | True, joint | True, joint, joint])
    task = np.repeat(np.arange(n_tasks), there.sum(axis=1))
    pool = pools[there]
    barred = np.column_stack(
        [
            rng.integers(0, n_tasks, n_officers * 5),
            np.repeat(np.arange(n_officers), 5),
        ]
    )
    capacity = np.full(n_officers, n_tasks)
    if tight:
        hidden = Staffing(task, pool, members, barred, capacity)
        hidden.fill(Shake(KEY, "hidden"))
        capacity = np.bincount(hidden.holders, minlength=n_officers)
    return task, pool, members, barred, capacity


def filled(columns):
    staffing = Staffing(*columns)
    staffing.fill(Shake(KEY, "places"))
    return staffing


def full_graph(task, pool, members, barred, capacity):
    """Source, a node for each team of a department, officers, sink."""
    n_officers, n_tasks = len(capacity), int(task[-1]) + 1
    teams, seats = np.unique(task * DEPARTMENTS + pool, return_counts=True)
    sizes = np.array([len(m) for m in members])[teams % DEPARTMENTS]
    of_team = np.repeat(np.arange(len(teams)), sizes)
    officer = np.concatenate([members[p] for p in (teams % DEPARTMENTS).tolist()])
    bars = np.unique(barred[:, 0] * n_officers + barred[:, 1])
    pair = (teams // DEPARTMENTS)[of_team] * n_officers + officer
    at = np.minimum(np.searchsorted(bars, pair), len(bars) - 1)
    open_to = bars[at] != pair
    of_team, officer = of_team[open_to], officer[open_to]
    first_officer = 1 + len(teams)
    sink = first_officer + n_officers
    rows = [np.zeros(len(teams), int), 1 + of_team, np.arange(first_officer, sink)]
    columns = [1 + np.arange(len(teams)), first_officer + officer]
    columns.append(np.full(n_officers, sink))
    values = [seats, np.ones(len(officer), int), np.minimum(capacity, n_tasks)]
    return csr_array(
        (
            np.concatenate(values).astype(np.int32),
            (
                np.concatenate(rows).astype(np.int32),
                np.concatenate(columns).astype(np.int32),
            ),
        ),
        shape=(sink + 1, sink + 1),
    )


def most_filled(columns):
    graph = full_graph(*columns)
    return maximum_flow(graph, 0, graph.shape[0] - 1).flow_value


@pytest.mark.parametrize(("tasks", "officers"), SIZES)
def test_explaining_a_shortage(benchmark, tasks, officers):
    """One in seven officers has one place less than the only staffing needs."""
    benchmark.group = f"explain {tasks:,} × {officers:,}"
    columns = district(tasks, officers, tight=True)
    columns[4][np.flatnonzero(columns[4])[::7]] -= 1
    staffing = filled(columns)

    def explain():
        return staffing.shortfalls(), staffing.decisive_bars()

    shortfalls, _ = benchmark.pedantic(explain, rounds=1)

    assert sum(s.missing for s in shortfalls) == staffing.missing > 0


def values(n_tasks, n_officers, *, tight=False):
    """The same district as a host has it."""
    task, pool, members, barred, capacity = district(n_tasks, n_officers, tight=tight)
    names = [f"部门{d}" for d in range(DEPARTMENTS)]
    department = {o: names[d] for d, m in enumerate(members) for o in m.tolist()}
    register = InspectorRegister(
        Inspector(
            id=f"P{o:04d}",
            department=department[o],
            capacity=int(capacity[o]) if tight else None,
        )
        for o in range(n_officers)
    )
    seats = {}
    for t, p in zip(task.tolist(), pool.tolist(), strict=True):
        seats.setdefault(t, {})[p] = Seat(department=names[p])
    tasks = [
        StaffingTask(id=f"T{t:06d}", subject_id=f"S{t:06d}", seats=s.values())
        for t, s in seats.items()
    ]
    recusals = [recusal(f"P{o:04d}", f"S{t:06d}") for t, o in barred.tolist()]
    return tasks, register, recusals


def recusal(inspector_id, subject_id):
    return Recusal(
        inspector_id=inspector_id,
        subject_id=subject_id,
        reason=RecusalReason.KINSHIP,
    )


def barred_one_by_one(tasks, register, bars):
    """Recusals from 60 % of the tasks, *bars* for each, no two tasks alike."""
    chance = random.Random(1)
    of_department = {}
    for person in register:
        of_department.setdefault(person.department, []).append(person.id)
    return [
        recusal(one, task.subject_id)
        for task in tasks
        if chance.random() < 0.6
        for people in [of_department[task.seats[0].department]]
        for one in chance.sample(people, min(bars, len(people) // 2))
    ]


@pytest.mark.parametrize("tight", [False, True], ids=["ample", "tight"])
@pytest.mark.parametrize(("tasks", "officers"), SIZES)
class TestStaff:
    def test_dsgk(self, benchmark, tasks, officers, tight):
        benchmark.group = f"staff {tasks:,} × {officers:,}, tight: {tight}"
        visits, register, recusals = values(tasks, officers, tight=tight)

        assignment = benchmark.pedantic(
            assign_inspectors,
            args=(visits, register),
            kwargs={"key": KEY, "recusals": recusals},
            rounds=1,
        )

        assert len(assignment.teams) == tasks
        assert assignment.stated.is_equal != tight

    def test_scipy(self, benchmark, tasks, officers, tight):
        benchmark.group = f"staff {tasks:,} × {officers:,}, tight: {tight}"
        columns = district(tasks, officers, tight=tight)

        flow = benchmark.pedantic(most_filled, args=(columns,), rounds=1)

        assert flow == len(columns[0])


@pytest.mark.parametrize("bars", [2, 6])
@pytest.mark.parametrize(("tasks", "officers"), SIZES)
def test_many_barred_one_by_one(benchmark, tasks, officers, bars):
    """60 % of the tasks have recusals of their own; complete at any size."""
    benchmark.group = f"60 % with {bars} bars, {tasks:,} × {officers:,}"
    visits, register, _ = values(tasks, officers)
    recusals = barred_one_by_one(visits, register, bars)

    assignment = benchmark.pedantic(
        assign_inspectors,
        args=(visits, register),
        kwargs={"key": KEY, "recusals": recusals},
        rounds=1,
    )

    pairs = sum(len(part.units) for part in assignment.stated.parts)
    rate = pairs / benchmark.stats.stats.mean
    print(f"\n{tasks:,} × {officers:,}, {bars} bars: {pairs:,} pairs, {rate:,.0f}/s")
    barred = {(recusal.inspector_id, recusal.subject_id) for recusal in recusals}
    assert len(assignment.teams) == tasks
    for visit in visits:
        team = [seated.inspector_id for seated in assignment.teams[visit.id]]
        wanted = Counter(
            d for seat in visit.seats for d in [*seat.departments] * seat.count
        )
        assert len(set(team)) == len(team)
        assert wanted == Counter(register[person].department for person in team)
        assert barred.isdisjoint((person, visit.subject_id) for person in team)


def test_memory(peak_mb):
    """The largest case of the table above, with two bars on 60 % of the tasks."""
    tasks, register, _ = values(*SIZES[2])
    recusals = barred_one_by_one(tasks, register, 2)

    peak = peak_mb(
        lambda: (
            assign_inspectors(tasks, register, key=KEY, recusals=recusals).stated.digest
        )
    )

    print(f"\n40,000 × 1,000: {peak:.0f} MB above the inputs")
    assert peak < 600
