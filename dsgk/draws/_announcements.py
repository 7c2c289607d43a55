"""
The announcement: what is fixed in public before chance exists (抽取公告).

Everything that the organiser controls stands in it and is hashed, so that
nobody can choose the outcome once the entropy is known
(``docs/reference/draw-format.md``, section 5).
"""

import datetime as dt
import functools
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import attrs

from dsgk.documents import Digest, Key, Printed, Secret, canonical_json, digest_of
from dsgk.draws._entropy import Entropy, Seal, key_of, secret_fault
from dsgk.draws._receipts import Neighbour, Receipt
from dsgk.draws._rolls import Roll, frame_of
from dsgk.draws._selection import read_quotas
from dsgk.errors import DsgkError, Fault, Faults, invalid, shown, shown_key
from dsgk.fields import (
    Id,
    Natural,
    Positive,
    Stored,
    check_mapping,
    check_type,
    declared,
    faults_of,
    kind_of,
    some,
    take,
    value,
)
from dsgk.frames import Frame
from dsgk.kernels.merkle import inner_of
from dsgk.sources import article, cites
from dsgk.tiers import FramePlan


_ID = kind_of(Id)
_ROLL_KEY = kind_of(Key)


@value()
@attrs.frozen(field_transformer=declared)
class AnnouncedStratum(Stored):
    """
    One stratum of an announced draw (层).

    Attributes:
        name: Its name.
        size: How many can be drawn.
        quota: How many of them will be drawn.
    """

    name: Id
    size: Positive
    quota: Natural


@value()
@attrs.frozen(field_transformer=declared)
class Excluded(Stored):
    """
    How many subjects are left out for one reason.

    Attributes:
        reason: Its code.
        size: How many.
    """

    reason: Id
    size: Positive


@value()
@attrs.frozen(field_transformer=declared)
class AnnouncedRoll(Stored):
    """
    What is announced of a roll.

    Attributes:
        root: Root of its tree.
        digest: Digest of its lines.
        size: How many stand on it.
    """

    root: Digest
    digest: Digest
    size: Natural


@value()
@attrs.frozen(kw_only=True, field_transformer=declared)
class AnnouncedDraw(Stored):
    """
    One draw of an announcement.

    Attributes:
        name: What is drawn for, such as the inspection item; unique in the
            announcement.
        roll: Everybody on the roll.
        excluded: Those left out, in the order of the bytes of the reasons.
        strata: Those who can be drawn, in the order of the bytes of the names.
    """

    name: Id
    roll: AnnouncedRoll
    excluded: tuple[Excluded, ...] = ()
    strata: tuple[AnnouncedStratum, ...]

    def __attrs_post_init__(self) -> None:
        """Reject numbers that contradict each other."""
        faults = Faults()
        for field, names in (
            ("excluded", [one.reason for one in self.excluded]),
            ("strata", [stratum.name for stratum in self.strata]),
        ):
            if names != sorted(set(names)):
                faults.add("names-order", column=field, got=names)
        for place, stratum in enumerate(self.strata):
            if stratum.quota > stratum.size:
                size, at = stratum.size, f"strata[{place}].quota"
                faults.add("quota-range", column=at, size=size, got=stratum.quota)
        got = self.roll.size
        total = sum(one.size for one in self.excluded) + sum(self.sizes.values())
        if total != got:
            faults.add("roll-cover", column="roll.size", got=got, total=total)
        faults.raise_any()

    @property
    def sizes(self) -> dict[str, int]:
        """[name -> size] How many can be drawn from each stratum."""
        return {stratum.name: stratum.size for stratum in self.strata}

    @property
    def quotas(self) -> dict[str, int]:
        """[name -> quota] How many will be drawn from each stratum."""
        return {stratum.name: stratum.quota for stratum in self.strata}


