"""The library and the reference of the standard library agree on every problem."""

from hypothesis import given, strategies as st
from staffing import DAY, FACT, fact_on, given_to, inputs, requested, stated_of
from vectors import assign_reference as reference

from dsgk.assignments import AssignmentRecord, Fairness, UnstaffableError


@given(inputs(), st.sampled_from(Fairness), st.data())
def test_both_draw_the_same_from_a_table_that_is_lawful(given_inputs, fairness, data):
    """Written twice, from the same page."""
    try:
        stated = given_to(stated_of, given_inputs, fairness=fairness)
    except UnstaffableError:
        return
    problem = stated.problem
    plain, lines = problem.to_dict(), list(stated.lines())
    stated = problem.chances(fact_on(DAY), reason="approval")
    drawn = stated.draw(stated.key([FACT]))
    record = AssignmentRecord.of(drawn, entropy=[FACT])

    reference.check_table(plain, lines)
    document = record.to_dict()
    statement = {"format": "dsgk-assign/2", **document["statement"]}
    assert reference.key_of(statement, record.entropy) == record.key
    assert reference.draw(plain, lines, record.key) == document["tasks"]
    places = [(t, p) for t, team in sorted(record.teams.items()) for p in team]
    if not places:
        return
    try:
        request = requested(record, problem, *data.draw(st.sampled_from(places)))
    except UnstaffableError:
        return
    after = record.redraw(request, problem=problem, entropy=["12345678"]).to_dict()
    made = reference.redraw(
        document, plain, after["redraws"][0]["request"], "12345678./"
    )
    assert made == after["redraws"][0]
