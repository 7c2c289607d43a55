"""
The record: an assignment that was drawn, and what is needed to repeat it.

Its form stands in ``docs/reference/assign-format.md``, section 8.  It names
nobody but those who were drawn and, where seats were drawn out of pools, those
among whom; recusals and other bars stand in it only as a digest of all chances.
"""

import copy
import enum
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

import attrs

from dsgk.assignments.contradictions import (
    basis_faults,
    batch_of,
    digest_of,
    draw_faults,
    redraw_faults,
    task_faults,
)
from dsgk.assignments.outcome import Assignment, Redraw, RedrawReason
from dsgk.assignments.parts import Fairness
from dsgk.assignments.stated import ASSIGN_FORMAT, DrawMethod
from dsgk.documents import (
    Shape,
    a_count,
    a_digest,
    a_key,
    a_text,
    an_entropy,
    an_id,
    optional,
    shape_faults,
    show,
    the_text,
)
from dsgk.draws.records import DrawRecord
from dsgk.errors import Fault, InvalidInput
from dsgk.fields import check_type
from dsgk.sources import article, cites


if TYPE_CHECKING:
    from dsgk.plans.entries import ModeReason


__all__ = [
    "ASSIGN_SHAPE",
    "REDRAW_SHAPE",
    "STATEMENT_SHAPE",
    "AssignmentRecord",
    "redraw_document",
    "redraw_of",
    "task_documents",
]

_RECORD = "assignment record"
# Codes of the reasons of Art. 4 for drawing inspectors alone.  The plans, where
# they stand, are loaded by those alone who make or read such a record.
_REASONS = ("few-subjects", "approval", "case-lead")


def _values(members: type[enum.Enum]) -> tuple[str, ...]:
    return tuple(str(member.value) for member in members)


def _one_of(values: tuple[str, ...]) -> Shape:
    """Make a shape of some texts."""

    def check(value: object, path: str) -> list[Fault]:
        """Look the value up."""
        if isinstance(value, str) and value in values:
            return []
        msg = f"{path!r} must be one of {', '.join(values)} (got {show(value)})."
        params = {"path": path, "expected": values, "got": value}
        return [Fault.told("value-unknown", msg, column=path, params=params)]

    return check


def _a_flag(value: object, path: str) -> list[Fault]:
    if isinstance(value, bool):
        return []
    msg = f"{path!r} must be true or false (got {show(value)})."
    params = {"path": path, "expected": "a flag", "got": value}
    return [Fault.told("type-differs", msg, column=path, params=params)]


def _a_pool(value: object, path: str) -> list[Fault]:
    if isinstance(value, str) and len(value) % 2 == 0 and set(value) <= _HEX:
        return []
    msg = f"{path!r} must be bytes in lower-case hex (got {show(value)})."
    params = {"path": path, "expected": "hex", "got": value}
    return [Fault.told("text-form", msg, column=path, params=params)]


_HEX = set("0123456789abcdef")

STATEMENT_SHAPE: Shape = {
    "format": the_text(ASSIGN_FORMAT),
    "fairness": _one_of(_values(Fairness)),
    "min_officers": a_count,
    "avoid_home_areas": _a_flag,
    "register": a_digest,
    "tasks": a_digest,
    "teams": a_digest,
    "chances": a_digest,
}
"""What is published before the draw."""

REDRAW_SHAPE: Shape = {
    "task": an_id,
    "before": an_id,
    "after": an_id,
    "reason": _one_of(_values(RedrawReason)),
    "key": a_key,
    "pool": [an_id],
    "team": [an_id],
    "lead": an_id,
}
"""What a record says about one redraw."""

