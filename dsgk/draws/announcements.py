"""
The announcement: what is fixed in public before chance exists (抽取公告).

Everything that the organiser controls stands in it and is hashed, so that
nobody can choose the outcome once the entropy is known
(``docs/reference/draw-format.md``, sections 3 and 4).
"""

import datetime as dt
import functools
import hashlib
from collections.abc import Mapping
from typing import Any, NamedTuple, Self

import attrs

from dsgk.documents import (
    a_count,
    a_day,
    a_digest,
    a_text,
    an_entropy,
    an_id,
    canonical_json,
    optional,
    shape_faults,
    show,
    the_text,
)
from dsgk.draws.selection import read_quotas
from dsgk.errors import Fault, InvalidInput, InvalidTypeError
from dsgk.frames import Frame
from dsgk.sources import article, cites


__all__ = [
    "FORMAT",
    "AnnouncedDraw",
    "AnnouncedStratum",
    "Announcement",
    "Supersession",
    "announce",
    "announcement_faults",
]

FORMAT = "dsgk-draw/1"

_SHAPE_BEFORE = {"digest": a_digest, "reason": a_text}
_SHAPE = {
    "format": the_text(FORMAT),
    "title": a_text,
    "issuer": a_text,
    "announced_on": a_day,
    "entropy_source": a_text,
    "supersedes": optional(_SHAPE_BEFORE),
    "draws": [
        {
            "name": a_text,
            "frame": {"digest": a_digest, "size": a_count},
            "strata": [{"name": an_id, "size": a_count, "quota": a_count}],
        }
    ],
}


class AnnouncedStratum(NamedTuple):
    """
    One stratum of an announced draw (层).

    Attributes:
        name: Its name.
        size: [int >= 1] Rows of the frame in it.
        quota: [0 <= int <= size] How many of them will be drawn.
    """

    name: str
    size: int
    quota: int


@attrs.frozen(kw_only=True)
class AnnouncedDraw:
    """
    One draw of an announcement.

    Attributes:
        name: What is drawn for, such as the inspection item; unique in the
            announcement.
        frame_digest: [64 hex characters] Digest of the frame.
        frame_size: [int >= 0] Rows of the frame.
        strata: The strata, by the UTF-8 bytes of their names.
    """

    name: str
    frame_digest: str
    frame_size: int
    strata: tuple[AnnouncedStratum, ...]

    @property
    def sizes(self) -> dict[str, int]:
        """Rows of each stratum."""
        return {stratum.name: stratum.size for stratum in self.strata}

    @property
    def quotas(self) -> dict[str, int]:
        """How many will be drawn from each stratum."""
        return {stratum.name: stratum.quota for stratum in self.strata}


class Supersession(NamedTuple):
    """
    What a redraw replaces, and why (重新抽取).

    Attributes:
        digest: [64 hex characters] Digest of the announcement it replaces.
        reason: Why, for the public.
    """

    digest: str
    reason: str


