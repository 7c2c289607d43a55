"""
The record: a draw that was made, and everything needed to repeat it (抽取记录).

Its form stands in ``docs/reference/draw-format.md``, section 9; the numbers of
other sections below are of the same page.
"""

import functools
import shlex
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Self

import attrs

from dsgk.documents import (
    Shape,
    a_count,
    a_digest,
    a_float,
    a_key,
    a_share,
    a_text,
    an_entropy,
    an_id,
    optional,
    shape_faults,
    show,
    the_text,
    value_faults,
)
from dsgk.draws.announcements import (
    AnnouncedStratum,
    Announcement,
    announcement_faults,
)
from dsgk.draws.selection import Draw, StratumDraw, draw_subjects
from dsgk.errors import Fault, InvalidInput, InvalidTypeError, InvalidValueError
from dsgk.frames import Frame
from dsgk.identifiers import check_id
from dsgk.kernels.tickets import rank_of, ticket_of
from dsgk.sources import article, cites


__all__ = [
    "RECORD_FORMAT",
    "RECORD_SHAPE",
    "DrawRecord",
    "Receipt",
    "conduct",
    "draw_document",
    "frame_faults",
    "frame_map",
]

RECORD_FORMAT = "dsgk-draw-record/1"

_STRATUM_SHAPE = {
    "name": an_id,
    "size": a_count,
    "quota": a_count,
    "cut": optional(a_digest),
    "selected": [an_id],
    "reserves": [an_id],
}
_WEIGHTED_SHAPE = {
    **_STRATUM_SHAPE,
    "cut": optional(a_float),
    "certain": a_count,
    "certain_from": optional(a_count),
    "chance_per_weight": optional(a_share),
}


def _a_stratum(value: object, path: str) -> list[Fault]:
    """Check a stratum with or without weights, whichever it looks like."""
    weighted = isinstance(value, Mapping) and not (
        _WEIGHTED_SHAPE.keys() - _STRATUM_SHAPE.keys()
    ).isdisjoint(value)
    return shape_faults(value, _WEIGHTED_SHAPE if weighted else _STRATUM_SHAPE, path)


RECORD_SHAPE: Shape = {
    "format": the_text(RECORD_FORMAT),
    "announcement": announcement_faults,
    "digest": a_digest,
    "entropy": an_entropy,
    "key": a_key,
    "draws": [{"name": a_text, "strata": [_a_stratum]}],
}
"""What a record looks like, for `dsgk.documents.shape_faults`."""


@attrs.frozen(kw_only=True)
class Receipt:
    """
    What a record says about one subject (抽取回执).

    Attributes:
        draw: Name of the draw.
        id: The subject.
        stratum: Its stratum.
        drawn: Whether it was drawn.
        ticket: [64 hex characters] Its ticket.
        cut: The cut of the stratum; None if none was drawn by order.
        key: [32 hex characters] The key of the draw.
        rank: With weights its rank, as the shortest decimal; None without.
        certain: Whether it was so heavy that it was drawn for certain.
        reserve: [int >= 1, or None] Its place among the published reserves.
    """

    draw: str
    id: str
    stratum: str
    drawn: bool
    ticket: str
    cut: str | None
    key: str
    rank: str | None = None
    certain: bool = False
    reserve: int | None = None

    @property
    def command(self) -> str:
        """
        A shell line that prints the ticket, safe for every id.

        Without weights the subject was drawn if and only if what it prints is
        not above the cut.
        """
        key, text = shlex.quote(self.key), shlex.quote(self.id)
        return f"printf '%s:%s' {key} {text} | sha256sum"