ASSIGN_SHAPE: Shape = {
    "format": the_text(ASSIGN_FORMAT),
    "statement": STATEMENT_SHAPE,
    "digest": a_digest,
    "draw": optional(a_digest),
    "reason": optional(_one_of(_REASONS)),
    "entropy": optional(an_entropy),
    "key": a_key,
    "tasks": [
        {
            "id": an_id,
            "batch": optional(a_text),
            "agencies": [a_text],
            "method": _one_of(_values(DrawMethod)),
            "preset": optional(an_id),
            "team": [an_id],
            "lead": an_id,
            "pools": [{"row": a_count, "drawn": an_id, "pool": _a_pool}],
        }
    ],
    "redraws": [REDRAW_SHAPE],
}
"""What a record looks like, for `dsgk.documents.shape_faults`."""


@cites(article(3), article(4))
@attrs.frozen(repr=False)
class AssignmentRecord:
    """
    An assignment that was drawn, with all that is needed to repeat it (选派记录).

    Made by `of` or `from_dict`.  `from_dict` reads whatever is well formed and
    does not contradict itself; whether it is *true* is for
    `dsgk.verify.verify_assignment` to say, which needs tasks and registers.

    Cites:
        District Opinion, Art. 3 (two draws, which are two linked records) and
        4 (inspectors alone, with the reason).

    Examples:
        >>> from dsgk.assignments.draw import assign_inspectors
        >>> from dsgk.assignments.tasks import Seat, StaffingTask
        >>> from dsgk.inspectors import Inspector, InspectorRegister
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
        >>> record = AssignmentRecord.of(drawn, reason=ModeReason.APPROVAL)
        >>> record.teams["T1"], record.leads["T1"]
        (('XF1', 'XF3'), 'XF1')
        >>> record == AssignmentRecord.from_dict(record.to_dict())
        True
    """

    _document: dict[str, Any] = attrs.field(hash=False)

    @classmethod
    def of(
        cls,
        assignment: Assignment,
        /,
        *,
        draw: DrawRecord | None = None,
        reason: "ModeReason | None" = None,
        entropy: str | None = None,
    ) -> Self:
        """
        Record an assignment.

        Args:
            assignment: What was drawn, with its redraws.
            draw: The record of the draw whose subjects are inspected, or …
            reason: … why inspectors alone are drawn.
            entropy: The fact of which the key was made with the digest of the
                stated chances, if it was.

        Raises:
            InvalidTypeError: An argument has the wrong type.
            InvalidInput: Neither or both of *draw* and *reason* are given, or
                the key is not that of *entropy* or, without one, of *draw*.
        """
        check_type(assignment, Assignment, name="assignment")
        if draw is not None:
            check_type(draw, DrawRecord, name="draw")
        if reason is not None:
            from dsgk.plans.entries import ModeReason  # noqa: PLC0415

            check_type(reason, ModeReason, name="reason")
        stated = assignment.stated
        document = {
            "format": ASSIGN_FORMAT,
            "statement": dict(stated.statement),
            "digest": stated.digest,
            "draw": None if draw is None else digest_of(draw),
            "reason": None if reason is None else reason.value,
            "entropy": entropy,
            "key": assignment.key,
            "tasks": task_documents(assignment),
            "redraws": [redraw_document(redraw) for redraw in assignment.redraws],
        }
        faults = shape_faults(document, ASSIGN_SHAPE)
        if not faults:  # what has no right shape has no digest
            faults = [*basis_faults(document), *draw_faults(document, draw)]
        if faults:
            raise InvalidInput.of(_RECORD, faults)
        return cls(document)

    @property
    def statement(self) -> dict[str, Any]:
        """What was stated before the draw, as plain JSON values."""
        return dict(self._document["statement"])

    @property
    def digest(self) -> str:
        """The digest of the statement."""
        return str(self._document["digest"])

    @property
    def draw(self) -> str | None:
        """Digest of the draw record whose subjects are inspected."""
        digest: str | None = self._document["draw"]
        return digest

    @property
    def reason(self) -> "ModeReason | None":
        """Why inspectors alone are drawn."""
        from dsgk.plans.entries import ModeReason  # noqa: PLC0415

        code = self._document["reason"]
        return None if code is None else ModeReason.read(code)

    @property
    def entropy(self) -> str | None:
        """The fact of which the key was made."""
        entropy: str | None = self._document["entropy"]
        return entropy

    @property
    def key(self) -> str:
        """The key of the draw."""
        return str(self._document["key"])

    @property
    def redraws(self) -> tuple[Redraw, ...]:
        """Replacements after the draw, in turn."""
        return tuple(map(redraw_of, self._document["redraws"]))

    @property
    def teams(self) -> dict[str, tuple[str, ...]]:
        """Ids of the team that each task has now, by places, by its id."""
        return {task: team for task, (team, _) in self._now().items()}

    @property
    def leads(self) -> dict[str, str]:
        """Id of the officer now in charge of each task, by its id."""
        return {task: lead for task, (_, lead) in self._now().items()}

    def _now(self) -> dict[str, tuple[tuple[str, ...], str]]:
        tasks = self._document["tasks"]
        now = {task["id"]: (tuple(task["team"]), task["lead"]) for task in tasks}
        for redraw in self._document["redraws"]:
            for task in batch_of(tasks, redraw["task"]):
                now[task] = (tuple(redraw["team"]), redraw["lead"])
        return now

    def __hash__(self) -> int:
        """Hash what was stated and the key."""
        return hash((self.digest, self.key))

    def __repr__(self) -> str:
        """Tell how much there is; the record itself is long."""
        tasks, redraws = self._document["tasks"], self._document["redraws"]
        return (
            f"AssignmentRecord({len(tasks)} tasks, {len(redraws)} redraws, "
            f"{self.digest!r})"
        )

    def to_dict(self) -> dict[str, Any]:
        """Give the document of section 8 of the format, as plain JSON values."""
        return copy.deepcopy(self._document)

    @classmethod
    def from_dict(cls, document: Mapping[str, Any], /) -> Self:
        """
        Read what `to_dict` gave.

        Raises:
            InvalidInput: Another format, unknown or missing keys, faulty
                values, or values that contradict each other: a digest, key or
                redraw that does not follow from the others, a task or one of
                its team that comes twice, somebody in charge who is not in the
                team; all at once, with their paths.
        """
        faults = shape_faults(document, ASSIGN_SHAPE)
        if not faults:
            faults = [
                *basis_faults(document),
                *task_faults(document),
                *redraw_faults(document),
            ]
        if faults:
            raise InvalidInput.of(_RECORD, faults)
        return cls(copy.deepcopy(dict(document)))


