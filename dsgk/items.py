"""
The list of inspection items (随机抽查事项清单): what may be inspected at all.

Only items of the list in force may be drawn.  The list has versions, and an item
may be repealed in mid-year.  A general item has a ceiling on the share of
subjects that are drawn for it; a key item has none, and at 100 % the draw only
fixes the order of the batches.
"""

import datetime as dt
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any, Self, cast

import attrs

from dsgk._cells import HEDGES, MOST_TEXT, read_names, tokens
from dsgk.errors import Fault, Faults, invalid
from dsgk.fields import (
    Coded,
    Label,
    Note,
    Share,
    Stored,
    Text,
    check_day,
    check_text,
    declared,
    kind_of,
    names_once,
    several,
    take,
    text_fault,
    value,
)
from dsgk.sources import article, cites
from dsgk.tables import (
    Likeness,
    Table,
    columns_of,
    read_column,
    require,
    usually_named,
)


__all__ = [
    "InspectionItem",
    "ItemClass",
    "ItemList",
    "Method",
    "as_methods",
    "read_methods",
]

_LIST = "item list"


class Method(Coded):
    """How a check is made (检查方式); only one on site needs a visit."""

    ON_SITE = ("on site", "实地核查", "on-site")
    WRITTEN = ("written", "书面检查")
    ONLINE = ("online", "网络监测")


class ItemClass(Coded):
    """Class of an item (事项类别)."""

    GENERAL = ("general", "一般检查事项")
    KEY = ("key", "重点检查事项")


# What words of real lists mean, and whether an agency takes part.
# Samples are taken on site and tested by an agency.
_METHOD_WORDS: dict[str, tuple[str, tuple[Method, ...], bool]] = {
    "elsewhere": ("非现场", (Method.WRITTEN, Method.ONLINE), False),
    "sampled": ("抽样|抽检", (Method.ON_SITE,), True),
    "on_site": ("现场|实地|上门", (Method.ON_SITE,), False),
    "online": ("网络|网上|线上|在线|互联网|(?:技术)?监测", (Method.ONLINE,), False),
    "written": (
        "书面|查阅|查验|资料|材料|台账|档案|调账|调阅|备案|自查|自检",
        (Method.WRITTEN,),
        False,
    ),
    "agency": (
        "专业(?:技术|检验|检测)?机构|第三方(?:专业)?(?:机构)?|委托|检测|检验|鉴定|审计",
        (),
        True,
    ),
}
# Words that say when, why or by what act, not how.
_SAID = (
    "不定期|定期|专项|随机|日常|统计|询问|监督|行政|技术|专业|双|联合|综合|采取|采用|通过|运用"
    "|检查|抽查|核查|巡查|稽查|督查|审查|排查|勘查|查看|核实|核验|比对|抽取|监管"
    "|仅|相结合|结合|为主|为辅|等?(?:方式|形式|方法|手段)|进行|开展|实施|相关|有关|[等的以对或和及与并含、，,；;/+\uff0b（）()。：:\\s]"
)
_METHOD_VOCABULARY = re.compile(
    "|".join(f"(?P<{kind}>{words})" for kind, (words, *_) in _METHOD_WORDS.items())
    + f"|(?P<said>{'|'.join(HEDGES)}|{_SAID})|(?P<unknown>.)",
    re.DOTALL,
)


@cites(article(21))
def read_methods(
    text: str, /, *, name: str = "method"
) -> tuple[frozenset[Method], bool]:
    """
    Read the methods that a list allows for an item (检查方式).

    Args:
        text: Such as ``"现场检查、书面检查、网络检查、专业机构核查"``.
        name: What the message calls it.

    Returns:
        The methods, empty if the text does not say how; and whether qualified
        agencies may take part.

    Examples:
        >>> methods, by_agency = read_methods("现场检查、专业机构核查")
        >>> sorted(m.name for m in methods), by_agency
        (['ON_SITE'], True)
    """
    _read_text(text, name=name)
    words, unknown = tokens(_METHOD_VOCABULARY, text[:MOST_TEXT])
    if unknown or len(text) > MOST_TEXT:
        got = ", ".join(unknown) or text
        raise invalid("item-method", name=name, got=got, text=text)
    kinds = {word.lastgroup or "" for word in words} & _METHOD_WORDS.keys()
    methods = {method for kind in kinds for method in _METHOD_WORDS[kind][1]}
    return frozenset(methods), any(_METHOD_WORDS[kind][2] for kind in kinds)


_METHODS = kind_of(frozenset[Method])
_TEXTS = kind_of(tuple[Text, ...])
_SHARE = kind_of(Share)


def as_methods(given: Iterable[Method]) -> frozenset[Method]:
    """Take methods; a converter of attrs."""
    return cast("frozenset[Method]", _METHODS.convert(given))


