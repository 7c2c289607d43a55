"""The list of items and its versions: what may be drawn on which day."""

import datetime as dt
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any, Self

import attrs

from dsgk.errors import Fault, InvalidInput, InvalidTypeError, InvalidValueError
from dsgk.fields import check_day
from dsgk.items.reading import items_of
from dsgk.items.values import InspectionItem, check_share
from dsgk.sources import article, cites
from dsgk.tables import Table


__all__ = ["ItemList"]

_ART_10 = str(article(10))
_LIST = "item list"


def _items(items: Iterable[InspectionItem]) -> tuple[InspectionItem, ...]:
    listed = tuple(items)
    for item in listed:
        if not isinstance(item, InspectionItem):
            msg = (
                f"'items' must be inspection items (got {item!r}). "
                "Write [InspectionItem(…), …]."
            )
            raise InvalidTypeError(msg, code="item-type", params={"name": "items"})
    return listed


@cites(article(10))
@attrs.frozen
class ItemList:
    """
    The items that may be drawn (随机抽查事项清单), with all their versions.

    Attributes:
        items: In the order of the list; the same item may stand in it again
            with other dates, if the dates do not overlap.
        version: Name of the list, such as its year.

    Raises:
        InvalidTypeError: *items* holds something else, or *version* is no text.
        InvalidInput: An item stands in the list twice on the same day.

    Cites:
        District Opinion, Art. 10.

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
    version: str = attrs.field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        """Refuse two versions of an item on one day."""
        if not isinstance(self.version, str):
            msg = f"'version' must be a text (got {self.version!r}). Write '2026年版'."
            raise InvalidTypeError(msg, code="item-type", params={"name": "version"})
        versions: dict[tuple[str, str, str, str], list[int]] = {}
        faults = []
        for row, item in enumerate(self.items):
            earlier = versions.setdefault(item.key, [])
            for other in earlier:
                if _overlap(item, self.items[other]):
                    faults.append(_repeated(item, row, other))
                    break
            earlier.append(row)
        if faults:
            raise InvalidInput.of(_LIST, faults)

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
        Read a list from anything with ``table[name]``.

        Printed lists repeat an item in a row of its own for every legal basis
        or body: such rows become one item with all of them.  What else differs
        between rows of one item is a fault.

        Args:
            table: A dict of lists, NumPy, pandas, polars or Arrow table, with
                one row or more.
            version: Name of the list.
            general_ceiling: [0 <= Fraction <= 1, or None] Ceiling of every
                general item.
            department: Name of its column of departments.
            name: Name of its column of items.
            category: Name of its column of categories. For this and the rest:
                the usual name may be absent, another name must be there.
            object: Name of its column of objects.
            item_class: Name of its column of classes, 一般 or 重点检查事项.
            methods: Name of its column of methods, as `read_methods` reads.
            cooperating: Name of its column of cooperating departments, such
                as ``"税务部门、商务部门"``.
            body: Name of its column of inspecting bodies.
            legal_basis: Name of its column of legal bases.
            in_force_from: Name of its column of first days.
            repealed_on: Name of its column of days of repeal.

        Raises:
            InvalidTypeError: *table* has no columns by name, or
                *general_ceiling* is not exact.
            InvalidValueError: *general_ceiling* is not from 0 to 1.
            InvalidInput: Columns are missing or unequal, there is no row, or
                cells are faulty or contradict each other: all at once, with
                their rows.

        Cites:
            District Opinion, Art. 10.
        """
        if general_ceiling is not None:
            general_ceiling = check_share(general_ceiling, name="general_ceiling")
        names = {
            "department": department,
            "name": name,
            "category": category,
            "object": object,
            "item_class": item_class,
            "methods": methods,
            "cooperating": cooperating,
            "bodies": body,
            "legal_basis": legal_basis,
            "in_force_from": in_force_from,
            "repealed_on": repealed_on,
        }
        items, faults = items_of(table, names, general_ceiling, what=_LIST)
        if faults:
            raise InvalidInput.of(_LIST, faults)
        return cls(items, version=version)

    def __len__(self) -> int:
        """Number of items, versions counted apart."""
        return len(self.items)

    def __iter__(self) -> Iterator[InspectionItem]:
        """Go through the items in the order of the list."""
        return iter(self.items)

    def on(self, day: dt.date, /) -> "ItemList":
        """Return the list as it is in force on a day."""
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
        Return every item of a name, in the order of the list.

        Args:
            name: The item.
            department: Only those of this department.
            category: Only those of this category.
            object: Only those for this object.
        """
        wanted = {"department": department, "category": category, "object": object}
        return tuple(
            item
            for item in self.items
            if item.name == name
            and all(
                value is None or getattr(item, field) == value
                for field, value in wanted.items()
            )
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

        Args:
            name: The item.
            on: First day of the inspection, or the day of the draw.
            until: Last day of the inspection, if it is another one.
            share: [0 <= Fraction <= 1] Share of the subjects that is to be
                drawn: ``Fraction(quota, size)``, or ``ratio.target`` of a
                ratio that is a share.
            department: Only items of this department.
            category: Only items of this category.
            object: Only items for this object.

        Returns:
            The faults: the item is not on the list, not in force on all these
            days, or a general item above its ceiling. Empty when all is well.
            Where several items have the name, each of them must be well.

        Raises:
            InvalidTypeError: A day is no date, or *share* is not exact.
            InvalidValueError: *until* is before *on*, or *share* is not from
                0 to 1.

        Cites:
            District Opinion, Art. 10.
        """
        first = check_day(on, name="on")
        last = first if until is None else check_day(until, name="until")
        if last < first:
            msg = (
                f"'until' must not be before 'on' (got {last}, from {first} on). "
                "Exchange them if they were mixed up."
            )
            raise InvalidValueError(
                msg, code="item-dates", params={"from": first, "until": last}
            )
        if share is not None:
            share = check_share(share, name="share")
        found = self.find(name, department=department, category=category, object=object)
        if not found:
            msg = (
                f"'item' must be on the list {self.version!r} (got {name!r}). "
                "Only items of the list may be drawn: add it to the list first."
            )
            return (_fault("item-not-listed", msg, {"name": name}),)
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


