"""The page on the format of assignments is true: values, keys, method."""

import json
from pathlib import Path

import pytest
from staffing import kinship
from vectors import staffing_reference as reference

from dsgk.assignments import (
    AssignmentRecord,
    Fairness,
    PresetTeam,
    Seat,
    StaffingTask,
    assign_inspectors,
    parts,
)
from dsgk.assignments.records import ASSIGN_SHAPE, REDRAW_SHAPE, STATEMENT_SHAPE
from dsgk.inspectors import Inspector, InspectorRegister
from dsgk.plans import ModeReason


ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "assign-format.md"


def read(name):
    return json.loads((ROOT / "tests" / "vectors" / name).read_text("utf-8"))


def with_all(vector):
    """The outcome of the example on the page, in the words of the others."""
    outcome = {
        task_id: {"team": team, "lead": lead, "preset": None, "pools": []}
        for task_id, (team, lead) in vector["outcome"].items()
    }
    return {**vector, "name": "the page", "outcome": outcome}


VECTOR = read("assign-1.json")
VECTORS = [with_all(VECTOR), *read("assign-cases.json")]

pytestmark = pytest.mark.skipif(not PAGE.exists(), reason="the page is not here")


def drawn(vector):
    """The draw of a vector, by the library."""
    case = vector["case"]
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
    loads = {one["id"]: one.get("load", 0) for one in case["people"]}
    people = [{k: v for k, v in one.items() if k != "load"} for one in case["people"]]
    with pytest.MonkeyPatch.context() as patch:
        if "witness" in case:
            patch.setattr(parts, "ENTRIES", -1)
            patch.setattr(parts, "fits", lambda _: False)
        return assign_inspectors(
            tasks,
            InspectorRegister(Inspector(**person) for person in people),
            key=vector["key"],
            teams=[PresetTeam(**team) for team in case.get("teams", [])],
            recusals=[kinship(who, subject) for subject, who in case["bars"]],
            current_loads=loads,
            avoid_home_areas=case["avoid_home_areas"],
            fairness=Fairness(case.get("fairness", "equal-chance")),
        )


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_vectors_are_drawn_by_the_library(vector):
    """Golden vectors: teams, pools, digests and tables never change."""
    assignment = drawn(vector)
    record = AssignmentRecord.of(assignment, reason=ModeReason.APPROVAL)

    assert vector["statement"] == record.statement
    assert vector["digest"] == record.digest
    assert vector["lines"] == list(assignment.stated.lines())
    assert vector["outcome"] == {
        task["id"]: {name: task[name] for name in ("team", "lead", "preset", "pools")}
        for task in record.to_dict()["tasks"]
    }


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_vectors_are_drawn_by_the_standard_library_alone(vector):
    """By a reader of the page, so to speak."""
    statement, digest, lines, outcome = reference.draw(vector["case"], vector["key"])

    assert vector["statement"] == statement
    assert vector["digest"] == digest
    assert vector["lines"] == lines
    assert vector["outcome"] == outcome


def test_vectors_hold_what_they_are_for():
    """Loads that decide, teams that are drawn, pools that are narrowed."""
    even, teams, fallback, even_fallback = VECTORS[1:]

    assert any(line.startswith("chances") for line in even["lines"])
    assert any(person["load"] for person in even["case"]["people"])
    assert all(told["preset"] for told in teams["outcome"].values())
    assert all(told["pools"] for told in fallback["outcome"].values())
    assert any(line.startswith("load") for line in even_fallback["lines"])


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
