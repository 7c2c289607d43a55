"""One subject, its dated changes, and the selection of classes of subjects."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Annotated, Any, Final, Self

import attrs

from dsgk.errors import (
    DsgkError,
    Faults,
    InvalidValueError,
    invalid,
    shown,
    shown_key,
)
from dsgk.fields import (
    Coded,
    Id,
    Kind,
    Label,
    Natural,
    Stored,
    Title,
    accepted,
    check_mapping,
    declared,
    faults_of,
    is_empty,
    read_value,
    value,
)
from dsgk.identifiers import check_label, plain
from dsgk.sources import article, cites
from dsgk.tables import Heading, called


__all__ = [
    "FIELDS",
    "Accepted",
    "Addition",
    "Change",
    "Selection",
    "Status",
    "Subject",
    "Value",
    "attribute_name",
    "read_field",
    "select",
]

Value = str | bool | int
"""What an attribute can be: text, yes or no, a whole number."""


class Status(Coded):
    """Whether a subject is still in the register (登记状态)."""

    ACTIVE = (
        "存续", "存续", "在业", "在营", "开业", "在册", "正常",
        "存续(在营、开业、在册)", "在营(开业)", "在营(开业)企业", "登记成立",
        "正常营业", "正常经营",
    )  # fmt: skip
    DORMANT = ("歇业", "歇业")
    STRUCK_OFF = (
        "注销", "注销", "已注销", "注销登记", "吊销已注销", "吊销,已注销", "吊销后注销",
    )  # fmt: skip
    REVOKED = (
        "吊销", "吊销", "已吊销", "吊销未注销", "吊销,未注销", "吊销营业执照",
    )  # fmt: skip
    ANNULLED = ("撤销", "撤销", "已撤销", "撤销登记")
    MOVED_OUT = ("迁出", "迁出", "已迁出")

    @property
    def is_registered(self) -> bool:
        """Whether the subject may be drawn: it is active or dormant."""
        return self in {Status.ACTIVE, Status.DORMANT}

    @classmethod
    def read(cls, cell: object, /, *, name: str = "status") -> Self:
        """
        Read a member: itself or one of the usual texts, full-width signs allowed.

        Examples:
            >>> Status.read("存续（在营、开业、在册）")
            <Status.ACTIVE: '存续'>
        """
        try:
            return super().read(cell, name=name)
        except InvalidValueError:
            known = [f"{status.name}: {', '.join(status.texts[1:])}" for status in cls]
            raise invalid("status-unknown", name=name, got=cell, known=known) from None


def _attributes(
    given: Mapping[str, object] | Iterable[tuple[str, object]],
) -> tuple[tuple[str, Value], ...]:
    """Further attributes by name, without empty ones."""
    try:
        known_as: Mapping[Any, object] = dict(given)
    except (TypeError, ValueError):
        known_as = check_mapping(given, name="value", instead="{'area': '东'}")
    known: dict[str, Value] = {}
    faults = Faults()
    for given_name, cell in known_as.items():
        try:
            name = attribute_name(given_name)
            if not is_empty(cell):
                known[name] = read_value(cell)
        except DsgkError as error:
            faults += faults_of(error).at(column=f"[{shown(given_name):.40}]")
    faults.raise_any()
    return tuple(sorted(known.items()))


class _Attributes(Kind):
    def plain(self, held: tuple[tuple[str, Value], ...], /) -> dict[str, Value]:
        return dict(held)

    def schema(self) -> dict[str, Any]:
        types = ["string", "boolean", "integer"]
        return {"type": "object", "additionalProperties": {"type": types}}


# -- one subject -------------------------------------------------------------


_STANDING = {text for status in Status for text in status.texts} - {"正常"}


def _read_as_cells(
    cls: type, fields: "list[attrs.Attribute[Any]]"
) -> "list[attrs.Attribute[Any]]":
    """Let fields take what cells of their columns may hold."""
    return [
        field.evolve(converter=Heading.of(field).take)
        if "heading" in field.metadata
        else field
        for field in declared(cls, fields)
    ]


@cites(article(25))
@value("dsgk-subject/1")
@attrs.frozen(kw_only=True, field_transformer=_read_as_cells)
class Subject(Stored):
    """
    Who or what may be inspected (检查对象).

    A firm or a sole trader, but also equipment, a product, a project or
    conduct: kinds are the register's own words, not a closed list.  Fields are
    read like the cells of a table, and None means the default.

    Attributes:
        id: Unique in its register; hashed byte for byte into a ticket.
        kind: Kind of subject, such as ``"药店"`` or ``"电梯"``.
        area: Where it is, such as a town; decides who inspects it.
        risk: Risk class (风险等级).
        credit: Credit class (信用等级).
        on_promise: Whether its licence was granted on a promise (告知承诺制).
        status: Whether it is still registered.
        last_inspected_on: Day of the last inspection.
        visits_this_year: Visits of all departments in this year.
        attributes: Further attributes, given as a mapping.

    Examples:
        >>> shop = Subject(id="S1", kind="药店", credit="B", attributes={"food": True})
        >>> shop.status.value, dict(shop.attributes)
        ('存续', {'food': True})
    """

    id: Id
    kind: Label | None = attrs.field(
        default=None,
        metadata=called("检查对象类型", "(对象|主体)(类型|类别|种类)|^kind$"),
    )
    area: Label | None = attrs.field(
        default=None,
        metadata=called(
            "所属区域",
            "(所[属在]|管辖?|辖)[区镇街乡]|区域|行政区|^(镇街|街镇|乡镇|街道|area$)",
        ),
    )
    risk: Label | None = attrs.field(
        default=None,
        metadata=called(
            "风险等级", "^(?!.*信用).*风险.*(等级|分[类级]|[类级]别)|^risk$"
        ),
    )
    credit: Label | None = attrs.field(
        default=None,
        metadata=called(
            "信用等级", "信用.*(等级|分[类级]|[类级]别|评[级价]|风险)|^credit$"
        ),
    )
    on_promise: bool | None = attrs.field(
        default=None, metadata=called("告知承诺", "承诺|^on_promise$")
    )
    status: Status = attrs.field(
        default=Status.ACTIVE,
        metadata=called(
            "登记状态",
            "(登记|经营|企业|主体|存续|注册|营业|商事)(状态|状况)|^(状态|status)$",
            values=_STANDING,
        ),
    )
    last_inspected_on: dt.date | None = attrs.field(
        default=None,
        metadata=called(
            "上次检查日期",
            "(上|最近|最后|末).*[检抽巡]查.*(日|时间)|^last_inspected_on$",
            is_class=False,
        ),
    )
    visits_this_year: Natural = attrs.field(
        default=0,
        metadata=called(
            "本年检查次数",
            "(本年|今年|当年|年内|年度).*[检抽巡]查.*次|^visits_this_year$",
            is_class=False,
        ),
    )
    attributes: Annotated[tuple[tuple[str, Value], ...], _Attributes()] = attrs.field(
        default=(), converter=_attributes
    )


FIELDS: Final[Mapping[str, Heading]] = {
    field.name: Heading.of(field)
    for field in attrs.fields(Subject)
    if "heading" in field.metadata
}
"""Every field of a subject except its id and the further attributes."""


def read_field(field: str, cell: object, /) -> Any:  # noqa: ANN401
    """
    Read the value of one field of a subject.

    Args:
        field: One of `FIELDS`, or the name of a further attribute.
        cell: The value; an empty one gives the default.
    """
    if not isinstance(field, str):
        raise invalid(
            "text-type", name="field", got=field, got_type=type(field).__name__
        )
    if is_empty(cell):
        return FIELDS[field].default if field in FIELDS else None
    return _read(field, cell)


def _read(field: str, cell: object) -> Any:  # noqa: ANN401
    try:
        reader = FIELDS[field].kind.cell if field in FIELDS else read_value
        return reader(cell, name=field)
    except DsgkError as error:
        raise error.fault.at(column=field).error() from None


def attribute_name(name: object, /) -> str:
    """Return a valid name of a further attribute: a label that is no field."""
    text = check_label(name, name="attribute")  # type: ignore[arg-type]
    if text == "id" or text in FIELDS:
        raise invalid("attribute-name", name="attribute", got=text)
    return text


# -- changes -----------------------------------------------------------------


@cites(article(24))
@value("dsgk-addition/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class Addition(Stored):
    """
    A subject that joins the register (新增).

    Attributes:
        subject: The subject as it stands on that day.
        on: Day from which the register has it.
        reason: The fact or the document that it is based on.
    """

    subject: Subject
    on: dt.date
    reason: Title

    @property
    def subject_id(self) -> str:
        """Id of the subject."""
        return self.subject.id


class _Name(Kind):
    """The name of a field that may change, or of a further attribute."""

    def convert(self, given: Any, /) -> str:  # noqa: ANN401
        if isinstance(given, str) and given == "id":
            raise invalid("change-id", name="field")
        if isinstance(given, str) and given in FIELDS:
            return plain(given)
        return attribute_name(given)

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "minLength": 1}


class _Cell(Kind):
    """A value of any field."""

    def plain(self, held: Any, /) -> Any:  # noqa: ANN401
        if isinstance(held, dt.date):
            return held.isoformat()
        return held.value if isinstance(held, Status) else held


@cites(article(24))
@value("dsgk-change/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class Change(Stored):
    """
    One field of one subject gets another value (变更).

    Attributes:
        subject_id: The subject.
        field: A field of `Subject`, or the name of a further attribute.
        value: The new value, None if it is no longer known.
        on: First day on which the new value holds.
        reason: The fact or the document that it is based on.

    Examples:
        >>> on = dt.date(2025, 3, 1)
        >>> Change(
        ...     subject_id="S1", field="credit", value="D", on=on, reason="列入异常名录"
        ... ).value
        'D'
        >>> Change.struck_off("S1", on=on, reason="注销登记").value
        <Status.STRUCK_OFF: '注销'>
    """

    subject_id: Id
    field: Annotated[str, _Name()]
    value: Annotated[Any, _Cell()]
    on: dt.date
    reason: Title

    def __attrs_post_init__(self) -> None:
        """Read the value like a cell of its field."""
        read = read_field(self.field, self.value)
        if is_empty(self.value) and read is not None:  # the default is not "not known"
            raise invalid("cell-empty", name=self.field)
        object.__setattr__(self, "value", read)

    @classmethod
    def struck_off(cls, subject_id: str, /, *, on: dt.date, reason: str) -> Self:
        """The subject ceased to exist (注销); its row stays in the register."""
        return cls._of_status(subject_id, Status.STRUCK_OFF, on, reason)

    @classmethod
    def moved_out(cls, subject_id: str, /, *, on: dt.date, reason: str) -> Self:
        """The subject moved to another district (迁出)."""
        return cls._of_status(subject_id, Status.MOVED_OUT, on, reason)

    @classmethod
    def _of_status(
        cls, subject_id: str, status: Status, on: dt.date, reason: str
    ) -> Self:
        return cls(
            subject_id=subject_id, field="status", value=status, on=on, reason=reason
        )


# -- classes of subjects -----------------------------------------------------

Selection = Mapping[str, frozenset[Value | Status | None]]
"""Accepted values by field; None stands for a value that is not known."""


class _Accepted(Kind):
    """Accepted values by field."""

    def plain(self, held: Selection, /) -> dict[str, list[Any]]:
        return {
            field: sorted(
                (getattr(cell, "value", cell) for cell in values),
                key=lambda cell: (type(cell).__name__, cell is not None and cell),
            )
            for field, values in held.items()
        }

    def schema(self) -> dict[str, Any]:
        types = ["string", "boolean", "integer", "null"]
        values = {"type": "array", "items": {"type": types}, "minItems": 1}
        return {"type": "object", "additionalProperties": values}


Accepted = Annotated[Selection, _Accepted()]
"""Accepted values by field, as the type of a field."""


def select(
    when: Mapping[str, Collection[Value | Status | None]], /, *, name: str = "when"
) -> dict[str, frozenset[Value | Status | None]]:
    """
    Read a selection of classes of subjects.

    Args:
        when: Accepted values by field: `kind`, `area`, `risk`, `credit`,
            `on_promise`, `status` or a further attribute; None stands for a
            value that is not known.
        name: What the messages call it.

    Returns:
        The same, with each value read like a cell of its field.

    Raises:
        InvalidInput: A set is empty or a single value, subjects are not classed
            by a field, or a value is not valid for its field.

    Examples:
        >>> select({"status": {"正常"}})
        {'status': frozenset({<Status.ACTIVE: '存续'>})}
    """
    check_mapping(when, name=name, instead="{'credit': {'A', 'B'}}")
    faults = Faults()
    selection: dict[str, frozenset[Value | Status | None]] = {}
    for given, values in when.items():
        with faults.catch(shown_key(given)):
            field = _class_name(given)
            cells = accepted(values, name=field)
            if not cells:
                raise invalid("selection-empty", name=field)
            selection[field] = frozenset(
                None if cell is None else _read(field, cell) for cell in cells
            )
    faults.raise_any(name)
    return selection


def _class_name(given: object) -> str:
    field = plain(given) if isinstance(given, str) else attribute_name(given)
    if field == "id" or (field in FIELDS and not FIELDS[field].is_class):
        raise invalid("selection-field", name=field, got=field)
    return field if field in FIELDS else attribute_name(field)
