"""Whole draws of inspectors, repeated by the standard library alone."""

import json

import attrs
import pytest
from hypothesis import given, strategies as st
from staffing import AREAS, bars_of, given_to, inputs, keys
from vectors import staffing_reference as reference

from dsgk.assignments import (
    AssignmentRecord,
    Fairness,
    PresetTeam,
    UnstaffableError,
    assign_inspectors,
)
from dsgk.inspectors import Inspector
from dsgk.plans import ModeReason


FEW = 8  # people of whom the reference tries all sets


def as_case(given_inputs, *, teams=(), loads=None, fairness=Fairness.EQUAL_CHANCE):
    """The same as plain values."""
    tasks, people, recusals, history, avoid = given_inputs
    return {
        "tasks": [
            {
                "id": task.id,
                "subject_id": task.subject_id,
                "area": task.area,
                "batch": task.batch,
                "lead": task.lead,
                "agencies": list(task.agencies),
                "seats": [
                    {
                        "departments": sorted(seat.departments),
                        "skills": sorted(seat.skills),
                        "certified": seat.certified,
                        "expert": seat.expert,
                        "count": seat.count,
                    }
                    for seat in task.seats
                ],
            }
            for task in tasks
        ],
        "people": [
            {
                "id": person.id,
                "department": person.department,
                "certified": person.certified,
                "skills": sorted(person.skills),
                "home_areas": sorted(person.home_areas),
                "capacity": person.capacity,
                "is_expert": person.is_expert,
                "load": (loads or {}).get(person.id, 0),
            }
            for person in people
        ],
        "bars": sorted(map(list, bars_of(people, recusals, history))),
        "min_officers": 1,
        "avoid_home_areas": avoid,
        "fairness": fairness.value,
        "teams": [{"id": team.id, "members": list(team.members)} for team in teams],
    }


def fitting(seat, name, **fields):
    """Somebody who is admitted to a seat."""
    return Inspector(
        id=name,
        department=min(seat.departments),
        certified=seat.certified and not seat.expert,
        skills=seat.skills,
        is_expert=seat.expert,
        **fields,
    )


@st.composite
def cases(draw):
    """Inputs with people who fit each task, of preset teams or not, and loads."""
    tasks, people, recusals, history, avoid = draw(inputs())
    loads = draw(
        st.dictionaries(
            st.sampled_from([person.id for person in people]),
            st.integers(0, 3),
            max_size=4,
        )
    )
    of_teams = draw(st.booleans())
    people, teams = people[: draw(st.integers(3, 5))], []
    capacities = st.sampled_from([None, None, 1, 2])
    homes = st.sampled_from([(), (), AREAS[:1]])
    wanted = dict.fromkeys(tuple(task.seats) for task in tasks)
    for n, seats in enumerate(wanted):
        for k in range(draw(st.integers(1, 2))):
            name = f"N{n}{k}"
            places = [seat for seat in seats for _ in range(seat.count)]
            team = [
                fitting(
                    seat,
                    f"{name}{at}",
                    capacity=draw(capacities),
                    home_areas=draw(homes),
                )
                for at, seat in enumerate(places)
            ]
            people = [*people, *team]
            teams.append(PresetTeam(id=name, members={one.id for one in team}))
            loads[f"{name}0"] = draw(st.integers(0, 1))
    ids = {person.id for person in people}
    recusals = [one for one in recusals if one.inspector_id in ids]
    if teams:
        recusals += [
            attrs.evolve(one, inspector_id=min(teams[0].members))
            for one in recusals[:1]
        ]
    loads = {one: load for one, load in loads.items() if one in ids}
    given_inputs = (tasks, people, recusals, history, avoid)
    return given_inputs, teams if of_teams else [], loads


@pytest.mark.parametrize("is_stated", [True, False], ids=["stated", "fallback"])
@pytest.mark.parametrize("fairness", Fairness)
@given(cases(), keys)
def test_a_reader_of_the_format_draws_the_same(fairness, is_stated, case, key):
    """Digests, teams, pools and officers in charge, out of nothing but its words."""
    given_inputs, teams, loads = case
    fields = {"fairness": fairness, "teams": teams, "current_loads": loads}
    with pytest.MonkeyPatch.context() as patch:
        if not is_stated:
            patch.setattr("dsgk.assignments.parts.ENTRIES", -1)
            patch.setattr("dsgk.assignments.parts.fits", lambda _: False)
        try:
            drawn = given_to(assign_inspectors, given_inputs, key=key, **fields)
        except UnstaffableError:
            return
    case = as_case(given_inputs, teams=teams, loads=loads, fairness=fairness)
    case = json.loads(json.dumps(case))
    if not is_stated:
        case["witness"] = witness_of(drawn)

    statement, digest, _, outcome = by_the_reference(case, key, drawn)

    record = AssignmentRecord.of(drawn, reason=ModeReason.APPROVAL)
    assert statement == record.statement
    assert digest == record.digest
    assert outcome == told_by(record)


def by_the_reference(case, key, drawn):
    """Everything anew; tables of more people than it tries all sets of are given."""
    people = max((len(part.drawn) for part in drawn.stated.parts), default=0)
    if case["fairness"] == "equal-load" and people > FEW and "witness" not in case:
        case = {**case, "table": raked(drawn)}
    return reference.draw(case, key)


def told_by(record):
    """What a record tells about its tasks, in the words of the reference."""
    return {
        task["id"]: {name: task[name] for name in ("team", "lead", "preset", "pools")}
        for task in record.to_dict()["tasks"]
    }


def witness_of(drawn):
    """The last cells of the lines that were published."""
    lines = [line.split("\t") for line in drawn.stated.lines()]
    published = [line[5:] for line in lines if line[0] == "row"]
    in_order = [row for part in drawn.stated.parts for row in part.rows.tolist()]
    held = dict(zip(in_order, published, strict=True))
    return [held[row] for row in sorted(held)]


def raked(drawn):
    """Tables of the parts whose chances are not equal, row by row."""
    tables = []
    for part in drawn.stated.parts:
        row, officer, chance = part.chances.table()
        of_rows = [{} for _ in part.rows]
        for r, i, c in zip(
            row.tolist(), officer.tolist(), chance.tolist(), strict=True
        ):
            of_rows[r][i] = c
        tables.append(None if part.is_equal else of_rows)
    return tables
