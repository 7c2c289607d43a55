"""
The documents that the rules come from, and how code cites them (依据).

The main one is the opinion of a district government on joint inspection: 32
articles, of which 28 and 29 list nine and seven items.  A function cites the
provisions that it carries out.  Each provision is carried out, planned or not
formalised, which a test checks; ``docs/reference/provisions.md`` is made from
the citations.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any, TypeVar

import attrs

from dsgk.errors import Faults, invalid


__all__ = [
    "CAPS_2024_54",
    "CIVIL_CODE_201",
    "CIVIL_CODE_202",
    "CIVIL_CODE_203",
    "CIVIL_SERVANT_LAW_76",
    "CIVIL_SERVANT_LAW_77",
    "DISTRICT_OPINION",
    "GB_32100",
    "INSTRUMENTS",
    "NOT_FORMALISED",
    "PENALTY_LAW_42",
    "PENALTY_LAW_43",
    "PENALTY_LAW_85",
    "PLANNED",
    "PROVISIONS",
    "Instrument",
    "Provision",
    "RuleProfile",
    "article",
    "cites",
    "provisions_of",
]

_F = TypeVar("_F", bound=Callable[..., Any])

_MOST = 1000  # no law asks for more officers, or for more days


@attrs.frozen(kw_only=True)
class Instrument:
    """
    One document that contains rules (规范性文件).

    Attributes:
        key: Short name in English, first part of a citation.
        title: Full title as printed.
        number: Document number as printed, empty if it has none.
        in_force: First day in force.
    """

    key: str
    title: str
    number: str = ""
    in_force: dt.date


DISTRICT_OPINION = Instrument(
    key="District Opinion",
    title=(
        "关于在全区市场监管领域全面推行部门联合“双随机、一公开”监管的实施意见"
        "（天津市蓟州区）"
    ),
    in_force=dt.date(2020, 3, 17),
)
_CIVIL_CODE = Instrument(
    key="Civil Code", title="中华人民共和国民法典", in_force=dt.date(2021, 1, 1)
)
_PENALTY_LAW = Instrument(
    key="Administrative Penalty Law",
    title="中华人民共和国行政处罚法",
    in_force=dt.date(2021, 7, 15),
)
_CIVIL_SERVANT_LAW = Instrument(
    key="Civil Servant Law",
    title="中华人民共和国公务员法",
    in_force=dt.date(2019, 6, 1),
)
_CAPS = Instrument(
    key="State Council Office 2024/54",
    title="国务院办公厅关于严格规范涉企行政检查的意见",
    number="国办发〔2024〕54号",
    in_force=dt.date(2024, 12, 31),
)
_GB_32100 = Instrument(
    key="GB 32100",
    title="法人和其他组织统一社会信用代码编码规则",
    number="GB 32100-2015",
    in_force=dt.date(2015, 10, 1),
)

INSTRUMENTS = tuple(one for one in [*globals().values()] if isinstance(one, Instrument))
"""Every document that the library knows of, in the order in which they stand above."""

_UNITS = "零一二三四五六七八九"


def _chinese_number(number: int) -> str:
    """Write a number from 1 to 999 as laws do: 三十二, 二百零一."""
    hundreds, rest = divmod(number, 100)
    tens, units = divmod(rest, 10)
    text = f"{_UNITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else _UNITS[tens]) + "十"
    elif hundreds and units:
        text += _UNITS[0]
    return text + (_UNITS[units] if units else "")


@attrs.frozen
class Provision:
    """
    One numbered provision of an instrument (条款).

    Attributes:
        instrument: The document.
        article: [int >= 0] Number of the article; 0 for the whole document.
        item: [int >= 1, or None] Number of the item in the article's list.
        words: What it says, in brief.

    Examples:
        >>> print(article(28, 2))
        District Opinion, Art. 28(2)
        >>> article(28, 2).number
        '第二十八条第（二）项'
    """

    instrument: Instrument
    article: int
    item: int | None = None
    words: str = attrs.field(default="", eq=False)

    @property
    def number(self) -> str:
        """The number as printed in the document."""
        if not self.article:
            return self.instrument.number
        text = f"第{_chinese_number(self.article)}条"
        if self.item is not None:
            text += f"第（{_chinese_number(self.item)}）项"
        return text

    def __str__(self) -> str:
        """Citation in English: instrument, article, item."""
        text = self.instrument.key
        if self.article:
            text += f", Art. {self.article}"
        if self.item is not None:
            text += f"({self.item})"
        return text


def cites(*provisions: Provision) -> Callable[[_F], _F]:
    """
    Mark a function or class as carrying out one or more provisions.

    The decorator returns the function itself, not a wrapper.
    """
    if not provisions or not all(isinstance(p, Provision) for p in provisions):
        raise invalid("no-provision", got=provisions)

    def mark(function: _F) -> _F:
        function.__provisions__ = provisions  # type: ignore[attr-defined]
        return function

    return mark


def provisions_of(function: Callable[..., Any], /) -> tuple[Provision, ...]:
    """Return the provisions that *function* cites."""
    cited: tuple[Provision, ...] = getattr(function, "__provisions__", ())
    return cited


def _articles() -> dict[tuple[int, int | None], Provision]:
    words = {
        1: "Purpose and basis",
        2: "Scope: the district's market supervision departments",
        3: "Subjects and inspectors are drawn at random, results are public",
        4: (
            "The random draw is the ordinary means; one-sided draws where "
            "numbers do not allow both, or in licensing"
        ),
        5: "Joint inspection of departments: one visit, many checks",
        6: "Principles: lawful, fair, open, efficient",
        7: "The district government leads and organises joint inspection",
        8: "Joint conference of departments",
        9: "The market regulator takes the lead, departments take part",
        10: "Only items of the city's item list are drawn",
        11: "Annual plans of departments and of the district",
        12: (
            "Contents of a plan: subjects, items, ratio and frequency, focus, "
            "method, time; plans are public"
        ),
        13: (
            "A plan covers all items; ratio and frequency follow risk, credit "
            "and licences granted on a promise"
        ),
        14: "The joint plan is made by the end of March and names its contents",
        15: "Plans are carried out as planned and on time",
        16: (
            "A plan changes upwards for general problems or sudden risk; case leads "
            "on single cases are inspected at once"
        ),
        17: "Joint inspection avoids multiple and repeated visits",
        18: "Existing joint mechanisms use joint random inspection",
        19: "Drawn lists of departments that coincide are inspected jointly",
        20: "Departments not organised by district take part by territory",
        21: (
            "Methods: on site, in writing, online monitoring; qualified "
            "agencies may be entrusted"
        ),
        22: "Violations are penalised, transferred, or sent to the judiciary",
        23: "All departments use the city's one platform",
        24: "Registers of subjects and of inspectors, kept current",
        25: "Who stands in the registers; experts assist",
        26: "Results are entered within 20 working days and made public",
        27: "Results feed blacklist, credit class and joint incentives",
        28: "Grounds of liability",
        29: "Grounds of exemption from liability",
        30: "Funds",
        31: "Assessment, training, publicity",
        32: "Unlicensed trade is handled under its own rules",
    }
    liability = (
        "An inspection task is not carried out, or is delayed",
        "The inspection is not made as required, with harmful consequences",
        "The statutory procedure of inspection is violated",
        "Powers are exceeded or abused",
        "Coercive measures are taken unlawfully",
        "A violation found is not penalised in time",
        "A suspected crime is not transferred to the judiciary",
        "Results are not published in time, with harmful consequences",
        "Other cases in which the law provides for liability",
    )
    exemption = (
        "A subject that was not drawn, or an item that was not on the task",
        "No inspection was possible in time for reasons of the subject",
        "The problem could not be found with existing technical means",
        "The accident has no causal link with the inspection",
        "The violation was dealt with and the subject refused or relapsed",
        "An entrusted agency gave a false report",
        "Other cases in which the law provides for none",
    )
    provisions: dict[tuple[int, int | None], Provision] = {
        (number, None): Provision(DISTRICT_OPINION, number, None, text)
        for number, text in words.items()
    }
    for number, items in ((28, liability), (29, exemption)):
        for item, text in enumerate(items, 1):
            provisions[number, item] = Provision(DISTRICT_OPINION, number, item, text)
    return provisions


_ARTICLES = _articles()


@cites(_ARTICLES[1, None], _ARTICLES[2, None], _ARTICLES[6, None])
def article(number: int, item: int | None = None, /) -> Provision:
    """
    Return an article of the district's opinion, or an item of one.

    This carries out purpose, scope and principles (Art. 1, 2, 6): with the
    opinion at hand as data, every rule can name its basis.

    Args:
        number: [1..32] The article.
        item: [1..9 for Art. 28, 1..7 for Art. 29] The item.

    Raises:
        InvalidValueError: There is no such article or item.

    Examples:
        >>> article(26).words
        'Results are entered within 20 working days and made public'
    """
    try:
        return _ARTICLES[number, item]
    except (KeyError, TypeError):  # a list cannot be looked up
        raise invalid(
            "no-such-provision",
            instrument=DISTRICT_OPINION.key,
            number=number,
            item=item,
        ) from None


CIVIL_CODE_201 = Provision(
    _CIVIL_CODE, 201, None, "The first day of a period is not counted"
)
CIVIL_CODE_202 = Provision(
    _CIVIL_CODE, 202, None, "A month without the day of the start ends on its last day"
)
CIVIL_CODE_203 = Provision(
    _CIVIL_CODE, 203, None, "A period that ends on a day off ends on the next workday"
)
PENALTY_LAW_42 = Provision(
    _PENALTY_LAW, 42, None, "At least two certified officers make an inspection"
)
PENALTY_LAW_43 = Provision(
    _PENALTY_LAW, 43, None, "Officers with an interest or a relation recuse themselves"
)
PENALTY_LAW_85 = Provision(
    _PENALTY_LAW, 85, None, "Which periods are counted in working days"
)
CIVIL_SERVANT_LAW_76 = Provision(
    _CIVIL_SERVANT_LAW, 76, None, "Grounds of recusal of civil servants"
)
CIVIL_SERVANT_LAW_77 = Provision(
    _CIVIL_SERVANT_LAW, 77, None, "Recusal is declared, requested or ordered"
)
CAPS_2024_54 = Provision(
    _CAPS, 0, None, "Yearly caps on the visits to one subject, across departments"
)
GB_32100 = Provision(_GB_32100, 0, None, "Check character of a social credit code")

PROVISIONS: tuple[Provision, ...] = (
    *_ARTICLES.values(),
    *(one for one in [*globals().values()] if isinstance(one, Provision)),
)
"""Every provision that the library knows, the district's articles first."""