@value()
@attrs.frozen(kw_only=True, field_transformer=declared)
class Supersession(Stored):
    """
    What a redraw replaces, and why (重新抽取).

    Attributes:
        digest: Digest of the announcement that it replaces.
        reason: Why, for the public.
        entropy: Text of the fact of that announcement, needed from its day on:
            everybody can see which outcome was thrown away.
        secret: The secret of that announcement, if it was sealed; goes with
            the entropy.
    """

    digest: Digest
    reason: Printed
    entropy: Printed | None = None
    secret: Secret | None = None


@value("dsgk-draw/2")
@attrs.frozen(kw_only=True, field_transformer=declared)
class Announcement(Stored):
    """
    Everything about one or more draws except chance (抽取公告).

    Made by `announce` or `from_dict`.  All its draws share one key.  So a
    subject has the same ticket in all of them, and overlapping lists draw the
    same subjects as far as possible.  Draws that must be independent need
    separate announcements.

    Attributes:
        title: For the public.
        issuer: Who draws.
        number: Counts the announcements of the issuer from 1.
        previous: Digest of the announcement before; None for the first.
        announced_on: Day of publication.
        entropy: Which fact completes the key.
        seal: What the organiser commits to, if the draw is sealed.
        supersedes: What it replaces, if it announces a redraw.
        draws: One or more, in the order in which they were announced.
    """

    title: Printed
    issuer: Printed
    number: Positive
    previous: Digest | None
    announced_on: dt.date
    entropy: Entropy
    seal: Seal | None = None
    supersedes: Supersession | None = None
    draws: Annotated[tuple[AnnouncedDraw, ...], some(tuple[AnnouncedDraw, ...])]

    def __attrs_post_init__(self) -> None:
        """Reject days, numbers and names that contradict each other."""
        faults = Faults()
        number, fact, previous = self.number, self.entropy.on, self.previous
        if (number == 1) is not (previous is None):
            faults.add("chain-first", column="previous", number=number, got=previous)
        if fact <= self.announced_on:
            day = self.announced_on
            faults.add("entropy-day", column="entropy.on", announced_on=day, got=fact)
        if self.seal is not None and self.seal.open_by < fact:
            open_by = self.seal.open_by
            faults.add("seal-day", column="seal.open_by", on=fact, got=open_by)
        first: dict[str, int] = {}
        for place, draw in enumerate(self.draws):
            at, name = f"draws[{place}].name", draw.name
            if first.setdefault(name, place) != place:
                faults.add("draw-twice", column=at, got=name, first=first[name])
        faults.raise_any()

    @property
    def canonical(self) -> bytes:
        """The text that is hashed: JSON in the form of RFC 8785."""
        return canonical_json(self.to_dict())

    @functools.cached_property
    def digest(self) -> str:
        """SHA-256 of `canonical`; publish it before the fact exists (公告摘要)."""
        return digest_of(self.to_dict())

    def draw(self, name: object, /) -> AnnouncedDraw:
        """
        Find a draw by its name.

        Raises:
            InvalidValueError: There is none; the message lists the names.
        """
        for draw in self.draws:
            if isinstance(name, str) and draw.name == name:
                return draw
        known = ", ".join(draw.name for draw in self.draws)
        raise invalid("not-in-list", name="name", got=name, known=known)

    def key(self, entropy: object, secret: str | None = None) -> str:
        """
        Return the key of the draws, once the fact exists (抽取密钥).

        Args:
            entropy: The values of the fact, or its text.
            secret: [64 hex digits] The sealed secret, for a sealed draw.

        Returns:
            [32 lower-case hex digits] See section 6 of the format.

        Raises:
            InvalidInput: The fact does not have the announced form, or the
                secret is not the one that was sealed.
        """
        faults = Faults()
        text = ""
        with faults.catch():
            text = self.entropy.read(entropy)
        fault = secret_fault(self.seal, secret, name="secret")
        faults += [] if fault is None else [fault]
        faults.raise_any()
        return key_of(self.digest, text, secret)

    def receipt(self, name: str, id: str, *, roll: Roll) -> Receipt:  # noqa: A002
        """
        Prove what the roll says about one subject, before the draw (回执).

        Args:
            name: Name of the draw.
            id: The subject, on the roll or not.
            roll: The roll that was announced.

        Raises:
            InvalidValueError: There is no such draw, or *roll* is another one.
        """
        return proof_of(self, name, id, roll)


