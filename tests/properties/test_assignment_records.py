"""
Records of assignments in the hands of others: every change is told, none crashes.

Whoever verifies a record did not make it; neither the document nor what it is
held against can be trusted to be of one piece.
"""

import contextlib
import copy
import datetime as dt
import functools

import attrs
import numpy as np
from hypothesis import given, strategies as st
from staffing import (
    DAY,
    kinship,
    officer,
    officers,
    problem_of,
    recorded,
    redrawn as redrawn_once,
    seat,
    task,
    visit,
)

from dsgk.assignments import AssignmentRecord, PresetTeam
from dsgk.draws._entropy import Seal
from dsgk.errors import DsgkError, Fault
from dsgk.verify import verify_assignment


PEOPLE = [
    *officers(6, home_areas={"上仓镇"}),
    officer("P6", skills={"食品"}, capacity=1),
    *officers(3, "消防", "X"),
    officer("Z0", is_expert=True),
]
TASKS = [
    task(1, seat(), seat("消防", 1), area="下营镇", agencies={"甲所"}),
    task(2, area="下营镇", outing="上午"),
    task(3, area="下营镇", outing="上午"),
    task(4, seat(count=1), seat(count=1), seat(count=1, expert=True)),
]
PROBLEM = problem_of(
    TASKS,
    PEOPLE,
    recusals=[kinship("P0", "S1"), kinship("X0", "S1")],
    history=[visit("P1", "S4")],
)
NEWCOMER = attrs.evolve(
    PROBLEM, register=type(PROBLEM.register)([*PEOPLE, officer("N0")])
)
PROBLEMS = [PROBLEM, NEWCOMER, PROBLEM]
SECRET = "a" * 64
# The same names, and something else behind them.
OTHERS = [
    attrs.evolve(PROBLEM, tasks=[*TASKS[:3], attrs.evolve(TASKS[3], id="T5")]),
    attrs.evolve(
        PROBLEM,
        tasks=[
            attrs.evolve(TASKS[0], seats=(seat(count=3), seat("消防", 1))),
            *TASKS[1:],
        ],
    ),
    attrs.evolve(
        PROBLEM, tasks=[TASKS[0], *(attrs.evolve(t, outing=None) for t in TASKS[1:])]
    ),
    attrs.evolve(
        PROBLEM,
        tasks=TASKS[1:3],
        teams=[PresetTeam(id=f"G{n}", members={f"P{n}", f"P{n + 1}"}) for n in (0, 2)],
    ),
    problem_of(TASKS, [*PEOPLE[:2], *officers(1, "消防", "X")]),
    problem_of([], []),
]


@functools.cache
def redrawn():
    """Three redraws: two with the problem of the draw, one with another."""
    seal = Seal.of(SECRET, open_by=DAY + dt.timedelta(90))
    record, _ = recorded(PROBLEM, seal=seal, secret=SECRET)
    for n, task_id in enumerate(("T2", "T1", "T2")):
        record = redrawn_once(
            record,
            PROBLEMS[n],
            task_id,
            record.teams[task_id][0],
            reason=("unavailable", "recusal", "left")[n],
            week=n + 1,
        )
    return record.to_dict()


def paths(value, path=()):
    """Where anything stands in a document."""
    yield path
    if isinstance(value, list):
        value = dict(enumerate(value))
    for key, each in value.items() if isinstance(value, dict) else ():
        yield from paths(each, (*path, key))


def at(document, path):
    return functools.reduce(lambda value, key: value[key], path, document)


PATHS = [path for path in paths(redrawn()) if path]
TOLD = [at(redrawn(), path) for path in PATHS]  # values that occur
ODD = [
    None, True, 0, -1, 2**70, 0.5, float("nan"), "", " ", "P1", "T9", "\ud800",
    "0" * 32, "0" * 64, [], {}, [[]], {"": 0}, {0: 0}, ["P1", "P1"], b"x",
    np.array([1, 2]), np.int64(1), np.str_("P1"), {1, 2},
]  # fmt: skip

edits = st.tuples(
    st.sampled_from(PATHS),
    st.sampled_from(["put", "put", "put", "drop", "double"]),
    st.sampled_from([*TOLD, *ODD]),
)


def edited(document, path, how, value):
    """Make one change, if its place is still there."""
    try:
        place = at(document, path[:-1])
        if how == "put":
            place[path[-1]] = copy.deepcopy(value)
        elif how == "drop":
            del place[path[-1]]
        else:
            place.insert(path[-1], copy.deepcopy(place[path[-1]]))
    except (KeyError, IndexError, TypeError, AttributeError):
        return


@given(
    st.lists(edits, max_size=4),
    st.sampled_from([PROBLEM, PROBLEM, PROBLEM, NEWCOMER, *OTHERS]),
    st.integers(0, 4).map(lambda n: [*PROBLEMS, *OTHERS][:n]),
    st.none() | st.just("0" * 64),
)
def test_whatever_is_wrong_is_reported_and_never_raised(
    changes, problem, problems, digest
):
    """A citizen's tool must not stop at a forgery, however clumsy."""
    document = copy.deepcopy(redrawn())
    for change in changes:
        edited(document, *change)

    found = verify_assignment(document, problem, problems=problems, digest=digest)

    assert all(isinstance(difference, Fault) for difference in found)
    assert all(str(difference) and difference.chinese for difference in found)
    with contextlib.suppress(DsgkError):
        AssignmentRecord.from_dict(document)


@given(edits)
def test_every_change_of_a_record_is_told(change):
    """Every field is bound: by the key, by a digest, or by what was drawn from."""
    document = copy.deepcopy(redrawn())
    edited(document, *change)

    found = verify_assignment(document, PROBLEM, problems=PROBLEMS)

    assert bool(found) == (repr(document) != repr(redrawn()))