@attrs.frozen(kw_only=True)
class DrawRecord:
    """
    A draw that was made, with all that is needed to repeat it (抽取记录).

    Made by `conduct` or `from_dict`.  `from_dict` reads whatever is well
    formed; whether it is *true* is for `dsgk.verify.verify_record` to say,
    which needs the frames.

    Attributes:
        announcement: What was announced.
        entropy: The published fact, as its source prints it.
    """

    announcement: Announcement
    entropy: str
    _draws: tuple[Draw, ...] = attrs.field(repr=False)

    @functools.cached_property
    def key(self) -> str:
        """The key of all draws of the record."""
        return self.announcement.key(self.entropy)

    @property
    def draws(self) -> dict[str, Draw]:
        """What was drawn, by the names that were announced."""
        names = [draw.name for draw in self.announcement.draws]
        return dict(zip(names, self._draws, strict=True))

    def receipt(
        self,
        name: str,
        id: str,  # noqa: A002
        stratum: str,
        *,
        weight: int | None = None,
    ) -> Receipt:
        """
        Say about one subject whether it was drawn, and how it can check that.

        Args:
            name: Name of the draw.
            id: The subject.
            stratum: The stratum in which the frame has it.
            weight: [1 <= int < 2**53, or None] Its weight in the frame, for a
                stratum with weights.

        Raises:
            InvalidTypeError, InvalidValueError: There is no such draw or
                stratum, a faulty id, a weight missing or out of place; or the
                record contradicts itself about this subject, which also
                happens when the frame does not have it.

        Examples:
            >>> import datetime as dt
            >>> from dsgk.draws.announcements import announce
            >>> frame = Frame(["S1", "S2", "S3"], ["A", "A", "A"])
            >>> announcement = announce(
            ...     title="示例抽取", issuer="示例单位",
            ...     announced_on=dt.date(2026, 3, 25), entropy_source="开奖号码",
            ...     draws={"示例事项": (frame, {"A": 1})},
            ... )
            >>> record = conduct(announcement, {"示例事项": frame}, entropy="02-07-11")
            >>> receipt = record.receipt("示例事项", "S1", "A")
            >>> receipt.drawn, receipt.ticket <= receipt.cut
            (False, False)
        """
        layer = self._layer(name, stratum)
        id = check_id(id)  # noqa: A001
        key = self.key
        ticket = ticket_of(id, key)
        drawn = id in layer.selected
        rank = None
        certain = False
        if layer.weighted:
            if weight is None:
                msg = (
                    f"'weight' must be given for the stratum {stratum!r} (got none). "
                    "Look it up in the frame."
                )
                raise InvalidValueError(
                    msg, code="weight-missing", params={"stratum": stratum}
                )
            layer.target_chance(weight)  # refuses what cannot be in the stratum
            weight = int(weight)  # a rank of NumPy would not show itself as digits
            certain = layer.is_certain(weight)
            rank = repr(rank_of(ticket, weight))
        elif weight is not None:
            msg = (
                f"'weight' must not be given for the stratum {stratum!r}, which has "
                f"none (got {show(weight)}). Leave it out."
            )
            raise InvalidValueError(
                msg, code="weight-extra", params={"stratum": stratum, "weight": weight}
            )
        if not _may_be(layer, ticket, rank, drawn=drawn, certain=certain):
            found = "is" if drawn else "is not"
            msg = (
                f"{id!r} {found} among those drawn in stratum {stratum!r}, which "
                f"its ticket {ticket} and the cut {layer.cut} contradict. "
                "Look it up in the frame: it may not be there, or in another "
                "stratum or with another weight; otherwise the record is wrong, "
                "see verify_record."
            )
            raise InvalidValueError(
                msg,
                code="receipt-contradicts",
                params={"id": id, "ticket": ticket, "cut": layer.cut, "drawn": drawn},
            )
        spare = layer.published_reserves
        return Receipt(
            draw=name,
            id=id,
            stratum=stratum,
            drawn=drawn,
            ticket=ticket,
            cut=layer.cut,
            key=key,
            rank=rank,
            certain=certain,
            reserve=spare.index(id) + 1 if id in spare else None,
        )

    def _layer(self, name: object, stratum: object) -> StratumDraw:
        draws = self.draws
        if not isinstance(name, str) or name not in draws:
            msg = (
                f"'name' must be a draw of the record (got {show(name)}). It has "
                f"{', '.join(map(repr, draws))}."
            )
            raise InvalidValueError(
                msg, code="no-such-draw", params={"name": name, "known": list(draws)}
            )
        strata = draws[name].strata
        if not isinstance(stratum, str) or stratum not in strata:
            msg = (
                f"'stratum' must be one of the draw {name!r} (got {show(stratum)}). It "
                f"has {', '.join(map(repr, strata)) or 'none'}."
            )
            raise InvalidValueError(
                msg,
                code="no-such-stratum",
                params={"name": stratum, "known": list(strata)},
            )
        return strata[stratum]

    def to_dict(self) -> dict[str, Any]:
        """Give the document of section 9 of the format, as plain JSON values."""
        return {
            "format": RECORD_FORMAT,
            "announcement": self.announcement.to_dict(),
            "digest": self.announcement.digest,
            "entropy": self.entropy,
            "key": self.key,
            "draws": [draw_document(name, draw) for name, draw in self.draws.items()],
        }

    @classmethod
    def from_dict(cls, document: Mapping[str, Any], /) -> Self:
        """
        Read what `to_dict` gave.

        Raises:
            InvalidInput: Another format, unknown or missing keys, faulty
                values, or digest, key, names, sizes or quotas that are not
                those of the announcement: all at once, with their paths.
        """
        faults = shape_faults(document, RECORD_SHAPE)
        what = "draw record"
        if faults:
            raise InvalidInput.of(what, faults)
        announcement = Announcement.from_dict(document["announcement"])
        key = announcement.key(document["entropy"])
        stated = {
            "digest": document["digest"],
            "key": document["key"],
            "draws": [
                {
                    "name": draw["name"],
                    "strata": [
                        {field: stratum[field] for field in AnnouncedStratum._fields}
                        for stratum in draw["strata"]
                    ],
                }
                for draw in document["draws"]
            ],
        }
        derived = {
            "digest": announcement.digest,
            "key": key,
            "draws": [
                {"name": draw.name, "strata": [s._asdict() for s in draw.strata]}
                for draw in announcement.draws
            ],
        }
        faults = list(value_faults(stated, derived))
        if faults:
            raise InvalidInput.of(what, faults)
        return cls(
            announcement=announcement,
            entropy=document["entropy"],
            draws=tuple(
                Draw(key=key, strata=tuple(map(_stratum_of, draw["strata"])))
                for draw in document["draws"]
            ),
        )