PLANNED: dict[Provision, str] = {}
"""Provisions that no function carries out yet, and the modules that will."""

NOT_FORMALISED: dict[Provision, str] = {
    article(23): (
        "Which platform departments use is a matter of organisation; any "
        "platform can embed the library."
    )
}
"""Provisions that cannot be computed, with the reason."""


@attrs.frozen(kw_only=True)
class RuleProfile:
    """
    The numbers of the law (规则参数), by default those of the district.

    Another district makes a value of its own; no code changes.

    Attributes:
        name: Whose rules these are.
        min_officers: [>= 1] Least number of certified officers in a team
            (Administrative Penalty Law, Art. 42).
        publication_workdays: [>= 1] Working days within which a result must be
            entered and public (District Opinion, Art. 26).
        joint_plan_month, joint_plan_day: Day of the year by which the joint plan
            must be made (District Opinion, Art. 14: end of March).

    Raises:
        InvalidInput: Numbers are not whole, or out of range; the name is no text.
    """

    name: str = DISTRICT_OPINION.title
    min_officers: int = 2
    publication_workdays: int = 20
    joint_plan_month: int = 3
    joint_plan_day: int = 31

    def __attrs_post_init__(self) -> None:
        """Reject numbers that no law could mean."""
        faults = Faults()
        if not isinstance(self.name, str):
            faults.add("text-type", column="name", got=self.name)
        for field in attrs.fields(RuleProfile)[1:]:
            name, number = field.name, getattr(self, field.name)
            if type(number) is not int:
                faults.add("count-type", column=name, got=number)
            elif number < 1:
                faults.add("count-range", column=name, got=number, least=1)
            elif number > _MOST:
                faults.add("count-most", column=name, got=number, most=_MOST)
        faults.raise_any()
        try:
            self.joint_plan_due(2023)  # a year without 29 February
        except ValueError:
            month, day = self.joint_plan_month, self.joint_plan_day
            code, column = "rule-day", "joint_plan_day"
            raise invalid(code, column=column, month=month, day=day) from None

    def joint_plan_due(self, year: int, /) -> dt.date:
        """
        Return the last day for the joint plan of *year*, worked or not.

        Raises:
            InvalidValueError: *year* is no year.

        Examples:
            >>> RuleProfile().joint_plan_due(2026)
            datetime.date(2026, 3, 31)
        """
        try:
            return dt.date(year, self.joint_plan_month, self.joint_plan_day)
        except (TypeError, ValueError, OverflowError):
            raise invalid(
                "number-range",
                name="year",
                got=year,
                least=dt.MINYEAR,
                most=dt.MAXYEAR,
            ) from None