@attrs.frozen(kw_only=True)
class Announcement:
    """
    Everything about one or more draws but the chance (抽取公告).

    Made by `announce` or `from_dict`.  All its draws share one key, so that a
    subject has one ticket in all of them and overlapping lists draw the same
    subjects as far as possible; draws that must be independent get
    announcements of their own.

    Attributes:
        title, issuer: For the public.
        announced_on: Day of publication, which must come before the entropy.
        entropy_source: Which public, future fact completes the key, and how it
            is written down.
        draws: One or more, in the order in which they were announced.
        supersedes: What it replaces, if it announces a redraw.

    Raises:
        InvalidInput: Faulty texts, days, digests or numbers, all at once.
    """

    title: str
    issuer: str
    announced_on: dt.date
    entropy_source: str
    draws: tuple[AnnouncedDraw, ...]
    supersedes: Supersession | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse what could not be published."""
        faults = announcement_faults(self.to_dict())
        day: object = self.announced_on
        if not isinstance(day, dt.date) or isinstance(day, dt.datetime):
            msg = (
                f"'announced_on' must be a datetime.date (got {show(day)}). "
                "Write datetime.date(2026, 3, 25)."
            )
            told = Fault.told(
                "day-type", msg, column="announced_on", params={"value": day}
            )
            faults = [told, *(f for f in faults if f.column != "announced_on")]
        if faults:
            what = "announcement"
            raise InvalidInput.of(what, faults)

    @property
    def canonical(self) -> bytes:
        """The text that the digest is of: JSON in the form of RFC 8785."""
        return canonical_json(self.to_dict())

    @functools.cached_property
    def digest(self) -> str:
        """SHA-256 of `canonical`; publish it before the entropy exists (公告摘要)."""
        return hashlib.sha256(self.canonical).hexdigest()

    def key(self, entropy: str) -> str:
        """
        Return the key of the draws, once chance has spoken (抽取密钥).

        Args:
            entropy: The published fact as text, exactly as its source prints
                it.

        Returns:
            [32 lower-case hex characters] The first half of SHA-256 of digest,
            colon and entropy.

        Raises:
            InvalidInput: *entropy* is empty, padded, or holds characters that
                nobody sees.
        """
        faults = an_entropy(entropy, "entropy")
        if faults:
            what = "key"
            raise InvalidInput.of(what, faults)
        return hashlib.sha256(f"{self.digest}:{entropy}".encode()).hexdigest()[:32]

    def to_dict(self) -> dict[str, Any]:
        """Give the document of section 3 of the format, as plain JSON values."""
        day: Any = self.announced_on
        return {
            "format": FORMAT,
            "title": self.title,
            "issuer": self.issuer,
            "announced_on": day.isoformat() if isinstance(day, dt.date) else day,
            "entropy_source": self.entropy_source,
            "supersedes": self.supersedes and self.supersedes._asdict(),
            "draws": [
                {
                    "name": draw.name,
                    "frame": {"digest": draw.frame_digest, "size": draw.frame_size},
                    "strata": [stratum._asdict() for stratum in draw.strata],
                }
                for draw in self.draws
            ],
        }

    @classmethod
    def from_dict(cls, document: Mapping[str, Any], /) -> Self:
        """
        Read what `to_dict` gave.

        Raises:
            InvalidInput: Another format, unknown or missing keys, faulty or
                contradictory values: all at once, with their paths.
        """
        faults = announcement_faults(document)
        if faults:
            what = "announcement"
            raise InvalidInput.of(what, faults)
        before = document["supersedes"]
        return cls(
            title=document["title"],
            issuer=document["issuer"],
            announced_on=dt.date.fromisoformat(document["announced_on"]),
            entropy_source=document["entropy_source"],
            supersedes=before and Supersession(**before),
            draws=tuple(
                AnnouncedDraw(
                    name=draw["name"],
                    frame_digest=draw["frame"]["digest"],
                    frame_size=draw["frame"]["size"],
                    strata=tuple(AnnouncedStratum(**s) for s in draw["strata"]),
                )
                for draw in document["draws"]
            ),
        )


@cites(article(3))
def announce(
    *,
    title: str,
    issuer: str,
    announced_on: dt.date,
    entropy_source: str,
    draws: Mapping[str, tuple[Frame, Mapping[str, int]]],
    supersedes: Announcement | Mapping[str, str] | None = None,
    reason: str | None = None,
) -> Announcement:
    """
    Announce draws before the entropy exists (发布抽取公告).

    Args:
        title: Title of the announcement.
        issuer: Who draws.
        announced_on: Day of publication.
        entropy_source: Which public, future fact completes the key, and how it
            is written down, such as ``"2026-04-01 双色球开奖号码，红球升序，+蓝球"``.
        draws: For each draw its name, and its frame with the quotas of the
            strata.
        supersedes: For a redraw the announcement that it replaces, or its
            ``{"digest": …, "reason": …}``.
        reason: Why it is drawn again, if *supersedes* is an announcement.

    Returns:
        The announcement.  Publish its `canonical` text and its `digest`.

    Raises:
        InvalidInput: Everything that cannot be announced, all at once.

    Cites:
        District Opinion, Art. 3 (结果及时公开).

    Examples:
        >>> import datetime as dt
        >>> announcement = announce(
        ...     title="示例抽取", issuer="示例单位",
        ...     announced_on=dt.date(2026, 3, 25),
        ...     entropy_source="2026-04-01 某公开开奖号码",
        ...     draws={"示例事项": (Frame(["S1", "S2"], ["A", "A"]), {"A": 1})},
        ... )
        >>> announcement.draws[0].quotas
        {'A': 1}
        >>> announcement == Announcement.from_dict(announcement.to_dict())
        True
    """
    announced, faults = _announced(draws)
    before, more = _superseded(supersedes, reason, announced_on)
    try:
        announcement = Announcement(
            title=title,
            issuer=issuer,
            announced_on=announced_on,
            entropy_source=entropy_source,
            draws=announced,
            supersedes=before,
        )
    except InvalidInput as error:
        more += [f for f in error.faults if f.code != "draws-none" or not faults]
    if faults or more:
        what = "announcement"
        raise InvalidInput.of(what, [*more, *faults])
    return announcement


def _announced(
    draws: Mapping[str, tuple[Frame, Mapping[str, int]]],
) -> tuple[tuple[AnnouncedDraw, ...], list[Fault]]:
    """Return the draws that can be announced, and what is wrong with the others."""
    if not isinstance(draws, Mapping):
        msg = (
            "'draws' must map each name to a frame and its quotas (got "
            f"{show(draws)}). Write {{'餐饮': (frame, {{'A': 3}})}}."
        )
        raise InvalidTypeError(
            msg, code="draws-type", params={"type": type(draws).__name__}
        )
    announced = []
    faults = []
    for name, pair in draws.items():
        place = f"draws[{name!r}]"
        try:
            frame, quotas = _pair(pair, place)
            numbers, wrong = read_quotas(frame.sizes, quotas)
        except InvalidTypeError as error:
            faults.append(error.fault.at(column=place))
            continue
        faults += [attrs.evolve(fault, column=place) for fault in wrong]
        if not wrong:
            strata = tuple(
                AnnouncedStratum(stratum, size, numbers[stratum])
                for stratum, size in frame.sizes.items()
            )
            announced.append(
                AnnouncedDraw(
                    name=name,
                    frame_digest=frame.digest,
                    frame_size=len(frame),
                    strata=strata,
                )
            )
    return tuple(announced), faults


def _pair(pair: Any, place: str) -> tuple[Frame, Mapping[str, int]]:  # noqa: ANN401
    if isinstance(pair, (tuple, list)) and len(pair) == len(("frame", "quotas")):
        frame, quotas = pair
        if isinstance(frame, Frame):
            return frame, quotas
    msg = (
        f"{place} must be a pair of a Frame and its quotas (got {show(pair)}). "
        "Write (frame, {'A': 3})."
    )
    raise InvalidTypeError(msg, code="draws-pair", params={"place": place})


def _superseded(
    supersedes: Announcement | Mapping[str, str] | None,
    reason: str | None,
    announced_on: object,
) -> tuple[Supersession | None, list[Fault]]:
    """Return what a redraw replaces, and what is wrong with it."""
    if isinstance(supersedes, Announcement):
        faults = a_text(reason, "reason")
        day = supersedes.announced_on
        if isinstance(announced_on, dt.date) and announced_on.isoformat() < str(day):
            msg = (
                f"'announced_on' must not be before {day}, when the superseded "
                f"announcement was published (got {announced_on}). Give the day of "
                "the new one."
            )
            params = {"announced_on": announced_on, "before": day}
            faults.append(
                Fault.told("supersedes-day", msg, column="announced_on", params=params)
            )
        if faults:
            return None, faults
        return Supersession(supersedes.digest, str(reason)), []
    faults = []
    if reason is not None:
        msg = (
            f"'reason' must stand beside a superseded Announcement (got {show(reason)} "
            "without one). Give it as supersedes=…, or leave the reason out."
        )
        faults.append(
            Fault.told("reason-alone", msg, column="reason", params={"reason": reason})
        )
    if supersedes is None:
        return None, faults
    faults += shape_faults(supersedes, _SHAPE_BEFORE, "supersedes")
    return (None if faults else Supersession(**supersedes)), faults


def announcement_faults(document: object, path: str = "") -> list[Fault]:
    """
    Everything for which *document* is no announcement.

    Args:
        document: Anything, such as JSON that was read from a file.
        path: Where it stands in a larger document.

    Returns:
        Faults with their paths; empty when `Announcement.from_dict` reads it.
    """
    faults = shape_faults(document, _SHAPE, path)
    draws = document.get("draws") if isinstance(document, Mapping) else None
    if not isinstance(draws, list):
        return faults
    inside = f"{path}.draws" if path else "draws"
    told = [fault.column or "" for fault in faults]
    if not draws:
        msg = (
            "an announcement must have at least one draw (got none). "
            "Write draws={'餐饮': (frame, {'A': 3})}."
        )
        faults.append(Fault.told("draws-none", msg, column=inside))
    names: dict[str, int] = {}
    for at, draw in enumerate(draws):
        place = f"{inside}[{at}]"
        if any(column.startswith(place) for column in told):
            continue  # its parts cannot be compared
        first = names.setdefault(draw["name"], at)
        if first != at:
            msg = (
                f"names of draws must be distinct (got {draw['name']!r} for draws "
                f"{first} and {at}). Say what each is drawn for."
            )
            params = {"name": draw["name"], "first": first, "second": at}
            faults.append(
                Fault.told("draw-twice", msg, column=f"{place}.name", params=params)
            )
        faults += _strata_faults(draw, f"{place}.strata")
    return faults


def _strata_faults(draw: Mapping[str, Any], path: str) -> list[Fault]:
    """Everything in which the strata of one draw contradict each other."""
    faults = []
    strata = draw["strata"]
    names = [stratum["name"] for stratum in strata]
    if names != sorted(set(names)):
        msg = (
            "strata must be distinct and sorted by the UTF-8 bytes of their names "
            f"(got {names!r})."
        )
        faults.append(
            Fault.told("strata-order", msg, column=path, params={"names": names})
        )
    for at, stratum in enumerate(strata):
        size, quota = stratum["size"], stratum["quota"]
        if not 0 < size >= quota:
            msg = (
                "a stratum must have a row at least and a quota of no more than its "
                f"size (got size {size} and quota {quota})."
            )
            faults.append(
                Fault.told(
                    "stratum-numbers",
                    msg,
                    column=f"{path}[{at}]",
                    params={"size": size, "quota": quota},
                )
            )
    total = sum(stratum["size"] for stratum in strata)
    if total != draw["frame"]["size"]:
        msg = (
            f"strata must cover the frame of {draw['frame']['size']} rows "
            f"(got {total} rows in all)."
        )
        params = {"frame": draw["frame"]["size"], "strata": total}
        faults.append(Fault.told("strata-cover", msg, column=path, params=params))
    return faults