def proof_of(announcement: Announcement, name: str, id: str, roll: Roll) -> Receipt:  # noqa: A002
    """Prove what the announced roll says about a subject; see `Announcement`."""
    announced = announcement.draw(name)
    check_type(roll, Roll, name="roll", instead="Roll.of(plan, name=…, key=…)")
    faults = Faults(roll_faults(announced, roll, root=True))
    faults.raise_any("roll")
    subject_id = take(id, _ID, name="id")
    about: dict[str, Any] = {"digest": announcement.digest, "draw": announced.name}
    about["id"] = subject_id
    index = roll.place_of(subject_id)
    if subject_id in roll:
        _, about["state"], about["salt"] = roll.leaf_at(index)
        return Receipt(**about, index=index, path=roll.path_at(index))
    last = len(roll) - 1
    return Receipt(
        **about,
        left=_neighbour(roll, index - 1) if index > 0 else None,
        right=_neighbour(roll, index) if index <= last else None,
    )


def _neighbour(roll: Roll, index: int) -> Neighbour:
    text, state, salt = roll.leaf_at(index)
    inner = inner_of(salt, state)
    return Neighbour(id=text, inner=inner, index=index, path=roll.path_at(index))


@cites(article(3))
def announce(
    *,
    title: str,
    issuer: str,
    announced_on: dt.date,
    entropy: Entropy,
    draws: Mapping[str, FramePlan | tuple[Frame, Mapping[str, int]]],
    roll_key: str,
    seal: Seal | None = None,
    previous: Announcement | None = None,
    supersedes: Supersession | Mapping[str, Any] | None = None,
) -> Announcement:
    """
    Announce draws before the fact that decides them exists (发布抽取公告).

    Args:
        title: Title of the announcement.
        issuer: Who draws.
        announced_on: Day of publication.
        entropy: The public fact, still to come, that completes the key.
        draws: [name -> plan] Who can be drawn and how many: a frame plan,
            which also says who is left out, or a frame with quotas.
        roll_key: [32 hex digits] Salts the rolls. The host makes it at random
            for this announcement alone, and keeps it with the register.
        seal: What the organiser commits to, for a sealed draw.
        previous: The issuer's previous announcement, conducted or not.
        supersedes: What a redraw replaces. If that is *previous*, its fact
            and secret must be shown once they are known.

    Returns:
        The announcement.  Publish its `canonical` text and its `digest`.

    Raises:
        InvalidInput: Something cannot be announced; all faults at once.

    Examples:
        >>> from dsgk.draws import Digits
        >>> announcement = announce(
        ...     title="示例抽取", issuer="示例单位", announced_on=dt.date(2026, 3, 25),
        ...     entropy=Entropy("某公开号码", dt.date(2026, 4, 1), [Digits("号码", 8)]),
        ...     draws={"示例事项": (Frame(["S1", "S2"], ["A", "A"]), {"A": 1})},
        ...     roll_key="00112233445566778899aabbccddeeff",
        ... )
        >>> announcement.draws[0].quotas, announcement.number
        ({'A': 1}, 1)
        >>> announcement == Announcement.from_dict(announcement.to_dict())
        True
    """
    check_mapping(draws, name="draws", instead="{'餐饮': policy.frame(register, on=…)}")
    if previous is not None:
        check_type(previous, Announcement, name="previous")
    faults = Faults()
    key = "0" * 32
    with faults.catch():
        key = take(roll_key, _ROLL_KEY, name="roll_key")
    announced = []
    for name, given in draws.items():
        with faults.catch(f"draws[{shown(name)}]"):
            announced.append(_announced(name, given, key))
    if isinstance(supersedes, Mapping):
        named = {shown_key(key): given for key, given in supersedes.items()}
        supersedes = None
        with faults.catch("supersedes"):
            supersedes = Supersession(**named)
    fields = {
        "title": title,
        "issuer": issuer,
        "number": 1 if previous is None else previous.number + 1,
        "previous": None if previous is None else previous.digest,
        "announced_on": announced_on,
        "entropy": entropy,
        "seal": seal,
        "supersedes": supersedes,
        "draws": announced,
    }
    try:
        made = Announcement(**fields)  # type: ignore[arg-type]
    except DsgkError as error:
        told = faults_of(error)
        faults += [f for f in told if f.code != "list-empty"] if faults else told
    else:
        if previous is not None:
            faults += _since(previous, made)
    faults.raise_any("announcement")
    return made


