"""One subject of inspection, its status, and how classes are selected."""

import datetime as dt
import enum
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

import attrs

from dsgk.errors import (
    Fault,
    InvalidInput,
    InvalidTypeError,
    InvalidValueError,
    shown,
)
from dsgk.fields import (
    is_empty,
    read_count,
    read_day,
    read_flag,
    read_label,
    read_value,
)
from dsgk.identifiers import check_id, check_label, plain
from dsgk.sources import article, cites


__all__ = [
    "CLASSES",
    "FIELDS",
    "Selection",
    "Status",
    "Subject",
    "Value",
    "attribute_name",
    "read_field",
    "read_status",
    "select",
]

Value = str | bool | int
"""What an attribute can be: text, yes or no, a whole number."""


class Status(enum.Enum):
    """Whether a subject is still in the register (登记状态)."""

    ACTIVE = "存续"
    DORMANT = "歇业"
    STRUCK_OFF = "注销"
    REVOKED = "吊销"
    ANNULLED = "撤销"
    MOVED_OUT = "迁出"

    @property
    def is_registered(self) -> bool:
        """
        Whether the subject may be drawn: it is active, or dormant for a time.

        Examples:
            >>> [status.value for status in Status if status.is_registered]
            ['存续', '歇业']
        """
        return self in {Status.ACTIVE, Status.DORMANT}


_STATUS_TEXTS = {
    Status.ACTIVE: (
        "存续", "在业", "在营", "开业", "在册", "正常", "存续(在营、开业、在册)",
        "在营(开业)", "在营(开业)企业", "登记成立", "正常营业", "正常经营",
    ),
    Status.DORMANT: ("歇业",),
    Status.STRUCK_OFF: (
        "注销", "已注销", "注销登记", "吊销已注销", "吊销,已注销", "吊销后注销",
    ),
    Status.REVOKED: ("吊销", "已吊销", "吊销未注销", "吊销,未注销", "吊销营业执照"),
    Status.ANNULLED: ("撤销", "已撤销", "撤销登记"),
    Status.MOVED_OUT: ("迁出", "已迁出"),
}  # fmt: skip
_STATUS_OF = {text: status for status, texts in _STATUS_TEXTS.items() for text in texts}


def read_status(cell: object, /, *, name: str = "status") -> Status:
    """
    Read a cell that says whether a subject is still registered.

    Args:
        cell: A `Status`, or one of the usual texts; brackets and commas may
            be full-width.
        name: What the message calls it.

    Raises:
        InvalidValueError: The text is none of those; the message lists them.

    Examples:
        >>> read_status("存续（在营、开业、在册）")
        <Status.ACTIVE: '存续'>
    """
    if isinstance(cell, Status):
        return cell
    if isinstance(cell, str):
        status = _STATUS_OF.get(unicodedata.normalize("NFKC", cell))
        if status is not None:
            return status
    listed = "; ".join(
        f"{status.name}: {', '.join(texts)}" for status, texts in _STATUS_TEXTS.items()
    )
    msg = (
        f"{name!r} must be a known status (got {shown(cell)}). "
        f"Write one of these texts: {listed}."
    )
    raise InvalidValueError(
        msg,
        code="status-unknown",
        params={"name": name, "value": cell},
        provision=str(article(24)),
    )


CLASSES: dict[str, Callable[..., Value | Status]] = {
    "kind": read_label,
    "area": read_label,
    "risk": read_label,
    "credit": read_label,
    "on_promise": read_flag,
    "status": read_status,
}
"""Fields by which subjects are classed, and how a cell of each is read."""

FIELDS = (*CLASSES, "last_inspected_on", "visits_this_year")
"""Every field of a subject beside its id and its further attributes."""


def read_field(field: str, value: object, /) -> Any:  # noqa: ANN401
    """
    Read the value of one field of a subject, None where it is not known.

    Args:
        field: One of `FIELDS`, or the name of a further attribute.
        value: The value; None and the empty text stand for the default:
            active, no visit, not known.

    Raises:
        InvalidTypeError, InvalidValueError: It is no value of that field.
    """
    if is_empty(value):
        return {"status": Status.ACTIVE, "visits_this_year": 0}.get(field)
    if field == "last_inspected_on":
        return read_day(value, name=field)
    if field == "visits_this_year":
        return read_count(value, name=field)
    return CLASSES.get(field, read_value)(value, name=field)


def attribute_name(name: object, /) -> str:
    """
    Return the name of a further attribute, if it can be one.

    Raises:
        InvalidTypeError, InvalidValueError: It is no text, no valid label, or
            the name of a field.
    """
    text = check_label(name, name="attribute")  # type: ignore[arg-type]
    if text == "id" or text in FIELDS:
        msg = (
            f"'attribute' must not be called like a field (got {text!r}). "
            f"Give {text!r} as the field that it is, or choose another name."
        )
        raise InvalidValueError(msg, code="attribute-name", params={"name": text})
    return text


def _attributes(
    given: Mapping[str, object] | Iterable[tuple[str, object]],
) -> tuple[tuple[str, Value], ...]:
    pairs = given.items() if isinstance(given, Mapping) else given
    known: dict[str, Value] = {}
    for given_name, value in pairs:
        name = attribute_name(given_name)
        read = read_field(name, value)
        if read is not None:
            known[name] = read
    return tuple(sorted(known.items()))