@cites(article(3))
def conduct(
    announcement: Announcement, frames: Mapping[str, Frame], *, entropy: str
) -> DrawRecord:
    """
    Make the draws that were announced, once the entropy exists (实施抽取).

    Args:
        announcement: What was announced.
        frames: For each announced draw, by its name, the frame of which the
            digest was announced.
        entropy: The published fact as text, exactly as its source prints it.

    Returns:
        The record.  Publish its `to_dict` as JSON, and the frames where the
        law allows it.

    Raises:
        InvalidTypeError: An argument of another type.
        InvalidInput: Faulty entropy, or frames that were not announced: every
            difference at once.

    Cites:
        District Opinion, Art. 3 (随机抽取检查对象).

    Examples:
        See `DrawRecord.receipt`.
    """
    if not isinstance(announcement, Announcement):
        msg = (
            f"'announcement' must be an Announcement (got "
            f"{type(announcement).__name__!r}). Use announce(…), or "
            "Announcement.from_dict(…) for a published one."
        )
        raise InvalidTypeError(
            msg,
            code="announcement-type",
            params={"type": type(announcement).__name__},
        )
    frame_map(frames)
    faults = [*an_entropy(entropy, "entropy"), *frame_faults(announcement, frames)]
    if faults:
        what = "draw"
        raise InvalidInput.of(what, faults)
    key = announcement.key(entropy)
    return DrawRecord(
        announcement=announcement,
        entropy=entropy,
        draws=tuple(
            draw_subjects(frames[draw.name], draw.quotas, key=key)
            for draw in announcement.draws
        ),
    )


def draw_document(name: str, draw: Draw) -> dict[str, Any]:
    """Give what a record says about one draw (section 9)."""
    return {"name": name, "strata": list(map(_stratum_dict, draw.strata.values()))}