def task_documents(assignment: Assignment) -> list[dict[str, Any]]:
    """Give what a record says about the tasks, as they were drawn."""
    stated, drawn = assignment.stated, assignment.drawn
    documents = []
    for task in stated.tasks:
        first = stated.unit(task.id)[0].id
        rows = stated.rows(task.id)
        documents.append(
            {
                "id": task.id,
                "batch": task.batch,
                "agencies": list(task.agencies),
                "method": stated.method(task.id).value,
                "preset": drawn.presets.get(first),
                "team": list(drawn.teams[first]),
                "lead": drawn.leads[first],
                "pools": [
                    {
                        "row": lookup.row - rows[0],
                        "drawn": stated.bench.drawn[lookup.one].id,
                        "pool": lookup.bits.hex(),
                    }
                    for lookup in assignment.lookups(task.id)
                ],
            }
        )
    return documents


def redraw_document(redraw: Redraw) -> dict[str, Any]:
    """Give what a record says about one redraw."""
    return {
        "task": redraw.task_id,
        "before": redraw.before,
        "after": redraw.after,
        "reason": redraw.reason.value,
        "key": redraw.key,
        "pool": list(redraw.pool),
        "team": list(redraw.team),
        "lead": redraw.lead,
    }


def redraw_of(document: Mapping[str, Any]) -> Redraw:
    """Read what `redraw_document` gave."""
    return Redraw(
        task_id=document["task"],
        before=document["before"],
        after=document["after"],
        reason=RedrawReason.read(document["reason"]),
        key=document["key"],
        pool=tuple(document["pool"]),
        team=tuple(document["team"]),
        lead=document["lead"],
    )
