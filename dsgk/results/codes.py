"""The closed list of results (抽查检查结果), in the wording of the field."""

from collections.abc import Collection

from dsgk.errors import InvalidTypeError, shown
from dsgk.fields import Coded


__all__ = ["ResultCode", "result_codes"]


class ResultCode(Coded):
    """
    One result of a check; a check may have several (检查结果).

    Examples:
        >>> ResultCode.read("通过登记的住所(经营场所)无法联系").code
        'unreachable'
        >>> [code.label for code in ResultCode if code.may_be_replaced][-1]
        '迁出'
    """

    NO_PROBLEM = ("no-problem", "未发现问题", "正常")
    NOT_DISCLOSED = (
        "not-disclosed",
        "未按规定公示应当公示的信息",
        "未按规定公示其他应当公示的信息",
        "未按规定公示年度报告",
    )
    FALSE_DISCLOSURE = (
        "false-disclosure",
        "公示信息隐瞒真实情况弄虚作假",
        "公示信息隐瞒真实情况、弄虚作假",
    )
    UNREACHABLE = (
        "unreachable",
        "通过登记的住所（经营场所）无法联系",
        "通过登记的住所无法联系",
        "通过登记的住所或者经营场所无法联系",
        "通过登记的住所或经营场所无法联系",
        "无法联系",
    )
    CORRECTED = ("corrected", "发现问题已责令改正", "发现问题经责令已改正")
    PENDING = ("pending", "发现问题待后续处理", "发现问题待后续处置")
    NOT_COOPERATING = (
        "not-cooperating",
        "不配合检查情节严重",
        "不配合检查，情节严重",
        "不予配合情节严重",
        "拒不配合",
    )
    NO_ACTIVITY = ("no-activity", "未发现开展本次抽查涉及的经营活动")
    CLOSED = ("closed", "已关闭停业或正在组织清算", "已关闭停业", "正在组织清算")
    MARKET_RULES = ("market-rules", "违反工商行政管理相关规定")
    OTHER_MARKET_RULES = (
        "other-market-rules",
        "违反其他工商行政管理规定行为",
        "违反其他工商行政管理规定",
    )
    FOOD_DRUG_RULES = ("food-drug-rules", "违反食品药品管理相关规定")
    QUALITY_RULES = ("quality-rules", "违反质量技术监督相关规定")
    OTHER_RULES = ("other-rules", "违反其他部门相关规定")
    STRUCK_OFF = ("struck-off", "注销", "已注销")
    REVOKED = ("revoked", "被吊销", "吊销", "已吊销")
    ANNULLED = ("annulled", "被撤销", "撤销", "已撤销")
    MOVED_OUT = ("moved-out", "迁出", "已迁出")

    @property
    def is_problem(self) -> bool:
        """Whether it states a violation, to be routed under Art. 22."""
        return self in _PROBLEMS

    @property
    def prevents_inspection(self) -> bool:
        """Whether the check could not be made for reasons of the subject."""
        return self in _GONE or self is ResultCode.NOT_COOPERATING

    @property
    def may_be_replaced(self) -> bool:
        """
        Whether a substitute may stand in.

        Who refused is not replaced: that would reward refusing.
        """
        return self in _GONE or self is ResultCode.NO_ACTIVITY

    @property
    def concerns_subject(self) -> bool:
        """Whether it is the same fact for all items of a visit."""
        return self.prevents_inspection


_GONE = frozenset(
    {
        ResultCode.UNREACHABLE,
        ResultCode.CLOSED,
        ResultCode.STRUCK_OFF,
        ResultCode.REVOKED,
        ResultCode.ANNULLED,
        ResultCode.MOVED_OUT,
    }
)
_PROBLEMS = frozenset(
    {
        ResultCode.NOT_DISCLOSED,
        ResultCode.FALSE_DISCLOSURE,
        ResultCode.UNREACHABLE,
        ResultCode.CORRECTED,
        ResultCode.PENDING,
        ResultCode.NOT_COOPERATING,
        ResultCode.MARKET_RULES,
        ResultCode.OTHER_MARKET_RULES,
        ResultCode.FOOD_DRUG_RULES,
        ResultCode.QUALITY_RULES,
        ResultCode.OTHER_RULES,
    }
)


def result_codes(
    values: Collection[ResultCode | str], /, *, name: str
) -> frozenset[ResultCode]:
    """
    Read a set of results, one or more.

    Args:
        values: Members, codes or texts.
        name: What the message calls it.

    Raises:
        InvalidTypeError: It is a text alone, or no set.
        InvalidValueError: One is none of the list.

    Examples:
        >>> sorted(code.code for code in result_codes({"注销", "closed"}, name="when"))
        ['closed', 'struck-off']
    """
    given: object = values
    if isinstance(given, str) or not isinstance(given, Collection) or not len(given):
        msg = (
            f"{name!r} must be a set of results (got {shown(values)}). "
            "Write {'corrected'}."
        )
        raise InvalidTypeError(msg, code="results-set", params={"name": name})
    return frozenset(ResultCode.read(value, name=name) for value in given)
