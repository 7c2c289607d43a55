"""One inspection item: what is inspected, how, in which class, since when."""

import datetime as dt
import enum
import re
from collections.abc import Iterable
from fractions import Fraction
from typing import Any, NoReturn

import attrs

from dsgk.errors import InvalidTypeError, InvalidValueError, shown
from dsgk.fields import check_day
from dsgk.identifiers import check_label, plain
from dsgk.sources import article, cites


__all__ = ["InspectionItem", "ItemClass", "Method", "check_share", "read_methods"]


class Method(enum.Enum):
    """How a check is made (检查方式); only one on site needs a visit."""

    ON_SITE = "on site"
    WRITTEN = "written"
    ONLINE = "online"


class ItemClass(enum.Enum):
    """Class of an item (事项类别)."""

    GENERAL = "一般检查事项"
    KEY = "重点检查事项"


# What the words of real lists stand for, tried in this order, and whether an
# agency takes part.  Samples are taken on site and tested by an agency; the
# words of the last line say when or why, not how.
_METHOD_WORDS: tuple[tuple[re.Pattern[str], tuple[Method, ...], bool], ...] = (
    (re.compile("非现场"), (Method.WRITTEN, Method.ONLINE), False),
    (re.compile("抽样|抽检"), (Method.ON_SITE,), True),
    (re.compile("现场|实地|上门"), (Method.ON_SITE,), False),
    (re.compile("网络|网上|线上|在线|互联网|监测"), (Method.ONLINE,), False),
    (re.compile("书面|查阅|资料|材料|调账|备案|自查"), (Method.WRITTEN,), False),
    (re.compile("专业机构|第三方|委托|检测|检验|鉴定|审计"), (), True),
    (re.compile("定期|专项|随机|日常|督查|询问"), (), False),
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
        The methods, none if the text does not say how; and whether qualified
        agencies may take part.

    Raises:
        InvalidTypeError: *text* is not a str.
        InvalidValueError: A part of *text* names no known method.

    Cites:
        District Opinion, Art. 21 (实地核查、书面检查、网络监测等方式).

    Examples:
        >>> methods, by_agency = read_methods("现场检查、专业机构核查")
        >>> sorted(m.name for m in methods), by_agency
        (['ON_SITE'], True)
    """
    if not isinstance(text, str):
        msg = (
            f"{name!r} must be text (got {text!r} of type {type(text).__name__!r}). "
            "Write '现场检查、书面检查' or the like."
        )
        raise InvalidTypeError(
            msg, code="item-method", params={"type": type(text).__name__}
        )
    methods: set[Method] = set()
    by_agency = False
    for part in re.split("[、，,；;/和及与]", text):
        word = re.sub("等$|相结合$|的方式.*$", "", part.strip())
        if not word:
            continue
        for pattern, found, agency in _METHOD_WORDS:
            if pattern.search(word):
                methods.update(found)
                by_agency |= agency
                break
        else:
            msg = (
                f"{name!r} must be made of methods such as 现场检查, 书面检查, "
                f"网络检查 and 专业机构核查 (got {part!r} in {text!r}). Leave the part "
                "out if it does not say how a check is made."
            )
            raise InvalidValueError(
                msg,
                code="item-method",
                params={"text": text, "part": part},
                provision=str(article(21)),
            )
    return frozenset(methods), by_agency


def _texts(texts: Iterable[str]) -> tuple[str, ...]:
    if isinstance(texts, str) or not isinstance(texts, Iterable):
        _refuse_type("texts", texts, "('…',)")
    several: tuple[Any, ...] = tuple(texts)
    if not all(isinstance(text, str) for text in several):
        _refuse_type("texts", several, "('…',)")
    return tuple(dict.fromkeys(map(plain, several)))


def _methods(methods: Iterable[Method]) -> frozenset[Method]:
    given: object = methods
    if isinstance(given, str) or not isinstance(given, Iterable):
        _refuse_type("methods", given, "read_methods(text)[0]")
    several: tuple[Any, ...] = tuple(methods)
    if not all(isinstance(method, Method) for method in several):
        _refuse_type("methods", several, "{Method.ON_SITE}")
    return frozenset(several)


def check_share(share: object, /, *, name: str) -> Fraction:
    """
    Return a share of the subjects, exactly.

    Args:
        share: [Fraction or int, 0 to 1] The share.
        name: What the message calls it.

    Raises:
        InvalidTypeError: It is a float, a text or something else.
        InvalidValueError: It is not from 0 to 1.
    """
    if isinstance(share, bool) or not isinstance(share, (Fraction, int)):
        msg = (
            f"{name!r} must be a Fraction (got {shown(share)}). Write "
            "Fraction(5, 100), or Ratio.at_most('5%').high."
        )
        raise InvalidTypeError(
            msg, code="item-share", params={"type": type(share).__name__}
        )
    if not 0 <= share <= 1:
        msg = (
            f"{name!r} must be from 0 to 1 (got {share}). Divide a number of subjects "
            "by the number of all: Fraction(quota, size)."
        )
        raise InvalidValueError(msg, code="item-share", params={"share": share})
    return Fraction(share)


def _refuse_type(name: str, value: object, instead: str) -> NoReturn:
    msg = f"{name!r} must be several values (got {shown(value)}). Write {instead}."
    raise InvalidTypeError(msg, code="item-type", params={"name": name})


@cites(article(10), article(21))
@attrs.frozen(kw_only=True)
class InspectionItem:
    """
    One item that may be inspected (抽查事项).

    Real lists use one name for several objects, with a class for each: an item
    is identified by its department, category, name and object together.

    Attributes:
        department: Whose item it is, as the list writes it.
        name: The item.
        category: The group of items that it stands in (抽查类别).
        object: What is inspected (检查对象).
        item_class: General or key; None where the list does not say.
        ceiling: [0 <= Fraction <= 1, or None] Most of the subjects that may
            be drawn; for general items alone.
        methods: How it may be checked; empty where the list does not say.
        by_agency: Whether qualified agencies may take part (专业机构核查).
        cooperating: Departments that take part in a joint inspection.
        bodies: Who inspects (检查主体).
        legal_basis: What the inspection rests on (检查依据).
        in_force_from: First day; None for ever since.
        repealed_on: First day on which it is no longer in force; None while
            it is.

    Raises:
        InvalidTypeError: A field has the wrong type.
        InvalidValueError: A text is not valid, the ceiling is out of range or
            belongs to a key item, or the item ends before it begins.

    Cites:
        District Opinion, Art. 10 (市场监管领域随机抽查事项清单) and 21.
    """

    department: str
    name: str
    category: str = ""
    object: str = ""
    item_class: ItemClass | None = None
    ceiling: Fraction | None = None
    methods: frozenset[Method] = attrs.field(default=frozenset(), converter=_methods)
    by_agency: bool = False
    cooperating: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    bodies: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    legal_basis: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    in_force_from: dt.date | None = None
    repealed_on: dt.date | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse what no list can mean."""
        for field in ("department", "name", "category", "object"):
            text = getattr(self, field)
            if text != "" or field in {"department", "name"}:
                object.__setattr__(self, field, check_label(text, name=field))
        for department in self.cooperating:
            check_label(department, name="cooperating")
        if not isinstance(self.by_agency, bool):
            msg = f"'by_agency' must be a bool (got {self.by_agency!r}). Write True."
            raise InvalidTypeError(msg, code="item-type", params={"name": "by_agency"})
        if not isinstance(self.item_class, ItemClass | None):
            msg = (
                f"'item_class' must be an ItemClass or None (got {self.item_class!r}). "
                "Write ItemClass.GENERAL or ItemClass('一般检查事项')."
            )
            raise InvalidTypeError(msg, code="item-type", params={"name": "item_class"})
        if self.ceiling is not None:
            self._check_ceiling(self.ceiling)
        for field in ("in_force_from", "repealed_on"):
            day = getattr(self, field)
            if day is not None:
                object.__setattr__(self, field, check_day(day, name=field))
        first, end = self.in_force_from, self.repealed_on
        if first is not None and end is not None and end <= first:
            msg = (
                f"'repealed_on' must be after 'in_force_from' (got {end}, from {first} "
                "on). Exchange them if they were mixed up."
            )
            raise InvalidValueError(
                msg, code="item-dates", params={"from": first, "repealed": end}
            )

    def _check_ceiling(self, ceiling: Fraction) -> None:
        object.__setattr__(self, "ceiling", check_share(ceiling, name="ceiling"))
        if self.item_class is not ItemClass.GENERAL:
            msg = (
                f"'ceiling' must be of a general item (got {ceiling} for "
                f"{self.name!r}, {self._class_text}). Leave it out, or write "
                "item_class=ItemClass.GENERAL."
            )
            raise InvalidValueError(
                msg,
                code="item-ceiling",
                params={"ceiling": ceiling, "name": self.name},
                provision=str(article(10)),
            )

    @property
    def _class_text(self) -> str:
        return self.item_class.value if self.item_class else "class unknown"

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What identifies the item: department, category, name, object."""
        return self.department, self.category, self.name, self.object

    def is_in_force(self, on: dt.date, /) -> bool:
        """Whether the item may be drawn on a day."""
        day = check_day(on, name="on")
        return (self.in_force_from is None or self.in_force_from <= day) and (
            self.repealed_on is None or day < self.repealed_on
        )
