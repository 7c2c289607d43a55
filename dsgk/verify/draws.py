"""Recompute the record of a draw of subjects (核验抽取记录)."""

from collections.abc import Iterator, Mapping
from typing import Any, Self

import attrs

from dsgk.documents import (
    Unknown,
    a_digest,
    a_key,
    an_entropy,
    show,
    value_faults,
)
from dsgk.draws.announcements import Announcement, announcement_faults
from dsgk.draws.records import (
    RECORD_FORMAT,
    RECORD_SHAPE,
    DrawRecord,
    draw_document,
    frame_faults,
    frame_map,
)
from dsgk.draws.selection import draw_subjects, read_quotas
from dsgk.errors import Fault, InvalidValueError
from dsgk.frames import Frame


__all__ = ["Difference", "refuse_no_digest", "verify_record"]

_HINTS = {
    "digest": "It is not the digest of the announcement in the record.",
    "key": "It is not the key of this announcement and this entropy.",
    "name": "It is not what was announced.",
    "size": "It is not what was announced.",
    "quota": "It is not what was announced.",
    "cut": "It is not the ticket or rank of the last one drawn.",
    "selected": "Another subject was drawn at this place.",
    "reserves": "Another subject is the reserve at this place.",
    "certain": "Another number is drawn for certain.",
    "certain_from": "Another weight is the least that is certain.",
    "chance_per_weight": "The weights of the frame give another chance.",
}


@attrs.frozen(kw_only=True)
class Difference:
    """
    One thing in which a record is not what it must be.

    Attributes:
        code: Stable kebab-case key.
        path: Where, such as ``"draws[0].strata[1].selected[3]"`` in the record
            or ``"frames['餐饮']"`` in what it was verified against.
        expected: What must be there; None if nothing, or if a rule is broken that
            is no single value and stands in the message.
        got: What is there; None if nothing, or if *message* and *params* tell it.
        message: The same in a sentence.
        params: What the sentence was built from.
    """

    code: str
    path: str
    expected: Any = attrs.field(hash=False)  # may be a list or an object of JSON
    got: Any = attrs.field(hash=False)
    message: str
    params: Mapping[str, Any] = attrs.field(hash=False, repr=False)

    @classmethod
    def of(cls, fault: Fault) -> Self:
        """Tell a fault of a document as a difference."""
        return cls(
            code=fault.code,
            path=fault.column or "",
            expected=fault.params.get("expected"),
            got=fault.params.get("got"),
            message=fault.message,
            params=fault.params,
        )

    def __str__(self) -> str:
        """Return the sentence, which names the place."""
        return self.message


def verify_record(
    record: DrawRecord | Mapping[str, Any],
    frames: Mapping[str, Frame],
    *,
    digest: str | None = None,
) -> tuple[Difference, ...]:
    """
    Recompute a record from its announcement, its entropy and the frames.

    Args:
        record: A record, or the JSON document of one; whatever is wrong with
            a document is reported, not raised.
        frames: For each announced draw, by its name, the frame.
        digest: [64 hex characters, or None] The digest of the announcement as
            it was published *before* the entropy existed.  Without it a record
            is shown to be true to its announcement, and not that the
            announcement came first.

    Returns:
        Every difference: of the frames, then of the record in the order of
        its format; empty when all is right.

    Raises:
        InvalidTypeError: *frames* is not a mapping to frames.
        InvalidValueError: *digest* is no digest.

    Examples:
        >>> import datetime as dt
        >>> from dsgk.draws import announce, conduct
        >>> frame = Frame(["S1", "S2", "S3"], ["A", "A", "A"])
        >>> announcement = announce(
        ...     title="示例抽取", issuer="示例单位",
        ...     announced_on=dt.date(2026, 3, 25), entropy_source="开奖号码",
        ...     draws={"示例事项": (frame, {"A": 1})},
        ... )
        >>> document = conduct(
        ...     announcement, {"示例事项": frame}, entropy="02-07-11"
        ... ).to_dict()
        >>> verify_record(document, {"示例事项": frame})
        ()
        >>> document["draws"][0]["strata"][0]["selected"][0] = "S4"
        >>> [d.path for d in verify_record(document, {"示例事项": frame})]
        ['draws[0].strata[0].selected[0]']
    """
    frames = frame_map(frames)
    if digest is not None:
        refuse_no_digest(digest)
    document = record.to_dict() if isinstance(record, DrawRecord) else record
    return tuple(map(Difference.of, _faults(document, frames, digest)))


def refuse_no_digest(digest: object) -> None:
    """Refuse what would contradict every announcement, true ones too."""
    if a_digest(digest, "digest"):
        msg = (
            f"'digest' must be 64 lower-case hex characters (got {show(digest)}). "
            "Copy it as it was published, without spaces and in lower case."
        )
        raise InvalidValueError(msg, code="digest-form", params={"digest": digest})


def _faults(
    document: object, frames: Mapping[str, Frame], digest: str | None
) -> Iterator[Fault]:
    given = document if isinstance(document, Mapping) else {}
    expected: dict[str, Any] = {
        "format": RECORD_FORMAT,
        "announcement": Unknown(announcement_faults),
        "digest": Unknown(a_digest),
        "entropy": Unknown(an_entropy),
        "key": Unknown(a_key),
        "draws": Unknown(RECORD_SHAPE["draws"]),
    }
    announced: Any = given.get("announcement")
    entropy: Any = given.get("entropy")
    if not announcement_faults(announced):
        announcement = Announcement.from_dict(announced)
        expected["digest"] = announcement.digest
        if digest is not None and digest != announcement.digest:
            msg = (
                f"'announcement' must have the digest {show(digest)}, under which it "
                f"was published (got {announcement.digest!r}). It was changed "
                "afterwards, or another one was published."
            )
            params = {"expected": digest, "got": announcement.digest}
            yield Fault.told("not-announced", msg, column="announcement", params=params)
        yield from frame_faults(announcement, frames)
        if not an_entropy(entropy, "entropy"):
            expected["key"] = key = announcement.key(entropy)
            expected["draws"] = _draws(announcement, frames, key)
    yield from value_faults(document, expected, hints=_HINTS)


def _draws(
    announcement: Announcement, frames: Mapping[str, Frame], key: str
) -> list[Any]:
    """Draw again from each frame that allows it."""
    (shape,) = RECORD_SHAPE["draws"]
    expected: list[Any] = []
    for announced in announcement.draws:
        frame = frames.get(announced.name)
        if frame is None or read_quotas(frame.sizes, announced.quotas)[1]:
            expected.append(Unknown(shape))
            continue
        draw = draw_subjects(frame, announced.quotas, key=key)
        document = draw_document(announced.name, draw)
        for stratum in document["strata"]:
            stratum["size"] = announced.sizes[stratum["name"]]
        expected.append(document)
    return expected
