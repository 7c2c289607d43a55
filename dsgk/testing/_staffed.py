"""Strategies for records of assignments."""

import datetime as dt

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from dsgk.assignments import (
    AssignmentRecord,
    RedrawReason,
    StaffingProblem,
    UnstaffableError,
)
from dsgk.draws import Digits, Entropy, Seal
from dsgk.plans import ModeReason
from dsgk.testing._columns import ON
from dsgk.testing._staffing import staffing_problems
from dsgk.testing._texts import check_strategy, first_of


__all__ = ["assignment_records", "conducted_assignments"]

_MAX_REDRAWS = 2
_MAX_TASKS = 3
_REASONS = st.sampled_from(
    [ModeReason.APPROVAL, ModeReason.CASE_LEAD, ModeReason.FEW_SUBJECTS]
)
_FACTS = st.text("0123456789", min_size=8, max_size=8).map(lambda text: [text])
_SECRETS = st.none() | st.text("0123456789abcdef", min_size=64, max_size=64)
_TIMES = st.integers(0, _MAX_REDRAWS)


def _fact_on(day: dt.date) -> Entropy:
    return Entropy("公开号码", day, [Digits("号码", 8)])


@st.composite
def _conducted_assignments(
    draw: st.DrawFn, problems: SearchStrategy[StaffingProblem]
) -> tuple[AssignmentRecord, StaffingProblem]:
    problem = draw(problems)
    secret = draw(_SECRETS)
    seal = None if secret is None else Seal.of(secret, open_by=ON + dt.timedelta(90))
    stated = problem.chances(_fact_on(ON), seal, reason=draw(_REASONS))
    fact = draw(_FACTS)
    drawn = stated.draw(stated.key(fact, secret))
    record = AssignmentRecord.of(drawn, entropy=fact, secret=secret)
    for _ in range(draw(_TIMES) if problem.tasks else 0):
        record = _redrawn(draw, record, problem)
    return record, problem


def _redrawn(
    draw: st.DrawFn, record: AssignmentRecord, problem: StaffingProblem
) -> AssignmentRecord:
    """Replace somebody, if there is anybody for whom another can go."""
    reason, fact = draw(st.sampled_from(RedrawReason)), draw(_FACTS)
    places = sorted((task, one) for task, team in record.teams.items() for one in team)
    first = draw(st.integers(0, len(places) - 1))
    day = ON + dt.timedelta(7 * (len(record.redraws) + 1))
    for place in places[first:] + places[:first]:
        try:
            request = record.request_redraw(
                *place,
                problem=problem,
                reason=reason,
                announced_on=day - dt.timedelta(1),
                entropy=_fact_on(day),
            )
        except UnstaffableError:
            continue
        return record.redraw(request, problem=problem, entropy=fact)
    return record


def conducted_assignments(
    *, problems: SearchStrategy[StaffingProblem] | None = None
) -> SearchStrategy[tuple[AssignmentRecord, StaffingProblem]]:
    """
    Records of assignments (选派记录), each with what it was drawn from.

    What `verify_assignment` takes.  Some are sealed, and some have redraws.
    Shrinks to no task.

    Args:
        problems: Problems, which must have a legal staffing; by default
            `staffing_problems` of three tasks at most.

    Examples:
        >>> from hypothesis import given, settings
        >>> from dsgk.verify import verify_assignment
        >>> @settings(deadline=None)  # to verify is to draw once more
        ... @given(conducted_assignments())
        ... def test_an_honest_record_is_right(case):
        ...     record, problem = case
        ...     assert verify_assignment(record.to_dict(), problem) == ()
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

    Takes what `conducted_assignments` takes.
    """
    return first_of(conducted_assignments(problems=problems))
