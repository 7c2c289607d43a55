"""
The record: a draw that was made, and everything needed to repeat it (抽取记录).

Until the visits are over, a sealed draw publishes a closed document instead.
For both see ``docs/reference/draw-format.md``, section 9.
"""

import bisect
import functools
import shlex
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, ClassVar, Self

import attrs

from dsgk.documents import (
    Digest,
    Printed,
    a_count,
    a_digest,
    a_float,
    a_key,
    a_share,
    a_text,
    an_id,
    anything,
    optional,
    shape_faults,
    the_text,
    value_faults,
)
from dsgk.draws._announcements import Announcement, proof_of, roll_faults
from dsgk.draws._receipts import Receipt, Slip
from dsgk.draws._rolls import Roll
from dsgk.draws._selection import Draw, StratumDraw, draw_subjects
from dsgk.errors import DsgkError, Fault, Faults, invalid, shown
from dsgk.fields import (
    Natural,
    Stored,
    check_mapping,
    check_type,
    declared,
    faults_of,
    value,
)
from dsgk.frames import Frame
from dsgk.identifiers import check_id
from dsgk.kernels.merkle import BLOCK, join, path_of, salt_of, salted_leaves
from dsgk.kernels.tickets import ticket_of
from dsgk.sources import article, cites
from dsgk.tiers import FramePlan


RECORD_FORMAT = "dsgk-draw-record/2"

_STRATUM = {
    "name": an_id,
    "size": a_count,
    "quota": a_count,
    "cut": optional(a_digest),
    "selected": [an_id],
    "reserves": [an_id],
}
_WEIGHTED = {
    **_STRATUM,
    "cut": optional(a_float),
    "certain": a_count,
    "certain_from": optional(a_count),
    "chance_per_weight": optional(a_share),
}


def _a_stratum(given: object, path: str) -> list[Fault]:
    """Check a stratum with or without weights, whichever it looks like."""
    keys = _WEIGHTED.keys() - _STRATUM.keys()
    is_weighted = isinstance(given, Mapping) and not keys.isdisjoint(given)
    return shape_faults(given, _WEIGHTED if is_weighted else _STRATUM, path)


RECORD_SHAPE: Mapping[str, Any] = {
    "format": the_text(RECORD_FORMAT),
    "announcement": anything,  # which reads itself
    "digest": a_digest,
    "entropy": a_text,  # and of the announced form
    "secret": optional(a_digest),
    "key": a_key,
    "outcome": optional({"root": a_digest, "size": a_count}),
    "draws": [{"name": an_id, "strata": [_a_stratum]}],
}
"""What a record looks like, for `dsgk.documents.shape_faults`."""


@value()
@attrs.frozen(field_transformer=declared)
class Outcome(Stored):
    """
    What is published about the outcome of a sealed draw.

    Attributes:
        root: Root of the tree of all subjects drawn and all reserves.
        size: How many there are.
    """

    root: Digest
    size: Natural


