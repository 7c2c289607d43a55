"""Recompute the record of a draw of inspectors (核验选派记录)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import attrs

from dsgk.assignments.checks import refuse_other
from dsgk.assignments.draw import draw_from
from dsgk.assignments.outcome import Assignment, RedrawReason
from dsgk.assignments.parts import Fairness
from dsgk.assignments.records import (
    ASSIGN_SHAPE,
    STATEMENT_SHAPE,
    AssignmentRecord,
    basis_faults,
    draw_faults,
    redraw_document,
    redraw_faults,
    redraw_of,
    task_documents,
)
from dsgk.assignments.redraw import redraw_seat, redrawn
from dsgk.assignments.stated import ASSIGN_FORMAT, StatedChances, chances
from dsgk.assignments.tasks import PastVisit, StaffingTask
from dsgk.assignments.teams import PresetTeam
from dsgk.draws.documents import Unknown, shape_faults, value_faults
from dsgk.draws.records import DrawRecord
from dsgk.errors import DsgkError, Fault, InvalidInput
from dsgk.inspectors.people import Recusal
from dsgk.inspectors.register import InspectorRegister
from dsgk.sources import RuleProfile
from dsgk.verify.draws import Difference


__all__ = ["Standing", "verify_assignment"]

_HINTS = {
    "register": "The register is another one than that of the draw.",
    "tasks": "The tasks are others than those of the draw.",
    "teams": "The preset teams are others than those of the draw.",
    "chances": "Recusals, past visits or capacities give other chances.",
    "digest": "It is not the digest of the statement.",
    "key": "It is not the key of this draw.",
    "draw": "It is the digest of another draw of subjects.",
    "method": "It is drawn in another way.",
    "team": "Others were drawn.",
    "lead": "Another one is in charge.",
    "pool": "It is open to others.",
    "after": "Another one was drawn.",
}


@attrs.frozen(kw_only=True)
class Standing:
    """
    What held at the time of one redraw, as it was given to `redraw_seat`.

    Attributes:
        register: Who could be sent; None for the register of the draw.
        recusals: Recusals besides those of the draw.
        history: Past visits besides those of the draw.
    """

    register: InspectorRegister | None = None
    recusals: tuple[Recusal, ...] = ()
    history: tuple[PastVisit, ...] = ()


def verify_assignment(
    record: AssignmentRecord | Mapping[str, Any],
    tasks: Iterable[StaffingTask],
    register: InspectorRegister,
    recusals: Iterable[Recusal] = (),
    history: Iterable[PastVisit] = (),
    *,
    teams: Iterable[PresetTeam] = (),
    current_loads: Mapping[str, int] = MappingProxyType({}),
    draw: DrawRecord | None = None,
    digest: str | None = None,
    standings: Sequence[Standing] = (),
) -> tuple[Difference, ...]:
    """
    Recompute a record from tasks, registers and what keeps people away.

    Args:
        record: A record, or the JSON document of one; whatever is wrong with
            a document is reported, not raised.
        tasks: The tasks, in any order, as is the rest.
        register: Who could be sent.
        recusals: Recusals at the time of the draw.
        history: Past visits at that time.
        teams: The preset teams, if these were drawn.
        current_loads: Tasks that people had already.
        draw: The record of the draw whose subjects are inspected, if it is at
            hand; without it the link to it is not verified.
        digest: [64 hex characters, or None] The digest of the stated chances
            as it was published *before* the draw.  Without it a record is
            shown to be true to its statement, and not that the statement came
            first.
        standings: What held at each redraw, in turn.  For redraws without one
            it is verified that the draw out of the recorded pool is right,
            not that the pool is.

    Returns:
        Every difference in the order of the format; empty when all is right.

    Raises:
        InvalidTypeError: *register* or *draw* is something else.

    Examples:
        >>> from dsgk.assignments import Seat, assign_inspectors
        >>> from dsgk.inspectors import Inspector
        >>> from dsgk.plans import ModeReason
        >>> register = InspectorRegister(
        ...     Inspector(id=f"XF{n}", department="消防") for n in (1, 2, 3)
        ... )
        >>> task = StaffingTask(
        ...     id="T1", subject_id="S1", seats=[Seat(department="消防")]
        ... )
        >>> drawn = assign_inspectors(
        ...     [task], register, key="f050b4356fceca7e0bd30cb92bc14db1"
        ... )
        >>> document = AssignmentRecord.of(
        ...     drawn, reason=ModeReason.APPROVAL
        ... ).to_dict()
        >>> verify_assignment(document, [task], register)
        ()
        >>> document["tasks"][0]["team"][1] = "XF2"
        >>> print(*verify_assignment(document, [task], register))
        'tasks[0].team[1]' must be 'XF3' (got 'XF2'). Others were drawn.
    """
    refuse_other(register, InspectorRegister, "register")
    if draw is not None:
        refuse_other(draw, DrawRecord, "draw")
    document: object = record
    if isinstance(record, AssignmentRecord):
        document = record.to_dict()
    given = dict(document) if isinstance(document, Mapping) else {}
    expected: dict[str, Any] = {
        name: Unknown(shape) for name, shape in ASSIGN_SHAPE.items()
    }
    expected["format"] = ASSIGN_FORMAT
    faults: list[Fault] = []
    drawn = None
    if not shape_faults(given.get("statement"), STATEMENT_SHAPE):
        try:
            stated = _state(
                given["statement"],
                tasks,
                register,
                teams=teams,
                recusals=recusals,
                history=history,
                current_loads=current_loads,
            )
        except DsgkError as error:
            faults += _refused(error)
        else:
            expected["statement"] = stated.statement
            expected["digest"] = stated.digest
            if not shape_faults(given.get("key"), ASSIGN_SHAPE["key"]):
                drawn = draw_from(stated, given["key"])
                expected["tasks"] = task_documents(drawn)
    if digest is not None:
        faults += _published_faults(given, digest)
    faults += value_faults(document, expected, hints=_HINTS)
    if not shape_faults(document, ASSIGN_SHAPE):
        faults += [*basis_faults(given), *draw_faults(given, draw)]
        faults += _redraw_faults(drawn, given, standings)
    told: dict[object, Fault] = {}
    for fault in faults:  # what is found in two ways is one difference
        told.setdefault((fault.column, fault.code), fault)
    return tuple(map(Difference.of, told.values()))


def _state(
    statement: Mapping[str, Any],
    tasks: Iterable[StaffingTask],
    register: InspectorRegister,
    **inputs: Any,  # noqa: ANN401  (handed on as it is)
) -> StatedChances:
    """State chances under the rules of a statement."""
    return chances(
        tasks,
        register,
        avoid_home_areas=statement["avoid_home_areas"],
        fairness=Fairness(statement["fairness"]),
        rules=RuleProfile(min_officers=statement["min_officers"]),
        **inputs,
    )


def _published_faults(given: Mapping[str, Any], digest: str) -> Iterator[Fault]:
    """Compare with what was published before the draw."""
    if digest != given.get("digest"):
        msg = (
            f"'digest' must be {digest!r}, as it was published (got "
            f"{given.get('digest')!r}). The statement was changed afterwards, or "
            "another one was published."
        )
        params = {"expected": digest, "got": given.get("digest")}
        yield Fault("not-announced", msg, column="digest", params=params)


def _refused(error: DsgkError) -> Iterator[Fault]:
    """Tell why nothing can have been drawn from what is given."""
    found = error.faults if isinstance(error, InvalidInput) else ()
    for fault in found or (Fault.from_error(error, column="inputs"),):
        params = {**fault.params, "expected": None, "got": None}
        yield attrs.evolve(fault, column=fault.column or "inputs", params=params)


def _redraw_faults(
    drawn: Assignment | None, given: Mapping[str, Any], standings: Sequence[Standing]
) -> Iterator[Fault]:
    """Draw again, out of the recorded pool where it is not known what held."""
    contradictions = list(redraw_faults(given))
    yield from contradictions
    if drawn is None or contradictions:
        return
    for number, document in enumerate(given["redraws"]):
        path = f"redraws[{number}]"
        before = document["before"]
        try:
            if number < len(standings):
                standing = standings[number]
                drawn = redraw_seat(
                    drawn,
                    document["task"],
                    before,
                    reason=RedrawReason.read(document["reason"]),
                    key=document["key"],
                    register=standing.register,
                    recusals=standing.recusals,
                    history=standing.history,
                )
            else:
                pool = dict.fromkeys(document["pool"], tuple(document["team"]))
                drawn = redrawn(drawn, redraw_of(document), pool)
        except DsgkError as error:
            yield from (attrs.evolve(fault, column=path) for fault in _refused(error))
            return
        expected = redraw_document(drawn.redraws[-1])
        yield from value_faults(document, expected, path, _HINTS)
