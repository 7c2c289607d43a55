"""What one assignment hands on to the next: redraws that chain, and the history."""

import datetime as dt

from dsgk.assignments import (
    RedrawReason,
    Seat,
    StaffingTask,
    assign_inspectors,
    batch_tasks,
    redraw_seat,
)
from dsgk.inspectors import Inspector, InspectorRegister, Recusal, RecusalReason


PEOPLE = InspectorRegister(Inspector(id=i, department="甲") for i in "ABCDEF")
SEATS = (Seat(department="甲", count=2),)


def task(name, subject="S1", area=None):
    return StaffingTask(id=name, subject_id=subject, seats=SEATS, area=area)


def test_who_was_replaced_is_not_drawn_back():
    """A later redraw need not be told of the recusal again to keep it."""
    drawn = assign_inspectors([task("T1")], PEOPLE, key="0" * 32)
    recused, other = (seated.inspector_id for seated in drawn.teams["T1"])
    recusal = Recusal(
        inspector_id=recused, subject_id="S1", reason=RecusalReason.KINSHIP
    )
    once = redraw_seat(
        drawn, "T1", recused, reason=RedrawReason.RECUSAL, key="1" * 32,
        recusals=[recusal],
    )  # fmt: skip
    twice = redraw_seat(
        once, "T1", other, reason=RedrawReason.UNAVAILABLE, key="2" * 32
    )

    assert set(twice.redraws[1].pool) == set("ABCDEF") - {
        recused,
        *(seated.inspector_id for seated in once.teams["T1"]),
    }


def test_history_of_a_batch_is_history_of_the_next_draw():
    """Two tasks at one subject by one team are one visit each, told once."""
    tasks = batch_tasks([task("T1", area="镇"), task("T2", area="镇")], size=2)
    drawn = assign_inspectors(tasks, PEOPLE, key="0" * 32)
    past = drawn.past_visits(on=dt.date(2026, 3, 17))
    team = {visit.inspector_id for visit in past}
    again = assign_inspectors([task("T3")], PEOPLE, key="1" * 32, history=past)

    assert len(past) == len(team) == 2
    assert not team & {seated.inspector_id for seated in again.teams["T3"]}