def _announced(
    name: str, given: FramePlan | tuple[Frame, Mapping[str, int]], key: str
) -> AnnouncedDraw:
    """Check one draw and make its part of the announcement."""
    plan: Any = given
    quotas: Any = {}
    if isinstance(given, FramePlan):
        quotas = given.quotas
    elif isinstance(plan, tuple | list) and len(plan) == len(("frame", "quotas")):
        plan, quotas = plan
    frame = frame_of(plan, name="")
    numbers, faults = read_quotas(frame.sizes, quotas)
    faults.raise_any()
    roll = Roll.of(plan, name=name, key=key)
    return AnnouncedDraw(
        name=name,
        roll=AnnouncedRoll(roll.root, roll.digest, len(roll)),
        excluded=tuple(Excluded(*one) for one in roll.excluded.items()),
        strata=tuple(
            AnnouncedStratum(stratum, size, numbers[stratum])
            for stratum, size in frame.sizes.items()
        ),
    )


def _since(previous: Announcement, made: Announcement) -> Iterator[Fault]:
    """Every way in which an announcement does not follow the previous one."""
    issuer, before = previous.issuer, previous.announced_on
    if made.issuer != issuer:
        got = made.issuer
        yield Fault.of("chain-issuer", column="issuer", expected=issuer, got=got)
    if made.announced_on < before:
        day = made.announced_on
        yield Fault.of("chain-day", column="announced_on", before=before, got=day)
    if made.supersedes is not None and made.supersedes.digest == previous.digest:
        yield from supersession_faults(previous, made)


def supersession_faults(
    superseded: Announcement, made: Announcement
) -> Iterator[Fault]:
    """
    Everything about the superseded announcement that a redraw hides.

    Args:
        superseded: What it replaces.
        made: The announcement of the redraw.
    """
    shown = made.supersedes
    if shown is None:  # for type checkers
        return
    days: dict[str, Any] = {
        "on": superseded.entropy.on,
        "announced_on": made.announced_on,
    }
    if made.announced_on < superseded.entropy.on:
        for field in ("entropy", "secret"):
            if getattr(shown, field) is not None:
                yield Fault.of("supersedes-early", column=f"supersedes.{field}", **days)
        return
    if shown.entropy is None:
        yield Fault.of("supersedes-hidden", column="supersedes.entropy", **days)
    else:
        faults = Faults()
        with faults.catch():
            superseded.entropy.read(shown.entropy)
        yield from (fault.at(column="supersedes.entropy") for fault in faults)
    fault = secret_fault(superseded.seal, shown.secret, name="supersedes.secret")
    if fault is not None:
        yield fault


def roll_faults(announced: AnnouncedDraw, roll: Roll, /, *, root: bool) -> list[Fault]:
    """
    Every difference between a roll and the announced one.

    Args:
        announced: What was announced.
        roll: The roll.
        root: Whether to compute the root, which takes as long as announcing.
    """
    place = f"frames[{announced.name!r}]"
    top = roll.root if root else announced.roll.root  # which makes the digest too
    made: dict[str, Any] = {
        "roll-digest": (announced.roll.digest, roll.digest),
        "roll-size": (announced.roll.size, len(roll)),
        "roll-strata": (announced.sizes, roll.frame.sizes),
        "roll-excluded": (
            {one.reason: one.size for one in announced.excluded},
            roll.excluded,
        ),
        "roll-root": (announced.roll.root, top),
    }
    return [
        Fault.of(code, column=place, expected=expected, got=got)
        for code, (expected, got) in made.items()
        if expected != got
    ]