def _stratum_dict(stratum: StratumDraw) -> dict[str, Any]:
    document: dict[str, Any] = {
        "name": stratum.name,
        "size": stratum.size,
        "quota": stratum.quota,
        "cut": stratum.cut,
        "selected": list(stratum.selected),
        "reserves": list(stratum.published_reserves),
    }
    if stratum.weighted:
        share = stratum.chance_per_weight
        document["certain"] = stratum.certain
        document["certain_from"] = stratum.certain_from
        document["chance_per_weight"] = None if share is None else str(share)
    return document


def _stratum_of(document: Mapping[str, Any]) -> StratumDraw:
    share = document.get("chance_per_weight")
    return StratumDraw(
        name=document["name"],
        size=document["size"],
        quota=document["quota"],
        selected=tuple(document["selected"]),
        cut=document["cut"],
        certain=document.get("certain"),
        certain_from=document.get("certain_from"),
        chance_per_weight=None if share is None else Fraction(share),
        reserves=tuple(document["reserves"]),
    )


def _may_be(
    stratum: StratumDraw, ticket: str, rank: str | None, *, drawn: bool, certain: bool
) -> bool:
    """Whether ticket, rank and cut allow that a subject was drawn, or was not."""
    if certain:
        return drawn
    if stratum.cut is None:
        return not drawn
    if rank is None:
        return drawn == (ticket <= stratum.cut)
    if float(rank) == float(stratum.cut):
        return True  # equal ranks are ordered by ticket, which no cut shows
    return drawn == (float(rank) < float(stratum.cut))


def frame_faults(
    announcement: Announcement, frames: Mapping[str, Frame]
) -> list[Fault]:
    """
    Everything in which *frames* are not those that were announced.

    Args:
        announcement: What was announced.
        frames: Name of the draw -> frame.

    Returns:
        Faults with their paths; empty when the draws can be made.
    """
    faults = []
    for draw in announcement.draws:
        place = f"frames[{draw.name!r}]"
        frame = frames.get(draw.name)
        if frame is None:
            rule = "be given, it was announced (got none)"
            digest = draw.frame_digest
            faults.append(_frame_fault("frame-missing", rule, place, digest, None))
            continue
        if draw.frame_digest != frame.digest:
            rule = (
                f"have the digest {draw.frame_digest!r}, as announced (got "
                f"{frame.digest!r}). Take the frame that was announced; if the "
                "register has changed since, announce a redraw that supersedes this "
                "one and says why"
            )
            faults.append(
                _frame_fault(
                    "frame-digest", rule, place, draw.frame_digest, frame.digest
                )
            )
        if draw.frame_size != len(frame):
            rule = f"have {draw.frame_size} rows, as announced (got {len(frame)})"
            faults.append(
                _frame_fault("frame-size", rule, place, draw.frame_size, len(frame))
            )
        if draw.sizes != frame.sizes:
            rule = f"have the strata {draw.sizes}, as announced (got {frame.sizes})"
            faults.append(
                _frame_fault("frame-strata", rule, place, draw.sizes, frame.sizes)
            )
    announced = {draw.name for draw in announcement.draws}
    for name, frame in frames.items():
        if name not in announced:
            rule = f"not be given, it was not announced (got {frame!r}). Leave it out"
            place = f"frames[{name!r}]"
            faults.append(
                _frame_fault("frame-unannounced", rule, place, None, repr(frame))
            )
    return faults


def _frame_fault(
    code: str, rule: str, path: str, expected: object, got: object
) -> Fault:
    return Fault.told(
        code,
        f"{path} must {rule}.",
        column=path,
        params={"path": path, "expected": expected, "got": got},
    )


def frame_map(frames: Mapping[str, Frame]) -> Mapping[str, Frame]:
    """
    Return *frames* if it is a mapping to frames.

    Raises:
        InvalidTypeError: It is not.
    """
    given: object = frames
    if not isinstance(given, Mapping) or not all(
        isinstance(frame, Frame) for frame in given.values()
    ):
        msg = (
            f"'frames' must map each name of a draw to a Frame (got {show(frames)}). "
            "Write {'餐饮': frame}."
        )
        raise InvalidTypeError(
            msg, code="frames-type", params={"type": type(frames).__name__}
        )
    return frames
