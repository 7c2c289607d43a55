"""
Records of assignments in the hands of others: every change is told, none crashes.

Whoever verifies a record did not make it; neither the document nor what it is
held against can be trusted to be of one piece.
"""

import contextlib
import copy
import functools

import attrs
import numpy as np
from hypothesis import given, strategies as st
from staffing import assign, kinship, names, officer, officers, seat, task, visit

from dsgk.assignments import (
    AssignmentRecord,
    PresetTeam,
    RedrawReason,
    redraw_seat,
)
from dsgk.errors import InvalidInput
from dsgk.inspectors import InspectorRegister
from dsgk.plans import ModeReason
from dsgk.verify import Standing, verify_assignment
from dsgk.verify.draws import Difference


PEOPLE = [
    *officers(6, home_areas={"上仓镇"}),
    officer("P6", skills={"食品"}, capacity=1),
    *officers(3, "消防", "X"),
    officer("Z0", is_expert=True),
]
TASKS = [
    task(1, seat(), seat("消防", 1), area="下营镇", agencies={"甲所"}),
    task(2, area="下营镇", batch="上午"),
    task(3, area="下营镇", batch="上午"),
    task(4, seat(count=1), seat(count=1), seat(count=1, expert=True)),
]
REGISTER = InspectorRegister(PEOPLE)
RECUSALS = [kinship("P0", "S1"), kinship("X0", "S1")]
HISTORY = [visit("P1", "S4")]
NEWCOMER = InspectorRegister([*PEOPLE, officer("N0")])
STANDINGS = [Standing(), Standing(register=NEWCOMER), Standing()]
# The same names, and something else behind them.
OTHERS = [
    attrs.evolve(TASKS[0], seats=(seat(count=3), seat("消防", 1))),
    attrs.evolve(TASKS[0], seats=(seat("消防", 2),)),
    attrs.evolve(TASKS[1], batch=None),
    attrs.evolve(TASKS[3], id="T1"),
    attrs.evolve(TASKS[3], id="T5"),
]
TEAMS = [PresetTeam(id=f"G{n}", members={f"P{n}", f"P{n + 1}"}) for n in (0, 2)]


@functools.cache
def drawn():
    given_values = {"recusals": RECUSALS, "history": HISTORY}
    return assign(TASKS, PEOPLE, **given_values)


@functools.cache
def redrawn():
    """Three redraws: one with the register of the draw, one with another."""
    assignment = drawn()
    for n, task_id in enumerate(("T2", "T1", "T2")):
        assignment = redraw_seat(
            assignment,
            task_id,
            names(assignment, task_id)[0],
            reason=list(RedrawReason)[n],
            key=f"{n + 1:032x}",
            register=STANDINGS[n].register,
        )
    return AssignmentRecord.of(assignment, reason=ModeReason.APPROVAL).to_dict()


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


def verified(document, tasks=TASKS, register=REGISTER, **fields):
    given_values = {"recusals": RECUSALS, "history": HISTORY, **fields}
    return verify_assignment(document, tasks, register, **given_values)


@given(
    st.lists(edits, max_size=4),
    st.lists(st.sampled_from([*TASKS, *TASKS, *OTHERS]), max_size=5) | st.just(TASKS),
    st.sampled_from([REGISTER, REGISTER, NEWCOMER, InspectorRegister(PEOPLE[:4])]),
    st.fixed_dictionaries(
        {
            "standings": st.integers(0, 4).map(lambda n: [*STANDINGS, Standing()][:n]),
            "teams": st.sampled_from([(), (), TEAMS]),
            "digest": st.none() | st.just("0" * 64),
        }
    ),
)
def test_whatever_is_wrong_is_reported_and_never_raised(
    changes, tasks, register, fields
):
    """A citizen's tool must not stop at a forgery, however clumsy."""
    document = copy.deepcopy(redrawn())
    for change in changes:
        edited(document, *change)

    found = verified(document, tasks, register, **fields)

    assert all(isinstance(difference, Difference) for difference in found)
    assert all(str(difference) for difference in found)
    with contextlib.suppress(InvalidInput):
        AssignmentRecord.from_dict(document)


@given(edits)
def test_every_change_of_a_record_is_told(change):
    """
    But for what nobody can know, why there was no draw of subjects and why
    somebody was replaced; and another key of a redraw may give the same.
    """
    document = copy.deepcopy(redrawn())
    edited(document, *change)
    path, how, _ = change

    found = verified(document, standings=STANDINGS)

    if repr(document) == repr(redrawn()):
        assert found == ()
    elif how != "put" or (path[-1] != "reason" and path[0::2] != ("redraws", "key")):
        assert found
