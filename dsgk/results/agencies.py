"""What qualified agencies concluded; an agency is never an officer (专业机构)."""

import datetime as dt
from collections.abc import Iterable

import attrs

from dsgk.errors import Fault, InvalidTypeError, shown
from dsgk.fields import Coded, check_day, check_type, several
from dsgk.identifiers import check_label
from dsgk.inspectors import InspectorRegister
from dsgk.items import ItemList
from dsgk.sources import article, cites


__all__ = ["AgencyConclusion", "AgencyWork", "check_agencies"]

_ART_21 = str(article(21))


class AgencyWork(Coded):
    """What an agency does, or did on its own (委托事项)."""

    TESTING = ("testing", "检验检测", "检验", "检测")
    AUDIT = ("audit", "财务审计", "审计")
    ADVICE = ("advice", "调查咨询", "咨询", "调查")
    APPRAISAL = ("appraisal", "鉴定结论", "鉴定")


def _work(value: object) -> AgencyWork:
    return AgencyWork.read(value, name="work")


def _concluded(value: dt.date) -> dt.date:
    return check_day(value, name="concluded_on")


@cites(article(21))
@attrs.frozen(kw_only=True)
class AgencyConclusion:
    """
    What a qualified agency concluded, used in a check (专业机构结论).

    It supports a finding; who makes the finding are the officers.

    Attributes:
        agency: Name of the agency.
        qualification: Its certificate, such as a number of CMA.
        work: What it did.
        item: The item for which it was used.
        concluded_on: Day of its report.
        document: Number or title of its report.
        entrusted: Whether it was entrusted; False for a conclusion that
            existed and was used (依法采用).

    Raises:
        InvalidTypeError, InvalidValueError: A text is missing or not valid.

    Cites:
        District Opinion, Art. 21 (可以委托有资质的机构开展检验检测、财务审计、调查咨询
        等工作，或依法采用相关机构作出的鉴定结论).
    """

    agency: str
    qualification: str
    work: AgencyWork = attrs.field(converter=_work)
    item: str
    concluded_on: dt.date = attrs.field(converter=_concluded)
    document: str
    entrusted: bool = True

    def __attrs_post_init__(self) -> None:
        """Refuse an agency without a name, a qualification or a report."""
        for field in ("agency", "qualification", "item", "document"):
            check_label(getattr(self, field), name=field)
        if not isinstance(self.entrusted, bool):
            msg = f"'entrusted' must be True or False (got {shown(self.entrusted)})."
            raise InvalidTypeError(msg, code="agency-entrusted")


@cites(article(21))
def check_agencies(
    conclusions: Iterable[AgencyConclusion],
    /,
    *,
    items: ItemList,
    inspectors: InspectorRegister,
) -> tuple[Fault, ...]:
    """
    Say what keeps conclusions of agencies from being used.

    Args:
        conclusions: What is to be used.
        items: The item list, which says where agencies may take part.
        inspectors: Whoever is an officer there is no agency.

    Returns:
        Faults with their positions; empty when all may be used.

    Raises:
        InvalidTypeError, InvalidInput: An argument is of another type.

    Cites:
        District Opinion, Art. 21.
    """
    check_type(items, ItemList, name="items")
    check_type(inspectors, InspectorRegister, name="inspectors")
    faults = []
    given = several(conclusions, AgencyConclusion, name="conclusions")
    for row, conclusion in enumerate(given):
        found = items.find(conclusion.item)
        if not any(item.by_agency for item in found):
            state = "does not let agencies take part" if found else "does not have it"
            msg = (
                f"'item' must be one for which agencies may be entrusted (got "
                f"{conclusion.item!r}, of which the item list says that it {state}). "
                "Leave the conclusion out, or have the list changed."
            )
            faults.append(_fault("agency-item", msg, row, conclusion))
        if conclusion.agency in inspectors and inspectors[conclusion.agency].is_officer:
            msg = (
                f"'agency' must not be an officer (got {conclusion.agency!r}, who "
                "stands in the register as one). An officer makes the check, an "
                "agency supports it: enter its people as experts."
            )
            faults.append(_fault("agency-officer", msg, row, conclusion))
    return tuple(faults)


def _fault(code: str, msg: str, row: int, conclusion: AgencyConclusion) -> Fault:
    params = {"agency": conclusion.agency, "item": conclusion.item}
    return Fault.told(code, msg, row=row, params=params, provision=_ART_21)