def _texts(given: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_TEXTS.convert(given)))


@cites(article(10), article(21))
@value("dsgk-inspection-item/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class InspectionItem(Stored):
    """
    One item that may be inspected (抽查事项).

    Real lists use one name for several objects of inspection, each with a class
    of its own; so department, category, name and object together identify an
    item.

    Attributes:
        department: Whose item it is, as the list writes it.
        name: The item.
        category: The group of items to which it belongs (抽查类别).
        object: What is inspected (检查对象).
        item_class: General or key; None where the list does not say.
        ceiling: Greatest share of the subjects that may be drawn; for general
            items only.
        methods: How it may be checked; empty where the list does not say.
        by_agency: Whether qualified agencies may take part (专业机构核查).
        cooperating: Departments that take part in a joint inspection.
        bodies: Who inspects (检查主体).
        legal_basis: Provisions that the inspection is based on (检查依据).
        in_force_from: First day; None if it has always been in force.
        repealed_on: First day on which it is no longer in force; None while it
            is in force.

    Raises:
        InvalidValueError: A key item has a ceiling, or the item ends before it
            begins.
    """

    department: Label
    name: Label
    category: Note = ""
    object: Note = ""
    item_class: ItemClass | None = None
    ceiling: Share | None = None
    methods: frozenset[Method] = attrs.field(default=frozenset(), converter=as_methods)
    by_agency: bool = False
    cooperating: tuple[Label, ...] = attrs.field(default=(), converter=names_once)
    bodies: tuple[Text, ...] = attrs.field(default=(), converter=_texts)
    legal_basis: tuple[Text, ...] = attrs.field(default=(), converter=_texts)
    in_force_from: dt.date | None = None
    repealed_on: dt.date | None = None

    def __attrs_post_init__(self) -> None:
        """Reject what no list can mean."""
        faults = Faults()
        column, got = "ceiling", self.ceiling
        if got is not None and self.item_class is not ItemClass.GENERAL:
            known = self.item_class.label if self.item_class else "not known"
            code, item = "item-ceiling", self.name
            faults.add(code, column=column, got=got, item=item, item_class=known)
        first, end = self.in_force_from, self.repealed_on
        if first is not None and end is not None and end <= first:
            faults.add("item-dates", column="repealed_on", got=end, since=first)
        faults.raise_any()

    @property
    def key(self) -> tuple[str, str, str, str]:
        """Department, category, name, object: together they identify the item."""
        return self.department, self.category, self.name, self.object

    def is_in_force(self, on: dt.date, /) -> bool:
        """Whether the item may be drawn on a day."""
        day = check_day(on, name="on")
        return (self.in_force_from is None or self.in_force_from <= day) and (
            self.repealed_on is None or day < self.repealed_on
        )


def _items(given: Iterable[InspectionItem]) -> tuple[InspectionItem, ...]:
    return several(given, InspectionItem, name="items")


@cites(article(10))
@value("dsgk-item-list/1")
@attrs.frozen(field_transformer=declared)
class ItemList(Stored):
    """
    The items that may be drawn (随机抽查事项清单), with all their versions.

    Attributes:
        items: In the order of the list; an item may have several versions, if
            their dates do not overlap.
        version: Name of the list, such as its year.

    Raises:
        InvalidInput: Two versions of an item are in force on one day.

    Examples:
        >>> items = ItemList([
        ...     InspectionItem(department="市场监管部门", name="价格行为检查"),
        ...     InspectionItem(
        ...         department="市场监管部门",
        ...         name="广告行为检查",
        ...         repealed_on=dt.date(2026, 7, 1),
        ...     ),
        ... ])
        >>> len(items), len(items.on(dt.date(2026, 7, 1)))
        (2, 1)
        >>> (fault,) = items.check("广告行为检查", on=dt.date(2026, 7, 1))
        >>> fault.code
        'item-not-in-force'
    """

    items: tuple[InspectionItem, ...] = attrs.field(converter=_items)
    version: Text = attrs.field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        """Reject two versions of an item on one day."""
        versions: dict[tuple[str, str, str, str], list[int]] = {}
        faults = Faults()
        for row, item in enumerate(self.items):
            earlier = versions.setdefault(item.key, [])
            other = next((r for r in earlier if _overlap(item, self.items[r])), None)
            if other is not None:
                of, got = item.department, item.name
                faults.add(
                    "item-repeated", row=row, got=got, department=of, other=other
                )
            earlier.append(row)
        faults.raise_any(_LIST)

    @classmethod
    def from_table(
        cls,
        table: Table,
        /,
        *,
        version: str = "",
        general_ceiling: Fraction | None = None,
        department: str = "抽查部门",
        name: str = "抽查事项",
        category: str = "抽查类别",
        object: str = "检查对象",  # noqa: A002  (the field of an item)
        item_class: str = "事项类别",
        methods: str = "检查方式",
        cooperating: str = "配合部门",
        body: str = "检查主体",
        legal_basis: str = "检查依据",
        in_force_from: str = "施行日期",
        repealed_on: str = "废止日期",
    ) -> Self:
        """
        Read a list from a table with one row or more.

        Printed lists repeat an item in a new row for every legal basis or
        body: such rows become one item with all of them.  Any other difference
        between rows of one item is a fault.

        *version* is the name of the list, *general_ceiling* the ceiling of every
        general item, as a share.  All other arguments name the column of a
        field: those of departments and items must be there, and every column
        that you name; others may be absent.  Classes are 一般检查事项 or
        重点检查事项, methods as `read_methods` reads them, cooperating departments
        such as ``"税务部门、商务部门"``.

        Raises:
            InvalidInput: Columns are missing or unequal, there is no row, or
                cells are faulty or contradict each other: all faults at once,
                with their rows.
        """
        names = {field: name for field, name in locals().items() if field in _READERS}
        if general_ceiling is not None:
            general_ceiling = take(general_ceiling, _SHARE, name="general_ceiling")
        optional = usually_named(names, cls.from_table) - {*_REQUIRED}
        cells, faults = _cells_of(table, names, optional)
        faults.raise_any(_LIST)
        items = _gathered(cells, general_ceiling, faults)
        faults.raise_any(_LIST)
        return cls(items, version=version)

    def __len__(self) -> int:
        """Number of items; each version counts."""
        return len(self.items)

    def __iter__(self) -> Iterator[InspectionItem]:
        """The items in the order of the list."""
        return iter(self.items)

    def on(self, day: dt.date, /) -> "ItemList":
        """The part of the list that is in force on a day."""
        items = [item for item in self.items if item.is_in_force(day)]
        return attrs.evolve(self, items=items)

    def find(
        self,
        name: str,
        /,
        *,
        department: str | None = None,
        category: str | None = None,
        object: str | None = None,  # noqa: A002  (the field of an item)
    ) -> tuple[InspectionItem, ...]:
        """
        Return the items of a name, if wanted only of one department, category
        or object.
        """
        wanted = {"department": department, "category": category, "object": object}
        told = {
            field: check_text(value, name=field)
            for field, value in {**wanted, "name": name}.items()
            if value is not None or field == "name"
        }
        return tuple(
            item
            for item in self.items
            if all(getattr(item, field) == text for field, text in told.items())
        )

    @cites(article(10))
    def check(
        self,
        name: str,
        /,
        *,
        on: dt.date,
        until: dt.date | None = None,
        share: Fraction | None = None,
        department: str | None = None,
        category: str | None = None,
        object: str | None = None,  # noqa: A002  (the field of an item)
    ) -> tuple[Fault, ...]:
        """
        Say what keeps an item from being drawn (只抽查清单内的事项).

        If several items have the name, all of them are checked; *department*,
        *category* and *object* narrow them down.

        Args:
            name: The item.
            on: First day of the inspection, or the day of the draw.
            until: Last day of the inspection, if it is another one.
            share: Share of the subjects that is to be drawn, such as
                ``Fraction(quota, size)``.
            department: See `find`.
            category: See `find`.
            object: See `find`.

        Returns:
            The faults: the item is not on the list, not in force on all these
            days, or a general item above its ceiling. Empty if all is well.
        """
        first = check_day(on, name="on")
        last = first if until is None else check_day(until, name="until")
        if last < first:
            raise invalid("days-reversed", name="until", got=last, since=first)
        if share is not None:
            share = take(share, _SHARE, name="share")
        found = self.find(name, department=department, category=category, object=object)
        if not found:
            return (
                Fault.of("item-not-listed", name="item", got=name, list=self.version),
            )
        faults = []
        for key in dict.fromkeys(item.key for item in found):
            versions = [item for item in found if item.key == key]
            faults += _in_force_faults(versions, first, last)
            if share is not None:
                faults += _ceiling_faults(versions, first, last, share)
        return tuple(faults)


def _overlap(one: InspectionItem, other: InspectionItem) -> bool:
    def begins_before(a: InspectionItem, b: InspectionItem) -> bool:
        return (
            a.in_force_from is None
            or b.repealed_on is None
            or a.in_force_from < b.repealed_on
        )

    return begins_before(one, other) and begins_before(other, one)


def _in_force_faults(
    versions: list[InspectionItem], first: dt.date, last: dt.date
) -> list[Fault]:
    """Tell the first day from *first* to *last* on which no version is in force."""
    day = first
    for item in sorted(versions, key=lambda item: item.in_force_from or dt.date.min):
        if item.is_in_force(day):
            if item.repealed_on is None or last < item.repealed_on:
                return []
            day = item.repealed_on
    got, of = versions[-1].name, versions[-1].department
    days: dict[str, Any] = {"first": first, "last": last, "on": day}
    return [Fault.of("item-not-in-force", name="item", got=got, department=of, **days)]


def _ceiling_faults(
    versions: list[InspectionItem], first: dt.date, last: dt.date, share: Fraction
) -> list[Fault]:
    faults = []
    for item in versions:
        begins, ends = item.in_force_from, item.repealed_on
        concerns = (begins is None or begins <= last) and (ends is None or first < ends)
        if concerns and item.ceiling is not None and share > item.ceiling:
            about: Any = {"item": item.name, "department": item.department}
            code, ceiling = "item-above-ceiling", item.ceiling
            fault = Fault.of(code, name="share", ceiling=ceiling, got=share, **about)
            faults.append(fault)
    return faults


# -- rows of a printed list ----------------------------------------------------


def _read_text(cell: object, /, *, name: str) -> str:
    """Read a text as it is printed: nothing is compared with it."""
    fault = text_fault(cell, name=name)
    if fault:
        raise fault.error()
    return cast("str", cell)


def _read_departments(cell: object, /, *, name: str) -> tuple[str, ...]:
    text = _read_text(cell, name=name)
    return names_once(read_names(text, name=name, departments=True))


_READERS: dict[str, Any] = {
    **{f.name: f.metadata["kind"].cell for f in attrs.fields(InspectionItem)},
    "methods": read_methods,
    "cooperating": _read_departments,
    "body": _read_text,
    "legal_basis": _read_text,
}
_LIKENESS = {
    name: Likeness(re.compile(words))
    for name, words in {
        "item_class": "事项(类[别型]|分[类级]|等级|属性)|^item_class$",
        "methods": "(检查|抽查|监管)(方式|方法|形式)|^methods$",
        "cooperating": "(配合|协同|参与|联合).*(部门|单位)|^cooperating$",
        "in_force_from": "(施行|生效|实施|启用).*(日|时间)|^in_force_from$",
        "repealed_on": "(废止|失效|停用|取消).*(日|时间)|^repealed_on$",
    }.items()
}
_REQUIRED = ("department", "name")
_GATHERED = ("body", "legal_basis")
_IDENTITY = (*_REQUIRED, "category", "object", "in_force_from", "repealed_on")


def _cells_of(
    table: Table, names: Mapping[str, str], optional: Collection[str]
) -> tuple[list[dict[str, Any]], Faults]:
    """The cells of a table by row, and their faults."""
    columns = columns_of(
        table, names, optional=optional, likeness=_LIKENESS, what=_LIST
    )
    cells: dict[str, list[Any]] = {}
    faults = Faults()
    for call, column in columns.items():
        heading = names[call]
        read, found = read_column(column, _READERS[call], name=heading)
        cells[call] = read.cells()
        if call in _REQUIRED:
            require(read, found, name=heading)
        faults += found
    if not cells["name"]:
        faults.add("table-empty", column=names["name"], instead="ItemList([])")
    rows = zip(*cells.values(), strict=True)
    return [dict(zip(cells, row, strict=True)) for row in rows], faults


def _gathered(
    rows: list[dict[str, Any]], general_ceiling: Fraction | None, faults: Faults
) -> list[InspectionItem]:
    """Make one item of rows that differ only in bodies and legal bases."""
    groups: dict[tuple[Any, ...], list[int]] = {}
    for number, row in enumerate(rows):
        groups.setdefault(tuple(map(row.get, _IDENTITY)), []).append(number)
    items = []
    for first, *others in groups.values():
        for other in others:
            for field, cell in rows[other].items():
                if field not in _GATHERED and cell != rows[first][field]:
                    code = "item-contradiction"
                    faults.add(code, row=other, column=field, other=first)
        alike = [rows[number] for number in (first, *others)]
        with faults.catch(row=first):
            items.append(_item(alike, general_ceiling))
    return items


def _item(
    rows: list[dict[str, Any]], general_ceiling: Fraction | None
) -> InspectionItem:
    fields = {field: cell for field, cell in rows[0].items() if cell is not None}
    fields["methods"], fields["by_agency"] = fields.get("methods", ((), False))
    for field in _GATHERED:
        fields[field] = [row[field] for row in rows if row.get(field)]
    fields["bodies"] = fields.pop("body")
    if fields.get("item_class") is ItemClass.GENERAL:
        fields["ceiling"] = general_ceiling
    return InspectionItem(**fields)
