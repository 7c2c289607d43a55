"""Strategies for records of assignments."""

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from dsgk.assignments import (
    Assignment,
    AssignmentRecord,
    RedrawReason,
    UnstaffableError,
    chances,
    redraw_seat,
)
from dsgk.assignments.draw import draw_from
from dsgk.plans import ModeReason
from dsgk.testing.arguments import check_strategy
from dsgk.testing.lists import first_of
from dsgk.testing.staffing import StaffingProblem, staffing_problems
from dsgk.testing.texts import entropies, keys


__all__ = ["assignment_records", "conducted_assignments"]

_MAX_REDRAWS = 2
_MAX_TASKS = 3
_REASONS = st.sampled_from(
    [ModeReason.APPROVAL, ModeReason.CASE_LEAD, ModeReason.FEW_SUBJECTS]
)
_ENTROPY = st.none() | entropies()
_TIMES = st.integers(0, _MAX_REDRAWS)


@st.composite
def _conducted_assignments(
    draw: st.DrawFn, problems: SearchStrategy[StaffingProblem]
) -> tuple[AssignmentRecord, StaffingProblem]:
    problem = draw(problems)
    tasks, register, recusals, history = problem
    stated = chances(tasks, register, recusals=recusals, history=history)
    entropy = draw(_ENTROPY)
    key = draw(keys()) if entropy is None else stated.key(entropy)
    assignment = draw_from(stated, key)
    for _ in range(draw(_TIMES) if tasks else 0):
        assignment = _redrawn(draw, assignment)
    reason = draw(_REASONS)
    return AssignmentRecord.of(assignment, reason=reason, entropy=entropy), problem


def _redrawn(draw: st.DrawFn, assignment: Assignment) -> Assignment:
    """Replace somebody, if there is anybody for whom another can go."""
    key = draw(keys().filter(lambda key: key != assignment.key))
    reason = draw(st.sampled_from(RedrawReason))
    places = sorted(
        (task_id, seated.inspector_id)
        for task_id, team in assignment.teams.items()
        for seated in team
    )
    first = draw(st.integers(0, len(places) - 1))
    for place in places[first:] + places[:first]:
        try:
            return redraw_seat(assignment, *place, reason=reason, key=key)
        except UnstaffableError:
            continue
    return assignment


def conducted_assignments(
    *, problems: SearchStrategy[StaffingProblem] | None = None
) -> SearchStrategy[tuple[AssignmentRecord, StaffingProblem]]:
    """
    Records of assignments (选派记录), each with what it was drawn from.

    What `verify_assignment` takes.  Some have a public fact for their key,
    and some have redraws.  Shrinks to no task.

    Args:
        problems: Tasks with all that they need, which must have a legal
            staffing; by default `staffing_problems` of three tasks at
            most.

    Raises:
        InvalidArgument: *problems* is no strategy.

    Examples:
        >>> from hypothesis import given, settings
        >>> from dsgk.verify import verify_assignment
        >>> @settings(deadline=None)  # to verify is to draw once more
        ... @given(conducted_assignments())
        ... def test_an_honest_record_is_right(case):
        ...     record, problem = case
        ...     assert verify_assignment(record.to_dict(), *problem) == ()
        >>> test_an_honest_record_is_right()
    """
    if problems is None:
        problems = staffing_problems(max_size=_MAX_TASKS, staffable=True)
    check_strategy(problems, "problems")
    return _conducted_assignments(problems)


def assignment_records(
    *, problems: SearchStrategy[StaffingProblem] | None = None
) -> SearchStrategy[AssignmentRecord]:
    """
    Records of assignments alone (选派记录); see `conducted_assignments`.

    Args:
        problems: As for `conducted_assignments`.

    Raises:
        InvalidArgument: As for `conducted_assignments`.
    """
    return first_of(conducted_assignments(problems=problems))
