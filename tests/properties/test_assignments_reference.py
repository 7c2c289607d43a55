"""Whole draws of inspectors, repeated by the standard library alone."""

import json

from hypothesis import given
from staffing import bars_of, given_to, inputs, keys
from vectors import staffing_reference as reference

from dsgk.assignments import AssignmentRecord, UnstaffableError, assign_inspectors
from dsgk.plans import ModeReason


def as_case(given_inputs):
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
            }
            for person in people
        ],
        "bars": sorted(map(list, bars_of(people, recusals, history))),
        "min_officers": 1,
        "avoid_home_areas": avoid,
    }


@given(inputs(), keys)
def test_a_reader_of_the_format_draws_the_same(given_inputs, key):
    """Digests, teams and officers in charge, out of nothing but its words."""
    try:
        drawn = given_to(assign_inspectors, given_inputs, key=key)
    except UnstaffableError:
        return
    case = json.loads(json.dumps(as_case(given_inputs)))
    if not drawn.stated.is_equal:
        # The reference rakes as far as nothing is forced: the table is given.
        case["table"] = raked(drawn)

    statement, digest, _, outcome = reference.draw(case, key)

    record = AssignmentRecord.of(drawn, reason=ModeReason.APPROVAL)
    assert statement == record.statement
    assert digest == record.digest
    assert outcome == {
        task_id: (list(team), record.leads[task_id])
        for task_id, team in record.teams.items()
    }


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
