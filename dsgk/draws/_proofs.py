"""
Check slips and receipts, without any list (核验凭条与回执).

Everything is recomputed from the document shown, the publications of the issuer
and the id of the subject that asks.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from dsgk.documents import value_faults
from dsgk.draws._announcements import AnnouncedDraw, Announcement
from dsgk.draws._receipts import Neighbour, Receipt, Slip
from dsgk.draws._records import ClosedDraw, DrawRecord
from dsgk.draws._selection import StratumDraw
from dsgk.errors import Fault, Faults, invalid
from dsgk.fields import check_text
from dsgk.kernels.merkle import inner_of, leaf_of, root_by_path
from dsgk.kernels.tickets import rank_of, ticket_of


def read_published(
    given: object, kinds: tuple[Any, ...], name: str, faults: Faults
) -> Any:  # noqa: ANN401
    """
    Take a value or read its document, whose faults are told and not raised.

    Raises:
        InvalidTypeError: It is neither.
    """
    if isinstance(given, kinds):
        return given
    if not isinstance(given, Mapping):
        raise invalid(
            "argument-type",
            name=name,
            type=kinds[0].__name__,
            got=given,
            got_type=type(given).__name__,
            instead="the document, or what from_dict made of it",
        )
    form = given.get("format")
    is_text = isinstance(form, str)  # an array is neither equal nor not
    of = next((kind for kind in kinds if is_text and form == kind.FORMAT), kinds[0])
    made = None
    with faults.catch(name):
        made = of.from_dict(given)
        # 1 and 1.0 read alike; what was hashed was one of them.
        faults += value_faults(given, made.to_dict(), name)
    return made


def _leads_to(
    root: str, size: int, text: str, inner: str, place: Slip | Receipt | Neighbour
) -> bool:
    """Whether a path leads from a leaf to the published root."""
    nodes = [bytes.fromhex(node) for node in place.path or ()]
    leaf = leaf_of(f"{text}\t{inner}")
    reached = root_by_path(leaf, place.index or 0, size, nodes)
    return reached is not None and reached.hex() == root


def verify_slip(
    slip: Slip | Mapping[str, Any],
    closed: ClosedDraw | DrawRecord | Mapping[str, Any],
    *,
    id: str,  # noqa: A002
) -> tuple[Fault, ...]:
    """
    Check at the door that a visit was drawn (亮码检查).

    Args:
        slip: The slip that the officers show, or its JSON document.
        closed: The closed document of the draw as the issuer published it, or
            later the record. Check a record with `verify_record` first.
        id: The firm's own id, not the one on the slip.

    Returns:
        Every fault; empty if the firm was drawn or is a reserve (see
        `Slip.is_reserve`).

    Raises:
        InvalidTypeError: An argument is no document, or *id* no text.
    """
    id = check_text(id, name="id")  # noqa: A001
    faults = Faults()
    shown = read_published(slip, (Slip,), "slip", faults)
    known = read_published(closed, (ClosedDraw, DrawRecord), "closed", faults)
    if isinstance(known, DrawRecord):
        known = None if known.secret is None else known.closed()
        if known is None:
            faults.add("seal-none", column="closed")
    if shown is None or known is None:
        return tuple(faults)
    if shown.id != id:
        faults.add("proof-id", column="slip.id", expected=id, got=shown.id)
    if shown.digest != known.digest:
        faults.add(
            "proof-digest",
            column="slip.digest",
            expected=known.digest,
            got=shown.digest,
        )
    if shown.size != known.outcome.size:
        faults.add(
            "value-differs",
            column="slip.size",
            expected=known.outcome.size,
            got=shown.size,
        )
    if not shown.state.startswith(f"{shown.draw}\t"):
        faults.add("slip-draw", column="slip.draw", got=shown.draw, state=shown.state)
    inner = inner_of(shown.salt, shown.state)
    outcome = known.outcome
    if not _leads_to(outcome.root, outcome.size, shown.id, inner, shown):
        faults.add("proof-root", column="slip.path", root=outcome.root)
    return tuple(faults)


def verify_receipt(
    receipt: Receipt | Mapping[str, Any],
    published: DrawRecord | Announcement | Mapping[str, Any],
    *,
    id: str,  # noqa: A002
) -> tuple[Fault, ...]:
    """
    Check what a receipt says, without any list (核验回执).

    `Receipt.status` says what it proves.  "Not registered" is proved only if
    the leaves of the roll are in order.  Those who have the roll can check that
    (`verify_record`), and so can anybody if the issuer publishes its lines
    (`verify_roll`).

    Args:
        receipt: The receipt, or its JSON document.
        published: The record or, before the draw, the announcement, as the
            issuer published it. The outcome of a draw is checked only against
            a record; a receipt from before it, which leaves the outcome open,
            is told as old.
        id: The id of the subject that asks.

    Returns:
        Every fault; empty if the receipt is right.

    Raises:
        InvalidTypeError: An argument is no document, or *id* no text.
    """
    id = check_text(id, name="id")  # noqa: A001
    faults = Faults()
    shown = read_published(receipt, (Receipt,), "receipt", faults)
    known = read_published(published, (Announcement, DrawRecord), "published", faults)
    if shown is None or known is None:
        return tuple(faults)
    is_record = isinstance(known, DrawRecord)
    announcement: Announcement = known.announcement if is_record else known
    if shown.id != id:
        faults.add("proof-id", column="receipt.id", expected=id, got=shown.id)
    if shown.digest != announcement.digest:
        faults.add(
            "proof-digest",
            column="receipt.digest",
            expected=announcement.digest,
            got=shown.digest,
        )
    announced = {draw.name: draw for draw in announcement.draws}
    if shown.draw not in announced:
        known_names = ", ".join(announced)
        faults.add(
            "not-in-list", column="receipt.draw", got=shown.draw, known=known_names
        )
        return tuple(faults)
    draw = announced[shown.draw]
    faults += _roll_faults(shown, draw)
    if is_record:
        faults += _draw_faults(shown, known)
    elif shown.drawn is not None:
        faults.add("receipt-early", column="receipt.drawn")
    return tuple(faults)


def _roll_faults(receipt: Receipt, draw: AnnouncedDraw) -> Iterator[Fault]:
    """Every contradiction between a receipt and the announced roll."""
    size, root = draw.roll.size, draw.roll.root
    if receipt.state is not None:
        inner = inner_of(str(receipt.salt), receipt.state)
        if not _leads_to(root, size, receipt.id, inner, receipt):
            yield Fault.of("proof-root", column="receipt.path", root=root)
        names = [one.reason for one in draw.excluded]
        names = names if receipt.stratum is None else [*draw.sizes]
        got = receipt.reason or receipt.stratum
        if got not in names:
            known = ", ".join(names)
            yield Fault.of("not-in-list", column="receipt.state", got=got, known=known)
        return
    for side, one in (("left", receipt.left), ("right", receipt.right)):
        if one is not None and not _leads_to(root, size, one.id, one.inner, one):
            yield Fault.of("proof-root", column=f"receipt.{side}.path", root=root)
    if not _encloses(receipt.left, receipt.id, receipt.right, size):
        places = [
            None if one is None else one.index for one in (receipt.left, receipt.right)
        ]
        yield Fault.of("receipt-gap", column="receipt", got=places, size=size)


def _encloses(
    left: Neighbour | None, subject_id: str, right: Neighbour | None, size: int
) -> bool:
    """Whether an id would be between two neighbours; texts sort as their bytes."""
    if left is None:
        if right is None:
            return size == 0
        return right.index == 0 and subject_id < right.id
    if right is None:
        return left.index == size - 1 and left.id < subject_id
    return right.index == left.index + 1 and left.id < subject_id < right.id


def _draw_faults(receipt: Receipt, record: DrawRecord) -> Iterator[Fault]:
    """Every contradiction between a receipt and the record."""
    strata = record.draws[receipt.draw].strata
    for name, stratum in strata.items():
        is_drawn = receipt.id in stratum.selected
        if name != receipt.stratum and (
            is_drawn or receipt.id in stratum.published_reserves
        ):
            yield Fault.of("receipt-listed", column="receipt.state", stratum=name)
    if receipt.stratum not in strata:
        return
    if receipt.drawn is None:
        yield Fault.of("receipt-old", column="receipt.drawn")
        return
    stratum = strata[receipt.stratum]
    ticket = ticket_of(receipt.id, record.key)
    drawn = receipt.id in stratum.selected
    expected = {"ticket": ticket, "cut": stratum.cut, "drawn": drawn}
    for field, right in expected.items():
        got = getattr(receipt, field)
        if got != right:
            yield Fault.of(
                "value-differs", column=f"receipt.{field}", expected=right, got=got
            )
    if stratum.weighted is not (receipt.weight is not None):
        yield Fault.of("receipt-weight", column="receipt.state", stratum=stratum.name)
    elif not _may_be(stratum, ticket, receipt.weight, drawn=drawn):
        yield Fault.of(
            "receipt-cut",
            column="receipt.drawn",
            ticket=ticket,
            cut=stratum.cut,
            got=drawn,
        )


def _may_be(
    stratum: StratumDraw, ticket: str, weight: int | None, *, drawn: bool
) -> bool:
    """Whether ticket, weight and cut agree with the outcome of a subject."""
    if weight is not None and stratum.is_certain(weight):
        return drawn
    if stratum.cut is None:
        return not drawn
    if weight is None:
        return drawn == (ticket <= stratum.cut)
    rank, cut = rank_of(ticket, weight), float(stratum.cut)
    # Equal ranks are ordered by ticket, which no cut shows.
    return rank == cut or drawn == (rank < cut)
