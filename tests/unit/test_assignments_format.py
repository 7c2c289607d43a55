"""The format `dsgk-assign/2`: golden vectors, and an independent reference."""

import json
from pathlib import Path

import pytest
from vectors import assign_reference as reference

from dsgk.assignments import AssignmentRecord, StaffingProblem, StatedChances
from dsgk.verify import verify_assignment


VECTORS = json.loads(
    (Path(__file__).parents[1] / "vectors" / "assign-2.json").read_text("utf-8")
)
NAMES = [vector["name"] for vector in VECTORS]
BASIS = ("draw", "reason", "entropy", "seal")


@pytest.mark.parametrize("vector", VECTORS, ids=NAMES)
def test_published_vectors_never_change(vector):
    """Table, digest, draw and redraws: a change would be another format."""
    problem = StaffingProblem.from_dict(vector["problem"])
    record = AssignmentRecord.from_dict(vector["record"])
    statement = record.statement
    basis = {name: getattr(statement, name) for name in BASIS}

    stated = problem.chances(**basis)

    assert list(stated.lines()) == vector["table"]
    assert stated.digest == vector["digest"]
    assert verify_assignment(vector["record"], problem) == ()
    stored = {**stated.to_dict(), "table": vector["table"]}
    assert StatedChances.from_dict(stored).draw(record.key) == stated.draw(record.key)


@pytest.mark.parametrize("vector", VECTORS, ids=NAMES)
def test_the_reference_repeats_every_vector(vector):
    """From statement, table and key alone, and it finds the table lawful."""
    problem, record = vector["problem"], vector["record"]
    statement = {"format": "dsgk-assign/2", **record["statement"]}
    basis = {name: statement[name] for name in BASIS}

    reference.check_table(problem, vector["table"])
    assert reference.statement_of(problem, vector["table"], basis) == statement
    assert reference.sha256(reference.canonical(statement)) == vector["digest"]
    key = reference.key_of(statement, record["entropy"], record["secret"])
    assert key == record["key"]
    assert reference.draw(problem, vector["table"], key) == record["tasks"]
    before = {**record, "redraws": []}
    for redraw in record["redraws"]:
        made = reference.redraw(before, problem, redraw["request"], redraw["entropy"])
        assert made == redraw
        before["redraws"] = [*before["redraws"], redraw]
    assert reference.record_digest(record) == record["digest"]


UNLAWFUL = {
    "a unit too many": ("equal load", lambda c: [c[0] + 1, *c[1:]], "a row"),
    "a lawful row of another form": (
        "equal load", lambda c: [c[0] + 900, c[1] - 900, *c[2:]], "a factor",
    ),
    "less than nothing": (
        "equal load", lambda c: [-5, c[0] + c[1] + 5, *c[2:]], "an entry",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("name", "change", "told"), UNLAWFUL.values(), ids=UNLAWFUL)
def test_the_reference_finds_what_is_not_lawful(name, change, told):
    """A check that nothing fails would show nothing."""
    (vector,) = (vector for vector in VECTORS if vector["name"] == name)
    table = list(vector["table"])
    at = max(n for n, line in enumerate(table) if line.startswith("chances"))
    units = [int(text) for text in table[at].split("\t")[1].split(" ")]
    table[at] = "chances\t" + " ".join(map(str, change(units)))

    found = {
        why[0]
        for part in reference.read_table(table)
        for why in reference.unlawful(part, "equal-load")
    }

    assert told in found


def test_the_reference_finds_loads_that_could_be_more_equal():
    """Equal chances are no equal load where somebody is barred."""
    table = [
        "part\t0\tlisted",
        "officer\tA\t2\t0\t1:0",
        "officer\tB\t2\t0\t1:0",
        "open\t0-1",
        "open\t1",
        f"chances\t{2**19} {2**19}",
        f"chances\t{2**20}",
        "row\tT1\t0\t1\t0\t0\t1:-1",
        "row\tT2\t0\t1\t1\t1\t1:0",
    ]
    (part,) = reference.read_table(table)

    assert list(reference.unlawful(part, "equal-load")) == [("a level", 1)]
    assert list(reference.unlawful(part, "equal-chance")) == []
    over = [*table[:2], "officer\tB\t1\t0\t1:0", *table[3:]]
    (part,) = reference.read_table(over)
    assert ("room", 1) in list(reference.unlawful(part, "equal-chance"))
    (part,) = reference.read_table(
        ["part\t0\tequal", *(x.rsplit("\t", 1)[0] for x in table[1:3]), table[3],
         "row\tT1\t0\t1\t0"]
    )  # fmt: skip
    assert list(reference.unlawful(part, "equal-load")) == [("equal",)]
