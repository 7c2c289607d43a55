"""Plans, item lists, announcements and draw records as publications."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, Self

import attrs

from dsgk.documents import (
    a_day,
    a_digest,
    a_text,
    canonical_json,
    shape_faults,
    the_text,
)
from dsgk.draws import DrawRecord
from dsgk.errors import Fault, InvalidInput, InvalidTypeError, shown
from dsgk.fields import check_day, several
from dsgk.identifiers import check_label
from dsgk.publication.values import Channel, PublicationKind, read_channels
from dsgk.sources import Provision, article, cites


__all__ = ["Publication", "check_publications"]

PUBLICATION_FORMAT = "dsgk-publication/1"
"""Name of the form of a publication."""

_MAX_INT = 2**53  # from there on not every reader of JSON keeps them exactly

_SHAPE = {
    "format": the_text(PUBLICATION_FORMAT),
    "kind": a_text,
    "title": a_text,
    "digest": a_digest,
    "published_on": a_day,
    "channels": [a_text],
}


def _kind(value: object) -> PublicationKind:
    return PublicationKind.read(value, name="kind")


def _published(value: dt.date) -> dt.date:
    return check_day(value, name="published_on")


@cites(article(3), article(12), article(26))
@attrs.frozen(kw_only=True)
class Publication:
    """
    One document that was made public (公示).

    Attributes:
        kind: Plan, item list, announcement, draw record or results.
        title: For the public.
        digest: [64 hex characters] SHA-256 of the document in the canonical
            form of RFC 8785; of an announcement its own digest.
        published_on: The day.
        channels: Where.

    Raises:
        InvalidTypeError, InvalidValueError: A value is none of its field.
        InvalidInput: *digest* is none.

    Cites:
        District Opinion, Art. 3, 12 (年度抽查计划向社会公开) and 26.

    Examples:
        >>> plan = {"title": "2026年度抽查计划", "entries": []}
        >>> publication = Publication.of(
        ...     "年度抽查计划", plan, title="2026年度抽查计划",
        ...     published_on=dt.date(2026, 3, 25), channels=["政府网站"],
        ... )
        >>> publication.digest[:8], publication.shows(plan)
        ('a7b58dc4', True)
    """

    kind: PublicationKind = attrs.field(converter=_kind)
    title: str
    digest: str
    published_on: dt.date = attrs.field(converter=_published)
    channels: tuple[Channel, ...] = attrs.field(converter=read_channels)

    def __attrs_post_init__(self) -> None:
        """Refuse a publication without a title or a digest."""
        check_label(self.title, name="title")
        faults = a_digest(self.digest, "digest")
        if faults:
            what = "publication"
            raise InvalidInput.of(what, faults)

    @classmethod
    def of(
        cls,
        kind: PublicationKind | str,
        document: Mapping[str, Any],
        /,
        *,
        title: str,
        published_on: dt.date,
        channels: Iterable[Channel | str],
    ) -> Self:
        """
        Make a publication of a document.

        Args:
            kind: What it is.
            document: Plain JSON values, as ``to_dict()`` gives them.
            title: For the public.
            published_on: The day.
            channels: Where.

        Raises:
            InvalidTypeError, InvalidValueError: A value is none of its field,
                or the document has no canonical form.
        """
        return cls(
            kind=kind,
            title=title,
            digest=_digest(document),
            published_on=published_on,
            channels=channels,
        )

    def shows(self, document: Mapping[str, Any], /) -> bool:
        """Whether this is the document that was made public."""
        return self.digest == _digest(document)

    def to_dict(self) -> dict[str, Any]:
        """Give plain JSON values."""
        return {
            "format": PUBLICATION_FORMAT,
            "kind": self.kind.code,
            "title": self.title,
            "digest": self.digest,
            "published_on": self.published_on.isoformat(),
            "channels": [channel.code for channel in self.channels],
        }

    @classmethod
    def from_dict(cls, document: Mapping[str, Any], /) -> Self:
        """
        Read what `to_dict` gave.

        Raises:
            InvalidInput: Another format, unknown or missing keys, or faulty
                values: all at once.
            InvalidValueError: A kind or a channel is of no closed list.
        """
        faults = shape_faults(document, _SHAPE)
        if faults:
            what = "publication"
            raise InvalidInput.of(what, faults)
        return cls(
            kind=document["kind"],
            title=document["title"],
            digest=document["digest"],
            published_on=dt.date.fromisoformat(document["published_on"]),
            channels=document["channels"],
        )


def _digest(document: Mapping[str, Any]) -> str:
    _check_plain(document, "")
    return hashlib.sha256(canonical_json(document)).hexdigest()


def _check_plain(value: object, path: str) -> None:
    """Refuse what has no canonical form, above all floats."""
    if isinstance(value, Mapping) and all(
        isinstance(key, str) and key.isascii() for key in value
    ):
        for key, inner in value.items():
            _check_plain(inner, f"{path}.{key}" if path else key)
    elif path and isinstance(value, list):
        for at, inner in enumerate(value):
            _check_plain(inner, f"{path}[{at}]")
    elif not path or not (
        value is None
        or isinstance(value, str)
        or (isinstance(value, int) and abs(value) < _MAX_INT)
    ):
        msg = (
            f"{path or 'document'!r} must be a plain JSON value with ASCII keys and "
            f"without floats (got {shown(value)}). Give what to_dict() returns, and "
            "ratios as text."
        )
        raise InvalidTypeError(msg, code="document-value", params={"path": path})


@cites(article(3), article(10), article(12))
def check_publications(
    publications: Iterable[Publication], /, *, records: Iterable[DrawRecord] = ()
) -> tuple[Fault, ...]:
    """
    Say what ought to be public beside the results and is not.

    Args:
        publications: What was made public.
        records: The draws that were made.

    Returns:
        Faults: no plan or no item list is public; a draw record is not, or
        its announcement is not, or not by the day that it names. Empty when
        all is well.

    Raises:
        InvalidTypeError, InvalidInput: An argument holds something else.

    Cites:
        District Opinion, Art. 3 (向社会公开), 10 and 12 (年度抽查计划向社会公开).
    """
    listed = several(publications, Publication, name="publications")
    faults = [
        _fault(
            "not-public",
            f"{kind.label!r} must be public (got no publication of it). Publish it.",
            provision,
            {"kind": kind.code},
        )
        for kind, provision in (
            (PublicationKind.PLAN, article(12)),
            (PublicationKind.ITEM_LIST, article(10)),
        )
        if all(publication.kind is not kind for publication in listed)
    ]
    first: dict[str, dt.date] = {}
    for publication in listed:
        known = first.get(publication.digest, publication.published_on)
        first[publication.digest] = min(known, publication.published_on)
    for record in several(records, DrawRecord, name="records"):
        announcement = record.announcement
        title, day = announcement.title, first.get(announcement.digest)
        if day is None or day > announcement.announced_on:
            code = "announcement-not-public" if day is None else "announcement-late"
            told = "no publication of it" if day is None else f"it on {day}"
            msg = (
                f"the announcement {title!r} must be public by "
                f"{announcement.announced_on}, the day it names, before its entropy "
                f"exists (got {told}). Announce a redraw that supersedes it."
            )
            params = {"title": title, "digest": announcement.digest}
            faults.append(_fault(code, msg, article(3), params))
        if _digest(record.to_dict()) not in first:
            msg = (
                f"the draw record of {title!r} must be public (got no publication of "
                "it). Publish record.to_dict() as JSON."
            )
            faults.append(
                _fault("record-not-public", msg, article(3), {"title": title})
            )
    return tuple(faults)


def _fault(code: str, msg: str, provision: Provision, params: dict[str, Any]) -> Fault:
    return Fault.told(code, msg, params=params, provision=str(provision))
