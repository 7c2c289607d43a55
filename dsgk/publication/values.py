"""Where things are public, and under which law a result is not."""

from collections.abc import Iterable
from typing import Any, Self

import attrs
import numpy.typing as npt

from dsgk.errors import InvalidTypeError, shown
from dsgk.fields import Coded, check_type
from dsgk.identifiers import check_label
from dsgk.ledger import Ledger
from dsgk.sources import article, cites


__all__ = [
    "Channel",
    "Exemption",
    "ExemptionReason",
    "PublicationKind",
    "exempt",
    "read_channels",
]

_DISCLOSURE = "《政府信息公开条例》"


@cites(article(26))
class Channel(Coded):
    """
    Where the public reads it (公示渠道).

    Cites:
        District Opinion, Art. 26 (国家企业信用信息公示系统、信用中国（天津）网站和天津
        市市场主体信用信息公示系统等渠道).
    """

    NATIONAL = ("national-credit-system", "国家企业信用信息公示系统")
    CREDIT_CHINA = (
        "credit-china",
        "信用中国（天津）网站",
        "信用中国（天津）",
        "信用中国",
    )
    CITY = ("city-credit-system", "天津市市场主体信用信息公示系统")
    GOVERNMENT_SITE = ("government-site", "政府网站", "部门网站", "门户网站")


def read_channels(values: Iterable[Channel | str], /) -> tuple[Channel, ...]:
    """
    Read where something is public: one channel or more.

    Raises:
        InvalidTypeError: There are none, or it is a text alone.
        InvalidValueError: One is none of the list.
    """
    given: object = values
    channels: tuple[Any, ...] = ()
    if isinstance(given, Iterable) and not isinstance(given, (str, bytes)):
        channels = tuple(given)
    if not channels:
        msg = (
            f"'channels' must be one or more channels (got {shown(values)}). Write "
            "[Channel.NATIONAL]."
        )
        raise InvalidTypeError(msg, code="publication-channels")
    return tuple(Channel.read(channel, name="channels") for channel in channels)


class PublicationKind(Coded):
    """What is made public (公示内容)."""

    PLAN = ("plan", "年度抽查计划", "抽查计划")
    ITEM_LIST = ("item-list", "随机抽查事项清单", "抽查事项清单")
    ANNOUNCEMENT = ("announcement", "抽取公告")
    DRAW_RECORD = ("draw-record", "抽取记录", "抽取结果")
    RESULTS = ("results", "抽查检查结果", "检查结果")


class ExemptionReason(Coded):
    """
    Why the law keeps a result from being public (不予公示理由).

    Examples:
        >>> ExemptionReason.read("商业秘密").basis
        '《政府信息公开条例》第十五条'
    """

    STATE_SECRET = ("state-secret", "国家秘密", "依法确定为国家秘密")
    FORBIDDEN = ("forbidden-by-law", "法律、行政法规禁止公开", "法律法规禁止公开")
    SAFETY = (
        "public-safety",
        "公开后可能危及国家安全、公共安全、经济安全、社会稳定",
        "公共安全",
        "危及国家安全",
    )
    TRADE_SECRET = ("trade-secret", "商业秘密", "涉及商业秘密")
    PRIVACY = ("privacy", "个人隐私", "涉及个人隐私")
    CASE_FILE = ("case-file", "行政执法案卷信息", "执法案卷", "行政执法案卷")

    @property
    def basis(self) -> str:
        """The provision on which it usually rests."""
        if self in {ExemptionReason.TRADE_SECRET, ExemptionReason.PRIVACY}:
            return f"{_DISCLOSURE}第十五条"
        if self is ExemptionReason.CASE_FILE:
            return f"{_DISCLOSURE}第十六条"
        return f"{_DISCLOSURE}第十四条"


def _reason(value: object) -> ExemptionReason:
    return ExemptionReason.read(value, name="reason")


@cites(article(26))
@attrs.frozen
class Exemption:
    """
    Why one result is not made public, with its legal basis (不予公示).

    Attributes:
        reason: The reason.
        basis: The provision; by default the one on which the reason usually
            rests.

    Raises:
        InvalidTypeError, InvalidValueError: A value is none of its field.

    Cites:
        District Opinion, Art. 26 (除依法依规不适合公开的情形外).

    Examples:
        >>> exemption = Exemption("法律、行政法规禁止公开", "《统计法》第二十八条")
        >>> exemption.text
        'forbidden-by-law: 《统计法》第二十八条'
        >>> Exemption.read(exemption.text) == exemption
        True
    """

    reason: ExemptionReason = attrs.field(converter=_reason)
    basis: str = ""

    def __attrs_post_init__(self) -> None:
        """Fill in the usual basis."""
        basis: object = self.basis
        if isinstance(basis, str) and not basis:
            object.__setattr__(self, "basis", self.reason.basis)
        check_label(self.basis, name="basis")

    @property
    def text(self) -> str:
        """The cell of a ledger that keeps it, reason and basis."""
        return f"{self.reason.code}: {self.basis}"

    @classmethod
    def read(cls, text: object, /, *, name: str = "exemption") -> Self:
        """
        Read what `text` gives, or one of the texts of a reason.

        Raises:
            InvalidTypeError: It is no text.
            InvalidValueError: It starts with no known reason.
        """
        if not isinstance(text, str):
            msg = f"{name!r} must be text (got {shown(text)}). Write 'trade-secret: …'."
            raise InvalidTypeError(msg, code="exemption-type", params={"name": name})
        reason, _, basis = text.partition(":")
        return cls(ExemptionReason.read(reason, name=name), basis.strip())


@cites(article(26))
def exempt(
    ledger: Ledger, rows: list[int] | npt.NDArray[Any], exemption: Exemption, /
) -> Ledger:
    """
    The ledger with an exemption of some results from publication.

    Args:
        ledger: The ledger.
        rows: Numbers of rows, or which of them, as ``ledger.record`` takes.
        exemption: Why; its reason and basis stay in the ledger.

    Raises:
        InvalidTypeError: *exemption* is none, or *ledger*.
        InvalidInput: A result is public already, or exempt for another reason.

    Cites:
        District Opinion, Art. 26.
    """
    check_type(ledger, Ledger, name="ledger")
    if not isinstance(exemption, Exemption):
        msg = (
            f"'exemption' must be an Exemption (got {shown(exemption)}). Write "
            "Exemption('商业秘密')."
        )
        raise InvalidTypeError(msg, code="exemption-type")
    return ledger.record(rows, exemption=exemption.text)
