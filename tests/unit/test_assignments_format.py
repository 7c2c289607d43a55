"""The page on the format of assignments is true: values, keys, method."""

import json
from pathlib import Path

import pytest
from staffing import kinship
from vectors import staffing_reference as reference

from dsgk.assignments import AssignmentRecord, Seat, StaffingTask, assign_inspectors
from dsgk.assignments.records import ASSIGN_SHAPE, REDRAW_SHAPE, STATEMENT_SHAPE
from dsgk.inspectors import Inspector, InspectorRegister
from dsgk.plans import ModeReason


ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "assign-format.md"
VECTOR = json.loads((ROOT / "tests" / "vectors" / "assign-1.json").read_text("utf-8"))

pytestmark = pytest.mark.skipif(not PAGE.exists(), reason="the page is not here")


def drawn():
    """The draw of the vector, by the library."""
    case = VECTOR["case"]
    tasks = [
        StaffingTask(
            **{
                **task,
                "seats": [
                    Seat(department=seat.pop("departments"), **seat)
                    for seat in json.loads(json.dumps(task["seats"]))
                ],
            }
        )
        for task in case["tasks"]
    ]
    return assign_inspectors(
        tasks,
        InspectorRegister(Inspector(**person) for person in case["people"]),
        key=VECTOR["key"],
        recusals=[kinship(who, subject) for subject, who in case["bars"]],
        avoid_home_areas=case["avoid_home_areas"],
    )


def test_the_vector_is_drawn_by_the_library():
    """Golden vector: teams, digests and table never change."""
    assignment = drawn()
    record = AssignmentRecord.of(assignment, reason=ModeReason.APPROVAL)

    assert VECTOR["statement"] == record.statement
    assert VECTOR["digest"] == record.digest
    assert VECTOR["lines"] == list(assignment.stated.lines())
    assert VECTOR["outcome"] == {
        task_id: [list(team), record.leads[task_id]]
        for task_id, team in record.teams.items()
    }


def test_the_vector_is_drawn_by_the_standard_library_alone():
    """By a reader of the page, so to speak."""
    statement, digest, lines, outcome = reference.draw(VECTOR["case"], VECTOR["key"])

    assert VECTOR["statement"] == statement
    assert VECTOR["digest"] == digest
    assert VECTOR["lines"] == lines
    assert VECTOR["outcome"] == {t: [team, lead] for t, (team, lead) in outcome.items()}


def test_the_worked_example_on_the_page_is_the_vector():
    """A reader types these values off the page."""
    page = PAGE.read_text("utf-8")
    canonical = json.dumps(
        VECTOR["statement"], ensure_ascii=False, separators=(",", ":"), sort_keys=True
    )

    assert canonical in page
    assert VECTOR["digest"] in page
    assert VECTOR["key"] in page
    for line in VECTOR["lines"]:
        assert "    " + line.replace("\t", " ⇥ ") + "\n" in page
    for task_id, (team, lead) in VECTOR["outcome"].items():
        assert f"| {task_id} | {'、'.join(team)} | {lead} |\n" in page


def test_the_tables_name_every_key_of_the_documents():
    """What a record holds is explained on the page."""
    page = PAGE.read_text("utf-8")
    task = ASSIGN_SHAPE["tasks"][0]

    for shape in (ASSIGN_SHAPE, STATEMENT_SHAPE, task, REDRAW_SHAPE):
        for key in shape:
            assert f"`{key}`" in page
    for key in task["pools"][0]:
        assert f"`{key}`" in page