@value("dsgk-closed/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class ClosedDraw(Stored):
    """
    What is published as soon as a sealed draw is made (封存公告).

    Made by `DrawRecord.closed`.  It tells nobody who was drawn, and the
    organiser cannot change who was.

    Attributes:
        digest: Digest of the announcement.
        entropy: Text of the fact.
        outcome: Commits the organiser to the outcome.
    """

    digest: Digest
    entropy: Printed
    outcome: Outcome


_Places = dict[tuple[str, str], tuple[bytes, str, str]]  # leaf, state, salt


def _places(draws: Mapping[str, Draw], secret: str) -> _Places:
    """The leaves of the outcome, by draw and subject."""
    found: _Places = {}
    for name, draw in draws.items():
        states = {}
        for stratum in draw.strata.values():
            for place, text in enumerate(stratum.selected, 1):
                states[text] = f"{name}\tdrawn\t{place}"
            for place, text in enumerate(stratum.published_reserves, stratum.quota + 1):
                states[text] = f"{name}\treserve\t{place}"
        prefix = f"{secret}\t{name}\t"
        ids = [text.encode() for text in states]
        leaves = salted_leaves(ids, [*states.values()], prefix)
        for (text, state), leaf in zip(states.items(), leaves, strict=True):
            found[name, text] = leaf, state, prefix
    return found


def outcome_of(draws: Mapping[str, Draw], secret: str) -> Outcome:
    """Commit to the outcome of a sealed draw by the root of its tree."""
    leaves = sorted(leaf for leaf, _, _ in _places(draws, secret).values())
    return Outcome(join(leaves).hex(), len(leaves))


@attrs.frozen(kw_only=True)
class DrawRecord:
    """
    A draw that was made, and all that is needed to repeat it (抽取记录).

    Made by `conduct` or `from_dict`.  `from_dict` reads anything that is well
    formed; whether it is *true* is checked by `dsgk.verify_record`, which needs
    the frames.  The record of a sealed draw is published when the visits are
    over, by the day that the seal names; until then, its `closed` document.

    Attributes:
        announcement: What was announced.
        entropy: Text of the fact.
        secret: The sealed secret, if the draw is sealed.
    """

    FORMAT: ClassVar[str] = RECORD_FORMAT

    announcement: Announcement
    entropy: str
    secret: str | None = attrs.field(default=None, repr=False)
    _draws: tuple[Draw, ...] = attrs.field(repr=False)

    @functools.cached_property
    def key(self) -> str:
        """The key of all draws of the record."""
        return self.announcement.key(self.entropy, self.secret)

    @functools.cached_property
    def draws(self) -> dict[str, Draw]:
        """What was drawn, by the names that were announced."""
        names = [draw.name for draw in self.announcement.draws]
        return dict(zip(names, self._draws, strict=True))

    @functools.cached_property
    def _outcome(self) -> tuple[_Places, list[bytes], list[bytes]]:
        """Places, leaves and roots of blocks; kept so that a slip hashes one block."""
        places = {} if self.secret is None else _places(self.draws, self.secret)
        leaves = sorted(leaf for leaf, _, _ in places.values())
        starts = range(0, len(leaves), BLOCK)
        return places, leaves, [join(leaves[at : at + BLOCK]) for at in starts]

    @property
    def outcome(self) -> Outcome | None:
        """Commitment to the outcome of a sealed draw; None without a seal."""
        if self.secret is None:
            return None
        _, leaves, blocks = self._outcome
        return Outcome(join(blocks).hex(), len(leaves))

    def closed(self) -> ClosedDraw:
        """
        Give what a sealed draw publishes at once (封存公告).

        Raises:
            InvalidValueError: The draw is not sealed.
        """
        outcome = self.outcome
        if outcome is None:
            raise invalid("seal-none", name="record")
        digest = self.announcement.digest
        return ClosedDraw(digest=digest, entropy=self.entropy, outcome=outcome)

    def slip(self, name: str, id: str) -> Slip:  # noqa: A002
        """
        Show that one subject was drawn, or is a reserve (亮码凭条).

        Args:
            name: Name of the draw.
            id: The subject.

        Raises:
            InvalidValueError: The draw is not sealed, there is no such draw, or
                the subject is neither drawn nor a reserve.
        """
        closed = self.closed()
        self.announcement.draw(name)
        check_type(id, str, name="id")
        places, leaves, blocks = self._outcome
        if (name, id) not in places:
            raise invalid("slip-nobody", name="id", got=id, draw=name)
        leaf, state, prefix = places[name, id]
        index = bisect.bisect_left(leaves, leaf)
        block, inside = divmod(index, BLOCK)
        near = leaves[index - inside : index - inside + BLOCK]
        path = path_of(near, inside) + path_of(blocks, block)
        return Slip(
            digest=closed.digest,
            draw=name,
            id=id,
            state=state,
            salt=salt_of(prefix, id),
            index=index,
            size=len(leaves),
            path=tuple(node.hex() for node in path),
        )

    def receipt(self, name: str, id: str, *, roll: Roll) -> Receipt:  # noqa: A002
        """
        Prove whether one subject was drawn, or could not be (抽取回执).

        Args:
            name: Name of the draw.
            id: The subject, on the roll or not.
            roll: The roll that was announced.

        Raises:
            InvalidValueError: There is no such draw, or *roll* is another one.

        Examples:
            >>> import datetime as dt
            >>> from dsgk.draws import Digits, Entropy, announce
            >>> frame = Frame(["S1", "S2", "S3"], ["A", "A", "A"])
            >>> key = "00112233445566778899aabbccddeeff"
            >>> announcement = announce(
            ...     title="示例抽取", issuer="示例单位",
            ...     announced_on=dt.date(2026, 3, 25), roll_key=key,
            ...     entropy=Entropy(
            ...         "某公开号码", dt.date(2026, 4, 1), [Digits("号码", 8)]
            ...     ),
            ...     draws={"示例事项": (frame, {"A": 1})},
            ... )
            >>> record = conduct(
            ...     announcement, {"示例事项": frame}, roll_key=key,
            ...     entropy=["02071118"],
            ... )
            >>> roll = Roll.of(frame, name="示例事项", key=key)
            >>> receipt = record.receipt("示例事项", "S1", roll=roll)
            >>> receipt.drawn, receipt.ticket <= receipt.cut
            (False, False)
            >>> record.receipt("示例事项", "S4", roll=roll).status.label
            '不在名册'
        """
        receipt = proof_of(self.announcement, name, id, roll)
        if receipt.stratum is None:
            return receipt
        stratum = self.draws[name].strata[receipt.stratum]
        ticket = ticket_of(receipt.id, self.key)
        drawn = receipt.id in stratum.selected
        return attrs.evolve(receipt, ticket=ticket, cut=stratum.cut, drawn=drawn)

    def is_of(self, name: str, plan: FramePlan, /) -> bool:
        """
        Whether a draw fits a frame plan: sizes, quotas, and who was drawn.

        `dsgk.verify_record` checks that it was made from it, bit for bit.

        Args:
            name: Name of the draw.
            plan: The plan.
        """
        check_type(name, str, name="name")
        check_type(plan, FramePlan, name="plan", instead="policy.frame(register, on=…)")
        draw = self.draws.get(name)
        if draw is None:
            return False
        announced = self.announcement.draw(name)
        excluded = {reason.code: n for reason, n in plan.exclusions.counts.items()}
        listed = {
            text: stratum.name
            for stratum in draw.strata.values()
            for text in (*stratum.selected, *stratum.published_reserves)
        }
        frame = plan.frame
        rows = zip(frame.ids, frame.codes.tolist(), strict=True)
        there = {text: frame.names[code] for text, code in rows if text in listed}
        return (
            (announced.sizes, announced.quotas) == (frame.sizes, plan.quotas)
            and {one.reason: one.size for one in announced.excluded} == excluded
            and there == listed
        )

    def command(self, id: str) -> str:  # noqa: A002
        """
        Give the shell line that prints the ticket of a subject, safe for any id.

        Without weights, the subject was drawn if and only if its ticket is
        not above the cut of its stratum.
        """
        quoted = shlex.quote(check_id(id))
        return f"printf '%s:%s' {shlex.quote(self.key)} {quoted} | sha256sum"

    def to_dict(self) -> dict[str, Any]:
        """Give the document of section 9 of the format, as plain JSON values."""
        outcome = self.outcome
        return {
            "format": RECORD_FORMAT,
            "announcement": self.announcement.to_dict(),
            "digest": self.announcement.digest,
            "entropy": self.entropy,
            "secret": self.secret,
            "key": self.key,
            "outcome": None if outcome is None else _plain(outcome),
            "draws": [draw_document(name, draw) for name, draw in self.draws.items()],
        }

    @classmethod
    def from_dict(cls, document: Mapping[str, Any], /) -> Self:
        """
        Read what `to_dict` gave.

        Raises:
            InvalidInput: The format is another one, keys are unknown or
                missing, values are faulty, or digest, key, names, sizes,
                quotas or outcome do not follow from the rest.
        """
        check_mapping(document, name="document", instead="DrawRecord.to_dict()")
        what = "draw record"
        faults = Faults(shape_faults(document, RECORD_SHAPE))
        given = document.get("announcement")
        announcement = None
        with faults.catch("announcement"):
            check_mapping(given, name="announcement", instead="{…}")
            announcement = Announcement.from_dict(given)  # type: ignore[arg-type]
        key = ""
        if announcement is not None:
            with faults.catch():
                key = announcement.key(document.get("entropy"), document.get("secret"))
        faults.raise_any(what)
        record = cls(
            announcement=announcement,
            entropy=announcement.entropy.read(document["entropy"]),
            secret=document["secret"],
            draws=tuple(
                Draw(key=key, strata=tuple(map(_stratum_of, draw["strata"])))
                for draw in document["draws"]
            ),
        )
        Faults(_contradictions(record, document)).raise_any(what)
        return record


def _contradictions(record: DrawRecord, document: Mapping[str, Any]) -> Iterator[Fault]:
    """Every value of a document that does not follow from its announcement."""
    announcement = record.announcement
    stated = [
        {
            "name": draw["name"],
            "strata": [
                {field: stratum[field] for field in ("name", "size", "quota")}
                for stratum in draw["strata"]
            ],
        }
        for draw in document["draws"]
    ]
    derived = [
        {"name": draw.name, "strata": [_plain(stratum) for stratum in draw.strata]}
        for draw in announcement.draws
    ]
    yield from value_faults(
        document["announcement"], announcement.to_dict(), "announcement"
    )
    yield from value_faults(document["digest"], announcement.digest, "digest")
    yield from value_faults(document["key"], record.key, "key")
    faults = list(value_faults(stated, derived, "draws"))
    yield from faults
    if not faults:
        outcome = None if record.outcome is None else _plain(record.outcome)
        yield from value_faults(document["outcome"], outcome, "outcome")


def _plain(held: Stored) -> dict[str, Any]:
    return {key: entry for key, entry in held.to_dict().items() if key != "format"}


@cites(article(3))
def conduct(
    announcement: Announcement,
    frames: Mapping[str, FramePlan | Frame],
    *,
    roll_key: str,
    entropy: object,
    secret: str | None = None,
) -> DrawRecord:
    """
    Make the draws that were announced, once the fact exists (实施抽取).

    Args:
        announcement: What was announced.
        frames: [name of the draw -> frame plan or frame] As announced.
        roll_key: [32 hex digits] The key of the rolls.
        entropy: The values of the fact, for each group of the form; or its
            text.
        secret: [64 hex digits] The sealed secret, for a sealed draw.

    Returns:
        The record.  Publish its `to_dict` as JSON; for a sealed draw, its
        `closed` document now and the record when the visits are over.

    Raises:
        InvalidInput: The fact has another form, the secret is another one, or
            other subjects were announced: every difference at once.

    Examples:
        See `DrawRecord.receipt`.
    """
    check_type(announcement, Announcement, name="announcement", instead="announce(…)")
    rolls, faults = rolls_of(announcement, frames, roll_key)
    for draw in announcement.draws:
        if draw.name in rolls:
            faults += roll_faults(draw, rolls[draw.name], root=False)
    key = text = ""
    with faults.catch():
        key = announcement.key(entropy, secret)
        text = announcement.entropy.read(entropy)
    faults.raise_any("draw")
    return DrawRecord(
        announcement=announcement,
        entropy=text,
        secret=secret,
        draws=tuple(
            draw_subjects(rolls[draw.name].frame, draw.quotas, key=key)
            for draw in announcement.draws
        ),
    )


def rolls_of(
    announcement: Announcement, frames: Mapping[str, FramePlan | Frame], roll_key: str
) -> tuple[dict[str, Roll], Faults]:
    """
    Make the rolls of announced draws again.

    Args:
        announcement: What was announced.
        frames: Name of the draw -> frame plan or frame.
        roll_key: The key of the rolls.

    Returns:
        The rolls by draw, and what is wrong with the frames.

    Raises:
        InvalidTypeError: *frames* is no mapping.
        InvalidValueError: *roll_key* is no key.
    """
    check_mapping(frames, name="frames", instead="{'餐饮': plan}")
    faults = Faults()
    rolls = {}
    announced = dict.fromkeys(draw.name for draw in announcement.draws)
    for name in dict.fromkeys([*announced, *frames]):
        place = f"frames[{shown(name)}]"
        if name not in frames:
            faults.add("frame-missing", column=place)
        elif name not in announced:
            faults.add("frame-unannounced", column=place)
        else:
            try:
                rolls[name] = Roll.of(frames[name], name=name, key=roll_key)
            except DsgkError as error:
                faults += faults_of(error).each(functools.partial(_of_frame, place))
    return rolls, faults


def _of_frame(place: str, fault: Fault) -> Fault:
    return fault if fault.column == "roll_key" else fault.at(column=place)


def draw_document(name: str, draw: Draw) -> dict[str, Any]:
    """Give the part of a record about one draw (section 9)."""
    return {"name": name, "strata": list(map(_stratum_dict, draw.strata.values()))}


def _stratum_dict(stratum: StratumDraw) -> dict[str, Any]:
    document = {
        name: getattr(stratum, name) for name in ("name", "size", "quota", "cut")
    }
    document["selected"] = list(stratum.selected)
    document["reserves"] = list(stratum.published_reserves)
    if stratum.weighted:
        share = stratum.chance_per_weight
        document["certain"] = stratum.certain
        document["certain_from"] = stratum.certain_from
        document["chance_per_weight"] = None if share is None else str(share)
    return document


def _stratum_of(document: Mapping[str, Any]) -> StratumDraw:
    given = {**document, "selected": tuple(document["selected"])}
    share = given.get("chance_per_weight")
    given["chance_per_weight"] = None if share is None else Fraction(share)
    return StratumDraw(**{**given, "reserves": tuple(document["reserves"])})