@cites(article(25))
@attrs.frozen(kw_only=True)
class Subject:
    """
    Who or what may be inspected (检查对象).

    A firm or a sole trader, but also equipment, a product, a project or
    conduct: the kind is a text of the register, not a closed list.

    Attributes:
        id: Unique in its register; hashed byte for byte into a ticket.
        kind: Kind of subject, such as ``"药店"`` or ``"电梯"``.
        area: Where it is, such as a town; who inspects there is read from it.
        risk: Class of risk (风险等级).
        credit: Class of credit (信用等级).
        on_promise: Whether its licence was granted on a promise (告知承诺制),
            None where that is not known.
        status: Whether it is still registered.
        last_inspected_on: Day of the last inspection, None if there was none.
        visits_this_year: [int >= 0] Visits of all departments in this year.
        attributes: Further attributes, by name; given as a mapping.

    Raises:
        InvalidInput: Values are none of their fields; all of them are told.
        InvalidTypeError, InvalidValueError: An attribute or its name is faulty.

    Cites:
        District Opinion, Art. 25 (企业、个体工商户等市场主体，也可以包括设备、产品、
        项目、行为等).

    Examples:
        >>> shop = Subject(id="S1", kind="药店", credit="B", attributes={"food": True})
        >>> shop.status.value, dict(shop.attributes)
        ('存续', {'food': True})
    """

    id: str
    kind: str | None = None
    area: str | None = None
    risk: str | None = None
    credit: str | None = None
    on_promise: bool | None = None
    status: Status = Status.ACTIVE
    last_inspected_on: dt.date | None = None
    visits_this_year: int = 0
    attributes: tuple[tuple[str, Value], ...] = attrs.field(
        default=(), converter=_attributes
    )

    def __attrs_post_init__(self) -> None:
        """Read every value as a cell of its field would be read."""
        faults = []
        for field in ("id", *FIELDS):
            value = getattr(self, field)
            try:
                read = check_id(value) if field == "id" else read_field(field, value)
            except (InvalidTypeError, InvalidValueError) as error:
                faults.append(error.fault.at(column=field))
            else:
                object.__setattr__(self, field, read)
        if faults:
            what = "subject"
            raise InvalidInput.of(what, faults)


Selection = Mapping[str, frozenset[Value | Status | None]]
"""Accepted values by field; None stands for subjects whose value is not known."""


def select(
    when: Mapping[str, Collection[Value | Status | None]], /, *, name: str = "when"
) -> dict[str, frozenset[Value | Status | None]]:
    """
    Check which classes of subjects are meant.

    Args:
        when: Accepted values by field: `kind`, `area`, `risk`, `credit`,
            `on_promise`, `status` or a further attribute; None stands for
            subjects whose value is not known.
        name: What the messages call it.

    Returns:
        The same, each value read as a cell of its field would be.

    Raises:
        InvalidTypeError: *when* is no mapping.
        InvalidInput: A set is empty or a single value, a field is not one by
            which subjects are classed, or a value is none of its field.

    Examples:
        >>> select({"status": {"正常"}})
        {'status': frozenset({<Status.ACTIVE: '存续'>})}
    """
    if not isinstance(when, Mapping):
        msg = (
            f"{name!r} must be a mapping of fields to sets of values (got "
            f"{shown(when)}). Write {{'credit': {{'A', 'B'}}}}."
        )
        raise InvalidTypeError(msg, code="selection-type", params={"name": name})
    faults: list[Fault] = []
    selection: dict[str, frozenset[Value | Status | None]] = {}
    for field, values in when.items():
        try:
            selection.update([_selected(field, values)])
        except (InvalidTypeError, InvalidValueError) as error:
            faults.append(error.fault.at(column=str(field)))
    if faults:
        raise InvalidInput.of(name, faults)
    return selection


def _selected(
    given: object, values: object
) -> tuple[str, frozenset[Value | Status | None]]:
    field = plain(given) if isinstance(given, str) else given
    if field not in CLASSES:
        if field in {"last_inspected_on", "visits_this_year"}:
            msg = (
                f"must be a field by which subjects are classed (got {field!r}). "
                "Write a rest or a yearly cap for visits, or select in the table."
            )
            raise InvalidValueError(msg, code="selection-field")
        if field == "id":
            msg = "must not be 'id'. Select the rows in the table."
            raise InvalidValueError(msg, code="selection-field")
        attribute_name(field)
    if isinstance(values, (str, bool, int, Status)) or values is None:
        msg = (
            f"{field!r} must be a set of values (got {shown(values)}). "
            f"Write {{{shown(values)}}} instead."
        )
        raise InvalidTypeError(msg, code="selection-set", params={"value": values})
    if not isinstance(values, Collection) or isinstance(values, Mapping):
        msg = (
            f"{field!r} must be a set of values (got {shown(values)}). "
            "Write {'A', 'B'}."
        )
        raise InvalidTypeError(msg, code="selection-set", params={"value": values})
    if not len(values):
        msg = (
            f"{field!r} must name at least one value (got none). "
            "Leave the field out where every value is meant."
        )
        raise InvalidValueError(msg, code="selection-empty", params={"field": field})
    name = str(field)
    read = CLASSES.get(name, read_value)
    return name, frozenset(None if v is None else read(v, name=name) for v in values)
