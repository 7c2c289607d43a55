"""Recompute the record of a draw of inspectors (核验选派记录)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs

from dsgk.assignments import (
    AssignmentRecord,
    StaffingProblem,
    Vacancy,
    problem_faults,
    staffed,
)
from dsgk.documents import Digest, digest_of, value_faults
from dsgk.draws import DrawRecord
from dsgk.errors import DsgkError, Fault, Faults
from dsgk.fields import check_type, faults_of, kind_of, plain_fields, several, take


__all__ = ["verify_assignment"]

_HINTS = {
    "fairness": "The problem asks for another one.",
    "min_officers": "The problem has other rules.",
    "avoid_home_areas": "The problem says otherwise.",
    "register": "The register is another one than that of the draw.",
    "tasks": "The tasks are others than those of the draw.",
    "teams": "The preset teams are others than those of the draw.",
    "chances": "Recusals, past visits or capacities give other chances.",
    "draw": "It is the digest of another draw of subjects.",
    "team": "Others were drawn.",
    "in_charge": "Another one is in charge.",
    "pool": "By this problem the place was open to others; whoever narrows a pool "
    "decides who comes.",
    "after": "Another one was drawn.",
}


def verify_assignment(
    record: AssignmentRecord | Mapping[str, Any],
    problem: StaffingProblem,
    *,
    draw: DrawRecord | None = None,
    digest: str | None = None,
    problems: Sequence[StaffingProblem] = (),
) -> tuple[Fault, ...]:
    """
    Recompute a record from what was drawn from.

    Args:
        record: A record, or the JSON document of one; whatever is wrong with
            a document is reported, not raised.
        problem: What was drawn from.
        draw: The record of the draw whose subjects are inspected, if it is at
            hand; without it the link to it is not verified.
        digest: [64 hex characters, or None] The digest of the statement as it was
            published *before* the draw.  Without it a record is shown to be
            true to its statement, and not that the statement came first.
        problems: The problem as it was at each redraw, in turn; for redraws
            without one, all is taken to be as it was at the draw.

    Returns:
        Every difference in the order of the format; empty when all is right.

    Raises:
        InvalidTypeError: An argument is of another type.
        InvalidValueError: *digest* is no digest.

    Examples:
        >>> import datetime as dt
        >>> from dsgk.assignments import Seat, StaffingTask
        >>> from dsgk.draws._entropy import Digits, Entropy
        >>> from dsgk.inspectors import Inspector, InspectorRegister
        >>> from dsgk.plans import ModeReason
        >>> problem = StaffingProblem(
        ...     [StaffingTask(id="T1", subject_id="S1", seats=[Seat(department="消防")])],
        ...     InspectorRegister(
        ...         Inspector(id=f"XF{n}", department="消防") for n in (1, 2, 3)
        ...     ),
        ... )
        >>> fact = Entropy("某公开号码", dt.date(2026, 4, 1), [Digits("号码", 8)])
        >>> stated = problem.chances(fact, reason=ModeReason.APPROVAL)
        >>> drawn = stated.draw(stated.key(["02071118"]))
        >>> document = AssignmentRecord.of(drawn, entropy=["02071118"]).to_dict()
        >>> verify_assignment(document, problem, digest=stated.digest)
        ()
        >>> document["tasks"][0]["team"][1] = "XF9"
        >>> [fault.path for fault in verify_assignment(document, problem)]
        ['digest', 'tasks[0].team[1]']
    """  # noqa: E501
    check_type(problem, StaffingProblem, name="problem")
    if draw is not None:
        check_type(draw, DrawRecord, name="draw")
    if digest is not None:
        take(digest, kind_of(Digest), name="digest")
    later = several(problems, StaffingProblem, name="problems")
    faults = Faults()
    read = _read(record, faults)
    if read is None:
        return tuple(faults)
    published = read.statement.digest
    if digest not in {None, published}:
        faults.add("not-announced", column="statement", expected=digest, got=published)
    if draw is not None:
        expected = digest_of(draw.to_dict())
        got = read.statement.draw
        faults += value_faults(got, expected, "statement.draw", _HINTS)
    statement = read.statement
    try:
        stated = problem.chances(
            statement.entropy,
            statement.seal,
            draw=statement.draw,  # type: ignore[arg-type]  # its digest will do
            reason=statement.reason,
        )
    except DsgkError as error:
        faults += faults_of(error).at(column="problem")
        return tuple(faults)
    faults += value_faults(
        plain_fields(statement), plain_fields(stated.statement), "statement", _HINTS
    )
    drawn = staffed(stated.draw(read.key))
    faults += value_faults(
        [plain_fields(task) for task in read.tasks],
        [plain_fields(task) for task in drawn],
        "tasks",
        _HINTS,
    )
    faults += _redraw_faults(read, problem, later)
    return tuple(faults)


def _read(record: object, faults: Faults) -> AssignmentRecord | None:
    """Read a document as far as it can be read, and tell what is wrong with it."""
    if isinstance(record, AssignmentRecord):
        return record
    try:
        return AssignmentRecord.from_dict(record)  # type: ignore[arg-type]
    except DsgkError as error:
        found = faults_of(error)
        faults += found
    if isinstance(record, Mapping) and [f.path for f in found] == ["digest"]:
        with_digest = {n: entry for n, entry in record.items() if n != "digest"}
        return super(AssignmentRecord, AssignmentRecord).from_dict(with_digest)
    return None


def _redraw_faults(
    record: AssignmentRecord,
    problem: StaffingProblem,
    problems: tuple[StaffingProblem, ...],
) -> Iterator[Fault]:
    """Draw again; where it is not known what held, as if it were the draw."""
    if len(problems) > len(record.redraws):
        yield Fault.of(
            "redraws-missing",
            column="redraws",
            got=len(record.redraws),
            expected=len(problems),
        )
    for number, redraw in enumerate(record.redraws):
        before = attrs.evolve(record, redraws=record.redraws[:number])
        request = redraw.request
        path = f"redraws[{number}]"
        held = problem
        if number < len(problems):
            held = problems[number]
            yield from problem_faults(record, held)
        try:
            vacancy = Vacancy(held, before.standing, request.unit, request.officer)
            pool = vacancy.pool()
        except DsgkError as error:
            yield from faults_of(error).at(column=f"{path}.request")
            continue
        if request.pool != pool:
            yield from value_faults(
                list(request.pool), list(pool), f"{path}.request.pool", _HINTS
            )
            continue
        expected = vacancy.draw(request, redraw.entropy)
        yield from value_faults(
            plain_fields(redraw), plain_fields(expected), path, _HINTS
        )
