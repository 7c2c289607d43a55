"""
Slips and receipts: what a firm is shown and can check without a list (凭条、回执).

A slip shows at the door that a visit was drawn.  A receipt shows the line of the
roll about one subject, or that there is none.  Both are documents that a host
prints or puts into a code (``docs/reference/draw-format.md``, section 9).
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Self

import attrs

from dsgk.documents import Digest, Key, canonical_json
from dsgk.errors import Faults, invalid
from dsgk.fields import Coded, Id, Kind, Natural, Stored, check_mapping, declared, value
from dsgk.tiers import ExclusionReason


_WEIGHT = "[1-9][0-9]{0,15}"  # below 2**53
_ON_ROLL = re.compile(
    rf"in\t(?P<stratum>[^\t\n]+)(\t(?P<weight>{_WEIGHT}))?|out\t(?P<reason>[^\t\n]+)"
)
_IN_OUTCOME = re.compile(
    rf"(?P<draw>[^\t\n]+)\t(?P<kind>drawn|reserve)\t(?P<place>{_WEIGHT})"
)


@attrs.frozen
class _State(Kind):
    """A state, as a tree hashes it."""

    pattern: re.Pattern[str]
    about: str

    def convert(self, given: Any, /) -> str:  # noqa: ANN401
        if isinstance(given, str) and self.pattern.fullmatch(given):
            return str.__str__(given)
        raise invalid("text-form", name="value", expected=self.about, got=given)

    def schema(self) -> dict[str, Any]:
        return {"type": "string"}


_ROLL_STATE = _State(_ON_ROLL, "a state of a roll")
_OUTCOME_STATE = _State(_IN_OUTCOME, "a place in a draw")


def _part(pattern: re.Pattern[str], state: str | None, name: str) -> str | None:
    found = None if state is None else pattern.fullmatch(state)
    return None if found is None else found[name]


class ReceiptStatus(Coded):
    """What a receipt says (回执结论)."""

    DRAWN = ("drawn", "已抽中")
    NOT_DRAWN = ("not-drawn", "未抽中")
    CAN_BE_DRAWN = ("can-be-drawn", "可被抽取，尚未抽取")
    """On the roll; the receipt was made without a record."""
    EXCLUDED = ("excluded", "不列入抽取范围")
    NOT_REGISTERED = ("not-registered", "不在名册")


@value("dsgk-slip/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class Slip(Stored):
    """
    What officers show at the door: a place in a sealed draw (亮码凭条).

    Made by `DrawRecord.slip`; `dsgk.verify_slip` compares it with the closed
    document.  It proves a place in the draw, not a visit: the firm dates and
    keeps it, so that it serves for one visit only.

    Attributes:
        digest: Digest of the announcement.
        draw: Name of the draw.
        id: The subject.
        state: Its place, as the tree of the outcome hashes it.
        salt: Hides it from others.
        index: Place of its leaf, which reveals nothing.
        size: Leaves of the outcome.
        path: From the leaf to the root.
    """

    digest: Digest
    draw: Id
    id: Id
    state: Annotated[str, _OUTCOME_STATE]
    salt: Key
    index: Natural
    size: Natural
    path: tuple[Digest, ...]

    @property
    def is_reserve(self) -> bool:
        """Whether it is a reserve: the record must say why those before it fell out."""
        return _part(_IN_OUTCOME, self.state, "kind") == "reserve"

    @property
    def place(self) -> int:
        """Place in the order of the stratum, from 1."""
        return int(_part(_IN_OUTCOME, self.state, "place") or 0)

    @property
    def canonical(self) -> bytes:
        """The document in its shortest form, for a code to scan."""
        return canonical_json(self.to_dict())

    def __str__(self) -> str:
        """Return a line to print: who, in which draw, in what place."""
        kind = "候补" if self.is_reserve else "抽中"
        told = f"{self.draw}：{self.id} {kind}，第{self.place}位"
        return f"{told}（公告 {self.digest[:8]}…）"


@value()
@attrs.frozen(kw_only=True, field_transformer=declared)
class Neighbour(Stored):
    """
    A leaf beside a place at which nobody stands.

    Attributes:
        id: The subject of the leaf.
        inner: Hash that hides its state.
        index: Place of the leaf.
        path: From the leaf to the root.
    """

    id: Id
    inner: Digest
    index: Natural
    path: tuple[Digest, ...]


_BASE = ("digest", "draw", "id")
_REGISTERED = ("state", "salt", "index", "path")
_ASKED = ("ticket", "cut", "drawn")
_STRANGER = ("left", "right")


@value("dsgk-receipt/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class Receipt(Stored):
    """
    What the roll says about one subject, and the record if there is one (回执).

    Made from the roll by `Announcement.receipt` or `DrawRecord.receipt`;
    `dsgk.verify_receipt` checks it without any list.

    Attributes:
        digest: Digest of the announcement.
        draw: Name of the draw.
        id: The subject.
        state: Its state on the roll; None if it is not on it.
        salt: Hides the state from others.
        index: Place of the leaf.
        path: From the leaf to the root.
        ticket: Its ticket, if it was made from a record and it could be drawn.
        cut: The cut of its stratum; None if none was drawn by order.
        drawn: Whether it was drawn; None if the receipt was made before the
            draw, or it could not be drawn.
        left: If it is not on the roll, the leaf before; None if there is none.
        right: The leaf after.
    """

    digest: Digest
    draw: Id
    id: Id
    state: Annotated[str, _ROLL_STATE] | None = None
    salt: Key | None = None
    index: Natural | None = None
    path: tuple[Digest, ...] | None = None
    ticket: Digest | None = None
    cut: str | None = None
    drawn: bool | None = None
    left: Neighbour | None = None
    right: Neighbour | None = None

    def __attrs_post_init__(self) -> None:
        """Reject a receipt with contradictory or missing fields."""
        faults = Faults()
        is_asked = self.state is not None and self.drawn is not None
        wanted = {
            **dict.fromkeys(_REGISTERED, self.state is not None),
            "ticket": is_asked,
        }
        for field, is_wanted in wanted.items():
            if (getattr(self, field) is not None) is not is_wanted:
                code = "receipt-lacks" if is_wanted else "receipt-extra"
                faults.add(code, column=field)
        absent = [*(() if is_asked else ("cut", "drawn"))]
        absent += _STRANGER if self.registered else ()
        for field in absent:
            if getattr(self, field) is not None:
                faults.add("receipt-extra", column=field)
        if self.drawn is not None and self.reason is not None:
            faults.add("receipt-extra", column="drawn")
        faults.raise_any()

    @property
    def registered(self) -> bool:
        """Whether the subject stands on the roll."""
        return self.state is not None

    @property
    def stratum(self) -> str | None:
        """Its stratum, if it could be drawn."""
        return _part(_ON_ROLL, self.state, "stratum")

    @property
    def weight(self) -> int | None:
        """Its weight, in a draw with weights."""
        digits = _part(_ON_ROLL, self.state, "weight")
        return None if digits is None else int(digits)

    @property
    def reason(self) -> str | None:
        """Code of the reason for which it was left out, if it was."""
        return _part(_ON_ROLL, self.state, "reason")

    @property
    def status(self) -> ReceiptStatus:
        """What it says."""
        if not self.registered:
            return ReceiptStatus.NOT_REGISTERED
        if self.reason is not None:
            return ReceiptStatus.EXCLUDED
        if self.drawn is None:
            return ReceiptStatus.CAN_BE_DRAWN
        return ReceiptStatus.DRAWN if self.drawn else ReceiptStatus.NOT_DRAWN

    @property
    def canonical(self) -> bytes:
        """The document in its shortest form, for a code to scan."""
        return canonical_json(self.to_dict())

    def __str__(self) -> str:
        """Return a line to print: who, in which draw, with what result."""
        labels = {reason.code: reason.label for reason in ExclusionReason}
        about = labels.get(self.reason or "", self.reason) or self.stratum
        told = f"{self.status.label}（{about}）" if about else self.status.label
        return f"{self.draw}：{self.id} {told}（公告 {self.digest[:8]}…）"

    def _keys(self) -> tuple[str, ...]:
        if not self.registered:
            return _BASE + _STRANGER
        return _BASE + _REGISTERED + (() if self.drawn is None else _ASKED)

    def to_dict(self) -> dict[str, Any]:
        """Give the document, with only the keys that its kind has."""
        plain = super().to_dict()
        return {key: plain[key] for key in ("format", *self._keys())}

    @classmethod
    def schema(cls) -> dict[str, Any]:
        """JSON Schema of the document, whatever it says."""
        return {**super().schema(), "required": ["format", *_BASE]}

    @classmethod
    def from_dict(cls, document: Mapping[str, Any], /) -> Self:
        """
        Read a document that `to_dict` made.

        Raises:
            InvalidInput: Another format, unknown or missing keys, faulty or
                contradictory values: all at once.
        """
        check_mapping(document, name="document", instead="Receipt.to_dict()")
        keys: tuple[str, ...] = _BASE + _STRANGER
        if "state" in document:
            keys = _BASE + _REGISTERED + (_ASKED if "drawn" in document else ())
        others = {*_REGISTERED, *_ASKED, *_STRANGER} - {*keys}
        faults = Faults()
        for key in sorted(others & document.keys()):
            faults.add("key-unknown", column=key, got=document[key], known=[*keys])
        faults.raise_any("document of Receipt")
        made = super().from_dict({**dict.fromkeys(others), **document})
        if made._keys() != keys:  # noqa: SLF001  (its own)
            raise invalid("receipt-lacks", column="drawn")
        return made
