"""Recompute the record of a draw of inspectors (核验选派记录)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import attrs

from dsgk.assignments.contradictions import (
    basis_faults,
    draw_faults,
    redraw_faults,
    task_faults,
)
from dsgk.assignments.draw import draw_from
from dsgk.assignments.outcome import Assignment, RedrawReason
from dsgk.assignments.parts import Fairness
from dsgk.assignments.records import (
    ASSIGN_SHAPE,
    STATEMENT_SHAPE,
    AssignmentRecord,
    redraw_document,
    redraw_of,
    task_documents,
)
from dsgk.assignments.redraw import Vacancy, redraw_seat, redrawn, vacancy_at_draw
from dsgk.assignments.shortages import UnstaffableError
from dsgk.assignments.stated import ASSIGN_FORMAT, StatedChances, chances
from dsgk.assignments.tasks import PastVisit, StaffingTask
from dsgk.assignments.teams import PresetTeam
from dsgk.documents import Digest, Unknown, shape_faults, show, value_faults
from dsgk.draws.records import DrawRecord
from dsgk.errors import DsgkError, Fault, InvalidInput
from dsgk.fields import check_type, kind_of, several, take
from dsgk.inspectors import InspectorRegister, Recusal
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


def _recusals(values: Iterable[Recusal]) -> tuple[Recusal, ...]:
    return several(values, Recusal, name="recusals")


def _history(values: Iterable[PastVisit]) -> tuple[PastVisit, ...]:
    return several(values, PastVisit, name="history")


@attrs.frozen(kw_only=True)
class Standing:
    """
    What held at the time of one redraw, as it was given to `redraw_seat`.

    Attributes:
        register: Who could be sent; None for the register of the draw.
        recusals: Recusals besides those of the draw.
        history: Past visits besides those of the draw.

    Raises:
        InvalidTypeError, InvalidInput: A field is of another type.
    """

    register: InspectorRegister | None = attrs.field(default=None)
    recusals: tuple[Recusal, ...] = attrs.field(default=(), converter=_recusals)
    history: tuple[PastVisit, ...] = attrs.field(default=(), converter=_history)

    @register.validator
    def _register(self, _: object, value: object) -> None:
        if value is not None:
            check_type(value, InspectorRegister, name="register")


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
            all is taken to be as it was at the draw.  Where this gives
            another pool than the recorded one, that is a difference, since
            the pool is not verified then; the draw out of it is all the same.

    Returns:
        Every difference in the order of the format; empty when all is right.

    Raises:
        InvalidTypeError, InvalidInput: *register*, *draw* or *standings* is
            something else.
        InvalidValueError: *digest* is no digest.

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
    _refuse_others(register, draw, digest)
    # Their order decides, which a set has not.
    check_type(standings, Sequence, name="standings", instead="[Standing(…)]")
    known = several(standings, Standing, name="standings")
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
        faults += [] if drawn else task_faults(given)
        faults += _redraw_faults(drawn, given, known)
    told: dict[object, Fault] = {}
    for fault in faults:  # what is found in two ways is one difference
        told.setdefault((fault.column, fault.code), fault)
    return tuple(told.values())


def _refuse_others(register: object, draw: object, digest: object) -> None:
    """Refuse arguments of which no record can be wrong."""
    check_type(register, InspectorRegister, name="register")
    if draw is not None:
        check_type(draw, DrawRecord, name="draw")
    if digest is not None:
        take(digest, kind_of(Digest), name="digest")


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
    got = given.get("digest")
    if not isinstance(got, str) or digest != got:
        msg = (
            f"'digest' must be {digest!r}, as it was published (got {show(got)}). The "
            "statement was changed afterwards, or another one was published."
        )
        params = {"expected": digest, "got": got}
        yield Fault.told("not-announced", msg, column="digest", params=params)


def _refused(error: DsgkError) -> Iterator[Fault]:
    """Tell why nothing can have been drawn from what is given."""
    found = error.faults if isinstance(error, InvalidInput) else ()
    for fault in found or (error.fault.at(column="inputs"),):
        params = {**fault.params, "expected": None, "got": None}
        yield attrs.evolve(fault, column=fault.column or "inputs", params=params)


def _redraw_faults(
    drawn: Assignment | None, given: Mapping[str, Any], standings: tuple[Standing, ...]
) -> Iterator[Fault]:
    """Draw again; where it is not known what held, as if it were the draw."""
    contradictions = list(redraw_faults(given))
    yield from contradictions
    if len(standings) > len(given["redraws"]):
        msg = (
            f"'redraws' must hold one for each of the standings (got "
            f"{len(given['redraws'])} redraws for {len(standings)} standings). Redraws "
            "were left out of the record, or standings are of another one."
        )
        params = {
            "path": "redraws",
            "expected": len(standings),
            "got": len(given["redraws"]),
        }
        yield Fault.told("redraws-missing", msg, column="redraws", params=params)
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
                vacancy = vacancy_at_draw(drawn, document["task"], before)
                yield from _pool_faults(vacancy, document["pool"], f"{path}.pool")
                drawn = redrawn(drawn, redraw_of(document), _teams(vacancy, document))
        except DsgkError as error:
            yield from (attrs.evolve(fault, column=path) for fault in _refused(error))
            return
        expected = redraw_document(drawn.redraws[-1])
        yield from value_faults(document, expected, path, _HINTS)


def _pool_faults(vacancy: Vacancy, pool: list[str], path: str) -> Iterator[Fault]:
    """Hold a recorded pool against all that is known of the draw."""
    open_to = []
    for place, inspector_id in enumerate(pool):
        obstacle = vacancy.obstacle(inspector_id)
        if obstacle is None:
            open_to.append(inspector_id)
            continue
        at = f"{path}[{place}]"
        msg = (
            f"{at!r} must be somebody to whom the seat was open (got "
            f"{inspector_id!r}, who {obstacle}, by what is known of the draw). If "
            "something else held at the redraw, give it as a Standing."
        )
        yield Fault.told(
            "redraw-pool-closed", msg, column=at, params={"got": inspector_id}
        )
    try:
        known = list(vacancy.pool())
    except UnstaffableError:
        known = []
    if not set(known) <= set(pool) or not set(open_to) <= set(known):
        msg = (
            f"{path!r} is not verified: by what is known of the draw it would be "
            f"{show(known)} (got {show(pool)}). Give what else held at the redraw as a "
            "Standing: whoever narrows a pool decides who comes."
        )
        params: dict[str, Any] = {"expected": known, "got": pool}
        yield Fault.told("redraw-pool-unverified", msg, column=path, params=params)


def _teams(vacancy: Vacancy, document: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Team by places for each of a recorded pool, the recorded one if unknown."""
    register, recorded = vacancy.register, tuple(document["team"])
    if len(recorded) != len(vacancy.team):
        recorded = ()  # of another task than the one that was given
    return {
        one: (vacancy.team_with(register[one]) if one in register else recorded)
        or recorded
        or vacancy.in_place(one)
        for one in document["pool"]
    }
