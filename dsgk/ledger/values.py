"""One check in the ledger, and how the cells of its columns are read."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final, Self

import attrs

from dsgk.errors import invalid
from dsgk.fields import (
    Coded,
    Id,
    Kind,
    Label,
    Stored,
    declared,
    read_member,
    value,
    values_in,
)
from dsgk.items import Method, read_methods


__all__ = ["COLUMNS", "DAYS", "Column", "LedgerRow", "Origin"]

_CODE = re.compile("[a-z0-9]+(-[a-z0-9]+)*")
_SEPARATORS = re.compile("[;；、，,]")


class Origin(Coded):
    """Why a check is made (任务来源); statistics keep the three apart."""

    RANDOM = ("random", "随机抽查", "双随机抽查", "双随机")
    LEAD = ("lead", "线索核查", "个案线索", "线索")
    CAMPAIGN = ("campaign", "专项检查", "专项")


class _OneMethod(Kind):
    """A `Method`, or the words of a table for exactly one."""

    def convert(self, given: Any, /) -> Method:  # noqa: ANN401
        if not isinstance(given, str):
            return read_member(Method, given)
        for method in Method:
            if given in method.texts:
                return method
        methods, _ = read_methods(given)
        if len(methods) != 1:
            raise invalid("method-unclear", name="value", got=given)
        return next(iter(methods))

    def plain(self, held: Method, /) -> str:
        return held.code

    def schema(self) -> dict[str, Any]:
        return {"enum": [method.code for method in Method]}


class Results(Kind):
    """
    Codes of the results of a check, each once, sorted.

    Examples:
        >>> Results().cell("unreachable; closed", name="results")
        ('closed', 'unreachable')
    """

    def convert(self, given: Any, /) -> tuple[str, ...]:  # noqa: ANN401
        """Take codes, or none where there is no result yet."""
        is_none = not isinstance(given, str) and (*(values_in(given) or (0,)),) == ()
        return () if is_none else self.cell(given, name="value")

    def cell(self, given: Any, /, *, name: str) -> tuple[str, ...]:  # noqa: ANN401
        """Take codes as a collection, or one text of them; one or more."""
        parts: list[object]
        if isinstance(given, str):
            parts = [part.strip() for part in _SEPARATORS.split(given)]
        else:
            found = values_in(given)
            listed = [given] if found is None else found
            parts = [part.code if isinstance(part, Coded) else part for part in listed]
        codes = []
        for part in parts:
            if not isinstance(part, str):
                raise invalid("results-type", name=name, got=given)
            if not _CODE.fullmatch(part):
                raise invalid("results-form", name=name, part=part, got=given)
            codes.append(part)
        if not codes:
            raise invalid("results-none", name=name)
        return tuple(sorted(set(codes)))

    def plain(self, held: tuple[str, ...], /) -> list[str]:
        """Give a list of the codes."""
        return list(held)

    def schema(self) -> dict[str, Any]:
        """JSON Schema of the list."""
        code = {"type": "string", "pattern": f"^{_CODE.pattern}$"}
        return {"type": "array", "items": code}


def _as_given(
    cls: type, fields: "list[attrs.Attribute[Any]]"
) -> "list[attrs.Attribute[Any]]":
    """Keep what is given: the ledger reads whole columns, not cells one by one."""
    return [field.evolve(converter=None) for field in declared(cls, fields)]


def _called(heading: str) -> dict[str, str]:
    """What tables usually call the column of a field."""
    return {"heading": heading}


@attrs.frozen(kw_only=True, field_transformer=_as_given)
class LedgerRow(Stored):
    """
    One item that one department checks at one subject in one task.

    A plain value: the ledger reads its cells as it reads those of a table.

    Attributes:
        task_id: The task; in a joint task several rows share it.
        subject_id: The subject.
        item: The item, as in the item list.
        department: The department whose check it is.
        origin: Whether it was drawn, follows a lead, or a special campaign.
        entry: The plan entry; None for a lead.
        basis: What it rests on beside the plan: the digest of the
            announcement of its draw, the id of a lead, the name of a campaign.
        stratum: The tier in which the subject was drawn; None for a lead.
        method: How it is made.
        results: Codes of the results; empty until there are some.
        exemption: Why the result is not made public; None where it is.
        replaces: The subject for which this one stands in as a substitute.
        drawn_on: Day of the draw; of a lead, the day on which it came in.
        due: Last day of the window; of a lead, None where it is only to be
            inspected at once.
        completed_on: Day on which the check was completed.
        entered_on: Day on which its result was entered.
        published_on: Day on which its result became public.
    """

    FORMAT: ClassVar[str] = "dsgk-ledger-row/1"

    task_id: Id = attrs.field(metadata=_called("任务编号"))
    subject_id: Id = attrs.field(metadata=_called("统一社会信用代码"))
    item: Label = attrs.field(metadata=_called("抽查事项"))
    department: Label = attrs.field(metadata=_called("检查部门"))
    origin: Origin = attrs.field(default=Origin.RANDOM, metadata=_called("任务来源"))
    entry: Id | None = attrs.field(default=None, metadata=_called("计划条目"))
    basis: Label | None = attrs.field(default=None, metadata=_called("任务依据"))
    stratum: Label | None = attrs.field(default=None, metadata=_called("分级"))
    method: Annotated[Method, _OneMethod()] = attrs.field(
        default=Method.ON_SITE, metadata=_called("检查方式")
    )
    results: Annotated[tuple[str, ...], Results()] = attrs.field(
        default=(), metadata=_called("检查结果")
    )
    exemption: Label | None = attrs.field(
        default=None, metadata=_called("不予公示理由")
    )
    replaces: Id | None = attrs.field(default=None, metadata=_called("被替补对象"))
    drawn_on: dt.date = attrs.field(metadata=_called("抽取日期"))
    due: dt.date | None = attrs.field(default=None, metadata=_called("检查截止日期"))
    completed_on: dt.date | None = attrs.field(
        default=None, metadata=_called("检查完成日期")
    )
    entered_on: dt.date | None = attrs.field(default=None, metadata=_called("录入日期"))
    published_on: dt.date | None = attrs.field(
        default=None, metadata=_called("公示日期")
    )

    @classmethod
    def _of_fields(cls, document: Mapping[str, Any], form: str = "") -> Self:
        read = _Read._of_fields(document, form)  # noqa: SLF001
        return cls(**{name: getattr(read, name) for name in COLUMNS})


@attrs.frozen
class Column:
    """
    What a ledger knows of one of its columns; made of a field of `LedgerRow`.

    Attributes:
        name: Name of the field.
        heading: What tables usually call it.
        kind: How a cell is read and stored.
        default: What an empty cell means.
        is_required: Whether no cell may be empty.
        is_day: Whether it holds days.
        is_id: Whether it holds ids.
    """

    name: str
    heading: str
    kind: Kind
    default: Any
    is_required: bool
    is_day: bool
    is_id: bool

    @classmethod
    def of(cls, field: "attrs.Attribute[Any]", /) -> Self:
        """Take it from the declaration of the field."""
        is_required = field.default is attrs.NOTHING
        return cls(
            name=field.name,
            heading=field.metadata["heading"],
            kind=field.metadata["kind"],
            default=None if is_required else field.default or None,
            is_required=is_required,
            is_day=field.type in {dt.date, dt.date | None},
            is_id=field.type in {Id, Id | None},
        )


COLUMNS: Final[Mapping[str, Column]] = {
    field.name: Column.of(field) for field in attrs.fields(LedgerRow)
}
"""All columns, those of days last."""

DAYS = tuple(name for name, column in COLUMNS.items() if column.is_day)
"""Columns of days, in the order in which they come to pass, `due` apart."""

_Read: type[Stored] = value(LedgerRow.FORMAT)(
    attrs.make_class(
        LedgerRow.__name__,
        {
            field.name: attrs.field(default=field.default, type=field.type)
            for field in attrs.fields(LedgerRow)
        },
        bases=(Stored,),
        kw_only=True,
        frozen=True,
        field_transformer=declared,
    )
)
"""A row whose cells are read, as they are in a document."""