def _repeated(item: InspectionItem, row: int, other: int) -> Fault:
    msg = (
        f"'item' must stand in the list once on any day (got {item.name!r} of "
        f"{item.department!r} here and in row {other}). Keep one of the rows, or give "
        "them dates that do not overlap."
    )
    return Fault.told(
        "item-repeated",
        msg,
        row=row,
        params={"name": item.name, "other": other},
        provision=_ART_10,
    )


def _fault(code: str, message: str, params: dict[str, Any]) -> Fault:
    return Fault.told(code, message, params=params, provision=_ART_10)


def _in_force_faults(
    versions: list[InspectionItem], first: dt.date, last: dt.date
) -> list[Fault]:
    """Say whether some day from *first* to *last* is in no version's time."""
    day = first
    for item in sorted(versions, key=lambda item: item.in_force_from or dt.date.min):
        if item.is_in_force(day):
            if item.repealed_on is None or last < item.repealed_on:
                return []
            day = item.repealed_on
    item = versions[-1]
    msg = (
        f"'item' must be in force from {first} to {last} (got {item.name!r} of "
        f"{item.department!r}, which is not on {day}). Draw it while it is in force, "
        "or leave it out."
    )
    return [
        _fault(
            "item-not-in-force",
            msg,
            {"name": item.name, "department": item.department, "on": day},
        )
    ]


def _ceiling_faults(
    versions: list[InspectionItem], first: dt.date, last: dt.date, share: Fraction
) -> list[Fault]:
    faults = []
    for item in versions:
        begins, ends = item.in_force_from, item.repealed_on
        concerns = (begins is None or begins <= last) and (ends is None or first < ends)
        if concerns and item.ceiling is not None and share > item.ceiling:
            msg = (
                f"'share' must not be above the ceiling {item.ceiling} of the general "
                f"item {item.name!r} of {item.department!r} (got {share}). Lower the "
                "ratio, or have the item made a key item."
            )
            faults.append(
                _fault(
                    "item-above-ceiling",
                    msg,
                    {
                        "name": item.name,
                        "department": item.department,
                        "share": share,
                        "ceiling": item.ceiling,
                    },
                )
            )
    return faults
